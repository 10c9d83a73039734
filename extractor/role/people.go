package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// People: which nouns count those who can be killed, arrested or rescued.

// unfeeling are nouns for what news counts beside people: things, animals, money, events.
var unfeeling = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`account acre aircraft ambulance animal apartment area attack bag bank barge barrel base battle bear bee bicycle bird blast boat bomb book
		borehole branch bridge bucket buffalo building bull bulldozer bus calf camel camp canoe car carriage carrier case cat cattle chicken church
		city clash company concert container convoy country cow crane crop day deer destroyer district document dog dollar dolphin donkey dose drone
		duck elephant euro excavator explosion factory farm ferry field figure file film firm fish flight frigate front fund gallon game goal goat
		gun hectare helicopter hen home horse hospital hostel hotel house hut image incident island jeep job lab laboratory lamb latrine law library
		licence license line lion liter litre livestock load location lorry market match meeting mine missile monkey month mortar mosque motorbike
		nation neighborhood neighbourhood occasion office operation order page parcel permit peso phone photo picture pig pill pipe place plane point
		poll pool position post poultry pound product project protest province raid rally record recording region report rhino rhinoceros rifle road
		rocket room round route rule rupee school seal seat service share sheep shell shelter ship shipment shop site snake song stadium state
		statement station store strike submarine tablet tank tanker tap target taxi tent ticket tiger time toilet tonne tortoise tower town tractor
		train tram tree trip truck truckload turtle unit vacancy van vehicle video village vote wagon weapon well whale wolf yacht`) {
		m[w] = true
	}
	return m
}()

// canSuffer reports whether what q counts can be killed, arrested, rescued:
// people, not trucks, cattle or days.
func (r *reader) canSuffer(q *extractor.Quantity) bool {
	return !unfeeling[q.Counted.Head]
}

// namesPeople reports whether the counted noun is a word for people of the tables.
func (r *reader) namesPeople(q *extractor.Quantity) bool {
	return r.is(r.doc.TokenAt(q.Counted.End-1), actor|sayNoun|noun)
}

// isPeople reports whether q counts people by a common word or a group's name.
func (r *reader) isPeople(q *extractor.Quantity) bool {
	h := r.doc.TokenAt(q.Counted.End - 1)
	if h < len(r.doc.Tokens) && r.doc.Tokens[h].Name >= 0 && r.doc.Names[r.doc.Tokens[h].Name].Type == schemas.Group {
		return true
	}
	switch q.Counted.Head {
	case "person", "civilian", "resident", "evacuee", "family", "fighter", "rebel", "insurgent", "man", "woman", "child", "villager", "refugee", "passenger", "tourist", "patient", "militant", "soldier", "citizen", "foreigner", "national", "worker", "student", "staff":
		return true
	}
	return false
}

func personal(head string) bool {
	switch head {
	case "people", "person", "civilian", "victim", "dead", "other", "soldier":
		return true
	}
	return false
}
