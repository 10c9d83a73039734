package normalizer

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// A story is one script of testdata/stories.txt.
type story struct {
	name  string
	lines []string
	want  []string
}

func readStories(t *testing.T) []story {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "stories.txt"))
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(raw), "\n\n") // after the description
	var out []story
	for block := range strings.SplitSeq(strings.TrimSpace(body), "\n\n") {
		var s story
		for line := range strings.SplitSeq(block, "\n") {
			switch {
			case strings.HasPrefix(line, "# "):
				s.name = line[2:]
			case strings.HasPrefix(line, "> "):
				s.want = append(s.want, line[2:])
			default:
				s.lines = append(s.lines, line)
			}
		}
		out = append(out, s)
	}
	return out
}

// TestStories tells every story article by article and compares the changes of four
// kinds with those that the script expects.
func TestStories(t *testing.T) {
	type count struct{ right, wrong, missed int }
	score := map[string]*count{"superseded": {}, "conflicted": {}, "withdrawn": {}, "retracted": {}}
	stories := readStories(t)
	if len(stories) != 60 {
		t.Errorf("%d stories, want 60", len(stories))
	}
	for i, s := range stories {
		got := tell(t, i, s)
		left := slices.Clone(s.want)
		var extra []string
		for _, g := range got {
			kind, _, _ := strings.Cut(g, " ")
			if at := slices.Index(left, g); at >= 0 {
				left = slices.Delete(left, at, at+1)
				score[kind].right++
				continue
			}
			extra = append(extra, g)
			score[kind].wrong++
		}
		for _, m := range left {
			kind, _, _ := strings.Cut(m, " ")
			score[kind].missed++
		}
		if len(extra)+len(left) > 0 {
			t.Logf("%s: too much: %q, missing: %q", s.name, extra, left)
		}
	}
	for kind, c := range score {
		p, r := float64(c.right)/float64(c.right+c.wrong), float64(c.right)/float64(c.right+c.missed)
		t.Logf("%s: %d right, %d wrong, %d missed: precision %.3f, recall %.3f", kind, c.right, c.wrong, c.missed, p, r)
		if p < 0.9 || r < 0.9 || c.right+c.missed < 10 {
			t.Errorf("%s: precision %.3f, recall %.3f of %d, want 0.9 of at least 10", kind, p, r, c.right+c.missed)
		}
	}
}

// tell applies the lines of a story one by one and returns the changes of the four
// kinds: kind and printed number.
func tell(t *testing.T, number int, s story) []string {
	t.Helper()
	n := open(t, filepath.Join(t.TempDir(), "state.db"))
	defer n.Close()
	pages := map[string]*page{}
	for i, line := range s.lines {
		if f := strings.Fields(line); f[0] == "review" {
			r := decision(fmt.Sprint("r", i), schemas.ReviewReject, pages[f[2]], f[3])
			if err := n.Review(t.Context(), 0, r); err != nil {
				t.Fatal(err)
			}
			continue
		}
		p := newsPage(t, number, line, pages)
		if err := n.Apply(t.Context(), []Input{{Extraction: p.Extraction}}); err != nil {
			t.Fatalf("%s: %q: %v", s.name, line, err)
		}
	}
	changes := outboxOf(t, n)
	var out []string
	for _, c := range changes {
		switch c.Change {
		case schemas.ChangeSuperseded, schemas.ChangeConflicted, schemas.ChangeWithdrawn, schemas.ChangeRetracted:
			v := c.Claim.Value
			if v == nil {
				v = c.Claim.Min
			}
			out = append(out, string(c.Change)+" "+v.String())
		}
	}
	return out
}

