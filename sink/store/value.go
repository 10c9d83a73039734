package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// clean makes s storable as text: PostgreSQL refuses NUL and bytes that are not
// UTF-8. The record beside it is JSON and holds s as exactly as JSON can.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}

// maxKey is how long an indexed value may be: PostgreSQL's limit is 2,700 bytes.
const maxKey = 300

// key returns s in the form in which it is indexed: a long one ends in a hash.
func key(s string) string {
	s = clean(s)
	if len(s) <= maxKey {
		return s
	}
	return cut(s, maxKey-40) + "…" + schemas.ID("k", s)
}

// cut returns at most n bytes of s, whole runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// instant returns the sortable form of a date or time, "" for anything else.
func instant(s string) string {
	t, _ := sink.Instant(s)
	return cut(t, 32)
}

// A value is what a statement takes for one question mark; the zero value is NULL. It is
// no any, for which every text and number asks for memory.
type value struct {
	kind   kind
	words  string // of a text
	number int64  // else
}

type kind uint8

const (
	isNull kind = iota
	isText
	isNumber
	isBool
)

func textOf[T ~string](s T) value { return value{kind: isText, words: string(s)} }

func numberOf[T ~int | ~int64 | ~uint64](n T) value { return value{kind: isNumber, number: int64(n)} }

func boolOf(b bool) value {
	v := value{kind: isBool}
	if b {
		v.number = 1
	}
	return v
}

func decimalOf(d *schemas.Decimal) value {
	if d == nil {
		return value{}
	}
	return textOf(d.String())
}

// boxed returns v as database/sql takes it.
func (v value) boxed() any {
	switch v.kind {
	case isText:
		return v.words
	case isNumber:
		return v.number
	case isBool:
		return v.number != 0
	}
	return nil
}

// valueOf returns the value of one that boxed may return.
func valueOf(a any) (value, error) {
	switch a := a.(type) {
	case nil:
		return value{}, nil
	case string:
		return textOf(a), nil
	case int:
		return numberOf(a), nil
	case int64:
		return numberOf(a), nil
	case bool:
		return boolOf(a), nil
	}
	return value{}, fmt.Errorf("a value of type %T", a)
}

func entityName(e *schemas.ClaimEntity) string {
	if e == nil {
		return ""
	}
	return clean(e.Name)
}

// listJSON returns the JSON of a list; most are empty.
func listJSON(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	return plainJSON(list)
}

// plainJSON returns the JSON of a list, or of a record that is written seldom.
// Neither holds a value that has none.
func plainJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("store: record without JSON: " + err.Error())
	}
	return string(b)
}
