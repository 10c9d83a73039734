package fetcher

import (
	"bytes"

	"github.com/claimwire/claimwire/schemas"
)

// A WallError says that a check for robots was served in place of a page or
// feed. It matches [schemas.ErrMalformed]: asking again the same way cannot help.
type WallError struct {
	URL  string
	Kind string // whose wall: "Cloudflare", "Anubis"
}

func (e *WallError) Error() string {
	return e.URL + ": a bot wall (" + e.Kind + ") answered in its place"
}

// Unwrap makes the error match [schemas.ErrMalformed].
func (e *WallError) Unwrap() error { return schemas.ErrMalformed }

// wallMarks are words of the pages that walls serve.
var wallMarks = []struct {
	mark, kind string
	sure       bool // it stands in no other page
}{
	{"<title>just a moment...</title>", "Cloudflare", true},
	{"<title>attention required! | cloudflare</title>", "Cloudflare", true},
	{"/.within.website/x/cmd/anubis/", "Anubis", true},
	{"<title>pardon our interruption", "Imperva", true},
	{"_incapsula_resource", "Imperva", false},
	{"/cdn-cgi/challenge-platform/", "Cloudflare", false},
	{"captcha-delivery.com", "DataDome", false},
	{"px-captcha", "HUMAN", false},
	{"awswafcookiedomainlist", "AWS WAF", false},
}

const (
	maxWallPage = 128 << 10 // bytes of a page that can be a wall
	maxWallText = 200       // bytes of text beside a mark that other pages have too
)

// wall returns whose bot wall a response is; "" if it is none. text is how many
// bytes of article text were found in it.
func wall(res *response, text int) string {
	if res.header.Get("cf-mitigated") == "challenge" {
		return "Cloudflare"
	}
	if len(res.body) > maxWallPage {
		return ""
	}
	low := bytes.ToLower(res.body)
	for _, m := range wallMarks {
		if (m.sure || text < maxWallText) && bytes.Contains(low, []byte(m.mark)) {
			return m.kind
		}
	}
	return ""
}
