package desk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// A received event, as the event-stream format of the HTML standard has it.
type received struct {
	id     string
	change *schemas.Change // nil for an event without data
}

// A client reads an event stream.
type client struct {
	resp  *http.Response
	lines *bufio.Reader
}

func (f *fixture) follow(t testing.TB, ctx context.Context, path string, lastEventID string) *client {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", f.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		body, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s: %d %s", path, resp.StatusCode, body)
	}
	return &client{resp, bufio.NewReader(resp.Body)}
}

// nextID returns the id of the next event, without reading the change.
func (c *client) nextID() (string, error) {
	for {
		line, err := c.lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
		if id, ok := bytes.CutPrefix(line, []byte("id: ")); ok {
			return string(bytes.TrimSpace(id)), nil
		}
	}
}

// next returns the next event that has an id.
func (c *client) next() (received, error) {
	var e received
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			return e, err
		}
		switch name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); {
		case line == "\n" && e.id != "":
			return e, nil
		case name == "id":
			e.id = value
		case name == "data":
			e.change = &schemas.Change{}
			if err := json.Unmarshal([]byte(value), e.change); err != nil {
				return e, err
			}
		}
	}
}

// TestSnapshotThenFollow: a reader takes pages of a list, follows from its
// sequence, loses its connection again and again, and at the end has exactly what
// the store has, with no event twice; all while the store is written to.
func TestSnapshotThenFollow(t *testing.T) {
	t.Parallel()
	for _, running := range []bool{false, true} {
		t.Run(fmt.Sprint("hub=", running), func(t *testing.T) {
			records := sinktest.Many(150)
			changes := sinktest.Changes(records)
			f := newFixture(t, records[:60])
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var wait sync.WaitGroup
			defer wait.Wait()
			defer cancel()
			if running {
				wait.Go(func() {
					if err := f.desk.Run(ctx); !errors.Is(err, context.Canceled) {
						t.Errorf("Run = %v", err)
					}
				})
			}
			written := make(chan struct{})
			wait.Go(func() {
				defer close(written)
				for i := 60; i < len(records); i += 3 {
					part := records[i:min(i+3, len(records))]
					for _, c := range sinktest.Changes(part) {
						f.wire.add(c) // the bus has it before the store does
					}
					if err := f.store.Write(ctx, part); err != nil && ctx.Err() == nil {
						t.Error(err)
					}
					time.Sleep(time.Millisecond)
				}
			})

			page := f.claims(t, "limit=500&tier=any")
			held := map[string]int{}
			for _, c := range page.Items {
				held[c.Record.ID] = c.Revision
			}
			at, reconnects := page.Sequence, 0
			for at < uint64(len(changes)) {
				c := f.follow(t, ctx, "/api/v1/stream?tier=any&since="+strconv.FormatUint(page.Sequence, 10), lastID(reconnects, at))
				for range 7 { // then the line breaks
					e, err := c.next()
					if err != nil {
						t.Fatal(err)
					}
					seq, err := strconv.ParseUint(e.id, 10, 64)
					if err != nil || seq != at+1 {
						t.Fatalf("event %s after %d", e.id, at)
					}
					at = seq
					if e.change.ID != changes[at-1].ID {
						t.Fatalf("event %d is %s, want %s", at, e.change.ID, changes[at-1].ID)
					}
					held[e.change.Claim.ID] = e.change.Revision
					if at == uint64(len(changes)) {
						break
					}
				}
				c.resp.Body.Close()
				reconnects++
			}
			<-written
			for _, c := range f.claims(t, "limit=500&tier=any").Items {
				if held[c.Record.ID] != c.Revision {
					t.Errorf("claim %s: revision %d, the store has %d", c.Record.ID, held[c.Record.ID], c.Revision)
				}
			}
			if reconnects < 10 {
				t.Errorf("only %d reconnects", reconnects)
			}
		})
	}
}

// TestRestarts: fifty restarts of the desk, and clients that break off in between,
// lose no event and double none.
func TestRestarts(t *testing.T) {
	records := sinktest.Many(200)
	changes := sinktest.Changes(records)
	f := newFixture(t, nil)
	ctx := t.Context()
	at, restarts := uint64(0), 0
	for ; restarts < 50 || at < uint64(len(changes)); restarts++ {
		d, err := New(Config{Store: f.store, Follow: f.wire.follow, Bounds: f.wire.bounds}) // nothing of the one before is left
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(d)
		run, stop := context.WithCancel(ctx)
		var wait sync.WaitGroup
		wait.Go(func() { _ = d.Run(run) })
		for range 8 { // the stream goes on while the desk is up
			if n := len(f.wire.records); n < len(changes) {
				f.wire.add(changes[n])
			}
		}
		for range 2 { // the client breaks off as well
			c := (&fixture{Server: srv}).follow(t, ctx, "/api/v1/stream?tier=any&since=0", lastID(int(at), at))
			for range 4 {
				if at == uint64(len(f.wire.records)) {
					break
				}
				e, err := c.next()
				if err != nil {
					t.Fatal(err)
				}
				if e.id != strconv.FormatUint(at+1, 10) || e.change.ID != changes[at].ID {
					t.Fatalf("after %d restarts event %s is %s, want %d %s", restarts, e.id, e.change.ID, at+1, changes[at].ID)
				}
				at++
			}
			c.resp.Body.Close()
		}
		d.CloseStreams()
		stop()
		wait.Wait()
		srv.Close()
	}
	if at != uint64(len(changes)) {
		t.Errorf("%d events in %d restarts, want %d", at, restarts, len(changes))
	}
}

