package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// edges returns the tokens before which q's phrase starts and after which its
// noun ends.
func (r *reader) edges(q *extractor.Quantity) (left, right int) {
	left, right = r.doc.TokenAt(q.Phrase.Start), q.To
	if q.Counted != nil && q.Counted.Start >= q.Start && q.Counted.End <= q.Phrase.End {
		right = max(right, r.doc.TokenAt(q.Counted.End-1)+1)
	}
	if left > q.From {
		left = q.From
	}
	if q.Unit != schemas.UnitCount && q.Per == nil {
		right = max(right, r.doc.TokenAt(q.Phrase.End-1)+1)
	}
	return left, right
}

// category finds what happened to the people that q counts.
func (r *reader) category(q *extractor.Quantity) predicate {
	none := predicate{token: -1}
	if q.Unit != schemas.UnitCount && q.Unit != schemas.UnitPercent {
		return none
	}
	left, right := r.edges(q)
	if p, ok := r.countedNoun(q, left, right); ok {
		return p
	}
	if q.Counted != nil && !r.canSuffer(q) || r.opensTotal(left, right) {
		return none
	}
	p := r.around(q, left, right)
	if p.token >= 0 && r.cues[p.token].lemma == "destroy" && (q.Counted == nil || !r.isPeople(q)) {
		return none // laboratories are destroyed, but not killed
	}
	if p.category == "" {
		if a, ok := r.adjective(q); ok {
			return a
		}
		if f, ok := r.fate(q, left, right); ok {
			return f
		}
	}
	return p
}

// opensTotal reports whether the sentence opens with a total that only introduces
// its part: "Of the 88 crew, 61 were rescued".
func (r *reader) opensTotal(left, right int) bool {
	k := left - 1
	if r.pos(k) == extractor.DET || r.pronounDet(k) {
		k--
	}
	return k == r.from && r.cue(k).text == "" && (r.word(k) == "Of" || r.word(k) == "of") && r.word(right) == ","
}

// adjective reads the category from an adjective before the noun: "70 wounded
// sailors were flown out".
func (r *reader) adjective(q *extractor.Quantity) (predicate, bool) {
	if q.Counted == nil || q.Counted.End <= q.Start || !r.isPeople(q) && !r.namesPeople(q) {
		return predicate{}, false
	}
	head := r.doc.TokenAt(q.Counted.End - 1)
	for k := q.To; k < head && k < q.To+4; k++ {
		switch r.word(k) {
		case "wounded", "injured":
			return predicate{category: schemas.Injured, token: k, rule: "role/adjective"}, true
		case "dead":
			return predicate{category: schemas.Killed, token: k, rule: "role/adjective"}, true
		case "missing":
			return predicate{category: schemas.Missing, token: k, rule: "role/adjective"}, true
		case "displaced":
			return predicate{category: schemas.Displaced, token: k, rule: "role/adjective"}, true
		case "detained", "captured", "imprisoned", "jailed":
			return predicate{category: schemas.Detained, token: k, rule: "role/adjective"}, true
		case "kidnapped", "abducted":
			return predicate{category: schemas.Abducted, token: k, rule: "role/adjective"}, true
		}
	}
	return predicate{}, false
}

// namesPeople reports whether the counted noun is a word for people of the tables.
func (r *reader) namesPeople(q *extractor.Quantity) bool {
	return r.is(r.doc.TokenAt(q.Counted.End-1), actor|sayNoun|noun)
}

// around reads the category from the verbs and nouns around the phrase.
func (r *reader) around(q *extractor.Quantity, left, right int) predicate {
	none := predicate{token: -1}
	before, ok := r.leftPredicate(q, left, right)
	if ok && before.rule == "role/object" { // killing dozens of people evacuated from the town
		return before
	}
	if p, ok := r.rightPredicate(q, right); ok {
		return p
	}
	if ok {
		return before
	}
	if p, ok := r.tollOf(q, left, right); ok {
		return p
	}
	if p, ok := r.evacuation(q, left, right); ok {
		return p
	}
	return none
}

