package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Fates: what happened to people where no single word says it, but a verb and the words
// that complete it do: "left their homes", "brought to safety", "in critical condition".

// fate reads what happened to the people that q counts from such phrases.
func (r *reader) fate(q *extractor.Quantity, left, right int) (predicate, bool) {
	if q.Unit != schemas.UnitCount || q.Victims || q.Counted != nil && !r.isPeople(q) && !r.namesPeople(q) {
		return predicate{}, false
	}
	if p, ok := r.fateAfter(q, right); ok {
		return p, true
	}
	return r.fateBefore(q, left, right)
}

// fateAfter reads the fate of the subject that ends before token k.
func (r *reader) fateAfter(q *extractor.Quantity, k int) (predicate, bool) {
	p := predicate{subject: true, rule: "role/fate", strong: true}
	if r.word(k) == "of" && r.word(k+1) == "them" {
		k += 2
	}
	if r.word(k) == "and" { // 12 pupils and a teacher are still held
		if j := r.coordinated(k); j > k+1 {
			k = j
		}
	}
	if r.word(k) == "with" && wound(r.word(k+1)) { // 17 of them with burns
		p.token, p.category = k+1, schemas.Injured
		return p, true
	}
	be := false
	for end := k + 8; k < end; k++ {
		switch w := r.word(k); w {
		case "is", "are", "was", "were", "be", "been", "being", "remain", "remained", "remains":
			be = true
		case "in":
			if be && r.word(k+2) == "condition" {
				switch r.word(k + 1) {
				case "critical", "serious", "stable", "grave":
					p.token, p.category = k+2, schemas.Injured
					return p, true
				}
			}
			return p, false
		case "left", "leave", "leaving", "abandoned", "abandon", "lost":
			if r.homes(k+1) && (w != "lost" || r.pronounDet(k+1)) {
				p.token, p.category = k, schemas.Displaced
				return p, true
			}
			return p, false
		case "brought", "taken", "led", "carried", "winched", "lifted", "hauled", "picked", "flown":
			if cat := r.away(k); be && cat != "" {
				p.token, p.passive, p.category = k, true, cat
				return p, true
			}
			return p, false
		case "come", "came":
			if r.word(k+1) == "down" && r.word(k+2) == "with" && r.tellsOf().illness {
				p.token, p.category = k, schemas.Infected
				return p, true
			}
			return p, false
		case "fell", "fallen", "fall":
			if w := r.word(k + 1); (w == "ill" || w == "sick") && r.tellsOf().illness {
				p.token, p.category = k, schemas.Infected
				return p, true
			}
			return p, false
		case "held":
			if be && q.Counted != nil && wanted(q.Counted.Head) {
				p.token, p.passive, p.category = k, true, schemas.Detained
				return p, true
			}
			if cat := r.tellsOf().held; be && cat != "" && r.endsClause(k+1) {
				p.token, p.passive, p.category = k, true, cat
				return p, true
			}
			return p, false
		case "treated", "admitted", "beaten":
			hospital := w != "treated" && w != "admitted" || r.word(k+1) == "for" || r.hospital(k+1) || w == "treated" && r.word(k-1) == "being" && r.endsClause(k+1)
			if be && hospital && r.tag(k) == "VBN" && !r.tellsOf().illness {
				p.token, p.passive, p.category = k, true, schemas.Injured
				return p, true
			}
			return p, false
		case "under", "beneath":
			for j := k + 1; be && j < k+4; j++ {
				switch r.word(j) {
				case "rubble", "debris", "wreckage", "ruins", "snow", "mud":
					p.token, p.category = j, schemas.Missing
					return p, true
				}
			}
			return p, false
		case "exchanged", "swapped":
			if be && q.Counted != nil && captive(q.Counted.Head) {
				p.token, p.passive, p.category = k, true, schemas.Released
				return p, true
			}
			return p, false
		case "living", "sleeping", "sheltering", "live", "sleep", "staying", "shelter", "camping", "camped":
			if r.shelter(k + 1) {
				p.token, p.category = k, schemas.Displaced
				return p, true
			}
			return p, false
		case "have", "has", "had", "forced":
		default:
			if pos := r.pos(k); pos != extractor.AUX && pos != extractor.ADV && pos != extractor.PART {
				return p, false
			}
		}
	}
	return p, false
}

