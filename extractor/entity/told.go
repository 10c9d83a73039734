package entity

import (
	"slices"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

// A told is one form of a name that the user of the program listed: the hashes
// of its words, as written.
type told struct {
	words []uint32
	kind  schemas.EntityType
}

// Knowing returns a Recognizer that knows names as well: the model sees them as
// it sees listed ones, and where the text has one of their forms, case and all,
// it is a name of that type, unless a longer name contains it. The stage words
// cuts the forms as it cuts texts.
func (r *Recognizer) Knowing(names []extractor.KnownName, words extractor.Stage) (*Recognizer, error) {
	k := NewWith(r.model, NewReaderWith(r.reader.clusters, r.reader.lists))
	k.bare = r.bare
	k.told = map[uint32][]told{}
	var phrases [][]uint32
	var kinds []Kind
	for i := range names {
		for _, form := range names[i].Forms() {
			exact, err := hashes(form, words)
			if err != nil {
				return nil, err
			}
			small, err := hashes(strings.ToLower(form), words)
			if err != nil {
				return nil, err
			}
			if len(exact) == 0 {
				continue
			}
			k.told[exact[0]] = append(k.told[exact[0]], told{exact, names[i].Type})
			phrases, kinds = append(phrases, small), append(kinds, listOf(names[i].Type, len(small)))
		}
	}
	for _, forms := range k.told { // the longest first
		slices.SortStableFunc(forms, func(a, b told) int { return len(b.words) - len(a.words) })
	}
	k.reader.lists = r.reader.lists.with(phrases, kinds)
	return k, nil
}

// hashes returns the hashes of the words of a phrase.
func hashes(phrase string, words extractor.Stage) ([]uint32, error) {
	doc := &extractor.Doc{Text: phrase}
	if err := words.Annotate(doc); err != nil {
		return nil, err
	}
	out := make([]uint32, len(doc.Tokens))
	for i := range out {
		out[i] = linear.Hash(doc.Word(i))
	}
	return out, nil
}

// listOf returns the list that a name of this type and length belongs to.
func listOf(t schemas.EntityType, words int) Kind {
	switch {
	case t == schemas.Person && words > 1:
		return Person
	case t == schemas.Person:
		return Last
	case t == schemas.Organisation:
		return Org
	case t == schemas.Location:
		return City
	case t == schemas.Group:
		return Norp
	}
	return 0
}

// tell puts the listed forms that stand in the text into names, which are in
// order.
func (r *Recognizer) tell(doc *extractor.Doc, p *Page, names []extractor.Name) []extractor.Name {
	if len(r.told) == 0 {
		return names
	}
	found, at := len(names), 0
	for i := 0; i < len(doc.Tokens); i++ {
		for at < found && names[at].To <= i {
			at++
		}
		f := r.formAt(doc, p, i)
		if f == nil {
			continue
		}
		n := extractor.Name{Range: extractor.Range{From: i, To: i + len(f.words)}, Type: f.kind, Confidence: 1, Entity: -1}
		n.Span = doc.SpanOf(n.Range)
		if at < found && names[at].From <= n.From && names[at].To >= n.To && names[at].Range != n.Range {
			continue // part of a longer name
		}
		for k := at; k < found && names[k].From < n.To; k++ {
			names[k].Confidence = -1 // overruled
		}
		names = append(names, n)
		i = n.To - 1
	}
	names = slices.DeleteFunc(names, func(n extractor.Name) bool { return n.Confidence < 0 })
	slices.SortFunc(names, func(a, b extractor.Name) int { return a.From - b.From })
	return names
}

// formAt returns the longest listed form that stands at token i, nil if none does.
func (r *Recognizer) formAt(doc *extractor.Doc, p *Page, i int) *told {
	forms := r.told[p.words[i].Form]
	end := doc.Sentences[doc.Tokens[i].Sentence].To
next:
	for k := range forms {
		f := &forms[k]
		if i+len(f.words) > end {
			continue
		}
		for d, h := range f.words {
			if p.words[i+d].Form != h {
				continue next
			}
		}
		return f
	}
	return nil
}
