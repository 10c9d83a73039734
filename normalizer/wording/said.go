package wording

import (
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// statement renders who said what. Words in quotation marks stand behind a colon; what is
// reported follows its reporting word ("Lena Marsh said that …"), if the word is known and
// what follows is a clause or what that word takes.
func statement(c *schemas.Claim, cue string) string {
	who := "somebody"
	if c.Speaker != nil {
		who = inside(c.Speaker)
	}
	who = capital(who)
	content := strings.TrimSpace(c.Content)
	if c.Mode != nil && *c.Mode == schemas.Direct {
		return who + ": “" + content + "”"
	}
	if says := reporting(cue, content); says != "" {
		return who + " " + says + " " + lower(content) + stop(content)
	}
	return who + ": " + content + stop(content)
}

// stop is the full stop that a content without one gets.
func stop(content string) string {
	words := strings.TrimRight(content, `"'”’)`)
	return either(strings.HasSuffix(words, "…") || strings.TrimRight(words, ".!?") != words, "", ".")
}

// reporting returns the verb that leads from a speaker to what is reported, "" if it would
// make no sentence.
func reporting(cue, content string) string {
	v, ok := reports[strings.ToLower(cue)]
	if !ok {
		return ""
	}
	first, rest, _ := strings.Cut(content, " ")
	switch {
	case rest == "":
		return ""
	case v.object:
		return v.past
	case first == "to":
		return either(v.infinitive, v.past, "")
	case first == "that" || first == "whether" || first == "how" || first == "why":
		return v.past
	case v.past == "denied":
		return v.past
	case isUpper(content) && !openers[first] && strings.ToUpper(first) != first:
		return "" // a name, or a capital that began a sentence: nobody can tell
	case !clause(content):
		return ""
	}
	return v.past + " that"
}

// finite are words that only a clause has.
var finite = words(`is are was were has have had do does did will would can could may might must shall should am isn't aren't wasn't weren't hasn't haven't hadn't won't wouldn't can't couldn't`)

// pronouns are the subject of a clause when they begin a content.
var pronouns = words("he she it they we you i there this these those nobody everybody he'd they'd")

// clause reports whether a content is one, as far as its words show: it has a finite
// auxiliary or begins with the subject of a verb. A relative clause tells nothing of the
// noun before it ("a report that people were buried").
func clause(content string) bool {
	for i, w := range strings.Fields(content) {
		w = strings.ToLower(strings.Trim(w, ",;:“”\"'’"))
		switch {
		case i == 0 && pronouns[w]:
			return true
		case i > 0 && (w == "that" || w == "who" || w == "which"):
			return false
		case finite[w]:
			return i > 0
		}
	}
	return false
}

// A report is a verb of saying.
type report struct {
	past       string
	infinitive bool // takes "to": promised to pay
	object     bool // takes what the text puts behind it: accused the firm of haste
}

// reports has the reporting words that make a sentence, by the form in the text.
var reports = func() map[string]report {
	m := make(map[string]report)
	put := func(r report, forms string) {
		for f := range strings.FieldsSeq(forms) {
			m[f] = r
		}
	}
	put(report{past: "said"}, "said say says saying told tells telling according wrote writes")
	m["according to"] = report{past: "said"}
	for f := range strings.FieldsSeq(`added acknowledged admitted alleged announced argued asserted believed claimed concluded confirmed declared disclosed emphasised emphasized estimated explained found
		held indicated insisted maintained noted observed predicted projected recalled reiterated remarked reported revealed ruled stated stressed suggested suspected warned`) {
		put(report{past: f}, f)
	}
	put(report{past: "added"}, "adds adding")
	put(report{past: "reported"}, "reports reporting report")
	put(report{past: "warned"}, "warns warning")
	put(report{past: "claimed"}, "claims claim claiming")
	put(report{past: "estimated"}, "estimates estimate")
	put(report{past: "believed"}, "believes believe")
	put(report{past: "suspected"}, "suspects suspect")
	put(report{past: "argued"}, "argues")
	put(report{past: "confirmed"}, "confirms")
	put(report{past: "denied"}, "denied denies denying")
	for f := range strings.FieldsSeq("agreed expected hoped planned pledged promised threatened vowed") {
		put(report{past: f, infinitive: true}, f)
	}
	put(report{past: "expected", infinitive: true}, "expects")
	put(report{past: "hoped", infinitive: true}, "hopes")
	put(report{past: "promised", infinitive: true}, "promises promising")
	for f := range strings.FieldsSeq("accused blamed condemned criticised criticized demanded dismissed praised rejected urged welcomed") {
		put(report{past: f, object: true}, f)
	}
	put(report{past: "accused", object: true}, "accuses accusing")
	put(report{past: "blamed", object: true}, "blames blaming")
	put(report{past: "dismissed", object: true}, "dismisses dismissing")
	put(report{past: "urged", object: true}, "urges urging")
	return m
}()
