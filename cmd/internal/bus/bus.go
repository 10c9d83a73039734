// Package bus carries the records between the stages: all NATS JetStream wiring
// of claimwire is here, and nothing else imports the NATS client.
//
//	Publish*  record -> message with a content id -> stream, returns when the server has stored it
//	Consume   stream -> durable consumer -> handler -> ack, retry or dead letter
//	Read      stream -> handler, in order from a sequence the reader keeps itself;
//	          near the end of what this process publishes without a way around
//
// Delivery is at least once. A message's id comes from the record, so publishing
// a record again within the stream's duplicate window, or after a pause of any
// length if it was among the newest, stores it once; beyond that the stage's own
// keys make the repetition harmless.
//
// Decision, 2026-11: one process runs an embedded nats-server without a listener
// and with SyncAlways. Measured on a disk that loses power, the server's default
// of syncing every two minutes lost up to the whole stream; SyncAlways lost
// nothing, and atomic batches (one sync a batch) give the speed back.
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/claimwire/claimwire/schemas"
)

// MaxMessage is the size in bytes, headers included, of the largest message on
// the bus. An external server must accept it.
const MaxMessage = 8 << 20

// Errors that callers branch on.
var (
	// ErrUnavailable marks a failure of the bus or of a store, not of a record:
	// trying again later may succeed. [Consume] waits and tries the same records
	// again for as long as a handler's error matches it.
	ErrUnavailable = errors.New("unavailable")

	// ErrGone says that a reader's position is no longer in the stream: records
	// after it were trimmed, or the stream is another one than the position is from.
	ErrGone = errors.New("position is gone")

	// ErrLocked says that another process uses the data directory.
	ErrLocked = errors.New("in use by another process")

	// ErrNotFound says that a stream holds no record at a sequence.
	ErrNotFound = errors.New("no such record")
)

// Config configures a [Bus]. Zero fields get the default given here.
type Config struct {
	// Embedded server, used if URL is empty.
	Dir    string       // required: directory of the streams, created if missing
	NoSync bool         // leave syncing to the disk to the server's interval of two minutes: faster, and a power cut loses data
	Listen ListenConfig // default: no listener, in-process connections only

	// External server or cluster.
	URL       string // "nats://host:4222", several separated by commas
	CredsFile string // JWT and key, as "nsc" writes them
	NKeyFile  string // file with a user's nkey seed
	CAFile    string // PEM of the authorities to trust; default: the system's
	CertFile  string // PEM of the client's certificate
	KeyFile   string // PEM of its key
	Replicas  int    // of each stream; default 1

	Name       string                // names this process to the server and in ce-source; default "claimwire"
	Limits     map[string]Limits     // by stream name; default [DefaultLimits]
	MinFree    uint64                // embedded: publishing pauses when the disk has fewer bytes free, see [Bus.Room]; default 256 MiB
	AckTimeout time.Duration         // how long the server may take to confirm a message; default 30s, external 2.5s
	Grace      time.Duration         // how long handlers may go on after the end of their context; default 20s
	Metrics    prometheus.Registerer // default: none
	Spans      func(Span)            // hears of each piece of work on a record, and must not wait; default: nobody
	Logger     *slog.Logger          // default: discard
}

