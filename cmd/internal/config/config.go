// Package config holds the settings of the program: one struct, filled from
// flags, then the environment, then one YAML file, then defaults.
//
// Every setting is a flag of a [flag.FlagSet]. The setting --data-dir is
// CLAIMWIRE_DATA_DIR in the environment and data-dir in the file, with the same
// text form everywhere; a list is given by repeating the flag, with commas in the
// environment, and as a YAML list in the file. Unknown keys are errors. With
// _FILE or -file behind its name the value is read from a file: that is how
// secrets come from Docker and Kubernetes.
package config

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Settings are all settings of a running instance.
type Settings struct {
	Feeds         List          // feed URLs to poll
	DataDir       string        // folder of everything that outlives a restart
	Listen        string        // address of the HTTP server; empty for none
	Hosts         List          // host names that the HTTP server answers to, besides localhost and IP addresses
	Stages        List          // stages that this process runs; empty for all
	NLP           string        // language core: own or prose
	Names         string        // file of names that the extractor knows besides its own lists; empty for none
	Parse         string        // dependency trees: on or off
	NATS          string        // URL of an external NATS server; empty for the embedded one
	NATSListen    string        // address the embedded NATS server listens on; empty for none
	NATSCreds     string        // credentials file for the external server
	NATSNKey      string        // file with the nkey seed of this program's user of the external server
	NATSCA        string        // PEM file of the CA that signed the external server's certificate
	NATSCert      string        // PEM file of a certificate: shown to the external server, or the embedded listener's own
	NATSKey       string        // PEM file of its key
	NATSOwners    List          // public nkeys that may do everything on the embedded server's listener
	NATSReaders   List          // public nkeys that may subscribe to claims there
	Replicas      int           // replicas of each stream on an external cluster
	Sync          bool          // fsync before a message is acknowledged
	MinFree       Size          // publishing stops when the disk has fewer bytes free; fetching stops at twice as many
	MaxLag        int           // fetching pauses while the extractors are so many articles behind
	Keep          List          // how long and how much of each stream is kept; see ParseKeep
	SnapshotEvery time.Duration // how often the normalizer's state in SQLite is copied; 0 for never
	Snapshots     int           // copies that are kept
	Database      string        // PostgreSQL URL of the claim store; empty for SQLite in DataDir
	JSONL         string        // file that every change is appended to; empty for none
	UserAgent     string        // how the fetcher names itself
	Every         time.Duration // pause between two polls of a feed
	Timeout       time.Duration // of one HTTP request of the fetcher
	MaxBytes      int64         // of one body, after decompression
	AllowLAN      bool          // fetch from private addresses too
	Archive       bool          // record every request and answer in DataDir
	ArchiveKeep   Limit         // files of the archive beyond it are removed, the oldest first
	ArchiveFile   Limit         // when the archive begins another file
	WebSubURL     string        // under which hubs reach WebSubListen; empty: feeds are polled only
	WebSubListen  string        // address on which hubs are answered
	Rights        Pairs         // by host or domain: what has been agreed with a publisher
	Partners      Pairs         // by host or domain: domains within which its pages' canonical addresses are believed too
	Deposit       List          // hosts or domains whose robots.txt does not bind us, for legal deposit
	FinalAfter    time.Duration // how far behind the newest article claims become final
	Horizon       time.Duration // how long after its publication an article stays in the normalizer's memory; 0: for ever
	LogLevel      string        // debug, info, warn or error
	LogJSON       bool          // log JSON lines
	OTLP          string        // URL of an OpenTelemetry collector that traces go to; empty for none
	File          string        // the settings file
	MetricsOpen   bool          // serve /metrics
	AdminListen   string        // address of a second HTTP server for metrics, health and profiles; empty for none
	Tokens        string        // file of the tokens that the desk asks for; empty for none
	Webhooks      string        // YAML file of webhook endpoints; empty for none
	FullText      bool          // article pages show whole texts
	State         string        // PostgreSQL URL of the normalizer's state; empty for SQLite in DataDir
	Standby       bool          // the normalizer waits until no other one of its partition leads
	Partition     string        // share of the claims that this process's normalizer makes: "2/8"
}

