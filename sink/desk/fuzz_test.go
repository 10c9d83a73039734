package desk

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// FuzzQuery sends any query string to the lists and their pages: the answer is a
// result or a problem that names the client's mistake, never a fault of the desk.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{
		"", "limit=3&q=x", "cursor=AAAA", "measure=dead,price&country=--", "q=%00%ff", "since=2025&until=2025-11-22T10:00:00Z&known_at=2025-11",
		"place='%3B+DROP+TABLE+claims%3B--", "q=%22*+NEAR+%28", "min_origins=99999999999999999999", "a=b;c=d", "q=%E2%80%AE12",
		"cursor=cWFhYWFhYWEAMjAyNQBjXw", "state=any&tier=any&modality=any&kind=any",
		"publisher=Harbour+Post&language=en,und&q=%22harbour+NEAR&since=2025", "language=en_US&format=csv", "policy=lowest&limit=2",
	} {
		f.Add(q)
	}
	fix := newFixture(f, sinktest.Records())
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/api/v1/claims", "/api/v1/series", "/api/v1/articles", "/", "/articles"} {
			r := httptest.NewRequest("GET", path, nil)
			r.Host, r.URL.RawQuery = "localhost", query
			w := httptest.NewRecorder()
			fix.desk.ServeHTTP(w, r)
			if w.Code != 200 && w.Code != 400 {
				t.Errorf("%s?%q: %d %s", path, query, w.Code, w.Body)
			}
			if strings.HasPrefix(path, "/api/") && w.Code == 400 {
				var p problem
				if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Detail == "" {
					t.Errorf("%s?%q: %s", path, query, w.Body)
				}
			}
		}
	})
}

// FuzzFilter reads any filter: it is refused, or means the same when it is written
// down again.
func FuzzFilter(f *testing.F) {
	for _, q := range []string{"", "measure=dead,price&country=--", "tier=any&tier=candidate", "place=A%2CB&place=C", "min_origins=3&q=%C3%A9", "modality=any", "kind=event&q=+", "series=s_1&article=a;b"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := ParseFilter(query)
		if err != nil {
			return
		}
		values := url.Values{
			"measure": q.Measures, "country": q.Countries, "place": q.Places, "entity": q.Entities, "publisher": q.Publishers, "article": q.Articles,
			"kind": texts(q.Kinds), "modality": texts(q.Modalities), "tier": texts(q.Tiers), "series": {q.Series}, "q": {q.Text}, "min_origins": {strconv.Itoa(q.MinOrigins)},
		}
		if len(q.Tiers) == 0 {
			values.Set("tier", "any")
		}
		again, err := ParseFilter(values.Encode())
		if err != nil || !cmp.Equal(q, again, cmpopts.EquateEmpty()) {
			t.Errorf("%q is %+v; written down again %+v, %v", query, q, again, err)
		}
		for _, c := range sinktest.Changes(sinktest.Records())[:4] {
			q.Match(c)
		}
	})
}

func texts[T ~string](in []T) (out []string) {
	for _, v := range in {
		out = append(out, string(v))
	}
	return out
}

// FuzzCursor gives any cursor to the lists: it is the next page or a bad request.
func FuzzCursor(f *testing.F) {
	fix := newFixture(f, sinktest.Records())
	first := func(path string) string {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path+"?limit=3", nil)
		r.Host = "localhost"
		fix.desk.ServeHTTP(w, r)
		var page struct{ Next string }
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || page.Next == "" {
			f.Fatal(w.Body, err)
		}
		return page.Next
	}
	for _, c := range []string{first("/api/v1/claims"), first("/api/v1/series"), "", "AAAA", "cQAyMDI1AGM", "%00", "=", strings.Repeat("A", 4000)} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, path := range []string{"/api/v1/claims", "/api/v1/series"} {
			r := httptest.NewRequest("GET", path+"?"+url.Values{"limit": {"3"}, "cursor": {cursor}}.Encode(), nil)
			r.Host = "localhost"
			w := httptest.NewRecorder()
			fix.desk.ServeHTTP(w, r)
			if w.Code != 200 && w.Code != 400 {
				t.Errorf("%s with cursor %q: %d %s", path, cursor, w.Code, w.Body)
			}
		}
	})
}

// FuzzCard draws a claim of any strings and spans.
func FuzzCard(f *testing.F) {
	f.Add("12 people", "https://x.example/", "At least 12 people.", 9, 18, 9, 11)
	f.Add("\u202e21", "javascript:alert(1)", "é\x00\xff", -5, 900, 3, 1)
	f.Add("", "http://%zz", "a\nb\nc", 2, 3, 2, 3)
	fix := newFixture(f, nil)
	f.Fuzz(func(t *testing.T, text, address, body string, start, end, from, to int) {
		ct := schemas.Citation{URL: address, Publisher: schemas.Publisher{Name: text}, PublishedAt: text, Field: schemas.InText, Start: start, End: end, Figure: &schemas.Span{Start: from, End: to}}
		ct.Quote = schemas.Quote{Exact: body, Prefix: text, Suffix: text, Span: schemas.Span{Start: start, End: end}}
		var card citationCard
		card.splitQuote(&ct)
		a := &schemas.Article{Text: body, Paragraphs: []schemas.Paragraph{{Span: schemas.Span{Start: from, End: to}}}}
		off := schemas.NewOffsets(body)
		if p := paragraph(a, body, off, &ct); p.Start < 0 || p.End > off.Len() {
			t.Errorf("paragraph %v of a text of %d", p, off.Len())
		}
		if u := webURL(address); u != "" {
			if parsed, err := url.Parse(u); err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" {
				t.Errorf("webURL(%q) = %q", address, u)
			}
		}
		for _, s := range []string{visible(text), short(body)} {
			for _, r := range s {
				if hidden(r) && r != utf8.RuneError {
					t.Errorf("%q is shown with %U in it", text, r)
				}
			}
		}
		c := &sink.Claim{Record: schemas.Claim{ID: text, SeriesID: text, Text: text, Kind: schemas.QuantityClaim, Counted: text, Unit: text, LastSeen: text, Citations: []schemas.Citation{ct}}}
		r := httptest.NewRequest("GET", "/", nil)
		if _, err := fix.desk.card(r, c); err != nil && !errors.Is(err, sink.ErrNotFound) {
			t.Error(err)
		}
		if cell := safeCell(text); cell != "" && (cell[0] == '=' || cell[0] == '@') {
			t.Errorf("safeCell(%q) = %q", text, cell)
		}
	})
}
