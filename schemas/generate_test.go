package schemas_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"github.com/claimwire/claimwire/schemas"
)

var update = flag.Bool("update", false, "rewrite the schema files and, unless they break it, the baseline")

// records maps each schema name to a value of its Go type.
var records = map[string]any{
	"article": schemas.Article{}, "change": schemas.Change{}, "claim": schemas.Claim{}, "dead-letter": schemas.DeadLetter{},
	"extraction": schemas.Extraction{}, "review": schemas.Review{}, "series": schemas.Series{},
}

// TestSchemaFiles compares the committed schemas with the Go types.
func TestSchemaFiles(t *testing.T) {
	src := parseSource(t)
	for _, name := range schemas.SchemaNames {
		got := generate(src, name, records[name])
		file := name + ".schema.json"
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := schemas.JSONSchema(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Errorf("%s differs from the Go types; run go test ./schemas -update (-file +types):\n%s", file, d)
		}
	}
}

// The wire formats are documented where they are declared: a member without a
// comment is one that readers have to guess.
func TestEveryMemberIsDescribed(t *testing.T) {
	src := parseSource(t)
	for _, r := range records {
		for name, typ := range structTypes(reflect.TypeOf(r)) {
			if src.comments[name] == "" {
				t.Errorf("type %s has no comment", name)
			}
			for i := range typ.NumField() {
				if f := typ.Field(i); !f.Anonymous && src.comments[name+"."+f.Name] == "" {
					t.Errorf("%s.%s has no comment", name, f.Name)
				}
			}
		}
	}
}

func TestSchemaNames(t *testing.T) {
	files, err := filepath.Glob("*.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f, ".schema.json"))
	}
	if d := cmp.Diff(schemas.SchemaNames, names); d != "" {
		t.Errorf("SchemaNames and files differ:\n%s", d)
	}
	if len(records) != len(names) {
		t.Errorf("%d records for %d schemas", len(records), len(names))
	}
	if _, err := schemas.JSONSchema("../go"); err == nil {
		t.Error("JSONSchema of a name that is none: no error")
	}
}

// source is what the generator reads out of the package's Go files.
type source struct {
	comments map[string]string   // "Type" and "Type.Field"
	consts   map[string][]string // enum type to the values of its constants
	lists    map[string][]string // enum type to the values of its list
}

func parseSource(t *testing.T) *source {
	t.Helper()
	s := &source{comments: map[string]string{}, consts: map[string][]string{}, lists: map[string][]string{}}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]string{} // constant to its value
	var lists []*ast.ValueSpec
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					s.addType(spec, g.Doc)
				case *ast.ValueSpec:
					if g.Tok == token.CONST {
						s.addConst(spec, named)
					} else if file == "enums.go" {
						lists = append(lists, spec)
					}
				}
			}
		}
	}
	for _, l := range lists {
		s.addList(l, named)
	}
	return s
}

func (s *source) addType(spec *ast.TypeSpec, doc *ast.CommentGroup) {
	s.comments[spec.Name.Name] = plain(doc.Text())
	st, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range st.Fields.List {
		for _, n := range f.Names {
			s.comments[spec.Name.Name+"."+n.Name] = plain(f.Doc.Text() + f.Comment.Text())
		}
	}
}

func (s *source) addConst(spec *ast.ValueSpec, named map[string]string) {
	typ, ok := spec.Type.(*ast.Ident)
	if !ok {
		return
	}
	for i, n := range spec.Names {
		if lit, ok := spec.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			v := strings.Trim(lit.Value, `"`)
			named[n.Name] = v
			s.consts[typ.Name] = append(s.consts[typ.Name], v)
		}
	}
}

func (s *source) addList(spec *ast.ValueSpec, named map[string]string) {
	lit, ok := spec.Values[0].(*ast.CompositeLit)
	if !ok {
		return
	}
	typ := lit.Type.(*ast.ArrayType).Elt.(*ast.Ident).Name
	for _, e := range lit.Elts {
		switch e := e.(type) {
		case *ast.Ident:
			s.lists[typ] = append(s.lists[typ], named[e.Name])
		case *ast.BasicLit:
			s.lists[typ] = append(s.lists[typ], strings.Trim(e.Value, `"`))
		}
	}
}

var docLink = regexp.MustCompile(`\[\*?([A-Z][A-Za-z0-9.]*)\]`)

// plain makes one line of a Go comment and drops the brackets of its links.
func plain(comment string) string {
	return docLink.ReplaceAllString(strings.Join(strings.Fields(comment), " "), "$1")
}

func generate(src *source, name string, record any) []byte {
	r := jsonschema.Reflector{
		Anonymous: true, // the $id is set below
		LookupComment: func(t reflect.Type, field string) string {
			if field == "" {
				return src.comments[t.Name()]
			}
			return src.comments[t.Name()+"."+field]
		},
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			if t == reflect.TypeFor[schemas.Decimal]() {
				return &jsonschema.Schema{Type: "number"}
			}
			if vs := src.lists[t.Name()]; vs != nil && t.Kind() == reflect.String {
				return enum(vs...)
			}
			return nil
		},
	}
	t := reflect.TypeOf(record)
	s := r.Reflect(record)
	s.ID = jsonschema.ID("urn:claimwire:schema:v" + schemas.Version + ":" + name)
	s.Title = t.Name()
	for typeName, def := range s.Definitions {
		refine(def, structTypes(t)[typeName])
	}
	refineArticle(s.Definitions, name == "article")

	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// structTypes returns the struct types that a record is made of, by name.
