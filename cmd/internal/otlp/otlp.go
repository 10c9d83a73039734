// Package otlp sends spans to an OpenTelemetry collector: OTLP over HTTP with JSON
// (opentelemetry.io/docs/specs/otlp). It is 200 lines in place of a dozen modules,
// as it needs neither sampling at the start of a trace nor context propagation:
// the ids of spans come from the records.
package otlp

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
)

// Config configures an [Exporter]. Zero fields get the default given here.
type Config struct {
	Endpoint string        // required: "http://collector:4318"; /v1/traces is added if it has no path
	Service  string        // service.name; default "claimwire"
	Version  string        // service.version
	Every    time.Duration // longest time a span waits; default 1s
	Logger   *slog.Logger  // default: discard
}

// Sizes of what waits. A collector that is away costs spans, not memory.
const (
	queueSpans = 8192
	batchSpans = 512
)

// An Exporter sends what it is given in the background.
type Exporter struct {
	cfg     Config
	target  string
	spans   chan bus.Span
	client  *http.Client
	dropped atomic.Int64
}

// New returns an exporter. Nothing is sent before [Exporter.Run].
func New(cfg Config) (*Exporter, error) {
	u, err := url.Parse(cfg.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("otlp: the endpoint is no http or https URL")
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/v1/traces"
	}
	if cfg.Service == "" {
		cfg.Service = "claimwire"
	}
	if cfg.Every == 0 {
		cfg.Every = time.Second
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Exporter{cfg: cfg, target: u.String(), spans: make(chan bus.Span, queueSpans), client: &http.Client{}}, nil
}

// Add takes a span, or drops it if too many wait. It does not block.
func (e *Exporter) Add(s bus.Span) {
	select {
	case e.spans <- s:
	default:
		e.dropped.Add(1)
	}
}

// Dropped returns how many spans were not sent.
func (e *Exporter) Dropped() int64 { return e.dropped.Load() }

// Run sends spans until ctx ends, and then those that wait.
func (e *Exporter) Run(ctx context.Context) error {
	tick := time.NewTicker(e.cfg.Every)
	defer tick.Stop()
	var batch []bus.Span
	for {
		select {
		case s := <-e.spans:
			if batch = append(batch, s); len(batch) < batchSpans {
				continue
			}
		case <-tick.C:
		case <-ctx.Done():
			for more := true; more; {
				select {
				case s := <-e.spans:
					batch = append(batch, s)
				default:
					more = false
				}
			}
			e.flush(ctx, batch)
			return nil
		}
		e.flush(ctx, batch)
		batch = batch[:0]
	}
}

// flush sends a batch once. Traces are a help for people: what a collector does
// not take is dropped and counted.
func (e *Exporter) flush(ctx context.Context, batch []bus.Span) {
	if len(batch) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second) // the end of the program does not break it off
	defer cancel()
	if err := e.send(ctx, batch); err != nil {
		if before := e.dropped.Add(int64(len(batch))) - int64(len(batch)); before == 0 {
			e.cfg.Logger.Warn("traces are lost", "err", err)
		}
	}
}

func (e *Exporter) send(ctx context.Context, batch []bus.Span) error {
	body, err := json.Marshal(e.document(batch))
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.target, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := e.client.Do(req)
	if err != nil {
		if u := new(url.Error); errors.As(err, &u) { // its text has the address, which may hold a key
			err = u.Err
		}
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("collector answers %s", resp.Status)
	}
	return nil
}

// The document, by the names of the protocol's JSON form.
type (
	document struct {
		ResourceSpans []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource struct {
			Attributes []attribute `json:"attributes"`
		} `json:"resource"`
		ScopeSpans []scopeSpans `json:"scopeSpans"`
	}
	scopeSpans struct {
		Scope struct {
			Name string `json:"name"`
		} `json:"scope"`
		Spans []span `json:"spans"`
	}
	span struct {
		TraceID    string      `json:"traceId"`
		SpanID     string      `json:"spanId"`
		ParentID   string      `json:"parentSpanId,omitempty"`
		Name       string      `json:"name"`
		Kind       int         `json:"kind"` // 4 producer, 5 consumer
		Start      string      `json:"startTimeUnixNano"`
		End        string      `json:"endTimeUnixNano"`
		Attributes []attribute `json:"attributes"`
		Status     *status     `json:"status,omitempty"`
	}
	status struct {
		Code    int    `json:"code"` // 2 error
		Message string `json:"message"`
	}
	attribute struct {
		Key   string `json:"key"`
		Value struct {
			String string `json:"stringValue"`
		} `json:"value"`
	}
)

func attr(key, value string) (a attribute) {
	a.Key, a.Value.String = key, value
	return a
}

func (e *Exporter) document(batch []bus.Span) document {
	var r resourceSpans
	r.Resource.Attributes = []attribute{attr("service.name", e.cfg.Service), attr("service.version", e.cfg.Version)}
	var scope scopeSpans
	scope.Scope.Name = "github.com/claimwire/claimwire"
	for i := range batch {
		scope.Spans = append(scope.Spans, encode(&batch[i]))
	}
	r.ScopeSpans = []scopeSpans{scope}
	return document{[]resourceSpans{r}}
}

func encode(s *bus.Span) span {
	out := span{
		TraceID: hex.EncodeToString(s.Trace[:]), SpanID: hex.EncodeToString(s.ID[:]), Name: s.Name, Kind: 5,
		Start: strconv.FormatInt(s.Start.UnixNano(), 10), End: strconv.FormatInt(s.End.UnixNano(), 10),
		// The semantic conventions of messaging.
		Attributes: []attribute{
			attr("messaging.system", "nats"), attr("messaging.destination.name", s.Stream), attr("messaging.message.id", s.Record),
			attr("claimwire.about", s.About),
		},
	}
	if strings.HasPrefix(s.Name, "publish ") {
		out.Kind = 4
	}
	if s.Parent != ([8]byte{}) {
		out.ParentID = hex.EncodeToString(s.Parent[:])
	}
	if s.Failed != "" {
		out.Status = &status{2, s.Failed}
	}
	return out
}
