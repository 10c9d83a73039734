package bus

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// Received is a record with its place on the bus.
type Received[T Record] struct {
	Record   *T
	Stream   string
	Sequence uint64 // position in the stream, from 1
	Subject  string
	Attempt  int // how often it was delivered, this time included; from 1; 1 in Read
}

// ConsumerConfig configures [Consume]. Zero fields get the default given here.
type ConsumerConfig struct {
	Stream        string            // required: schemas.StreamArticles, …
	Durable       string            // required: the consumer's name; processes with the same one share the work
	Stage         schemas.StageName // required: who sends the dead letters
	Filter        []string          // subjects; default all
	Batch         int               // most records handled at once; default 100
	Few           int               // most records fetched at once while the stream has no backlog, for others who share the work to find some; default Batch
	MaxAckPending int               // most records given out and not acked, over all processes; default 8 × Batch
	AckWait       time.Duration     // after this long without a sign of life a record is given to another process; default 30s, external 3s
	MaxDeliver    int               // how often a record is tried before it is a dead letter; default 6, -1: for ever
	GaveUp        func(seq uint64)  // called when a record has become a dead letter, by several goroutines if Consume is; default: not
	Backoff       []time.Duration   // delay before each new try, the last for all others; default 1s, 5s, 30s, 2m, 10m
}

// withDefaults fills in what is not set; embedded says where the server is.
func (c ConsumerConfig) withDefaults(embedded bool) (ConsumerConfig, error) {
	if c.Stream == "" || c.Durable == "" || c.Stage == "" {
		return c, errors.New("consume: Stream, Durable and Stage are required")
	}
	if c.Batch == 0 {
		c.Batch = 100
	}
	if c.Few == 0 {
		c.Few = c.Batch
	}
	if c.MaxAckPending == 0 {
		c.MaxAckPending = 8 * c.Batch
	}
	if c.AckWait == 0 {
		c.AckWait = 30 * time.Second
		if !embedded { // what a node had sent when it died comes again after it; the stages say three times in it that they live
			c.AckWait = 3 * time.Second
		}
	}
	if c.MaxDeliver == 0 {
		c.MaxDeliver = 6
	}
	if len(c.Backoff) == 0 {
		c.Backoff = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	}
	return c, nil
}

// delay returns how long to wait after the nth delivery failed.
func (c ConsumerConfig) delay(n int) time.Duration {
	return c.Backoff[min(max(n-1, 0), len(c.Backoff)-1)]
}

// Consume gives the records of a stream to handle, in batches, until ctx ends or
// the bus is closed; then it lets the batch in hand finish and returns nil. It
// calls handle from one goroutine; call Consume again for more. If the stream has
// more than one batch, the next is fetched and read while handle is at work.
//
// What handle returns decides about all records it was given:
//
//   - nil: they are done.
//   - an error that matches [ErrUnavailable]: the same records again, after a
//     while, for as long as it takes. At most one batch more is fetched meanwhile.
//   - an error that matches [schemas.ErrMalformed]: a dead letter, at once.
//   - any other error, or a panic: tried again later, at most MaxDeliver times,
//     then a dead letter.
//
// If there were several, an error is first pinned to a record by giving them one
// by one. Records that cannot be read at all are dead letters that handle never
// sees. A record may come again after it was done, so handle must be idempotent.
// The context of handle goes on for Config.Grace after ctx has ended.
func Consume[T Record](ctx context.Context, b *Bus, cfg ConsumerConfig, handle func(context.Context, []Received[T]) error) error {
	return consume(ctx, &consumer[T]{bus: b, cfg: cfg, handle: handle})
}

func consume[T Record](ctx context.Context, c *consumer[T]) (err error) {
	if c.cfg, err = c.cfg.withDefaults(c.bus.Embedded()); err != nil {
		return err
	}
	ctx, end, err := c.bus.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	c.stopped = ctx.Done()
	if err := c.ensure(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("consumer %s of %s: %w", c.cfg.Durable, c.cfg.Stream, err)
	}
	c.bus.metrics.begin(c.cfg.Stream, c.cfg.Durable)
	return c.run(ctx)
}