// Register defines a flag of fs for each setting, with s as its destination and
// its default.
func (s *Settings) Register(fs *flag.FlagSet) {
	fs.Var(&s.Feeds, "feed", "feed `URL` to poll; repeat for more")
	fs.StringVar(&s.DataDir, "data-dir", "claimwire-data", "`folder` of streams, state and claims")
	fs.StringVar(&s.Listen, "listen", "127.0.0.1:8417", "`address` of the web page and HTTP API; \"\" for none")
	fs.Var(&s.Hosts, "host", "host `name` under which the HTTP server is reached, besides localhost and addresses; repeat for more; * for any")
	fs.Var(&s.Stages, "stages", "comma-separated `stages` of this process: fetcher, extractor, normalizer, sink, desk (default all)")
	fs.StringVar(&s.NLP, "nlp", DefaultNLP, "language `core`: own or prose")
	fs.StringVar(&s.Names, "names", "", "YAML `file` of names, types, countries, keys and aliases that texts are read with")
	fs.StringVar(&s.Parse, "parse", DefaultParse, "dependency trees of sentences with figures: on or off; off is faster and reads fewer agents")
	fs.StringVar(&s.NATS, "nats", "", "`URL` of an external NATS server or cluster (default: embedded)")
	fs.StringVar(&s.NATSListen, "nats-listen", "", "`address` on which the embedded NATS server takes clients (default: none)")
	fs.StringVar(&s.NATSCreds, "nats-creds", "", "credentials `file` for the external NATS server")
	fs.StringVar(&s.NATSNKey, "nats-nkey", "", "`file` with the nkey seed for the external NATS server")
	fs.StringVar(&s.NATSCert, "nats-cert", "", "PEM `file` of the certificate shown to the external NATS server, or of the embedded one's listener")
	fs.StringVar(&s.NATSKey, "nats-key", "", "PEM `file` of the key of nats-cert")
	fs.Var(&s.NATSOwners, "nats-owners", "public `nkeys` that may do everything on nats-listen; repeat for more")
	fs.Var(&s.NATSReaders, "nats-readers", "public `nkeys` that may subscribe to claims on nats-listen; repeat for more")
	fs.StringVar(&s.NATSCA, "nats-ca", "", "PEM `file` of the certificate authority of the external NATS server")
	fs.IntVar(&s.Replicas, "replicas", 1, "replicas of each stream on an external cluster: 1, 3 or 5")
	fs.BoolVar(&s.Sync, "sync", true, "write every message to disk before it counts as stored")
	s.MinFree = 256 << 20
	fs.Var(&s.MinFree, "min-free", "`bytes` that stay free on the disk: fetching pauses at twice as many")
	fs.IntVar(&s.MaxLag, "max-lag", 20_000, "fetching pauses while so many `articles` wait to be read; 0 for no bound")
	fs.Var(&s.Keep, "keep", "`STREAM[/PUBLISHER]=AGE[:SIZE]` to keep of a stream, or of one publisher's part of it; repeat for more")
	fs.DurationVar(&s.SnapshotEvery, "snapshot-every", 24*time.Hour, "how often the normalizer's state is copied, if it has changed, for when it is lost and streams were trimmed; 0 for never")
	fs.IntVar(&s.Snapshots, "snapshots", 2, "how many `copies` of the state are kept, each as large as it")
	fs.StringVar(&s.Database, "database", "", "PostgreSQL `URL` of the claim store (default: SQLite in the data folder)")
	fs.StringVar(&s.JSONL, "jsonl", "", "append every change of a claim to this `file`, one JSON object a line")
	fs.StringVar(&s.UserAgent, "user-agent", "claimwire/1 (+https://github.com/claimwire/claimwire)", "how the fetcher names itself")
	fs.DurationVar(&s.Every, "every", 10*time.Minute, "pause between two polls of a feed")
	fs.DurationVar(&s.Timeout, "timeout", 20*time.Second, "time-out of one request of the fetcher")
	fs.Int64Var(&s.MaxBytes, "max-bytes", 4<<20, "largest body the fetcher reads, in `bytes` after decompression")
	fs.BoolVar(&s.Archive, "archive", true, "record every request and answer of the fetcher as WARC in the data folder")
	fs.Var(&s.ArchiveKeep, "archive-keep", "`AGE[:SIZE]` of the archive, like 90d or 0:50GiB: the oldest files beyond it are removed (default: it keeps all)")
	s.ArchiveFile = Limit{Bytes: 1 << 30}
	fs.Var(&s.ArchiveFile, "archive-file", "`AGE[:SIZE]` at which the archive begins another file, like 24h:256MiB")
	fs.StringVar(&s.WebSubURL, "websub-url", "", "public `URL` of --websub-listen, for hubs that announce news at once")
	fs.StringVar(&s.WebSubListen, "websub-listen", "", "`address` on which WebSub hubs are answered, and nobody else")
	fs.Var(&s.Rights, "rights", "`HOST=WORDS`: what has been agreed with a publisher; travels with its articles; repeat for more")
	fs.Var(&s.Partners, "partner", "`HOST=DOMAIN`: pages of this host or domain may name addresses of that one as their own, as no others may; repeat for more")
	fs.Var(&s.Deposit, "legal-deposit", "`host` or domain whose robots.txt does not bind you by law; each use is recorded; repeat for more")
	fs.BoolVar(&s.AllowLAN, "allow-private", false, "let the fetcher reach private and loopback addresses")
	fs.DurationVar(&s.FinalAfter, "final-after", 7*24*time.Hour, "how far behind the newest article a claim becomes final")
	fs.DurationVar(&s.Horizon, "horizon", 0, "how long after its publication the normalizer keeps an article in memory; older ones come back from its state when something touches them; changes no claim; 0: for ever")
	fs.StringVar(&s.State, "state", "", "PostgreSQL `URL` of the normalizer's state, in a schema of its own (default: SQLite in the data folder)")
	fs.BoolVar(&s.Standby, "standby", false, "wait until no other normalizer of the partition leads, take over when it is gone; on --nats, with one --state or data folder for all")
	fs.StringVar(&s.Partition, "partition", "1/1", "`share` of the claims that the normalizer of this process makes, by measure: 2/8 is the second of eight processes")
	fs.StringVar(&s.LogLevel, "log-level", "info", "least `level` that is logged: debug, info, warn, error")
	fs.BoolVar(&s.LogJSON, "log-json", false, "log JSON lines")
	fs.BoolVar(&s.MetricsOpen, "metrics", true, "serve /metrics on the HTTP server")
	fs.StringVar(&s.AdminListen, "admin-listen", "", "`address` of metrics, profiles and the reasons of /readyz, which --listen then does not serve (default: none)")
	fs.StringVar(&s.Tokens, "tokens", "", "`file` of the tokens that the web page and HTTP API ask for; claimwire token adds one (default: reading is open, this machine may do all)")
	fs.StringVar(&s.Webhooks, "webhooks", "", "YAML `file` of endpoints that changes of claims are posted to")
	fs.BoolVar(&s.FullText, "full-text", false, "article pages show whole texts, if the rights are there, not only quoted paragraphs")
	fs.StringVar(&s.OTLP, "otlp", "", "`URL` of an OpenTelemetry collector for traces, such as http://127.0.0.1:4318 (default: none)")
	fs.StringVar(&s.File, "config", "", "YAML `file` of settings, named like the flags")
}

