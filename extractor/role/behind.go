package role

import "github.com/claimwire/claimwire/extractor"

// actorIn returns who acts where the tree makes token i the subject: the thing
// itself or, if it has no name, the one that an apposition gives it; whoever is
// behind an event; whose a profit, a fleet or an army is.
func (r *reader) actorIn(i, depth int) *extractor.Slot {
	if i < 0 || depth > maxClimb {
		return nil
	}
	unnamed := r.doc.Tokens[i].Name < 0
	switch {
	case unnamed && r.is(i, event) && !r.is(i, actor):
		if s := r.actorAt(i); s != nil {
			return s
		}
		return r.treeBehind(i, depth+1)
	case unnamed && r.is(i, cause) && !r.is(i, actor): // fires started by farmers
		if v := r.child(i, "acl"); v > i && r.starts(v) {
			return r.doerOf(v, depth+1)
		}
		return nil
	}
	s := r.actorAt(i)
	switch {
	case s == nil && r.tag(i) == "PRP" && r.rel(i) == "nsubj": // Telko, which had lost money, said it would pay
		return r.whoSays(i, depth+1)
	case s != nil || !unnamed || r.doc.Tokens[i].Time >= 0:
	case r.pos(i) == extractor.PROPN && !r.is(i, cause|event|toll): // a name that nothing else in the text knows
		from := i
		for r.pos(from-1) == extractor.PROPN && r.doc.Tokens[from-1].Name < 0 && r.chunk(from-1) == r.chunk(i) {
			from--
		}
		return r.slot(from, i+1)
	case r.pos(i) == extractor.NOUN: // the largest of the markets, Telko.com, offers
		if a := r.child(i, "appos"); a > i && r.doc.Tokens[a].Name >= 0 {
			s = r.actorAt(a)
		}
		if p := r.child(i, "nmod:poss"); s == nil && p >= 0 && r.pos(p) == extractor.PRON && holdings[r.lower(i)] {
			return r.possessor(p, i, depth+1)
		}
	}
	return s
}

// whoSays returns whom the pronoun at token i, the subject of what is said, takes
// up: who says it.
func (r *reader) whoSays(i, depth int) *extractor.Slot {
	v := r.up(i)
	if r.lower(i) == "i" || r.lower(i) == "you" || v < 0 {
		return nil
	}
	if r.rel(v) == "conj" { // that men had come and that they had taken
		if s := r.child(r.up(v), "nsubj"); s >= 0 && s < i && r.lower(i) == "they" && (r.tag(s) == "NNS" || r.tag(s) == "NNPS") {
			return r.actorIn(s, depth)
		}
	}
	if r.rel(v) != "ccomp" {
		return nil
	}
	if g := r.up(v); g >= 0 && g < i && r.is(g, say) {
		s := r.actorIn(r.treeSubject(g, 0), depth)
		if b := r.ofSpeaker(g); b != nil && r.lower(i) == "it" && r.person(s) {
			return b
		}
		return s
	}
	return nil
}

// possessor returns whom the possessive at token p before the subject at token i
// means: the subject of the clause around it, as in "Telko said its profit rose",
// or who acted in the sentence before.
func (r *reader) possessor(p, i, depth int) *extractor.Slot {
	v := r.up(i)
	if r.word(p) == "whose" {
		if v >= 0 && r.rel(v) == "acl" {
			return r.actorIn(r.up(v), depth)
		}
		return nil
	}
	for range maxClimb {
		rel := r.rel(v)
		if v = r.up(v); v < 0 || r.pos(v) != extractor.VERB && r.pos(v) != extractor.AUX {
			break
		}
		if s := r.child(v, "nsubj"); s >= 0 && s < p && (rel == "ccomp" || rel == "advcl" || rel == "conj") {
			return r.actorIn(s, depth)
		}
	}
	switch r.lower(p) {
	case "its":
		return r.takenUp("it", p)
	case "his":
		return r.takenUp("he", p)
	case "her":
		return r.takenUp("she", p)
	}
	return nil
}

