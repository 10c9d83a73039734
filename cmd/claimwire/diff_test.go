package main

import (
	"strings"
	"testing"
)

// TestDiff compares the claims of three articles with those of others: one is
// missing, one was edited, one is read by people otherwise.
func TestDiff(t *testing.T) {
	run := func(articles string, args ...string) string {
		t.Helper()
		code, out, errs := claimwire(t, articles, append([]string{"replay", "-"}, args...)...)
		if code != exitOK {
			t.Fatal(errs)
		}
		return writeFile(t, "claims.jsonl", out)
	}
	whole := run(ferry)
	if code, out, errs := claimwire(t, "", "diff", whole, whole); code != exitOK || out != "" {
		t.Errorf("a run and itself: exit %d: %s%s", code, out, errs)
	}
	_, first, _ := strings.Cut(ferry, "\n")
	tests := []struct {
		name string
		with string
		want []string
	}{
		{"without the first article", run(first), []string{"- c_", "the other run cites no article f1"}},
		{"with an edited one", run(strings.Replace(ferry, "At least 12", "At least 13", 1)), []string{"- c_", "+ c_", "another version of article f1"}},
		{"with a copy", run(ferry + strings.Replace(first, `"f2"`, `"g2"`, 1)), []string{"~ c_", "+g2"}},
	}
	for _, tt := range tests {
		code, out, errs := claimwire(t, "", "diff", whole, tt.with)
		if code != exitFailed {
			t.Errorf("%s: exit %d, want 1: %s", tt.name, code, errs)
		}
		for _, part := range tt.want {
			if !strings.Contains(out, part) {
				t.Errorf("%s: no %q in\n%s", tt.name, part, out)
			}
		}
	}
	if code, _, _ := claimwire(t, "", "diff", whole); code != exitUsage {
		t.Errorf("one file: exit %d", code)
	}
}
