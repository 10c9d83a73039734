package normalizer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// report is an article of an event whose words give away who took part; names are
// persons unless they are towns or lands.
func report(t *testing.T, id, published, sentence string) *page {
	t.Helper()
	p := newPage(t, id, published, id+".example", sentence+" Lanterns burned along the "+id+" quay of the old harbour until late.")
	for _, n := range []struct {
		name    string
		typ     schemas.EntityType
		country string
	}{
		{"Lena Marsh", schemas.Person, ""},
		{"Omar Fadel", schemas.Person, ""},
		{"Ana Ruiz", schemas.Person, ""},
		{"Norland", schemas.Location, "NO"},
		{"Vesta", schemas.Location, "SE"},
		{"Torvik", schemas.Location, "NO"},
		{"Malm", schemas.Location, "SE"},
	} {
		if strings.Contains(p.Article.Text, n.name) {
			p.name(n.name, n.typ, n.country)
		}
	}
	return p
}

func events(cs []schemas.Claim) (out []schemas.Claim) {
	for _, c := range cs {
		if c.Kind == schemas.EventClaim {
			out = append(out, c)
		}
	}
	return out
}

func TestEvents(t *testing.T) {
	met := func(id, published, by, to, place, day string) *page {
		s := strings.ReplaceAll(by+" met "+to, ";", " and ")
		if place != "" {
			s += " in " + place
		}
		return report(t, id, published, s+".").event("consult", "met", by, to, place, day)
	}
	struck := func(id, published, by, to, place, day string) *page {
		s := by + " attacked " + to
		if place != "" {
			s += " near " + place
		}
		return report(t, id, published, s+".").event("assault", "attacked", by, to, place, day)
	}
	tests := []struct {
		name  string
		pages []*page
		want  []string
	}{
		{"one meeting told twice, from either side", []*page{
			met("a", "2025-06-17", "Lena Marsh", "Omar Fadel", "Torvik", "2025-06-17"),
			met("b", "2025-06-18", "Omar Fadel", "Lena Marsh", "", "2025-06-17"),
		}, []string{"2 Lena Marsh and Omar Fadel met in Torvik on 17 June 2025."}},
		{"one article names fewer of those who met", []*page{
			met("a", "2025-06-17", "Lena Marsh", "Omar Fadel;Ana Ruiz", "Torvik", "2025-06-17"),
			met("b", "2025-06-18", "Lena Marsh", "Ana Ruiz", "Torvik", "2025-06-17"),
		}, []string{"2 Lena Marsh met Ana Ruiz and Omar Fadel in Torvik on 17 June 2025."}},
		{"a day's tolerance", []*page{
			met("a", "2025-06-17", "Lena Marsh", "Omar Fadel", "Torvik", "2025-06-17"),
			met("b", "2025-06-18", "Lena Marsh", "Omar Fadel", "Torvik", "2025-06-18"),
		}, []string{"2 Lena Marsh met Omar Fadel in Torvik on 18 June 2025."}},
		{"they meet again", []*page{
			met("a", "2025-06-17", "Lena Marsh", "Omar Fadel", "Torvik", "2025-06-17"),
			met("b", "2025-06-20", "Lena Marsh", "Omar Fadel", "Torvik", "2025-06-20"),
		}, []string{"1 Lena Marsh met Omar Fadel in Torvik on 17 June 2025.", "1 Lena Marsh met Omar Fadel in Torvik on 20 June 2025."}},
		{"one host, two guests", []*page{
			met("a", "2025-06-17", "Lena Marsh", "Omar Fadel", "Torvik", "2025-06-17"),
			met("b", "2025-06-17", "Lena Marsh", "Ana Ruiz", "Torvik", "2025-06-17"),
		}, []string{"1 Lena Marsh met Ana Ruiz in Torvik on 17 June 2025.", "1 Lena Marsh met Omar Fadel in Torvik on 17 June 2025."}},
		{"two towns", []*page{
			struck("a", "2025-06-17", "Norland", "Vesta", "Malm", "2025-06-17"),
			struck("b", "2025-06-17", "Norland", "Vesta", "Torvik", "2025-06-17"),
		}, []string{"1 Norland attacked Vesta in Malm on 17 June 2025.", "1 Norland attacked Vesta in Torvik on 17 June 2025."}},
		{"who attacks whom", []*page{
			struck("a", "2025-06-17", "Norland", "Vesta", "Malm", "2025-06-17"),
			struck("b", "2025-06-17", "Vesta", "Norland", "Malm", "2025-06-17"),
		}, []string{"1 Norland attacked Vesta in Malm on 17 June 2025.", "1 Vesta attacked Norland in Malm on 17 June 2025."}},
		{"nobody has a name", []*page{
			report(t, "a", "2025-06-17", "The rebels attacked the village near Torvik.").event("assault", "attacked", "rebels", "village", "Torvik", "2025-06-17"),
		}, nil},
		{"only planned", []*page{planned(met("a", "2025-06-17", "Lena Marsh", "Omar Fadel", "Torvik", "2025-06-20"))}, nil},
		{"of no type", []*page{report(t, "a", "2025-06-17", "Lena Marsh praised Omar Fadel.").event("", "praised", "Lena Marsh", "Omar Fadel", "", "")}, nil},
	}
	for _, tt := range tests {
		cs, ss := batch(t, tt.pages...)
		var got []string
		for _, c := range events(cs) {
			got = append(got, fmt.Sprintf("%d %s", c.CitationCount, c.Text))
			if c.Measure != "event-"+string(c.EventType) || c.Tier != schemas.Reportable || c.Unit != schemas.UnitCount {
				t.Errorf("%s: %s is of measure %q, type %q, tier %q", tt.name, c.Text, c.Measure, c.EventType, c.Tier)
			}
			for _, z := range c.Citations {
				if z.Figure != nil || z.Words == nil || z.Words.Start < z.Start || z.Words.End > z.End {
					t.Errorf("%s: trigger %v outside the quote %d-%d", tt.name, z.Words, z.Start, z.End)
				}
			}
			if n := len(slices.DeleteFunc(slices.Clone(ss), func(s schemas.Series) bool { return s.ID != c.SeriesID || len(s.Points) != 1 || s.Envelope.Min != nil })); n != 1 {
				t.Errorf("%s: %s is not the one point of its series", tt.name, c.Text)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, got, tt.want)
		}
		var articles []schemas.Article
		for _, p := range tt.pages {
			articles = append(articles, p.Article)
		}
		if failures := verified(cs, articles); failures != "" {
			t.Errorf("%s: %s", tt.name, failures)
		}
	}
}

