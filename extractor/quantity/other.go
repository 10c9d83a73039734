package quantity

import (
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// other reports whether n is no quantity, and records what it is. It may move
// n.to past further tokens that belong to it.
func (s *scanner) other(n *numeral) bool {
	kind, ok := s.kindOf(n)
	if !ok {
		return false
	}
	if kind != "" {
		n.span = s.doc.SpanOf(extractor.Range{From: n.from, To: n.to})
		s.number(n, kind)
	}
	return true
}

// kindOf returns what n is if it is no quantity, "" if it is nothing at all.
func (s *scanner) kindOf(n *numeral) (schemas.NumberKind, bool) {
	if t := s.doc.Tokens[n.to-1].Time; t >= 0 && int(t) < len(s.doc.Times) {
		return s.timeKind(n, &s.doc.Times[t]), true
	}
	if s.isAge(n) {
		return schemas.Age, true
	}
	switch n.shape {
	case ordinalShape:
		s.ordinalTail(n)
		return schemas.Ordinal, true
	case decadeShape:
		if s.decadeOfAge(n) {
			return schemas.Age, true
		}
		return schemas.Year, true
	case clockShape:
		return schemas.Clock, true
	case dateShape:
		n.valid = n.valid && n.to-n.from > 1 && s.alone(n.from, n.to) // 100/3
		return schemas.DateNum, true
	case phoneShape:
		return schemas.Phone, true
	case labelShape:
		return schemas.Label, true
	}
	if v, to, ok := s.ordinalTo(n); ok { // twenty-first
		n.value, n.valid, n.to = schemas.Int(v), true, to
		return schemas.Ordinal, true
	}
	switch {
	case s.isListing(n):
		return schemas.Listing, true
	case s.isPhone(n):
		return schemas.Phone, true
	case s.isLabel(n):
		return schemas.Label, true
	case s.is(n.to, clock) && n.kind != vague:
		n.to++
		return schemas.Clock, true
	case s.isDuration(n):
		return schemas.Duration, true
	case s.isDate(n):
		return schemas.DateNum, true
	case s.isYear(n):
		return schemas.Year, true
	case s.isScore(n):
		return schemas.Score, true
	case s.isOne(n):
		if t := s.at(n.from - 1).text; t == "no" || t == "every" || s.word(n.from-1) == "No" { // no one
			return "", true
		}
		return schemas.Pronoun, true
	}
	if s.isIdiom(n) {
		if n.value.Sign() == 0 {
			return schemas.Pronoun, true
		}
		return "", true
	}
	return "", false
}

func (s *scanner) timeKind(n *numeral, t *extractor.Time) schemas.NumberKind {
	for n.to < s.to && n.to < t.To && (s.digitAt(n.to) || s.hyphen(n.to)) {
		n.to++
	}
	switch {
	case t.Type == schemas.TimexDuration || t.Type == schemas.TimexSet:
		return schemas.Duration
	case t.Type == schemas.TimexTime:
		return schemas.Clock
	case n.shape == decadeShape, n.to-n.from == 1 && len(s.word(n.from)) == 4 && n.kind == digits:
		return schemas.Year
	case n.shape == ordinalShape:
		return schemas.Ordinal
	}
	return schemas.DateNum
}

// oneOfAnAge are nouns that "of" gives an age.
var oneOfAnAge = map[string]bool{
	"boy": true, "girl": true, "child": true, "man": true, "woman": true, "toddler": true, "baby": true, "youth": true, "teenager": true,
	"son": true, "daughter": true, "sister": true, "brother": true, "widow": true, "widower": true,
}

// isAge recognises "34-year-old", "aged 34", "Smith, 34, said", "34 years old".
func (s *scanner) isAge(n *numeral) bool {
	if n.kind == share || n.kind == vague || !n.valid {
		return false
	}
	i := n.to
	if s.hyphen(i) {
		i++
	}
	if k := s.otherEnd(n); k > 0 {
		i = k
	}
	if s.is(i, timeunit) {
		j := i + 1
		if s.hyphen(j) {
			j++
		}
		switch s.word(j) {
		case "old", "olds":
			return true
		case "of":
			return s.word(j+1) == "age"
		}
	}
	v, whole := n.value.Int64()
	if !whole || v < 0 || v > 115 || n.shape != plainShape && n.kind == digits || n.to-n.from > 3 {
		return false
	}
	prev := n.from - 1
	for p := prev; p > s.from && p > prev-4; p-- { // aged between 10 and 15
		switch s.at(p).text {
		case "between", "and", "from", "to", "or", "under", "over":
			continue
		}
		if s.digitAt(p) || s.is(p, small|ten) {
			continue
		}
		prev = p
		break
	}
	switch s.doc.Word(max(prev, s.from)) {
	case "aged", "ages", "Aged":
		return prev >= s.from
	case "age":
		return prev >= s.from && (prev == n.from-1 || s.at(n.from-1).text != "to")
	case "of": // under the age of five, between the ages of 5 and 12
		if w := s.word(prev - 1); prev > s.from && (w == "age" || w == "ages") && !s.nounLike(n.to) {
			return true
		}
	}
	if t := s.at(n.from - 1).text; n.kind == spelt && (t == "under" || t == "over") && s.is(n.from-2, person) && s.endsPhrase(n.to) && v > 1 && v < 19 {
		return true // children under five
	}
	if s.at(n.from-1).text == "of" && oneOfAnAge[s.at(n.from-2).text] && !s.nounLike(n.to) {
		return true // a girl of nine
	}
	if n.kind != digits {
		return false
	}
	if p, w := s.at(n.from-1).text, s.at(n.from-2); (p == "under" || p == "over") && w.class&person != 0 && (!s.nounLike(n.to) || v < 19 && p == "under" && !s.is(n.to, person)) && !s.is(n.to, percent|unit|money) {
		return true // children under 5
	}
	end := s.word(n.to)
	if s.capital(n.from-1) && !s.is(n.from-1, label|month|weekday) && v > 9 {
		switch end {
		case "said", "says", "told", "added", "who":
			return true // Ahmed 24 said
		}
	}
	if (s.word(n.from-1) == "," || s.word(n.from-1) == ";") && s.capital(n.from-2) && !s.is(n.from-2, month|weekday) {
		return end == "," && !s.digitAt(n.to+1) || end == "." || end == ";" || end == ")" || n.to == s.to || s.is(n.to, conj)
	}
	if s.word(n.from-1) == "(" && end == ")" && s.capital(n.from-2) {
		return s.nameType(n.from-2) == schemas.Person && v > 9
	}
	return v > 9 && s.nameType(n.from-1) == schemas.Person && !s.nounLike(n.to) && !s.is(n.to, percent|unit|money|point)
}

func (s *scanner) nameType(i int) schemas.EntityType {
	if i < s.from || i >= s.to || s.doc.Tokens[i].Name < 0 || int(s.doc.Tokens[i].Name) >= len(s.doc.Names) {
		return ""
	}
	return s.doc.Names[s.doc.Tokens[i].Name].Type
}

// capital reports whether token i starts with a capital letter.
func (s *scanner) capital(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.word(i))
	return unicode.IsUpper(r)
}

