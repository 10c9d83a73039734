package schemas_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/schematest"
)

func ptr[T any](v T) *T { return &v }

func dec(t *testing.T, s string) *schemas.Decimal {
	t.Helper()
	d, err := schemas.ParseDecimal(s)
	if err != nil {
		t.Fatalf("ParseDecimal(%q): %v", s, err)
	}
	return &d
}

// samples returns one record of every kind with all its members filled in.
func samples(t *testing.T) map[string]any {
	at := time.Date(2025, 11, 25, 9, 30, 0, 0, time.UTC)
	const text = "Türkiye sent at least 24 trucks a day, Elif Aksoy said."
	article := schemas.Article{
		ID: "a_1", URL: "https://news.example/a?b=1&c=2", CanonicalURL: "https://news.example/a", Publisher: schemas.Publisher{Name: "News", Domain: "news.example"},
		Title: "Trucks <sent>", Byline: "By Jo Doe", PublishedAt: "2025-11-25T08:00:00Z", PublishedSource: schemas.FromFeed, ModifiedAt: "2025-11-25",
		FetchedAt: &at, Language: "en", Text: text, TextForm: schemas.Readable1, Paragraphs: []schemas.Paragraph{{Span: schemas.Span{Start: 0, End: 55}, Support: 2}},
		Wire: &schemas.Wire{Agency: "NWA", Evidence: "(NWA)"}, Paywalled: schemas.No, Feed: "https://news.example/feed", Rights: "(c) News",
		Archive: &schemas.ArchiveRef{WARC: "1.warc.gz", RecordID: "urn:uuid:1", Offset: 7, PayloadSHA1: "ABC", PayloadLength: 9},
	}
	if err := article.Complete(); err != nil {
		t.Fatal(err)
	}
	slot := &schemas.Slot{Name: "Türkiye", Entity: "e0", Start: 0, End: 7}
	quantity := schemas.Quantity{
		Span: schemas.Span{Start: 22, End: 24}, Text: "24", Phrase: schemas.Span{Start: 13, End: 37}, Value: dec(t, "24"), Min: dec(t, "1.5"), Max: dec(t, "30"),
		Comparator: schemas.AtLeast, Unit: "count", Counted: &schemas.Counted{Text: "trucks", Head: "truck", Start: 25, End: 31},
		Per: &schemas.Rate{Text: "a day", Unit: "day"}, Category: ptr(schemas.Released), Measure: "transport-enter", Predicate: "send",
		Agent: slot, Victim: slot, Place: slot, Time: &schemas.Interval{Start: "2025-10-10", End: "2025-11-25"}, Modality: schemas.Asserted, Source: slot,
		Attribution: []schemas.Attribution{{Who: *slot, Cue: "said", Span: schemas.Span{Start: 50, End: 54}}}, PartOf: ptr(0),
		Change: &schemas.Delta{Kind: schemas.Rise, From: dec(t, "20"), To: dec(t, "24")}, Cumulative: true,
		OriginOf: map[string]schemas.SlotOrigin{"agent": schemas.Stated}, Rules: []string{"quantity/rate"}, Confidence: 0.9,
	}
	madeBy := schemas.MadeBy{Program: "claimwire 1", NLP: "own", Models: map[string]string{"tagger": schemas.SHA256("model")}}
	extraction := schemas.Extraction{
		SchemaVersion: schemas.Version, ArticleID: article.ID, ArticleVersion: article.Version, Article: article, MadeBy: madeBy, Skipped: "language: tr",
		Entities: []schemas.Entity{{
			ID: "e0", Type: schemas.Location, Name: "Türkiye", Key: "turkiye", Country: "TR", Aliases: []string{"Turkey"}, Roles: []string{"mediator"}, Within: []string{"eurasia"},
			Mentions: []schemas.Mention{{Span: schemas.Span{Start: 0, End: 7}, Text: "Türkiye"}},
		}},
		Quantities: []schemas.Quantity{quantity}, HeadlineQuantities: []schemas.Quantity{quantity},
		Numbers: []schemas.Number{{Span: schemas.Span{Start: 0, End: 1}, Text: "2", Value: dec(t, "2"), Kind: schemas.Ordinal}},
		Times: []schemas.Timex{{
			Span: schemas.Span{Start: 0, End: 1}, Text: "Tuesday", Type: schemas.TimexDate, Value: "2025-11-25", Mod: "START",
			From: "2025-11-25", Until: "2025-11-25", Granularity: schemas.Day, Anchor: "published", Placed: true, Rules: []string{"timex/weekday"},
		}},
		Statements: []schemas.Statement{{Span: schemas.Span{Start: 0, End: 37}, Text: text[:37], Speaker: slot, Cue: "said", CueSpan: schemas.Span{Start: 50, End: 54}, Mode: schemas.Indirect, Addressee: slot, Rules: []string{"statement/said"}}},
		Events:     []schemas.Event{{Type: "aid", Trigger: schemas.Mention{Text: "sent"}, Participants: []schemas.Participant{{Role: "actor", Slot: *slot}}, Place: slot, Time: &schemas.Interval{Start: "2025"}, Modality: schemas.Asserted}},
	}
	who := &schemas.ClaimEntity{ID: "t_1", Name: "Türkiye", Type: schemas.Location, Country: "TR"}
	place := &schemas.ClaimPlace{ID: "t_2", Name: "Gaza", Country: "PS", Path: []string{"t_3"}}
	claim := schemas.Claim{
		SchemaVersion: schemas.Version, ID: "c_1", SeriesID: "s_1", Kind: schemas.QuantityClaim, Measure: "transport-enter", Predicate: "send", Tier: schemas.Reportable,
		Stability: schemas.Final, MadeBy: madeBy, Text: "At least 24 trucks a day.", Value: dec(t, "24"), Min: dec(t, "24"), Max: dec(t, "1e3"), Comparator: schemas.AtLeast,
		Unit: "count", Counted: "truck", Per: "day", Category: ptr(schemas.Killed), Agent: who, Victim: who, Place: place, Time: &schemas.Interval{Start: "2025-10", End: ""},
		Modality: schemas.Asserted, Sources: []schemas.ClaimEntity{*who}, Cumulative: true, OriginOf: map[string]schemas.SlotOrigin{"place": schemas.Inherited},
		Change: &schemas.Delta{Kind: schemas.Level, To: dec(t, "24")}, EventType: "aid", Participants: []schemas.ClaimParticipant{{Role: "actor", Entity: *who}},
		Speaker: who, Mode: ptr(schemas.Direct), Content: "Trucks were sent",
		Citations: []schemas.Citation{{
			ArticleID: article.ID, ArticleVersion: article.Version, URL: article.CanonicalURL, Publisher: article.Publisher, PublishedAt: article.PublishedAt,
			Origin: "o_1", Support: 2, Field: schemas.InText, Start: 0, End: 55, Quote: schemas.Quote{Exact: text, Span: schemas.Span{Start: 0, End: 55}},
			Figure: &schemas.Span{Start: 22, End: 24}, Words: &schemas.Span{Start: 22, End: 24}, Source: who, TextSHA256: article.TextSHA256,
			Attribution: []schemas.ClaimAttribution{{Who: *who, Cue: "said"}},
		}},
		CitationCount: 1, Corroboration: schemas.Corroboration{Mentions: 1, Articles: 1, Texts: 1, Publishers: 1, Origins: 1},
		FirstSeen: article.PublishedAt, LastSeen: article.PublishedAt, Relations: []schemas.Relation{{Type: schemas.PartOf, Claim: "c_2"}},
		Confidence: schemas.Confidence{Extraction: 0.9, Linking: 1, Attribution: 0}, ReplacedBy: []string{"c_3"},
	}
	series := schemas.Series{
		SchemaVersion: schemas.Version, ID: "s_1", Kind: schemas.QuantityClaim, Measure: "transport-enter", Text: "trucks a day", Unit: "count", Counted: "truck", Per: "day",
		Category: ptr(schemas.Killed), Agent: who, Victim: who, Place: place, Time: &schemas.Interval{Start: "2025-10", End: "2025-11"}, Modality: schemas.Asserted,
		Cumulative: true, Stability: schemas.Provisional,
		Points: []schemas.SeriesPoint{{
			Claim: "c_1", AsOf: "2025-11-25", Value: dec(t, "24"), Min: dec(t, "24"), Max: dec(t, "24"), Comparator: schemas.AtLeast,
			Modality: schemas.Asserted, Tier: schemas.Reportable, Origins: []string{"o_1"}, Superseded: true,
		}},
		PointCount: 1, Envelope: schemas.Envelope{Min: dec(t, "24"), Max: dec(t, "24"), Origins: []schemas.OriginFigures{{Origin: "o_1", Min: dec(t, "24"), Max: dec(t, "24")}}},
		Conflicts: []schemas.Conflict{{Claims: [2]string{"c_1", "c_2"}, AsOf: "2025-11-25"}}, Preferred: &schemas.Preferred{Claim: "c_1", Policy: "latest-most-origins"},
		FirstSeen: article.PublishedAt, LastSeen: article.PublishedAt,
	}
	change := schemas.Change{
		SchemaVersion: schemas.Version, ID: "x_1", Change: schemas.ChangeSuperseded, Revision: 2, KnownAt: article.PublishedAt,
		Cause:   schemas.Cause{Article: &schemas.ArticleRef{ID: article.ID, Version: article.Version}, Review: "r_1", Watermark: "2025-11-18", Claims: []string{"c_2"}},
		Country: "PS", Claim: claim, Series: &series, More: "/api/v1/claims/c_1",
	}
	review := schemas.Review{
		SchemaVersion: schemas.Version, ID: "r_1", At: at, By: "desk", Why: "misread", Action: schemas.ReviewFix,
		Purge:  &schemas.Purge{Articles: []string{"a_1"}, Domains: []string{"news.example"}, Names: []string{schemas.NameHash("Ada Roe")}},
		Anchor: schemas.Anchor{ArticleID: article.ID, TextSHA256: article.TextSHA256, Span: schemas.Span{Start: 22, End: 24}}, Anchors: []schemas.Anchor{{ArticleID: article.ID, TextSHA256: article.TextSHA256, Span: schemas.Span{Start: 22, End: 24}}},
		Slot: "unit", Value: "count", Claims: []string{"c_1"}, Source: "news.example",
	}
	dead := schemas.DeadLetter{
		SchemaVersion: schemas.Version, ID: "d_1", Stage: schemas.StageFetch, Reason: "no text", Attempts: 1, At: at, URL: article.URL,
		Subject: "articles.v1.news_example", Sequence: 3, Size: 4, SHA256: schemas.SHA256("\xff<&>"), Record: []byte("\xff<&>"),
	}
	return map[string]any{
		"article": article, "extraction": extraction, "claim": claim, "series": series, "change": change, "review": review, "dead-letter": dead,
	}
}

