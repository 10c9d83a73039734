package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// takeBack makes the server give out again what the last process had in hand of some
// consumers when it was killed. Nobody else can be working on it: of the embedded
// server we have the lock, of another one the lead.
// Otherwise those records would wait for AckWait before they came again.
//
// The server looks at its pending records 100 ms after their AckWait was
// changed; [Consume] sets the real one again if we do not get to it.
func (b *Bus) takeBack(ctx context.Context, of func(durable string) bool) error {
	const soon = 150 * time.Millisecond
	type pending struct {
		stream string
		cfg    jetstream.ConsumerConfig
	}
	var found []pending
	for _, name := range Streams() {
		s, err := b.js.Stream(ctx, name)
		if err != nil {
			return fmt.Errorf("stream %s: %w", name, err)
		}
		all := s.ListConsumers(ctx)
		for info := range all.Info() {
			if info.Config.Durable != "" && info.NumAckPending > 0 && of(info.Config.Durable) {
				found = append(found, pending{name, info.Config})
			}
		}
		if err := all.Err(); err != nil {
			return fmt.Errorf("consumers of %s: %w", name, err)
		}
	}
	if len(found) == 0 {
		return nil
	}
	for _, p := range found {
		short := p.cfg
		short.AckWait = time.Millisecond
		if _, err := b.js.UpdateConsumer(ctx, p.stream, short); err != nil {
			return fmt.Errorf("consumer %s of %s: %w", p.cfg.Durable, p.stream, err)
		}
	}
	sleep(ctx, soon)
	for _, p := range found {
		if _, err := b.js.UpdateConsumer(ctx, p.stream, p.cfg); err != nil {
			return fmt.Errorf("consumer %s of %s: %w", p.cfg.Durable, p.stream, err)
		}
		b.log.Info("bus gives out again what was in hand", "stream", p.stream, "consumer", p.cfg.Durable)
	}
	return nil
}
