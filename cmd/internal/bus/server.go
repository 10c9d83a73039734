package bus

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"github.com/claimwire/claimwire/schemas"
)

// ListenConfig lets other NATS clients reach the embedded server. Clients that
// present one of NKeys may do everything. A reader may subscribe to changes of
// claims and get stored ones one by one, but publish and change nothing. On a
// loopback address all others are readers; on any other address they are
// refused, and TLS is required.
type ListenConfig struct {
	Addr     string   // "127.0.0.1:4222"; port 0 picks a free one; empty for no listener
	CertFile string   // PEM of the server's certificate
	KeyFile  string   // PEM of its key
	NKeys    []string // public user nkeys ("U…") with full rights
	Readers  []string // public user nkeys of readers
}

// readyTimeout bounds the start of the embedded server. It is ready within
// milliseconds, but a large store is recovered first.
const readyTimeout = 2 * time.Minute

func (b *Bus) startEmbedded() error {
	if b.cfg.Dir == "" {
		return errors.New("open bus: neither Dir nor URL is set")
	}
	if b.cfg.Replicas != 1 {
		return fmt.Errorf("open bus: %d replicas need an external cluster", b.cfg.Replicas)
	}
	if err := os.MkdirAll(b.cfg.Dir, 0o700); err != nil {
		return fmt.Errorf("open bus: %w", err)
	}
	var err error
	if b.lock, err = lockDir(b.cfg.Dir); err != nil {
		return err
	}
	opts := b.serverOptions()
	own, err := b.secure(opts)
	if err != nil {
		return err
	}
	b.openStaging()
	if b.cfg.NoSync {
		b.log.Warn("the bus does not sync to disk: a power cut loses records", "dir", b.cfg.Dir)
	}
	if b.srv, err = server.NewServer(opts); err != nil {
		return fmt.Errorf("start embedded server: %w", err)
	}
	if addr := b.cfg.Listen.Addr; addr != "" { // the server itself would wait in vain
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return fmt.Errorf("listen for NATS clients: %w", err)
		}
		l.Close()
	}
	b.srv.SetLoggerV2(serverLog{b.log}, false, false, false)
	b.srv.Start()
	if !b.srv.ReadyForConnections(readyTimeout) {
		return fmt.Errorf("start embedded server in %s: not ready after %s", b.cfg.Dir, readyTimeout)
	}
	if !b.srv.JetStreamEnabled() {
		return fmt.Errorf("start embedded server in %s: JetStream did not start, see the log", b.cfg.Dir)
	}
	b.disk = &diskWatch{dir: b.cfg.Dir, min: b.cfg.MinFree}
	return b.connect("", nats.InProcessServer(b.srv), privateInbox(), own)
}

// embeddedSuffix ends the name of an embedded server, by which other processes of ours
// know one.
const embeddedSuffix = "-embedded"

// privateInbox has the answers of an embedded server come where no reader may listen,
// as they may to _INBOX.>: articles, for one, are among them.
func privateInbox() nats.Option { return nats.CustomInboxPrefix("_CLAIMWIRE") }

func (b *Bus) serverOptions() *server.Options {
	return &server.Options{
		ServerName:             b.cfg.Name + embeddedSuffix,
		DontListen:             b.cfg.Listen.Addr == "",
		JetStream:              true,
		StoreDir:               b.cfg.Dir,
		SyncAlways:             !b.cfg.NoSync,
		MaxPayload:             MaxMessage,
		MaxPending:             256 << 20, // a reader may lag by a few batches of large records
		JetStreamMaxStore:      1 << 50,   // each stream has its own bound, and diskWatch looks after the disk
		DisableJetStreamBanner: true,
		NoSigs:                 true, // signals are the program's, not the server's
	}
}

// secure sets up the listener and returns the option with which our own
// connection gets full rights.
func (b *Bus) secure(opts *server.Options) (nats.Option, error) {
	l := b.cfg.Listen
	none := func(*nats.Options) error { return nil }
	if l.Addr == "" {
		return none, nil
	}
	host, port, err := net.SplitHostPort(l.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen address %q: %w", l.Addr, err)
	}
	if opts.Port, err = strconv.Atoi(port); err != nil || opts.Port < 0 || opts.Port > 65535 {
		return nil, fmt.Errorf("listen address %q: bad port", l.Addr)
	}
	if opts.Port == 0 {
		opts.Port = server.RANDOM_PORT
	}
	opts.Host = host
	loopback := isLoopback(host)
	if !loopback && (l.CertFile == "" || l.KeyFile == "" || len(l.NKeys)+len(l.Readers) == 0) {
		return nil, fmt.Errorf("listen address %q is open to other machines: set a certificate, its key and the nkeys of those who may connect, or listen on 127.0.0.1", l.Addr)
	}
	if l.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(l.CertFile, l.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("listen: %w", err)
		}
		opts.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		opts.TLSTimeout = 5
	}
	return grant(opts, l.NKeys, l.Readers, loopback)
}