type consumer[T Record] struct {
	bus     *Bus
	cfg     ConsumerConfig
	handle  func(context.Context, []Received[T]) error
	finish  func(context.Context, []Received[T]) error // second half; nil if there is none
	halves  chan half[T]                               // for the second half, in order; nil if there is none
	stopped <-chan struct{}                            // closed when nothing more shall be started
}

// delivery is a message with what it holds.
type delivery[T Record] struct {
	msg *nats.Msg
	rec Received[T]
	err error // why it cannot be read
}

// ensure creates the consumer, waiting for a server that is not ready.
func (c *consumer[T]) ensure(ctx context.Context) error {
	for n := 1; ; n++ {
		_, err := c.bus.js.CreateOrUpdateConsumer(ctx, c.cfg.Stream, c.durable())
		if err == nil || ctx.Err() != nil || !transient(err) {
			return err
		}
		c.bus.log.Warn("consumer waits for the server", "stream", c.cfg.Stream, "consumer", c.cfg.Durable, "err", err)
		sleep(ctx, retryDelay(n))
	}
}

// ensureTimeout is how long a server may take to make a consumer of somebody who has
// other ways to go on.
const ensureTimeout = 2 * time.Second

// ownConsumer begins the description of our consumers.
const ownConsumer = "claimwire "

// durable describes the consumer to the server. Tries are counted and delayed
// here: the server's MaxDeliver drops a record with no more than an advisory,
// and its BackOff replaces AckWait.
func (c *consumer[T]) durable() jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable:        c.cfg.Durable,
		Description:    ownConsumer + string(c.cfg.Stage),
		DeliverPolicy:  jetstream.DeliverAllPolicy,
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        c.cfg.AckWait,
		MaxDeliver:     -1,
		MaxAckPending:  c.cfg.MaxAckPending,
		FilterSubjects: c.cfg.Filter,
	}
}

func (c *consumer[T]) run(ctx context.Context) error {
	p, err := newPuller(c.bus.nc, c.cfg.Stream, c.cfg.Durable, c.cfg.Few)
	if err != nil {
		return fmt.Errorf("consumer %s of %s: %w", c.cfg.Durable, c.cfg.Stream, err)
	}
	defer p.close()
	work, cancel := c.bus.outlive(ctx)
	defer cancel()
	defer c.startFinishing(work)()
	var ahead chan fetched[T] // of a fetch under way; nil if there is none
	for fails := 0; ctx.Err() == nil; {
		var got fetched[T]
		if ahead != nil {
			got, ahead = <-ahead, nil
		} else {
			got = c.fetch(ctx, p)
		}
		if err := got.err; err != nil && !errors.Is(err, errNothing) && ctx.Err() == nil {
			c.bus.log.Warn("consumer waits", "stream", c.cfg.Stream, "consumer", c.cfg.Durable, "err", err)
			fails++
			sleep(ctx, retryDelay(fails))
			if ctx.Err() == nil { // it may be gone: a server's disk was lost, or somebody deleted it
				look, cancel := context.WithTimeout(ctx, ensureTimeout) // what it waits for may be an election
				_, _ = c.bus.js.CreateOrUpdateConsumer(look, c.cfg.Stream, c.durable())
				cancel()
			}
			continue
		}
		fails = 0
		if got.more && ctx.Err() == nil {
			ahead = make(chan fetched[T], 1)
			go func() { ahead <- c.fetch(ctx, p) }()
		}
		c.batch(work, got)
	}
	if ahead != nil { // for somebody else
		got := <-ahead
		got.giveBack()
	}
	return nil
}

// fetched is what one fetch brought.
type fetched[T Record] struct {
	ds   []delivery[T]
	err  error
	more bool   // the stream has records behind them
	stop func() // ends the signs of life to the server
}

