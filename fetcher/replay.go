package fetcher

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/claimwire/claimwire/fetcher/feed"
	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// ReplayStats count what replaying archives has found.
type ReplayStats struct {
	Records  int // of all types
	Pages    int // responses and resources that can hold an article
	Articles int // made
	Skipped  int // pages without an article
}

// Replay reads archive files, of this or of other programs, and gives the
// article of every page in them to emit, in the order of the files. From our own
// archives come exactly those articles that were handed on when they were
// fetched, each version once; from others, one for each page that has an
// article. The error is that of emit, of ctx, or of a file that cannot be read,
// which it names; what came before is done.
func Replay(ctx context.Context, files []string, emit func(schemas.Article) error) (ReplayStats, error) {
	var stats ReplayStats
	for _, path := range files {
		if err := replayFile(ctx, path, &stats, emit); err != nil {
			return stats, err
		}
	}
	return stats, nil
}

// noted is what a file of ours says of its responses.
type noted struct {
	ours     bool
	articles map[string][]notedArticle // by the id of the response
}

type notedArticle struct {
	id, version, rights string
	hints               readable.Hints
}

func replayFile(ctx context.Context, path string, stats *ReplayStats, emit func(schemas.Article) error) error {
	n := noted{articles: map[string][]notedArticle{}}
	if err := eachRecord(ctx, path, n.note); err != nil {
		return err
	}
	return eachRecord(ctx, path, func(rec *warc.Record) error {
		stats.Records++
		articles, err := n.read(rec, filepath.Base(strings.TrimSuffix(path, ".open")), stats)
		if err != nil {
			return nil // a page without an article is no fault of the archive
		}
		for _, a := range articles {
			stats.Articles++
			if err := emit(a); err != nil {
				return err
			}
		}
		return nil
	})
}

