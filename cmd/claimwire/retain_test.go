package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// TestStreamsFillUp sends far more through the real program than its streams may
// hold: the oldest records go once everybody has them, nothing waits for good, and a
// state that is lost comes back from the copy that was taken before.
func TestStreamsFillUp(t *testing.T) {
	if testing.Short() {
		t.Skip("runs real processes")
	}
	t.Parallel()
	const n = 96
	articles, err := sample.Variations(n)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// Streams that are there already keep their limits, which are smaller here than a
	// settings file may make them.
	b, err := bus.Open(t.Context(), bus.Config{Dir: filepath.Join(dir, natsFolder), Limits: map[string]bus.Limits{
		schemas.StreamArticles: {MaxBytes: 200 << 10}, schemas.StreamExtractions: {MaxBytes: 1 << 20}, schemas.StreamClaims: {MaxBytes: 6 << 20},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := closeStreams(b); err != nil {
		t.Fatal(err)
	}
	p := startProgram(t, dir)
	for i := range articles {
		raw, err := json.Marshal(&articles[i])
		if err != nil {
			t.Fatal(err)
		}
		p.await(fmt.Sprintf("article %d taken", i), func() bool {
			resp, err := http.Post(p.page+"/api/v1/articles", "application/json", bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusAccepted && resp.StatusCode != http.StatusServiceUnavailable {
				t.Fatalf("article %d: %s", i, resp.Status)
			}
			if resp.StatusCode != http.StatusAccepted {
				time.Sleep(200 * time.Millisecond)
			}
			return resp.StatusCode == http.StatusAccepted
		})
	}
	p.await("all articles", func() bool {
		m := get(t, p.page+"/metrics")
		return strings.Contains(m, fmt.Sprintf(`claimwire_bus_handled_total{consumer="normalizer",result="acked",stream="EXTRACTIONS"} %d`, n)) &&
			strings.Contains(m, `claimwire_sink_behind_records{sink="store",stream="CLAIMS"} 0`)
	})
	p.stop()
	for _, stream := range []string{schemas.StreamArticles, schemas.StreamExtractions, schemas.StreamClaims} {
		if !strings.Contains(p.log.String(), "was nearly full\" stream="+stream) {
			t.Errorf("%s was not trimmed", stream)
		}
	}
	state := filepath.Join(dir, "state.db")
	want := stateDigest(t, copyOf(t, state), nil)

	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(state + suffix); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	again := startProgram(t, dir)
	again.await("the state whole again", func() bool { // it is copied while it is in use
		copied := filepath.Join(t.TempDir(), "state.db")
		if _, err := normalizer.Snapshot(t.Context(), state, copied); err != nil {
			t.Fatal(err)
		}
		return stateDigest(t, copied, nil) == want
	})
	again.stop()
	if !strings.Contains(again.log.String(), "a snapshot takes its place") || strings.Contains(again.log.String(), "have to be replayed") {
		t.Error("the state was not put back whole")
	}
	if t.Failed() {
		t.Logf("%s\n%s", p.log.String(), again.log.String())
	}
}
