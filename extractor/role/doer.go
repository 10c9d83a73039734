package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Doers: nouns that the tables do not list and whose form says that they act, and places
// whose verb says that their people or rulers do.

// doerCue is the cue of a noun that names people by what they do.
var doerCue = &cue{class: actor}

// agentive reports whether the noun w names people by what they do or where they belong:
// "loggers", "tenants", "cyclist", "craftsmen".
func agentive(w string) bool {
	if len(w) < 5 || w[0] < 'a' || w[0] > 'z' {
		return false
	}
	if strings.HasSuffix(w, "men") || strings.HasSuffix(w, "man") {
		return w != "specimen" && w != "regimen" && w != "abdomen" && w != "acumen"
	}
	s := w
	if s[len(s)-1] == 's' {
		s = s[:len(s)-1]
	}
	for _, suffix := range [...]string{"er", "or", "ist", "ian", "eer"} {
		if len(s) > len(suffix)+2 && strings.HasSuffix(s, suffix) {
			return !things[s]
		}
	}
	return false
}

// things are nouns that end as those for doers do and name none, or people to whom things
// are done.
var things = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`passenger prisoner teenager youngster toddler newcomer outsider stranger foreigner beginner pensioner survivor
		accelerator adapter adder after alligator amber anchor anger another answer antler armor badger barrier bayer beaker beaver beer behavior better binder
		bladder blender blister blocker bluster boiler booster border boulder browser buffer bulldozer bumper bunker burger burner butter calculator calibre
		cancer canister capacitor career center centre chamber chapter character charger cipher clipper cloister cluster color compressor computer condor
		conductor container converter cooker cooler copper corner corridor counter cover cracker crater crossover cruiser cutter cyber cylinder danger december
		deer denominator detector diameter diaper digger dinner disaster disorder disposer door drawer dryer dumper earlier either elevator ember encounter
		equator error escalator ever excavator exterior factor favor feather fever fiber fibre filter finger flavor floor flower flyer fodder folder former
		freezer freighter frontier further gender generator ginger glacier gopher greater grinder gutter hammer hamper hamster handover hangover harbor
		harvester header heater helicopter higher honor horror humor hunger incubator indicator inferior inner insulator interior inverter jumper kicker labor
		ladder larger laser later latter layer leather letter lever liner list liter litre liver loafer lobster locker longer lower lumber luster major
		makeover manner manor marker matter median meridian metaphor meteor meter metre minor minster mirror mist mixer monitor monster motor murder neither
		never newsletter november number october offer order other otter outer over oyster pager panther paper parameter pepper perimeter pier plaster pointer
		poster powder power prayer primer printer prior processor projector proper quaker quarter radiator rather reactor refrigerator register river roller
		rollover rooster roster router rubber rumor saver scanner schooner scooter sector semester semiconductor sensor september server shelter shorter
		shoulder shower silver simulator slipper slumber smaller smelter sneaker soccer speaker spider sprinkler starter steamer sticker stopper streamer
		stroller summer super superior supper sweater takeover tanker teaser tender terror theater theatre thriller thunder tier tiger timber timer tipper
		together tower tractor trailer transfer transformer transistor trawler trier trigger trimester tremor trouser tumor turnover twist ulcer under upper vapor
		vector ventilator viper voucher wafer washer water weather whether winter wrist zither`) {
		m[w] = true
	}
	return m
}()

// wills reports whether the verb at token v is of those for what a place does only as the
// people who live or rule there: "agreed", "employs", "imported".
func (r *reader) wills(v int) bool {
	switch r.lemma(v) {
	case "agree", "plan", "vow", "pledge", "promise", "refuse", "want", "demand", "offer", "decide", "propose", "intend", "seek", "sign", "order", "buy", "purchase", "sell", "export", "import",
		"pay", "employ", "spend", "invest", "lend", "borrow", "owe", "levy", "impose", "launch", "deploy", "send", "free", "release", "expel", "ban", "approve", "reject", "ratify", "donate",
		"supply", "set", "lack", "recruit", "hire", "fine", "sue", "elect", "admit", "accept", "ship":
		return true
	}
	return false
}

// willing returns the slot of the place whose name the subject at token i is, if its verb
// says that it acts; nil if it does not.
func (r *reader) willing(i int) *extractor.Slot {
	v := r.up(i)
	n := r.doc.Tokens[i].Name
	if n < 0 || v < 0 || r.rel(i) != "nsubj" || r.doc.Names[n].Type != schemas.Location || !r.wills(v) {
		return nil
	}
	return r.nameSlot(int(n))
}