func lastID(reconnects int, at uint64) string {
	if reconnects == 0 {
		return ""
	}
	return strconv.FormatUint(at, 10)
}

// TestStreamFilters: only what the filters select is sent, but the id moves on.
func TestStreamFilters(t *testing.T) {
	records := sinktest.Records()
	f := newFixture(t, records, func(c *Config) { c.Ping = 20 * time.Millisecond })
	c := f.follow(t, t.Context(), "/api/v1/stream?since=0&country=PS&modality=required", "")
	defer c.resp.Body.Close()
	want := sink.Query{Countries: []string{"PS"}, Modalities: []schemas.Modality{schemas.Required}, Tiers: []schemas.Tier{schemas.Reportable}}
	for i, ch := range sinktest.Changes(records) {
		if !want.Match(ch) {
			continue
		}
		e, err := c.next()
		for err == nil && e.change == nil {
			e, err = c.next()
		}
		if err != nil || e.id != strconv.Itoa(i+1) || e.change.ID != ch.ID {
			t.Fatalf("event %+v, %v, want %d %s", e, err, i+1, ch.ID)
		}
	}
	for {
		e, err := c.next()
		if err != nil || e.change != nil {
			t.Fatalf("event %+v, %v", e, err)
		}
		if e.id == strconv.Itoa(len(sinktest.Changes(records))) {
			break
		}
	}
}

// TestStreamNewOnly: without a place to begin, only what comes is sent.
func TestStreamNewOnly(t *testing.T) {
	records := sinktest.Records()
	f := newFixture(t, records)
	c := f.follow(t, t.Context(), "/api/v1/stream?tier=any", "")
	defer c.resp.Body.Close()
	extra := *sinktest.Changes(records)[0]
	extra.ID = "x_new"
	f.wire.add(&extra)
	if e, err := c.next(); err != nil || e.change.ID != "x_new" {
		t.Errorf("event %+v, %v, want the new one", e, err)
	}
}

func TestStreamGone(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	f.wire.drop(5) // 6 is the oldest
	for _, tt := range []struct {
		since string
		want  int
	}{{"0", 200}, {"5", 200}, {"6", 200}, {"4", 410}, {"1", 410}, {"1000", 410}} {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "GET", f.URL+"/api/v1/stream?since="+tt.since, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != tt.want {
			t.Errorf("since=%s: %d, want %d", tt.since, resp.StatusCode, tt.want)
		}
		if resp.StatusCode == 410 {
			var p problem
			if err := json.NewDecoder(resp.Body).Decode(&p); err != nil || p.First != 6 || p.Restart != "/api/v1/claims" {
				t.Errorf("since=%s: %+v, %v; want the way out", tt.since, p, err)
			}
		}
		cancel()
		resp.Body.Close()
	}
}

// TestStreamSlow: a client that reads nothing is cut off, and one beside it is not held up.
func TestStreamSlow(t *testing.T) {
	t.Parallel()
	records := sinktest.Hostile(strings.Repeat("long ", 4_000)) // a change of some 200 KB
	f := newFixture(t, records, func(c *Config) { c.WriteTimeout = 6 * time.Second })
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() { _ = f.desk.Run(ctx) })
	defer wait.Wait()
	defer cancel()

	slow, err := net.Dial("tcp", f.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	if _, err := fmt.Fprintf(slow, "GET /api/v1/stream?tier=any&since=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	fast := f.follow(t, ctx, "/api/v1/stream?tier=any&since=0", "")
	defer fast.resp.Body.Close()
	const n = 200 // more than the buffers of two sockets hold
	for i := range n {
		c := *records[1].Change
		c.ID = fmt.Sprint("x", i)
		f.wire.add(&c)
	}
	for i := range n + 1 {
		if id, err := fast.nextID(); err != nil || id != strconv.Itoa(i+1) {
			t.Fatalf("the client beside it: event %d is %q, %v", i+1, id, err)
		}
	}
	deadline := time.Now().Add(2 * time.Minute)
	for f.desk.streams.Load() > 1 {
		if time.Now().After(deadline) {
			t.Fatal("the slow client is still served")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestStreamLimit: clients beyond the limit are told to come back.
func TestStreamLimit(t *testing.T) {
	f := newFixture(t, sinktest.Records(), func(c *Config) { c.MaxStreams = 1 })
	c := f.follow(t, t.Context(), "/api/v1/stream", "")
	if resp, _ := f.get(t, "/api/v1/stream"); resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("second client: %d", resp.StatusCode)
	}
	f.desk.CloseStreams()
	if _, err := c.next(); !errors.Is(err, io.EOF) {
		t.Errorf("after CloseStreams: %v, want the end", err)
	}
	c.resp.Body.Close()
}

// TestHub drops what is old and says so.
func TestHub(t *testing.T) {
	h := newHub()
	if _, _, ok := h.after(7); ok {
		t.Error("a hub that does not run has events")
	}
	h.reset(10)
	for i := range hubEvents + 100 {
		h.add(event{sequence: uint64(11 + i), frame: []byte("{}")})
	}
	if h.covers(109) || !h.covers(110) {
		t.Errorf("the hub keeps events after %d, want 110", h.base)
	}
	if got, _, ok := h.after(110); !ok || len(got) != 64 || got[0].sequence != 111 {
		t.Errorf("after(110) = %d events, %t", len(got), ok)
	}
	big := make([]byte, hubBytes/2+1)
	h.add(event{sequence: 10_000, frame: big})
	h.add(event{sequence: 10_001, frame: big})
	if len(h.recent) != 1 || h.base != 10_000 {
		t.Errorf("%d events after %d are kept, want one after 10000", len(h.recent), h.base)
	}
}
