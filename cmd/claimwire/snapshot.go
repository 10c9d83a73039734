package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

var snapshotCommand = command{
	name: "snapshot", args: "FILE",
	summary: "Copy the normalizer's state, from which a new instance can start",
	help: `
  claimwire snapshot --data-dir claimwire-data state-0312.db

The copy is made while the instance runs. It holds everything that claims are made
of, so streams may be trimmed up to the position that is printed. To start from it,
put it in the data folder as state.db before 'claimwire run': what the stream of
extractions still has is read again, what the copy has already changes nothing, and
decisions of people, purges among them, are heeded anew. If the stream has lost
records that came after the copy, the log says which.

'claimwire run' makes copies by itself (--snapshot-every, --snapshots), in snapshots/
of the data folder, and puts the newest in place of a state that is gone when the
streams were trimmed. A purge removes them.

A copy that is older than a purge still holds what was erased: delete it.
A state in PostgreSQL (--state) is copied by pg_dump, schema claimwire_state.`,
	run: runSnapshot,
}

func runSnapshot(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	dir := fs.String("data-dir", "claimwire-data", "`folder` of the instance")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("want: snapshot FILE")
	}
	sequence, err := normalizer.Snapshot(ctx, filepath.Join(*dir, "state.db"), rest[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s: %s up to record %d\n", printable(rest[0]), schemas.StreamExtractions, sequence)
	return err
}

// catchUp brings a state that is older than the consumers, because it was put back
// from a copy, to where they are: they would never be given again what they have
// acked.
func (in *instance) catchUp(ctx context.Context) error {
	if err := bus.Scan(ctx, in.bus, schemas.StreamReviews, func(seq uint64, r *schemas.Review) error {
		if err := in.normal.Review(ctx, seq, *r); err != nil && !errors.Is(err, schemas.ErrMalformed) { // a dead letter long since
			return err
		}
		return nil
	}); err != nil {
		return err
	}
	floor, err := in.bus.Acked(ctx, schemas.StreamExtractions, in.partitioned(normalizerConsumer))
	at := in.normal.Sequence()
	if err != nil || floor <= at {
		return err
	}
	first, err := in.bus.FirstSequence(ctx, schemas.StreamExtractions)
	if err != nil {
		return err
	}
	in.log.Warn("the state is older than the stream's consumer: it is brought up to date", "state", at, "consumer", floor)
	if first > at+1 {
		in.log.Error("extractions are neither in the state nor on the stream any more: their articles have to be replayed", "from", at+1, "to", first-1)
	}
	var batch []normalizer.Input
	apply := func() error {
		err := in.normal.Apply(ctx, batch)
		batch = batch[:0]
		return err
	}
	if err := bus.Scan(ctx, in.bus, schemas.StreamExtractions, func(seq uint64, x *schemas.Extraction) error {
		if normalizer.Check(x) != nil { // a dead letter long since
			return in.normal.Seen(ctx, normalizer.Range{From: seq, To: seq})
		}
		if batch = append(batch, normalizer.Input{Sequence: seq, Extraction: *x}); len(batch) < 100 {
			return nil
		}
		return apply()
	}); err != nil {
		return err
	}
	return apply()
}
