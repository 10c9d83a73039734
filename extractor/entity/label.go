package entity

import "github.com/claimwire/claimwire/schemas"

// Labels of the model: Outside, and for type k of types 1+2k for the first word
// of a name and 2+2k for the others.
const (
	Outside   = 0
	NumLabels = 11
)

var types = [numTypes]schemas.EntityType{schemas.Person, schemas.Organisation, schemas.Location, schemas.Group, schemas.Misc}

// TypeOf returns the type of the names that label y marks; y is not Outside.
func TypeOf(y uint8) schemas.EntityType { return types[(y-1)/2] }

// Begin returns the label of the first word of a name of type t, Outside if t
// is no type.
func Begin(t schemas.EntityType) uint8 {
	for k, u := range types {
		if t == u {
			return uint8(1 + 2*k)
		}
	}
	return Outside
}

// Inside returns the label that goes on with the name of label y.
func Inside(y uint8) uint8 { return (y - 1) | 1 + 1 }

// starts are the labels that can stand after any label.
var starts = [...]uint8{Outside, 1, 3, 5, 7, 9}

// follows reports whether label y can stand after label p.
func follows(p, y uint8) bool {
	return y == Outside || y&1 == 1 || p == y || p == y-1
}
