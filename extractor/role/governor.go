package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// governor finds the verb that governs a figure without a category.
func (r *reader) governor(q *extractor.Quantity, p *predicate) {
	left, right := r.edges(q)
	c := r.chunk(left)
	// The verb before, over prepositions and their noun phrases.
	for k := c - 1; k >= 0 && k >= c-6; k-- {
		switch r.kind(k) {
		case vg:
			p.token = r.verb(k)
			p.passive = r.passive(p.token)
			return
		case np, prep, when:
			if r.kind(k) == np && r.kind(k-1) != prep && r.kind(k-1) != vg && k != c-1 {
				k = -1
			}
			continue
		}
		break
	}
	for k := r.chunk(right - 1); k < len(r.chunks) && k < c+8; k++ {
		switch r.kind(k) {
		case vg:
			if v := r.verb(k); v >= right {
				p.token, p.subject = v, true
				p.passive = r.passive(v)
				return
			}
		case stop, sub:
			return
		}
	}
}

// lemma returns the base form of the word at token i.
func (r *reader) lemma(i int) string {
	if l := r.cues[i].lemma; l != "" {
		return l
	}
	w := strings.ToLower(r.doc.Word(i))
	if l, ok := irregular[w]; ok {
		return l
	}
	n := len(w)
	switch {
	case r.pos(i) != extractor.VERB:
		return w
	case n > 5 && strings.HasSuffix(w, "ing"):
		return restem(w[:n-3])
	case n > 4 && strings.HasSuffix(w, "ied"):
		return w[:n-3] + "y"
	case n > 4 && strings.HasSuffix(w, "ed"):
		return restem(w[:n-2])
	case n > 4 && (strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses")):
		return w[:n-2]
	case n > 3 && w[n-1] == 's' && w[n-2] != 's':
		return w[:n-1]
	}
	return w
}

// restem mends a stem after its ending was cut: "stopp" to "stop", "clos" to "close".
func restem(w string) string {
	n := len(w)
	if n < 3 {
		return w
	}
	vowel := func(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }
	switch a, b := w[n-1], w[n-2]; {
	case a == b && strings.IndexByte("bdgmnprt", a) >= 0:
		return w[:n-1]
	case strings.IndexByte("cgsuvz", a) >= 0 && a != b, a == 't' && b == 'a' && n > 4, a == 'r' && b == 'i', a == 'r' && b == 'u', a == 'k' && vowel(b) && n == 3, a == 'l' && strings.IndexByte("bdgpt", b) >= 0:
		return w + "e"
	}
	return w
}

var irregular = map[string]string{
	"rose": "rise", "risen": "rise", "fell": "fall", "fallen": "fall", "grew": "grow", "grown": "grow", "was": "be", "were": "be", "is": "be", "are": "be", "been": "be",
	"has": "have", "had": "have", "said": "say", "told": "tell", "took": "take", "taken": "take", "gave": "give", "given": "give", "went": "go", "gone": "go",
	"came": "come", "left": "leave", "lost": "lose", "won": "win", "made": "make", "paid": "pay", "sold": "sell", "bought": "buy", "held": "hold", "hit": "hit",
	"saw": "see", "seen": "see", "sent": "send", "spent": "spend", "stood": "stand", "began": "begin", "ran": "run", "met": "meet", "led": "lead", "put": "put",
	"cut": "cut", "set": "set", "brought": "bring", "built": "build", "found": "find", "got": "get", "kept": "keep", "knew": "know", "shot": "shoot", "struck": "strike",
	"broke": "break", "drove": "drive", "driven": "drive", "flew": "fly", "sank": "sink", "swept": "sweep", "wrote": "write", "drew": "draw", "fled": "flee",
}

// modality tells in which sense the figure is put forward, from the verb group of
// its predicate.
func (r *reader) modality(q *extractor.Quantity, p *predicate) schemas.Modality {
	if p.token < 0 {
		return schemas.Asserted
	}
	c := r.chunk(p.token)
	if c < 0 {
		return schemas.Asserted
	}
	if r.kind(c) != vg && c > 0 && r.kind(c-1) == vg { // feared dead
		c--
	}
	if r.kind(c) != vg {
		return schemas.Asserted
	}
	ch := r.chunks[c]
	from := ch.from
	if k := c - 1; k >= 1 && r.kind(k) == np && r.kind(k-1) == vg && r.word(ch.from) == "to" { // ordered the firm to pay
		from = r.chunks[k-1].from
	}
	if from == ch.from && c >= 2 && r.kind(c-1) == conj && r.kind(c-2) != np && r.kind(c-2) == vg {
		from = r.chunks[c-2].from
	}
	for i := from; i < ch.to; i++ {
		if m := r.modalCue(i, p.token, ch.to); m != "" {
			if m == schemas.Negated && q.Value != nil && q.Value.Sign() == 0 {
				continue
			}
			return m
		}
	}
	if r.is(ch.to, negated) || r.is(from-1, possible) && r.pos(from-1) == extractor.ADV {
		return schemas.Possible
	}
	return schemas.Asserted
}

// modalCue returns the modality that token i of a verb group gives to the verb at v.
func (r *reader) modalCue(i, v, end int) schemas.Modality {
	e := r.cue(i)
	if e.class&(required|requiredTo|allowed|planned|possible|negated) == 0 {
		return r.isTo(i, v)
	}
	switch {
	case e.class&negated != 0:
		return schemas.Negated
	case e.class&required != 0:
		return schemas.Required
	case e.class&requiredTo != 0 && r.word(i+1) == "to" && i != v && i+1 < end:
		return schemas.Required
	case e.class&allowed != 0:
		return schemas.Allowed
	case e.class&planned != 0:
		switch e.text {
		case "set", "due", "ready", "going", "prepared", "aim", "aims", "plans", "plan", "hope", "hopes", "would":
			if e.text == "would" || r.word(i+1) == "to" || r.word(i+1) == "for" {
				return schemas.Planned
			}
			return ""
		}
		return schemas.Planned
	case e.class&possible != 0:
		switch e.text {
		case "can":
			return ""
		case "likely":
			return schemas.Possible
		}
		return schemas.Possible
	}
	return ""
}

// isTo recognises "is to hand over", "are to be freed".
func (r *reader) isTo(i, v int) schemas.Modality {
	switch r.word(i) {
	case "is", "are", "was", "were":
		if r.word(i+1) == "to" && i+1 < v && r.pos(i+2) != extractor.NOUN {
			return schemas.Planned
		}
	}
	return ""
}
