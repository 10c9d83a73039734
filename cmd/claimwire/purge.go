package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

var purgeCommand = command{
	name: "purge", args: "--article ID|URL | --source DOMAIN | --person NAME|ID",
	summary: "Erase an article, a source or a person from every store, for good",
	help: `
  claimwire purge --source tattle.example                   list what would go; nothing is changed
  claimwire purge --source tattle.example --why "no rights" --yes
  claimwire purge --article https://example.org/story.html --why "court order 12/26" --yes
  claimwire purge --person "Ada Roe" --why "request of 3 March" --yes
  claimwire purge --person e_f3kq…                          an entity of a claim, by its id

Texts are proved by their hashes and cannot be altered, so whole articles go: of a
person, every article that prints the name. They are erased from the state, the
streams, the SQL store, the JSONL file and the archive; claims that other articles
give too are announced again without them, the others are withdrawn and say no more
what they said. What stays is a decision on the stream of reviews: who, when, why,
and ids and hashes of what is gone. It keeps it from coming back by a fetch, a
backfill or a replay, and 'claimwire verify' says "withheld" of claims kept elsewhere.

A purge that was broken off goes on at the next start. The command asks the process
that runs on the data folder, or opens the folder with the settings of 'claimwire run'.
With --nats the processes of that server each erase what they keep, and log it.

Out of reach are: what receivers of webhooks and subscribers have got, exports, files
moved elsewhere and backups; old pages of a PostgreSQL write-ahead log until it is
recycled; blocks that a disk has let go of; what people wrote in reviews; and the
fetcher's list of addresses that it has seen.`,
	run: runPurge,
}

// A purgeRequest is what one wants to erase.
type purgeRequest struct {
	Article string `json:"article,omitempty"` // id or URL
	Source  string `json:"source,omitempty"`  // domain
	Person  string `json:"person,omitempty"`  // name or entity id
	By      string `json:"by"`
	Why     string `json:"why"`
	Yes     bool   `json:"yes"` // do it
}

// A purgeResult is what would go, or has gone.
type purgeResult struct {
	Review   string         `json:"review,omitempty"` // id of the decision; empty if nothing was done
	Articles []goneArticle  `json:"articles"`         // by id; without titles and addresses once they are erased
	Found    map[string]int `json:"found"`            // records and rows, by store, before
	Erased   *erasure       `json:"erased,omitempty"` // by this process; absent if others do it
}

type goneArticle struct {
	ID          string `json:"id"`
	URL         string `json:"url,omitempty"`
	Title       string `json:"title,omitempty"`
	Publisher   string `json:"publisher,omitempty"`
	PublishedAt string `json:"published_at,omitempty"`
}

// A purger erases: a running instance, or one of another process.
type purger interface {
	purge(ctx context.Context, q purgeRequest) (*purgeResult, error)
}

func runPurge(ctx context.Context, c *command, std stdio, args []string) error {
	var s config.Settings
	var q purgeRequest
	fs := newFlags(c, std)
	s.Register(fs)
	fs.StringVar(&q.Article, "article", "", "`ID` or URL of an article")
	fs.StringVar(&q.Source, "source", "", "`domain` of a publisher")
	fs.StringVar(&q.Person, "person", "", "full `name` of a person, or the id of an entity of a claim")
	fs.StringVar(&q.By, "by", userName(), "who decided it")
	fs.StringVar(&q.Why, "why", "", "the `reason`, which is kept")
	fs.BoolVar(&q.Yes, "yes", false, "do it")
	asJSON := fs.Bool("json", false, "print one JSON object")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("takes no arguments")
	}
	if err := q.check(); err != nil {
		return err
	}
	if err := s.Load(fs, os.Environ()); err != nil {
		return usageError{err}
	}
	res, err := purgeWhere(ctx, std, &s, q)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(std.out).Encode(res)
	}
	return res.print(std, q)
}

