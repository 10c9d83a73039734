package quantity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// closed are the classes of words that end a noun phrase.
const closed = det | prep | conj | pron | aux | adverb

// nounLike reports whether token i can belong to a noun phrase after a number.
func (s *scanner) nounLike(i int) bool {
	if i < s.from || i >= s.to || s.words[i].class&closed != 0 && s.words[i].class&person == 0 {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(s.word(i)); !unicode.IsLetter(r) {
		return false
	}
	t := &s.doc.Tokens[i]
	if s.capital(i) && i > s.from && (t.Name >= 0 || s.words[i] == unknown) {
		return true
	}
	switch t.UPOS {
	case extractor.NOUN, extractor.PROPN, extractor.ADJ:
		return true
	case extractor.NoPOS, extractor.X:
		return letterEnd(s.word(i))
	case extractor.VERB:
		return s.participle(i) && i+1 < s.to && (s.doc.Tokens[i+1].UPOS == extractor.NOUN || s.is(i+1, person))
	}
	return s.words[i].class&person != 0
}

// participle reports whether the verb at token i can stand before a noun.
func (s *scanner) participle(i int) bool {
	w := s.word(i)
	n := len(w)
	if n > 4 && w[n-3:] == "ing" {
		switch w {
		case "living", "working", "leading", "surviving", "remaining", "existing", "visiting", "serving", "sitting", "warring", "neighboring", "neighbouring", "developing":
			return true
		}
		return false
	}
	return n > 4 && (w[n-2:] == "ed" || w[n-2:] == "en")
}

// pluralWord reports whether token i looks like a plural noun.
func (s *scanner) pluralWord(i int) bool {
	w := s.word(i)
	if len(w) < 3 {
		return false
	}
	switch s.at(i).text {
	case "people", "men", "women", "children", "policemen", "police", "fishermen", "servicemen", "gunmen", "firefighters":
		return true
	}
	return w[len(w)-1] == 's' && w[len(w)-2] != 's' && w[len(w)-2] != '\'' && w[len(w)-2] != 'u'
}

// nounPhrase returns the tokens of the noun phrase that starts at token i,
// without leading words that do not identify; empty if there is none.
func (s *scanner) nounPhrase(i int) extractor.Range {
	more := false
	for s.skippable(i) {
		more = more || s.word(i) == "more"
		i++
	}
	if s.word(i) == "(" { // 80 (IS) fighters
		if j := s.aside(i, 5); j > 0 && s.nounLike(j) && !s.digitAt(i+1) && s.nounLike(i+1) {
			i = j
		}
	}
	if more && s.nominal(i) {
		return extractor.Range{}
	}
	from, head := i, -1
	for k := i; k < s.to && k < i+9; k++ {
		if s.bracket(k) {
			continue
		}
		if s.hyphen(k) && k > from {
			continue
		}
		t := &s.doc.Tokens[k]
		if t.Time >= 0 && !s.is(k, rateadv) && (s.word(k) != "overnight" || k+1 >= s.to || s.doc.Tokens[k+1].UPOS != extractor.NOUN) || s.is(k, weekday|month) && s.capital(k) {
			break
		}
		if k > from && (s.word(k) == "and" || s.word(k) == "&") && (head < 0 || s.capital(head) && !s.pluralWord(head)) && k+1 < s.to && s.nounLike(k+1) && s.headAhead(k+1) {
			continue
		}
		if k > from && s.word(k) == "and" && s.shareHead(head, k+1) {
			continue
		}
		if s.is(k-1, label) && s.digitAt(k) && k > from && s.nounLike(k+1) { // class 12 girl
			continue
		}
		if head >= 0 && s.possessive(k) && k+1 < s.to && s.nounLike(k+1) && k-from < 5 {
			continue
		}
		joined := k > from && s.hyphen(k-1)
		if !joined && !s.nounLike(k) {
			if head < 0 && t.UPOS == extractor.ADV && s.adverbOf(k) {
				continue
			}
			if head < 0 && t.UPOS == extractor.VERB && s.participle(k) && s.phraseAhead(k+1) {
				continue
			}
			break
		}
		if !joined && head >= 0 && (s.endsAfter(head, k) || s.pluralWord(head) && s.bareVerb(k)) {
			break
		}
		if !joined && k > from && t.Tag == "VBD" && s.nameType(k-1) == schemas.Group && strings.HasSuffix(s.word(k-1), "ese") { // 600 Sudanese faced famine
			head = k - 1
			break
		}
		if s.headable(k, head) {
			head = k
		}
	}
	if head < 0 {
		return extractor.Range{}
	}
	for from < head && s.bracket(from) && s.word(from) != "[" {
		from++
	}
	return extractor.Range{From: from, To: head + 1}
}

// shareHead reports whether the noun at token i, after "and", and the one at head are
// two sorts of the plural noun after them: "cement and steel works".
func (s *scanner) shareHead(head, i int) bool {
	noun := func(k int) bool {
		return k > s.from && k < s.to && s.doc.Tokens[k].UPOS == extractor.NOUN && s.doc.Tokens[k].Name < 0 && s.nounLike(k)
	}
	return noun(head) && !s.pluralWord(head) && !s.is(head, person) && noun(i) && !s.pluralWord(i) && noun(i+1) && s.pluralWord(i+1)
}

// headAhead reports whether a lower-case noun ends the words from token k on.
func (s *scanner) headAhead(k int) bool {
	for n := 0; n < 5 && s.nounLike(k); n++ {
		if !s.capital(k) && s.doc.Tokens[k].UPOS == extractor.NOUN {
			return true
		}
		k++
	}
	return false
}

// aside returns the token after the parenthesis that opens at token i if it
// closes within n tokens, else 0.
func (s *scanner) aside(i, n int) int {
	for k := i + 1; k < s.to && k <= i+n; k++ {
		if s.word(k) == ")" {
			return k + 1
		}
	}
	return 0
}

// adverbOf reports whether the adverb at token k qualifies an adjective of the phrase.
func (s *scanner) adverbOf(k int) bool {
	w := s.word(k)
	return len(w) > 4 && w[len(w)-2:] == "ly" && !s.is(k, closed) && k+2 < s.to && (s.doc.Tokens[k+1].UPOS == extractor.ADJ || s.participle(k+1)) && s.nounLike(k+2)
}

// phraseAhead reports whether a noun stands at token k or right after an adjective there.
func (s *scanner) phraseAhead(k int) bool {
	return s.nounLike(k) && !s.capital(k)
}

// skippable reports whether token i is a word before a counted noun that does
// not help to identify it.
func (s *scanner) skippable(i int) bool {
	switch s.word(i) {
	case "more", "other", "additional", "further", "extra", "different", "separate", "new", "\"", "“", "‘", "'", "``", "consecutive", "total", "such":
		return i+1 < s.to
	}
	return false
}

// bracket reports whether token k is a quotation mark or bracket inside a phrase.
func (s *scanner) bracket(k int) bool {
	switch s.word(k) {
	case "[", "]":
		return true
	case "\"", "“", "”", "‘", "``", "''":
		return k+1 < s.to && s.nounLike(k+1) && !s.glued(k)
	}
	return false
}

func (s *scanner) possessive(k int) bool {
	switch s.word(k) {
	case "'s", "’s", "'", "’":
		return s.glued(k)
	}
	return false
}

// endsAfter reports whether the noun phrase ends at its head although token k
// could go on: "12 people Hamas said".
func (s *scanner) endsAfter(head, k int) bool {
	if s.doc.Tokens[k].Name >= 0 && s.doc.Tokens[k].Name == s.doc.Tokens[head].Name {
		return false
	}
	lower := !s.capital(head)
	return lower && s.pluralWord(head) && (s.capital(k) || s.is(head, person)) ||
		lower && s.pluralWord(head) && s.doc.Tokens[k].UPOS == extractor.ADJ ||
		s.is(head, person) && s.is(k, victim) && !s.is(k, person) || s.doc.Tokens[k].UPOS == extractor.VERB
}

// headable reports whether token k can be the head.
func (s *scanner) headable(k, head int) bool {
	switch s.doc.Tokens[k].UPOS {
	case extractor.ADJ:
		return s.is(k, person) && !s.nounLike(k+1) || s.nominal(k)
	case extractor.VERB:
		return false
	}
	return true
}

// nominal reports whether the adjective at token k stands for people: "the
// wounded", "48 dead".
func (s *scanner) nominal(k int) bool {
	switch s.word(k) {
	case "wounded", "injured", "dead", "missing", "homeless", "elderly", "sick", "displaced":
		return !s.nounLike(k + 1)
	}
	return false
}

// substantive reports whether the adjective or participle at token k stands for people
// where an article is before it: "three of the accused".
func (s *scanner) substantive(k int) bool {
	switch s.word(k) {
	case "accused", "arrested", "detained", "jailed", "convicted", "condemned", "kidnapped", "abducted", "freed", "released", "rescued", "evacuated", "infected", "unemployed", "jobless",
		"disabled", "poor", "poorest", "old", "young", "hungry", "deceased", "drowned", "bereaved", "stranded", "trapped", "vaccinated", "unvaccinated", "insured", "uninsured", "employed":
		return !s.nounLike(k + 1)
	}
	return false
}

// singular returns the singular of a lower-case noun.
func singular(w string) string {
	switch w {
	case "people":
		return "person"
	case "men":
		return "man"
	case "women":
		return "woman"
	case "children":
		return "child"
	case "feet":
		return "foot"
	case "lives":
		return "life"
	case "wolves", "shelves", "calves", "thieves", "loaves":
		return w[:len(w)-3] + "f"
	case "knives", "wives":
		return w[:len(w)-3] + "fe"
	case "buses":
		return "bus"
	case "police", "news", "series", "species", "headquarters", "mathematics", "gas", "bus":
		return w
	}
	n := len(w)
	switch {
	case n > 4 && w[n-3:] == "men":
		return w[:n-2] + "an"
	case n > 4 && w[n-3:] == "ies":
		return w[:n-3] + "y"
	case n > 4 && (w[n-4:] == "sses" || w[n-4:] == "ches" || w[n-4:] == "shes" || w[n-3:] == "xes"):
		return w[:n-2]
	case n > 3 && w[n-1] == 's' && w[n-2] != 's' && w[n-2] != 'u' && w[n-2] != 'i':
		return w[:n-1]
	}
	return w
}
