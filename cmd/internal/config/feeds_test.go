package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/claimwire/claimwire/cmd/internal/config"
)

func TestAddFeeds(t *testing.T) {
	const a, b = "http://a.example/feed", "http://b.example/feed?x=1,2"
	tests := []struct {
		name, before, after string
		added               []string
		failed              bool
	}{
		{"no file", "", "feeds:\n    - " + a + "\n    - " + b + "\n", []string{a, b}, false},
		{"comments", "# mine\nevery: 5m # often\nfeeds:\n    # the first\n    - " + a + "\n", "# mine\nevery: 5m # often\nfeeds:\n    # the first\n    - " + a + "\n    - " + b + "\n", []string{b}, false},
		{"one feed", "feed: " + a + "\n", "feed:\n    - " + a + "\n    - " + b + "\n", []string{b}, false},
		{"in brackets", "feeds: [" + a + "]\n", "feeds:\n    - " + a + "\n    - " + b + "\n", []string{b}, false},
		{"empty list", "feeds:\nevery: 5m\n", "feeds:\n    - " + a + "\n    - " + b + "\nevery: 5m\n", []string{a, b}, false},
		{"nothing new", "feeds: [" + a + ", '" + b + "']\n", "feeds: [" + a + ", '" + b + "']\n", nil, false},
		{"no mapping", "- x\n", "- x\n", nil, true},
		{"no YAML", "feeds: [\n", "feeds: [\n", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "claimwire.yaml")
			if tt.before != "" {
				if err := os.WriteFile(path, []byte(tt.before), 0o640); err != nil {
					t.Fatal(err)
				}
			}
			added, err := config.AddFeeds(path, []string{a, b})
			if !slices.Equal(added, tt.added) || (err != nil) != tt.failed {
				t.Errorf("AddFeeds = %q, %v, want %q", added, err, tt.added)
			}
			if got, _ := os.ReadFile(path); string(got) != tt.after {
				t.Errorf("file:\n%s, want\n%s", got, tt.after)
			}
			if tt.added != nil {
				if s, err := load(t, "", nil, []string{"--config", path}); err != nil || len(s.Feeds) != 2 {
					t.Errorf("feeds %q, %v", s.Feeds, err)
				}
			}
		})
	}
}

func TestPairs(t *testing.T) {
	s, err := load(t, "rights: [\"Example.org=full text, for research\", b.example=none]\nlegal-deposit: [c.example]\n", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Rights) != 2 || s.Rights["example.org"] != "full text, for research" || !slices.Equal(s.Deposit, []string{"c.example"}) {
		t.Errorf("rights %v, deposit %v", s.Rights, s.Deposit)
	}
	if _, err := load(t, "rights: [example.org]\n", nil, nil); err == nil {
		t.Error("rights without words: no error")
	}
}
