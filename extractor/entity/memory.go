package entity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// A memory is a table of what the document says of a word anywhere: open
// addressing by the hash of the word's lower case.
type memory struct {
	slots []memo
	mask  uint32
}

// A memo is what the document says of one word.
type memo struct {
	lower uint32
	used  bool
	small bool            // stands in lower case somewhere
	inner bool            // stands capitalised inside of a sentence
	run   extractor.Range // the longest run of capitalised words with it
	head  uint32          // an acronym: the word before its parenthesis
	quad  uint16          // and its cluster
}

// find returns the memo of a word, an unused one if there is none yet.
func (m *memory) find(lower uint32) *memo {
	for at := linear.Mix(2, lower); ; at++ {
		s := &m.slots[at&m.mask]
		if !s.used || s.lower == lower {
			return s
		}
	}
}

// remember fills the memory from the words of the page.
func (p *Page) remember(doc *extractor.Doc) {
	size := 16
	for size < 2*len(doc.Tokens) {
		size *= 2
	}
	p.memory.slots = resize(p.memory.slots, size)
	p.memory.mask = uint32(size - 1)
	for _, s := range doc.Sentences {
		for i := s.From; i < s.To; {
			j := p.run(s.Range, i)
			for k := i; k < max(j, i+1); k++ {
				p.note(s.Range, k, extractor.Range{From: i, To: j})
			}
			i = max(j, i+1)
		}
	}
}

// run returns the end of the run of capitalised words that starts at i, i if
// none does. Hyphens and initials join.
func (p *Page) run(r extractor.Range, i int) int {
	const longest = 8
	j := i
	for j < r.To && j-i < longest {
		w := &p.words[j]
		switch {
		case w.Caps != linear.NoCaps && !w.Marks:
			j++
		case j > i && w.Lower == hyphen && p.glued[j] && j+1 < r.To && p.glued[j+1] && p.words[j+1].Caps != linear.NoCaps:
			j += 2
		default:
			return j
		}
	}
	return j
}

var (
	hyphen = linear.Hash("-")
	open   = linear.Hash("(")
)

// note remembers token i, which stands in the run of capitalised words run.
func (p *Page) note(r extractor.Range, i int, run extractor.Range) {
	w := &p.words[i]
	if w.Marks {
		return
	}
	p.runs[i] = run
	m := p.memory.find(w.Lower)
	if !m.used {
		*m = memo{lower: w.Lower, used: true}
	}
	switch {
	case p.shout[i]:
	case w.Caps == linear.NoCaps:
		m.small = true
	case !p.first[i]:
		m.inner = true
	}
	if w.Caps != linear.NoCaps && run.To-run.From > m.run.To-m.run.From {
		m.run = run
	}
	if w.Caps == linear.AllCaps && i-2 >= r.From && p.words[i-1].Lower == open && m.head == 0 {
		m.head, m.quad = p.words[i-2].Lower, p.words[i-2].Quad[1]
	}
}

// memoryFeatures appends what the document says of the word of token i elsewhere.
func (p *Page) memoryFeatures(f []uint32, i int) []uint32 {
	w := &p.words[i]
	if w.Marks {
		return f
	}
	add := func(t, v uint32) { f = append(f, linear.Mix(t, v)) }
	m := p.memory.find(w.Lower)
	flags := uint32(w.Caps)
	if m.small {
		flags |= 4
	}
	if m.inner {
		flags |= 8
	}
	if p.first[i] {
		flags |= 16
	}
	add(80, flags)
	if m.head != 0 {
		add(81, m.head)
		add(82, uint32(m.quad))
	}
	f = p.runFeatures(f, i)
	if w.Caps == linear.NoCaps || m.run == p.runs[i] || m.run.To-m.run.From < 2 {
		return f
	}
	before, after := &none, &none
	if m.run.From > 0 {
		before = &p.words[m.run.From-1]
	}
	if m.run.To < len(p.words) {
		after = &p.words[m.run.To]
	}
	a, z := &p.words[m.run.From], &p.words[m.run.To-1]
	add(83, a.Lower)
	add(84, z.Lower)
	add(85, uint32(a.Quad[1]))
	add(86, uint32(z.Quad[1]))
	add(87, before.Lower)
	add(88, after.Lower)
	add(89, uint32(p.single[m.run.From])|uint32(p.multi[m.run.From])<<16)
	add(90, uint32(p.single[m.run.To-1])|flags<<16)
	add(91, uint32(p.runs[i].To-p.runs[i].From)|uint32(m.run.To-m.run.From)<<8)
	return f
}

// runFeatures appends what the run of capitalised words around token i begins
// and ends with, and what stands around it.
func (p *Page) runFeatures(f []uint32, i int) []uint32 {
	run := p.runs[i]
	n := run.To - run.From
	if n < 1 || p.shout[i] {
		return f
	}
	add := func(t, v uint32) { f = append(f, linear.Mix(t, v)) }
	before, after, beyond := &none, &none, &none
	if run.From > 0 {
		before = &p.words[run.From-1]
	}
	if run.To < len(p.words) {
		after = &p.words[run.To]
	}
	if run.To+1 < len(p.words) {
		beyond = &p.words[run.To+1]
	}
	place := uint32(1)
	switch {
	case n == 1:
		place = 0
	case i == run.From:
		place = 2
	case i == run.To-1:
		place = 3
	}
	a, z := &p.words[run.From], &p.words[run.To-1]
	add(92, linear.Join(a.Lower, place))
	add(93, linear.Join(z.Lower, place))
	add(94, uint32(z.Quad[1])<<2|place)
	add(95, uint32(a.Quad[1])<<2|place)
	add(96, linear.Join(before.Lower, place))
	add(97, linear.Join(after.Lower, place))
	add(98, uint32(min(n, 6))|place<<4|uint32(before.Quad[2])<<8|uint32(after.Quad[2])<<16)
	add(99, linear.Join(linear.Join(z.Lower, after.Lower), uint32(beyond.Quad[2])<<2|place))
	add(100, linear.Join(uint32(p.single[run.From])|uint32(p.single[run.To-1])<<16, place))
	return f
}
