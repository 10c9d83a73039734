package wording

import (
	"github.com/claimwire/claimwire/schemas"
)

// A verb is what a measure says of the things it counts.
type verb struct {
	past, inf string // "entered", "enter"; of a passive its participle and "be"
	noun      string // what is counted if the text does not name it
	direct    bool   // the place is its object: "entered Gaza"
}

func passive(participle, noun string) verb { return verb{past: participle, inf: "be", noun: noun} }

// verbOf returns the verb of a claim, without past if it has none.
func verbOf(c *schemas.Claim) verb {
	if c.Category != nil {
		if *c.Category == schemas.Killed {
			switch {
			case bodies[head(c.Counted)]:
				return passive("reported", "bodies")
			case c.Predicate == "die" && c.Agent == nil:
				return verb{past: "died", inf: "die", noun: "people"}
			}
		}
		return passive(string(*c.Category), "people")
	}
	switch c.Measure {
	case "transport-enter":
		return verb{past: "entered", inf: "enter", noun: "loads", direct: true}
	case "object-destroyed":
		switch c.Predicate {
		case "destroy", "damage":
			return passive(participles[c.Predicate], "objects")
		}
		return passive("destroyed or damaged", "objects")
	case "object-seized":
		return passive("seized", "objects")
	case "remains-handed-over":
		return passive("handed over", "bodies")
	case "person-affected":
		return passive("affected", "people")
	case "attendance":
		return passive("present", "people")
	case "money-paid":
		return passive(oneOf(c.Predicate, "paid", "spend", "invest", "give", "lend", "transfer", "award", "donate"), "")
	case "money-pledged":
		return passive(oneOf(c.Predicate, "pledged", "offer", "promise", "commit", "donate", "announce", "earmark"), "")
	}
	return verb{}
}

// oneOf returns the participle of a predicate that is among verbs, else usual.
func oneOf(predicate, usual string, verbs ...string) string {
	for _, v := range verbs {
		if v == predicate {
			return participles[v]
		}
	}
	return usual
}

// happenedSentence: "At least 309 people have been killed in Gaza since 10 October 2025".
func happenedSentence(c *schemas.Claim) string {
	v := verbOf(c)
	many := severalThings(c)
	var b builder
	b.add(victims(c, figure(c), v.noun), rate(c))
	if c.Modality == schemas.Possible { // no tense: it may have been, or be yet
		b.add(v.past, rest(c, v))
		return possibly(c, b.String())
	}
	m := c.Modality
	if m == schemas.Required || m == schemas.Allowed {
		b.add("to", infinitive(v), rest(c, v))
		return string(m) + ": " + b.String()
	}
	if m == schemas.Planned && c.Measure == "money-pledged" {
		m = schemas.Asserted // the payment is planned, the promise has been made
	}
	b.add(verbPhrase(m, v, many, since(c)), rest(c, v))
	return b.String()
}

// since reports whether a claim holds from its start until now.
func since(c *schemas.Claim) bool {
	return c.Cumulative && c.Time != nil && c.Time.Start != "" && (c.Modality == schemas.Asserted || c.Modality == "" || c.Modality == schemas.Negated)
}

func verbPhrase(m schemas.Modality, v verb, many, since bool) string {
	isPassive := v.inf == "be"
	past := v.past
	switch {
	case since && isPassive:
		past = either(many, "have been ", "has been ") + v.past
	case since:
		past = either(many, "have ", "has ") + v.past
	case isPassive:
		past = either(many, "were ", "was ") + v.past
	}
	return aux(m, past, infinitive(v), many)
}

func infinitive(v verb) string {
	if v.inf == "be" {
		return "be " + v.past
	}
	return v.inf
}

