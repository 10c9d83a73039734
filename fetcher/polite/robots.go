package polite

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jimsmart/grobotstxt"
)

// Bounds of RFC 9309 section 2.5 and 2.4, and on what a Crawl-delay may ask.
const (
	MaxRobotsBytes = 500 << 10      // what is read of a robots.txt
	RobotsTTL      = 24 * time.Hour // how long it is kept
	MaxCrawlDelay  = 2 * time.Minute
)

// Robots are the rules of one origin for one user agent.
type Robots struct {
	body  string
	agent string
	all   verdict
	delay time.Duration // negative: not given
}

type verdict int

const (
	byRules verdict = iota
	allowAll
	denyAll
)

// ParseRobots reads the body of a robots.txt for agent, the product token of our
// user agent ("claimwire").
func ParseRobots(body []byte, agent string) *Robots {
	r := &Robots{body: unescape(string(body[:min(len(body), MaxRobotsBytes)])), agent: agent, delay: -1}
	d := delays{agent: strings.ToLower(agent), specific: -1, general: -1}
	grobotstxt.Parse(r.body, &d)
	if r.delay = d.specific; r.delay < 0 && !d.named {
		r.delay = d.general
	}
	return r
}

// RobotsFor returns the rules that follow from the answer to a request for
// robots.txt (RFC 9309 section 2.3.1): a client error means that there are none,
// a server error that nothing may be fetched for now.
func RobotsFor(status int, body []byte, agent string) *Robots {
	switch {
	case status >= 200 && status < 300:
		return ParseRobots(body, agent)
	case status >= 400 && status < 500:
		return &Robots{all: allowAll, delay: -1}
	}
	return Unreachable()
}

// Unreachable returns the rules for an origin whose robots.txt cannot be had.
func Unreachable() *Robots { return &Robots{all: denyAll, delay: -1} }

// Allowed reports whether rawURL may be fetched.
func (r *Robots) Allowed(rawURL string) bool {
	switch r.all {
	case allowAll:
		return true
	case denyAll:
		return false
	}
	if u, err := url.Parse(rawURL); err == nil && u.Path == "/robots.txt" {
		return true // RFC 9309 section 2.2.2
	}
	return grobotstxt.AgentAllowed(r.body, r.agent, unescape(rawURL))
}

// unescape brings percent-encoded octets into one form before they are compared:
// unreserved characters stand for themselves, the others in upper case (RFC 9309
// section 2.2.2, RFC 3986 section 6.2.2).
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+2 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		switch c := byte(n); {
		case err != nil:
			b.WriteByte('%')
			continue
		case c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteString(strings.ToUpper(s[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

// CrawlDelay returns the delay that was asked for; false if none was.
func (r *Robots) CrawlDelay() (time.Duration, bool) {
	return min(max(0, r.delay), MaxCrawlDelay), r.delay >= 0
}

// delays collects Crawl-delay lines, which are no part of the RFC, by the group
// they stand in.
type delays struct {
	agent             string
	specific, general time.Duration
	named             bool // a group names our agent
	inOurs, inGeneral bool
	agents            bool // the last line was a User-agent
}

func (d *delays) HandleRobotsStart() {}
func (d *delays) HandleRobotsEnd()   {}

func (d *delays) HandleUserAgent(_ int, value string) {
	if !d.agents {
		d.inOurs, d.inGeneral = false, false
	}
	d.agents = true
	token := strings.ToLower(strings.TrimSpace(value))
	if i := strings.IndexFunc(token, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r == '-' || r == '_') }); i > 0 {
		token = token[:i]
	}
	switch token {
	case "*":
		d.inGeneral = true
	case d.agent:
		d.inOurs, d.named = true, true
	}
}

func (d *delays) HandleAllow(int, string)    { d.agents = false }
func (d *delays) HandleDisallow(int, string) { d.agents = false }
func (d *delays) HandleSitemap(int, string)  {}

func (d *delays) HandleUnknownAction(_ int, action, value string) {
	if !strings.EqualFold(strings.TrimSpace(action), "crawl-delay") {
		return
	}
	d.agents = false
	n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || n < 0 || n > 1e6 {
		return
	}
	delay := time.Duration(n * float64(time.Second))
	if d.inOurs {
		d.specific = delay
	}
	if d.inGeneral {
		d.general = delay
	}
}

// Sitemaps returns the addresses that the Sitemap lines of a robots.txt name.
func Sitemaps(body []byte) []string {
	return grobotstxt.Sitemaps(string(body[:min(len(body), MaxRobotsBytes)]))
}
