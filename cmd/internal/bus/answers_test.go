package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestAnswers lets somebody ack articles that nobody has read.
func TestAnswers(t *testing.T) {
	t.Parallel()
	b := openEmbedded(t, Config{})
	cfg := fast(schemas.StreamArticles)
	as := articles(9)
	handle := func(broken int) func(context.Context, []Received[schemas.Article]) error {
		return func(ctx context.Context, recs []Received[schemas.Article]) error {
			for _, r := range recs {
				if r.Sequence == uint64(broken) {
					return fmt.Errorf("broken: %w", schemas.ErrMalformed)
				}
				x := schemas.Extraction{
					SchemaVersion: schemas.Version, ArticleID: r.Record.ID, ArticleVersion: r.Record.Version,
					MadeBy: schemas.MadeBy{Program: "test"}, Article: *r.Record,
				}
				if err := b.PublishExtractions(ctx, []schemas.Extraction{x}); err != nil {
					return err
				}
			}
			return nil
		}
	}
	want := func(a *Answers, want ...uint64) {
		t.Helper()
		got, err := a.Missing(t.Context())
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("articles without an answer: %v, want %v", got, want)
		}
	}
	a, err := b.NewAnswers(t.Context(), cfg.Durable)
	must(t, err)
	want(a) // there is no consumer yet
	must(t, b.PublishArticles(t.Context(), as[:4]))
	stop := work(t, b, cfg, handle(2)) // 2 becomes a dead letter
	idle(t, b, cfg.Stream, cfg.Durable)
	stop()
	want(a)
	must(t, b.PublishArticles(t.Context(), as[4:7]))
	stop = work(t, b, cfg, func(context.Context, []Received[schemas.Article]) error { return nil })
	idle(t, b, cfg.Stream, cfg.Durable)
	stop()
	must(t, b.PublishArticles(t.Context(), as[7:]))
	stop = work(t, b, cfg, handle(0))
	idle(t, b, cfg.Stream, cfg.Durable)
	stop()
	want(a, 5, 6, 7)
	want(a, 5, 6, 7)
	a.Settle(5)
	must(t, handle(0)(t.Context(), []Received[schemas.Article]{{Record: &as[5], Sequence: 6}}))
	want(a, 7)
	if n, err := b.Erase(t.Context(), schemas.StreamArticles, []uint64{7}); n != 1 || err != nil {
		t.Fatalf("%d erased, %v", n, err)
	}
	a.Settle(7)
	want(a)
	if n, err := b.Erase(t.Context(), schemas.StreamDead, []uint64{1}); n != 1 || err != nil { // somebody has dropped the letter
		t.Fatalf("%d erased, %v", n, err)
	}
	a, err = b.NewAnswers(t.Context(), cfg.Durable) // a process that comes later
	must(t, err)
	want(a, 5)
}

// TestBetween reads a part of a stream from its leader, over a hole.
func TestBetween(t *testing.T) {
	t.Parallel()
	b := openEmbedded(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(9)))
	if n, err := b.Erase(t.Context(), schemas.StreamArticles, []uint64{4, 5, 9}); n != 3 || err != nil {
		t.Fatalf("%d erased, %v", n, err)
	}
	stop := errors.New("stop")
	for _, c := range []struct {
		from, to uint64
		end      error
		want     []uint64
	}{
		{1, 3, nil, []uint64{1, 2, 3}},
		{3, 7, nil, []uint64{3, 6, 7}},
		{4, 5, nil, nil},
		{8, 40, nil, []uint64{8}},
		{7, 6, nil, nil},
		{1, 9, stop, []uint64{1}},
	} {
		var got []uint64
		err := Between(t.Context(), b, schemas.StreamArticles, schemas.StageExtract, c.from, c.to, func(r Received[schemas.Article]) error {
			if r.Record.ID != articles(9)[r.Sequence-1].ID {
				t.Errorf("record %d is article %s", r.Sequence, r.Record.ID)
			}
			got = append(got, r.Sequence)
			return c.end
		})
		if !errors.Is(err, c.end) || !slices.Equal(got, c.want) {
			t.Errorf("%d to %d: %v, %v, want %v", c.from, c.to, got, err, c.want)
		}
	}
}