// Every record comes back from JSON as it was, and its JSON keeps to its schema.
func TestRoundTrip(t *testing.T) {
	rs := samples(t)
	for _, name := range schemas.SchemaNames {
		raw, err := json.Marshal(rs[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		schematest.Validate(t, name, raw)
		back := reflect.New(reflect.TypeOf(rs[name]))
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(back.Interface()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(rs[name], back.Elem().Interface(), cmpopts.EquateComparable(schemas.Decimal{})); d != "" {
			t.Errorf("%s changes on its way through JSON (-before +after):\n%s", name, d)
		}
	}
}

// The samples must leave nothing out, or the test above checks less than it says.
func TestSamplesAreFull(t *testing.T) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if v.Type().Elem() == reflect.TypeFor[schemas.Decimal]() {
				return
			}
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[time.Time]() {
				return
			}
			for i := range v.NumField() {
				f := v.Field(i)
				name := path + "." + v.Type().Field(i).Name
				switch f.Kind() {
				case reflect.Slice, reflect.Map:
					if f.Len() == 0 {
						t.Errorf("%s is empty", name)
					}
				case reflect.Pointer:
					if f.IsNil() && f.Type() != reflect.TypeFor[*schemas.Decimal]() {
						t.Errorf("%s is nil", name)
					}
				}
				walk(name, f)
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(path, v.Index(i))
			}
		}
	}
	for name, r := range samples(t) {
		walk(name, reflect.ValueOf(r))
	}
}

