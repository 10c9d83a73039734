package desk

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"net/url"
	"time"

	"github.com/claimwire/claimwire/sink"
)

// An atomFeed is a list of claims as RFC 4287 has it, for feed readers: the
// filters of its address are a saved search.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published,omitempty"`
	Links     []atomLink `xml:"link"`
	Kinds     []atomTerm `xml:"category"`
	Summary   string     `xml:"summary"`
}

// An atomTerm lets a reader sort entries: what a claim is about, and what
// happened to it last.
type atomTerm struct {
	Scheme string `xml:"scheme,attr"`
	Term   string `xml:"term,attr"`
}

// epoch stands where Atom demands a time and there is none.
const epoch = "1970-01-01T00:00:00Z"

func (d *Desk) sendAtom(w http.ResponseWriter, r *http.Request, claims []sink.Claim) {
	base := "http://" + r.Host
	if r.TLS != nil {
		base = "https://" + r.Host
	}
	self := base + r.URL.RequestURI()
	feed := atomFeed{ID: self, Title: "Claims", Updated: epoch, Author: "claimwire", Links: []atomLink{{"self", self}}}
	for i := range claims {
		e := newEntry(&claims[i], base)
		feed.Updated = max(feed.Updated, e.Updated)
		feed.Entries = append(feed.Entries, e)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(feed); err != nil {
		d.fail(w, r, err)
		return
	}
	d.send(w, r, "application/atom+xml; charset=utf-8", b.Bytes())
}

// newEntry renders a claim: what it says, and the words of its newest citation.
func newEntry(c *sink.Claim, base string) atomEntry {
	e := atomEntry{
		ID: "urn:claimwire:claim:" + url.PathEscape(c.Record.ID), Title: visible(c.Record.Text), Published: atomTime(c.Record.FirstSeen, ""),
		Updated: max(atomTime(c.Record.LastSeen, epoch), atomTime(c.KnownAt, epoch)),
		Links:   []atomLink{{"alternate", base + "/claims/" + url.PathEscape(c.Record.ID)}},
		Kinds:   []atomTerm{{"urn:claimwire:measure", c.Record.Measure}, {"urn:claimwire:change", string(c.Change)}},
	}
	if n := len(c.Record.Citations); n > 0 {
		ct := &c.Record.Citations[n-1]
		e.Summary = visible("“" + ct.Quote.Exact + "” " + ct.Publisher.Name)
		if u := webURL(ct.URL); u != "" {
			e.Links = append(e.Links, atomLink{"via", u})
		}
	}
	return e
}

// atomTime returns a date or time as RFC 3339, def for anything else.
func atomTime(s, def string) string {
	at, ok := sink.Instant(s)
	if !ok {
		return def
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, at); err == nil {
			return t.Format(time.RFC3339)
		}
	}
	return def
}
