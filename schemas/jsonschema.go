package schemas

import (
	"embed"
	"fmt"
)

// SchemaNames lists the records that have a JSON Schema, by the name that
// [JSONSchema] takes.
var SchemaNames = []string{"article", "change", "claim", "dead-letter", "extraction", "review", "series"}

//go:embed *.schema.json
var schemaFiles embed.FS

// JSONSchema returns the JSON Schema (draft 2020-12) of a record: the file
// NAME.schema.json of this package. Its $id is urn:claimwire:schema:vVERSION:NAME,
// a name and not an address; it refers to no other file. The files are generated
// from the Go types of this package and their comments, and a test keeps the
// two equal. A name that is not in [SchemaNames] is an error.
//
// The schema of an Article describes input as well: three members are required
// and unknown ones are allowed. Every other record is made by claimwire and has
// exactly the members listed.
func JSONSchema(name string) ([]byte, error) {
	b, err := schemaFiles.ReadFile(name + ".schema.json")
	if err != nil {
		return nil, fmt.Errorf("no JSON Schema named %q", name)
	}
	return b, nil
}
