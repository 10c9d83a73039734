package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/parquet"
	"github.com/claimwire/claimwire/sink/store"
)

// openStore opens the claim store of a data folder or a PostgreSQL URL for reading.
func openStore(ctx context.Context, dir, database string) (*store.Store, error) {
	location := database
	if location == "" {
		location = filepath.Join(dir, "claims.db")
		if _, err := os.Stat(location); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("no claims in %s: name the folder that 'claimwire run' uses with --data-dir", dir)
		}
	}
	return store.Open(ctx, store.Config{Location: location, ReadOnly: true, Still: true})
}

var exportCommand = command{
	name:    "export",
	summary: "Write the claims (or articles) of a data folder as JSON lines or Parquet",
	help: `
  claimwire export > claims.jsonl
  claimwire export --articles > articles.jsonl
  claimwire export --format parquet > claims.parquet     one row a citation

Claims come sorted by id with all their citations: the same articles give the
same bytes.`,
	run: runExport,
}

func runExport(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	dir := fs.String("data-dir", "claimwire-data", "`folder` that claimwire run uses")
	database := fs.String("database", "", "PostgreSQL `URL` of the claim store instead")
	articles := fs.Bool("articles", false, "write the articles instead of the claims")
	form := fs.String("format", "jsonl", "`form`: jsonl or parquet")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	switch {
	case len(rest) > 0:
		return usagef("takes no arguments")
	case *form != "jsonl" && *form != "parquet":
		return usagef("format %q: there are jsonl and parquet", *form)
	case *form == "parquet" && *articles:
		return usagef("articles come as JSON lines alone")
	}
	st, err := openStore(ctx, *dir, *database)
	if err != nil {
		return err
	}
	defer st.Close()
	w := bufio.NewWriterSize(std.out, 1<<16)
	switch {
	case *articles:
		err = st.ExportArticles(ctx, w)
	case *form == "parquet":
		out := parquet.NewWriter(w)
		if err = fromStore(st.Export, ctx, out.Claim); err == nil { // else the end is missing, so that nobody takes a part for the whole
			err = out.Close()
		}
	default:
		err = st.Export(ctx, w)
	}
	return errors.Join(err, w.Flush())
}

var verifyCommand = command{
	name: "verify", args: "[CLAIMS.jsonl]",
	summary: "Check that every citation is in its article, word for word",
	help: `
  claimwire verify claims.jsonl --articles articles.jsonl
  claimwire verify claims.jsonl --warc archive.warc.gz
  claimwire verify --data-dir claimwire-data
  claimwire verify claims.jsonl --data-dir claimwire-data    claims that were kept elsewhere

Each quote must stand in the stored text at its offsets, the text must have the
hash that the citation names, and the figure must lie inside the quote. With an
archive, the payload that an article was made of must have the digest that the
article names, and give its text when it is read again. Exit code 1 if a single
one does not. Citations of articles that the folder has purged are withheld: counted,
and no fault.`,
	run: runVerify,
}

