package entity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

// repair applies the conventions for the edges and types of names, and then
// what the document says about a name elsewhere.
func repair(doc *extractor.Doc, p *Page, names []extractor.Name) []extractor.Name {
	out := make([]extractor.Name, 0, len(names)+4)
	for i := range names {
		for n, rest := p.cut(doc, names[i]); ; n, rest = p.cut(doc, rest) {
			if p.trim(doc, &n) {
				p.retype(&n)
				p.locate(doc, &n)
				if n.Type == schemas.Person {
					p.stretch(doc, out, &n)
					p.settle(doc, out, &n)
				}
				p.trade(doc, &n)
				out = p.push(doc, out, n)
			}
			if rest.From == rest.To {
				break
			}
		}
	}
	out = p.quoted(doc, p.senders(doc, out))
	for range rounds {
		p.vote(doc, out)
	}
	return p.bodies(doc, p.ministries(doc, p.echo(doc, out)))
}

// push appends n to out, or joins it with the last name there.
func (p *Page) push(doc *extractor.Doc, out []extractor.Name, n extractor.Name) []extractor.Name {
	if len(out) > 0 && out[len(out)-1].To > n.From {
		return out // the last one grew over it: "Vera's Diner"
	}
	if len(out) > 0 && p.joins(doc, out[len(out)-1], n) {
		last := &out[len(out)-1]
		if last.To < n.From && p.words[last.To].Lower == ampersand {
			last.Type = schemas.Organisation
		}
		last.To, last.End = n.To, n.End
		last.Confidence = min(last.Confidence, n.Confidence)
		return out
	}
	return append(out, n)
}

// stretch moves the edges of a person's name outwards over a single initial
// or a listed first name before it, and over the second half of a given name after it ("Kim Yong-nam").
func (p *Page) stretch(doc *extractor.Doc, before []extractor.Name, n *extractor.Name) {
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	free := len(before) == 0 || before[len(before)-1].To <= n.From-1
	switch i := n.From - 1; {
	case i < s.From || !free:
	case p.initials(doc, i):
		n.From = i
	case n.To-n.From > 1 || p.words[i].Caps != linear.Initial || titles[p.words[i].Lower]:
	case !p.first[i] && p.single[i]&First != 0 && p.single[i]&(Role|Norp|City|Country) == 0,
		i == s.From && n.To == s.To && doc.Tokens[i].UPOS == extractor.PROPN && p.single[i]&(Role|Norp|City|Country) == 0: // a signature
		n.From = i
	}
	const syllable = 4 // bytes, at most
	if i := n.To; n.To-n.From > 1 && i+1 < s.To && p.words[i].Lower == hyphen && p.glued[i] && p.glued[i+1] &&
		p.words[i+1].Caps == linear.NoCaps && !p.words[i+1].Marks && !p.words[i+1].Digits && p.words[i+1].Length <= syllable && p.words[n.To-1].Length <= syllable && !endings[p.words[i+1].Lower] {
		n.To += 2
	}
	n.Span = doc.SpanOf(n.Range)
}

// initials reports whether token i is an initial or several: "A.", "W.H.S.", "K".
func (p *Page) initials(doc *extractor.Doc, i int) bool {
	w := &p.words[i]
	if w.Caps != linear.AllCaps || w.Digits || pronouns[w.Lower] || w.Lower == postscript || p.single[i]&(Country|Org|Role|Norp) != 0 {
		return false
	}
	text := doc.Word(i)
	if w.Length == 1 {
		return !p.first[i] || text != "A" && text != "I"
	}
	for k := range len(text) {
		if (k%2 == 1) != (text[k] == '.') {
			return false
		}
	}
	return len(text)%2 == 0
}