func eachRecord(ctx context.Context, path string, fn func(*warc.Record) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	defer f.Close()
	r, err := warc.NewReader(f)
	if err != nil {
		return fmt.Errorf("archive: %s: %w", path, err)
	}
	for {
		rec, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return ctx.Err()
		case err != nil && strings.HasSuffix(path, ".open"): // it is being written
			return ctx.Err()
		case err != nil:
			return fmt.Errorf("archive: %s: %w", path, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := fn(rec); err != nil {
			return err
		}
	}
}

// note keeps what our metadata records say.
func (n *noted) note(rec *warc.Record) error {
	if rec.Type == warc.Warcinfo && bytes.Contains(rec.Block, []byte("software: claimwire")) {
		n.ours = true
	}
	if rec.Type != warc.Metadata || !bytes.Contains(rec.Block, []byte(factArticle)) {
		return nil
	}
	var a notedArticle
	for l := range strings.SplitSeq(string(rec.Block), "\n") {
		name, value, _ := strings.Cut(strings.TrimSpace(l), ": ")
		switch name {
		case factArticle:
			a.id = value
		case factVersion:
			a.version = value
		case factRights:
			a.rights = value
		case factHints:
			if err := json.Unmarshal([]byte(value), &a.hints); err != nil {
				return nil // not as we write it
			}
		}
	}
	n.articles[rec.RefersTo()] = append(n.articles[rec.RefersTo()], a)
	return nil
}

// read makes the articles of a record.
func (n *noted) read(rec *warc.Record, file string, stats *ReplayStats) ([]schemas.Article, error) {
	if rec.Type != warc.Response && rec.Type != warc.Resource {
		return nil, nil
	}
	wanted := n.articles[rec.ID]
	if n.ours && len(wanted) == 0 {
		return nil, nil
	}
	stats.Pages++
	var out []schemas.Article
	if !n.ours {
		wanted = []notedArticle{{}}
	}
	done := map[[2]string]bool{}
	for _, w := range wanted {
		articles, err := articlesOf(rec, w.hints, w.id)
		if err != nil && len(wanted) == 1 {
			stats.Skipped++
			return nil, err
		}
		for _, a := range articles {
			key := [2]string{a.ID, a.Version}
			if done[key] || w.id != "" && (a.ID != w.id || a.Version != w.version) {
				continue
			}
			done[key] = true
			if w.id != "" {
				a.Rights = w.rights
			}
			a.Archive = payloadRef(rec, file)
			out = append(out, a)
		}
	}
	return out, nil
}

func payloadRef(rec *warc.Record, file string) *schemas.ArchiveRef {
	_, payload, ok := rec.HTTP()
	if !ok {
		payload = rec.Block
	}
	return &schemas.ArchiveRef{WARC: file, RecordID: rec.ID, Offset: rec.Offset, PayloadSHA1: warc.Digest(payload), PayloadLength: int64(len(payload))}
}

// articlesOf makes the articles of a page, or that of the item of a feed that was
// made the article id.
func articlesOf(rec *warc.Record, h readable.Hints, id string) ([]schemas.Article, error) {
	p, err := pageOf(rec, h)
	if err != nil {
		return nil, err
	}
	at := p.Now
	if f, err := feed.Parse(p.Body, p.ContentType, p.URL); err == nil {
		return fromItems(f, p, id), nil
	}
	articles, err := readable.ParseAll(p)
	if err != nil {
		return nil, err
	}
	for i := range articles {
		articles[i].FetchedAt = &at
	}
	return articles, nil
}

// fromItems makes the article that was made of a feed's own text: see
// [poll.fromContent].
func fromItems(f *feed.Feed, p readable.Page, id string) (out []schemas.Article) {
	at := p.Now
	for _, it := range f.Items {
		if id == "" || len(it.Content) < minContent || it.Title != p.Hints.Title {
			continue
		}
		a, err := readable.Fragment(readable.Page{URL: it.Link, Body: []byte(it.Content), Hints: p.Hints, Now: at})
		if err != nil {
			continue
		}
		if it.Link == "" && it.ID != "" {
			a.ID = schemas.ID("a", "item", p.Hints.Feed, it.ID)
		}
		a.FetchedAt = &at
		out = append(out, a)
	}
	return out
}

// maxArchivedBody is how large a page of an archive may be, decompressed.
const maxArchivedBody = 16 << 20

var errNoPage = errors.New("holds no page")

// pageOf returns the page that a record holds, with its codings undone.
func pageOf(rec *warc.Record, h readable.Hints) (readable.Page, error) {
	p := readable.Page{URL: rec.Target, Hints: h, Now: rec.Date, Body: rec.Block, ContentType: rec.ContentType}
	if u, err := url.Parse(rec.Target); err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return p, errNoPage
	}
	if _, body, ok := rec.HTTP(); ok {
		status, header := rec.Head()
		if status != http.StatusOK && status != http.StatusNonAuthoritativeInfo {
			return p, errNoPage
		}
		var err error
		if body, err = dechunk(body, header); err != nil {
			return p, err
		}
		if p.Body, err = readBody(bytes.NewReader(body), header.Get("Content-Encoding"), maxArchivedBody); err != nil {
			return p, err
		}
		p.ContentType, p.Language = header.Get("Content-Type"), header.Get("Content-Language")
		p.Robots, p.TDM = header.Get("X-Robots-Tag"), header.Get("TDM-Reservation")
	}
	if isPage(p.ContentType) != nil {
		if _, err := feed.Parse(p.Body, p.ContentType, p.URL); err != nil {
			return p, errNoPage
		}
	}
	return p, nil
}

// PageTitle returns the title of the article in a record, and whether there is one:
// for lists of the pages of an archive.
func PageTitle(rec *warc.Record) (title string, ok bool) {
	p, err := pageOf(rec, readable.Hints{})
	if err != nil {
		return "", false
	}
	p.Quick = true
	a, err := readable.Parse(p)
	return a.Title, err == nil
}

// dechunk undoes a chunked transfer coding. Some programs keep its header and not
// the coding.
func dechunk(body []byte, h http.Header) ([]byte, error) {
	if !strings.Contains(strings.ToLower(h.Get("Transfer-Encoding")), "chunked") {
		return body, nil
	}
	plain, err := io.ReadAll(io.LimitReader(httputil.NewChunkedReader(bytes.NewReader(body)), warc.MaxBlock))
	if err != nil && len(plain) == 0 {
		return body, nil
	}
	return plain, nil
}
