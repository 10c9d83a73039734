package text

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pair is two texts and whether an editor would call them copies of one.
type pair struct {
	name, kind string // "edit floods", "edit"
	copies     bool
	a, b       string
}

// TestIndexFindsCopies asks the index, not the exact check, about texts of a news desk:
// edits, abridgements, other tops and tails, copies in a longer page, against reports
// written anew, the same forms with other figures, follow-ups and shared boilerplate.
func TestIndexFindsCopies(t *testing.T) {
	pairs := readPairs(t)
	if len(pairs) != 200 {
		t.Errorf("testdata/pairs.txt has %d pairs, want 200", len(pairs))
	}
	var right, missed, wrong int
	good, all := map[string]int{}, map[string]int{}
	for _, p := range pairs {
		var x Index
		x.Add("a", SketchOf(Words(p.a)))
		x.Add("b", SketchOf(Words(p.b)))
		found := len(x.Group("a")) == 2
		switch {
		case found && p.copies:
			right++
		case p.copies:
			missed++
			t.Logf("missed: %s (%d and %d words)", p.name, len(Words(p.a)), len(Words(p.b)))
		case found:
			wrong++
			t.Logf("no copies: %s (%d and %d words)", p.name, len(Words(p.a)), len(Words(p.b)))
		}
		all[p.kind]++
		if found == p.copies {
			good[p.kind]++
		}
	}
	for _, k := range slices.Sorted(maps.Keys(all)) {
		t.Logf("%-12s %3d of %3d right", k, good[k], all[k])
	}
	f1 := float64(2*right) / float64(2*right+missed+wrong)
	t.Logf("%d found, %d missed, %d wrong of %d pairs: F1 %.3f", right, missed, wrong, len(pairs), f1)
	if f1 < 0.95 {
		t.Errorf("F1 of near-duplicates is %.3f, floor 0.95", f1)
	}
}

// readPairs makes the pairs of testdata/pairs.txt, whose head says how they are written.
func readPairs(t *testing.T) []pair {
	t.Helper()
	texts := map[string][]string{}
	readTexts(t, "testdata/articles.txt", texts)
	readTexts(t, "testdata/reports.txt", texts)
	var out []pair
	for block := range strings.SplitSeq("\n"+readFile(t, "testdata/pairs.txt"), "\n= ") {
		title, recipe, _ := strings.Cut(block, "\n")
		f := strings.Fields(title)
		if len(f) != 3 || f[0] != "copy" && f[0] != "other" || texts[f[2]] == nil {
			if len(out) > 0 {
				t.Fatalf("pair %q: want copy or other, a kind and a text there is", title)
			}
			continue // the head
		}
		p := pair{name: f[1] + " " + f[2], kind: f[1], copies: f[0] == "copy"}
		base := strings.Join(texts[f[2]][1:], "\n")
		first, second, two := strings.Cut(recipe, "|\n")
		if !two {
			first, second = "", recipe
		}
		var err error
		if p.a, err = cook(texts, base, first); err == nil {
			p.b, err = cook(texts, base, second)
		}
		if err != nil {
			t.Errorf("pair %q: %v", title, err)
			continue
		}
		out = append(out, p)
	}
	return out
}

// readTexts reads articles: "== name", the headline, then a paragraph a line.
func readTexts(t *testing.T, path string, texts map[string][]string) {
	t.Helper()
	name := ""
	for line := range strings.Lines(readFile(t, path)) {
		line = strings.TrimSpace(line)
		if n, ok := strings.CutPrefix(line, "== "); ok {
			name = n
		} else if line != "" {
			texts[name] = append(texts[name], line)
		}
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// cook follows a recipe.
func cook(texts map[string][]string, base, recipe string) (string, error) {
	var out []string
	for line := range strings.SplitSeq(recipe, "\n") {
		if len(line) < 2 {
			continue
		}
		op, arg := line[:2], line[2:]
		if out == nil && op != "< " && op != "> " {
			out = []string{base}
		}
		switch op {
		case "< ":
			ps, err := paragraphs(texts, strings.TrimSpace(arg))
			if err != nil {
				return "", err
			}
			out = append(out, ps...)
		case "> ":
			out = append(out, arg)
		case "~ ":
			old, now, _ := strings.Cut(arg, " => ")
			text := strings.Join(out, "\n")
			if !strings.Contains(text, old) {
				return "", fmt.Errorf("%q is not in the text", old)
			}
			out = []string{strings.ReplaceAll(text, old, now)}
		case "! ":
			written := writing(arg)
			if written == nil {
				return "", fmt.Errorf("no writing is called %q", arg)
			}
			out = []string{written(strings.Join(out, "\n"))}
		default:
			return "", fmt.Errorf("unknown step %q", line)
		}
	}
	if out == nil {
		return base, nil
	}
	return strings.Join(out, "\n"), nil
}

// paragraphs returns those of "name", "name 3" or "name 2-5"; number 1 is the headline.
func paragraphs(texts map[string][]string, arg string) ([]string, error) {
	name, part, _ := strings.Cut(arg, " ")
	all := texts[name]
	if part == "" && len(all) > 1 {
		return all[1:], nil
	}
	from, to, ranged := strings.Cut(part, "-")
	if !ranged {
		to = from
	}
	i, err1 := strconv.Atoi(from)
	j, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || i < 1 || j < i || j > len(all) {
		return nil, fmt.Errorf("no paragraphs %q: %s has %d", arg, name, len(all))
	}
	return all[i-1 : j], nil
}

// writing returns how another system writes the same words, nil if there is none.
func writing(name string) func(string) string {
	switch name {
	case "curly":
		return strings.NewReplacer(` "`, " “", `"`, "”", "'", "’", " - ", " – ").Replace
	case "nbsp":
		return strings.NewReplacer(" ", "\u00a0").Replace
	case "upper":
		return strings.ToUpper
	case "lines":
		return strings.NewReplacer(". ", ".\n\n", ", ", ",\r\n\t").Replace
	case "soft":
		return func(s string) string { return between(s, "\u00ad", 4) }
	case "zero":
		return func(s string) string { return "\ufeff" + between(s, "\u200b", 9) }
	}
	return nil
}

// between puts a mark into long words, as hyphenation does: after the nth letter.
func between(s, mark string, n int) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		if len(w) > n+2 && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == "" {
			words[i] = w[:n] + mark + w[n:]
		}
	}
	return strings.Join(words, " ")
}
