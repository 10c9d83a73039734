package fetcher

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Totals count what a Fetcher has done since it was made.
type Totals struct {
	Requests    int64 // sent, with redirects and robots.txt
	Retries     int64
	Bytes       int64 // of bodies, decompressed
	Polls       int64 // of feeds
	NotModified int64 // polls answered with 304 or the same bytes
	FeedErrors  int64 // polls that failed
	Repaired    int64 // polls of feeds that had to be repaired
	Pages       int64 // fetched
	Articles    int64 // emitted
	Unchanged   int64 // pages fetched again and found the same
	PageErrors  int64 // pages given up
	Robots      int64 // pages that robots.txt forbids
	Overridden  int64 // pages fetched although robots.txt forbids them, for legal deposit
	Walls       int64 // pages with a check for robots in their place
	Pushes      int64 // notifications of hubs with a good signature
	Shared      int64 // pages not fetched because another feed had brought them
	DeadLetters int64

	ArchiveErrors int64 // exchanges and texts that could not be archived
}

// FeedStats count what one feed has brought.
type FeedStats struct {
	Polls    int64
	Errors   int64  // polls that failed
	Articles int64  // emitted
	Pages    int64  // given up
	LastErr  string // of the last poll; empty if it went well

	Rhythm time.Duration // mean time between its items, as last read since the start; 0 if unknown

	Skips   map[SkipReason]int64 // articles skipped, by reason, since the feed is followed
	Skipped []Skip               // the last of them, oldest first; at most [SkipsShown]
}

// Stats are counters at one moment.
type Stats struct {
	Totals
	Feeds map[string]FeedStats // by the feed's address, without credentials
}

type counters struct {
	mu    sync.Mutex // owns what follows
	total Totals
	feeds map[string]*FeedStats
}

func (c *counters) add(change func(*Totals)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.total)
}

func (c *counters) feed(url string, change func(*Totals, *FeedStats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	url = redact(url)
	if c.feeds[url] == nil {
		c.feeds[url] = &FeedStats{}
	}
	change(&c.total, c.feeds[url])
}

// remember begins the counts of a feed with what its state says of it.
func (c *counters) remember(st *feedState, url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if url = redact(url); c.feeds[url] != nil {
		return
	}
	last := st.Skipped[max(0, len(st.Skipped)-SkipsShown):]
	c.feeds[url] = &FeedStats{Skips: maps.Clone(st.Skips), Skipped: slices.Clone(last)}
}

// Stats returns the counters.
func (f *Fetcher) Stats() Stats {
	f.stats.mu.Lock()
	defer f.stats.mu.Unlock()
	s := Stats{Totals: f.stats.total, Feeds: maps.Collect(func(yield func(string, FeedStats) bool) {
		for k, v := range f.stats.feeds {
			c := *v
			c.Skips, c.Skipped = maps.Clone(v.Skips), slices.Clone(v.Skipped)
			if !yield(k, c) {
				return
			}
		}
	})}
	return s
}
