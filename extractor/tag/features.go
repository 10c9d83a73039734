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

// Static appends the features of token i that do not depend on tags. Trainer
// and tagger share it: a change here needs a new model.
func Static(f []uint32, words []linear.Word, i int) []uint32 {
	w, l, r, ll, rr := at(words, i), at(words, i-1), at(words, i+1), at(words, i-2), at(words, i+2)
	first := uint32(0)
	if i == 0 {
		first = 1
	}
	flags := uint32(w.Caps) | first<<2
	if w.Digits {
		flags |= 8
	}
	if w.Length&glued != 0 {
		flags |= 16
	}
	add := func(t, v uint32) { f = append(f, linear.Mix(t, v)) }
	add(0, 0)
	add(1, w.Form)
	add(2, w.Norm)
	add(3, w.Short^flags<<24)
	add(4, w.Shape)
	add(5, w.Prefix[0])
	add(6, w.Prefix[1])
	add(7, w.Prefix[2])
	add(8, w.Prefix[3])
	add(9, w.Suffix[0])
	add(10, w.Suffix[1])
	add(11, w.Suffix[2])
	add(12, w.Suffix[3])
	add(13, flags)
	add(14, l.Norm)
	add(15, r.Norm)
	add(16, ll.Norm)
	add(17, rr.Norm)
	add(18, linear.Join(l.Norm, w.Norm))
	add(19, linear.Join(w.Norm, r.Norm))
	add(20, linear.Join(l.Norm, r.Norm))
	add(21, uint32(w.Quad[0]))
	add(22, uint32(w.Quad[1]))
	add(23, uint32(w.Quad[2])|flags<<16)
	add(24, uint32(l.Quad[1]))
	add(25, uint32(r.Quad[1]))
	add(26, uint32(l.Quad[2]))
	add(27, uint32(r.Quad[2]))
	add(28, uint32(w.Quad[1])<<16|uint32(r.Quad[1]))
	add(29, uint32(l.Quad[1])<<16|uint32(w.Quad[1]))
	add(30, linear.Join(r.Suffix[2], 0))
	add(31, linear.Join(l.Suffix[2], 0))
	add(32, linear.Join(linear.Join(l.Suffix[1], w.Suffix[2]), r.Suffix[1]))
	add(33, linear.Join(w.Norm, uint32(r.Quad[2])<<8|uint32(rr.Quad[2])))
	add(34, uint32(ll.Quad[2])<<16|uint32(l.Quad[2]))
	add(35, uint32(r.Quad[2])<<16|uint32(rr.Quad[2]))
	add(36, linear.Join(w.Suffix[2], uint32(r.Quad[2])))
	add(37, linear.Join(w.Suffix[2], uint32(l.Quad[2])))
	add(38, uint32(l.Caps)|uint32(w.Caps)<<4|uint32(r.Caps)<<8|first<<12)
	add(39, linear.Join(r.Norm, rr.Norm))
	return f
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
