package english_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/schemas"
)

var (
	misses  = flag.Bool("misses", false, "print every slot that differs in testdata/sentences")
	parsing = flag.String("parse", english.ParseOn, "value of Config.Parse that testdata/sentences is read with; the floors hold for the default")
)

// A figure is what a person reads in a sentence of testdata/sentences: the
// numeral, then "key=value" for every slot that the sentence fills.
type figure struct {
	numeral string
	slots   map[string]string
}

// A labelled is one text with its figures, of which there may be none.
type labelled struct {
	where, text string
	figures     []figure
	told        []told // what is said, where that is labelled
}

// readSentences reads testdata/sentences/*.txt: a sentence a line, its figures on
// lines that start with a tab.
func readSentences(t *testing.T) []labelled {
	t.Helper()
	files, err := filepath.Glob("testdata/sentences/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob: %d files, %v", len(files), err)
	}
	var out []labelled
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			line = strings.TrimRight(line, "\n")
			rest, ok := strings.CutPrefix(line, "\t")
			if !ok {
				out = append(out, labelled{where: fmt.Sprintf("%s:%d", filepath.Base(file), n), text: line})
				continue
			}
			parts := strings.Split(rest, "; ")
			f := figure{numeral: parts[0], slots: map[string]string{}}
			for _, p := range parts[1:] {
				k, v, ok := strings.Cut(p, "=")
				if !ok || v == "" {
					t.Fatalf("%s:%d: %q is no key=value", file, n, p)
				}
				f.slots[k] = v
			}
			s := &out[len(out)-1]
			s.figures = append(s.figures, f)
		}
	}
	return out
}

// slotNames are the keys of testdata/sentences, in the order of the report.
var slotNames = []string{"cmp", "unit", "of", "cat", "per", "mod", "agent", "place", "time", "source", "verb"}

// read puts the slots of q in the words of testdata/sentences; what is at its
// default is left out.
func read(q *schemas.Quantity) map[string]string {
	m := map[string]string{}
	put := func(k, v string) {
		if v != "" {
			m[k] = v
		}
	}
	if q.Comparator != schemas.Exact {
		put("cmp", string(q.Comparator))
	}
	if q.Unit != schemas.UnitCount {
		put("unit", q.Unit)
	}
	if q.Counted != nil {
		put("of", q.Counted.Text)
	}
	if q.Category != nil {
		put("cat", string(*q.Category))
	}
	if q.Per != nil {
		put("per", q.Per.Unit)
	}
	put("verb", q.Predicate)
	if q.Modality != schemas.Asserted {
		put("mod", string(q.Modality))
	}
	for k, s := range map[string]*schemas.Slot{"agent": q.Agent, "place": q.Place, "source": q.Source} {
		if s != nil {
			put(k, s.Name)
		}
	}
	if t := q.Time; t != nil {
		if t.Start == t.End {
			put("time", t.Start)
		} else {
			put("time", t.Start+".."+t.End)
		}
	}
	return m
}

// alike reports whether two values of a slot mean the same: names and phrases by
// their words, one of which may say more than the other.
func alike(slot, a, b string) bool {
	switch slot {
	case "of":
		return headWord(a) == headWord(b)
	case "time": // at the coarser of the two granularities
		a1, a2, _ := strings.Cut(a, "..")
		b1, b2, _ := strings.Cut(b, "..")
		if !strings.Contains(a, "..") {
			a2 = a1
		}
		if !strings.Contains(b, "..") {
			b2 = b1
		}
		same := func(a, b string) bool { return a == b || a != "" && strings.HasPrefix(b, a) }
		return same(a1, b1) && same(a2, b2)
	case "agent", "place", "source", "per":
		x, y := slotWords(a), slotWords(b)
		inside := func(x, y []string) bool {
			return !slices.ContainsFunc(x, func(w string) bool { return !slices.Contains(y, w) })
		}
		return len(x) > 0 && len(y) > 0 && (inside(x, y) || inside(y, x))
	}
	return a == b
}

func slotWords(s string) []string {
	var out []string
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		switch w = strings.Trim(w, ".,’'"); w {
		case "the", "a", "an", "of", "its", "their", "his", "her", "dr", "colonel":
		default:
			out = append(out, strings.TrimSuffix(w, "s"))
		}
	}
	return out
}

func headWord(s string) string {
	w := slotWords(s)
	if len(w) == 0 {
		return ""
	}
	switch h := w[len(w)-1]; h {
	case "people", "person", "person,":
		return "person"
	default:
		return h
	}
}

// A tally counts right, spurious and missed values.
type tally struct{ right, spurious, missed int }

func (c tally) f1() float64 {
	if c.right == 0 {
		return 0
	}
	return 2 * float64(c.right) / float64(2*c.right+c.spurious+c.missed)
}

