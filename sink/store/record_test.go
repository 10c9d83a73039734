package store

import (
	"strings"
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
		patchOn := func(on base, c *schemas.Claim) (string, bool) {
			return b.patchOf(on, c, c.HashMembers(b.store.memory.seed, nil))
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
		patch, ok := patchOn(base, &c)
		if !ok {
			if len(after)+2*len(name) < 100 && c.EventType == "" {
				t.Errorf("no patch for %s", whole)
			}
			return
		}
		if 2*len(patch) > len(first) {
			t.Errorf("a patch of %d bytes for a record of %d", len(patch), len(first))
		}
		if got := patched(first, []byte(patch)); string(got) != string(whole) {
			t.Errorf("patched(%s, %s)\n= %s\nwant %s", first, patch, got, whole)
		}
		if again, ok := patchOn(b.newBase(8, whole), &c); !ok || again != "" {
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

// TestNewBase: a record that has other members than this version writes is no base.
func TestNewBase(t *testing.T) {
	b := &batch{store: &Store{memory: newMemory()}}
	c := schemas.Claim{ID: "c", Text: "12 people killed"}
	record := string(c.AppendJSON(nil))
	if b.newBase(7, []byte(record)).sequence != 7 {
		t.Errorf("%s is no base", record)
	}
	for _, other := range []string{"", "x", `{"id":"c"}`, strings.Replace(record, `"counted":"",`, "", 1), strings.Replace(record, `{`, `{"later":1,`, 1)} {
		if on := b.newBase(7, []byte(other)); on.sequence != 0 {
			t.Errorf("%q is a base", other)
		}
	}
}

// TestLasting: only the stability does not count.
func TestLasting(t *testing.T) {
	m := newMemory()
	hash := func(c *schemas.Claim) uint64 { return m.lasting(c.HashMembers(m.seed, nil)) }
	c := schemas.Claim{ID: "c", Stability: schemas.Provisional}
	first := hash(&c)
	if c.Stability = schemas.Final; hash(&c) != first {
		t.Error("the stability counts")
	}
	if c.ReplacedBy = []string{"d"}; hash(&c) == first {
		t.Error("what replaced a claim does not count")
	}
}
