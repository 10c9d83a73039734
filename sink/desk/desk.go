// Package desk serves stored claims over HTTP: a JSON API with CSV and NDJSON
// forms (openapi.yaml describes it), a stream of server-sent events, and a page
// for people that works without JavaScript.
//
// Every list names the sequence of the CLAIMS stream that it is true for, and
// the stream's event ids are the same sequences: who reads a list and then
// follows from its sequence misses nothing and hears nothing twice.
//
// Article text is hostile. It is text from end to end: pages are html/template
// alone, direction overrides are made visible, only http and https links are
// followed, cells that a spreadsheet would run are defused, and the content
// security policy allows no inline script or style.
package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// Config configures a [Desk]. Zero fields get the default given here.
type Config struct {
	Store sink.Reader // required

	// Follow calls fn with each record of CLAIMS after sequence since, in
	// order, until ctx ends or fn returns an error, and returns that error. It
	// returns a *sink.GoneError if records after since are no longer kept.
	// Default: there is no stream.
	Follow func(ctx context.Context, since uint64, fn func(sequence uint64, c *schemas.Change) error) error

	// Bounds returns the oldest sequence that CLAIMS keeps and the last one;
	// first is last+1 if it keeps none. Required with Follow.
	Bounds func(ctx context.Context) (first, last uint64, err error)

	// Publish puts an article that was posted into the pipeline. Default: articles are refused.
	// An error that matches ErrBusy says that it may be posted again later.
	Publish func(ctx context.Context, a *schemas.Article) error

	// Review puts a person's decision into the pipeline. Default: reports are refused.
	Review func(ctx context.Context, r *schemas.Review) error

	Feeds  Feeds                                      // the feeds that are polled; default: none are shown, none can be added
	Health func(ctx context.Context) (*Health, error) // how the instance does; default: nothing is shown

	// Tokens are those that requests must carry. Default: everybody who reaches
	// the desk may read, and this machine alone may do the rest.
	Tokens   []Token
	FullText bool // article pages show whole texts, not only the paragraphs that are quoted: a question of rights

	Ready    func(ctx context.Context) error // says what is not ready yet; default: always ready
	Metrics  http.Handler                    // of /metrics; default: none
	Hosts    []string                        // host names that the desk answers to, besides localhost and IP addresses; "*" for all
	Location *time.Location                  // of local times in CSV and on the page; default UTC
	Version  string                          // of the program, for the page's foot

	MaxStreams   int           // clients of /api/v1/stream at once; default 1000
	WriteTimeout time.Duration // a stream client that takes nothing for this long is cut off; default 10s
	Ping         time.Duration // between comments on an idle stream; default 15s
	Logger       *slog.Logger  // default: discard
}

// A Desk is the HTTP handler of the claim desk.
type Desk struct {
	cfg     Config
	mux     *http.ServeMux
	routes  []route
	hub     *hub
	pages   *template.Template
	assets  map[string]asset
	key     []byte // signs sessions and forms; of this process alone
	cross   *http.CrossOriginProtection
	streams atomic.Int64
	closing chan struct{} // closed when streams must end
	once    sync.Once     // closes it
	stats   struct {
		sync.Mutex // guards the rest
		value      *sink.Stats
		until      time.Time
	}
}

// A route is one operation and what a caller needs for it; an empty scope is
// open to everybody. API routes are described in openapi.yaml.
type route struct {
	method, path string
	scope        Scope
	handle       http.HandlerFunc
}

//go:embed openapi.yaml
var openAPI []byte

//go:embed asyncapi.yaml
var asyncAPI []byte

//go:embed static templates
var files embed.FS

