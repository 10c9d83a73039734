package bus

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/cputest"
)

// TestOpenIsFast counts the processor's time, all of the server's goroutines and
// the collector's included: it takes 10 ms.
func TestOpenIsFast(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes it ten times as slow")
	}
	dir := t.TempDir()
	best := time.Hour
	for range 3 {
		start := cputest.ProcessTime()
		b, err := Open(t.Context(), Config{Dir: dir})
		must(t, err)
		best = min(best, cputest.ProcessTime()-start)
		closeBus(t, b)
	}
	if best > 100*time.Millisecond {
		t.Errorf("Open took %s, want under 100ms", best)
	}
}

func TestRestartKeepsEverything(t *testing.T) {
	dir := t.TempDir()
	b, err := Open(t.Context(), Config{Dir: dir})
	must(t, err)
	must(t, b.PublishArticles(t.Context(), articles(20)))
	must(t, b.PublishChanges(t.Context(), changes(70)))
	cfg := fast(schemas.StreamArticles)
	collect(t, b, cfg, func(got []Received[schemas.Article]) bool { return len(got) >= 10 })
	closeBus(t, b)

	b, err = Open(t.Context(), Config{Dir: dir})
	must(t, err)
	defer closeBus(t, b)
	must(t, b.PublishArticles(t.Context(), articles(20))) // ids survive, too
	must(t, b.PublishChanges(t.Context(), changes(70)))
	if a, c := last(t, b, schemas.StreamArticles), last(t, b, schemas.StreamClaims); a != 20 || c != 70 {
		t.Errorf("%d articles and %d changes after a restart, want 20 and 70", a, c)
	}
	got := collect(t, b, cfg, func(got []Received[schemas.Article]) bool { return len(got) >= 10 })
	if got[0].Sequence != 11 || got[0].Attempt > 2 { // 2: it was fetched ahead and given back
		t.Errorf("consumer goes on at record %d, attempt %d, want 11, 1 or 2", got[0].Sequence, got[0].Attempt)
	}
	if seqs, err := follow(t, b, 40, 70); len(seqs) != 30 || err != nil {
		t.Errorf("Follow(40) = %v, %v after a restart", seqs, err)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	b, err := Open(t.Context(), Config{Dir: t.TempDir(), Grace: time.Second})
	must(t, err)
	must(t, b.PublishArticles(t.Context(), articles(3)))
	inside := make(chan bool, 1)
	stopped := make(chan error, 2)
	go func() {
		stopped <- Consume(t.Context(), b, fast(schemas.StreamArticles), func(ctx context.Context, _ []Received[schemas.Article]) error {
			inside <- true
			<-ctx.Done() // a handler that only listens to its context
			return ctx.Err()
		})
	}()
	go func() {
		stopped <- b.Follow(t.Context(), 0, func(uint64, *schemas.Change) error { return nil })
	}()
	<-inside
	start := time.Now()
	closeBus(t, b)
	if d := time.Since(start); d > 20*time.Second { // a busy machine does not take as long
		t.Errorf("Close took %s with a grace of 1s", d)
	}
	for range 2 {
		if err := <-stopped; err != nil {
			t.Errorf("consumer or reader = %v, want nil", err)
		}
	}
	if err := Consume(t.Context(), b, fast(schemas.StreamArticles), func(context.Context, []Received[schemas.Article]) error { return nil }); err == nil {
		t.Error("Consume on a closed bus = nil")
	}
	if err := b.PublishArticles(t.Context(), articles(1)); !errors.Is(err, ErrUnavailable) {
		t.Errorf("publish on a closed bus = %v, want %v", err, ErrUnavailable)
	}
	if err := b.Health(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Health() of a closed bus = %v, want %v", err, ErrUnavailable)
	}
	for range 100 { // the server's own goroutines end a little later
		if runtime.NumGoroutine() <= before+2 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	buf := make([]byte, 1<<20)
	t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), buf[:runtime.Stack(buf, true)])
}

