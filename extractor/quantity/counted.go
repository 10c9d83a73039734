package quantity

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// count sets the noun that q counts or measures.
func (s *scanner) count(q *found) {
	i := q.right
	if s.hyphen(i) && q.unit == schemas.UnitCount {
		i++ // 12-member
	}
	measured := q.unit != schemas.UnitCount
	if k := q.left - 1; !measured && strings.ToLower(s.word(k)) == "magnitude" || !measured && s.word(k) == "of" && strings.ToLower(s.word(k-1)) == "magnitude" { // a quake of magnitude 6.3
		if s.word(k) == "of" {
			k--
		}
		s.setCounted(q, extractor.Range{From: k, To: k + 1})
		return
	}
	if measured {
		i = s.pastConversion(i)
	}
	right := i
	dim, _ := schemas.UnitDimension(q.unit)
	switch {
	case s.at(i).text == "of":
		if dim == schemas.DimLength && (i+1 >= s.to || s.doc.Tokens[i+1].UPOS != extractor.NOUN || s.doc.Tokens[i+1].Name >= 0 || s.word(i+1) == "home") { // 5 km of the town, but 20 mm of rain
			return
		}
		i = s.intoOf(q, i+1)
		if i < 0 {
			return
		}
		if s.nominal(i) || s.is(i-1, det) && s.substantive(i) {
			s.setCounted(q, extractor.Range{From: i, To: i + 1})
			return
		}
	case q.kind == share || q.half:
		for s.is(i, det) {
			i++
		}
	case measured && s.at(i).text == "in" && !s.is(i+1, det) && s.money(q):
		if r := s.nounPhrase(i + 1); r.To > r.From && !s.capital(r.From) {
			s.setCounted(q, r)
			return
		}
	case measured && s.word(i) == ")":
		return
	case s.word(i) == "year" && (s.word(i+1) == "on" || s.word(i+1) == "over" || s.hyphen(i+1)): // 3.6 percent year on year
		i = s.to
	}
	if measured && s.at(right).text != "of" && q.kind != share && (s.is(i, adverb) || s.comparative(i)) {
		if !s.labelled(q) && dim == schemas.DimPercent && (s.word(i) == "higher" || s.word(i) == "lower") {
			s.subjectOf(q)
		}
		return
	}
	if s.partActs(q, i) || s.says(q, i) {
		return
	}
	r := s.nounPhrase(i)
	if r.To == r.From+1 && s.misread(q, r.From) {
		r.To++
	}
	if r.To > r.From && !s.strayName(q, r) {
		s.setCounted(q, r)
		return
	}
	if s.amountOf(q) || s.numberOf(q) || s.labelled(q) {
		return
	}
	if q.kind != share && (dim == schemas.DimMoney || dim == schemas.DimPercent || dim == schemas.DimTemperature || s.changedTo(q)) && !s.putAt(q) && !s.objectBy(q) {
		s.subjectOf(q)
	}
}

// partActs reports whether token i is what a bare part of a total did, which the sentence
// begins with: "Of the 208 trucks, 131 carried food and 42 carried coal". A participle
// before a noun looks the same.
func (s *scanner) partActs(q *found, i int) bool {
	if s.word(s.from) != "Of" || q.unit != schemas.UnitCount || i >= s.to || s.doc.Tokens[i].Tag != "VBD" && !strings.HasSuffix(s.word(i), "ed") {
		return false
	}
	if s.word(q.left-1) == "," {
		return true
	}
	for k := s.from + 1; k < q.left; k++ {
		if s.word(k) == s.word(i) && s.digitAt(k-1) {
			return true
		}
	}
	return false
}

// says reports whether token i is what those counted do, though the tagger took it for a
// noun or a participle before one: "5,200 stay with families", "18 percent mentioned prices".
func (s *scanner) says(q *found, i int) bool {
	if i >= s.to || i != q.right || s.word(i-1) == "of" || s.capital(i) {
		return false
	}
	t := &s.doc.Tokens[i]
	share := q.unit == schemas.UnitPercent
	switch {
	case share && (t.Tag == "VBN" || t.Tag == "VBD"):
		return !s.is(i, rise|fall)
	case q.kind == digits && q.value == schemas.Int(1):
		return false
	case t.UPOS == extractor.NOUN && strings.HasSuffix(s.word(i), "ing"):
		return !share && s.is(i+1, prep)
	}
	return s.bareVerb(i)
}

