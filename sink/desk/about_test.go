package desk

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

func TestEntityPage(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	found, err := f.store.Entities(t.Context(), "selin", 1)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	for _, path := range []string{"/entities/", "/api/v1/entities/"} {
		resp, body := f.get(t, path+url.PathEscape(found[0].ID))
		if resp.StatusCode != 200 || !strings.Contains(body, found[0].Name) {
			t.Errorf("%s: %d without the name", path, resp.StatusCode)
		}
		if resp, _ := f.get(t, path+"nobody"); resp.StatusCode != 404 {
			t.Errorf("%snobody: %d, want 404", path, resp.StatusCode)
		}
	}
}

// TestArticlePage: an article's claims stand in place; the rest of the text only
// where the desk may show it.
func TestArticlePage(t *testing.T) {
	records := sinktest.Records()
	for _, full := range []bool{false, true} {
		f := newFixture(t, records, func(c *Config) { c.FullText = full })
		newest := map[string]string{}
		for _, r := range records {
			if r.Article != nil {
				newest[r.Article.ID] = r.Article.Version
			}
		}
		for _, r := range records {
			if r.Article == nil || r.Article.Version != newest[r.Article.ID] {
				continue
			}
			resp, body := f.get(t, "/articles/"+r.Article.ID)
			if resp.StatusCode != 200 {
				t.Fatalf("article %s: %d", r.Article.ID, resp.StatusCode)
			}
			cited := f.claims(t, "tier=any&article="+r.Article.ID).Items
			for _, c := range cited {
				if !strings.Contains(body, "/claims/"+c.Record.ID) {
					t.Errorf("%q does not link to claim %s", r.Article.Title, c.Record.ID)
				}
			}
			for line := range strings.Lines(r.Article.Text) {
				line = strings.TrimSpace(line)
				quoted := false
				for _, c := range cited {
					for _, ct := range c.Record.Citations {
						quoted = quoted || ct.ArticleID == r.Article.ID && strings.Contains(line, ct.Quote.Exact)
					}
				}
				start := htmlText(line[:min(len(line), 12)])
				if shown := strings.Contains(htmlText(body), start); shown != (full || quoted) {
					t.Errorf("%q, full %t, quoted %t: paragraph %q shown %t", r.Article.Title, full, quoted, line, shown)
				}
			}
		}
	}
}

// htmlText takes the marks out of a page, so that text can be looked for in it.
func htmlText(s string) string {
	return strings.NewReplacer("<mark>", "", "&#39;", "'", "&#34;", `"`, "&amp;", "&").Replace(s)
}

// TestAnnotate: paragraphs of any article and quotes join back to the text.
func TestAnnotate(t *testing.T) {
	records := sinktest.Records()
	f := newFixture(t, records, func(c *Config) { c.FullText = true })
	for _, r := range records {
		if r.Article == nil {
			continue
		}
		claims, err := f.store.Claims(t.Context(), sink.Query{Articles: []string{r.Article.ID}})
		if err != nil {
			t.Fatal(err)
		}
		views, notes := f.desk.annotate(r.Article, claims.Items)
		var text []string
		marks := 0
		for _, v := range views {
			line := ""
			for _, p := range v.Parts {
				line += p.Text
				if p.Mark != "" {
					marks++
				}
			}
			text = append(text, line)
		}
		if got := strings.Join(text, "\n"); got != r.Article.Text {
			t.Errorf("%q shows %q, want %q", r.Article.Title, got, r.Article.Text)
		}
		if marks == 0 || notes < marks {
			t.Errorf("%q: %d marks, %d notes", r.Article.Title, marks, notes)
		}
	}
}

