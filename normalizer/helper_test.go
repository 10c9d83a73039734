package normalizer

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

// A page builds an extraction by hand: the text first, then what stands in it.
type page struct {
	t testing.TB
	schemas.Extraction
}

func newPage(t testing.TB, id, published, publisher, text string) *page {
	t.Helper()
	a := schemas.Article{ID: id, PublishedAt: published, Publisher: schemas.Publisher{Domain: publisher}, URL: "https://" + publisher + "/" + id, Text: text}
	if err := a.Complete(); err != nil {
		t.Fatal(err)
	}
	return &page{t, schemas.Extraction{
		SchemaVersion: schemas.Version, ArticleID: a.ID, ArticleVersion: a.Version, Article: a,
		MadeBy: schemas.MadeBy{Program: "claimwire test", NLP: "own"},
	}}
}

// span returns where words first stand.
func (p *page) span(words string) schemas.Span {
	p.t.Helper()
	i := strings.Index(p.Article.Text, words)
	if i < 0 {
		p.t.Fatalf("article %s does not say %q", p.ArticleID, words)
	}
	start := utf8.RuneCountInString(p.Article.Text[:i])
	return schemas.Span{Start: start, End: start + utf8.RuneCountInString(words)}
}

// name adds an entity; country may be empty.
func (p *page) name(name string, typ schemas.EntityType, country string, within ...string) *page {
	id := "e" + string(rune('a'+len(p.Entities)))
	p.Entities = append(p.Entities, schemas.Entity{
		ID: id, Type: typ, Name: name, Key: strings.ToLower(name), Country: country, Within: within,
		Mentions: []schemas.Mention{{Span: p.span(name), Text: name}},
	})
	return p
}

func (p *page) slot(name string) *schemas.Slot {
	if name == "" {
		return nil
	}
	for _, e := range p.Entities {
		if e.Name == name {
			return &schemas.Slot{Name: name, Entity: e.ID, Start: e.Mentions[0].Start, End: e.Mentions[0].End}
		}
	}
	s := p.span(name)
	return &schemas.Slot{Name: name, Start: s.Start, End: s.End}
}

// A fig is one quantity in short form; zero fields are not said.
type fig struct {
	num, phrase  string // the numeral; the phrase around it that is unique, default the numeral
	n            int64
	max          int64 // upper end of a range from n; 0 if it is none
	cmp          schemas.Comparator
	counted      string
	head         string
	cat          schemas.Category
	place, agent string
	from, until  string
	mod          schemas.Modality
	per          string
	source       string
	running      bool
	partOf       int // 1-based index of the whole; 0 if none
	unit         string
}

func (p *page) quantity(f fig) *page {
	p.t.Helper()
	if f.phrase == "" {
		f.phrase = f.num
	}
	phrase := p.span(f.phrase)
	in := strings.Index(f.phrase, f.num)
	if in < 0 {
		p.t.Fatalf("%q is not in %q", f.num, f.phrase)
	}
	start := phrase.Start + utf8.RuneCountInString(f.phrase[:in])
	v := schemas.Int(f.n)
	q := schemas.Quantity{
		Span: schemas.Span{Start: start, End: start + utf8.RuneCountInString(f.num)}, Text: f.num, Phrase: phrase, Value: &v,
		Comparator: f.cmp, Unit: f.unit, Measure: schemas.OtherMeasure, Modality: f.mod,
		Agent: p.slot(f.agent), Place: p.slot(f.place), Source: p.slot(f.source), Cumulative: f.running, Confidence: 0.9,
	}
	if f.cmp == "" {
		q.Comparator = schemas.Exact
	}
	if f.max > 0 {
		high := schemas.Int(f.max)
		q.Value, q.Min, q.Max, q.Comparator = nil, &v, &high, schemas.Between
	}
	if f.unit == "" {
		q.Unit = schemas.UnitCount
	}
	if f.mod == "" {
		q.Modality = schemas.Asserted
	}
	if f.counted != "" {
		s := p.span(f.counted)
		q.Counted = &schemas.Counted{Text: f.counted, Head: f.head, Start: s.Start, End: s.End}
	}
	if f.per != "" {
		q.Per = &schemas.Rate{Text: f.per, Unit: f.per}
	}
	if f.cat != "" {
		q.Category, q.Measure = &f.cat, "person-"+string(f.cat)
	}
	if f.from != "" || f.until != "" {
		q.Time = &schemas.Interval{Start: f.from, End: f.until}
	}
	if f.partOf > 0 {
		i := f.partOf - 1
		q.PartOf = &i
	}
	p.Quantities = append(p.Quantities, q)
	return p
}

