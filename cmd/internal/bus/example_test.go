package bus_test

import (
	"context"
	"fmt"
	"os"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/schemas"
)

func Example() {
	dir, err := os.MkdirTemp("", "bus")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	b, err := bus.Open(ctx, bus.Config{Dir: dir})
	if err != nil {
		panic(err)
	}
	defer b.Close(context.Background())

	a := schemas.Article{ID: "ferry", Text: "The port reopened on Thursday.", PublishedAt: "2025-11-20"}
	if err := a.Complete(); err != nil {
		panic(err)
	}
	for range 2 { // the second time it is known
		if err := b.PublishArticles(ctx, []schemas.Article{a}); err != nil {
			panic(err)
		}
	}

	cfg := bus.ConsumerConfig{Stream: schemas.StreamArticles, Durable: "reader", Stage: schemas.StageExtract}
	err = bus.Consume(ctx, b, cfg, func(_ context.Context, batch []bus.Received[schemas.Article]) error {
		for _, r := range batch {
			fmt.Println(r.Sequence, r.Subject, r.Record.Text)
		}
		cancel()
		return nil
	})
	if err != nil {
		panic(err)
	}
	// Output: 1 articles.v1.unknown The port reopened on Thursday.
}
