package timex

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestRulesHaveCases demands a golden case of every rule.
func TestRulesHaveCases(t *testing.T) {
	if last := ruleUnresolved; last != 1<<(len(ruleNames)-1) {
		t.Fatalf("the last rule has bit %#x, but there are %d names", uint64(last), len(ruleNames))
	}
	shown := map[string]bool{}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			if f.Name != "want" {
				continue
			}
			for line := range strings.Lines(string(f.Data)) {
				for name := range strings.FieldsSeq(line[strings.LastIndex(line, "|")+1:]) {
					shown["timex/"+name] = strings.HasPrefix(line, "  ") || shown["timex/"+name]
				}
			}
		}
	}
	for i, name := range ruleNames {
		if !shown[name] {
			t.Errorf("no golden case shows %s", name)
		}
		if slices.Index(ruleNames[:], name) != i {
			t.Errorf("%s stands twice", name)
		}
	}
}
