package english_test

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/event"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/role"
	"github.com/claimwire/claimwire/extractor/statement"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
)

var soak = flag.Int("soak", 400, "articles that TestMemoryFlat reads")

// BenchmarkSlots measures the way from tagged tokens and names to slots: entities,
// times, quantities, statements, roles and events.
func BenchmarkSlots(b *testing.B) {
	tags, err := tag.New()
	if err != nil {
		b.Fatal(err)
	}
	names, err := entity.New()
	if err != nil {
		b.Fatal(err)
	}
	doc := &extractor.Doc{Text: harbour, Published: extractor.ParseDate("2025-11-27")}
	if err := (extractor.Pipeline{tokenize.New(), tags, names}).Annotate(doc); err != nil {
		b.Fatal(err)
	}
	stages := extractor.Pipeline{resolve.New(), timex.New(), quantity.New(), statement.New(), role.New(), event.New()}
	b.SetBytes(int64(len(harbour)))
	b.ReportAllocs()
	for b.Loop() {
		if err := stages.Annotate(doc); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(strings.Fields(harbour)))*float64(b.N)/b.Elapsed().Seconds(), "words/s")
}

// TestMemoryFlat reads many different articles and compares the memory in use
// after the first quarter with that at the end. -soak sets how many.
func TestMemoryFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("reads many articles")
	}
	e := reader(t, "own")
	sentences := readSentences(t)
	inUse := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var quarter uint64
	for i := range *soak {
		var text strings.Builder
		for k := range 12 {
			text.WriteString(sentences[(i*7+k*31)%len(sentences)].text)
			text.WriteByte(' ')
		}
		extract(t, e, schemas.Article{ID: fmt.Sprint(i), PublishedAt: "2024-05-15", Language: "en", Text: fmt.Sprint(i, " ", text.String())})
		if i == *soak/4 {
			quarter = inUse()
		}
	}
	end := inUse()
	t.Logf("%d articles: %d KB in use after the first quarter, %d KB at the end", *soak, quarter>>10, end>>10)
	if end > quarter+quarter/20+1<<20 {
		t.Errorf("memory in use grows from %d KB to %d KB over %d articles", quarter>>10, end>>10, *soak)
	}
}