// TestSentences reads sentences of many kinds of news, which were written and
// labelled before the program had read them, and holds every slot to a floor just
// below what it reached at last. With -v it prints the scores, with -misses what
// differs.
func TestSentences(t *testing.T) {
	sentences := readSentences(t)
	if len(sentences) < 300 {
		t.Fatalf("%d sentences, want 300", len(sentences))
	}
	e, err := english.New(english.Config{Parse: *parsing, Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	tallies := map[string]*tally{"found": {}, "core": {}, "full": {}}
	for _, s := range slotNames {
		tallies[s] = &tally{}
	}
	for i, s := range sentences {
		x := extract(t, e, schemas.Article{ID: fmt.Sprint(i), PublishedAt: "2024-05-15", Language: "en", Text: s.text})
		score(t, s, x.Quantities, tallies)
	}
	reliability(t, tallies)
	for _, name := range slices.Sorted(maps.Keys(sentenceFloors)) {
		c, floor := tallies[name], sentenceFloors[name]
		t.Logf("%-7s F1 %.3f  right %d spurious %d missed %d", name, c.f1(), c.right, c.spurious, c.missed)
		if c.f1() < floor {
			t.Errorf("%s: F1 %.3f is below the floor %.3f", name, c.f1(), floor)
		}
	}
}

// score adds what was read in s to the tallies.
func score(t *testing.T, s labelled, qs []schemas.Quantity, tallies map[string]*tally) {
	t.Helper()
	used := make([]bool, len(qs))
	for _, f := range s.figures {
		k := -1
		for i := range qs {
			if !used[i] && qs[i].Text == f.numeral {
				k = i
				break
			}
		}
		if k < 0 {
			tallies["found"].missed++
			tallies["core"].missed++
			tallies["full"].missed++
			for slot := range f.slots {
				if slot != "cmp" && slot != "unit" && slot != "of" && slot != "mod" {
					tallies[slot].missed++
				}
			}
			if *misses {
				t.Logf("%s: %s missed in %q", s.where, f.numeral, s.text)
			}
			continue
		}
		used[k] = true
		tallies["found"].right++
		got := read(&qs[k])
		core, full := true, true
		for _, slot := range slotNames {
			want, g := f.slots[slot], got[slot]
			if slot == "verb" && want == "" { // not labelled
				continue
			}
			ok := want == g || want != "" && g != "" && alike(slot, want, g)
			switch {
			case ok && want != "":
				tallies[slot].right++
			case !ok:
				if full = false; slices.Index(slotNames, slot) < 5 {
					core = false
				}
				if g != "" {
					tallies[slot].spurious++
				}
				if want != "" {
					tallies[slot].missed++
				}
				if *misses {
					t.Logf("%s: %s %s is %q, want %q in %q", s.where, f.numeral, slot, g, want, s.text)
				}
			}
		}
		bin := confidenceBin(&qs[k])
		if tallies[bin] == nil {
			tallies[bin] = &tally{}
		}
		if core {
			tallies[bin].right++
		} else {
			tallies[bin].missed++
		}
		for name, ok := range map[string]bool{"core": core, "full": full} {
			if ok {
				tallies[name].right++
			} else {
				tallies[name].spurious++
				tallies[name].missed++
			}
		}
	}
	for k := range qs {
		if !used[k] {
			tallies["found"].spurious++
			tallies["core"].spurious++
			tallies["full"].spurious++
			if *misses {
				t.Logf("%s: %s spurious in %q", s.where, qs[k].Text, s.text)
			}
		}
	}
}

// confidenceBin names the tenth of the confidences that q falls into.
func confidenceBin(q *schemas.Quantity) string { return fmt.Sprintf("0.%d", int(q.Confidence*10)) }

// reliability prints what share of the figures of each confidence is right in all
// of claim core, and refuses a share that is far from what was promised.
func reliability(t *testing.T, tallies map[string]*tally) {
	t.Helper()
	for d := range 10 {
		c := tallies[fmt.Sprintf("0.%d", d)]
		if c == nil {
			continue
		}
		n := c.right + c.missed
		share, middle := float64(c.right)/float64(n), float64(d)/10+0.05
		t.Logf("confidence 0.%d: %d figures, %.2f right", d, n, share)
		if n >= 20 && (share < middle-0.15 || share > middle+0.15) {
			t.Errorf("of %d figures with a confidence of 0.%d, %.2f are right", n, d, share)
		}
	}
}

// sentenceFloors are the least F1 of each slot over testdata/sentences. At first
// sight, before any rule had seen them, the sentences scored: found 0.977, cmp 0.991,
// of 0.913, cat 0.878, per 0.867, mod 0.789, agent 0.620, place 0.925, time 0.866,
// source 0.897, core 0.776, full 0.503. second.txt was written after the mistakes of
// the others had been studied; at first sight it scored core 0.873, full 0.676, and
// with clauses.txt, whose agents stand far from their figures, all scored agent 0.740;
// further.txt alone, written after those had been studied, scored agent 0.45.
var sentenceFloors = map[string]float64{
	"found": 0.98, "cmp": 0.99, "unit": 0.99, "of": 0.93, "cat": 0.91, "per": 0.84, "mod": 0.88, "agent": 0.80, "place": 0.92, "time": 0.88, "source": 0.92, "verb": 0.90,
	"core": 0.86, "full": 0.66,
}
