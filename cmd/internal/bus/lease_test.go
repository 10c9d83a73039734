package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestLeases shares names among processes that come, go and die.
func TestLeases(t *testing.T) {
	t.Parallel()
	b := openEmbedded(t, Config{})
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("https://paper-%d.example/feed", i))
	}
	const ttl = 2 * time.Second
	join := func() *Leases {
		l, err := b.Leases(t.Context(), LeaseConfig{Group: "test", TTL: ttl})
		must(t, err)
		return l
	}
	hold := func(l *Leases) []string {
		got, err := l.Hold(t.Context(), names)
		must(t, err)
		return got
	}
	first := join()
	if got := hold(first); len(got) != 40 {
		t.Errorf("alone it holds %d names, want 40", len(got))
	}
	second := join()
	if got := hold(second); len(got) != 0 {
		t.Errorf("the second holds %d names that the first has", len(got))
	}
	a := hold(first) // gives up its surplus
	hold(first)      // and says so
	bs := hold(second)
	if len(a)+len(bs) != 40 || len(a) < 8 || len(bs) < 8 {
		t.Errorf("they hold %d and %d names, want 40 together", len(a), len(bs))
	}
	for _, n := range a {
		if slices.Contains(bs, n) {
			t.Errorf("both hold %s", n)
		}
	}
	must(t, second.Leave(t.Context()))
	if got := hold(first); len(got) != 40 {
		t.Errorf("after the second has left, the first holds %d names, want 40", len(got))
	}

	third := join() // the first dies
	for end := time.Now().Add(10 * ttl); ; time.Sleep(ttl / 10) {
		if got := hold(third); len(got) == 40 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the third does not get what the dead first had: %d names", len(hold(third)))
		}
	}
	if got := hold(first); len(got) != 0 { // and comes back from the dead
		t.Errorf("the first holds %d names that the third has", len(got))
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := third.Hold(gone, names); err == nil || len(got) == 0 {
		t.Errorf("without an answer it holds %d names, %v", len(got), err)
	}
}

// TestLostAnswers has the server store what a holder asked for without the holder
// hearing of it: what is its own it keeps, or gets, at once.
func TestLostAnswers(t *testing.T) {
	b := openEmbedded(t, Config{})
	names := []string{"held", "asked for", "run out"}
	l, err := b.Leases(t.Context(), LeaseConfig{Group: "lost", TTL: time.Minute})
	must(t, err)
	for _, held := range [][]string{{"held", "run out"}, names} {
		got, err := l.Hold(t.Context(), held)
		must(t, err)
		if !slices.Equal(got, held) {
			t.Errorf("it holds %q, want %q", got, held)
		}
		for _, n := range []string{"held", "asked for"} {
			_, err := l.kv.Put(t.Context(), key(n), []byte(l.id))
			must(t, err)
		}
		must(t, l.kv.Purge(t.Context(), key("run out")))
	}
	got, err := l.Hold(t.Context(), names)
	must(t, err)
	if !slices.Equal(got, names) {
		t.Errorf("it holds %q, want %q", got, names)
	}

	// What has run out and gone to another is not deleted under its feet.
	_, err = l.kv.Put(t.Context(), key("held"), []byte("another"))
	must(t, err)
	must(t, l.Leave(t.Context()))
	entry, err := l.kv.Get(t.Context(), key("held"))
	must(t, err)
	if string(entry.Value()) != "another" {
		t.Errorf("the lease is %q's, want another's", entry.Value())
	}
}

// TestLeadLostAnswers is the same for a lead.
func TestLeadLostAnswers(t *testing.T) {
	b := openEmbedded(t, Config{})
	const ttl = 2 * time.Second
	lead, err := b.Lead(t.Context(), "lost", ttl, nil)
	must(t, err)
	_, err = lead.kv.Put(t.Context(), lead.key, []byte(lead.id))
	must(t, err)
	keep, stop := context.WithTimeout(t.Context(), 2*ttl)
	defer stop()
	must(t, lead.Keep(keep))

	_, err = lead.kv.Put(t.Context(), lead.key, []byte("another"))
	must(t, err)
	if err := lead.Keep(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("after another has taken the lead: %v, want ErrLost", err)
	}
}
