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
	turns [MemoSize]uint32 // of the words of a place, from 1; 0 if it has had none
}

// A Ticket is the place of a word as long as no other has taken it. The zero Ticket is none.
type Ticket struct{ place, turn uint32 }

// Place returns the place of a word, and whether it has had it since the last call
// for another word with that place: if not, what is kept there is of another word. The ticket is of
// the word, from the last call for it, or none; Place renews it.
func (m *Memo) Place(w *Word, t *Ticket) (place int, known bool) {
	if t.turn != 0 && m.turns[t.place%MemoSize] == t.turn {
		return int(t.place), true
	}
	at := placeOf(w)
	if known = m.turns[at] != 0 && m.words[at] == *w; !known {
		m.words[at] = *w
		m.turns[at] = max(1, m.turns[at]+1)
	}
	*t = Ticket{at, m.turns[at]}
	return int(at), known
}

// Foresee has the place that a word has or will have brought near, and returns it.
func (m *Memo) Foresee(w *Word) (place uint32) {
	place = placeOf(w)
	Prefetch(m.words[place:], []uint32{0, 1}, 6)
	return place
}

func placeOf(w *Word) uint32 { return Mix(4, w.Form^uint32(w.Length)<<24) >> (32 - memoBits) }
