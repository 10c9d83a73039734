package fetcher

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/schemas"
)

// A SkipReason says why an article of a feed does not come, or not whole.
type SkipReason string

// Reasons. Articles in another language and behind a paywall are handed on all
// the same; what is after them in the pipeline may leave them out.
const (
	SkipRobots   SkipReason = "robots"   // robots.txt forbids its page
	SkipWall     SkipReason = "wall"     // a check for robots stands in its place
	SkipPaywall  SkipReason = "paywall"  // part of its text is missing
	SkipLanguage SkipReason = "language" // it is not in English
	SkipNoText   SkipReason = "no text"  // its page holds no article
	SkipGone     SkipReason = "gone"     // its page does not exist
	SkipFailed   SkipReason = "failed"   // anything else; its dead letter says what
)

// A Skip is one article that was skipped.
type Skip struct {
	URL    string     `json:"url"` // without credentials
	Reason SkipReason `json:"reason"`
	At     time.Time  `json:"at"`
}

const (
	maxSkipped = 50 // skips that the state lists of each feed; the counts go on
	// SkipsShown is how many of them [FeedStats] lists.
	SkipsShown = 10
)

// skip notes one.
func (p *poll) skip(reason SkipReason, address string) {
	if p.st.Skips == nil {
		p.st.Skips = map[SkipReason]int64{}
	}
	p.st.Skips[reason]++
	s := Skip{URL: redact(address), Reason: reason, At: p.cfg.Clock.Now()}
	p.st.Skipped = append(p.st.Skipped, s)
	if n := len(p.st.Skipped) - maxSkipped; n > 0 {
		p.st.Skipped = slices.Delete(p.st.Skipped, 0, n)
	}
	p.stats.feed(p.feed.URL, func(_ *Totals, f *FeedStats) {
		if f.Skips == nil {
			f.Skips = map[SkipReason]int64{}
		}
		f.Skips[reason]++
		f.Skipped = append(f.Skipped, s)
		if n := len(f.Skipped) - SkipsShown; n > 0 {
			f.Skipped = slices.Delete(f.Skipped, 0, n)
		}
	})
}

// noteArticles notes those articles that are handed on but may not be read.
func (p *poll) noteArticles(articles []schemas.Article) {
	for _, a := range articles {
		switch {
		case a.Paywalled == schemas.Yes:
			p.skip(SkipPaywall, firstOf(a.URL, a.ID))
		case a.Language != "" && a.Language != "en" && !strings.HasPrefix(a.Language, "en-"):
			p.skip(SkipLanguage, firstOf(a.URL, a.ID))
		}
	}
}

func skipReason(err error) SkipReason {
	var wall *WallError
	var status *StatusError
	switch {
	case errors.As(err, &wall):
		return SkipWall
	case errors.As(err, &status) && status.Wall != "":
		return SkipWall
	case errors.As(err, &status) && (status.Code == http.StatusNotFound || status.Code == http.StatusGone):
		return SkipGone
	case errors.As(err, &status) && (status.Code == http.StatusUnauthorized || status.Code == http.StatusPaymentRequired):
		return SkipPaywall
	case readable.IsNoText(err):
		return SkipNoText
	}
	return SkipFailed
}

// A FeedState is what a state folder says of a feed.
type FeedState struct {
	URL      string // without credentials
	Moved    string // where it has moved for good; empty if it has not
	Gone     bool   // it answered 410 and is not polled any more
	Failures int    // polls failed in a row
	Reason   string // of the last failure; empty if it went well
	NextPoll time.Time
	Items    int                  // remembered
	Skips    map[SkipReason]int64 // articles skipped, by reason
	Skipped  []Skip               // the last of them, oldest first; at most 50
}

// ReadState returns what a state folder says of its feeds, sorted by address. A
// running Fetcher may be using the folder.
func ReadState(dir string) ([]FeedState, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []FeedState
	for _, e := range files {
		if !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		var st feedState
		if json.Unmarshal(raw, &st) != nil || st.URL == "" {
			continue // half written or another program's
		}
		out = append(out, FeedState{
			URL: st.URL, Moved: redact(st.Moved), Gone: st.Gone, Failures: st.Failures, Reason: st.Reason, NextPoll: st.NextPoll,
			Items: len(st.Items), Skips: maps.Clone(st.Skips), Skipped: st.Skipped,
		})
	}
	slices.SortFunc(out, func(a, b FeedState) int { return strings.Compare(a.URL, b.URL) })
	return out, nil
}
