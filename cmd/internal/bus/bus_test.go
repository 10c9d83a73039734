package bus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/claimwire/claimwire/schemas"
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

// TestDeadlyRecord delivers a record so often without an answer that it must be
// the record that ends its readers.
func TestDeadlyRecord(t *testing.T) {
	t.Parallel()
	b := openEmbedded(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(5)))
	cfg := fast(schemas.StreamArticles)
	cfg.MaxDeliver = 2
	full, err := cfg.withDefaults(true)
	must(t, err)
	c := &consumer[schemas.Article]{bus: b, cfg: full}
	must(t, c.ensure(t.Context()))
	p, err := newPuller(b.nc, cfg.Stream, cfg.Durable, 10)
	must(t, err)
	for n := 1; n <= 4; n++ { // the process that gets records 2 and 3 dies
		msgs, err := p.fetch(t.Context())
		must(t, err)
		for _, m := range msgs {
			if meta, _ := m.Metadata(); meta.Sequence.Stream == 3 || n <= 2 && meta.Sequence.Stream == 2 {
				must(t, m.Nak())
			} else if meta.Sequence.Stream != 2 {
				must(t, m.Ack())
			}
		}
		must(t, b.nc.Flush())
	}
	p.close()

	var got []Received[schemas.Article]
	stop := work(t, b, cfg, func(_ context.Context, recs []Received[schemas.Article]) error {
		if len(recs) != 1 {
			t.Errorf("%d records that were tried too often come together", len(recs))
		}
		got = append(got, recs...)
		return nil
	})
	idle(t, b, cfg.Stream, cfg.Durable)
	stop()
	if len(got) != 1 || got[0].Sequence != 2 || got[0].Attempt != 4 {
		t.Errorf("handled %+v, want record 2 at its attempt 4", got)
	}
	if dead := letters(t, b, 1); len(dead) != 1 || dead[0].Sequence != 3 || dead[0].Attempts != 5 {
		t.Errorf("dead letters %+v, want record 3 after 5 attempts", dead)
	}
}

// TestStopWhileUnavailable stops a consumer that waits for its database.
func TestStopWhileUnavailable(t *testing.T) {
	b := openEmbedded(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(4)))
	called := make(chan bool, 100)
	stop := work(t, b, fast(schemas.StreamArticles), func(context.Context, []Received[schemas.Article]) error {
		called <- true
		return fmt.Errorf("database is away: %w", ErrUnavailable)
	})
	<-called
	stop()
	got := collect(t, b, fast(schemas.StreamArticles), func(got []Received[schemas.Article]) bool { return len(got) >= 4 })
	if len(got) != 4 || got[0].Attempt != 2 {
		t.Errorf("%d records came again, attempt %d, want 4 as they were given back", len(got), got[0].Attempt)
	}
}

// TestStreams checks what the streams promise.
func TestStreams(t *testing.T) {
	b := openEmbedded(t, Config{})
	if o := (&Bus{cfg: Config{Dir: "x"}.withDefaults()}).serverOptions(); !o.SyncAlways || !o.DontListen || !o.NoSigs {
		t.Errorf("server options = %+v", o)
	}
	for _, name := range Streams() {
		s, err := b.js.Stream(t.Context(), name)
		must(t, err)
		c := s.CachedInfo().Config
		if c.Storage != jetstream.FileStorage || c.Retention != jetstream.LimitsPolicy || !c.AllowDirect || !c.AllowAtomicPublish ||
			c.Compression != jetstream.S2Compression || c.MaxBytes <= 0 || c.DenyDelete || c.MaxMsgSize != MaxMessage {
			t.Errorf("stream %s = %+v", name, c)
		}
		want := jetstream.DiscardNew
		if name == schemas.StreamDead {
			want = jetstream.DiscardOld
		}
		if c.Discard != want || c.Duplicates < 2*time.Hour {
			t.Errorf("stream %s: discard %v, duplicates %s", name, c.Discard, c.Duplicates)
		}
		if name == schemas.StreamReviews && c.MaxAge != 0 {
			t.Errorf("reviews are dropped after %s", c.MaxAge)
		}
	}
}