// Cores are the language cores.
var Cores = []string{DefaultNLP, "prose"}

// DefaultNLP is the language core that is used if none is named.
const DefaultNLP = "own"

// Parsers are the choices for dependency trees.
var Parsers = []string{DefaultParse, "off"}

// DefaultParse is the choice that is made if none is named.
const DefaultParse = "on"

// AllStages are the stages a process can run, in the order of the flow.
var AllStages = []string{"fetcher", "extractor", "normalizer", "sink", "desk"}

// Runs reports whether this process runs a stage.
func (s *Settings) Runs(stage string) bool {
	return len(s.Stages) == 0 || slices.Contains(s.Stages, stage)
}

// Load fills the flags of fs, which have been parsed, from the environment and
// the file that --config or CLAIMWIRE_CONFIG names. What an earlier source has
// set stays. It then checks the settings against each other.
func (s *Settings) Load(fs *flag.FlagSet, environ []string) error {
	set := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { set[f.Name] = true })
	if err := s.loadEnv(fs, environ, set); err != nil {
		return err
	}
	if s.File != "" {
		if err := loadFile(fs, s.File, set); err != nil {
			return err
		}
	}
	return s.check()
}

const envPrefix = "CLAIMWIRE_"

// notSetting reports whether a variable of the environment that starts like a
// setting is none: the token of commands, and what tests are told.
func notSetting(key string) bool {
	return key == "CLAIMWIRE_TOKEN" || key == "CLAIMWIRE_FAILPOINT" || strings.HasPrefix(key, "CLAIMWIRE_TEST_")
}

