package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/extractor/tag"
)

// A treebankDoc is one text of a treebank, with its gold words.
type treebankDoc struct {
	text  string
	words []treebankWord
	ends  []int // byte offsets at which sentences end, ascending
}

// A treebankWord is a gold word.
type treebankWord struct {
	extractor.Span
	tag.Label
	head int    // index of the head among the words of the text, -1 for a root
	rel  string // UD relation to it
}

// sentences returns the ranges of words that are sentences.
func (d *treebankDoc) sentences() []extractor.Range {
	var out []extractor.Range
	from := 0
	for _, end := range d.ends {
		to := from
		for to < len(d.words) && d.words[to].End <= end {
			to++
		}
		out = append(out, extractor.Range{From: from, To: to})
		from = to
	}
	return out
}

// open opens a file, uncompressed if its name ends in .gz or .zst.
func open(path string) (io.ReadCloser, error) {
	if strings.HasSuffix(path, packed) {
		frame, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		file, err := linear.Unpack(string(frame))
		return io.NopCloser(strings.NewReader(file)), err
	}
	f, err := os.Open(path)
	if err != nil || !strings.HasSuffix(path, ".gz") {
		return f, err
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}

// readTraining reads the texts of both treebanks that models are trained on.
func readTraining(dir string) (ewt, gum []treebankDoc, err error) {
	if ewt, err = readTreebank(filepath.Join(dir, "treebank", "ewt-train.conllu.gz")); err != nil {
		return nil, nil, err
	}
	gum, err = readTreebank(filepath.Join(dir, "treebank", "gum-train.conllu.gz"))
	return ewt, gum, err
}

// readTreebank reads a CoNLL-U file. Texts are put together from the words and
// SpaceAfter: sentences of a paragraph with a space between, paragraphs with an
// empty line.
func readTreebank(path string) ([]treebankDoc, error) {
	r, err := open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var docs []treebankDoc
	var b *docBuilder
	flush := func() {
		if b != nil && len(b.words) > 0 {
			docs = append(docs, treebankDoc{strings.TrimRight(b.text.String(), " "), b.words, b.ends})
		}
		b = &docBuilder{}
	}
	flush()
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		line := sc.Text()
		switch {
		case strings.HasPrefix(line, "# newdoc"):
			flush()
		case strings.HasPrefix(line, "# newpar"):
			b.newPar = true
		case strings.HasPrefix(line, "#"):
		case line == "":
			b.endSentence()
		default:
			if err := b.word(strings.Split(line, "\t")); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	b.endSentence()
	flush()
	return docs, sc.Err()
}

// A docBuilder puts a text together.
type docBuilder struct {
	text    strings.Builder
	words   []treebankWord
	ends    []int
	newPar  bool
	inside  bool // a sentence has begun
	first   int  // index of its first word
	space   bool // pending
	mwtLast string
	mwtEnd  int  // byte offset where the multi-word token ends, 0 outside of one
	mwtAt   int  // where its next word starts
	mwtGlue bool // SpaceAfter=No of the multi-word token
}

func (b *docBuilder) word(f []string) error {
	if len(f) != 10 {
		return fmt.Errorf("line has %d columns", len(f))
	}
	if strings.Contains(f[0], ".") {
		return nil
	}
	if !b.inside && len(b.words) > 0 {
		if b.newPar {
			b.text.WriteString("\n\n")
		} else {
			b.text.WriteString(" ")
		}
		b.space = false
	}
	if !b.inside {
		b.first = len(b.words)
	}
	b.inside, b.newPar = true, false
	if b.space {
		b.text.WriteString(" ")
		b.space = false
	}
	glue := strings.Contains(f[9], "SpaceAfter=No")
	if _, last, ok := strings.Cut(f[0], "-"); ok {
		b.mwtAt = b.text.Len()
		b.text.WriteString(f[1])
		b.mwtEnd, b.mwtLast, b.mwtGlue = b.text.Len(), last, glue
		return nil
	}
	head, err := strconv.Atoi(f[6])
	if err != nil || head < 0 {
		return fmt.Errorf("word %q: head %q", f[1], f[6])
	}
	w := treebankWord{Label: tag.Label{UPOS: extractor.ParseUPOS(f[3]), Tag: f[4]}, head: b.first + head - 1, rel: f[7]}
	if head == 0 {
		w.head = -1
	}
	if b.mwtEnd > 0 {
		w.Start = b.mwtAt
		w.End = min(b.mwtEnd, w.Start+len(f[1]))
		if f[0] == b.mwtLast {
			w.End = b.mwtEnd
			b.mwtEnd = 0
			b.space = !b.mwtGlue
		}
		b.mwtAt = w.End
	} else {
		w.Start = b.text.Len()
		b.text.WriteString(f[1])
		w.End = b.text.Len()
		b.space = !glue
	}
	b.words = append(b.words, w)
	return nil
}

func (b *docBuilder) endSentence() {
	if b.inside {
		b.ends = append(b.ends, b.words[len(b.words)-1].End)
	}
	b.inside, b.space = false, false
}
