package normalizer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/claimwire/claimwire/schemas"
)

// An Outgoing is a change on its way out.
type Outgoing struct {
	Position int64 // in the order in which the changes happened, ascending
	Head     schemas.ChangeHead
	JSON     []byte          // of the [schemas.Change], encoded once for the outbox and for where it goes; valid until it is marked as sent
	Change   *schemas.Change // what JSON says, never to be changed: it shares its parts with others; nil if it was read from the table

	block *block // where the JSON lies; nil if it was read from the table
}

// An outbox is the memory of the outbox table: the changes themselves while they
// are few, so that those just written need not be read and decoded again.
type outbox struct {
	mu      sync.Mutex // guards what follows; whoever has it does not ask for that of the Normalizer
	last    int64      // position used last
	sent    int64      // changes up to here are sent
	settled int64      // and as far as this the table knows it
	queue   []Outgoing // the oldest changes that are not sent, without a gap
	bytes   int        // JSON in the queue
	whole   bool       // the queue holds all of them
	waiting int        // changes not sent, in the queue or not
	free    [][]byte   // buffers of chunks that are sent
}

// maxQueue bounds the JSON kept in memory; what is beyond is read back.
const maxQueue = 32 << 20

// add takes over what a transaction has committed.
func (o *outbox) add(w *writer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = w.last
	o.waiting += w.added
	o.settled = max(o.settled, w.settled)
	for _, chunk := range w.chunks {
		if o.whole = o.whole && o.bytes < maxQueue; !o.whole {
			return
		}
		o.enqueue(chunk)
	}
}

func (o *outbox) enqueue(chunk []Outgoing) {
	for _, c := range chunk {
		if c.Position > o.sent {
			o.queue = append(o.queue, c)
			o.bytes += len(c.JSON)
		}
	}
}

// forget empties the memory, because the table was read or written anew. What is sent
// stays sent, and no position comes twice.
func (o *outbox) forget(last int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = max(o.last, last)
	o.queue, o.bytes, o.whole = nil, 0, false
}

// head returns at most limit changes, and whether there are more that it does not
// have at hand.
func (o *outbox) head(limit int) (out []Outgoing, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.queue[:min(limit, len(o.queue))]), len(o.queue) == 0 && !o.whole
}

// Outbox returns at most limit changes that have not been marked as sent, in the
// order in which they happened. It does not wait for an Apply that is under way unless
// more changes wait than are kept in memory.
func (n *Normalizer) Outbox(ctx context.Context, limit int) ([]Outgoing, error) {
	out, more := n.out.head(limit)
	if !more {
		return out, nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if out, more = n.out.head(limit); !more {
		return out, nil
	}
	if err := n.refill(ctx); err != nil {
		return nil, fmt.Errorf("outbox of %s: %w", n.where(), err)
	}
	out, _ = n.out.head(limit)
	return out, nil
}

// maxRefill is how much JSON is read back at once.
const maxRefill = 8 << 20

// refill reads the oldest changes and counts the others.
func (n *Normalizer) refill(ctx context.Context) error {
	o := &n.out
	o.mu.Lock()
	defer o.mu.Unlock()
	through := o.sent
	err := n.db.each(ctx, `SELECT position, last_position, body FROM outbox WHERE last_position > ? ORDER BY position`, func(scan func(...any) error) error {
		if o.bytes >= maxRefill {
			return errEnough
		}
		var first int64
		var body []byte
		if err := scan(&first, &through, &body); err != nil {
			return err
		}
		chunk, err := readChunk(first, body)
		o.enqueue(chunk)
		return err
	}, o.sent)
	if err != nil && err != errEnough {
		return err
	}
	rest := 0
	if err := n.db.QueryRowContext(ctx, n.db.bind(`SELECT coalesce(sum(changes), 0) FROM outbox WHERE position > ?`), through).Scan(&rest); err != nil {
		return err
	}
	o.waiting, o.whole = len(o.queue)+rest, rest == 0
	return nil
}

var errEnough = errors.New("enough is read")

func readChunk(first int64, body []byte) ([]Outgoing, error) {
	var out []Outgoing
	err := openChunk(first, body, func(position int64, body []byte) error {
		var c schemas.Change
		err := c.ReadJSON(body)
		out = append(out, Outgoing{Position: position, Head: c.Head(), JSON: body})
		return err
	})
	return out, err
}

// Sent marks the changes up to a position as sent: Outbox returns them no more. The
// state learns of it with the next transaction, or from Settle; if the process ends
// before, they are in the outbox again.
func (n *Normalizer) Sent(through int64) {
	o := &n.out
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = max(o.sent, min(through, o.last))
	i := 0
	for i < len(o.queue) && o.queue[i].Position <= o.sent {
		o.bytes -= len(o.queue[i].JSON)
		o.release(o.queue[i].block)
		i++
	}
	o.waiting -= i
	o.queue = slices.Delete(o.queue, 0, i)
}

// maxFree bounds the buffers that are kept to be used again.
const maxFree = 32

// release gives the memory of a change back that is sent.
func (o *outbox) release(b *block) {
	if b == nil {
		return
	}
	if b.left--; b.left == 0 && len(o.free) < maxFree && cap(b.buf) <= 2*maxChunk {
		o.free = append(o.free, b.buf[:0])
	}
}

// buffer returns memory for a chunk, if there is any to be used again.
func (o *outbox) buffer() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(o.free)
	if n == 0 {
		return nil
	}
	b := o.free[n-1]
	o.free = o.free[:n-1]
	return b
}

