package statement

import (
	"github.com/claimwire/claimwire/extractor"
)

// A pos is a coarse part of speech, by the tag if there is one, else by form.
type pos uint8

const (
	pOther pos = iota
	pNoun
	pAdj
	pDet
	pVerb // finite
	pVerbal
	pAux
	pAdv
	pPrep
	pPron
	pConj
	pPunct
	pNum
	pPoss
	pTo
)

// text is one Doc and what is known of its words.
type text struct {
	*extractor.Doc
	lex      []lexeme
	quotes   []quote
	inside   []int32 // index into quotes of the quote that holds the token, -1 if none
	titleEnd int     // token after a repetition of the title at the start of the text, 0 if there is none
	ends     []int32 // index into quotes of the quote that the token is the closing mark of, -1 if none
}

// load looks every token up.
func (t *text) load(lex map[string]lexeme) {
	t.lex = t.lex[:0]
	var buf [maxWord]byte
	for i := range t.Tokens {
		s := t.Word(i)
		var l lexeme
		if len(s) > 0 && len(s) <= maxWord {
			for j := 0; j < len(s); j++ {
				c := s[j]
				if c >= 'A' && c <= 'Z' {
					c += 'a' - 'A'
				}
				buf[j] = c
			}
			l = lex[string(buf[:len(s)])]
			if l.class&wRel != 0 && len(s) > 2 && s[1] < 'a' { // the WHO
				l = lexeme{}
			}
		}
		t.lex = append(t.lex, l)
	}
}

func (t *text) is(i int, c wordClass) bool {
	return i >= 0 && i < len(t.lex) && t.lex[i].class&c != 0
}

func (t *text) isWord(i int, words ...string) bool {
	if i < 0 || i >= len(t.Tokens) {
		return false
	}
	s := t.Word(i)
	for _, w := range words {
		if equalFold(s, w) {
			return true
		}
	}
	return false
}

// equalFold compares s to lower, which is lower-case ASCII.
func equalFold(s, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func isUpper(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }

// name returns the index of the name that token i is part of, -1 if none.
func (t *text) name(i int) int {
	if i < 0 || i >= len(t.Tokens) {
		return -1
	}
	n := int(t.Tokens[i].Name)
	if n >= len(t.Names) {
		return -1
	}
	return n
}

func (t *text) time(i int) bool {
	if i < 0 || i >= len(t.Tokens) {
		return false
	}
	n := t.Tokens[i].Time
	return n >= 0 && int(n) < len(t.Times)
}

// pos returns the coarse part of speech of token i.
func (t *text) pos(i int) pos {
	if i < 0 || i >= len(t.Tokens) {
		return pPunct
	}
	s := t.Word(i)
	if m := t.mark(i); m != notMark && t.Tokens[i].Tag != "POS" {
		if (m == markSingle || m == markCloseSingle) && t.Tokens[i].Glued && i > 0 && t.Text[t.Tokens[i].Start-1] == 's' && i < len(t.ends) && t.ends[i] < 0 {
			return pPoss // "the rebels' spokesman"
		}
		return pPunct
	}
	if c := s[0]; len(s) == 1 && !(c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9') && c < 0x80 {
		return pPunct
	}
	switch l := t.lex[i]; {
	case t.Tokens[i].Tag == "" && (s == "'s" || s == "’s") && i > 0 && t.lex[i-1].class&wPronoun == 0:
		return pPoss
	case l.class&wPronoun != 0:
		return pPron
	case l.class&wAux != 0 && t.Tokens[i].Tag != "POS" && !(t.Tokens[i].Tag == "NNP"):
		return pAux
	}
	if t.name(i) >= 0 {
		if t.Tokens[i].Tag == "POS" || s == "'s" || s == "’s" {
			return pPoss
		}
		return pNoun
	}
	if tag := t.Tokens[i].Tag; tag != "" {
		if tag == "JJ" && i > 0 && (s == "wounded" || s == "injured" || s == "killed" || s == "destroyed") && isNounTag(t.Tokens[i-1].Tag) && i+1 < len(t.Tokens) && t.Tokens[i+1].Tag != "." {
			return pVerb // taggers take "a bomb wounded dozens" for an adjective
		}
		return posOfTag(tag)
	}
	return t.posOfForm(i, s)
}

// isNounTag reports whether a tag may be that of a subject: "shelling" is one.
func isNounTag(tag string) bool {
	switch tag {
	case "NN", "NNS", "NNP", "VBG":
		return true
	}
	return false
}

func posOfTag(tag string) pos {
	switch tag {
	case "NN", "NNS", "NNP", "NNPS":
		return pNoun
	case "JJ", "JJR", "JJS":
		return pAdj
	case "DT", "PRP$", "PDT", "WP$":
		return pDet
	case "VBD", "VBZ", "VBP":
		return pVerb
	case "VB", "VBG", "VBN":
		return pVerbal
	case "MD":
		return pAux
	case "RB", "RBR", "RBS", "WRB":
		return pAdv
	case "IN":
		return pPrep
	case "TO":
		return pTo
	case "PRP", "WP", "EX", "WDT":
		return pPron
	case "CC":
		return pConj
	case "CD":
		return pNum
	case "POS":
		return pPoss
	case ".", ",", ":", "``", "''", "(", ")", "-LRB-", "-RRB-", "HYPH", "\"":
		return pPunct
	}
	return pOther
}

// posOfForm guesses for texts without tags.
func (t *text) posOfForm(i int, s string) pos {
	c := t.lex[i].class
	n := len(s)
	switch {
	case c&wDet != 0:
		return pDet
	case s == "to":
		return pTo
	case c&wPrep != 0:
		return pPrep
	case c&wConj != 0:
		return pConj
	case c&wFinite != 0:
		return pVerb
	case t.lex[i].cue != noCue && c&(wPart|wBase) == 0:
		return pVerb
	case s[0] >= '0' && s[0] <= '9':
		return pNum
	case s == "'s" || s == "’s":
		return pPoss
	case n > 4 && s[n-2:] == "ly" && s != "family", c&wAdv != 0:
		return pAdv
	case n > 4 && s[n-2:] == "ed" && s[0] >= 'a':
		return pVerb
	}
	return pNoun
}
