package statement

import "slices"

// continued attributes quotes without a cue to the speaker who was quoted right
// before them.
func (r *reader) continued() {
	slices.SortStableFunc(r.found, func(a, b found) int { return a.from - b.from })
	n := len(r.found)
	k := 0
	var extra []found
	for q := range r.quotes {
		z := &r.quotes[q]
		for k < n && r.found[k].from < z.from {
			k++
		}
		if z.used || z.to-z.from < 3 || !r.wholeSentence(z) {
			continue
		}
		var f found
		switch {
		case k > 0 && r.follows(&r.found[k-1], z):
			f = r.found[k-1]
		case len(extra) > 0 && extra[len(extra)-1].to < z.from && r.follows(&extra[len(extra)-1], z):
			f = extra[len(extra)-1]
		case r.goesOn(q) && k < n && r.found[k].from >= r.quotes[q+1].from && r.found[k].to <= r.quotes[q+1].to:
			f = r.found[k]
		default:
			continue
		}
		f.from, f.to = r.trim(z.from, z.to)
		f.rule, f.addressee = "continued", phrase{}
		if f.from < f.to {
			z.used = true
			extra = append(extra, f)
		}
	}
	r.found = append(r.found, extra...)
}

// goesOn reports whether quote q runs to the end of its paragraph without a closing
// mark and the next one opens the paragraph after.
func (r *reader) goesOn(q int) bool {
	if q+1 >= len(r.quotes) {
		return false
	}
	z, n := &r.quotes[q], &r.quotes[q+1]
	return z.end == z.to && n.open == z.end
}

// wholeSentence reports whether a quote is words of its own, not part of a sentence.
func (r *reader) wholeSentence(z *quote) bool {
	s := r.text.sentence(z.open)
	return s.From == z.open || s.From == z.from
}

// follows reports whether quote z goes on from statement f: in its sentence or the
// one after, or at the start of the next paragraph.
func (r *reader) follows(f *found, z *quote) bool {
	last := max(f.to-1, f.cue.To-1)
	a, b := int(r.Tokens[last].Sentence), int(r.Tokens[z.open].Sentence)
	return b-a <= 1 || b-a <= 2 && r.Sentences[a].Paragraph == r.Sentences[b].Paragraph
}
