// Package wording puts claims into words: one sentence that an editor could print, and
// a title for the history of a figure. The words are made of a claim's slots, and of the
// reporting word of a statement; nothing else gets in, and no id depends on them.
//
// Slots are read by a program and now and then wrong. So a sentence is built only where
// the measure says which verb holds ("61 people were killed"); what is merely counted
// stays a noun phrase ("64 observers"), and what is not a fact is marked by the first word
// ("Planned: …", "Denied by Lena Marsh: …") or by its verb ("must enter").
package wording

import (
	"slices"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// Sentence renders a claim. cue is the word with which the text introduces a statement
// ("said"), empty if there is none; other kinds do without.
func Sentence(c *schemas.Claim, cue string) string {
	switch c.Kind {
	case schemas.StatementClaim:
		return statement(c, cue)
	case schemas.EventClaim:
		return capital(happening(c)) + "."
	}
	s := forms[formOf(c)].sentence(c)
	from := sources(c.Sources)
	switch {
	case c.Modality == schemas.Negated && from != "":
		return "Denied by " + from + ": " + s + "."
	case c.Modality == schemas.Negated:
		return "Denied: " + s + "."
	case from != "":
		s += ", according to " + from
	}
	return capital(s) + "."
}

// Title renders a claim with its figure left open: "People killed in Gaza since 10
// October 2025".
func Title(c *schemas.Claim, cue string) string {
	switch c.Kind {
	case schemas.StatementClaim:
		return strings.TrimSuffix(statement(c, cue), ".")
	case schemas.EventClaim:
		return capital(happening(c))
	}
	return capital(forms[formOf(c)].title(c))
}

// A form is one way to put a figure into words.
type form struct{ sentence, title func(c *schemas.Claim) string }

// The forms.
const (
	counted  = iota // "64 observers"
	happened        // "61 people were killed"
	moved           // "Exports rose by 3%"
	held            // "Tavira's revenue was €1.1 billion"
)

var forms = [...]form{
	counted: {countedSentence, countedTitle}, happened: {happenedSentence, happenedTitle},
	moved: {movedSentence, movedTitle}, held: {heldSentence, heldTitle},
}

func formOf(c *schemas.Claim) int {
	if c.Category != nil {
		return happened
	}
	if c.Change != nil && (c.Change.Kind == schemas.Rise || c.Change.Kind == schemas.Fall) && c.Counted != "" {
		return moved
	}
	if verbOf(c).past != "" {
		return happened
	}
	if labels[c.Measure].label != "" {
		return held
	}
	return counted
}

// A builder joins the parts of a phrase that are there.
type builder struct{ strings.Builder }

func (b *builder) add(parts ...string) {
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p)
	}
}

// movedSentence: "Brightwell shares rose by 1.2% in London on 24 November 2025".
func movedSentence(c *schemas.Claim) string {
	past, inf := "rose", "rise"
	if c.Change.Kind == schemas.Fall {
		past, inf = "fell", "fall"
	}
	var b builder
	b.add(subject(c.Counted), aux(c.Modality, past, inf, manyOf(c.Counted)), "by", figure(c), rate(c), at(c), when(c))
	return possibly(c, b.String())
}

func movedTitle(c *schemas.Claim) string {
	var b builder
	b.add(map[schemas.FigureChange]string{schemas.Rise: "rise in", schemas.Fall: "fall in"}[c.Change.Kind], lower(subject(c.Counted)), rate(c), at(c), when(c))
	return b.String() + aside(c.Modality)
}

// heldSentence: "Tavira's revenue was €1.1 billion in 2024".
func heldSentence(c *schemas.Claim) string {
	var b builder
	if c.Modality == schemas.Required || c.Modality == schemas.Allowed {
		b.add(label(c, "a"), "of", figure(c), at(c), when(c))
		return string(c.Modality) + ": " + b.String()
	}
	past := either(since(c), "has been", "was")
	b.add(label(c, "the"), at(c), aux(c.Modality, past, "be", false), figure(c), when(c))
	return possibly(c, b.String())
}

func heldTitle(c *schemas.Claim) string {
	var b builder
	b.add(label(c, ""), at(c), when(c))
	return b.String() + aside(c.Modality)
}

// countedSentence: "700 tents sent by the Red Cross".
func countedSentence(c *schemas.Claim) string {
	var b builder
	b.add(count(c), doer(c), at(c), when(c))
	s := b.String()
	switch c.Modality {
	case schemas.Planned:
		if c.Agent == nil {
			return "planned: " + s
		}
	case schemas.Required, schemas.Allowed:
		return string(c.Modality) + ": " + s
	}
	return possibly(c, s)
}

