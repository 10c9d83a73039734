package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/normalizer"
)

// leadFor is how long a normalizer that says nothing keeps the lead. A standby takes
// over a little later; a pause of the leader that is shorter costs nothing.
const leadFor = 8 * time.Second

// A keeper keeps the lead from the moment that this process has it.
type keeper struct {
	lead *bus.Lead
	stop context.CancelFunc
	lost chan error // the end of Keep: its error, or nil after stop
}

// lead waits until this process leads the normalizers of its partition, and takes
// over what the last leader had in hand.
func (in *instance) lead(ctx context.Context) error {
	name := in.partitioned(normalizerConsumer)
	lead, err := in.bus.Lead(ctx, name, leadFor, func() {
		in.standing.Store(true)
		in.serveAdmin() // who watches wants to hear of a standby too
		in.log.Info("standing by", "lead", name)
	})
	in.standing.Store(false)
	if err != nil {
		return fmt.Errorf("stand by: %w", err)
	}
	in.log.Info("leading", "lead", name)
	keep, stop := context.WithCancel(context.WithoutCancel(ctx)) // until close, whatever the start takes
	in.leading = &keeper{lead, stop, make(chan error, 1)}
	go func() { in.leading.lost <- lead.Keep(keep) }()
	return in.bus.TakeBack(ctx, name, in.partitioned(reviewConsumer))
}

// leave gives the lead up for a standby to take at once.
func (k *keeper) leave(ctx context.Context) error {
	k.stop()
	if err := <-k.lost; err != nil {
		return nil // it has gone already
	}
	return k.lead.Leave(ctx)
}

// watchState ends the work of this process when the state has gone to another one:
// the lead was not renewed in time, or the state itself says so.
func (in *instance) watchState(ctx context.Context) error {
	var lost chan error
	if in.leading != nil {
		lost = in.leading.lost
	}
	select {
	case err := <-lost:
		lost <- err // for leave
		return err
	case err := <-in.fenced:
		return err
	case <-ctx.Done():
		return nil
	}
}

// gone reports whether an instance ended because another process leads.
func gone(err error) bool {
	return errors.Is(err, normalizer.ErrFenced) || errors.Is(err, bus.ErrLost)
}
