package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/eval"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

var reviewCommand = command{
	name: "review", args: "reject|fix|merge|split|block|list|gold …",
	summary: "Decide about a claim, list decisions, export them as annotation",
	help: `
  claimwire review --why "counts the injured too" reject CLAIM
  claimwire review --why "at least, says the text" fix CLAIM comparator at_least
  claimwire review --why "the blast was there" fix CLAIM place Torvik    or agent, victim, source, counted, time …
  claimwire review --why "one blast" merge CLAIM OTHER…
  claimwire review --why "two ferries" split CLAIM OTHER…     out of the series of OTHER
  claimwire review --why "a parody" block satire.example      or the id of somebody whose word shall not count
  claimwire review list                                       who decided what, and why
  claimwire review gold > gold.jsonl                          the reviewed articles as GOLD of 'claimwire eval'

A decision holds for the words that the claim rests on, wherever they are printed,
now and later, also when the articles are read anew by a better program. It goes to
the running instance at --url, or with --data-dir into the streams of a folder that
no instance uses: the next start heeds it. block, list and gold take --data-dir;
list works beside a running instance.`,
	run: runReview,
}

type reviewOptions struct {
	url, token, dir, why, by string
}

func runReview(ctx context.Context, c *command, std stdio, args []string) error {
	var o reviewOptions
	fs := newFlags(c, std)
	fs.StringVar(&o.url, "url", "http://127.0.0.1:8417", "`URL` of the running instance")
	fs.StringVar(&o.token, "token", os.Getenv("CLAIMWIRE_TOKEN"), "`token` with the scope review, if the instance wants one")
	fs.StringVar(&o.dir, "data-dir", "", "`folder` whose streams and store to use instead")
	fs.StringVar(&o.why, "why", "", "the `reason`, for people")
	fs.StringVar(&o.by, "by", userName(), "`who` decides")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usagef("want reject, fix, merge, split, block, list or gold")
	}
	word, rest := rest[0], rest[1:]
	switch word {
	case "list", "gold":
		if len(rest) > 0 {
			return usagef("%s takes no arguments", word)
		}
		if o.dir == "" {
			o.dir = "claimwire-data"
		}
		if word == "list" {
			return o.list(ctx, std)
		}
		return o.gold(ctx, std)
	}
	r, err := o.decision(schemas.ReviewAction(word), rest)
	if err != nil {
		return err
	}
	if o.dir != "" {
		return o.store(ctx, std, r)
	}
	return o.post(ctx, std, r)
}

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// decision reads the words after the action. Claims holds the claim it is about
// first.
func (o *reviewOptions) decision(action schemas.ReviewAction, rest []string) (*schemas.Review, error) {
	r := &schemas.Review{SchemaVersion: schemas.Version, At: time.Now().UTC().Truncate(time.Millisecond), By: o.by, Why: o.why, Action: action}
	want := map[schemas.ReviewAction][2]int{ // least and greatest number of words
		schemas.ReviewReject: {1, 1}, schemas.ReviewFix: {3, 3}, schemas.ReviewMerge: {2, 100}, schemas.ReviewSplit: {1, 100}, schemas.ReviewBlock: {1, 1},
	}[action]
	switch n := len(rest); {
	case want[1] == 0:
		return nil, usagef("no action %q: there are reject, fix, merge, split, block, list and gold", action)
	case n < want[0] || n > want[1]:
		return nil, usagef("%s: wrong number of arguments, %d", action, n)
	case strings.TrimSpace(o.why) == "" || o.by == "":
		return nil, usagef("say --why, and --by if the system does not know your name")
	case action == schemas.ReviewBlock && o.dir == "":
		return nil, usagef("block goes with --data-dir")
	case action == schemas.ReviewBlock:
		r.Source = rest[0]
		return r, nil
	case action == schemas.ReviewFix:
		r.Slot = rest[1]
		r.Value = slotValue(rest[1], rest[2])
		rest = rest[:1]
	}
	for _, id := range rest {
		r.Claims = append(r.Claims, id[strings.LastIndexByte(id, '/')+1:]) // an address does too
	}
	return r, nil
}

// slotValue reads what a person types for a slot: JSON, or words where the slot is a
// name, a phrase, a date or a range of dates ("2026-03-01..2026-03-04").
func slotValue(slot, typed string) any {
	var v any
	if json.Unmarshal([]byte(typed), &v) != nil {
		v = typed
	}
	words, ok := v.(string)
	if !ok {
		return v
	}
	switch slot {
	case "agent", "victim", "place", "source", "speaker":
		return map[string]any{"name": words}
	case "counted":
		return map[string]any{"text": words}
	case "per":
		return map[string]any{"text": words, "unit": words}
	case "time":
		start, end, ranged := strings.Cut(words, "..")
		if !ranged {
			end = start
		}
		return map[string]any{"start": start, "end": end}
	}
	return v
}

