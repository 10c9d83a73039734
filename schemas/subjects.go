package schemas

import "strings"

// Names of the JetStream streams.
const (
	StreamArticles    = "ARTICLES"
	StreamExtractions = "EXTRACTIONS"
	StreamClaims      = "CLAIMS"
	StreamReviews     = "REVIEWS"
	StreamDead        = "DEAD"
)

// NoCountry is the country token of a claim without a place.
const NoCountry = "--"

// ArticleSubject is where a is published: articles.v1.<publisher>.
func ArticleSubject(a *Article) string { return "articles.v1." + publisherToken(a.Publisher) }

// ExtractionSubject is where e is published: extractions.v1.<publisher>.
func ExtractionSubject(e *Extraction) string {
	return "extractions.v1." + publisherToken(e.Article.Publisher)
}

// ClaimSubject is where c is published: claims.v1.<measure>.<country>.<change>.
func ClaimSubject(c *Change) string {
	return "claims.v1." + SubjectToken(c.Claim.Measure) + "." + SubjectToken(c.Country) + "." + string(c.Change)
}

// ReviewSubject is where r is published: reviews.v1.<action>.
func ReviewSubject(r *Review) string { return "reviews.v1." + string(r.Action) }

// DeadSubject is where d is published: dead.v1.<stage>.
func DeadSubject(d *DeadLetter) string { return "dead.v1." + string(d.Stage) }

func publisherToken(p Publisher) string {
	if p.Domain == "" {
		return "unknown"
	}
	return SubjectToken(strings.ToLower(p.Domain))
}

// SubjectToken makes s one token of a NATS subject: letters, digits, "_" and
// "-", at most 63 bytes. Dots become "_". A name that needs more than that is
// cut and ends in a hash, so that different names stay different.
func SubjectToken(s string) string {
	if s == "" {
		return "unknown"
	}
	out := []byte(s)
	exact := len(s) <= 63
	for i, c := range out {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		case c == '.':
			out[i] = '_'
		default:
			out[i], exact = '_', false
		}
	}
	if exact {
		return string(out)
	}
	return string(out[:min(len(out), 36)]) + "-" + ID("x", s)[2:]
}
