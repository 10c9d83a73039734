package resolve

import (
	"slices"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// addRoles reads the titles and offices that the text gives to people, before
// the name ("intelligence chief, Ibrahim Kalin") and after it ("Ibrahim Kalin,
// the intelligence chief,").
func (d *document) addRoles() {
	for i := range d.Names {
		n := &d.Names[i]
		if n.Type != schemas.Person || n.Entity < 0 {
			continue
		}
		e := &d.Entities[n.Entity]
		for _, r := range []string{d.roleBefore(n.From), d.roleAfter(n.To)} {
			if r != "" && !slices.Contains(e.Roles, r) {
				e.Roles = append(e.Roles, r)
			}
		}
	}
}

// roleBefore returns the role phrase that ends right before token t, over a
// comma and personal titles.
func (d *document) roleBefore(t int) string {
	end := t
	for end > 0 && (isHonorific(d.Word(end-1)) || d.Word(end-1) == "." && end > 1 && isHonorific(d.Word(end-2))) {
		end--
	}
	if end > 0 && d.Word(end-1) == "," {
		end--
	}
	from := end
	for from > 0 && end-from < 8 && d.inRole(from-1, t) {
		from--
	}
	return d.role(from, end)
}

// roleAfter returns the role phrase in apposition after token t.
func (d *document) roleAfter(t int) string {
	if t+1 >= len(d.Tokens) || d.Word(t) != "," {
		return ""
	}
	from := t + 1
	if w := strings.ToLower(d.Word(from)); w == "the" || w == "a" || w == "an" || w == "its" || w == "his" || w == "her" || w == "their" {
		from++
	}
	to := from
	for to < len(d.Tokens) && to-from < 6 && d.inRole(to, t) {
		to++
	}
	for to > from && !isRoleHead(d.Word(to-1)) {
		to--
	}
	return d.role(from, to)
}

// inRole reports whether token i can be part of a role phrase about token t.
func (d *document) inRole(i, t int) bool {
	tok := &d.Tokens[i]
	if tok.Sentence != d.Tokens[min(t, len(d.Tokens)-1)].Sentence || tok.Name >= 0 && d.Names[tok.Name].Type != schemas.Organisation && !isRoleHead(d.Word(i)) {
		return false
	}
	switch tok.UPOS {
	case extractor.NOUN, extractor.ADJ, extractor.PROPN:
		return true
	case extractor.CCONJ:
		return strings.EqualFold(d.Word(i), "and")
	case extractor.PUNCT, extractor.SYM:
		return d.Word(i) == "-"
	}
	return isRoleHead(d.Word(i))
}

// role returns the words from to to, cut to begin at the first word that is no
// conjunction, if they contain the name of an office.
func (d *document) role(from, to int) string {
	for from < to && (strings.EqualFold(d.Word(from), "and") || d.Word(from) == "-") {
		from++
	}
	if from >= to || !isRoleHead(d.Word(to-1)) {
		return ""
	}
	return d.Slice(d.SpanOf(extractor.Range{From: from, To: to}))
}

// roleHeads are nouns that name an office or occupation a news text introduces
// people by.
var roleHeads = wordSet(`adviser advisor agent ambassador analyst archbishop attorney author ayatollah banker bishop boss
	captain cardinal chair chairman chairperson chairwoman chancellor chief clerk coach colonel commander commissioner
	congressman congresswoman consul coordinator correspondent councillor counsel deputy diplomat director doctor economist
	editor emir envoy executive expert founder general governor head historian imam inspector journalist judge justice king
	lawmaker lawyer leader legislator lieutenant major manager marshal mayor mediator member minister monarch mufti negotiator
	officer official owner partner pope premier president prince princess principal professor prosecutor queen representative
	reporter researcher resident scientist secretary senator sergeant sheriff speaker spokesman spokesperson spokeswoman
	strategist sultan superintendent trader undersecretary vice-president witness writer ceo cfo mp`)

// honorifics stand before a name and say no office.
var honorifics = wordSet(`mr mrs ms miss dr sir lord lady dame sheikh shaikh sheik sayyid hajji haji rev reverend father sister
	brother madam mme monsieur herr frau mullah`)

// ranks are offices that are written as part of a name's title.
var ranks = wordSet(`president minister prime general gen colonel col captain capt major maj lieutenant lt sergeant sgt admiral
	adm brigadier brig commander cmdr king queen prince princess pope senator sen governor gov representative rep
	secretary ambassador judge justice professor prof chancellor premier ayatollah imam bishop archbishop cardinal emir sultan
	sheriff mayor chairman spokesman spokeswoman foreign defense defence interior finance former vice deputy`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

func isRoleHead(w string) bool {
	w = strings.ToLower(w)
	return roleHeads[w] || strings.HasSuffix(w, "s") && roleHeads[w[:len(w)-1]]
}

func isHonorific(w string) bool { return honorifics[strings.TrimSuffix(strings.ToLower(w), ".")] }

// isTitle reports whether w belongs before a person's name rather than to it.
func isTitle(w string) bool {
	l := strings.TrimSuffix(strings.ToLower(w), ".")
	return honorifics[l] || ranks[l]
}