func (c Config) withDefaults() Config {
	if c.Replicas == 0 {
		c.Replicas = 1
	}
	if c.Name == "" {
		c.Name = "claimwire"
	}
	if c.MinFree == 0 {
		c.MinFree = 256 << 20
	}
	if c.AckTimeout == 0 {
		c.AckTimeout = 30 * time.Second
		if c.URL != "" { // a node that is gone confirms nothing, and its heir is elected in this time
			c.AckTimeout = 2500 * time.Millisecond
		}
	}
	if c.Grace == 0 {
		c.Grace = 20 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// A Bus is a connection to the streams, and the server itself if it is embedded.
// Its methods may be called from several goroutines.
type Bus struct {
	cfg     Config
	log     *slog.Logger
	lock    *dirLock       // nil if external
	srv     *server.Server // nil if external
	nc      *nats.Conn
	js      jetstream.JetStream
	metrics *metrics
	disk    *diskWatch // nil if external
	bound   int        // bytes of the largest message that is published
	staging string     // folder in memory where an embedded server keeps batches; empty if they are on the disk

	atomic   map[string]*atomic.Bool // by stream: whether it takes atomic batches; the map is fixed after Open
	memories map[string]*memory      // by stream; the map is fixed after Open
	tails    map[string]*tail        // by stream, those that have one; the map is fixed after Open

	maker atomic.Pointer[maker] // of the last extraction

	mu      sync.Mutex // guards closed and the first Add of running
	closed  bool
	running sync.WaitGroup // Consume and Read calls
	stop    context.Context
	cancel  context.CancelFunc // ends stop: no new work is fetched
}

// Open starts the embedded server, or connects to the external one, and makes
// sure that the streams exist. If another process has the directory, the error
// matches [ErrLocked].
func Open(ctx context.Context, cfg Config) (_ *Bus, err error) {
	b := &Bus{cfg: cfg.withDefaults(), atomic: map[string]*atomic.Bool{}, memories: map[string]*memory{}}
	for _, name := range Streams() {
		b.memories[name] = new(memory)
	}
	if b.Embedded() {
		b.tails = map[string]*tail{schemas.StreamClaims: {readers: map[*tailReader]bool{}}}
	}
	b.log = b.cfg.Logger
	b.stop, b.cancel = context.WithCancel(context.Background())
	for name := range b.cfg.Limits {
		if !slices.Contains(Streams(), name) {
			return nil, fmt.Errorf("open bus: limits of %q: no such stream", name)
		}
	}
	defer func() {
		if err != nil {
			b.shutdown(context.WithoutCancel(ctx))
		}
	}()
	if b.cfg.URL == "" {
		err = b.startEmbedded()
	} else {
		err = b.dial()
	}
	if err != nil {
		return nil, err
	}
	if err := b.openJetStream(); err != nil {
		return nil, err
	}
	if err := b.checkServer(); err != nil {
		return nil, err
	}
	if err := b.ensureStreams(ctx); err != nil {
		return nil, err
	}
	if b.Embedded() {
		if err := b.linkStaging(); err != nil {
			return nil, fmt.Errorf("open bus: %w", err)
		}
		if err := b.takeBack(ctx, func(string) bool { return true }); err != nil {
			return nil, err
		}
	}
	if b.metrics, err = newMetrics(b); err != nil {
		return nil, fmt.Errorf("open bus: register metrics: %w", err)
	}
	return b, nil
}

// apiTimeout is how long a server may take at least to answer a question that is no message.
const apiTimeout = 4 * time.Second

func (b *Bus) openJetStream() (err error) {
	if b.js, err = jetstream.New(b.nc,
		jetstream.WithPublishAsyncMaxPending(maxAsync),
		jetstream.WithPublishAsyncTimeout(b.cfg.AckTimeout),
		jetstream.WithDefaultTimeout(max(b.cfg.AckTimeout, apiTimeout)),
	); err != nil {
		return fmt.Errorf("open bus: %w", err)
	}
	return nil
}

// checkServer refuses, with the reason, a server that could not do the work.
func (b *Bus) checkServer() error {
	where := b.nc.ConnectedUrlRedacted()
	if v := b.nc.ConnectedServerVersion(); olderThan(v, 2, 10) {
		return fmt.Errorf("server %s is nats-server %s, claimwire needs 2.10 or later", where, v)
	}
	if limit := b.nc.MaxPayload(); limit < MaxMessage {
		return fmt.Errorf("server %s accepts messages of %d bytes, claimwire needs %d: set max_payload: 8MB in its configuration",
			where, limit, MaxMessage)
	}
	b.bound = MaxMessage
	return nil
}

// olderThan compares a version "major.minor.patch". One it cannot read is new.
func olderThan(version string, major, minor int) bool {
	var ma, mi int
	if n, _ := fmt.Sscanf(version, "%d.%d", &ma, &mi); n < 2 {
		return false
	}
	return ma < major || ma == major && mi < minor
}

// Embedded reports whether the server runs in this process.
func (b *Bus) Embedded() bool { return b.cfg.URL == "" }

// ClientURL returns the address at which other NATS clients reach the server:
// the listener's, or Config.URL; "" if there is none.
func (b *Bus) ClientURL() string {
	switch {
	case !b.Embedded():
		return b.cfg.URL
	case b.cfg.Listen.Addr == "":
		return ""
	}
	return b.srv.ClientURL()
}

// Health returns nil if the server answers, the streams are there and the disk
// of an embedded server has room.
func (b *Bus) Health(ctx context.Context) error {
	if !b.nc.IsConnected() {
		return fmt.Errorf("bus: %s: %w", b.nc.Status(), ErrUnavailable)
	}
	for _, name := range Streams() {
		if _, err := b.js.Stream(ctx, name); err != nil {
			return fmt.Errorf("bus: stream %s: %w", name, err)
		}
	}
	return b.disk.check(1)
}

// Close stops the consumers and waits for their handlers, at most Config.Grace,
// then closes the connection and stops the embedded server. No method may be
// called after it.
func (b *Bus) Close(ctx context.Context) error {
	b.mu.Lock()
	again := b.closed
	b.closed = true
	b.mu.Unlock()
	if again {
		return nil
	}
	b.cancel()
	done := make(chan struct{})
	go func() { b.running.Wait(); close(done) }()
	var err error
	select {
	case <-done:
	case <-ctx.Done():
		err = fmt.Errorf("close bus: consumers still at work: %w", ctx.Err())
	case <-time.After(b.cfg.Grace + time.Second):
		err = fmt.Errorf("close bus: consumers still at work after %s", b.cfg.Grace)
	}
	return errors.Join(err, b.shutdown(ctx))
}

// begin registers a running consumer; the returned context ends with ctx or
// with Close. The caller calls end when it has stopped.
func (b *Bus) begin(ctx context.Context) (_ context.Context, end func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, nil, errors.New("bus is closed")
	}
	b.running.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(b.stop, cancel)
	return ctx, func() { release(); cancel(); b.running.Done() }, nil
}

// shutdown releases whatever Open has acquired so far.
func (b *Bus) shutdown(ctx context.Context) error {
	b.cancel()
	var err error
	if b.nc != nil {
		flush, cancel := context.WithTimeout(ctx, 2*time.Second)
		if e := b.nc.FlushWithContext(flush); e != nil && !errors.Is(e, nats.ErrConnectionClosed) && b.metrics != nil {
			err = fmt.Errorf("close bus: flush: %w", e)
		}
		cancel()
		b.nc.Close()
	}
	b.metrics.unregister()
	if b.srv != nil {
		b.srv.Shutdown()
		b.srv.WaitForShutdown()
		err = errors.Join(err, b.closeStaging())
	}
	if b.lock != nil {
		err = errors.Join(err, b.lock.release())
	}
	return err
}
