package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/desk"
)

// A feedBook keeps the feeds that people added while the program ran, one address
// a line, so that they are followed after a restart too.
type feedBook struct {
	mu     sync.Mutex // owns the rest
	path   string
	listed []string // in the settings
	added  []string
	fresh  chan struct{} // says that there is a change
}

func (b *feedBook) open(path string) error {
	b.path, b.fresh = path, make(chan struct{}, 1)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("feeds that were added: %w", err)
	}
	b.added = strings.Fields(string(raw))
	return nil
}

// add writes a feed down.
func (b *feedBook) add(address string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	f, err := os.OpenFile(b.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(address + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	b.added = append(b.added, address)
	return nil
}

// list returns all feeds, each once.
func (b *feedBook) list() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Clone(b.listed)
	for _, u := range b.added {
		if !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// replace takes other feeds from the settings.
func (b *feedBook) replace(listed []string) {
	b.mu.Lock()
	b.listed = slices.Clone(listed)
	b.mu.Unlock()
	b.tell()
}

// tell wakes up who follows the feeds.
func (b *feedBook) tell() {
	select {
	case b.fresh <- struct{}{}:
	default: // it was told and has not looked yet
	}
}

// feedURLs are the addresses of all feeds.
func (in *instance) feedURLs() []string {
	return in.book.list()
}

// Feeds implements [desk.Feeds].
func (in *instance) Feeds(context.Context) ([]desk.Feed, error) {
	stats := in.fetcher.Stats().Feeds
	var out []desk.Feed
	for _, u := range in.feedURLs() {
		shown := fetcher.Redact(u)
		st := stats[shown]
		f := desk.Feed{URL: shown, Polls: st.Polls, Failed: st.Errors, Articles: st.Articles, Error: st.LastErr, Rhythm: int64(st.Rhythm.Seconds())}
		for reason, n := range st.Skips {
			f.Skipped += n
			f.Reasons = append(f.Reasons, sink.Count{Value: string(reason), Count: int(n)})
		}
		slices.SortFunc(f.Reasons, func(a, b sink.Count) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Value, b.Value)) })
		for _, s := range slices.Backward(st.Skipped) {
			f.Recent = append(f.Recent, desk.SkippedArticle{URL: s.URL, Reason: string(s.Reason), At: s.At.UTC().Format(time.RFC3339)})
		}
		out = append(out, f)
	}
	return out, nil
}

// AddFeed implements [desk.Feeds].
func (in *instance) AddFeed(_ context.Context, address string) error {
	if slices.Contains(in.feedURLs(), address) {
		return desk.ErrFollowed
	}
	if err := in.book.add(address); err != nil {
		in.log.Error("feed not added", "feed", fetcher.Redact(address), "err", err)
		return errors.New("the feed could not be written down; the log says why")
	}
	in.log.Info("feed added", "feed", fetcher.Redact(address))
	in.book.tell()
	return nil
}

// checkTimeout bounds a look at a feed: somebody waits for it.
const checkTimeout = 30 * time.Second

// CheckFeed implements [desk.Feeds].
func (in *instance) CheckFeed(ctx context.Context, address string) (*desk.FeedPreview, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	r, err := in.fetcher.Check(ctx, address)
	p := &desk.FeedPreview{
		Title: r.Title, Kind: string(r.Kind), Items: r.Items, Newest: r.Newest, Rhythm: int64(r.Rhythm.Seconds()), Robots: r.Robots,
		Advice: r.Advice, Others: r.Feeds, CanBeFed: err == nil && r.WithLink+r.WithContent > 0,
	}
	for _, it := range r.Preview {
		p.Titles = append(p.Titles, it.Title)
	}
	return p, err
}

// maxReasons bounds how many reasons for skipping an article are told apart.
const maxReasons = 50

// noteSkipped counts an article that was read and has no claims.
func (in *instance) noteSkipped(why string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.reasons) < maxReasons || in.reasons[why] > 0 {
		in.reasons[why]++
	}
}

// deadShown is how many dead letters the page of sources shows.
const deadShown = 20