// TestLostConsumer deletes a consumer under a running Consume.
func TestLostConsumer(t *testing.T) {
	t.Parallel()
	b := openEmbedded(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(1)))
	seen := make(chan uint64, 10)
	stop := work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		for _, r := range recs {
			seen <- r.Sequence
		}
		return nil
	})
	defer stop()
	<-seen
	must(t, b.js.DeleteConsumer(t.Context(), schemas.StreamArticles, "work"))
	must(t, b.PublishArticles(t.Context(), articles(2)))
	for { // record 1 comes again: the position is lost with the consumer
		select {
		case seq := <-seen:
			if seq == 2 {
				return
			}
		case <-time.After(time.Minute):
			t.Fatal("the consumer did not come back")
		}
	}
}

// TestReaderBeginsAgain takes the consumer of a reader away, as the end of a server
// does: the next one goes on where it was.
func TestReaderBeginsAgain(t *testing.T) {
	t.Parallel()
	b := openEmbedded(t, Config{})
	must(t, b.PublishChanges(t.Context(), changes(50)))
	s, err := b.js.Stream(t.Context(), schemas.StreamClaims)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var last uint64
	err = b.Follow(ctx, 0, func(seq uint64, _ *schemas.Change) error {
		if last++; seq != last {
			t.Errorf("record %d follows %d", seq, last-1)
		}
		switch seq {
		case 50, 80:
			for name := range s.ConsumerNames(ctx).Name() {
				must(t, s.DeleteConsumer(ctx, name))
			}
			return b.PublishChanges(ctx, changes(int(seq) + 30)[seq:])
		case 110:
			cancel()
		}
		return nil
	})
	if err != nil || last != 110 {
		t.Errorf("Follow() = %v after record %d, want nil after 110", err, last)
	}
}

// TestReaderStops ends a reader whose server is away.
func TestReaderStops(t *testing.T) {
	t.Parallel()
	srv := startServer(t, nil)
	b, err := Open(t.Context(), Config{URL: srv.ClientURL()})
	must(t, err)
	defer b.Close(context.Background()) // without a server it can only complain
	must(t, b.PublishChanges(t.Context(), changes(1)))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first, done := make(chan bool), make(chan error)
	go func() {
		done <- b.Follow(ctx, 0, func(uint64, *schemas.Change) error { first <- true; return nil })
	}()
	<-first
	srv.Shutdown()
	select {
	case err := <-done:
		t.Fatalf("Follow() = %v when the server went away", err)
	case <-time.After(ensureTimeout + time.Second): // it tries for another consumer now
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Follow() = %v, want nil", err)
		}
	case <-time.After(time.Minute):
		t.Error("Follow goes on after the end of its context")
	}
}

// TestSlowFollower is overtaken by the trimming of the stream.
func TestSlowFollower(t *testing.T) {
	t.Parallel()
	b := openEmbedded(t, Config{})
	must(t, b.PublishChanges(t.Context(), changes(1000)))
	s, err := b.js.Stream(t.Context(), schemas.StreamClaims)
	must(t, err)
	var lastSeen uint64
	err = b.Follow(t.Context(), 0, func(seq uint64, _ *schemas.Change) error {
		if lastSeen++; seq != lastSeen {
			t.Errorf("record %d follows %d", seq, lastSeen-1)
		}
		if seq == 1 {
			return s.Purge(t.Context(), purgeBelow(990))
		}
		return nil
	})
	if !errors.Is(err, ErrGone) {
		t.Errorf("Follow() = %v after record %d, want %v", err, lastSeen, ErrGone)
	}
}

