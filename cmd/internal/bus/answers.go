package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// headerArticle of an extraction is the id of the article's record.
const headerArticle = "Claimwire-Article"

// answersBack is how many of the articles that were done before an account begins are in
// it: more than a consumer gives out before the first of them is acked.
const answersBack = 2000

// Answers keeps account of the articles that have no extraction yet, by the headers of
// both streams.
type Answers struct {
	bus         *Bus
	durable     string
	articles    uint64 // sequence up to which they were looked at
	extractions uint64
	open        map[string]unanswered // by id of the article's record
	mute        time.Time             // of the last extraction that does not say what it is of
}

type unanswered struct {
	sequence uint64
	at       time.Time
}

// NewAnswers begins the account of the articles that a durable consumer is given.
func (b *Bus) NewAnswers(ctx context.Context, durable string) (*Answers, error) {
	floor, err := b.Acked(ctx, schemas.StreamArticles, durable)
	if err != nil {
		return nil, err
	}
	state, err := b.state(ctx, schemas.StreamExtractions)
	if err != nil {
		return nil, err
	}
	return &Answers{
		bus: b, durable: durable, articles: floor - min(floor, answersBack), extractions: state.LastSeq - min(state.LastSeq, 2*answersBack),
		open: map[string]unanswered{},
	}, nil
}

// Missing returns the sequences of the articles that the consumer takes for done and
// that have neither an extraction nor a dead letter. They are named again until
// [Answers.Settle] is told of them. The cost is that of the headers that are new.
func (a *Answers) Missing(ctx context.Context) ([]uint64, error) {
	missing, err := a.look(ctx)
	if err == nil && len(missing) > 0 {
		missing, err = a.confirm(ctx, missing)
	}
	if err != nil {
		return nil, fmt.Errorf("articles without an extraction: %w", err)
	}
	return missing, nil
}

// Settle takes articles off the account.
func (a *Answers) Settle(sequences ...uint64) {
	maps.DeleteFunc(a.open, func(_ string, u unanswered) bool { return slices.Contains(sequences, u.sequence) })
}

// look reads the headers that are new. The order of its questions makes sure that the
// extraction of an article up to floor is among those read, and that the article of
// each extraction read is known.
func (a *Answers) look(ctx context.Context) ([]uint64, error) {
	articles, err := a.bus.js.Stream(ctx, schemas.StreamArticles)
	if err != nil {
		return nil, err
	}
	floor, err := a.bus.Acked(ctx, schemas.StreamArticles, a.durable)
	if err != nil {
		return nil, err
	}
	extractions, err := a.bus.js.Stream(ctx, schemas.StreamExtractions)
	if err != nil {
		return nil, err
	}
	c, err := articles.Consumer(ctx, a.durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = walkTo(ctx, articles, &a.articles, c.CachedInfo().Delivered.Stream, func(m jetstream.Msg, meta *jetstream.MsgMetadata) {
		if id := m.Headers().Get(headerID); id != "" {
			a.open[id] = unanswered{meta.Sequence.Stream, meta.Timestamp}
		}
	})
	if err != nil {
		return nil, err
	}
	if err := walkTo(ctx, extractions, &a.extractions, extractions.CachedInfo().State.LastSeq, a.answered); err != nil {
		return nil, err
	}
	var missing []uint64
	for _, u := range a.open {
		if u.sequence <= floor {
			missing = append(missing, u.sequence)
		}
	}
	return missing, nil
}

// walkTo gives the headers of the messages after *from up to a sequence to fn, and
// moves *from along. It may end early on a server that lags behind.
func walkTo(ctx context.Context, s jetstream.Stream, from *uint64, to uint64, fn func(jetstream.Msg, *jetstream.MsgMetadata)) error {
	if *from >= to {
		return nil
	}
	return walkFrom(ctx, s, *from+1, nil, func(m jetstream.Msg, meta *jetstream.MsgMetadata) bool {
		if meta.Sequence.Stream > to {
			return false
		}
		fn(m, meta)
		*from = meta.Sequence.Stream
		return *from < to
	})
}

func (a *Answers) answered(m jetstream.Msg, meta *jetstream.MsgMetadata) {
	if of := m.Headers().Get(headerArticle); of != "" {
		delete(a.open, of)
	} else if meta.Timestamp.After(a.mute) {
		a.mute = meta.Timestamp
	}
}

// confirm leaves out what has an answer after all: one that was published before the
// account began, that was dropped since, or a dead letter.
func (a *Answers) confirm(ctx context.Context, suspects []uint64) ([]uint64, error) {
	extractions, err := a.bus.js.Stream(ctx, schemas.StreamExtractions)
	if err != nil {
		return nil, err
	}
	all := uint64(0)
	state := extractions.CachedInfo().State
	if err := walkTo(ctx, extractions, &all, a.extractions, a.answered); err != nil {
		return nil, err
	}
	since := a.mute
	if state.FirstSeq > 1 && state.FirstTime.After(since) {
		since = state.FirstTime
	}
	maps.DeleteFunc(a.open, func(_ string, u unanswered) bool {
		return slices.Contains(suspects, u.sequence) && !u.at.After(since)
	})
	err = Scan(ctx, a.bus, schemas.StreamDead, func(_ uint64, l *schemas.DeadLetter) error {
		if streamOf(l.Subject) == schemas.StreamArticles {
			a.Settle(l.Sequence)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := a.terminated(ctx); err != nil {
		return nil, err
	}
	var missing []uint64
	for _, u := range a.open {
		if slices.Contains(suspects, u.sequence) {
			missing = append(missing, u.sequence)
		}
	}
	slices.Sort(missing)
	return missing, nil
}

// terminated leaves out what became a dead letter that somebody has dropped since.
func (a *Answers) terminated(ctx context.Context) error {
	subject := "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED." + schemas.StreamArticles + "." + a.durable
	for from := uint64(1); ; from++ {
		m, seq, err := a.bus.next(ctx, streamAdvisories, subject, from)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		from = seq
		var told advisory
		if json.Unmarshal(m.Data, &told) == nil { // the server's own words
			a.Settle(told.Sequence)
		}
	}
}
