package bus

import (
	"fmt"
	"sync"
	"time"
)

// A diskWatch refuses to publish before the disk is full. JetStream on a full
// disk answers nothing, leaves a piece of an atomic batch behind and can no
// longer purge, so that one must stop before.
type diskWatch struct {
	dir string
	min uint64 // bytes that stay free

	mu   sync.Mutex
	last time.Time // of the last look, at most one a second
	err  error     // what it found
}

// check returns an error that matches [ErrUnavailable] if the disk is nearly
// full. A nil diskWatch always has room.
func (d *diskWatch) check() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.last) < time.Second {
		return d.err
	}
	d.last, d.err = time.Now(), nil
	free, err := freeBytes(d.dir)
	switch {
	case err != nil:
		d.err = fmt.Errorf("free space of %s: %w", d.dir, err)
	case free < d.min:
		d.err = fmt.Errorf("disk of %s has %d MiB free, fewer than %d: publishing pauses: %w", d.dir, free>>20, d.min>>20, ErrUnavailable)
	}
	return d.err
}
