package warc

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nlnwa/gowarc/v3"
)

// TestGowarc has another implementation read every record, strictly.
func TestGowarc(t *testing.T) {
	t.Run("as written", func(t *testing.T) { checkGowarc(t, func(dir string) { fill(t, dir) }) })
	t.Run("after erasing", func(t *testing.T) { checkGowarc(t, func(dir string) { fill(t, dir); eraseB(t, dir) }) })
}

func checkGowarc(t *testing.T, fill func(dir string)) {
	dir := t.TempDir()
	fill(dir)
	ours := readAll(t, one(t, dir))
	r, err := gowarc.NewWarcFileReader(one(t, dir), 0, gowarc.WithStrictValidation(), gowarc.WithBufferTmpDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("record %d: %v", n, err)
		}
		for _, v := range rec.Validation {
			t.Errorf("record %d (%s): %v", n, rec.WarcRecord.Type(), v)
		}
		if n < len(ours) && (rec.Offset != ours[n].Offset || bare(rec.WarcRecord.WarcHeader().GetId("WARC-Record-ID")) != ours[n].ID) {
			t.Errorf("record %d at %d, want %d", n, rec.Offset, ours[n].Offset)
		}
		if faults, err := rec.WarcRecord.ValidateDigest(); err != nil || len(faults) > 0 {
			t.Errorf("record %d (%s): digest: %v, %v", n, rec.WarcRecord.Type(), err, faults)
		}
		rec.WarcRecord.Close()
		n++
	}
	if n != len(ours) {
		t.Errorf("%d records, want %d", n, len(ours))
	}
}

// TestWarcio has warcio, the archivists' reference, check every digest and index
// the file.
func TestWarcio(t *testing.T) {
	if out, err := exec.CommandContext(t.Context(), "python3", "-c", "import warcio.cli").CombinedOutput(); err != nil {
		if os.Getenv("CLAIMWIRE_TEST_NO_SKIP") != "" {
			t.Fatalf("warcio is not installed: %s", out)
		}
		t.Skip("warcio is not installed: pip install warcio")
	}
	warcio := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), "python3", append([]string{"-c", "import sys; from warcio.cli import main; main(sys.argv[1:])"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("warcio %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	t.Run("as written", func(t *testing.T) { checkWarcio(t, warcio, func(dir string) { fill(t, dir) }) })
	t.Run("after erasing", func(t *testing.T) { checkWarcio(t, warcio, func(dir string) { fill(t, dir); eraseB(t, dir) }) })
}

func checkWarcio(t *testing.T, warcio func(args ...string) string, fill func(dir string)) {
	dir := t.TempDir()
	fill(dir)
	path := one(t, dir)
	report := warcio("check", "-v", path)
	recs := readAll(t, path)
	// It does not check revisits, whose payload is elsewhere.
	if n := strings.Count(report, "digest pass") + strings.Count(report, "not checked (revisit)"); n != len(recs) || strings.Contains(report, "fail") {
		t.Errorf("warcio check: %d records pass, want %d\n%s", n, len(recs), report)
	}
	var want strings.Builder
	for _, r := range recs {
		fmt.Fprintf(&want, "{\"offset\": \"%d\", \"length\": \"%d\", \"warc-type\": \"%s\"}\n", r.Offset, r.Length, r.Type)
	}
	if got := warcio("index", "-f", "offset,length,warc-type", path); got != want.String() {
		t.Errorf("warcio index:\n%s, want\n%s", got, want.String())
	}
	if payload := warcio("extract", "--payload", path, fmt.Sprint(recs[1].Offset)); strings.TrimSpace(payload) != "<p>Ships wait.</p>" {
		t.Errorf("warcio extract %s: %q", filepath.Base(path), payload)
	}
}
