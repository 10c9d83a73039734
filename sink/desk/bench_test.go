package desk

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// benchClaims is the environment variable that says how many claims the store of
// the benchmarks holds; default 10000.
const benchClaims = "CLAIMWIRE_BENCH_CLAIMS"

// big returns a store with many claims, made once.
var big = sync.OnceValues(func() (*store.Store, error) {
	n := 10_000
	if s := os.Getenv(benchClaims); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "claimwire-bench-")
	if err != nil {
		return nil, err
	}
	s, err := store.Open(context.Background(), store.Config{Location: filepath.Join(dir, "claims.db")})
	if err != nil {
		return nil, err
	}
	return s, fill(s, n)
})

// fill stores n claims of n/4 articles, on many measures and places.
func fill(s *store.Store, n int) error {
	measures, countries := schemas.Measures(), []string{"TR", "PS", "GB", "US", "UA", "SD", "FR", "DE", "JP", "BR"}
	names := []string{"harbour", "valley", "ministry", "hospital", "convoy", "river", "factory", "council", "police", "union", "border", "school"}
	var batch []sink.Record
	for i := 0; i < n; i += 4 {
		at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
		text := ""
		var quotes []string
		for j := range 4 {
			q := fmt.Sprintf("Some %d people in district %d were counted by the %s near the %s", i+j+2, (i+j)%300, names[(i+j)%12], names[(i/7+j)%11])
			quotes = append(quotes, q)
			text += q + ", officials said on the day, and the number may still change.\n"
		}
		a := &schemas.Article{
			URL: fmt.Sprintf("https://p%d.example/%d", i%40, i), Publisher: schemas.Publisher{Name: fmt.Sprint("Paper ", i%40), Domain: fmt.Sprintf("p%d.example", i%40)},
			Title: fmt.Sprintf("Report %d of the %s in district %d", i, names[i/4%12], i%300), PublishedAt: at.Format(time.RFC3339), Text: text,
		}
		if err := a.Complete(); err != nil {
			return err
		}
		batch = append(batch, sink.Record{Stream: schemas.StreamArticles, Sequence: uint64(i + 1), Article: a})
		for j, q := range quotes {
			v := schemas.Int(int64(i + j + 2))
			c := schemas.Claim{
				SchemaVersion: schemas.Version, ID: schemas.ID("c", fmt.Sprint(i+j)), SeriesID: schemas.ID("s", fmt.Sprint((i+j)/3)), Kind: schemas.QuantityClaim,
				Measure: measures[(i+j)/3%len(measures)].ID, Tier: schemas.Reportable, Stability: schemas.Final, Text: q, Value: &v, Comparator: schemas.About, Unit: schemas.UnitCount,
				Counted: "people", Modality: schemas.Asserted,
				Place:     &schemas.ClaimPlace{ID: fmt.Sprint("p-", (i+j)%300), Name: fmt.Sprint("District ", (i+j)%300), Country: countries[(i+j)%10], Path: []string{}},
				Citations: []schemas.Citation{sinktest.Cite(a, q, fmt.Sprint(i+j+2), a.ID)},
			}
			sinktest.Count(&c)
			ch := &schemas.Change{SchemaVersion: schemas.Version, ID: schemas.ID("x", c.ID), Change: schemas.ChangeAsserted, Revision: 1, KnownAt: a.PublishedAt, Country: c.Place.Country, Claim: c}
			ch.Series = &schemas.Series{
				ID: c.SeriesID, Kind: c.Kind, Measure: c.Measure, Text: "people counted", Unit: c.Unit, Modality: c.Modality, FirstSeen: c.FirstSeen, LastSeen: c.LastSeen,
				Points: []schemas.SeriesPoint{{Claim: c.ID, AsOf: c.LastSeen[:10], Value: &v, Comparator: c.Comparator, Modality: c.Modality, Tier: c.Tier}}, PointCount: 1,
			}
			batch = append(batch, sink.Record{Stream: schemas.StreamClaims, Sequence: uint64(i + j + 1), Change: ch})
		}
		if len(batch) >= 1000 || i+4 >= n {
			if err := s.Write(context.Background(), batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return nil
}

// BenchmarkRequests times requests one after another and reports their 99th percentile.
func BenchmarkRequests(b *testing.B) {
	s, err := big()
	if err != nil {
		b.Fatal(err)
	}
	d, err := New(Config{Store: s})
	if err != nil {
		b.Fatal(err)
	}
	for name, path := range map[string]func(i int) string{
		"list":       func(int) string { return "/api/v1/claims" },
		"country":    func(i int) string { return "/api/v1/claims?country=" + []string{"TR", "PS", "GB", "US"}[i%4] },
		"measure":    func(i int) string { return "/api/v1/claims?measure=" + schemas.Measures()[i%30].ID },
		"place":      func(i int) string { return fmt.Sprint("/api/v1/claims?place=district+", i%300) },
		"publisher":  func(i int) string { return fmt.Sprintf("/api/v1/claims?publisher=p%d.example", i%40) },
		"text":       func(i int) string { return fmt.Sprint("/api/v1/claims?q=hospital+", i*37%9000) },
		"textwide":   func(int) string { return "/api/v1/claims?q=district+people+count" },
		"textsort":   func(int) string { return "/api/v1/series?q=people+count" },
		"articles":   func(i int) string { return fmt.Sprintf("/api/v1/articles?since=2025-01-%02d", 1+i%28) },
		"printed":    func(i int) string { return fmt.Sprint("/api/v1/articles?publisher=paper+", i%40) },
		"title":      func(i int) string { return fmt.Sprint("/api/v1/articles?q=hospital+district+", i%300) },
		"titlewide":  func(int) string { return "/api/v1/articles?q=report+district" },
		"titlelist":  func(int) string { return "/articles" },
		"known_at":   func(i int) string { return fmt.Sprintf("/api/v1/claims?known_at=2025-01-%02d", 1+i%28) },
		"series":     func(int) string { return "/api/v1/series" },
		"seriesthen": func(i int) string { return fmt.Sprintf("/api/v1/series?known_at=2025-0%d-%02d", 1+i%2, 1+i%28) },
		"serieswhere": func(i int) string {
			return fmt.Sprintf("/api/v1/series?known_at=2025-02-%02d&country=%s", 1+i%28, []string{"TR", "PS", "GB", "US"}[i%4])
		},
		"seriesabout": func(i int) string {
			return fmt.Sprintf("/api/v1/series?known_at=2025-02-%02d&measure=%s", 1+i%28, schemas.Measures()[i%30].ID)
		},
		"seriesplace": func(i int) string {
			return fmt.Sprintf("/api/v1/series?known_at=2025-02-%02d&place=district+%d", 1+i%28, i%300)
		},
		"serieswords": func(i int) string {
			return fmt.Sprintf("/api/v1/series?known_at=2025-02-%02d&q=hospital+%d", 1+i%28, i*37%9000)
		},
		"claimsabout": func(i int) string {
			return fmt.Sprintf("/api/v1/claims?known_at=2025-02-%02d&measure=%s", 1+i%28, schemas.Measures()[i%30].ID)
		},
		"serieskey": func(i int) string { return "/api/v1/series/" + schemas.ID("s", fmt.Sprint(i%3000)) },
		"page":      func(int) string { return "/" },
		"stats":     func(int) string { return "/api/v1/stats" },
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			i := 0
			for b.Loop() {
				i++
				w := httptest.NewRecorder()
				r := httptest.NewRequest("GET", path(i), nil)
				r.Host = "localhost"
				start := time.Now()
				d.ServeHTTP(w, r)
				took = append(took, time.Since(start))
				if w.Code != 200 {
					b.Fatal(w.Code, w.Body)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// BenchmarkStream sends events to 500 clients at once and reports how long after
// it was published the 99th percentile of them arrived. One operation is one
// event, a hundred a second.
func BenchmarkStream(b *testing.B) {
	const clients = 500
	f := newFixture(b, sinktest.Records())
	ctx, cancel := context.WithCancel(b.Context())
	var wait sync.WaitGroup
	defer wait.Wait()
	defer cancel()
	wait.Go(func() { _ = f.desk.Run(ctx) })
	var mu sync.Mutex
	sent := map[string]time.Time{}
	var took []time.Duration
	for range clients {
		c := f.follow(b, ctx, "/api/v1/stream?tier=any", "")
		wait.Go(func() {
			defer c.resp.Body.Close()
			for {
				id, err := c.nextID()
				if err != nil {
					return
				}
				now := time.Now()
				mu.Lock()
				took = append(took, now.Sub(sent[id]))
				mu.Unlock()
			}
		})
	}
	template := sinktest.Changes(sinktest.Records())[3]
	_, next, _ := f.wire.bounds(ctx)
	n := 0
	for b.Loop() {
		c := *template
		next++
		n++
		c.ID = fmt.Sprint("x", next)
		mu.Lock()
		sent[strconv.FormatUint(next, 10)] = time.Now()
		mu.Unlock()
		f.wire.add(&c)
		time.Sleep(10 * time.Millisecond)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		mu.Lock()
		done := len(took) == n*clients
		mu.Unlock()
		if done || time.Now().After(deadline) {
			break
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(took) != n*clients {
		b.Errorf("%d events arrived, want %d", len(took), n*clients)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}
