package entity

import "github.com/claimwire/claimwire/extractor"

// repair applies the conventions for the edges of names.
func repair(doc *extractor.Doc, p *Page, names []extractor.Name) []extractor.Name {
	return names
}
