package statement

import (
	"strings"
	"sync"
)

// A cueKind says how a reporting word takes speaker and content.
type cueKind uint8

const (
	noCue   cueKind = iota
	cueSay          // said, added: a clause, a quote, or content before it
	cueTell         // told, informed: an addressee before the content
	cueThat         // found, believes: only with "that" or around a quote
	cueNoun         // announced, denied, claimed: a clause or a noun phrase
	cueAcc          // accused, blamed, urged, called on: somebody, then what for
	cuePut          // put the toll at
	cueTo           // according to
	cueAs           // described the raid as
)

// A wordClass is a set of parts that a word plays around speech.
type wordClass uint32

const (
	wPronoun wordClass = 1 << iota // he, she, they, it, I, we
	wAux                           // be, have, do, modals
	wBe                            // forms of be
	wNot                           // not, n't, never
	wDet                           // articles, demonstratives, possessives
	wPrep                          // prepositions
	wAdv                           // adverbs between subject and cue
	wConj                          // and, but, while
	wRel                           // who, which, whose
	wPart                          // the cue is a participle: adding
	wBase                          // the cue is a base form, often a noun: report
	wBody                          // nouns that stand for an organisation: ministry, group
	wOffice                        // nouns that stand for a person: spokesman, minister
	wPlural                        // nouns that stand for several people: officials
	wFirst                         // I, we, our
	wMedium                        // statement, interview, conference
	wFinite                        // common finite verbs, for texts without tags
)

// A lexeme is what the lexicon knows of a word.
type lexeme struct {
	cue   cueKind
	class wordClass
}

const maxWord = 14

// Verbs of saying: base form, third person, past, participle.
const (
	sayVerbs = `say says said saying; add adds added adding; state states stated stating; explain explains explained explaining;
insist insists insisted insisting; stress stresses stressed stressing; note notes noted noting;
argue argues argued arguing; assert asserts asserted asserting; emphasize emphasizes emphasized emphasizing;
emphasise emphasises emphasised emphasising; reiterate reiterates reiterated reiterating; maintain maintains maintained maintaining;
concede concedes conceded conceding; caution cautions cautioned cautioning; contend contends contended contending; remark remarks remarked remarking;
quip quips quipped quipping; lament laments lamented lamenting; reply replies replied replying; respond responds responded responding;
tweet tweets tweeted tweeting; testify testifies testified testifying; allege alleges alleged alleging; opine opines opined opining;
recall recalls recalled recalling; admit admits admitted admitting; acknowledge acknowledges acknowledged acknowledging;
conclude concludes concluded concluding; specify specifies specified specifying; joke jokes joked joking; boast boasts boasted boasting;
complain complains complained complaining; estimate estimates estimated estimating; predict predicts predicted predicting;
warn warns warned warning; clarify clarifies clarified clarifying; recount recounts recounted recounting`
	tellVerbs = `tell tells told telling; inform informs informed informing; assure assures assured assuring; remind reminds reminded reminding; notify notifies notified notifying`
	thatVerbs = `find finds found; show shows showed showing; reveal reveals revealed revealing; indicate indicates indicated indicating;
suggest suggests suggested suggesting; believe believes believed believing; reckon reckons reckoned reckoning; think thinks thought thinking;
point points pointed pointing; write writes wrote writing; hope hopes hoped hoping; fear fears feared fearing; disclose discloses disclosed disclosing;
agree agrees agreed; ask asks asked; propose proposes proposed proposing; recommend recommends recommended recommending;
hint hints hinted hinting; declare declares declared declaring; express expresses expressed; voice voices voiced; suspect suspects suspected; observe observes observed observing; ask asks asked; rule rules ruled`
	nounVerbs = `announce announces announced announcing; confirm confirms confirmed confirming; deny denies denied denying; claim claims claimed claiming;
report reports reported reporting; pledge pledges pledged pledging; vow vows vowed vowing; promise promises promised promising; demand demands demanded demanding; dismiss dismisses dismissed dismissing`
	asVerbs  = `describe describes described describing; characterize characterizes characterized characterizing; characterise characterises characterised characterising; portray portrays portrayed portraying; tout touts touted touting`
	accVerbs = `accuse accuses accused accusing; blame blames blamed blaming; urge urges urged urging`
)

