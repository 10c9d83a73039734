package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// A stream is CLAIMS in memory.
type stream struct {
	mu      sync.Mutex
	first   uint64
	changes []*schemas.Change
	more    chan struct{}
}

func newStream(changes ...*schemas.Change) *stream {
	return &stream{first: 1, changes: changes, more: make(chan struct{})}
}

func (s *stream) add(changes ...*schemas.Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes = append(s.changes, changes...)
	close(s.more)
	s.more = make(chan struct{})
}

func (s *stream) bounds(context.Context) (first, last uint64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first, s.first + uint64(len(s.changes)) - 1, nil
}

func (s *stream) follow(ctx context.Context, since uint64, fn func(uint64, *schemas.Change) error) error {
	for next := since + 1; ; {
		s.mu.Lock()
		if since == 0 {
			next = max(next, s.first)
		}
		first, more := s.first, s.more
		var c *schemas.Change
		if next >= first && next < first+uint64(len(s.changes)) {
			c = s.changes[next-first]
		}
		s.mu.Unlock()
		switch {
		case next < first:
			return &sink.GoneError{First: first}
		case c != nil:
			if err := fn(next, c); err != nil {
				return err
			}
			next++
			continue
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A receiver is an HTTP server on connections in memory, so that it can be
// reached inside a synctest bubble. It checks every signature.
type receiver struct {
	t       *testing.T
	conns   chan net.Conn
	closed  chan struct{}
	secrets []Secret
	delay   time.Duration // before each answer

	mu       sync.Mutex
	down     bool                                               // connections are refused
	answer   func(id string, n int) (status int, h http.Header) // nil for 204 always
	attempts map[string]int                                     // by webhook-id
	got      []received                                         // accepted for the first time
	bodies   map[string]string                                  // by webhook-id: it never changes
}

type received struct {
	ID      string
	Type    string
	Seq     uint64
	Series  string
	Gap     gapData
	Arrived time.Time
}

func newReceiver(t *testing.T, secrets ...Secret) *receiver {
	r := &receiver{t: t, conns: make(chan net.Conn), closed: make(chan struct{}), secrets: secrets, attempts: map[string]int{}, bodies: map[string]string{}}
	srv := &http.Server{Handler: r}
	var wait sync.WaitGroup
	wait.Go(func() { _ = srv.Serve(r) })
	t.Cleanup(func() { srv.Close(); wait.Wait() })
	return r
}

// Accept, Close and Addr make it a net.Listener.
func (r *receiver) Accept() (net.Conn, error) {
	select {
	case c := <-r.conns:
		return c, nil
	case <-r.closed:
		return nil, net.ErrClosed
	}
}
func (r *receiver) Close() error   { close(r.closed); return nil }
func (r *receiver) Addr() net.Addr { return &net.TCPAddr{} }

func (r *receiver) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	r.mu.Lock()
	down := r.down
	r.mu.Unlock()
	if down {
		return nil, errors.New("connection refused")
	}
	near, far := net.Pipe()
	select {
	case r.conns <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *receiver) setDown(down bool) { r.mu.Lock(); r.down = down; r.mu.Unlock() }

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err == nil {
		err = Verify(req.Header, body, time.Now(), r.secrets...)
	}
	if err != nil {
		r.t.Error(err)
	}
	time.Sleep(r.delay)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	id := req.Header.Get("webhook-id")
	r.attempts[id]++
	if old, ok := r.bodies[id]; ok && old != string(body) {
		r.t.Errorf("message %s changed between attempts", id)
	}
	r.bodies[id] = string(body)
	status := http.StatusNoContent
	if r.answer != nil {
		var h http.Header
		status, h = r.answer(id, r.attempts[id])
		for k, v := range h {
			w.Header()[k] = v
		}
	}
	if status < 300 && !slices.ContainsFunc(r.got, func(g received) bool { return g.ID == id }) {
		var m struct {
			Type, Timestamp string
			Data            struct {
				gapData
				Sequence uint64
				Change   schemas.Change
			}
		}
		if err := json.Unmarshal(body, &m); err != nil {
			r.t.Errorf("message %s: %v", id, err)
		}
		if _, err := time.Parse(time.RFC3339, m.Timestamp); err != nil {
			r.t.Errorf("message %s: timestamp %q", id, m.Timestamp)
		}
		r.got = append(r.got, received{id, m.Type, m.Data.Sequence, m.Data.Change.Claim.SeriesID, m.Data.gapData, time.Now()})
	}
	w.WriteHeader(status)
}

func (r *receiver) messages() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func secret(t *testing.T) Secret {
	t.Helper()
	s, err := ParseSecret(NewSecret())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var fromStart = new(uint64)

func config(t *testing.T, s *stream, r *receiver, dir string, change ...func(*Endpoint)) Config {
	t.Helper()
	e := Endpoint{Name: "newsroom", URL: "http://hooks.example/in?key=private", Secrets: r.secrets[:1], Since: fromStart}
	for _, fn := range change {
		fn(&e)
	}
	return Config{Endpoints: []Endpoint{e}, Dir: dir, Follow: s.follow, Bounds: s.bounds, Dial: r.dial, AllowHTTP: true}
}

// start runs a sender until stop is called.
func start(t *testing.T, cfg Config) (s *Sender, stop func()) {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Run(ctx) }()
	return s, func() { cancel(); <-done }
}

// many returns n changes of several series, in which every kind of change occurs.
func many(n int) []*schemas.Change {
	base := sinktest.Changes(sinktest.Records())
	out := make([]*schemas.Change, n)
	for i := range out {
		c := *base[i%len(base)]
		c.ID = fmt.Sprintf("x_%d", i)
		c.Claim.SeriesID = fmt.Sprintf("s_%d", i%7)
		out[i] = &c
	}
	return out
}

// every returns changes of every kind.
func every() []*schemas.Change {
	return sinktest.Changes(sinktest.Records())
}

// inOrder checks that every sequence of want was received once, and those of a
// series in order.
func inOrder(t *testing.T, got []received, want int) {
	t.Helper()
	last := map[string]uint64{}
	seen := map[uint64]bool{}
	for _, g := range got {
		if g.Seq <= last[g.Series] {
			t.Errorf("series %s: %d came after %d", g.Series, g.Seq, last[g.Series])
		}
		last[g.Series] = g.Seq
		seen[g.Seq] = true
	}
	for seq := 1; seq <= want; seq++ {
		if !seen[uint64(seq)] {
			t.Errorf("change %d is lost", seq)
		}
	}
	if len(got) != want {
		t.Errorf("%d messages, want %d", len(got), want)
	}
}

// TestOutage: a receiver that is away for an hour gets everything after it, in
// order within each series.
func TestOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t, secret(t))
		s := newStream(many(20)...)
		sender, stop := start(t, config(t, s, r, t.TempDir()))
		defer stop()
		time.Sleep(time.Second)
		inOrder(t, r.messages(), 20)

		r.setDown(true)
		for range 60 {
			time.Sleep(time.Minute)
			s.add(many(20 + len(s.changes))[len(s.changes):]...)
		}
		if st := sender.Status()[0]; st.Failing.IsZero() || st.Error == "" || strings.Contains(st.Error, "private") || st.Host != "hooks.example" {
			t.Errorf("status in the outage: %+v", st)
		}
		if n := len(r.messages()); n != 20 {
			t.Errorf("%d messages in the outage", n)
		}
		r.setDown(false)
		time.Sleep(20 * time.Minute) // the longest pause and a little more
		inOrder(t, r.messages(), 20+60*20)
		if st := sender.Status()[0]; !st.Failing.IsZero() || st.Position != 20+60*20 || st.Disabled != "" {
			t.Errorf("status after it: %+v", st)
		}
	})
}

