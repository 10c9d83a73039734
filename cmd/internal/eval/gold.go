// Package eval measures what the extractor reads against articles that people
// have annotated: precision, recall and F1 for names, figures with their slots,
// times and statements, and how far the confidences can be trusted.
//
// The annotation is one JSON object an article, a line each; [Gold] is its form.
package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/claimwire/claimwire/schemas"
)

// Gold is what a person reads in the text of one article. Every offset is a code
// point of the text, ends exclusive; an empty slot means that the text does not
// say it.
type Gold struct {
	Doc        string          `json:"doc"`               // Article.ID
	Cluster    string          `json:"cluster,omitempty"` // groups articles about one event; empty for a single one
	Entities   []GoldEntity    `json:"entities"`
	Quantities []GoldQuantity  `json:"quantities"`
	Times      []GoldTime      `json:"times"`
	Statements []GoldStatement `json:"statements"`
}

// A GoldEntity is one named thing with all its mentions.
type GoldEntity struct {
	Name     string             `json:"name"` // fullest form in the article
	Type     schemas.EntityType `json:"type"`
	Mentions []schemas.Mention  `json:"mentions"`
}

// A GoldQuantity is one figure. Slots hold an entity's name or a short phrase of
// the text.
type GoldQuantity struct {
	schemas.Span                    // the numeral words
	Text         string             `json:"text"`
	Value        *schemas.Decimal   `json:"value"` // null for a range or a vague count
	Min          *schemas.Decimal   `json:"min"`
	Max          *schemas.Decimal   `json:"max"`
	Comparator   schemas.Comparator `json:"comparator"`
	Unit         string             `json:"unit"`
	Counted      string             `json:"counted"`
	Per          string             `json:"per"`
	Category     schemas.Category   `json:"category"`
	Agent        string             `json:"agent"`
	Place        string             `json:"place"`
	Time         *schemas.Interval  `json:"time"`
	Modality     schemas.Modality   `json:"modality"`
	Source       string             `json:"source"`
	Fact         string             `json:"fact,omitempty"` // the same within a cluster for figures about the same thing; empty if not annotated
}

// A GoldTime is one expression of a calendar date that can be placed.
type GoldTime struct {
	schemas.Span
	Text  string `json:"text"`
	Value string `json:"value"` // ISO 8601 date or prefix, week, or time
}

// A GoldStatement is one attributed content.
type GoldStatement struct {
	schemas.Span
	Text    string `json:"text"`    // the content, without cue and speaker
	Speaker string `json:"speaker"` // an entity's name or a phrase
}

// maxLine bounds one line of an annotation file, in bytes.
const maxLine = 8 << 20

// ReadGold reads annotations, one a line. The error names the line that is no
// annotation.
func ReadGold(r io.Reader) ([]Gold, error) {
	var golds []Gold
	seen := map[string]int{}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxLine)
	n := 0
	for sc.Scan() {
		n++
		line := bytes.TrimSpace(bytes.TrimPrefix(sc.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		var g Gold
		if err := json.Unmarshal(line, &g); err != nil {
			return nil, fmt.Errorf("line %d: no annotation: %w", n, err)
		}
		if g.Doc == "" {
			return nil, fmt.Errorf("line %d: no doc: it names the article by its id", n)
		}
		if before, ok := seen[g.Doc]; ok {
			return nil, fmt.Errorf("line %d: article %s is annotated on line %d already", n, g.Doc, before)
		}
		seen[g.Doc] = n
		golds = append(golds, g)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", n+1, err)
	}
	if len(golds) == 0 {
		return nil, fmt.Errorf("no annotations")
	}
	return golds, nil
}

// Check returns an error if a span of g does not stand where it says in text: an
// annotation of another version of the article would give meaningless scores.
func (g *Gold) Check(text string) error {
	o := schemas.NewOffsets(text)
	check := func(kind, want string, s schemas.Span) error {
		got, ok := o.Slice(text, s)
		switch {
		case !ok || s.Start == s.End:
			return fmt.Errorf("article %s: %s %q at [%d, %d) is not in the text of %d code points", g.Doc, kind, want, s.Start, s.End, o.Len())
		case got != want:
			return fmt.Errorf("article %s: %s %q at [%d, %d), where the text has %q", g.Doc, kind, want, s.Start, s.End, got)
		}
		return nil
	}
	for i := range g.Entities {
		for _, m := range g.Entities[i].Mentions {
			if err := check("mention", m.Text, m.Span); err != nil {
				return err
			}
		}
	}
	for i := range g.Quantities {
		if err := check("quantity", g.Quantities[i].Text, g.Quantities[i].Span); err != nil {
			return err
		}
	}
	for i := range g.Times {
		if err := check("time", g.Times[i].Text, g.Times[i].Span); err != nil {
			return err
		}
	}
	for i := range g.Statements {
		if err := check("statement", g.Statements[i].Text, g.Statements[i].Span); err != nil {
			return err
		}
	}
	return nil
}