// TestFrozen: a link to a moment shows what was known then, whatever came later.
func TestFrozen(t *testing.T) {
	records := sinktest.Records()
	changes := sinktest.Changes(records)
	series := schemas.ID("s", "quake-toll")
	var told []string // when figures of the series came
	for _, c := range changes {
		if c.Claim.SeriesID == series && c.Change == schemas.ChangeAsserted {
			told = append(told, c.KnownAt)
		}
	}
	at := told[1]
	early := records[:0:0]
	for _, r := range records {
		if r.Change == nil || r.Change.KnownAt <= at {
			early = append(early, r)
		}
	}
	then, now := newFixture(t, early), newFixture(t, records)
	view := func(f *fixture, path string) string {
		resp, body := f.get(t, path)
		if resp.StatusCode != 200 {
			t.Fatalf("%s: %d", path, resp.StatusCode)
		}
		_, body, _ = strings.Cut(body, "<tbody>")
		body, _, _ = strings.Cut(body, "</tbody>")
		return body
	}
	frozen := "/series/" + series + "?" + url.Values{"known_at": {at}}.Encode()
	want := view(then, frozen)
	if got := view(now, frozen); got != want || got == "" {
		t.Errorf("as known at %s: %s\nwant %s", at, got, want)
	}
	if view(now, "/series/"+series) == want {
		t.Error("nothing changed since: the test shows nothing")
	}
	if resp, body := now.get(t, "/series/"+series+"?known_at=soon"); resp.StatusCode != 400 || !strings.Contains(body, "not a date") {
		t.Errorf("known_at=soon: %d", resp.StatusCode)
	}
	apiThen, apiNow := seriesOf(t, then, "/api/v1/series/"+series), seriesOf(t, now, "/api/v1/series/"+series+"?"+url.Values{"known_at": {at}}.Encode())
	if d := cmp.Diff(valuesOf(apiThen), valuesOf(apiNow)); d != "" {
		t.Errorf("figures as known at %s (-then +now):\n%s", at, d)
	}
	if len(apiNow.Envelope.Origins) == 0 {
		t.Errorf("no envelope as known at %s", at)
	}
	if apiNow.Preferred == nil || apiThen.Preferred == nil || apiNow.Preferred.Claim != apiThen.Preferred.Claim {
		t.Errorf("preferred as known at %s: %v, want %v", at, apiNow.Preferred, apiThen.Preferred)
	}
	last := changes[len(changes)-1].Claim
	if resp, _ := now.get(t, "/claims/"+last.ID+"?known_at=2001"); resp.StatusCode != 404 {
		t.Errorf("a claim before it was known: %d, want 404", resp.StatusCode)
	}
	if resp, body := now.get(t, "/claims/"+last.ID+"?known_at=2999"); resp.StatusCode != 200 || !strings.Contains(body, "As it was known on") || strings.Contains(body, `name="why"`) {
		t.Errorf("a claim as known in the end: %d", resp.StatusCode)
	}
}

func seriesOf(t *testing.T, f *fixture, path string) schemas.Series {
	t.Helper()
	return answer[schemas.Series](t, f, path)
}

// valuesOf lists the figures of a series by day.
func valuesOf(s schemas.Series) (out []string) {
	for _, p := range s.Points {
		out = append(out, fmt.Sprintln(p.AsOf, decimal(p.Value), decimal(p.Min), decimal(p.Max), p.Superseded, p.Origins))
	}
	slices.Sort(out)
	return out
}

// TestPolicies: one series, four preferred figures, in the API and on the page.
func TestPolicies(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	path := "/series/" + schemas.ID("s", "quake-toll")
	chosen := map[string]bool{}
	for _, p := range sink.Policies {
		s := seriesOf(t, f, "/api/v1"+path+"?policy="+string(p))
		if s.Preferred == nil || s.Preferred.Policy != string(p) {
			t.Fatalf("policy %s: preferred %v", p, s.Preferred)
		}
		chosen[s.Preferred.Claim] = true
		_, body := f.get(t, "/api/v1/series?q=tarsova&measure=person-killed&policy="+string(p))
		var page sink.SeriesPage
		if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Items) != 1 || page.Items[0].Preferred == nil || *page.Items[0].Preferred != *s.Preferred {
			t.Errorf("the list with policy %s: %v, %s, want %+v", p, err, body, s.Preferred)
		}
		if _, body := f.get(t, "/series?policy="+string(p)); !strings.Contains(body, `<option value="`+string(p)+`" selected>`) || !strings.Contains(body, path+"?policy="+string(p)+`"`) {
			t.Errorf("the page of the list does not keep the policy %s", p)
		}
		if _, body := f.get(t, path+"?policy="+string(p)); !strings.Contains(body, "/claims/"+s.Preferred.Claim+"\">") || !strings.Contains(body, policyLabel(string(p))+". All figures") {
			t.Errorf("the page does not say what %s prefers", p)
		}
	}
	if len(chosen) < 2 {
		t.Error("all policies choose one figure: the test shows nothing")
	}
	if resp, _ := f.get(t, "/api/v1/series?policy=cheapest"); resp.StatusCode != 400 {
		t.Errorf("a list with a policy that is none: %d", resp.StatusCode)
	}
	for _, query := range []string{"policy=cheapest", "known_at=soon", "colour=red"} {
		if resp, body := f.get(t, "/api/v1"+path+"?"+query); resp.StatusCode != 400 {
			t.Errorf("%s: %d %s", query, resp.StatusCode, body)
		}
	}
}

