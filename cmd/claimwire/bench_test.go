package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestBench(t *testing.T) {
	code, out, errs := claimwire(t, "", "bench", "--articles", "30", "--json", "--sync=false")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var r benchResult
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if r.Articles != 30 || r.Claims < 100 || r.Lost != 0 || r.Doubled != 0 || r.PerSecond <= 0 || !strings.HasPrefix(r.Digest, "sha256:") {
		t.Errorf("result %+v", r)
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
