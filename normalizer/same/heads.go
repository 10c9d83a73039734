package same

import (
	"slices"
	"strings"
	"sync"
)

// headClasses lists nouns that news writers use for one another, one class a
// line. The first line is the class that says nothing about whom is counted.
const headClasses = `
person people human victim individual dead wounded death fatality casualty life injured man other soul
body corpse remains bodies
child kid boy girl minor infant toddler schoolchild baby youngster
woman lady
fighter militant insurgent rebel gunman extremist terrorist jihadist guerrilla jihadi
soldier troop serviceman trooper servicemember
police policeman officer constable policewoman cop
civilian noncombatant
evacuee refugee
resident inhabitant villager
town village settlement hamlet
truck lorry
house home dwelling
worker employee staff job workforce
store shop outlet
deal merger takeover acquisition
share stock
revenue sale turnover
mercenary
migrant
prisoner detainee captive inmate
journalist reporter
student pupil
medic doctor nurse
aftershock tremor
`

// generic is the class of nouns that do not tell a sub-group from the whole.
const generic = "person"

var classOf = sync.OnceValue(func() map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(headClasses) {
		fs := strings.Fields(line)
		for _, f := range fs {
			m[f] = fs[0]
		}
	}
	return m
})

// ownNouns are the nouns that a measure gives the people it counts: they say no
// more than "people" there, though "evacuees killed" are a sub-group of the killed.
var ownNouns = map[string]string{
	"person-evacuated":  "evacuee resident",
	"person-displaced":  "evacuee resident migrant",
	"person-detained":   "prisoner suspect",
	"person-released":   "prisoner hostage",
	"person-abducted":   "prisoner hostage",
	"person-rescued":    "survivor",
	"person-infected":   "case patient infection",
	"person-protesting": "protester demonstrator",
}

// HeadClass returns the class of a counted head noun, lower-case singular, under a
// measure. For a count of people an absent noun is generic.
func HeadClass(head, measure string, people bool) string {
	class, ok := classOf()[head]
	if !ok {
		class = head
	}
	if people && (class == "" || slices.Contains(strings.Fields(ownNouns[measure]), class)) {
		return generic
	}
	return class
}