func countedTitle(c *schemas.Claim) string {
	var b builder
	noun := things(c)
	if noun == "" {
		noun = map[bool]string{true: "amount", false: "figure"}[isMoney(c.Unit)]
		if c.Predicate != "" && !light[c.Predicate] {
			noun += " (" + c.Predicate + ")"
		}
	}
	if unit := unitName(c.Unit); unit != "" && (c.Per == "" || timeUnits[c.Per]) {
		noun = unit + " of " + noun
	} else if c.Unit == schemas.UnitPercent && !amounts[head(c.Counted)] {
		noun = "share of " + noun
	}
	b.add(noun, rate(c), doer(c), at(c), when(c))
	if c.Modality == schemas.Planned && c.Agent != nil {
		return b.String()
	}
	return b.String() + aside(c.Modality)
}

// count is the figure with what it counts: "64 observers", "38% of shares", "€310
// million in debt", "80 tonnes of food", "bridge of 796 m".
func count(c *schemas.Claim) string {
	noun := things(c)
	dim, _ := schemas.UnitDimension(c.Unit)
	var b builder
	switch {
	case noun == "" && c.Predicate != "" && !light[c.Predicate] && (c.Agent == nil || participles[c.Predicate] == ""):
		b.add(figure(c), rate(c), "("+c.Predicate+")")
	case noun == "":
		b.add(figure(c), rate(c))
	case c.Unit == schemas.UnitPercent && amounts[head(c.Counted)]:
		b.add(withArticle(c.Counted), "of", figure(c))
	case c.Unit == schemas.UnitPercent, dim == schemas.DimMass, dim == schemas.DimVolume, dim == schemas.DimEnergy:
		b.add(figure(c), "of", noun, rate(c))
	case dim == schemas.DimCount:
		b.add(figure(c), noun, rate(c))
	case dim == schemas.DimMoney && c.Per != "" && !timeUnits[c.Per]:
		b.add(noun, "at", figure(c), rate(c))
	case dim == schemas.DimMoney && manyOf(noun):
		b.add(figure(c), "in", noun, rate(c))
	case dim == schemas.DimMoney && mass[head(noun)]:
		b.add(figure(c), "in", noun, rate(c))
	default:
		b.add(withArticle(noun), "of", figure(c), rate(c))
	}
	return b.String()
}

// doer says whose doing a counted thing is: "sent by the Red Cross".
func doer(c *schemas.Claim) string {
	if c.Agent == nil {
		return ""
	}
	who := inside(c.Agent)
	if c.Modality == schemas.Planned {
		return "planned by " + who
	}
	if p := participles[c.Predicate]; p != "" {
		return p + " by " + who
	}
	return "(" + c.Agent.Name + ")"
}

// possibly marks what is only possible, unless a verb does.
func possibly(c *schemas.Claim, s string) string {
	if c.Modality == schemas.Possible {
		return "possibly " + lower(s)
	}
	return s
}

// aside is the modality at the end of a title.
func aside(m schemas.Modality) string {
	switch m {
	case schemas.Required, schemas.Allowed, schemas.Planned, schemas.Possible:
		return ", " + string(m)
	}
	return ""
}

// aux puts a verb into the modality: "rose", "are to rise". What is only possible keeps
// the past, behind "possibly": "could rise" would say that it lies ahead. What is required
// stands behind that word where it can, for "must" would say that it is so today.
func aux(m schemas.Modality, past, inf string, many bool) string {
	switch m {
	case schemas.Required:
		return "must " + inf
	case schemas.Allowed:
		return "may " + inf
	case schemas.Planned:
		if many {
			return "are to " + inf
		}
		return "is to " + inf
	}
	return past
}

// rate is what the figure is for each of: "a day", "per share".
func rate(c *schemas.Claim) string {
	switch {
	case c.Per == "":
		return ""
	case c.Per == "hour":
		return "an hour"
	case timeUnits[c.Per]:
		return "a " + c.Per
	}
	return "per " + c.Per
}

func at(c *schemas.Claim) string {
	if c.Place == nil {
		return ""
	}
	return "in " + inside(&schemas.ClaimEntity{Name: c.Place.Name})
}

func sources(list []schemas.ClaimEntity) string {
	names := make([]string, 0, 4)
	for i := range list {
		if len(names) == 3 && len(list) > 3 {
			names = append(names, strconv.Itoa(len(list)-3)+" more")
			break
		}
		names = append(names, inside(&list[i]))
	}
	for i := len(names) - 1; i >= 0; i-- { // "the directorate" beside "the directorate of Osta"
		if slices.ContainsFunc(names, func(o string) bool { return strings.HasPrefix(o, names[i]+" of ") }) {
			names = slices.Delete(names, i, i+1)
		}
	}
	return listed(names)
}

func listed(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