func (s *scanner) ordinalTail(n *numeral) {
	if n.kind == digits {
		p := readDigits(s.word(n.from))
		n.value, n.valid = p.value, p.valid
	}
}

// decadeOfAge recognises "in his 30s", "the over-60s".
func (s *scanner) decadeOfAge(n *numeral) bool {
	if n.value.Cmp(oneHundred) >= 0 {
		return false
	}
	switch s.at(n.from - 1).text {
	case "his", "her", "their", "my":
		return true
	}
	switch s.word(n.from - 1) {
	case "early", "mid", "late", "-":
		return true
	}
	return false
}

// isListing recognises "1." and "1)" at the start of a line.
func (s *scanner) isListing(n *numeral) bool {
	if n.kind != digits || n.to-n.from != 1 || n.value.Cmp(oneHundred) >= 0 && s.to-s.from > 1 {
		return false
	}
	w, next := s.word(n.from), s.word(n.to)
	if n.from == s.from && n.shape == decimalShape && n.to < s.to && s.numbered() { // 3.1 Nothing in Article 9 …
		return true
	}
	if n.from == s.from && n.to == s.to && s.to-s.from == 1 && n.shape == plainShape {
		return true
	}
	if n.from == s.from {
		return w[len(w)-1] == '.' || (next == "." || next == ")") && s.glued(n.to) && n.to+1 < s.to ||
			n.to == s.to && len(w) < 3 && s.doc.Sentences[s.sent].Heading
	}
	switch {
	case w[len(w)-1] == '.' && s.capital(n.to):
		return true
	case next == "." && n.to+1 == s.to:
		return s.digitAt(n.from-1) && s.sent+1 < len(s.doc.Sentences) && s.doc.Sentences[s.sent+1].Paragraph == s.doc.Sentences[s.sent].Paragraph
	case s.word(n.from-1) == "(" && next == ")" && s.glued(n.to) && n.from-1 == s.from:
		return true
	}
	return false
}

