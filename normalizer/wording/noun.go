package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
)

// states are nouns that say what happened once more: "43 dead were killed".
var states = words("dead death fatality casualty wounded injured missing detained detainee evacuee displaced person people victim")

// bodies stand for the dead, of whom it is not said when they died.
var bodies = words("body bodies corpse corpses remains")

// mass nouns have no plural.
var mass = words(`access aid area assistance average capacity capital cargo cash cement coal coffee copper crude damage debt demand diesel economy electricity energy equipment flour food fuel
	funding gas gold grain ground growth heroin housing income inflation information land load market medicine money oil output population power production rain relief revenue rice salt
	sand silver snow staff steel sugar support territory timber time trade traffic turnout turnover waste water wheat wood work world year month day`)

// amounts are nouns that are themselves so many percent: "a loss of 15%".
var amounts = words("chance cut decline discount drop fall gain growth increase inflation interest loss margin premium probability reading reduction return rise stake surcharge tariff tax yield")

// single are nouns that want "the" when a sentence begins with them.
var single = words(`average balance budget capacity cost currency debt deficit figure index level market number output population price quota rate ratio share stock strength sum surplus tally toll total turnout unemployment value volume yield`)

// light verbs say nothing of what is counted.
var light = words("be have say do give take make put get go come accord")

var timeUnits = words("second minute hour night day week weekend month quarter year decade")

func words(s string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// head is the last word of a noun phrase.
func head(noun string) string { return noun[strings.LastIndexByte(noun, ' ')+1:] }

// things is what a claim counts, in the number that its figure wants; "" if nothing is named.
func things(c *schemas.Claim) string {
	if c.Category != nil && (c.Counted == "" || states[strings.ToLower(c.Counted)]) {
		return either(severalThings(c), "people", "person")
	}
	h := head(c.Counted)
	modifiers := c.Counted[:len(c.Counted)-len(h)]
	dim, _ := schemas.UnitDimension(c.Unit)
	switch {
	case dim == schemas.DimPercent && !mass[h] && !amounts[h] && isLower(h), c.Unit == schemas.UnitCount && severalThings(c),
		dim == schemas.DimMoney && (h == "saving" || h == "loss" || h == "sale" || h == "subsidy" || h == "tax"):
		return modifiers + plural(h)
	}
	return c.Counted
}

// severalThings reports whether the figure takes a plural verb.
func severalThings(c *schemas.Claim) bool {
	if c.Unit != schemas.UnitCount && c.Unit != "" {
		dim, _ := schemas.UnitDimension(c.Unit)
		return dim == schemas.DimPercent && c.Counted != "" && !mass[head(c.Counted)]
	}
	if v := c.Value; v != nil {
		return v.Cmp(schemas.Int(1)) != 0 || c.Comparator != schemas.Exact && c.Comparator != ""
	}
	return true
}

// manyOf reports whether a noun phrase is a plural.
func manyOf(noun string) bool {
	h := strings.ToLower(head(noun))
	return plurals[h] || strings.HasSuffix(h, "s") && !strings.HasSuffix(h, "ss") && !strings.HasSuffix(h, "us") && !strings.HasSuffix(h, "is")
}

// subject is a noun phrase at the head of a sentence: "the number", "Brightwell shares".
func subject(noun string) string {
	h := head(noun)
	switch {
	case h == "share" && noun != h, h == "Share":
		return noun + "s"
	case single[h]:
		return "the " + noun
	}
	return noun
}

// withArticle puts "a" or "an" before a singular noun phrase.
func withArticle(noun string) string {
	if noun == "" || isUpper(noun) || manyOf(noun) || mass[head(noun)] || strings.Contains(noun, "'s") {
		return noun
	}
	return either(strings.ContainsRune("aeiou", rune(noun[0])), "an ", "a ") + noun
}

var irregular = map[string]string{
	"person": "people", "people": "people", "child": "children", "children": "children", "man": "men", "woman": "women", "wife": "wives", "foot": "feet", "feet": "feet", "teeth": "teeth",
	"aircraft": "aircraft", "police": "police", "staff": "staff", "troops": "troops", "sheep": "sheep", "fish": "fish", "personnel": "personnel", "cattle": "cattle", "offspring": "offspring",
	"half": "halves", "knife": "knives", "life": "lives", "leaf": "leaves", "mouse": "mice", "hero": "heroes", "tomato": "tomatoes", "potato": "potatoes", "crisis": "crises", "basis": "bases",
}

var plurals = words("people children men women wives feet aircraft police staff troops personnel cattle militia")

// plural forms the plural of an English noun; names and plurals stay as they are.
func plural(w string) string {
	low := strings.ToLower(w)
	switch p, ok := irregular[low]; {
	case ok:
		return p
	case w == "" || w != low || strings.HasSuffix(low, "men") || strings.HasSuffix(low, "s") && !strings.HasSuffix(low, "ss") && !strings.HasSuffix(low, "us"):
		return w
	case strings.HasSuffix(low, "man"):
		return w[:len(w)-3] + "men"
	case strings.HasSuffix(low, "y") && len(w) > 1 && !strings.ContainsRune("aeiou", rune(w[len(w)-2])):
		return w[:len(w)-1] + "ies"
	case strings.HasSuffix(low, "s"), strings.HasSuffix(low, "x"), strings.HasSuffix(low, "ch"), strings.HasSuffix(low, "sh"):
		return w + "es"
	}
	return w + "s"
}

// holds reports whether a phrase has a name in it, whatever its case.
func holds(phrase, name string) bool {
	return strings.Contains(strings.ToLower(phrase), strings.ToLower(name))
}

func isUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func isLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// openers are words that have a capital only because a sentence began with them.
var openers = words(`A An The This That These Those There It Its He She They We You His Her Their Our My Some Many Most More All Any Both Each Every Few Several No Nobody None Not Of On In At By For From
	With After Before During Since Until When While If As Up About Almost Nearly Around Over Under Between Only At Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Twenty
	Thirty Forty Fifty Dozens Hundreds Thousands Another Other Others One People Residents Officials Police Traders Witnesses Relatives Doctors Analysts Rescuers Shares Possibly`)

// lower takes the capital off a first word that is no name.
func lower(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if openers[first] {
		return strings.ToLower(first) + s[len(first):]
	}
	return s
}