func structTypes(t reflect.Type) map[string]reflect.Type {
	m := map[string]reflect.Type{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			walk(t.Elem())
		case reflect.Struct:
			if m[t.Name()] != nil || t == reflect.TypeFor[schemas.Decimal]() || t == reflect.TypeFor[time.Time]() {
				return
			}
			m[t.Name()] = t
			for i := range t.NumField() {
				walk(t.Field(i).Type)
			}
		}
	}
	walk(t)
	return m
}

// refine adds to the schema of one struct type what its Go type does not say.
func refine(def *jsonschema.Schema, t reflect.Type) {
	for _, f := range reflect.VisibleFields(t) {
		name := jsonName(f)
		omit := strings.Contains(f.Tag.Get("json"), ",omitempty")
		p, ok := def.Properties.Get(name)
		if !ok || f.Anonymous {
			continue
		}
		switch f.Type.Kind() {
		case reflect.Int, reflect.Int64, reflect.Uint64:
			p.Minimum = "0" // offsets and numbers of things
		case reflect.Float64:
			p.Minimum, p.Maximum = "0", "1" // probabilities
		case reflect.Pointer:
			if p.Minimum == "" && f.Type.Elem().Kind() == reflect.Int {
				p.Minimum = "0"
			}
		}
		c, ok := constraints[t.Name()+"."+name]
		if !ok {
			c = constraints[name]
		}
		if c != nil {
			c(p)
		}
		if f.Type.Kind() == reflect.Pointer && !omit {
			desc := p.Description
			p.Description = ""
			def.Properties.Set(name, &jsonschema.Schema{Description: desc, AnyOf: []*jsonschema.Schema{p, {Type: "null"}}})
		}
	}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// refineArticle tells an article as input, which may be little more than a text
// and may carry members that are ignored, from one that a stage has completed.
func refineArticle(defs jsonschema.Definitions, input bool) {
	a := defs["Article"]
	switch {
	case a == nil:
	case input:
		a.Required = []string{"id", "published_at", "text"}
		for _, def := range defs {
			def.AdditionalProperties = nil
		}
	default:
		a.Required = append(a.Required, "schema_version", "version", "text_form", "text_sha256")
	}
}

func enum(values ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, v := range values {
		s.Enum = append(s.Enum, v)
	}
	return s
}

func pattern(re string) func(*jsonschema.Schema) {
	return func(s *jsonschema.Schema) { s.Pattern = re }
}

func atLeastOne(s *jsonschema.Schema) {
	one := uint64(1)
	switch s.Type {
	case "array":
		s.MinItems = &one
	case "integer":
		s.Minimum = "1"
	default:
		s.MinLength = &one
	}
}

const (
	datePrefix = `[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?`
	sha256     = `sha256:[0-9a-f]{64}`
)

// constraints holds what comments say and types cannot, by field name or by
// "Type.name", which goes first.
var constraints = map[string]func(*jsonschema.Schema){
	"schema_version": func(s *jsonschema.Schema) { s.Const = schemas.Version },
	"id":             atLeastOne,
	"text_sha256":    pattern(`^` + sha256 + `$`),
	"country":        pattern(`^[A-Z]{2}$`),
	"unit":           func(s *jsonschema.Schema) { s.Enum = enum(schemas.Units()...).Enum },
	"measure": func(s *jsonschema.Schema) {
		for _, m := range schemas.Measures() {
			s.Enum = append(s.Enum, m.ID)
		}
	},
	"revision": atLeastOne,

	"Rate.unit":            atLeastOne,
	"ClaimEntity.id":       nil, // may be empty
	"Entity.id":            pattern(`^e(0|[1-9][0-9]*)$`),
	"Slot.entity":          pattern(`^e(0|[1-9][0-9]*)$`),
	"Entity.mentions":      atLeastOne,
	"Slot.name":            atLeastOne,
	"Timex.from":           pattern(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`),
	"Timex.until":          pattern(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`),
	"Interval.start":       pattern(`^(` + datePrefix + `)?$`),
	"Interval.end":         pattern(`^(` + datePrefix + `)?$`),
	"SeriesPoint.as_of":    pattern(`^(` + datePrefix + `)?$`),
	"Conflict.as_of":       pattern(`^(` + datePrefix + `)?$`),
	"MadeBy.models":        func(s *jsonschema.Schema) { s.AdditionalProperties.Pattern = `^` + sha256 + `$` },
	"Claim.citations":      atLeastOne,
	"Claim.citation_count": atLeastOne,
	"Claim.series_id":      atLeastOne,
	"Anchor.text_sha256":   pattern(`^(` + sha256 + `)?$`), // a block or a merge needs no anchor
	"Change.country":       pattern(`^([A-Z]{2}|--)$`),
	"DeadLetter.sha256":    pattern(`^` + sha256 + `$`),
	"DeadLetter.reason":    atLeastOne,
}