func (p *page) says(speaker, content string) *page {
	p.t.Helper()
	s := p.span(content)
	p.Statements = append(p.Statements, schemas.Statement{Span: s, Text: content, Speaker: p.slot(speaker), Cue: "said", Mode: schemas.Direct})
	return p
}

// event adds what happened: by and to are names or words of the text, separated by
// semicolons.
func (p *page) event(typ schemas.EventType, trigger, by, to, place, day string) *page {
	p.t.Helper()
	ev := schemas.Event{Type: typ, Trigger: schemas.Mention{Span: p.span(trigger), Text: trigger}, Place: p.slot(place), Modality: schemas.Asserted}
	for role, names := range map[string]string{"actor": by, "recipient": to} {
		for n := range strings.SplitSeq(names, ";") {
			if n != "" {
				ev.Participants = append(ev.Participants, schemas.Participant{Role: role, Slot: *p.slot(n)})
			}
		}
	}
	slices.SortStableFunc(ev.Participants, func(a, b schemas.Participant) int { return a.Start - b.Start })
	if day != "" {
		ev.Time = &schemas.Interval{Start: day, End: day}
	}
	p.Events = append(p.Events, ev)
	return p
}

// edition makes the page a later version.
func (p *page) edition(at string) *page {
	p.Article.ModifiedAt = at
	return p
}

func batch(t testing.TB, ps ...*page) ([]schemas.Claim, []schemas.Series) {
	t.Helper()
	es := make([]schemas.Extraction, len(ps))
	for i, p := range ps {
		es[i] = p.Extraction
	}
	cs, ss, err := Batch(es)
	if err != nil {
		t.Fatal(err)
	}
	return cs, ss
}

// bombing is a report of one blast: the story that most tests tell.
func bombing(t testing.TB, id, published, publisher, num string, n int64, cmp schemas.Comparator, day string) *page {
	text := "A lorry packed with explosives blew up beside the ferry terminal of Torvik, Minister Sigrid Halle said. " +
		"The blast in Torvik killed " + num + " people, the Harbour Guard reported. Smoke hung over the quays for hours."
	return newPage(t, id, published, publisher, text).
		name("Torvik", schemas.Location, "NO").name("Sigrid Halle", schemas.Person, "").name("Harbour Guard", schemas.Organisation, "NO").
		quantity(fig{num: num, phrase: num + " people", n: n, cmp: cmp, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: day, until: day, source: "Harbour Guard"})
}

// fetched says when the page was fetched.
func (p *page) fetched(at string) *page {
	p.t.Helper()
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Article.FetchedAt = &when
	return p
}

// outboxOf returns what waits in the outbox, all of it, and checks what is to be sent
// of it.
func outboxOf(t testing.TB, n *Normalizer) []schemas.Change {
	t.Helper()
	waiting, err := n.Outbox(context.Background(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Waiting(); got != len(waiting) {
		t.Errorf("Waiting() = %d, %d changes are in the outbox", got, len(waiting))
	}
	out := make([]schemas.Change, len(waiting))
	for i, o := range waiting {
		out[i] = changeOf(t, o)
	}
	return out
}

func changeOf(t testing.TB, o Outgoing) schemas.Change {
	t.Helper()
	var c schemas.Change
	if err := c.ReadJSON(o.JSON); err != nil {
		t.Fatal(err)
	}
	if again := c.AppendJSON(nil); string(o.JSON) != string(again) {
		t.Errorf("change %s is sent as\n%s\nwant\n%s", c.ID, o.JSON, again)
	}
	if d := cmp.Diff(c.Head(), o.Head); d != "" {
		t.Errorf("head of change %s (-want +got):\n%s", c.ID, d)
	}
	return c
}