func runVerify(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	articles := fs.String("articles", "", "Article records, one JSON object a line, that the claims cite")
	dir := fs.String("data-dir", "", "check the claims of this `folder`, or those of a file against its articles")
	var archives config.List
	fs.Var(&archives, "warc", "archive `file` with the articles that the claims cite; repeat for more")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	known := articleSet{}
	folder := "" // of the archive; empty if there is none
	v := normalizer.NewVerifier(known.get)
	v.Program = program()
	check := func(c *schemas.Claim) error { v.Check(c); return nil }
	switch {
	case *dir != "" && len(rest) <= 1 && *articles == "" && len(archives) == 0:
		st, err := openStore(ctx, *dir, "")
		if err != nil {
			return err
		}
		defer st.Close()
		if err := fromStore(st.ExportArticles, ctx, known.add); err != nil {
			return err
		}
		if err := fromStore(st.ExportReviews, ctx, func(r *schemas.Review) error { v.Purged.Add(r); return nil }); err != nil {
			return err
		}
		if len(rest) == 1 {
			err = eachLine(rest[0], check)
		} else {
			err = fromStore(st.Export, ctx, check)
		}
		if err != nil {
			return err
		}
		if _, err := os.Stat(archiveDir(*dir)); err == nil {
			folder = archiveDir(*dir)
		}
	case *dir == "" && len(rest) == 1 && *articles == "" && len(archives) > 0:
		if _, err := fetcher.Replay(ctx, archives, func(a schemas.Article) error { return known.add(&a) }); err != nil {
			return err
		}
		if err := eachLine(rest[0], check); err != nil {
			return err
		}
	case *dir == "" && len(rest) == 1 && *articles != "" && len(archives) == 0:
		if err := eachLine(*articles, known.add); err != nil {
			return err
		}
		if err := eachLine(rest[0], check); err != nil {
			return err
		}
	default:
		return usagef("want CLAIMS.jsonl with --articles FILE, --warc FILE or --data-dir DIR, or --data-dir DIR alone")
	}
	res := v.Report()
	for _, f := range res.Failures {
		fmt.Fprintln(std.err, printable(f.String()))
	}
	fmt.Fprintf(std.out, "%d claims, %d citations, %d exact, %d wrong\n", res.Claims, res.Citations, res.Exact, res.Citations-res.Exact-res.Withheld)
	if res.Withheld > 0 {
		fmt.Fprintf(std.out, "%d citations withheld: their articles were purged\n", res.Withheld)
	}
	proofs := proof{}
	if folder != "" {
		proofs = known.prove(folder, std)
	}
	switch {
	case len(res.Failures) > 0, proofs.wrong > 0:
		return errReported
	case res.Citations == 0:
		return errors.New("nothing to verify: no citations")
	}
	return nil
}

// An articleSet holds articles by id and version.
type articleSet map[[2]string]*schemas.Article

func (s articleSet) add(a *schemas.Article) error {
	if err := a.Complete(); err != nil {
		return err
	}
	s[[2]string{a.ID, a.Version}] = a
	return nil
}

func (s articleSet) get(id, version string) (*schemas.Article, bool) {
	a, ok := s[[2]string{id, version}]
	return a, ok
}

// fromStore gives each record that export writes to fn.
func fromStore[T any](export func(context.Context, io.Writer) error, ctx context.Context, fn func(*T) error) error {
	r, w := io.Pipe()
	go func() { w.CloseWithError(export(ctx, w)) }()
	return decodeLines(r, "store", fn)
}

func eachLine[T any](path string, fn func(*T) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return decodeLines(f, filepath.Base(path), fn)
}

// decodeLines decodes one record a line and names the line that fails.
func decodeLines[T any](r io.Reader, name string, fn func(*T) error) error {
	br := bufio.NewReaderSize(r, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(br)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if len(strings.TrimSpace(string(line))) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if err := fn(&v); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
}

var tailCommand = command{
	name:    "tail",
	summary: "Follow the claims of a running instance",
	help: `
  claimwire tail                                     one line a change, for people
  claimwire tail --json                              one Change a line
  claimwire tail --measure person-killed --country PS --since 0

--since 0 begins with the oldest change that is kept; the default is now. Filters
are those of the HTTP API.`,
	run: runTail,
}

func runTail(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	base := fs.String("url", "http://127.0.0.1:8417", "`URL` of the running instance")
	asJSON := fs.Bool("json", false, "print whole Change records")
	token := tokenFlag(fs)
	since := fs.String("since", "", "stream `sequence` after which to begin (default: now)")
	query := filterFlags(fs)
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("takes no arguments")
	}
	if *since != "" {
		query.Set("since", *since)
	}
	colours := newColours(std.out)
	return followStream(ctx, strings.TrimRight(*base, "/")+"/api/v1/stream?"+query.Encode(), *token, func(data []byte) error {
		if *asJSON {
			_, err := fmt.Fprintf(std.out, "%s\n", data)
			return err
		}
		var ch schemas.Change
		if err := json.Unmarshal(data, &ch); err != nil {
			return err
		}
		publisher := ""
		if n := len(ch.Claim.Citations); n > 0 {
			publisher = ch.Claim.Citations[n-1].Publisher.Name
		}
		_, err := fmt.Fprintln(std.out, join("  ", printable(ch.Claim.LastSeen), colours.change(ch.Change), printable(join("  ", ch.Claim.Measure, ch.Claim.Text, publisher))))
		return err
	})
}

