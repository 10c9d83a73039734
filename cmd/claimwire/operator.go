package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/schemas"
)

// An operator looks into the streams and mends them: the bus itself, or a
// running process that has it.
type operator interface {
	Letters(ctx context.Context, fn func(bus.StoredLetter) error) error
	Retry(ctx context.Context, letter schemas.DeadLetter) error
	Drop(ctx context.Context, position uint64) error
	Trace(ctx context.Context, q bus.TraceQuery) ([]bus.Step, error)
}

// socketName is the file in the data folder at which a running process answers
// operators. Who may open the folder's files is an operator: there is no other
// password, and no port.
const socketName = "operator.sock"

// openOperator opens the bus of cfg, or reaches the process that has its folder.
func openOperator(ctx context.Context, cfg bus.Config) (operator, func() error, error) {
	if cfg.URL == "" {
		if _, err := os.Stat(cfg.Dir); errors.Is(err, os.ErrNotExist) {
			return nil, nil, fmt.Errorf("no streams in %s: name the folder that 'claimwire run' uses with --data-dir, or a server with --nats", filepath.Dir(cfg.Dir))
		}
	}
	b, err := bus.Open(ctx, cfg)
	if errors.Is(err, bus.ErrLocked) {
		path := filepath.Join(filepath.Dir(cfg.Dir), socketName)
		r := newRemote(path)
		if err := r.call(ctx, http.MethodGet, "/", nil, nil); err != nil {
			return nil, nil, fmt.Errorf("a process uses %s and does not answer at %s: %w", filepath.Dir(cfg.Dir), path, err)
		}
		return r, func() error { return nil }, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return b, func() error { return b.Close(ctx) }, nil
}

// listenOperators opens the socket. A file that an earlier process left there is
// in the way of nobody: the folder is locked.
func listenOperators(dir string) (net.Listener, error) {
	path := filepath.Join(dir, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// operatorServer answers a remote operator. Bodies are JSON.
func operatorServer(op operator, p purger, log *slog.Logger) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "{}") })
	mux.HandleFunc("GET /letters", func(w http.ResponseWriter, r *http.Request) {
		enc := json.NewEncoder(w)
		if err := op.Letters(r.Context(), func(l bus.StoredLetter) error { return enc.Encode(wireLetter{l.Position, l.DeadLetter}) }); err != nil {
			log.Warn("dead letters not listed to the end", "err", err)
			panic(http.ErrAbortHandler) // the reader must not take a part for all
		}
	})
	mux.HandleFunc("POST /retry", answer(func(ctx context.Context, l schemas.DeadLetter) (any, error) { return nil, op.Retry(ctx, l) }))
	mux.HandleFunc("POST /drop", answer(func(ctx context.Context, position uint64) (any, error) { return nil, op.Drop(ctx, position) }))
	mux.HandleFunc("POST /trace", answer(func(ctx context.Context, q bus.TraceQuery) (any, error) { return op.Trace(ctx, q) }))
	mux.HandleFunc("POST /purge", answer(func(ctx context.Context, q purgeRequest) (any, error) { return p.purge(ctx, q) }))
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
}

// wireLetter is a [bus.StoredLetter] as JSON: the embedded letter's own marshaler
// would leave its position out.
type wireLetter struct {
	Position uint64             `json:"position"`
	Letter   schemas.DeadLetter `json:"letter"`
}

func answer[T any](do func(context.Context, T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in T
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		out, err := do(r.Context(), in)
		switch {
		case errors.Is(err, bus.ErrNotFound):
			http.Error(w, err.Error(), http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		default:
			_ = json.NewEncoder(w).Encode(out) // the connection is gone: so is the reader
		}
	}
}

// A remote is the operator of another process, over its socket.
type remote struct{ client *http.Client }

func newRemote(socket string) *remote {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	return &remote{&http.Client{Transport: &http.Transport{DialContext: dial}}}
}

func (r *remote) Letters(ctx context.Context, fn func(bus.StoredLetter) error) error {
	return r.call(ctx, http.MethodGet, "/letters", nil, func(body io.Reader) error {
		return decodeLines(body, "dead letters", func(l *wireLetter) error {
			return fn(bus.StoredLetter{Position: l.Position, DeadLetter: l.Letter})
		})
	})
}

func (r *remote) Retry(ctx context.Context, letter schemas.DeadLetter) error {
	return r.call(ctx, http.MethodPost, "/retry", letter, nil)
}

func (r *remote) Drop(ctx context.Context, position uint64) error {
	return r.call(ctx, http.MethodPost, "/drop", position, nil)
}

func (r *remote) Trace(ctx context.Context, q bus.TraceQuery) (steps []bus.Step, err error) {
	err = r.call(ctx, http.MethodPost, "/trace", q, func(body io.Reader) error { return json.NewDecoder(body).Decode(&steps) })
	return steps, err
}

func (r *remote) purge(ctx context.Context, q purgeRequest) (res *purgeResult, err error) {
	err = r.call(ctx, http.MethodPost, "/purge", q, func(body io.Reader) error { return json.NewDecoder(body).Decode(&res) })
	return res, err
}

// call sends in and gives the body of the answer to read. A 404 is [bus.ErrNotFound].
func (r *remote) call(ctx context.Context, method, path string, in any, read func(io.Reader) error) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, (&url.URL{Scheme: "http", Host: "operator", Path: path}).String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		err := errors.New(string(bytes.TrimSpace(text)))
		if resp.StatusCode == http.StatusNotFound {
			err = fmt.Errorf("%w: %w", err, bus.ErrNotFound)
		}
		return err
	}
	if read == nil {
		return nil
	}
	return read(resp.Body)
}