// canSuffer reports whether what q counts can be killed, arrested, rescued:
// people, not trucks, cattle or days.
func (r *reader) canSuffer(q *extractor.Quantity) bool {
	switch q.Counted.Head {
	case "truck", "lorry", "van", "ambulance", "wagon", "jeep", "motorbike", "tractor", "ferry", "tanker", "convoy", "barge", "yacht", "canoe", "bicycle", "taxi", "tram", "carrier", "destroyer", "frigate", "submarine", "bulldozer", "excavator", "crane", "truckload", "load", "shipment", "parcel", "post", "vacancy", "tree", "crop", "line", "route", "shelter", "latrine", "toilet", "bucket", "office", "branch", "station", "library", "pool", "project", "round", "shell", "mine", "mortar", "blast", "clash", "concert", "match", "meeting", "protest", "rally", "law", "rule", "licence", "license", "permit", "book", "ticket", "well", "borehole", "pipe", "tap", "tower", "stadium", "farm", "field", "hectare", "acre",
		"bus", "car", "vehicle", "ship", "boat", "plane", "aircraft", "village", "town", "city", "building", "house", "home", "school", "hospital", "shop",
		"store", "share", "vote", "point", "attack", "strike", "raid", "explosion", "bomb", "rocket", "missile", "drone", "tank", "area", "site", "carriage", "train",
		"country", "nation", "state", "province", "district", "company", "bank", "firm", "case", "trip", "report", "document", "statement", "record", "time", "occasion",
		"account", "order", "product", "service", "song", "film", "game", "goal", "road", "bridge", "weapon", "rifle", "gun", "location", "neighborhood",
		"neighbourhood", "container", "helicopter", "tablet", "pill", "phone", "flight", "day", "month", "place", "region", "island", "camp", "mosque", "church", "factory",
		"market", "unit", "file", "hostel", "hotel", "apartment", "room", "front", "operation", "battle", "incident", "tonne", "bag", "dollar", "job",
		"laboratory", "lab", "target", "position", "base", "tent", "hut", "animal", "bird", "cow", "cattle", "sheep", "goat", "horse", "pig", "chicken", "duck", "hen", "elephant", "rhino", "rhinoceros", "tiger",
		"lion", "wolf", "dog", "cat", "fish", "whale", "dolphin", "seal", "turtle", "tortoise", "bear", "deer", "camel", "donkey", "buffalo", "snake", "monkey", "bee", "livestock", "poultry", "bull", "calf", "lamb",
		"euro", "pound", "rupee", "peso", "barrel", "litre", "liter", "gallon", "dose", "image", "photo", "picture", "video", "page", "recording", "fund", "figure", "poll", "seat":
		return false
	}
	return true
}

// countedNoun reads the category from the noun itself: "100 bodies", "12 deaths".
func (r *reader) countedNoun(q *extractor.Quantity, left, right int) (predicate, bool) {
	if q.Counted == nil {
		return predicate{}, false
	}
	h := r.doc.TokenAt(q.Counted.End - 1)
	if h >= r.to || h < r.from {
		return predicate{}, false
	}
	if p, ok := r.cases(q, h); ok {
		return p, true
	}
	e := r.cues[h]
	if e.class&noun == 0 {
		return predicate{}, false
	}
	c := e.of(noun)
	switch c {
	case schemas.Injured: // three of the injured died
		if p, ok := r.rightPredicate(q, right); ok && p.category == schemas.Killed {
			return p, true
		}
	case schemas.Evacuated, schemas.Abducted, schemas.Detained, schemas.Displaced:
		// Evacuees may be killed, hostages released: the verb is stronger.
		if p, ok := r.rightPredicate(q, right); ok {
			return p, true
		}
		if p, ok := r.leftPredicate(q, left, right); ok {
			return p, true
		}
	case schemas.Killed:
		if r.handedOver(h) {
			return predicate{token: -1}, true
		}
	}
	return predicate{category: c, token: h, subject: true, rule: "role/noun", strong: true}, true
}

// handedOver reports whether bodies at token h change hands and are no toll.
func (r *reader) handedOver(h int) bool {
	for i := r.from; i < r.to; i++ {
		switch r.word(i) {
		case "handed", "hand", "handing", "returned", "return", "returning", "exchange", "exchanged", "remains", "received":
			return true
		}
	}
	return h < 0
}

