package fetcher

import (
	"sync"
	"time"
)

// shared knows which pages feeds have brought lately, so that a page that several
// feeds name is fetched once. Its zero value is ready.
type shared struct {
	mu    sync.Mutex // owns what follows
	pages map[string]*sharedPage
}

type sharedPage struct {
	busy    bool
	owner   string    // feed that fetched it last, or is fetching it
	article uint64    // as in itemState; 0 if none came of it
	at      time.Time // when that was
}

const (
	maxShared   = 50_000         // pages remembered; then those of more than sharedFor are forgotten
	sharedFor   = 24 * time.Hour // how long a page counts as brought
	sharedAgain = time.Hour      // the same if it is only looked at again
)

// Recall takes up from the state folder which pages feeds have brought before a
// restart, so that one that several of them name is not fetched again. Run and
// Once do it for their own feeds; who calls Run for each feed alone calls Recall
// for all of them first.
func (f *Fetcher) Recall(feeds []Feed) {
	if f.cfg.StateDir == "" {
		return
	}
	now := f.cfg.Clock.Now()
	for _, feed := range feeds {
		for key, it := range f.state.load(feed.URL).Items {
			if it.Done && it.Article != 0 && now.Sub(it.Checked) < sharedFor {
				f.shared.recall(key, feed.URL, it)
			}
		}
	}
}

// recall notes a page that a feed brought. The feed that looked at it last has it.
func (s *shared) recall(key, feed string, it *itemState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil {
		s.pages = map[string]*sharedPage{}
	}
	if p := s.pages[key]; p == nil && len(s.pages) < maxShared || p != nil && !p.busy && it.Checked.After(p.at) {
		s.pages[key] = &sharedPage{owner: feed, article: it.Article, at: it.Checked}
	}
}

// begin asks whether j's page has to be fetched for a feed. If another feed has
// brought it, same is its article's hash; if another is fetching it, later is
// true. Otherwise the job has the page until end.
func (s *shared) begin(j *job, feed string, now time.Time) (same uint64, later bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil {
		s.pages = map[string]*sharedPage{}
	}
	if len(s.pages) >= maxShared {
		for k, p := range s.pages {
			if !p.busy && now.Sub(p.at) > sharedFor {
				delete(s.pages, k)
			}
		}
	}
	p := s.pages[j.key]
	if p == nil {
		p = &sharedPage{}
		s.pages[j.key] = p
	}
	valid := sharedFor
	if j.recheck {
		valid = sharedAgain
	}
	switch {
	case p.owner == feed: // twice in one feed, or polled twice
	case p.busy:
		return 0, true
	case p.article != 0 && now.Sub(p.at) < valid && !j.changed:
		return p.article, false
	}
	p.busy, p.owner = true, feed
	p.at = now
	return 0, false
}

// end gives back the pages of jobs; taken says whether their articles are safe.
func (s *shared) end(jobs []*job, taken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range jobs {
		if p := s.pages[j.key]; p != nil && p.busy && j.same == 0 && !j.later {
			p.busy, p.article = false, 0
			if taken && j.err == nil && j.st.Done {
				p.article = j.st.Article
			}
		}
	}
}
