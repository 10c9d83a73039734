package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/schematest"
)

// claimwire runs the program in this process and returns its exit code and what it printed.
func claimwire(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = dispatch(t.Context(), stdio{strings.NewReader(stdin), &out, &errs}, args)
	return code, out.String(), errs.String()
}

const twoArticles = `{"id":"one","published_at":"2025-11-25","text":"At least 42 people were killed in Norland on Monday, the interior ministry said."}
{"id":"two","published_at":"2025-11-26","text":"Türkiye sent 30 trucks of aid. \"We will send more,\" said Ayla Demir, the health minister."}
`

func TestExtractExtraction(t *testing.T) {
	code, out, errs := claimwire(t, twoArticles, "extract", "--format", "extraction", "-")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want one an article:\n%s", len(lines), out)
	}
	for i, id := range []string{"one", "two"} {
		schematest.Validate(t, "extraction", []byte(lines[i]))
		var x schemas.Extraction
		if err := json.Unmarshal([]byte(lines[i]), &x); err != nil {
			t.Fatal(err)
		}
		if x.ArticleID != id {
			t.Errorf("line %d is article %s, want %s: input order is kept", i, x.ArticleID, id)
		}
		if len(x.Quantities) == 0 {
			t.Errorf("article %s has no quantities", id)
		}
		runes := []rune(x.Article.Text)
		for _, q := range x.Quantities {
			if got := string(runes[q.Start:q.End]); got != q.Text {
				t.Errorf("quantity %q stands at %q", q.Text, got)
			}
		}
	}
}

func TestExtractClaims(t *testing.T) {
	code, out, errs := claimwire(t, twoArticles, "extract", "-")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	claims := 0
	for line := range strings.Lines(out) {
		schematest.Validate(t, "claim", []byte(line))
		claims++
	}
	if claims < 2 {
		t.Errorf("%d claims, want one a figure:\n%s", claims, out)
	}
	again, out2, _ := claimwire(t, twoArticles, "extract", "-")
	if again != exitOK || out2 != out {
		t.Error("the same input gave other bytes")
	}
}

