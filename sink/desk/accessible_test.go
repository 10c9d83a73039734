package desk

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/desk/browsertest"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// axe returns axe-core's script.
func axe(t *testing.T) string {
	t.Helper()
	f, err := os.Open("testdata/axe/axe.min.js.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	script, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// auditExpression runs axe-core's rules and returns what is serious or critical.
const auditExpression = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations
	.filter(v => v.impact === 'serious' || v.impact === 'critical')
	.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | ')))`

// TestBrowserAccessible: axe-core finds nothing serious on any page, light and
// dark, wide and on a phone.
func TestBrowserAccessible(t *testing.T) {
	if testing.Short() {
		t.Skip("many pages")
	}
	t.Parallel()
	b := browsertest.New(t)
	script := axe(t)
	records := sinktest.Records()
	f := newFixture(t, records, func(c *Config) {
		c.Review = func(context.Context, *schemas.Review) error { return nil }
		c.Feeds = &feedList{feeds: []Feed{{
			URL: "https://a.example/feed", Polls: 3, Failed: 1, Articles: 7, Error: "answers 500", Skipped: 5,
			Reasons: []sink.Count{{Value: "paywall", Count: 4}, {Value: "robots", Count: 1}}, Recent: []SkippedArticle{{URL: "https://a.example/<walled>", Reason: "robots", At: "2025-11-25T10:00:00Z"}},
		}}}
		c.Health = func(context.Context) (*Health, error) {
			return &Health{
				Stages: []StageHealth{{"extractor", "ARTICLES", 12}}, Skipped: []sink.Count{{Value: "language de", Count: 4}},
				Dead:     []Dead{{At: "2025-11-25T10:00:00Z", Stage: "fetcher", Reason: "answers 404", URL: "https://a.example/1"}},
				Webhooks: []WebhookHealth{{Name: "night", Host: "hooks.example", State: "failing", Problem: "answered 502"}},
			}, nil
		}
	})
	entities, err := f.store.Entities(t.Context(), "selin", 1)
	if err != nil {
		t.Fatal(err)
	}
	article := ""
	for _, r := range records {
		if r.Article != nil {
			article = r.Article.ID
		}
	}
	series, claim := schemas.ID("s", "quake-toll"), schemas.ID("c", "quake-toll", "58", "exact")
	for i, path := range []string{
		"/", "/?country=TR&q=people&min_origins=1", "/?q=nothing+like+this", "/claims/" + claim, "/series/" + series, "/series/" + series + "/card.html",
		"/entities/" + entities[0].ID, "/articles/" + article, "/articles", "/articles?q=nothing+like+this&since=2025", "/series", "/sources", "/login", "/nothing",
	} {
		for _, scheme := range []string{"light", "dark"} {
			width := int64(1200)
			if i%2 == 1 == (scheme == "dark") {
				width = 390
			}
			b.Show(f.URL+path, width, 844, scheme, "body")
			if wide := browsertest.Eval[int64](b, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s is %d pixels wide in a window of %d", path, wide, width)
			}
			if strings.HasSuffix(path, "card.html") {
				continue // its policy lets no script run, ours included
			}
			browsertest.Eval[bool](b, script+"; true")
			for _, v := range browsertest.Eval[[]string](b, auditExpression) {
				t.Errorf("%s, %s, %d wide: %s", path, scheme, width, v)
			}
			b.Shoot(fmt.Sprintf("page-%02d-%s", i, scheme))
		}
	}

	// And it does look: a button without a name is found.
	browsertest.Eval[bool](b, `document.body.append(document.createElement('button')); true`)
	if found := browsertest.Eval[[]string](b, auditExpression); len(found) == 0 {
		t.Error("a button without a name is not found")
	}
}

// TestBrowserSwitches: pause holds the list, the alert shows in the title of a
// page that is not looked at, chips take filters away, p and j work by keyboard.
func TestBrowserSwitches(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	records := sinktest.Records()
	f := newFixture(t, records[:12])
	b.Show(f.URL+"/?tier=any", 1200, 900, "light", ".claim")
	b.Do(chromedp.KeyEvent("p"))
	if on := browsertest.Eval[string](b, `document.getElementById('pause').getAttribute('aria-pressed')`); on != "true" {
		t.Errorf("p leaves pause at %q", on)
	}
	b.Do(chromedp.Click(chromedp.CSS("#watch")))
	browsertest.Eval[bool](b, `Object.defineProperty(document, 'hidden', {get: () => true}); true`)
	before := browsertest.Eval[int](b, `document.querySelectorAll('.claim').length`)
	if err := f.store.Write(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	for _, c := range sinktest.Changes(records[12:]) {
		f.wire.add(c)
	}
	b.Wait(`document.title.startsWith('(')`)
	if after := browsertest.Eval[int](b, `document.querySelectorAll('.claim').length`); after != before {
		t.Errorf("the list went from %d claims to %d while paused", before, after)
	}
	b.Do(chromedp.Click(chromedp.CSS("#pause")), chromedp.WaitVisible(chromedp.CSS(".claim.fresh")))

	b.Show(f.URL+"/?tier=any&country=TR", 1200, 900, "light", ".claim")
	if on := browsertest.Eval[string](b, `document.getElementById('watch').getAttribute('aria-pressed')`); on != "false" {
		t.Errorf("another filter is watched: %q", on)
	}
	b.Do(chromedp.Click(chromedp.CSS(`.chips a[href="/?tier=any"]`)))
	b.Wait(`!location.search.includes('country')`)
	b.Wait(`document.getElementById('watch').getAttribute('aria-pressed') === 'true'`)
	if bad := b.Complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
