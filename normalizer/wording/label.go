package wording

import (
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// A measured attribute has a name and, perhaps, somebody whose it is.
type attribute struct {
	label  string
	nobody bool   // whoever is named as agent only measured it
	of     string // joins what is counted, if that is a name: "stake in Tavira"
}

var labels = map[string]attribute{
	"deal-value": {label: "deal value"}, "emission-rate": {label: "emission"}, "growth-rate": {label: "growth rate"}, "interest-rate": {label: "interest rate"},
	"loss": {label: "loss"}, "market-index": {label: "index", nobody: true}, "money-damage": {label: "damage", nobody: true}, "poll-share": {label: "share"},
	"price": {label: "price"}, "profit": {label: "profit"}, "quake-magnitude": {label: "magnitude", nobody: true}, "revenue": {label: "revenue"},
	"share-price": {label: "share price"}, "share-stake": {label: "stake", of: "in"}, "temperature": {label: "temperature", nobody: true}, "unemployment": {label: "unemployment rate"},
}

// attributes are counted nouns that name an attribute better than the measure does.
var attributes = words(`bid bill bond budget charge compensation contract cost damage debt deal dividend earnings fee fine income interest loan loss
	offer package payment pay penalty premium price profit purchase rate rent revenue salary sales sale saving settlement takeover tax turnover valuation value wage magnitude temperature index`)

// label names an attribute: "Tavira's net profit", "the offer per share". The article,
// "the", "a" or none, is for one that is nobody's.
func label(c *schemas.Claim, article string) string {
	a := labels[c.Measure]
	name := a.label
	noun := head(c.Counted)
	switch {
	case c.Counted == "":
	case c.Measure == "poll-share" && (noun == "vote" || noun == "votes"):
		name = "share of the vote"
	case a.of != "" && isUpper(noun):
		name += " " + a.of + " " + c.Counted
	case attributes[strings.ToLower(noun)] && c.Measure != "share-price":
		name = lower(c.Counted)
	}
	if c.Per != "" && (c.Measure != "share-price" || !strings.HasSuffix(c.Per, "share")) {
		name += " " + rate(c)
	}
	owner := ""
	if c.Agent != nil && !a.nobody {
		owner = inside(c.Agent)
	} else if i := strings.LastIndexByte(c.Counted, ' '); c.Measure == "share-price" && i > 0 && isUpper(c.Counted) {
		owner = c.Counted[:i] // "Brightwell share"
	}
	switch {
	case owner != "" && !holds(name, owner):
		return genitive(owner) + " " + name
	case article == "a":
		return withArticle(name)
	}
	return strings.TrimSpace(article + " " + name)
}

func genitive(name string) string {
	switch {
	case strings.HasSuffix(name, "'s"), strings.HasSuffix(name, "’s"):
		return name
	case strings.HasSuffix(name, "s"):
		return name + "'"
	}
	return name + "'s"
}
