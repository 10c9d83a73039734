package wording

import (
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// happening renders an event: "Lena Marsh met Omar Fadel in Osta on 17 June 2025". The
// word in the middle is the one that the text uses; one that may be a noun ("talks") is set
// off by dashes.
func happening(c *schemas.Claim) string {
	var by, to []string
	for i := range c.Participants {
		p := &c.Participants[i]
		if p.Role == "actor" {
			by = append(by, inside(&p.Entity))
		} else {
			to = append(to, inside(&p.Entity))
		}
	}
	if len(by) == 0 {
		by = []string{"somebody"}
	}
	dash := " – "
	if isVerb(c.Predicate) {
		dash = " "
	}
	s := listed(by) + dash + c.Predicate
	if len(to) > 0 {
		s += dash + listed(to)
	}
	if c.Place != nil {
		s += " " + at(c)
	}
	if t := when(c); t != "" {
		s += " " + t
	}
	return s
}

// isVerb reports whether a trigger is the past of a verb.
func isVerb(trigger string) bool {
	first, _, _ := strings.Cut(trigger, " ")
	return strings.HasSuffix(first, "ed") || pasts[first]
}

var pasts = words("met shot struck hit held seized sent sold bought took gave told won lost beat fought fled broke cut drove led left made paid put ran sought spoke swore threw withdrew began")
