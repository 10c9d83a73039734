package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestTail follows a running instance from its oldest change on: one line a change,
// for people or whole, of what the filters select.
func TestTail(t *testing.T) {
	t.Parallel()
	in, newsroom := newsroomInstance(t)
	feed := newsroom.Feeds()[0]
	if err := in.AddFeed(t.Context(), feed); err != nil {
		t.Fatal(err)
	}
	taken(t, in, newsroom, feed)
	killed := []string{"--since", "0", "--tier", "any", "--measure", "person-killed"}
	var texts []string
	for _, line := range tailLines(t, 3, append(killed, "--url", in.address(), "--json")...) {
		var c schemas.Change
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if c.Claim.Measure != "person-killed" {
			t.Errorf("%s: %s", c.Claim.Measure, c.Claim.Text)
		}
		texts = append(texts, c.Claim.Text)
	}
	for i, line := range tailLines(t, 3, append(killed, "--url", in.address())...) {
		if strings.Contains(line, "\x1b") {
			t.Errorf("colours go into a pipe: %q", line)
		}
		for _, want := range []string{"person-killed", texts[i], "Meridian News Agency"} {
			if !strings.Contains(line, want) {
				t.Errorf("%q lacks %q", line, want)
			}
		}
	}
	for _, args := range [][]string{{"--measure", "nonsense"}, {"--since", "99999999"}} {
		if code, _, errs := claimwire(t, "", append([]string{"tail", "--url", in.address()}, args...)...); code != exitFailed || errs == "" {
			t.Errorf("tail %v: exit %d, %s", args, code, errs)
		}
	}
	if got := colours(true).change(schemas.ChangeConflicted); got != "\x1b[33mconflicted\x1b[0m" {
		t.Errorf("conflicted is coloured %q", got)
	}
}

// tailLines returns the first n lines that tail prints.
func tailLines(t *testing.T, n int, args ...string) []string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w := io.Pipe()
	ended := make(chan int, 1)
	var errs strings.Builder
	go func() {
		ended <- dispatch(ctx, stdio{strings.NewReader(""), w, &errs}, append([]string{"tail"}, args...))
		w.Close()
	}()
	var out []string
	for s := bufio.NewScanner(r); len(out) < n && s.Scan(); {
		out = append(out, s.Text())
	}
	cancel()
	r.Close()
	<-ended
	if len(out) < n {
		t.Fatalf("tail %v printed %d lines, want %d: %s", args, len(out), n, errs.String())
	}
	return out
}
