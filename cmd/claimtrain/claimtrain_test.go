package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

const conllu = `# newdoc id = one
# newpar id = p1
1	Rescuers	rescuer	NOUN	NNS	_	4	nsubj	_	_
2-3	didn't	_	_	_	_	_	_	_	_
2	did	do	AUX	VBD	_	4	aux	_	_
3	n't	not	PART	RB	_	4	advmod	_	_
4	rest	rest	VERB	VB	_	0	root	_	SpaceAfter=No
5	.	.	PUNCT	.	_	4	punct	_	_

1	It	it	PRON	PRP	_	2	nsubj	_	_
2	rained	rain	VERB	VBD	_	0	root	_	SpaceAfter=No
3	.	.	PUNCT	.	_	2	punct	_	_

# newpar id = p2
1	Roads	road	NOUN	NNS	_	2	nsubj	_	_
2	closed	close	VERB	VBD	_	0	root	_	_
2.1	were	be	AUX	VBD	_	_	_	_	_

`

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadTreebank(t *testing.T) {
	docs, err := readTreebank(write(t, "a.conllu", conllu))
	if err != nil || len(docs) != 1 {
		t.Fatalf("readTreebank = %d documents, %v", len(docs), err)
	}
	d := docs[0]
	if want := "Rescuers didn't rest. It rained.\n\nRoads closed"; d.text != want {
		t.Errorf("text = %q, want %q", d.text, want)
	}
	var words []string
	for _, w := range d.words {
		words = append(words, d.text[w.Start:w.End]+"/"+w.Tag)
	}
	if got, want := strings.Join(words, " "), "Rescuers/NNS did/VBD n't/RB rest/VB ./. It/PRP rained/VBD ./. Roads/NNS closed/VBD"; got != want {
		t.Errorf("words = %s, want %s", got, want)
	}
	if _, err := readTreebank(write(t, "b.conllu", "1\tonly\tthree\n")); err == nil {
		t.Error("a line of three columns: no error")
	}
}

func TestTrainTagger(t *testing.T) {
	docs, err := readTreebank(write(t, "a.conllu", strings.Repeat(conllu, 20)))
	if err != nil {
		t.Fatal(err)
	}
	o := tagOptions{bits: 12, epochs: 4, prune: 1, models: 2, plain: 1000, seed: 1, top: 1, least: 1, drop: 20}
	var files [2][]byte
	for i := range files {
		if files[i], err = trainTagger(docs, o); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs differ")
	}
	m, err := tag.ReadModel(string(files[0]))
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := tag.NewWith(m)
	if err != nil {
		t.Fatal(err)
	}
	tokens, sentences, upos, xpos, err := scoreTreebank(docs, extractor.Pipeline{tokenize.New(), tagger})
	if err != nil || tokens < 1 || sentences < 1 || upos < 1 || xpos < 1 {
		t.Errorf("scores on the training set = %v, %v, %v, %v, %v, want 1", tokens, sentences, upos, xpos, err)
	}
}

// namesText returns a token file of n sentences.
func namesText(n int) string {
	people, towns := []string{"Vera Malaga", "Otto Brandt", "Ines Okafor"}, []string{"Norhaven", "Port Hale", "Lowmoor"}
	var b strings.Builder
	for i := range n {
		if i%4 == 0 {
			fmt.Fprintf(&b, "# doc\td%d\n", i)
		}
		add := func(kind, words string) {
			for k, w := range strings.Fields(words) {
				label := "O"
				if kind != "" {
					label = map[bool]string{true: "B-", false: "I-"}[k == 0] + kind
				}
				fmt.Fprintf(&b, "%s\t_\t%s\n", w, label)
			}
		}
		add("", "Governor")
		add("PER", people[i%3])
		add("", "went to")
		add("LOC", towns[i*i%3])
		add("", "with")
		add("NORP", "French")
		add("", "doctors .")
		b.WriteByte('\n')
	}
	return b.String()
}

func TestTrainNames(t *testing.T) {
	docs, err := readNames(write(t, "a.tsv", namesText(40)))
	if err != nil {
		t.Fatal(err)
	}
	if want := "Governor Vera Malaga went to Norhaven with French doctors."; !strings.HasPrefix(docs[0].text, want) {
		t.Errorf("text = %q, want %q first", docs[0].text, want)
	}
	reader, err := entity.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	before, err := embeddedTags()
	if err != nil {
		t.Fatal(err)
	}
	sents, err := prepare(reader, before, corpus{norp: true}, docs, nil, 12)
	if err != nil {
		t.Fatal(err)
	}
	o := nameOptions{bits: 12, epochs: 6, drop: 10, models: 1, seed: 3}
	var files [2][]byte
	for i := range files {
		w := (&nameTrainer{o: o}).train(sents, true)
		if err := calibrate(reader, w, docs, make([]bool, len(docs))); err != nil {
			t.Fatal(err)
		}
		files[i] = w.Pack()
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs differ")
	}
	m, err := entity.ReadModel(string(files[0]))
	if err != nil {
		t.Fatal(err)
	}
	counts, err := scoreNames(docs, extractor.Pipeline{tokenize.New(), entity.NewWith(m, reader)}, func(what, kind, name string) { t.Logf("%s %s %s", what, kind, name) })
	if err != nil {
		t.Fatal(err)
	}
	if got := counts["POL"].f1(); got < 0.99 {
		t.Errorf("POL on the training set = %v, want 1", got)
	}
}

func TestNormalise(t *testing.T) {
	for _, tt := range []struct{ text, kind, want, wantKind string }{
		{"President Vera Malaga", "PER", "Vera Malaga", "PER"},
		{"Mr. Brandt", "PER", "Brandt", "PER"},
		{"President", "PER", "President", "PER"},
		{"the Red Cross", "ORG", "Red Cross", "ORG"},
		{"French", "MISC", "French", "NORP"},
		{"French Cup", "MISC", "French Cup", "MISC"},
	} {
		docs := []namesDoc{{text: tt.text, names: []goldName{{extractor.Span{End: len(tt.text)}, tt.kind}}}}
		corpus{titles: true}.normalise(docs, map[string]bool{"french": true})
		n := docs[0].names[0]
		if got := tt.text[n.Start:n.End]; got != tt.want || n.kind != tt.wantKind {
			t.Errorf("normalise %s %q = %s %q, want %s %q", tt.kind, tt.text, n.kind, got, tt.wantKind, tt.want)
		}
	}
}

func TestMonotonic(t *testing.T) {
	var right, total [entity.MarginSteps]int64
	right[0], total[0] = 5, 10
	right[1], total[1] = 2, 10 // a dip is pooled with what stands before it
	right[2], total[2] = 10, 10
	curve := monotonic(right, total)
	for s := 1; s < len(curve); s++ {
		if curve[s] < curve[s-1] {
			t.Fatalf("curve falls at %d: %d after %d", s, curve[s], curve[s-1])
		}
	}
	if curve[0] != curve[1] || curve[2] <= curve[1] || curve[len(curve)-1] < curve[2] {
		t.Errorf("curve = %v", curve[:4])
	}
}