// TestRestarts: fifty restarts of the sender lose nothing; what is sent twice has
// its id, by which the receiver knows it.
func TestRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t, secret(t))
		r.delay = 37 * time.Millisecond
		r.answer = func(id string, n int) (int, http.Header) {
			if n == 1 && strings.HasSuffix(id, "3") {
				return http.StatusInternalServerError, nil
			}
			return http.StatusOK, nil
		}
		s := newStream()
		dir := t.TempDir()
		for range 50 {
			s.add(many(10 + len(s.changes))[len(s.changes):]...)
			_, stop := start(t, config(t, s, r, dir))
			time.Sleep(217 * time.Millisecond)
			stop()
		}
		_, stop := start(t, config(t, s, r, dir))
		time.Sleep(10 * time.Minute)
		stop()
		inOrder(t, r.messages(), 500)
	})
}

// TestRotation: while there are two secrets, receivers with either accept.
func TestRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		older, newer := secret(t), secret(t)
		for _, known := range []Secret{older, newer} {
			r := newReceiver(t, known)
			_, stop := start(t, config(t, newStream(many(3)...), r, t.TempDir(), func(e *Endpoint) { e.Secrets = []Secret{newer, older} }))
			time.Sleep(time.Second)
			stop()
			inOrder(t, r.messages(), 3)
		}
	})
}

