package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

func TestBench(t *testing.T) {
	t.Parallel()
	code, out, errs := claimwire(t, "", "bench", "--articles", "30", "--json", "--sync=false")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var r benchResult
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if r.Articles != 30 || r.Claims < 100 || r.Lost != 0 || r.Doubled != 0 || r.PerSecond <= 0 || !strings.HasPrefix(r.Digest, "sha256:") {
		t.Errorf("result %s", out)
	}
	if r.ClaimsRate <= 0 || r.P50 <= 0 || r.P99 < r.P50 || r.CPU <= 0 || r.RSSMiB <= 0 || r.DiskBytes <= 0 || r.StageTime[normalizerConsumer] <= 0 || r.HeapOf["extractor"] <= 0 {
		t.Errorf("result %s", out)
	}
	for _, args := range [][]string{{"--http"}, {"--rate", "200"}} {
		code, out, errs := claimwire(t, "", append([]string{"bench", "--articles", "24", "--json", "--sync=false"}, args...)...)
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitOK {
			t.Fatalf("bench %v: exit %d, %v: %s", args, code, err, errs)
		}
		if r.Articles != 24 || r.Claims < 100 || r.Lost != 0 || r.Doubled != 0 || r.P99 <= 0 {
			t.Errorf("bench %v: %s", args, out)
		}
	}
	if code, _, _ := claimwire(t, "", "bench", "--http", "--rate", "9"); code != exitUsage {
		t.Errorf("exit %d for a rate over HTTP, want %d", code, exitUsage)
	}
	if code, _, _ := claimwire(t, "", "bench", "--articles", "0"); code != exitUsage {
		t.Errorf("exit %d for no articles, want %d", code, exitUsage)
	}
}

func TestBenchCounts(t *testing.T) {
	var r benchResult
	r.count(map[string]string{"a": "1", "b": "2", "c": "3"}, []identified{{"a", "1"}, {"a", "1"}, {"b", "x"}, {"z", "1"}})
	if r.Lost != 1 || r.Doubled != 2 || r.Differing != 1 {
		t.Errorf("lost %d, doubled %d, differing %d; want 1, 2, 1", r.Lost, r.Doubled, r.Differing)
	}
}

// bulky returns n articles of distinct words, which do not compress to nothing
// and say nothing that becomes a claim.
func bulky(n int) []schemas.Article {
	as := make([]schemas.Article, n)
	state := uint64(1)
	for i := range as {
		var b strings.Builder
		for range 100 {
			b.WriteString("The clerk of the archive wrote down these marks from the old book:")
			for range 40 {
				state = state*6364136223846793005 + 1442695040888963407
				b.WriteByte(' ')
				for bits := state >> 24; bits > 0; bits >>= 4 {
					b.WriteByte('a' + byte(bits&15))
				}
			}
			b.WriteString(" and nothing else.\n")
		}
		as[i] = schemas.Article{
			URL: fmt.Sprintf("http://archive.example/marks/%d", i), Title: fmt.Sprintf("Marks of the book, part %d", i),
			Publisher: schemas.Publisher{Name: "Archive", Domain: "archive.example"}, PublishedAt: "2025-11-20T08:00:00Z", Text: b.String(),
		}
	}
	return as
}

func TestByPart(t *testing.T) {
	held := make([]byte, 64<<20) // far more than the profile's grain
	var b bytes.Buffer
	runtime.GC()
	if err := pprof.Lookup("heap").WriteTo(&b, 0); err != nil {
		t.Fatal(err)
	}
	got, err := byPart(b.Bytes(), 3)
	if err != nil || got[otherPart] < int64(len(held)) {
		t.Errorf("live bytes by part %v, %v; %d are of this test", got, err, len(held))
	}
	runtime.KeepAlive(held)
	p := profile{
		lines: map[uint64][]uint64{1: {1}, 2: {2, 3}}, functions: map[uint64]uint64{1: 0, 2: 1, 3: 2},
		names: []string{"modernc.org/sqlite/lib.Xstep", "github.com/claimwire/claimwire/sink/store.(*Store).Write", "github.com/claimwire/claimwire/cmd/internal/bus.Read"},
	}
	if got := p.part([]uint64{1, 2}); got != "sink" {
		t.Errorf("work of the store is that of %q", got)
	}
	for _, broken := range [][]byte{{}, {1, 2, 3}, b.Bytes()[:20]} {
		if _, err := byPart(broken, 0); err == nil {
			t.Errorf("%d bytes that are no profile: no error", len(broken))
		}
	}
}