func TestListenRefused(t *testing.T) {
	for _, tt := range []struct {
		listen ListenConfig
		want   string
	}{
		{ListenConfig{Addr: "0.0.0.0:0"}, "other machines"},
		{ListenConfig{Addr: ":0"}, "other machines"},
		{ListenConfig{Addr: "[::]:0"}, "other machines"},
		{ListenConfig{Addr: "news.example:0", NKeys: []string{"U"}}, "other machines"},
		{ListenConfig{Addr: "127.0.0.1"}, "missing port"},
		{ListenConfig{Addr: "127.0.0.1:x"}, "bad port"},
		{ListenConfig{Addr: "127.0.0.1:0", NKeys: []string{"SUA"}}, "not a public user nkey"},
		{ListenConfig{Addr: "127.0.0.1:0", CertFile: "none.pem", KeyFile: "none.pem"}, "none.pem"},
	} {
		b, err := Open(t.Context(), Config{Dir: t.TempDir(), Listen: tt.listen})
		if err == nil {
			closeBus(t, b)
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Open with Listen %+v = %v, want %q", tt.listen, err, tt.want)
		}
	}
}

// newKey writes the seed of a new user key to a file and returns the public key.
func newKey(t *testing.T) (file, public string) {
	t.Helper()
	kp, err := nkeys.CreateUser()
	must(t, err)
	seed, err := kp.Seed()
	must(t, err)
	file = filepath.Join(t.TempDir(), "user.nk")
	must(t, os.WriteFile(file, seed, 0o600))
	public, err = kp.PublicKey()
	must(t, err)
	return file, public
}