// TestStreamFull publishes more than a stream may hold.
func TestStreamFull(t *testing.T) {
	b := openEmbedded(t, Config{Limits: map[string]Limits{schemas.StreamClaims: {MaxBytes: 40 << 10}}})
	if err := b.PublishChanges(t.Context(), changes(200)); !errors.Is(err, ErrUnavailable) {
		t.Fatalf("publish to a full stream = %v, want %v", err, ErrUnavailable)
	}
	if n := last(t, b, schemas.StreamClaims); n == 0 || n == 200 { // else nobody would see that it is full
		t.Errorf("the stream has %d of the 200 records, not those that there is room for", n)
	}
	for i := range 200 {
		if err := b.PublishChanges(t.Context(), changes(200)[i:i+1]); err != nil {
			if !errors.Is(err, ErrUnavailable) {
				t.Errorf("publish to a full stream = %v, want %v", err, ErrUnavailable)
			}
			break
		}
	}
	before := last(t, b, schemas.StreamClaims)
	s, err := b.js.Stream(t.Context(), schemas.StreamClaims)
	must(t, err)
	must(t, s.Purge(t.Context()))
	must(t, b.PublishChanges(t.Context(), changes(199)[198:]))
	if n := last(t, b, schemas.StreamClaims); n != before+1 || before == 0 {
		t.Errorf("last record is %d after a purge at %d", n, before)
	}
}

func TestDiskNearlyFull(t *testing.T) {
	b := openEmbedded(t, Config{MinFree: 1 << 62})
	err := b.PublishArticles(t.Context(), articles(1))
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "MiB free") {
		t.Errorf("publish = %v, want %v", err, ErrUnavailable)
	}
	if err := b.Health(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Health() = %v, want %v", err, ErrUnavailable)
	}
	now, err := freeBytes(t.TempDir())
	must(t, err)
	b = openEmbedded(t, Config{MinFree: now * 3 / 4}) // room to finish, none to begin
	must(t, b.PublishArticles(t.Context(), articles(1)))
	if err := b.Room(); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Room() = %v, want %v", err, ErrUnavailable)
	}
	if free, err := freeBytes(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Errorf("freeBytes of no directory = %d", free)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewPedanticRegistry()
	dir := t.TempDir()
	for i := range 2 { // a second bus on the same registry
		b, err := Open(t.Context(), Config{Dir: dir, Metrics: reg})
		must(t, err)
		must(t, b.PublishArticles(t.Context(), articles(60*(i+1))))
		collectN[schemas.Article](t, b, schemas.StreamArticles, 60)
		families, err := reg.Gather()
		must(t, err)
		names := map[string]bool{}
		for _, f := range families {
			names[f.GetName()] = true
		}
		for _, want := range []string{
			"claimwire_bus_published_total", "claimwire_bus_handled_total", "claimwire_bus_batch_records", "claimwire_bus_handler_seconds",
			"claimwire_bus_stream_records", "claimwire_bus_consumer_pending", "claimwire_bus_consumer_ack_pending", "claimwire_bus_disk_free_bytes",
		} {
			if !names[want] {
				t.Errorf("no metric %s", want)
			}
		}
		closeBus(t, b)
		must(t, b.Close(context.Background()))
	}
	b := openEmbedded(t, Config{Metrics: reg})
	if _, err := Open(t.Context(), Config{Dir: t.TempDir(), Metrics: reg}); err == nil || !strings.Contains(err.Error(), "metrics") {
		t.Errorf("second Open on a registry in use = %v", err)
	}
	must(t, b.Health(t.Context()))
}

func TestFailpointSpec(t *testing.T) {
	for _, tt := range []struct {
		in   string
		name string
		at   int64
	}{
		{"", "", 0},
		{"before_ack:kill", "before_ack", 1},
		{"before_ack:kill:3", "before_ack", 3},
		{"before_ack", "", 0},
		{"before_ack:stop", "", 0},
		{"before_ack:kill:0", "", 0},
		{"before_ack:kill:x", "", 0},
		{"before_ack:kill:1:2", "", 0},
		{":kill", "", 0},
	} {
		if got := parseFailpoint(tt.in); got.name != tt.name || got.at != tt.at {
			t.Errorf("parseFailpoint(%q) = %q, %d, want %q, %d", tt.in, got.name, got.at, tt.name, tt.at)
		}
	}
}

