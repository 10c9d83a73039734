package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/claimwire/claimwire/schemas"
)

// TestConformance runs the same checks on both kinds of server.
func TestConformance(t *testing.T) {
	for _, kind := range []struct {
		name string
		open func(*testing.T, Config) *Bus
	}{{"embedded", openEmbedded}, {"external", openExternal}} {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range []struct {
				name  string
				check func(*testing.T, func(*testing.T, Config) *Bus)
			}{
				{"every record", testEveryRecord},
				{"published again", testPublishedAgain},
				{"batch of 1200", testLargeBatch},
				{"batch with known ids", testMixedBatch},
				{"duplicates in one batch", testDuplicatesInBatch},
				{"batch without atomic publish", testWithoutAtomic},
				{"too large", testTooLarge},
				{"no id", testNoID},
				{"poison", testPoison},
				{"garbage", testGarbage},
				{"handler error", testHandlerError},
				{"given up after tries", testGivenUp},
				{"panic", testPanic},
				{"retry of a dead letter", testRetry},
				{"unavailable", testUnavailable},
				{"lag", testLag},
				{"drain", testDrain},
				{"shared consumer", testShared},
				{"filter", testFilter},
				{"follow", testFollow},
				{"follow gone", testFollowGone},
				{"read all", testReadAll},
				{"plain subscriber", testPlainSubscriber},
				{"large records", testLargeRecords},
				{"open twice", testReopenConnection},
			} {
				t.Run(c.name, func(t *testing.T) { c.check(t, kind.open) })
			}
		})
	}
}

func openEmbedded(t *testing.T, cfg Config) *Bus {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	cfg.NoSync = true // these checks end no process
	b, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeBus(t, b) })
	return b
}

func openExternal(t *testing.T, cfg Config) *Bus {
	t.Helper()
	cfg.URL = startServer(t, nil).ClientURL()
	if cfg.AckTimeout == 0 { // there is no other node to turn to, only a slow disk
		cfg.AckTimeout = 30 * time.Second
	}
	b, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeBus(t, b) })
	return b
}

// startServer runs a nats-server with a loopback listener until the test ends.
func startServer(t *testing.T, set func(*server.Options)) *server.Server {
	t.Helper()
	opts := &server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(),
		NoSigs: true, NoLog: true, MaxPayload: MaxMessage, JetStreamMaxStore: 1 << 50,
	}
	if set != nil {
		set(opts)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("server is not ready")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

func closeBus(t *testing.T, b *Bus) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := b.Close(ctx); err != nil {
		t.Errorf("Close() = %v", err)
	}
}

func article(i int) schemas.Article {
	a := schemas.Article{
		ID:          fmt.Sprintf("art-%04d", i),
		URL:         fmt.Sprintf("https://harbour.example/news/%d", i),
		Publisher:   schemas.Publisher{Name: "Harbour Post", Domain: "harbour.example"},
		Title:       "Ferries resume",
		PublishedAt: "2025-11-20T08:00:00Z",
		Text:        fmt.Sprintf("The port reopened for ferry %d on Thursday, the harbour master said.", i),
	}
	if err := a.Complete(); err != nil {
		panic(err)
	}
	return a
}

func articles(n int) []schemas.Article {
	as := make([]schemas.Article, n)
	for i := range as {
		as[i] = article(i)
	}
	return as
}

func change(i int) schemas.Change {
	return schemas.Change{
		SchemaVersion: schemas.Version,
		ID:            fmt.Sprintf("ch-%04d", i),
		Change:        schemas.ChangeAsserted,
		Revision:      1,
		KnownAt:       "2025-11-20T08:00:00Z",
		Country:       "PS",
		Claim:         schemas.Claim{SchemaVersion: schemas.Version, ID: fmt.Sprintf("c-%04d", i), Measure: "person-killed"},
	}
}

func changes(n int) []schemas.Change {
	cs := make([]schemas.Change, n)
	for i := range cs {
		cs[i] = change(i)
	}
	return cs
}

// must publishes or ends the test.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func last(t *testing.T, b *Bus, stream string) uint64 {
	t.Helper()
	n, err := b.LastSequence(t.Context(), stream)
	must(t, err)
	return n
}