func TestListenRights(t *testing.T) {
	t.Parallel()
	seed, public := newKey(t)
	b := openEmbedded(t, Config{Listen: ListenConfig{Addr: "127.0.0.1:0", NKeys: []string{public}}})
	must(t, b.PublishChanges(t.Context(), changes(3)))

	stranger, err := nats.Connect(b.ClientURL(), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	must(t, err)
	defer stranger.Close()
	for _, subject := range []string{
		"articles.v1.x", "claims.v1.a.b.c", "$JS.API.STREAM.DELETE.CLAIMS", "$JS.API.STREAM.PURGE.CLAIMS",
		"$JS.API.STREAM.UPDATE.CLAIMS", "$JS.API.STREAM.MSG.DELETE.CLAIMS", "$JS.API.CONSUMER.CREATE.CLAIMS.x",
		"$JS.API.CONSUMER.DURABLE.CREATE.CLAIMS.x", "$JS.API.CONSUMER.DELETE.CLAIMS.x", "$JS.API.CONSUMER.MSG.NEXT.CLAIMS.x",
		"$JS.ACK.CLAIMS.x.1.1.1.1.1", "$JS.FC.x", "_CLAIMWIRE.x",
		"$JS.API.STREAM.LIST", "$JS.API.STREAM.INFO.ARTICLES", "$JS.API.DIRECT.GET.ARTICLES", "$JS.API.STREAM.MSG.GET.REVIEWS",
	} {
		if m, err := stranger.Request(subject, []byte("{}"), 100*time.Millisecond); err == nil {
			t.Errorf("a stranger's request to %s was answered: %s", subject, m.Data)
		}
	}
	if m, err := stranger.Request("$JS.API.DIRECT.GET.CLAIMS", []byte(`{"seq":2}`), time.Second); err != nil || m.Header.Get("ce-id") != "ch-0001" {
		t.Errorf("a stranger's direct get = %v, %v, want record 2", m, err)
	}
	spy, err := stranger.SubscribeSync("_CLAIMWIRE.>")
	must(t, err)
	must(t, stranger.Flush())
	must(t, b.PublishChanges(t.Context(), changes(4)))
	if m, err := spy.NextMsg(100 * time.Millisecond); err == nil {
		t.Errorf("a stranger listens to the program's own answers: %s", m.Data)
	}
	if got := last(t, b, schemas.StreamClaims); got != 4 {
		t.Errorf("%d changes in the stream, want 4", got)
	}

	live, err := stranger.SubscribeSync("claims.v1.>")
	must(t, err)
	articlesToo, err := stranger.SubscribeSync("articles.v1.>")
	must(t, err)
	must(t, stranger.Flush())
	must(t, b.PublishArticles(t.Context(), articles(1)))
	must(t, b.PublishChanges(t.Context(), changes(5)[4:]))
	if _, err := live.NextMsg(30 * time.Second); err != nil {
		t.Errorf("a stranger does not get a change: %v", err)
	}
	if m, err := articlesToo.NextMsg(50 * time.Millisecond); err == nil {
		t.Errorf("a stranger gets an article: %s", m.Data)
	}

	friend, err := Open(t.Context(), Config{URL: b.ClientURL(), NKeyFile: seed})
	must(t, err)
	defer closeBus(t, friend)
	answers, err := stranger.SubscribeSync("_INBOX.>")
	must(t, err)
	must(t, stranger.Flush())
	if got := collectN[schemas.Article](t, friend, schemas.StreamArticles, 1); len(got) != 1 {
		t.Errorf("%d articles came to another process, want 1", len(got))
	}
	must(t, friend.PublishChanges(t.Context(), changes(80)))
	if m, err := answers.NextMsg(100 * time.Millisecond); err == nil {
		t.Errorf("a stranger listens to what another process of ours is answered: %s", m.Data)
	}
	if got := last(t, b, schemas.StreamClaims); got != 80 {
		t.Errorf("%d changes in the stream, want 80", got)
	}
}

// TestListenReaders lets a key read and no more, and refuses who has none where
// other machines could connect.
func TestListenReaders(t *testing.T) {
	cert, key := certificate(t)
	_, owner := newKey(t)
	seed, reader := newKey(t)
	var log bytes.Buffer
	b := openEmbedded(t, Config{
		Listen: ListenConfig{Addr: "0.0.0.0:0", CertFile: cert, KeyFile: key, NKeys: []string{owner}, Readers: []string{reader}},
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	u, err := url.Parse(b.ClientURL())
	must(t, err)
	address := "tls://127.0.0.1:" + u.Port()
	quiet := nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})
	if nc, err := nats.Connect(address, nats.RootCAs(cert), quiet); err == nil {
		nc.Close()
		t.Error("a client without a key may connect from other machines")
	}
	sign, err := nats.NkeyOptionFromSeed(seed)
	must(t, err)
	nc, err := nats.Connect(address, nats.RootCAs(cert), sign, quiet)
	must(t, err)
	defer nc.Close()
	live, err := nc.SubscribeSync("claims.v1.>")
	must(t, err)
	must(t, nc.Flush())
	must(t, b.PublishChanges(t.Context(), changes(1)))
	if _, err := live.NextMsg(30 * time.Second); err != nil {
		t.Errorf("a reader does not get a change: %v", err)
	}
	if m, err := nc.Request("claims.v1.a.b.c", []byte("{}"), 100*time.Millisecond); err == nil {
		t.Errorf("a reader may publish: %s", m.Data)
	}
	closeBus(t, b)
	if strings.Contains(log.String(), "assword") {
		t.Errorf("the server warns of passwords: %s", log.String())
	}
}

func TestRedacted(t *testing.T) {
	for in, want := range map[string]string{
		"nats://a:4222":                       "nats://a:4222",
		"nats://user:secret@a:4222,nats://b":  "nats://xxxxx@a:4222,nats://b",
		"nats://secret@a:4222":                "nats://xxxxx@a:4222",
		"nats://a:4222, tls://u:secret@b:422": "nats://a:4222,tls://xxxxx@b:422",
		"nats://user:sec%ret@a":               "xxxxx",
	} {
		if got := redacted(in); got != want {
			t.Errorf("redacted(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestExternalRefused(t *testing.T) {
	small := startServer(t, func(o *server.Options) { o.MaxPayload = 1 << 20 })
	plain := startServer(t, func(o *server.Options) { o.JetStream = false })
	tight := startServer(t, func(o *server.Options) { o.JetStreamMaxStore = 1 << 20 })
	for _, tt := range []struct {
		cfg  Config
		want string
	}{
		{Config{}, "neither Dir nor URL"},
		{Config{Dir: t.TempDir(), Replicas: 3}, "external cluster"},
		{Config{Dir: t.TempDir(), Limits: map[string]Limits{"CLAIM": {}}}, "no such stream"},
		{Config{URL: "nats://127.0.0.1:1"}, "connect to nats://127.0.0.1:1"},
		{Config{URL: small.ClientURL()}, "max_payload"},
		{Config{URL: plain.ClientURL()}, "JetStream"},
		{Config{URL: tight.ClientURL()}, "smaller limits"},
		{Config{URL: small.ClientURL(), CAFile: "none.pem"}, "none.pem"},
		{Config{URL: small.ClientURL(), CredsFile: "none.creds"}, "none.creds"},
		{Config{URL: small.ClientURL(), NKeyFile: "none.nk"}, "none.nk"},
	} {
		b, err := Open(t.Context(), tt.cfg)
		if err == nil {
			closeBus(t, b)
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Open(%+v) = %v, want %q", tt.cfg, err, tt.want)
		}
	}
}

func TestOlderThan(t *testing.T) {
	for version, want := range map[string]bool{"2.9.25": true, "1.4.1": true, "2.10.0": false, "2.15.2": false, "3.0.0": false, "2.9.0-beta": true, "": false, "x": false} {
		if got := olderThan(version, 2, 10); got != want {
			t.Errorf("olderThan(%q, 2, 10) = %t, want %t", version, got, want)
		}
	}
}

// TestTLS connects with certificates both ways.
func TestTLS(t *testing.T) {
	cert, key := certificate(t)
	seed, public := newKey(t)
	b := openEmbedded(t, Config{Listen: ListenConfig{Addr: "127.0.0.1:0", CertFile: cert, KeyFile: key, NKeys: []string{public}}})
	url := strings.Replace(b.ClientURL(), "nats://", "tls://", 1)
	if _, err := Open(t.Context(), Config{URL: url, NKeyFile: seed}); err == nil {
		t.Error("Open trusts a certificate of nobody")
	}
	second, err := Open(t.Context(), Config{URL: url, NKeyFile: seed, CAFile: cert})
	must(t, err)
	defer closeBus(t, second)
	must(t, second.PublishArticles(t.Context(), articles(60)))
	if got := last(t, b, schemas.StreamArticles); got != 60 {
		t.Errorf("%d articles came over TLS, want 60", got)
	}
}

// certificate writes a self-signed certificate for the loopback address.
func certificate(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "claimwire test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	must(t, err)
	keyDER, err := x509.MarshalECPrivateKey(key)
	must(t, err)
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}), 0o600))
	return certFile, keyFile
}

