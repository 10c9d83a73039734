package fetcher

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// holds are the hosts that asked not to be called before a time, as the state
// folder keeps them: a restart must not call them earlier.
type holds struct {
	mu    sync.Mutex // owns what follows
	until map[string]time.Time
}

const holdsFile = "held.txt" // JSON, under a name that no feed's state has

// hold keeps every request to a host back until a time, also after a restart.
func (f *Fetcher) hold(host string, until time.Time) {
	f.limiter.Hold(host, until)
	if f.cfg.StateDir == "" {
		return
	}
	f.held.mu.Lock()
	defer f.held.mu.Unlock()
	now := f.cfg.Clock.Now()
	for h, t := range f.held.until {
		if !t.After(now) {
			delete(f.held.until, h)
		}
	}
	f.held.until[host] = until
	raw, err := json.Marshal(f.held.until)
	if err == nil {
		err = replaceFile(f.cfg.StateDir, filepath.Join(f.cfg.StateDir, holdsFile), raw)
	}
	if err != nil {
		f.log.Error("not written down that a host asked for a pause", "url", host, "err", err)
	}
}

// openHolds takes up what the state folder says.
func (f *Fetcher) openHolds() {
	f.held.until = map[string]time.Time{}
	raw, err := os.ReadFile(filepath.Join(f.cfg.StateDir, holdsFile))
	if err != nil || json.Unmarshal(raw, &f.held.until) != nil || f.held.until == nil {
		f.held.until = map[string]time.Time{}
	}
	for host, until := range f.held.until {
		if until.After(f.cfg.Clock.Now()) {
			f.limiter.Hold(host, until)
		}
	}
}