// happenedTitle: "People killed in Gaza since 10 October 2025".
func happenedTitle(c *schemas.Claim) string {
	v := verbOf(c)
	var b builder
	subject := victims(c, "", v.noun)
	if subject == "" { // money
		subject = "amount"
	}
	b.add(subject, rate(c))
	switch c.Modality {
	case schemas.Required, schemas.Allowed:
		b.add(string(c.Modality), "to", infinitive(v))
	case schemas.Planned:
		b.add("to", infinitive(v))
	case schemas.Possible:
		b.add("possibly", v.past)
	default:
		if v.inf == "be" {
			b.add(v.past)
		} else {
			b.add(either(c.Category != nil, "who", "that"), v.past)
		}
	}
	b.add(rest(c, v))
	return b.String()
}

// victims is the subject: "17 people", "the remains of 3 captives", "one American soldier".
func victims(c *schemas.Claim, figure, noun string) string {
	var b builder
	if n := things(c); n != "" {
		noun = n
	}
	if isMoney(c.Unit) {
		noun = ""
	}
	if c.Measure == "remains-handed-over" && c.Category == nil && c.Counted != "" && !bodies[head(c.Counted)] {
		b.add("the remains of")
	}
	b.add(figure)
	switch {
	case c.Victim == nil || holds(c.Counted, c.Victim.Name):
		b.add(noun)
	case c.Victim.Type == schemas.Group && !manyOf(c.Victim.Name): // "one American soldier"
		b.add(c.Victim.Name, noun)
	case c.Victim.Type == schemas.Group && noun == "people":
		b.add(c.Victim.Name)
	default:
		b.add(noun, "of", inside(c.Victim))
	}
	return b.String()
}

// rest is what follows the verb: by whom, where, when.
func rest(c *schemas.Claim, v verb) string {
	var b builder
	place := at(c)
	if v.direct && c.Place != nil {
		place = inside(&schemas.ClaimEntity{Name: c.Place.Name})
	}
	switch {
	case c.Agent == nil:
		b.add(place)
	case v.inf == "be":
		b.add("by "+inside(c.Agent), place)
	default:
		b.add(place, "("+c.Agent.Name+")")
	}
	b.add(when(c))
	return b.String()
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// participles are the past participles of verbs whose object is what is counted.
var participles = map[string]string{
	"announce": "announced", "arrest": "arrested", "award": "awarded", "block": "blocked", "borrow": "borrowed", "bring": "brought", "build": "built", "buy": "bought",
	"carry": "carried", "catch": "caught", "close": "closed", "collect": "collected", "commit": "committed", "confiscate": "confiscated", "control": "controlled", "cook": "cooked", "cut": "cut",
	"damage": "damaged", "deliver": "delivered", "deploy": "deployed", "destroy": "destroyed", "detect": "detected", "distribute": "distributed", "donate": "donated", "drop": "dropped",
	"earmark": "earmarked", "employ": "employed", "export": "exported", "file": "filed", "find": "found", "fire": "fired", "give": "given", "handle": "handled", "hire": "hired", "hold": "held",
	"identify": "identified", "import": "imported", "impound": "impounded", "indict": "indicted", "inspect": "inspected", "install": "installed", "invest": "invested", "investigate": "investigated",
	"launch": "launched", "lay": "laid off", "lease": "leased", "lend": "lent", "lose": "lost", "make": "made", "offer": "offered", "open": "opened", "operate": "operated", "order": "ordered", "own": "owned",
	"pay": "paid", "plant": "planted", "pledge": "pledged", "produce": "produced", "promise": "promised", "provide": "provided", "purchase": "purchased",
	"raise": "raised", "read": "read", "receive": "received", "recover": "recovered", "recycle": "recycled", "repair": "repaired", "restore": "restored",
	"seize": "seized", "sell": "sold", "send": "sent", "serve": "served", "ship": "shipped", "sign": "signed", "spend": "spent", "store": "stored", "supply": "supplied",
	"test": "tested", "train": "trained", "transfer": "transferred", "transport": "transported", "treat": "treated", "use": "used", "vaccinate": "vaccinated", "withdraw": "withdrawn",
}