// rightPredicate reads the verb or state after the noun: "112 people were
// killed", "16 dead", "40 others injured".
func (r *reader) rightPredicate(q *extractor.Quantity, right int) (predicate, bool) {
	left, _ := r.edges(q)
	be, have, verbs := false, false, false
	near := true
	for k := right; k < r.to && k < right+32; k++ {
		w := r.word(k)
		t := &r.doc.Tokens[k]
		if t.Time >= 0 {
			near = false
			continue
		}
		switch w {
		case "others", "other", "more", "people", "reportedly", "also", "all", "both", "themselves", "each", "now", "still", "have", "has", "had", "having", "of", "them":
			if w == "have" || w == "has" || w == "had" {
				have = true
			}
			if w == "of" && (r.word(k+1) == "whom" || r.word(k+1) == "which") {
				return predicate{}, false
			}
			continue
		case "is", "are", "was", "were", "be", "been", "being", "got":
			be = true
			continue
		case "feared", "confirmed", "believed", "reported", "presumed", "left", "declared", "pronounced", "found", "listed", "counted", "thought", "said", "known", "shot":
			if c, ok := r.stateAt(k+1, be); ok {
				return predicate{category: c, token: k + 1, subject: true, passive: true, rule: "role/state", strong: true}, true
			}
			if w == "shot" && be {
				return predicate{category: schemas.Killed, token: k, subject: true, passive: true, rule: "role/passive"}, r.word(k+1) == "dead"
			}
			if w == "found" && be && r.word(k+1) == "guilty" || w == "said" {
				return predicate{}, false
			}
			if be || near {
				continue
			}
			return predicate{}, false
		case "suffered", "suffering", "sustained", "sustaining":
			for j := k + 1; j < k+8; j++ {
				switch r.word(j) {
				case "injuries", "burns", "wounds", "injury", "fractures", "concussion":
					return predicate{category: schemas.Injured, token: j, subject: true, rule: "role/verb", strong: true}, true
				}
			}
			return predicate{}, false
		case "lost", "losing", "lose":
			for j := k + 1; j < k+4; j++ {
				if r.word(j) == "lives" || r.word(j) == "life" {
					return predicate{category: schemas.Killed, token: k, subject: true, rule: "role/verb", strong: true}, true
				}
			}
			return predicate{}, false
		case "bled", "froze", "frozen", "starved", "choked", "suffocated":
			if w == "suffocated" || r.word(k+1) == "to" && r.word(k+2) == "death" {
				return predicate{category: schemas.Killed, token: k, subject: true, rule: "role/verb", strong: true}, true
			}
		case "hostage", "captive":
			return predicate{category: schemas.Abducted, token: k, rule: "role/state", strong: true}, near
		case "prisoner":
			return predicate{category: schemas.Detained, token: k, rule: "role/state", strong: true}, near
		case "taken":
			switch {
			case r.word(k+1) == "hostage", r.word(k+1) == "captive":
				return predicate{category: schemas.Abducted, token: k, subject: true, passive: true, rule: "role/passive", strong: true}, true
			case r.word(k+1) == "to" && (r.word(k+2) == "hospital" || r.word(k+2) == "hospitals" || r.word(k+3) == "hospital"):
				return predicate{category: schemas.Injured, token: k, subject: true, passive: true, rule: "role/passive"}, true
			case r.word(k+1) == "into" && r.word(k+2) == "custody":
				return predicate{category: schemas.Detained, token: k, subject: true, passive: true, rule: "role/passive", strong: true}, true
			}
		case "forced", "driven":
			for j := k + 1; j < k+6; j++ {
				switch r.word(j) {
				case "homes", "home", "flee", "houses":
					return predicate{category: schemas.Displaced, token: k, subject: true, passive: true, rule: "role/passive", strong: true}, true
				}
			}
		case "ordered", "told", "asked", "urged", "advised":
			if r.word(k+1) == "to" && (r.word(k+2) == "evacuate" || r.word(k+2) == "leave" || r.word(k+2) == "flee") && be {
				return predicate{category: schemas.Evacuated, token: k, subject: true, passive: true, rule: "role/evacuation"}, true
			}
		case "in", "under", "into":
			switch r.word(k + 1) {
			case "detention", "custody", "jail", "prison":
				return predicate{category: schemas.Detained, token: k + 1, subject: true, rule: "role/state"}, be || near
			case "captivity":
				return predicate{category: schemas.Abducted, token: k + 1, subject: true, rule: "role/state"}, be || near
			}
		case "went", "gone", "go":
			if r.word(k+1) == "missing" {
				return predicate{category: schemas.Missing, token: k + 1, subject: true, rule: "role/verb", strong: true}, true
			}
			return predicate{}, false
		case "caught", "contracted":
			for j := k + 1; j < k+4; j++ {
				switch r.word(j) {
				case "virus", "disease", "infection", "illness", "measles", "cholera", "malaria", "flu", "influenza", "covid", "Covid", "Ebola", "bug", "fever", "dengue", "polio", "coronavirus":
					return predicate{category: schemas.Infected, token: k, subject: true, rule: "role/verb", strong: true}, true
				}
			}
		case "stabbed", "beaten", "hacked", "trampled", "crushed", "bludgeoned", "clubbed", "burnt", "stoned", "lynched":
			if w == "lynched" || r.word(k+1) == "to" && r.word(k+2) == "death" {
				return predicate{category: schemas.Killed, token: k, subject: true, passive: true, rule: "role/passive", strong: true}, be || near
			}
		case "held":
			switch r.word(k + 1) {
			case "over", "after":
				return predicate{category: schemas.Detained, token: k, subject: true, passive: true, rule: "role/passive"}, be || near
			}
		case "tested":
			return predicate{category: schemas.Infected, token: k, subject: true, rule: "role/verb", strong: true}, r.word(k+1) == "positive"
		case "behind":
			return predicate{category: schemas.Detained, token: k, subject: true, rule: "role/state"}, be && r.word(k+1) == "bars"
		case "among":
			if be || near {
				for j := k + 1; j < r.to && j < k+9; j++ {
					if f := r.cue(j); f.class&(state|noun|trans) != 0 {
						for _, c := range []class{trans, state, noun} {
							if cat := f.of(c); cat != "" {
								return predicate{category: cat, token: j, subject: true, passive: true, rule: "role/among", strong: true}, true
							}
						}
					}
					if r.pos(j) == extractor.VERB && r.word(j) != "confirmed" {
						break
					}
				}
				return predicate{}, false
			}
		case ",":
			j := r.closing(k)
			if j < 0 {
				return predicate{}, false
			}
			k = j
			near = false
			continue
		case "(":
			for k < r.to && r.word(k) != ")" {
				k++
			}
			continue
		case "who", "that":
			if near {
				if p, ok := r.relativeClause(k); ok {
					return p, true
				}
			}
			near = false
			k = r.relativeEnd(k)
			continue
		case "and", "or":
			j := r.coordinated(k)
			if c := r.chunk(left) - 1; j < 0 || k > right && r.kind(c) == vg && r.finite(c) && r.pos(k-1) == extractor.ADV { // we had 40 people here and men were dying
				return predicate{}, false
			}
			k, near = j-1, false
			continue
		case "including":
			// 5000 people including civilians were killed
			near = false
			continue
		case ";", ":", ".", "-", "–", "\"", "”", "while", "when", "as", "but", "because", "which", "whose", "where", "after", "before", "since":
			if w == "as" && r.word(k+1) == "well" {
				continue
			}
			if (w == "-" || w == "\"" || w == "”") && (r.glued(k) || w != "-") && near {
				continue
			}
			return predicate{}, false
		}
		if c, ok := r.verbAt(k, be, have, near, verbs); ok {
			if c.category == "" {
				return predicate{}, false
			}
			return c, true
		}
		switch t.UPOS {
		case extractor.AUX, extractor.ADV, extractor.PART:
			continue
		case extractor.VERB:
			if be || have {
				return predicate{}, false
			}
			if r.tag(k) == "VBG" || r.tag(k) == "VBN" || r.tag(k) == "VBD" && r.prepositionAfter(k+1) {
				verbs, near = true, false
				continue
			}
			return predicate{}, false
		default:
			if be || have && t.UPOS != extractor.ADJ {
				if !be && t.UPOS != extractor.ADJ {
					return predicate{}, false
				}
				if t.UPOS == extractor.NOUN || t.UPOS == extractor.PROPN || t.UPOS == extractor.ADP {
					return predicate{}, false
				}
			}
			near = false
		}
	}
	return predicate{}, false
}

