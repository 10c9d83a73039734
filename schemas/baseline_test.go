package schemas_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

// TestBaseline refuses a silent break: the schemas must still fit what the last
// baseline of the same Version promised. With -update the baseline moves forward,
// but only over changes that break nothing; after a change of Version it starts
// anew in its own folder.
func TestBaseline(t *testing.T) {
	dir := filepath.Join("testdata", "baseline", "v"+schemas.Version)
	for _, name := range schemas.SchemaNames {
		file := filepath.Join(dir, name+".json")
		now, err := os.ReadFile(name + ".schema.json") // not the embedded one: -update has just rewritten it
		if err != nil {
			t.Fatal(err)
		}
		old, err := os.ReadFile(file)
		switch {
		case os.IsNotExist(err) && *update:
			old = now
		case err != nil:
			t.Errorf("no baseline of version %s for %s; run go test ./schemas -update: %v", schemas.Version, name, err)
			continue
		}
		if bs := breaks(decode(t, old), decode(t, now)); len(bs) > 0 {
			t.Errorf("%s breaks what version %s promised; change schemas.Version or take it back:\n\t%s",
				name, schemas.Version, strings.Join(bs, "\n\t"))
			continue
		}
		if *update {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, now, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// breaks lists, sorted, what readers or writers that rely on the old schema would
// stumble over in the new one: a member gone, of another type, newly required or
// no longer always there, or an enum value gone. A member or value that is added
// breaks nothing.
func breaks(old, now map[string]any) []string {
	var bs []string
	compare("", old, now, &bs)
	slices.Sort(bs)
	return bs
}

func compare(path string, old, now map[string]any, bs *[]string) {
	add := func(format string, args ...any) { *bs = append(*bs, path+": "+fmt.Sprintf(format, args...)) }
	for _, key := range []string{"type", "$ref", "const", "format", "contentEncoding"} {
		if old[key] != now[key] {
			add("%s was %v, is %v", key, old[key], now[key])
		}
	}
	if a, b := old["anyOf"], now["anyOf"]; (a == nil) != (b == nil) {
		add("may be null: was %t, is %t", a != nil, b != nil)
	}
	for _, v := range lost(old["enum"], now["enum"]) {
		add("enum value %v is gone", v)
	}
	if old["enum"] == nil && now["enum"] != nil {
		add("newly restricted to an enum")
	}
	for _, v := range lost(now["required"], old["required"]) {
		add("%v is newly required", v)
	}
	for _, v := range lost(old["required"], now["required"]) {
		add("%v is no longer required", v)
	}
	if old["additionalProperties"] == nil && now["additionalProperties"] == false {
		add("other members are newly refused")
	}
	for _, key := range []string{"properties", "$defs"} {
		olds, _ := old[key].(map[string]any)
		nows, _ := now[key].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(olds)) {
			if _, ok := nows[name]; !ok {
				add("%s is gone", name)
				continue
			}
			compareAny(path+"/"+name, olds[name], nows[name], bs)
		}
	}
	for _, key := range []string{"items", "additionalProperties"} {
		compareAny(path+"/"+key, old[key], now[key], bs)
	}
	olds, _ := old["anyOf"].([]any)
	nows, _ := now["anyOf"].([]any)
	for i := range min(len(olds), len(nows)) {
		compareAny(path, olds[i], nows[i], bs)
	}
}

// compareAny goes on where both sides are schemas with keywords.
func compareAny(path string, old, now any, bs *[]string) {
	o, ok1 := old.(map[string]any)
	n, ok2 := now.(map[string]any)
	if ok1 && ok2 {
		compare(path, o, n, bs)
	}
}

// lost returns the elements of the array old that the array now lacks.
func lost(old, now any) []any {
	olds, _ := old.([]any)
	nows, _ := now.([]any)
	var gone []any
	for _, v := range olds {
		if !slices.Contains(nows, v) {
			gone = append(gone, v)
		}
	}
	return gone
}

func decode(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBreaks(t *testing.T) {
	const old = `{"$ref": "#/$defs/R", "$defs": {"R": {"type": "object", "additionalProperties": false, "required": ["a", "b"], "properties": {
		"a": {"type": "string", "enum": ["x", "y"]},
		"b": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
		"c": {"type": "array", "items": {"type": "string"}}}}}}`
	tests := []struct {
		name, from, to string
		want           []string
	}{
		{"nothing", "", "", nil},
		{"a description", `{"type": "array",`, `{"type": "array", "description": "new",`, nil},
		{"a member more", `"c": {`, `"d": {"type": "string"}, "c": {`, nil},
		{"a value more", `"x", "y"`, `"x", "y", "z"`, nil},
		{"a member gone", `"c": {"type": "array", "items": {"type": "string"}}`, `"d": {}`, []string{"/R: c is gone"}},
		{"another type", `"anyOf": [{"type": "integer"}`, `"anyOf": [{"type": "string"}`, []string{"/R/b: type was integer, is string"}},
		{"another type in a list", `"items": {"type": "string"}`, `"items": {"type": "number"}`, []string{"/R/c/items: type was string, is number"}},
		{"no longer null", `{"anyOf": [{"type": "integer"}, {"type": "null"}]}`, `{"type": "integer"}`, []string{
			"/R/b: may be null: was true, is false", "/R/b: type was <nil>, is integer",
		}},
		{"newly required", `["a", "b"]`, `["a", "b", "c"]`, []string{"/R: c is newly required"}},
		{"no longer required", `["a", "b"]`, `["a"]`, []string{"/R: b is no longer required"}},
		{"a value gone", `"x", "y"`, `"x"`, []string{"/R/a: enum value y is gone"}},
		{"newly an enum", `"items": {"type": "string"}`, `"items": {"type": "string", "enum": ["x"]}`, []string{"/R/c/items: newly restricted to an enum"}},
		{"a type gone", `"$defs": {"R"`, `"$defs": {"S"`, []string{": R is gone"}},
	}
	for _, tt := range tests {
		now := strings.Replace(old, tt.from, tt.to, 1)
		if tt.from != "" && now == old {
			t.Fatalf("%s: %q is not in the schema", tt.name, tt.from)
		}
		if d := cmp.Diff(tt.want, breaks(decode(t, []byte(old)), decode(t, []byte(now)))); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}