func (s *Settings) loadEnv(fs *flag.FlagSet, environ []string, set map[string]bool) error {
	for _, kv := range environ {
		key, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(key, envPrefix) || notSetting(key) {
			continue
		}
		name := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, envPrefix)), "_", "-")
		name, fromFile := ofFile(fs, name)
		if fs.Lookup(name) == nil {
			return fmt.Errorf("environment: unknown setting %s%s", key, suggest(fs, name))
		}
		if set[name] {
			continue
		}
		if fromFile {
			var err error
			if value, err = secret(value); err != nil {
				return fmt.Errorf("environment: %s: %w", key, err)
			}
		}
		if err := setFlag(fs, name, value); err != nil {
			return fmt.Errorf("environment: %s=%s: %w", key, shown(fs, name, value, fromFile), err)
		}
		set[name] = true
	}
	return nil
}

// ofFile takes the ending -file off a name that is no setting with it but one
// without it.
func ofFile(fs *flag.FlagSet, name string) (setting string, fromFile bool) {
	short, cut := strings.CutSuffix(name, "-file")
	if cut && fs.Lookup(name) == nil && fs.Lookup(short) != nil {
		return short, true
	}
	return name, false
}

// secret reads a value from a file, without the end of its line.
func secret(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(string(raw), "\r\n"), nil
}

// shown is a value as an error message may repeat it.
func shown(fs *flag.FlagSet, name, value string, fromFile bool) string {
	if fromFile || Secret(name) {
		return "(not shown)"
	}
	return strconv.Quote(value)
}

// Secret reports whether the values of a setting may hold passwords or tokens.
func Secret(name string) bool {
	return name == "database" || name == "nats" || name == "state" || name == "otlp" || name == "websub-url"
}

func loadFile(fs *flag.FlagSet, path string, set map[string]bool) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return fmt.Errorf("settings: %s: %w", path, err)
	}
	if len(doc.Content) == 0 {
		return nil // an empty file sets nothing
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return fmt.Errorf("settings: %s:%d: want a mapping of settings to values", path, root.Line)
	}
	var errs []error
	seen := map[string]int{} // line of each key
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if line, again := seen[key.Value]; again {
			errs = append(errs, fmt.Errorf("settings: %s:%d: %s stands in line %d already", path, key.Line, key.Value, line))
			continue
		}
		seen[key.Value] = key.Line
		if err := setFromNode(fs, key.Value, value, set); err != nil {
			errs = append(errs, fmt.Errorf("settings: %s:%d: %w", path, key.Line, err))
		}
	}
	return errors.Join(errs...)
}

func setFromNode(fs *flag.FlagSet, name string, value *yaml.Node, set map[string]bool) error {
	if name == "feeds" { // reads better for a list
		name = "feed"
	}
	name, fromFile := ofFile(fs, name)
	if fs.Lookup(name) == nil || name == "config" {
		return fmt.Errorf("unknown setting %q%s", name, suggest(fs, name))
	}
	if set[name] {
		return nil
	}
	nodes := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		switch fs.Lookup(name).Value.(type) {
		case *List, *Pairs:
		default:
			return fmt.Errorf("%s takes one value, not a list", name)
		}
		nodes = value.Content
	}
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode {
			return fmt.Errorf("%s: want a plain value", name)
		}
		text, err := Expand(n.Value)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if fromFile {
			if text, err = secret(text); err != nil {
				return fmt.Errorf("%s-file: %w", name, err)
			}
		}
		if err := setFlag(fs, name, text); err != nil {
			return fmt.Errorf("%s: %s: %w", name, shown(fs, name, n.Value, fromFile), err)
		}
	}
	return nil
}

