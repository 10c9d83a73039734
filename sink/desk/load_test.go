package desk

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// loadSeconds is the environment variable that says for how many seconds TestLoad
// sends requests; without it the test is skipped. CLAIMWIRE_BENCH_CLAIMS=100000
// gives the store the size that the bounds are meant for.
const loadSeconds = "CLAIMWIRE_TEST_LOAD"

// TestLoad sends 200 requests a second, whether or not the ones before have been
// answered, and checks the 99th percentile of each kind of request and the first
// view of the page.
func TestLoad(t *testing.T) {
	seconds, err := time.ParseDuration(os.Getenv(loadSeconds) + "s")
	if err != nil {
		t.Skip("set " + loadSeconds + " to a number of seconds")
	}
	s, err := big()
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(d)
	defer srv.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 200}}
	kinds := []struct {
		name  string
		bound time.Duration
		path  func(i int) string
	}{
		{"lists", 50 * time.Millisecond, func(i int) string {
			return "/api/v1/claims?" + []string{
				"", "country=" + []string{"TR", "PS", "GB", "US"}[i/4%4], "measure=" + schemas.Measures()[i/4%30].ID, fmt.Sprint("place=district+", i%300),
			}[i%4]
		}},
		{"series", 50 * time.Millisecond, func(i int) string {
			if i%3 == 0 {
				return "/api/v1/series?country=" + []string{"TR", "PS", "GB", "US"}[i%4]
			}
			return "/api/v1/series/" + schemas.ID("s", fmt.Sprint(i*37%3000))
		}},
		{"lists", 50 * time.Millisecond, func(i int) string {
			return []string{"/api/v1/claims", "/api/v1/articles"}[i%2] + fmt.Sprintf("?publisher=p%d.example", i%40)
		}},
		{"search", 80 * time.Millisecond, func(i int) string {
			if i%2 == 0 {
				return "/api/v1/claims?q=district+people+count" // every claim has them
			}
			return fmt.Sprint("/api/v1/claims?q=hospital+", i*37%9000)
		}},
	}
	var mu sync.Mutex
	took := map[string][]time.Duration{}
	bounds := map[string]time.Duration{}
	get := func(path string) (int64, time.Duration) {
		start := time.Now()
		resp, err := client.Get(srv.URL + path)
		if err != nil {
			t.Error(err)
			return 0, 0
		}
		defer resp.Body.Close()
		n, err := io.Copy(io.Discard, resp.Body)
		if err != nil || resp.StatusCode != 200 {
			t.Errorf("%s: %d, %v", path, resp.StatusCode, err)
		}
		return n, time.Since(start)
	}
	ctx, cancel := context.WithTimeout(t.Context(), seconds)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var wait sync.WaitGroup
	for i := 0; ctx.Err() == nil; i++ {
		<-tick.C
		k := kinds[i%len(kinds)]
		wait.Go(func() {
			_, dur := get(k.path(i / len(kinds)))
			mu.Lock()
			defer mu.Unlock()
			took[k.name], bounds[k.name] = append(took[k.name], dur), k.bound
		})
	}
	wait.Wait()
	total := 0
	for name, all := range took {
		slices.Sort(all)
		total += len(all)
		p99 := all[len(all)*99/100]
		t.Logf("%s: %d requests, median %s, p99 %s", name, len(all), all[len(all)/2].Round(10*time.Microsecond), p99.Round(10*time.Microsecond))
		if p99 > bounds[name] {
			t.Errorf("%s: p99 %s, want at most %s", name, p99, bounds[name])
		}
	}
	t.Logf("%.0f requests a second", float64(total)/seconds.Seconds())
	size, dur := get("/")
	for _, a := range d.assets {
		n, more := get(a.url)
		size, dur = size+n, dur+more
	}
	t.Logf("first view: %d bytes with all it loads, unpacked, one after another in %s", size, dur)
	if size > 100<<10 || dur > 200*time.Millisecond {
		t.Errorf("first view: %d bytes in %s, want at most 100 KB in 200 ms", size, dur)
	}
}
