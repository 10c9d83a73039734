package readable

import (
	"strings"

	"github.com/RadhiFadlillah/whatlanggo"
	"golang.org/x/text/language"
)

// Bounds of the text that its language is told from: less is guesswork, more
// changes nothing.
const (
	minDetect = 200
	maxDetect = 1500
)

// chooseLanguage returns the BCP 47 tag of text: what its letters say if that is
// clear, with the region that was declared, else the first declared tag that is
// valid; "" if there is none. Templates often declare a language that the text
// is not in.
func chooseLanguage(text string, declared ...string) string {
	tag := ""
	for _, d := range declared {
		d = strings.ReplaceAll(strings.TrimSpace(d), "_", "-")
		if d, _, _ = strings.Cut(d, ","); d == "" {
			continue
		}
		if t, err := language.Parse(d); err == nil && t != language.Und {
			tag = t.String()
			break
		}
	}
	if len(text) < minDetect {
		return tag
	}
	cut := min(len(text), maxDetect)
	info := whatlanggo.Detect(validUTF8(text[:cut]))
	code := info.Lang.Iso6391()
	if !info.IsReliable() || code == "" {
		return tag
	}
	if base, _, _ := strings.Cut(tag, "-"); base == code {
		return tag
	}
	return code
}
