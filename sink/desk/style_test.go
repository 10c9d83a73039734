package desk

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast computes the contrast (WCAG 2.2, success criterion 1.4.3) of text
// on its ground, from the sheet's colours, in light and in dark.
func TestContrast(t *testing.T) {
	css, err := files.ReadFile("static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(css), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("the sheet has no dark colours")
	}
	dark, _, _ = strings.Cut(dark, "* { box-sizing")
	colour := regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`)
	sheet := map[string]string{}
	for _, scheme := range []struct{ name, part string }{{"light", light}, {"dark", dark}} {
		for _, m := range colour.FindAllStringSubmatch(scheme.part, -1) {
			sheet[m[1]] = m[2]
		}
		for _, pair := range [][2]string{
			{"ink", "paper"},
			{"ink", "card"},
			{"soft", "paper"},
			{"soft", "card"},
			{"accent", "paper"},
			{"accent", "card"},
			{"card", "accent"},
			{"mark-ink", "mark"},
			{"good", "good-bg"},
			{"warn", "warn-bg"},
			{"warn", "card"},
			{"bad", "bad-bg"},
			{"soft", "dim-bg"},
			{"ink", "dim-bg"},
			{"paper", "ink"},
		} {
			if got := contrast(t, sheet[pair[0]], sheet[pair[1]]); got < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want 4.5", scheme.name, pair[0], pair[1], got)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatalf("colour %q: %v", hex, err)
	}
	channel := func(c uint64) float64 {
		v := float64(c&255) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(n>>16) + 0.7152*channel(n>>8) + 0.0722*channel(n)
}
