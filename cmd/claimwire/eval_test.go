package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/cmd/internal/eval"
)

var (
	evalGold     = filepath.Join("..", "internal", "eval", "testdata", "gold.jsonl")
	evalArticles = filepath.Join("..", "internal", "eval", "testdata", "articles.jsonl")
)

// TestEval holds the whole extractor above floors on the annotated articles that
// come with the program. The floors lie well under the scores, so that they show
// a broken stage and nothing less.
func TestEval(t *testing.T) {
	code, out, errs := claimwire(t, "", "eval", "--json", evalGold, evalArticles)
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var report struct {
		NLP string
		eval.Report
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if report.NLP != "own" || report.Articles != 6 {
		t.Errorf("core %s, %d articles", report.NLP, report.Articles)
	}
	for name, floor := range map[string]float64{
		"entity all": 0.85, "quantity found": 0.9, "of found: value": 0.9, "slot category": 0.6, "CLAIM core": 0.55,
		"time value": 0.85, "STATEMENT with speaker": 0.7, "FACT pairs across articles": 0.9,
	} {
		if got := report.Scores[name].F1; got < floor {
			t.Errorf("F1 of %s = %.3f, floor %.2f", name, got, floor)
		}
	}
	if report.Reportable.Gold != 22 || len(report.Reliability) == 0 {
		t.Errorf("reportable %+v, reliability %+v", report.Reportable, report.Reliability)
	}
}

func TestEvalErrors(t *testing.T) {
	code, out, errs := claimwire(t, "", "eval", "--errors", "1", evalGold, evalArticles)
	if code != exitOK || !strings.Contains(out, "\n6 articles\n") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, _, errs = claimwire(t, "", "eval", evalGold)
	if code != exitUsage || !strings.Contains(errs, "want GOLD.jsonl and ARTICLES.jsonl") {
		t.Errorf("exit %d: %s", code, errs)
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	gold := write("gold.jsonl", `{"doc":"a","times":[{"start":0,"end":6,"text":"Monday","value":"2025-01-06"}]}`)
	for _, tt := range []struct{ articles, want string }{
		{`{"id":"a","text":"It was Monday."}`, `articles.jsonl:1: article a: time "Monday" at [0, 6)`},
		{"{}\n{}}", "articles.jsonl:2: no Article"},
		{strings.Repeat(`{"id":"a","text":"Monday."}`+"\n", 2), "articles.jsonl:2: article a comes twice"},
	} {
		code, _, errs := claimwire(t, "", "eval", gold, write("articles.jsonl", tt.articles))
		if code != exitFailed || !strings.Contains(errs, tt.want) {
			t.Errorf("eval of %q: exit %d, %q, want %q", tt.articles, code, errs, tt.want)
		}
	}
	code, out, errs = claimwire(t, "", "eval", gold, write("articles.jsonl", `{"id":"b","text":"Monday."}`))
	if code != exitOK || !strings.Contains(errs, "no article a") || !strings.Contains(out, "time found                               P 0.000  R 0.000") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}
