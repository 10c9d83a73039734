package quantity

import (
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// compare sets the comparator from the words before and after the number.
func (s *scanner) compare(q *found) {
	q.comparator = schemas.Exact
	if q.hi.to > 0 {
		q.comparator = schemas.Between
	}
	c, left := s.leftComparator(q.left)
	if c != "" {
		q.left = left
	}
	if r := s.rightComparator(q); r != "" && (c == "" || c == schemas.About && r != schemas.About) {
		c = r
	}
	switch {
	case q.hi.to > 0:
		if s.before(q, "between") || s.before(q, "from") {
			q.left = min(q.left, q.from-1)
		}
		return
	case q.kind == vague:
		q.comparator = schemas.AtLeast
		return
	case c == "":
		return
	}
	q.comparator = c
	switch c {
	case schemas.AtLeast:
		q.rule("quantity/at-least")
	case schemas.MoreThan:
		q.rule("quantity/more-than")
	case schemas.AtMost:
		q.rule("quantity/at-most")
	case schemas.LessThan:
		q.rule("quantity/less-than")
	case schemas.About:
		q.rule("quantity/about")
	}
}

func (s *scanner) comparatorBefore(i int) bool {
	c, _ := s.leftComparator(i)
	return c != ""
}

// leftComparator reads the comparator that ends before token i and returns
// where it starts.
func (s *scanner) leftComparator(i int) (schemas.Comparator, int) {
	k := i - 1
	for k >= s.from && k > i-4 && s.transparent(k) {
		k--
	}
	c, left := s.comparatorAt(k)
	if k < i-1 {
		switch s.at(k + 1).text {
		case "the", "these", "those", "all": // around the two towns
			if s.at(k).text != "than" && s.at(k).text != "least" {
				return "", i
			}
		}
	}
	if c == schemas.About { // "at least some 200", "up to around 200": the bound counts
		if d, l := s.comparatorAt(left - 1); d != "" && d != schemas.About {
			return d, l
		}
	}
	return c, left
}

// transparent reports whether token k may stand between comparator and number.
func (s *scanner) transparent(k int) bool {
	switch s.at(k).text {
	case "a", "an", "another", "the", "these", "those", "all":
		return true
	}
	switch s.word(k) {
	case "further", "additional", "record", "total", "of", "whopping", "as", "(", "-", "~", "~~":
		return s.word(k) != "of" && s.word(k) != "as" && s.word(k) != "~" && s.word(k) != "total"
	}
	return s.is(k, sign)
}

// comparatorAt reads the comparator whose last word is token k.
func (s *scanner) comparatorAt(k int) (schemas.Comparator, int) {
	w, p1, p2 := s.at(k).text, s.at(k-1).text, s.low(k-2)
	if w == "" {
		w = s.low(k)
	}
	if p1 == "" {
		p1 = s.low(k - 1)
	}
	switch w {
	case "least":
		if p1 == "at" {
			return schemas.AtLeast, k - 1
		}
	case "minimum", "maximum":
		if w == "minimum" {
			return schemas.AtLeast, k
		}
		return schemas.AtMost, k
	case "of":
		switch p1 {
		case "minimum":
			return schemas.AtLeast, s.article(k - 1)
		case "maximum":
			return schemas.AtMost, s.article(k - 1)
		case "excess":
			return schemas.MoreThan, k - 2
		case "upwards", "upward":
			return schemas.MoreThan, k - 1
		case "region", "order", "vicinity", "estimate":
			return schemas.About, k - 1
		case "short": // just short of 40; but "short of $40m" is lacking it
			switch p2 {
			case "just", "little", "slightly", "fell", "fall", "falls", "well", "far", "bit":
				return schemas.LessThan, k - 1
			}
			return "", k
		}
	case "than":
		return s.thanAt(k, p1, p2)
	case "over", "exceeding", "above", "exceeds", "exceeded", "exceed", "surpassed", "surpassing", "surpass", "surpasses", "topped", "topping", "tops", "beyond":
		if w == "over" && (p1 == "all" || takesOver[p1]) {
			return "", k
		}
		if p1 == "not" && w == "exceeding" {
			return schemas.AtMost, k - 1
		}
		return schemas.MoreThan, s.softener(k)
	case ">":
		return schemas.MoreThan, k
	case "under", "below":
		return schemas.LessThan, s.softener(k)
	case "<":
		return schemas.LessThan, k
	case "most":
		if p1 == "at" {
			return schemas.AtMost, k - 1
		}
	case "to":
		if p1 == "up" {
			return schemas.AtMost, k - 1
		}
		if p1 == "close" || p1 == "near" {
			return schemas.About, k - 1
		}
	case "as":
		if p2 == "as" {
			switch p1 {
			case "many", "much", "high", "large", "great":
				return schemas.AtMost, k - 2
			case "few", "little", "low":
				return schemas.AtLeast, k - 2
			}
		}
	case "about", "around", "some", "nearly", "almost", "roughly", "approximately", "circa", "approx", "approx.", "ca.", "c.", "virtually", "nearing", "approaching", "estimated", "perhaps", "~", "≈", "probably", "somewhere", "practically":
		if w == "estimated" {
			return schemas.About, s.article(k)
		}
		return schemas.About, k
	case "near":
		if p1 != "" && s.is(k-1, aux) || s.is(k-1, prep) {
			return schemas.About, k
		}
	}
	return "", k
}

// thanAt reads the comparators that end in "than".
func (s *scanner) thanAt(k int, p1, p2 string) (schemas.Comparator, int) {
	if p2 == "" {
		p2 = s.low(k - 2)
	}
	no := p2 == "no" || p2 == "not"
	switch p1 {
	case "more", "greater", "higher", "larger", "bigger", "better", "longer", "older", "taller", "heavier":
		if no {
			return schemas.AtMost, k - 2
		}
		return schemas.MoreThan, s.softener(k - 1)
	case "less", "fewer", "lower", "smaller", "shorter", "younger":
		if no {
			return schemas.AtLeast, k - 2
		}
		return schemas.LessThan, s.softener(k - 1)
	case "other", "rather":
	}
	return "", k
}

// softener extends a comparator to the left over "well", "just", "slightly".
func (s *scanner) softener(k int) int {
	switch s.low(k - 1) {
	case "well", "just", "slightly", "far", "much", "little", "somewhat":
		return k - 1
	}
	return k
}

func (s *scanner) article(k int) int {
	if t := s.at(k - 1).text; t == "a" || t == "an" || t == "the" {
		return k - 1
	}
	return k
}

// low returns token k in lower case if the tables or openers know it, else as it
// stands.
func (s *scanner) low(k int) string {
	if e := s.at(k); e.text != "" {
		return e.text
	}
	w := s.word(k)
	if w == "" || w[0] < 'A' || w[0] > 'Z' {
		return w
	}
	for _, o := range openers {
		if strings.EqualFold(w, o) {
			return o
		}
	}
	return w
}

// openers are words of comparators that no table holds and that may open a
// sentence: "Fewer than 20 came".
var openers = [...]string{
	"fewer", "greater", "higher", "larger", "bigger", "lower", "smaller", "shorter", "longer", "well", "just", "slightly", "far", "much", "upwards", "upward",
	"approximately", "approx", "circa", "roughly", "nearing", "approaching", "perhaps", "probably", "somewhere", "virtually", "practically", "exceeding", "beyond", "minimum", "maximum",
}

// rightComparator reads "or more", "or so", "-plus", "+", "-odd" after the
// number or its noun.
func (s *scanner) rightComparator(q *found) schemas.Comparator {
	i := q.right
	for n := 0; n < 3; n++ {
		if c, to := s.rightAt(i); c != "" {
			if n == 0 {
				q.right = to
			}
			return c
		}
		if !s.nounLike(i) || s.is(i, victim) {
			break
		}
		i++
	}
	return ""
}

func (s *scanner) rightAt(i int) (schemas.Comparator, int) {
	joined := s.hyphen(i)
	if joined {
		i++
	}
	switch s.word(i) {
	case "or":
		switch s.word(i + 1) {
		case "more", "above", "over", "greater", "higher":
			return schemas.AtLeast, i + 2
		case "less", "fewer", "below", "under":
			return schemas.AtMost, i + 2
		case "so", "thereabouts":
			return schemas.About, i + 2
		}
	case "+":
		if s.glued(i) {
			return schemas.AtLeast, i + 1
		}
	case "plus":
		if joined || s.endsPhrase(i+1) && !s.digitAt(i+1) {
			return schemas.AtLeast, i + 1
		}
	case "odd":
		return schemas.About, i + 1
	case "at":
		if s.word(i+1) == "least" && s.endsPhrase(i+2) {
			return schemas.AtLeast, i + 2
		}
		if s.word(i+1) == "most" && s.endsPhrase(i+2) {
			return schemas.AtMost, i + 2
		}
	case "and":
		switch s.word(i + 1) {
		case "counting", "rising":
			return schemas.AtLeast, i + 2
		case "above", "over", "up":
			return schemas.AtLeast, i + 2
		}
	}
	return "", i
}

// takesOver are verbs of which "over" is a part: who hands over 40 bodies does
// not hand out more than 40.
var takesOver = map[string]bool{
	"hand": true, "hands": true, "handed": true, "handing": true, "take": true, "takes": true, "took": true, "taken": true, "taking": true,
	"turn": true, "turns": true, "turned": true, "turning": true, "sign": true, "signs": true, "signed": true, "signing": true,
	"give": true, "gave": true, "giving": true, "carry": true, "carried": true,
}
