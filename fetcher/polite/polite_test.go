package polite

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var start = time.Date(2025, 3, 10, 12, 0, 0, 0, time.UTC)

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		header string
		want   time.Duration
	}{
		{"", 0},
		{"120", 2 * time.Minute},
		{" 0 ", 0},
		{"-5", 0},
		{"999999999", MaxRetryAfter},
		{"99999999999999999999", 0},
		{"Mon, 10 Mar 2025 13:00:00 GMT", time.Hour},
		{"Monday, 10-Mar-25 13:00:00 GMT", time.Hour},
		{"Mon, 10 Mar 2025 11:00:00 GMT", 0},
		{"Mon, 10 Mar 2031 11:00:00 GMT", MaxRetryAfter},
		{"soon", 0},
	}
	for _, tt := range tests {
		h := http.Header{}
		h.Set("Retry-After", tt.header)
		if got := RetryAfter(h, start); got != tt.want {
			t.Errorf("RetryAfter(%q) = %s, want %s", tt.header, got, tt.want)
		}
	}
}

func TestBackoff(t *testing.T) {
	tests := []struct {
		n      int
		random float64
		want   time.Duration
	}{
		{0, 0.5, 500 * time.Millisecond},
		{1, 0.5, time.Second},
		{3, 0.25, 2 * time.Second},
		{10, 1, 30 * time.Second},
		{62, 0.5, 15 * time.Second},
		{1000, 0.5, 15 * time.Second},
		{5, 0, 0},
	}
	for _, tt := range tests {
		if got := Backoff(tt.n, time.Second, 30*time.Second, tt.random); got != tt.want {
			t.Errorf("Backoff(%d, random %g) = %s, want %s", tt.n, tt.random, got, tt.want)
		}
	}
}

// TestLimiterSpacing runs in fake time: ten requests to one host start a delay
// apart and never overlap more than allowed, while another host does not wait.
func TestLimiterSpacing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(Limits{PerHost: 2, Delay: time.Second})
		begin := time.Now()
		var wg sync.WaitGroup
		var now, most atomic.Int32
		var mu sync.Mutex
		var starts []time.Duration
		for range 10 {
			wg.Go(func() {
				release, err := l.Acquire(t.Context(), "a.example", "a.example")
				if err != nil {
					t.Error(err)
					return
				}
				defer release()
				mu.Lock()
				starts = append(starts, time.Since(begin))
				mu.Unlock()
				if n := now.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(5 * time.Second)
				now.Add(-1)
			})
		}
		synctest.Wait()
		if release, err := l.Acquire(t.Context(), "b.example", "b.example"); err != nil || time.Since(begin) != 0 {
			t.Errorf("another host waited %s, %v", time.Since(begin), err)
		} else {
			release()
		}
		wg.Wait()
		if most.Load() != 2 {
			t.Errorf("%d requests at a time, want 2", most.Load())
		}
		for i := 1; i < len(starts); i++ {
			if gap := starts[i] - starts[i-1]; gap < time.Second {
				t.Errorf("request %d started %s after the one before, want at least 1s", i, gap)
			}
		}
	})
}

// TestLimiterDomain checks that hosts of one domain share a limit, and that a
// slow one does not use it up while its own requests wait.
func TestLimiterDomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(Limits{PerHost: 1, PerDomain: 2, Delay: -1})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		hold := func(host string, d time.Duration) {
			wg.Go(func() {
				if release, err := l.Acquire(ctx, host, "blogs.example"); err == nil {
					time.Sleep(d)
					release()
				}
			})
		}
		for range 5 {
			hold("slow.blogs.example", time.Hour)
		}
		synctest.Wait()
		begin := time.Now()
		release, err := l.Acquire(ctx, "quick.blogs.example", "blogs.example")
		if err != nil || time.Since(begin) > 0 {
			t.Errorf("the neighbour of a slow host waited %s, %v", time.Since(begin), err)
		}
		third, done := context.WithTimeout(ctx, time.Minute)
		defer done()
		if _, err := l.Acquire(third, "other.blogs.example", "blogs.example"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a third request at a time to one domain: %v, want it to wait", err)
		}
		release()
		cancel()
		wg.Wait()
	})
}

func TestLimiterHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(Limits{MaxWait: time.Minute})
		l.Hold("a.example", time.Now().Add(30*time.Second))
		begin := time.Now()
		release, err := l.Acquire(t.Context(), "a.example", "a.example")
		if err != nil || time.Since(begin) != 30*time.Second {
			t.Fatalf("held for 30s: waited %s, %v", time.Since(begin), err)
		}
		release()
		until := time.Now().Add(time.Hour)
		l.Hold("a.example", until)
		l.Hold("a.example", time.Now().Add(time.Minute)) // a later answer does not shorten it
		_, err = l.Acquire(t.Context(), "a.example", "a.example")
		var held *HeldError
		if !errors.As(err, &held) || !held.Until.Equal(until) || held.Host != "a.example" {
			t.Errorf("held for an hour: %v, want a HeldError until %s", err, until)
		}
		time.Sleep(time.Hour)
		if release, err := l.Acquire(t.Context(), "a.example", "a.example"); err != nil {
			t.Errorf("after the hold: %v", err)
		} else {
			release()
		}
	})
}

func TestLimiterDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(Limits{})
		l.SetDelay("slow.example", 20*time.Second)
		l.SetDelay("fast.example", 0)
		for host, want := range map[string]time.Duration{"slow.example": 40 * time.Second, "fast.example": 0, "other.example": 2 * time.Second} {
			begin := time.Now()
			for range 3 {
				release, err := l.Acquire(t.Context(), host, host)
				if err != nil {
					t.Fatal(err)
				}
				release()
			}
			if got := time.Since(begin); got != want {
				t.Errorf("three requests to %s took %s, want %s", host, got, want)
			}
		}
	})
}

func TestLimiterForgets(t *testing.T) {
	l := NewLimiter(Limits{Delay: -1, Clock: Clock{NowFunc: func() time.Time { return start }}})
	for i := range maxLanes + 100 {
		host := string(rune('a'+i%26)) + time.Duration(i).String()
		release, err := l.Acquire(t.Context(), host, host)
		if err != nil {
			t.Fatal(err)
		}
		release()
	}
	if len(l.hosts) > maxLanes || len(l.sites) > maxLanes {
		t.Errorf("%d hosts and %d domains remembered, want at most %d", len(l.hosts), len(l.sites), maxLanes)
	}
}

