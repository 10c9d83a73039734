package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/claimwire/claimwire/extractor"
)

// explainTree prints the dependency tree of sentence n: a word a line, under its
// head, with its relation; marks are left out. Nothing is printed of a sentence
// without a tree.
func explainTree(w io.Writer, doc *extractor.Doc, n int) {
	s := doc.Sentences[n]
	kids := map[int][]int{}
	root := -1
	for i := s.From; i < s.To; i++ {
		switch h := int(doc.Tokens[i].Head); {
		case h < 0:
			return
		case h == i:
			root = i
		default:
			kids[h] = append(kids[h], i)
		}
	}
	if root >= 0 {
		treeLine(w, doc, kids, root, "tree", 0)
	}
}

// treeLine prints the word at token i, and what hangs on it one step further in.
func treeLine(w io.Writer, doc *extractor.Doc, kids map[int][]int, i int, name string, depth int) {
	t := &doc.Tokens[i]
	if t.UPOS == extractor.PUNCT && len(kids[i]) == 0 {
		return
	}
	fmt.Fprintf(w, "      %-11s %s%s  %s\n", name, strings.Repeat("  ", depth), printable(doc.Word(i)), t.Rel)
	for _, k := range kids[i] {
		treeLine(w, doc, kids, k, "", depth+1)
	}
}