func planned(p *page) *page {
	p.Events[0].Modality = schemas.Planned
	return p
}

func verified(cs []schemas.Claim, articles []schemas.Article) string {
	r := Verify(cs, func(id, _ string) (*schemas.Article, bool) {
		i := slices.IndexFunc(articles, func(a schemas.Article) bool { return a.ID == id })
		if i < 0 {
			return nil, false
		}
		return &articles[i], true
	})
	if len(r.Failures) > 0 {
		return fmt.Sprint(r.Failures)
	}
	return ""
}

// TestEventTakenBack: an edited article that no longer tells an event withdraws it,
// and a person can reject one by its trigger.
func TestEventTakenBack(t *testing.T) {
	first := report(t, "a", "2025-06-17T08:00:00Z", "Lena Marsh met Omar Fadel in Torvik.").event("consult", "met", "Lena Marsh", "Omar Fadel", "Torvik", "2025-06-17")
	other := report(t, "b", "2025-06-17T09:00:00Z", "Norland attacked Vesta near Malm.").event("assault", "attacked", "Norland", "Vesta", "Malm", "2025-06-17")
	edited := report(t, "a", "2025-06-17T08:00:00Z", "Lena Marsh spoke at length of the weather in Torvik.").edition("2025-06-17T12:00:00Z")
	n := open(t, freshState(t))
	defer n.Close()
	for _, p := range []*page{first, other, edited} {
		if err := n.Apply(t.Context(), []Input{{Extraction: p.Extraction}}); err != nil {
			t.Fatal(err)
		}
	}
	r := schemas.Review{
		SchemaVersion: schemas.Version, ID: "r1", By: "desk", Why: "an exercise", Action: schemas.ReviewReject, Kind: schemas.EventClaim,
		Anchor: schemas.Anchor{ArticleID: "b", TextSHA256: other.Article.TextSHA256, Span: other.span("attacked")},
	}
	if err := n.Review(t.Context(), 0, r); err != nil {
		t.Fatal(err)
	}
	changes := outboxOf(t, n)
	var got []string
	for _, c := range changes {
		got = append(got, string(c.Change)+" "+c.Claim.Measure+" "+c.Country)
	}
	want := []string{"asserted event-consult NO", "asserted event-assault SE", "withdrawn event-consult NO", "retracted event-assault SE"}
	if !slices.Equal(got, want) {
		t.Errorf("changes %q, want %q", got, want)
	}
}