// post hands a decision to the running instance.
func (o *reviewOptions) post(ctx context.Context, std stdio, r *schemas.Review) error {
	body, err := json.Marshal(map[string]any{"action": r.Action, "slot": r.Slot, "value": r.Value, "claims": r.Claims[1:], "why": r.Why, "by": r.By})
	if err != nil {
		return err
	}
	address := strings.TrimRight(o.url, "/") + "/api/v1/claims/" + url.PathEscape(r.Claims[0]) + "/reviews"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return usageError{err}
	}
	req.Header.Set("Content-Type", "application/json")
	if o.token != "" {
		req.Header.Set("Authorization", "Bearer "+o.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%w; is 'claimwire run' up, and --url its address? --data-dir works without", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		var problem struct{ Detail, Parameter string }
		if json.Unmarshal(answer, &problem) == nil && problem.Detail != "" {
			return errors.New(join(": ", problem.Parameter, problem.Detail))
		}
		return fmt.Errorf("%s: %s", resp.Status, answer)
	}
	_, err = fmt.Fprintln(std.out, "sent:", printable(r.Claims[0]), string(r.Action))
	return err
}

// store puts a decision into the streams of a folder.
func (o *reviewOptions) store(ctx context.Context, std stdio, r *schemas.Review) error {
	var reviews []schemas.Review
	if r.Action == schemas.ReviewBlock {
		reviews = []schemas.Review{schemas.Blocked(*r, r.Source)}
	} else {
		claims, err := o.claims(ctx, r.Claims)
		if err != nil {
			return err
		}
		reviews = schemas.Anchored(*r, claims...)
	}
	for i := range reviews {
		if err := normalizer.CheckReview(&reviews[i]); err != nil {
			return usageError{err}
		}
	}
	b, err := openStreams(ctx, o.dir, newConsole(std.err))
	if err != nil {
		return err
	}
	if err := errors.Join(b.PublishReviews(ctx, reviews), closeStreams(b)); err != nil {
		return err
	}
	for i := range reviews {
		if _, err := fmt.Fprintln(std.out, "stored:", reviews[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// claims reads claims from the store of the folder.
func (o *reviewOptions) claims(ctx context.Context, ids []string) ([]*schemas.Claim, error) {
	st, err := openStore(ctx, o.dir, "")
	if err != nil {
		return nil, err
	}
	defer st.Close()
	var out []*schemas.Claim
	for _, id := range ids {
		c, _, err := st.Claim(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", id, err)
		}
		out = append(out, &c.Record)
	}
	return out, nil
}

func openStreams(ctx context.Context, dir string, log io.Writer) (*bus.Bus, error) {
	streams := filepath.Join(dir, "nats")
	if _, err := os.Stat(streams); err != nil {
		return nil, fmt.Errorf("no streams in %s: name the folder that 'claimwire run' uses", dir)
	}
	return bus.Open(ctx, bus.Config{Dir: streams, Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
}

func closeStreams(b *bus.Bus) error {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	return b.Close(ctx)
}

// list prints the decisions in the order in which they came.
func (o *reviewOptions) list(ctx context.Context, std stdio) error {
	st, err := openStore(ctx, o.dir, "")
	if err != nil {
		return err
	}
	defer st.Close()
	stored := map[string]bool{}
	show := func(r *schemas.Review) error {
		stored[r.ID] = true
		about := join(" ", r.Slot, valueText(r), r.Source, strings.Join(r.Claims, " "))
		_, err := fmt.Fprintln(std.out, printable(join("  ", r.At.UTC().Format(time.RFC3339), r.ID, r.By, string(r.Action), about, r.Why)))
		return err
	}
	if err := fromStore(st.ExportReviews, ctx, show); err != nil {
		return err
	}
	// What came while no instance ran is on the stream alone; one that runs stores it soon.
	if _, err := os.Stat(filepath.Join(o.dir, "nats")); err != nil { // an external server's
		return nil
	}
	b, err := openStreams(ctx, o.dir, newConsole(std.err))
	if errors.Is(err, bus.ErrLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	err = bus.Scan(ctx, b, schemas.StreamReviews, func(_ uint64, r *schemas.Review) error {
		if stored[r.ID] {
			return nil
		}
		return show(r)
	})
	return errors.Join(err, closeStreams(b))
}

func valueText(r *schemas.Review) string {
	if r.Action != schemas.ReviewFix {
		return ""
	}
	b, err := json.Marshal(r.Value)
	if err != nil {
		return ""
	}
	return string(b)
}

// gold writes the articles that people have reviewed as the reviews leave them.
func (o *reviewOptions) gold(ctx context.Context, std stdio) error {
	r := &replay{options: replayOptions{from: o.dir, stream: "extractions"}, std: std, console: newConsole(std.err), made: map[string]schemas.MadeBy{}}
	if err := r.read(ctx, nil); err != nil {
		return err
	}
	w := newJSONWriter(std.out)
	done := map[string]bool{}
	for i := len(r.extractions) - 1; i >= 0; i-- { // the newest reading of an article
		x := &r.extractions[i]
		if done[x.ArticleID] {
			continue
		}
		reviewed, ok := normalizer.Reviewed(x, r.reviews)
		if !ok {
			continue
		}
		done[x.ArticleID] = true
		if err := w.write(eval.GoldOf(&reviewed)); err != nil {
			return err
		}
	}
	return nil
}