// collect consumes until done returns true of what has come, and returns it.
func collect[T Record](t *testing.T, b *Bus, cfg ConsumerConfig, done func([]Received[T]) bool) []Received[T] {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	var got []Received[T]
	err := Consume(ctx, b, cfg, func(_ context.Context, recs []Received[T]) error {
		got = append(got, recs...)
		if done(got) {
			cancel()
		}
		return nil
	})
	must(t, err)
	if !done(got) {
		t.Fatalf("consumer %s of %s: timed out after %d records", cfg.Durable, cfg.Stream, len(got))
	}
	return got
}

func collectN[T Record](t *testing.T, b *Bus, stream string, n int) []Received[T] {
	t.Helper()
	cfg := ConsumerConfig{Stream: stream, Durable: "all", Stage: schemas.StageSink}
	return collect(t, b, cfg, func(got []Received[T]) bool { return len(got) >= n })
}

func letters(t *testing.T, b *Bus, n int) []schemas.DeadLetter {
	t.Helper()
	var got []schemas.DeadLetter
	for _, r := range collectN[schemas.DeadLetter](t, b, schemas.StreamDead, n) {
		got = append(got, *r.Record)
	}
	return got
}

func testEveryRecord(t *testing.T, open func(*testing.T, Config) *Bus) {
	b, ctx := open(t, Config{}), t.Context()
	must(t, b.Health(ctx))
	a := article(1)
	must(t, b.PublishArticles(ctx, []schemas.Article{a}))
	e := schemas.Extraction{SchemaVersion: schemas.Version, ArticleID: a.ID, ArticleVersion: a.Version, Article: a, MadeBy: schemas.MadeBy{Program: "claimwire test", NLP: "own"}}
	must(t, b.PublishExtractions(ctx, []schemas.Extraction{e}))
	must(t, b.PublishChanges(ctx, changes(1)))
	r := schemas.Review{SchemaVersion: schemas.Version, ID: "r-1", At: time.Date(2025, 11, 21, 9, 0, 0, 0, time.UTC), By: "mk", Action: schemas.ReviewActions[0]}
	must(t, b.PublishReviews(ctx, []schemas.Review{r}))
	must(t, b.PublishDead(ctx, []schemas.DeadLetter{NewDeadLetter(schemas.StageFetch, []byte("<rss"), 1, errors.New("no feed"))}))

	gotA := collectN[schemas.Article](t, b, schemas.StreamArticles, 1)[0]
	if gotA.Record.Text != a.Text || gotA.Subject != "articles.v1.harbour_example" || gotA.Sequence != 1 || gotA.Attempt != 1 {
		t.Errorf("article = %+v", gotA)
	}
	if got := collectN[schemas.Extraction](t, b, schemas.StreamExtractions, 1)[0]; got.Record.Article.Text != a.Text {
		t.Errorf("extraction = %+v", got)
	}
	if got := collectN[schemas.Change](t, b, schemas.StreamClaims, 1)[0]; got.Subject != "claims.v1.person-killed.PS.asserted" {
		t.Errorf("change = %+v", got)
	}
	if got := collectN[schemas.Review](t, b, schemas.StreamReviews, 1)[0]; got.Record.By != "mk" {
		t.Errorf("review = %+v", got)
	}
	if got := letters(t, b, 1)[0]; got.Reason != "no feed" || string(got.Record) != "<rss" || got.Size != 4 {
		t.Errorf("dead letter = %+v", got)
	}
	got, err := Get[schemas.Article](ctx, b, schemas.StreamArticles, 1)
	if err != nil || got.ID != a.ID {
		t.Errorf("Get(1) = %v, %v", got, err)
	}
	if _, err := Get[schemas.Article](ctx, b, schemas.StreamArticles, 99); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get(99) = %v, want %v", err, ErrNotFound)
	}
}

func testPublishedAgain(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	for range 3 {
		must(t, b.PublishArticles(t.Context(), articles(3)))
		must(t, b.PublishArticles(t.Context(), articles(1)))
	}
	if got := last(t, b, schemas.StreamArticles); got != 3 {
		t.Errorf("%d articles stored, want 3", got)
	}
	a := article(0)
	a.Text, a.Version = "Another text of the same page.", ""
	must(t, a.Complete())
	must(t, b.PublishArticles(t.Context(), []schemas.Article{a}))
	if got := last(t, b, schemas.StreamArticles); got != 4 {
		t.Errorf("%d articles stored after a new version, want 4", got)
	}
}

