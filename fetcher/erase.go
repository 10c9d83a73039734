package fetcher

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"strings"

	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// EraseArchive erases from an archive what a purge names, and returns how many
// records that were: everything that an erased article was made of, every answer of
// an erased publisher's hosts, and every page and feed that names an erased article
// by its address or prints an erased name. What other articles were made of goes with
// it if it stands in the same record. Exactly one of w and dir is given: the Writer
// that has the folder, or the folder that none has.
func EraseArchive(w *warc.Writer, dir string, purge *schemas.Review) (int, error) {
	e := &eraser{records: map[string]bool{}, urls: map[string]bool{}}
	e.gone.Add(purge)
	erase := func(match func(*warc.Record) bool) (int, error) {
		n, err := warc.Erase(dir, match)
		if errors.Is(err, os.ErrNotExist) { // no archive
			err = nil
		}
		return n, err
	}
	if w != nil {
		erase = w.Erase
	}
	if _, err := erase(e.note); err != nil { // matches nothing: it finds out what belongs to the articles
		return 0, err
	}
	return erase(e.match)
}

// An eraser knows which records belong to what is erased.
type eraser struct {
	gone    schemas.Tombstones
	records map[string]bool // ids of responses
	urls    map[string]bool // of the pages of articles
}

func (e *eraser) note(rec *warc.Record) bool {
	n := noted{articles: map[string][]notedArticle{}}
	_ = n.note(rec) // fails never
	for id, as := range n.articles {
		for _, a := range as {
			if _, erased := e.gone.ID(a.id); erased {
				e.records[id], e.urls[rec.Target] = true, true
			}
		}
	}
	return false
}

func (e *eraser) match(rec *warc.Record) bool {
	if e.records[rec.ID] || e.records[rec.RefersTo()] || rec.Target != "" && e.urls[rec.Target] {
		e.records[rec.ID] = true
		return true
	}
	if u, err := url.Parse(rec.Target); err == nil && rec.Target != "" {
		if _, erased := e.gone.Domain(u.Hostname()); erased {
			return true
		}
	}
	if rec.Type == warc.Warcinfo {
		return false
	}
	body := payload(rec)
	if _, erased := e.gone.Text(string(body)); erased || e.names(body) {
		e.records[rec.ID] = true
		return true
	}
	return false
}

// payload is what a record says, without codings as far as they can be undone.
func payload(rec *warc.Record) []byte {
	body := rec.Block
	if _, b, ok := rec.HTTP(); ok && rec.Type != warc.Request {
		_, header := rec.Head()
		if d, err := dechunk(b, header); err == nil {
			b = d
		}
		body = b
		if d, err := readBody(bytes.NewReader(b), header.Get("Content-Encoding"), maxArchivedBody); err == nil {
			body = d
		}
	}
	return body
}

// names reports whether the address of an erased article stands in body.
func (e *eraser) names(body []byte) bool {
	for u := range e.urls {
		for rest := body; ; {
			i := bytes.Index(rest, []byte(u))
			if i < 0 {
				break
			}
			rest = rest[i+len(u):]
			if len(rest) == 0 || strings.IndexByte("\"'<>& \t\r\n)],;\\", rest[0]) >= 0 { // not the beginning of another
				return true
			}
		}
	}
	return false
}
