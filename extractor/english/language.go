package english

import (
	"strings"

	"github.com/RadhiFadlillah/whatlanggo"
)

// minDetect is how many bytes of text it takes to tell languages apart; shorter
// texts are taken as English.
const minDetect = 200

// detect returns the ISO 639-1 code of the language of text, "" if it cannot
// tell. Only a clear verdict counts: an article lost to a wrong guess is worse
// than a foreign one that yields nothing.
func detect(text string) string {
	if len(text) < minDetect {
		return ""
	}
	if len(text) > 4096 { // plenty, and linear time on any input
		text = strings.ToValidUTF8(text[:4096], "")
	}
	info := whatlanggo.Detect(text)
	if !info.IsReliable() {
		return ""
	}
	return info.Lang.Iso6391()
}

func isEnglish(language string) bool {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	return base == "en" || base == "eng" || base == "und" || strings.HasPrefix(base, "en_")
}
