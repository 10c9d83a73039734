package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/otlp"
	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/desk"
	"github.com/claimwire/claimwire/sink/store"
	"github.com/claimwire/claimwire/sink/webhook"
)

// An instance is the stages of one process and what they share.
//
//	fetcher ─ARTICLES─► extractor ─EXTRACTIONS─► normalizer ─CLAIMS─► sinks ─► desk
type instance struct {
	settings  *config.Settings
	log       *slog.Logger
	bus       *bus.Bus
	fetcher   *fetcher.Fetcher                   // nil if the stage does not run here
	hubs      net.Listener                       // where WebSub hubs reach the fetcher; nil if they do not
	archive   *warc.Writer                       // the fetcher's; nil if it keeps none
	reader    func() (*english.Extractor, error) // loads the models while the rest starts
	normal    *normalizer.Normalizer             // nil if the stage does not run here
	sinks     map[string]sink.Sink               // by name; empty if the stage does not run here
	claims    *store.Store                       // the claim store, also the desk's; nil if neither runs here
	desk      *desk.Desk                         // nil if the stage does not run here
	server    *http.Server                       // serves desk
	listener  net.Listener
	admin     net.Listener                   // of metrics, health and profiles; nil without an address of their own
	stopAdmin func()                         // ends what serves it
	operators net.Listener                   // of this machine's operators; nil with an external server
	webhooks  atomic.Pointer[webhook.Sender] // nil if there are none
	newHooks  chan string                    // file of the endpoints that replace them; nil without the sink stage
	book      feedBook                       // feeds that were added while it ran
	metrics   *prometheus.Registry
	pollEvery time.Duration // pause between polls; 0 adapts to the feed
	once      bool
	source    func(context.Context) error   // with once: brings the articles instead of the fetcher
	onClaims  func(id string, at time.Time) // with a benchmark: hears of each article whose changes are on the stream
	onStored  func()                        // with once: called when the sinks have everything; nil: nobody waits
	stats     *stageMetrics
	traces    *otlp.Exporter // nil if nobody wants them

	auditEvery  time.Duration                                   // pause between two audits; 0: [auditPause]
	patience    time.Duration                                   // with once: how long it waits for room on the disk; 0: [roomPatience]
	reload      func() (*config.Settings, *flag.FlagSet, error) // reads the settings again; nil: they do not change
	reloadEvery time.Duration
	hangup      <-chan os.Signal // asks for it at once; nil: nobody does
	flags       *flag.FlagSet    // what settings were read from, with reload
	fileState   stamp            // of the settings file when it was read
	hooksState  stamp            // of the file of webhooks

	leading *keeper    // nil if this process is no standby
	fenced  chan error // an error of the state that says that another process has it

	purges   gate                   // what must not come back
	erased   eraseResults           // what has been erased by this process
	writers  map[string]*sinkWriter // by name of the sink
	flushing sync.Mutex             // held while the outbox is emptied: changes go out in order
	copying  sync.Mutex             // held while snapshots come and go

	supervisor *supervisor // hears when it is ready; nil: nobody asked

	mu        sync.Mutex
	positions map[string]uint64 // by sink and stream: what has been stored; owned by mu

	reasons map[string]int // why articles were skipped; owned by mu

	articles, extracted, skipped, changes atomic.Int64
	ready                                 atomic.Bool
	standing                              atomic.Bool  // waits until no other process leads
	caughtUp                              atomic.Bool  // the state has what the consumers have acked
	paused                                atomic.Int64 // feeds that wait for room
}

// Names of the durable consumers.
const (
	extractorConsumer  = "extractor"
	normalizerConsumer = "normalizer"
	reviewConsumer     = "reviews"
)

// partitioned names the durable consumer of a normalizer, which each partition has
// for itself.
func (in *instance) partitioned(durable string) string {
	if in.settings.Partition == "" || in.settings.Partition == "1/1" {
		return durable
	}
	return durable + "-" + strings.ReplaceAll(in.settings.Partition, "/", "-of-")
}

