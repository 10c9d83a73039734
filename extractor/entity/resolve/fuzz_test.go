package resolve_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
)

// picked cuts text into words and takes some of them for names, as picks says:
// of each byte, three bits skip words, two bits are the length less one, and
// three the type.
func picked(t *testing.T, text string, picks []byte) *extractor.Doc {
	t.Helper()
	doc := &extractor.Doc{Text: text}
	if err := tokenize.New().Annotate(doc); err != nil {
		t.Fatal(err)
	}
	for i := range doc.Tokens {
		doc.Tokens[i].UPOS = extractor.NOUN
		if r, _ := utf8.DecodeRuneInString(doc.Word(i)); unicode.IsUpper(r) {
			doc.Tokens[i].UPOS = extractor.PROPN
		}
	}
	at := 0
	for _, p := range picks {
		at += int(p & 7)
		to := at + 1 + int(p>>3&3)
		if to > len(doc.Tokens) {
			break
		}
		if doc.Tokens[at].Sentence != doc.Tokens[to-1].Sentence {
			at = to
			continue
		}
		n := extractor.Name{Range: extractor.Range{From: at, To: to}, Type: schemas.EntityTypes[int(p>>5)%len(schemas.EntityTypes)], Confidence: float64(p) / 255, Entity: -1}
		n.Span = doc.SpanOf(n.Range)
		for i := at; i < to; i++ {
			doc.Tokens[i].Name = int32(len(doc.Names))
		}
		doc.Names = append(doc.Names, n)
		at = to
	}
	return doc
}

func FuzzAnnotate(f *testing.F) {
	for _, text := range []string{
		"", "\x00 a\x00", "\xff\xfe Ann", "....", "ANN LEE OF OSLO AND THE UN", "ann lee of oslo", strings.Repeat("A", 3000), "Name\tVotes\nOslo\t12\n", "日本 عربي Рим",
		"Ann Lee, the mayor of Oslo, met Omar al-Nasr of the National Water Survey (NWS). Lee said NWS and The Daily Herald knew. The Homs Syria road.",
		"Al-Al-Al Mr. Mr. the the 's 's (UN) (UN) [NATO] U.S. of Tulsa Oklahoma",
	} {
		f.Add(text, []byte{0, 8, 0x21, 0x49, 0x83, 0xff, 1, 2, 3, 0x60, 0x10})
	}
	known := resolve.NewWith([]extractor.KnownName{{Name: "NWS", Type: schemas.Organisation, Key: "nws", Aliases: []string{"the the", "Oslo"}}, {Name: "Ann Lee", Type: schemas.Person}})
	f.Fuzz(func(t *testing.T, text string, picks []byte) {
		if len(text) > 4000 {
			t.Skip()
		}
		for _, r := range []*resolve.Resolver{resolve.New(), known} {
			doc, again := picked(t, text, picks), picked(t, text, picks)
			for _, d := range []*extractor.Doc{doc, again} {
				if err := r.Annotate(d); err != nil {
					t.Fatal(err)
				}
			}
			if a, b := fmt.Sprint(doc.Names, doc.Entities), fmt.Sprint(again.Names, again.Entities); a != b {
				t.Fatalf("%q: %s, then %s", text, a, b)
			}
			check(t, doc)
		}
	})
}

// check holds the promises of the stage for any text.
func check(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	at := 0
	for i, n := range doc.Names {
		if n.From < at || n.To <= n.From || n.To > len(doc.Tokens) || n.Span != doc.SpanOf(n.Range) {
			t.Fatalf("%q: name %d %v is out of order or bounds", doc.Text, i, n)
		}
		if n.Entity < 0 || n.Entity >= len(doc.Entities) || doc.Entities[n.Entity].Type != n.Type || n.Confidence < 0 || n.Confidence > 1 {
			t.Fatalf("%q: name %d %v: entity, type or confidence", doc.Text, i, n)
		}
		at = n.To
	}
	mentions := 0
	for k := range doc.Entities {
		e := &doc.Entities[k]
		if e.Name == "" || len(e.Mentions) == 0 || e.Country != "" && len(e.Country) != 2 {
			t.Fatalf("%q: entity %d %+v", doc.Text, k, e)
		}
		for i, m := range e.Mentions {
			if doc.Names[m].Entity != k || i > 0 && m <= e.Mentions[i-1] {
				t.Fatalf("%q: mention %d of entity %d is wrong", doc.Text, m, k)
			}
			mentions++
		}
	}
	if mentions != len(doc.Names) {
		t.Fatalf("%q: %d mentions of %d names", doc.Text, mentions, len(doc.Names))
	}
}