// TestGone: 410 disables an endpoint, also after a restart, and it alone.
func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t, secret(t))
		r.answer = func(string, int) (int, http.Header) { return http.StatusGone, nil }
		dir := t.TempDir()
		s := newStream(many(3)...)
		for range 2 {
			sender, stop := start(t, config(t, s, r, dir))
			time.Sleep(time.Minute)
			stop()
			if st := sender.Status()[0]; !strings.Contains(st.Disabled, "410") || st.Position != 0 {
				t.Errorf("status: %+v", st)
			}
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if n := len(r.attempts); n > 3 {
			t.Errorf("%d messages tried after 410", n)
		}
		total := 0
		for _, n := range r.attempts {
			total += n
		}
		if total > 3 {
			t.Errorf("%d attempts after 410", total)
		}
	})
}

// TestGiveUp: three days of failures disable an endpoint; its position stays, and
// without the file's mark it goes on there.
func TestGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t, secret(t))
		r.setDown(true)
		sender, stop := start(t, config(t, newStream(many(3)...), r, t.TempDir()))
		time.Sleep(71 * time.Hour)
		if st := sender.Status()[0]; st.Disabled != "" {
			t.Errorf("disabled too early: %+v", st)
		}
		time.Sleep(2 * time.Hour)
		stop()
		if st := sender.Status()[0]; !strings.Contains(st.Disabled, "failing since") || st.Position != 0 {
			t.Errorf("status: %+v", st)
		}
	})
}

// TestPoison: a message that the receiver refuses for ever holds up its own series,
// not the others, and disables the endpoint at last instead of being dropped.
func TestPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t, secret(t))
		r.answer = func(id string, _ int) (int, http.Header) {
			if id == "x_0" {
				return http.StatusBadRequest, nil
			}
			return http.StatusOK, nil
		}
		sender, stop := start(t, config(t, newStream(many(40)...), r, t.TempDir()))
		time.Sleep(time.Hour)
		if n := len(r.messages()); n < 10 {
			t.Errorf("%d messages beside the refused one", n)
		}
		for _, g := range r.messages() {
			if g.Series == "s_0" {
				t.Errorf("change %d overtook the refused one", g.Seq)
			}
		}
		time.Sleep(73 * time.Hour)
		stop()
		if st := sender.Status()[0]; st.Disabled == "" || st.Position != 0 {
			t.Errorf("status: %+v", st)
		}
	})
}

// TestRetryAfter: a receiver that asks for time gets it.
func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t, secret(t))
		begin := time.Now()
		r.answer = func(_ string, n int) (int, http.Header) {
			if n == 1 {
				return http.StatusTooManyRequests, http.Header{"Retry-After": {"300"}}
			}
			return http.StatusOK, nil
		}
		_, stop := start(t, config(t, newStream(many(1)...), r, t.TempDir()))
		time.Sleep(10 * time.Minute)
		stop()
		got := r.messages()
		if len(got) != 1 || got[0].Arrived.Sub(begin) < 5*time.Minute || got[0].Arrived.Sub(begin) > 6*time.Minute {
			t.Errorf("messages %+v, want one after five minutes", got)
		}
	})
}

