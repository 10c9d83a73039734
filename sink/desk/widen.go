package desk

import (
	"context"
	"slices"

	"github.com/claimwire/claimwire/sink"
)

// homonyms bounds how many places of one name are looked for.
const homonyms = 200

// widen adds the ids of places that a query calls by name. A claim knows the places
// around its own by id alone, so "Peru" would not find what happened in Lima.
func (d *Desk) widen(ctx context.Context, q *sink.Query) error {
	for _, names := range []*[]string{&q.Places, &q.Entities} {
		for _, name := range slices.Clone(*names) {
			found, err := d.cfg.Store.Entities(ctx, name, homonyms)
			if err != nil {
				return err
			}
			for i := range found {
				if e := &found[i]; slices.Contains(e.Roles, "place") && sink.Fold(e.Name) == sink.Fold(name) && !slices.Contains(*names, e.ID) {
					*names = append(*names, e.ID)
				}
			}
		}
	}
	return nil
}
