package normalizer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
)

// sentence renders a claim in one sentence made of its slots, and of nothing else.
func sentence(c *schemas.Claim) string {
	if c.Kind == schemas.StatementClaim {
		if c.Mode != nil && *c.Mode == schemas.Direct {
			return fmt.Sprintf("%s: “%s”", nameOf(c.Speaker), c.Content)
		}
		return fmt.Sprintf("%s: %s", nameOf(c.Speaker), c.Content)
	}
	if c.Kind == schemas.EventClaim {
		return capital(happening(c)) + "."
	}
	s := figureWords(c) + " " + proposition(c)
	if c.Modality == schemas.Negated {
		s = "Denied: " + s
	}
	if len(c.Sources) > 0 {
		names := make([]string, 0, 3)
		for i := range c.Sources {
			if len(names) < 3 {
				names = append(names, inSentence(c.Sources[i].Name))
			}
		}
		s += ", according to " + strings.Join(names, ", ")
		if n := len(c.Sources) - len(names); n > 0 {
			s += fmt.Sprintf(" and %d more", n)
		}
	}
	return capital(strings.TrimSpace(s)) + "."
}

var comparatorWords = map[schemas.Comparator]string{
	schemas.AtLeast: "at least ", schemas.MoreThan: "more than ", schemas.AtMost: "at most ", schemas.LessThan: "less than ", schemas.About: "about ",
}

func figureWords(c *schemas.Claim) string {
	switch {
	case c.Value != nil:
		return comparatorWords[c.Comparator] + amount(*c.Value, c.Unit)
	case c.Min != nil && c.Max != nil:
		return number(*c.Min) + " to " + amount(*c.Max, c.Unit)
	case c.Min != nil:
		return "at least " + amount(*c.Min, c.Unit)
	case c.Max != nil:
		return "at most " + amount(*c.Max, c.Unit)
	}
	return ""
}

func amount(d schemas.Decimal, unit string) string {
	switch unit {
	case schemas.UnitCount, "":
		return number(d)
	case schemas.UnitPercent:
		return number(d) + "%"
	case schemas.UnitPoint:
		return number(d) + " percentage points"
	case schemas.UnitBasis:
		return number(d) + " basis points"
	}
	return number(d) + " " + unit
}

// number groups the digits of a number in threes; from a million on it uses scale
// words where they lose nothing.
func number(d schemas.Decimal) string {
	for _, s := range []struct {
		word string
		exp  int
	}{{"trillion", -12}, {"billion", -9}, {"million", -6}} {
		one, _ := schemas.NewDecimal(1, -s.exp)
		small, _ := schemas.NewDecimal(1, s.exp)
		if d.Cmp(one) >= 0 {
			if v, err := d.Mul(small); err == nil && len(v.String()) <= 7 {
				return v.String() + " " + s.word
			}
			break
		}
	}
	s := d.String()
	whole, frac, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0 && len(whole) > 3; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		return sign + whole + "." + frac
	}
	return sign + whole
}

// proposition renders a claim with its value left open: "people killed in Gaza by
// Israel since 2025-10-10".
func proposition(c *schemas.Claim) string {
	if c.Kind == schemas.StatementClaim {
		return nameOf(c.Speaker) + ": " + c.Content
	}
	if c.Kind == schemas.EventClaim {
		return happening(c)
	}
	w := make([]string, 0, 16)
	if noun := countedWords(c); noun != "" {
		w = append(w, noun)
	}
	if c.Change != nil && c.Change.Kind != schemas.Level {
		w = append(w, "("+string(c.Change.Kind)+")")
	}
	if c.Per != "" {
		w = append(w, "per", c.Per)
	}
	if c.Category != nil {
		w = append(w, string(*c.Category))
	} else if c.Measure != schemas.OtherMeasure {
		w = append(w, "("+strings.ReplaceAll(c.Measure, "-", " ")+")")
	} else if c.Counted == "" && c.Predicate != "" {
		w = append(w, "("+c.Predicate+")")
	}
	if c.Victim != nil && !strings.Contains(strings.ToLower(c.Counted), strings.ToLower(c.Victim.Name)) {
		w = append(w, "of", c.Victim.Name)
	}
	if c.Agent != nil {
		w = append(w, "by", c.Agent.Name)
	}
	if c.Place != nil {
		w = append(w, "in", c.Place.Name)
	}
	if c.Time != nil {
		w = append(w, when(c.Time, c.Cumulative))
	}
	switch c.Modality {
	case schemas.Required, schemas.Allowed, schemas.Planned, schemas.Possible:
		w = append(w, "("+string(c.Modality)+")")
	}
	return strings.Join(w, " ")
}

