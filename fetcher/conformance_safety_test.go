package fetcher

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/net/dns/dnsmessage"
)

// bomb serves 64 MiB of spaces in a few kilobytes.
func (w *world) bomb(encoding string, encoder func(io.Writer) io.WriteCloser) {
	var b bytes.Buffer
	z := encoder(&b)
	io.WriteString(z, "<rss><channel><title>N</title>")
	io.CopyN(z, endless(' '), 64<<20)
	z.Close()
	w.serve("/feed", b.String(), "Content-Encoding", encoding)
	a := w.poll(newsFeed)
	w.check(a.err != nil && strings.Contains(a.err.Error(), "bytes"), "error %v, want one about its size", a.err)
}

// resolver answers every name with the addresses that turn by turn returns.
func (w *world) resolver(turn func(n int) netip.Addr) *net.Resolver {
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { pc.Close() })
	go func() { // ends when pc is closed
		buf := make([]byte, 1500)
		for n := 0; ; {
			k, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:k]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			ip := turn(n)
			head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 0}
			switch {
			case q.Type == dnsmessage.TypeA && ip.Is4():
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: ip.As4()}}}
				n++
			case q.Type == dnsmessage.TypeAAAA && ip.Is6():
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}}}
				n++
			}
			if out, err := m.Pack(); err == nil {
				pc.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", pc.LocalAddr().String())
	}}
}

// resolved polls a feed whose name a hostile name server answers for.
func (w *world) resolved(ip string) {
	w.serve("/feed", rss())
	_, port, _ := net.SplitHostPort(w.server.Listener.Addr().String())
	w.config = func(c *Config) { c.Resolver = w.resolver(func(int) netip.Addr { return netip.MustParseAddr(ip) }) }
	w.fails(w.poll("http://evil.test:"+port+"/feed"), "not public")
	w.check(len(w.hits) == 0, "the server inside was reached: %q", w.hits)
}