// treeBehind returns who is behind the event at token i: the one who "carried out",
// "claimed" or is "blamed" for it, whose it is, by whom it is.
func (r *reader) treeBehind(i, depth int) *extractor.Slot {
	for k := r.from; k < r.to; k++ {
		if r.up(k) != i || k == i {
			continue
		}
		switch r.doc.Tokens[k].Rel {
		case "nmod:poss":
			if s := r.actorIn(k, depth); s != nil {
				return s
			}
		case "nmod", "obl:agent":
			if c := r.child(k, "case"); c >= 0 && r.word(c) == "by" {
				return r.actorIn(k, depth)
			}
		case "acl":
			if s := r.doerOf(k, depth); s != nil {
				return s
			}
		}
	}
	switch v := r.up(i); r.doc.Tokens[i].Rel {
	case "nsubj:pass": // the raid was carried out by X and killed
		return r.doerOf(v, depth)
	case "obj": // X carried out the raid that killed
		if v >= 0 && (r.is(v, carry) || r.lemma(v) == "claim") {
			return r.actorIn(r.treeSubject(v, 0), depth)
		}
	}
	return nil
}

// starts reports whether the participle at token v says that somebody made a thing
// happen.
func (r *reader) starts(v int) bool {
	switch r.lemma(v) {
	case "start", "set", "light", "cause", "plant", "fire", "launch", "drive", "trigger", "provoke", "spark", "make":
		return true
	}
	return false
}

// doerOf returns who did what the participle at token v says of an event: "carried
// out by X", "claimed by X", "blamed on X".
func (r *reader) doerOf(v, depth int) *extractor.Slot {
	if v < 0 || r.tag(v) != "VBN" && r.tag(v) != "VBD" {
		return nil
	}
	want := "by"
	if l := r.lemma(v); l == "blame" || l == "pin" {
		want = "on"
	} else if l == "attribute" {
		want = "to"
	}
	for k := v + 1; k < r.to; k++ {
		if r.up(k) == v && r.rel(k) == "obl" {
			if c := r.child(k, "case"); c >= 0 && r.word(c) == want {
				return r.actorIn(k, depth)
			}
		}
	}
	return nil
}

// blamed returns who is blamed for what the noun at token i says, where the tree
// has it with a verb that blames: "blamed the army for the deaths of 12".
func (r *reader) blamed(i int) *extractor.Slot {
	for range maxClimb {
		g := r.up(i)
		if g < 0 {
			return nil
		}
		switch r.lemma(g) {
		case "blame", "accuse", "suspect", "convict", "acquit", "charge", "want":
			if r.tag(g) == "VBN" && r.rel(g) == "acl" {
				return r.actorIn(r.up(g), 0)
			}
			if r.child(g, "aux:pass") >= 0 {
				return r.actorIn(r.child(g, "nsubj:pass"), 0)
			}
			if o := r.child(g, "obj"); o >= 0 {
				return r.actorIn(o, 0)
			}
			return nil
		}
		switch rel := r.rel(i); {
		case rel == "nmod", rel == "obl", rel == "conj", rel == "nummod", rel == "obj":
		case (rel == "acl" || rel == "advcl") && r.tag(i) == "VBG": // accused of ordering the murder
		default:
			return nil
		}
		i = g
	}
	return nil
}

// leaver returns the verb that brings the people counted into the state at token i:
// "left nine dead", "took 40 hostage"; -1 if there is none.
func (r *reader) leaver(i int) int {
	for range 3 {
		g := r.up(i)
		if g < 0 {
			return -1
		}
		if r.pos(g) == extractor.VERB {
			switch r.lemma(g) {
			case "leave", "take", "hold", "shoot", "keep":
				switch r.rel(i) {
				case "obj", "xcomp", "amod", "advmod", "advcl", "obl":
					return g
				}
			}
			return -1
		}
		i = g
	}
	return -1
}
