//go:build !noweights

package tag

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas/cputest"
)

func pipeline(t testing.TB) extractor.Pipeline {
	t.Helper()
	tagger, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return extractor.Pipeline{tokenize.New(), tagger}
}

func TestTags(t *testing.T) {
	p := pipeline(t)
	for _, tt := range []struct{ in, want string }{
		{"The rescuers were quickly searching a large village.", "The/DT rescuers/NNS were/VBD quickly/RB searching/VBG a/DT large/JJ village/NN ./."},
		{"Israel's army said it had killed 12 fighters in Gaza on Sunday.", "Israel/NNP 's/POS army/NN said/VBD it/PRP had/VBD killed/VBN 12/CD fighters/NNS in/IN Gaza/NNP on/IN Sunday/NNP ./."},
		{"They didn't pay $1.2bn to anyone.", "They/PRP did/VBD n't/RB pay/VB $/$ 1.2/CD bn/CD to/IN anyone/NN ./."},
		{"Some 300 people were injured, officials said.", "Some/DT 300/CD people/NNS were/VBD injured/VBN ,/, officials/NNS said/VBD ./."},
	} {
		doc := &extractor.Doc{Text: tt.in}
		if err := p.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range doc.Tokens {
			got = append(got, doc.Word(i)+"/"+doc.Tokens[i].Tag)
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("tags of %q =\n%s, want\n%s", tt.in, g, tt.want)
		}
	}
}

func TestMender(t *testing.T) {
	p := append(pipeline(t), Mender{})
	for _, tt := range []struct{ in, word, want string }{
		{"A man stabbed three people.", "stabbed", "VBD"},
		{"Men armed with machetes stormed a camp.", "stormed", "VBD"},
		{"With no link provided it is hard to say.", "provided", "VBN"},
		{"The truck they had seized the day before burned.", "seized", "VBN"},
		{"Three men were shot and killed.", "shot", "VBN"},
		{"The guards, tired of waiting, shot and wounded 14 inmates.", "shot", "VBD"},
		{"Rebels burned 40 houses and shot dead eleven villagers.", "shot", "VBD"},
		{"The lender said its profit rose to $40 million.", "rose", "VBD"},
		{"A rose by the gate is red.", "rose", "NN"},
		{"A shot and a scream woke them.", "shot", "NN"},
		{"Fires started by farmers to clear land have destroyed 300 homes.", "started", "VBN"},
		{"Prices rose by 5 percent and are still high.", "rose", "VBD"},
		{"The men, known by all, had nine rifles.", "known", "VBN"},
		{"The insurer, whose profit fell, plans to close its branches.", "plans", "VBZ"},
		{"The crews are to examine and repair 101 bridges.", "repair", "VB"},
	} {
		doc := &extractor.Doc{Text: tt.in}
		if err := p.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		for i := range doc.Tokens {
			if doc.Word(i) == tt.word && doc.Tokens[i].Tag != tt.want {
				t.Errorf("tag of %s in %q = %s, want %s", tt.word, tt.in, doc.Tokens[i].Tag, tt.want)
			}
		}
	}
}

// sample is a made-up agency report.
const sample = `Flood kills 14 in river towns

PORT HALE (Wire) - At least 14 people died and more than 2,300 were evacuated after the Mira burst its banks on Tuesday, officials said.
"We couldn't reach the upper villages until 6 p.m.," Gov. Anna T. Lindqvist told reporters. "It's the worst flood since the 1970s."
The U.S. Agency for Rivers put the damage at $1.2bn, up from $300m in last year's storm; insurers' estimates vary by 10-15%.
`

func FuzzAnnotate(f *testing.F) {
	for _, text := range []string{sample, "", "\xff\xfe", "\x00 a\x00", "....", "ALL CAPS NOW", "日本 عربي", strings.Repeat("a", 5000), "''''", "1 2 3 4"} {
		f.Add(text)
	}
	p := append(pipeline(f), Mender{})
	f.Fuzz(func(t *testing.T, text string) {
		doc, again := &extractor.Doc{Text: text}, &extractor.Doc{Text: text}
		if err := p.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		if err := p.Annotate(again); err != nil {
			t.Fatal(err)
		}
		for i, k := range doc.Tokens {
			if k.UPOS == extractor.NoPOS || k.Tag == "" {
				t.Fatalf("token %d %q of %q has no tag", i, doc.Word(i), text)
			}
			if k != again.Tokens[i] {
				t.Fatalf("token %d of %q: %v, then %v", i, text, k, again.Tokens[i])
			}
		}
	})
}

func TestAllocations(t *testing.T) {
	stagetest.Allocations(t, strings.Repeat(sample, 20), pipeline(t)...)
}

func BenchmarkAnnotate(b *testing.B) {
	p := pipeline(b)
	doc := &extractor.Doc{Text: strings.Repeat(sample, 20)}
	if err := p.Annotate(doc); err != nil {
		b.Fatal(err)
	}
	stagetest.Speed(b, doc, p[1])
}

func TestHostile(t *testing.T) {
	p := pipeline(t)
	for _, unit := range []string{"A", "a ", ".", "-A", "\x00", "\xff ", "日本", "NAME\t12\t1,400\n", "'s "} {
		took := cputest.Took(func() {
			if err := p.Annotate(&extractor.Doc{Text: strings.Repeat(unit, 1<<16/len(unit))}); err != nil {
				t.Errorf("%q: %v", unit, err)
			}
		})
		if took > 20*time.Second && !testing.Short() { // the race detector runs with -short
			t.Errorf("64 KiB of %q took %v", unit, took)
		}
	}
}

func TestLoad(t *testing.T) {
	file, best := modelFile(), time.Hour
	for range 5 {
		best = min(best, cputest.Took(func() {
			if _, err := ReadModel(file); err != nil {
				t.Error(err)
			}
		}))
	}
	if best > 150*time.Millisecond && !testing.Short() { // the race detector runs with -short
		t.Errorf("loading took %v", best)
	}
}

// TestSums checks that what is remembered of words adds up to the same scores as all
// features of a token, also where words take the place of others.
func TestSums(t *testing.T) {
	m, err := ReadModel(modelFile())
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := NewWith(m)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&text, "%s%d %s ", []string{"a", "Word", "x-", "the"}[i%4], i*i%5000, []string{"of", "port", "A"}[i%3])
	}
	doc := &extractor.Doc{Text: text.String()}
	if err := tokenize.New().Annotate(doc); err != nil {
		t.Fatal(err)
	}
	w := tagger.scratch.New().(*work)
	w.words = Words(nil, tagger.clusters, doc, extractor.Range{To: len(doc.Tokens)})
	w.sums.reset(len(w.words))
	label, plain := m.foresee(w, 0)
	for i := range w.words {
		next, nextPlain := m.foresee(w, i+1)
		if plain {
			w.labels = append(w.labels, label)
			label, plain = next, nextPlain
			continue
		}
		label = m.best(w, i)
		var score [256]int32
		m.weights.Add(&score, History(Static(nil, w.words, i), w.words, w.labels, i))
		if score != w.score {
			t.Fatalf("token %d, %q: scores differ", i, doc.Word(i))
		}
		w.labels = append(w.labels, label)
		label, plain = next, nextPlain
	}
}

func BenchmarkLoad(b *testing.B) {
	file := modelFile()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadModel(file); err != nil {
			b.Fatal(err)
		}
	}
}