// numbered reports whether the sentence opens like a paragraph of a contract, "2.1
// Invoices": a small decimal and a capital, at the start of its line.
func (s *scanner) numbered() bool {
	sent := s.doc.Sentences[s.sent]
	if s.doc.Tokens[s.from].Start != s.doc.Paragraphs[sent.Paragraph].Start || !s.capital(s.from+1) {
		return false
	}
	w := s.word(s.from)
	return len(w) <= 5 && len(w) >= 3 && isDigit(w[len(w)-1]) && !s.is(s.from+1, mag|money|percent|unit|month)
}

// isPhone recognises three or more groups of digits in a row.
func (s *scanner) isPhone(n *numeral) bool {
	if n.kind != digits || n.to-n.from != 1 || n.shape != plainShape {
		return false
	}
	i, all, groups := n.from, 0, 0
	for i < s.to && (s.digitAt(i) || i == n.from) {
		w := s.word(i)
		for k := range len(w) {
			if !isDigit(w[k]) && (k > 0 || w[0] != '+' || i > n.from) {
				return false
			}
		}
		all += len(w)
		groups++
		i++
		if s.hyphen(i) {
			i++
		}
	}
	if groups < 3 || all < 7 {
		return false
	}
	n.to = i
	if s.word(i-1) == "-" {
		n.to--
	}
	n.valid = false
	return true
}

