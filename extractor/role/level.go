package role

import (
	"slices"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Levels: a figure without a noun of its own says how high something is that stands as
// the subject or the object of its verb: "inflation would slow to 1.9 percent", "raised
// the wage to 800 euros". The tree finds it over asides and clauses.

// nounOfLevel sets what q counts where the tree says what its verb moves or measures.
func (r *reader) nounOfLevel(q *extractor.Quantity) {
	if q.Counted != nil && q.Counted.End <= q.Start && q.Unit != schemas.UnitCount { // the firm lost 11 percent: of what is not said
		if h := r.doc.TokenAt(q.Counted.End - 1); r.is(h, actor) && !r.is(h, noun) && slices.Contains(q.Rules, "quantity/subject") {
			q.Counted = nil
		}
	}
	if q.Counted != nil || q.Victims || !r.treed() {
		return
	}
	d, _ := schemas.UnitDimension(q.Unit)
	count := q.Unit == schemas.UnitCount
	v, as, noun := r.treePredicate(q)
	if v < 0 || r.pos(v) != extractor.VERB {
		if s := r.comparedSubject(q); s >= 0 && (d == schemas.DimPercent || d == schemas.DimMoney) {
			r.countLevel(q, s)
			return
		}
	}
	if v < 0 || as != object && as != oblique {
		return
	}
	by := r.caseOf(noun)
	lemma := r.lemma(v)
	if as == oblique && (by == "to" || by == "from" || by == "by" || by == "at") && (!count || by != "at") {
		o := r.child(v, "obj")
		if o < 0 { // the damage was put at
			o = r.child(v, "nsubj:pass")
			if lemma == "forecast" || lemma == "expect" || lemma == "project" {
				lemma = "estimate"
			}
		}
		if o >= 0 && o < q.From && shifts(lemma) {
			r.countLevel(q, o)
			return
		}
	}
	switch {
	case levels(lemma) && d != schemas.DimLength:
	case changes(lemma) && d == schemas.DimPercent: // shares lost 4 percent
	default:
		return
	}
	if as == oblique && by != "" && by != "to" && by != "from" && by != "by" && by != "at" && by != "in" && by != "with" {
		return
	}
	s := r.treeSubject(v, 0)
	if c := r.chunk(v) - 1; r.kind(c+1) == vg && r.kind(c) == np && r.kind(c-1) != prep && r.kind(c-1) != comma { // the noun right before the verb
		s = r.chunks[c].head
	}
	if s < 0 || s > q.From || count && (r.tag(s) != "NNS" || by != "to" && lemma != "reach" && lemma != "exceed" && lemma != "total") {
		return
	}
	r.countLevel(q, s)
}

// comparedSubject returns the token of what is higher, lower, cheaper by q: "prices are 2
// percent higher", "a risk that was 34 percent lower", or what is q itself; -1 if q is no measure of that.
func (r *reader) comparedSubject(q *extractor.Quantity) int {
	h := r.figureHead(q)
	if s := r.child(h, "nsubj"); s >= 0 && s < h && r.child(h, "cop") >= 0 { // turnout four years ago was 66 percent
		return s
	}
	g := r.up(h)
	if g < 0 || r.pos(g) != extractor.ADJ {
		return -1
	}
	if r.rel(g) == "amod" { // a 2 percent higher price
		return r.up(g)
	}
	s := r.child(g, "nsubj")
	if s < 0 || r.child(g, "cop") < 0 || s > q.From {
		return -1
	}
	if r.is(s, relative) {
		if r.rel(g) != "acl" {
			return -1
		}
		return r.up(g)
	}
	return s
}

// baselineNoun gives figure k what the figure before it, with which it is compared, has
// got from the tree.
func (r *reader) baselineNoun(k int) {
	qs := r.doc.Quantities
	if k == 0 || qs[k].Counted != nil || qs[k-1].Counted == nil || qs[k].Sentence != qs[k-1].Sentence || qs[k].Unit != qs[k-1].Unit || !slices.Contains(qs[k].Rules, baselineRule) {
		return
	}
	c := *qs[k-1].Counted
	qs[k].Counted = &c
	if d, _ := schemas.UnitDimension(qs[k].Unit); qs[k].Per == nil && d == schemas.DimMoney {
		qs[k].Per = qs[k-1].Per
	}
	qs[k].Rules = append(qs[k].Rules, "role/level")
}

// baselineRule is how the quantity stage marks a figure that another one is compared with.
const baselineRule = "quantity/baseline"

// caseOf returns the preposition of the phrase whose head is token i, "" if it has none.
func (r *reader) caseOf(i int) string {
	if c := r.child(i, "case"); c >= 0 && c < i {
		return r.lower(c)
	}
	return ""
}

// countLevel makes the common noun at token i, with the words before it that say which,
// what q counts; people and bodies that act have figures but are not measured by them.
func (r *reader) countLevel(q *extractor.Quantity, i int) {
	if r.word(i) == "percent" || r.word(i) == "cent" {
		return
	}
	for n := 0; n < 4 && r.pos(i) == extractor.NOUN && (r.is(i, toll) || tally(r.lower(i))); n++ { // the number of visitors
		m := r.child(i, "nmod")
		if m < 0 || r.caseOf(m) != "of" {
			return
		}
		i = m
	}
	if r.pos(i) != extractor.NOUN || r.doc.Tokens[i].Name >= 0 || r.doc.Tokens[i].Time >= 0 || r.is(i, actor|event|relative) && !r.is(i, noun) {
		return
	}
	from := i
	for from > r.from && from > i-2 && r.up(from-1) == i && (r.rel(from-1) == "compound" || r.rel(from-1) == "amod") && r.doc.Tokens[from-1].Name < 0 {
		from--
	}
	span := extractor.Span{Start: r.doc.Tokens[from].Start, End: r.doc.Tokens[i].End}
	head := r.lower(i)
	if r.tag(i) == "NNS" {
		head = baseForm(head)
		if strings.HasSuffix(head, "sse") { // losses
			head = head[:len(head)-1]
		}
	}
	q.Counted = &extractor.Counted{Span: span, Head: head}
	q.Rules = append(q.Rules, "role/level")
}

// tally reports whether w is a noun for how many there are of what "of" brings after it.
func tally(w string) bool {
	switch w {
	case "number", "numbers", "amount", "total", "figure", "count", "volume", "value", "share", "proportion", "percentage":
		return true
	}
	return false
}

// levels reports whether what the verb says of its subject is a level or a change.
func levels(lemma string) bool {
	switch lemma {
	case "rise", "fall", "climb", "drop", "slow", "widen", "narrow", "shrink", "grow", "double", "triple", "quadruple", "stay", "remain", "stand", "reach", "hit", "total", "average", "exceed", "jump", "surge", "plunge", "slip", "tumble",
		"increase", "decrease", "decline", "soar", "amount", "ease", "dip", "slide", "sink", "swell", "halve", "rocket", "spike", "slump", "edge", "inch", "settle", "top", "approach", "near", "weaken", "strengthen", "plummet", "accelerate", "quicken", "contract", "expand", "rebound", "recover":
		return true
	}
	return false
}

// changes reports whether the verb says with a share how far its subject went.
func changes(lemma string) bool {
	switch lemma {
	case "lose", "gain", "shed", "add", "close", "open", "end", "finish", "trade", "advance", "retreat":
		return true
	}
	return false
}

// shifts reports whether the verb puts its object at a level.
func shifts(lemma string) bool {
	switch lemma {
	case "raise", "cut", "lower", "increase", "reduce", "double", "triple", "lift", "boost", "slash", "trim", "bring", "push", "put", "keep", "hold", "drive", "take", "cap", "limit", "set", "estimate", "value", "fix", "extend", "expand", "halve", "widen", "narrow", "revise", "upgrade", "downgrade":
		return true
	}
	return false
}
