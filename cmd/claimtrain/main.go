// Command claimtrain trains the embedded models.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func main() {
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(nil, 1<<26)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	t := tokenize.New()
	for sc.Scan() {
		var a struct{ ID, Text string }
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			panic(err)
		}
		d := &extractor.Doc{Text: a.Text}
		t.Annotate(d)
		fmt.Fprintf(w, "# article_id = %s\n", a.ID)
		cp, at := 0, 0
		pos := func(b int) int { cp += utf8.RuneCountInString(a.Text[at:b]); at = b; return cp }
		for _, s := range d.Sentences {
			for i := s.From; i < s.To; i++ {
				k := d.Tokens[i]
				st := pos(k.Start)
				en := pos(k.End)
				fmt.Fprintf(w, "%d\t%s\t_\t%s\t%s\t_\t0\t_\t_\tTokenRange=%d:%d\n", i-s.From+1, d.Word(i), k.UPOS, k.Tag, st, en)
			}
			fmt.Fprintln(w)
		}
	}
}