func testLargeBatch(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishChanges(t.Context(), changes(1200)))
	if got := last(t, b, schemas.StreamClaims); got != 1200 {
		t.Errorf("%d changes stored, want 1200", got)
	}
	if n := counted(t, b.metrics.published.WithLabelValues(schemas.StreamClaims, "atomic")); n != 1200 {
		t.Errorf("%v of 1200 went in atomic batches", n)
	}
	got := collectN[schemas.Change](t, b, schemas.StreamClaims, 1200)
	for i, r := range got {
		if want := fmt.Sprintf("ch-%04d", i); r.Record.ID != want {
			t.Fatalf("record %d is %s, want %s", i, r.Record.ID, want)
		}
	}
}

func testMixedBatch(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishChanges(t.Context(), changes(30)))
	must(t, b.PublishChanges(t.Context(), changes(120))) // 30 of them known
	must(t, b.PublishChanges(t.Context(), changes(120))) // all known
	if got := last(t, b, schemas.StreamClaims); got != 120 {
		t.Errorf("%d changes stored, want 120", got)
	}
	if n := counted(t, b.metrics.fallbacks.WithLabelValues(schemas.StreamClaims, "10201")); n != 2 {
		t.Errorf("%v fallbacks for known ids, want 2", n)
	}
}

func testDuplicatesInBatch(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishChanges(t.Context(), append(changes(80), changes(60)...)))
	if got := last(t, b, schemas.StreamClaims); got != 80 {
		t.Errorf("%d changes stored, want 80", got)
	}
}

func testWithoutAtomic(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	s, err := b.js.Stream(t.Context(), schemas.StreamClaims)
	must(t, err)
	cfg := s.CachedInfo().Config
	cfg.AllowAtomicPublish = false
	_, err = b.js.UpdateStream(t.Context(), cfg)
	must(t, err)
	must(t, b.PublishChanges(t.Context(), changes(200)))
	if got := last(t, b, schemas.StreamClaims); got != 200 {
		t.Errorf("%d changes stored, want 200", got)
	}
	if b.atomic[schemas.StreamClaims].Load() {
		t.Error("the next batch would be tried as an atomic one again")
	}
}

func testTooLarge(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	big := change(1)
	big.Claim.Text = strings.Repeat("x", MaxMessage)
	err := b.PublishChanges(t.Context(), []schemas.Change{change(0), big})
	if !errors.Is(err, schemas.ErrMalformed) || errors.Is(err, ErrUnavailable) {
		t.Errorf("PublishChanges of %d bytes = %v, want %v", MaxMessage, err, schemas.ErrMalformed)
	}
	big.Claim.Text = big.Claim.Text[:MaxMessage-8<<10]
	must(t, b.PublishChanges(t.Context(), []schemas.Change{big}))
	if got := collectN[schemas.Change](t, b, schemas.StreamClaims, 1)[0]; len(got.Record.Claim.Text) != MaxMessage-8<<10 {
		t.Errorf("text of %d bytes came back", len(got.Record.Claim.Text))
	}
}

func testNoID(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	for name, err := range map[string]error{
		"article":    b.PublishArticles(t.Context(), []schemas.Article{{ID: "a", Text: "No version."}}),
		"extraction": b.PublishExtractions(t.Context(), []schemas.Extraction{{ArticleVersion: "v"}}),
		"change":     b.PublishChanges(t.Context(), []schemas.Change{{Change: schemas.ChangeAsserted}}),
		"review":     b.PublishReviews(t.Context(), []schemas.Review{{ID: "r"}}), // no action: no subject
	} {
		if !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("publish of an incomplete %s = %v, want %v", name, err, schemas.ErrMalformed)
		}
	}
}

// fast retries without the delays of real life.
func fast(stream string) ConsumerConfig {
	return ConsumerConfig{
		Stream: stream, Durable: "work", Stage: schemas.StageExtract, Batch: 10, MaxDeliver: 3,
		Backoff: []time.Duration{10 * time.Millisecond}, AckWait: 2 * time.Second,
	}
}

// work runs a consumer in the background; the returned function stops it.
func work[T Record](t *testing.T, b *Bus, cfg ConsumerConfig, handle func(context.Context, []Received[T]) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Consume(ctx, b, cfg, handle) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Consume() = %v", err)
		}
	})
}

