package normalizer

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/claimwire/claimwire/schemas"
)

// An outbox is the memory of the outbox table: the changes themselves while they
// are few, so that those just written need not be read and decoded again.
type outbox struct {
	last   positions
	queue  []queued         // the oldest changes that are not sent, without a gap
	whole  bool             // the queue holds all of them
	handed map[string]int64 // by id: positions of the changes that Outbox returned last
}

type queued struct {
	position int64
	change   *schemas.Change
}

// maxQueue bounds the changes kept in memory; what is beyond is read back.
const maxQueue = 4000

// add takes over what a transaction has committed.
func (o *outbox) add(w *writer) {
	first := o.last.change + 1
	o.last = w.last
	for i, c := range w.sent {
		if o.whole = o.whole && len(o.queue) < maxQueue; !o.whole {
			return
		}
		o.queue = append(o.queue, queued{first + int64(i), c})
	}
}

// Outbox returns at most limit changes that have not been marked as sent, in the
// order in which they happened.
func (n *Normalizer) Outbox(ctx context.Context, limit int) ([]schemas.Change, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	o := &n.out
	if len(o.queue) == 0 && !o.whole {
		if err := n.refill(ctx, limit); err != nil {
			return nil, fmt.Errorf("outbox of %s: %w", n.where(), err)
		}
	}
	o.handed = map[string]int64{}
	var out []schemas.Change
	for _, q := range o.queue[:min(limit, len(o.queue))] {
		out = append(out, *q.change)
		o.handed[q.change.ID] = q.position
	}
	return out, nil
}

// refill reads the oldest changes.
func (n *Normalizer) refill(ctx context.Context, limit int) error {
	err := n.db.each(ctx, `SELECT o.position, o.body, s.body FROM outbox o LEFT JOIN outbox_series s ON s.position = o.series ORDER BY o.position LIMIT `+strconv.Itoa(limit), func(scan func(...any) error) error {
		q := queued{change: &schemas.Change{}}
		var body, series []byte
		if err := scan(&q.position, &body, &series); err != nil {
			return err
		}
		if err := q.change.ReadJSON(body); err != nil {
			return err
		}
		if series != nil {
			if err := json.Unmarshal(series, &q.change.Series); err != nil {
				return err
			}
		}
		n.out.queue = append(n.out.queue, q)
		return nil
	})
	if err != nil {
		return err
	}
	n.out.whole = len(n.out.queue) == 0
	return nil
}

// Sent removes changes that Outbox returned last from the outbox; other ids are
// ignored.
func (n *Normalizer) Sent(ctx context.Context, ids []string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.sent(ctx, ids); err != nil {
		return fmt.Errorf("outbox of %s: %w", n.where(), err)
	}
	return nil
}

func (n *Normalizer) sent(ctx context.Context, ids []string) error {
	o := &n.out
	gone := map[int64]bool{}
	for _, id := range ids {
		if at, ok := o.handed[id]; ok {
			gone[at] = true
		}
	}
	if len(gone) == 0 {
		return nil
	}
	prefix := 0 // changes that leave in order, as they nearly always do
	for prefix < len(o.queue) && gone[o.queue[prefix].position] {
		prefix++
	}
	err := inTransaction(ctx, n.db, func(tx *sql.Tx) error {
		if prefix == len(gone) {
			if _, err := tx.ExecContext(ctx, n.db.bind(`DELETE FROM outbox WHERE position <= ?`), o.queue[prefix-1].position); err != nil {
				return err
			}
		} else {
			for at := range gone {
				if _, err := tx.ExecContext(ctx, n.db.bind(`DELETE FROM outbox WHERE position = ?`), at); err != nil {
					return err
				}
			}
		}
		_, err := tx.ExecContext(ctx, n.db.bind(`DELETE FROM outbox_series WHERE position < coalesce((SELECT min(series) FROM outbox), CAST(? AS BIGINT))`), int64(math.MaxInt64))
		return err
	})
	if err != nil {
		return err
	}
	rest := o.queue[:0:0]
	for _, q := range o.queue {
		if !gone[q.position] {
			rest = append(rest, q)
		}
	}
	o.queue = rest
	return nil
}
