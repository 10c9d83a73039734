package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

var diffCommand = command{
	name: "diff", args: "A.jsonl B.jsonl",
	summary: "Say which claims differ between two runs, and why",
	help: `
  claimwire diff monday.jsonl tuesday.jsonl
  claimwire diff --json monday.jsonl tuesday.jsonl     one object a line

A line for every claim that only one run has ("-" the first, "+" the second) and for
every claim that both have with other content ("~"), with the reason as far as the
claims tell: an article or a version that the other run does not cite, another
program that read it, a slot that was read otherwise, another series. Exit code 1 if
there is any.`,
	run: runDiff,
}

// A difference is one claim that two runs do not share.
type difference struct {
	Sign  string   `json:"sign"`  // "-" only in the first, "+" only in the second, "~" in both
	Claim string   `json:"claim"` // Claim.ID
	Text  string   `json:"text"`  // Claim.Text
	Why   []string `json:"why"`
}

func runDiff(_ context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	asJSON := fs.Bool("json", false, "one JSON object a line")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 2 {
		return usagef("want A.jsonl and B.jsonl, not %d files", len(rest))
	}
	a, err := readRun(rest[0])
	if err != nil {
		return err
	}
	b, err := readRun(rest[1])
	if err != nil {
		return err
	}
	out := bufio.NewWriter(std.out)
	w := newJSONWriter(out)
	ds := compareRuns(a, b)
	for i := range ds {
		if *asJSON {
			err = w.write(&ds[i])
		} else {
			_, err = fmt.Fprintf(out, "%s %s  %s\n      %s\n", ds[i].Sign, ds[i].Claim, printable(ds[i].Text), printable(strings.Join(ds[i].Why, "; ")))
		}
		if err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(std.err, "claimwire diff: %d and %d claims, %d differences\n", len(a.claims), len(b.claims), len(ds))
	if len(ds) > 0 {
		return errReported
	}
	return nil
}

// A claimRun is the claims of one run and what they cite.
type claimRun struct {
	claims   map[string]*schemas.Claim
	versions map[string]map[string]bool // of the articles cited
	proves   map[place]*schemas.Claim   // what rests on these words
}

// A place is where a citation points: the figure, else the quote.
type place struct {
	article, version string
	span             schemas.Span
}

func readRun(path string) (*claimRun, error) {
	r := &claimRun{claims: map[string]*schemas.Claim{}, versions: map[string]map[string]bool{}, proves: map[place]*schemas.Claim{}}
	return r, eachLine(path, func(c *schemas.Claim) error {
		if r.claims[c.ID] != nil {
			return fmt.Errorf("claim %s stands there twice", c.ID)
		}
		r.claims[c.ID] = c
		for i := range c.Citations {
			z := &c.Citations[i]
			if r.versions[z.ArticleID] == nil {
				r.versions[z.ArticleID] = map[string]bool{}
			}
			r.versions[z.ArticleID][z.ArticleVersion] = true
			r.proves[placeOf(z)] = c
		}
		return nil
	})
}

func placeOf(z *schemas.Citation) place {
	if z.Figure != nil {
		return place{z.ArticleID, z.ArticleVersion, *z.Figure}
	}
	return place{z.ArticleID, z.ArticleVersion, z.Quote.Span}
}

// compareRuns lists the differences by claim id.
func compareRuns(a, b *claimRun) []difference {
	var out []difference
	for id, c := range a.claims {
		if d := b.claims[id]; d == nil {
			out = append(out, difference{"-", id, c.Text, b.lacks(c)})
		} else if why := changedMembers(c, d); len(why) > 0 {
			out = append(out, difference{"~", id, d.Text, why})
		}
	}
	for id, c := range b.claims {
		if a.claims[id] == nil {
			out = append(out, difference{"+", id, c.Text, a.lacks(c)})
		}
	}
	slices.SortFunc(out, func(x, y difference) int { return cmp.Compare(x.Claim, y.Claim) })
	return out
}

// lacks says why a run does not have a claim.
func (r *claimRun) lacks(c *schemas.Claim) []string {
	why := map[string]bool{}
	for i := range c.Citations {
		z := &c.Citations[i]
		versions := r.versions[z.ArticleID]
		other := r.proves[placeOf(z)]
		switch {
		case versions == nil:
			why["the other run cites no article "+z.ArticleID] = true
		case !versions[z.ArticleVersion]:
			why["the other run has another version of article "+z.ArticleID] = true
		case other == nil:
			why[fmt.Sprintf("the other run makes no claim of these words of article %s", z.ArticleID)] = true
		default:
			why["the other run reads it as "+other.ID+": "+strings.Join(changedMembers(c, other), ", ")] = true
		}
	}
	return slices.Sorted(maps.Keys(why))
}

// changedMembers names the members in which two records differ, with their values if
// they are short.
func changedMembers(a, b *schemas.Claim) []string {
	x, y := membersOf(a), membersOf(b)
	var out []string
	for _, k := range slices.Sorted(maps.Keys(x)) {
		switch from, to := x[k], y[k]; {
		case bytes.Equal(from, to), k == "id", k == "text":
		case k == "made_by":
			out = append(out, "another program or model read it")
		case k == "citations":
			out = append(out, citationsChanged(a, b))
		case len(from)+len(to) > 120:
			out = append(out, k)
		default:
			out = append(out, fmt.Sprintf("%s %s -> %s", k, from, to))
		}
	}
	return out
}

func membersOf(c *schemas.Claim) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(c.AppendJSON(nil), &m); err != nil { // what was written a moment ago
		panic(err)
	}
	return m
}

func citationsChanged(a, b *schemas.Claim) string {
	count := map[place]int{}
	for i := range a.Citations {
		count[placeOf(&a.Citations[i])]--
	}
	for i := range b.Citations {
		count[placeOf(&b.Citations[i])]++
	}
	var out []string
	for p, n := range count {
		switch {
		case n < 0:
			out = append(out, "-"+p.article)
		case n > 0:
			out = append(out, "+"+p.article)
		}
	}
	slices.Sort(out)
	if len(out) == 0 {
		return "citations of the same words"
	}
	if len(out) > 10 {
		out = append(out[:10], "…")
	}
	return "citations " + strings.Join(out, " ")
}
