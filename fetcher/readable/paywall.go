package readable

import (
	"regexp"

	"github.com/claimwire/claimwire/schemas"
)

// Lengths in bytes: a text below short can be a teaser, one above long has not
// been cut.
const (
	shortText = 600
	longText  = 2500
)

var wallWords = regexp.MustCompile(`(?i)(subscribe|sign up|log in|register|become a member)[^.\n]{0,40} to (continue|read|keep|unlock)|(this|the full) (article|story) is (for|available to|reserved for) (our )?(subscribers|members)|(continue|keep) reading with a subscription`)

// paywall weighs the evidence that part of the text is missing. The page's own
// tag alone is not believed, since it is often wrong: it needs a short text, a
// wall's words or a wall's element beside it.
func paywall(a *schemas.Article, m *meta, summary string) schemas.Ternary {
	n := len(a.Text)
	declared := m.ld.free != nil && !*m.ld.free || m.tier == "locked" || m.tier == "metered"
	free := m.ld.free != nil && *m.ld.free || m.tier == "free"
	words := wallWords.MatchString(a.Text[max(0, n-600):])
	teaser := n < shortText || len(m.ld.body) > 2*n || n < longText && len(summary) > n
	switch {
	case words && (declared || teaser):
		return schemas.Yes
	case declared && (teaser || m.wall && n < longText):
		return schemas.Yes
	case len(m.ld.body) > 2*n+500 && m.wall:
		return schemas.Yes
	case free && !words:
		return schemas.No
	case n > longText && !declared && !m.wall && !words:
		return schemas.No
	}
	return schemas.Unknown
}
