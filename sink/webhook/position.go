package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// A positionFile is where an endpoint's position outlives a restart.
type positionFile struct {
	path  string
	known bool // it existed
	state
}

// state is what is kept of an endpoint.
type state struct {
	Name     string    `json:"name"`
	Position uint64    `json:"position"`
	Failing  time.Time `json:"failing,omitzero"`
	Disabled string    `json:"disabled,omitempty"`
}

func openPosition(dir, name string) (*positionFile, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	p := &positionFile{path: filepath.Join(dir, schemas.ID("webhook", name)+".json"), state: state{Name: name}}
	raw, err := os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &p.state); err != nil {
		return nil, fmt.Errorf("%s: %w; without the file the endpoint begins anew", p.path, err)
	}
	p.known = true
	return p, nil
}

// Positions returns how far the endpoints whose positions are in dir have come, by
// name: those of a Sender that runs, perhaps in another process, and those of before.
// Host, Sent and Error are not known there. A folder that does not exist has none.
func Positions(dir string) ([]Status, error) {
	files, err := filepath.Glob(filepath.Join(dir, "webhook_*.json"))
	if err != nil {
		return nil, err
	}
	var out []Status
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var st state
		if err := json.Unmarshal(raw, &st); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, Status{Name: st.Name, Position: st.Position, Failing: st.Failing, Disabled: st.Disabled})
	}
	slices.SortFunc(out, func(a, b Status) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// save replaces the file; a crash leaves the old one or the new one.
func (p *positionFile) save() error {
	raw, err := json.Marshal(&p.state)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(p.path), ".position-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // no effect after Rename
	_, err = f.Write(append(raw, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), p.path)
}
