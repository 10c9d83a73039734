package fetcher

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"slices"

	"github.com/claimwire/claimwire/fetcher/feed"
	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// A recorder keeps what one exchange leaves in the archive. It does nothing if
// there is no archive.
type recorder struct {
	f         *Fetcher
	ip        string
	raw       bytes.Buffer // the body as it comes
	truncated string
}

func (f *Fetcher) recorder() *recorder { return &recorder{f: f} }

// trace notes the address of the server.
func (r *recorder) trace(ctx context.Context) context.Context {
	if r.f.cfg.Archive == nil {
		return ctx
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		if host, _, err := net.SplitHostPort(c.Conn.RemoteAddr().String()); err == nil {
			r.ip = host
		}
	}})
}

// body returns a reader of body that keeps what passes.
func (r *recorder) body(body io.Reader) io.Reader {
	if r.f.cfg.Archive == nil {
		return body
	}
	return io.TeeReader(body, &r.raw)
}

// cut notes why a body is not whole: declared is its length by the header, or
// negative.
func (r *recorder) cut(err error, declared int64) {
	var netErr net.Error
	switch {
	case err == nil && int64(r.raw.Len()) < declared, errors.Is(err, schemas.ErrMalformed), err == nil && declared < 0 && r.raw.Len() >= maxSaid:
		r.truncated = "length"
	case err == nil:
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		r.truncated = "time"
	default:
		r.truncated = "disconnect"
	}
}

// write records the exchange. An archive that fails stops no article: it is
// logged and counted.
func (r *recorder) write(res *response, req *http.Request, h *http.Response, bodyErr error) warc.Ref {
	a := r.f.cfg.Archive
	if a == nil {
		return warc.Ref{}
	}
	x := warc.Exchange{
		URL: target(res.url), At: res.at, IP: r.ip, Body: r.raw.Bytes(), Status: res.status, Truncated: r.truncated,
		Request: requestHead(req), Head: responseHead(h, r.raw.Len()),
	}
	x.MIME, _, _ = mime.ParseMediaType(h.Header.Get("Content-Type"))
	ref, err := a.Exchange(x)
	if err != nil {
		r.f.archiveFailed(res.url, err)
		return warc.Ref{}
	}
	return ref
}

func (f *Fetcher) archiveFailed(u *url.URL, err error) {
	f.stats.add(func(t *Totals) { t.ArchiveErrors++ })
	f.log.Error("not archived", "url", redact(u.String()), "err", err)
}

// target is an address as the archive names it: without credentials and fragment.
func target(u *url.URL) string {
	c := *u
	c.User, c.Fragment, c.RawFragment = nil, "", ""
	return c.String()
}

// requestHead writes the header of a request. Credentials are left out.
func requestHead(r *http.Request) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\n", r.URL.RequestURI(), r.URL.Host)
	h := r.Header.Clone()
	h.Del("Authorization")
	writeHeader(&b, h)
	return b.Bytes()
}

// responseHead writes the header of a response whose body has n bytes. Headers
// about the transfer, which net/http has undone, are left out.
func responseHead(h *http.Response, n int) []byte {
	var b bytes.Buffer
	text := http.StatusText(h.StatusCode)
	if len(h.Status) > 4 {
		text = h.Status[4:]
	}
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", h.StatusCode, text)
	header := h.Header.Clone()
	header.Del("Transfer-Encoding")
	header.Del("Connection")
	if header.Get("Content-Length") == "" && n > 0 {
		header.Set("Content-Length", fmt.Sprint(n))
	}
	writeHeader(&b, header)
	return b.Bytes()
}

func writeHeader(b *bytes.Buffer, h http.Header) {
	h.Write(b) // a bytes.Buffer takes everything; names come sorted
	b.WriteString("\r\n")
}

// archiveRef is what an article says of where its payload lies; nil if nowhere.
func archiveRef(r warc.Ref) *schemas.ArchiveRef {
	if r.ID == "" {
		return nil
	}
	return &schemas.ArchiveRef{WARC: r.File, RecordID: r.ID, Offset: r.Offset, PayloadSHA1: r.SHA1, PayloadLength: r.Size}
}

// Names of facts in metadata records.
const (
	factVia     = "via"             // feed that named the page, as crawlers call it
	factHints   = "claimwire-hints" // what the feed said about the page, as JSON: needed to make the same article again
	factArticle = "claimwire-article"
	factVersion = "claimwire-version"
	factRevises = "claimwire-revises" // file and record of the version before
	factGone    = "claimwire-gone"    // a sentence that it no longer has
	factFresh   = "claimwire-new"     // a sentence that it has in addition
	factRights  = "claimwire-rights"  // as the article has them, with what the user has set
)

