// Package role fills the slots of quantities: what happened to the people
// counted, who did it, where, when, in which sense it is said and by whom.
//
// It reads chunks (noun phrases, verb groups, prepositions) made from tags and
// tables, sentence by sentence. A slot is filled from the clause of the figure
// first, then from its sentence, then from the incident that the article reports;
// OriginOf says which. What the text does not say stays empty.
package role

import (
	"slices"
	"strings"
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Roles sets the fields of Doc.Quantities from Category on. It needs the stages
// before it, most of all quantity; statements are used if they are there.
type Roles struct {
	lex     lexicon
	scratch sync.Pool
}

// New returns a Roles.
func New() *Roles {
	r := &Roles{lex: loadLexicon()}
	r.scratch.New = func() any { return new(reader) }
	return r
}

// Annotate implements [extractor.Stage].
func (r *Roles) Annotate(doc *extractor.Doc) error {
	rd := r.scratch.Get().(*reader)
	rd.doc, rd.lex = doc, r.lex
	rd.read()
	rd.doc = nil
	r.scratch.Put(rd)
	return nil
}

// A reader is the state of one pass over a Doc.
type reader struct {
	doc      *extractor.Doc
	lex      lexicon
	cues     []*cue // one a token
	from, to int    // tokens of the sentence in hand
	chunks   []chunk
	chunkOf  []int32 // for each token of the sentence, its chunk
	preds    []predicate
	incident incident

	scenes      []scene         // one a sentence
	lastAgent   *extractor.Slot // of the sentence with figures before
	evacuations int             // words of evacuation in the text; -1 if not counted yet
	theme       theme
}

// A predicate is the word that governs a figure.
type predicate struct {
	category schemas.Category
	token    int  // -1 if none
	subject  bool // the figure is the subject (of an active or passive verb)
	passive  bool
	rule     string
	strong   bool
	past     bool // the predicate is a verb in the past tense
	narrates bool // it tells what happened next: "arrived", "was taken", but not "had been", "was"
	beside   bool // the figure only compares the one before it
	aside    bool // the figure only describes where or whence
	sameAct  bool // the subject of the predicate is an event named before
}

// countedAreNouns mends tags: what a number counts is a noun, whatever the tagger
// took it for ("500 trucks a day were …").
func (r *reader) countedAreNouns() {
	for i := range r.doc.Quantities {
		c := r.doc.Quantities[i].Counted
		if c == nil {
			continue
		}
		t := &r.doc.Tokens[r.doc.TokenAt(c.End-1)]
		if t.End == c.End && t.UPOS == extractor.VERB && t.Tag == "VBZ" {
			t.UPOS, t.Tag = extractor.NOUN, "NNS"
		}
	}
}

// strikesAreVerbs mends tags: what a quake or a storm does to a place is a verb,
// whatever the tagger took it for ("A quake hit eastern Turkey").
func (r *reader) strikesAreVerbs() {
	toks := r.doc.Tokens
	for i := 1; i+1 < len(toks); i++ {
		t := &toks[i]
		if r.cues[i-1].class&(event|cause) == 0 {
			continue
		}
		if t.UPOS == extractor.VERB {
			if t.Tag == "VBP" && r.doc.Word(i) == "hit" { // Floods hit the coast on Monday
				t.Tag = "VBD"
			}
			continue
		}
		switch r.doc.Word(i) {
		case "hit", "struck", "rocked", "shook", "swept", "rattled":
		default:
			continue
		}
		k := i + 1
		for k < len(toks) && k < i+4 && toks[k].Name < 0 && (toks[k].UPOS == extractor.ADJ || toks[k].UPOS == extractor.DET) {
			k++
		}
		if k < len(toks) && toks[k].Name >= 0 && r.doc.Names[toks[k].Name].Type == schemas.Location {
			t.UPOS, t.Tag = extractor.VERB, "VBD"
			toks[i-1].UPOS, toks[i-1].Tag = extractor.NOUN, "NN"
		}
	}
}

// attitudesAreVerbs mends tags: "plans to", "calls for", "fears that" after a noun is
// the verb of a sentence that has no other, whatever the tagger took it for ("The
// chamber fears that …", "The response plan calls for …").
func (r *reader) attitudesAreVerbs() {
	toks := r.doc.Tokens
	for i := 1; i+2 < len(toks); i++ {
		t := &toks[i]
		if t.Tag != "NNS" || r.cues[i].class&(planned|requiredTo|possible) == 0 || toks[i-1].UPOS != extractor.NOUN && toks[i-1].UPOS != extractor.PROPN || toks[i-1].Tag == "NNS" {
			continue
		}
		that := false
		switch r.doc.Word(i + 1) {
		case "to":
			if toks[i+2].Tag != "VB" {
				continue
			}
		case "for":
		case "that":
			that = true
		default:
			continue
		}
		const window = 60
		if s := r.doc.Sentences[t.Sentence]; i-s.From < window && !r.verbIn(s.From, i) && (that || s.To-i < window && !r.verbIn(i+1, s.To)) {
			t.UPOS, t.Tag = extractor.VERB, "VBZ"
		}
	}
}

// verbIn reports whether a finite verb stands in the tokens [from, to).
func (r *reader) verbIn(from, to int) bool {
	for i := from; i < to; i++ {
		switch r.doc.Tokens[i].Tag {
		case "VBD", "VBZ", "VBP", "MD":
			return true
		}
	}
	return false
}

func (r *reader) read() {
	r.countedAreNouns()
	r.cues = r.cues[:0]
	for i := range r.doc.Tokens {
		r.cues = append(r.cues, r.cueOf(i))
	}
	r.strikesAreVerbs()
	r.attitudesAreVerbs()
	r.preds = r.preds[:0]
	r.incident, r.evacuations, r.lastAgent, r.theme = incident{}, -1, nil, theme{}
	qs := r.doc.Quantities
	for range qs {
		r.preds = append(r.preds, predicate{token: -1})
	}
	for i := 0; i < len(qs); {
		n := qs[i].Sentence
		j := i + 1
		s := r.doc.Sentences[n]
		from, to := s.From, s.To
		long := to-from > longest
		if long {
			from, to = max(from, qs[i].From-longest/4), min(to, qs[i].From+3*longest/4)
		}
		for j < len(qs) && qs[j].Sentence == n && (!long || qs[j].To <= qs[i].From+longest/2) {
			j++
		}
		r.enterRange(from, to)
		r.sentence(i, j)
		for k := i; k < j; k++ {
			if qs[k].Agent != nil {
				r.lastAgent = qs[k].Agent
			}
		}
		i = j
	}
	r.inherit()
	r.companions()
	r.goOn()
	r.share()
	r.refine()
	r.drop()
}

// sentence fills the slots of the quantities [i, j), which stand in one sentence.
func (r *reader) sentence(i, j int) {
	qs := r.doc.Quantities
	for k := i; k < j; k++ {
		r.nounOfLevel(&qs[k])
		r.baselineNoun(k)
		r.preds[k] = r.category(&qs[k])
		if r.preds[k].category == "" && r.preds[k].token < 0 {
			if p, ok := r.treeCategory(&qs[k]); ok {
				r.preds[k] = p
			}
		}
		if r.innerTotal(k) && r.preds[k].rule != "role/noun" {
			r.preds[k] = predicate{token: -1}
			if p, ok := r.relativeCategory(&qs[k]); ok {
				r.preds[k] = p
			}
		}
	}
	for k := i + 1; k < j; k++ { // 1,220 people were killed, compared with 970 in 2022
		if r.preds[k].category == "" && r.preds[k-1].category != "" && qs[k].Unit == qs[k-1].Unit && slices.Contains(qs[k].Rules, baselineRule) {
			r.preds[k] = r.preds[k-1]
		}
	}
	r.spread(i, j)
	defer r.shareAgents(i, j)
	for k := i; k < j; k++ {
		q, p := &qs[k], &r.preds[k]
		if q.Unit != schemas.UnitCount && !(q.Unit == schemas.UnitPercent && p.category != "") {
			p.category = ""
		}
		q.Category = p.category
		if p.rule != "" {
			q.Rules = append(q.Rules, p.rule)
		}
		if p.token < 0 {
			r.governor(q, p)
		}
		if p.token >= 0 {
			q.Predicate = r.lemma(p.token)
			p.past = r.tag(p.token) == "VBD" || r.passive(p.token)
			p.narrates = p.past && r.narrates(p.token, q.Predicate)
		}
		q.Modality = r.modality(k, p)
		if q.Category == "" && q.Victims {
			continue
		}
		r.source(q)
		r.victim(q)
		r.agent(q, p)
		r.elect(q, p)
		if q.Agent != nil && (r.uninvolved(q, p) || r.innerTotal(k)) {
			q.Agent = nil
			delete(q.OriginOf, "agent")
		}
		r.struck(q)
		if p.aside = q.Category == "" && r.aside(q, p); p.aside {
			r.asidePredicate(q, p)
		}
		r.time(q, p)
		r.place(q, p)
		r.measure(q, p)
		r.confidence(q, p)
	}
}

// innerTotal reports whether figure k is only what the part right before it is taken
// from: "six of the nine suspects were freed".
func (r *reader) innerTotal(k int) bool {
	qs := r.doc.Quantities
	return k > 0 && qs[k-1].PartOf == k && qs[k].From-qs[k-1].To <= 4
}

// drop removes what counts only if it counts victims, and does not.
func (r *reader) drop() {
	qs := r.doc.Quantities
	kept := qs[:0]
	removed := 0
	moved := make([]int, len(qs))
	for i := range qs {
		if qs[i].Victims && qs[i].Category == "" {
			removed++
			moved[i] = -1
			continue
		}
		moved[i] = len(kept)
		kept = append(kept, qs[i])
	}
	if removed > 0 {
		for i := range kept {
			if p := kept[i].PartOf; p >= 0 {
				kept[i].PartOf = moved[p]
			}
		}
	}
	r.doc.Quantities = kept
}

// cueOf returns what the tables say about token i, of a compound with a hyphen about
// all of it: "start-up".
func (r *reader) cueOf(i int) *cue {
	t := &r.doc.Tokens[i]
	if t.UPOS == extractor.NOUN && i > 1 && t.Glued && r.doc.Tokens[i-1].Glued && r.doc.Word(i-1) == "-" {
		if e := r.lex.lookup(r.doc.Text[r.doc.Tokens[i-2].Start:t.End]); e.class&actor != 0 {
			return e
		}
	}
	e := r.lex.lookup(r.doc.Word(i))
	if e == unknown && t.UPOS == extractor.NOUN && t.Name < 0 && (i+1 == len(r.doc.Tokens) || r.doc.Tokens[i+1].Name < 0) && (agentive(r.doc.Word(i)) || i == r.doc.Sentences[t.Sentence].From && t.Tag == "NNS" && agentive(strings.ToLower(r.doc.Word(i)))) { // before a name it only says who that is
		return doerCue
	}
	return e
}

func (r *reader) cue(i int) *cue {
	if i < r.from || i >= r.to {
		return unknown
	}
	return r.cues[i]
}

func (r *reader) is(i int, c class) bool { return r.cue(i).class&c != 0 }

// word returns the text of token i, "" outside of the sentence.
func (r *reader) word(i int) string {
	if i < r.from || i >= r.to {
		return ""
	}
	return r.doc.Word(i)
}

// pos returns the part of speech of token i, PUNCT outside of the sentence.
func (r *reader) pos(i int) extractor.UPOS {
	if i < r.from || i >= r.to {
		return extractor.PUNCT
	}
	return r.doc.Tokens[i].UPOS
}

func (r *reader) tag(i int) string {
	if i < r.from || i >= r.to {
		return ""
	}
	return r.doc.Tokens[i].Tag
}

// origin notes where a slot came from.
func origin(q *extractor.Quantity, slot string, o schemas.SlotOrigin) {
	if q.OriginOf == nil {
		q.OriginOf = map[string]schemas.SlotOrigin{}
	}
	q.OriginOf[slot] = o
}