// fetch waits for messages and reads them. Until stop is called the server hears that
// they are being worked on.
func (c *consumer[T]) fetch(ctx context.Context, p *puller) fetched[T] {
	asked := p.batch
	msgs, err := p.fetch(ctx)
	if len(msgs) < asked {
		p.batch = c.cfg.Few
	} else { // there may be a backlog
		p.batch = min(2*asked, c.cfg.Batch)
	}
	if len(msgs) == 0 {
		return fetched[T]{err: err, stop: func() {}}
	}
	got := fetched[T]{ds: make([]delivery[T], len(msgs)), stop: keepAlive(msgs, c.cfg.AckWait/3)}
	for i, m := range msgs {
		got.ds[i] = c.open(m)
	}
	if meta, err := msgs[len(msgs)-1].Metadata(); err == nil {
		got.more = meta.NumPending > 0
	}
	return got
}

// giveBack makes the server give the messages to somebody else at once.
func (f *fetched[T]) giveBack() {
	f.stop()
	for _, d := range f.ds {
		_ = d.msg.Nak() // lost: the message comes again after AckWait
	}
}

// outlive returns a context that ends Config.Grace after ctx.
func (b *Bus) outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	release := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(b.cfg.Grace):
		case <-work.Done():
		}
		cancel()
	})
	return work, func() { release(); cancel() }
}

// batch handles the messages of one fetch and settles every one of them.
func (c *consumer[T]) batch(ctx context.Context, got fetched[T]) {
	alive := newShared(got.stop)
	defer alive.release()
	var good, alone []delivery[T]
	for _, d := range got.ds {
		switch {
		case d.err != nil:
			c.giveUp(ctx, d, d.err)
		case c.cfg.MaxDeliver > 0 && d.rec.Attempt > 2*c.cfg.MaxDeliver:
			c.giveUp(ctx, d, fmt.Errorf("delivered %d times without an answer: it may end the process that reads it", d.rec.Attempt))
		case c.cfg.MaxDeliver > 0 && d.rec.Attempt > c.cfg.MaxDeliver:
			alone = append(alone, d)
		default:
			good = append(good, d)
		}
	}
	c.work(ctx, good, alive)
	for i := range alone { // a record that ends the process shall not take others along
		c.work(ctx, alone[i:i+1], alive)
	}
}

func (c *consumer[T]) open(m *nats.Msg) delivery[T] {
	d := delivery[T]{msg: m, rec: Received[T]{Stream: c.cfg.Stream, Subject: m.Subject, Attempt: 1}}
	meta, err := m.Metadata()
	if err != nil {
		d.err = fmt.Errorf("not a message of a stream: %w: %w", schemas.ErrMalformed, err)
		return d
	}
	d.rec.Sequence, d.rec.Attempt = meta.Sequence.Stream, int(meta.NumDelivered)
	if d.rec.Attempt > 1 {
		c.bus.metrics.redelivered.WithLabelValues(c.cfg.Stream, c.cfg.Durable).Inc()
	}
	d.rec.Record, d.err = decode[T](m.Header, m.Data)
	return d
}

// work hands deliveries over, and on to the second half if there is one. It settles
// them by the answer.
func (c *consumer[T]) work(ctx context.Context, ds []delivery[T], alive *shared) {
	if len(ds) == 0 {
		return
	}
	c.bus.metrics.batch.WithLabelValues(c.cfg.Stream, c.cfg.Durable).Observe(float64(len(ds)))
	start := time.Now()
	err := c.try(ctx, ds, c.handle)
	switch {
	case err == nil && c.halves != nil:
		alive.add()
		c.halves <- half[T]{ds, start, alive}
		return
	case err != nil && c.split(ctx, ds, err):
		for i := range ds {
			c.work(ctx, ds[i:i+1], alive)
		}
		return
	}
	c.settle(ctx, ds, start, err)
}

