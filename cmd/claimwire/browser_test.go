package main

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

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/claimwire/claimwire/sink/sinktest"
)

// A tab is a page in a headless Chromium, and what it complained about.
type tab struct {
	t   *testing.T
	ctx context.Context
	mu  sync.Mutex
	bad []string
}

func newTab(t *testing.T) *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
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
	b := &tab{t: t, ctx: ctx}
	err = chromedp.Listen(ctx, func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := ev.(type) {
		case *cdplog.EventEntryAdded: // content security policy, failed loads
			b.bad = append(b.bad, fmt.Sprint(e.Entry.Source, ": ", e.Entry.Text, " ", e.Entry.URL))
		case *runtime.EventExceptionThrown:
			b.bad = append(b.bad, "exception: "+e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bad
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("browser: %v; it complained about %q", err, b.complaints())
	}
}

// text returns the value of a JavaScript expression, of a promise too.
func (b *tab) text(expression string) string {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("browser: %s: %v; it complained about %q", expression, err, b.complaints())
	}
	return v
}

// shoot takes a picture of the window, for people, into the folder that
// CLAIMWIRE_TEST_SCREENSHOTS names.
func (b *tab) shoot(name string) {
	b.t.Helper()
	dir := os.Getenv("CLAIMWIRE_TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// follow clicks on something that leads to another page, whose path matches a
// regular expression, and waits until that is there whole: what a page is known by
// may stand on the one before as well.
func (b *tab) follow(selector, path string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
	b.wait(`document.readyState === 'complete' && new RegExp('^` + path + `$').test(location.pathname)`)
}

// wait waits until a JavaScript expression is true in the page. It asks from
// outside, because a page that is left on the way answers no more.
func (b *tab) wait(expression string) {
	b.t.Helper()
	eventually(b.t, expression, func() bool {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression))
		if b.ctx.Err() != nil {
			b.t.Fatalf("browser: %s: %v; it complained about %q", expression, err, b.complaints())
		}
		return ok && err == nil
	})
}

// TestFirstMinutes is a new user without a manual: an empty list leads to the page
// where a feed is looked at and added, its claims appear in the list without a
// reload, one is opened and proves its words, and the list is taken as CSV.
func TestFirstMinutes(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	in, newsroom := newsroomInstance(t)
	visible := func(selector string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(chromedp.CSS(selector))
	}
	b.do(chromedp.EmulateViewport(1200, 900), chromedp.Navigate(in.address()+"/"), visible(".note"))
	b.follow(`.note a[href="/sources"]`, "/sources")
	feed := newsroom.Feeds()[0]
	b.do(chromedp.SendKeys(chromedp.CSS(`input[name=url]`), feed), chromedp.Click(chromedp.CSS(`button[value=check]`)), visible(`button[value=add]`))
	b.wait(`document.readyState === 'complete'`)
	if n := b.text(`String(document.querySelectorAll('.preview li').length)`); n == "0" {
		t.Error("the preview names no items")
	}
	b.do(chromedp.Click(chromedp.CSS(`button[value=add]`)), visible(`[role=status]`))
	b.wait(`document.readyState === 'complete'`)
	b.follow(`[role=status] a[href="/"]`, "/")
	b.wait(`document.querySelectorAll('.claim').length > 3`)

	// All that the feed has is there before anything is clicked: the list moves no more.
	taken(t, in, newsroom, feed)
	eventually(t, "people killed among the filters", func() bool { // they are counted anew every few seconds
		b.do(chromedp.Reload(), visible(".claim"))
		return b.text(`String(!!document.querySelector('select[name=measure] option[value=person-killed]'))`) == "true"
	})
	b.follow(".claim h3 a", "/claims/.+")
	mark := b.text(`[...document.querySelector('mark').childNodes].map(n => n.textContent).join('')`)
	found := false
	for _, a := range newsroom.Articles() {
		found = found || strings.Contains(a.Text()+"\n"+a.Title, mark)
	}
	if mark == "" || !found {
		t.Errorf("%q is highlighted, which no article says", mark)
	}
	b.follow(".brand", "/")
	csv := b.text(`fetch([...document.querySelectorAll('.pager a')].find(a => a.textContent === 'CSV').href).then(r => r.text())`)
	if !strings.HasPrefix(csv, "claim,value,") || strings.Count(csv, "\r\n") < 4 {
		t.Errorf("the CSV begins with %q", csv[:min(len(csv), 60)])
	}
	b.shoot("readme-list")
	b.do(chromedp.SetValue(chromedp.CSS("select[name=measure]"), "person-killed"), chromedp.Click(chromedp.CSS(".filters button")), visible(".chips"))
	b.wait(`document.readyState === 'complete' && location.search.includes('person-killed')`)
	b.follow(".claim h3 a", "/claims/.+")
	b.follow(`.pager a[href^="/series/"]`, "/series/.+")
	if n := b.text(`String(document.querySelectorAll('.history tbody a').length)`); n == "0" {
		t.Error("the series has no figures")
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
