package fetcher

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// feedState is what is remembered of a feed between polls.
type feedState struct {
	URL          string                `json:"url"`
	Moved        string                `json:"moved,omitempty"` // where it has moved for good
	Gone         bool                  `json:"gone,omitempty"`  // it answered 410
	ETag         string                `json:"etag,omitempty"`  // validators, byte for byte
	LastModified string                `json:"last_modified,omitempty"`
	Failures     int                   `json:"failures,omitempty"` // polls failed in a row
	Reason       string                `json:"reason,omitempty"`   // of the last failure
	NextPoll     time.Time             `json:"next_poll,omitzero"`
	Listed       time.Time             `json:"listed,omitzero"`   // when it last listed its items: not a 304
	Items        map[string]*itemState `json:"items,omitempty"`   // by address, else id
	WebSub       *subscription         `json:"websub,omitempty"`  // at its hub
	Skips        map[SkipReason]int64  `json:"skips,omitempty"`   // articles skipped, by reason
	Skipped      []Skip                `json:"skipped,omitempty"` // the last of them
}

// itemState is what is remembered of an item.
type itemState struct {
	Hash         uint64              `json:"hash"`               // of the item in the feed; another one means that it changed
	Article      uint64              `json:"article,omitempty"`  // of the article last emitted; 0 if none was
	Attempts     int                 `json:"attempts,omitempty"` // failed tries that may still succeed
	Done         bool                `json:"done,omitempty"`     // emitted, or given up
	Ref          *schemas.ArchiveRef `json:"ref,omitempty"`      // of the article last emitted; null if it is not archived
	Posts        map[string]uint64   `json:"posts,omitempty"`    // of a live blog: like Article, by the post's id
	ETag         string              `json:"etag,omitempty"`
	LastModified string              `json:"last_modified,omitempty"`
	First        time.Time           `json:"first"`   // when it was first seen
	Checked      time.Time           `json:"checked"` // when its page was last fetched
	Listed       time.Time           `json:"listed"`  // when the feed last named it
}

// minRemembered is how many items are remembered of a feed however few it lists.
// Beyond that and twice what it lists, those not listed for longest are
// forgotten: an item that comes back later is fetched again, and found the same.
const minRemembered = 200

func (s *feedState) prune() {
	listed := 0
	for _, it := range s.Items {
		if !it.Listed.Before(s.Listed) {
			listed++
		}
	}
	keep := max(minRemembered, 2*listed)
	if len(s.Items) <= keep {
		return
	}
	keys := slices.SortedFunc(maps.Keys(s.Items), func(a, b string) int {
		return cmp.Or(s.Items[b].Listed.Compare(s.Items[a].Listed), strings.Compare(a, b))
	})
	for _, k := range keys[keep:] {
		delete(s.Items, k)
	}
}

// A store keeps feedStates: in memory, and if it has a folder in one file each.
// A state belongs to the goroutine that polls its feed.
type store struct {
	dir string // empty: memory only

	mu     sync.Mutex // owns states
	states map[string]*feedState
}

func openStore(dir string) (*store, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, fmt.Errorf("fetcher state: %w", err)
		}
	}
	return &store{dir: dir, states: map[string]*feedState{}}, nil
}

// load returns the state of a feed, a new one if none can be read: losing it
// costs requests, never articles.
func (s *store) load(url string) *feedState {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.states[url]; st != nil {
		return st
	}
	st := &feedState{URL: redact(url)}
	if s.dir != "" {
		if raw, err := os.ReadFile(s.file(url)); err == nil {
			read := &feedState{}
			if json.Unmarshal(raw, read) == nil && read.URL == st.URL {
				st = read
			}
		}
	}
	if st.Items == nil {
		st.Items = map[string]*itemState{}
	}
	s.states[url] = st
	return st
}

// save writes a state so that a crash leaves the old or the new one.
func (s *store) save(url string, st *feedState) error {
	st.prune()
	if s.dir == "" {
		return nil
	}
	raw, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return replaceFile(s.dir, s.file(url), raw)
}

// replaceFile writes a file of dir so that a crash leaves the old or the new one.
func replaceFile(dir, path string, raw []byte) error {
	tmp, err := os.CreateTemp(dir, "tmp-*")
	if err != nil {
		return fmt.Errorf("fetcher state: %w", err)
	}
	_, err = tmp.Write(raw)
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		if rm := os.Remove(tmp.Name()); rm != nil && !errors.Is(rm, fs.ErrNotExist) {
			err = errors.Join(err, rm)
		}
		return fmt.Errorf("fetcher state: %w", err)
	}
	return nil
}

func (s *store) file(url string) string {
	return filepath.Join(s.dir, schemas.ID("feed", url)+".json")
}
