// Package schematest checks records against the JSON Schemas of package schemas,
// for the tests of everything that writes records.
package schematest

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/claimwire/claimwire/schemas"
)

// Validate fails the test if record is not a valid record of the schema with
// this name: "article", "extraction", "claim", "series", "change", "review" or
// "dead-letter".
func Validate(t testing.TB, name string, record []byte) {
	t.Helper()
	if err := Check(name, record); err != nil {
		t.Errorf("%v\nrecord: %s", err, clip(record))
	}
}

// Check returns an error that lists everything in which record differs from the
// schema with this name. Formats are asserted.
func Check(name string, record []byte) error {
	compiled, err := compile()
	if err != nil {
		return err
	}
	schema, ok := compiled[name]
	if !ok {
		return fmt.Errorf("no JSON Schema named %q", name)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(record))
	if err != nil {
		return fmt.Errorf("%s is not one JSON value: %w", name, err)
	}
	if err := schema.Validate(v); err != nil {
		return fmt.Errorf("%s: %s", name, brief(err.Error()))
	}
	return nil
}

// brief cuts long lines: the enum of units alone has more than 200 values.
func brief(message string) string {
	const most = 200
	lines := strings.Split(message, "\n")
	for i, l := range lines {
		if r := []rune(l); len(r) > most {
			lines[i] = string(r[:most]) + "…"
		}
	}
	return strings.Join(lines, "\n")
}

var compile = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	compiled := make(map[string]*jsonschema.Schema, len(schemas.SchemaNames))
	for _, name := range schemas.SchemaNames {
		raw, err := schemas.JSONSchema(name)
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		url := "urn:claimwire:schema:v" + schemas.Version + ":" + name
		if err := c.AddResource(url, doc); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		if compiled[name], err = c.Compile(url); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
	}
	return compiled, nil
})

// clip keeps a failure readable when the record carries a whole article.
func clip(b []byte) []byte {
	const most = 2000
	if len(b) <= most {
		return b
	}
	return append(b[:most:most], "…"...)
}