func (r *reader) prepositionAfter(k int) bool {
	return r.pos(k) == extractor.ADP
}

// stateAt reports whether token k, past adverbs, says what state victims are in.
func (r *reader) stateAt(k int, be bool) (schemas.Category, bool) {
	for r.pos(k) == extractor.ADV || r.word(k) == "be" || r.word(k) == "to" || r.word(k) == "been" || r.word(k) == "have" {
		k++
	}
	e := r.cue(k)
	if c := e.of(state); c != "" {
		return c, true
	}
	if c := e.of(trans); c != "" && r.word(k) != "lives" && !r.objectAfter(k+1) {
		return c, true
	}
	return "", false
}

// verbAt reads a word of the category tables at token k.
func (r *reader) verbAt(k int, be, have, near, verbs bool) (predicate, bool) {
	e := r.cue(k)
	p := predicate{token: k, subject: true, strong: near || be}
	switch {
	case e.class&trans != 0 && e.text != "lives" && r.pos(k) != extractor.NOUN || e.class&trans != 0 && (r.tag(k) == "VBN" || r.tag(k) == "VBD"):
		switch {
		case r.tag(k) == "VBG" || ending(e.text, "ing"), r.tag(k) == "VB" && !be, r.tag(k) == "VBZ":
			if be && ending(e.text, "ing") && r.word(k-1) != "being" {
				return predicate{}, true
			}
			if near || ending(e.text, "ing") {
				return predicate{}, true
			}
			return predicate{}, false
		case be:
			if e.text == "freed" && r.word(k+1) == "from" && r.rescueFrom(k) {
				p.passive, p.category, p.rule = true, schemas.Rescued, "role/passive"
				return p, true
			}
			if e.text == "pulled" && !r.rescueFrom(k) || e.text == "buried" && r.pos(k+1) == extractor.ADP && r.word(k+1) == "under" {
				return predicate{}, true
			}
			p.passive, p.category, p.rule = true, e.of(trans), "role/passive"
			return p, true
		case have:
			return predicate{}, true
		case r.objectAfter(k + 1):
			return predicate{}, true // they killed somebody
		case verbs:
			return predicate{}, false
		case e.text == "pulled" || e.text == "rounded" || e.text == "burned" || e.text == "saved" || e.text == "buried":
			return predicate{}, true
		}
		p.passive, p.category, p.rule = true, e.of(trans), "role/reduced"
		return p, true
	case e.class&intrans != 0 && r.pos(k) != extractor.NOUN:
		if verbs && !ending(e.text, "ed") {
			return predicate{}, false
		}
		p.category, p.rule = e.of(intrans), "role/intransitive"
		return p, true
	case e.class&state != 0 && (near || be):
		if r.pos(k+1) == extractor.NOUN && !r.is(k+1, state) {
			return predicate{}, false
		}
		p.passive, p.category, p.rule = true, e.of(state), "role/state"
		return p, true
	}
	return predicate{}, false
}

func (r *reader) rescueFrom(k int) bool {
	for j := k + 1; j < k+5; j++ {
		switch r.word(j) {
		case "alive", "rubble", "wreckage", "wreck", "water", "safety", "debris", "train", "building", "ruins", "mine", "cave", "car", "vehicle", "boat", "ship", "snow":
			return true
		}
	}
	return false
}

