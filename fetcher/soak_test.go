package fetcher

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/claimwire/claimwire/fetcher/polite"
)

// A soaked host is one of the publishers of TestSoak.
type soakedHost struct {
	mu     sync.Mutex // owns what follows
	now    int        // requests under way
	most   int
	starts []time.Time
}

func (h *soakedHost) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now++
	h.most = max(h.most, h.now)
	h.starts = append(h.starts, time.Now())
}

func (h *soakedHost) end() { h.mu.Lock(); h.now--; h.mu.Unlock() }

// TestSoak polls 2,000 feeds on 50 hosts, each answer taking 200 ms, for the time
// that CLAIMWIRE_TEST_SOAK gives: every feed inside its slot, no host above its
// limits, memory below 300 MB.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("CLAIMWIRE_TEST_SOAK"))
	if err != nil {
		t.Skip("CLAIMWIRE_TEST_SOAK=5m runs it")
	}
	const (
		feeds, hosts = 2000, 50
		latency      = 200 * time.Millisecond
		delay        = 250 * time.Millisecond // between requests to a host
		interval     = time.Minute
		window       = 5 * time.Second
	)
	var seen [hosts]soakedHost
	var requests atomic.Int64
	var mu sync.Mutex
	polls := make([][]time.Time, feeds) // owned by mu
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var host, n int
		fmt.Sscanf(r.Host, "h%d.", &host)
		seen[host].begin()
		defer seen[host].end()
		requests.Add(1)
		time.Sleep(latency)
		switch _, err := fmt.Sscanf(r.URL.Path, "/f%d", &n); {
		case err == nil:
			mu.Lock()
			polls[n] = append(polls[n], time.Now())
			count := len(polls[n])
			mu.Unlock()
			if r.Header.Get("If-None-Match") == `"same"` && count%5 != 0 {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", `"same"`)
			fmt.Fprint(w, rss(fmt.Sprintf("/a%d-%d", n, count/5))) // news at every fifth poll
		case r.URL.Path == robotsPath:
			w.WriteHeader(http.StatusNotFound)
		default:
			fmt.Fprint(w, page("Ships wait", r.URL.Path))
		}
	}))
	defer server.Close()
	at := map[string]string{}
	var list []Feed
	for i := range feeds {
		host := fmt.Sprintf("h%d.example", i%hosts)
		at[host] = server.Listener.Addr().String()
		list = append(list, Feed{URL: fmt.Sprintf("http://%s/f%d", host, i), Interval: interval})
	}
	f, err := New(Config{UserAgent: "claimwire/test", Hosts: at, MaxInFlight: 256, StateDir: t.TempDir(), Limits: polite.Limits{PerHost: 2}})
	if err != nil {
		t.Fatal(err)
	}
	for h := range at {
		f.limiter.SetDelay(h, delay)
	}
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	peak := make(chan uint64)
	go func() {
		var most uint64
		for ctx.Err() == nil {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			time.Sleep(200 * time.Millisecond)
		}
		peak <- most
	}()
	k := &sinkhole{}
	f.Run(ctx, list, k.emit, k.dead)

	memory := <-peak
	late, worst, fewest := 0, time.Duration(0), 1<<30
	for _, times := range polls {
		fewest = min(fewest, len(times))
		for i := 1; i < len(times); i++ {
			gap := times[i].Sub(times[i-1])
			worst = max(worst, gap)
			if gap > interval*3/2 {
				late++
			}
		}
	}
	most, crowded := 0, 0
	for i := range seen {
		h := &seen[i]
		most = max(most, h.most)
		slices.SortFunc(h.starts, time.Time.Compare)
		from := 0
		for j := range h.starts {
			for h.starts[j].Sub(h.starts[from]) > window {
				from++
			}
			crowded = max(crowded, j-from+1)
		}
	}
	t.Logf("%.0f requests/s, %d articles, each feed polled at least %d times, longest gap %s, %d late; at most %d at a time to a host, at most %d in %s; %d MiB",
		float64(requests.Load())/length.Seconds(), len(k.articles), fewest, worst.Round(time.Millisecond), late, most, crowded, window, memory>>20)
	if late > 0 || fewest < int(length/(interval*3/2)) {
		t.Errorf("%d polls later than one and a half intervals; a feed was polled %d times in %s", late, fewest, length)
	}
	if limit := int(window/delay) + 2; most > 2 || crowded > limit { // two may be late on their way
		t.Errorf("%d requests at a time to one host, %d in %s, want at most 2 and %d", most, crowded, window, limit)
	}
	if memory > 300<<20 {
		t.Errorf("%d MiB, want less than 300", memory>>20)
	}
	if len(k.letters) > 0 {
		t.Errorf("%d dead letters: %s", len(k.letters), k.letters[0].Reason)
	}
}
