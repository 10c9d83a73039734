package fetcher

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/claimwire/claimwire/fetcher/polite"
)

// crowd polls feeds spread over hosts, each answer taking latency, once. It
// returns the greatest number of requests that any host saw at a time, and how
// many feeds were asked for.
func crowd(tb testing.TB, feeds, hosts int, latency time.Duration) (most, asked int64, k *sinkhole) {
	now := make([]atomic.Int64, hosts)
	var peak, polled atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var host, feed int
		fmt.Sscanf(r.Host, "h%d.", &host)
		n := now[host].Add(1)
		defer now[host].Add(-1)
		for old := peak.Load(); n > old && !peak.CompareAndSwap(old, n); old = peak.Load() {
		}
		time.Sleep(latency)
		switch _, err := fmt.Sscanf(r.URL.Path, "/f%d", &feed); {
		case err == nil:
			polled.Add(1)
			fmt.Fprint(w, rss(fmt.Sprintf("/a%d", feed)))
		case r.URL.Path == "/robots.txt":
			w.WriteHeader(http.StatusNotFound)
		default:
			fmt.Fprint(w, page("Ships wait", r.URL.Path))
		}
	}))
	defer server.Close()
	at := map[string]string{}
	for i := range hosts {
		at[fmt.Sprintf("h%d.example", i)] = server.Listener.Addr().String()
	}
	f, err := New(Config{UserAgent: "claimwire/test", Hosts: at, MaxInFlight: 128, Limits: polite.Limits{PerHost: 2}})
	if err != nil {
		tb.Fatal(err)
	}
	var list []Feed
	for i := range feeds {
		list = append(list, Feed{URL: fmt.Sprintf("http://h%d.example/f%d", i%hosts, i)})
	}
	k = &sinkhole{}
	if err := f.Once(tb.Context(), list, k.emit, k.dead); err != nil {
		tb.Fatal(err)
	}
	return peak.Load(), polled.Load(), k
}

func TestManyFeeds(t *testing.T) {
	most, asked, k := crowd(t, 60, 6, time.Millisecond)
	if most > 2 {
		t.Errorf("a host saw %d requests at a time, want at most 2", most)
	}
	if asked != 60 || len(k.articles) != 60 || len(k.letters) != 0 {
		t.Errorf("%d feeds polled, %d articles, letters %s, want 60 and 60", asked, len(k.articles), k.reasons())
	}
}

// BenchmarkManyFeeds polls 2,000 feeds on 50 hosts that take 200 ms to answer,
// with a page each.
func BenchmarkManyFeeds(b *testing.B) {
	var peak uint64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse+m.StackInuse)
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
	begin, requests := time.Now(), 0
	for b.Loop() {
		most, asked, k := crowd(b, 2000, 50, 200*time.Millisecond)
		if most > 2 || asked != 2000 || len(k.articles) != 2000 {
			b.Fatalf("%d at a time, %d polled, %d articles", most, asked, len(k.articles))
		}
		requests += 4050
	}
	b.ReportMetric(float64(requests)/time.Since(begin).Seconds(), "requests/s")
	close(stop)
	wg.Wait()
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
}