func ending(w, s string) bool { return len(w) > len(s)+1 && w[len(w)-len(s):] == s }

// objectAfter reports whether an object starts at token k, so that the verb
// before it is active.
func (r *reader) objectAfter(k int) bool {
	t := r.pos(k)
	if r.doc.Tokens[min(k, r.to-1)].Time >= 0 {
		return false
	}
	switch r.word(k) {
	case "at":
		return r.word(k+1) == "least"
	case "more", "up", "some", "about", "around", "nearly", "over", "dozens", "hundreds":
		return r.pos(k+1) == extractor.NUM || r.word(k+1) == "than" && r.pos(k+2) == extractor.NUM
	}
	switch t {
	case extractor.NUM, extractor.DET, extractor.PRON, extractor.NOUN, extractor.ADJ:
		return !r.is(k, state) && r.word(k) != "all" && !(t == extractor.PRON && r.is(k, relative)) && r.word(k) != "each"
	case extractor.PROPN:
		return !r.is(k+1, say) && !r.is(k+2, say)
	}
	return false
}

// closing returns the comma that ends the aside opened by the comma at token k,
// if a predicate follows it; -1 otherwise.
func (r *reader) closing(k int) int {
	switch r.word(k + 1) {
	case "including", "among", "most", "mostly", "many", "some", "all", "both", "half", "one", "two", "three", "with", "or", "aged", "mainly", "majority", "nearly", "almost", "at":
	default:
		if r.pos(k+1) != extractor.NUM && r.pos(k+1) != extractor.NOUN && r.pos(k+1) != extractor.DET {
			return -1
		}
	}
	for j := k + 1; j < r.to && j < k+22; j++ {
		if r.word(j) != "," {
			if r.word(j) == ";" {
				return -1
			}
			continue
		}
		if p := r.pos(j + 1); p == extractor.AUX || r.is(j+1, trans|intrans|state) && !r.objectAfter(j+2) {
			return j
		}
	}
	return -1
}

// coordinated follows "and" at token k over a further noun phrase to the token
// after it, -1 if something else follows.
func (r *reader) coordinated(k int) int {
	j := k + 1
	if r.is(j, trans|intrans) && r.pos(j) == extractor.VERB && r.word(k) == "and" {
		return j // 12 killed and injured: the second word decides nothing
	}
	for ; j < r.to && j < k+12; j++ {
		switch r.pos(j) {
		case extractor.DET, extractor.ADJ, extractor.NOUN, extractor.PROPN, extractor.NUM, extractor.PRON:
			if r.is(j, state|noun) && r.pos(j) == extractor.ADJ {
				return j
			}
			continue
		case extractor.ADV:
			continue
		case extractor.ADP:
			if j > k+1 || r.word(j) == "at" || r.word(j) == "about" || r.word(j) == "over" || r.word(j) == "up" || r.word(j) == "around" {
				continue
			}
			return -1
		case extractor.AUX:
			return j
		case extractor.VERB:
			if r.is(j, trans|intrans) && !r.objectAfter(j+1) {
				return j
			}
			return -1
		}
		if r.word(j) == "-" || r.word(j) == "," || r.possessive(j) {
			continue
		}
		return -1
	}
	return -1
}

// relativeClause reads "who were killed", "who died" at token k.
func (r *reader) relativeClause(k int) (predicate, bool) {
	be, have := false, false
	for j := k + 1; j < r.to && j < k+7; j++ {
		switch r.word(j) {
		case "is", "are", "was", "were", "be", "been", "being":
			be = true
			continue
		case "have", "has", "had":
			have = true
			continue
		}
		if p, ok := r.verbAt(j, be, have, !be, false); ok {
			return p, p.category != ""
		}
		if r.pos(j) != extractor.ADV && r.pos(j) != extractor.AUX {
			return predicate{}, false
		}
	}
	return predicate{}, false
}

// relativeEnd returns the last token of the relative clause at token k: before
// the second verb group.
func (r *reader) relativeEnd(k int) int {
	seen := false
	for c := r.chunk(k) + 1; c < len(r.chunks); c++ {
		if r.chunks[c].kind != vg {
			continue
		}
		if seen && r.kind(c-1) != conj && r.kind(c-1) != sub && r.tag(r.verb(c)) != "VBG" {
			return r.chunks[c].from - 1
		}
		seen = true
	}
	return r.to
}