// TestRobots goes through RFC 9309, section by section.
func TestRobots(t *testing.T) {
	tests := []struct {
		name, body, url string
		want            bool
	}{
		{"2.2.1 no group", "User-agent: other\nDisallow: /", "/x", true},
		{"2.2.1 star", "User-agent: *\nDisallow: /x", "/x", false},
		{"2.2.1 own group over star", "User-agent: *\nDisallow: /\n\nUser-agent: claimwire\nDisallow: /y", "/x", true},
		{"2.2.1 token ignores case", "User-agent: ClaimWire\nDisallow: /x", "/x", false},
		{"2.2.1 token before a version", "User-agent: claimwire/2.0\nDisallow: /x", "/x", false},
		{"2.2.1 groups are merged", "User-agent: claimwire\nDisallow: /a\n\nUser-agent: claimwire\nDisallow: /b", "/b", false},
		{"2.2.1 several agents, one group", "User-agent: other\nUser-agent: claimwire\nDisallow: /x", "/x", false},
		{"2.2.1 a token is no prefix", "User-agent: claim\nDisallow: /", "/x", true},
		{"2.2.2 longest match allows", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true},
		{"2.2.2 longest match forbids", "User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", false},
		{"2.2.2 allow wins a tie", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true},
		{"2.2.2 prefix", "User-agent: *\nDisallow: /fish", "/fishing", false},
		{"2.2.2 case of paths counts", "User-agent: *\nDisallow: /Fish", "/fish", true},
		{"2.2.2 empty disallow", "User-agent: *\nDisallow:", "/x", true},
		{"2.2.2 robots.txt itself", "User-agent: *\nDisallow: /", "/robots.txt", true},
		{"2.2.2 percent-encoded", "User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/%62%61%7A", false},
		{"2.2.2 not ASCII", "User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", false},
		{"2.2.3 star in a path", "User-agent: *\nDisallow: /*.pdf", "/a/b.pdf?x", false},
		{"2.2.3 end of a path", "User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", true},
		{"2.2.3 comment", "User-agent: * # all\nDisallow: /x # no", "/x", false},
		{"2.2.4 other records", "Sitemap: https://n.example/s.xml\nUser-agent: *\nCrawl-delay: 3\nDisallow: /x", "/x", false},
		{"2.4 carriage returns", "User-agent: *\r\nDisallow: /x\r\n", "/x", false},
		{"byte order mark", "\xef\xbb\xbfUser-agent: *\nDisallow: /x", "/x", false},
		{"HTML", "<!doctype html><html><body>Not found</body></html>", "/x", true},
		{"2.2.1 names are written without colon space", "user-agent:claimwire\ndisallow:/x", "/x", false},
		{"2.2.1 rules before a group belong to nobody", "Disallow: /x\n\nUser-agent: *\nDisallow: /y", "/x", true},
		{"2.2.1 a blank line ends no group", "User-agent: *\n\nDisallow: /x", "/x", false},
		{"2.2.1 a group without rules allows all", "User-agent: *\nDisallow: /\n\nUser-agent: claimwire\n", "/x", true},
		{"2.2.1 star groups are merged", "User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/b", false},
		{"2.2.1 merged groups keep the longest match", "User-agent: claimwire\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: claimwire\nAllow: /a/b", "/a/b", true},
		{"2.2.1 own group among other agents", "User-agent: *\nUser-agent: claimwire\nDisallow: /x", "/x", false},
		{"2.2.1 group of a longer name", "User-agent: claimwire-images\nDisallow: /", "/x", true},
		{"2.2.1 group of a name in a sentence", "User-agent: bot claimwire\nDisallow: /", "/x", true},
		{"2.2.2 the order of rules does not count", "User-agent: *\nAllow: /\nDisallow: /a", "/a", false},
		{"2.2.2 nor the other way round", "User-agent: *\nDisallow: /a\nAllow: /", "/a", false},
		{"2.2.2 allow of everything", "User-agent: *\nAllow: /", "/x", true},
		{"2.2.2 a file in a forbidden folder", "User-agent: *\nDisallow: /folder/\nAllow: /folder/page", "/folder/page", true},
		{"2.2.2 the folder itself", "User-agent: *\nDisallow: /folder/", "/folder", true},
		{"2.2.2 query is part of the path", "User-agent: *\nDisallow: /x?id=", "/x?id=7", false},
		{"2.2.2 other query", "User-agent: *\nDisallow: /x?id=", "/x?page=7", true},
		{"2.2.2 percent of a reserved character", "User-agent: *\nDisallow: /foo/bar?baz=http%3A%2F%2Ffoo.bar", "/foo/bar?baz=http%3A%2F%2Ffoo.bar", false},
		{"2.2.2 percent-encoded letters in the rule", "User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false},
		{"2.2.2 percent-encoded letters in the address", "User-agent: *\nDisallow: /foo/bar/baz", "/foo/bar/%62%61%7a", false},
		{"2.2.2 an encoded slash is no slash", "User-agent: *\nDisallow: /a/b", "/a%2Fb", true},
		{"2.2.2 lower-case percent", "User-agent: *\nDisallow: /foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", false},
		{"2.2.2 encoded rule, plain path", "User-agent: *\nDisallow: /foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", false},
		{"2.2.2 rule without slash", "User-agent: *\nDisallow: x", "/x", true},
		{"2.2.2 allow with an empty value", "User-agent: *\nAllow:\nDisallow: /x", "/x", false},
		{"2.2.3 star at the end changes nothing", "User-agent: *\nDisallow: /fish*", "/fishing", false},
		{"2.2.3 star in the middle", "User-agent: *\nDisallow: /a*b", "/a/x/b/c", false},
		{"2.2.3 two stars", "User-agent: *\nDisallow: /*/print/*.html", "/a/print/b.html", false},
		{"2.2.3 star matches nothing too", "User-agent: *\nDisallow: /a*b", "/ab", false},
		{"2.2.3 end mark", "User-agent: *\nDisallow: /a$", "/a", false},
		{"2.2.3 end mark and more", "User-agent: *\nDisallow: /a$", "/ab", true},
		{"2.2.3 dollar in the middle is a dollar", "User-agent: *\nDisallow: /a$b", "/a$b", false},
		{"2.2.3 longer pattern over shorter", "User-agent: *\nDisallow: /*.php\nAllow: /open/*.php", "/open/a.php", true},
		{"2.2.3 everything but one", "User-agent: *\nDisallow: /*\nAllow: /open$", "/open", true},
		{"2.2.3 comment after a rule", "User-agent: *\nDisallow: /x#y", "/x", false},
		{"2.2.4 sitemap inside a group", "User-agent: *\nSitemap: https://n.example/s.xml\nDisallow: /x", "/x", false},
		{"2.2.4 unknown line between agents", "User-agent: claimwire\nClean-param: x\nUser-agent: other\nDisallow: /x", "/x", false},
		{"2.4 lines end with carriage return alone", "User-agent: *\rDisallow: /x\r", "/x", false},
		{"2.4 spaces around", "  User-agent :  *  \n\tDisallow\t:\t/x  ", "/x", false},
		{"5.1 example, own name", "User-agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-agent: foobot\nDisallow: /\nAllow: /example/page.html", "/example/page.html", false},
		{"5.1 example, publications", "User-agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/", "/publications/a", true},
		{"5.2 longest match", "User-agent: claimwire\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", false},
		{"empty", "", "/x", true},
		{"binary", "\x00\xff\xfe", "/x", true},
	}
	for _, tt := range tests {
		if got := ParseRobots([]byte(tt.body), "claimwire").Allowed("https://n.example" + tt.url); got != tt.want {
			t.Errorf("%s: Allowed(%s) = %t, want %t in\n%s", tt.name, tt.url, got, tt.want, tt.body)
		}
	}
}

func TestRobotsStatus(t *testing.T) {
	deny := []byte("User-agent: *\nDisallow: /")
	for status, want := range map[int]bool{200: false, 401: true, 403: true, 404: true, 410: true, 500: false, 503: false} {
		if got := RobotsFor(status, deny, "claimwire").Allowed("https://n.example/x"); got != want {
			t.Errorf("status %d: Allowed = %t, want %t", status, got, want)
		}
	}
	if Unreachable().Allowed("https://n.example/x") {
		t.Error("unreachable: allowed")
	}
	big := make([]byte, MaxRobotsBytes, MaxRobotsBytes+100)
	for i := range big {
		big[i] = '\n'
	}
	big = append(big, "User-agent: *\nDisallow: /"...)
	if !ParseRobots(big, "claimwire").Allowed("https://n.example/x") {
		t.Error("a rule beyond 500 KiB was read")
	}
}

func TestCrawlDelay(t *testing.T) {
	tests := []struct {
		body string
		want time.Duration
		ok   bool
	}{
		{"User-agent: *\nCrawl-delay: 5\nDisallow: /x", 5 * time.Second, true},
		{"User-agent: *\nCrawl-delay: 0.5", 500 * time.Millisecond, true},
		{"User-agent: *\nCrawl-delay: 0", 0, true},
		{"User-agent: *\nDisallow: /x\nCrawl-delay: 7", 7 * time.Second, true},
		{"User-agent: *\nCrawl-delay: 5\n\nUser-agent: claimwire\nCrawl-delay: 2", 2 * time.Second, true},
		{"User-agent: *\nCrawl-delay: 5\n\nUser-agent: claimwire\nDisallow: /x", 0, false},
		{"User-agent: other\nCrawl-delay: 5", 0, false},
		{"User-agent: other\nUser-agent: claimwire\nCrawl-delay: 5", 5 * time.Second, true},
		{"User-agent: *\nCrawl-delay: 86400", MaxCrawlDelay, true},
		{"User-agent: *\nCrawl-delay: -1", 0, false},
		{"User-agent: *\nCrawl-delay: soon", 0, false},
		{"", 0, false},
	}
	for _, tt := range tests {
		if got, ok := ParseRobots([]byte(tt.body), "claimwire").CrawlDelay(); got != tt.want || ok != tt.ok {
			t.Errorf("CrawlDelay() = %s, %t, want %s, %t in\n%s", got, ok, tt.want, tt.ok, tt.body)
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nCrawl-delay: 1"), "https://n.example/axb")
	f.Add([]byte("user-agent:x\x00\rallow"), "")
	f.Fuzz(func(t *testing.T, body []byte, url string) {
		r := ParseRobots(body, "claimwire")
		if d, ok := r.CrawlDelay(); d < 0 || d > MaxCrawlDelay || !ok && d != 0 {
			t.Errorf("CrawlDelay() = %s, %t", d, ok)
		}
		r.Allowed(url)
	})
}