// New returns a desk. Call [Desk.Run] beside it if it has many stream clients.
func New(cfg Config) (*Desk, error) {
	switch {
	case cfg.Store == nil:
		return nil, errors.New("desk: no store")
	case cfg.Follow != nil && cfg.Bounds == nil:
		return nil, errors.New("desk: Follow without Bounds")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Location == nil {
		cfg.Location = time.UTC
	}
	if cfg.MaxStreams == 0 {
		cfg.MaxStreams = 1000
	}
	if cfg.WriteTimeout == 0 {
		cfg.WriteTimeout = 10 * time.Second
	}
	if cfg.Ping == 0 {
		cfg.Ping = 15 * time.Second
	}
	for i := range cfg.Tokens {
		if err := cfg.Tokens[i].Check(); err != nil {
			return nil, fmt.Errorf("desk: %w", err)
		}
	}
	d := &Desk{
		cfg: cfg, mux: http.NewServeMux(), hub: newHub(), closing: make(chan struct{}),
		key: make([]byte, 32), cross: http.NewCrossOriginProtection(),
	}
	_, _ = rand.Read(d.key) // it never fails
	if err := d.loadAssets(); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	if err := d.loadPages(); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	d.addRoutes()
	return d, nil
}

// CloseStreams ends all streams, now and later, so that the server can shut down:
// give it to [http.Server.RegisterOnShutdown]. Clients come back by themselves.
func (d *Desk) CloseStreams() { d.once.Do(func() { close(d.closing) }) }

// Run reads the CLAIMS stream once for all stream clients, until ctx ends; then it
// ends their streams. Without it each client has the stream read for itself.
func (d *Desk) Run(ctx context.Context) error {
	defer d.CloseStreams()
	if d.cfg.Follow == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	return d.hub.run(ctx, d.cfg)
}

func (d *Desk) addRoutes() {
	d.routes = []route{
		{"GET", "/api/v1/claims", ScopeRead, d.getClaims},
		{"GET", "/api/v1/claims/{id}", ScopeRead, d.getClaim},
		{"GET", "/api/v1/claims/{id}/events", ScopeRead, d.getEvents},
		{"POST", "/api/v1/claims/{id}/reviews", ScopeReview, d.postReview},
		{"GET", "/api/v1/series", ScopeRead, d.getSeriesList},
		{"GET", "/api/v1/series/{id}", ScopeRead, d.getSeries},
		{"GET", "/api/v1/series/{id}/events", ScopeRead, d.getEvents},
		{"GET", "/api/v1/articles", ScopeRead, d.getArticles},
		{"GET", "/api/v1/articles/{id}", ScopeRead, d.getArticle},
		{"POST", "/api/v1/articles", ScopeAdmin, d.postArticle},
		{"GET", "/api/v1/sources", ScopeRead, d.getSources},
		{"GET", "/api/v1/feeds", ScopeRead, d.getFeeds},
		{"POST", "/api/v1/feeds", ScopeAdmin, d.postFeed},
		{"GET", "/api/v1/entities", ScopeRead, d.getEntities},
		{"GET", "/api/v1/entities/{id}", ScopeRead, d.getEntity},
		{"GET", "/api/v1/stats", ScopeRead, d.getStats},
		{"GET", "/api/v1/status", ScopeRead, d.getStatus},
		{"GET", "/api/v1/stream", ScopeRead, d.getStream},
		{"GET", "/api/v1/schemas/{name}", "", d.getSchema},
		{"GET", "/api/v1/openapi.yaml", "", d.getOpenAPI},
		{"GET", "/api/v1/asyncapi.yaml", "", d.getAsyncAPI},
		{"GET", "/healthz", "", d.getHealth},
		{"GET", "/readyz", "", d.getReady},
		{"GET", "/metrics", ScopeRead, d.getMetrics},
	}
	pages := []route{
		{"GET", "/{$}", ScopeRead, d.pageClaims},
		{"GET", "/claims/{id}", ScopeRead, d.pageClaim},
		{"POST", "/claims/{id}", ScopeReview, d.postReport},
		{"GET", "/series", ScopeRead, d.pageSeriesList},
		{"GET", "/series/{id}", ScopeRead, d.pageSeries},
		{"GET", "/series/{id}/chart.svg", ScopeRead, d.seriesChart},
		{"GET", "/series/{id}/card.html", ScopeRead, d.seriesCard},
		{"GET", "/entities/{id}", ScopeRead, d.pageEntity},
		{"GET", "/articles", ScopeRead, d.pageArticleList},
		{"GET", "/articles/{id}", ScopeRead, d.pageArticle},
		{"GET", "/sources", ScopeRead, d.pageSources},
		{"POST", "/sources", ScopeAdmin, d.postSources},
		{"GET", "/login", "", d.pageLogin},
		{"POST", "/login", "", d.postLogin},
		{"POST", "/logout", "", d.postLogout},
		{"GET", "/static/{name}", "", d.getAsset},
	}
	for _, r := range append(pages, d.routes...) {
		handle := r.handle
		if r.scope != "" {
			handle = d.needs(r.scope, handle)
		}
		d.mux.HandleFunc(r.method+" "+r.path, handle)
	}
	d.mux.HandleFunc("/api/", d.noRoute)
	d.mux.HandleFunc("/", d.noPage)
}

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ServeHTTP implements [http.Handler].
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if !d.hostAllowed(r.Host) {
		writeProblem(w, problem{Status: http.StatusMisdirectedRequest, Detail: "this desk does not answer to that host name; list it under hosts"})
		return
	}
	if err := d.cross.Check(r); err != nil {
		writeProblem(w, problem{Status: http.StatusForbidden, Detail: "pages of other sites may change nothing here"})
		return
	}
	d.mux.ServeHTTP(w, r)
}