// fateBefore reads the fate of the object that starts at token left and ends before
// right.
func (r *reader) fateBefore(q *extractor.Quantity, left, right int) (predicate, bool) {
	p := predicate{token: left - 1, rule: "role/object", strong: true}
	v := left - 1
	switch w := r.word(v); w {
	case "brought", "bringing", "took", "carried", "led", "winched", "lifted", "hauled", "flew", "picked", "taking", "leading", "transported":
		if r.passive(v) {
			return p, false
		}
		p.category = r.away(right - 1)
		if w == "taking" && p.category == "" && r.word(right) == "with" && r.word(right+1) == "them" || r.word(right) == "hostage" {
			p.category = schemas.Abducted
		}
		return p, p.category != ""
	case "lost", "losing", "lose": // the army lost 21 men
		if q.Counted != nil && r.fights(q) {
			p.category = schemas.Killed
			return p, true
		}
	case "with": // was captured along with 17 guards
		if g := r.takenWith(v); g >= 0 && q.Counted != nil {
			p.token, p.subject, p.passive, p.category = g, true, true, r.cue(g).of(trans)
			return p, true
		}
	case "up", "away": // picked up 26 survivors, led away two of them
		switch r.word(v - 1) {
		case "picked", "pick", "picking":
			if q.Counted != nil && r.rescued(q) {
				p.token, p.category = v-1, schemas.Rescued
				return p, true
			}
		case "led", "took":
			p.token, p.category = v-1, schemas.Detained
			return p, w == "away"
		}
	case "ordered", "told", "urged", "asked", "advised", "ordering", "telling", "urging":
		if r.word(right) == "to" && !r.passive(v) && q.Counted != nil && r.isPeople(q) {
			switch r.word(right + 1) {
			case "leave", "evacuate", "flee":
				p.category = schemas.Evacuated
				return p, true
			}
		}
	case "exchange", "exchanged", "swap", "swapped", "exchanging", "swapping":
		if q.Counted != nil && captive(q.Counted.Head) && r.pos(v) == extractor.VERB {
			p.category = schemas.Released
			return p, true
		}
	case "of":
		if w := r.lower(v - 1); (w == "exchange" || w == "swap") && q.Counted != nil && captive(q.Counted.Head) {
			p.token, p.category, p.rule = v-1, schemas.Released, "role/nominal"
			return p, true
		}
	case "for": // looking for three miners
		switch r.word(v - 1) {
		case "searching", "looking", "search", "hunt", "searched":
			if r.searchers(v - 1) {
				p.token, p.category = v-1, schemas.Missing
				return p, true
			}
		}
	case "forced", "forcing", "forces", "force":
		if r.word(right) == "to" && (r.word(right+1) == "leave" || r.word(right+1) == "abandon" || r.word(right+1) == "evacuate") {
			if p.category = schemas.Evacuated; r.homes(right + 2) {
				p.category = schemas.Displaced
			}
			return p, true
		}
	}
	return p, false
}

// takenWith returns the passive verb whose fate those share who follow "with" at token i:
// "was arrested in Lund last May with two aides", "was killed along with"; -1 if there is
// none.
func (r *reader) takenWith(i int) int {
	if w := r.word(i - 1); w == "along" || w == "together" {
		i--
	}
	for c, n := r.chunk(i)-1, 0; c >= 0 && n < 5; c, n = c-1, n+1 {
		switch r.kind(c) {
		case np, prep, when, adv:
		case vg:
			if v := r.verb(c); r.passive(v) && r.is(v, trans) && r.cue(v).of(trans) != "" {
				return v
			}
			return -1
		default:
			return -1
		}
	}
	return -1
}

// fights reports whether the noun of q is one for those who fight, whom an army that lost
// them has dead.
func (r *reader) fights(q *extractor.Quantity) bool {
	switch q.Counted.Head {
	case "man", "men", "soldier", "fighter", "troop", "trooper", "marine", "sailor", "serviceman", "combatant", "militiaman":
		return true
	}
	return false
}

// wanted reports whether w is a noun for people whom police hold.
func wanted(w string) bool {
	switch w {
	case "suspect", "smuggler", "trafficker", "protester", "protestor", "demonstrator", "activist", "gangster", "hacker", "dealer":
		return true
	}
	return false
}

// captive reports whether w is a noun for people who are held.
func captive(w string) bool {
	switch w {
	case "prisoner", "detainee", "captive", "hostage":
		return true
	}
	return false
}

// hospital reports whether the phrase at token k is of a place where people are healed.
func (r *reader) hospital(k int) bool {
	for j := k + 1; j < k+5; j++ {
		switch r.word(j) {
		case "hospital", "hospitals", "clinic", "clinics", "scene":
			return r.pos(k) == extractor.ADP
		}
	}
	return false
}