// TestEventFixed: a person sets a slot of an event; what is named there is the entity
// of the article.
func TestEventFixed(t *testing.T) {
	p := report(t, "a", "2025-06-17T08:00:00Z", "Lena Marsh met Omar Fadel in Torvik before leaving for Malm.").event("consult", "met", "Lena Marsh", "", "Torvik", "2025-06-17")
	for _, tt := range []struct {
		slot  string
		value any
		want  string // of the claim; empty for a review that nobody can carry out
	}{
		{"place", schemas.Slot{Name: "Malm"}, "Lena Marsh met in Malm on 17 June 2025."},
		{"place", nil, "Lena Marsh met on 17 June 2025."},
		{"time", schemas.Interval{Start: "2025-06-16", End: "2025-06-16"}, "Lena Marsh met in Torvik on 16 June 2025."},
		{"type", "cooperate", "Lena Marsh met in Torvik on 17 June 2025."},
		{"participants", []schemas.Participant{{Role: "actor", Slot: schemas.Slot{Name: "Lena Marsh"}}, {Role: "recipient", Slot: schemas.Slot{Name: "Omar Fadel"}}}, "Lena Marsh met Omar Fadel in Torvik on 17 June 2025."},
		{"participants", nil, ""},
		{"participants", []schemas.Participant{{Role: "friend", Slot: schemas.Slot{Name: "Lena Marsh"}}}, ""},
		{"type", "picnic", ""},
		{"place", "Malm", ""},
		{"value", 3, ""},
	} {
		n := open(t, freshState(t))
		if err := n.Apply(t.Context(), []Input{{Extraction: p.Extraction}}); err != nil {
			t.Fatal(err)
		}
		r := schemas.Review{
			SchemaVersion: schemas.Version, ID: "r1", By: "desk", Why: "an exercise", Action: schemas.ReviewFix, Kind: schemas.EventClaim, Slot: tt.slot, Value: tt.value,
			Anchor: schemas.Anchor{ArticleID: "a", TextSHA256: p.Article.TextSHA256, Span: p.span("met")},
		}
		err := n.Review(t.Context(), 0, r)
		if (err != nil) != (tt.want == "") || err != nil && !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("fix %s to %v: %v", tt.slot, tt.value, err)
		}
		for c := range n.Claims(t.Context()) {
			if tt.want == "" {
				continue
			}
			if c.Text != tt.want || tt.slot == "type" && c.Measure != "event-cooperate" {
				t.Errorf("fix %s to %v: %s %q, want %q", tt.slot, tt.value, c.Measure, c.Text, tt.want)
			}
			if tt.slot == "participants" && (len(c.Participants) != 2 || c.Participants[1].Entity.ID == "") {
				t.Errorf("participants %+v, want two that are known", c.Participants)
			}
			if last := outboxOf(t, n); last[len(last)-1].Change != schemas.ChangeRevised {
				t.Errorf("fix %s: the last change is %s", tt.slot, last[len(last)-1].Change)
			}
		}
		n.Close()
	}
}
