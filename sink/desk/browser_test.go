package desk

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// screenshots is the environment variable that names a folder for pictures of
// the pages. Without it none are taken.
const screenshots = "CLAIMWIRE_TEST_SCREENSHOTS"

// A browser is a headless Chromium with one tab, and what it complained about.
type browser struct {
	ctx context.Context
	mu  sync.Mutex
	bad []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		sinktest.Missing(t, "a Chromium browser", "chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 6*time.Minute)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx}
	err := chromedp.Listen(ctx, func(ev any) {
		switch e := ev.(type) {
		case *cdplog.EventEntryAdded: // content security policy, failed loads
			b.complain(fmt.Sprint(e.Entry.Source, ": ", e.Entry.Text, " ", e.Entry.URL))
		case *runtime.EventExceptionThrown:
			b.complain("exception: " + e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			b.complain(fmt.Sprint("console.", e.Type))
		case *page.EventJavascriptDialogOpening:
			b.complain("dialog: " + e.Message)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) complain(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bad = append(b.bad, what)
}

func (b *browser) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bad
}

func (b *browser) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatalf("browser: %v; it complained about %q", err, b.complaints())
	}
}

// eval returns the value of a JavaScript expression in the page.
func eval[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("browser: %s: %v", expression, err)
	}
	return v
}

// open shows a page in a window of the given size and colour scheme.
func (b *browser) open(t *testing.T, address string, width, height int64, scheme string) {
	t.Helper()
	b.show(t, address, width, height, scheme, ".claim")
}

// show is open for a page that is there once it has an element of selector.
func (b *browser) show(t *testing.T, address string, width, height int64, scheme, selector string) {
	t.Helper()
	media := func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return chromedp.Void{}, err
	}
	b.do(t, chromedp.EmulateViewport(width, height), media, chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(selector)))
}