// TestExtractNames gives the program names that no list has: texts are read with
// them, by both language cores.
func TestExtractNames(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "names.yaml")
	if err := os.WriteFile(file, []byte(`
- {name: eNorda, type: ORG, country: DK, key: enorda-as, aliases: [Norda Grid]}
- {name: Vess, type: LOC, country: NO}
- {name: Omar Haddad, type: PER, key: omar-haddad-1961, aliases: [The Old Heron]}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	const article = `{"id":"a","published_at":"2025-11-25","text":"Norda Grid said 40 people left Vess on Monday. The eNorda plant is shut. Omar K. Haddad was there; Haddad, whom they call The Old Heron, is well. Omar Haddad left."}`
	for _, nlp := range []string{"own", "prose"} {
		code, out, errs := claimwire(t, article, "extract", "--nlp", nlp, "--names", file, "--format", "extraction", "-")
		if code != exitOK {
			t.Fatalf("%s: exit %d: %s", nlp, code, errs)
		}
		var x schemas.Extraction
		if err := json.Unmarshal([]byte(out), &x); err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for _, e := range x.Entities {
			for _, m := range e.Mentions {
				found[m.Text] = fmt.Sprintf("%s %s %s %s", e.Type, e.Name, e.Key, e.Country)
			}
		}
		for form, want := range map[string]string{
			"Norda Grid": "ORG eNorda enorda-as DK", "eNorda": "ORG eNorda enorda-as DK", "Vess": "LOC Vess vess NO",
			"The Old Heron": "PER Omar Haddad omar-haddad-1961 ", "Omar Haddad": "PER Omar Haddad omar-haddad-1961 ",
		} {
			if found[form] != want {
				t.Errorf("%s: %s is %q, want %q", nlp, form, found[form], want)
			}
		}
		if len(x.MadeBy.Models["names of the user"]) == 0 {
			t.Errorf("%s: made_by says nothing of the names", nlp)
		}
	}
	if err := os.WriteFile(file, []byte("- {name: X, type: ORGG}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := claimwire(t, article, "extract", "--names", file, "-"); code != exitFailed || !strings.Contains(errs, `names.yaml:1: no type "ORGG" (did you mean ORG?)`) {
		t.Errorf("a wrong file of names: exit %d: %s", code, errs)
	}
}

func TestExtractBadLines(t *testing.T) {
	good := strings.Split(twoArticles, "\n")
	in := good[0] + "\nthis is no JSON\n\n{\"id\":\"empty\",\"text\":\"  \"}\n{\"id\": 7}\n" + good[1] + "\n"
	code, out, errs := claimwire(t, in, "extract", "--format", "extraction", "-")
	if code != exitFailed {
		t.Errorf("exit %d, want %d", code, exitFailed)
	}
	if n := strings.Count(out, "\n"); n != 2 {
		t.Errorf("%d articles came through, want the two good ones", n)
	}
	for _, want := range []string{"standard input:2: no Article", "standard input:4: article empty: no text", "standard input:5: no Article", "3 of 5 articles"} {
		if !strings.Contains(errs, want) {
			t.Errorf("stderr lacks %q:\n%s", want, errs)
		}
	}
}

func TestExtractLongLine(t *testing.T) {
	long := `{"id":"long","text":"` + strings.Repeat("word ", maxLine/5) + `"}`
	big := `{"id":"big","text":"` + strings.Repeat("word ", schemas.MaxTextBytes/5+1) + `"}`
	code, out, errs := claimwire(t, long+"\n"+big+"\n"+twoArticles, "extract", "--format", "extraction", "-")
	if code != exitFailed || strings.Count(out, "\n") != 2 {
		t.Errorf("exit %d, %d articles; want %d, 2", code, strings.Count(out, "\n"), exitFailed)
	}
	if !strings.Contains(errs, "standard input:1: line of over") || !strings.Contains(errs, "standard input:2: article big: text of") {
		t.Errorf("stderr:\n%s", errs)
	}
}

func TestExtractOtherLanguageIsShown(t *testing.T) {
	text := strings.Repeat("Le gouvernement a annoncé mardi que quarante personnes avaient été blessées dans la capitale. ", 5)
	in, err := json.Marshal(map[string]string{"id": "fr", "text": text})
	if err != nil {
		t.Fatal(err)
	}
	code, out, errs := claimwire(t, string(in), "extract", "--format", "extraction", "-")
	if code != exitOK || !strings.Contains(out, `"skipped":"language: fr"`) {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	schematest.Validate(t, "extraction", []byte(out))
}

func TestExtractPage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(bridgePage), 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(bridgePage))
	}))
	defer server.Close()
	for _, args := range [][]string{{file}, {"--allow-private", server.URL + "/story"}} {
		code, out, errs := claimwire(t, "", append([]string{"extract", "--format", "text"}, args...)...)
		if code != exitOK {
			t.Fatalf("exit %d: %s", code, errs)
		}
		for _, want := range []string{"Bridge closes after storm", "14 people", "2025-11-24", "2 million USD"} {
			if !strings.Contains(out, want) {
				t.Errorf("extract %v lacks %q:\n%s", args, want, out)
			}
		}
		if strings.Contains(out, "12 sections") {
			t.Errorf("extract %v reads the menu:\n%s", args, out)
		}
	}
	if code, _, errs := claimwire(t, "", "extract", server.URL); code != exitFailed || !strings.Contains(errs, "not public") {
		t.Errorf("a loopback URL was fetched: exit %d, %s", code, errs)
	}
}

// TestExtractSeveral reads files, an address and standard input together. What two of
// them say is one claim, and one that is missing stops no other.
func TestExtractSeveral(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"bridge.html": bridgePage,
		"again.txt":   "The bridge over the river Lenne was closed on Monday after a storm injured 14 people, the police said.\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"extract", "--format", "extraction", filepath.Join(dir, "bridge.html"), filepath.Join(dir, "none.txt"), "-", filepath.Join(dir, "again.txt")}
	code, out, errs := claimwire(t, twoArticles, args...)
	if n := strings.Count(out, "\n"); code != exitFailed || n != 4 {
		t.Errorf("exit %d, %d extractions, want 1 and 4; stderr %s", code, n, errs)
	}
	for _, want := range []string{"none.txt", "1 of 5 articles could not be read"} {
		if !strings.Contains(errs, want) {
			t.Errorf("stderr lacks %q:\n%s", want, errs)
		}
	}
	args = []string{"extract", "--published", "2025-11-24", filepath.Join(dir, "bridge.html"), filepath.Join(dir, "again.txt")}
	code, out, errs = claimwire(t, "", args...)
	if code != exitOK || !strings.Contains(out, `"articles":2`) {
		t.Errorf("exit %d; no claim of two articles in\n%s%s", code, out, errs)
	}
}

func TestExtractConllu(t *testing.T) {
	code, out, errs := claimwire(t, twoArticles, "extract", "--format", "conllu", "-")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if strings.Count(out, "# article_id = ") != 2 {
		t.Errorf("want article_id once an article:\n%s", out)
	}
	var text []rune
	for line := range strings.Lines(twoArticles) {
		var a schemas.Article
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		if a.ID == "two" {
			text = []rune(a.Text)
		}
	}
	_, second, _ := strings.Cut(out, "# article_id = two\n")
	words := 0
	for line := range strings.Lines(second) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 10 {
			continue
		}
		var from, to int
		at := strings.Index(f[9], "TokenRange=")
		if _, err := fmt.Sscanf(f[9][at:], "TokenRange=%d:%d", &from, &to); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if got := string(text[from:to]); got != f[1] {
			t.Errorf("word %q stands at %q", f[1], got)
		}
		words++
	}
	if words < 15 {
		t.Errorf("%d words", words)
	}
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		want string // on either stream
	}{
		{nil, exitUsage, "Usage: claimwire"},
		{[]string{"help"}, exitOK, "Start with: claimwire run --sample"},
		{[]string{"help", "extract"}, exitOK, "Usage: claimwire extract [flags] FILE|URL|-…"},
		{[]string{"extract", "--help"}, exitOK, "-format kind"},
		{[]string{"extrakt"}, exitUsage, "unknown command"},
		{[]string{"extract"}, exitUsage, "want a FILE"},
		{[]string{"extract", "-", "x.txt", "-"}, exitUsage, "read once"},
		{[]string{"extract", "--nope", "x"}, exitUsage, "--help"},
		{[]string{"extract", "--format", "xml", "-"}, exitUsage, "claims, extraction, conllu and text"},
		{[]string{"extract", "--published", "yesterday", "-"}, exitUsage, "2006-01-02"},
		{[]string{"extract", "--nlp", "spacy", "-"}, exitUsage, "own and prose"},
		{[]string{"extract", "--parse", "maybe", "-"}, exitUsage, "on and off"},
		{[]string{"bench", "--parse", "maybe"}, exitUsage, "on and off"},
		{[]string{"extract", "http://127.0.0.1:9/"}, exitFailed, "--allow-private"},
		{[]string{"extract", "/no/such/file"}, exitFailed, "/no/such/file"},
		{[]string{"config", "check"}, exitOK, "listen: "},
		{[]string{"config", "check", "--listen", "127.0.0.1:1"}, exitOK, `listen: "127.0.0.1:1"`},
		{[]string{"config", "check", "--database", "postgres://u:secret@h/db"}, exitOK, "postgres://u:xxxxx@h/db"},
		{[]string{"config", "check", "--nats", "nats://secret@h:4222,nats://u:secret@h2:4222"}, exitOK, "nats://xxxxx@h:4222,nats://u:xxxxx@h2:4222"},
		{[]string{"config", "check", "--database", "postgres://u@h/db?password=secret"}, exitOK, "password=xxxxx"},
		{[]string{"config", "check", "--otlp", "https://h/v1/traces?api_key=secret"}, exitOK, "https://h/v1/traces?api_key=xxxxx"},
		{[]string{"config", "check", "--feed", "https://u:secret@h/feed?token=secret&page=2"}, exitOK, "https://h/feed?token=xxxxx&page=2"},
		{[]string{"config", "check", "--state", "postgres://u:secret@h/db"}, exitOK, "state: \"postgres://u:xxxxx@h/db"},
		{[]string{"config", "check", "--otlp", "https://u:secret@h:4318"}, exitOK, "https://u:xxxxx@h:4318"},
		{[]string{"config", "check", "--feed", "https://u:secret@h/feed.xml"}, exitOK, "h/feed.xml"},
		{[]string{"config", "chekc"}, exitUsage, "config check"},
		{[]string{"licenses"}, exitOK, "Apache License"},
		{[]string{"version"}, exitOK, "claimwire "},
	} {
		code, out, errs := claimwire(t, "", tt.args...)
		if code != tt.code || !strings.Contains(out+errs, tt.want) {
			t.Errorf("claimwire %v: exit %d, want %d; output lacks %q:\n%s%s", tt.args, code, tt.code, tt.want, out, errs)
		}
		if strings.Contains(out+errs, "secret") {
			t.Errorf("claimwire %v prints a password", tt.args)
		}
	}
}

func TestMistakeLeavesStdoutEmpty(t *testing.T) {
	if code, out, errs := claimwire(t, "", "run", "--nope"); code != exitUsage || out != "" || !strings.Contains(errs, "-nope") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, out, errs)
	}
}

func TestExtractBinary(t *testing.T) {
	if code, out, errs := claimwire(t, "%PDF-1.4\n\x00 12 people were killed", "extract", "-"); code != exitFailed || out != "" || !strings.Contains(errs, "application/pdf") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, out, errs)
	}
}

func TestPrintable(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain Türkiye 👩‍👧", "plain Türkiye 👩‍👧"},
		{"red\x1b[31m", "red�[31m"},
		{"evil\u202egnp.exe", "evil�gnp.exe"},
		{"two\nlines\tand\r", "two lines and "},
		{"zero\u200bwidth", "zero�width"},
	} {
		if got := printable(tt.in); got != tt.want {
			t.Errorf("printable(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestExtractExplain(t *testing.T) {
	const text = `{"id":"x","published_at":"2025-11-25","text":"At least 42 people were killed in Norland on Monday, the Interior Ministry said."}`
	code, out, errs := claimwire(t, text, "extract", "--explain", "-")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, want := range []string{
		"\n      value       at least 42, asserted\n",
		"\n      counts      people\n",
		"\n      place       Norland, stated in the sentence\n",
		"\n      time        2025-11-24, stated in the sentence\n",
		"\n      source      Interior Ministry, stated in the sentence\n",
		"enough for a reportable claim\n",
		"\n      rules       quantity/",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	plain, _, _ := claimwire(t, text, "extract", "--explain", "--format", "text", "-")
	clash, _, errs := claimwire(t, text, "extract", "--explain", "--format", "claims", "-")
	if plain != exitOK || clash != exitUsage || !strings.Contains(errs, "--explain goes with --format text") {
		t.Errorf("exit %d with --format text, %d with --format claims: %s", plain, clash, errs)
	}
}

// The tree of a sentence with a figure is shown, and used, unless it is switched off.
func TestParse(t *testing.T) {
	const text = `{"id":"x","published_at":"2025-11-25","text":"Rebels killed nine guards. The fort fell."}`
	for _, tt := range []struct {
		args []string
		want []string // in the output
		not  string
	}{
		{[]string{"extract", "--explain", "-"}, []string{"\n      tree        killed  root\n                    Rebels  nsubj\n", "role/tree-agreed"}, "fell  root"},
		{[]string{"extract", "--explain", "--parse=off", "-"}, []string{"agent       Rebels"}, "tree"},
		{[]string{"extract", "--format", "conllu", "-"}, []string{"\tkilled\t_\tVERB\tVBD\t_\t0\troot\t", "\tguards\t_\tNOUN\tNNS\t_\t2\tobj\t", "\tfell\t_\tVERB\tVBD\t_\t0\troot\t"}, "\t_\t_\t_\t"},
		{[]string{"extract", "--format", "conllu", "--parse", "off", "-"}, []string{"\tkilled\t_\tVERB\tVBD\t_\t_\t_\t"}, "root"},
	} {
		code, out, errs := claimwire(t, text, tt.args...)
		if code != exitOK {
			t.Fatalf("%v: exit %d: %s", tt.args, code, errs)
		}
		for _, want := range tt.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v: no %q in\n%s", tt.args, want, out)
			}
		}
		if strings.Contains(out, tt.not) {
			t.Errorf("%v: %q in\n%s", tt.args, tt.not, out)
		}
	}
}

func TestExplainHostileText(t *testing.T) {
	const text = `{"id":"x","text":"At least 42 \u001b[31mpeople\u202e were killed in Norland, the \u001b]0;ministry\u0007 said."}`
	code, out, _ := claimwire(t, text, "extract", "--explain", "-")
	if code != exitOK || strings.ContainsAny(out, "\x1b\x07\u202e") {
		t.Errorf("exit %d, control characters reach the terminal: %q", code, out)
	}
}
