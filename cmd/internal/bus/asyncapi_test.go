package bus

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/schematest"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// asyncAPI is the description that the desk serves, as JSON would hold it.
func asyncAPI(t *testing.T) map[string]any {
	t.Helper()
	raw, err := os.ReadFile("../../../sink/desk/asyncapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if raw, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// resolve follows a reference inside the description.
func resolve(t *testing.T, doc map[string]any, v any) map[string]any {
	t.Helper()
	m := v.(map[string]any)
	ref, ok := m["$ref"].(string)
	if !ok {
		return m
	}
	var at any = doc
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		if at = at.(map[string]any)[part]; at == nil {
			t.Fatalf("%s leads nowhere", ref)
		}
	}
	return resolve(t, doc, at)
}

// address is the pattern of a channel's subjects, with the closed values of its
// parameters.
func address(t *testing.T, doc, channel map[string]any) *regexp.Regexp {
	t.Helper()
	pattern := regexp.QuoteMeta(channel["address"].(string))
	parameters, _ := channel["parameters"].(map[string]any)
	for name, p := range parameters {
		token := `[A-Za-z0-9_-]{1,63}`
		if values, ok := resolve(t, doc, p)["enum"].([]any); ok {
			var all []string
			for _, v := range values {
				all = append(all, regexp.QuoteMeta(v.(string)))
			}
			token = "(?:" + strings.Join(all, "|") + ")"
		}
		placeholder := regexp.QuoteMeta("{" + name + "}")
		if !strings.Contains(pattern, placeholder) {
			t.Errorf("%s has no {%s}", channel["address"], name)
		}
		pattern = strings.ReplaceAll(pattern, placeholder, token)
	}
	return regexp.MustCompile("^" + pattern + "$")
}

// TestAsyncAPI publishes records of every kind to real streams and checks each
// message, its subject, headers and body, against the description.
func TestAsyncAPI(t *testing.T) {
	b := openAsyncAPIBus(t)
	doc := asyncAPI(t)
	if !strings.HasPrefix(doc["asyncapi"].(string), "3.0") {
		t.Errorf("version %v", doc["asyncapi"])
	}
	headers := schemaOfHeaders(t, doc)
	at := time.Date(2025, 11, 25, 9, 0, 0, 0, time.UTC)
	article := schemas.Article{URL: "https://www.harbour-post.example/1", Text: "At least 12 ferries ran.", PublishedAt: "2025-11-25", FetchedAt: &at, Publisher: schemas.Publisher{Name: "Harbour Post", Domain: "harbour-post.example"}}
	if err := article.Complete(); err != nil {
		t.Fatal(err)
	}
	nobody := schemas.Article{Text: "Some 3."}
	if err := nobody.Complete(); err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(b.PublishArticles(t.Context(), []schemas.Article{article, nobody}))
	must(b.PublishExtractions(t.Context(), []schemas.Extraction{{SchemaVersion: schemas.Version, ArticleID: article.ID, ArticleVersion: article.Version, Article: article}}))
	var changes []schemas.Change
	for i, k := range schemas.ChangeKinds {
		c := *sinktest.Changes(sinktest.Records())[0]
		c.ID, c.Change, c.Revision, c.Country = schemas.ID("x", string(k)), k, i+1, []string{"PE", schemas.NoCountry}[i%2]
		c.Claim.Measure = schemas.Measures()[i%len(schemas.Measures())].ID
		changes = append(changes, c)
	}
	must(b.PublishChanges(t.Context(), changes))
	var reviews []schemas.Review
	for _, a := range schemas.ReviewActions {
		reviews = append(reviews, schemas.Review{SchemaVersion: schemas.Version, ID: schemas.ID("r", string(a)), At: at, By: "Ana", Why: "It says so.", Action: a})
	}
	must(b.PublishReviews(t.Context(), reviews))
	var letters []schemas.DeadLetter
	for _, s := range schemas.StageNames {
		letters = append(letters, schemas.DeadLetter{SchemaVersion: schemas.Version, ID: schemas.ID("d", string(s)), Stage: s, Reason: "unreadable", At: at, SHA256: schemas.SHA256("?")})
	}
	must(b.PublishDead(t.Context(), letters))

	want := map[string]int{schemas.StreamArticles: 2, schemas.StreamExtractions: 1, schemas.StreamClaims: len(changes), schemas.StreamReviews: len(reviews), schemas.StreamDead: len(letters)}
	for name, c := range doc["channels"].(map[string]any) {
		channel := c.(map[string]any)
		stream := channel["title"].(string)
		if channel["address"] == "/api/v1/stream" {
			continue // not on the bus
		}
		if want[stream] == 0 {
			t.Errorf("channel %s is no stream", name)
			continue
		}
		subjects := address(t, doc, channel)
		record := payload(t, doc, channel)
		for seq := uint64(1); seq <= uint64(want[stream]); seq++ {
			raw, err := b.raw(t.Context(), stream, seq)
			must(err)
			if !subjects.MatchString(raw.Subject) {
				t.Errorf("%s: subject %s does not fit %s", stream, raw.Subject, subjects)
			}
			given := map[string]any{}
			for k, v := range raw.Header {
				given[k] = v[0]
			}
			if err := headers.Validate(given); err != nil {
				t.Errorf("%s: %v", raw.Subject, err)
			}
			if !strings.HasSuffix(raw.Header.Get(headerSchema), ":"+record) {
				t.Errorf("%s: is called %s, described as %s", raw.Subject, raw.Header.Get(headerSchema), record)
			}
			schematest.Validate(t, record, raw.Data)
		}
		delete(want, stream)
	}
	for stream := range want {
		t.Errorf("stream %s is not described", stream)
	}
}

// payload returns the name of the record that a channel carries.
func payload(t *testing.T, doc, channel map[string]any) string {
	t.Helper()
	for _, m := range channel["messages"].(map[string]any) {
		message := resolve(t, doc, m)
		ref := message["payload"].(map[string]any)["schema"].(map[string]any)["$ref"].(string)
		record, ok := strings.CutPrefix(ref, "./schemas/")
		if !ok || !slices.Contains(schemas.SchemaNames, record) {
			t.Errorf("payload %s is none of the records", ref)
		}
		return record
	}
	t.Fatalf("%v carries nothing", channel["title"])
	return ""
}

func schemaOfHeaders(t *testing.T, doc map[string]any) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("headers.json", resolve(t, doc, map[string]any{"$ref": "#/components/schemas/headers"})); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("headers.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func openAsyncAPIBus(t *testing.T) *Bus {
	t.Helper()
	b, err := Open(t.Context(), Config{Dir: t.TempDir(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return b
}