// isLabel recognises numbers that name something: "Resolution 242", "F-16",
// "10 Downing Street".
func (s *scanner) isLabel(n *numeral) bool {
	prev := n.from - 1
	if n.kind == share || n.kind == vague || n.article {
		return false
	}
	if n.kind == digits && s.hyphen(prev) && letterEnd(s.word(prev-1)) && !s.is(prev-1, prep|adverb|money|sign) {
		return true
	}
	if k := len(s.doc.Numbers); n.kind == digits && n.shape == plainShape && s.hyphen(prev) && s.digitAt(prev-1) && k > 0 &&
		s.doc.Numbers[k-1].Kind == schemas.Label && s.doc.Numbers[k-1].End == s.doc.Tokens[prev-1].End { // a 747-400
		return true
	}
	if s.is(prev, sign) && s.word(prev) != "#" {
		return false
	}
	if e := s.at(prev); e.class&label != 0 && (s.capital(prev) || e.text[len(e.text)-1] == '.' || e.text == "#" || e.text == "nos" || e.text == "page" || e.text == "channel" || e.text == "class" || e.text == "grade" || namesOne(e.text) && s.nounPhraseEnds(n.to)) {
		return !s.is(n.to, percent|mag|money) && (n.shape != decimalShape || e.text != "number") && !(e.class&(victim|aux|sport) != 0 && !s.capital(prev)) &&
			!(prev == s.from && s.nounLike(n.to) && e.text != "no." && n.shape != decimalShape)
	}
	if n.kind == digits && n.shape == plainShape && camelCase(s.word(prev)) { // the iPhone 15
		return true
	}
	switch s.word(prev) {
	case "№":
		return true
	case "junction", "junctions", "Version", "version", "Junction", "Release", "Chapters", "Sections", "exits", "gates", "platforms":
		return n.kind == digits && !s.is(n.to, percent|mag|money)
	case "between", "and":
		if j := prev - 1; n.kind == digits && n.shape == plainShape && (s.word(j) == "junctions" || s.word(j) == "exits" || s.word(j) == "gates" || s.digitAt(j) && s.word(j-2) == "junctions") {
			return true
		}
	case "No", "number", "Number":
		return n.kind == digits && n.shape == plainShape && !s.nounLike(n.to) && !s.is(n.to, aux) && s.word(prev) != "number" || n.value == schemas.Int(1) && s.word(prev) != "No"
	}
	if n.kind == digits && n.shape == plainShape && s.capital(n.to) && (s.is(n.to+1, street) && s.capital(n.to+1) || s.is(n.to+2, street) && s.capital(n.to+2)) {
		return !s.is(n.to, whose)
	}
	name := s.doc.Tokens[n.from].Name
	if name < 0 || int(name) >= len(s.doc.Names) {
		return n.kind == digits && n.shape == plainShape && s.capital(prev) && prev > s.from && s.doc.Tokens[prev].UPOS == extractor.PROPN &&
			s.nameType(prev) != schemas.Location && s.nameType(prev) != schemas.Group && s.endsPhrase(n.to) && n.value.Cmp(thousand) < 0
	}
	r := s.doc.Names[name].Range
	if r.From < n.from {
		return true
	}
	return r.To > n.to && n.kind == digits && n.shape == plainShape && s.capital(n.to) && !s.pluralWord(r.To-1)
}

// namesOne reports whether a number after the lower-case noun w names one of its kind.
func namesOne(w string) bool {
	switch w {
	case "flight", "gate", "room", "route", "page", "chapter", "platform", "runway", "checkpoint", "article", "section", "paragraph", "line", "lot", "apartment", "clause", "annex", "appendix", "schedule":
		return true
	}
	return false
}

// nounPhraseEnds reports whether no noun that a number could count stands at token i.
func (s *scanner) nounPhraseEnds(i int) bool { return s.endsPhrase(i) || !s.nounLike(i) }

// camelCase reports whether w is spelt as brands are: "iPhone", "eBook".
func camelCase(w string) bool {
	return len(w) > 3 && w[0] >= 'a' && w[0] <= 'z' && w[1] >= 'A' && w[1] <= 'Z'
}

// endsPhrase reports whether no noun phrase goes on at token i.
func (s *scanner) endsPhrase(i int) bool {
	if i >= s.to {
		return true
	}
	switch s.word(i) {
	case ",", ".", ")", ";", ":", "'s", "’s":
		return true
	}
	return s.is(i, prep|conj|aux) && !s.is(i, victim)
}

func letterEnd(w string) bool {
	r, _ := utf8.DecodeLastRuneInString(w)
	return unicode.IsLetter(r)
}

// otherEnd returns the unit of time after the second number of a range that n
// starts, 0 if there is none: "30 to 40 years", "between two and three weeks".
func (s *scanner) otherEnd(n *numeral) int {
	i := n.to
	switch s.word(i) {
	case "to", "or", "-", "–":
	case "and":
		if s.at(n.from-1).text != "between" {
			return 0
		}
	default:
		return 0
	}
	i++
	if s.word(i-1) == "-" && s.word(i) == "to" { // 3- to 5-year-olds
		i++
	}
	if !s.digitAt(i) && !s.is(i, small|ten) || n.value.Cmp(thousand) >= 0 {
		return 0
	}
	i++
	if s.hyphen(i) {
		i++
	}
	if !s.is(i, timeunit) {
		return 0
	}
	return i
}