func (q *purgeRequest) check() error {
	given := 0
	for _, v := range []string{q.Article, q.Source, q.Person} {
		if v != "" {
			given++
		}
	}
	switch {
	case given != 1:
		return usagef("want one of --article, --source and --person")
	case q.Yes && (strings.TrimSpace(q.Why) == "" || q.By == ""):
		return usagef("say --why, and --by if the system does not know your name: both are kept")
	case q.Person != "" && schemas.NameHash(q.Person) == "":
		return usagef("--person %q: no name", q.Person)
	}
	return nil
}

// purgeWhere asks the process that has the folder, the processes of a server, or
// does it here.
func purgeWhere(ctx context.Context, std stdio, s *config.Settings, q purgeRequest) (*purgeResult, error) {
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	cfg, err := busConfig(s)
	if err != nil {
		return nil, err
	}
	cfg.Logger = log
	if s.NATS != "" {
		b, err := bus.Open(ctx, cfg)
		if err != nil {
			return nil, err
		}
		defer closeStreams(b)
		return purgeStreams(ctx, b, nil, q)
	}
	cfg.Listen = bus.ListenConfig{}
	op, done, err := openOperator(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if r, running := op.(*remote); running {
		return r.purge(ctx, q)
	}
	if err := done(); err != nil {
		return nil, err
	}
	s.Stages, s.Listen, s.NATSListen, s.AdminListen, s.Webhooks, s.OTLP = config.List{"normalizer", "sink"}, "", "", "", "", ""
	in, err := openInstance(ctx, s, nil, log)
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- in.run(running) }()
	res, err := in.purge(ctx, q)
	cancel()
	return res, errors.Join(err, <-ended, in.close())
}

// purge implements [purger].
func (in *instance) purge(ctx context.Context, q purgeRequest) (*purgeResult, error) {
	res, err := purgeStreams(ctx, in.bus, in.normal, q)
	if err != nil || res.Review == "" {
		return res, err
	}
	if err := in.until(ctx, func() (bool, error) { return in.erased.get(res.Review) != nil, nil }); err != nil {
		return res, err
	}
	res.Erased = in.erased.get(res.Review)
	return res, nil
}

