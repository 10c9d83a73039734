package fetcher

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/claimwire/claimwire/schemas"
)

func TestCompression(t *testing.T) {
	encode := map[string]func(io.Writer) io.WriteCloser{
		"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
		"zstd":    func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
		"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
		"raw":     func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 6); return z },
	}
	for name, enc := range encode {
		t.Run(name, func(t *testing.T) {
			label := strings.Replace(name, "raw", "deflate", 1)
			var small, bomb, cut bytes.Buffer
			w := enc(&small)
			io.WriteString(w, page("Ships wait", ""))
			w.Close()
			w = enc(&bomb)
			io.CopyN(w, endless(0), 16<<20)
			w.Close()
			cut.Write(small.Bytes()[:small.Len()/2])
			s := newSite(t)
			s.serve("/a", small.String(), "Content-Encoding", label, "Content-Type", "text/html")
			s.serve("/bomb", bomb.String(), "Content-Encoding", label, "Content-Type", "text/html")
			s.serve("/cut", cut.String(), "Content-Encoding", label, "Content-Type", "text/html")
			f := s.fetcher(nil)
			if a, err := f.Page(t.Context(), "http://news.example/a"); err != nil || a.Title != "Ships wait" {
				t.Errorf("Page = %q, %v", a.Title, err)
			}
			if _, err := f.Page(t.Context(), "http://news.example/bomb"); !errors.Is(err, schemas.ErrMalformed) {
				t.Errorf("bomb of %d bytes: %v, want ErrMalformed", bomb.Len(), err)
			}
			if _, err := f.Page(t.Context(), "http://news.example/cut"); err == nil {
				t.Error("cut body: no error")
			}
		})
	}
}

func TestSlow(t *testing.T) {
	s := newSite(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	s.mux.HandleFunc("/header", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	s.mux.HandleFunc("/body", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, "<p>")
			w.(http.Flusher).Flush()
			select {
			case <-release:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	f := s.fetcher(func(c *Config) {
		c.Timeout, c.HeaderTimeout, c.Retries = 300*time.Millisecond, 100*time.Millisecond, -1
	})
	for _, path := range []string{"header", "body"} {
		_, err := f.Page(t.Context(), "http://news.example/"+path) // without a time-out, it never ends
		if err == nil || !strings.Contains(err.Error(), "timeout") && !strings.Contains(err.Error(), "timed out") || !transient(err) {
			t.Errorf("slow %s: %v, want a passing time-out", path, err)
		}
	}
}

func TestRedirects(t *testing.T) {
	s := newSite(t)
	s.serve("/a", page("Ships wait", ""), "Content-Type", "text/html")
	to := func(code int, where string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", where); w.WriteHeader(code) }
	}
	s.mux.Handle("/loop", to(302, "/loop"))
	s.mux.Handle("/301", to(301, "/308"))
	s.mux.Handle("/308", to(308, "http://www.news.example/a"))
	s.mux.Handle("/mixed", to(301, "/302"))
	s.mux.Handle("/302", to(302, "/a"))
	s.mux.Handle("/file", to(301, "file:///etc/passwd"))
	s.mux.Handle("/inside", to(302, "http://169.254.169.254/latest/meta-data/"))
	s.mux.Handle("/loopback", to(307, s.server.URL+"/a"))
	s.mux.Handle("/nowhere", to(301, ""))
	f := s.fetcher(nil)
	for path, want := range map[string]string{
		"loop": "more than 5 redirects", "file": "not an http or https address", "inside": "address is not public", "loopback": "address is not public", "nowhere": "redirect without a readable Location",
	} {
		if _, err := f.Page(t.Context(), "http://news.example/"+path); err == nil || !strings.Contains(err.Error(), want) || transient(err) {
			t.Errorf("Page(/%s) = %v, want a lasting error with %q", path, err, want)
		}
	}
	for path, moved := range map[string]string{"301": "http://www.news.example/a", "mixed": "http://news.example/302", "302": "", "a": ""} {
		res, err := f.get(t.Context(), request{url: "http://news.example/" + path})
		if err != nil || res.moved != moved {
			t.Errorf("get(/%s): moved %q, %v, want %q", path, res.moved, err, moved)
		}
	}
}

// TestGuard reaches for the loopback in every spelling.
func TestGuard(t *testing.T) {
	s := newSite(t)
	s.serve("/feed", rss("/a"))
	_, port, _ := strings.Cut(strings.TrimPrefix(s.server.URL, "http://"), ":")
	f := s.fetcher(func(c *Config) { c.Retries = -1 })
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"} {
		_, err := f.Page(t.Context(), "http://"+host+":"+port+"/a")
		if err == nil || !errors.Is(err, ErrBlocked) && !strings.Contains(err.Error(), "no such host") {
			t.Errorf("Page(http://%s) = %v, want ErrBlocked", host, err)
		}
	}
	if n := len(s.hits); n != 0 {
		t.Errorf("%d requests came through: %q", n, s.hits)
	}
	open := s.fetcher(func(c *Config) { c.AllowPrivate = true })
	if res, err := open.get(t.Context(), request{url: s.server.URL + "/feed"}); err != nil || res.status != 200 {
		t.Errorf("with AllowPrivate: %v", err)
	}
}

func TestPublic(t *testing.T) {
	for _, ip := range []string{"93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"} {
		if !public(netip.MustParseAddr(ip)) {
			t.Errorf("public(%s) = false", ip)
		}
	}
	for _, ip := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255",
		"198.18.0.1", "192.0.0.8", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
		"::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "::7f00:1", "5f00::1",
	} {
		if public(netip.MustParseAddr(ip)) {
			t.Errorf("public(%s) = true", ip)
		}
	}
}

func TestWall(t *testing.T) {
	s := newSite(t)
	const challenge = `<html><head><title>Just a moment...</title></head><body><p>Enable JavaScript and cookies to continue</p><script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>`
	s.serve("/feed", rss("/200", "/403", "/real", "/header"))
	s.serve("/walled", `<html><head><script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script></head></html>`, "Content-Type", "text/html")
	s.serve("/200", challenge, "Content-Type", "text/html")
	s.serve("/header", "<html><body><p>Please wait while we look at you.</p></body></html>", "Cf-Mitigated", "challenge")
	s.serve("/real", strings.Replace(page("Ships wait", ""), "</body>", `<script src="/cdn-cgi/challenge-platform/x.js"></script></body>`, 1))
	s.mux.HandleFunc("/403", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, challenge)
	})
	f := s.fetcher(nil)
	k := once(t, f, newsFeed, "http://news.example/walled")
	if d := cmp.Diff([]string{"http://news.example/real"}, k.urls()); d != "" {
		t.Errorf("articles (-want +got):\n%s", d)
	}
	for _, want := range []string{
		"/200: a bot wall (Cloudflare) answered", "/header: a bot wall (Cloudflare) answered", "/403: status 403 Forbidden, from a bot wall (Cloudflare)", "/walled: a bot wall (Anubis) answered",
	} {
		if !strings.Contains(k.reasons(), want) {
			t.Errorf("no dead letter says %q:\n%s", want, k.reasons())
		}
	}
}

