package english_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

var articles = flag.String("articles", "", "names of the only files of testdata/articles that TestArticles reads, with commas between")

// readArticle reads one file of testdata/articles: "# DATE TITLE", then a paragraph a
// line, each with its figures on lines that start with a tab, as in
// testdata/sentences, and what is said in it as "> speaker | content". Slots hold what
// the whole article says, not its sentence alone.
func readArticle(t *testing.T, file string) (schemas.Article, labelled) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".txt")
	a := schemas.Article{ID: name, Language: "en"}
	s := labelled{where: name}
	var paragraphs []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if head, ok := strings.CutPrefix(line, "# "); ok {
			a.PublishedAt, a.Title, _ = strings.Cut(head, " ")
			continue
		}
		rest, ok := strings.CutPrefix(line, "\t")
		if !ok {
			paragraphs = append(paragraphs, line)
			continue
		}
		if said, ok := strings.CutPrefix(rest, "> "); ok {
			speaker, content, ok := strings.Cut(said, " | ")
			if !ok || !strings.Contains(paragraphs[len(paragraphs)-1], content) {
				t.Fatalf("%s: %q is no speaker and content of the line above", file, said)
			}
			s.told = append(s.told, told{speaker, content})
			continue
		}
		parts := strings.Split(rest, "; ")
		f := figure{numeral: parts[0], slots: map[string]string{}}
		for _, p := range parts[1:] {
			k, v, ok := strings.Cut(p, "=")
			if !ok || v == "" || !slices.Contains(slotNames, k) {
				t.Fatalf("%s: %q is no key=value", file, p)
			}
			f.slots[k] = v
		}
		s.figures = append(s.figures, f)
	}
	a.Text = strings.Join(paragraphs, "\n")
	s.text = a.Title
	if a.PublishedAt == "" || a.Text == "" || len(s.figures) == 0 {
		t.Fatalf("%s: date, text and figures are needed", file)
	}
	return a, s
}

// TestArticles reads whole articles in the manners of wires, broadcasters, local
// papers and aid groups, with invented facts, which were written and labelled before
// the program had read them, and holds every slot to a floor just below what it
// reached at last. With -v it prints the scores, with -misses what differs; -articles
// names the files, and where that is not all of them no floor holds.
func TestArticles(t *testing.T) {
	files, err := filepath.Glob("testdata/articles/*.txt")
	if err != nil || len(files) < 60 {
		t.Fatalf("Glob: %d files, %v", len(files), err)
	}
	e := reader(t, "own")
	tallies := map[string]*tally{"found": {}, "core": {}, "full": {}}
	for _, s := range slotNames {
		tallies[s] = &tally{}
	}
	var content, speaker tally
	for _, file := range files {
		a, s := readArticle(t, file)
		if *articles != "" && !slices.Contains(strings.Split(*articles, ","), s.where) {
			continue
		}
		x := extract(t, e, a)
		score(t, s, x.Quantities, tallies)
		if s.told != nil {
			tell(t, s.where, a.Text, s.told, x.Statements, &content, &speaker)
		}
	}
	tallies["told"], tallies["speaker"] = &content, &speaker
	for _, name := range slices.Sorted(maps.Keys(articleFloors)) {
		c, floor := tallies[name], articleFloors[name]
		t.Logf("%-7s F1 %.3f  right %d spurious %d missed %d", name, c.f1(), c.right, c.spurious, c.missed)
		if *articles == "" && c.f1() < floor {
			t.Errorf("%s: F1 %.3f is below the floor %.3f", name, c.f1(), floor)
		}
	}
}

// articleFloors are the least F1 of each slot over testdata/articles. At first sight
// the first 24 scored place 0.60, time 0.65, source 0.85, of 0.87 and full 0.29; the
// next eight, of agencies' reports, courts, budgets, strikes, trade and war (ballot,
// budget2, cartel, dengue, rail, sitrep, tariffs, truce), scored core 0.70, full 0.26;
// the last four (convoy, tunnel, verdict, cholera2), written when the mistakes of the
// others had been studied, core 0.78, full 0.36, which the rules before read at 0.70
// and 0.28. Six more, of rates, smuggling, a study, power cuts, war and a census,
// scored core 0.67 and agent 0.57 at first sight; with their labels held to the rulings
// 0.76 and 0.59. Four after them, of a harvest, results, a camp and a poll, scored core
// 0.69 and agent 0.65, which the rules before the six read at 0.66 and 0.61. Six of
// places and times (cocaine, drones, lakechad, landslide, pensions, tourism) scored place
// 0.64, time 0.72 and full 0.22 by the stricter script of the development set; four more
// when the rules had been mended (atlantic, cyclone, firm, raid), place 0.60, time 0.84 and
// full 0.31, which the rules before read at 0.61, 0.80 and 0.31. The last eight, labelled by
// the letter of the development set's guidelines (clashes, customs, dakar, derailment,
// handover, measles, parliament, sausages), scored core 0.70, agent 0.59, place 0.57, time
// 0.62 and full 0.32 at first sight, which the rules before read at 0.69, 0.57, 0.57, 0.62
// and 0.32.
var articleFloors = map[string]float64{
	"found": 0.97, "cmp": 0.98, "unit": 0.96, "of": 0.90, "cat": 0.88, "per": 0.90, "mod": 0.80, "agent": 0.68, "place": 0.66, "time": 0.72, "source": 0.90,
	"core": 0.82, "full": 0.42, "told": 0.92, "speaker": 0.92,
}