var lexicon = sync.OnceValue(func() map[string]lexeme {
	m := map[string]lexeme{}
	verbs := func(k cueKind, lists string) {
		for verb := range strings.SplitSeq(lists, ";") {
			for i, w := range strings.Fields(verb) {
				l := lexeme{cue: k}
				if i == 0 {
					l.class |= wBase
				}
				if strings.HasSuffix(w, "ing") {
					l.class |= wPart
				}
				m[w] = l
			}
		}
	}
	verbs(cueSay, sayVerbs)
	verbs(cueTell, tellVerbs)
	verbs(cueThat, thatVerbs)
	verbs(cueNoun, nounVerbs)
	verbs(cueAcc, accVerbs)
	verbs(cueAs, asVerbs)
	m["called"], m["calls"] = lexeme{cue: cueAcc}, lexeme{cue: cueAcc, class: wBase}
	m["put"], m["puts"] = lexeme{cue: cuePut}, lexeme{cue: cuePut}
	m["gave"], m["gives"] = lexeme{cue: cuePut}, lexeme{cue: cuePut}
	m["spoke"], m["speaks"], m["speak"] = lexeme{cue: cuePut}, lexeme{cue: cuePut}, lexeme{cue: cuePut, class: wBase}
	m["according"] = lexeme{cue: cueTo}
	add := func(c wordClass, words string) {
		for w := range strings.FieldsSeq(words) {
			l := m[w]
			l.class |= c
			m[w] = l
		}
	}
	add(wPronoun, "he she they it i we you")
	add(wFirst, "i we my our me us i'm we're")
	add(wAux, "is are was were be been being has have had do does did will would shall should can could may might must 's 're 've 'll 'd wo ca")
	add(wBe, "is are was were be been being 's 're")
	add(wNot, "not n't n’t never nor")
	add(wDet, "the a an this that these those his her its their our my some any no every each all both many several most another one two three four five")
	add(wPrep, "in on at by for from with of to after before during since until till through over under about against between into near outside inside despite amid via as following upon")
	add(wAdv, "also later earlier then again reportedly repeatedly meanwhile however only just still today yesterday thursday friday saturday sunday monday tuesday wednesday further once previously recently separately officially publicly initially now even yet already simply there")
	add(wConj, "and but while although though whereas because or as if when than")
	add(wRel, "who which that whom whose")
	add(wBody, "ministry group agency company firm organisation organization monitor observatory watchdog party movement network bank army military government council commission committee court union association federation institute department bureau office police authority channel newspaper daily outlet broadcaster club university hospital army coalition alliance militia airline carrier retailer chipmaker carmaker automaker brewer lender insurer operator manufacturer producer supplier developer startup charity publisher conglomerate utility miner refiner grocer museum zoo school ngo regulator exchange fund shipbuilder steelmaker drugmaker planemaker")
	add(wOffice, "spokesman spokeswoman spokesperson minister president leader official head chief director chairman chairwoman secretary mayor governor general commander ambassador envoy lawyer judge doctor officer expert analyst professor coach captain ceo executive senator lawmaker correspondent reporter resident witness activist source prosecutor diplomat king queen prince pope bishop founder author")
	add(wPlural, "officials sources residents witnesses activists authorities experts analysts police companies prosecutors lawyers doctors reports people rebels officers soldiers relatives rescuers ministers leaders media investigators scientists researchers critics medics groups observers organisers organizers campaigners villagers lawmakers protesters survivors")
	add(wMedium, "statement interview conference briefing press news speech letter report tweet post message television radio release email call phone twitter facebook reporters journalists remarks address video comments filing memo document blog testimony hearing rally column essay documents papers court")
	add(wFinite, "is are was were has have had will would can could may might must should do does did says said went came took made began killed left gave got fell rose hit won lost goes comes takes makes gives gets heard saw felt broke shook fell lay lay met held led left lost ran sank spoke stood struck swept threw told took wore won wrote began became bought brought built burst caught chose drew drove ate fought fled flew froze grew hid hit hurt kept knew laid let paid put read rode rose sent shot shut slept spent stole stuck swam taught tore woke works needs wants plans expects")
	return m
})