// newsPage writes the article of one line. Two articles share a story's names and
// many of its words, and no phrases.
func newsPage(t *testing.T, number int, line string, pages map[string]*page) *page {
	t.Helper()
	head := strings.SplitN(line, " ", 4)
	name, publisher, at, said := head[0], head[1], head[2], head[3]
	published := "2025-03-" + at[:2]
	if len(at) > 2 {
		published += at[2:] + ":00:00Z"
	}
	before := pages[name]
	if strings.HasPrefix(said, "copy=") {
		from, _, _ := strings.Cut(said[len("copy="):], " ")
		p := *pages[from]
		p.ArticleID, p.Article.ID = name, name
		p.Article.Publisher.Domain, p.Article.PublishedAt = publisher+".example", published
		pages[name] = &p
		return &p
	}
	var text strings.Builder
	var figs []fig
	towns := []string{"Torvik"}
	note, walled, short := "", false, false
	for part := range strings.SplitSeq(said, ";") {
		part = strings.TrimSpace(part)
		switch word, n, _ := strings.Cut(part, "="); {
		case part == "short":
			short = true
		case part == "walled":
			walled = true
		case word == "correction" && n != "":
			note = fmt.Sprintf(" Correction: an earlier version of this report wrongly said %s people.", n)
		case word == "correction":
			note = " Correction: an earlier version of this report misstated the casualties."
		default:
			f, town, sentence := clause(t, part)
			text.WriteString(sentence)
			figs = append(figs, f)
			if !slices.Contains(towns, town) {
				towns = append(towns, town)
			}
		}
	}
	body := text.String()
	if len(figs) > 0 && strings.Contains(figs[0].place, "Sandnes") {
		towns = towns[1:]
	}
	if !short && !walled {
		body += filler(number, name)
	}
	body = "Minister Sigrid Halle spoke about the blast at the ferry terminal of " + towns[0] + "." + body + note
	p := newPage(t, name, published, publisher+".example", body)
	for _, town := range towns {
		if strings.Contains(body, town) {
			p.name(town, schemas.Location, "NO")
		}
	}
	p.name("Sigrid Halle", schemas.Person, "")
	for _, f := range figs {
		p.quantity(f)
	}
	if num := numberIn(note); num != "" {
		v, err := strconv.ParseInt(num, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		cat := schemas.Killed
		if before != nil { // what the page said with that number
			for _, q := range before.Quantities {
				if q.Text == num {
					cat = *q.Category
				}
			}
		}
		p.quantity(fig{num: num, phrase: "said " + num + " people", n: v, counted: "people", head: "person", cat: cat, place: towns[0], from: "2025-03-02", until: "2025-03-02"})
	}
	if walled {
		p.Article.Paywalled = schemas.Yes
	}
	if before != nil { // an edition of the page of then
		p.Article.PublishedAt = before.Article.PublishedAt
		p.edition(published)
	}
	pages[name] = p
	return p
}

func numberIn(s string) string {
	for _, w := range strings.Fields(s) {
		if _, err := strconv.Atoi(w); err == nil {
			return w
		}
	}
	return ""
}

// clause reads "[not] [>=|~|<=] category N[-N] [@town] [^day]".
func clause(t *testing.T, s string) (f fig, town, sentence string) {
	t.Helper()
	f, town = fig{from: "2025-03-02", until: "2025-03-02"}, "Torvik"
	denied := ""
	for _, w := range strings.Fields(s) {
		switch {
		case w == "not":
			f.mod, denied = schemas.Negated, "It is not true that "
		case w == ">=":
			f.cmp = schemas.AtLeast
		case w == "<=":
			f.cmp = schemas.AtMost
		case w == "~":
			f.cmp = schemas.About
		case w[0] == '@':
			town = w[1:]
		case w == "^-":
			f.from, f.until = "", ""
		case w[0] == '^':
			f.from, f.until = "2025-03-"+w[1:], "2025-03-"+w[1:]
		case w[0] >= '0' && w[0] <= '9':
			f.num = w
			low, high, isRange := strings.Cut(w, "-")
			v, err := strconv.ParseInt(low, 10, 64)
			if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			f.n = v
			if isRange {
				if f.max, err = strconv.ParseInt(high, 10, 64); err != nil {
					t.Fatalf("%q: %v", s, err)
				}
			}
		default:
			f.cat = schemas.Category(w)
		}
	}
	if !slices.Contains(schemas.Categories, f.cat) || f.num == "" {
		t.Fatalf("%q: no category or no number", s)
	}
	f.place, f.counted, f.head = town, "people", "person"
	f.phrase = f.num + " people were " + string(f.cat)
	return f, town, " " + denied + f.phrase + " in " + town + "."
}

// filler is what else an article says: words of the story in an order of its own.
func filler(number int, article string) string {
	r := rand.New(rand.NewPCG(uint64(number), uint64(article[0])))
	words := strings.Fields("smoke quays harbour crews lanterns windows glass lorry wreckage divers sirens shelter volunteers blankets nurses cordon harbourmaster cranes passengers timetable explosion fragments investigators witnesses tarpaulin floodlights")
	var b strings.Builder
	for range 8 {
		b.WriteString(" The")
		for range 8 {
			b.WriteString(" " + words[r.IntN(len(words))])
		}
		b.WriteString(" moved on.")
	}
	return b.String()
}
