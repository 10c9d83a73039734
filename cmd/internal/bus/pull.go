package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
)

// A puller asks for the next messages of a durable consumer. The client
// library's calls either wait for a full batch, which costs latency, or cannot
// bound a batch in bytes, which a few records of 8 MiB turn into trouble; the
// protocol can do both in one request.
type puller struct {
	nc       *nats.Conn
	sub      *nats.Subscription // of inbox.*
	inbox    string
	api      string
	batch    int
	requests int // numbers the inbox, so that a late status of an old request is known
}

const (
	pullExpires   = 30 * time.Second
	pullHeartbeat = 500 * time.Millisecond
	pullSilence   = 3 * pullHeartbeat // without message or heartbeat: the request was lost, e.g. with the connection
	pullBytes     = 16 << 20
)

func newPuller(nc *nats.Conn, stream, consumer string, batch int) (*puller, error) {
	p := &puller{nc: nc, inbox: nc.NewInbox(), batch: batch, api: "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer}
	var err error
	if p.sub, err = nc.SubscribeSync(p.inbox + ".*"); err != nil {
		return nil, err
	}
	return p, p.sub.SetPendingLimits(-1, -1) // bounded by what we ask for
}

var (
	// errNothing says that a request ended without a message.
	errNothing = errors.New("no messages")
	// errSilent is an errNothing of a server that did not even say so.
	errSilent = fmt.Errorf("no answer: %w", errNothing)
)

// fetch returns what is there, at most a batch; if nothing is there, the first
// message that comes. After a while without any it returns errNothing.
func (p *puller) fetch(ctx context.Context) ([]*nats.Msg, error) {
	msgs, status, err := p.request(ctx, p.batch, pullBytes, true)
	if len(msgs) > 0 || err != nil {
		return msgs, err
	}
	switch status.code {
	case 404: // a server that does not wait for the first message of such a request
		msgs, status, err = p.request(ctx, 1, 0, false)
	case 409: // the next message alone is over pullBytes, or the consumer is in trouble
		msgs, status, err = p.request(ctx, 1, 0, true)
	}
	if len(msgs) > 0 || err != nil {
		return msgs, err
	}
	if status.code == 404 || status.code == 408 {
		return nil, errNothing
	}
	return nil, fmt.Errorf("next messages: %d %s: %w", status.code, status.text, ErrUnavailable)
}

type pullStatus struct {
	code int
	text string
}

func (p *puller) request(ctx context.Context, batch, bytes int, noWait bool) ([]*nats.Msg, pullStatus, error) {
	body, err := json.Marshal(struct {
		Batch     int           `json:"batch"`
		Bytes     int           `json:"max_bytes,omitempty"`
		Expires   time.Duration `json:"expires"`
		Heartbeat time.Duration `json:"idle_heartbeat"`
		NoWait    bool          `json:"no_wait,omitempty"`
	}{batch, bytes, pullExpires, pullHeartbeat, noWait})
	if err != nil {
		return nil, pullStatus{}, err
	}
	p.requests++
	reply := p.inbox + "." + strconv.Itoa(p.requests)
	if err := p.nc.PublishRequest(p.api, reply, body); err != nil {
		return nil, pullStatus{}, fmt.Errorf("next messages: %w: %w", ErrUnavailable, err)
	}
	wait, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(pullSilence, cancel)
	defer watchdog.Stop()
	var msgs []*nats.Msg
	for len(msgs) < batch {
		m, err := p.sub.NextMsgWithContext(wait)
		if err != nil {
			if len(msgs) > 0 || ctx.Err() != nil {
				return msgs, pullStatus{}, nil
			}
			if wait.Err() != nil {
				return nil, pullStatus{}, errSilent
			}
			return nil, pullStatus{}, fmt.Errorf("next messages: %w: %w", ErrUnavailable, err)
		}
		watchdog.Reset(pullSilence)
		if code := m.Header.Get("Status"); code != "" && len(m.Data) == 0 {
			if m.Subject == reply && code != "100" {
				n, _ := strconv.Atoi(code)
				return msgs, pullStatus{n, m.Header.Get("Description")}, nil
			}
			continue
		}
		msgs = append(msgs, m)
	}
	return msgs, pullStatus{}, nil
}

// close ends the subscription and gives back what was on its way.
func (p *puller) close() {
	if err := p.sub.Drain(); err != nil {
		return
	}
	for {
		m, err := p.sub.NextMsg(time.Second)
		if err != nil {
			return
		}
		if m.Header.Get("Status") == "" {
			_ = m.Nak() // lost: the message comes again after AckWait
		}
	}
}