// purgeStreams finds out what a request means and, if it is to be done, publishes
// the decision. n is the state of this process, nil if it has none.
func purgeStreams(ctx context.Context, b *bus.Bus, n *normalizer.Normalizer, q purgeRequest) (*purgeResult, error) {
	p, err := q.meaning(ctx, b, n)
	if err != nil {
		return nil, err
	}
	r := schemas.Review{
		SchemaVersion: schemas.Version, At: time.Now().UTC().Truncate(time.Second), By: q.By, Why: q.Why, Action: schemas.ReviewPurge, Purge: p,
	}
	e, err := findInStreams(ctx, b, &r)
	if err != nil {
		return nil, err
	}
	res := &purgeResult{Articles: []goneArticle{}, Found: map[string]int{}}
	for _, stream := range bus.Streams() {
		if k := len(e.sequences[stream]); k > 0 {
			res.Found[stream] = k
		}
	}
	if n != nil {
		if err := n.Extractions(ctx, func(x *schemas.Extraction) error {
			if _, gone := e.gone.Article(&x.Article); gone {
				res.Found["state"]++
				e.articles[x.ArticleID] = x.Article
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(e.articles)) {
		a := e.articles[id]
		g := goneArticle{ID: id}
		if !q.Yes {
			g.URL, g.Title, g.Publisher, g.PublishedAt = a.Address(), a.Title, a.Publisher.Domain, a.PublishedAt
		}
		res.Articles = append(res.Articles, g)
		p.Articles = append(p.Articles, id)
	}
	slices.Sort(p.Articles)
	p.Articles = slices.Compact(p.Articles)
	if !q.Yes {
		return res, nil
	}
	if len(p.Articles)+len(p.Domains)+len(p.Names) == 0 {
		return nil, errors.New("nothing is known of it: there is nothing to purge")
	}
	r = schemas.Purged(r, p)
	if err := normalizer.CheckReview(&r); err != nil {
		return nil, err
	}
	if err := b.PublishReviews(ctx, []schemas.Review{r}); err != nil {
		return nil, err
	}
	res.Review = r.ID
	return res, nil
}

// meaning turns a request into what a decision says.
func (q *purgeRequest) meaning(ctx context.Context, b *bus.Bus, n *normalizer.Normalizer) (*schemas.Purge, error) {
	p := &schemas.Purge{Articles: []string{}, Domains: []string{}, Names: []string{}}
	switch {
	case q.Source != "":
		d := strings.ToLower(q.Source)
		if u, err := url.Parse(q.Source); err == nil && u.Hostname() != "" {
			d = strings.ToLower(u.Hostname())
		}
		p.Domains = append(p.Domains, strings.TrimPrefix(d, "www."))
		return p, nil
	case q.Article != "" && !strings.Contains(q.Article, "://"):
		p.Articles = append(p.Articles, q.Article)
		return p, nil
	case q.Article != "":
		p.Articles = append(p.Articles, schemas.ID("a", "url", q.Article))
	case !strings.HasPrefix(q.Person, "e_"):
		p.Names = append(p.Names, schemas.NameHash(q.Person))
		return p, nil
	}
	names := map[string]bool{}
	look := func(x *schemas.Extraction) error {
		if q.Article != "" {
			if x.Article.URL == q.Article || x.Article.CanonicalURL == q.Article {
				p.Articles = append(p.Articles, x.ArticleID)
			}
			return nil
		}
		if found, ok := normalizer.Names(x, q.Person); ok {
			p.Articles = append(p.Articles, x.ArticleID)
			for _, name := range found {
				names[schemas.NameHash(name)] = true
			}
		}
		return nil
	}
	err := bus.Scan(ctx, b, schemas.StreamExtractions, func(_ uint64, x *schemas.Extraction) error { return look(x) })
	if err == nil && n != nil {
		err = n.Extractions(ctx, look)
	}
	if err == nil && q.Article != "" { // not read yet
		err = bus.Scan(ctx, b, schemas.StreamArticles, func(_ uint64, a *schemas.Article) error {
			return look(&schemas.Extraction{ArticleID: a.ID, Article: *a})
		})
	}
	p.Names = slices.Sorted(maps.Keys(names))
	slices.Sort(p.Articles)
	p.Articles = slices.Compact(p.Articles)
	if err == nil && len(p.Articles) == 0 {
		err = fmt.Errorf("no article that is kept has an entity %s", q.Person)
	}
	return p, err
}

// print says what would go, or that it has gone.
func (res *purgeResult) print(std stdio, q purgeRequest) error {
	for _, a := range res.Articles {
		if _, err := fmt.Fprintln(std.out, printable(join("  ", a.ID, a.PublishedAt, a.Publisher, a.Title, a.URL))); err != nil {
			return err
		}
	}
	var found []string
	for _, store := range slices.Sorted(maps.Keys(res.Found)) {
		found = append(found, fmt.Sprintf("%s %d", store, res.Found[store]))
	}
	what := join("; ", fmt.Sprintf("%d %s", len(res.Articles), plural(len(res.Articles), "article")), strings.Join(found, ", "))
	switch {
	case !q.Yes:
		fmt.Fprintf(std.err, "claimwire purge: would erase %s; the store of claims and the archive are looked through then. Nothing was changed: --yes does it\n", what)
		return nil
	case res.Erased == nil:
		_, err := fmt.Fprintf(std.out, "%s decided: %s; the processes of the server erase it and log %q\n", res.Review, what, "purged")
		return err
	}
	line, err := json.Marshal(res.Erased)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s purged by %s: %s; erased %s\n", res.Review, printable(q.By), what, line)
	return err
}
