package prose

import (
	"strings"
	"testing"

	prose "github.com/jdkato/prose/v2"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

var texts = []string{
	"Kalin said he'd pay $1.2bn, not 10%.",
	"“We won’t stop,” she said. Türkiye’s envoy didn’t.",
	"The aid-worker (one of 12) left at 3 p.m. on Monday...",
	"U.S. troops: 40 killed; Gen. Smith's view?",
	"مرحبا بالعالم and 👩‍👩‍👧 and e\u0301tude",
	"tab\tand   many    spaces , here",
	"&rsquo; stays, and ‘so’ \u00a0does this",
	"[1] (a) {b} \"quoted\" 'single'",
	"", " ", ".", "’",
}

// TestAlign checks that every token of prose is found, in order, where the same
// characters stand. prose itself drops some text ("n't." at the end of a
// sentence), so the tokens need not cover everything.
func TestAlign(t *testing.T) {
	for _, text := range texts {
		doc, err := prose.NewDocument(text, prose.WithSegmentation(false), prose.WithTagging(false), prose.WithExtraction(false))
		if err != nil {
			t.Fatal(err)
		}
		tokens := doc.Tokens()
		words := align(text, 0, tokens)
		if len(words) != len(tokens) {
			t.Errorf("align(%q) found %d of %d tokens", text, len(words), len(tokens))
			continue
		}
		pos := 0
		for i, w := range words {
			if w.Start < pos {
				t.Errorf("align(%q): token %d at byte %d, before %d", text, i, w.Start, pos)
			}
			want := strings.TrimSpace(tokens[i].Text)
			if got := strings.Map(straight, strings.ReplaceAll(text[w.Start:w.End], "&rsquo;", "'")); got != want {
				t.Errorf("align(%q): token %d is %q, want %q", text, i, got, want)
			}
			pos = w.End
		}
	}
}

// TestAnnotate checks what the other stages count on: every token has a tag and
// a part of speech, names are ordered and lie on tokens.
func TestAnnotate(t *testing.T) {
	tagger, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		doc := &extractor.Doc{Text: text}
		if err := (extractor.Pipeline{tokenize.New(), tagger}).Annotate(doc); err != nil {
			t.Fatalf("Annotate(%q): %v", text, err)
		}
		checkDoc(t, doc)
	}
}

func checkDoc(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	for i := range doc.Tokens {
		if tok := &doc.Tokens[i]; tok.Tag == "" || tok.UPOS == extractor.NoPOS {
			t.Errorf("%q: token %q has tag %q, part of speech %v", doc.Text, doc.Word(i), tok.Tag, tok.UPOS)
		}
	}
	last := 0
	for i, n := range doc.Names {
		if n.From < last || n.To <= n.From || doc.SpanOf(n.Range) != n.Span {
			t.Errorf("%q: name %d covers tokens %v and bytes %v after token %d", doc.Text, i, n.Range, n.Span, last)
		}
		last = n.To
	}
}

func TestTagsFollowTheWord(t *testing.T) {
	tagger, err := New()
	if err != nil {
		t.Fatal(err)
	}
	doc := &extractor.Doc{Text: "The firm paid $1.2bn."}
	if err := (extractor.Pipeline{tokenize.New(), tagger}).Annotate(doc); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"The": "DT", "firm": "NN", "paid": "VBD", "$": "$", "1.2": "CD", ".": "."}
	for i := range doc.Tokens {
		if tag, ok := want[doc.Word(i)]; ok && doc.Tokens[i].Tag != tag {
			t.Errorf("tag of %q = %q, want %q", doc.Word(i), doc.Tokens[i].Tag, tag)
		}
	}
}

func FuzzAnnotate(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	tagger, err := New()
	if err != nil {
		f.Fatal(err)
	}
	tokens := tokenize.New()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			t.Skip("prose is too slow for long texts")
		}
		text = strings.ToValidUTF8(text, "")
		doc := &extractor.Doc{Text: text}
		if err := (extractor.Pipeline{tokens, tagger}).Annotate(doc); err != nil {
			t.Fatal(err)
		}
		checkDoc(t, doc)
	})
}