// leftPredicate reads the verb or noun before the phrase: "killing at least 12",
// "the deaths of 40 miners".
func (r *reader) leftPredicate(q *extractor.Quantity, left, right int) (predicate, bool) {
	for k := left - 1; k >= r.from && k > left-8; k-- {
		e, w := r.cue(k), r.word(k)
		if p, ok := r.outcome(q, k, right); ok {
			return p, true
		}
		if e.class&trans != 0 && (r.pos(k) != extractor.NOUN || k == left-1) && e.text != "lives" && !r.is(k, toll) {
			if r.passive(k) && !r.activeAnyway(k) {
				return predicate{}, false
			}
			if e.text == "pulled" && !r.rescueFrom(k) || e.text == "rounded" && r.word(k+1) != "up" || e.text == "burned" || e.text == "saved" && q.Unit != schemas.UnitCount {
				return predicate{}, false
			}
			v := r.firstOfPair(k)
			return predicate{category: r.cue(v).of(trans), token: v, rule: "role/object", strong: true}, true
		}
		switch w {
		case "of", "to", "for":
			if p, ok := r.nominalBefore(k); ok {
				return p, true
			}
			return predicate{}, false
		case "were", "was", "are", "is": // among those injured were two drivers
			if f := r.cue(k - 1); k == left-1 || r.word(k+1) == "the" {
				for _, c := range []class{trans, state, noun} {
					if cat := f.of(c); cat != "" && r.word(k-1) != "lives" {
						return predicate{category: cat, token: k - 1, subject: true, passive: true, rule: "role/inverted", strong: true}, true
					}
				}
			}
			return predicate{}, false
		case "than", "at", "least", "about", "some", "an", "a", "the", "another", "estimated", "as", "many", "up", "further", "additional", "nearly", "around", "over", "more",
			"mostly", "almost", "all", "total", "two", "both", "other", "\"", "“", "fewer", "possibly", "perhaps", "reportedly", "also", "those", "these", "its", "their":
			continue
		case "dead":
			if r.word(k-1) == "shot" {
				return predicate{category: schemas.Killed, token: k - 1, rule: "role/object", strong: true}, true
			}
		case "hostage":
			return predicate{category: schemas.Abducted, token: k, rule: "role/object", strong: true}, r.word(k-1) == "taking" || r.word(k-1) == "took"
		}
		if r.pos(k) == extractor.ADV || r.pos(k) == extractor.SYM {
			continue
		}
		return predicate{}, false
	}
	return predicate{}, false
}

// outcome reads verbs whose meaning the words after the object complete: "forced
// 600 from their homes", "stabbed two men to death", "pulled 14 miners out".
func (r *reader) outcome(q *extractor.Quantity, k, right int) (predicate, bool) {
	if r.passive(k) {
		return predicate{}, false
	}
	switch r.word(k) {
	case "forced", "forcing", "forces", "drove", "driving", "drives", "driven":
		for j := right; j < right+6; j++ {
			switch r.word(j) {
			case "homes", "houses", "flee":
				return predicate{category: schemas.Displaced, token: k, rule: "role/object", strong: true}, true
			case ",", ";", ".":
				return predicate{}, false
			}
		}
	case "stabbed", "stabbing", "beat", "beating", "hacked", "hacking", "shot", "trampled", "crushed", "clubbed", "bludgeoned":
		if r.word(right) == "to" && r.word(right+1) == "death" {
			return predicate{category: schemas.Killed, token: k, rule: "role/object", strong: true}, true
		}
	case "pulled", "pulling", "dragged", "plucked":
		if q.Counted != nil && (r.word(right) == "out" || r.word(right) == "from") {
			return predicate{category: schemas.Rescued, token: k, rule: "role/object", strong: true}, true
		}
	}
	return predicate{}, false
}

// activeAnyway reports whether a verb with a form of "be" and an object is a
// misread active one.
func (r *reader) activeAnyway(k int) bool { return r.tag(k) == "VBG" || ending(r.cue(k).text, "ing") }

// firstOfPair returns the first of two verbs that share an object: "killing and
// wounding dozens" counts as killed.
func (r *reader) firstOfPair(k int) int {
	j := k - 1
	if w := r.word(j); w == "and" || w == "or" || w == "," || w == "/" {
		j--
	}
	if r.is(j, trans) && r.pos(j) != extractor.NOUN && !r.objectAfter(j+1) {
		return j
	}
	return k
}

// nominalBefore reads "the deaths of", "injuries to", "claimed the lives of"
// before the preposition at token k.
func (r *reader) nominalBefore(k int) (predicate, bool) {
	j := k - 1
	e := r.cue(j)
	switch {
	case e.text == "lives" && r.word(k) == "of":
		return predicate{category: schemas.Killed, token: j, rule: "role/nominal", strong: true}, true
	case e.class&nominal != 0 && (r.word(k) == "of" || e.of(nominal) == schemas.Injured && r.word(k) == "to"):
		if e.text == "bodies" && r.handedOver(j) {
			return predicate{}, false
		}
		return predicate{category: e.of(nominal), token: j, rule: "role/nominal", strong: true}, true
	}
	return predicate{}, false
}

