package normalizer

import (
	"github.com/claimwire/claimwire/normalizer/wording"
	"github.com/claimwire/claimwire/schemas"
)

// sentenceOf is the sentence of a finished claim, which shows the reporting word of the
// first of its citations.
func sentenceOf(c *schemas.Claim) string {
	cue := ""
	if len(c.Citations) > 0 {
		cue = reportingWord(c, &c.Citations[0])
	}
	return wording.Sentence(c, cue)
}

// reportingWord is the word with which a citation introduces the speaker of a statement.
func reportingWord(c *schemas.Claim, z *schemas.Citation) string {
	if c.Kind != schemas.StatementClaim || c.Speaker == nil {
		return ""
	}
	for i := range z.Attribution {
		if a := &z.Attribution[i]; a.Who.ID == c.Speaker.ID && a.Who.ID != "" || a.Who.Name == c.Speaker.Name {
			return a.Cue
		}
	}
	return ""
}
