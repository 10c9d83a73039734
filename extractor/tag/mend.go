package tag

import "github.com/claimwire/claimwire/extractor"

// A Mender is a stage that corrects tags which the word after one shows to be wrong:
// the tagger decides from left to right and looks little ahead. It is no part of the
// tagger, so that models which are trained on its tags stay as they are.
type Mender struct{}

// Annotate implements [extractor.Stage].
func (Mender) Annotate(doc *extractor.Doc) error {
	for _, s := range doc.Sentences {
		if s.To-s.From > 2 && doc.Tokens[s.From].Tag == "VBZ" && plural(&doc.Tokens[s.From+1]) { // Figures released on Monday
			doc.Tokens[s.From].UPOS, doc.Tokens[s.From].Tag = extractor.NOUN, "NNS"
		}
		for i := s.From + 1; i+1 < s.To; i++ {
			t := &doc.Tokens[i]
			switch {
			case t.Tag == "VBN" && begins(&doc.Tokens[i+1]) && bare(doc, s.From, i): // soldiers seized the port
				t.Tag = "VBD"
			case t.Tag == "VBD" && doc.Tokens[i+1].UPOS == extractor.ADP && reduced(doc, s.Range, i): // fires started by farmers have destroyed
				t.Tag = "VBN"
			case t.Tag == "NNS" && doc.Tokens[i-1].Tag == "," && doc.Tokens[i+1].Tag == "TO" && intends(doc.Word(i)): // the bank, which lost money, plans to
				t.UPOS, t.Tag = extractor.VERB, "VBZ"
			case (t.Tag == "NN" || t.Tag == "VBN") && nounOrPast(doc.Word(i)) && acts(doc, s.To, i): // shot 14 guests, rose to $40m
				t.UPOS, t.Tag = extractor.VERB, "VBD"
			case t.Tag == "NN" && i-2 >= s.From && doc.Tokens[i-1].Tag == "CC" && doc.Tokens[i-2].Tag == "VB" && begins(&doc.Tokens[i+1]): // to check and repair 12 bridges
				t.UPOS, t.Tag = extractor.VERB, "VB"
			case t.Tag == "VBG" && office(doc.Word(i+1)) && (finite(&doc.Tokens[i-1]) || doc.Tokens[i-1].UPOS == extractor.PUNCT) && (i+2 == s.To || doc.Tokens[i+2].UPOS == extractor.PROPN): // said housing minister Ada Byron
				t.UPOS, t.Tag = extractor.NOUN, "NN"
			case t.Tag == "JJ" && doc.Word(i) == "armed" && doc.Word(i+1) == "with" && doc.Tokens[i-1].UPOS == extractor.NOUN: // men armed with knives
				t.UPOS, t.Tag = extractor.VERB, "VBN"
			}
		}
	}
	return nil
}

// office reports whether w is the office of somebody whose name comes next, so that a
// word in -ing before it says which.
func office(w string) bool {
	switch w {
	case "minister", "secretary", "chief", "commissioner", "spokesman", "spokeswoman", "spokesperson", "director", "analyst", "expert", "consultant", "coach", "manager", "executive", "group", "union":
		return true
	}
	return false
}

// plural reports whether the word before a token, which begins a sentence and ends in
// s, is a noun: what follows is no object.
func plural(next *extractor.Token) bool {
	switch next.Tag {
	case "VBN", "VBD", "VBP", "MD", "IN":
		return next.UPOS != extractor.SCONJ
	}
	return false
}

// nounOrPast reports whether w is a noun and the past of a verb that news is full of.
func nounOrPast(w string) bool {
	switch w {
	case "shot", "rose", "hit", "cut":
		return true
	}
	return false
}

// acts reports whether the word at token i, a noun or a past tense, can only be the
// latter, by the words around it.
func acts(doc *extractor.Doc, end, i int) bool {
	switch doc.Tokens[i-1].Tag {
	case "DT", "JJ", "JJR", "JJS", "CD", "PRP$", "POS", "IN", "VBG", "VB", "VBD", "VBZ", "VBP", "VBN":
		return false
	}
	if doc.Tokens[i-1].UPOS == extractor.AUX {
		return false
	}
	next := i + 1
	switch doc.Word(next) {
	case "dead":
		return true
	case "to", "by", "from", "above", "at": // rose by 5 percent; a shot at the goal has an article before it
		next++
		return next < end && (doc.Tokens[next].Tag == "CD" || doc.Tokens[next].Tag == "$" || doc.Tokens[next].Tag == "PRP")
	case "and":
		next++
		return next < end && (doc.Tokens[next].Tag == "VBD" || doc.Tokens[next].Tag == "VBN")
	}
	return begins(&doc.Tokens[next])
}

// intends reports whether w, a noun and a verb in the third person, takes an infinitive.
func intends(w string) bool {
	switch w {
	case "plans", "aims", "hopes", "needs", "promises", "offers", "threatens", "moves":
		return true
	}
	return false
}

// reduced reports whether the past form at token i, before a preposition, describes the
// noun before it: it follows "by" and another verb that is finite comes after it in
// the clause; or it opens what stands between commas before such a verb.
func reduced(doc *extractor.Doc, s extractor.Range, i int) bool {
	k, comma := i-1, false
	if doc.Tokens[k].Tag == "," && k > s.From {
		k, comma = k-1, true
	}
	switch doc.Tokens[k].Tag {
	case "NN", "NNS", "NNP", "NNPS":
	default:
		return false
	}
	if by := doc.Word(i+1) == "by"; !by && !comma || by && doc.Tokens[min(i+2, s.To-1)].UPOS == extractor.NUM {
		return false
	}
	for k = i + 2; k < s.To; k++ {
		switch t := &doc.Tokens[k]; {
		case t.Tag == "," && comma:
			return k+1 < s.To && finite(&doc.Tokens[k+1])
		case finite(t):
			return !comma
		case t.UPOS == extractor.PUNCT, t.UPOS == extractor.CCONJ, t.UPOS == extractor.SCONJ, t.Tag == "WP", t.Tag == "WDT", t.Tag == "WRB", t.Tag == "PRP" && !comma:
			return false
		}
	}
	return false
}

// finite reports whether a token can be the first verb of a clause.
func finite(t *extractor.Token) bool {
	return t.UPOS == extractor.AUX && t.Tag != "VB" && t.Tag != "VBG" && t.Tag != "VBN" || t.Tag == "VBD" || t.Tag == "VBZ" || t.Tag == "VBP"
}

// begins reports whether a token begins a noun phrase: after a noun or a verb that
// is an object.
func begins(t *extractor.Token) bool {
	switch t.Tag {
	case "DT", "CD", "PRP$":
		return true
	}
	return false
}

// bare reports whether the verb at token i follows a noun and has no auxiliary in
// its clause.
func bare(doc *extractor.Doc, from, i int) bool {
	switch doc.Tokens[i-1].Tag {
	case "NN", "NNS", "NNP", "NNPS", "PRP", "WP", "WDT":
	default:
		return false
	}
	for k := i - 1; k >= from; k-- {
		switch t := &doc.Tokens[k]; {
		case t.UPOS == extractor.AUX:
			return false
		case t.UPOS == extractor.VERB, t.UPOS == extractor.PUNCT, t.Tag == "CC":
			return true
		}
	}
	return true
}
