package same

import (
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
fighter militant insurgent rebel gunman extremist terrorist jihadist guerrilla jihadi mercenary
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

// HeadClass returns the class of a counted head noun, lower-case singular. For a
// count of people an absent noun is generic.
func HeadClass(head string, people bool) string {
	if c, ok := classOf()[head]; ok {
		return c
	}
	if head == "" && people {
		return generic
	}
	return head
}
