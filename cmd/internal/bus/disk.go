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
	last time.Time // of the last look, at most one in diskEvery
	free uint64    // what it found
	err  error     // why it found nothing
}

// diskEvery is how old a look at the disk may be. Nothing writes a quarter of a
// gigabyte in it.
const diskEvery = 200 * time.Millisecond

// check returns an error that matches [ErrUnavailable] if the disk has fewer than
// times × min bytes free. A nil diskWatch always has room.
func (d *diskWatch) check(times uint64) error {
	if d == nil {
		return nil
	}
	return d.has(times * d.min)
}

func (d *diskWatch) has(need uint64) error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.last) >= diskEvery {
		d.free, d.err = freeBytes(d.dir)
		d.last = time.Now()
	}
	switch {
	case d.err != nil:
		return fmt.Errorf("free space of %s: %w", d.dir, d.err)
	case d.free < need:
		return fmt.Errorf("disk of %s has %d MiB free, fewer than the %d MiB that min-free asks for: %w", d.dir, d.free>>20, need>>20, ErrUnavailable)
	}
	return nil
}

// Room returns an error that matches [ErrUnavailable] if new work from outside
// should wait: the disk of an embedded server has less than twice Config.MinFree
// left. The stages may use the rest to finish what they have.
func (b *Bus) Room() error { return b.disk.check(2) }

// Full returns an error that matches [ErrUnavailable] if nothing can be published
// because the disk of an embedded server has less than Config.MinFree left.
func (b *Bus) Full() error { return b.disk.check(1) }

// RoomFor is [Bus.Room] for a file of size bytes, which would need as much more.
func (b *Bus) RoomFor(size uint64) error {
	if b.disk == nil {
		return nil
	}
	return b.disk.has(2*b.disk.min + size)
}