// wound reports whether w is a noun for harm to a body.
func wound(w string) bool {
	switch w {
	case "burns", "injuries", "wounds", "cuts", "bruises", "fractures":
		return true
	}
	return false
}

// homes reports whether "home" or "homes" stands within two tokens of k.
func (r *reader) homes(k int) bool {
	for j := k; j < k+3; j++ {
		switch r.word(j) {
		case "home", "homes", "houses":
			return true
		}
	}
	return false
}

// away returns the category of those who were brought where the words after token k
// say: "to safety", "ashore", "into custody".
func (r *reader) away(k int) schemas.Category {
	k++
	if w := r.word(k); w == "back" || w == "out" || w == "safely" || w == "off" {
		k++
	}
	switch r.word(k) {
	case "ashore":
		return schemas.Rescued
	case "to":
		j := k + 1
		if r.pos(j) == extractor.DET {
			j++
		}
		switch r.word(j) {
		case "safety", "surface", "shore", "land":
			return schemas.Rescued
		}
	case "into":
		if r.word(k+1) == "custody" || r.word(k+1) == "detention" {
			return schemas.Detained
		}
	}
	return ""
}

// shelter reports whether a place for people without homes stands in the phrase at
// token k: "in tents", "in makeshift camps".
func (r *reader) shelter(k int) bool {
	switch r.word(k) {
	case "in", "at", "under", "inside":
	default:
		return false
	}
	for j := k + 1; j < k+5; j++ {
		switch r.word(j) {
		case "tents", "camps", "shelters", "tarpaulins", "camp", "shelter":
			return true
		case ",", "and", ".":
			return false
		}
	}
	return false
}

// rescued reports whether the noun of q is one for people in distress.
func (r *reader) rescued(q *extractor.Quantity) bool {
	switch q.Counted.Head {
	case "survivor", "migrant", "passenger", "crew", "sailor", "castaway", "fisherman":
		return true
	}
	return false
}

// searchers reports whether those who search at token v do so for people in distress,
// as rescuers do and police may not.
func (r *reader) searchers(v int) bool {
	for k := v - 1; k >= r.from && k > v-10; k-- {
		switch r.lower(k) {
		case "rescuers", "divers", "rescue", "volunteers", "crews", "firefighters", "coastguard", "we", "helicopters", "boats", "ships", "vessels", "villagers":
			return true
		}
	}
	return false
}

// endsClause reports whether no object or predicative follows at token k.
func (r *reader) endsClause(k int) bool {
	p := r.pos(k)
	return k >= r.to || p == extractor.PUNCT || p == extractor.CCONJ || r.word(k) == "by"
}

// A theme is what the text as a whole tells of, found when it is first asked for.
type theme struct {
	known   bool
	illness bool             // it names an illness twice
	held    schemas.Category // what being held means: by kidnappers, by police, "" by neither
}

// tellsOf reads what the text as a whole tells of.
func (r *reader) tellsOf() *theme {
	if r.theme.known {
		return &r.theme
	}
	r.theme.known = true
	abducted, detained, ill := 0, 0, 0
	for _, e := range r.cues {
		if e.class&illness != 0 {
			ill++
		}
		for _, c := range [...]class{trans, noun, nominal} {
			switch e.of(c) {
			case schemas.Abducted:
				abducted++
			case schemas.Detained:
				detained++
			default:
				continue
			}
			break
		}
	}
	r.theme.illness = ill > 1
	switch {
	case abducted > detained:
		r.theme.held = schemas.Abducted
	case detained > 0:
		r.theme.held = schemas.Detained
	}
	return &r.theme
}

// cases returns the category of cases of an illness: the noun says so, or the text
// tells of one.
func (r *reader) cases(q *extractor.Quantity, head int) (predicate, bool) {
	switch r.word(head) {
	case "case", "cases":
	default:
		return predicate{}, false
	}
	p := predicate{category: schemas.Infected, token: head, subject: true, rule: "role/noun", strong: true}
	if r.word(head+1) == "of" {
		for k := head + 2; k < head+6 && r.pos(k) != extractor.PUNCT; k++ {
			if r.is(k, illness) {
				return p, true
			}
		}
		return predicate{}, false
	}
	for k := q.To; k < head; k++ {
		if r.is(k, illness) {
			return p, true
		}
		switch r.word(k) {
		case "court", "criminal", "civil", "corruption", "rape", "murder", "legal", "asylum", "custody", "abuse", "test", "fraud":
			return predicate{}, false
		}
	}
	return p, r.tellsOf().illness
}
