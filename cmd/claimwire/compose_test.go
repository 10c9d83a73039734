package main

import (
	"encoding/json"
	"flag"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"go.yaml.in/yaml/v3"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
)

// A composition is what the test reads of docker-compose.yml.
type composition struct {
	Services map[string]struct {
		Image       string
		Command     []string
		Environment map[string]string
		Ports       []string
		Volumes     []string
		DependsOn   map[string]any `yaml:"depends_on"`
	}
	Configs map[string]struct{ Content string }
	Volumes map[string]any
}

func readCompose(t *testing.T) composition {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`\$\{(\w+)(:\?[^}]*)?\}`).ReplaceAllStringFunc(string(raw), func(v string) string {
		if strings.Contains(v, "FEED") {
			return "https://news.example/feed.xml"
		}
		return "p"
	})
	var c composition
	if err := yaml.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// settingsOf reads a command line and an environment as claimwire run does.
func settingsOf(t *testing.T, args []string, environ []string) *config.Settings {
	t.Helper()
	if len(args) == 0 || args[0] != "run" {
		t.Fatalf("command %q is not run", args)
	}
	var s config.Settings
	fs := flag.NewFlagSet("run", flag.ContinueOnError)
	s.Register(fs)
	if err := fs.Parse(args[1:]); err != nil {
		t.Fatal(err)
	}
	if err := s.Load(fs, environ); err != nil {
		t.Fatal(err)
	}
	return &s
}

// TestCompose holds docker-compose.yml to the program's own flags and settings.
func TestCompose(t *testing.T) {
	c := readCompose(t)
	nats := natsOptions(t, c.Configs["nats"].Content)
	servers := 0
	for name := range c.Services {
		if strings.HasPrefix(name, "nats-") {
			servers++
		}
	}
	var stages []string
	for name, service := range c.Services {
		for _, v := range service.Volumes {
			if volume, _, _ := strings.Cut(v, ":"); !hasKey(c.Volumes, volume) {
				t.Errorf("%s uses volume %s, which is not declared", name, volume)
			}
		}
		for other := range service.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("%s depends on %s, which is no service", name, other)
			}
		}
		if service.Image != "claimwire" {
			continue
		}
		var environ []string
		for k, v := range service.Environment {
			environ = append(environ, k+"="+v)
		}
		s := settingsOf(t, service.Command, environ)
		stages = append(stages, s.Stages...)
		if s.Replicas > servers {
			t.Errorf("%s wants %d replicas of %d servers", name, s.Replicas, servers)
		}
		for u := range strings.SplitSeq(s.NATS, ",") {
			checkHost(t, name, u, func(host string) bool { _, ok := c.Services[host]; return ok }, nats.Port)
		}
		if s.Database != "" {
			checkHost(t, name, s.Database, func(host string) bool { return host == "postgres" }, 5432)
			u, _ := url.Parse(s.Database)
			env := c.Services["postgres"].Environment
			if u.User.Username() != env["POSTGRES_USER"] || strings.TrimPrefix(u.Path, "/") != env["POSTGRES_DB"] {
				t.Errorf("%s: database %s is not that of the postgres service", name, u.Redacted())
			}
		}
		for _, stage := range []string{"sink", "desk"} {
			if s.Runs(stage) && s.Database == "" {
				t.Errorf("%s runs %s without the shared database", name, stage)
			}
		}
		for _, p := range service.Ports {
			_, port, _ := net.SplitHostPort(s.Listen)
			if !strings.HasSuffix(p, ":"+port) || !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s publishes %s and listens on %s", name, p, s.Listen)
			}
		}
		if s.Runs("fetcher") != (len(s.Feeds) > 0) {
			t.Errorf("%s runs fetcher: %t, has feeds: %v", name, s.Runs("fetcher"), s.Feeds)
		}
	}
	slices.Sort(stages)
	want := slices.Sorted(slices.Values(config.AllStages))
	if !slices.Equal(stages, want) {
		t.Errorf("the services run the stages %v, want each once: %v", stages, want)
	}
}

func hasKey(m map[string]any, k string) bool { _, ok := m[k]; return ok }

func checkHost(t *testing.T, service, address string, known func(string) bool, port int) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Errorf("%s: %v", service, err)
		return
	}
	if !known(u.Hostname()) || u.Port() != jsonInt(port) {
		t.Errorf("%s: no service listens at %s", service, u.Redacted())
	}
}

func jsonInt(n int) string { b, _ := json.Marshal(n); return string(b) }

// natsOptions parses the servers' configuration with the server's own parser.
func natsOptions(t *testing.T, content string) *natsserver.Options {
	t.Helper()
	file := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := natsserver.ProcessConfigFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !o.JetStream || !o.SyncAlways || o.StoreDir == "" {
		t.Errorf("JetStream %t, sync always %t, store %q", o.JetStream, o.SyncAlways, o.StoreDir)
	}
	if int(o.MaxPayload) < 8_000_000 || bus.MaxMessage > int(o.MaxPayload) {
		t.Errorf("max_payload is %d, the bus needs %d", o.MaxPayload, bus.MaxMessage)
	}
	return o
}

// TestDockerfile holds the image's command to the program's flags.
func TestDockerfile(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	var args []string
	cmd := regexp.MustCompile(`(?m)^CMD (.*)$`).FindSubmatch(raw)
	if cmd == nil {
		t.Fatal("no CMD")
	}
	if err := json.Unmarshal(cmd[1], &args); err != nil {
		t.Fatal(err)
	}
	s := settingsOf(t, args, nil)
	_, port, _ := net.SplitHostPort(s.Listen)
	for _, want := range []string{"EXPOSE " + port, "VOLUME " + s.DataDir, "CGO_ENABLED=0", "./cmd/claimwire"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("Dockerfile lacks %q", want)
		}
	}
}