// bareVerb reports whether token i is a verb in the form of the plural that is as often
// read as a noun, with what only a verb takes behind it.
func (s *scanner) bareVerb(i int) bool {
	if i+1 >= s.to || s.doc.Tokens[i].Tag == "NNS" {
		return false
	}
	switch s.word(i) {
	case "stay", "live", "remain", "depend", "consist", "rely", "belong", "die", "come", "go", "sleep", "suffer", "attend", "receive", "believe", "think", "say", "want", "own", "rent", "oppose", "prefer", "disapprove", "earn", "lack", "lie", "sit", "stand":
		return s.is(i+1, prep|det) || s.doc.Tokens[i+1].UPOS == extractor.ADV || s.doc.Tokens[i+1].UPOS == extractor.PRON || s.digitAt(i+1)
	case "support", "back", "use", "need", "work", "favour", "favor", "trust", "fear", "face", "blame", "approve", "plan", "hope":
		return s.is(i+1, det) || s.doc.Tokens[i+1].UPOS == extractor.PRON || s.word(i+1) == "to"
	}
	return false
}

// objectBy gives a share the object of the verb that changes it: "cut the salaries of
// nurses by 30 percent".
func (s *scanner) objectBy(q *found) bool {
	k := q.left - 1
	if q.unit != schemas.UnitPercent || s.at(k).text != "by" {
		return false
	}
	head := -1
	for k--; k > s.from; k-- {
		switch {
		case s.nounLike(k) && !s.is(k, rise|fall):
			if head < 0 {
				head = k
			}
			continue
		case s.at(k).text == "of" && s.nounLike(k-1):
			head = -1
			continue
		case s.is(k, det), s.possessive(k), s.word(k) == "its", s.word(k) == "their", s.word(k) == "his", s.word(k) == "her":
			continue
		}
		break
	}
	if head < 0 || s.doc.Tokens[head].UPOS != extractor.NOUN || s.doc.Tokens[head].Name >= 0 || s.doc.Tokens[head].Time >= 0 {
		return false
	}
	switch s.word(k) {
	case "cut", "cuts", "cutting", "raise", "raises", "raised", "raising", "reduce", "reduces", "reduced", "reducing", "increase", "increases", "increased", "increasing", "lower", "lowers", "lowered", "lowering", "boost", "boosted", "slash", "slashed", "trim", "trimmed":
	default:
		return false
	}
	from := head
	for from > k+1 && s.nounLike(from-1) && !s.is(from-1, closed) {
		from--
	}
	s.setCounted(q, extractor.Range{From: from, To: head + 1})
	q.rule("quantity/object")
	return true
}

// changedTo reports whether q is a bare number that something rose or fell to or from.
func (s *scanner) changedTo(q *found) bool {
	k := q.left - 1
	if q.unit != schemas.UnitCount || q.kind != digits || s.at(k).text != "to" && s.at(k).text != "from" {
		return false
	}
	for k--; k > s.from && k > q.left-4; k-- {
		if s.is(k, rise|fall) && !s.is(k, victim) {
			return !s.tallyBefore(k)
		}
		if s.at(k).text != "from" && !s.digitAt(k) && !s.is(k, adverb) {
			return false
		}
	}
	return false
}

// tallyBefore reports whether the clause before token k speaks of a count, however
// long the phrases that hang on it: "the toll from the raid on two towns rose to".
func (s *scanner) tallyBefore(k int) bool {
	const window = 40
	for end := k - window; k >= s.from && k > end && s.word(k) != ";"; k-- {
		if tallies(s.word(k)) {
			return true
		}
	}
	return false
}

// putAt gives a figure the noun of "put the damage at …", "estimated the loss at …".
func (s *scanner) putAt(q *found) bool {
	k := q.left - 1
	if s.at(k).text != "at" {
		return false
	}
	j := k - 1
	for j > s.from && j > k-6 && s.nounLike(j) {
		j--
	}
	from := j + 1
	if s.is(j, det) || s.at(j).text == "its" || s.at(j).text == "their" {
		j--
	}
	switch s.word(j) {
	case "put", "puts", "putting", "estimated", "estimates", "estimate", "valued", "values", "value", "set", "sets":
	default:
		return false
	}
	if from >= k || s.doc.Tokens[k-1].UPOS != extractor.NOUN || tallies(s.word(k-1)) {
		return false
	}
	s.setCounted(q, extractor.Range{From: from, To: k})
	q.rule("quantity/put-at")
	return true
}

