package readable

import (
	"strings"
	"unicode"

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
	text = validUTF8(text[:min(len(text), maxDetect)])
	if base, _, _ := strings.Cut(tag, "-"); (base == "en" || base == "") && english(text) {
		return first(tag, "en")
	}
	info := whatlanggo.Detect(text)
	code := info.Lang.Iso6391()
	if !info.IsReliable() || code == "" {
		return tag
	}
	if base, _, _ := strings.Cut(tag, "-"); base == code {
		return tag
	}
	return code
}

// englishWords are frequent in English and not words of another language in
// Latin letters, or seldom.
var englishWords = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields("the of and that with which from they their have has were would been this these who said by its it he she") {
		words[w] = true
	}
	return words
}()

// english reports whether a text is beyond doubt English: in news every fourth
// word is one of englishWords. It costs a hundredth of comparing all languages.
func english(text string) bool {
	n, hits, articles := 0, 0, 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		w = strings.ToLower(w)
		n++
		if englishWords[w] {
			hits++
		}
		if w == "the" {
			articles++
		}
	}
	return n >= 30 && hits*100 >= n*15 && articles*100 >= n*2
}
