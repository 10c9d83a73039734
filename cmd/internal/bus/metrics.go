package bus

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the counters of a Bus. They count whether or not a registry shows
// them.
type metrics struct {
	registry prometheus.Registerer // nil if none
	all      []prometheus.Collector

	published     *prometheus.CounterVec   // by stream and how: single, async, atomic, duplicate
	publishErrors *prometheus.CounterVec   // by stream
	fallbacks     *prometheus.CounterVec   // by stream and reason: the server's error code
	handled       *prometheus.CounterVec   // by stream, consumer and result: acked, retried, dead
	redelivered   *prometheus.CounterVec   // by stream and consumer
	batch         *prometheus.HistogramVec // records handled at once
	handling      *prometheus.HistogramVec // seconds in the handler
}

func newMetrics(b *Bus) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "claimwire", Subsystem: "bus", Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry:      b.cfg.Metrics,
		published:     counter("published_total", "Records stored, or known as duplicates.", "stream", "how"),
		publishErrors: counter("publish_errors_total", "Calls to publish that failed.", "stream"),
		fallbacks:     counter("batch_fallbacks_total", "Atomic batches that were sent in another way.", "stream", "reason"),
		handled:       counter("handled_total", "Records that left a consumer.", "stream", "consumer", "result"),
		redelivered:   counter("redelivered_total", "Records that came again.", "stream", "consumer"),
		batch: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "claimwire", Subsystem: "bus", Name: "batch_records",
			Help:    "Records handled at once.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 10),
		}, []string{"stream", "consumer"}),
		handling: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "claimwire", Subsystem: "bus", Name: "handler_seconds",
			Help:    "Time a handler took for a batch.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 9),
		}, []string{"stream", "consumer"}),
	}
	for _, stream := range Streams() { // a rate needs the zero before the first error
		m.publishErrors.WithLabelValues(stream)
	}
	if m.registry == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{
		m.published, m.publishErrors, m.fallbacks, m.handled, m.redelivered, m.batch, m.handling, newStreamCollector(b),
	} {
		if err := m.registry.Register(c); err != nil {
			m.unregister()
			return nil, err
		}
		m.all = append(m.all, c)
	}
	return m, nil
}

// begin shows what a consumer counts before it has something to count.
func (m *metrics) begin(stream, consumer string) {
	for _, result := range []string{"acked", "retried", "dead"} {
		m.handled.WithLabelValues(stream, consumer, result)
	}
	m.redelivered.WithLabelValues(stream, consumer)
}

// unregister lets the same registry serve a Bus that is opened later. A nil
// metrics has nothing to unregister.
func (m *metrics) unregister() {
	if m == nil {
		return
	}
	for _, c := range m.all {
		m.registry.Unregister(c)
	}
}

// A streamCollector asks the server when it is scraped: lag is a property of the
// stream, not of this process.
type streamCollector struct {
	bus                              *Bus
	records, bytes, pending, waiting *prometheus.Desc
	limit                            *prometheus.Desc
	free                             *prometheus.Desc
}

func newStreamCollector(b *Bus) *streamCollector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("claimwire_bus_"+name, help, labels, nil)
	}
	return &streamCollector{
		bus:     b,
		records: desc("stream_records", "Records in a stream.", "stream"),
		bytes:   desc("stream_bytes", "Bytes of a stream.", "stream"),
		limit:   desc("stream_limit_bytes", "Bytes that a stream may have; it takes no records beyond, or drops its oldest. None if it has no limit.", "stream"),
		pending: desc("consumer_pending", "Records a consumer has not been given.", "stream", "consumer"),
		waiting: desc("consumer_ack_pending", "Records a consumer was given and has not acked.", "stream", "consumer"),
		free:    desc("disk_free_bytes", "Free bytes on the disk of the embedded server."),
	}
}

// Describe implements prometheus.Collector.
func (c *streamCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.records, c.bytes, c.pending, c.waiting, c.limit, c.free} {
		ch <- d
	}
}

// Collect implements prometheus.Collector. What the server does not answer in
// two seconds is left out.
func (c *streamCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, name := range Streams() {
		s, err := c.bus.js.Stream(ctx, name)
		if err != nil {
			continue
		}
		state := s.CachedInfo().State
		gauge(c.records, float64(state.Msgs), name)
		gauge(c.bytes, float64(state.Bytes), name)
		if most := s.CachedInfo().Config.MaxBytes; most > 0 {
			gauge(c.limit, float64(most), name)
		}
		consumers := s.ListConsumers(ctx)
		for info := range consumers.Info() {
			if info.Config.Durable == "" {
				continue
			}
			gauge(c.pending, float64(info.NumPending), name, info.Name)
			gauge(c.waiting, float64(info.NumAckPending), name, info.Name)
		}
	}
	if c.bus.Embedded() {
		if free, err := freeBytes(c.bus.cfg.Dir); err == nil {
			gauge(c.free, float64(free))
		}
	}
}
