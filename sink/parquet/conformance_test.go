package parquet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	pq "github.com/parquet-go/parquet-go"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/parquet"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// A Parquet file is no sink of its own: it is exported from the store. Writing
// twice, and being killed in between, must leave the same file to export.
func target(place string) sinktest.Target {
	return sinktest.Target{
		Open:     func() (sink.Sink, error) { return open(place) },
		Contents: func() ([]string, error) { return rows(place) },
		Keeps:    []string{schemas.StreamClaims},
		Form:     true,
	}
}

func open(place string) (sink.Sink, error) {
	s, err := store.Open(context.Background(), store.Config{Location: place})
	if err != nil {
		return nil, err
	}
	return sinktest.Only(s, schemas.StreamClaims), nil
}

// rows exports a store and reads the file back.
func rows(place string) ([]string, error) {
	s, err := store.Open(context.Background(), store.Config{Location: place})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var b bytes.Buffer
	w := parquet.NewWriter(&b)
	var claims bytes.Buffer
	if err := s.Export(context.Background(), &claims); err != nil {
		return nil, err
	}
	for line := range bytes.Lines(claims.Bytes()) {
		var c schemas.Claim
		if err := errors.Join(json.Unmarshal(line, &c), w.Claim(&c)); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	type line struct {
		Claim   string   `parquet:"claim"`
		ClaimID string   `parquet:"claim_id"`
		Quote   string   `parquet:"quote"`
		Value   *float64 `parquet:"value,optional"`
		Origins int32    `parquet:"origins"`
		Stable  string   `parquet:"stability"`
	}
	all, err := pq.Read[line](bytes.NewReader(b.Bytes()), int64(b.Len()))
	var out []string
	for _, r := range all {
		value := "none"
		if r.Value != nil {
			value = fmt.Sprint(*r.Value)
		}
		out = append(out, fmt.Sprintf("%s %q %q %s %d %s", r.ClaimID, r.Claim, r.Quote, value, r.Origins, r.Stable))
	}
	return out, err
}

func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("the store itself is tested")
	}
	sinktest.Test(t, func(t *testing.T) sinktest.Target { return target(filepath.Join(t.TempDir(), "claims.db")) })
}

func TestKill(t *testing.T) {
	t.Parallel()
	sinktest.Kill(t, func(t *testing.T) (string, sinktest.Target) {
		place := filepath.Join(t.TempDir(), "claims.db")
		return place, target(place)
	}, open)
}