// tollOf reads a bare number that is a death toll: "the death toll … reached
// 112", "put the toll at 16", "the number of dead rose to 40".
func (r *reader) tollOf(q *extractor.Quantity, left, right int) (predicate, bool) {
	earlier := q.Counted != nil && q.Counted.End <= q.Start // the number of troops killed rose to
	if q.Counted != nil && !earlier && !r.is(r.doc.TokenAt(q.Counted.End-1), fatal) && !personal(q.Counted.Head) {
		return predicate{}, false
	}
	at, cat := -1, schemas.Killed
	for k := left - 1; k >= r.from; k-- {
		if r.is(k, toll) {
			at = k
			break
		}
		if (r.word(k) == "number" || r.word(k) == "figure" || r.word(k) == "count") && (q.Counted == nil || earlier) {
			for j := k + 1; j < k+14 && j < left && at < 0; j++ {
				for _, c := range []class{noun, state, trans, intrans} {
					if got := r.cue(j).of(c); got != "" {
						at, cat = k, got
					}
				}
				if r.word(j) == "casualties" {
					return predicate{}, false
				}
			}
			break
		}
		if r.word(k) == ";" {
			break
		}
	}
	if at >= 0 && r.reaches(at, left) {
		return predicate{category: cat, token: at, rule: "role/toll", strong: true}, true
	}
	if q.Counted == nil && r.listHead(q, left) >= 0 && r.endsItem(right) && r.listedToll(q.Sentence) {
		return predicate{category: schemas.Killed, token: -1, rule: "role/list"}, true
	}
	return predicate{}, false
}

func personal(head string) bool {
	switch head {
	case "people", "person", "civilian", "victim", "dead", "other", "soldier":
		return true
	}
	return false
}

// reaches reports whether the words between a toll at token at and a number at
// token left are a verb or preposition that gives the value.
func (r *reader) reaches(at, left int) bool {
	for k := left - 1; k > at; k-- {
		switch r.word(k) {
		case "to", "at", "of", "reached", "reaches", "reaching", "hit", "hits", "is", "was", "stands", "stood", "exceeded", "exceeds", "passed", "passes", "topped", "rises", "as", "from", "by", ":", "tops", "than", "over", "around":
			return true
		}
		if left-k > 5 {
			return false
		}
	}
	return left-at < 4
}

// endsItem reports whether an item of a list ends before token k: "North: 12; …".
func (r *reader) endsItem(k int) bool {
	switch r.word(k) {
	case ",", ";":
		return true
	}
	return k+1 >= r.to || r.pos(k) == extractor.NUM || r.pos(k) == extractor.X
}

// listedToll reports whether sentence n stands in a list under a line about the
// dead: "Confirmed death toll // North: 12 // South: 9".
func (r *reader) listedToll(n int) bool {
	for k := n; k >= 0 && k > n-20; k-- {
		s := r.doc.Sentences[k]
		if k < n && s.To-s.From > 25 {
			return false
		}
		for i := s.From; i < s.To; i++ {
			if r.cues[i].class&toll != 0 || r.cues[i].text == "dead" || r.cues[i].text == "killed" || r.cues[i].text == "tolls" || r.cues[i].text == "deaths" {
				return true
			}
		}
	}
	return false
}

// spread hands categories on from wholes to parts and along lists: "112 people,
// including 68 children", "two soldiers and a policeman were killed".
func (r *reader) spread(i, j int) {
	qs := r.doc.Quantities
	for k := i; k < j; k++ {
		if w := qs[k].PartOf; w >= i && w < j && r.preds[w].category != "" && r.preds[k].category != "" && r.preds[k].token >= 0 && r.tag(r.preds[k].token) == "VBG" {
			r.preds[k] = r.preds[w] // killed 14, including three children fleeing the fire
			r.preds[k].rule = "role/part"
		}
		if r.preds[k].category != "" || qs[k].Unit != schemas.UnitCount && !(qs[k].Unit == schemas.UnitPercent) {
			continue
		}
		if w := qs[k].PartOf; w >= i && w < j && r.preds[w].category != "" && (qs[k].Counted == nil || r.canSuffer(&qs[k])) {
			r.preds[k] = r.preds[w]
			r.preds[k].rule = "role/part"
			continue
		}
		if k > i && r.preds[k-1].category == schemas.Injured && r.pos(qs[k].To) == extractor.ADV && (r.pos(qs[k].To+1) == extractor.PUNCT || r.pos(qs[k].To+1) == extractor.CCONJ) {
			r.preds[k] = r.preds[k-1] // 100 were hurt, five seriously
			r.preds[k].rule = "role/list"
			if r.word(qs[k].To) == "fatally" {
				r.preds[k].category = schemas.Killed
			}
			continue
		}
		if k > i && r.preds[k-1].category != "" && qs[k].Unit == schemas.UnitCount && r.goesOnElsewhere(&qs[k-1], &qs[k]) {
			r.preds[k] = r.preds[k-1]
			r.preds[k].rule = "role/list"
			continue
		}
		if k > i && r.preds[k-1].category != "" && qs[k].Unit == schemas.UnitCount && r.listedWith(&qs[k-1], &qs[k]) && (qs[k].Counted == nil && r.bareEnd(&qs[k]) || qs[k].Counted != nil && r.canSuffer(&qs[k])) {
			r.preds[k] = r.preds[k-1]
			r.preds[k].rule = "role/list"
		}
	}
	for k := j - 2; k >= i; k-- { // two soldiers and a policeman were killed
		if r.preds[k].category == "" && r.preds[k+1].category != "" && r.preds[k+1].subject && qs[k].Unit == schemas.UnitCount && qs[k+1].PartOf != k &&
			r.listedWith(&qs[k], &qs[k+1]) && qs[k].Counted != nil && r.canSuffer(&qs[k]) {
			r.preds[k] = r.preds[k+1]
			r.preds[k].rule = "role/list"
		}
	}
}