// filterFlags registers filters of the HTTP API as flags and returns the query that
// they make.
func filterFlags(fs *flag.FlagSet) url.Values {
	query := url.Values{}
	for _, f := range []struct{ name, usage string }{
		{"measure", "only this `measure`, like person-killed; repeat for more"},
		{"country", "only this `country`, as ISO 3166-1 code; repeat for more"},
		{"place", "only this `place` and what lies in it, by id or name; repeat for more"},
		{"entity", "only claims that name this `entity`, by id or name; repeat for more"},
		{"publisher", "only what this `domain` or name published; repeat for more"},
		{"modality", "only this `modality`: asserted, required, allowed, planned, possible or negated; repeat for more"},
		{"tier", "only this `tier`: reportable (the default), candidate or any"},
		{"q", "only claims with these `words` in their text or quotes"},
	} {
		fs.Func(f.name, f.usage, func(v string) error { query.Add(f.name, v); return nil })
	}
	return query
}

// problemError reads an answer that is no success.
func problemError(resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	var problem struct{ Detail, Parameter string }
	if json.Unmarshal(body, &problem) == nil && problem.Detail != "" {
		return errors.New(join(": ", problem.Parameter, problem.Detail))
	}
	return fmt.Errorf("%s: %s", resp.Status, body)
}

// tokenFlag is the flag of commands that talk to a desk with tokens.
func tokenFlag(fs *flag.FlagSet) *string {
	return fs.String("token", os.Getenv("CLAIMWIRE_TOKEN"), "`token` of the instance, if it asks for one (default: $CLAIMWIRE_TOKEN)")
}

// colours mark kinds of change on a terminal.
type colours bool

// newColours colours what goes to a terminal, unless NO_COLOR is set.
func newColours(w io.Writer) colours {
	f, ok := w.(*os.File)
	return colours(ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd())))
}

func (c colours) change(k schemas.ChangeKind) string {
	code := map[schemas.ChangeKind]string{
		schemas.ChangeAsserted: "32", schemas.ChangeRevised: "36", schemas.ChangeSuperseded: "2", schemas.ChangeConflicted: "33",
		schemas.ChangeWithdrawn: "31", schemas.ChangeRetracted: "31",
	}[k]
	if !c || code == "" {
		return string(k)
	}
	return "\x1b[" + code + "m" + string(k) + "\x1b[0m"
}

// followStream reads server-sent events and gives the data of each to fn.
func followStream(ctx context.Context, address, token string, fn func(data []byte) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return usageError{err}
	}
	req.Header.Set("Accept", "text/event-stream")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%w; is 'claimwire run' up, and --url its address?", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return problemError(resp)
	}
	r := bufio.NewReaderSize(resp.Body, 1<<16)
	var data []byte
	for {
		line, err := readLine(r)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if err == io.EOF {
				return errors.New("the instance ended the stream")
			}
			return err
		}
		text := strings.TrimRight(string(line), "\r\n")
		switch {
		case text == "" && len(data) > 0:
			if err := fn(data); err != nil {
				return err
			}
			data = nil
		case strings.HasPrefix(text, "data:"):
			if data != nil {
				data = append(data, '\n')
			}
			data = append(data, strings.TrimPrefix(strings.TrimPrefix(text, "data:"), " ")...)
		}
	}
}
