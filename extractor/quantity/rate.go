package quantity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// rate sets per what q is counted.
func (s *scanner) rate(q *found) {
	i := q.right
	if q.counted != nil && q.counted.Start >= s.doc.Tokens[q.from].Start {
		i = s.doc.TokenAt(q.counted.End - 1)
		i++
	}
	if i < q.right {
		i = q.right
	}
	if s.word(i) == ")" { // 880 ringgit (US$190) a barrel
		i++
	} else if s.word(i) == "(" {
		for k := i; k < s.to && k < i+8; k++ {
			if s.word(k) == ")" {
				if s.rateAt(q, k+1, true) {
					return
				}
				break
			}
		}
	}
	for k := i; k < s.to && k < i+9; k++ {
		if s.rateAt(q, k, k == i) {
			return
		}
		if k > i && (s.digitAt(k) || s.is(k, wordNumber|plural)) || s.stops(k) {
			break
		}
	}
	if s.rateBefore(q); q.per == nil {
		s.rateAtEnd(q, i)
	}
}

// rateAtEnd reads a rate that ends the sentence: "Two trains run … each week."
func (s *scanner) rateAtEnd(q *found, i int) {
	if q.unit != schemas.UnitCount && !s.money(q) {
		return
	}
	end := s.to
	for end > i && !letterEnd(s.word(end-1)) {
		end--
	}
	k := end - 1
	if !s.is(k, rateadv) {
		if k--; !s.is(k+1, timeunit) || s.at(k).text != "each" && s.at(k).text != "every" && s.at(k).text != "per" {
			return
		}
	}
	if k < i || k > i+25 {
		return
	}
	for j := i; j < k; j++ {
		if s.digitAt(j) || s.is(j, wordNumber|plural) || s.word(j) == "," || s.word(j) == ";" {
			return
		}
	}
	s.rateAt(q, k, false)
}

// stops reports whether a clause ends at token k.
func (s *scanner) stops(k int) bool {
	switch s.word(k) {
	case ",", ";", ".", ":", "(", ")", "and", "but", "while", "-", "–", "\"", "”", "which", "who", "that", "when", "as", "after", "before", "since":
		return true
	}
	return false
}

// rateAt reads the rate that starts at token k: "a day", "per capita", "daily",
// "for every captive body". Next to the amount more words may follow "a".
func (s *scanner) rateAt(q *found, k int, near bool) bool {
	switch e := s.at(k); {
	case e.text == "per" && s.at(k+1).text != "cent", s.word(k) == "/" && s.glued(k):
		return s.ratePhrase(q, k, k+1)
	case e.text == "a" || e.text == "an":
		if s.is(k+1, timeunit) && !s.is(k+1, ordinal) {
			switch s.word(k + 2) {
			case "ago", "earlier", "later", "before", "after", "old", "since":
				return false
			}
			if s.word(k-1) == "for" || s.word(k-1) == "in" || s.word(k-1) == "within" || s.word(k-1) == "after" || s.word(k-1) == "of" || s.word(k-1) == "than" || s.is(k-1, half) || s.word(k-1) == "about" {
				return false
			}
			return s.setRate(q, k, k+2, s.at(k+1).text)
		}
		if near && q.unit != schemas.UnitCount && q.unit != schemas.UnitPercent {
			if s.portion(k + 1) {
				return s.setRate(q, k, k+2, s.word(k+1))
			}
			switch w := s.word(k + 1); w {
			case "share", "barrel", "tonne", "ton", "head", "litre", "liter", "gallon", "kilo", "kilogram", "ounce", "pound", "bushel", "person", "piece", "unit", "bottle", "pack", "ticket", "night", "bag", "kg", "megawatt":
				return s.setRate(q, k, k+2, w)
			}
		}
	case e.text == "each" || e.text == "every":
		if s.is(k+1, timeunit) && (!s.digitAt(k + 1)) {
			return s.setRate(q, k, k+2, singular(s.at(k+1).text))
		}
	case e.text == "for" && s.each(k+1):
		return s.ratePhrase(q, k, k+2)
	case !near && e.text == "to" && s.each(k+1) && s.money(q) && (s.word(k-1) == "paid" || s.word(k-1) == "given" || s.word(k-1) == "awarded" || s.word(k-1) == "granted"): // 500 would be paid to each family
		return s.ratePhrase(q, k, k+2)
	case near && (e.text == "to" || e.text == "in" || e.text == "from") && s.each(k+1) && !s.is(k+2, timeunit): // two children in each bed
		return s.ratePhrase(q, k, k+2)
	case near && e.text == "for" && s.money(q) && s.portion(k+2) && (s.is(k+1, det) || s.word(k+1) == "one"): // 700 for one bag of serum
		s.countContents(q, k+3)
		return s.setRate(q, k, k+3, s.word(k+2))
	case e.class&rateadv != 0 && e.text != "annual" && (s.endsPhrase(k+1) || k+1 >= s.to || s.is(k+1, prep)):
		return s.setRate(q, k, k+1, e.per)
	}
	return false
}

// each reports whether token i is "each" or "every".
func (s *scanner) each(i int) bool { return s.at(i).text == "each" || s.at(i).text == "every" }

// portion reports whether token i is a measure or vessel in which goods are sold.
func (s *scanner) portion(i int) bool {
	switch s.word(i) {
	case "sack", "bag", "kilo", "kilogram", "kg", "litre", "liter", "gallon", "barrel", "tonne", "ton", "bottle", "box", "loaf", "jerrycan", "crate", "carton", "packet", "bushel", "ounce", "pound", "tin", "bucket", "bale", "gram", "tablet":
		return true
	}
	return false
}

