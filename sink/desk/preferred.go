package desk

import (
	"net/url"
	"slices"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A preferredLine says which figure of a series is preferred, by which policy, between
// which ends all of its figures lie, and which others there are to choose by.
type preferredLine struct {
	Figure, URL, Policy string
	From, To            string // empty for an open end
	Policies            []policyLink
}

type policyLink struct{ Name, URL string }

// policyLabel says by what a policy chooses.
func policyLabel(policy string) string {
	switch sink.Policy(policy) {
	case sink.Latest, "latest-most-origins":
		return "the newest, then the one with most origins"
	case sink.Lowest:
		return "the lowest that stands"
	case sink.Highest:
		return "the highest that stands"
	case sink.MostOrigins:
		return "what most origins say, then the newest"
	}
	return policy
}

// newPreferred returns nil if no figure stands.
func newPreferred(s *schemas.Series, self, knownAt string) *preferredLine {
	i := slices.IndexFunc(s.Points, func(p schemas.SeriesPoint) bool { return s.Preferred != nil && p.Claim == s.Preferred.Claim })
	if i < 0 || s.Kind != schemas.QuantityClaim {
		return nil
	}
	p := &preferredLine{
		Figure: pointFigure(s, &s.Points[i]), URL: "/claims/" + url.PathEscape(s.Preferred.Claim), Policy: policyLabel(s.Preferred.Policy),
		From: decimal(s.Envelope.Min), To: decimal(s.Envelope.Max),
	}
	for _, name := range sink.Policies {
		v := url.Values{"policy": {string(name)}}
		if knownAt != "" {
			v.Set("known_at", knownAt)
		}
		p.Policies = append(p.Policies, policyLink{string(name), self + "?" + v.Encode()})
	}
	return p
}
