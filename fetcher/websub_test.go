package fetcher

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/claimwire/claimwire/fetcher/polite"
)

// A hub is a WebSub hub that the fetcher meets as http://hub.example.
type hub struct {
	*site
	mu    sync.Mutex
	asked []url.Values
}

func newHub(s *site) *hub {
	h := &hub{site: s}
	s.mux.HandleFunc("/hub", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err == nil {
			h.mu.Lock()
			h.asked = append(h.asked, r.PostForm)
			h.mu.Unlock()
		}
		w.WriteHeader(http.StatusAccepted)
	})
	return h
}

// last returns the last request; nil if there was none.
func (h *hub) last() url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.asked) == 0 {
		return nil
	}
	return h.asked[len(h.asked)-1]
}

func hubFeed(hub string) string {
	return strings.Replace(rss("/a"), "<channel>", `<channel xmlns:a="http://www.w3.org/2005/Atom"><a:link rel="hub" href="`+hub+`"/><a:link rel="self" href="http://news.example/feed"/>`, 1)
}

func signature(secret, body string) string {
	m := hmac.New(sha256.New, []byte(secret))
	io.WriteString(m, body)
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

// callback asks the fetcher's handler and returns the status and body.
func callback(f *Fetcher, method, address, body string, headers ...string) (int, string) {
	u, _ := url.Parse(address)
	r := httptest.NewRequest(method, u.RequestURI(), strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	f.Push().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestWebSub(t *testing.T) {
	s := newSite(t)
	h := newHub(s)
	clock := &fakeClock{now: start}
	s.serve("/feed", hubFeed("http://hub.example/hub"))
	s.serve("/a", page("Ships wait", ""))
	dir := t.TempDir()
	open := func() *Fetcher {
		return s.fetcher(func(c *Config) {
			c.Hosts["hub.example"] = s.server.Listener.Addr().String()
			c.Clock, c.StateDir, c.Callback = clock.clock(), dir, "https://me.example/push/"
		})
	}
	f := open()
	poll1 := func() time.Duration {
		k := &sinkhole{}
		p := poll{Fetcher: f, feed: Feed{URL: newsFeed}, emit: k.emit, dead: k.dead}
		return p.run(t.Context())
	}
	before := poll1()
	q := h.last()
	at := q.Get("hub.callback")
	if q.Get("hub.mode") != "subscribe" || q.Get("hub.topic") != newsFeed || !strings.HasPrefix(at, "https://me.example/push/") || len(q.Get("hub.secret")) < 32 {
		t.Fatalf("hub was asked %v", q)
	}
	verify := "?hub.mode=subscribe&hub.topic=" + url.QueryEscape(newsFeed) + "&hub.challenge=abc&hub.lease_seconds=86400"
	tests := []struct {
		name, method, address, body, signature string
		code                                   int
		pushes                                 int64
	}{
		{"news before the hub has verified", "POST", at, "x", signature(q.Get("hub.secret"), "x"), 404, 0},
		{"question about another topic", "GET", at + strings.Replace(verify, "feed", "other", 1), "", "", 404, 0},
		{"question at another address", "GET", "https://me.example/push/0000" + verify, "", "", 404, 0},
		{"a request to unsubscribe", "GET", at + strings.Replace(verify, "subscribe", "unsubscribe", 1), "", "", 404, 0},
		{"question", "GET", at + verify, "", "", 200, 0},
		{"news without signature", "POST", at, "x", "", 202, 0},
		{"news with a wrong signature", "POST", at, "x", signature("guess", "x"), 202, 0},
		{"news with a signature of an unknown kind", "POST", at, "x", "md5=00", 202, 0},
		{"news", "POST", at, "x", signature(q.Get("hub.secret"), "x"), 202, 1},
		{"too much", "POST", at, strings.Repeat("x", maxPush+1), "", 413, 1},
		{"another method", "DELETE", at, "", "", 405, 1},
	}
	for _, tt := range tests {
		code, body := callback(f, tt.method, tt.address, tt.body, "X-Hub-Signature", tt.signature)
		if code != tt.code || f.Stats().Pushes != tt.pushes || code == 200 && body != "abc" {
			t.Errorf("%s: %d %q, %d pushes, want %d, %d", tt.name, code, body, f.Stats().Pushes, tt.code, tt.pushes)
		}
	}
	clock.SleepFor(time.Hour)
	if after := poll1(); after <= before || len(h.asked) != 1 {
		t.Errorf("next poll in %s with a subscription, %s without; hub asked %d times", after, before, len(h.asked))
	}
	// A restart keeps the subscription; it is renewed before it ends.
	f = open()
	f.push.remember(f.state.load(newsFeed).WebSub)
	if code, _ := callback(f, "POST", at, "x", "X-Hub-Signature", signature(q.Get("hub.secret"), "x")); code != 202 || f.Stats().Pushes != 1 {
		t.Errorf("news after a restart: %d", code)
	}
	clock.SleepFor(14 * time.Hour)
	poll1()
	if len(h.asked) != 2 || h.last().Get("hub.callback") != at {
		t.Errorf("hub asked %d times, want a renewal at the same address", len(h.asked))
	}
	files, _ := os.ReadDir(dir)
	for _, e := range files {
		if info, err := e.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s, which has the secret, may be read by others: %v", e.Name(), info.Mode())
		}
	}
}

// TestWebSubInside checks that a feed cannot have the fetcher call a hub inside.
func TestWebSubInside(t *testing.T) {
	s := newSite(t)
	h := newHub(s)
	s.serve("/feed", hubFeed(s.server.URL+"/hub"))
	s.serve("/a", page("Ships wait", ""))
	f := s.fetcher(func(c *Config) { c.Callback = "https://me.example/push" })
	k := &sinkhole{}
	p := poll{Fetcher: f, feed: Feed{URL: newsFeed}, emit: k.emit, dead: k.dead}
	p.run(t.Context())
	if h.last() != nil || len(k.articles) != 1 {
		t.Errorf("hub inside was asked %v; %d articles", h.last(), len(k.articles))
	}
}

// TestWebSubPassword checks that a hub does not learn the password of a feed.
func TestWebSubPassword(t *testing.T) {
	s := newSite(t)
	h := newHub(s)
	s.serve("/feed", strings.Replace(hubFeed("http://hub.example/hub"), "http://news.example/feed", "/feed", 1))
	f := s.fetcher(func(c *Config) {
		c.Hosts["hub.example"], c.Callback = s.server.Listener.Addr().String(), "https://me.example/push"
	})
	for _, feed := range []string{"http://ann:hunter2@news.example/feed", newsFeed} {
		k := &sinkhole{}
		p := poll{Fetcher: f, feed: Feed{URL: feed}, emit: k.emit, dead: k.dead}
		p.run(t.Context())
		if asked := h.last() != nil; asked != (feed == newsFeed) || strings.Contains(fmt.Sprint(h.asked), "hunter2") {
			t.Errorf("%s: hub was asked %v", feed, h.asked)
		}
	}
}

// TestWebSubWakes checks that news is polled for at once.
func TestWebSubWakes(t *testing.T) {
	s := newSite(t)
	h := newHub(s)
	links := []string{"/a"}
	var mu sync.Mutex
	s.mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprint(w, strings.Replace(hubFeed("http://hub.example/hub"), rss("/a")[strings.Index(rss("/a"), "<item>"):], rss(links...)[strings.Index(rss(), "</channel>"):], 1))
	})
	s.serve("/a", page("Ships wait", ""))
	s.serve("/b", page("Fog lifts", ""))
	f := s.fetcher(func(c *Config) {
		c.Hosts["hub.example"] = s.server.Listener.Addr().String()
		c.Clock, c.Callback = polite.Clock{}, "https://me.example/push"
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	k := &sinkhole{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.Run(ctx, []Feed{{URL: newsFeed}}, k.emit, k.dead)
	}()
	until := func(what string, ok func() bool) {
		t.Helper()
		for !ok() {
			select {
			case <-time.After(5 * time.Millisecond):
			case <-ctx.Done():
				t.Fatalf("never: %s", what)
			}
		}
	}
	articles := func() int { k.mu.Lock(); defer k.mu.Unlock(); return len(k.articles) }
	until("first poll", func() bool { return h.last() != nil && articles() == 1 })
	at := h.last().Get("hub.callback")
	callback(f, "GET", at+"?hub.mode=subscribe&hub.topic="+url.QueryEscape(newsFeed)+"&hub.challenge=abc", "")
	mu.Lock()
	links = append(links, "/b")
	mu.Unlock()
	callback(f, "POST", at, "x", "X-Hub-Signature", signature(h.last().Get("hub.secret"), "x"))
	until("poll after the notification", func() bool { return articles() == 2 })
	cancel()
	<-done
}