func TestNoCredentials(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		if u, p, _ := r.BasicAuth(); u != "ann" || p != "secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		io.WriteString(w, rss("/a", "/missing"))
	})
	s.serve("/a", page("Ships wait", ""))
	var log bytes.Buffer
	f := s.fetcher(func(c *Config) { c.Logger = newTextLogger(&log); c.StateDir = s.t.TempDir() })
	k := once(t, f, "http://ann:secret@news.example/feed", "http://ann:secret@news.example/none")
	if len(k.articles) != 1 {
		t.Fatalf("articles %v: %s", k.urls(), k.reasons())
	}
	files, _ := os.ReadDir(f.cfg.StateDir)
	all := fmt.Sprintf("%+v %+v %+v %s", k.articles, k.letters, f.Stats(), log.String())
	for _, e := range files {
		raw, _ := os.ReadFile(f.cfg.StateDir + "/" + e.Name())
		all += string(raw)
	}
	if strings.Contains(all, "secret") {
		t.Errorf("the password is written somewhere: %s", all)
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"https://news.example/feed":                                  "https://news.example/feed",
		"https://ana:pw@news.example/feed?page=2":                    "https://news.example/feed?page=2",
		"https://news.example/feed?page=2&token=abc&key=&author=Roe": "https://news.example/feed?page=2&token=xxxxx&key=&author=Roe",
		"https://news.example/feed?API_KEY=a%20b#x":                  "https://news.example/feed?API_KEY=xxxxx#x",
		"https://news.example/feed?X-Amz-Signature=1&q=a;b":          "https://news.example/feed?X-Amz-Signature=xxxxx&q=a;b",
		"https://news.example/%zz?token=abc":                         "(unreadable address)",
	} {
		if got := redact(in); got != want {
			t.Errorf("redact(%q) = %q, want %q", in, got, want)
		}
	}
	if got := withoutUser("https://ana@news.example/feed?token=abc"); got != "https://news.example/feed?token=abc" {
		t.Errorf("withoutUser = %q", got)
	}
}
