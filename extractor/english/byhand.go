package english

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/schemas"
)

// byHand reports whether people or another program wrote the record: an [Extractor]
// says of everything that it reads which rules did it.
func byHand(x *schemas.Extraction) bool {
	ruled := func(q schemas.Quantity) bool { return len(q.Rules) > 0 }
	return len(x.Quantities)+len(x.HeadlineQuantities)+len(x.Statements) > 0 &&
		!slices.ContainsFunc(x.Quantities, ruled) && !slices.ContainsFunc(x.HeadlineQuantities, ruled) &&
		!slices.ContainsFunc(x.Statements, func(s schemas.Statement) bool { return len(s.Rules) > 0 }) &&
		!slices.ContainsFunc(x.Times, func(t schemas.Timex) bool { return len(t.Rules) > 0 })
}

// completeByHand gives entities ids and mentions, figures and statements their words,
// and slots the entities that they name.
func completeByHand(x *schemas.Extraction) {
	completeEntities(x)
	body, title := words(x.Article.Text), words(x.Article.Title)
	link := linker(x.Entities)
	for _, qs := range []struct {
		list  []schemas.Quantity
		words func(schemas.Span) string
	}{{x.Quantities, body}, {x.HeadlineQuantities, title}} {
		for i := range qs.list {
			q := &qs.list[i]
			if q.Text == "" {
				q.Text = qs.words(q.Span)
			}
			link(q.Agent, q.Victim, q.Place, q.Source)
			for j := range q.Attribution {
				link(&q.Attribution[j].Who)
			}
		}
	}
	for i := range x.Statements {
		s := &x.Statements[i]
		if s.Text == "" {
			s.Text = body(s.Span)
		}
		link(s.Speaker, s.Addressee)
	}
	for i := range x.Events {
		e := &x.Events[i]
		link(e.Place)
		for j := range e.Participants {
			link(&e.Participants[j].Slot)
		}
	}
}

func words(text string) func(schemas.Span) string {
	offsets := schemas.NewOffsets(text)
	return func(s schemas.Span) string {
		out, _ := offsets.Slice(text, s)
		return out
	}
}

// completeEntities gives every entity an id of its own, and those without mentions
// the places where the text has the name.
func completeEntities(x *schemas.Extraction) {
	used := map[string]bool{}
	for i := range x.Entities {
		used[x.Entities[i].ID] = true
	}
	offsets := schemas.NewOffsets(x.Article.Text)
	n := 0
	for i := range x.Entities {
		e := &x.Entities[i]
		for ; e.ID == ""; n++ {
			if id := "e" + strconv.Itoa(n); !used[id] {
				e.ID = id
			}
		}
		if len(e.Mentions) > 0 || e.Name == "" {
			continue
		}
		for from := 0; ; {
			at := strings.Index(x.Article.Text[from:], e.Name)
			if at < 0 {
				break
			}
			from += at + len(e.Name)
			if wholeWord(x.Article.Text, from-len(e.Name), from) {
				e.Mentions = append(e.Mentions, schemas.Mention{Span: schemas.Span{Start: offsets.Runes(from - len(e.Name)), End: offsets.Runes(from)}, Text: e.Name})
			}
		}
	}
}

// wholeWord reports whether no letter or digit touches text[start:end].
func wholeWord(text string, start, end int) bool {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !inWord(before) && !inWord(after)
}

// linker returns a function that sets the entity of slots that give a name alone: the
// one of that name, else the only one that the article also calls so.
func linker(es []schemas.Entity) func(...*schemas.Slot) {
	ids, byName, byForm := map[string]bool{}, map[string]string{}, map[string]string{}
	put := func(m map[string]string, form, id string) {
		form = bareName(form)
		if other, taken := m[form]; taken && other != id {
			id = "" // of two entities: it names neither
		}
		m[form] = id
	}
	for i := range es {
		e := &es[i]
		ids[e.ID] = true
		put(byName, e.Name, e.ID)
		for _, a := range e.Aliases {
			put(byForm, a, e.ID)
		}
		for _, m := range e.Mentions {
			put(byForm, m.Text, e.ID)
		}
	}
	return func(slots ...*schemas.Slot) {
		for _, s := range slots {
			if s == nil || ids[s.Entity] {
				continue
			}
			name := bareName(s.Name)
			s.Entity = byName[name]
			if s.Entity == "" {
				s.Entity = byForm[name]
			}
		}
	}
}

// bareName folds a name and takes the article from its front.
func bareName(name string) string { return strings.TrimPrefix(resolve.Fold(name), "the ") }