// setFlag sets a flag. What the flag package says of a value that it cannot read is
// "parse error"; this says what it should be.
func setFlag(fs *flag.FlagSet, name, value string) error {
	err := fs.Set(name, value)
	if err == nil {
		return nil
	}
	if g, ok := fs.Lookup(name).Value.(flag.Getter); ok {
		switch g.Get().(type) {
		case time.Duration:
			return errors.New("want a time such as 30s, 10m or 24h")
		case int, int64:
			return errors.New("want a whole number")
		case bool:
			return errors.New("want true or false")
		}
	}
	return err
}

var variable = regexp.MustCompile(`\$\{(\w+)(?::([^}]*))?\}`)

// Expand replaces ${NAME} and ${NAME:default} by the environment. A variable
// that is not set and has no default is an error: an empty password is no guess
// to make.
func Expand(value string) (string, error) {
	var missing string
	out := variable.ReplaceAllStringFunc(value, func(v string) string {
		m := variable.FindStringSubmatch(v)
		if set, ok := os.LookupEnv(m[1]); ok {
			return set
		}
		if !strings.Contains(v, ":") {
			missing = m[1]
		}
		return m[2]
	})
	if missing != "" {
		return "", fmt.Errorf("environment variable %s is not set; ${%s:default} gives it a default", missing, missing)
	}
	return out, nil
}

func (s *Settings) check() error {
	for _, st := range s.Stages {
		if !slices.Contains(AllStages, st) {
			return fmt.Errorf("stages: %q is no stage; there are %s", st, strings.Join(AllStages, ", "))
		}
	}
	for _, f := range s.Feeds {
		u, err := url.Parse(f)
		if err != nil {
			return errors.New("feed: one of the addresses cannot be read") // which may have a password
		}
		if u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("feed: %q is no http or https URL", u.Redacted())
		}
	}
	if !slices.Contains(Cores, s.NLP) {
		return fmt.Errorf("nlp: no language core %q; there are %s", s.NLP, strings.Join(Cores, " and "))
	}
	if s.Names != "" {
		if _, err := ReadNames(s.Names); err != nil {
			return err
		}
	}
	if !slices.Contains(Parsers, s.Parse) {
		return fmt.Errorf("parse: %q; there are %s", s.Parse, strings.Join(Parsers, " and "))
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return fmt.Errorf("log-level: %q; there are debug, info, warn and error", s.LogLevel)
	}
	if s.NATS != "" && s.NATSListen != "" {
		return errors.New("nats and nats-listen exclude each other: an external server listens by itself")
	}
	if (s.NATSCert == "") != (s.NATSKey == "") {
		return errors.New("nats-cert and nats-key go together")
	}
	if s.NATSCreds != "" && s.NATSNKey != "" {
		return errors.New("nats-creds and nats-nkey exclude each other")
	}
	if len(s.NATSOwners)+len(s.NATSReaders) > 0 && s.NATSListen == "" {
		return errors.New("nats-owners and nats-readers say who may connect to nats-listen: give it an address")
	}
	if _, err := ParseKeep(s.Keep); err != nil {
		return err
	}
	if s.SnapshotEvery < 0 || s.SnapshotEvery > 0 && s.SnapshotEvery < time.Second || s.Snapshots < 1 {
		return fmt.Errorf("snapshot-every %s, snapshots %d: want a second or more (0 for never), and at least one copy", s.SnapshotEvery, s.Snapshots)
	}
	if s.MaxLag < 0 {
		return fmt.Errorf("max-lag: %d is negative", s.MaxLag)
	}
	if !slices.Contains([]int{1, 3, 5}, s.Replicas) {
		return fmt.Errorf("replicas: %d; JetStream takes 1, 3 or 5", s.Replicas)
	}
	if s.Replicas > 1 && s.NATS == "" {
		return errors.New("replicas: the embedded server keeps one copy; give nats a cluster URL")
	}
	if s.NATS == "" && len(s.Stages) > 0 && s.NATSListen == "" && len(s.Stages) < len(AllStages) {
		return errors.New("stages: part of the stages alone needs a shared server: give nats a URL, or nats-listen an address")
	}
	for _, at := range []struct{ name, location string }{{"state", s.State}, {"database", s.Database}} {
		name, location := at.name, at.location
		if location != "" && !strings.HasPrefix(location, "postgres://") && !strings.HasPrefix(location, "postgresql://") {
			return fmt.Errorf("%s: want a postgres:// URL; without it there is a file in the data folder", name)
		}
	}
	for _, l := range []struct{ name, address string }{{"listen", s.Listen}, {"admin-listen", s.AdminListen}, {"nats-listen", s.NATSListen}, {"websub-listen", s.WebSubListen}} {
		if _, _, err := net.SplitHostPort(l.address); l.address != "" && err != nil {
			return fmt.Errorf("%s: %q is no address; want HOST:PORT, such as 127.0.0.1:8417", l.name, l.address)
		}
	}
	if s.Standby && (s.NATS == "" || !s.Runs("normalizer")) {
		return errors.New("standby: it is for a normalizer on a shared server: give nats a URL, and stages the normalizer")
	}
	if s.AdminListen != "" && s.AdminListen == s.Listen {
		return errors.New("admin-listen: it needs an address of its own, not that of listen")
	}
	if (s.WebSubURL == "") != (s.WebSubListen == "") {
		return errors.New("websub-url and websub-listen go together: the address for hubs, and the one behind it")
	}
	if u, err := url.Parse(s.WebSubURL); s.WebSubURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("websub-url: %q is no http or https URL", s.WebSubURL)
	}
	if s.Every < time.Second {
		return fmt.Errorf("every: %s is less than a second; publishers would ban you", s.Every)
	}
	if s.Timeout <= 0 || s.MaxBytes <= 0 || s.FinalAfter < 0 {
		return errors.New("timeout, max-bytes and final-after must be positive")
	}
	if s.Horizon < 0 || s.Horizon > 0 && s.Horizon < 24*time.Hour {
		return fmt.Errorf("horizon: %s is less than a day; publication is known by the day", s.Horizon)
	}
	return nil
}

