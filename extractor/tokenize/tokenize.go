// Package tokenize cuts text into paragraphs, sentences and words with byte
// offsets, as Universal Dependencies cuts English.
//
// The words are found in one pass over the bytes, without regular expressions
// and without an allocation a word; the sentences in a second pass over the
// words. Nothing is changed or dropped: the tokens and the white space between
// them join back to the text.
package tokenize

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
)

// A Tokenizer is the first stage of a pipeline. It has no state; one may be
// used from several goroutines.
type Tokenizer struct{ words *lexicon }

// New returns a Tokenizer.
func New() *Tokenizer { return &Tokenizer{words: loadLexicon()} }

// Annotate sets Paragraphs, Sentences and Tokens of doc. A line is a
// paragraph: a line break ends a word, a sentence and a paragraph. It returns
// no error: any text has tokens.
func (t *Tokenizer) Annotate(doc *extractor.Doc) error {
	s := scanner{text: doc.Text, words: t.words}
	s.toks = make([]extractor.Token, 0, len(doc.Text)/5+8)
	doc.Paragraphs, doc.Sentences = nil, make([]extractor.Sentence, 0, len(doc.Text)/100+1)
	for at := 0; at < len(doc.Text); {
		line := len(doc.Text)
		if n := strings.IndexByte(doc.Text[at:], '\n'); n >= 0 {
			line = at + n
		}
		from := len(s.toks)
		s.end = line
		s.scan(at)
		if len(s.toks) > from {
			span := extractor.Span{Start: s.toks[from].Start, End: s.toks[len(s.toks)-1].End}
			doc.Paragraphs = append(doc.Paragraphs, span)
			doc.Sentences = s.sentences(doc.Sentences, from, len(doc.Paragraphs)-1)
		}
		at = line + 1
	}
	doc.Tokens = s.toks
	return nil
}