// TestOperatorSettings opens a bus on streams that somebody has tuned.
func TestOperatorSettings(t *testing.T) {
	s := startServer(t, nil)
	b, err := Open(t.Context(), Config{URL: s.ClientURL()})
	must(t, err)
	defer closeBus(t, b)
	st, err := b.js.Stream(t.Context(), schemas.StreamClaims)
	must(t, err)
	tuned := st.CachedInfo().Config
	tuned.MaxBytes, tuned.AllowDirect = 123<<20, false
	_, err = b.js.UpdateStream(t.Context(), tuned)
	must(t, err)

	for _, tt := range []struct {
		limits map[string]Limits
		want   int64
	}{{nil, 123 << 20}, {map[string]Limits{schemas.StreamClaims: {MaxBytes: 99 << 20, MaxAge: time.Hour}}, 99 << 20}} {
		again, err := Open(t.Context(), Config{URL: s.ClientURL(), Limits: tt.limits})
		must(t, err)
		st, err := again.js.Stream(t.Context(), schemas.StreamClaims)
		must(t, err)
		if got := st.CachedInfo().Config; got.MaxBytes != tt.want || !got.AllowDirect || got.Duplicates > max(got.MaxAge, time.Hour) {
			t.Errorf("Open with limits %v leaves %+v", tt.limits, got)
		}
		closeBus(t, again)
	}
}

