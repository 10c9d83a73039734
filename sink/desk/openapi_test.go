package desk

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// description is openapi.yaml as JSON would hold it.
func description(t *testing.T) map[string]any {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNothingIsNull: an unquoted comma in a description makes what follows it a key without
// a value, which validators refuse.
func TestNothingIsNull(t *testing.T) {
	for name, raw := range map[string][]byte{"openapi.yaml": openAPI, "asyncapi.yaml": asyncAPI} {
		var doc any
		if err := yaml.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		walk(doc, name, func(path string, v any) {
			if v == nil {
				t.Errorf("%s has no value", path)
			}
		})
	}
}

func walk(v any, path string, visit func(path string, v any)) {
	visit(path, v)
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			walk(e, path+" "+k, visit)
		}
	case []any:
		for _, e := range v {
			walk(e, path+" []", visit)
		}
	}
}

// TestPaths: every path described is served, and the other way round.
func TestPaths(t *testing.T) {
	d, err := New(Config{Store: newFixture(t, nil).store})
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for path, item := range description(t)["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			described[strings.ToUpper(method)+" "+path] = true
		}
	}
	for _, r := range d.routes {
		if !described[r.method+" "+r.path] {
			t.Errorf("%s %s is served but not described", r.method, r.path)
		}
		delete(described, r.method+" "+r.path)
	}
	for op := range described {
		t.Errorf("%s is described but not served", op)
	}
}

// TestParameters: the filters described are those that are read.
func TestParameters(t *testing.T) {
	f := newFixture(t, nil)
	samples := map[string]string{
		"kind": "event", "measure": "price", "country": "US", "place": "x", "entity": "x", "publisher": "x", "article": "x", "modality": "any", "tier": "any", "series": "x",
		"min_origins": "1", "q": "x", "state": "any", "since": "2025", "until": "2025", "known_at": "2025", "limit": "1", "format": "json", "cursor": "",
	}
	doc := description(t)
	ofSeries := maps.Clone(samples)
	ofSeries["policy"] = "lowest"
	for path, samples := range map[string]map[string]string{
		"/api/v1/series":   ofSeries,
		"/api/v1/claims":   samples,
		"/api/v1/articles": {"publisher": "x", "language": "en", "q": "x", "since": "2025", "until": "2025", "limit": "1", "format": "csv", "cursor": ""},
	} {
		for _, p := range doc["paths"].(map[string]any)[path].(map[string]any)["get"].(map[string]any)["parameters"].([]any) {
			name, ok := p.(map[string]any)["name"].(string)
			if ref, given := p.(map[string]any)["$ref"].(string); given {
				name, ok = ref[strings.LastIndexByte(ref, '/')+1:], true
			}
			value, known := samples[name]
			if !ok || !known {
				t.Errorf("%s: parameter %s has no sample in this test", path, name)
			}
			delete(samples, name)
			if resp, body := f.get(t, path+"?"+name+"="+value); resp.StatusCode != http.StatusOK {
				t.Errorf("%s?%s=%s: %d %s", path, name, value, resp.StatusCode, body)
			}
		}
		for name := range samples {
			t.Errorf("%s: parameter %s is not described", path, name)
		}
	}
}

// TestAnswers checks real answers against the schemas of the description.
func TestAnswers(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	doc := description(t)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("desk.json", doc); err != nil {
		t.Fatal(err)
	}
	claim := f.claims(t, "").Items[0].Record
	for _, tt := range []struct{ path, operation string }{
		{"/api/v1/claims", "/api/v1/claims"},
		{"/api/v1/claims/" + claim.ID, "/api/v1/claims/{id}"},
		{"/api/v1/claims/" + claim.ID + "/events", "/api/v1/claims/{id}/events"},
		{"/api/v1/series", "/api/v1/series"},
		{"/api/v1/series?known_at=2025-11-23&policy=highest", "/api/v1/series"},
		{"/api/v1/series?known_at=soon", "/api/v1/series"},
		{"/api/v1/series?format=csv", "/api/v1/series"},
		{"/api/v1/series?format=ndjson", "/api/v1/series"},
		{"/api/v1/series?format=atom", "/api/v1/series"},
		{"/api/v1/series/" + claim.SeriesID, "/api/v1/series/{id}"},
		{"/api/v1/series/" + claim.SeriesID + "?policy=lowest&known_at=2999", "/api/v1/series/{id}"},
		{"/api/v1/series/" + claim.SeriesID + "?policy=cheapest", "/api/v1/series/{id}"},
		{"/api/v1/series/" + claim.SeriesID + "/events", "/api/v1/series/{id}/events"},
		{"/api/v1/articles", "/api/v1/articles"},
		{"/api/v1/articles?format=csv", "/api/v1/articles"},
		{"/api/v1/articles?format=ndjson", "/api/v1/articles"},
		{"/api/v1/articles?format=atom", "/api/v1/articles"},
		{"/api/v1/articles/" + claim.Citations[0].ArticleID, "/api/v1/articles/{id}"},
		{"/api/v1/stats", "/api/v1/stats"},
		{"/api/v1/sources", "/api/v1/sources"},
		{"/api/v1/entities?q=s&limit=3", "/api/v1/entities"},
		{"/api/v1/entities?limit=x", "/api/v1/entities"},
		{"/api/v1/claims?limit=x", "/api/v1/claims"},
		{"/api/v1/claims/none", "/api/v1/claims/{id}"},
		{"/api/v1/schemas/claim", "/api/v1/schemas/{name}"},
		{"/healthz", "/healthz"},
		{"/metrics", "/metrics"},
		{"/api/v1/openapi.yaml", "/api/v1/openapi.yaml"},
	} {
		resp, body := f.get(t, tt.path)
		pointer := "#/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(tt.operation) + "/get/responses/" + resp.Status[:3]
		answer := doc["paths"].(map[string]any)[tt.operation].(map[string]any)["get"].(map[string]any)["responses"].(map[string]any)[resp.Status[:3]]
		if answer == nil {
			t.Errorf("%s answers %s, which is not described", tt.path, resp.Status)
			continue
		}
		if ref, ok := answer.(map[string]any)["$ref"].(string); ok {
			pointer = ref
			answer = doc["components"].(map[string]any)["responses"].(map[string]any)[ref[strings.LastIndexByte(ref, '/')+1:]]
		}
		kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
		if answer.(map[string]any)["content"].(map[string]any)[kind] == nil {
			t.Errorf("%s answers with %s, which is not described", tt.path, kind)
			continue
		}
		if !strings.HasSuffix(kind, "json") || kind == "application/x-ndjson" {
			continue
		}
		schema, err := compiler.Compile("desk.json" + pointer + "/content/" + strings.ReplaceAll(kind, "/", "~1") + "/schema")
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", tt.path, err)
		}
	}
}

// TestRecordSchemas: a claim of the API without what the API adds is the record
// that the JSON Schema describes.
func TestRecordSchemas(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	raw, err := schemas.JSONSchema("claim")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("claim.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("claim.json")
	if err != nil {
		t.Fatal(err)
	}
	_, body := f.get(t, "/api/v1/claims?state=any&tier=any&format=ndjson")
	for line := range strings.Lines(body) {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		m := value.(map[string]any)
		for _, added := range []string{"state", "country", "last_change", "revision", "known_at", "changed_at"} {
			if _, ok := m[added]; !ok {
				t.Errorf("no %s", added)
			}
			delete(m, added)
		}
		if err := schema.Validate(m); err != nil {
			t.Errorf("claim %s: %v", m["id"], err)
		}
	}
}
