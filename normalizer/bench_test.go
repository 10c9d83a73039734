package normalizer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// stream makes the reports of many stories: ten articles each, three figures an
// article, one article in twenty a copy. Towns, names and words are made up, so
// stories share what news shares by chance.
func stream(t testing.TB, stories int) []schemas.Extraction {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		const c, v = "bdfgklmnprstvz", "aeiou"
		var b strings.Builder
		for range 2 + r.IntN(2) {
			b.WriteByte(c[r.IntN(len(c))])
			b.WriteByte(v[r.IntN(len(v))])
		}
		return b.String()
	}
	vocabulary := make([]string, 4000)
	for i := range vocabulary {
		vocabulary[i] = word() + word()
	}
	var out []schemas.Extraction
	for s := range stories {
		town := fmt.Sprintf("%s%s", strings.ToUpper(string('a'+rune(r.IntN(26)))), word()+word())
		who := "Anna " + strings.ToUpper("x") + word() + word()
		day := 1 + s*300/stories
		date := func(d int) string { return fmt.Sprintf("2025-%02d-%02d", 1+d/28%12, 1+d%28) }
		topic := make([]string, 40)
		for i := range topic {
			topic[i] = vocabulary[r.IntN(len(vocabulary))]
		}
		for a := range 10 {
			if r.IntN(20) == 0 && a > 0 {
				e := out[len(out)-1]
				e.ArticleID = fmt.Sprintf("s%da%d", s, a)
				e.Article.ID, e.Article.Publisher.Domain = e.ArticleID, fmt.Sprintf("p%d.example", r.IntN(300))
				out = append(out, e)
				continue
			}
			n := [3]int64{int64(10 + r.IntN(5)), int64(100 + r.IntN(5)), int64(1000 + r.IntN(5))}
			var b strings.Builder
			fmt.Fprintf(&b, "In %s %d people died, %s said. Another %d were hurt. Some %d had to leave.", town, n[0], who, n[1], n[2])
			for range 150 {
				b.WriteByte(' ')
				if r.IntN(4) == 0 {
					b.WriteString(topic[r.IntN(len(topic))])
				} else {
					b.WriteString(vocabulary[r.IntN(len(vocabulary))])
				}
			}
			p := newPage(t, fmt.Sprintf("s%da%d", s, a), date(day+a/4), fmt.Sprintf("p%d.example", r.IntN(300)), b.String()).
				name(town, schemas.Location, "NO").name(who, schemas.Person, "")
			for i, cat := range []schemas.Category{schemas.Killed, schemas.Injured, schemas.Evacuated} {
				f := fig{num: fmt.Sprint(n[i]), n: n[i], cat: cat, place: town, from: date(day), until: date(day)}
				if i == 0 {
					f.phrase, f.counted, f.head = fmt.Sprint(n[i])+" people", "people", "person"
				}
				p.quantity(f)
			}
			out = append(out, p.Extraction)
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func size(es []schemas.Extraction) (bytes, mentions int) {
	for i := range es {
		bytes += len(es[i].Article.Text)
		mentions += len(es[i].Quantities)
	}
	return bytes, mentions
}

func BenchmarkBatch(b *testing.B) {
	for _, stories := range []int{100, 1000} {
		b.Run(fmt.Sprintf("articles=%d", stories*10), func(b *testing.B) {
			es := stream(b, stories)
			bytes, mentions := size(es)
			b.SetBytes(int64(bytes))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Batch(es); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(mentions)*float64(b.N)/b.Elapsed().Seconds(), "mentions/s")
		})
	}
}

func BenchmarkApply(b *testing.B) {
	ctx := context.Background()
	for _, stories := range []int{100, 1000} {
		b.Run(fmt.Sprintf("articles=%d", stories*10), func(b *testing.B) {
			es := stream(b, stories)
			bytes, mentions := size(es)
			b.SetBytes(int64(bytes))
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for b.Loop() {
				n := open(b, filepath.Join(b.TempDir(), "state.db"))
				for i := 0; i < len(es); i += 250 {
					var in []Input
					for j := i; j < min(i+250, len(es)); j++ {
						in = append(in, Input{Sequence: uint64(j + 1), Extraction: es[j]})
					}
					if err := n.Apply(ctx, in); err != nil {
						b.Fatal(err)
					}
				}
				b.StopTimer()
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/float64(mentions), "heap-B/mention")
				runtime.KeepAlive(es)
				n.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(mentions)*float64(b.N)/b.Elapsed().Seconds(), "mentions/s")
			b.ReportMetric(float64(len(es))*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}