// openInstance opens everything that the stages of settings need. hosts maps
// host names to addresses for the sample newsroom.
func openInstance(ctx context.Context, s *config.Settings, hosts map[string]string, log *slog.Logger) (_ *instance, err error) {
	in := &instance{settings: s, log: log, sinks: map[string]sink.Sink{}, positions: map[string]uint64{}, reasons: map[string]int{}, fenced: make(chan error, 1), metrics: prometheus.NewRegistry()}
	in.fileState, in.hooksState = fileState(s.File), fileState(s.Webhooks)
	in.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	in.stats = newStageMetrics(in)
	defer func() {
		if err != nil {
			err = errors.Join(err, in.close())
		}
	}()
	if err := os.MkdirAll(s.DataDir, 0o755); err != nil {
		return nil, err
	}
	cfg, err := busConfig(s)
	if err != nil {
		return nil, err
	}
	cfg.Metrics, cfg.Logger = in.metrics, log
	if s.OTLP != "" {
		if in.traces, err = otlp.New(otlp.Config{Endpoint: s.OTLP, Version: program(), Logger: log}); err != nil {
			return nil, err
		}
		cfg.Spans = in.traces.Add
	}
	if in.bus, err = bus.Open(ctx, cfg); err != nil {
		return nil, fmt.Errorf("message bus: %w", err)
	}
	if s.AdminListen != "" { // before it may have to wait until it leads
		if in.admin, err = net.Listen("tcp", s.AdminListen); err != nil {
			return nil, fmt.Errorf("admin-listen: %w", err)
		}
	}
	if in.bus.Embedded() {
		if in.operators, err = listenOperators(s.DataDir); err != nil { // the path may be too long for a socket
			log.Warn("claimwire dlq and trace cannot reach this process", "err", err)
			in.operators = nil
		}
	}
	if s.Runs("extractor") {
		in.reader = sync.OnceValues(func() (*english.Extractor, error) {
			return newReader(s.NLP, s.Parse, s.Names)
		})
	}
	if s.Runs("fetcher") {
		in.book.listed = slices.Clone(s.Feeds)
		if err := in.book.open(filepath.Join(s.DataDir, "feeds.txt")); err != nil {
			return nil, err
		}
		if err := in.openFetcher(hosts); err != nil {
			return nil, err
		}
	}
	if s.Runs("normalizer") {
		share := normalizer.Partition{}
		if s.Partition != "" {
			if share, err = normalizer.ParsePartition(s.Partition); err != nil {
				return nil, usageError{err}
			}
		}
		if s.Standby {
			if err := in.lead(ctx); err != nil {
				return nil, err
			}
		}
		if err := in.restoreState(ctx); err != nil {
			return nil, fmt.Errorf("normalizer state: %w", err)
		}
		if in.normal, err = normalizer.Open(ctx, normalizer.Config{
			Path: stateLocation(s), FinalAfter: s.FinalAfter, Horizon: s.Horizon, Partition: share, Logger: log,
		}); err != nil {
			return nil, fmt.Errorf("normalizer state: %w", err)
		}
	}
	if s.Runs("sink") {
		if err := in.openSinks(ctx); err != nil {
			return nil, err
		}
		if err := in.startWebhooks(); err != nil {
			return nil, err
		}
	}
	if s.Runs("desk") && s.Listen != "" {
		if err := in.openDesk(ctx); err != nil {
			return nil, err
		}
	}
	in.serveAdmin()
	return in, nil
}

// archiveDir is where the fetcher records what it gets.
func archiveDir(dataDir string) string { return filepath.Join(dataDir, "archive") }

func (in *instance) openFetcher(hosts map[string]string) (err error) {
	s := in.settings
	if s.Archive {
		if in.archive, err = warc.Open(warc.Config{
			Dir: archiveDir(s.DataDir), Software: program(), Logger: in.log, MaxBytes: s.ArchiveFile.Bytes, MaxAge: s.ArchiveFile.Age,
		}); err != nil {
			return err
		}
	}
	if s.WebSubListen != "" {
		if in.hubs, err = net.Listen("tcp", s.WebSubListen); err != nil {
			return fmt.Errorf("websub-listen: %w", err)
		}
	}
	in.fetcher, err = fetcher.New(fetcher.Config{
		UserAgent: s.UserAgent, Timeout: s.Timeout, MaxBytes: s.MaxBytes, Interval: s.Every, Archive: in.archive, Callback: s.WebSubURL, Rights: s.Rights, Partners: s.Partners, LegalDeposit: s.Deposit, Withheld: in.purges.address,
		StateDir: filepath.Join(s.DataDir, "fetcher"), Hosts: hosts, AllowPrivate: s.AllowLAN, Logger: in.log,
	})
	return err
}

// stateLocation is where the normalizer keeps its state: a PostgreSQL URL or a
// SQLite file.
func stateLocation(s *config.Settings) string {
	if s.State != "" {
		return s.State
	}
	return filepath.Join(s.DataDir, "state.db")
}

// storeLocation is where the claims are kept: a PostgreSQL URL or a SQLite file.
func storeLocation(s *config.Settings) string {
	if s.Database != "" {
		return s.Database
	}
	return filepath.Join(s.DataDir, "claims.db")
}

func (in *instance) openSinks(ctx context.Context) error {
	for _, name := range sinkNames(in.settings) {
		out, err := sinks[name](ctx, in.settings)
		if err != nil {
			return fmt.Errorf("sink %s: %w", name, err)
		}
		in.sinks[name] = out
		if s, ok := out.(*store.Store); ok {
			in.claims = s
		}
	}
	return nil
}