// hostAllowed keeps other sites' pages from reading the desk through a name that
// they point at this machine. Such an attack needs a name: addresses are safe.
func (d *Desk) hostAllowed(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return host == "localhost" || slices.Contains(d.cfg.Hosts, "*") || slices.ContainsFunc(d.cfg.Hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

func (d *Desk) noRoute(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := d.mux.Handler(other); pattern != "/api/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		writeProblem(w, problem{Status: http.StatusMethodNotAllowed, Detail: r.Method + " is not possible here"})
		return
	}
	writeProblem(w, problem{Status: http.StatusNotFound, Detail: "no such path; /api/v1/openapi.yaml lists them"})
}

func (d *Desk) getHealth(w http.ResponseWriter, _ *http.Request) { plain(w, "ok\n") }

func (d *Desk) getReady(w http.ResponseWriter, r *http.Request) {
	if d.cfg.Ready != nil {
		if err := d.cfg.Ready(r.Context()); err != nil {
			writeProblem(w, problem{Status: http.StatusServiceUnavailable, Detail: "not ready: " + err.Error()})
			return
		}
	}
	plain(w, "ready\n")
}

func (d *Desk) getMetrics(w http.ResponseWriter, r *http.Request) {
	if d.cfg.Metrics == nil {
		writeProblem(w, problem{Status: http.StatusNotFound, Detail: "no metrics are kept"})
		return
	}
	d.cfg.Metrics.ServeHTTP(w, r)
}

func (d *Desk) getOpenAPI(w http.ResponseWriter, r *http.Request) {
	d.send(w, r, "application/yaml", openAPI)
}

func (d *Desk) getAsyncAPI(w http.ResponseWriter, r *http.Request) {
	d.send(w, r, "application/yaml", asyncAPI)
}

func (d *Desk) getSchema(w http.ResponseWriter, r *http.Request) {
	b, err := schemas.JSONSchema(r.PathValue("name"))
	if err != nil {
		writeProblem(w, problem{Status: http.StatusNotFound, Detail: "the schemas are " + strings.Join(schemas.SchemaNames, ", ")})
		return
	}
	d.send(w, r, "application/schema+json", b)
}

func plain(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(text))
}

// An asset is a file that pages load, under an address that changes with it.
type asset struct {
	url, contentType string
	body             []byte
}

func (d *Desk) loadAssets() error {
	d.assets = map[string]asset{}
	types := map[string]string{"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
	return fs.WalkDir(files, "static", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		body, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		_, ext, _ := strings.Cut(e.Name(), ".")
		d.assets[e.Name()] = asset{"/static/" + e.Name() + "?v=" + base64.RawURLEncoding.EncodeToString(sum[:6]), types[ext], body}
		return nil
	})
}

func (d *Desk) getAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := d.assets[r.PathValue("name")]
	if !ok {
		d.noPage(w, r)
		return
	}
	if r.URL.RawQuery != "" {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	d.send(w, r, a.contentType, a.body)
}