// split reports whether an error is to be pinned to one of several records.
func (c *consumer[T]) split(ctx context.Context, ds []delivery[T], err error) bool {
	return len(ds) > 1 && ctx.Err() == nil && !unavailable(err)
}

// settle tells the server what became of deliveries.
func (c *consumer[T]) settle(ctx context.Context, ds []delivery[T], start time.Time, err error) {
	c.handled(ds, start, err)
	switch {
	case err == nil:
		c.ack(ds)
	case ctx.Err() != nil, unavailable(err): // stopping: somebody else takes them
		for _, d := range ds {
			_ = d.msg.Nak()
		}
	case errors.Is(err, schemas.ErrMalformed), c.cfg.MaxDeliver > 0 && ds[0].rec.Attempt >= c.cfg.MaxDeliver:
		c.giveUp(ctx, ds[0], err)
	default:
		c.later(ds[0], err)
	}
}

// try calls a handler until it does not find something unavailable, or until
// Consume shall stop.
func (c *consumer[T]) try(ctx context.Context, ds []delivery[T], handle func(context.Context, []Received[T]) error) error {
	recs := make([]Received[T], len(ds))
	for i, d := range ds {
		recs[i] = d.rec
	}
	for n := 1; ; n++ {
		start := time.Now()
		err := safely(ctx, recs, handle)
		c.bus.metrics.handling.WithLabelValues(c.cfg.Stream, c.cfg.Durable).Observe(time.Since(start).Seconds())
		if ctx.Err() != nil || !unavailable(err) {
			return err
		}
		c.bus.log.Warn("stage waits", "stage", c.cfg.Stage, "records", len(ds), "err", err)
		select {
		case <-time.After(retryDelay(n)):
		case <-c.stopped:
			return err
		}
	}
}

func unavailable(err error) bool {
	return errors.Is(err, ErrUnavailable) && !errors.Is(err, schemas.ErrMalformed)
}

// safely turns a panic of the handler into an error.
func safely[T Record](ctx context.Context, recs []Received[T], handle func(context.Context, []Received[T]) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return handle(ctx, recs)
}

func (c *consumer[T]) ack(ds []delivery[T]) {
	Failpoint(FailBeforeAck)
	for _, d := range ds {
		if err := d.msg.Ack(); err != nil {
			c.bus.log.Warn("ack failed, the record will come again", "stream", c.cfg.Stream, "sequence", d.rec.Sequence, "err", err)
		}
	}
	c.count("acked", len(ds))
	Failpoint(FailAfterAck)
}

func (c *consumer[T]) later(d delivery[T], err error) {
	delay := c.cfg.delay(d.rec.Attempt)
	c.bus.log.Warn("record will be tried again", "stage", c.cfg.Stage, "stream", c.cfg.Stream, "sequence", d.rec.Sequence,
		"attempt", d.rec.Attempt, "in", delay, "err", err)
	_ = d.msg.NakWithDelay(delay) // lost: it comes again after AckWait
	c.count("retried", 1)
}

func (c *consumer[T]) count(result string, n int) {
	c.bus.metrics.handled.WithLabelValues(c.cfg.Stream, c.cfg.Durable, result).Add(float64(n))
}

// keepAlive tells the server every so often that the messages are being worked
// on, until the returned function is called, which waits for the goroutine.
func keepAlive(msgs []*nats.Msg, every time.Duration) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				for _, m := range msgs {
					_ = m.InProgress() // fails for those that are settled
				}
			}
		}
	}()
	return func() { close(quit); <-done }
}

// retryDelay returns how long to wait after the nth failure in a row: not longer than
// 400 ms while a cluster may be electing a leader, then up to 10 s.
func retryDelay(n int) time.Duration {
	const short, most = 3, 20 // failures until the wait stays the same, and until it grows again
	if n > short {
		n = max(short, n-most+short)
	}
	return min(100*time.Millisecond<<min(n-1, 10), 10*time.Second)
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
