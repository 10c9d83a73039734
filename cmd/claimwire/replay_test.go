package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ferry = `{"id":"f1","published_at":"2026-03-02","publisher":{"domain":"quay.example"},"text":"A ferry sank off Oslo on Sunday. At least 12 people were killed, the coast guard said."}
{"id":"f2","published_at":"2026-03-03","publisher":{"domain":"pier.example"},"text":"Divers searched the ferry that sank off Oslo on Sunday. The coast guard said 15 people were killed."}
{"id":"f3","published_at":"2026-03-03","publisher":{"domain":"dock.example"},"text":"Ferry traffic off Oslo resumed. On Sunday 15 people were killed when a ferry sank off Oslo, the coast guard said."}
`

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// digestOf finds the digest in what replay says at the end.
func digestOf(t *testing.T, stderr string) string {
	t.Helper()
	_, digest, ok := strings.Cut(strings.TrimSpace(stderr), ", digest ")
	if !ok {
		t.Fatalf("no digest in %q", stderr)
	}
	return digest
}

// TestReplay makes claims of articles, of their extractions in another order, and
// by way of another folder's stores and streams: the same bytes every time.
func TestReplay(t *testing.T) {
	t.Parallel()
	articles := writeFile(t, "articles.jsonl", ferry)
	manifestPath := filepath.Join(t.TempDir(), "manifest.json")
	code, want, errs := claimwire(t, "", "replay", "--manifest", manifestPath, articles)
	if code != exitOK || !strings.Contains(want, `"value":15`) {
		t.Fatalf("exit %d: %s\n%s", code, errs, want)
	}
	digest := digestOf(t, errs)
	raw, err := os.ReadFile(manifestPath)
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil || m.Articles != 3 || m.Digest != digest || len(m.Readers) != 1 || m.Claims != strings.Count(want, "\n") {
		t.Errorf("manifest (%v): %s", err, raw)
	}

	_, extractions, _ := claimwire(t, "", "extract", "--format", "extraction", articles)
	lines := strings.SplitAfter(strings.TrimSpace(extractions)+"\n", "\n")
	lines[0], lines[2] = lines[2], lines[0]
	shuffled := writeFile(t, "extractions.jsonl", strings.Join(lines, ""))
	for _, args := range [][]string{{"replay", shuffled}, {"replay", "--re-extract", shuffled}} {
		code, got, errs := claimwire(t, "", args...)
		if code != exitOK || got != want {
			t.Errorf("%v: exit %d, %s: other claims:\n%s", args, code, errs, cmp.Diff(want, got))
		}
	}

	into := t.TempDir()
	if code, _, errs := claimwire(t, "", "replay", "--into", into, shuffled); code != exitOK || digestOf(t, errs) != digest {
		t.Fatalf("--into: exit %d: %s, want digest %s", code, errs, digest)
	}
	if _, got, errs := claimwire(t, "", "export", "--data-dir", into); got != want {
		t.Errorf("the store of --into has other claims: %s\n%s", errs, cmp.Diff(want, got))
	}
	for _, tt := range []struct {
		args []string
		want string // claims, or else a part of what is said
	}{
		{[]string{"--stream", "extractions"}, want},
		{[]string{"--stream", "articles"}, want},
		{[]string{"--since", "2026-03-04"}, ""},
		{[]string{"--since", "4"}, ""},
	} {
		code, got, errs := claimwire(t, "", append([]string{"replay", "--from", into}, tt.args...)...)
		if code != exitOK || got != tt.want {
			t.Errorf("--from %v: exit %d: %s\n%s", tt.args, code, errs, cmp.Diff(tt.want, got))
		}
	}
	if _, got, _ := claimwire(t, "", "replay", "--from", into, "--until", "2026-03-02"); !strings.Contains(got, `"f1"`) || strings.Contains(got, `"f2"`) {
		t.Errorf("--until 2026-03-02 gives other articles:\n%s", got)
	}
	if code, _, errs := claimwire(t, "", "replay", "--into", into, shuffled); code != exitOK || digestOf(t, errs) != digest {
		t.Errorf("--into a second time: exit %d: %s, want digest %s", code, errs, digest)
	}
}

func TestReplayReportsBadLines(t *testing.T) {
	_, want, _ := claimwire(t, "", "replay", writeFile(t, "articles.jsonl", ferry))
	bad := "{\"id\":\"x\"\n" + ferry + `{"id":"none","published_at":"2026-03-02","text":" "}
{"article_id":"f9","article":{"id":"f8","text":"x","published_at":""}}
`
	code, got, errs := claimwire(t, bad, "replay", "-")
	if code != exitFailed || got != want {
		t.Errorf("exit %d, want 1 and the claims of the good lines:\n%s", code, cmp.Diff(want, got))
	}
	for _, part := range []string{"standard input:1:", "standard input:5:", "standard input:6:", "3 of 6 records"} {
		if !strings.Contains(errs, part) {
			t.Errorf("stderr does not say %q:\n%s", part, errs)
		}
	}
}

func TestReplayUsage(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"--from", "a", "x.jsonl"},
		{"--from", "a", "--nats", "nats://h"},
		{"--from", "a", "--into", "a"},
		{"--since", "3", "x.jsonl"},
		{"--from", "a", "--stream", "claims"},
		{"--from", "a", "--since", "yesterday"},
	} {
		if code, _, errs := claimwire(t, "", append([]string{"replay"}, args...)...); code != exitUsage {
			t.Errorf("replay %v: exit %d, want %d: %s", args, code, exitUsage, errs)
		}
	}
	if code, _, errs := claimwire(t, "", "replay", "--from", t.TempDir()); code != exitFailed || !strings.Contains(errs, "no streams") {
		t.Errorf("a folder without streams: exit %d: %s", code, errs)
	}
}
