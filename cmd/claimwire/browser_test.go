package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/claimwire/claimwire/sink/desk/browsertest"
)

// follow clicks on something that leads to another page, whose path matches a
// regular expression, and waits until that is there whole: what a page is known by
// may stand on the one before as well.
func follow(b *browsertest.Tab, selector, path string) {
	b.Do(chromedp.Click(chromedp.CSS(selector)))
	b.Wait(`document.readyState === 'complete' && new RegExp('^` + path + `$').test(location.pathname)`)
}

// TestFirstMinutes is a new user without a manual: an empty list leads to the page
// where a feed is looked at and added, its claims appear in the list without a
// reload, one is opened and proves its words, and the list is taken as CSV.
func TestFirstMinutes(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	in, newsroom := newsroomInstance(t)
	visible := func(selector string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(chromedp.CSS(selector))
	}
	b.Do(chromedp.EmulateViewport(1200, 900), chromedp.Navigate(in.address()+"/"), visible(".note"))
	follow(b, `.note a[href="/sources"]`, "/sources")
	feed := newsroom.Feeds()[0]
	b.Do(chromedp.SendKeys(chromedp.CSS(`input[name=url]`), feed), chromedp.Click(chromedp.CSS(`button[value=check]`)), visible(`button[value=add]`))
	b.Wait(`document.readyState === 'complete'`)
	if n := browsertest.Eval[string](b, `String(document.querySelectorAll('.preview li').length)`); n == "0" {
		t.Error("the preview names no items")
	}
	b.Do(chromedp.Click(chromedp.CSS(`button[value=add]`)), visible(`[role=status]`))
	b.Wait(`document.readyState === 'complete'`)
	follow(b, `[role=status] a[href="/"]`, "/")
	b.Wait(`document.querySelectorAll('.claim').length > 3`)

	// All that the feed has is there before anything is clicked: the list moves no more.
	taken(t, in, newsroom, feed)
	eventually(t, "people killed among the filters", func() bool { // they are counted anew every few seconds
		b.Do(chromedp.Reload(), visible(".claim"))
		return browsertest.Eval[string](b, `String(!!document.querySelector('select[name=measure] option[value=person-killed]'))`) == "true"
	})
	follow(b, ".claim h3 a", "/claims/.+")
	mark := browsertest.Eval[string](b, `[...document.querySelector('mark').childNodes].map(n => n.textContent).join('')`)
	found := false
	for _, a := range newsroom.Articles() {
		found = found || strings.Contains(a.Text()+"\n"+a.Title, mark)
	}
	if mark == "" || !found {
		t.Errorf("%q is highlighted, which no article says", mark)
	}
	follow(b, ".brand", "/")
	csv := browsertest.Eval[string](b, `fetch([...document.querySelectorAll('.pager a')].find(a => a.textContent === 'CSV').href).then(r => r.text())`)
	if !strings.HasPrefix(csv, "claim,value,") || strings.Count(csv, "\r\n") < 4 {
		t.Errorf("the CSV begins with %q", csv[:min(len(csv), 60)])
	}
	b.ShootWindow("readme-list")
	b.Do(chromedp.SetValue(chromedp.CSS("select[name=measure]"), "person-killed"), chromedp.Click(chromedp.CSS(".filters button")), visible(".chips"))
	b.Wait(`document.readyState === 'complete' && location.search.includes('person-killed')`)
	follow(b, ".claim h3 a", "/claims/.+")
	follow(b, `.pager a[href^="/series/"]`, "/series/.+")
	if n := browsertest.Eval[string](b, `String(document.querySelectorAll('.history tbody a').length)`); n == "0" {
		t.Error("the series has no figures")
	}
	if bad := b.Complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
