package bus

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Where the embedded server keeps what it has of an atomic batch, in each stream's folder.
const (
	streamsBelow = "jetstream/$G/streams"
	batchesBelow = "batches"
)

// stagingRoom is how many bytes must be free in memory for the server to keep batches
// there: some of the largest. One that finds no room is sent message by message.
const stagingRoom = 3 * atomicBytes

// openStaging makes the folder in memory where the server keeps the messages of a batch
// until all are there. On the disk that costs seven syncs before the first message is
// in its stream, and it is for a server that is killed in the middle of a batch: there the
// folder outlives it, so that the next server stores the rest. A machine that loses its
// power loses the folder, and the rest comes from the publisher, who was not told
// that the batch is stored; ids make sure that nothing of it is stored twice.
func (b *Bus) openStaging() {
	if b.cfg.NoSync {
		return
	}
	dir, err := memoryFolder(b.cfg.Dir)
	if err == nil {
		var free uint64
		if free, err = freeBytes(dir); err == nil && free < stagingRoom {
			err = fmt.Errorf("%s has %d MiB free, %d are needed", dir, free>>20, stagingRoom>>20)
		}
	}
	if err != nil {
		b.log.Debug("batches are kept on the disk until all their messages are there", "reason", err)
		return
	}
	b.staging = dir
	for _, stream := range Streams() { // that of another machine, or of a folder that was moved
		link := b.batches(stream)
		if target, err := os.Readlink(link); err == nil && target != filepath.Join(dir, stream) {
			_ = os.Remove(link)
		}
	}
}

func (b *Bus) batches(stream string) string {
	return filepath.Join(b.cfg.Dir, filepath.FromSlash(streamsBelow), stream, batchesBelow)
}

// linkStaging makes the server use the folder in memory. It removes the link each time
// that it starts.
func (b *Bus) linkStaging() error {
	if b.staging == "" {
		return nil
	}
	for _, stream := range Streams() {
		link, target := b.batches(stream), filepath.Join(b.staging, stream)
		if err := os.MkdirAll(target, 0o700); err != nil {
			return fmt.Errorf("folder for batches: %w", err)
		}
		if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
			b.log.Debug("a batch is under way on the disk", "stream", stream, "err", err)
			continue
		}
		if err := os.Symlink(target, link); err != nil {
			return fmt.Errorf("folder for batches: %w", err)
		}
	}
	return nil
}

// closeStaging is called when the server has ended.
func (b *Bus) closeStaging() error {
	if b.staging == "" {
		return nil
	}
	for _, stream := range Streams() {
		link := b.batches(stream)
		if _, err := os.Readlink(link); err == nil {
			_ = os.Remove(link)
		}
	}
	return os.RemoveAll(b.staging)
}
