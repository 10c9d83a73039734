package linear

// memoBits is the number of words that a Memo remembers, as a power of two: most of
// the words of an article are among those of the articles before it.
const memoBits = 11

// MemoSize is the number of places of a Memo.
const MemoSize = 1 << memoBits

// A Memo gives words places, at which a model keeps what it has computed of them. A word
// loses its place to another one that needs it. The zero Memo is ready to use, by one
// goroutine.
type Memo struct {
	words [MemoSize]Word
	used  [MemoSize]bool
}

// Place returns the place of a word, and whether it has had it since the last call
// for another word with that place: if not, what is kept there is of another word.
func (m *Memo) Place(w *Word) (place int, known bool) {
	place = int(placeOf(w))
	if m.used[place] && m.words[place] == *w {
		return place, true
	}
	m.words[place], m.used[place] = *w, true
	return place, false
}

// Foresee has the place that a word has or will have brought near, and returns it.
func (m *Memo) Foresee(w *Word) (place uint32) {
	place = placeOf(w)
	Prefetch(m.words[place:], []uint32{0, 1}, 6)
	return place
}

func placeOf(w *Word) uint32 { return Mix(4, w.Form^uint32(w.Length)<<24) >> (32 - memoBits) }
