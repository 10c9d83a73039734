package main

import (
	"archive/zip"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// TestArchiveWACZ packs what a backfill has archived.
func TestArchiveWACZ(t *testing.T) {
	t.Parallel()
	s := newsSite(t)
	dir := t.TempDir()
	if code, _, err := claimwire(t, "", "backfill", "--allow-private", "--since", "2025-01-01", "--dir", dir, s.URL); code != exitOK {
		t.Fatalf("backfill: exit %d, %s", code, err)
	}
	out := filepath.Join(dir, "news.wacz")
	if code, _, err := claimwire(t, "", "archive", "wacz", "--data-dir", dir, "--output", out, "--title", "Harbour"); code != exitOK {
		t.Fatalf("exit %d, %s", code, err)
	}
	z, err := zip.OpenReader(out)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	pages, err := z.Open("pages/pages.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(pages)
	if err != nil || !strings.Contains(string(raw), `"title":"Ships wait"`) || strings.Count(string(raw), "\n") != 2 {
		t.Errorf("pages %s, %v", raw, err)
	}
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"archive"}, exitUsage, "archive wacz"},
		{[]string{"archive", "wacz"}, exitUsage, "--output"},
		{[]string{"archive", "wacz", "--output", out, "--data-dir", t.TempDir()}, exitFailed, "archive"},
		{[]string{"archive", "wacz", "--output", out, "/no/such.warc.gz"}, exitFailed, "/no/such.warc.gz"},
	} {
		if code, stdout, stderr := claimwire(t, "", tt.args...); code != tt.code || !strings.Contains(stdout+stderr, tt.want) {
			t.Errorf("%v: exit %d, %s%s", tt.args, code, stdout, stderr)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".claimwire-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
