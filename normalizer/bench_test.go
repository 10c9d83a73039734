package normalizer

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/cputest"
)

// A newswire writes the reports of many stories, fifty of which run at a time: ten
// articles each, ten rising figures in 400 words, one article in twenty nearly a
// copy of the one before. Towns, names and words are made up, so stories share what
// news shares by chance. A story is ten series of about ten claims.
type newswire struct {
	t          testing.TB
	r          *rand.Rand
	vocabulary []string
	days       int // over which the stories begin
}

// A plot is one story as far as it has been told.
type plot struct {
	id, town, who string
	day, told     int // day of the event; articles so far
	topic         []string
	last          schemas.Extraction
}

func newNewswire(t testing.TB) *newswire {
	w := &newswire{t: t, r: rand.New(rand.NewPCG(1, 2)), vocabulary: make([]string, 4000), days: 300}
	for i := range w.vocabulary {
		w.vocabulary[i] = w.word() + w.word()
	}
	return w
}

func (w *newswire) word() string {
	const c, v = "bdfgklmnprstvz", "aeiou"
	var b strings.Builder
	for range 2 + w.r.IntN(2) {
		b.WriteByte(c[w.r.IntN(len(c))])
		b.WriteByte(v[w.r.IntN(len(v))])
	}
	return b.String()
}

func (w *newswire) begin(s, stories int) *plot {
	p := &plot{id: fmt.Sprintf("s%d", s), town: strings.ToUpper(string('a'+rune(w.r.IntN(26)))) + w.word() + w.word(), who: "Anna X" + w.word() + w.word(), day: 1 + s*w.days/stories}
	p.topic = make([]string, 40)
	for i := range p.topic {
		p.topic[i] = w.vocabulary[w.r.IntN(len(w.vocabulary))]
	}
	return p
}

// stream yields the articles of so many stories.
func (w *newswire) stream(stories int) iter.Seq[schemas.Extraction] {
	return func(yield func(schemas.Extraction) bool) {
		var open []*plot
		for begun := 0; begun < stories || len(open) > 0; {
			if len(open) < 50 && begun < stories {
				open = append(open, w.begin(begun, stories))
				begun++
				continue
			}
			i := w.r.IntN(len(open))
			p := open[i]
			if !yield(w.next(p)) {
				return
			}
			if p.told == 10 {
				open = slices.Delete(open, i, i+1)
			}
		}
	}
}

func (w *newswire) next(p *plot) schemas.Extraction {
	a := p.told
	p.told++
	id, publisher := fmt.Sprintf("%sa%d", p.id, a), fmt.Sprintf("p%d.example", w.r.IntN(300))
	date := func(d int) string { return fmt.Sprintf("%d-%02d-%02d", 2025+d/336, 1+d/28%12, 1+d%28) }
	if a > 0 && w.r.IntN(20) == 0 { // some other place, the end reworded
		e := p.last
		e.ArticleID, e.Article.ID, e.Article.Publisher.Domain = id, id, publisher
		e.Article.Text += " " + strings.Join(w.vocabulary[a*10:a*10+8], " ")
		e.Article.TextSHA256, e.Article.Version = schemas.SHA256(e.Article.Text), ""
		if err := e.Article.Complete(); err != nil {
			w.t.Fatal(err)
		}
		e.ArticleVersion = e.Article.Version
		return e
	}
	var b strings.Builder
	fmt.Fprintf(&b, "It happened in %s, %s said.", p.town, p.who)
	value := func(i int) int64 { return int64((10 + 90*i) + (2+i)*a) }
	for i, cat := range schemas.Categories {
		fmt.Fprintf(&b, " By then %d people were %s.", value(i), cat)
	}
	for range 330 {
		b.WriteByte(' ')
		if w.r.IntN(4) == 0 {
			b.WriteString(p.topic[w.r.IntN(len(p.topic))])
		} else {
			b.WriteString(w.vocabulary[w.r.IntN(len(w.vocabulary))])
		}
	}
	g := newPage(w.t, id, fmt.Sprintf("%sT%02d:00:00Z", date(p.day+a/4), 8+3*(a%4)), publisher, b.String()).name(p.town, schemas.Location, "NO").name(p.who, schemas.Person, "")
	for i, cat := range schemas.Categories {
		n := fmt.Sprint(value(i))
		g.quantity(fig{num: n, phrase: n + " people were " + string(cat), n: value(i), counted: "people", head: "person", cat: cat, place: p.town, from: date(p.day), until: date(p.day)})
	}
	p.last = g.Extraction
	return g.Extraction
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
			es := slices.Collect(newNewswire(b).stream(stories))
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

// BenchmarkApply writes a stream into a state on disk, 250 articles a transaction,
// and takes the changes out of the outbox as the program does. Its figures are per
// mention: matched, its claim written, cited, announced.
//
//	go test ./normalizer -run '^$' -bench Apply -benchtime 1x -cpu 1 -mentions 10000,200000
func BenchmarkApply(b *testing.B) {
	for _, mentions := range mentionCounts(b) {
		b.Run(fmt.Sprintf("mentions=%d", mentions), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				r := applyStream(b, mentions/100, 300, 0)
				b.StartTimer()
				b.ReportMetric(float64(r.mentions)/r.cpu.Seconds(), "mentions/cpu-s")
				b.ReportMetric(float64(r.mentions)/r.wall.Seconds(), "mentions/s")
				b.ReportMetric(float64(r.heap)/float64(r.mentions), "heap-B/mention")
				b.ReportMetric(float64(r.changes)/float64(r.mentions), "changes/mention")
				b.ReportMetric(float64(r.claims), "claims")
			}
		})
	}
}