// tallies reports whether the noun w is itself a count, and not what is counted.
func tallies(w string) bool {
	switch w {
	case "toll", "tolls", "number", "numbers", "count", "tally", "total", "totals", "figure", "figures", "estimate", "estimates", "forecast", "target", "average", "sum", "maximum", "minimum", "record":
		return true
	}
	return false
}

// misread reports whether the word after the adjective of a people at token i is the
// noun that q counts, though the tagger took it for a verb: "two Shia villages".
func (s *scanner) misread(q *found, i int) bool {
	if s.nameType(i) != schemas.Group || s.pluralWord(i) || q.kind == digits && q.value == schemas.Int(1) || i+1 >= s.to {
		return false
	}
	t := &s.doc.Tokens[i+1]
	w := s.word(i + 1)
	return t.Tag == "VBZ" && !s.is(i+1, aux|victim) && len(w) > 4 && w[len(w)-1] == 's' && w[len(w)-2] != 's'
}

// pastConversion returns the token after the parentheses that give the same
// amount in another unit: "400 kg (882 pounds) of".
func (s *scanner) pastConversion(i int) int {
	if s.word(i) == ")" {
		return i + 1
	}
	if s.word(i) != "(" {
		return i
	}
	if j := s.aside(i, 9); j > 0 {
		for k := i; k < j; k++ {
			if s.digitAt(k) {
				return j
			}
		}
	}
	return i
}

// strayName reports whether the phrase r is a single name that the number does
// not count: headlines end in the name of their source.
func (s *scanner) strayName(q *found, r extractor.Range) bool {
	if r.To-r.From != 1 || !s.capital(r.From) || q.kind == spelt && q.from == s.from {
		return false
	}
	return !s.pluralWord(r.From) && s.nameType(r.From) != schemas.Group && s.word(r.From) != "Chinese" && s.word(r.From) != "Japanese" && (s.capital(r.To) || r.To >= s.to || s.word(r.To) == ".")
}

// numberOf gives a bare number the noun of "the number of … ".
func (s *scanner) numberOf(q *found) bool {
	if q.unit != schemas.UnitCount {
		return false
	}
	for k := q.left - 1; k > s.from && k > q.left-25; k-- {
		switch s.word(k) {
		case ";", ":":
			return false
		}
		if s.digitAt(k) && s.doc.Tokens[k].Time < 0 && s.at(q.from-1).text != "to" {
			return false
		}
		if s.at(k).text == "of" && (s.word(k-1) == "number" || s.word(k-1) == "numbers" || s.word(k-1) == "Number") {
			i := k + 1
			for s.is(i, det) {
				i++
			}
			if r := s.nounPhrase(i); r.To > r.From && r.To <= q.left {
				for j := r.From + 1; j < r.To; j++ { // "the number of dead rose to": no flower
					if s.is(j, rise|fall) {
						r.To = j
					}
				}
				s.setCounted(q, r)
				return true
			}
			return false
		}
	}
	return false
}

