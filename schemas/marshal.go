package schemas

import (
	"bytes"
	"encoding/json"
)

// Lists and maps of records are never null in JSON: a nil one is written as []
// or {}, so that readers need not tell "none" from "null" and the schemas can say
// "array". The MarshalJSON methods here and in encode.go see to it, whoever built
// the record.
//
// A struct that embeds one of these types inherits its MarshalJSON and would lose
// its own fields: give it a named field instead.

// MarshalJSON implements [json.Marshaler].
func (r Review) MarshalJSON() ([]byte, error) {
	type plain Review
	p := plain(r)
	p.Claims = list(p.Claims)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (p Purge) MarshalJSON() ([]byte, error) {
	type plain Purge
	return marshal(plain{list(p.Articles), list(p.Domains), list(p.Names)})
}

// MarshalJSON implements [json.Marshaler].
func (d DeadLetter) MarshalJSON() ([]byte, error) {
	type plain DeadLetter
	p := plain(d)
	p.Record = list(p.Record)
	return marshal(p)
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// marshal leaves "<", ">" and "&" as they are: the outer encoder escapes them
// again if its caller wants that.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
