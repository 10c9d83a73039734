package role

import "github.com/claimwire/claimwire/schemas"

// idiom reads at token k what a verb says of its subject with the words that complete it,
// "lost their lives", "taken hostage", "in custody", and whether it decides the matter. be
// tells of a form of "be" before it, near that nothing but adverbs stands between.
func (r *reader) idiom(k int, be, near bool) (p predicate, ok, told bool) {
	switch w := r.word(k); w {
	case "suffered", "suffering", "sustained", "sustaining":
		for j := k + 1; j < k+8; j++ {
			switch r.word(j) {
			case "injuries", "burns", "wounds", "injury", "fractures", "concussion":
				return predicate{category: schemas.Injured, token: j, subject: true, rule: "role/verb", strong: true}, true, true
			}
		}
		return predicate{}, false, true
	case "lost", "losing", "lose":
		for j := k + 1; j < k+4; j++ {
			if r.word(j) == "lives" || r.word(j) == "life" {
				return predicate{category: schemas.Killed, token: k, subject: true, rule: "role/verb", strong: true}, true, true
			}
		}
		return predicate{}, false, true
	case "bled", "froze", "frozen", "starved", "choked", "suffocated":
		if w == "suffocated" || r.word(k+1) == "to" && r.word(k+2) == "death" {
			return predicate{category: schemas.Killed, token: k, subject: true, rule: "role/verb", strong: true}, true, true
		}
	case "hostage", "captive":
		return predicate{category: schemas.Abducted, token: k, rule: "role/state", strong: true}, near, true
	case "prisoner":
		return predicate{category: schemas.Detained, token: k, rule: "role/state", strong: true}, near, true
	case "taken":
		switch {
		case r.word(k+1) == "hostage", r.word(k+1) == "captive":
			return predicate{category: schemas.Abducted, token: k, subject: true, passive: true, rule: "role/passive", strong: true}, true, true
		case r.word(k+1) == "to" && (r.word(k+2) == "hospital" || r.word(k+2) == "hospitals" || r.word(k+3) == "hospital"):
			return predicate{category: schemas.Injured, token: k, subject: true, passive: true, rule: "role/passive"}, true, true
		case r.word(k+1) == "into" && r.word(k+2) == "custody":
			return predicate{category: schemas.Detained, token: k, subject: true, passive: true, rule: "role/passive", strong: true}, true, true
		}
	case "forced", "driven":
		for j := k + 1; j < k+6; j++ {
			switch r.word(j) {
			case "homes", "home", "flee", "houses":
				return predicate{category: schemas.Displaced, token: k, subject: true, passive: true, rule: "role/passive", strong: true}, true, true
			}
		}
	case "ordered", "told", "asked", "urged", "advised":
		if r.word(k+1) == "to" && (r.word(k+2) == "evacuate" || r.word(k+2) == "leave" || r.word(k+2) == "flee") && be {
			return predicate{category: schemas.Evacuated, token: k, subject: true, passive: true, rule: "role/evacuation"}, true, true
		}
	case "in", "under", "into":
		switch r.word(k + 1) {
		case "detention", "custody", "jail", "prison":
			return predicate{category: schemas.Detained, token: k + 1, subject: true, rule: "role/state"}, be || near, true
		case "captivity":
			return predicate{category: schemas.Abducted, token: k + 1, subject: true, rule: "role/state"}, be || near, true
		}
	case "went", "gone", "go":
		if r.word(k+1) == "missing" {
			return predicate{category: schemas.Missing, token: k + 1, subject: true, rule: "role/verb", strong: true}, true, true
		}
		return predicate{}, false, true
	case "caught", "contracted":
		for j := k + 1; j < k+4; j++ {
			switch r.word(j) {
			case "virus", "disease", "infection", "illness", "measles", "cholera", "malaria", "flu", "influenza", "covid", "Covid", "Ebola", "bug", "fever", "dengue", "polio", "coronavirus":
				return predicate{category: schemas.Infected, token: k, subject: true, rule: "role/verb", strong: true}, true, true
			}
		}
	case "stabbed", "beaten", "hacked", "trampled", "crushed", "bludgeoned", "clubbed", "burnt", "stoned", "lynched":
		if w == "lynched" || r.word(k+1) == "to" && r.word(k+2) == "death" {
			return predicate{category: schemas.Killed, token: k, subject: true, passive: true, rule: "role/passive", strong: true}, be || near, true
		}
	case "held":
		switch r.word(k + 1) {
		case "over", "after":
			return predicate{category: schemas.Detained, token: k, subject: true, passive: true, rule: "role/passive"}, be || near, true
		}
	case "tested":
		return predicate{category: schemas.Infected, token: k, subject: true, rule: "role/verb", strong: true}, r.word(k+1) == "positive", true
	case "behind":
		return predicate{category: schemas.Detained, token: k, subject: true, rule: "role/state"}, be && r.word(k+1) == "bars", true
	}
	return predicate{}, false, false
}