// subjectOf gives an amount of money or a share the subject of the verb that
// states it: "exports fell 24 percent", "the deal is worth $11bn".
func (s *scanner) subjectOf(q *found) {
	k := q.left - 1
	for n := 0; n < 4 && k > s.from && (s.at(k).text == "by" || s.at(k).text == "to" || s.at(k).text == "at" || s.at(k).text == "a" || s.is(k, adverb)); n++ {
		k--
	}
	apart := false // what is worth so much stands right before, not behind a preposition
	switch s.word(k) {
	case "worth", "valued", "priced":
		apart = s.nounLike(k - 1)
	case "totaled", "totalled", "totalling", "totaling", "exceeding", "averaging", "reached", "hit", "touch", "reach", "stood", "stands", "is", "was", "were", "are", "exceed", "exceeded", "exceeds", "averaged", "fetched", "yielded":
	case "costs", "cost": // which taggers take for a noun
		if k--; k <= s.from {
			return
		}
	case "from": // rose from 120 to 310
		for k > s.from && (s.digitAt(k) || s.at(k).text == "from" || s.at(k).text == "to") {
			k--
		}
		if !s.is(k, rise|fall) {
			return
		}
	default:
		if s.digitAt(k) && s.at(k-1).text == "from" && s.is(k-2, rise|fall) {
			k -= 2
			break
		}
		if !s.is(k, rise|fall) || s.is(k, prep) && s.at(k).text != "up" && s.at(k).text != "down" {
			return
		}
	}
	if s.word(k) == "worth" && s.word(k-1) == "," { // the drugs, worth about
		k -= 2
	}
	for n := 0; n < 8 && k > s.from && (s.is(k, aux|adverb|rise|fall) || s.doc.Tokens[k].UPOS == extractor.VERB || s.doc.Tokens[k].UPOS == extractor.AUX || s.doc.Tokens[k].UPOS == extractor.ADV || s.doc.Tokens[k].UPOS == extractor.PART ||
		s.word(k) == "worth" || s.at(k).text == "to"); n++ {
		k--
	}
	if j := s.asideBefore(k); j >= 0 {
		k = j
	}
	// Back over prepositional phrases to the noun before them.
	for n := 0; n < 3; n++ {
		j := k
		for j > s.from && (s.nounLike(j) || s.is(j, det) || s.possessive(j) || s.doc.Tokens[j].Time >= 0 || s.hyphen(j) || s.hyphen(j-1) || s.word(j) == "and" && s.doc.Tokens[j-1].Name >= 0 && j < k && s.doc.Tokens[j+1].Name >= 0) {
			j--
		}
		if j == k || !s.is(j, prep) || apart && s.at(j).text != "of" && s.at(j).text != "in" || s.opensClause(j) || j <= s.from {
			break
		}
		k = j - 1
	}
	opens := k == s.from && (s.doc.Tokens[k].UPOS == extractor.PROPN || s.doc.Tokens[k].Tag == "VB") // Revenue rose: a noun, whatever the tagger took it for
	if s.is(k, percent) {
		return
	}
	if !opens && (k <= s.from && !s.nounLike(k) || s.doc.Tokens[k].UPOS != extractor.NOUN) || s.doc.Tokens[k].Name >= 0 || s.is(k, closed) || s.doc.Tokens[k].Time >= 0 {
		return
	}
	if q.unit == schemas.UnitCount {
		for j := k; j > s.from && j > k-40; j-- { // the toll of the clashes rose to 31
			if tallies(s.at(j).text) || tallies(s.word(j)) {
				return
			}
		}
	}
	if s.word(k) == "number" && s.word(k+1) == "of" {
		if r := s.nounPhrase(k + 2); r.To > r.From {
			s.setCounted(q, r)
			q.rule("quantity/subject")
			return
		}
	}
	from := k
	for from > s.from && from > k-3 && s.nounLike(from-1) && !s.is(from-1, closed) && s.doc.Tokens[from-1].Time < 0 && s.doc.Tokens[from-1].Tag != "VBD" {
		from--
	}
	s.setCounted(q, extractor.Range{From: from, To: k + 1})
	q.rule("quantity/subject")
}

// asideBefore returns the token before the aside between commas that ends at token k:
// "shares in X, the biggest lender, fell"; -1 if there is none.
func (s *scanner) asideBefore(k int) int {
	if s.word(k) != "," {
		return -1
	}
	for j := k - 1; j > s.from && j > k-12; j-- {
		if s.word(j) == "," {
			return j - 1
		}
		if p := s.doc.Tokens[j].UPOS; p == extractor.VERB || p == extractor.AUX {
			return -1
		}
	}
	return -1
}

// opensClause reports whether token i is a preposition that a clause follows as
// often: "raised its forecast after sales climbed 8%".
func (s *scanner) opensClause(i int) bool {
	switch s.at(i).text {
	case "after", "before", "since", "until", "as", "than":
		return true
	}
	return false
}

// money reports whether q is an amount of money.
func (s *scanner) money(q *found) bool {
	d, ok := schemas.UnitDimension(q.unit)
	return ok && d == schemas.DimMoney
}

// comparative reports whether token i compares: "40 percent faster", "2 m tall".
func (s *scanner) comparative(i int) bool {
	switch s.word(i) {
	case "tall", "high", "long", "wide", "deep", "thick", "away", "apart", "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest",
		"north-east", "north-west", "south-east", "south-west", "higher", "lower", "faster", "slower", "up", "down", "inland", "offshore", "older", "younger",
		"more", "less", "complete", "year-on-year", "respectively", "each", "apiece", "larger", "smaller", "cheaper", "worth":
		return true
	}
	return false
}