// trim moves the edges of n inwards, past what does not belong to a name, and
// outwards over the halves of a compound adjective. It reports whether a name
// is left.
func (p *Page) trim(doc *extractor.Doc, n *extractor.Name) bool {
	for n.From < n.To {
		w := &p.words[n.From]
		switch {
		case w.Marks && w.Lower != open, w.Lower == the && w.Caps == linear.NoCaps, possessives[w.Lower]:
		case n.Type == schemas.Person && n.To-n.From > 1 && titles[w.Lower]:
		default:
			goto end
		}
		n.From++
	}
end:
	for n.To > n.From {
		w := &p.words[n.To-1]
		generic := n.To-n.From > 1 && w.Caps == linear.NoCaps && generics[w.Lower]
		number := n.Type == schemas.Person && w.Digits
		if !generic && !number && !possessives[w.Lower] && !(w.Marks && !closers[w.Lower]) {
			break
		}
		n.To--
	}
	if n.To > n.From && firms[p.words[n.To-1].Lower] && n.To < len(p.words) && p.words[n.To].Lower == period && p.glued[n.To] {
		n.To++ // the period of "Ltd." ends the sentence too
	}
	if n.From == n.To || n.Type == schemas.Person && n.To-n.From < 3 && (n.To-n.From == 1 && honorific[p.words[n.From].Lower] || ranks[p.words[n.To-1].Lower]) {
		return false
	}
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	if n.Type == schemas.Group && n.From > s.From && directions[p.words[n.From-1].Lower] && p.words[n.From-1].Caps != linear.NoCaps && p.regional(n.From) {
		n.From--
	}
	n.Span = doc.SpanOf(n.Range)
	return true
}

// retype makes a name of nothing but demonyms NORP.
func (p *Page) retype(n *extractor.Name) {
	if n.Type == schemas.Group || n.To-n.From > 2 {
		return
	}
	for i := n.From; i < n.To; i++ {
		if p.words[i].Caps == linear.NoCaps || p.single[i]&Norp == 0 || p.single[i]&(City|Country) != 0 {
			return
		}
	}
	if n.Type == schemas.Organisation && n.Confidence > 0.6 && p.words[n.From].Lower != indigenous {
		return // "Republicans" the party
	}
	n.Type = schemas.Group
}

// regional reports whether token i is a demonym that a direction can precede.
func (p *Page) regional(i int) bool { return (p.single[i]|p.multi[i])&Norp != 0 }

// joins reports whether the name b goes on with the name a: halves of a word
// with a hyphen between, both of one type; firms with "&" between; a creed and
// its religion.
func (p *Page) joins(doc *extractor.Doc, a, b extractor.Name) bool {
	if a.To == b.From && a.Type == schemas.Group && b.Type == schemas.Group {
		return b.To-b.From == 1 && creeds[p.words[a.To-1].Lower] && religions[p.words[b.From].Lower]
	}
	if a.To+1 == b.From && p.words[a.To].Lower == the && a.Type == schemas.Person && b.Type == schemas.Group {
		return a.To-a.From == 1 && b.To-b.From == 1 && p.epithet(doc, b)
	}
	if a.To+1 != b.From || doc.Tokens[a.From].Sentence != doc.Tokens[b.From].Sentence {
		return false
	}
	if p.words[a.To].Lower == ampersand {
		return a.Type == schemas.Organisation || b.Type == schemas.Organisation
	}
	return a.Type == b.Type && a.To+1 == b.From && p.words[a.To].Lower == hyphen && doc.Tokens[a.To].Glued && doc.Tokens[b.From].Glued &&
		a.Type != schemas.Location && a.Type != schemas.Group
}

// epithet reports whether the people b, behind a first name and "the", is part
// of the name ("Anna the Dane") because no noun follows it.
func (p *Page) epithet(doc *extractor.Doc, b extractor.Name) bool {
	if b.To == len(doc.Tokens) || doc.Tokens[b.To].Sentence != doc.Tokens[b.From].Sentence {
		return true
	}
	switch doc.Tokens[b.To].UPOS {
	case extractor.NoPOS, extractor.NOUN, extractor.PROPN, extractor.ADJ:
		return false
	}
	return true
}
