package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/cmd/internal/eval"
	"github.com/claimwire/claimwire/schemas"
)

// claimsIn returns the claims of a data folder.
func claimsIn(t *testing.T, dir string) (claims []schemas.Claim) {
	t.Helper()
	for line := range strings.Lines(exported(t, dir)) {
		var c schemas.Claim
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		claims = append(claims, c)
	}
	return claims
}

// figureClaim finds the claim with this value in a data folder.
func figureClaim(t *testing.T, dir, value string) (c schemas.Claim, found bool) {
	t.Helper()
	for _, one := range claimsIn(t, dir) {
		if one.Value != nil && one.Value.String() == value {
			c, found = one, true
		}
	}
	return c, found
}

// TestReviewCommand decides about claims of a folder, starts the stages on it again,
// and reads the decisions back: as a list, and as annotation.
func TestReviewCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if code, _, errs := claimwire(t, ferry, "replay", "--into", dir, "-"); code != exitOK {
		t.Fatal(errs)
	}
	least, ok := figureClaim(t, dir, "12")
	if !ok {
		t.Fatal("no claim of 12")
	}
	exact, _ := figureClaim(t, dir, "15")
	if least.SeriesID != exact.SeriesID {
		t.Fatalf("12 and 15 are of two series: the test shows nothing")
	}
	decide := func(args ...string) {
		t.Helper()
		if code, out, errs := claimwire(t, "", append([]string{"review", "--data-dir", dir, "--by", "Ana"}, args...)...); code != exitOK || !strings.Contains(out, "stored: r_") {
			t.Fatalf("%v: exit %d: %s%s", args, code, out, errs)
		}
	}
	again := func() {
		t.Helper()
		if code, _, errs := claimwire(t, "", "replay", "--into", dir, "/dev/null"); code != exitOK {
			t.Fatal(errs)
		}
	}
	decide("--why", "it is exact", "fix", least.ID, "comparator", "exact")
	decide("--why", "two ferries", "split", least.ID, exact.ID)
	if _, out, errs := claimwire(t, "", "review", "list", "--data-dir", dir); !strings.Contains(out, "two ferries") || errs != "" { // not in the store yet
		t.Errorf("the list after two decisions is %q, %q", out, errs)
	}
	again()
	least, _ = figureClaim(t, dir, "12")
	exact, _ = figureClaim(t, dir, "15")
	if least.Comparator != schemas.Exact || least.SeriesID == exact.SeriesID {
		t.Errorf("after fix and split: %s, one series: %t", least.Comparator, least.SeriesID == exact.SeriesID)
	}
	decide("--why", "not dead", "reject", exact.ID)
	decide("--why", "not to be trusted", "block", "nowhere.example")
	again()
	if c, ok := figureClaim(t, dir, "15"); ok {
		t.Errorf("a rejected claim stands: %s", c.Text)
	}

	code, out, errs := claimwire(t, "", "review", "list", "--data-dir", dir)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitOK || len(lines) != 5 { // 15 stands in two texts: two rejections
		t.Errorf("list: exit %d, %d lines:\n%s%s", code, len(lines), out, errs)
	}
	for _, part := range []string{"Ana  fix  comparator \"exact\"", "it is exact", "Ana  split", "not dead", "block  nowhere.example"} {
		if !strings.Contains(out, part) {
			t.Errorf("list does not say %q:\n%s", part, out)
		}
	}

	code, out, errs = claimwire(t, "", "review", "gold", "--data-dir", dir)
	golds, err := eval.ReadGold(strings.NewReader(out))
	if code != exitOK || err != nil || len(golds) != 3 {
		t.Fatalf("gold: exit %d, %v:\n%s%s", code, err, out, errs)
	}
	for _, g := range golds {
		for _, q := range g.Quantities {
			if q.Text == "15" || q.Text == "12" && q.Comparator != schemas.Exact {
				t.Errorf("gold of %s has %s %s: the reviews say otherwise", g.Doc, q.Comparator, q.Text)
			}
		}
	}
}

func TestReviewUsage(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"praise", "c_1"},
		{"reject"},
		{"reject", "c_1"},
		{"--why", "w", "fix", "c_1", "value"},
		{"--why", "w", "merge", "c_1"},
		{"--why", "w", "block", "x.example"},
		{"list", "c_1"},
	} {
		if code, _, errs := claimwire(t, "", append([]string{"review", "--by", "Ana"}, args...)...); code != exitUsage {
			t.Errorf("review %v: exit %d, want %d: %s", args, code, exitUsage, errs)
		}
	}
	if code, _, errs := claimwire(t, "", "review", "--by", "Ana", "--why", "w", "--url", "http://127.0.0.1:1", "reject", "c_1"); code != exitFailed || !strings.Contains(errs, "--data-dir") {
		t.Errorf("without an instance: exit %d: %s", code, errs)
	}
}

func TestSlotValue(t *testing.T) {
	for _, tt := range []struct{ slot, typed, want string }{
		{"comparator", "at_least", `"at_least"`},
		{"value", "15", `15`},
		{"agent", "null", `null`},
		{"place", "Torvik", `{"name":"Torvik"}`},
		{"place", `{"name":"Torvik","entity":"e1"}`, `{"entity":"e1","name":"Torvik"}`},
		{"counted", "aid trucks", `{"text":"aid trucks"}`},
		{"per", "day", `{"text":"day","unit":"day"}`},
		{"time", "2026-03", `{"end":"2026-03","start":"2026-03"}`},
		{"time", "2026-03-01..2026-03-04", `{"end":"2026-03-04","start":"2026-03-01"}`},
	} {
		got, err := json.Marshal(slotValue(tt.slot, tt.typed))
		if err != nil || string(got) != tt.want {
			t.Errorf("slotValue(%q, %q) = %s, %v, want %s", tt.slot, tt.typed, got, err, tt.want)
		}
	}
}

// TestReviewEventCommand sets the place of an event from the terminal.
func TestReviewEventCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	article := `{"id":"talks","published_at":"2025-06-18","text":"Prime Minister Lena Marsh met President Omar Fadel in Oslo on Tuesday. The two flew on to Bergen."}`
	if code, _, errs := claimwire(t, article, "replay", "--into", dir, "-"); code != exitOK {
		t.Fatal(errs)
	}
	event := func() (c schemas.Claim) {
		t.Helper()
		for _, one := range claimsIn(t, dir) {
			if one.Kind == schemas.EventClaim {
				c = one
			}
		}
		return c
	}
	was := event()
	if was.ID == "" || was.Place == nil {
		t.Fatalf("no event with a place is read: %+v", was)
	}
	if code, out, errs := claimwire(t, "", "review", "--data-dir", dir, "--by", "Ana", "--why", "it was later", "fix", was.ID, "place", `{"name":"Bergen"}`); code != exitOK || !strings.Contains(out, "stored: r_") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	if code, _, errs := claimwire(t, "", "replay", "--into", dir, "/dev/null"); code != exitOK {
		t.Fatal(errs)
	}
	if now := event(); now.Place == nil || now.Place.Name != "Bergen" || now.Place.ID == was.Place.ID {
		t.Errorf("after the fix the place is %+v, it was %+v", now.Place, was.Place)
	}
}
