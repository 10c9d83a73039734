package readable

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTeaser(t *testing.T) {
	long := strings.Repeat("Ships wait outside. ", 100)
	for _, tt := range []struct {
		values []string
		want   string
	}{
		{nil, ""},
		{[]string{"", "  "}, ""},
		{[]string{"Fourteen ships\n wait"}, "Fourteen ships wait"},
		{[]string{"Ships wait", "Fourteen of them"}, "Fourteen of them"}, // the title says as much
		{[]string{"<p>Fourteen <b>ships</b> wait.</p><script>x()</script>"}, "Fourteen ships wait."},
		{[]string{"Bread &amp; butter"}, "Bread & butter"},
		{[]string{"<img src=x>", "Fourteen ships"}, "Fourteen ships"},
		{[]string{long}, strings.TrimSpace(long[:maxTeaser-1]) + "…"},
	} {
		if got := teaser("Ships wait", tt.values...); got != tt.want {
			t.Errorf("teaser(%.60q) = %q, want %q", tt.values, got, tt.want)
		}
	}
	for _, s := range []string{strings.Repeat("\u6e2f", 2000), strings.Repeat("x", 5000), strings.Repeat("<i>\u6e2f</i>", 5000), "<p>" + strings.Repeat("\u6e2f ", 9000)} {
		if got := teaser("", s); !utf8.ValidString(got) || len(got) > maxTeaser+3 || len(got) < 100 {
			t.Errorf("teaser(%.20q) has %d bytes", s, len(got))
		}
	}
	// The page's own words come before the feed's.
	page := `<html lang="en"><head><title>Ships wait</title><meta name="description" content="What the page says"></head><body><article><h1>Ships wait</h1><p>The harbour office counted fourteen ships that waited outside the breakwater on Sunday.</p></article></body></html>`
	a, err := Parse(Page{URL: "https://n.example/a", Body: []byte(page), Now: now, Hints: Hints{Summary: "What the feed says"}})
	if err != nil || a.Teaser != "What the page says" {
		t.Errorf("teaser %q, %v", a.Teaser, err)
	}
	b, err := Fragment(Page{Body: []byte("<p>The harbour office counted fourteen ships.</p>"), Now: now, Hints: Hints{Summary: "<i>What</i> the feed says"}})
	if err != nil || b.Teaser != "What the feed says" {
		t.Errorf("teaser %q, %v", b.Teaser, err)
	}
}