func idle(t *testing.T, b *Bus, stream, durable string) {
	t.Helper()
	for range 2000 {
		pending, ack, err := b.Lag(t.Context(), stream, durable)
		must(t, err)
		if pending == 0 && ack == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("consumer %s of %s does not get idle", durable, stream)
}

func testPoison(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(10)))
	var done []string
	stop := work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		for _, r := range recs {
			if r.Record.ID == "art-0004" {
				return fmt.Errorf("article %s: cannot be read: %w", r.Record.ID, schemas.ErrMalformed)
			}
		}
		for _, r := range recs {
			done = append(done, r.Record.ID)
		}
		return nil
	})
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	slices.Sort(done)
	if len(done) != 9 || slices.Contains(done, "art-0004") || len(slices.Compact(done)) != 9 {
		t.Errorf("handled %v", done)
	}
	got := letters(t, b, 1)[0]
	if got.Stage != schemas.StageExtract || got.Attempts != 1 || got.Subject != "articles.v1.harbour_example" || got.Sequence != 5 ||
		got.URL != "https://harbour.example/news/4" || !strings.Contains(got.Reason, "cannot be read") ||
		got.Size != len(got.Record) || got.SHA256 != schemas.SHA256(string(got.Record)) {
		t.Errorf("dead letter = %+v", got)
	}
}

func testGarbage(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(1)))
	wrong := nats.NewMsg("articles.v1.x")
	wrong.Data = []byte(`{"id":"a"}`)
	wrong.Header.Set(headerSHA256, strings.Repeat("0", 64))
	review := nats.NewMsg("articles.v1.x")
	review.Data = []byte(`{"id":"a"}`)
	review.Header.Set(headerType, "claimwire.review.v1")
	bad := []*nats.Msg{
		{Subject: "articles.v1.x", Data: []byte("not JSON")},
		{Subject: "articles.v1.x", Data: nil},
		{Subject: "articles.v1.x", Data: []byte(`[]`)},
		{Subject: "articles.v1.x", Data: []byte(`null`)},
		{Subject: "articles.v1.x", Data: []byte("{\"text\":\"\xff\"}")},
		{Subject: "articles.v1.x", Data: []byte(`{"text":1}`)},
		{Subject: "articles.v1.x", Data: []byte(`{"schema_version":"99"}`)},
		{Subject: "articles.v1.x", Data: []byte(`{} {}`)},
		wrong, review,
	}
	for _, m := range bad {
		_, err := b.js.PublishMsg(t.Context(), m)
		must(t, err)
	}
	plain := []byte(`{"id":"p","text":"Sent by hand.","published_at":"2025-11-20","unknown":1}`)
	_, err := b.js.Publish(t.Context(), "articles.v1.x", plain)
	must(t, err)

	got := collectN[schemas.Article](t, b, schemas.StreamArticles, 2)
	if len(got) != 2 || got[1].Record.ID != "p" {
		t.Errorf("read %+v", got)
	}
	if got := letters(t, b, len(bad)); len(got) != len(bad) {
		t.Errorf("%d dead letters, want %d", len(got), len(bad))
	}
}

func testHandlerError(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(5)))
	attempts := map[string]int{}
	stop := work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		for _, r := range recs {
			if attempts[r.Record.ID] = r.Attempt; r.Record.ID == "art-0002" && r.Attempt < 3 {
				return errors.New("not yet")
			}
		}
		return nil
	})
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	if attempts["art-0002"] != 3 || attempts["art-0001"] != 1 {
		t.Errorf("attempts = %v, want 3 for art-0002 and 1 for the others", attempts)
	}
	if n := last(t, b, schemas.StreamDead); n != 0 {
		t.Errorf("%d dead letters, want none", n)
	}
}

func testGivenUp(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(3)))
	stop := work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		for _, r := range recs {
			if r.Record.ID == "art-0001" {
				return errors.New("never works")
			}
		}
		return nil
	})
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	if got := letters(t, b, 1); len(got) != 1 || got[0].Attempts != 3 || got[0].Reason != "never works" {
		t.Errorf("dead letters = %+v, want one after 3 attempts", got)
	}
}

