//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// erased is a person of the sample, whose articles tests erase.
const erased = "Fiona Garrick"

// newsroom runs the sample into a folder and returns its settings.
func newsroom(t *testing.T, dir string) []string {
	t.Helper()
	settings := []string{"--data-dir", dir, "--jsonl", filepath.Join(dir, "changes.jsonl")}
	args := append([]string{"run", "--sample", "--once", "--listen", ""}, settings...)
	if code, _, errs := claimwire(t, "", args...); code != exitOK {
		t.Fatal(errs)
	}
	return settings
}

// traces counts the files of a folder in whose bytes a word stands, gunzipped too.
func traces(t *testing.T, dir, word string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if z, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
			if raw, err = io.ReadAll(z); err != nil {
				return err
			}
		}
		if bytes.Contains(raw, []byte(word)) {
			rel, _ := filepath.Rel(dir, path)
			found = append(found, rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestPurge erases a person with the real binary, which is killed in the
// middle (with CLAIMWIRE_TEST_KILLS in every window between two stores) and started again: nothing is left in any file, what stands is
// what the other articles say, and neither a fetch nor a replay brings anything back.
func TestPurge(t *testing.T) {
	if testing.Short() {
		t.Skip("kills real processes")
	}
	t.Parallel()
	_, family, _ := strings.Cut(erased, " ")
	whole := t.TempDir()
	newsroom(t, whole)
	if err := os.Mkdir(filepath.Join(whole, snapshotFolder), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := normalizer.Snapshot(t.Context(), filepath.Join(whole, "state.db"), filepath.Join(whole, snapshotFolder, "state-1.db")); err != nil {
		t.Fatal(err)
	}
	for _, store := range []string{"state.db", "claims.db", "changes.jsonl", "archive", "nats", snapshotFolder} {
		if !strings.Contains(strings.Join(traces(t, whole, family), "\n"), store) {
			t.Fatalf("the name is not in %s: the test shows nothing", store)
		}
	}
	kept := writeFile(t, "claims.jsonl", exported(t, whole))
	points := []string{"mid_erase:60"}
	if os.Getenv("CLAIMWIRE_TEST_KILLS") != "" {
		points = append(points, "purge_heeded", "purge_sinks", "purge_archive", "mid_erase")
	}
	for i, point := range points {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			settings := []string{"--data-dir", dir, "--jsonl", filepath.Join(dir, "changes.jsonl")}
			before := traces(t, dir, family)
			if i == 0 { // to look changes nothing
				code, out, errs := claimwire(t, "", append([]string{"purge", "--person", erased}, settings...)...)
				if code != exitOK || strings.Count(out, "\n") != 4 || !strings.Contains(errs, "Nothing was changed") {
					t.Fatalf("exit %d: %s%s", code, out, errs)
				}
				if after := traces(t, dir, family); len(after) != len(before) {
					t.Errorf("a look changed %v to %v", before, after)
				}
			}
			purge := append([]string{"purge", "--person", erased, "--why", "a request", "--by", "the archive", "--yes", "--json"}, settings...)
			cmd := process(t, purge...)
			name, at, _ := strings.Cut(point, ":")
			cmd.Env = append(os.Environ(), "CLAIMWIRE_FAILPOINT="+strings.TrimSuffix(name+":kill:"+at, ":"))
			var log strings.Builder
			cmd.Stderr = &log
			err := cmd.Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("not killed: %v\n%s", err, log.String())
			}
			// The next start goes on with it, and polls feeds that still have it all.
			if code, _, errs := claimwire(t, "", append([]string{"run", "--sample", "--once", "--listen", ""}, settings...)...); code != exitOK {
				t.Fatal(errs)
			}
			var res purgeResult
			code, out, errs := claimwire(t, "", purge...)
			if code != exitOK {
				t.Fatalf("exit %d: %s", code, errs)
			}
			if err := json.Unmarshal([]byte(out), &res); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(out, family) || strings.Contains(out, "ledgerdaily") {
				t.Errorf("the answer repeats what it erased: %s", out)
			}
			if res.Erased == nil || res.Erased.Streams[schemas.StreamArticles]+res.Erased.Sinks["store"]+res.Erased.Sinks["jsonl"]+res.Erased.Archive > 0 {
				t.Errorf("the second time there is still something to erase: %+v", res.Erased)
			}
			if left := traces(t, dir, family); len(left) > 0 {
				t.Errorf("the name is still in %v", left)
			}
			if code, out, errs := claimwire(t, "", "verify", "--data-dir", dir); code != exitOK || !strings.Contains(out, " 0 wrong") {
				t.Errorf("verify: exit %d: %s%s", code, out, errs)
			}
			if code, out, errs := claimwire(t, "", "verify", kept, "--data-dir", dir); code != exitOK || !strings.Contains(out, " 0 wrong") || !strings.Contains(out, "withheld") {
				t.Errorf("verify of claims kept elsewhere: exit %d: %s%s", code, out, errs)
			}
			validateStreams(t, dir)
			code, replayed, errs := claimwire(t, "", "replay", "--from", dir)
			if code != exitOK || !strings.Contains(errs, "20 articles") {
				t.Errorf("replay: exit %d: %s", code, errs)
			}
			if got := exported(t, dir); got != replayed {
				t.Errorf("the store and a replay of the streams differ: %d and %d bytes", len(got), len(replayed))
			}
		})
	}
}