// TestGap: a receiver is told when the stream let go of what it has not had.
func TestGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t, secret(t))
		s := newStream(many(10)...)
		dir := t.TempDir()
		_, stop := start(t, config(t, s, r, dir))
		time.Sleep(time.Minute)
		stop()
		s.add(many(30)[10:]...)
		s.first, s.changes = 26, s.changes[25:] // 11 to 25 are gone
		_, stop = start(t, config(t, s, r, dir))
		time.Sleep(time.Minute)
		stop()
		got := r.messages()
		if len(got) != 10+1+5 || got[10].Type != "stream.gap" || got[10].Gap.After != 10 || got[10].Gap.First != 26 {
			t.Errorf("messages %+v, want ten, a gap, five", got)
		}
	})
}

// TestRules: an endpoint hears what its rules select.
func TestRules(t *testing.T) {
	changes := every()
	for _, tt := range []struct {
		name  string
		rule  func(*Endpoint)
		wants func(*schemas.Change) bool
	}{
		{"everything", func(*Endpoint) {}, func(*schemas.Change) bool { return true }},
		{
			"kinds", func(e *Endpoint) { e.Changes = []schemas.ChangeKind{schemas.ChangeRetracted, schemas.ChangeConflicted} },
			func(c *schemas.Change) bool {
				return c.Change == schemas.ChangeRetracted || c.Change == schemas.ChangeConflicted
			},
		},
		{
			"tier", func(e *Endpoint) { e.Query.Tiers = []schemas.Tier{schemas.Candidate} },
			func(c *schemas.Change) bool { return c.Claim.Tier == schemas.Candidate },
		},
		{
			"origins", func(e *Endpoint) { e.Query.MinOrigins = 2 },
			func(c *schemas.Change) bool { return c.Claim.Corroboration.Origins >= 2 },
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newReceiver(t, secret(t))
			_, stop := start(t, config(t, newStream(changes...), r, t.TempDir(), tt.rule))
			time.Sleep(time.Minute)
			stop()
			var got, want []string
			for _, g := range r.messages() {
				got = append(got, g.ID)
			}
			for _, c := range changes {
				if tt.wants(c) {
					want = append(want, c.ID)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%s: messages %q, want %q", tt.name, got, want)
			}
		})
	}
}

func TestJump(t *testing.T) {
	change := func(value int64, before ...int64) *schemas.Change {
		v := schemas.Int(value)
		c := &schemas.Change{Claim: schemas.Claim{ID: "now", Value: &v, Modality: schemas.Asserted, LastSeen: "2025-11-09T10:00:00Z"}, Series: &schemas.Series{}}
		for i, b := range before {
			w := schemas.Int(b)
			c.Series.Points = append(c.Series.Points, schemas.SeriesPoint{Claim: fmt.Sprint(i), AsOf: fmt.Sprintf("2025-11-%02d", i+1), Value: &w, Modality: schemas.Asserted, Tier: schemas.Reportable})
		}
		return c
	}
	for _, tt := range []struct {
		jump   string
		change *schemas.Change
		want   bool
	}{
		{"", change(41), true},
		{"10", change(41), true}, // from nothing
		{"10", change(41, 20, 31), true},
		{"10", change(41, 20, 32), false},
		{"10", change(20, 32), true}, // down
		{"10%", change(110, 100), true},
		{"10%", change(109, 100), false},
		{"10%", change(1, 0), true},
		{"10%", change(0, 0), false},
	} {
		j, err := ParseJump(tt.jump)
		if err != nil {
			t.Fatal(err)
		}
		if got := j.reached(tt.change); got != tt.want {
			t.Errorf("jump %q to %s from %d points: %t, want %t", tt.jump, tt.change.Claim.Value, len(tt.change.Series.Points), got, tt.want)
		}
	}
	for _, bad := range []string{"x", "-1", "%", "NaN", "Inf", "1e300"} {
		if _, err := ParseJump(bad); err == nil {
			t.Errorf("ParseJump(%q) succeeds", bad)
		}
	}
}