// isDuration recognises "two years", "30-day", "six more weeks".
func (s *scanner) isDuration(n *numeral) bool {
	if s.currencyBefore(n.from) || n.kind == share {
		return false
	}
	i := n.to
	thirtySecond := s.hyphen(i) && s.at(i+1).text == "second" && s.at(n.from-1).text != "the"
	if s.hyphen(i) {
		i++
	}
	if n.kind == vague && s.at(i).text == "of" {
		i++
	}
	switch s.word(i) {
	case "more", "consecutive", "straight", "full", "additional", "further", "long", "whole", "business", "working", "calendar", "successive", "or":
		if s.word(i) == "or" && (s.digitAt(i+1) || s.is(i+1, small|ten)) {
			i++
		}
		i++
	}
	if s.otherEnd(n) > 0 { // 30 to 40 years
		return true
	}
	if !s.is(i, timeunit) || s.is(i, ordinal) && !s.pluralWord(i) && !thirtySecond {
		return false
	}
	if s.is(i+1, unit) && s.hyphen(i+1) {
		return false
	}
	n.to = min(n.to, i)
	if thirtySecond {
		n.to = i + 1
	}
	return true
}

// isDate recognises a day beside a month.
func (s *scanner) isDate(n *numeral) bool {
	if n.kind != digits || n.shape != plainShape {
		return false
	}
	if v, ok := n.value.Int64(); !ok || v > 31 && (v < 1000 || v > 2100) {
		return false
	}
	if s.is(n.to, month) && s.capital(n.to) {
		return true
	}
	if s.is(n.from-1, month) && s.capital(n.from-1) {
		return !s.is(n.to, person|percent|money|mag)
	}
	return s.word(n.from-1) == "," && s.digitAt(n.from-2) && s.is(n.from-3, month)
}

// isYear recognises a bare year.
func (s *scanner) isYear(n *numeral) bool {
	if n.kind != digits || n.shape != plainShape || n.to-n.from != 1 || len(s.word(n.from)) != 4 || s.currencyBefore(n.from) {
		return false
	}
	v, ok := n.value.Int64()
	if !ok || v < 1000 || v > 2100 || s.is(n.to, percent|mag|money|point|basis|unit) {
		return false
	}
	prev := s.at(n.from - 1)
	if (s.hyphen(n.to) || s.word(n.to) == "–" || s.word(n.to) == "/") && s.digitAt(n.to+1) && len(s.word(n.to+1)) <= 4 && v > 1800 {
		n.to += 2
		return true // 2015-16
	}
	timely := prev.class&month != 0
	switch prev.text {
	case "in", "since", "of", "by", "until", "till", "during", "from", "before", "after", "late", "early", "mid", "to", "between", "for":
		timely = true
	case "the", "its", "'s", "his", "their":
		timely = v > 1800
	}
	switch s.word(n.from - 1) {
	case "(", "summer", "winter", "spring", "autumn", "season", "late", "early", "mid", "year", "-":
		timely = true
	}
	noun := s.nounLike(n.to) && s.pluralWord(n.to) && !s.capital(n.to) || s.is(n.to, person)
	if noun && prev.text != "the" && prev.text != "'s" && prev.text != "its" {
		return false
	}
	if v >= 1900 && v <= 2060 {
		return timely || !noun && (prev.class&(victim|aux) == 0 || n.from == s.from) && !s.comparatorBefore(n.from)
	}
	return timely && !s.nounLike(n.to) && prev.text != "to" && prev.text != "of" && prev.text != "for" && prev.text != "by" && prev.text != "from"
}

