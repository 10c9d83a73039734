//go:build !noweights

package entity

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func pipeline(t testing.TB) extractor.Pipeline {
	t.Helper()
	rec, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return extractor.Pipeline{tokenize.New(), rec}
}

func names(doc *extractor.Doc) string {
	var out []string
	for _, n := range doc.Names {
		out = append(out, fmt.Sprintf("%s/%s", doc.Slice(n.Span), n.Type))
	}
	return strings.Join(out, ", ")
}

func TestNames(t *testing.T) {
	p := pipeline(t)
	for _, tt := range []struct{ in, want string }{
		{"Prime Minister Keir Starmer met Turkish officials in Ankara.", "Keir Starmer/PER, Turkish/NORP, Ankara/LOC"},
		{"The United Nations said Israel's army killed 12 Palestinians in Gaza.", "United Nations/ORG, Israel/LOC, Palestinians/NORP, Gaza/LOC"},
		{"North Korean troops left Kursk, the Kremlin said.", "North Korean/NORP, Kursk/LOC, Kremlin/ORG"},
		{"The Red Cross and Hamas handed over hostages near Khan Younis.", "Red Cross/ORG, Hamas/ORG, Khan Younis/LOC"},
	} {
		doc := &extractor.Doc{Text: tt.in}
		if err := p.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		if got := names(doc); got != tt.want {
			t.Errorf("names of %q =\n%s, want\n%s", tt.in, got, tt.want)
		}
	}
}

// sample is a made-up agency report.
const sample = `Flood kills 14 in river towns

PORT HALE (Wire) - At least 14 people died and more than 2,300 were evacuated after the Mira burst its banks on Tuesday, officials said.
"We couldn't reach the upper villages until 6 p.m.," Gov. Anna T. Lindqvist told reporters. "It's the worst flood since the 1970s."
The U.S. Agency for Rivers put the damage at $1.2bn, up from $300m in last year's storm; French and al-Noor Foundation teams are on their way to Lower Hale.
`

func FuzzAnnotate(f *testing.F) {
	for _, text := range []string{sample, "", "\xff\xfe", "\x00 a\x00", "....", "ALL CAPS NOW IN PARIS", "日本 عربي", strings.Repeat("A", 5000), "''''", "Al-Al-Al-Al", "President", "Mr.", "the French 's", "(UN) UN"} {
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
		if a, b := fmt.Sprint(doc.Names), fmt.Sprint(again.Names); a != b {
			t.Fatalf("names of %q: %s, then %s", text, a, b)
		}
		at := 0
		for k, n := range doc.Names {
			if n.From < at || n.To <= n.From || n.To > len(doc.Tokens) || n.Span != doc.SpanOf(n.Range) {
				t.Fatalf("name %d %v of %q: out of order or bounds", k, n, text)
			}
			if n.Confidence < 0 || n.Confidence > 1 || n.Entity != -1 || n.Type == "" {
				t.Fatalf("name %d %v of %q: confidence, entity or type", k, n, text)
			}
			if doc.Tokens[n.From].Sentence != doc.Tokens[n.To-1].Sentence {
				t.Fatalf("name %d %v of %q crosses sentences", k, n, text)
			}
			at = n.To
		}
		for i, tok := range doc.Tokens {
			want := int32(-1)
			for k, n := range doc.Names {
				if n.From <= i && i < n.To {
					want = int32(k)
				}
			}
			if tok.Name != want {
				t.Fatalf("token %d of %q: Name = %d, want %d", i, text, tok.Name, want)
			}
			if i > 2000 {
				break
			}
		}
	})
}

// TestSums checks that what is remembered of words adds up to the same scores as all
// features of a token, also where words take the place of others.
func TestSums(t *testing.T) {
	rec, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&text, "%s%d %s ", []string{"a", "Word", "x-", "the"}[i%4], i*i%5000, []string{"of", "Port", "A"}[i%3])
	}
	doc := &extractor.Doc{Text: text.String()}
	if err := tokenize.New().Annotate(doc); err != nil {
		t.Fatal(err)
	}
	wide, _ := wideModel(t, rand.New(rand.NewPCG(3, 4)))
	for _, m := range []*Model{rec.model, wide} {
		w, r := new(work), extractor.Range{To: len(doc.Tokens)}
		rec.reader.Read(&w.page, doc)
		w.sums.reset(len(doc.Tokens))
		w.lattice.reset(r.To)
		for i := range r.To {
			m.foresee(w, r, i)
			m.score(w, r, i)
			var want [NumLabels]int32
			emitTo(m, &want, w.page.Features(nil, r, i))
			if got := [NumLabels]int32(w.lattice.scores(i)); got != want {
				t.Fatalf("token %d, %q: scores %v, want %v", i, doc.Word(i), got, want)
			}
		}
	}
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
