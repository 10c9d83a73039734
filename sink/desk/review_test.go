package desk

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/schematest"
	"github.com/claimwire/claimwire/sink/sinktest"
)

func TestReviewAPI(t *testing.T) {
	var got []*schemas.Review
	f := newFixture(t, sinktest.Records(), func(c *Config) {
		c.Review = func(_ context.Context, r *schemas.Review) error { got = append(got, r); return nil }
	})
	id := schemas.ID("c", "quake-toll", "58", "exact")
	for _, tt := range []struct {
		name, path, body, parameter string
		want                        int
	}{
		{"reject", id, `{"action":"reject","why":"No.","by":"Ana"}`, "", 202},
		{"fix", id, `{"action":"fix","slot":"place","value":{"name":"Tarsova","start":0,"end":0},"why":"No.","by":"Ana"}`, "", 202},
		{"merge", id, `{"action":"merge","claims":["` + id + `"],"why":"Same.","by":"Ana"}`, "", 202},
		{"no such claim", "c_none", `{"action":"reject","why":"No.","by":"Ana"}`, "", 404},
		{"no action", id, `{"why":"No.","by":"Ana"}`, "action", 400},
		{"block", id, `{"action":"block","why":"No.","by":"Ana"}`, "action", 400},
		{"no reason", id, `{"action":"reject","by":"Ana","why":" "}`, "why", 400},
		{"long reason", id, `{"action":"reject","by":"Ana","why":"` + strings.Repeat("x", maxWhy+1) + `"}`, "why", 400},
		{"no name", id, `{"action":"reject","why":"No."}`, "by", 400},
		{"no slot", id, `{"action":"fix","slot":"rules","value":1,"why":"No.","by":"Ana"}`, "slot", 400},
		{"merge with nothing", id, `{"action":"merge","why":"Same.","by":"Ana"}`, "claims", 400},
		{"merge with none", id, `{"action":"merge","claims":["c_none"],"why":"Same.","by":"Ana"}`, "claims", 400},
		{"no JSON", id, `{`, "", 400},
	} {
		before := len(got)
		resp, body := f.post(t, "/api/v1/claims/"+tt.path+"/reviews", "application/json", tt.body)
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != tt.want || p.Parameter != tt.parameter || (len(got) > before) != (tt.want == 202) {
			t.Errorf("%s: %d %s, %d reviews, want %d", tt.name, resp.StatusCode, body, len(got)-before, tt.want)
		}
	}
	ids := map[string]bool{}
	for _, r := range got {
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		schematest.Validate(t, "review", raw)
		if ids[r.ID] {
			t.Errorf("two reviews are called %s", r.ID)
		}
		ids[r.ID] = true
	}
}

// TestSlotValue: what people type becomes the JSON of the slot.
func TestSlotValue(t *testing.T) {
	for _, tt := range []struct {
		slot, text string
		want       any
		bad        bool
	}{
		{"value", " 1,234.5 ", json.Number("1234.5"), false},
		{"value", "many", nil, true},
		{"value", "", nil, false},
		{"unit", "EUR", "EUR", false},
		{"agent", "Port Authority", schemas.Slot{Name: "Port Authority"}, false},
		{"place", " ", nil, false},
		{"time", "2025-11-01/2025-11-03", schemas.Interval{Start: "2025-11-01", End: "2025-11-03"}, false},
		{"time", "2025-11", schemas.Interval{Start: "2025-11", End: "2025-11"}, false},
		{"cumulative", "yes", true, false},
		{"cumulative", "no", false, false},
		{"cumulative", "maybe", nil, true},
		{"rules", "x", nil, true},
		{"participants", "actor: Lena Marsh; recipient: Omar Fadel", []schemas.Participant{{Role: "actor", Slot: schemas.Slot{Name: "Lena Marsh"}}, {Role: "recipient", Slot: schemas.Slot{Name: "Omar Fadel"}}}, false},
	} {
		got, err := slotValue(tt.slot, tt.text)
		if (err != nil) != tt.bad || !cmp.Equal(got, tt.want) {
			t.Errorf("slotValue(%q, %q) = %v, %v, want %v", tt.slot, tt.text, got, err, tt.want)
		}
	}
}

// TestReviewShown: the claim page says who took a claim back, and why.
func TestReviewShown(t *testing.T) {
	records := sinktest.Records()
	var review *schemas.Review
	for _, r := range records {
		if r.Review != nil {
			review = r.Review
		}
	}
	id := ""
	for _, c := range sinktest.Changes(records) {
		if c.Change == schemas.ChangeRetracted {
			c.Cause = schemas.Cause{Review: review.ID}
			id = c.Claim.ID
		}
	}
	f := newFixture(t, records)
	_, body := f.get(t, "/claims/"+url.PathEscape(id))
	for _, want := range []string{review.By, review.Why, "reject"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
