// Package browsertest opens pages in a headless Chromium, for the tests of whatever
// serves them.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/claimwire/claimwire/sink/sinktest"
)

// screenshots is the environment variable that names a folder for pictures of
// the pages. Without it none are taken.
const screenshots = "CLAIMWIRE_TEST_SCREENSHOTS"

// A Tab is the one tab of a browser of its own, and what it complained about. What it
// cannot do ends the test.
type Tab struct {
	t   testing.TB
	ctx context.Context // of the browser's life, which is the test's
	mu  sync.Mutex
	bad []string // owned by mu
}

// New starts a browser, which ends with the test. Without one the test is skipped.
func New(t testing.TB) *Tab {
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
	b := &Tab{t: t, ctx: ctx}
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

func (b *Tab) complain(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bad = append(b.bad, what)
}

// Complaints are the errors, dialogs and console messages so far.
func (b *Tab) Complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bad
}

// Do does one thing after the other.
func (b *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("browser: %v; it complained about %q", err, b.Complaints())
	}
}

// Eval returns the value of a JavaScript expression in the page, of a promise too.
func Eval[T any](b *Tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("browser: %.300s: %v; it complained about %q", expression, err, b.Complaints())
	}
	return v
}

// Wait waits until a JavaScript expression is true in the page. It asks again and
// again from outside, because a page that is left on the way answers no more.
func (b *Tab) Wait(expression string) {
	b.t.Helper()
	var err error
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end) && b.ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		var ok bool
		if ok, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression)); ok && err == nil {
			return
		}
	}
	b.t.Fatalf("browser: %s: not within three minutes (last answer: %v); it complained about %q", expression, err, b.Complaints())
}

// Show opens a page in a window of a size in pixels and with a colour scheme, light or
// dark. The page is there once it has an element of selector.
func (b *Tab) Show(address string, width, height int64, scheme, selector string) {
	b.t.Helper()
	media := func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return chromedp.Void{}, err
	}
	b.Do(chromedp.EmulateViewport(width, height), media, chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Shoot takes a picture of the whole page, for people.
func (b *Tab) Shoot(name string) {
	b.t.Helper()
	b.save(name, chromedp.FullScreenshot(100))
}

// ShootWindow takes a picture of what the window shows of the page.
func (b *Tab) ShootWindow(name string) {
	b.t.Helper()
	b.save(name, chromedp.CaptureScreenshot())
}

func (b *Tab) save(name string, shot chromedp.Action[[]byte]) {
	b.t.Helper()
	dir := os.Getenv(screenshots)
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, shot)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
