package extractor

import "github.com/claimwire/claimwire/schemas"

// A KnownName is a named thing that the user of the extractor knows and the
// lists of the project may not.
type KnownName struct {
	Name    string             // canonical; written so in texts, case and all
	Type    schemas.EntityType // required
	Country string             // ISO 3166-1 alpha-2; "" for none
	Key     string             // canonical key of the thing; "" for the folded name
	Aliases []string           // other names that texts write for it
}

// Forms returns the name and the aliases.
func (k *KnownName) Forms() []string { return append([]string{k.Name}, k.Aliases...) }
