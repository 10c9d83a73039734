package resolve

import (
	"strings"
	"unicode"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// findAcronyms finds "Long Name (ABC)" and returns the folded long name of each
// acronym. It mends the names: the long form and the acronym become one each.
//
// The long form is found as Schwartz and Hearst do (A simple algorithm for
// identifying abbreviation definitions in biomedical text, PSB 2003): backwards
// from the bracket, matching the letters of the acronym from last to first, the
// first letter at the start of a word. Here every matched letter but the small
// ones must start a word, which news acronyms keep.
func (d *document) findAcronyms() map[string]string {
	found := map[string]string{}
	for i := 1; i+2 < len(d.Tokens); i++ {
		if w := d.Word(i); w != "(" && w != "[" {
			continue
		}
		short := d.Word(i + 1)
		if closing := d.Word(i + 2); closing != ")" && closing != "]" || !isAcronym(short) {
			continue
		}
		from := d.longForm(i, short)
		if from < 0 {
			continue
		}
		typ := schemas.Misc // "First Incident Report (FIR)"
		if d.namesBody(from, i) {
			typ = schemas.Organisation
		}
		if n := d.Tokens[i-1].Name; n >= 0 && d.Names[n].Type != schemas.Person && d.Names[n].Type != schemas.Group {
			typ = d.Names[n].Type
		}
		d.insert(from, i, typ, 0.9)
		d.insert(i+1, i+2, typ, 0.9)
		found[Fold(short)] = Fold(d.Slice(d.SpanOf(extractor.Range{From: from, To: i})))
	}
	return found
}

// namesBody reports whether one of the tokens says that they name a body, or is
// part of the name of one.
func (d *document) namesBody(from, to int) bool {
	for i := from; i < to; i++ {
		if n := d.Tokens[i].Name; bodies[strings.ToLower(d.Word(i))] || n >= 0 && d.Names[n].Type == schemas.Organisation {
			return true
		}
	}
	return false
}

// bodies are nouns that say what an organisation is.
var bodies = wordSet(`academy administration agency airline airlines airways alliance army assembly association authority bank board
	brigade brigades broadcaster brotherhood bureau cell center centre centres chamber club coalition college command commission committee
	community company confederation congress consortium convention corp corporation corps council court department directorate division
	executive federation fellowship force forces foundation front fund group guard headquarters initiative inspectorate institute
	institution laboratory league legion mechanism ministry mission monitor movement museum network observatory office organisation
	organization parliament partnership party police programme program registry school secretariat senate service services society
	squad survey taskforce team tribunal trust union unit university watch workers`)

// isAcronym takes two to eight letters, at least two of them capitals.
func isAcronym(w string) bool {
	capitals, letters := 0, 0
	for _, r := range w {
		switch {
		case unicode.IsUpper(r):
			capitals++
			letters++
		case unicode.IsLetter(r):
			letters++
		case r != '.' && r != '&' && !unicode.IsDigit(r):
			return false
		}
	}
	return capitals >= 2 && letters <= 8 && capitals*2 >= letters
}

// longForm returns the first token of the long form that ends before token open,
// -1 if the words there do not spell the acronym.
func (d *document) longForm(open int, short string) int {
	letters := []rune{}
	for _, r := range short {
		if unicode.IsUpper(r) {
			letters = append(letters, unicode.ToLower(r))
		}
	}
	next := len(letters) - 1
	first := -1
	for t := open - 1; t >= 0 && next >= 0 && open-t <= 2*len(letters)+4; t-- {
		if d.Tokens[t].Sentence != d.Tokens[open].Sentence {
			return -1
		}
		w := d.Word(t)
		r := []rune(strings.ToLower(w))
		switch {
		case r[0] == letters[next] && (isCapital(w) || !isSmallWord(w)):
			next--
			first = t
		case w == "-" || w == "'s" || w == "’s" || w == "," || isSmallWord(w):
		default:
			return -1 // a word that the acronym leaves out
		}
	}
	if next >= 0 || first < 0 || !isCapital(d.Word(first)) {
		return -1
	}
	return first
}

func isSmallWord(w string) bool {
	switch strings.ToLower(w) {
	case "of", "the", "for", "and", "in", "on", "to", "&", "de", "la", "des", "del", "du":
		return true
	}
	return false
}
