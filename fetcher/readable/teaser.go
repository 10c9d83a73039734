package readable

import (
	"strings"

	"golang.org/x/net/html"
)

// maxTeaser bounds a teaser in bytes: some feeds give the whole text as one.
const maxTeaser = 1000

// teaser returns the first of several descriptions, which may be HTML, as one line
// of plain text; "" if there is none or it says no more than the title.
func teaser(title string, values ...string) string {
	for _, v := range values {
		if strings.ContainsAny(v, "<&") {
			root, err := html.Parse(strings.NewReader(v[:min(len(v), 8*maxTeaser)]))
			if err != nil {
				continue
			}
			v = textOf(root)
		}
		v = Line(validUTF8(v))
		if len(v) > maxTeaser {
			v = v[:maxTeaser]
			if i := strings.LastIndexByte(v, ' '); i > 0 {
				v = v[:i]
			}
			v = strings.ToValidUTF8(v, "") + "…"
		}
		if v != "" && !strings.EqualFold(v, title) {
			return v
		}
	}
	return ""
}
