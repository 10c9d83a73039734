package wording

import (
	"strings"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
)

// inside is a name as it stands within a sentence: "the health ministry", "the Red Cross",
// "a spokesman", "residents", "INDECI". The capital that the first word of a sentence has
// goes; "The Hague" and names of their own keep theirs.
func inside(e *schemas.ClaimEntity) string {
	name := e.Name
	first, rest, more := strings.Cut(name, " ")
	if openers[first] {
		if !more && len(name) > 2 {
			return strings.ToLower(first)
		}
		if r, _ := utf8.DecodeRuneInString(rest); isLower(string(r)) || first == "The" && institution(name) {
			return strings.ToLower(first) + " " + rest
		}
		return name
	}
	switch {
	case determiners[first] || strings.Contains(name, "'s ") || strings.Contains(name, "’s ") || strings.Contains(name, "s' "):
		return name
	case isUpper(name) || !isLower(name):
		if e.Type != schemas.Person && institution(name) || offices[core(name)] {
			return "the " + name
		}
		return name
	}
	h := core(name)
	switch {
	case manyOf(h) || bare[h]:
		return name
	case offices[h] || institutions[h]:
		return "the " + name
	case e.ID != "" || e.Type != "":
		return name
	}
	return withArticle(name)
}

// core is the word that says what a name names: "ministry" of "ministry of health".
func core(name string) string {
	for _, p := range [...]string{" of ", " for ", " on ", " in ", " with ", " close ", " at "} {
		if i := strings.Index(name, p); i > 0 {
			name = name[:i]
		}
	}
	return head(name)
}

// institution reports whether a name of its own takes "the".
func institution(name string) bool {
	return acronyms[name] || institutions[strings.ToLower(core(name))]
}

var determiners = words("a an the its their his her our my your this that these those some any all both each every no one two three several many most other another either neither")

// bare are singular nouns that stand without an article.
var bare = words("radio television media tv parliament congress government-owned management staff intelligence data evidence")

// institutions are nouns that name one body of its kind, with a capital or without.
var institutions = words(`administration agency alliance army assembly association authority bureau cabinet center centre coalition command commission commissioner committee confederation corps council court crescent
	cross department directorate directorate-general embassy emirates federation foundation fund institute institution kingdom league military ministry monitor nations navy netherlands observatory office
	organisation organization parliament party pentagon philippines police press procuratorate programme program republic secretariat senate service states syndicate treasury tribunal union vatican kremlin`)

// offices are held by one person or are one place's, as the text means it.
var offices = words(`airline airport bank board boss chief church city club company country county crew defence defense district emperor family firm government governor group hospital judge king manufacturer mayor militia minister
	movement network newspaper operator opposition owner pope port premier president prosecutor province publisher queen regime region regulator school state team town trial university utility village`)

var acronyms = words("UN EU US USA UK UAE U.N. U.S. U.K. IMF WHO WTO ICC ICRC BBC FBI CIA IDF AP")
