package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
)

func load(t *testing.T, file string, environ, args []string) (*config.Settings, error) {
	t.Helper()
	var s config.Settings
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	s.Register(fs)
	if file != "" {
		path := filepath.Join(t.TempDir(), "claimwire.yaml")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", path)
	}
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return &s, s.Load(fs, environ)
}

func TestPrecedence(t *testing.T) {
	file := "every: 5m\ntimeout: 7s\nlisten: 127.0.0.1:1\nfeeds:\n  - http://a.example/feed\n  - http://b.example/feed\n"
	s, err := load(t, file, []string{"CLAIMWIRE_EVERY=4m", "CLAIMWIRE_TIMEOUT=6s", "HOME=/nowhere"}, []string{"--every", "3m"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Every != 3*time.Minute {
		t.Errorf("every = %s, want the flag's 3m", s.Every)
	}
	if s.Timeout != 6*time.Second {
		t.Errorf("timeout = %s, want the environment's 6s", s.Timeout)
	}
	if s.Listen != "127.0.0.1:1" {
		t.Errorf("listen = %s, want the file's", s.Listen)
	}
	if s.MaxBytes != 4<<20 {
		t.Errorf("max-bytes = %d, want the default", s.MaxBytes)
	}
	if got := s.Feeds.String(); got != "http://a.example/feed,http://b.example/feed" {
		t.Errorf("feeds = %s, want the file's two", got)
	}
}

func TestListOfAnEarlierSourceWins(t *testing.T) {
	s, err := load(t, "feeds: [http://file.example/f]\n", []string{"CLAIMWIRE_FEED=http://env.example/f"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Feeds.String(); got != "http://env.example/f" {
		t.Errorf("feeds = %s, want the environment's alone", got)
	}
}

func TestCommas(t *testing.T) {
	s, err := load(t, "", []string{"CLAIMWIRE_FEED=http://a.example/f?x=1,2, https://b.example/g"}, []string{"--stages", "fetcher, extractor", "--nats", "nats://h:4222"})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Feeds) != 2 || s.Feeds[0] != "http://a.example/f?x=1,2" || s.Feeds[1] != "https://b.example/g" {
		t.Errorf("feeds = %q", s.Feeds)
	}
	if len(s.Stages) != 2 || s.Stages[1] != "extractor" {
		t.Errorf("stages = %q", s.Stages)
	}
}

func TestExpansion(t *testing.T) {
	t.Setenv("DATABASE_PASSWORD", "secret")
	s, err := load(t, "database: postgres://u:${DATABASE_PASSWORD}@host/db\nlisten: ${NO_SUCH_VARIABLE:127.0.0.1:9}\n", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Database != "postgres://u:secret@host/db" || s.Listen != "127.0.0.1:9" {
		t.Errorf("database = %s, listen = %s", s.Database, s.Listen)
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		name, file    string
		environ, args []string
		want          []string
	}{
		{name: "unknown key", file: "listen: x\n\nevry: 5m\n", want: []string{"claimwire.yaml:3", `unknown setting "evry"`, "did you mean every?"}},
		{name: "two unknown keys", file: "aaaaaaaa: 1\nbbbbbbbb: 2\n", want: []string{":1:", ":2:"}},
		{name: "unknown variable", environ: []string{"CLAIMWIRE_LISTN=x"}, want: []string{"CLAIMWIRE_LISTN", "did you mean listen?"}},
		{name: "bad value", file: "every: soon\n", want: []string{"claimwire.yaml:1", "every", `"soon"`, "10m"}},
		{name: "number of words", environ: []string{"CLAIMWIRE_REPLICAS=three"}, want: []string{"CLAIMWIRE_REPLICAS", `"three"`, "whole number"}},
		{name: "neither true nor false", file: "archive: perhaps\n", want: []string{`"perhaps"`, "true or false"}},
		{name: "list for one value", file: "listen: [a, b]\n", want: []string{"listen takes one value"}},
		{name: "nested value", file: "listen: {a: b}\n", want: []string{"plain value"}},
		{name: "unset variable", file: "listen: ${NO_SUCH_VARIABLE}\n", want: []string{"NO_SUCH_VARIABLE is not set"}},
		{name: "no mapping", file: "- a\n- b\n", want: []string{"mapping"}},
		{name: "bad YAML", file: "a: [\n", want: []string{"claimwire.yaml"}},
		{name: "unknown stage", args: []string{"--stages", "fetcher,extracter"}, want: []string{`"extracter" is no stage`, "extractor"}},
		{name: "part of the stages alone", args: []string{"--stages", "fetcher"}, want: []string{"shared server"}},
		{name: "replicas without cluster", args: []string{"--replicas", "3"}, want: []string{"cluster URL"}},
		{name: "key twice", file: "every: 5m\nlisten: x\nevery: 6m\n", want: []string{"claimwire.yaml:3", "every", "line 1"}},
		{name: "feed that is no URL", file: "feeds: example.com/feed\n", want: []string{`"example.com/feed"`, "http"}},
		{name: "feed of another kind", args: []string{"--feed", "ftp://ana:hunter2@example.com/feed"}, want: []string{`"ftp://ana:xxxxx@example.com/feed"`}},
		{name: "unreadable feed", args: []string{"--feed", "http://ana:hunter2@example.com:x/%zz"}, want: []string{"feed", "cannot be read"}},
		{name: "file for a database", args: []string{"--database", "claims.db"}, want: []string{"database", "postgres://"}},
		{name: "connection string for a database", environ: []string{"CLAIMWIRE_STATE=host=db password=hunter2"}, want: []string{"state", "postgres://"}},
		{name: "address without a port", args: []string{"--admin-listen", "localhost"}, want: []string{"admin-listen", "HOST:PORT"}},
		{name: "unknown core", args: []string{"--nlp", "spacy"}, want: []string{`"spacy"`, "own and prose"}},
		{name: "unknown parser", args: []string{"--parse", "maybe"}, want: []string{`"maybe"`, "on and off"}},
		{name: "unknown level", args: []string{"--log-level", "loud"}, want: []string{"log-level", "debug"}},
		{name: "too fast", args: []string{"--every", "1ms"}, want: []string{"ban"}},
		{name: "half a certificate", args: []string{"--nats-cert", "x.pem"}, want: []string{"nats-key"}},
		{name: "two ways to sign in", args: []string{"--nats-creds", "a", "--nats-nkey", "b"}, want: []string{"exclude"}},
		{name: "readers of nothing", args: []string{"--nats-readers", "U"}, want: []string{"nats-listen"}},
		{name: "bad retention", file: "keep: [articles]\n", want: []string{"keep", "AGE"}},
		{name: "missing secret", file: "database-file: /no/such/secret\n", want: []string{"claimwire.yaml:1", "database-file", "/no/such/secret"}},
		{name: "file of no setting", file: "databass-file: x\n", want: []string{"unknown setting"}},
		{name: "missing file", args: []string{"--config", "/no/such/file.yaml"}, want: []string{"/no/such/file.yaml"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := load(t, tt.file, tt.environ, tt.args)
			if err == nil {
				t.Fatal("no error")
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error %q has a password", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
		})
	}
}

func TestTestVariablesAreNoSettings(t *testing.T) {
	if _, err := load(t, "", []string{"CLAIMWIRE_FAILPOINT=x:kill", "CLAIMWIRE_TEST_NO_SKIP=1", "CLAIMWIRE_TOKEN=x"}, nil); err != nil {
		t.Error(err)
	}
}

// TestSecretFiles reads values from files, in the environment and in YAML, and
// keeps them out of error messages.
func TestSecretFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("postgres://u:hunter2@db/claims\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file    string
		environ []string
	}{
		{environ: []string{"CLAIMWIRE_DATABASE_FILE=" + path}},
		{file: "database-file: " + path + "\n"},
	} {
		s, err := load(t, tt.file, tt.environ, nil)
		if err != nil || s.Database != "postgres://u:hunter2@db/claims" {
			t.Errorf("database of %+v = %q, %v", tt, s.Database, err)
		}
	}
	_, err := load(t, "", []string{"CLAIMWIRE_REPLICAS_FILE=" + path}, nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %q shows what is in the file", err)
	}
}