// Lists are never null, whoever built the record and however deep they lie.
func TestNoNullLists(t *testing.T) {
	for name, r := range records {
		for typeName, typ := range structTypes(reflect.TypeOf(r)) {
			raw, err := json.Marshal(reflect.Zero(typ).Interface())
			if err != nil {
				t.Fatal(err)
			}
			var m map[string]any
			if err := json.Unmarshal(raw, &m); err != nil {
				t.Fatal(err)
			}
			for _, f := range reflect.VisibleFields(typ) {
				if k := f.Type.Kind(); k != reflect.Slice && k != reflect.Map {
					continue
				}
				key := jsonName(f)
				if v, ok := m[key]; ok && v == nil {
					t.Errorf("%s: %s.%s is null in JSON if it is nil in Go", name, typeName, key)
				}
			}
		}
	}
}

// An encoder that leaves "&" alone must find it alone in nested records too.
func TestNoHTMLEscapes(t *testing.T) {
	for _, name := range []string{"extraction", "change"} {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		r := samples(t)
		c := r["change"].(schemas.Change)
		c.Claim.Citations[0].URL = "https://news.example/a?b=1&c=2"
		if err := enc.Encode(r[name]); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b.Bytes(), []byte("b=1&c=2")) || bytes.Contains(b.Bytes(), []byte(`\u0026`)) {
			t.Errorf("%s: & is escaped", name)
		}
	}
}
