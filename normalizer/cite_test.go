package normalizer

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
)

func TestQuote(t *testing.T) {
	long := strings.Repeat("and the line went on past another station ", 20)
	tests := []struct{ text, keep, want string }{
		{"One. At least 342 were killed. Two.", "342", "At least 342 were killed."},
		{"Gen. Omar Saeed of the U.S. Army said 12 men died on Jan. 4 there. More.", "12 men", "Gen. Omar Saeed of the U.S. Army said 12 men died on Jan. 4 there."},
		{"It rose 3.5 percent. Then 4.1 percent.", "4.1", "Then 4.1 percent."},
		{"“We lost 40 boats.” He wept.", "40", "“We lost 40 boats.”"},
		{"First line\nsecond has 7 eggs\nthird", "7", "second has 7 eggs"},
		{"Did 9 survive? Yes.", "9", "Did 9 survive?"},
		{"Türkiye’de 😀 5 kişi öldü. Son.", "5", "Türkiye’de 😀 5 kişi öldü."},
		{"No 17 here", "17", "No 17 here"},
	}
	for _, tt := range tests {
		f := newField(schemas.InText, tt.text, nil)
		i := strings.Index(tt.text, tt.keep)
		start := utf8.RuneCountInString(tt.text[:i])
		q := f.quote(schemas.Span{Start: start, End: start + utf8.RuneCountInString(tt.keep)})
		if q.Exact != tt.want {
			t.Errorf("quote of %q in %q = %q, want %q", tt.keep, tt.text, q.Exact, tt.want)
		}
	}
	f := newField(schemas.InText, long+"then 88 people boarded "+long, nil)
	start := len(long) + len("then ")
	q := f.quote(schemas.Span{Start: start, End: start + len("88 people")})
	if n := utf8.RuneCountInString(q.Exact); n > maxQuote || n < maxQuote/2 || !strings.Contains(q.Exact, "88 people") {
		t.Errorf("quote of a sentence without end has %d code points: %q", n, q.Exact)
	}
}

// FuzzQuote checks the promise of every citation on any text: the quote stands
// where it says, holds the figure, and never splits a code point.
func FuzzQuote(f *testing.F) {
	f.Add("At least 342 were killed. Mr. A said so.", 9, 12)
	f.Add("a\nb 5 c\n", 4, 5)
	f.Add("Türkiye 😀 5.", 10, 11)
	f.Add(strings.Repeat("x", 900), 450, 470)
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		fd := newField(schemas.InText, text, nil)
		if !utf8.ValidString(text) || start < 0 || end <= start || end > fd.offsets.Len() {
			return
		}
		keep := schemas.Span{Start: start, End: end}
		q := fd.quote(keep)
		if !fd.has(q.Span, q.Exact) {
			t.Fatalf("text[%d:%d] is not %q", q.Start, q.End, q.Exact)
		}
		if q.Start > start || q.End < end {
			t.Fatalf("quote [%d,%d) does not hold [%d,%d)", q.Start, q.End, start, end)
		}
		if n := q.End - q.Start; n > max(maxQuote, end-start) {
			t.Fatalf("quote has %d code points", n)
		}
		if utf8.RuneCountInString(q.Prefix) > maxContext || utf8.RuneCountInString(q.Suffix) > maxContext {
			t.Fatalf("prefix %q, suffix %q", q.Prefix, q.Suffix)
		}
	})
}

