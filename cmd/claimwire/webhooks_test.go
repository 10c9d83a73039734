package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWebhooksFile: a mistake in the file of endpoints is reported with its line and what
// was probably meant.
func TestWebhooksFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hooks.yaml")
	const good = "- name: desk\n  url: https://hooks.example.com/claims\n  secrets: [whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz]\n"
	for _, tt := range []struct{ text, want string }{
		{good + "  filter: measure=person-killed\n  changes: [asserted]\n  jump: 10%\n  since: 0\n", ""},
		{"", ""},
		{good + "  filtr: measure=person-killed\n", `hooks.yaml:4: unknown key "filtr" (did you mean filter?)`},
		{"- &a {name: x}\n" + "- <<: *a\n  colour: red\n", `hooks.yaml:3: unknown key "colour"; there are name, url, secrets, filter, changes, jump, since`},
		{good + "  jmp: 3\n  sinse: 4\n", "hooks.yaml:5: unknown key \"sinse\" (did you mean since?)"},
		{"name: desk\n", "cannot unmarshal"},
		{"- [\n", "hooks.yaml"},
		{good + "  filter: colour=red\n", "filter: colour"},
	} {
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := loadWebhooks(path)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
}
