package desk

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

func (f *fixture) articles(t *testing.T, query string) sink.ArticlePage {
	t.Helper()
	return answer[sink.ArticlePage](t, f, "/api/v1/articles?"+query)
}

// TestArticles: filters, pages and the other forms of the list.
func TestArticles(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	for query, want := range map[string]int{
		"":                                  11,
		"publisher=harbour-post.example":    3,
		"publisher=HARBOUR+post":            3,
		"publisher=nobody":                  0,
		"q=tarsova":                         4,
		"q=tarsova+toll":                    1,
		"language=en":                       11,
		"language=fr,und":                   0,
		"since=2025-11-24&until=2025-11-24": 1,
		"limit=5":                           5,
	} {
		if got := len(f.articles(t, query).Items); got != want {
			t.Errorf("articles?%s: %d items, want %d", query, got, want)
		}
	}
	whole, paged := f.articles(t, "limit=500"), []sink.ArticleHead{}
	for query := "limit=4"; ; {
		page := f.articles(t, query)
		paged = append(paged, page.Items...)
		if page.Next == "" {
			break
		}
		query = "limit=4&cursor=" + url.QueryEscape(page.Next)
	}
	if !slices.EqualFunc(paged, whole.Items, func(a, b sink.ArticleHead) bool { return a.ID == b.ID }) {
		t.Errorf("pages of 4 give %d articles, the whole list has %d", len(paged), len(whole.Items))
	}
	resp, body := f.get(t, "/api/v1/articles?limit=4", "Accept", "application/x-ndjson")
	if link := resp.Header.Get("Link"); !strings.HasSuffix(link, `; rel="next"`) || strings.Count(body, "\n") != 4 || resp.Header.Get("Claimwire-Sequence") == "" {
		t.Errorf("NDJSON: Link %q, %d lines", link, strings.Count(body, "\n"))
	}
	if strings.Contains(body, `"text":`) {
		t.Error("the list gives texts away")
	}
	if resp, _ := f.get(t, "/api/v1/articles", "Accept", "application/atom+xml"); !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		t.Errorf("a feed reader gets %q", resp.Header.Get("Content-Type"))
	}
	for query, parameter := range map[string]string{
		"pubisher=x": "pubisher", "measure=price": "measure", "language=1": "language", "language=en_GB": "language", "since=yesterday": "since", "until=2025-13": "until",
		"limit=0": "limit", "limit=501": "limit", "limit=x": "limit", "q=" + strings.Repeat("x", 600): "q", "q=%ff": "q", "format=atom": "format", "format=xml": "format",
		"cursor=%00": "", "cursor=AAAA": "",
	} {
		resp, body := f.get(t, "/api/v1/articles?"+query)
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatalf("%s: %v in %q", query, err, body)
		}
		if resp.StatusCode != 400 || resp.Header.Get("Content-Type") != "application/problem+json" || p.Parameter != parameter || p.Detail == "" {
			t.Errorf("articles?%s: %d %+v, want 400 about %q", query, resp.StatusCode, p, parameter)
		}
	}
}

// TestArticleTable: one row an article, with cells that no spreadsheet runs.
func TestArticleTable(t *testing.T) {
	f := newFixture(t, withHostile())
	all := f.articles(t, "limit=500").Items
	_, body := f.get(t, "/api/v1/articles?format=csv")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(all)+1 || !slices.Equal(rows[0], articleHeader) {
		t.Fatalf("CSV: %d rows, want a header and %d articles", len(rows), len(all))
	}
	for i, row := range rows[1:] {
		if row[slices.Index(articleHeader, "article_id")] != all[i].ID {
			t.Errorf("row %d is not article %s", i, all[i].ID)
		}
		checkCells(t, articleHeader, row)
	}
	resp, body := f.get(t, "/articles?limit=500")
	if resp.StatusCode != 200 || strings.Contains(body, "<script>alert") || strings.Contains(body, "\u202e") || len(body) > 100_000 {
		t.Errorf("the page of the list: %d, %d bytes", resp.StatusCode, len(body))
	}
}

// TestArticleList: the page shows what the filters select, and leads to each article.
func TestArticleList(t *testing.T) {
	records := sinktest.Records()
	undated := schemas.Article{ID: "sans", Title: "Sans date", Language: "fr", Paywalled: schemas.Yes, Wire: &schemas.Wire{Agency: "Northwire"}, Text: "Rien."}
	if err := undated.Complete(); err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, append(records, sink.Record{Stream: schemas.StreamArticles, Sequence: 500, Article: &undated}))
	resp, body := f.get(t, "/articles")
	if resp.StatusCode != 200 {
		t.Fatalf("the list: %d", resp.StatusCode)
	}
	for _, a := range f.articles(t, "").Items {
		if !strings.Contains(body, `href="/articles/`+a.ID+`"`) {
			t.Errorf("%q is not in the list", a.Title)
		}
	}
	for _, want := range []string{`aria-current="page">Articles`, "undated", "text of <bdi>Northwire", "language <bdi>fr", "behind a paywall", "0 claims", "1 claim<"} {
		if !strings.Contains(body, want) {
			t.Errorf("the list does not say %q", want)
		}
	}
	_, body = f.get(t, "/articles?publisher=meridian.example&publisher=northwire.example&q=tarsova&cursor=")
	for _, want := range []string{`name="publisher" value="meridian.example"`, `type="hidden" name="publisher" value="northwire.example"`, "Two counts of the dead in Tarsova", `href="/articles?publisher=meridian.example&amp;q=tarsova"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the filtered list does not have %q", want)
		}
	}
	if strings.Contains(body, "Strong quake") {
		t.Error("the filtered list has an article of another publisher")
	}
	_, body = f.get(t, "/articles?limit=3")
	_, rest, found := strings.Cut(body, `class="next" rel="next" href="`)
	if next, _, _ := strings.Cut(rest, `"`); found {
		if _, body = f.get(t, strings.ReplaceAll(next, "&amp;", "&")); !strings.Contains(body, `href="/articles/`) {
			t.Error("the second page shows nothing")
		}
	} else {
		t.Error("a list that goes on has no link to its next page")
	}
	if resp, body = f.get(t, "/articles?since=soon"); resp.StatusCode != 400 || !strings.Contains(body, "since: not a date") {
		t.Errorf("a date that is none: %d", resp.StatusCode)
	}
}
