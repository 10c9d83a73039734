package desk

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
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
	b := newBrowser(t)
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
			b.show(t, f.URL+path, width, 844, scheme, "body")
			if wide := eval[int64](t, b, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s is %d pixels wide in a window of %d", path, wide, width)
			}
			if strings.HasSuffix(path, "card.html") {
				continue // its policy lets no script run, ours included
			}
			eval[bool](t, b, script+"; true")
			found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](auditExpression, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			for _, v := range found {
				t.Errorf("%s, %s, %d wide: %s", path, scheme, width, v)
			}
			b.shoot(t, fmt.Sprintf("page-%02d-%s", i, scheme))
		}
	}

	// And it does look: a button without a name is found.
	eval[bool](t, b, `document.body.append(document.createElement('button')); true`)
	if found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](auditExpression, chromedp.EvalAwaitPromise)); err != nil || len(found) == 0 {
		t.Errorf("a button without a name: %q, %v", found, err)
	}
}

// TestBrowserSwitches: pause holds the list, the alert shows in the title of a
// page that is not looked at, chips take filters away, p and j work by keyboard.
func TestBrowserSwitches(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	records := sinktest.Records()
	f := newFixture(t, records[:12])
	b.open(t, f.URL+"/?tier=any", 1200, 900, "light")
	b.do(t, chromedp.KeyEvent("p"))
	if on := eval[string](t, b, `document.getElementById('pause').getAttribute('aria-pressed')`); on != "true" {
		t.Errorf("p leaves pause at %q", on)
	}
	b.do(t, chromedp.Click(chromedp.CSS("#watch")))
	eval[bool](t, b, `Object.defineProperty(document, 'hidden', {get: () => true}); true`)
	before := eval[int](t, b, `document.querySelectorAll('.claim').length`)
	if err := f.store.Write(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	for _, c := range sinktest.Changes(records[12:]) {
		f.wire.add(c)
	}
	waitFor(t, b, `document.title.startsWith('(')`)
	if after := eval[int](t, b, `document.querySelectorAll('.claim').length`); after != before {
		t.Errorf("the list went from %d claims to %d while paused", before, after)
	}
	b.do(t, chromedp.Click(chromedp.CSS("#pause")), chromedp.WaitVisible(chromedp.CSS(".claim.fresh")))

	b.open(t, f.URL+"/?tier=any&country=TR", 1200, 900, "light")
	if on := eval[string](t, b, `document.getElementById('watch').getAttribute('aria-pressed')`); on != "false" {
		t.Errorf("another filter is watched: %q", on)
	}
	b.do(t, chromedp.Click(chromedp.CSS(`.chips a[href="/?tier=any"]`)))
	waitFor(t, b, `!location.search.includes('country')`)
	waitFor(t, b, `document.getElementById('watch').getAttribute('aria-pressed') === 'true'`)
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// waitFor waits until a JavaScript expression is true in the page. It asks again
// and again, because a page that is left on the way answers no more.
func waitFor(t *testing.T, b *browser, expression string) {
	t.Helper()
	var err error
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var ok bool
		if ok, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression)); ok && err == nil {
			return
		}
	}
	t.Fatalf("browser: %s: not within two minutes (last answer: %v); it complained about %q", expression, err, b.complaints())
}
