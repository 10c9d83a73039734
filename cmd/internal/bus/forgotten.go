package bus

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// knownMost is how many of the newest records of a stream are remembered after a
// pause: more than a process has on their way when it ends.
const knownMost = 4000

// A memory knows what was stored last before a pause that was longer than the server
// remembers ids for. The server's memory grows with what is published in its window,
// and is read from the disk at each start; so the window is short, and what a process
// may send again after it was down for a day is looked up here.
type memory struct {
	mu     sync.Mutex
	ids    map[string]bool // of the newest records before the last pause
	window time.Duration   // that the server remembers ids for; 0 before the first look
	last   time.Time       // when this process stored something, or looked
}

// unknown returns the messages that were not stored before a pause.
func (b *Bus) unknown(ctx context.Context, stream string, msgs []message) ([]message, error) {
	m := b.memories[stream]
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := time.Now(); m.window == 0 || now.Sub(m.last) > m.window/2 {
		if err := m.look(ctx, b, stream); err != nil {
			return nil, fmt.Errorf("newest records: %w: %w", ErrUnavailable, err)
		}
		m.last = now
	}
	if len(m.ids) == 0 {
		return msgs, nil
	}
	return slices.DeleteFunc(msgs, func(msg message) bool { return m.ids[msg.id] }), nil
}

// stored notes that messages were stored, which the server remembers from now on.
func (m *memory) stored() {
	m.mu.Lock()
	m.last = time.Now()
	m.mu.Unlock()
}

// look reads the ids of the newest records, if the server may have forgotten them.
func (m *memory) look(ctx context.Context, b *Bus, stream string) error {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return err
	}
	info := s.CachedInfo()
	m.window, m.ids = info.Config.Duplicates, nil
	if info.State.Msgs == 0 || time.Since(info.State.LastTime) < m.window/2 {
		return nil
	}
	m.ids = map[string]bool{}
	from := max(info.State.FirstSeq, info.State.LastSeq-min(info.State.LastSeq, knownMost-1))
	return walkFrom(ctx, s, from, nil, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) bool {
		m.ids[msg.Headers().Get(nats.MsgIdHdr)] = true
		return meta.Sequence.Stream < info.State.LastSeq
	})
}
