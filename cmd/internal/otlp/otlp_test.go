package otlp

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
)

func TestExporter(t *testing.T) {
	got := make(chan document, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var d document
		if err := json.NewDecoder(r.Body).Decode(&d); err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		got <- d
	}))
	defer collector.Close()
	e, err := New(Config{Endpoint: collector.URL, Every: 10 * time.Millisecond, Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	at := time.Unix(1, 5)
	e.Add(bus.Span{Trace: [16]byte{1}, ID: [8]byte{2}, Name: "publish ARTICLES", Start: at, End: at, Stream: "ARTICLES", Record: "r", About: "a"})
	s := (<-got).ResourceSpans[0].ScopeSpans[0].Spans[0]
	if s.TraceID != "01000000000000000000000000000000" || s.SpanID != "0200000000000000" || s.ParentID != "" || s.Kind != 4 || s.Start != "1000000005" || s.Status != nil {
		t.Errorf("span %+v", s)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	e.Add(bus.Span{Trace: [16]byte{1}, ID: [8]byte{3}, Parent: [8]byte{2}, Name: "extractor", Failed: "no"})
	if err := e.Run(ctx); err != nil { // what waits at the end is sent
		t.Error(err)
	}
	s = (<-got).ResourceSpans[0].ScopeSpans[0].Spans[0]
	if s.ParentID != "0200000000000000" || s.Kind != 5 || s.Status == nil || s.Status.Message != "no" {
		t.Errorf("span %+v", s)
	}
	if n := e.Dropped(); n != 0 {
		t.Errorf("%d spans dropped", n)
	}
}

// TestCollectorAway drops spans, and never blocks.
func TestCollectorAway(t *testing.T) {
	e, err := New(Config{Endpoint: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	for range queueSpans + 7 {
		e.Add(bus.Span{})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Run(ctx); err != nil {
		t.Error(err)
	}
	if n := e.Dropped(); n != queueSpans+7 {
		t.Errorf("%d spans dropped, want all", n)
	}
	for _, endpoint := range []string{"", "collector:4318", "ftp://collector"} {
		if _, err := New(Config{Endpoint: endpoint}); err == nil {
			t.Errorf("New takes the endpoint %q", endpoint)
		}
	}
}
