package main

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/schemas"
)

var nameTypes = []schemas.EntityType{schemas.Person, schemas.Organisation, schemas.Location, schemas.Group, schemas.Misc}

// calibrate sets the curves of confidence of w: for each type, how often names
// with a margin are right in docs, made monotonic. NORP is judged where the
// corpus marks it.
func calibrate(reader *entity.Reader, w *entity.Weights, docs []namesDoc, marksNorp []bool) error {
	for k := range w.Curve {
		for s := range w.Curve[k] {
			w.Curve[k][s] = uint16(s) // for now, confidence tells the step
		}
	}
	m, err := entity.ReadModel(string(w.Pack()))
	if err != nil {
		return err
	}
	stages, err := withNames(entity.NewWith(m, reader).Bare())
	if err != nil {
		return err
	}
	var right, total [5][entity.MarginSteps]int64
	for i, d := range docs {
		doc := &extractor.Doc{Text: d.text}
		if err := stages.Annotate(doc); err != nil {
			return err
		}
		gold := map[goldName]bool{}
		for _, n := range d.names {
			gold[n] = true
		}
		for _, n := range doc.Names {
			for k, t := range nameTypes {
				if n.Type != t || !marksNorp[i] && (t == schemas.Group || t == schemas.Misc) {
					continue
				}
				step := int(n.Confidence*65535 + 0.5)
				total[k][step]++
				if gold[goldName{n.Span, string(t)}] {
					right[k][step]++
				}
			}
		}
	}
	for k := range w.Curve {
		w.Curve[k] = monotonic(right[k], total[k])
	}
	return nil
}

// monotonic returns the shares right/total as 65535ths, pooled until they never
// fall (isotonic regression). Two imagined names, one of them right, keep the
// ends off 0 and 1.
func monotonic(right, total [entity.MarginSteps]int64) (curve [entity.MarginSteps]uint16) {
	type block struct{ right, total, steps int64 }
	var blocks []block
	for s := range entity.MarginSteps {
		blocks = append(blocks, block{right[s], total[s], 1})
		for n := len(blocks); n > 1; n = len(blocks) {
			a, b := blocks[n-2], blocks[n-1]
			if a.total > 0 && b.total > 0 && a.right*b.total < b.right*a.total {
				break
			}
			blocks = append(blocks[:n-2], block{a.right + b.right, a.total + b.total, a.steps + b.steps})
		}
	}
	s := 0
	for _, b := range blocks {
		for range b.steps {
			curve[s] = uint16((b.right + 1) * 65535 / (b.total + 2))
			s++
		}
	}
	return curve
}
