package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// snapshotFolder is where, in the data folder, copies of the state are kept. Streams
// that are trimmed cannot give a lost state back; a copy and what came after it can.
const snapshotFolder = "snapshots"

// A snapshot is one copy of the state.
type snapshot struct {
	path     string
	sequence uint64 // the stream of extractions is in it up to here
	at       time.Time
}

const snapshotName = "state-%d.db"

// listSnapshots returns the copies in a data folder, the newest first.
func listSnapshots(dataDir string) ([]snapshot, error) {
	dir := filepath.Join(dataDir, snapshotFolder)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("snapshots: %w", err)
	}
	var out []snapshot
	for _, e := range entries {
		s := snapshot{path: filepath.Join(dir, e.Name())}
		info, err := e.Info()
		if n, _ := fmt.Sscanf(e.Name(), snapshotName, &s.sequence); n != 1 || err != nil || e.Name() != fmt.Sprintf(snapshotName, s.sequence) {
			continue
		}
		s.at = info.ModTime()
		out = append(out, s)
	}
	// By time, not by sequence: streams that are made anew begin at one again.
	slices.SortFunc(out, func(a, b snapshot) int {
		return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.sequence, a.sequence))
	})
	return out, nil
}

// snapshotRetry is when a snapshot that failed is tried again, at the latest.
const snapshotRetry = 10 * time.Minute

// takeSnapshots copies the state every so often, if it has changed, and keeps the
// newest copies.
func (in *instance) takeSnapshots(ctx context.Context) error {
	every := in.settings.SnapshotEvery
	old, err := listSnapshots(in.settings.DataDir)
	if err != nil {
		return err
	}
	keep, err := config.ParseKeep(in.settings.Keep)
	if err != nil {
		return err
	}
	for _, k := range keep {
		if k.Stream == schemas.StreamExtractions && k.Age > 0 && k.Age <= every {
			in.log.Warn("extractions are dropped before a snapshot has them: a state that is lost would lack some", "keep", k.Age.String(), "snapshot-every", every.String())
		}
	}
	due := time.Now().Add(min(every, time.Minute)) // of the first: when it has something to show
	if len(old) > 0 {
		due = old[0].at.Add(every)
	}
	for {
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return ctx.Err()
		}
		due = time.Now().Add(every)
		if err := in.takeSnapshot(ctx); err != nil && ctx.Err() == nil {
			in.log.Warn("no snapshot of the state", "err", err)
			due = time.Now().Add(min(every, snapshotRetry))
		}
	}
}

// takeSnapshot copies the state, unless the newest copy is of the same, and
// removes the oldest.
func (in *instance) takeSnapshot(ctx context.Context) error {
	in.copying.Lock()
	defer in.copying.Unlock()
	if !in.caughtUp.Load() { // it was put back, and lacks what it had
		return errors.New("the state is not up to date yet")
	}
	state := stateLocation(in.settings)
	info, err := os.Stat(state)
	if err != nil {
		return err
	}
	if err := in.bus.RoomFor(uint64(info.Size())); err != nil {
		return err
	}
	old, err := listSnapshots(in.settings.DataDir)
	at := in.normal.Sequence()
	if err != nil || at == 0 || len(old) > 0 && old[0].sequence == at {
		return err
	}
	dir := filepath.Join(in.settings.DataDir, snapshotFolder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := removeParts(dir); err != nil {
		return err
	}
	fresh := filepath.Join(dir, "new.db") // its sequence is known when it is there
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	started := time.Now()
	sequence, err := normalizer.Snapshot(ctx, state, fresh)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, fmt.Sprintf(snapshotName, sequence))
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	in.log.Info("snapshot taken", "file", path, "sequence", sequence, "dur", time.Since(started).Round(time.Millisecond).String())
	if old, err = listSnapshots(in.settings.DataDir); err != nil {
		return err
	}
	for _, s := range old[min(len(old), in.settings.Snapshots):] {
		if err := os.Remove(s.path); err != nil {
			return err
		}
	}
	return nil
}

// copyBefore takes a snapshot if the newest lacks extractions below a sequence, which
// are about to be dropped.
func (in *instance) copyBefore(ctx context.Context, until uint64) error {
	if in.normal == nil || in.settings.SnapshotEvery == 0 || normalizer.IsPostgres(stateLocation(in.settings)) {
		return nil
	}
	old, err := listSnapshots(in.settings.DataDir)
	if err != nil || len(old) > 0 && old[0].sequence+1 >= until {
		return err
	}
	return in.takeSnapshot(ctx)
}

// removeParts removes what a crash left of a copy.
func removeParts(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), ".part") {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropSnapshots removes all copies: they hold what a purge has erased.
func (in *instance) dropSnapshots() error {
	in.copying.Lock()
	defer in.copying.Unlock()
	return os.RemoveAll(filepath.Join(in.settings.DataDir, snapshotFolder))
}

// restoreState puts the newest copy in place of a state that is gone, if the streams
// were trimmed and cannot give all of it back. [instance.catchUp] does the rest.
func (in *instance) restoreState(ctx context.Context) error {
	state := stateLocation(in.settings)
	if normalizer.IsPostgres(state) {
		return nil
	}
	if _, err := os.Stat(state); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	last, err := in.bus.LastSequence(ctx, schemas.StreamExtractions)
	if err != nil {
		return err
	}
	kept, err := in.bus.Records(ctx, schemas.StreamExtractions)
	if err != nil || kept == last {
		return err
	}
	all, err := listSnapshots(in.settings.DataDir)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.sequence > last {
			in.log.Warn("a snapshot is of other streams", "file", s.path, "snapshot", s.sequence, "stream", last)
			continue
		}
		for _, rest := range []string{"-wal", "-shm"} { // of the state that is gone
			if err := os.Remove(state + rest); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		if _, err := normalizer.Snapshot(ctx, s.path, state); err != nil { // a copy of a copy
			in.log.Error("a snapshot cannot be read", "file", s.path, "err", err)
			continue
		}
		in.log.Warn("the state is gone and the streams were trimmed: a snapshot takes its place", "file", s.path, "snapshot", s.sequence, "stream", last)
		return nil
	}
	in.log.Error("the state is gone, the streams were trimmed, and no snapshot is there: claims are made of what is left", "kept", kept, "of", last)
	return nil
}
