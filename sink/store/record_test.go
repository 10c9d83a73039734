package store

import (
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// FuzzPatch: base and patch give the record back, byte for byte, whatever the texts are.
func FuzzPatch(f *testing.F) {
	f.Add("12 people killed", `say "12" \`, `{"a":[1,{"b":","}]}`, 3, false)
	f.Add("", "", "", 0, true)
	f.Add("same", "same", "\u2028\x00\xff", -1, false)
	f.Fuzz(func(t *testing.T, before, after, name string, n int, event bool) {
		b := &batch{store: &Store{memory: newMemory()}}
		patchOn := func(on base, record []byte) (string, bool) {
			names, _ := b.hashMembers(record)
			return patchOf(on, record, names, b.members)
		}
		c := schemas.Claim{ID: "c", Text: before, Content: name, Counted: "people", Predicate: "say", Measure: "person-killed", CitationCount: n}
		base := b.newBase(7, c.AppendJSON(nil))
		first := c.AppendJSON(nil)
		c.Text, c.CitationCount = after, n+1
		c.Speaker = &schemas.ClaimEntity{Name: name}
		if event {
			c.EventType = schemas.EventType(name) // absent from JSON if empty
		}
		whole := c.AppendJSON(nil)
		patch, ok := patchOn(base, whole)
		if !ok {
			if len(after)+2*len(name) < 100 && c.EventType == "" {
				t.Errorf("no patch for %s", whole)
			}
			return
		}
		if 2*len(patch) > len(whole) {
			t.Errorf("a patch of %d bytes for a record of %d", len(patch), len(whole))
		}
		if got := patched(first, []byte(patch)); string(got) != string(whole) {
			t.Errorf("patched(%s, %s)\n= %s\nwant %s", first, patch, got, whole)
		}
		if again, ok := patchOn(b.newBase(8, whole), whole); !ok || again != "" {
			t.Errorf("patch of a record on itself = %q, %t", again, ok)
		}
	})
}

// TestPatchedBroken: what is no record of ours gives no panic.
func TestPatchedBroken(t *testing.T) {
	for _, s := range []string{"", "{", "{}", `{"`, `{"a`, `{"a":"\`, `[,]`, "null", `{"a":1`, `"a"`, "}"} {
		for _, patch := range []string{"", "{", `{"a":2}`, `{"a"`, "x"} {
			_ = patched([]byte(s), []byte(patch))
		}
	}
}