func testPanic(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(2)))
	stop := work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		for _, r := range recs {
			if r.Record.ID == "art-0001" {
				panic("index out of range")
			}
		}
		return nil
	})
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	if got := letters(t, b, 1); len(got) != 1 || !strings.HasPrefix(got[0].Reason, "panic: index out of range") {
		t.Errorf("dead letters = %+v", got)
	}
}

func testRetry(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(3)))
	broken := true
	var done []Received[schemas.Article]
	stop := work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		for _, r := range recs {
			if broken && r.Record.ID == "art-0001" {
				return schemas.ErrMalformed
			}
		}
		done = append(done, recs...)
		return nil
	})
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	letter := letters(t, b, 1)[0]
	for range 2 {
		must(t, b.Retry(t.Context(), letter)) // too early: it fails again
	}
	stop = work(t, b, fast(schemas.StreamArticles), func(context.Context, []Received[schemas.Article]) error { return schemas.ErrMalformed })
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	letter = letters(t, b, 1)[0]

	broken, done = false, nil
	must(t, b.Retry(t.Context(), letter))
	stop = work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		done = append(done, recs...)
		return nil
	})
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	if len(done) != 1 || done[0].Record.ID != "art-0001" || done[0].Record.Text != article(1).Text || done[0].Sequence != 5 {
		t.Errorf("after two retries came %+v, want art-0001 as record 5", done)
	}

	elsewhere := NewDeadLetter(schemas.StageFetch, []byte("x"), 1, errors.New("no feed"))
	gone, other := letter, letter
	gone.Sequence = 99
	other.Sequence = 1
	for _, l := range []schemas.DeadLetter{elsewhere, gone, other} {
		if err := b.Retry(t.Context(), l); !errors.Is(err, ErrNotFound) {
			t.Errorf("Retry(%d of %q) = %v, want %v", l.Sequence, l.Subject, err, ErrNotFound)
		}
	}
}

func testUnavailable(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(3)))
	calls := 0
	stop := work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		if calls++; calls < 5 { // more often than MaxDeliver
			return fmt.Errorf("database is away: %w", ErrUnavailable)
		}
		for _, r := range recs {
			if r.Attempt != 1 || len(recs) != 3 {
				t.Errorf("attempt %d of %d records, want the same delivery of 3", r.Attempt, len(recs))
			}
		}
		return nil
	})
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	if n := last(t, b, schemas.StreamDead); n != 0 || calls != 5 {
		t.Errorf("%d dead letters after %d calls, want 0 after 5", n, calls)
	}
}

func testLag(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(7)))
	if pending, ack, err := b.Lag(t.Context(), schemas.StreamArticles, "work"); pending != 7 || ack != 0 || err != nil {
		t.Errorf("Lag() = %d, %d, %v before the consumer exists, want 7, 0", pending, ack, err)
	}
	inside, leave := make(chan bool), make(chan bool)
	cfg := fast(schemas.StreamArticles)
	cfg.Batch = 2
	first := true
	stop := work(t, b, cfg, func(_ context.Context, _ []Received[schemas.Article]) error {
		if first {
			first = false
			inside <- true
			<-leave
		}
		return nil
	})
	<-inside
	var pending, ack uint64
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var err error
		pending, ack, err = b.Lag(t.Context(), schemas.StreamArticles, "work")
		must(t, err)
		if ack == 4 || time.Now().After(end) {
			break
		}
	}
	if pending != 3 || ack != 4 {
		t.Errorf("Lag() = %d, %d with a batch in hand and the next fetched, want 3, 4", pending, ack)
	}
	leave <- true
	idle(t, b, schemas.StreamArticles, "work")
	stop()
}

func testDrain(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(40)))
	inside := make(chan bool, 1)
	handled := 0
	cfg := fast(schemas.StreamArticles)
	stop := work(t, b, cfg, func(ctx context.Context, recs []Received[schemas.Article]) error {
		select {
		case inside <- true:
		default:
		}
		time.Sleep(100 * time.Millisecond) // the context of Consume ends meanwhile
		if err := b.PublishChanges(ctx, changes(1)); err != nil {
			t.Errorf("publish while draining = %v", err)
		}
		handled += len(recs)
		return nil
	})
	<-inside
	stop()
	if handled != 10 {
		t.Errorf("%d records handled, want the batch of 10 in hand", handled)
	}
	again := collect(t, b, cfg, func(got []Received[schemas.Article]) bool { return len(got) >= 30 })
	for _, r := range again {
		if r.Sequence <= 10 {
			t.Errorf("record %d came again after a clean stop", r.Sequence)
		}
	}
}