// intoOf follows "of" after a number and returns where the noun phrase starts,
// -1 if a pronoun stands there. "15 of the 40 hostages" counts hostages.
func (s *scanner) intoOf(q *found, i int) int {
	if k := i; k < s.to && s.doc.Tokens[k].Time >= 0 { // of last year's crop
		for k < s.to && s.doc.Tokens[k].Time == s.doc.Tokens[i].Time && !s.possessive(k) {
			k++
		}
		if s.possessive(k) {
			i = k + 1
		}
	}
	for s.is(i, det) || s.word(i) == "those" {
		if (s.at(i).text == "those" || s.at(i).text == "these") && s.endsPhrase(i+1) {
			return -1
		}
		i++
	}
	if s.is(i, pron|conj) {
		return -1
	}
	for k := i; k < i+8 && k+1 < s.to && (s.nounLike(k) || s.possessive(k) || s.is(k, det)); k++ {
		if s.possessive(k) && (s.digitAt(k+1) || s.is(k+1, wordNumber)) { // of the train's nine carriages
			i = k + 1
			break
		}
	}
	if c, _ := s.comparatorAt(i); c != "" {
		i++
	}
	for k := 0; k < 4 && (s.digitAt(i) || s.is(i, wordNumber)); k++ {
		n, ok := s.numeral(i)
		if !ok {
			break
		}
		i = n.to
	}
	return i
}

// setCounted sets the counted noun to the phrase r.
func (s *scanner) setCounted(q *found, r extractor.Range) {
	q.counted = s.phraseOf(r)
}

func (s *scanner) phraseOf(r extractor.Range) *extractor.Counted {
	head := s.doc.Word(r.To - 1)
	return &extractor.Counted{Span: s.doc.SpanOf(r), Head: singular(strings.ToLower(head))}
}

// labelled gives a figure in a list the noun before its colon: "- Population: 6.8 million".
func (s *scanner) labelled(q *found) bool {
	colon := q.left - 1
	if s.word(colon) != ":" || s.acts(q.right) || s.is(q.right, victim) || q.unit == schemas.UnitPercent && q.kind == share {
		return false
	}
	from := s.from
	for from < colon && s.doc.Tokens[from].UPOS == extractor.PUNCT {
		from++
	}
	if from == colon || colon-from > 4 {
		return false
	}
	for k := from; k < colon; k++ {
		if t := &s.doc.Tokens[k]; t.Name >= 0 || t.Time >= 0 || !s.nounLike(k) {
			return false
		}
	}
	if s.doc.Tokens[colon-1].UPOS != extractor.NOUN || s.is(colon-1, victim) || tallies(s.word(colon-1)) {
		return false
	}
	s.setCounted(q, extractor.Range{From: from, To: colon})
	q.rule("quantity/label")
	return true
}

// amountOf looks for the noun before the number: "annual revenue of about $41bn".
func (s *scanner) amountOf(q *found) bool {
	k := q.left - 1
	if k <= s.from {
		return false
	}
	switch s.at(q.left).text {
	case "above", "below", "over", "under":
		if q.unit == schemas.UnitCount {
			return false
		}
	default:
		if s.at(k).text != "of" {
			return false
		}
		k--
	}
	from := k
	if s.doc.Tokens[k].UPOS != extractor.NOUN || s.is(k, closed) || s.doc.Tokens[k].Time >= 0 {
		return false
	}
	switch s.word(k) {
	case "toll", "number", "speed", "age", "estimate", "excess", "tolls", "choice", "distance", "total", "height", "record", "average", "maximum", "minimum", "sum", "rate", "depth", "length", "range", "radius", "peak", "low":
		return false
	case "amount":
		if !s.nounLike(k-1) || s.word(k-1) == "total" || s.word(k-1) == "same" || s.word(k-1) == "large" || s.word(k-1) == "small" { // the net carrying amount of
			return false
		}
	}
	for from > s.from && from > k-4 && s.nounLike(from-1) && (s.doc.Tokens[from-1].UPOS == extractor.NOUN || s.doc.Tokens[from-1].UPOS == extractor.ADJ) && s.word(from-1) != "total" {
		from--
	}
	q.counted = s.phraseOf(extractor.Range{From: from, To: k + 1})
	return true
}