// countContents makes what is in a vessel the noun of q: the serum of "bag of serum",
// where "of" is token i.
func (s *scanner) countContents(q *found, i int) {
	if s.at(i).text != "of" {
		return
	}
	r := s.nounPhrase(i + 1)
	for r.To > r.From+1 {
		switch s.word(r.To - 1) {
		case "costs", "cost", "sells", "fetches", "goes", "sold": // which taggers take for nouns
			r.To--
			continue
		}
		break
	}
	if r.To > r.From {
		s.setCounted(q, r)
	}
}

// ratePhrase reads the noun of a rate at token i, whose words start at token k.
func (s *scanner) ratePhrase(q *found, k, i int) bool {
	if s.digitAt(i) || s.is(i, wordNumber|hundred|mag) {
		if n, ok := s.numeral(i); ok { // per 100,000 people
			if r := s.nounPhrase(n.to); r.To > r.From {
				return s.setRate(q, k, r.To, s.doc.Slice(s.doc.SpanOf(extractor.Range{From: i, To: r.To})))
			}
		}
		return false
	}
	if s.is(i, timeunit) {
		return s.setRate(q, k, i+1, singular(s.at(i).text))
	}
	if s.word(i) == "capita" || s.word(i) == "annum" {
		return s.setRate(q, k, i+1, s.word(i))
	}
	r := s.nounPhrase(i)
	if r.To == r.From {
		return false
	}
	return s.setRate(q, k, r.To, s.doc.Slice(s.doc.SpanOf(r)))
}

func (s *scanner) setRate(q *found, from, to int, unit string) bool {
	q.per = &extractor.Rate{Span: s.doc.SpanOf(extractor.Range{From: from, To: to}), Unit: unit}
	q.rule("quantity/rate")
	return true
}

// rateBefore reads the rate from the words before the number: "annual sales of
// $3bn", "GDP per capita fell to", "For every captive body, …".
func (s *scanner) rateBefore(q *found) {
	if (s.at(s.from).text == "for") && (s.at(s.from+1).text == "every" || s.at(s.from+1).text == "each") && !s.is(s.from+2, timeunit) {
		if r := s.nounPhrase(s.from + 2); r.To > r.From && r.To <= q.left && (s.word(r.To) == "," || q.left-r.To < 8) {
			s.setRate(q, s.from, r.To, s.doc.Slice(s.doc.SpanOf(r)))
			return
		}
	}
	if q.counted != nil && q.counted.Start > q.span.Start { // 600 daily flights
		for k := q.right; k < s.to && s.doc.Tokens[k].End <= q.counted.End; k++ {
			if s.is(k, rateadv) {
				s.setRate(q, k, k+1, s.words[k].per)
				return
			}
		}
		if s.eachBefore(q) || !s.money(q) {
			return
		}
	}
	if s.eachBefore(q) || q.unit == schemas.UnitCount || q.unit == schemas.UnitPercent || s.priceOf(q) {
		return
	}
	for k := q.left - 1; k >= s.from && k > q.left-8; k-- {
		if s.is(k, rateadv) && s.nounLike(k+1) {
			s.setRate(q, k, k+1, s.words[k].per)
			return
		}
		if s.at(k).text == "per" && s.word(k+1) == "capita" {
			s.setRate(q, k, k+2, "capita")
			return
		}
		if s.stops(k) && s.word(k) != "(" || s.digitAt(k) {
			return
		}
	}
}

// eachBefore reads the rate from the subject or another object of the verb: "each
// family receives 50,000", "paid every worker $40".
func (s *scanner) eachBefore(q *found) bool {
	for k := q.left - 1; k >= s.from && k > q.left-9; k-- {
		switch {
		case s.each(k):
			if s.is(k+1, timeunit|wordNumber) || s.digitAt(k+1) || s.at(k-1).text == "of" {
				return false
			}
			r := s.nounPhrase(k + 1)
			return r.To > r.From && r.To <= q.left && s.setRate(q, k, r.To, s.doc.Slice(s.doc.SpanOf(r)))
		case s.relative(k) && s.each(k-2): // each family that lost its home
		case s.stops(k), s.digitAt(k), s.is(k, wordNumber|plural):
			return false
		}
	}
	return false
}

// relative reports whether token k is a pronoun that opens a clause about the noun before.
func (s *scanner) relative(k int) bool {
	switch s.word(k) {
	case "that", "who", "which", "whose":
		return true
	}
	return false
}

// priceOf reads the rate from the goods whose price q is: "a sack of maize costs $38",
// "the price of a tonne of cement rose from 68 to 97 euros".
func (s *scanner) priceOf(q *found) bool {
	if !s.money(q) {
		return false
	}
	for k := q.left - 1; k > s.from && k > q.left-14; k-- {
		switch s.word(k) {
		case ";", ".", ",", ":", "(", ")", "\"", "”":
			return false
		}
		if s.portion(k) && (s.is(k-1, det) || s.word(k-1) == "one" || s.at(k-1).text == "per" || s.each(k-1)) {
			if s.at(k+1).text != "of" && !s.is(k+1, aux|rise|fall) && s.doc.Tokens[k+1].UPOS != extractor.VERB && s.word(k+1) != "costs" {
				return false
			}
			if q.counted != nil && q.counted.Start == s.doc.Tokens[k].Start {
				q.counted = nil
			}
			s.countContents(q, k+1)
			return s.setRate(q, k-1, k+1, s.word(k))
		}
	}
	return false
}