// suggest returns " (did you mean …?)" for the flag nearest to name, "" if none is near.
func suggest(fs *flag.FlagSet, name string) string {
	best, at := "", 3
	fs.VisitAll(func(f *flag.Flag) {
		if d := distance(name, f.Name); d < at {
			best, at = f.Name, d
		}
	})
	if best == "" {
		return "; 'claimwire run --help' lists them"
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// distance is the Levenshtein distance of two short names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := prev
			if a[i] != b[j] {
				cost = min(prev, row[j], row[j+1]) + 1
			}
			prev, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// A List is a flag that may be given several times, or once with commas.
type List []string

// String implements [flag.Value].
func (l *List) String() string { return strings.Join(*l, ",") }

// Set implements [flag.Value]. A comma within a URL does not part it.
func (l *List) Set(v string) error {
	inURL := false
	for part := range strings.SplitSeq(v, ",") {
		isURL := strings.Contains(part, "://")
		if inURL && !isURL {
			(*l)[len(*l)-1] += "," + part
			continue
		}
		if part = strings.TrimSpace(part); part != "" {
			*l = append(*l, part)
			inURL = isURL
		}
	}
	return nil
}

// Pairs is a flag NAME=VALUE that may be given several times. Commas are part of
// a value; names are lower-cased.
type Pairs map[string]string

// String implements [flag.Value].
func (p *Pairs) String() string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(*p)) {
		out = append(out, k+"="+(*p)[k])
	}
	return strings.Join(out, " ")
}

// Set implements [flag.Value].
func (p *Pairs) Set(v string) error {
	name, value, ok := strings.Cut(v, "=")
	if name = strings.ToLower(strings.TrimSpace(name)); !ok || name == "" {
		return errors.New("want NAME=VALUE")
	}
	if *p == nil {
		*p = Pairs{}
	}
	(*p)[name] = strings.TrimSpace(value)
	return nil
}
