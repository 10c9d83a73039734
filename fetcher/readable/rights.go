package readable

import (
	"slices"
	"strings"
)

// limits are the directives of robots meta tags and X-Robots-Tag that restrict
// what may be done with a page.
var limits = []string{"noindex", "noarchive", "nosnippet", "noai", "noimageai", "none"}

// rights returns what is said about the use of a page: its statement as printed,
// then what machines are told, as "tdm-reservation: 1" (the W3C's TDM Reservation
// Protocol) and "robots: noindex, noai".
func rights(p Page, m *meta) string {
	var out []string
	if s := Line(first(p.Hints.Rights, m.ld.rights, m.rights)); s != "" {
		out = append(out, s)
	}
	if strings.TrimSpace(p.TDM) == "1" || m.tdm == "1" {
		out = append(out, "tdm-reservation: 1")
	}
	var found []string
	for d := range strings.FieldsFuncSeq(strings.ToLower(p.Robots+","+m.robots), func(r rune) bool { return r == ',' || r == ' ' || r == ':' }) {
		if slices.Contains(limits, d) && !slices.Contains(found, d) {
			found = append(found, d)
		}
	}
	if len(found) > 0 {
		out = append(out, "robots: "+strings.Join(found, ", "))
	}
	return strings.Join(out, "; ")
}
