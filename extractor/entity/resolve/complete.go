package resolve

import "github.com/claimwire/claimwire/schemas"

// Complete fills what the gazetteers know of entities that carry no key: records
// that people or other programs made name things and no more. A key that is given
// stays, with all that belongs to it.
func Complete(es []schemas.Entity) {
	g := loadGazetteer()
	for i := range es {
		e := &es[i]
		if e.Key != "" {
			continue
		}
		e.Key = Fold(e.Name)
		if e.Type == schemas.Person {
			continue
		}
		forms := append([]string{e.Name}, e.Aliases...)
		for _, m := range e.Mentions {
			forms = append(forms, m.Text)
		}
		for _, form := range forms {
			t := g.findFolded(form, Fold(form), e.Type)
			if t == nil || t.typ != e.Type {
				continue
			}
			e.Key = t.key()
			if e.Country == "" {
				e.Country = t.country
			}
			if len(e.Within) == 0 {
				e.Within = t.within
			}
			break
		}
	}
}
