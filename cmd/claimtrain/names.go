package main

import (
	"bufio"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/schemas"
)

// A corpus is how one file of names is read.
type corpus struct {
	file   string
	times  int  // how often an epoch sees it
	open   bool // words outside of names may be MISC or NORP: it does not mark them
	norp   bool // marks NORP by itself; otherwise its demonyms in MISC become NORP
	titles bool // titles may stand inside of its names
	tagged bool // its documents are those of the treebank EWT
}

// trainingCorpora are what the default model learns from.
var trainingCorpora = []corpus{
	{file: "names/train/voa-train", times: 3, norp: true},
	{file: "names/train/ewt-train", times: 2, tagged: true},
	{file: "names/train/wikigold", times: 1},
	{file: "names/train/crossner-politics-train", times: 1},
	{file: "names/train/crossner-politics-dev", times: 1},
	{file: "names/train/btc", times: 1, open: true, titles: true},
	{file: "names/train/wnut17-train", times: 1, open: true},
}

// gmbCorpus is left out of the default model: the terms of its annotations are
// not confirmed.
var gmbCorpus = corpus{file: "names/train/gmb-train", times: 1, titles: true}

// A namesDoc is a text and its gold names.
type namesDoc struct {
	text  string
	names []goldName
	place int // of the document in its file, from 0
}

// A goldName is a span of a namesDoc and its type.
type goldName struct {
	extractor.Span
	kind string
}

// longDoc is the number of sentences from which a document is a collection, and
// each of its sentences a text of its own.
const longDoc = 150

// readNames reads a token file: a "# doc" line before each document, token, pos
// and BIO label a line, an empty line after each sentence.
func readNames(path string) ([]namesDoc, error) {
	r, err := open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var docs [][][][2]string
	var sent [][2]string
	end := func() {
		if len(sent) > 0 {
			docs[len(docs)-1] = append(docs[len(docs)-1], sent)
			sent = nil
		}
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		line := sc.Text()
		switch f := strings.Split(line, "\t"); {
		case strings.HasPrefix(line, "# doc\t"), strings.HasPrefix(line, "# doc "):
			if len(docs) > 0 {
				end()
			}
			docs = append(docs, nil)
		case line == "":
			end()
		case len(f) == 3:
			if len(docs) == 0 {
				docs = append(docs, nil)
			}
			sent = append(sent, [2]string{f[0], f[2]})
		default:
			return nil, fmt.Errorf("%s: line %q", path, line)
		}
	}
	end()
	var out []namesDoc
	for place, d := range docs {
		from := len(out)
		if len(docs) > 1 && len(d) < longDoc {
			out = append(out, makeNamesDoc(d))
		} else {
			for _, s := range d {
				out = append(out, makeNamesDoc([][][2]string{s}))
			}
		}
		for i := range out[from:] {
			out[from+i].place = place
		}
	}
	return out, sc.Err()
}

var (
	noSpaceBefore = set(". , ; : ! ? ) ] } % 's 'S n't 're 've 'll 'd 'm ’s ’ '' ”")
	noSpaceAfter  = set("( [ { $ £ € `` “ #")
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// makeNamesDoc joins tokens with natural spacing, a sentence a line.
func makeNamesDoc(sentences [][][2]string) namesDoc {
	var d namesDoc
	var b strings.Builder
	for _, sent := range sentences {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		quoted, glue, inside := false, true, false
		for _, t := range sent {
			word, label := t[0], t[1]
			if !glue && !noSpaceBefore[word] && (word != `"` || !quoted) {
				b.WriteByte(' ')
			}
			start := b.Len()
			b.WriteString(word)
			glue = noSpaceAfter[word] || word == `"` && !quoted
			if word == `"` {
				quoted = !quoted
			}
			switch {
			case label[0] == 'B':
				d.names = append(d.names, goldName{extractor.Span{Start: start, End: b.Len()}, label[2:]})
				inside = true
			case label[0] == 'I' && inside:
				d.names[len(d.names)-1].End = b.Len()
			default:
				inside = false
			}
		}
	}
	d.text = b.String()
	return d
}

// normalise brings the names of a corpus to our guide: titles, articles and
// possessives out, demonyms of their own type.
func (c corpus) normalise(docs []namesDoc, norp map[string]bool) {
	for i := range docs {
		d := &docs[i]
		for k := range d.names {
			n := &d.names[k]
			if c.titles && n.kind == "PER" {
				n.Start += titleLen(d.text[n.Start:n.End])
			}
			if rest, ok := strings.CutPrefix(d.text[n.Start:n.End], "the "); ok {
				n.Start = n.End - len(rest)
			}
			if !c.norp && (n.kind == "MISC" || n.kind == "NORP") && allIn(d.text[n.Start:n.End], norp) {
				n.kind = "NORP"
			}
		}
	}
}

// titleLen returns the length of the titles that name begins with, spaces
// included, if a name remains.
func titleLen(name string) int {
	at := 0
	for {
		word, _, ok := strings.Cut(name[at:], " ")
		if !ok || !titles[strings.ToLower(strings.TrimSuffix(word, "."))] {
			return at
		}
		at += len(word) + 1
	}
}

var titles = set("mr mrs ms miss dr prof professor president vice prime minister foreign defense defence senator sen rep representative congressman congresswoman governor gov mayor judge justice chief general gen colonel col lieutenant lt captain capt major maj sergeant sgt admiral king queen prince princess pope cardinal archbishop bishop father sister brother rev reverend sheikh sheik imam ayatollah sir dame lord lady secretary chancellor ambassador spokesman spokeswoman leader commander coach ex-president former state attorney inspector officer pm st saint")

// allIn reports whether every word of name is in words.
func allIn(name string, words map[string]bool) bool {
	if words[strings.ToLower(name)] {
		return true
	}
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' }) {
		if !words[strings.ToLower(w)] {
			return false
		}
	}
	return name != ""
}

// loadNames reads a corpus under dir.
func loadNames(dir string, c corpus, norp map[string]bool) ([]namesDoc, error) {
	docs, err := readNames(filepath.Join(dir, c.file+".tsv.gz"))
	if err != nil {
		return nil, err
	}
	c.normalise(docs, norp)
	return docs, nil
}

// allow returns the labels that each token of doc may have by its gold names.
func (c corpus) allow(doc *extractor.Doc, d namesDoc, norp map[string]bool) []uint16 {
	const maybe = 1<<Outside | 1<<7 | 1<<8 | 1<<9 | 1<<10 // O, NORP, MISC
	out := make([]uint16, len(doc.Tokens))
	for i := range out {
		out[i] = 1 << Outside
		switch {
		case c.open:
			out[i] = maybe
		case !c.norp && norp[strings.ToLower(doc.Word(i))] && doc.Word(i) != strings.ToLower(doc.Word(i)):
			out[i] = 1<<Outside | 1<<7 | 1<<8
		}
	}
	for _, n := range d.names {
		y := entity.Begin(schemas.EntityType(n.kind))
		if y == Outside {
			continue
		}
		for i := doc.TokenAt(n.Start); i < len(doc.Tokens) && doc.Tokens[i].Start < n.End; i++ {
			if doc.Tokens[i].Start < n.Start {
				continue
			}
			if doc.Tokens[i].End > n.End {
				break
			}
			out[i] = 1 << y
			y = entity.Inside(y)
		}
	}
	return out
}

// Outside is the label of words in no name.
const Outside = entity.Outside
