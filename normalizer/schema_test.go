package normalizer

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestRecordsFitSchemas validates every claim, series and change of a random
// newsroom against the published JSON Schemas.
func TestRecordsFitSchemas(t *testing.T) {
	ctx := context.Background()
	c := jsonschema.NewCompiler()
	compile := func(name string) *jsonschema.Schema {
		s, err := c.Compile(filepath.Join("..", "schemas", name+".schema.json"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	claim, series, change := compile("claim"), compile("series"), compile("change")
	check := func(s *jsonschema.Schema, v any) {
		t.Helper()
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
	}
	n := open(t, filepath.Join(t.TempDir(), "state.db"))
	defer n.Close()
	var in []Input
	for i, e := range newsroom(t, 11, 60) {
		in = append(in, Input{Sequence: uint64(i + 1), Extraction: e})
	}
	said := bombing(t, "said", "2025-03-02", "one.example", "16", 16, "", "2025-03-02").
		says("Sigrid Halle", "A lorry packed with explosives blew up beside the ferry terminal of Torvik")
	in = append(in, Input{Sequence: uint64(len(in) + 1), Extraction: said.Extraction})
	if err := n.Apply(ctx, in); err != nil {
		t.Fatal(err)
	}
	if err := n.Finalize(ctx); err != nil {
		t.Fatal(err)
	}
	for v := range n.Claims(ctx) {
		check(claim, v)
	}
	for v := range n.Series(ctx) {
		check(series, v)
	}
	changes := outboxOf(t, n)
	for _, v := range changes {
		check(change, v)
	}
}
