package parse

import "github.com/claimwire/claimwire/extractor"

// News puts its sources and much else between a subject and its verb: "the rebels, a
// priest says, burned". Such an aside draws arcs from both sides, so a sentence is
// read without its asides, and each of them for itself.

// maxAside is the number of tokens of the longest aside, without its commas.
const maxAside = 16

// An aside is the tokens between two commas, which name who says the sentence or
// describe its subject.
type aside struct {
	extractor.Range                 // without the marks
	marks           extractor.Range // with its commas, and with the quotes that end before it and go on after it
	rel             string          // of its head to that of the sentence, or to noun
	noun            int             // the token that it describes, 0 for none
}

// asides appends those of the sentence in tokens [from, to).
func asides(dst []aside, doc *extractor.Doc, from, to int) []aside {
	open := -1
	for i := from + 1; i+1 < to; i++ { // one at the end is no trouble
		if doc.Word(i) != "," {
			continue
		}
		if n := i - open - 1; open > from && n > 1 && n <= maxAside {
			a := aside{extractor.Range{From: open + 1, To: i}, extractor.Range{From: open, To: i + 1}, "", 0}
			if i+2 < to && quote(doc, i+1) { // "It is bad," he said, "and will be worse"
				switch {
				case quote(doc, open+1):
					a.From++
					a.marks.To++
				case open-1 > from && quote(doc, open-1):
					a.marks.From--
					a.marks.To++
				}
			}
			if k := len(dst); k > 0 {
				a.marks.From = max(a.marks.From, dst[k-1].marks.To)
			}
			if a.rel = tells(doc, a.From, a.To); a.rel == "" && describes(doc, &a, to) {
				a.rel, a.noun = "acl:relcl", open-1
			}
			if a.rel != "" {
				dst = append(dst, a)
				open = -1 // a comma belongs to one aside
				continue
			}
		}
		open = i
	}
	return dst
}

// quote reports whether token i is a quotation mark.
func quote(doc *extractor.Doc, i int) bool {
	switch doc.Word(i) {
	case "\"", "“", "”", "''", "``":
		return true
	}
	return false
}

// tells returns the relation of the tokens [from, to) to a sentence around them if
// they only name its source, else "".
func tells(doc *extractor.Doc, from, to int) string {
	if to-from < 2 {
		return ""
	}
	if doc.Word(from) == "according" && doc.Word(from+1) == "to" {
		for i := from + 2; i < to; i++ {
			if !nominal(&doc.Tokens[i]) {
				return ""
			}
		}
		return "obl"
	}
	verb, noun := -1, -1
	for i := from; i < to; i++ {
		switch t := &doc.Tokens[i]; {
		case t.UPOS == extractor.VERB:
			if verb >= 0 || !says(doc.Word(i)) || i == from && doc.Tokens[i+1].UPOS == extractor.ADP { // claimed by rebels
				return ""
			}
			verb = i
		case t.UPOS == extractor.AUX, t.UPOS == extractor.ADV:
		case !nominal(t):
			return ""
		case t.UPOS == extractor.NOUN || t.UPOS == extractor.PROPN || t.UPOS == extractor.PRON:
			noun = max(noun, i)
			if verb < 0 { // its subject
				noun = to
			}
		}
	}
	if verb < 0 || noun < 0 || verb > from && noun < to {
		return ""
	}
	return "parataxis"
}

// describes reports whether a is a relative clause between a subject and its verb:
// "the firm, which lost money, closed". The sentence ends at token to.
func describes(doc *extractor.Doc, a *aside, to int) bool {
	i := a.From
	if u := doc.Tokens[i-2].UPOS; u != extractor.NOUN && u != extractor.PROPN {
		return false
	}
	if doc.Word(i+1) == "of" { // some of whom
		i += 2
	}
	switch doc.Word(i) {
	case "who", "which", "whose", "whom", "where":
	default:
		return false
	}
	verb := false
	for ; i < a.To; i++ {
		verb = verb || doc.Tokens[i].UPOS == extractor.VERB || doc.Tokens[i].UPOS == extractor.AUX
	}
	next := a.To + 1
	for next+1 < to && doc.Tokens[next].UPOS == extractor.ADV {
		next++
	}
	return verb && (doc.Tokens[next].UPOS == extractor.AUX || doc.Tokens[next].UPOS == extractor.VERB && doc.Tokens[next].Tag != "VBN" && doc.Tokens[next].Tag != "VBG")
}

// nominal reports whether a token can be part of a noun phrase without a clause.
func nominal(t *extractor.Token) bool {
	switch t.UPOS {
	case extractor.DET, extractor.ADJ, extractor.NOUN, extractor.PROPN, extractor.NUM, extractor.ADP:
		return t.Tag != "WDT"
	case extractor.PRON:
		return t.Tag == "PRP" || t.Tag == "PRP$"
	case extractor.PART:
		return t.Tag == "POS"
	}
	return false
}

// says reports whether w is a verb that stands in an aside with its subject alone.
func says(w string) bool {
	switch w {
	case "say", "says", "said", "add", "adds", "added", "report", "reports", "reported", "claim", "claims", "claimed",
		"warn", "warns", "warned", "state", "states", "stated", "explain", "explains", "explained", "argue", "argues", "argued",
		"note", "notes", "noted", "insist", "insists", "insisted", "believe", "believes", "believed", "think", "thinks",
		"estimate", "estimates", "estimated", "write", "writes", "wrote", "admit", "admits", "admitted", "announced", "confirmed",
		"acknowledged", "predict", "predicts", "predicted", "suggest", "suggests", "suggested", "recall", "recalls", "recalled", "told", "tells":
		return true
	}
	return false
}