// TestSignature uses the example of the specification's reference libraries.
func TestSignature(t *testing.T) {
	s, err := ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"test": 2432232314}`)
	if got, want := s.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	now := time.Unix(1614265330, 0)
	h := http.Header{}
	h.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	h.Set("webhook-timestamp", "1614265330")
	h.Set("webhook-signature", "v1,AAAA v1a,xxx v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	if err := Verify(h, body, now, s); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"other body":   Verify(h, []byte("{}"), now, s),
		"other secret": Verify(h, body, now, secret(t)),
		"old":          Verify(h, body, now.Add(6*time.Minute), s),
		"early":        Verify(h, body, now.Add(-6*time.Minute), s),
		"none":         Verify(http.Header{}, body, now, s),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if out := fmt.Sprintf("%v %+v %s", s, s, s); strings.Contains(out, "31f2") || strings.Contains(out, "MfKQ") {
		t.Errorf("a secret shows itself: %s", out)
	}
	for _, bad := range []string{"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA", "whsec_" + strings.Repeat("A", 400), "whsec_***"} {
		if _, err := ParseSecret(bad); err == nil {
			t.Errorf("ParseSecret(%q) succeeds", bad)
		}
	}
}

func TestNew(t *testing.T) {
	good := Endpoint{Name: "a", URL: "https://a.example/", Secrets: []Secret{secret(t)}}
	with := func(change func(*Endpoint)) []Endpoint { e := good; change(&e); return []Endpoint{e} }
	for name, endpoints := range map[string][]Endpoint{
		"no name":    with(func(e *Endpoint) { e.Name = "" }),
		"no url":     with(func(e *Endpoint) { e.URL = "" }),
		"http":       with(func(e *Endpoint) { e.URL = "http://a.example/" }),
		"file":       with(func(e *Endpoint) { e.URL = "file:///etc/passwd" }),
		"password":   with(func(e *Endpoint) { e.URL = "https://u:p@a.example/" }),
		"no secret":  with(func(e *Endpoint) { e.Secrets = nil }),
		"no change":  with(func(e *Endpoint) { e.Changes = []schemas.ChangeKind{"improved"} }),
		"limit":      with(func(e *Endpoint) { e.Query.Limit = 3 }),
		"same names": {good, good},
	} {
		s := newStream()
		if _, err := New(Config{Endpoints: endpoints, Dir: t.TempDir(), Follow: s.follow, Bounds: s.bounds, Dial: (&net.Dialer{}).DialContext}); err == nil {
			t.Errorf("%s: New succeeds", name)
		}
	}
}

// TestRedirect: a receiver cannot send messages elsewhere.
func TestRedirect(t *testing.T) {
	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer other.Close()
	tried := make(chan struct{}, 100)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		tried <- struct{}{}
	}))
	defer front.Close()
	s := newStream(many(1)...)
	sender, stop := start(t, Config{
		Endpoints: []Endpoint{{Name: "a", URL: front.URL, Secrets: []Secret{secret(t)}, Since: fromStart}}, Dir: t.TempDir(), Follow: s.follow, Bounds: s.bounds,
		Dial: (&net.Dialer{}).DialContext, AllowHTTP: true, FirstRetry: time.Millisecond,
	})
	<-tried
	<-tried
	stop()
	if st := sender.Status()[0]; reached || !strings.Contains(st.Error, "307") {
		t.Errorf("followed a redirect: %t; status %+v", reached, st)
	}
}

// TestDamagedPosition: a file that cannot be read is an error, not a fresh start.
func TestDamagedPosition(t *testing.T) {
	dir := t.TempDir()
	s := newStream()
	r := &receiver{secrets: []Secret{secret(t)}}
	cfg := config(t, s, r, dir)
	if err := os.WriteFile(filepath.Join(dir, schemas.ID("webhook", "newsroom")+".json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := New(cfg); err == nil {
		t.Error("New succeeds")
	}
}
