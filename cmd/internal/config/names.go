package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// ReadNames reads a file of the user's own names, a YAML list:
//
//   - name: Nordhavn Port Authority     # canonical, as texts write it
//     type: ORG                         # PER, ORG, LOC, NORP or MISC
//     country: DK                       # optional: ISO 3166-1 alpha-2
//     key: nordhavn-port                # optional: the key in claims; default the name in lower case
//     aliases: [NPA, Port Authority of Nordhavn]
//
// Every mistake is reported with its line. An empty file holds no names.
func ReadNames(path string) ([]extractor.KnownName, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	names, err := parseNames(path, raw)
	if err != nil {
		return nil, err
	}
	return names, nil
}

func parseNames(path string, raw []byte) ([]extractor.KnownName, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("names: %s: %w", path, err)
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("names: %s:%d: want a list; each entry begins with \"- name:\"", path, root.Line)
	}
	f := namesFile{path: path, lines: map[string]int{}}
	var names []extractor.KnownName
	for _, entry := range root.Content {
		if n, ok := f.entry(entry); ok {
			names = append(names, n)
		}
	}
	return names, errors.Join(f.errs...)
}

// A namesFile is a file of names while it is read.
type namesFile struct {
	path  string
	lines map[string]int // line of each form
	errs  []error
}

func (f *namesFile) mistake(n *yaml.Node, format string, args ...any) {
	f.errs = append(f.errs, fmt.Errorf("names: %s:%d: %w", f.path, n.Line, fmt.Errorf(format, args...)))
}

var nameKeys = []string{"name", "type", "country", "key", "aliases"}

// entry reads one name; it reports whether all of it could be read.
func (f *namesFile) entry(entry *yaml.Node) (extractor.KnownName, bool) {
	var n extractor.KnownName
	before := len(f.errs)
	if entry.Kind != yaml.MappingNode {
		f.mistake(entry, "want name, type and so on, got %q", entry.Value)
		return n, false
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(entry.Content); i += 2 {
		key, value := entry.Content[i], entry.Content[i+1]
		if seen[key.Value] {
			f.mistake(key, "%s stands twice in one entry", key.Value)
		}
		seen[key.Value] = true
		switch key.Value {
		case "name":
			n.Name = f.form(value)
		case "type":
			n.Type = f.kind(value)
		case "country":
			n.Country = f.country(value)
		case "key":
			if n.Key = strings.TrimSpace(value.Value); n.Key == "" || value.Kind != yaml.ScalarNode {
				f.mistake(value, "key: want a word, or leave it out")
			}
		case "aliases":
			n.Aliases = f.aliases(value)
		default:
			f.mistake(key, "unknown key %q%s", key.Value, nearest(key.Value, nameKeys))
		}
	}
	if !seen["name"] {
		f.mistake(entry, "an entry without a name")
	}
	if !seen["type"] {
		f.mistake(entry, "%s has no type; there are %s", n.Name, strings.Join(typeNames(), ", "))
	}
	return n, len(f.errs) == before
}

// maxForm is the longest form of a name, in bytes.
const maxForm = 200

// form reads one form of a name.
func (f *namesFile) form(n *yaml.Node) string {
	text := strings.Join(strings.Fields(n.Value), " ")
	switch {
	case n.Kind != yaml.ScalarNode || text == "":
		f.mistake(n, "want a name, got nothing")
	case len(text) > maxForm:
		f.mistake(n, "%.40q… is %d bytes long; names have at most %d", text, len(text), maxForm)
	case f.lines[text] > 0:
		f.mistake(n, "%q stands in line %d already", text, f.lines[text])
	default:
		f.lines[text] = n.Line
	}
	return text
}

func (f *namesFile) aliases(n *yaml.Node) []string {
	nodes := n.Content
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		nodes = []*yaml.Node{n}
	}
	var out []string
	for _, a := range nodes {
		out = append(out, f.form(a))
	}
	return out
}

func (f *namesFile) kind(n *yaml.Node) schemas.EntityType {
	text := strings.ToUpper(strings.TrimSpace(n.Value))
	if full, ok := typeWords[text]; ok {
		f.mistake(n, "no type %q (did you mean %s?)", n.Value, full)
		return ""
	}
	if t := schemas.EntityType(text); slices.Contains(schemas.EntityTypes, t) {
		return t
	}
	f.mistake(n, "no type %q%s", n.Value, nearest(text, typeNames()))
	return ""
}

// typeWords are other names of the types that people are used to.
var typeWords = map[string]string{"PERSON": "PER", "PEOPLE": "PER", "ORGANIZATION": "ORG", "ORGANISATION": "ORG", "COMPANY": "ORG", "LOCATION": "LOC", "PLACE": "LOC", "GPE": "LOC", "CITY": "LOC", "COUNTRY": "LOC", "GROUP": "NORP", "NATIONALITY": "NORP", "OTHER": "MISC"}

func typeNames() []string {
	var out []string
	for _, t := range schemas.EntityTypes {
		out = append(out, string(t))
	}
	return out
}

func (f *namesFile) country(n *yaml.Node) string {
	text := n.Value
	if len(text) != 2 || text != strings.ToUpper(text) || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z' {
		hint := ""
		if up := strings.ToUpper(text); len(up) == 2 {
			hint = fmt.Sprintf(" (did you mean %s?)", up)
		}
		f.mistake(n, "country %q is no ISO 3166-1 code of two capitals%s", text, hint)
	}
	return text
}

// nearest returns " (did you mean …?)" for the nearest of words, else lists them.
func nearest(text string, words []string) string {
	best, at := "", 3
	for _, w := range words {
		d := distance(text, w)
		if d < at && d < len(w) || d == at && best != "" && text[0] == w[0] && text[0] != best[0] {
			best, at = w, d
		}
	}
	if best == "" {
		return "; there are " + strings.Join(words, ", ")
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// CheckKeys refuses keys of the entries of a YAML list, the text of the file at path, that
// are none of known. Each mistake is reported with its line.
func CheckKeys(path string, list []byte, known []string) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(list, &doc); err != nil || len(doc.Content) == 0 {
		return nil // whoever decodes it says what is wrong with it
	}
	var errs []error
	for _, entry := range doc.Content[0].Content {
		if entry.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i < len(entry.Content); i += 2 {
			if k := entry.Content[i]; k.Tag != "!!merge" && !slices.Contains(known, k.Value) {
				errs = append(errs, fmt.Errorf("%s:%d: unknown key %q%s", path, k.Line, k.Value, nearest(k.Value, known)))
			}
		}
	}
	return errors.Join(errs...)
}