func TestVerify(t *testing.T) {
	p := bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02").says("Sigrid Halle", "A lorry packed with explosives blew up beside the ferry terminal of Torvik")
	article := func(string, string) (*schemas.Article, bool) { return &p.Article, true }
	cs, _ := batch(t, p)
	if r := Verify(cs, article); r.Exact != 2 || len(r.Failures) != 0 {
		t.Fatalf("Verify = %+v, want two exact citations", r)
	}
	spoil := map[string]func(*schemas.Citation){
		"another word":   func(z *schemas.Citation) { z.Quote.Exact = strings.Replace(z.Quote.Exact, "16", "61", 1) },
		"moved":          func(z *schemas.Citation) { z.Start++; z.Quote.Start++ },
		"another text":   func(z *schemas.Citation) { z.TextSHA256 = schemas.SHA256("else") },
		"figure outside": func(z *schemas.Citation) { z.Figure = &schemas.Span{Start: 0, End: 1} },
		"no figure":      func(z *schemas.Citation) { z.Figure = nil },
		"other words": func(z *schemas.Citation) {
			z.Figure = &schemas.Span{Start: z.Figure.Start + 3, End: z.Figure.End + 3}
			z.Figure.Start = z.Figure.End
		},
		"spans disagree":  func(z *schemas.Citation) { z.End-- },
		"wrong context":   func(z *schemas.Citation) { z.Quote.Suffix = "" },
		"unknown field":   func(z *schemas.Citation) { z.Field = "byline" },
		"beyond the text": func(z *schemas.Citation) { z.Quote.End, z.End = 99999, 99999 },
	}
	for name, f := range spoil {
		cs, _ := batch(t, p)
		for i := range cs {
			if cs[i].Kind == schemas.QuantityClaim {
				f(&cs[i].Citations[0])
			}
		}
		if r := Verify(cs, article); r.Exact != 1 || len(r.Failures) != 1 {
			t.Errorf("%s: Verify = %+v, want one failure", name, r)
		}
	}
	cs[0].Citations[0].Figure = nil
	if r := Verify(cs, func(string, string) (*schemas.Article, bool) { return nil, false }); r.Missing != 2 {
		t.Errorf("without articles Verify = %+v, want two missing", r)
	}
	cs, _ = batch(t, p)
	for i := range cs {
		if cs[i].Kind == schemas.QuantityClaim {
			v := schemas.Int(61)
			cs[i].Value = &v
		}
	}
	if r := Verify(cs, article); len(r.Failures) != 2 {
		t.Errorf("a value that nobody printed: Verify = %+v, want its id and its citation to fail", r)
	}
}

// TestVerifySelf changes one member at a time that has to follow from the others.
func TestVerifySelf(t *testing.T) {
	const day = "2025-03-02"
	a, b := bombing(t, "a", day, "one.example", "16", 16, "", day), bombing(t, "b", "2025-03-03", "two.example", "16", 16, "", day)
	arts := map[string]*schemas.Article{"a": &a.Article, "b": &b.Article}
	at := func(id, _ string) (*schemas.Article, bool) { return arts[id], true }
	cs, _ := batch(t, a, b)
	if len(cs) != 1 {
		t.Fatalf("%d claims, want one", len(cs))
	}
	for name, change := range map[string]func(c *schemas.Claim){
		"id":         func(c *schemas.Claim) { c.ID = schemas.ID("c", "x") },
		"series":     func(c *schemas.Claim) { c.SeriesID = schemas.ID("s", "x") },
		"comparator": func(c *schemas.Claim) { c.Comparator = schemas.AtLeast },
		"polarity":   func(c *schemas.Claim) { c.Modality = schemas.Negated },
		"sentence":   func(c *schemas.Claim) { c.Text = "Nobody was hurt." },
		"counted":    func(c *schemas.Claim) { c.Counted = "cow" },
		"count":      func(c *schemas.Claim) { c.CitationCount = 3 },
		"origins":    func(c *schemas.Claim) { c.Corroboration.Origins++ },
		"articles":   func(c *schemas.Claim) { c.Corroboration.Articles-- },
		"publishers": func(c *schemas.Claim) { c.Corroboration.Publishers = 7 },
		"first seen": func(c *schemas.Claim) { c.FirstSeen = "2025-03-01" },
		"last seen":  func(c *schemas.Claim) { c.LastSeen = "2025-03-02" },
	} {
		c := cs[0]
		change(&c)
		if r := Verify([]schemas.Claim{c}, at); len(r.Failures) == 0 {
			t.Errorf("%s: Verify finds nothing wrong", name)
		}
	}
	a.Article.Version = "v_other"
	c := cs[0]
	c.Citations = append([]schemas.Citation{}, c.Citations...)
	c.Citations[0].ArticleVersion = "v_other"
	if r := Verify([]schemas.Claim{c}, at); len(r.Failures) != 1 {
		t.Errorf("a version that does not name the text: %+v, want one failure", r.Failures)
	}
}
