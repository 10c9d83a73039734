package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/claimwire/claimwire/"

// TestImports holds the arrows between packages to one direction:
// schemas <- fetcher, extractor, normalizer, sink <- cmd.
func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".." {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		from := path.Dir(filepath.ToSlash(rel))
		test := strings.HasSuffix(file, "_test.go") || strings.HasSuffix(from, "test")
		for _, spec := range f.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if why := forbidden(from, to, test); why != "" {
				t.Errorf("%s imports %s: %s", rel, to, why)
			}
			seen++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Errorf("saw %d imports; is the walk broken?", seen)
	}
}

// forbidden says why package from may not import to; "" if it may.
func forbidden(from, to string, test bool) string {
	if strings.HasPrefix(to, "github.com/nats-io/") && from != "cmd/internal/bus" && !test {
		return "only cmd/internal/bus wires NATS"
	}
	inside, ours := strings.CutPrefix(to, module)
	if !ours {
		if first, _, _ := strings.Cut(to, "/"); from == "schemas" && !test && strings.Contains(first, ".") {
			return "schemas is built on the standard library alone"
		}
		return ""
	}
	fromTop, _, _ := strings.Cut(from, "/")
	toTop, _, _ := strings.Cut(inside, "/")
	switch {
	case fromTop == "cmd" || fromTop == toTop && test:
		return ""
	case toTop == "schemas":
		return ""
	case fromTop != toTop:
		return "stages meet only in cmd"
	case from == "extractor/english" || from == "normalizer" || from == "fetcher": // these compose their children
		return ""
	case strings.HasPrefix(from, inside+"/"), inside == fromTop: // a child imports its parent
		return ""
	case from == inside: // gen_*.go
		return ""
	case inside == "extractor/linear": // the models under the stages, itself no stage
		return ""
	}
	return "siblings talk through their parent's types"
}

func TestForbidden(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		test, ok bool
	}{
		{"schemas", "encoding/json", false, true},
		{"schemas", "example.com/x", false, false},
		{"extractor/timex", module + "extractor", false, true},
		{"extractor/timex", module + "extractor/quantity", false, false},
		{"extractor", module + "sink", false, false},
		{"extractor/english", module + "extractor/timex", false, true},
		{"sink/desk", module + "sink", false, true},
		{"sink/desk", "github.com/nats-io/nats.go", false, false},
		{"cmd/claimwire", module + "sink/desk", false, true},
		{"normalizer", module + "normalizer/text", false, true},
	} {
		if got := forbidden(tt.from, tt.to, tt.test) == ""; got != tt.ok {
			t.Errorf("forbidden(%q, %q, %t) allows it: %t, want %t", tt.from, tt.to, tt.test, got, tt.ok)
		}
	}
}
