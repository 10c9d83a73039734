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
		chromedp.WSURLReadTimeout(60*time.Second))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
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

// TestFirstMinutes is a new user without a manual: an empty list leads to the page
// where a feed is looked at and added, its claims appear in the list without a
// reload, one is opened and proves its words, and the list is taken as CSV.
func TestFirstMinutes(t *testing.T) {
	b := newTab(t)
	in, newsroom := newsroomInstance(t)
	visible := func(selector string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(chromedp.CSS(selector))
	}
	click := func(selector string) chromedp.Action[chromedp.Void] { return chromedp.Click(chromedp.CSS(selector)) }
	b.do(chromedp.EmulateViewport(1200, 900), chromedp.Navigate(in.address()+"/"), visible(".note"))
	b.do(click(`.note a[href="/sources"]`), visible(`input[name=url]`))
	feed := newsroom.Feeds()[0]
	b.do(chromedp.SendKeys(chromedp.CSS(`input[name=url]`), feed), click(`button[value=check]`), visible(`button[value=add]`))
	if n := b.text(`String(document.querySelectorAll('.preview li').length)`); n == "0" {
		t.Error("the preview names no items")
	}
	b.do(click(`button[value=add]`), visible(`[role=status]`), click(`[role=status] a[href="/"]`), visible(".claim"))
	b.text(`new Promise(done => { const look = () => document.querySelectorAll('.claim').length > 3 ? done('') : setTimeout(look, 100); look(); })`)

	claim := b.text(`document.querySelector('.claim').dataset.claim`)
	b.do(click(".claim h3 a"), visible("mark"))
	if at := b.text(`location.pathname`); !strings.HasPrefix(at, "/claims/") {
		t.Errorf("a click on claim %s leads to %s", claim, at)
	}
	mark := b.text(`[...document.querySelector('mark').childNodes].map(n => n.textContent).join('')`)
	found := false
	for _, a := range newsroom.Articles() {
		found = found || strings.Contains(a.Text()+"\n"+a.Title, mark)
	}
	if mark == "" || !found {
		t.Errorf("%q is highlighted, which no article says", mark)
	}
	b.do(click(`.brand`), visible(".claim"))
	csv := b.text(`fetch([...document.querySelectorAll('.pager a')].find(a => a.textContent === 'CSV').href).then(r => r.text())`)
	if !strings.HasPrefix(csv, "claim,value,") || strings.Count(csv, "\r\n") < 4 {
		t.Errorf("the CSV begins with %q", csv[:min(len(csv), 60)])
	}
	b.shoot("readme-list")
	for tries := 0; b.text(`String(!!document.querySelector('select[name=measure] option[value=person-killed]'))`) != "true"; tries++ {
		if tries == 100 {
			t.Fatal("no claim of people killed comes")
		}
		time.Sleep(100 * time.Millisecond)
		b.do(chromedp.Reload(), visible(".claim"))
	}
	b.do(chromedp.SetValue(chromedp.CSS("select[name=measure]"), "person-killed"), click(".filters button"), visible(".chips"))
	b.do(click(".claim h3 a"), visible(`.pager a[href^="/series/"]`), click(`.pager a[href^="/series/"]`), visible(".history tbody a"))
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
