package fetcher

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/schemas"
)

// DepositNote is added to the rights of an article that was fetched although
// robots.txt forbids it, under [Config.LegalDeposit].
const DepositNote = "robots.txt: overridden for legal deposit"

// setRights adds what the user has set for the article's site.
func (f *Fetcher) setRights(a *schemas.Article, at *url.URL) {
	var parts []string
	if a.Rights != "" {
		parts = append(parts, a.Rights)
	}
	for _, name := range namesOf(at) {
		if r := f.cfg.Rights[name]; r != "" {
			parts = append(parts, "agreed: "+r)
			break
		}
	}
	if f.deposits(at) && f.overridden(at) {
		parts = append(parts, DepositNote)
	}
	a.Rights = strings.Join(parts, "; ")
}

// partners returns the domains of which the user says that the pages of a site may
// name them as their own.
func (f *Fetcher) partners(at *url.URL) []string {
	for _, name := range namesOf(at) {
		if list := f.cfg.Partners[name]; list != "" {
			return strings.Fields(strings.ToLower(list))
		}
	}
	return nil
}

// namesOf returns the names under which a user may speak of a site: its host,
// then its registrable domain.
func namesOf(u *url.URL) []string {
	host := strings.ToLower(u.Hostname())
	return []string{host, readable.Domain(host)}
}

// deposits reports whether robots.txt does not bind us for u.
func (f *Fetcher) deposits(u *url.URL) bool {
	for _, name := range namesOf(u) {
		if name != "" && slices.Contains(f.cfg.LegalDeposit, name) {
			return true
		}
	}
	return false
}

// overridden reports whether the robots.txt of u, as last read, forbids it.
func (f *Fetcher) overridden(u *url.URL) bool {
	f.robots.mu.Lock()
	e := f.robots.entries[origin(u)]
	f.robots.mu.Unlock()
	if e == nil {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rules != nil && !e.rules.Allowed(u.String())
}

// audit notes that robots.txt was overridden for u: in the log, and in the state
// folder in a file that only grows.
func (f *Fetcher) audit(u *url.URL, reason error) {
	f.stats.add(func(t *Totals) { t.Overridden++ })
	f.log.Warn("robots.txt overridden for legal deposit", "url", redact(u.String()), "err", reason)
	if f.cfg.StateDir == "" {
		return
	}
	line, err := json.Marshal(struct {
		At     time.Time `json:"at"`
		URL    string    `json:"url"`
		Reason string    `json:"reason"`
		Basis  string    `json:"basis"`
	}{f.cfg.Clock.Now().UTC(), redact(u.String()), reason.Error(), "legal deposit"})
	if err != nil { // strings only: cannot happen
		panic(err)
	}
	file, err := os.OpenFile(filepath.Join(f.cfg.StateDir, "overrides.jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = file.Write(append(line, '\n')) // one write: lines of several goroutines stay whole
		if cerr := file.Close(); err == nil {
			err = cerr
		}
	}
	if err != nil {
		f.log.Error("override of robots.txt not recorded", "url", redact(u.String()), "err", err)
	}
}
