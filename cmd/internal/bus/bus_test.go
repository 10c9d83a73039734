package bus

import (
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
)

// counted returns the value of a counter.
func counted(t *testing.T, c prometheus.Counter) float64 {
	t.Helper()
	reg := prometheus.NewRegistry()
	must(t, reg.Register(c))
	got, err := reg.Gather()
	must(t, err)
	return got[0].GetMetric()[0].GetCounter().GetValue()
}

func purgeBelow(seq uint64) jetstream.StreamPurgeOpt { return jetstream.WithPurgeSequence(seq) }