// isScore recognises "3-1" where no noun or unit follows.
func (s *scanner) isScore(n *numeral) bool {
	if n.kind != digits || n.shape != plainShape || s.currencyBefore(n.from) || !s.dash(n.to) || !s.digitAt(n.to+1) {
		return false
	}
	hi := readDigits(s.word(n.to + 1))
	if hi.shape != plainShape || n.value.Cmp(thousand) >= 0 {
		return false
	}
	next := n.to + 2
	if s.is(next, percent|money|mag|unit|point|basis|suffix|degree|area) {
		return false
	}
	if n.value.Cmp(hi.value) < 0 && !s.sentenceHas(sport) {
		return false
	}
	if n.value.Cmp(hi.value) >= 0 || !s.nounLike(next) || s.sentenceHas(sport) {
		n.to = next
		return true
	}
	return false
}

func (s *scanner) sentenceHas(c class) bool { return s.all&c != 0 }

// isOne recognises "one" where it is a pronoun or determiner.
func (s *scanner) isOne(n *numeral) bool {
	if n.kind != spelt || n.to-n.from != 1 || s.words[n.from].text != "one" {
		return false
	}
	next := s.at(n.to)
	if next.class&(percent|money|cent|unit|point|basis|area|degree|mag|hundred) != 0 && s.word(n.to) != "in" {
		return false
	}
	switch next.text {
	case "over", "out":
		if k := n.to + 1 + b2i(s.word(n.to+1) == "of"); s.digitAt(k) || s.is(k, small|ten) {
			return !s.endsPhrase(k+1) && next.text == "over" && !s.is(k+1, wordNumber) && s.word(k+1) != "-"
		}
	}
	switch s.word(n.from - 1) {
	case "minus", "negative":
		return false
	}
	if next.text == "in" && (s.is(n.to+1, small|ten) && s.words[n.to+1].n > 2 || s.digitAt(n.to+1)) {
		return false
	}
	if s.perEach(n.to + 1) {
		return false
	}
	if s.victimOne(n) {
		return false
	}
	return true
}

// perEach reports whether "for each" or "for every" stands within two tokens of i.
func (s *scanner) perEach(i int) bool {
	for k := i; k < i+2; k++ {
		if t := s.at(k + 1).text; s.at(k).text == "for" && (t == "each" || t == "every") {
			return true
		}
	}
	return false
}

// isIdiom recognises numbers that count nothing.
func (s *scanner) isIdiom(n *numeral) bool {
	next, prev := s.word(n.to), s.at(n.from-1).text
	if n.kind == spelt && n.to == n.from+1 && prev == "the" && (s.is(n.to, aux|adverb) || n.to < s.to && s.doc.Tokens[n.to].UPOS == extractor.VERB && !s.nounLike(n.to)) {
		return true // the two met
	}
	switch s.at(n.from).text {
	case "two":
		return n.to == n.from+1 && (next == "sides" || s.hyphen(n.to) && (s.word(n.to+1) == "way" || s.word(n.to+1) == "sided"))
	case "zero", "nil", "nought":
		return n.to == n.from+1 && (next == "tolerance" || next == "sum" || prev == "ground" || prev == "net" || s.hyphen(n.to) || s.word(n.from-1) == "-" ||
			!s.nounLike(n.to) && !s.is(n.to, unit|percent|degree|money))
	}
	if n.kind == digits && next == "/" && s.glued(n.to) && s.digitAt(n.to+1) { // 24/7
		n.to += 2
		return true
	}
	return n.kind == digits && s.word(n.from-1) == "/" && s.glued(n.from)
}

// looseNumber records words that stand for a number and count nothing by
// themselves: "a pair", "a single", "a mile".
func (s *scanner) looseNumber(i int) {
	e := s.words[i]
	n := numeral{from: i, to: i + 1, valid: true, value: schemas.Int(max(e.alone, 1)), span: s.doc.Tokens[i].Span}
	if e.class&loose == 0 {
		if t := e.text; t != "a" && t != "an" || s.is(i+1, prep|money) && !s.is(i+1, mass) && s.words[i+1].unit != "lb" {
			return
		}
	}
	if s.doc.Tokens[i].Time < 0 {
		s.number(&n, schemas.Pronoun)
	}
}
