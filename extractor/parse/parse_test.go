//go:build !noweights

package parse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/parse"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas/cputest"
)

func pipeline(t testing.TB) extractor.Pipeline {
	t.Helper()
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	parser, err := parse.New(parse.All)
	if err != nil {
		t.Fatal(err)
	}
	return extractor.Pipeline{tokenize.New(), tagger, parser}
}

// arcs prints the tree of a text: "word>head:relation".
func arcs(doc *extractor.Doc) string {
	var out []string
	for i := range doc.Tokens {
		t := &doc.Tokens[i]
		switch {
		case t.UPOS == extractor.PUNCT:
		case t.Head < 0:
			out = append(out, doc.Word(i)+">")
		case int(t.Head) == i:
			out = append(out, doc.Word(i)+":root")
		default:
			out = append(out, fmt.Sprintf("%s>%s:%s", doc.Word(i), doc.Word(int(t.Head)), t.Rel))
		}
	}
	return strings.Join(out, " ")
}

func TestTrees(t *testing.T) {
	p := pipeline(t)
	for _, tt := range []struct{ in, want string }{
		{"The storm killed nine sailors.", "The>storm:det storm>killed:nsubj killed:root nine>sailors:nummod sailors>killed:obj"},
		{"Nine sailors were killed by pirates.", "Nine>sailors:nummod sailors>killed:nsubj:pass were>killed:aux:pass killed:root by>pirates:case pirates>killed:obl:agent"},
		{"Villagers who had fled said that the town was empty.", "Villagers>said:nsubj who>fled:nsubj had>fled:aux fled>Villagers:acl:relcl said:root that>empty:mark the>town:det town>empty:nsubj was>empty:cop empty>said:ccomp"},
		{"Rebels, the mayor said, burned 12 houses.", "Rebels>burned:nsubj the>mayor:det mayor>said:nsubj said>burned:parataxis burned:root 12>houses:nummod houses>burned:obj"},
		{"\"Rebels,\" the mayor said, \"had burned ten houses.\"", "Rebels>burned:nsubj the>mayor:det mayor>said:nsubj said>burned:parataxis had>burned:aux burned:root ten>houses:nummod houses>burned:obj"},
		{"Police, according to a lawyer, held two men.", "Police>held:nsubj according>lawyer:case to>according:fixed a>lawyer:det lawyer>held:obl held:root two>men:nummod men>held:obj"},
		{"The raid, claimed by rebels, killed ten guards.", "The>raid:det raid>killed:nsubj claimed>raid:acl by>rebels:case rebels>claimed:obl:agent killed:root ten>guards:nummod guards>killed:obj"},
	} {
		doc := &extractor.Doc{Text: tt.in}
		if err := p.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		if got := arcs(doc); got != tt.want {
			t.Errorf("tree of %q =\n%s, want\n%s", tt.in, got, tt.want)
		}
	}
}

// checkTrees fails unless every sentence has a whole tree or none.
func checkTrees(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	for _, s := range doc.Sentences {
		roots, none := 0, 0
		for i := s.From; i < s.To; i++ {
			k := &doc.Tokens[i]
			if k.Head < 0 {
				none++
				continue
			}
			if (int(k.Head) == i) != (k.Rel == "root") || k.Rel == "" || int(k.Head) < s.From || int(k.Head) >= s.To {
				t.Fatalf("token %d %q of %v: head %d, %q", i, doc.Word(i), s.Range, k.Head, k.Rel)
			}
			a, steps := i, 0
			for int(doc.Tokens[a].Head) != a && steps <= s.To-s.From {
				a, steps = int(doc.Tokens[a].Head), steps+1
			}
			if steps > s.To-s.From {
				t.Fatalf("token %d of %v hangs on a circle", i, s.Range)
			}
			if int(k.Head) == i {
				roots++
			}
		}
		switch n := s.To - s.From; {
		case n > parse.MaxTokens && none != n, n <= parse.MaxTokens && (none > 0 || n > 0 && roots != 1):
			t.Fatalf("sentence %v: %d roots, %d words without head", s.Range, roots, none)
		}
	}
}

