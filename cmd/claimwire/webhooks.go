package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/desk"
	"github.com/claimwire/claimwire/sink/webhook"
)

// An endpointEntry is one entry of the file that --webhooks names:
//
//   - name: night-desk
//     url: https://hooks.example.com/claims
//     secrets: ["${HOOK_SECRET}"]       # whsec_ and base 64; several while one is replaced
//     filter: measure=person-killed&country=PE&min_origins=2
//     changes: [asserted, superseded, conflicted]
//     jump: 10%                         # or an absolute number
//     since: 0                          # of a new endpoint: the oldest change kept; default now
type endpointEntry struct {
	Name    string               `yaml:"name"`
	URL     string               `yaml:"url"`
	Secrets []string             `yaml:"secrets"`
	Filter  string               `yaml:"filter"`
	Changes []schemas.ChangeKind `yaml:"changes"`
	Jump    string               `yaml:"jump"`
	Since   *uint64              `yaml:"since"`
}

// webhookFolder is where, in the data folder, it is written down how far endpoints have
// come.
const webhookFolder = "webhooks"

var endpointKeys = []string{"name", "url", "secrets", "filter", "changes", "jump", "since"}

// startWebhooks opens the endpoints of the settings, if there are any.
func (in *instance) startWebhooks() error {
	in.newHooks = make(chan string)
	if in.settings.Webhooks == "" {
		return nil
	}
	s, err := in.openWebhooks(in.settings.Webhooks)
	if err == nil {
		in.webhooks.Store(s)
	}
	return err
}

// runWebhooks delivers until ctx ends, from one change of the endpoints to the
// next. Each begins where it was, by its name; what was under way at a change is
// sent again, under the same id.
func (in *instance) runWebhooks(ctx context.Context) error {
	for {
		running, stop := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			if s := in.webhooks.Load(); s != nil {
				_ = s.Run(running) // it ends with running alone
			}
		}()
		var path string
		select {
		case <-ctx.Done():
		case path = <-in.newHooks:
		}
		stop()
		<-ended // positions are on disk
		if ctx.Err() != nil {
			return ctx.Err()
		}
		next, err := in.openWebhooks(path)
		if err != nil {
			in.log.Error("webhooks not taken: those that ran go on", "err", err)
			continue
		}
		in.webhooks.Store(next)
		in.log.Info("webhooks taken", "endpoints", len(next.Status()))
	}
}

// takeWebhooks has the endpoints of a file take the place of those that run; none
// for "". A file with a mistake changes nothing.
func (in *instance) takeWebhooks(ctx context.Context, path string) {
	if _, err := in.openWebhooks(path); err != nil {
		in.log.Error("webhooks not taken: those that run go on", "err", err)
		return
	}
	select {
	case in.newHooks <- path:
	case <-ctx.Done():
	}
}

// openWebhooks opens the endpoints of a file; none for "".
func (in *instance) openWebhooks(path string) (*webhook.Sender, error) {
	endpoints, err := loadWebhooks(path)
	if err != nil {
		return nil, err
	}
	return webhook.New(webhook.Config{
		Endpoints: endpoints, Dir: filepath.Join(in.settings.DataDir, webhookFolder), Follow: in.follow, Bounds: in.bounds,
		Delivered: func(endpoint string, c *schemas.Change, started time.Time) {
			in.bus.Delivered("webhook "+endpoint, schemas.StreamClaims, c, started)
		},
		Dial: in.dialPublic(), AllowHTTP: in.settings.AllowLAN, Logger: in.log,
	})
}

// loadWebhooks reads the endpoints of a file; none for "".
func loadWebhooks(path string) ([]webhook.Endpoint, error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	if err := config.CheckKeys(path, raw, endpointKeys); err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	var entries []endpointEntry
	if err := yaml.Unmarshal(raw, &entries); err != nil {
		return nil, fmt.Errorf("webhooks: %s: %w", path, err)
	}
	out := make([]webhook.Endpoint, len(entries))
	for i, entry := range entries {
		if out[i], err = entry.endpoint(); err != nil {
			return nil, fmt.Errorf("webhooks: %s: %q: %w", path, entry.Name, err)
		}
	}
	return out, nil
}

func (entry *endpointEntry) endpoint() (e webhook.Endpoint, err error) {
	e = webhook.Endpoint{Name: entry.Name, Changes: entry.Changes, Since: entry.Since}
	if e.URL, err = config.Expand(entry.URL); err != nil {
		return e, err
	}
	for _, s := range entry.Secrets {
		text, err := config.Expand(s)
		if err != nil {
			return e, err
		}
		secret, err := webhook.ParseSecret(text)
		if err != nil {
			return e, err
		}
		e.Secrets = append(e.Secrets, secret)
	}
	if e.Query, err = desk.ParseFilter(entry.Filter); err != nil {
		return e, fmt.Errorf("filter: %w", err)
	}
	e.Jump, err = webhook.ParseJump(entry.Jump)
	return e, err
}