// BenchmarkHorizon writes two years of reports into a state whose articles leave memory
// after thirty days, and measures what it holds after each tenth.
//
//	go test ./normalizer -run '^$' -bench Horizon -benchtime 1x -cpu 1 -mentions 100000
func BenchmarkHorizon(b *testing.B) {
	for _, mentions := range mentionCounts(b) {
		b.Run(fmt.Sprintf("mentions=%d", mentions), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				r := applyStream(b, mentions/100, 672, 30*24*time.Hour)
				b.StartTimer()
				b.ReportMetric(float64(r.mentions)/r.cpu.Seconds(), "mentions/cpu-s")
				b.ReportMetric(float64(r.away), "articles-away")
				b.ReportMetric(float64(r.came), "articles-came-back")
				for i, h := range r.tenths {
					b.ReportMetric(float64(h)/1e6, fmt.Sprintf("MB-at-%02d0%%", i+1))
				}
			}
		})
	}
}

var mentionsFlag = flag.String("mentions", "10000", "sizes of the streams of BenchmarkApply")

func mentionCounts(b *testing.B) []int {
	var out []int
	for f := range strings.SplitSeq(*mentionsFlag, ",") {
		n, err := strconv.Atoi(f)
		if err != nil || n < 100 {
			b.Fatalf("-mentions %q: want numbers from 100 on", f)
		}
		out = append(out, n)
	}
	return out
}

// A streamRun is what applyStream measured.
type streamRun struct {
	mentions, changes, claims int
	cpu, wall                 time.Duration // of Apply alone
	heap                      int64         // bytes that the normalizer holds at the end
	tenths                    []int64       // and after each tenth of the stream, with a horizon
	away, came                int           // articles that have left memory in the end, and that came back meanwhile
}

// applyStream gives stories that begin in the course of so many days to a Normalizer.
func applyStream(b *testing.B, stories, days int, horizon time.Duration) streamRun {
	ctx := context.Background()
	var r streamRun
	var start runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&start)
	heap := func() int64 {
		var now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&now)
		return int64(now.HeapAlloc) - int64(start.HeapAlloc)
	}
	n, err := Open(ctx, Config{Path: filepath.Join(b.TempDir(), "state.db"), Horizon: horizon})
	if err != nil {
		b.Fatal(err)
	}
	defer n.Close()
	var in []Input
	flushes := 0
	flush := func() {
		if flushes++; flushes%(1+stories/1000) == 0 { // of a large heap it takes seconds
			runtime.GC() // what it takes to make the articles is not part of the figure
		}
		cpu, wall := cputest.ProcessTime(), time.Now()
		if err := n.Apply(ctx, in); err != nil {
			b.Fatal(err)
		}
		r.cpu, r.wall = r.cpu+cputest.ProcessTime()-cpu, r.wall+time.Since(wall)
		in = in[:0]
		for {
			changes, err := n.Outbox(ctx, 2000)
			if err != nil {
				b.Fatal(err)
			}
			if len(changes) == 0 {
				return
			}
			n.Sent(changes[len(changes)-1].Position)
			r.changes += len(changes)
		}
	}
	idle := func() {
		for range 2 { // the second time it gives memory back
			if err := n.Settle(ctx); err != nil {
				b.Fatal(err)
			}
		}
	}
	seq := uint64(0)
	wire := newNewswire(b)
	wire.days = days
	for e := range wire.stream(stories) {
		seq++
		r.mentions += len(e.Quantities)
		if in = append(in, Input{Sequence: seq, Extraction: e}); len(in) == 250 {
			flush()
		}
		if horizon > 0 && seq%uint64(stories) == 0 { // ten articles a story
			idle()
			r.tenths = append(r.tenths, heap())
		}
	}
	flush()
	idle()
	r.heap, r.away, r.came = heap(), n.shelf.stock.Articles, n.shelf.came
	st, err := n.Stats(ctx)
	if err != nil {
		b.Fatal(err)
	}
	r.claims = st.Claims
	return r
}

// BenchmarkOneName puts articles into a book that all give a figure for one measure
// and name the same body: of different towns, or of one, whose figure all of them
// give in their own words.
func BenchmarkOneName(b *testing.B) {
	for _, one := range []bool{false, true} {
		for _, n := range []int{500, 2000} {
			b.Run(fmt.Sprintf("one=%t/articles=%d", one, n), func(b *testing.B) {
				w := newNewswire(b)
				ds := make([]*document, n)
				for i := range ds {
					ds[i] = w.everywhere(i, one)
				}
				for b.Loop() {
					book := newBook(Partition{})
					for _, d := range ds {
						for _, m := range d.mentions {
							*m = mention{Mention: m.Mention, doc: d, leaf: m.leaf, claim: m.claim, cite: m.cite, confidence: m.confidence}
						}
						book.insert(d)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "mentions/s")
			})
		}
	}
}

func (w *newswire) everywhere(i int, one bool) *document {
	town, n := "Torvik", int64(12)
	if !one {
		town, n = "T"+w.word()+w.word(), int64(10+w.r.IntN(90))
	}
	text := fmt.Sprintf("The Government said that %d people were killed in %s.", n, town)
	for range 60 {
		text += " " + w.vocabulary[w.r.IntN(len(w.vocabulary))]
	}
	p := newPage(w.t, fmt.Sprint("a", i), fmt.Sprintf("2025-03-%02dT%02d:00:00Z", 2+i/24%2, i%24), fmt.Sprintf("p%d.example", i%300), text).
		name(town, schemas.Location, "").name("Government", schemas.Organisation, "").
		quantity(fig{num: fmt.Sprint(n), phrase: fmt.Sprintf("%d people", n), n: n, counted: "people", head: "person", cat: schemas.Killed, place: town, from: "2025-03-02", until: "2025-03-02", source: "Government"})
	d, err := prepare(&p.Extraction, newRulings())
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}