func testShared(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(300)))
	var mu sync.Mutex
	seen := map[string]int{}
	handle := func(_ context.Context, recs []Received[schemas.Article]) error {
		mu.Lock()
		defer mu.Unlock()
		for _, r := range recs {
			seen[r.Record.ID]++
		}
		return nil
	}
	cfg := fast(schemas.StreamArticles)
	stop1, stop2, stop3 := work(t, b, cfg, handle), work(t, b, cfg, handle), work(t, b, cfg, handle)
	idle(t, b, schemas.StreamArticles, "work")
	stop1()
	stop2()
	stop3()
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was handled %d times", id, n)
		}
	}
	if len(seen) != 300 {
		t.Errorf("%d articles handled, want 300", len(seen))
	}
}

func testFilter(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	cs := changes(4)
	cs[2].Country = "UA"
	must(t, b.PublishChanges(t.Context(), cs))
	cfg := ConsumerConfig{Stream: schemas.StreamClaims, Durable: "ua", Stage: schemas.StageSink, Filter: []string{"claims.v1.*.UA.>"}}
	got := collect(t, b, cfg, func(got []Received[schemas.Change]) bool { return len(got) >= 1 })
	if len(got) != 1 || got[0].Record.ID != "ch-0002" {
		t.Errorf("filtered = %+v", got)
	}
}

// follow returns the sequences after since up to and with until.
func follow(t *testing.T, b *Bus, since, until uint64) ([]uint64, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var got []uint64
	err := b.Follow(ctx, since, func(seq uint64, c *schemas.Change) error {
		if want := fmt.Sprintf("ch-%04d", seq-1); c.ID != want {
			t.Errorf("record %d is %s, want %s", seq, c.ID, want)
		}
		if got = append(got, seq); seq == until {
			cancel()
		}
		return nil
	})
	return got, err
}

func testFollow(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishChanges(t.Context(), changes(100)))
	if got, err := follow(t, b, 0, 100); len(got) != 100 || got[0] != 1 || err != nil {
		t.Errorf("Follow(0) gave %d records, %v, want 100", len(got), err)
	}
	if got, err := follow(t, b, 60, 100); len(got) != 40 || got[0] != 61 || err != nil {
		t.Errorf("Follow(60) = %v, %v, want 61 to 100", got, err)
	}
	done := make(chan []uint64)
	go func() {
		got, _ := follow(t, b, 100, 103) // waits for what is not there yet
		done <- got
	}()
	time.Sleep(50 * time.Millisecond)
	must(t, b.PublishChanges(t.Context(), changes(103)[100:]))
	if got := <-done; !slices.Equal(got, []uint64{101, 102, 103}) {
		t.Errorf("Follow(100) = %v, want 101 to 103", got)
	}
	stop := errors.New("client has gone")
	if err := b.Follow(t.Context(), 0, func(uint64, *schemas.Change) error { return stop }); err != stop {
		t.Errorf("Follow() = %v, want the error of its function", err)
	}
}

func testFollowGone(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishChanges(t.Context(), changes(60)))
	s, err := b.js.Stream(t.Context(), schemas.StreamClaims)
	must(t, err)
	must(t, s.DeleteMsg(t.Context(), 40)) // a hole in the middle is no loss of the position
	must(t, s.Purge(t.Context(), purgeBelow(21)))

	if got, err := follow(t, b, 0, 60); len(got) != 39 || got[0] != 21 || err != nil {
		t.Errorf("Follow(0) = %v, %v, want 21 to 60 without 40", got, err)
	}
	if got, err := follow(t, b, 20, 60); len(got) != 39 || err != nil {
		t.Errorf("Follow(20) = %v, %v, want 21 to 60 without 40", got, err)
	}
	for _, since := range []uint64{1, 19, 61, 1000} {
		if _, err := follow(t, b, since, 60); !errors.Is(err, ErrGone) {
			t.Errorf("Follow(%d) = %v, want %v", since, err, ErrGone)
		}
	}
	if first, err := b.FirstSequence(t.Context(), schemas.StreamClaims); first != 21 || err != nil {
		t.Errorf("FirstSequence() = %d, %v, want 21", first, err)
	}
}