// archiveDerived records what became of the articles of jobs, before they are
// handed on, and makes everything recorded safe.
func (p *poll) archiveDerived(jobs []*job) {
	a := p.cfg.Archive
	if a == nil {
		return
	}
	for _, j := range jobs {
		for i := range j.emits {
			article := &j.emits[i]
			if j.ref.ID == "" {
				continue
			}
			hints, err := json.Marshal(j.hints)
			if err != nil { // strings only: cannot happen
				panic(err)
			}
			facts := []warc.Field{{Name: factVia, Value: j.hints.Feed}, {Name: factArticle, Value: article.ID}, {Name: factVersion, Value: article.Version}, {Name: factRights, Value: article.Rights}, {Name: factHints, Value: string(hints)}}
			if was := j.st.Ref; was != nil && len(j.pages) == 1 {
				facts = append(facts, revision(a.Dir(), was, article)...)
			}
			j.st.Ref = article.Archive
			if err := a.Derived(j.ref, *article.FetchedAt, article.Text, facts); err != nil {
				p.log.Error("not archived", "article", article.ID, "err", err)
				p.stats.add(func(t *Totals) { t.ArchiveErrors++ })
			}
		}
	}
	if err := a.Sync(); err != nil {
		p.log.Error("archive not safe from a loss of power", "err", err)
		p.stats.add(func(t *Totals) { t.ArchiveErrors++ })
	}
}

// Errors of [VerifyArchived].
var (
	ErrNotArchived  = errors.New("not in the archive")
	ErrErased       = errors.New("erased from the archive on request")
	ErrOtherPayload = errors.New("the archived payload is another")
	ErrOtherText    = errors.New("the archived payload gives another text")
)

// VerifyArchived checks an article against the archive in dir: the record that
// it names must be there, hold the payload with the digest that it names, and
// give its text when it is read again. The error matches one of [ErrNotArchived],
// [ErrErased], [ErrOtherPayload] and [ErrOtherText].
func VerifyArchived(dir string, a *schemas.Article) error {
	ref := a.Archive
	if ref == nil {
		return fmt.Errorf("article %s names no record: %w", a.ID, ErrNotArchived)
	}
	rec, err := warc.ReadAt(dir, ref.WARC, ref.Offset)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("article %s: file %s: %w", a.ID, ref.WARC, ErrNotArchived)
	case err != nil:
		return fmt.Errorf("article %s: %w: %w", a.ID, ErrOtherPayload, err)
	case rec.ID != ref.RecordID:
		return fmt.Errorf("article %s: record %s stands where %s should: %w", a.ID, rec.ID, ref.RecordID, ErrOtherPayload)
	}
	if rec.Erased() {
		return fmt.Errorf("article %s: %w", a.ID, ErrErased)
	}
	_, payload, _ := rec.HTTP()
	if sum := warc.Digest(payload); sum != ref.PayloadSHA1 || int64(len(payload)) != ref.PayloadLength {
		return fmt.Errorf("article %s: payload of %d bytes has SHA-1 %s, not %s: %w", a.ID, len(payload), sum, ref.PayloadSHA1, ErrOtherPayload)
	}
	texts, err := textsOf(rec, readable.Hints{Title: a.Title, Byline: a.Byline})
	if err != nil {
		return fmt.Errorf("article %s: %w: %w", a.ID, ErrOtherText, err)
	}
	if !slices.Contains(texts, a.Text) {
		return fmt.Errorf("article %s: %w", a.ID, ErrOtherText)
	}
	return nil
}

// textsOf returns every text that an article may have been made of from a record:
// the page's, or those of a feed's items.
func textsOf(rec *warc.Record, h readable.Hints) ([]string, error) {
	p, err := pageOf(rec, h)
	if err != nil {
		return nil, err
	}
	var out []string
	if f, err := feed.Parse(p.Body, p.ContentType, p.URL); err == nil {
		for _, it := range f.Items {
			if a, err := readable.Fragment(readable.Page{URL: it.Link, Body: []byte(it.Content), Hints: h, Now: p.Now}); err == nil {
				out = append(out, a.Text)
			}
		}
		return out, nil
	}
	articles, err := readable.ParseAll(p)
	for _, a := range articles {
		out = append(out, a.Text)
	}
	return out, err
}
