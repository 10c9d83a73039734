package same

import (
	"math/bits"
	"slices"
	"strings"
)

// A Doc is what matching knows of an article beside its figures.
type Doc struct {
	ID        string
	Published int      // day, counted from 1970-01-01; 0 if unknown
	Names     []Name   // by ascending hash
	Top       []Name   // those of them that figures are looked up by
	Words     []uint32 // hashes of content words, sorted, unique
	Title     []uint32 // hashes of the title's content words, sorted, unique
	// Near holds, for each place of the article, the places that the text puts
	// beside it: "Ardal, a village outside Torvik" gives ardal -> torvik.
	Near map[string][]string
	// Apart holds the pairs of places, both ways, for which the article gives
	// different figures of one measure: see [Doc.Contrast].
	Apart map[string][]string
}

// Contrast fills Apart from the mentions of the article.
func (d *Doc) Contrast(ms []*Mention) {
	d.Apart = map[string][]string{}
	for i, a := range ms {
		for _, b := range ms[:i] {
			p, q := a.Place.Key, b.Place.Key
			if (a.Place.Country == "") != (b.Place.Country == "") { // the unknown one may lie in the known one
				continue
			}
			if p == "" || q == "" || p == q || !a.counts() || !b.counts() || a.Measure != b.Measure || a.Unit != b.Unit || a.Axis != b.Axis ||
				a.Head != b.Head || a.Figure.Vague || b.Figure.Vague || a.Figure.Near(b.Figure, 5, 4) || beside(d, p, q) || Spelling(p) == Spelling(q) ||
				slices.Contains(a.Place.Within, q) || slices.Contains(b.Place.Within, p) {
				continue
			}
			d.Apart[p], d.Apart[q] = append(d.Apart[p], q), append(d.Apart[q], p)
		}
	}
}

// Spelling reduces a name to what its transliterations share: the consonants,
// without doubled letters, silent h and the Arabic article. A name of which less
// than two letters are left stands for itself.
func Spelling(key string) string {
	words := strings.Fields(key)
	if len(words) > 1 && (words[0] == "al" || words[0] == "el" || words[0] == "ar" || words[0] == "as" || words[0] == "ad") {
		words = words[1:]
	}
	var b []byte
	for i, w := range words {
		if i > 0 {
			b = append(b, ' ')
		}
		for j := 0; j < len(w); j++ {
			c := w[j]
			if strings.IndexByte("aeiouhyw", c) >= 0 && j > 0 || len(b) > 0 && b[len(b)-1] == c {
				continue
			}
			b = append(b, c)
		}
	}
	if len(b) < 2 {
		return strings.Join(words, " ")
	}
	return string(b)
}

// A Name is a name of the article and how much it tells about the story.
type Name struct {
	Hash   uint32
	Weight int
}

// Stories remembers the [Story] of one article with others, for as long as its
// mentions are compared. The zero value is empty.
type Stories struct {
	of    *Doc
	found map[*Doc]int
}

func (s *Stories) story(a, b *Doc) int {
	if s == nil {
		return Story(a, b)
	}
	if s.of != a {
		s.of = a
		if s.found == nil {
			s.found = map[*Doc]int{}
		}
		clear(s.found)
	}
	n, ok := s.found[b]
	if !ok {
		n = Story(a, b)
		s.found[b] = n
	}
	return n
}

// Story returns how much two articles look like reports of one story, from 0 to
// 100. It uses no word statistics, so it depends on the two articles alone.
func Story(a, b *Doc) int {
	if a == b || a.ID == b.ID {
		return 100
	}
	return (names(a.Names, b.Names)*5 + cosine(a.Words, b.Words)*4 + cosine(a.Title, b.Title)) / 10
}

func names(a, b []Name) int {
	common, sa, sb := 0, 0, 0
	for _, n := range a {
		sa += n.Weight
	}
	for _, n := range b {
		sb += n.Weight
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].Hash < b[j].Hash:
			i++
		case a[i].Hash > b[j].Hash:
			j++
		default:
			common += min(a[i].Weight, b[j].Weight)
			i, j = i+1, j+1
		}
	}
	if m := max(min(sa, sb), 6); common > 0 { // a text of one or two names proves little
		return min(100*common/m, 100)
	}
	return 0
}

// cosine is 100 times the set cosine, rounded down.
func cosine(a, b []uint32) int {
	n := common(a, b)
	if n == 0 {
		return 0
	}
	return isqrt(uint64(n) * uint64(n) * 10000 / (uint64(len(a)) * uint64(len(b))))
}

func common(a, b []uint32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n++
			i, j = i+1, j+1
		}
	}
	return n
}

// isqrt is the integer square root: no floating point, the same everywhere.
func isqrt(n uint64) int {
	if n == 0 {
		return 0
	}
	x := uint64(1) << ((bits.Len64(n) + 1) / 2)
	for {
		y := (x + n/x) / 2
		if y >= x {
			return int(x)
		}
		x = y
	}
}
