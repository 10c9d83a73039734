package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/extractor"
)

func namesFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "names.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadNames(t *testing.T) {
	got, err := config.ReadNames(namesFile(t, `# our own
- name: Nordhavn  Port Authority
  type: ORG
  country: NO
  key: nordhavn-port
  aliases: [NPA, Port Authority of Nordhavn]
- {name: Ann Lee, type: per, aliases: The Admiral}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []extractor.KnownName{
		{Name: "Nordhavn Port Authority", Type: "ORG", Country: "NO", Key: "nordhavn-port", Aliases: []string{"NPA", "Port Authority of Nordhavn"}},
		{Name: "Ann Lee", Type: "PER", Aliases: []string{"The Admiral"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ReadNames (-want +got):\n%s", diff)
	}
	if got, err := config.ReadNames(namesFile(t, "# nothing yet\n")); err != nil || got != nil {
		t.Errorf("ReadNames of an empty file = %v, %v", got, err)
	}
}

func TestReadNamesMistakes(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"name: X\ntype: ORG\n", `names.yaml:1: want a list`},
		{"- name: X\n  typ: ORG\n", `names.yaml:2: unknown key "typ" (did you mean type?)`},
		{"- name: X\n  colour: red\n  type: ORG\n", `names.yaml:2: unknown key "colour"; there are name, type, country, key, aliases`},
		{"- name: X\n  type: OGR\n", `names.yaml:2: no type "OGR" (did you mean ORG?)`},
		{"- name: X\n  type: person\n", `names.yaml:2: no type "person" (did you mean PER?)`},
		{"- name: X\n  type: thing\n", `names.yaml:2: no type "thing"; there are PER, ORG, LOC, NORP, MISC`},
		{"- type: ORG\n", `names.yaml:1: an entry without a name`},
		{"- name: X\n", `names.yaml:1: X has no type`},
		{"- name: ''\n  type: ORG\n", `names.yaml:1: want a name, got nothing`},
		{"- name: X\n  type: ORG\n  country: de\n", `names.yaml:3: country "de" is no ISO 3166-1 code of two capitals (did you mean DE?)`},
		{"- name: X\n  type: ORG\n  country: Norway\n", `names.yaml:3: country "Norway" is no ISO 3166-1 code`},
		{"- name: X\n  type: ORG\n- name: Y\n  type: ORG\n  aliases:\n    - Z\n    - X\n", `names.yaml:7: "X" stands in line 1 already`},
		{"- name: X\n  name: Y\n  type: ORG\n", `names.yaml:2: name stands twice`},
		{"- just words\n", `names.yaml:1: want name, type and so on`},
		{"- name: X\n  type: ORG\n  key: []\n", `names.yaml:3: key: want a word`},
		{"- name: " + strings.Repeat("long ", 60) + "\n  type: ORG\n", `names.yaml:1: "long long`},
		{"- name: [\n", `names.yaml`},
	} {
		_, err := config.ReadNames(namesFile(t, tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ReadNames(%q) = %v, want %s", tt.text, err, tt.want)
		}
	}
	_, err := config.ReadNames(namesFile(t, "- name: X\n  typ: ORG\n- name: Y\n  type: OGR\n"))
	if err == nil || strings.Count(err.Error(), "names.yaml:") != 3 {
		t.Errorf("three mistakes: %v", err)
	}
	if _, err := config.ReadNames(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a missing file: no error")
	}
}

func TestNamesSetting(t *testing.T) {
	path := namesFile(t, "- name: X\n  typ: ORG\n")
	if _, err := load(t, "names: "+path+"\n", nil, nil); err == nil || !strings.Contains(err.Error(), "did you mean type?") {
		t.Errorf("settings with a wrong file of names: %v", err)
	}
}

func FuzzReadNames(f *testing.F) {
	f.Add("- name: Nordhavn Port Authority\n  type: ORG\n  country: DK\n  aliases: [NPA]\n")
	f.Add("- {name: a, type: b, key: [c], aliases: {d: e}}\n- *x\n")
	f.Add("&a [*a]")
	path := filepath.Join(f.TempDir(), "names.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		names, err := config.ReadNames(path)
		for _, n := range names {
			if err == nil && (n.Name == "" || n.Type == "") {
				t.Errorf("ReadNames(%q) = %+v", text, n)
			}
		}
	})
}