// shoot takes a picture of the whole page.
func (b *browser) shoot(t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv(screenshots)
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// shown is what the page's document has of one claim.
type shown struct {
	ID    string   `json:"id"`
	Marks []string `json:"marks"`
	Text  []string `json:"text"`
	Links []string `json:"links"`
}

const readClaims = `[...document.querySelectorAll('.claim')].map(c => ({
	id: c.dataset.claim,
	marks: [...c.querySelectorAll('mark')].map(m => m.textContent),
	text: [...c.querySelectorAll('blockquote')].map(m => m.textContent),
	links: [...c.querySelectorAll('.from a[rel]')].map(a => a.getAttribute('href')),
}))`

func TestBrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	records := sinktest.Records()
	f := newFixture(t, records)
	b.open(t, f.URL+"/", 1200, 900, "light")
	claims := eval[[]shown](t, b, readClaims)
	b.shoot(t, "list-light")
	want := map[string]schemas.Claim{}
	for _, c := range f.claims(t, "").Items {
		want[c.Record.ID] = c.Record
	}
	if len(claims) != len(want) {
		t.Errorf("the page shows %d claims, want %d", len(claims), len(want))
	}
	for _, c := range claims {
		cites := want[c.ID].Citations
		if len(c.Marks) != len(cites) {
			t.Errorf("claim %s shows %d quotes, want %d", c.ID, len(c.Marks), len(cites))
			continue
		}
		for i, ct := range cites {
			if c.Marks[i] != ct.Quote.Exact {
				t.Errorf("highlighted %q, want %q", c.Marks[i], ct.Quote.Exact)
			}
			if p := paragraphOf(records, &ct); strings.TrimSpace(c.Text[i]) != p {
				t.Errorf("quoted in %q, want the paragraph %q", c.Text[i], p)
			}
			if c.Links[i] != ct.URL {
				t.Errorf("link to %q, want %q", c.Links[i], ct.URL)
			}
		}
	}

	// Keyboard: j goes to the first claim, then the second.
	b.do(t, chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
	if focused := eval[string](t, b, `document.activeElement.dataset.claim`); focused != claims[1].ID {
		t.Errorf("j j moves to %q, want the second claim %q", focused, claims[1].ID)
	}

	// The filter form, once the page has stopped scrolling: a click needs a place.
	eval[bool](t, b, `scrollTo({top: 0, behavior: 'instant'}); true`)
	b.do(t, chromedp.SetValue(chromedp.CSS(`select[name=country]`), "TR"), chromedp.Click(chromedp.CSS(".filters button")), chromedp.WaitVisible(chromedp.CSS(".filters .clear")))
	waitFor(t, b, `document.readyState === 'complete'`)
	claims = eval[[]shown](t, b, readClaims)
	address := eval[string](t, b, `location.href`)
	if len(claims) != 5 || !strings.Contains(address, "country=TR") {
		t.Errorf("filter by country: %d claims at %s, want 5", len(claims), address)
	}

	for _, c := range []struct {
		name, path, scheme string
		width, height      int64
	}{
		{"list-dark", "/", "dark", 1200, 900},
		{"list-phone", "/", "light", 390, 844},
		{"claim", "/claims/" + schemas.ID("c", "quake-toll", "58", "exact"), "light", 1200, 900},
		{"series", "/series/" + schemas.ID("s", "quake-toll"), "light", 1200, 900},
		{"series-phone-dark", "/series/" + schemas.ID("s", "quake-toll"), "dark", 390, 844},
	} {
		b.open(t, f.URL+c.path, c.width, c.height, c.scheme)
		if wide := eval[int64](t, b, `document.documentElement.scrollWidth`); wide > c.width {
			t.Errorf("%s is %d pixels wide in a window of %d", c.name, wide, c.width)
		}
		b.shoot(t, c.name)
	}
	b.do(t, chromedp.Navigate(f.URL+"/sources"), chromedp.WaitVisible(chromedp.CSS(".history")))
	if rows := eval[int](t, b, `document.querySelectorAll('tbody tr').length`); rows != 6 {
		t.Errorf("%d sources, want 6", rows)
	}
	b.shoot(t, "sources")
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// TestBrowserArticles: the list of articles on a phone, filtered through its form, leads
// to an article with its claims in place by keyboard.
func TestBrowserArticles(t *testing.T) {
	b := newBrowser(t)
	f := newFixture(t, sinktest.Records())
	b.show(t, f.URL+"/articles", 390, 844, "dark", ".articles li")
	if wide := eval[int64](t, b, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the list is %d pixels wide in a window of 390", wide)
	}
	b.shoot(t, "articles-phone-dark")
	if n, want := eval[int](t, b, `document.querySelectorAll('.articles li').length`), len(f.articles(t, "").Items); n != want {
		t.Errorf("the list shows %d articles, want %d", n, want)
	}
	b.do(t, chromedp.SetValue(chromedp.CSS("input[name=publisher]"), "Harbour Post"), chromedp.Click(chromedp.CSS(".filters button")), chromedp.WaitVisible(chromedp.CSS(".chips")))
	waitFor(t, b, `document.readyState === 'complete'`)
	if n := eval[int](t, b, `[...document.querySelectorAll('.articles li')].filter(l => l.textContent.includes('Harbour Post')).length`); n != 3 {
		t.Errorf("%d articles of the publisher, want 3", n)
	}
	title := eval[string](t, b, `document.querySelector('.articles a').textContent`)
	eval[bool](t, b, `document.querySelector('.articles a').focus(); true`)
	b.do(t, chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".annotated, .note")))
	waitFor(t, b, `document.readyState === 'complete'`)
	if got := eval[string](t, b, `document.querySelector('h1').textContent`); got != title {
		t.Errorf("%q leads to %q", title, got)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// paragraphOf returns the line of the article's text that a quote lies in.
func paragraphOf(records []sink.Record, ct *schemas.Citation) string {
	for _, r := range records {
		if a := r.Article; a != nil && a.ID == ct.ArticleID {
			for p := range strings.SplitSeq(a.Text, "\n") {
				if strings.Contains(p, ct.Quote.Exact) {
					return p
				}
			}
		}
	}
	return ""
}

// TestBrowserLive: a claim that comes while the page is open appears without a reload.
func TestBrowserLive(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	records := sinktest.Records()
	f := newFixture(t, records[:12])
	before := len(f.claims(t, "").Items)
	b.open(t, f.URL+"/", 1200, 900, "light")
	eval[bool](t, b, `window.kept = true`)
	if err := f.store.Write(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	for _, c := range sinktest.Changes(records[12:]) {
		f.wire.add(c)
	}
	b.do(t, chromedp.WaitVisible(chromedp.CSS(".claim.fresh")))
	after := eval[int](t, b, `document.querySelectorAll('.claim').length`)
	kept := eval[bool](t, b, `window.kept === true`)
	if after <= before || !kept {
		t.Errorf("%d claims before, %d after, page kept %t", before, after, kept)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// TestBrowserHostile: markup, scripts and direction overrides of the web stay text.
func TestBrowserHostile(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	var records []sink.Record
	for i, text := range sinktest.HostileTexts() {
		for _, r := range sinktest.Hostile(text) {
			r.Sequence = uint64(i + 1)
			if r.Change != nil {
				r.Change.Claim.Citations[0].URL = `javascript:alert("` + text + `")`
			}
			records = append(records, r)
		}
	}
	f := newFixture(t, records)
	b.open(t, f.URL+"/", 390, 844, "light")
	claims := eval[[]shown](t, b, readClaims)
	foreign := eval[int](t, b, `document.querySelectorAll('main script, main img, main iframe, a[href^="javascript"], [onerror], [style]').length`)
	body := eval[string](t, b, `document.body.innerText`)
	b.shoot(t, "hostile")
	if len(claims) != len(sinktest.HostileTexts()) {
		t.Errorf("the page shows %d claims, want %d", len(claims), len(sinktest.HostileTexts()))
	}
	if foreign != 0 {
		t.Errorf("%d elements or attributes came from article text", foreign)
	}
	if !strings.Contains(body, "<script>alert(document.domain)</script>") {
		t.Errorf("the script tag is not shown as text")
	}
	if strings.ContainsAny(body, "\u202e\u2066") {
		t.Errorf("a direction override reached the page")
	}
	for _, c := range claims {
		if len(c.Links) > 0 {
			t.Errorf("a javascript address became a link: %q", c.Links)
		}
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
