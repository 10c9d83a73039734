package readable

import (
	"strings"
	"testing"
)

// TestPrune checks what is left out before the text is looked for, and what only
// looks like it.
func TestPrune(t *testing.T) {
	const first = "The harbour office counted fourteen ships that waited outside the breakwater on Sunday."
	const last = "Pilots would work through the night until the wind had turned, a spokeswoman for the port said."
	tests := []struct {
		name, between, absent string
	}{
		{"pointer", `<p><b>Read more:</b> <a href="/x">The price of fish</a></p>`, "price of fish"},
		{"pointer in a list", `<ul><li>See also: <a href="/x">The price of fish</a></li></ul>`, "price of fish"},
		{"caption", `<figure><img src=x><figcaption>Boats last summer. Photo: R. Ames</figcaption></figure>`, "Boats"},
		{"hidden", `<div style="display: none"><p>You have read your three free stories of this month.</p></div>`, "three free stories"},
		{"hidden by attribute", `<div hidden><p>You have read your three free stories of this month.</p></div>`, "three free stories"},
		{"newsletter", `<div class="c-newsletter-box"><p>Get the five stories of the day in your inbox, every morning.</p></div>`, "inbox"},
		{"comments", `<div id="comments"><p>` + strings.Repeat("I have said this for years. ", 12) + `</p></div>`, "for years"},
		{"heading of what was left out", `<h3>More on this</h3><div class="related"><a href="/x">The price of fish</a></div>`, "price of fish"},
		{"a sentence with a link stays", `<p>Read more about the storm in the <a href="/x">report of the county</a>, which has 40 pages, the clerk said.</p>`, ""},
		{"a sentence that names a list stays", `<p>Recommended by the county are <a href="/x">boots</a> and a lamp, the clerk said on Monday.</p>`, ""},
	}
	for _, tt := range tests {
		for _, wrapper := range []string{"<article>", `<div class="post related-enabled">`, `<div class="share comments-open">`} {
			page := `<html lang="en"><head><title>Ships wait</title></head><body><nav><a href="/">Home</a></nav>` + wrapper + `<h1>Ships wait</h1><p>` + first + `</p>` + tt.between + `<p>` + last + `</p></body></html>`
			a, err := Parse(Page{URL: "https://n.example/a", ContentType: "text/html", Body: []byte(page), Now: now})
			if err != nil {
				t.Errorf("%s in %s: %v", tt.name, wrapper, err)
				continue
			}
			if !strings.Contains(a.Text, first) || !strings.Contains(a.Text, last) || tt.absent != "" && strings.Contains(a.Text, tt.absent) || tt.absent == "" && !strings.Contains(a.Text, "the clerk said") {
				t.Errorf("%s in %s: text\n%s", tt.name, wrapper, a.Text)
			}
		}
	}
}