// report says how the instance does, for the desk.
func (in *instance) report(ctx context.Context) (*desk.Health, error) {
	h := &desk.Health{}
	for _, c := range []struct{ stage, stream, durable string }{
		{"extractor", schemas.StreamArticles, extractorConsumer}, {"normalizer", schemas.StreamExtractions, in.partitioned(normalizerConsumer)},
	} {
		pending, unacked, err := in.bus.Lag(ctx, c.stream, c.durable)
		if err != nil {
			continue // the stage has not run yet
		}
		h.Stages = append(h.Stages, desk.StageHealth{Stage: c.stage, Stream: c.stream, Behind: pending + unacked})
	}
	last, err := in.bus.LastSequence(ctx, schemas.StreamClaims)
	if err != nil {
		return nil, err
	}
	for _, name := range sinkNames(in.settings) {
		if at := in.position(name, schemas.StreamClaims); in.sinks[name] != nil {
			h.Stages = append(h.Stages, desk.StageHealth{Stage: "sink " + name, Stream: schemas.StreamClaims, Behind: last - min(at, last)})
		}
	}
	in.mu.Lock()
	for why, n := range in.reasons {
		h.Skipped = append(h.Skipped, sink.Count{Value: why, Count: n})
	}
	in.mu.Unlock()
	slices.SortFunc(h.Skipped, func(a, b sink.Count) int { return strings.Compare(a.Value, b.Value) })
	if hooks := in.webhooks.Load(); hooks != nil {
		for _, st := range hooks.Status() {
			w := desk.WebhookHealth{Name: st.Name, Host: st.Host, Sent: st.Sent, Behind: last - min(st.Position, last), State: "ok", Problem: st.Error}
			switch {
			case st.Disabled != "":
				w.State, w.Problem = "disabled", st.Disabled
			case !st.Failing.IsZero():
				w.State = "failing"
			}
			h.Webhooks = append(h.Webhooks, w)
		}
	}
	return h, in.reportDead(ctx, h)
}

// reportDead adds the newest dead letters.
func (in *instance) reportDead(ctx context.Context, h *desk.Health) error {
	first, err := in.bus.FirstSequence(ctx, schemas.StreamDead)
	if err != nil {
		return err
	}
	last, err := in.bus.LastSequence(ctx, schemas.StreamDead)
	if err != nil || last < first {
		return err
	}
	if h.DeadAll, err = in.bus.Records(ctx, schemas.StreamDead); err != nil { // those between may have been dropped
		return err
	}
	for seq := last; seq >= first && seq > 0 && len(h.Dead) < deadShown && last-seq < 5*deadShown; seq-- {
		d, err := bus.Get[schemas.DeadLetter](ctx, in.bus, schemas.StreamDead, seq)
		if errors.Is(err, bus.ErrNotFound) {
			continue // purged or retried
		}
		if err != nil {
			return err
		}
		h.Dead = append(h.Dead, desk.Dead{At: d.At.UTC().Format(time.RFC3339), Stage: string(d.Stage), Reason: d.Reason, URL: d.URL, Attempts: d.Attempts})
	}
	return nil
}

// serveAdmin serves the admin address until stopAdmin, if there is one and it is not
// served yet.
func (in *instance) serveAdmin() {
	if in.admin == nil || in.stopAdmin != nil {
		return
	}
	srv, ended := in.adminServer(), make(chan struct{})
	go func() {
		defer close(ended)
		if err := srv.Serve(in.admin); !errors.Is(err, http.ErrServerClosed) {
			in.log.Error("the admin address is not served any more", "err", err)
		}
	}()
	in.stopAdmin = func() {
		srv.Close()
		<-ended
	}
}

// adminServer serves what only operators need, on an address of its own.
func (in *instance) adminServer() *http.Server {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", in.metricsHandler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := in.health(r.Context()); err != nil {
			http.Error(w, "not ready: "+err.Error(), http.StatusServiceUnavailable)
			return
		}
		if in.standing.Load() {
			fmt.Fprintln(w, "standing by: another process leads")
			return
		}
		fmt.Fprintln(w, "ready")
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
}

// dialPublic opens connections for webhooks, under the fetcher's rules.
func (in *instance) dialPublic() func(ctx context.Context, network, address string) (net.Conn, error) {
	return fetcher.Dialer(10*time.Second, in.settings.AllowLAN).DialContext
}
