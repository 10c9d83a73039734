//go:build !noweights

package entity

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas/cputest"
)

// TestHostile runs texts of 64 KiB that are no news: the time must be
// linear and every span valid.
func TestHostile(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p := pipeline(t)
	for _, unit := range []string{"A", "Aa", "a", ".", "Paris ", "John Smith, ", "-A", "(UN) ", "\x00", "\xff ", "日本", "NAME\t12\t1,400\n", "North Korean ", "Paris and ", "defence ministry ", "'s "} {
		text := strings.Repeat(unit, 1<<16/len(unit))
		start := cputest.ThreadTime()
		doc := &extractor.Doc{Text: text}
		if err := p.Annotate(doc); err != nil {
			t.Fatalf("%q: %v", unit, err)
		}
		if d := cputest.ThreadTime() - start; d > 10*time.Second {
			t.Errorf("64 KiB of %q took %v", unit, d)
		}
		at := 0
		for _, n := range doc.Names {
			if n.From < at || n.To <= n.From || n.To > len(doc.Tokens) || n.Span != doc.SpanOf(n.Range) {
				t.Fatalf("%q: name %v out of order or bounds", unit, n)
			}
			at = n.To
		}
	}
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "Mr John Name%d met Anna Name%d. ", i, i+1)
	}
	start := cputest.ThreadTime()
	if err := p.Annotate(&extractor.Doc{Text: b.String()}); err != nil {
		t.Fatal(err)
	}
	if d := cputest.ThreadTime() - start; d > 10*time.Second {
		t.Errorf("6,000 names took %v", d)
	}
}

func TestLoad(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := cputest.ThreadTime()
	if _, err := ReadModel(modelFile()); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadLists(listsFile()); err != nil {
		t.Fatal(err)
	}
	if d := cputest.ThreadTime() - start; d > 150*time.Millisecond {
		t.Errorf("loading took %v", d)
	}
}