func TestHeaderValue(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"c_abc":                    "c_abc",
		"https://a.example/x?y=1":  "https://a.example/x?y=1",
		"two words":                "two%20words",
		"a\r\nNats-Msg-Id: forged": "a%0D%0ANats-Msg-Id:%20forged",
		"100%":                     "100%25",
		`"x"`:                      "%22x%22",
		"Türkiye":                  "T%C3%BCrkiye",
		"\x00\xff":                 "%00%FF",
	} {
		if got := headerValue(in); got != want {
			t.Errorf("headerValue(%q) = %q, want %q", in, got, want)
		}
	}
	if got := headerValue(strings.Repeat("x", 5000)); len(got) > 64 {
		t.Errorf("headerValue of 5000 bytes has %d", len(got))
	}
}

func TestValidSubject(t *testing.T) {
	for in, want := range map[string]bool{
		"claims.v1.person-killed.PS.asserted": true,
		"claims.v1.person-killed.--.asserted": true,
		"":                                    false,
		"claims.v1..x":                        false,
		"claims.v1.":                          false,
		"claims.v1.*":                         false,
		"claims.v1.>":                         false,
		"claims.v1.a b":                       false,
		"claims.v1.a\r\nb":                    false,
		"claims." + strings.Repeat("x", 600):  false,
	} {
		if got := validSubject(in); got != want {
			t.Errorf("validSubject(%q) = %t, want %t", in, got, want)
		}
	}
}

// TestEnvelopeIsStable publishes hostile ids and finds the same message twice.
func TestEnvelopeIsStable(t *testing.T) {
	b := &Bus{cfg: Config{Name: "claim wire\r\n"}, bound: MaxMessage}
	a := article(1)
	a.ID = "a\r\nNats-Msg-Id: x " + strings.Repeat("ü", 3000)
	a.PublishedAt = "2025-11-20" // a day is no moment
	one, err := b.encode(&a)
	must(t, err)
	two, err := b.encode(&a)
	must(t, err)
	if fmt.Sprint(one.msg.Header) != fmt.Sprint(two.msg.Header) || string(one.msg.Data) != string(two.msg.Data) {
		t.Errorf("two messages of one record:\n%v\n%v", one.msg.Header, two.msg.Header)
	}
	if got := one.msg.Header.Get(headerTime); got != "" {
		t.Errorf("%s = %q, want none", headerTime, got)
	}
	for k, vs := range one.msg.Header {
		if len(vs) != 1 || strings.ContainsAny(vs[0], "\r\n \x00") || len(vs[0]) > 2<<10 {
			t.Errorf("header %s = %q", k, vs)
		}
	}
	other := a
	other.Version = "v2"
	if three, err := b.encode(&other); err != nil || three.id == one.id {
		t.Errorf("another version has id %s, %v", three.id, err)
	}
}

func TestNewDeadLetter(t *testing.T) {
	record := []byte(strings.Repeat("y", schemas.MaxDeadRecord+5))
	d := NewDeadLetter(schemas.StageDesk, record, 2, errors.New("bad\xff "+strings.Repeat("é", 4000)))
	if d.Size != len(record) || len(d.Record) != schemas.MaxDeadRecord || len(d.Reason) > maxReason || strings.ToValidUTF8(d.Reason, "") != d.Reason {
		t.Errorf("NewDeadLetter: size %d, record %d, reason %d bytes", d.Size, len(d.Record), len(d.Reason))
	}
	if d.ID != NewDeadLetter(schemas.StageDesk, record, 3, errors.New("x")).ID || d.ID == NewDeadLetter(schemas.StageSink, record, 2, errors.New("x")).ID {
		t.Error("a dead letter's id does not name stage and record")
	}
}

