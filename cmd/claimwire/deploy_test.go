package main

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/sink/webhook"
)

func deployFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", ".github", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// settingsFile checks a settings file as the program does.
func settingsFile(t *testing.T, text string) *config.Settings {
	t.Helper()
	path := filepath.Join(t.TempDir(), "claimwire.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return settingsOf(t, []string{"run", "--config", path}, nil)
}

// TestExampleSettings reads the example as it is, and then with what it shows in
// comments, so that both are right.
func TestExampleSettings(t *testing.T) {
	text := string(deployFile(t, "claimwire.yaml"))
	s := settingsFile(t, text)
	if len(s.Feeds) != 1 || len(s.Keep) != 4 || s.MinFree != 256<<20 {
		t.Errorf("settings %+v", s)
	}
	secret := filepath.Join(t.TempDir(), "database")
	if err := os.WriteFile(secret, []byte("postgres://u:p@db/c"), 0o600); err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`(?m)^# ([a-z-]+: )`).ReplaceAllString(text, "$1")
	s = settingsFile(t, strings.Replace(all, "/run/secrets/claimwire-database", secret, 1))
	if s.Database != "postgres://u:p@db/c" || len(s.NATSReaders) != 1 || len(s.Hosts) != 1 {
		t.Errorf("settings with the comments %+v", s)
	}
	fs := flag.NewFlagSet("run", flag.ContinueOnError)
	new(config.Settings).Register(fs)
	for _, m := range regexp.MustCompile(`(?m)^([a-z-]+): ([^#\s]+)$`).FindAllStringSubmatch(text, -1) {
		if f := fs.Lookup(m[1]); m[1] != "data-dir" && f != nil && f.DefValue != m[2] && f.DefValue+"0s" != m[2] && !strings.HasPrefix(f.DefValue, m[2]) {
			t.Errorf("%s: the example has %s, the default is %s", m[1], m[2], f.DefValue)
		}
	}
}

// TestKubernetes holds the manifest to the program's flags, ports and paths.
func TestKubernetes(t *testing.T) {
	dec := yaml.NewDecoder(strings.NewReader(string(deployFile(t, "kubernetes.yaml"))))
	kinds := map[string]int{}
	for {
		var doc struct {
			Kind string
			Data map[string]string
			Spec struct {
				Template struct {
					Spec struct {
						Containers []struct {
							Args           []string
							Ports          []struct{ ContainerPort int } `yaml:"ports"`
							ReadinessProbe struct {
								HTTPGet struct{ Path string } `yaml:"httpGet"`
							} `yaml:"readinessProbe"`
							VolumeMounts []struct{ Name, MountPath string } `yaml:"volumeMounts"`
						}
					}
				}
			}
		}
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kinds[doc.Kind]++
		for _, text := range doc.Data {
			settingsFile(t, text)
		}
		for _, c := range doc.Spec.Template.Spec.Containers {
			args := slices.Clone(c.Args)
			i := slices.Index(args, "--config")
			s := settingsOf(t, append(args[:i:i], args[i+2:]...), nil)
			if s.DataDir != "/data" || !strings.HasSuffix(s.Listen, ":8417") || c.ReadinessProbe.HTTPGet.Path != "/readyz" {
				t.Errorf("container %+v", c)
			}
		}
	}
	if kinds["StatefulSet"] != 1 || kinds["Service"] != 1 || kinds["ConfigMap"] != 1 {
		t.Errorf("kinds %v", kinds)
	}
}

func TestSystemdUnit(t *testing.T) {
	text := string(deployFile(t, "claimwire.service"))
	m := regexp.MustCompile(`(?m)^ExecStart=\S+/claimwire (.*)$`).FindStringSubmatch(text)
	if m == nil {
		t.Fatal("no ExecStart")
	}
	args := strings.Fields(m[1])
	i := slices.Index(args, "--config")
	s := settingsOf(t, append(args[:i:i], args[i+2:]...), nil)
	if s.DataDir != "/var/lib/claimwire" || !strings.Contains(text, "StateDirectory=claimwire") {
		t.Errorf("data in %s", s.DataDir)
	}
	if !strings.Contains(text, "\nType=notify\n") { // see notify.go
		t.Error("the unit does not hear when the program is ready")
	}
	section := ""
	for n, line := range strings.Split(text, "\n") {
		switch {
		case line == "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = line
		case section == "" || !regexp.MustCompile(`^[A-Z][A-Za-z]+=`).MatchString(line):
			t.Errorf("line %d: %q", n+1, line)
		}
	}
}