// TestExports: the chart and the card are files that stand alone.
func TestExports(t *testing.T) {
	records := sinktest.Records()
	f := newFixture(t, records)
	path := "/series/" + schemas.ID("s", "quake-toll")
	for name, kind := range map[string]string{"/chart.svg": "image/svg+xml", "/card.html": "text/html; charset=utf-8"} {
		resp, body := f.get(t, path+name)
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != kind || !strings.Contains(body, "<svg") || !strings.Contains(body, "<circle") {
			t.Errorf("%s: %d %s", name, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
		for _, foreign := range []string{"<script", "src=", "<link", "@import", "url("} {
			if strings.Contains(body, foreign) {
				t.Errorf("%s loads something: %s", name, foreign)
			}
		}
		if name == "/chart.svg" {
			if err := xml.Unmarshal([]byte(body), new(struct{ XMLName xml.Name })); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	_, body := f.get(t, path)
	if n := strings.Count(body, `<li><svg width="12"`); n < 2 {
		t.Errorf("%d origins in the legend, want 2 or more", n)
	}
	if !strings.Contains(body, `class="o1 dot`) || !strings.Contains(body, "“") {
		t.Error("no second colour, or no quote to hover")
	}
	if resp, _ := f.get(t, "/series/"+schemas.ID("s", "bid")+"/chart.svg"); resp.StatusCode != 404 {
		t.Errorf("chart of a series of one day: %d, want 404", resp.StatusCode)
	}
}

// feedList is a list of feeds in memory.
type feedList struct{ feeds []Feed }

func (l *feedList) Feeds(context.Context) ([]Feed, error) { return l.feeds, nil }

func (l *feedList) CheckFeed(_ context.Context, u string) (*FeedPreview, error) {
	if strings.Contains(u, "down") {
		return &FeedPreview{}, errors.New("it answers 503 <b>now</b>")
	}
	return &FeedPreview{Title: "Harbour <i>news</i>", Kind: "rss", Items: 3, Rhythm: 3600, Robots: "allowed", Titles: []string{"One", "Two"}, CanBeFed: true}, nil
}

func (l *feedList) AddFeed(_ context.Context, u string) error {
	l.feeds = append(l.feeds, Feed{URL: u})
	return nil
}

func TestSourcesPage(t *testing.T) {
	list := &feedList{feeds: []Feed{{
		URL: "https://a.example/feed", Polls: 3, Failed: 1, Articles: 7, Error: "answers 500", Skipped: 5,
		Reasons: []sink.Count{{Value: "paywall", Count: 4}, {Value: "robots", Count: 1}}, Recent: []SkippedArticle{{URL: "https://a.example/<walled>", Reason: "robots", At: "2025-11-25T10:00:00Z"}},
	}}}
	f := newFixture(t, sinktest.Records(), func(c *Config) {
		c.Feeds = list
		c.Health = func(context.Context) (*Health, error) {
			return &Health{
				Stages: []StageHealth{{"extractor", "ARTICLES", 12}}, Skipped: []sink.Count{{Value: "language de", Count: 4}},
				Dead: []Dead{{At: "2025-11-25T10:00:00Z", Stage: "fetcher", Reason: "no <text>", URL: "https://a.example/1"}}, DeadAll: 1,
				Webhooks: []WebhookHealth{{Name: "night", Host: "hooks.example", State: "failing", Problem: "answered 502"}},
			}, nil
		}
	})
	v := f.visit(t)
	_, page := v.page("/sources")
	for _, want := range []string{"answers 500", "paywall 4", "robots: <bdi>https://a.example/&lt;walled&gt;</bdi>", "25 Nov 2025", "language de", "no &lt;text&gt;", "hooks.example", "answered 502", "extractor", "Harbour Post"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if _, body := v.send("/sources", page, url.Values{"url": {"down.example/feed"}, "step": {"check"}}); !strings.Contains(body, "503 &lt;b&gt;") || strings.Contains(body, "Add this feed") {
		t.Error("a feed that cannot be read is offered")
	}
	_, preview := v.send("/sources", page, url.Values{"url": {"b.example/feed"}, "step": {"check"}})
	if !strings.Contains(preview, "Harbour &lt;i&gt;") || !strings.Contains(preview, "Add this feed") || len(list.feeds) != 1 {
		t.Errorf("no preview, or %d feeds after it", len(list.feeds))
	}
	if status, body := v.send("/sources", preview, url.Values{"url": {"https://b.example/feed"}, "step": {"add"}}); status != 200 || !strings.Contains(body, "Added") {
		t.Errorf("add: %d", status)
	}
	if len(list.feeds) != 2 || list.feeds[1].URL != "https://b.example/feed" {
		t.Errorf("feeds %+v", list.feeds)
	}
	if status, _ := v.send("/sources", page, url.Values{"url": {"javascript:alert(1)"}, "step": {"add"}}); status != 400 || len(list.feeds) != 2 {
		t.Errorf("javascript address: %d", status)
	}
	if status, _ := v.send("/sources", "", url.Values{"url": {"https://c.example/"}, "step": {"add"}, "csrf": {"x"}}); status != 403 || len(list.feeds) != 2 {
		t.Errorf("without a CSRF token: %d", status)
	}
	resp, body := f.post(t, "/api/v1/feeds", "application/json", `{"url":"https://d.example/feed"}`)
	if resp.StatusCode != 202 || len(list.feeds) != 3 {
		t.Errorf("API: %d %s", resp.StatusCode, body)
	}
	if resp, _ := f.post(t, "/api/v1/feeds", "application/json", `{"url":"file:///etc/passwd"}`); resp.StatusCode != 400 {
		t.Errorf("API, file address: %d", resp.StatusCode)
	}
}