// trim lets memory go that is kept for the next transaction if nothing waits.
func (o *outbox) trim() (idle bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if idle = o.waiting == 0; idle {
		o.free, o.queue = nil, nil
	}
	return idle
}

// Waiting returns how many changes are not marked as sent.
func (n *Normalizer) Waiting() int {
	n.out.mu.Lock()
	defer n.out.mu.Unlock()
	return n.out.waiting
}

// Settle removes what is marked as sent from the state. If there is nothing to remove it
// gives memory back.
func (n *Normalizer) Settle(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if sent, settled := n.out.marks(); sent == settled {
		if n.out.trim() {
			n.scratch = scratch{}
		}
		return nil
	}
	tx, err := n.begin(ctx)
	if err == nil {
		if err = tx.settle(true); err == nil {
			err = tx.commit()
		} else {
			tx.rollback()
		}
	}
	if err != nil {
		return fmt.Errorf("outbox of %s: %w", n.where(), err)
	}
	n.out.add(tx)
	return nil
}

func (o *outbox) marks() (sent, settled int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sent, o.settled
}

// settle removes chunks that are sent. One that is sent in part stays as it is, because
// the rest will follow soon, unless exact is set.
func (w *writer) settle(exact bool) error {
	sent, settled := w.box.marks()
	if sent == settled {
		return nil
	}
	if _, err := w.exec(`DELETE FROM outbox WHERE position <= ? AND last_position <= ?`, sent, sent); err != nil || !exact {
		return err
	}
	w.settled = sent
	return w.rewriteOutbox(func(position int64, _ []byte) (bool, error) { return position > sent, nil }, `WHERE position <= ?`, sent)
}

// rewriteOutbox keeps of the chunks that a condition selects what keep says.
func (w *writer) rewriteOutbox(keep func(position int64, body []byte) (bool, error), where string, args ...any) error {
	type row struct {
		position, last int64
		crate          crate
	}
	var changed []row
	err := w.rows(`SELECT position, last_position, body FROM outbox `+where, func(scan func(...any) error) error {
		var r row
		var body []byte
		if err := scan(&r.position, &r.last, &body); err != nil {
			return err
		}
		dropped := false
		err := openChunk(r.position, body, func(position int64, body []byte) error {
			ok, err := keep(position, body)
			if ok {
				r.crate.add(position, schemas.ChangeHead{}, nil, func(b []byte) []byte { return append(b, body...) })
			}
			dropped = dropped || !ok
			return err
		})
		if err == nil && dropped {
			changed = append(changed, r)
		}
		return err
	}, args...)
	if err != nil {
		return err
	}
	for i := range changed {
		r := &changed[i]
		if _, err := w.exec(`DELETE FROM outbox WHERE position = ?`, r.position); err != nil {
			return err
		}
		if err := w.insertChunk(&r.crate); err != nil {
			return err
		}
	}
	return nil
}

// insertChunk writes a chunk, if there is anything in it.
func (w *writer) insertChunk(c *crate) error {
	if len(c.frames) == 0 {
		return nil
	}
	_, err := w.exec(`INSERT INTO outbox (position, last_position, changes, body) VALUES (?, ?, ?, ?)`,
		c.frames[0].position, c.frames[len(c.frames)-1].position, len(c.frames), c.pack())
	return err
}
