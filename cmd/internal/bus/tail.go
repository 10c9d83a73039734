package bus

import (
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// Bounds of a tail.
const (
	tailBytes = 16 << 20               // of bodies, as they were sent, of the records that it keeps for readers who lag
	tailLook  = 500 * time.Millisecond // how often an idle reader asks whether others publish
	tailRest  = time.Minute            // how long it is not used after others did
)

// A tail hands the newest records of a stream to the readers of this process as they
// are published, once they are stored: that spares the server to read them from its
// disk and to send them, and the reader to check, or to decode, what it never let out of its hands. A
// reader that is not near the end reads the stream.
//
// It serves the embedded server alone, where nearly all that is published comes from
// this process. If somebody else publishes, the sequences have a gap, and the readers
// go back to the stream.
type tail struct {
	mu      sync.Mutex // owns the rest
	last    uint64     // sequence of the newest record; 0 if it is not known
	kept    []tailed   // the newest records, without a gap, up to last
	bytes   int        // of their bodies
	readers map[*tailReader]bool
	sending int       // calls to publish under way
	sent    int       // calls to publish, ever
	off     time.Time // nothing is kept before
}

// A tailed record is one of a tail.
type tailed struct {
	sequence uint64
	subject  string
	change   *schemas.Change // that all readers share, nil for a record that is read of its body
	body     []byte          // nil if there is a change
	size     int             // of the body
}

// A tailReader is a reader's place in a tail. A nil tailReader is nowhere.
type tailReader struct {
	tail *tail
	last uint64 // sequence of the last record that the reader has
	wake func() // called when the tail can say what comes next, or no longer; nil: not
	idle bool   // the reader has all of the tail, and waits for more
}

// begin notes that something is going to be published.
func (t *tail) begin() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sending++
	t.sent++
}

// end notes what has been published; stored says whether all of it is. The bodies that
// are kept are copied.
func (t *tail) end(msgs []message, stored bool) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sending--
	defer t.wake()
	if !stored { // nobody knows what is
		t.forget()
		return
	}
	size := 0
	for i := range msgs {
		if msgs[i].change == nil {
			size += len(msgs[i].msg.Data)
		}
	}
	var room []byte
	if len(t.readers) > 0 {
		room = make([]byte, 0, size)
	}
	for i := range msgs {
		if m := &msgs[i]; m.sequence != 0 { // else it was stored before
			room = t.add(m, room)
		}
	}
	t.trim()
}

// wake wakes the readers that wait for what the tail has now. t.mu is held.
func (t *tail) wake() {
	for r := range t.readers {
		if r.wake != nil && (r.idle && r.last != t.last || !r.idle && t.covers(r.last)) {
			r.wake()
			r.wake = nil
		}
	}
}

// add appends a record. A body that readers need is copied to the end of room.
func (t *tail) add(m *message, room []byte) []byte {
	if t.last != 0 && m.sequence != t.last+1 {
		t.rest()
	}
	if time.Now().Before(t.off) {
		return room
	}
	t.last = m.sequence
	if len(t.readers) == 0 {
		return room
	}
	r := tailed{sequence: m.sequence, subject: m.msg.Subject, change: m.change, size: len(m.msg.Data)}
	if r.change == nil {
		room = append(room, m.msg.Data...)
		r.body = room[len(room)-r.size : len(room) : len(room)]
	}
	t.kept, t.bytes = append(t.kept, r), t.bytes+r.size
	return room
}

// forget begins anew, for readers to turn to the stream. t.mu is held.
func (t *tail) forget() { t.last, t.kept, t.bytes = 0, nil, 0 }

// rest forgets for a while. t.mu is held.
func (t *tail) rest() {
	t.forget()
	t.off = time.Now().Add(tailRest)
}

// erase forgets everything: some of it has been erased from the stream.
func (t *tail) erase() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget()
}

// trim drops what every reader has, and the oldest records beyond what is kept. t.mu is held.
func (t *tail) trim() {
	least := t.last
	for r := range t.readers {
		least = min(least, r.last)
	}
	n := 0
	for n < len(t.kept) && (t.kept[n].sequence <= least || t.bytes > tailBytes) {
		t.bytes -= t.kept[n].size
		n++
	}
	if n == len(t.kept) {
		t.kept = nil
		return
	}
	clear(t.kept[:n])
	t.kept = t.kept[n:]
}

// covers reports whether what comes after a sequence is kept, or not there yet. t.mu is held.
func (t *tail) covers(after uint64) bool {
	return t.last != 0 && (after == t.last || after < t.last && len(t.kept) > 0 && t.kept[0].sequence <= after+1)
}

// join makes the tail keep records for a reader that has those up to a sequence.
func (t *tail) join(last uint64) *tailReader {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	r := &tailReader{tail: t, last: last}
	t.readers[r] = true
	return r
}

func (r *tailReader) leave() {
	if r == nil {
		return
	}
	r.tail.mu.Lock()
	defer r.tail.mu.Unlock()
	delete(r.tail.readers, r)
	r.tail.trim()
}

// reached notes that the reader has the records up to a sequence, and reports whether
// the tail has what comes next.
func (r *tailReader) reached(last uint64) bool {
	if r == nil {
		return false
	}
	r.tail.mu.Lock()
	defer r.tail.mu.Unlock()
	r.last = last
	r.tail.trim()
	return r.tail.covers(last)
}

// whenCovered has wake called as soon as the tail covers what comes next; nil takes an
// earlier call back.
func (r *tailReader) whenCovered(wake func()) { r.when(wake, false) }

// whenNews has wake called as soon as the tail is not any more where the reader is.
func (r *tailReader) whenNews(wake func()) { r.when(wake, true) }

func (r *tailReader) when(wake func(), idle bool) {
	if r == nil {
		return
	}
	r.tail.mu.Lock()
	defer r.tail.mu.Unlock()
	r.wake, r.idle = wake, idle
	r.tail.wake()
}

// next returns at most n of the records that come next; false if the tail does not have them.
// It does not wait.
func (r *tailReader) next(n int) ([]tailed, bool) {
	t := r.tail
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.covers(r.last) {
		return nil, false
	}
	if r.last == t.last {
		return nil, true
	}
	from := int(r.last + 1 - t.kept[0].sequence)
	return append([]tailed(nil), t.kept[from:min(from+n, len(t.kept))]...), true
}

// quiet returns a number that is the same as long as this process publishes nothing;
// false if it does so now.
func (r *tailReader) quiet() (int, bool) {
	t := r.tail
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sent, t.sending == 0
}

// others notes that somebody else publishes to the stream, if the reader has all of the
// tail and this process has published nothing since quiet returned n.
func (r *tailReader) others(n int) {
	t := r.tail
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sent == n && t.last == r.last {
		t.rest()
	}
}