// TestBoardAndAlerts wants every metric that the board and the alerts ask for to
// be one that the program has, with those labels.
func TestBoardAndAlerts(t *testing.T) {
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(deployFile(t, "grafana.json"), &board); err != nil {
		t.Fatal(err)
	}
	var alerts struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(deployFile(t, "alerts.yaml"), &alerts); err != nil {
		t.Fatal(err)
	}
	var exprs []string
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			exprs = append(exprs, target.Expr)
		}
	}
	for _, g := range alerts.Groups {
		for _, r := range g.Rules {
			if r.Alert == "" {
				t.Error("a rule without a name")
			}
			exprs = append(exprs, r.Expr)
		}
	}
	if len(exprs) < 30 {
		t.Fatalf("%d expressions", len(exprs))
	}
	known := metricsOfRun(t)
	for _, e := range exprs {
		var labels []map[string]bool // of each metric of the expression
		for _, m := range regexp.MustCompile(`\b((?:claimwire|process|go)_[a-z_0-9]+)(?:\{([^}]*)\})?`).FindAllStringSubmatch(e, -1) {
			has, ok := known[m[1]]
			if !ok {
				t.Errorf("%s asks for %s, which the program does not have", e, m[1])
				continue
			}
			labels = append(labels, has)
			for _, l := range regexp.MustCompile(`(\w+)!?[=~]`).FindAllStringSubmatch(m[2], -1) {
				if !has[l[1]] {
					t.Errorf("%s asks for the label %s, which %s does not have", e, l[1], m[1])
				}
			}
		}
		for _, m := range regexp.MustCompile(`\b(?:by|on) \(([^)]*)\)`).FindAllStringSubmatch(e, -1) {
			for _, l := range strings.Split(m[1], ", ") {
				if l != "instance" && slices.ContainsFunc(labels, func(has map[string]bool) bool { return !has[l] }) {
					t.Errorf("%s groups by %s, which not all of its metrics have", e, l)
				}
			}
		}
		if strings.Count(e, "(") != strings.Count(e, ")") {
			t.Errorf("%s: parentheses", e)
		}
	}
}

// metricsOfRun returns the names of the series that the real program shows after a run
// in which nothing went wrong but a receiver of webhooks, each with its labels.
func metricsOfRun(t *testing.T) map[string]map[string]bool {
	t.Helper()
	hooks := writeFile(t, "hooks.yaml", "- {name: away, url: http://127.0.0.1:1/, secrets: ["+webhook.NewSecret()+"], since: 0}\n")
	p := startProgram(t, t.TempDir(), "--webhooks", hooks, "--allow-private", "--archive=false", "http://127.0.0.1:1/feed")
	articles, err := sample.Variations(3)
	if err != nil {
		t.Fatal(err)
	}
	p.send(articles)
	var text string
	p.await("the sink's first batch of claims", func() bool {
		text = get(t, p.page+"/metrics")
		return regexp.MustCompile(`(?m)^claimwire_claim_changes_total [1-9]`).MatchString(text) && strings.Contains(text, "claimwire_sink_write_seconds_count")
	})
	p.stop()
	known := map[string]map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(\w+)(?:\{(.*)\})? [-+.0-9eInfNa]+$`).FindAllStringSubmatch(text, -1) {
		if known[m[1]] == nil {
			known[m[1]] = map[string]bool{}
		}
		for _, l := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(m[2], -1) {
			known[m[1]][l[1]] = true
		}
	}
	return known
}

// TestReleaseTargets holds the release to static binaries for six platforms that
// come out the same for everybody.
func TestReleaseTargets(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", ".github", "goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Builds []struct {
			Main                              string
			Env, Flags, Ldflags, Goos, Goarch []string
			ModTimestamp                      string `yaml:"mod_timestamp"`
		}
		Sboms []map[string]string
	}
	if err := yaml.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	b := c.Builds[0]
	if len(b.Goos) != 3 || len(b.Goarch) != 2 || b.Main != "./cmd/claimwire" || len(c.Sboms) != 1 {
		t.Errorf("build %+v, %d SBOMs", b, len(c.Sboms))
	}
	if !slices.Contains(b.Env, "CGO_ENABLED=0") || !slices.Contains(b.Flags, "-trimpath") || !strings.Contains(b.Ldflags[0], "-buildid=") || b.ModTimestamp == "" {
		t.Errorf("build %+v is not the same for everybody", b)
	}
}
