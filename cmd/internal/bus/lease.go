package bus

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/claimwire/claimwire/schemas"
)

// LeaseConfig configures [Bus.Leases]. Zero fields get the default given here.
type LeaseConfig struct {
	Group string        // required: processes with the same one share the work
	TTL   time.Duration // how long a process that says nothing keeps what it has; default 60s
}

// Leases share names, such as feeds, among the processes of a group: each name is
// held by at most one, and each process holds its part. Every member computes the
// same owner of a name from the members that live, so nobody has to decide. The
// methods are for one goroutine.
type Leases struct {
	bus *Bus
	cfg LeaseConfig
	kv  jetstream.KeyValue
	id  string // of this process; random, it names no record

	held    map[string]lease
	release map[string]lease // held until the call before last: their work has ended
}

// A lease is held until it is not renewed in time.
type lease struct {
	revision uint64
	until    time.Time
}

// Leases joins a group.
func (b *Bus) Leases(ctx context.Context, cfg LeaseConfig) (*Leases, error) {
	if cfg.TTL == 0 {
		cfg.TTL = time.Minute
	}
	kv, err := b.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: "leases-" + cfg.Group, Description: "Who works on what", TTL: cfg.TTL, Replicas: b.cfg.Replicas, MaxBytes: 64 << 20,
	})
	if err != nil {
		return nil, fmt.Errorf("leases of %s: %w", cfg.Group, err)
	}
	return &Leases{bus: b, cfg: cfg, kv: kv, id: nuid.Next(), held: map[string]lease{}, release: map[string]lease{}}, nil
}

const memberPrefix = "member."

// Hold says which of names this process shall work on, until the next call, which
// must come within a third of the TTL. If the server does not answer, those that
// are held stay held until they run out; the error says so.
func (l *Leases) Hold(ctx context.Context, names []string) ([]string, error) {
	err := l.renew(ctx, names)
	now := time.Now()
	var out []string
	for _, n := range names {
		if h, ok := l.held[n]; ok && now.Before(h.until) {
			out = append(out, n)
		}
	}
	if err != nil {
		return out, fmt.Errorf("leases of %s: %w: %w", l.cfg.Group, ErrUnavailable, err)
	}
	return out, nil
}

// renew begins with what is held, so that a server that is slow to say who lives
// costs nobody what they have.
func (l *Leases) renew(ctx context.Context, names []string) error {
	for n, h := range l.release {
		if err := l.drop(ctx, n, h); err != nil {
			return err
		}
		delete(l.release, n)
	}
	if _, err := l.kv.Put(ctx, memberPrefix+l.id, nil); err != nil {
		return err
	}
	for _, n := range slices.Sorted(maps.Keys(l.held)) {
		if err := l.take(ctx, n); err != nil {
			return err
		}
	}
	members, err := l.members(ctx)
	if err != nil {
		return err
	}
	for n, h := range l.held {
		if !slices.Contains(names, n) || ownerOf(n, members) != l.id {
			delete(l.held, n)
			l.release[n] = h
		}
	}
	for _, n := range names {
		if _, ok := l.held[n]; ok || ownerOf(n, members) != l.id {
			continue
		}
		if err := l.take(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// take renews a lease, or gets it if nobody has it.
func (l *Leases) take(ctx context.Context, name string) error {
	revision, asked, err := hold(ctx, l.kv, key(name), l.id, l.held[name].revision)
	if errors.Is(err, jetstream.ErrKeyNotFound) { // it has run out meanwhile
		revision, asked, err = hold(ctx, l.kv, key(name), l.id, 0)
	}
	switch {
	case conflict(err):
		delete(l.held, name) // somebody has it
		return nil
	case err != nil:
		return err
	}
	l.held[name] = lease{revision, asked.Add(l.cfg.TTL)}
	return nil
}

// drop gives a lease up, unless it has run out and somebody else has it.
func (l *Leases) drop(ctx context.Context, name string, h lease) error {
	if err := l.kv.Delete(ctx, key(name), jetstream.LastRevision(h.revision)); !conflict(err) {
		return err
	}
	return nil
}

// members returns the processes that live, this one among them whatever the list says.
func (l *Leases) members(ctx context.Context) ([]string, error) {
	lister, err := l.kv.ListKeysFiltered(ctx, memberPrefix+">")
	if err != nil {
		return nil, err
	}
	out := []string{l.id}
	for k := range lister.Keys() {
		out = append(out, strings.TrimPrefix(k, memberPrefix))
	}
	slices.Sort(out)
	return slices.Compact(out), ctx.Err()
}

// Leave gives up everything that is held, for others to take at once.
func (l *Leases) Leave(ctx context.Context) error {
	errs := []error{l.kv.Delete(ctx, memberPrefix+l.id)}
	for _, part := range []map[string]lease{l.held, l.release} {
		for n, h := range part {
			errs = append(errs, l.drop(ctx, n, h))
		}
		clear(part)
	}
	return errors.Join(errs...)
}

func key(name string) string { return "held." + schemas.ID("n", name) }

// ownerOf is rendezvous hashing: a member that comes or goes moves its part alone.
func ownerOf(name string, members []string) (owner string) {
	var most uint64
	for _, m := range members {
		sum := sha256.Sum256([]byte(m + " " + name))
		if weight := binary.BigEndian.Uint64(sum[:]); owner == "" || weight > most {
			owner, most = m, weight
		}
	}
	return owner
}
