package jsonl_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/jsonl"
	"github.com/claimwire/claimwire/sink/sinktest"
)

func TestConformance(t *testing.T) {
	for name, streams := range map[string][]string{
		"claims": nil,
		"all":    {schemas.StreamArticles, schemas.StreamExtractions, schemas.StreamClaims},
	} {
		t.Run(name, func(t *testing.T) {
			sinktest.Test(t, func(t *testing.T) sinktest.Target {
				path := filepath.Join(t.TempDir(), "sub", "claims.jsonl")
				keeps := streams
				if keeps == nil {
					keeps = []string{schemas.StreamClaims}
				}
				return sinktest.Target{
					Open:     func() (sink.Sink, error) { return jsonl.Open(jsonl.Config{Path: path, Streams: streams}) },
					Contents: func() ([]string, error) { return lines(path) },
					Keeps:    keeps,
				}
			})
		})
	}
}

func TestKill(t *testing.T) {
	t.Parallel()
	streams := []string{schemas.StreamArticles, schemas.StreamClaims}
	open := func(place string) (sink.Sink, error) { return jsonl.Open(jsonl.Config{Path: place, Streams: streams}) }
	sinktest.Kill(t, func(t *testing.T) (string, sinktest.Target) {
		place := filepath.Join(t.TempDir(), "claims.jsonl")
		return place, sinktest.Target{
			Open:     func() (sink.Sink, error) { return open(place) },
			Contents: func() ([]string, error) { return lines(place) },
			Keeps:    streams,
		}
	}, open)
}

// lines returns the lines of a file, each of which must be one JSON object.
func lines(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		var v map[string]any
		if !strings.HasSuffix(line, "\n") {
			return nil, errors.New("line without end: " + line)
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}

// TestCrash cuts and lengthens the files as a crash at any moment would, and
// looks for every line exactly once after the records have been sent again.
func TestCrash(t *testing.T) {
	records := sinktest.Records()
	dir := t.TempDir()
	write := func(path string, from, to int) {
		t.Helper()
		f, err := jsonl.Open(jsonl.Config{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(t.Context(), records[from:to]); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	whole := filepath.Join(dir, "whole")
	write(whole, 0, len(records))
	want, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(dir, "half")
	write(half, 0, len(records)/2)
	size := fileSize(t, half)
	write(half, 0, len(records))
	data, mark := readFile(t, half), readFile(t, half+".position")

	// The batches' marks are generations 2 and 3: the second went to the second slot.
	torn := slices.Clone(mark)
	torn[512+40] ^= 0xff
	for name, c := range map[string]struct{ data, mark []byte }{
		"after the batch":           {data, mark},
		"mark torn":                 {data, torn},
		"mark not written":          {data[:size+1], torn},
		"half a line written":       {data[:size+97], torn},
		"nothing of the line":       {data[:size], torn},
		"garbage instead of a line": {append(slices.Clone(data[:size]), 0, 0, 0, 0), torn},
		"moved away":                {nil, mark},
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path, c.data, 0o644), os.WriteFile(path+".position", c.mark, 0o644)); err != nil {
			t.Fatal(err)
		}
		write(path, 0, len(records))
		got := readFile(t, path)
		if name == "moved away" {
			if len(got) != 0 {
				t.Errorf("%s: %d bytes written again", name, len(got))
			}
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: file of %d bytes, want the %d of an undisturbed run", name, len(got), len(want))
		}
	}
}

// TestRotate: the files in order of their names hold what one file would, also
// if the program dies between the move and what follows.
func TestRotate(t *testing.T) {
	records := sinktest.Many(40)
	dir := t.TempDir()
	single := filepath.Join(dir, "single.jsonl")
	path := filepath.Join(dir, "parts", "claims.jsonl")
	for _, cfg := range []jsonl.Config{{Path: single}, {Path: path, RotateBytes: 20_000}} {
		f, err := jsonl.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		for i, batch := range slices.Collect(slices.Chunk(records, 4)) {
			if i == 15 {
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				if cfg.RotateBytes > 0 { // as a crash right after the move leaves it
					if err := os.Rename(path, filepath.Join(dir, "parts", "claims.000000000099999999.jsonl")); err != nil {
						t.Fatal(err)
					}
				}
				if f, err = jsonl.Open(cfg); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.Write(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	parts, err := filepath.Glob(filepath.Join(dir, "parts", "claims*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lengths := 0
	var got []string
	for _, p := range parts {
		ls, err := lines(p)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ls...)
		lengths += len(ls)
	}
	want, err := lines(single)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got) // the part moved by hand has a name out of order
	slices.Sort(want)
	if len(parts) < 4 || !slices.Equal(got, want) {
		t.Errorf("%d files with %d lines, want at least 4 with the %d lines of one file", len(parts), lengths, len(want))
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign")
	if err := os.WriteFile(foreign, []byte("my notes\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := jsonl.Open(jsonl.Config{Path: foreign}); err == nil {
		t.Errorf("Open of a file that is not ours: no error")
	}
	if got := string(readFile(t, foreign)); got != "my notes\n" {
		t.Errorf("the file was changed to %q", got)
	}

	short := filepath.Join(dir, "short")
	f, err := jsonl.Open(jsonl.Config{Path: short})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Write(t.Context(), sinktest.Records()), f.Close(), os.Truncate(short, 100)); err != nil {
		t.Fatal(err)
	}
	if _, err := jsonl.Open(jsonl.Config{Path: short}); err == nil || !strings.Contains(err.Error(), "100 bytes") {
		t.Errorf("Open of a file that lost lines = %v, want an error that says so", err)
	}
	if _, err := jsonl.Open(jsonl.Config{}); err == nil {
		t.Errorf("Open without a path: no error")
	}
}

func TestStream(t *testing.T) {
	var b bytes.Buffer
	s := jsonl.NewStream(&b)
	records := sinktest.Records()
	for range 2 {
		if err := s.Write(t.Context(), records); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := strings.Count(b.String(), "\n"), len(sinktest.Changes(records)); got != want {
		t.Errorf("%d lines, want %d", got, want)
	}
	if p, err := s.Position(t.Context(), schemas.StreamClaims); err != nil || p != uint64(len(sinktest.Changes(records))) {
		t.Errorf("Position = %d, %v", p, err)
	}
}

func BenchmarkWrite(b *testing.B) {
	f, err := jsonl.Open(jsonl.Config{Path: filepath.Join(b.TempDir(), "x")})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	records := sinktest.Many(250)
	seq := uint64(0)
	for b.Loop() {
		for i := range records {
			seq++
			records[i].Sequence = seq
		}
		if err := f.Write(b.Context(), records); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(records)), "records/op")
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fileSize(t *testing.T, path string) int {
	t.Helper()
	return len(readFile(t, path))
}