func testReadAll(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(450)))
	_, err := b.js.Publish(t.Context(), "articles.v1.x", []byte("garbage"))
	must(t, err)
	must(t, b.PublishArticles(t.Context(), []schemas.Article{article(450)}))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	next, batches := uint64(1), 0
	var passed []uint64
	cfg := ReadConfig{
		Stream: schemas.StreamArticles, Batch: 64, Stage: schemas.StageSink,
		Passed: func(seq uint64) { passed = append(passed, seq) },
	}
	err = Read(ctx, b, cfg, func(_ context.Context, recs []Received[schemas.Article]) error {
		batches++
		for _, r := range recs {
			if next == 451 {
				next++ // the garbage
			}
			if r.Sequence != next {
				t.Errorf("record %d came, want %d", r.Sequence, next)
			}
			next++
		}
		if next == 453 {
			cancel()
		}
		return nil
	})
	if err != nil || next != 453 || batches > 20 {
		t.Errorf("Read() = %v after record %d in %d batches, want 452 in few", err, next-1, batches)
	}
	if got := letters(t, b, 1)[0]; got.Sequence != 451 || !slices.Equal(passed, []uint64{451}) {
		t.Errorf("dead letter of record %d, passed over %v, want 451", got.Sequence, passed)
	}
}

func testPlainSubscriber(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{Listen: ListenConfig{Addr: "127.0.0.1:0"}})
	nc, err := nats.Connect(b.ClientURL())
	must(t, err)
	defer nc.Close()
	sub, err := nc.SubscribeSync("claims.v1.person-killed.PS.>")
	must(t, err)
	must(t, nc.Flush())
	c := changes(2)
	c[1].Country = "UA"
	must(t, b.PublishChanges(t.Context(), c))
	m, err := sub.NextMsg(5 * time.Second)
	must(t, err)
	want := map[string]string{
		"ce-specversion": "1.0", "ce-id": "ch-0000", "ce-source": "claimwire", "ce-type": "claimwire.claim.asserted.v1",
		"ce-subject": "c-0000", "ce-time": "2025-11-20T08:00:00Z", "ce-dataschema": "urn:claimwire:schema:v1:change",
		"content-type": "application/json", "Nats-Msg-Id": "ch-0000",
	}
	for k, v := range want {
		if got := m.Header.Get(k); got != v {
			t.Errorf("header %s = %q, want %q", k, got, v)
		}
	}
	if rec, err := decode[schemas.Change](m.Header, m.Data); err != nil || rec.Claim.ID != "c-0000" {
		t.Errorf("body = %v, %v", rec, err)
	}
	if m, err := sub.NextMsg(50 * time.Millisecond); err == nil {
		t.Errorf("%s came too", m.Subject)
	}
}

func testLargeRecords(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	as := articles(30) // more than one batch and one pull may hold
	for i := range as {
		as[i].Text = strings.Repeat(fmt.Sprintf("Line %d of a long report. ", i), 40_000)[:900_000]
		as[i].Version = ""
		must(t, as[i].Complete())
	}
	must(t, b.PublishArticles(t.Context(), as))
	if got := collectN[schemas.Article](t, b, schemas.StreamArticles, 30); len(got) != 30 {
		t.Errorf("%d records came back, want 30", len(got))
	}
}

func testReopenConnection(t *testing.T, open func(*testing.T, Config) *Bus) {
	b := open(t, Config{})
	if b.Embedded() {
		_, err := Open(t.Context(), Config{Dir: b.cfg.Dir})
		if !errors.Is(err, ErrLocked) {
			t.Errorf("second Open of %s = %v, want %v", b.cfg.Dir, err, ErrLocked)
		}
		return
	}
	second, err := Open(t.Context(), Config{URL: b.ClientURL()}) // the streams exist
	must(t, err)
	defer closeBus(t, second)
	must(t, b.PublishArticles(t.Context(), articles(2)))
	must(t, second.PublishArticles(t.Context(), articles(3)))
	if got := last(t, second, schemas.StreamArticles); got != 3 {
		t.Errorf("%d articles stored, want 3", got)
	}
}
