package main

import (
	"context"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/jsonl"
	"github.com/claimwire/claimwire/sink/store"
)

// sinks opens each kind of sink from the settings.
var sinks = map[string]func(context.Context, *config.Settings) (sink.Sink, error){
	"store": func(ctx context.Context, s *config.Settings) (sink.Sink, error) {
		return store.Open(ctx, store.Config{Location: storeLocation(s)})
	},
	"jsonl": func(_ context.Context, s *config.Settings) (sink.Sink, error) {
		return jsonl.Open(jsonl.Config{Path: s.JSONL})
	},
}

// sinkNames returns which sinks the settings ask for.
func sinkNames(s *config.Settings) []string {
	names := []string{"store"}
	if s.JSONL != "" {
		names = append(names, "jsonl")
	}
	return names
}

// keptAt says where a sink keeps what it has, and its positions in the streams.
func keptAt(name string, s *config.Settings) string {
	switch {
	case name == "jsonl":
		return s.JSONL + " and " + s.JSONL + ".position"
	case s.Database != "":
		return "the tables in --database"
	}
	return storeLocation(s)
}