func TestLockNamesProcess(t *testing.T) {
	dir := t.TempDir()
	l, err := lockDir(dir)
	must(t, err)
	if _, err := lockDir(dir); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("second lock = %v, want %v with the process", err, ErrLocked)
	}
	must(t, l.release())
	l, err = lockDir(dir)
	must(t, err)
	must(t, l.release())
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","text":"x","published_at":"2025-11-20"}`, `{"claim":{"value":1e400}}`, `{"claim":{"value":12.50}}`,
		`{"fetched_at":"never"}`, "{\"text\":\"\xff\"}", `[`, ``, `null`, `{"record":"AAA"}`, ` {"schema_version":"2"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		check(t, body, decode[schemas.Article])
		check(t, body, decode[schemas.Extraction])
		check(t, body, decode[schemas.Change])
		check(t, body, decode[schemas.Review])
		check(t, body, decode[schemas.DeadLetter])
	})
}

// check decodes body; what can be read can be published again and says the same.
func check[T Record](t *testing.T, body []byte, decode func(nats.Header, []byte) (*T, error)) {
	rec, err := decode(nil, body)
	if err != nil {
		if !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("decode(%q) = %v, want %v", body, err, schemas.ErrMalformed)
		}
		return
	}
	b := &Bus{cfg: Config{Name: "fuzz"}, bound: MaxMessage}
	m, err := b.encode(rec)
	if err != nil {
		if !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("encode(%q) = %v, want %v", body, err, schemas.ErrMalformed)
		}
		return
	}
	again, err := decode(m.msg.Header, m.msg.Data)
	if err != nil {
		t.Fatalf("decode(encode(%q)) = %v", body, err)
	}
	if two, err := b.encode(again); err != nil || string(two.msg.Data) != string(m.msg.Data) || two.id != m.id {
		t.Errorf("encode twice: %s, then %s", m.msg.Data, two.msg.Data)
	}
}

// TestFew fetches a few records while there is no backlog, more the longer one lasts.
func TestFew(t *testing.T) {
	b := openEmbedded(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(40)))
	cfg := fast(schemas.StreamArticles)
	cfg.Batch, cfg.Few = 16, 1
	sizes := make(chan int, 100)
	stop := work(t, b, cfg, func(_ context.Context, recs []Received[schemas.Article]) error {
		sizes <- len(recs)
		return nil
	})
	defer stop()
	idle(t, b, cfg.Stream, cfg.Durable)
	must(t, b.PublishArticles(t.Context(), articles(60)[40:]))
	idle(t, b, cfg.Stream, cfg.Durable)
	for i, want := range []int{1, 2, 4, 8, 16, 9, 1} {
		if got := <-sizes; got != want {
			t.Errorf("batch %d has %d records, want %d", i+1, got, want)
		}
	}
}

// TestExtractionIDs checks that the id of an extraction names what made it, also if that
// is another than for the one before.
func TestExtractionIDs(t *testing.T) {
	b := new(Bus)
	models := map[string]string{"tagger": "sha256:1", "names": "sha256:2"}
	x := schemas.Extraction{ArticleID: "a", ArticleVersion: "v", MadeBy: schemas.MadeBy{Program: "claimwire 1", NLP: "own", Models: models}}
	ids := map[string]bool{}
	for range 2 {
		for _, tagger := range []string{"sha256:1", "sha256:3"} {
			models["tagger"] = tagger
			made, err := schemas.Canonical(x.MadeBy)
			must(t, err)
			e, err := b.envelopeOf(&x)
			must(t, err)
			if want := compoundID("extraction", "a", "v", string(made)); e.id != want {
				t.Errorf("made with tagger %s: id %s, want %s", tagger, e.id, want)
			}
			ids[e.id] = true
		}
	}
	if len(ids) != 2 {
		t.Errorf("%d ids, want 2", len(ids))
	}
}
