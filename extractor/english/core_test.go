//go:build !noweights

package english

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/cputest"
)

//go:embed testdata/names.txt
var markedNames string

var nameMark = regexp.MustCompile(`\[(PER|ORG|LOC|NORP|MISC) ([^]]+)\]`)

// A markedText is a text and the names that are marked in it.
type markedText struct {
	text  string
	names map[markedName]bool
}

type markedName struct {
	extractor.Span
	kind schemas.EntityType
}

// markedTexts reads testdata/names.txt.
func markedTexts() []markedText {
	var out []markedText
	_, articles, _ := strings.Cut(markedNames, "\n") // after the comment
	for _, article := range strings.Split(strings.TrimSpace(articles), "\n\n") {
		m := markedText{names: map[markedName]bool{}}
		var b strings.Builder
		for article != "" {
			at := nameMark.FindStringSubmatchIndex(article)
			if at == nil {
				b.WriteString(article)
				break
			}
			b.WriteString(article[:at[0]])
			start := b.Len()
			b.WriteString(article[at[4]:at[5]])
			m.names[markedName{extractor.Span{Start: start, End: b.Len()}, schemas.EntityType(article[at[2]:at[3]])}] = true
			article = article[at[1]:]
		}
		m.text = b.String()
		out = append(out, m)
	}
	return out
}

// coreStages returns words, tags and names by the language core nlp, and the
// resolver.
func coreStages(t testing.TB, nlp string) (core extractor.Pipeline, whole extractor.Pipeline) {
	t.Helper()
	stages, _, err := cores[nlp](nil)
	if err != nil {
		t.Fatal(err)
	}
	core = append(extractor.Pipeline{tokenize.New()}, stages...)
	return core, append(core[:len(core):len(core)], resolve.New())
}

// namesF1 returns how well the stages find the marked names of people,
// organisations and places: F1 of exact span and type.
func namesF1(t testing.TB, stages extractor.Pipeline) float64 {
	t.Helper()
	right, found, marked := 0, 0, 0
	counts := func(k schemas.EntityType) bool {
		return k == schemas.Person || k == schemas.Organisation || k == schemas.Location
	}
	for _, m := range markedTexts() {
		doc := &extractor.Doc{Text: m.text}
		if err := stages.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		for n := range m.names {
			if counts(n.kind) {
				marked++
			}
		}
		for _, n := range doc.Names {
			if !counts(n.Type) {
				continue
			}
			found++
			if m.names[markedName{n.Span, n.Type}] {
				right++
			}
		}
	}
	return 2 * float64(right) / float64(found+marked)
}

// TestCores holds our own core to its lead over prose.
func TestCores(t *testing.T) {
	f1 := map[string]float64{}
	for _, nlp := range []string{"own", "prose"} {
		_, whole := coreStages(t, nlp)
		f1[nlp] = namesF1(t, whole)
		t.Logf("%s: F1 %.3f", nlp, f1[nlp])
	}
	if f1["own"] < 0.9 {
		t.Errorf("own: F1 %.3f, want at least 0.9", f1["own"])
	}
	if f1["prose"] > f1["own"]-0.2 || f1["prose"] < 0.3 {
		t.Errorf("prose: F1 %.3f, own %.3f; the reference is read wrongly", f1["prose"], f1["own"])
	}
}

// BenchmarkCore prints, for each language core in one run, speed and allocations
// of words, sentences, tags and names, and how many names it gets right.
func BenchmarkCore(b *testing.B) {
	var text strings.Builder
	for _, m := range markedTexts() {
		text.WriteString(m.text)
		text.WriteString("\n\n")
	}
	for _, nlp := range []string{"own", "prose"} {
		b.Run(nlp, func(b *testing.B) {
			core, whole := coreStages(b, nlp)
			doc := &extractor.Doc{Text: text.String()}
			if err := core.Annotate(doc); err != nil {
				b.Fatal(err)
			}
			words := float64(len(doc.Tokens))
			allocs := testing.AllocsPerRun(1, func() { _ = core.Annotate(&extractor.Doc{Text: text.String()}) })
			b.SetBytes(int64(text.Len()))
			for b.Loop() {
				if err := core.Annotate(&extractor.Doc{Text: text.String()}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(words*float64(b.N)/b.Elapsed().Seconds(), "words/s")
			b.ReportMetric(allocs/words, "allocs/word")
			b.ReportMetric(100*namesF1(b, whole), "%F1")
		})
	}
}

// BenchmarkArticles measures the whole way from articles to Extractions as JSON, with
// and without trees: unlike in BenchmarkExtract, most sentences have no figure.
func BenchmarkArticles(b *testing.B) {
	texts := markedTexts()
	words, size := 0, 0
	for _, m := range texts {
		words += len(strings.Fields(m.text))
		size += len(m.text)
	}
	for _, parse := range []string{ParseOn, ParseOff} {
		b.Run("parse="+parse, func(b *testing.B) {
			e, err := New(Config{Parse: parse})
			if err != nil {
				b.Fatal(err)
			}
			var out []byte
			b.SetBytes(int64(size))
			b.ReportAllocs()
			start := cputest.ProcessTime()
			for b.Loop() {
				for i, m := range texts {
					x, err := e.Extract(schemas.Article{ID: strconv.Itoa(i), Language: "en", PublishedAt: "2025-11-27", Text: m.text})
					if err != nil {
						b.Fatal(err)
					}
					out = x.AppendJSON(out[:0])
				}
			}
			total := float64(words) * float64(b.N)
			b.ReportMetric(total/(cputest.ProcessTime()-start).Seconds(), "words/cpu-s")
			b.ReportMetric(total/b.Elapsed().Seconds(), "words/s")
		})
	}
}
