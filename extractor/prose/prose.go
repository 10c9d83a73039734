// Package prose tags words and finds names with github.com/jdkato/prose/v2.
//
// It stands behind the same interface as the project's own models and is the
// reference that they are measured against: claimwire extract --nlp prose.
//
// Three things of prose are worked around here. It decodes its models at every
// call of NewDocument, so one decoded model is shared. It returns no offsets, so
// its tokens are found again in the text. And its tokens are not those of
// Universal Dependencies that the other stages count in, so its tags and labels
// are carried over to the tokens of the Doc by the bytes they share.
package prose

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	prose "github.com/jdkato/prose/v2"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A Tagger sets UPOS and Tag of every token, and Doc.Names. It needs the tokens
// and sentences of package tokenize.
type Tagger struct{ model *prose.Model }

// loadModel decodes prose's tagger and name models, which takes about half a second.
var loadModel = sync.OnceValues(func() (*prose.Model, error) {
	doc, err := prose.NewDocument("", prose.WithSegmentation(false))
	if err != nil {
		return nil, err
	}
	return doc.Model, nil
})

// New returns a Tagger. The first call decodes the models.
func New() (*Tagger, error) {
	m, err := loadModel()
	if err != nil {
		return nil, err
	}
	return &Tagger{m}, nil
}

// Annotate implements [extractor.Stage].
func (t *Tagger) Annotate(doc *extractor.Doc) error {
	for i := range doc.Sentences {
		if err := t.sentence(doc, doc.Sentences[i].Range); err != nil {
			return err
		}
	}
	return nil
}

// sentence tags the tokens in r and appends the names found there.
func (t *Tagger) sentence(doc *extractor.Doc, r extractor.Range) error {
	if r.From == r.To {
		return nil
	}
	span := doc.SpanOf(r)
	p, err := prose.NewDocument(doc.Slice(span), prose.UsingModel(t.model), prose.WithSegmentation(false))
	if err != nil {
		return err
	}
	words := align(doc.Slice(span), span.Start, p.Tokens())
	w := 0
	labels := make([]schemas.EntityType, r.To-r.From)
	for i := r.From; i < r.To; i++ {
		tok := &doc.Tokens[i]
		for w < len(words) && words[w].End <= tok.Start {
			w++
		}
		tok.Tag, tok.UPOS = "", extractor.X
		if w < len(words) && words[w].Overlaps(tok.Span) {
			tok.Tag = tagFor(doc.Slice(tok.Span), words[w].tag, words[w].Span == tok.Span)
			labels[i-r.From] = words[w].label
		} else {
			tok.Tag = tagFor(doc.Slice(tok.Span), "NN", false) // prose drops some tokens
		}
		tok.UPOS = universal(tok.Tag, doc.Slice(tok.Span))
	}
	addNames(doc, r, labels)
	return nil
}

// A word is one token of prose, found again in the text.
type word struct {
	extractor.Span
	tag   string
	label schemas.EntityType
}

// align finds tokens in text, which starts at byte base of the document. prose
// writes straight quotation marks for curly ones; nothing else of a token differs
// from the text. A token that cannot be found is left out.
func align(text string, base int, tokens []prose.Token) []word {
	words := make([]word, 0, len(tokens))
	pos := 0
	for _, tok := range tokens {
		start, end := find(text, pos, tok.Text)
		if start < 0 {
			continue
		}
		words = append(words, word{extractor.Span{Start: base + start, End: base + end}, tok.Tag, labelType(tok.Label)})
		pos = end
	}
	return words
}

// find returns where token stands in text, from pos on: after white space at
// once, or, if prose has dropped something, at its next occurrence.
func find(text string, pos int, token string) (start, end int) {
	token = strings.TrimSpace(token)
	if token == "" {
		return -1, -1
	}
	for i := pos; i < len(text); {
		if n := matchLen(text[i:], token); n > 0 {
			return i, i + n
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return -1, -1
}

// matchLen returns how many bytes of text token covers, 0 if it does not stand there.
func matchLen(text, token string) int {
	n := 0
	for _, want := range token {
		got, size := utf8.DecodeRuneInString(text[n:])
		if size == 0 || got != want && straight(got) != want {
			// "&rsquo;" is the one entity that prose turns into an apostrophe.
			if want != '\'' || !strings.HasPrefix(text[n:], "&rsquo;") {
				return 0
			}
			size = len("&rsquo;")
		}
		n += size
	}
	return n
}

func straight(r rune) rune {
	switch r {
	case '“', '”':
		return '"'
	case '‘', '’':
		return '\''
	}
	return r
}

func labelType(label string) schemas.EntityType {
	switch strings.TrimPrefix(strings.TrimPrefix(label, "B-"), "I-") {
	case "PERSON":
		return schemas.Person
	case "ORGANIZATION":
		return schemas.Organisation
	case "GPE", "LOCATION", "FACILITY":
		return schemas.Location
	}
	return ""
}

// addNames joins neighbouring labelled tokens to names. The last label decides
// the type: prose often takes a first name for a place ("Barack/GPE
// Obama/PERSON").
func addNames(doc *extractor.Doc, r extractor.Range, labels []schemas.EntityType) {
	for i := r.From; i < r.To; {
		j := i
		for j < r.To && labels[j-r.From] != "" && isNamePart(doc.Word(j)) {
			j++
		}
		if j == i {
			i++
			continue
		}
		n := extractor.Name{
			Range: extractor.Range{From: i, To: j}, Span: doc.SpanOf(extractor.Range{From: i, To: j}),
			Type: labels[j-1-r.From], Confidence: 0.5, Entity: -1,
		}
		for k := i; k < j; k++ {
			doc.Tokens[k].Name = int32(len(doc.Names))
		}
		doc.Names = append(doc.Names, n)
		i = j
	}
}

// isNamePart keeps punctuation and clitics, which prose labels too, out of names.
func isNamePart(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