// grant gives the keys and ourselves full rights, and readers the right to read;
// with anonymous set, who presents no key is a reader.
func grant(opts *server.Options, keys, readers []string, anonymous bool) (nats.Option, error) {
	own, public, err := newUser()
	if err != nil {
		return nil, err
	}
	if anonymous {
		_, nobody, err := newUser() // a key without an owner stands for those who have none
		if err != nil {
			return nil, err
		}
		readers = append(slices.Clone(readers), nobody)
		opts.NoAuthUser = nobody
	}
	add := func(keys []string, p *server.Permissions) error {
		for _, k := range keys {
			if !nkeys.IsValidPublicUserKey(k) {
				return fmt.Errorf("listen: %q is not a public user nkey", k)
			}
			opts.Nkeys = append(opts.Nkeys, &server.NkeyUser{Nkey: k, Permissions: p})
		}
		return nil
	}
	if err := errors.Join(add([]string{public}, nil), add(keys, nil), add(readers, readOnly())); err != nil {
		return nil, err
	}
	return nats.Nkey(public, own.Sign), nil
}

// newUser makes a key that lives in memory only.
func newUser() (nkeys.KeyPair, string, error) {
	kp, err := nkeys.CreateUser()
	if err != nil {
		return nil, "", fmt.Errorf("listen: %w", err)
	}
	public, err := kp.PublicKey()
	if err != nil {
		return nil, "", fmt.Errorf("listen: %w", err)
	}
	return kp, public, nil
}

// readOnly lets a client subscribe to changes of claims, look at their stream
// and get its records by sequence. Consumers are left out: the right to create
// one cannot be told from the right to change or empty those of the stages.
func readOnly() *server.Permissions {
	const claims = schemas.StreamClaims
	return &server.Permissions{
		Publish: &server.SubjectPermission{Allow: []string{
			"$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.INFO." + claims,
			"$JS.API.STREAM.MSG.GET." + claims, "$JS.API.DIRECT.GET." + claims, "$JS.API.DIRECT.GET." + claims + ".>",
		}},
		Subscribe: &server.SubjectPermission{Allow: []string{"claims.v1.>", "_INBOX.>"}},
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// dial connects to the external server.
func (b *Bus) dial() error {
	var opts []nats.Option
	c := b.cfg
	if c.CredsFile != "" {
		opts = append(opts, nats.UserCredentials(c.CredsFile))
	}
	if c.NKeyFile != "" {
		o, err := nats.NkeyOptionFromSeed(c.NKeyFile)
		if err != nil {
			return fmt.Errorf("connect to %s: nkey: %w", redacted(c.URL), err)
		}
		opts = append(opts, o)
	}
	t, err := c.tls()
	if err != nil {
		return fmt.Errorf("connect to %s: %w", redacted(c.URL), err)
	}
	if t != nil {
		opts = append(opts, nats.Secure(t))
	}
	if err := b.connect(c.URL, opts...); err != nil || !strings.HasSuffix(b.nc.ConnectedServerName(), embeddedSuffix) {
		return err
	}
	// Elsewhere a user may have no right to another inbox than the usual one.
	b.nc.Close()
	return b.connect(c.URL, append(opts, privateInbox())...)
}

// tls returns nil if no file is named: the URL alone then says whether to use TLS.
func (c Config) tls() (*tls.Config, error) {
	if c.CAFile == "" && c.CertFile == "" && c.KeyFile == "" {
		return nil, nil
	}
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, err
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s: no PEM certificate", filepath.Base(c.CAFile))
		}
	}
	if c.CertFile != "" || c.KeyFile != "" {
		cert, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return nil, err
		}
		t.Certificates = []tls.Certificate{cert}
	}
	return t, nil
}

func (b *Bus) connect(address string, more ...nats.Option) error {
	opts := append([]nats.Option{
		nats.Name(b.cfg.Name),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(500 * time.Millisecond),
		nats.Timeout(10 * time.Second),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.log.Warn("bus connection", "err", err)
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				b.log.Warn("bus disconnected", "err", err)
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) { b.log.Info("bus reconnected", "url", nc.ConnectedUrlRedacted()) }),
	}, more...)
	var err error
	if b.nc, err = nats.Connect(address, opts...); err != nil {
		where := redacted(address)
		if where == "" {
			where = "the embedded server"
		}
		return fmt.Errorf("connect to %s: %w", where, err)
	}
	return nil
}

// redacted hides the passwords and tokens in a list of server URLs. A lone user
// is a token to NATS.
func redacted(urls string) string {
	list := strings.Split(urls, ",")
	for i, raw := range list {
		u, err := url.Parse(strings.TrimSpace(raw))
		switch {
		case err != nil:
			list[i] = "xxxxx" // who knows what is in it
		case u.User != nil:
			u.User = url.User("xxxxx")
			list[i] = u.String()
		}
	}
	return strings.Join(list, ",")
}

// serverLog sends the embedded server's log to a slog.Logger. What the server
// calls a notice is its life story, so that it goes to debug.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(f string, v ...any) { l.log.Debug(serverLine(f, v)) }
func (l serverLog) Warnf(f string, v ...any)   { l.log.Warn(serverLine(f, v)) }
func (l serverLog) Errorf(f string, v ...any)  { l.log.Error(serverLine(f, v)) }
func (l serverLog) Fatalf(f string, v ...any)  { l.log.Error(serverLine(f, v)) }
func (l serverLog) Debugf(f string, v ...any)  { l.log.Debug(serverLine(f, v)) }
func (l serverLog) Tracef(f string, v ...any)  { l.log.Debug(serverLine(f, v)) }

func serverLine(format string, v []any) string {
	return "nats-server: " + strings.TrimSpace(fmt.Sprintf(format, v...))
}