// hostile are texts that a tree says little about.
func hostile() []string {
	return []string{
		"", " ", "?!... --- ;;; (((", "Nouns only here", "STORM KILLS NINE SAILORS, OFFICIALS SAY", "\x00 a\x00", "日本 عربي", "''''", "1 2 3 4",
		strings.Repeat("and the goats ", 333) + ".", strings.Repeat(", ", 500), strings.Repeat("A", 5000), strings.Repeat("(", 150), strings.Repeat("who said that ", 60),
		strings.Repeat("x, he said, ", 40), strings.Repeat("\"x,\" he said, \"", 20) + "?", "x, he said, .", ", he said, y", "a \", he said, \", she said, \" b",
	}
}

func TestHostile(t *testing.T) {
	p := pipeline(t)
	for _, text := range hostile() {
		doc := &extractor.Doc{Text: text}
		took := cputest.Took(func() {
			if err := p.Annotate(doc); err != nil {
				t.Errorf("%.40q: %v", text, err)
			}
		})
		checkTrees(t, doc)
		if took > 5*time.Second {
			t.Errorf("%.40q took %v", text, took)
		}
	}
	if err := p[2].Annotate(&extractor.Doc{Sentences: []extractor.Sentence{{Range: extractor.Range{From: 0, To: 3}}}}); err == nil {
		t.Error("a sentence without tokens: no error")
	}
}

func FuzzAnnotate(f *testing.F) {
	for _, text := range append(hostile(), sample) {
		f.Add(text)
	}
	p := pipeline(f)
	f.Fuzz(func(t *testing.T, text string) {
		doc, again := &extractor.Doc{Text: text}, &extractor.Doc{Text: text}
		if err := p.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		if err := p.Annotate(again); err != nil {
			t.Fatal(err)
		}
		checkTrees(t, doc)
		for i := range doc.Tokens {
			if doc.Tokens[i] != again.Tokens[i] {
				t.Fatalf("token %d of %q: %v, then %v", i, text, doc.Tokens[i], again.Tokens[i])
			}
		}
	})
}

// Sentences without a figure are left alone, unless a clause stands between speaker
// and verb or all are asked for.
func TestScope(t *testing.T) {
	all := pipeline(t)
	some, err := parse.New(parse.Needed)
	if err != nil {
		t.Fatal(err)
	}
	doc := &extractor.Doc{Text: "The mill burned. Nine men died. Nobody saw it."}
	if err := all[:2].Annotate(doc); err != nil {
		t.Fatal(err)
	}
	doc.Quantities = []extractor.Quantity{{Sentence: 1}, {Sentence: 1}}
	if err := some.Annotate(doc); err != nil {
		t.Fatal(err)
	}
	if want := "The> mill> burned> Nine>men:nummod men>died:nsubj died:root Nobody> saw> it>"; arcs(doc) != want {
		t.Errorf("trees %s, want %s", arcs(doc), want)
	}
	far := &extractor.Doc{Text: "The man who lit it fled. The man who saw the fire said so. She said so."}
	if err := append(all[:2:2], some).Annotate(far); err != nil {
		t.Fatal(err)
	}
	for n, want := range []bool{false, true, false} {
		if got := far.Tokens[far.Sentences[n].From].Head >= 0; got != want {
			t.Errorf("sentence %d has a tree: %t, want %t", n, got, want)
		}
	}
	doc.Quantities[1].Sentence = 3
	if err := some.Annotate(doc); err == nil {
		t.Error("a quantity in no sentence: no error")
	}
}

// sample is a made-up agency report.
const sample = `Flood kills 14 in river towns

PORT HALE (Wire) - At least 14 people died and more than 2,300 were evacuated after the Mira burst its banks on Tuesday, officials said.
"We couldn't reach the upper villages until 6 p.m.," Gov. Anna T. Lindqvist told reporters. "It's the worst flood since the 1970s."
The U.S. Agency for Rivers put the damage at $1.2bn, up from $300m in last year's storm; insurers' estimates vary by 10-15%.
`

// again is a parser that reads sentences again which have their trees.
type again struct{ extractor.Stage }

func (a again) Annotate(doc *extractor.Doc) error {
	for i := range doc.Tokens {
		doc.Tokens[i].Head = -1
	}
	return a.Stage.Annotate(doc)
}

func TestAllocations(t *testing.T) {
	p := pipeline(t)
	p[2] = again{p[2]}
	stagetest.Allocations(t, strings.Repeat(sample, 20), p...)
}

func BenchmarkAnnotate(b *testing.B) {
	p := pipeline(b)
	doc := &extractor.Doc{Text: strings.Repeat(sample, 20)}
	if err := p.Annotate(doc); err != nil {
		b.Fatal(err)
	}
	stagetest.Speed(b, doc, again{p[2]})
}