// state are nouns that say what happened once more: "43 dead killed".
var state = wordSet("dead death fatality casualty wounded injured missing detained detainee evacuee displaced person people victim")

func countedWords(c *schemas.Claim) string {
	i := strings.LastIndexByte(c.Counted, ' ') + 1
	head := c.Counted[i:]
	if c.Category != nil && (c.Counted == "" || state[strings.ToLower(c.Counted)]) {
		head, i = "person", 0
	}
	if c.Unit != schemas.UnitCount || c.Value != nil && *c.Value == schemas.Int(1) {
		return c.Counted[:i] + head
	}
	return c.Counted[:i] + plural(head)
}

var irregular = map[string]string{
	"person": "people", "people": "people", "child": "children", "children": "children", "man": "men", "woman": "women", "wife": "wives", "foot": "feet", "feet": "feet", "teeth": "teeth",
	"aircraft": "aircraft", "police": "police", "staff": "staff", "troops": "troops", "sheep": "sheep", "fish": "fish", "personnel": "personnel",
}

// plural forms the plural of an English noun; names and plurals stay as they are.
func plural(w string) string {
	low := strings.ToLower(w)
	switch p, ok := irregular[low]; {
	case ok:
		return p
	case w == "" || w != low || strings.HasSuffix(low, "men") || strings.HasSuffix(low, "s") && !strings.HasSuffix(low, "ss") && !strings.HasSuffix(low, "us"):
		return w
	case strings.HasSuffix(low, "man"):
		return w[:len(w)-3] + "men"
	case strings.HasSuffix(low, "y") && len(w) > 1 && !strings.ContainsRune("aeiou", rune(w[len(w)-2])):
		return w[:len(w)-1] + "ies"
	case strings.HasSuffix(low, "s"), strings.HasSuffix(low, "x"), strings.HasSuffix(low, "ch"), strings.HasSuffix(low, "sh"):
		return w + "es"
	}
	return w + "s"
}

func when(t *schemas.Interval, running bool) string {
	switch {
	case running && t.Start != "", t.End == "":
		return "since " + t.Start
	case t.Start == "":
		return "until " + t.End
	case t.Start == t.End && len(t.Start) < len("2006-01-02"):
		return "in " + t.Start
	case t.Start == t.End:
		return "on " + t.Start
	}
	return "from " + t.Start + " to " + t.End
}

func nameOf(e *schemas.ClaimEntity) string {
	if e == nil {
		return "somebody"
	}
	return e.Name
}

// inSentence is the name of a source as it stands within a sentence: without the capital
// that the first word of one has. "The Hague" and names of their own keep it.
func inSentence(name string) string {
	first, rest, more := strings.Cut(name, " ")
	next, _ := utf8.DecodeRuneInString(rest)
	switch first {
	case "A", "An", "The", "Its", "Their", "His", "Her", "Both", "One", "Some", "Two", "Three", "Several", "Many":
		if more && unicode.IsLower(next) {
			return strings.ToLower(first) + " " + rest
		}
	case "Residents", "Officials", "Police", "Traders", "Witnesses", "Relatives", "Doctors", "Analysts", "Rescuers":
		if !more {
			return strings.ToLower(first)
		}
	}
	return name
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
