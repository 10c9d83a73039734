package desk

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/desk/browsertest"
	"github.com/claimwire/claimwire/sink/sinktest"
)

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
	b := browsertest.New(t)
	records := sinktest.Records()
	f := newFixture(t, records)
	b.Show(f.URL+"/", 1200, 900, "light", ".claim")
	claims := browsertest.Eval[[]shown](b, readClaims)
	b.Shoot("list-light")
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
	b.Do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
	if focused := browsertest.Eval[string](b, `document.activeElement.dataset.claim`); focused != claims[1].ID {
		t.Errorf("j j moves to %q, want the second claim %q", focused, claims[1].ID)
	}

	// The filter form, once the page has stopped scrolling: a click needs a place.
	browsertest.Eval[bool](b, `scrollTo({top: 0, behavior: 'instant'}); true`)
	b.Do(chromedp.SetValue(chromedp.CSS(`select[name=country]`), "TR"), chromedp.Click(chromedp.CSS(".filters button")), chromedp.WaitVisible(chromedp.CSS(".filters .clear")))
	b.Wait(`document.readyState === 'complete'`)
	claims = browsertest.Eval[[]shown](b, readClaims)
	address := browsertest.Eval[string](b, `location.href`)
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
		b.Show(f.URL+c.path, c.width, c.height, c.scheme, ".claim")
		if wide := browsertest.Eval[int64](b, `document.documentElement.scrollWidth`); wide > c.width {
			t.Errorf("%s is %d pixels wide in a window of %d", c.name, wide, c.width)
		}
		b.Shoot(c.name)
	}
	b.Do(chromedp.Navigate(f.URL+"/sources"), chromedp.WaitVisible(chromedp.CSS(".history")))
	if rows := browsertest.Eval[int](b, `document.querySelectorAll('tbody tr').length`); rows != 6 {
		t.Errorf("%d sources, want 6", rows)
	}
	b.Shoot("sources")
	if bad := b.Complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// TestBrowserArticles: the list of articles on a phone, filtered through its form, leads
// to an article with its claims in place by keyboard.
func TestBrowserArticles(t *testing.T) {
	b := browsertest.New(t)
	f := newFixture(t, sinktest.Records())
	b.Show(f.URL+"/articles", 390, 844, "dark", ".articles li")
	if wide := browsertest.Eval[int64](b, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the list is %d pixels wide in a window of 390", wide)
	}
	b.Shoot("articles-phone-dark")
	if n, want := browsertest.Eval[int](b, `document.querySelectorAll('.articles li').length`), len(f.articles(t, "").Items); n != want {
		t.Errorf("the list shows %d articles, want %d", n, want)
	}
	b.Do(chromedp.SetValue(chromedp.CSS("input[name=publisher]"), "Harbour Post"), chromedp.Click(chromedp.CSS(".filters button")), chromedp.WaitVisible(chromedp.CSS(".chips")))
	b.Wait(`document.readyState === 'complete'`)
	if n := browsertest.Eval[int](b, `[...document.querySelectorAll('.articles li')].filter(l => l.textContent.includes('Harbour Post')).length`); n != 3 {
		t.Errorf("%d articles of the publisher, want 3", n)
	}
	title := browsertest.Eval[string](b, `document.querySelector('.articles a').textContent`)
	browsertest.Eval[bool](b, `document.querySelector('.articles a').focus(); true`)
	b.Do(chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".annotated, .note")))
	b.Wait(`document.readyState === 'complete'`)
	if got := browsertest.Eval[string](b, `document.querySelector('h1').textContent`); got != title {
		t.Errorf("%q leads to %q", title, got)
	}
	if bad := b.Complaints(); len(bad) > 0 {
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
	b := browsertest.New(t)
	records := sinktest.Records()
	f := newFixture(t, records[:12])
	before := len(f.claims(t, "").Items)
	b.Show(f.URL+"/", 1200, 900, "light", ".claim")
	browsertest.Eval[bool](b, `window.kept = true`)
	if err := f.store.Write(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	for _, c := range sinktest.Changes(records[12:]) {
		f.wire.add(c)
	}
	b.Do(chromedp.WaitVisible(chromedp.CSS(".claim.fresh")))
	after := browsertest.Eval[int](b, `document.querySelectorAll('.claim').length`)
	kept := browsertest.Eval[bool](b, `window.kept === true`)
	if after <= before || !kept {
		t.Errorf("%d claims before, %d after, page kept %t", before, after, kept)
	}
	if bad := b.Complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// TestBrowserHostile: markup, scripts and direction overrides of the web stay text.
func TestBrowserHostile(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
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
	b.Show(f.URL+"/", 390, 844, "light", ".claim")
	claims := browsertest.Eval[[]shown](b, readClaims)
	foreign := browsertest.Eval[int](b, `document.querySelectorAll('main script, main img, main iframe, a[href^="javascript"], [onerror], [style]').length`)
	body := browsertest.Eval[string](b, `document.body.innerText`)
	b.Shoot("hostile")
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
	if bad := b.Complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