// TestServerLimits meets servers that refuse batches of our size or number.
func TestServerLimits(t *testing.T) {
	for _, tt := range []struct {
		name   string
		limits server.JSLimitOpts
		reason string
	}{
		{"too large", server.JSLimitOpts{MaxBatchSize: 120}, "10199"},
		{"too slow", server.JSLimitOpts{MaxBatchTimeout: time.Nanosecond}, "10176"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := startServer(t, func(o *server.Options) { o.JetStreamLimits = tt.limits })
			b, err := Open(t.Context(), Config{URL: s.ClientURL()})
			must(t, err)
			defer closeBus(t, b)
			must(t, b.PublishChanges(t.Context(), changes(450)))
			if got := last(t, b, schemas.StreamClaims); got != 450 {
				t.Errorf("%d changes stored, want 450", got)
			}
			// A quick server may finish a batch within its time-out.
			if n := counted(t, b.metrics.fallbacks.WithLabelValues(schemas.StreamClaims, tt.reason)); n == 0 && tt.limits.MaxBatchTimeout == 0 {
				t.Errorf("no fallback for reason %s", tt.reason)
			}
		})
	}
}

// TestManyPublishers publishes more batches at a time than the server allows.
func TestManyPublishers(t *testing.T) {
	s := startServer(t, func(o *server.Options) { o.JetStreamLimits = server.JSLimitOpts{MaxBatchInflightPerStream: 1} })
	b, err := Open(t.Context(), Config{URL: s.ClientURL()})
	must(t, err)
	defer closeBus(t, b)
	all := changes(8 * 200)
	errs := make(chan error)
	for i := range 8 {
		go func() { errs <- b.PublishChanges(t.Context(), all[i*200:(i+1)*200]) }()
	}
	for range 8 {
		must(t, <-errs)
	}
	if got := last(t, b, schemas.StreamClaims); got != 1600 {
		t.Errorf("%d changes stored, want 1600", got)
	}
}

// TestServerRestart takes an external server away while records flow.
func TestServerRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startServer(t, func(o *server.Options) { o.StoreDir = dir })
	port := s.Addr().(*net.TCPAddr).Port
	b, err := Open(t.Context(), Config{URL: s.ClientURL(), AckTimeout: 2 * time.Second})
	must(t, err)
	defer closeBus(t, b)
	seen := make(chan string, 100)
	stop := work(t, b, fast(schemas.StreamArticles), func(_ context.Context, recs []Received[schemas.Article]) error {
		for _, r := range recs {
			seen <- r.Record.ID
		}
		return nil
	})
	defer stop()
	must(t, b.PublishArticles(t.Context(), articles(1)))
	<-seen

	s.Shutdown()
	s.WaitForShutdown()
	if err := b.PublishArticles(t.Context(), articles(2)); !errors.Is(err, ErrUnavailable) {
		t.Errorf("publish without a server = %v, want %v", err, ErrUnavailable)
	}
	if err := b.Health(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Health() without a server = %v, want %v", err, ErrUnavailable)
	}
	startServer(t, func(o *server.Options) { o.StoreDir, o.Port = dir, port })
	for err := ErrUnavailable; err != nil; {
		if err = b.PublishArticles(t.Context(), articles(2)); err != nil && !errors.Is(err, ErrUnavailable) {
			t.Fatal(err)
		}
	}
	for { // art-0000 may come again: the server does not sync acks
		select {
		case id := <-seen:
			if id == "art-0001" {
				return
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the consumer does not go on after a restart of the server")
		}
	}
}
