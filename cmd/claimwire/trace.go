package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/store"
	"github.com/claimwire/claimwire/sink/webhook"
)

var traceCommand = command{
	name: "trace", args: "CLAIM",
	summary: "Show where a claim comes from and where it went",
	help: `
  claimwire trace c_o5ultp64ucqptksutpurlal5ce
  claimwire trace --json c_o5ultp64ucqptksutpurlal5ce

For each article that the claim cites: the words, the record of the article and
what was read out of it, with their places in the streams; then every change of
the claim, and who has it: the store, the consumers of the stream, and webhooks of
this data folder, which also count as done with what they did not want. Records that
retention has dropped are missing. The command opens the data folder, or asks the
process that runs on it; with --nats it asks that server.`,
	run: runTrace,
}

// A claimTrace is the way of one claim.
type claimTrace struct {
	Claim     string             `json:"claim"`
	Text      string             `json:"text"`
	State     sink.State         `json:"state"`
	Citations []schemas.Citation `json:"citations"`
	Steps     []bus.Step         `json:"steps"`
	Stored    map[string]uint64  `json:"stored"` // by stream: how far the claim store has it
	Webhooks  []webhook.Status   `json:"webhooks"`
}

func runTrace(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	asJSON := fs.Bool("json", false, "print one JSON object")
	database := fs.String("database", os.Getenv("CLAIMWIRE_DATABASE"), "PostgreSQL `URL` of the claim store (default: SQLite in the data folder)")
	settings := busFlags(fs)
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("want: trace CLAIM")
	}
	cfg, err := settings(std)
	if err != nil {
		return err
	}
	st, err := openStore(ctx, strings.TrimSuffix(cfg.Dir, natsFolder), *database)
	if err != nil {
		return err
	}
	defer st.Close()
	op, done, err := openOperator(ctx, cfg)
	if err != nil {
		return err
	}
	t, err := traceClaim(ctx, st, op, rest[0])
	if err == nil {
		t.Webhooks, err = webhook.Positions(filepath.Join(strings.TrimSuffix(cfg.Dir, natsFolder), webhookFolder))
	}
	if err == nil && *asJSON {
		err = json.NewEncoder(std.out).Encode(t)
	} else if err == nil {
		t.print(std)
	}
	return errors.Join(err, done())
}

func traceClaim(ctx context.Context, st *store.Store, op operator, id string) (*claimTrace, error) {
	claim, _, err := st.Claim(ctx, id)
	if errors.Is(err, sink.ErrNotFound) {
		return nil, fmt.Errorf("no claim %q in the store", id)
	}
	if err != nil {
		return nil, err
	}
	t := &claimTrace{
		Claim: claim.Record.ID, Text: claim.Record.Text, State: claim.State, Citations: claim.Record.Citations, Stored: map[string]uint64{},
	}
	q := bus.TraceQuery{Claim: t.Claim}
	for _, c := range t.Citations {
		if !slices.Contains(q.Articles, c.ArticleID) {
			q.Articles = append(q.Articles, c.ArticleID)
		}
	}
	if t.Steps, err = op.Trace(ctx, q); err != nil {
		return nil, err
	}
	for _, stream := range []string{schemas.StreamArticles, schemas.StreamClaims} {
		if t.Stored[stream], err = st.Position(ctx, stream); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// print shows the way for people, article by article, then the claim's changes.
func (t *claimTrace) print(std stdio) {
	line := func(indent int, parts ...string) {
		fmt.Fprintln(std.out, strings.Repeat("  ", indent)+printable(join("  ", parts...)))
	}
	line(0, t.Claim, string(t.State), t.Text)
	seen := ""
	for _, c := range t.Citations {
		if c.ArticleID != seen {
			line(0)
			line(0, "article", c.ArticleID, c.Publisher.Name, c.PublishedAt, c.URL)
			for _, s := range t.Steps {
				if s.About == c.ArticleID {
					line(1, t.describe(s)...)
				}
			}
			seen = c.ArticleID
		}
		line(1, fmt.Sprintf("%d-%d", c.Start, c.End), "“"+c.Quote.Exact+"”")
	}
	line(0)
	line(0, "claim", t.Claim)
	for _, s := range t.Steps {
		if s.About == t.Claim {
			line(1, t.describe(s)...)
		}
	}
}

// describe says where a record is and who has it.
func (t *claimTrace) describe(s bus.Step) []string {
	kind := strings.TrimSuffix(strings.TrimPrefix(s.Type, "claimwire."), ".v1")
	out := []string{fmt.Sprintf("%s %d", s.Stream, s.Sequence), kind, s.At.Format(time.RFC3339Nano)}
	done := s.Done
	if at, reads := t.Stored[s.Stream]; reads && at >= s.Sequence {
		done = append(slices.Clone(done), "store")
	}
	waiting := s.Waiting
	if s.Stream == schemas.StreamClaims {
		for _, w := range t.Webhooks {
			switch {
			case w.Position >= s.Sequence: // delivered, or not what it wants
				done = append(slices.Clone(done), "webhook "+w.Name)
			case w.Disabled != "":
				waiting = append(slices.Clone(waiting), "webhook "+w.Name+" (disabled)")
			case !w.Failing.IsZero():
				waiting = append(slices.Clone(waiting), "webhook "+w.Name+" (failing since "+w.Failing.UTC().Format(time.RFC3339)+")")
			default:
				waiting = append(slices.Clone(waiting), "webhook "+w.Name)
			}
		}
	}
	if len(done) > 0 {
		out = append(out, "done: "+strings.Join(done, ", "))
	}
	if len(waiting) > 0 {
		out = append(out, "waiting: "+strings.Join(waiting, ", "))
	}
	if s.Trace != "" {
		out = append(out, "trace "+s.Trace)
	}
	return out
}