func (in *instance) openDesk(ctx context.Context) error {
	if in.claims == nil { // another process writes the store
		st, err := store.Open(ctx, store.Config{Location: storeLocation(in.settings), ReadOnly: true})
		if err != nil {
			return fmt.Errorf("claim store: %w; does a process with the sink stage run?", err)
		}
		in.claims = st
	}
	tokens, err := loadTokens(in.settings.Tokens)
	if err != nil {
		return err
	}
	var metrics http.Handler
	if in.settings.MetricsOpen && in.settings.AdminListen == "" {
		metrics = in.metricsHandler()
	}
	var feeds desk.Feeds
	if in.fetcher != nil {
		feeds = in
	}
	d, err := desk.New(desk.Config{
		Store: in.claims, Follow: in.follow, Bounds: in.bounds, Ready: in.publicHealth, Metrics: metrics,
		Publish: func(ctx context.Context, a *schemas.Article) error {
			if by, gone := in.purges.article(a); gone {
				return fmt.Errorf("article was purged by %s: %w", by, schemas.ErrMalformed)
			}
			err := in.emit(ctx, []schemas.Article{*a})
			if errors.Is(err, bus.ErrUnavailable) { // the disk is nearly full, the cluster away
				return fmt.Errorf("%w: %w", desk.ErrBusy, err)
			}
			return err
		},
		Review: func(ctx context.Context, r *schemas.Review) error {
			return in.bus.PublishReviews(ctx, []schemas.Review{*r})
		},
		Feeds: feeds, Health: in.report, Tokens: tokens, FullText: in.settings.FullText,
		Hosts: in.settings.Hosts, Location: time.Local, Version: program(), Logger: in.log,
	})
	if err != nil {
		return err
	}
	if in.listener, err = net.Listen("tcp", in.settings.Listen); err != nil {
		return fmt.Errorf("web page: %w; --listen takes another address, --listen \"\" none", err)
	}
	in.desk, in.server = d, &http.Server{Handler: d, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	return nil
}

// follow adapts the bus to the desk's errors.
func (in *instance) follow(ctx context.Context, since uint64, fn func(uint64, *schemas.Change) error) error {
	err := in.bus.Follow(ctx, since, fn)
	if errors.Is(err, bus.ErrGone) {
		first, _ := in.bus.FirstSequence(ctx, schemas.StreamClaims)
		return &sink.GoneError{First: first}
	}
	return err
}

// bounds returns the oldest and the last sequence of CLAIMS.
func (in *instance) bounds(ctx context.Context) (first, last uint64, err error) {
	if first, err = in.bus.FirstSequence(ctx, schemas.StreamClaims); err != nil {
		return 0, 0, err
	}
	last, err = in.bus.LastSequence(ctx, schemas.StreamClaims)
	return first, last, err
}

func (in *instance) address() string {
	if in.listener == nil {
		return "none"
	}
	return "http://" + in.listener.Addr().String()
}

// health says whether this process does its work.
func (in *instance) health(ctx context.Context) error {
	if !in.ready.Load() && !in.standing.Load() {
		return errors.New("starting")
	}
	return in.bus.Health(ctx)
}

// publicHealth is health without the reason, where that has an address of its own.
func (in *instance) publicHealth(ctx context.Context) error {
	err := in.health(ctx)
	if err != nil && in.admin != nil {
		return errors.New("the admin address says why")
	}
	return err
}

// run runs the stages until ctx ends or, with once, until everything is final.
func (in *instance) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	start := func(name string, stage func(context.Context) error) {
		g.Go(func() error {
			err := stage(ctx)
			switch {
			case ctx.Err() != nil: // it was told to end
				return nil
			case err == nil:
				err = errors.New("ended by itself")
			}
			return fmt.Errorf("%s: %w", name, err)
		})
	}
	if err := in.loadPurges(ctx); err != nil { // before anything can come back
		if ctx.Err() != nil { // it was told to end
			return nil
		}
		return err
	}
	in.writers = map[string]*sinkWriter{}
	for name, out := range in.sinks {
		in.writers[name] = &sinkWriter{instance: in, name: name, out: out}
	}
	start("purges", in.followPurges)
	start("erasing", in.erasePurges)
	if in.desk != nil {
		start("web page", func(ctx context.Context) error { return serve(ctx, in.server, in.listener) })
		start("desk", in.desk.Run)
	}
	if in.reader != nil {
		start("extractor", in.extract)
		start("audit of articles", in.auditArticles)
	}
	if in.normal != nil {
		start("normalizer", in.normalize)
		start("state", in.watchState)
		if in.settings.SnapshotEvery > 0 && !in.once && !normalizer.IsPostgres(stateLocation(in.settings)) {
			start("snapshots", in.takeSnapshots)
		}
	}
	for name, w := range in.writers {
		start("sink "+name, func(ctx context.Context) error { return in.sink(ctx, w) })
	}
	if in.fetcher != nil && !in.once {
		start("fetcher", in.fetch)
	}
	if in.reload != nil && !in.once {
		start("settings", func(ctx context.Context) error { return in.watchSettings(ctx, in.reloadEvery) })
	}
	if in.archive != nil && in.settings.ArchiveKeep != (config.Limit{}) {
		start("archive", in.trimArchive)
	}
	if in.hubs != nil {
		srv := &http.Server{Handler: in.fetcher.Push(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
		start("WebSub", func(ctx context.Context) error { return serve(ctx, srv, in.hubs) })
	}
	start("dead letters", in.bus.Advisories)
	if in.traces != nil {
		start("traces", in.traces.Run)
	}
	if in.operators != nil {
		srv := operatorServer(in.bus, in, in.log)
		start("operators", func(ctx context.Context) error { return serve(ctx, srv, in.operators) })
	}
	if len(in.sinks) > 0 {
		start("retention", in.retain)
	}
	if in.newHooks != nil {
		start("webhooks", in.runWebhooks)
	}
	g.Go(func() error { in.trim(ctx, 30*time.Second); return nil })
	if in.once {
		start("disk", in.awaitDisk)
		g.Go(func() error {
			err := in.drain(ctx)
			cancel()
			return err
		})
	}
	in.ready.Store(true)
	if in.supervisor != nil {
		start("service manager", func(ctx context.Context) error { return in.attend(ctx, in.supervisor) })
	}
	return g.Wait()
}

// trim gives memory back to the system once a burst of work is over: the runtime
// alone would keep it for minutes, and an idle instance shares its machine.
func (in *instance) trim(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var last, trimmed int64 = 0, -1
	loaded := time.After(every / 10) // what loading the models has left behind
	for {
		select {
		case <-ctx.Done():
			return
		case <-loaded:
			debug.FreeOSMemory()
			continue
		case <-tick.C:
		}
		done := in.articles.Load() + in.extracted.Load() + in.changes.Load()
		if done == last && done != trimmed {
			debug.FreeOSMemory()
			trimmed = done
		}
		last = done
	}
}

func (in *instance) close() error {
	var errs []error
	for _, l := range []net.Listener{in.listener, in.operators} {
		if l != nil {
			l.Close()
		}
	}
	switch {
	case in.stopAdmin != nil:
		defer in.stopAdmin() // it says until the end how it goes
	case in.admin != nil:
		in.admin.Close()
	}
	if in.bus != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		defer cancel()
		if in.leading != nil {
			if err := in.leading.leave(ctx); err != nil { // it will run out
				in.log.Warn("the lead is not given up; it will run out", "err", err)
			}
		}
		errs = append(errs, in.bus.Close(ctx))
	}
	for _, out := range in.sinks {
		errs = append(errs, out.Close())
	}
	if in.claims != nil && len(in.sinks) == 0 {
		errs = append(errs, in.claims.Close())
	}
	if in.normal != nil {
		errs = append(errs, in.normal.Close())
	}
	if in.hubs != nil {
		in.hubs.Close()
	}
	if in.archive != nil {
		errs = append(errs, in.archive.Close())
	}
	return errors.Join(errs...)
}

// feeds are those of the settings and those that were added.
func (in *instance) feeds() []fetcher.Feed {
	var feeds []fetcher.Feed
	for _, u := range in.feedURLs() {
		feeds = append(feeds, fetcher.Feed{URL: u, Interval: in.pollEvery})
	}
	return feeds
}

func (in *instance) metricsHandler() http.Handler {
	return promhttp.HandlerFor(in.metrics, promhttp.HandlerOpts{})
}

// status is one line about what has been done.
func (in *instance) status() string {
	line := fmt.Sprintf("%d articles read, %d changes of claims", in.extracted.Load(), in.changes.Load())
	if in.fetcher != nil {
		st := in.fetcher.Stats()
		line = fmt.Sprintf("%d feeds, %d polls, %d articles fetched, ", len(in.feedURLs()), st.Polls, st.Articles) + line
		if bad := st.FeedErrors + st.PageErrors; bad > 0 {
			line += fmt.Sprintf(", %d failures", bad)
		}
	}
	if n := in.skipped.Load(); n > 0 {
		line += fmt.Sprintf(", %d in other languages", n)
	}
	return line
}

func serve(ctx context.Context, srv *http.Server, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		if srv.Shutdown(end) != nil {
			srv.Close() // streams to slow readers do not hold the program up
		}
	})
	defer stop()
	if err := srv.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
