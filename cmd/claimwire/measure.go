package main

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/schemas"
)

// stageMetrics show on /metrics what the stages of this process have done; the
// bus has metrics of its own.
type stageMetrics struct {
	latency prometheus.Histogram     // seconds from fetching an article to its changes on CLAIMS
	skipped *prometheus.CounterVec   // by stage: records that its consumer took for done and it was never given
	writing *prometheus.HistogramVec // by sink: seconds that a batch took
}

func newStageMetrics(in *instance) *stageMetrics {
	m := &stageMetrics{latency: prometheus.NewHistogram(prometheus.HistogramOpts{
		Namespace: "claimwire", Name: "fetch_to_claim_seconds",
		Help:    "Time from fetching an article to the changes of its claims on the stream.",
		Buckets: prometheus.ExponentialBuckets(0.004, 2, 16),
	})}
	m.skipped = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: "claimwire", Name: "records_skipped_total",
		Help: "Records that the server's consumer took for done, that a stage was never given, and that it read by itself.",
	}, []string{"stage"})
	for _, stage := range []schemas.StageName{schemas.StageExtract, schemas.StageNormalize} { // a rate needs the zero before
		m.skipped.WithLabelValues(string(stage))
	}
	m.writing = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "claimwire", Name: "sink_write_seconds",
		Help:    "Time a sink took for a batch of records.",
		Buckets: prometheus.ExponentialBuckets(0.001, 4, 9),
	}, []string{"sink"})
	in.metrics.MustRegister(m.latency, m.skipped, m.writing, &sinkCollector{in, prometheus.NewDesc(
		"claimwire_sink_behind_records", "Sequences of a stream that a sink has not stored.", []string{"sink", "stream"}, nil)})
	for _, c := range []struct {
		name, help string
		value      func() int64
	}{
		{"articles_published_total", "Articles published by this process.", in.articles.Load},
		{"articles_extracted_total", "Articles read.", in.extracted.Load},
		{"articles_skipped_total", "Articles in other languages.", in.skipped.Load},
		{"claim_changes_total", "Changes of claims published.", in.changes.Load},
		{"feed_polls_total", "Polls of feeds.", func() int64 { return in.feedTotals().polls }},
		{"feed_errors_total", "Polls of feeds that failed.", func() int64 { return in.feedTotals().failed }},
		{"page_errors_total", "Pages given up.", func() int64 { return in.feedTotals().pages }},
	} {
		in.metrics.MustRegister(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Namespace: "claimwire", Name: c.name, Help: c.help}, func() float64 { return float64(c.value()) }))
	}
	in.metrics.MustRegister(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Namespace: "claimwire", Name: "feeds_paused", Help: "Feeds that wait for room on the disk or for the stages."},
		func() float64 { return float64(in.paused.Load()) }))
	in.metrics.MustRegister(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Namespace: "claimwire", Name: "ready", Help: "1 if /readyz says so."},
		func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			if in.bus == nil || in.health(ctx) != nil {
				return 0
			}
			return 1
		}), newWebhookCollector(in))
	if in.settings.Standby {
		in.metrics.MustRegister(prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Namespace: "claimwire", Name: "leading", Help: "1 if this normalizer leads, 0 while it stands by."},
			func() float64 {
				if in.ready.Load() {
					return 1
				}
				return 0
			}))
	}
	return m
}

// A webhookCollector tells, when it is scraped, how the receivers of webhooks do.
type webhookCollector struct {
	instance                        *instance
	sent, behind, failing, disabled *prometheus.Desc
}

func newWebhookCollector(in *instance) *webhookCollector {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("claimwire_webhook_"+name, help, []string{"webhook"}, nil)
	}
	return &webhookCollector{
		instance: in,
		sent:     desc("sent_total", "Messages that a receiver took, since the start or the last change of the endpoints."),
		behind:   desc("behind_records", "Changes of claims that wait for a receiver, those that it does not want included."),
		failing:  desc("failing_seconds", "How long a receiver has been failing; 0 if the last attempt went well."),
		disabled: desc("disabled", "1 if nothing is sent to a receiver any more."),
	}
}

// Describe implements prometheus.Collector.
func (c *webhookCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.sent, c.behind, c.failing, c.disabled} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *webhookCollector) Collect(ch chan<- prometheus.Metric) {
	hooks := c.instance.webhooks.Load()
	if hooks == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	last, lastErr := c.instance.bus.LastSequence(ctx, schemas.StreamClaims)
	for _, st := range hooks.Status() {
		gauge := func(d *prometheus.Desc, v float64) {
			ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, st.Name)
		}
		ch <- prometheus.MustNewConstMetric(c.sent, prometheus.CounterValue, float64(st.Sent), st.Name)
		if lastErr == nil {
			gauge(c.behind, float64(last-min(st.Position, last)))
		}
		failing, disabled := 0.0, 0.0
		if !st.Failing.IsZero() {
			failing = time.Since(st.Failing).Seconds()
		}
		if st.Disabled != "" {
			disabled = 1
		}
		gauge(c.failing, failing)
		gauge(c.disabled, disabled)
	}
}

// A sinkCollector asks, when it is scraped, how far each sink of this process is behind
// its streams.
type sinkCollector struct {
	instance *instance
	behind   *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c *sinkCollector) Describe(ch chan<- *prometheus.Desc) { ch <- c.behind }

// Collect implements prometheus.Collector. What the server does not answer in two
// seconds is left out.
func (c *sinkCollector) Collect(ch chan<- prometheus.Metric) {
	in := c.instance
	in.mu.Lock()
	positions := maps.Clone(in.positions)
	in.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	last := map[string]uint64{}
	for key, at := range positions {
		name, stream, _ := strings.Cut(key, " ")
		if _, asked := last[stream]; !asked {
			seq, err := in.bus.LastSequence(ctx, stream)
			if err != nil {
				continue
			}
			last[stream] = seq
		}
		ch <- prometheus.MustNewConstMetric(c.behind, prometheus.GaugeValue, float64(last[stream]-min(at, last[stream])), name, stream)
	}
}

type feedTotals struct{ polls, failed, pages int64 }

func (in *instance) feedTotals() feedTotals {
	if in.fetcher == nil {
		return feedTotals{}
	}
	st := in.fetcher.Stats()
	return feedTotals{st.Polls, st.FeedErrors, st.PageErrors}
}

// claimed notes that the changes that a batch of extractions brought are on the
// stream.
func (in *instance) claimed(batch []bus.Received[schemas.Extraction]) {
	now := time.Now()
	for i := range batch {
		a := &batch[i].Record.Article
		if a.FetchedAt != nil && batch[i].Attempt == 1 {
			in.stats.latency.Observe(now.Sub(*a.FetchedAt).Seconds())
		}
		if in.onClaims != nil {
			in.onClaims(a.ID, now)
		}
	}
}
