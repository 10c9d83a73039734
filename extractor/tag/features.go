package tag

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// Words appends the records of the tokens of r to out.
func Words(out []linear.Word, c *linear.Clusters, doc *extractor.Doc, r extractor.Range) []linear.Word {
	for i := r.From; i < r.To; i++ {
		w := linear.NewWord(c, doc.Word(i))
		if doc.Tokens[i].Glued {
			w.Length |= glued
		}
		out = append(out, w)
	}
	return out
}

// glued marks a word without white space before it, in linear.Word.Length.
const glued = 0x80

var none linear.Word

func at(words []linear.Word, i int) *linear.Word {
	if i < 0 || i >= len(words) {
		return &none
	}
	return &words[i]
}

// NumStatic is the number of static features of a token.
const NumStatic = 40

// Static appends the features of token i that do not depend on tags, in the order
// of their templates. Trainer and tagger share it: a change here needs a new model.
func Static(f []uint32, words []linear.Word, i int) []uint32 {
	var s [NumStatic]uint32
	own(&s, at(words, i), i == 0)
	left(&s, at(words, i-1))
	right(&s, at(words, i+1))
	around(&s, words, i)
	return append(f, s[:]...)
}

// Templates of static features that depend on one word alone: the token's own, the
// one before it, the one after it. Tokens with equal words share them.
var (
	ownTemplates   = [...]uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 21, 22, 23}
	leftTemplates  = [...]uint8{14, 24, 26, 31}
	rightTemplates = [...]uint8{15, 25, 27, 30}
	otherTemplates = [...]uint8{16, 17, 18, 19, 20, 28, 29, 32, 33, 34, 35, 36, 37, 38, 39}
)

// own sets the features of the token's word.
func own(f *[NumStatic]uint32, w *linear.Word, first bool) {
	flags := uint32(w.Caps)
	if first {
		flags |= 4
	}
	if w.Digits {
		flags |= 8
	}
	if w.Length&glued != 0 {
		flags |= 16
	}
	set := func(t, v uint32) { f[t] = linear.Mix(t, v) }
	set(0, 0)
	set(1, w.Form)
	set(2, w.Norm)
	set(3, w.Short^flags<<24)
	set(4, w.Shape)
	set(5, w.Prefix[0])
	set(6, w.Prefix[1])
	set(7, w.Prefix[2])
	set(8, w.Prefix[3])
	set(9, w.Suffix[0])
	set(10, w.Suffix[1])
	set(11, w.Suffix[2])
	set(12, w.Suffix[3])
	set(13, flags)
	set(21, uint32(w.Quad[0]))
	set(22, uint32(w.Quad[1]))
	set(23, uint32(w.Quad[2])|flags<<16)
}

// left sets the features of the word before the token.
func left(f *[NumStatic]uint32, l *linear.Word) {
	set := func(t, v uint32) { f[t] = linear.Mix(t, v) }
	set(14, l.Norm)
	set(24, uint32(l.Quad[1]))
	set(26, uint32(l.Quad[2]))
	set(31, linear.Join(l.Suffix[2], 0))
}

// right sets the features of the word after the token.
func right(f *[NumStatic]uint32, r *linear.Word) {
	set := func(t, v uint32) { f[t] = linear.Mix(t, v) }
	set(15, r.Norm)
	set(25, uint32(r.Quad[1]))
	set(27, uint32(r.Quad[2]))
	set(30, linear.Join(r.Suffix[2], 0))
}

// around sets the other features of token i.
func around(f *[NumStatic]uint32, words []linear.Word, i int) {
	w, l, r, ll, rr := at(words, i), at(words, i-1), at(words, i+1), at(words, i-2), at(words, i+2)
	first := uint32(0)
	if i == 0 {
		first = 1
	}
	set := func(t, v uint32) { f[t] = linear.Mix(t, v) }
	set(16, ll.Norm)
	set(17, rr.Norm)
	set(18, linear.Join(l.Norm, w.Norm))
	set(19, linear.Join(w.Norm, r.Norm))
	set(20, linear.Join(l.Norm, r.Norm))
	set(28, uint32(w.Quad[1])<<16|uint32(r.Quad[1]))
	set(29, uint32(l.Quad[1])<<16|uint32(w.Quad[1]))
	set(32, linear.Join(linear.Join(l.Suffix[1], w.Suffix[2]), r.Suffix[1]))
	set(33, linear.Join(w.Norm, uint32(r.Quad[2])<<8|uint32(rr.Quad[2])))
	set(34, uint32(ll.Quad[2])<<16|uint32(l.Quad[2]))
	set(35, uint32(r.Quad[2])<<16|uint32(rr.Quad[2]))
	set(36, linear.Join(w.Suffix[2], uint32(r.Quad[2])))
	set(37, linear.Join(w.Suffix[2], uint32(l.Quad[2])))
	set(38, uint32(l.Caps)|uint32(w.Caps)<<4|uint32(r.Caps)<<8|first<<12)
	set(39, linear.Join(r.Norm, rr.Norm))
}

// History appends the features of token i that depend on the labels of the
// tokens before it.
func History(f []uint32, words []linear.Word, labels []uint8, i int) []uint32 {
	w, r := at(words, i), at(words, i+1)
	t1, t2 := uint32(255), uint32(255)
	if i > 0 {
		t1 = uint32(labels[i-1])
	}
	if i > 1 {
		t2 = uint32(labels[i-2])
	}
	add := func(t, v uint32) { f = append(f, linear.Mix(t, v)) }
	add(64, t1)
	add(65, t1|t2<<8)
	add(66, linear.Join(w.Norm, t1))
	add(67, linear.Join(w.Norm, t1|t2<<8))
	add(68, linear.Join(w.Suffix[2], t1))
	add(69, t1|uint32(w.Quad[1])<<8)
	add(70, t1|uint32(r.Quad[2])<<8|uint32(w.Quad[2])<<16)
	add(71, linear.Join(r.Norm, t1))
	add(72, t1|uint32(w.Caps)<<8|t2<<16)
	add(73, linear.Join(r.Suffix[2], t1|uint32(w.Quad[2])<<8))
	return f
}
