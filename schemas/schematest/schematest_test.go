package schematest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/schematest"
)

func TestCheck(t *testing.T) {
	review := func(edit func(map[string]any)) string {
		raw, err := json.Marshal(schemas.Review{SchemaVersion: schemas.Version, ID: "r_1", Action: schemas.ReviewReject})
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		edit(m)
		raw, err = json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	tests := []struct {
		desc, name, record string
		want               string // part of the error; empty for none
	}{
		{"smallest article", "article", `{"id":"1","text":"One.","published_at":""}`, ""},
		{"article with unknown members", "article", `{"id":"1","text":"One.","published_at":"2025-11-25","mood":"calm","publisher":{"city":"Oslo"}}`, ""},
		{"article without text", "article", `{"id":"1","published_at":"2025-11-25"}`, "text"},
		{"article of another version", "article", `{"schema_version":"9","id":"1","text":"One.","published_at":""}`, "schema_version"},
		{"article with a made-up enum value", "article", `{"id":"1","text":"One.","published_at":"","paywalled":"maybe"}`, "paywalled"},
		{"article with a bad time", "article", `{"id":"1","text":"One.","published_at":"","fetched_at":"noon"}`, "fetched_at"},
		{"review", "review", review(func(map[string]any) {}), ""},
		{"review with an unknown member", "review", review(func(m map[string]any) { m["mood"] = "calm" }), "mood"},
		{"review without a member", "review", review(func(m map[string]any) { delete(m, "why") }), "why"},
		{"review with null for a list", "review", review(func(m map[string]any) { m["claims"] = nil }), "claims"},
		{"review with a negative offset", "review", review(func(m map[string]any) { m["anchor"].(map[string]any)["start"] = -1 }), "start"},
		{"no JSON", "claim", `{`, "not one JSON value"},
		{"two values", "article", `{"id":"1","text":"One.","published_at":""} {}`, "not one JSON value"},
		{"no such schema", "rumour", `{}`, "rumour"},
	}
	for _, tt := range tests {
		err := schematest.Check(tt.name, []byte(tt.record))
		switch {
		case err == nil && tt.want != "":
			t.Errorf("%s: Check = nil, want an error with %q", tt.desc, tt.want)
		case err != nil && (tt.want == "" || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: Check = %v, want %q", tt.desc, err, tt.want)
		}
	}
}

// An error says where and what is wrong without the whole list of what is right.
func TestCheckIsBrief(t *testing.T) {
	raw, err := json.Marshal(schemas.Series{Unit: "parsec"})
	if err != nil {
		t.Fatal(err)
	}
	err = schematest.Check("series", raw)
	if err == nil || !strings.Contains(err.Error(), "/unit") || len(err.Error()) > 4000 {
		t.Errorf("Check = %v, want a short error about /unit", err)
	}
}

// Every schema must compile, or no record of its kind can ever pass.
func TestSchemasCompile(t *testing.T) {
	for _, name := range schemas.SchemaNames {
		if err := schematest.Check(name, []byte(`[]`)); err == nil || !strings.Contains(err.Error(), "object") {
			t.Errorf("Check(%q, []) = %v, want an error that asks for an object", name, err)
		}
	}
}