// goesOnElsewhere reports whether q, which has no noun of its own, only goes on with p for
// another place or time: "killed 50,000 people in X and 7,000 in Y".
func (r *reader) goesOnElsewhere(p, q *extractor.Quantity) bool {
	if q.Counted != nil && q.Counted.Start >= q.Start || r.pos(q.To) != extractor.ADP || r.word(q.To) == "of" || r.word(q.To) == "per" {
		return false
	}
	_, right := r.edges(p)
	left, _ := r.edges(q)
	if left <= right+1 || left-right > 8 || r.word(left-1) != "and" && r.word(left-1) != "," && r.word(left-1) != "or" || r.pos(right) != extractor.ADP {
		return false
	}
	for k := right; k < left-1; k++ {
		switch r.pos(k) {
		case extractor.ADP, extractor.PROPN, extractor.DET, extractor.ADJ, extractor.NOUN, extractor.NUM:
		default:
			return false
		}
	}
	return true
}

// bareEnd reports whether nothing of its own is said about the bare number q.
func (r *reader) bareEnd(q *extractor.Quantity) bool {
	return r.pos(q.To) == extractor.PUNCT || r.pos(q.To) == extractor.ADV || r.pos(q.To) == extractor.ADP || q.To >= r.to
}

// listedWith reports whether only "and" or a comma stands between p and q.
func (r *reader) listedWith(p, q *extractor.Quantity) bool {
	_, right := r.edges(p)
	left, _ := r.edges(q)
	if right > left || left-right > 4 || right == left && left == q.From {
		return false
	}
	for k := right; k < left; k++ {
		switch r.word(k) {
		case "and", ",", "as", "well", "or", "plus", "at", "least", "more", "than", "about", "up", "to":
		default:
			return false
		}
	}
	return true
}

// evacuation reads people on the move in a text about an evacuation: "5000
// people left", "buses carrying 3000 people".
func (r *reader) evacuation(q *extractor.Quantity, left, right int) (predicate, bool) {
	if q.Counted != nil && !r.isPeople(q) || q.Counted == nil && q.Unit != schemas.UnitCount || q.Victims {
		return predicate{}, false
	}
	for k := right; k < r.to && k < right+14; k++ {
		switch r.word(k) {
		case "granted", "given":
			if r.word(k+1) == "safe" && r.word(k+2) == "passage" {
				return predicate{category: schemas.Evacuated, token: k, subject: true, passive: true, rule: "role/evacuation"}, true
			}
		case "evacuation":
			if r.word(k-1) == "for" {
				return predicate{category: schemas.Evacuated, token: k, subject: true, rule: "role/evacuation"}, true
			}
		case "transported", "bused", "bussed", "moved":
			if r.word(k+1) == "out" || r.word(k) != "moved" && r.word(k+1) != "to" {
				return predicate{category: schemas.Evacuated, token: k, subject: true, passive: true, rule: "role/evacuation"}, true
			}
		case "left", "stranded", "stuck", "waited", "departed", "boarded", "waiting":
			if r.evacuating() && r.pos(k) != extractor.ADJ {
				return predicate{category: schemas.Evacuated, token: k, subject: true, rule: "role/evacuation"}, true
			}
		case ";", ",":
			return predicate{}, false
		}
	}
	for k := left - 1; k >= r.from && k > left-3; k-- {
		switch r.word(k) {
		case "carrying", "transporting", "stranded", "stranding", "ferrying", "carried":
			if r.evacuating() {
				return predicate{category: schemas.Evacuated, token: k, rule: "role/evacuation"}, true
			}
		}
	}
	return predicate{}, false
}

// isPeople reports whether q counts people by a common word or a group's name.
func (r *reader) isPeople(q *extractor.Quantity) bool {
	h := r.doc.TokenAt(q.Counted.End - 1)
	if h < len(r.doc.Tokens) && r.doc.Tokens[h].Name >= 0 && r.doc.Names[r.doc.Tokens[h].Name].Type == schemas.Group {
		return true
	}
	switch q.Counted.Head {
	case "person", "civilian", "resident", "evacuee", "family", "fighter", "rebel", "insurgent", "man", "woman", "child", "villager", "refugee", "passenger", "tourist", "patient", "militant", "soldier", "citizen", "foreigner", "national", "worker", "student", "staff":
		return true
	}
	return false
}

// evacuating reports whether the text is about an evacuation: it says so twice.
func (r *reader) evacuating() bool {
	if r.evacuations < 0 {
		r.evacuations = 0
		for _, e := range r.cues {
			if e.lemma == "evacuate" {
				r.evacuations++
			}
		}
	}
	return r.evacuations >= 2
}
