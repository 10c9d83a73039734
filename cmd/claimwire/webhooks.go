package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

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

func (in *instance) openWebhooks() (*webhook.Sender, error) {
	endpoints, err := loadWebhooks(in.settings.Webhooks)
	if err != nil {
		return nil, err
	}
	return webhook.New(webhook.Config{
		Endpoints: endpoints, Dir: filepath.Join(in.settings.DataDir, "webhooks"), Follow: in.follow, Bounds: in.bounds,
		Dial: in.dialPublic(), AllowHTTP: in.settings.AllowLAN, Logger: in.log,
	})
}

// loadWebhooks reads the endpoints of a file.
func loadWebhooks(path string) ([]webhook.Endpoint, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	var entries []endpointEntry
	if err := dec.Decode(&entries); err != nil && !errors.Is(err, io.EOF) {
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
