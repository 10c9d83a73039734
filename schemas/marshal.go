package schemas

import (
	"bytes"
	"encoding/json"
)

// Lists and maps of records are never null in JSON: a nil one is written as []
// or {}, so that readers need not tell "none" from "null" and the schemas can say
// "array". The MarshalJSON methods below see to it, whoever built the record.
//
// A struct that embeds one of these types inherits its MarshalJSON and would lose
// its own fields: give it a named field instead.

// MarshalJSON implements [json.Marshaler].
func (e Extraction) MarshalJSON() ([]byte, error) {
	type plain Extraction
	p := plain(e)
	p.Entities = list(p.Entities)
	p.Quantities = list(p.Quantities)
	p.HeadlineQuantities = list(p.HeadlineQuantities)
	p.Numbers = list(p.Numbers)
	p.Times = list(p.Times)
	p.Statements = list(p.Statements)
	p.Events = list(p.Events)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (e Entity) MarshalJSON() ([]byte, error) {
	type plain Entity
	p := plain(e)
	p.Mentions = list(p.Mentions)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (q Quantity) MarshalJSON() ([]byte, error) {
	type plain Quantity
	p := plain(q)
	p.Attribution = list(p.Attribution)
	p.OriginOf = origins(p.OriginOf)
	p.Rules = list(p.Rules)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (s Statement) MarshalJSON() ([]byte, error) {
	type plain Statement
	p := plain(s)
	p.Rules = list(p.Rules)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event
	p := plain(e)
	p.Participants = list(p.Participants)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (c Claim) MarshalJSON() ([]byte, error) {
	type plain Claim
	p := plain(c)
	p.Sources = list(p.Sources)
	p.OriginOf = origins(p.OriginOf)
	p.Participants = list(p.Participants)
	p.Citations = list(p.Citations)
	p.Relations = list(p.Relations)
	p.ReplacedBy = list(p.ReplacedBy)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (c ClaimPlace) MarshalJSON() ([]byte, error) {
	type plain ClaimPlace
	p := plain(c)
	p.Path = list(p.Path)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (s Series) MarshalJSON() ([]byte, error) {
	type plain Series
	p := plain(s)
	p.Points = list(p.Points)
	p.Conflicts = list(p.Conflicts)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (s SeriesPoint) MarshalJSON() ([]byte, error) {
	type plain SeriesPoint
	p := plain(s)
	p.Origins = list(p.Origins)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (e Envelope) MarshalJSON() ([]byte, error) {
	type plain Envelope
	p := plain(e)
	p.Origins = list(p.Origins)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (c Cause) MarshalJSON() ([]byte, error) {
	type plain Cause
	p := plain(c)
	p.Claims = list(p.Claims)
	return marshal(p)
}

// MarshalJSON implements [json.Marshaler].
func (r Review) MarshalJSON() ([]byte, error) {
	type plain Review
	p := plain(r)
	p.Claims = list(p.Claims)
	return marshal(p)
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

func origins(m map[string]SlotOrigin) map[string]SlotOrigin {
	if m == nil {
		return map[string]SlotOrigin{}
	}
	return m
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