// safetyScenarios are about hostile servers.
func safetyScenarios() []scenario {
	inside := func(w *world, from string) { // redirects from to a server inside
		w.mux.HandleFunc(from, func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, w.server.URL+"/inside", http.StatusFound)
		})
	}
	return []scenario{
		{"feed on a loopback address", false, func(w *world) {
			w.serve("/inside", rss("/a"))
			w.fails(w.poll(w.server.URL+"/inside"), "not public")
			w.check(w.seen("/inside") == 0, "the server inside was reached")
		}},
		{"feed that redirects to a loopback address", false, func(w *world) {
			w.serve("/inside", rss("/a"))
			inside(w, "/feed")
			w.fails(w.poll(newsFeed), "not public")
			w.check(w.seen("/inside") == 0, "the server inside was reached")
		}},
		{"item on a loopback address", true, func(w *world) {
			w.article("/inside", "Secret")
			w.serve("/feed", rss(w.server.URL+"/inside"))
			w.fails(w.poll(newsFeed), "not public")
			w.check(w.seen("/inside") == 0, "the server inside was reached")
		}},
		{"page that redirects to a loopback address", true, func(w *world) {
			w.article("/inside", "Secret")
			w.serve("/feed", rss("/a"))
			inside(w, "/a")
			w.fails(w.poll(newsFeed), "not public")
			w.check(w.seen("/inside") == 0, "the server inside was reached")
		}},
		{"robots.txt that redirects to a loopback address", true, func(w *world) {
			w.serve("/inside", "User-agent: *\nAllow: /")
			w.serve("/feed", rss("/a"))
			w.article("/a", "A")
			inside(w, "/robots.txt")
			w.poll(newsFeed)
			w.check(w.seen("/inside") == 0, "the server inside was reached")
		}},
		{"name of a loopback address", false, func(w *world) { w.resolved("127.0.0.1") }},
		{"name of a loopback address in IPv6 dress", false, func(w *world) { w.resolved("::ffff:127.0.0.1") }},
		{"name of a private address behind NAT64", false, func(w *world) { w.resolved("64:ff9b::a00:1") }},
		{"name of the cloud's metadata service", false, func(w *world) { w.resolved("169.254.169.254") }},
		{"name that answers with a public address first and a private one then", false, func(w *world) {
			w.serve("/feed", rss())
			_, port, _ := net.SplitHostPort(w.server.Listener.Addr().String())
			w.config = func(c *Config) {
				c.Retries, c.HeaderTimeout, c.Timeout = -1, 200*time.Millisecond, 400*time.Millisecond
				c.Resolver = w.resolver(func(n int) netip.Addr {
					if n == 0 {
						return netip.MustParseAddr("192.31.196.1") // public, and nobody answers there
					}
					return netip.MustParseAddr("127.0.0.1")
				})
			}
			w.poll("http://evil.test:" + port + "/feed")
			w.clock.SleepFor(24 * time.Hour)
			w.fails(w.poll("http://evil.test:"+port+"/feed"), "not public")
			w.check(len(w.hits) == 0, "the server inside was reached: %q", w.hits)
		}},
		{"schemes other than HTTP", false, func(w *world) {
			w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Location", "file:///etc/passwd")
				rw.WriteHeader(302)
			})
			w.fails(w.poll(newsFeed), "")
		}},
		{"header that never comes", false, func(w *world) {
			w.config = func(c *Config) { c.HeaderTimeout, c.Retries = 100*time.Millisecond, -1 }
			w.mux.HandleFunc("/feed", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
			begin := time.Now()
			w.fails(w.poll(newsFeed), "time")
			w.check(time.Since(begin) < w.allowed, "gave up after %s", time.Since(begin))
		}},
		{"body that trickles", false, func(w *world) {
			w.config = func(c *Config) { c.Timeout, c.Retries = 300*time.Millisecond, -1 }
			w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) {
				for r.Context().Err() == nil {
					io.WriteString(rw, "<rss>")
					rw.(http.Flusher).Flush()
					time.Sleep(20 * time.Millisecond)
				}
			})
			begin := time.Now()
			w.fails(w.poll(newsFeed), "time")
			w.check(time.Since(begin) < w.allowed, "gave up after %s", time.Since(begin))
		}},
		{"header of megabytes", false, func(w *world) {
			w.serve("/feed", rss(), "X-Long", strings.Repeat("x", 2<<20))
			w.fails(w.poll(newsFeed), "")
		}},
		{"gzip bomb", false, func(w *world) {
			w.bomb("gzip", func(b io.Writer) io.WriteCloser { return gzip.NewWriter(b) })
		}},
		{"br bomb", false, func(w *world) {
			w.bomb("br", func(b io.Writer) io.WriteCloser { return brotli.NewWriter(b) })
		}},
		{"zstd bomb", false, func(w *world) {
			w.bomb("zstd", func(b io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(b); return z })
		}},
		{"redirects in a circle", false, func(w *world) {
			w.mux.Handle("/feed", http.RedirectHandler("/feed2", http.StatusFound))
			w.mux.Handle("/feed2", http.RedirectHandler("/feed", http.StatusFound))
			w.fails(w.poll(newsFeed), "redirects")
			w.check(len(w.hits) <= 11, "%d requests", len(w.hits))
		}},
		{"cookies in a circle", false, func(w *world) {
			var n atomic.Int32
			w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) {
				w.check(r.Header.Get("Cookie") == "", "a cookie was kept: %s", r.Header.Get("Cookie"))
				http.SetCookie(rw, &http.Cookie{Name: "seen", Value: fmt.Sprint(n.Add(1))})
				http.Redirect(rw, r, "/feed?again", http.StatusFound)
			})
			w.fails(w.poll(newsFeed), "redirects")
		}},
		{"password of an address is written nowhere", false, func(w *world) {
			var log bytes.Buffer
			w.config = func(c *Config) { c.Logger = newTextLogger(&log) }
			a := w.poll("http://ann:hunter2@news.example/none")
			all := fmt.Sprint(log.String(), a.letters, a.err)
			filepath.Walk(w.dir, func(p string, i os.FileInfo, _ error) error {
				if i.Mode().IsRegular() {
					raw, _ := os.ReadFile(p)
					all += string(raw)
				}
				return nil
			})
			w.check(a.err != nil && !strings.Contains(all, "hunter2"), "found in: %s", all)
		}},
		{"password of an address goes to no other host", false, func(w *world) {
			w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) {
				http.Redirect(rw, r, "http://www.news.example/moved", http.StatusFound)
			})
			w.mux.HandleFunc("/moved", func(rw http.ResponseWriter, r *http.Request) {
				_, _, ok := r.BasicAuth()
				w.check(!ok, "the other host got the password")
				io.WriteString(rw, rss())
			})
			a := w.poll("http://ann:hunter2@news.example/feed")
			w.check(a.err == nil && w.seen("/moved") == 1, "errors %v", a.err)
		}},
	}
}
