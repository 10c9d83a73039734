package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/schemas"
)

// A conlluWriter writes tokens, tags and trees in the CoNLL-U format of
// Universal Dependencies (v2), with the span of each word in code points as
// TokenRange=start:end in the MISC column.
type conlluWriter struct{ w io.Writer }

func newConlluWriter(w io.Writer) articleWriter { return conlluWriter{w} }

func (c conlluWriter) article(e *english.Extractor, a schemas.Article) error {
	doc, _, err := e.Annotate(&a)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(c.w)
	fmt.Fprintf(w, "# article_id = %s\n", oneLine(a.ID))
	if doc == nil {
		fmt.Fprintf(w, "# skipped = language: %s\n\n", oneLine(a.Language))
	} else {
		writeConllu(w, doc)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("%w: %w", errOutput, err)
	}
	return nil
}

func (c conlluWriter) finish() error { return nil }

func writeConllu(w *bufio.Writer, doc *extractor.Doc) {
	offsets := schemas.NewOffsets(doc.Text)
	for i, s := range doc.Sentences {
		if s.From == s.To {
			continue
		}
		fmt.Fprintf(w, "# sent_id = %d\n# text = %s\n", i+1, oneLine(doc.Slice(doc.SpanOf(s.Range))))
		for t := s.From; t < s.To; t++ {
			tok := &doc.Tokens[t]
			head, rel := "_", "_"
			switch {
			case int(tok.Head) == t:
				head, rel = "0", "root"
			case tok.Head >= 0:
				head, rel = fmt.Sprint(int(tok.Head)-s.From+1), tok.Rel
			}
			space := ""
			if t+1 < s.To && doc.Tokens[t+1].Glued {
				space = "SpaceAfter=No|"
			}
			fmt.Fprintf(w, "%d\t%s\t_\t%s\t%s\t_\t%s\t%s\t_\t%sTokenRange=%d:%d\n", t-s.From+1, oneLine(doc.Word(t)),
				tok.UPOS, orUnderscore(tok.Tag), head, rel, space, offsets.Runes(tok.Start), offsets.Runes(tok.End))
		}
		w.WriteByte('\n')
	}
}

// oneLine keeps a field inside its column.
func oneLine(s string) string { return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(s) }

func orUnderscore(s string) string {
	if s == "" {
		return "_"
	}
	return s
}
