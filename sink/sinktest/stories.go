package sinktest

import (
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// earthquake is a toll that rises over two days, with a conflict, a wire copy
// and a denial.
func (n *newsroom) earthquake() {
	tarsova := &schemas.ClaimPlace{ID: "p-tarsova", Name: "Tarsova", Country: "TR", Path: []string{"p-adira", "p-turkiye"}}
	governor := schemas.ClaimEntity{ID: "e-selin-aktas", Name: "Selin Aktaş", Type: schemas.Person, Country: "TR"}
	agency := schemas.ClaimEntity{ID: "e-dra", Name: "Disaster Relief Authority (DRA)", Type: schemas.Organisation, Country: "TR"}
	killed := schemas.Killed
	toll := func(v int64, cmp schemas.Comparator, text string) *schemas.Claim {
		c := figure("quake-toll", "person-killed", v, cmp, text)
		c.Counted, c.Category, c.Place, c.Predicate = "people killed", &killed, tarsova, "kill"
		c.Time = &schemas.Interval{Start: "2025-11-22", End: "2025-11-22"}
		c.Sources = []schemas.ClaimEntity{governor}
		return c
	}

	a1 := n.article("harbour-post.example", "Harbour Post", "2025-11-22T07:40:00Z", "Strong quake shakes Tarsova before dawn",
		"A magnitude 6.4 earthquake struck the hill town of Tarsova in eastern Türkiye before dawn on Saturday, bringing down apartment blocks along the river.",
		"At least 19 people were killed, provincial governor Selin Aktaş told reporters outside the town hall. She said rescue teams could still hear voices under two of the buildings.",
		"Schools will stay closed until Wednesday.")
	first := toll(19, schemas.AtLeast, "At least 19 people killed in Tarsova, Selin Aktaş says")
	n.tell(schemas.ChangeAsserted, first, a1, Cite(a1, "At least 19 people were killed, provincial governor Selin Aktaş told reporters", "19", a1.ID))

	a2 := n.article("northwire.example", "Northwire", "2025-11-22T18:05:00Z", "Tarsova toll climbs to 41 as night falls",
		"TARSOVA — Rescuers working under floodlights have raised the number of dead to 41, the Disaster Relief Authority (DRA) said on Saturday evening. Some 160 people were injured.",
		"“We are not finished,” said Murat Demirel, who leads one of the crews. “There are streets we have not reached.”")
	second := toll(41, schemas.Exact, "41 people killed in Tarsova, Disaster Relief Authority (DRA) says")
	second.Sources = []schemas.ClaimEntity{agency}
	n.tell(schemas.ChangeAsserted, second, a2, Cite(a2, "Rescuers working under floodlights have raised the number of dead to 41, the Disaster Relief Authority (DRA) said", "41", a2.ID))
	n.tell(schemas.ChangeSuperseded, first, a2)

	hurt := figure("quake-hurt", "person-injured", 160, schemas.About, "About 160 people injured in Tarsova, Disaster Relief Authority (DRA) says")
	injured := schemas.Injured
	hurt.Counted, hurt.Category, hurt.Place, hurt.Time, hurt.Predicate = "people injured", &injured, tarsova, second.Time, "injure"
	n.tell(schemas.ChangeAsserted, hurt, a2, Cite(a2, "Some 160 people were injured.", "160", a2.ID))

	a3 := n.article("valley-courier.example", "Valley Courier", "2025-11-22T18:50:00Z", "Dozens dead in Tarsova quake",
		"Rescuers working under floodlights have raised the number of dead to 41, the Disaster Relief Authority (DRA) said on Saturday evening, according to the Northwire agency.",
		"The town lies two hours by road from the nearest hospital.")
	copied := Cite(a3, "Rescuers working under floodlights have raised the number of dead to 41, the Disaster Relief Authority (DRA) said", "41", a2.ID)
	copied.Source, copied.Support = &agency, 1
	copied.Attribution = []schemas.ClaimAttribution{{Who: schemas.ClaimEntity{Name: "the Northwire agency"}, Cue: "according to"}, {Who: agency, Cue: "said"}}
	n.tell(schemas.ChangeCorroborated, second, a3, copied)

	a4 := n.article("harbour-post.example", "Harbour Post", "2025-11-23T10:15:00Z", "Governor puts quake dead at 58",
		"The earthquake in Tarsova has killed 58 people, Governor Selin Aktaş said on Sunday, as families waited behind a rope line at the sports hall.",
		"The Disaster Relief Authority (DRA), which keeps its own count, has not confirmed the figure.")
	third := toll(58, schemas.Exact, "58 people killed in Tarsova, Selin Aktaş says")
	third.Relations = []schemas.Relation{{Type: schemas.ConflictsWith, Claim: schemas.ID("c", "quake-toll", "53", "exact")}}
	n.tell(schemas.ChangeAsserted, third, a4, Cite(a4, "The earthquake in Tarsova has killed 58 people, Governor Selin Aktaş said on Sunday", "58", a4.ID))
	n.tell(schemas.ChangeSuperseded, second, a4)

	a5 := n.article("meridian.example", "The Meridian", "2025-11-23T12:30:00Z", "Two counts of the dead in Tarsova",
		"Officials gave different figures on Sunday for those who died in Tarsova. The relief authority counts 53 dead, while the governor’s office speaks of 58.",
		"A spokesman for the authority said names were still being compared with hospital lists.")
	fourth := toll(53, schemas.Exact, "53 people killed in Tarsova, Disaster Relief Authority (DRA) says")
	fourth.Sources = []schemas.ClaimEntity{agency}
	fourth.Relations = []schemas.Relation{{Type: schemas.ConflictsWith, Claim: third.ID}}
	n.tell(schemas.ChangeAsserted, fourth, a5, Cite(a5, "The relief authority counts 53 dead", "53", a5.ID))
	n.tell(schemas.ChangeCorroborated, third, a5, Cite(a5, "the governor’s office speaks of 58", "58", a5.ID))
	n.tell(schemas.ChangeConflicted, third, a5)

	wrong := toll(580, schemas.Exact, "580 people killed in Tarsova")
	wrong.Tier, wrong.Sources = schemas.Candidate, []schemas.ClaimEntity{}
	a6 := n.article("valley-courier.example", "Valley Courier", "2025-11-23T13:00:00Z", "Morning briefing",
		"In brief: 580 people died in the Tarsova earthquake. Trains on the coast run to a holiday timetable.")
	n.tell(schemas.ChangeAsserted, wrong, a6, Cite(a6, "580 people died in the Tarsova earthquake", "580", a6.ID))
	n.tell(schemas.ChangeRetracted, wrong, a6)
}

// talks is a quota against a requirement, and a statement.
func (n *newsroom) talks() {
	gaza := &schemas.ClaimPlace{ID: "p-gaza", Name: "Gaza Strip", Country: "PS", Path: []string{"p-palestine"}}
	centre := schemas.ClaimEntity{ID: "e-jcc", Name: "Joint Crossing Cell (JCC)", Type: schemas.Organisation}
	a := n.article("meridian.example", "The Meridian", "2025-11-24T09:20:00Z", "Aid convoys still short of the promise",
		"Under the terms, 600 lorries of aid were supposed to cross into the Gaza Strip each day. The Joint Crossing Cell (JCC) has let in no more than 210 a day since the middle of the month, an aid worker said.",
		"“Every driver knows the number, and every driver knows it is not met,” said Leyla Haddad, who runs a depot at the crossing.")
	lorries := func(v int64, cmp schemas.Comparator, m schemas.Modality, text string) *schemas.Claim {
		c := figure("lorries-"+string(m), "transport-enter", v, cmp, text)
		c.Counted, c.Per, c.Place, c.Modality, c.Predicate = "aid lorry", "day", gaza, m, "enter"
		return c
	}
	promised := lorries(600, schemas.Exact, schemas.Required, "600 aid lorries a day required to enter the Gaza Strip")
	entered := lorries(210, schemas.AtMost, schemas.Asserted, "At most 210 aid lorries a day enter the Gaza Strip, an aid worker says")
	entered.Agent = &centre
	entered.Sources = []schemas.ClaimEntity{{Name: "an aid worker"}}
	entered.Relations = []schemas.Relation{{Type: schemas.ContrastsWith, Claim: promised.ID}}
	promised.Relations = []schemas.Relation{{Type: schemas.ContrastsWith, Claim: entered.ID}}
	n.tell(schemas.ChangeAsserted, promised, a, Cite(a, "600 lorries of aid were supposed to cross into the Gaza Strip each day", "600", a.ID))
	n.tell(schemas.ChangeAsserted, entered, a, Cite(a, "has let in no more than 210 a day since the middle of the month, an aid worker said", "210", a.ID))

	direct := schemas.Direct
	said := figure("haddad", "statement", 0, schemas.Exact, "Leyla Haddad: every driver knows the number is not met")
	said.Kind, said.Value, said.Mode = schemas.StatementClaim, nil, &direct
	said.Speaker = &schemas.ClaimEntity{ID: "e-leyla-haddad", Name: "Leyla Haddad", Type: schemas.Person}
	said.Content = "Every driver knows the number, and every driver knows it is not met"
	said.Sources = []schemas.ClaimEntity{*said.Speaker}
	n.tell(schemas.ChangeAsserted, said, a, Cite(a, said.Content, "", a.ID))
}

// takeover has money, a merged claim and a withdrawn one, and ends with
// everything final.
func (n *newsroom) takeover() {
	fund := schemas.ClaimEntity{ID: "e-calder", Name: "Calder Partners", Type: schemas.Organisation, Country: "GB"}
	a := n.article("ledger.example", "Ledger & Line", "2025-11-25T06:00:00Z", "Calder to pay 2.4 billion euros for Aurelia Ports",
		"Calder Partners has agreed to buy the harbour operator Aurelia Ports for €2.4 billion, the two companies said on Tuesday. It will take 67.5 percent of the shares at once.",
		"Workers’ representatives asked for talks on 1,200 jobs.")
	price := figure("aurelia-price", "deal-value", 2_400_000_000, schemas.Exact, "Calder Partners to pay €2.4 billion for Aurelia Ports")
	price.Unit, price.Counted, price.Agent, price.Modality, price.Predicate = "EUR", "price of Aurelia Ports", &fund, schemas.Planned, "buy"
	n.tell(schemas.ChangeAsserted, price, a, Cite(a, "Calder Partners has agreed to buy the harbour operator Aurelia Ports for €2.4 billion", "€2.4 billion", a.ID))

	share := figure("aurelia-share", "share-stake", 0, schemas.Exact, "Calder Partners to take 67.5 percent of Aurelia Ports")
	stake, err := schemas.ParseDecimal("67.5")
	if err != nil {
		panic(err)
	}
	share.Value, share.Unit, share.Counted, share.Agent, share.Modality = &stake, schemas.UnitPercent, "shares of Aurelia Ports", &fund, schemas.Planned
	n.tell(schemas.ChangeAsserted, share, a, Cite(a, "It will take 67.5 percent of the shares at once", "67.5 percent", a.ID))

	twin := figure("aurelia-price-twin", "deal-value", 2_400_000_000, schemas.Exact, "Calder to pay €2.4 billion for the port operator")
	twin.Unit, twin.Counted, twin.Modality = "EUR", "price of the port operator", schemas.Planned
	b := n.article("harbour-post.example", "Harbour Post", "2025-11-25T08:30:00Z", "Port operator sold",
		"The port operator changes hands for €2.4 billion, a person close to the deal said.",
		"Some 300 dockers came out for an hour on Tuesday.")
	n.tell(schemas.ChangeAsserted, twin, b, Cite(b, "The port operator changes hands for €2.4 billion", "€2.4 billion", b.ID))
	n.tell(schemas.ChangeCorroborated, price, b, Cite(b, "The port operator changes hands for €2.4 billion", "€2.4 billion", b.ID))
	twin.ReplacedBy = []string{price.ID}
	n.tell(schemas.ChangeMerged, twin, b)

	talks := figure("aurelia-talks", "event-agree", 0, schemas.Exact, "Calder Partners – agreed – Aurelia Ports.")
	talks.Kind, talks.Value, talks.EventType, talks.Predicate = schemas.EventClaim, nil, "agree", "agreed"
	talks.Participants = []schemas.ClaimParticipant{
		{Role: "actor", Entity: fund}, {Role: "recipient", Entity: schemas.ClaimEntity{ID: "e-aurelia", Name: "Aurelia Ports", Type: schemas.Organisation, Country: "PT"}},
	}
	agreed := Cite(a, "Calder Partners has agreed to buy the harbour operator Aurelia Ports", "agreed", a.ID)
	agreed.Words, agreed.Figure = agreed.Figure, nil
	n.tell(schemas.ChangeAsserted, talks, a, agreed)

	dockers := figure("dockers", "attendance", 300, schemas.About, "About 300 dockers at a walk-out")
	dockers.Counted = "docker"
	n.tell(schemas.ChangeAsserted, dockers, b, Cite(b, "Some 300 dockers came out for an hour", "300", b.ID))
	n.tell(schemas.ChangeWithdrawn, dockers, b)

	for _, c := range []*schemas.Claim{price, share} {
		c.Stability = schemas.Final
		n.tell(schemas.ChangeFinalized, c, nil)
	}
}

// grounding is an article that is edited after a copy of it was printed, and a claim
// that turns out to join two things: a review takes it apart.
func (n *newsroom) grounding() {
	norvik := &schemas.ClaimPlace{ID: "p-norvik", Name: "Norvik", Country: "NO", Path: []string{"p-norway"}}
	injured := schemas.Injured
	about := func(series, measure, counted string, v int64, text string) *schemas.Claim {
		c := figure(series, measure, v, schemas.Exact, text)
		c.Counted, c.Place = counted, norvik
		c.Time = &schemas.Interval{Start: "2025-11-26", End: "2025-11-26"}
		return c
	}
	title := "Ferry aground off Norvik"
	a := n.article("fjord-times.example", "Fjord Times", "2025-11-26T05:10:00Z", title,
		"The ferry Solbris ran aground off Norvik before dawn on Wednesday and all 84 people on board were brought ashore.",
		"Five passengers were injured.")
	saved := about("norvik-saved", "person-rescued", "people on board", 84, "84 people rescued off Norvik")
	n.tell(schemas.ChangeAsserted, saved, a, Cite(a, "all 84 people on board were brought ashore", "84", a.ID))
	hurt := about("norvik-hurt", "person-injured", "passengers", 5, "5 passengers injured in Norvik")
	hurt.Category = &injured
	n.tell(schemas.ChangeAsserted, hurt, a, Cite(a, "Five passengers were injured", "Five", a.ID))

	b := n.article("valley-courier.example", "Valley Courier", "2025-11-26T06:00:00Z", "Ferry passengers ashore",
		"All 84 people on board were brought ashore, the Fjord Times reports. In the town, five passengers were injured when a bus braked hard.")
	n.tell(schemas.ChangeCorroborated, saved, b, Cite(b, "All 84 people on board were brought ashore", "84", b.ID))
	n.tell(schemas.ChangeCorroborated, hurt, b, Cite(b, "five passengers were injured when a bus braked hard", "five", b.ID))

	// The article is edited: 84 keeps the copy, and loses the article itself.
	edited := n.article("fjord-times.example", "Fjord Times", "2025-11-26T05:10:00Z", title,
		"The ferry Solbris ran aground off Norvik before dawn on Wednesday and all 86 people on board were brought ashore.",
		"Five passengers were injured.")
	fetched := edited.FetchedAt.Add(2 * time.Hour)
	edited.FetchedAt = &fetched
	more := about("norvik-saved", "person-rescued", "people on board", 86, "86 people rescued off Norvik")
	n.tell(schemas.ChangeAsserted, more, edited, Cite(edited, "all 86 people on board were brought ashore", "86", edited.ID))
	saved.Citations = saved.Citations[1:]
	n.tell(schemas.ChangeRevised, saved, edited)

	// Two accidents, not one.
	ferry, bus := about("norvik-ferry", "person-injured", "passengers", 5, "5 ferry passengers injured in Norvik"), about("norvik-bus", "person-injured", "passengers", 5, "5 bus passengers injured in Norvik")
	ferry.Category, bus.Category = &injured, &injured
	n.tell(schemas.ChangeAsserted, ferry, edited, Cite(edited, "Five passengers were injured", "Five", edited.ID))
	n.tell(schemas.ChangeAsserted, bus, edited, Cite(b, "five passengers were injured when a bus braked hard", "five", b.ID))
	hurt.ReplacedBy = []string{bus.ID, ferry.ID}
	n.tell(schemas.ChangeSplit, hurt, edited)
}

func sortStrings(s *[]string) {
	slices.Sort(*s)
	*s = slices.Compact(*s)
}

func sortPoints(ps []schemas.SeriesPoint) {
	slices.SortFunc(ps, func(a, b schemas.SeriesPoint) int {
		if c := strings.Compare(a.AsOf, b.AsOf); c != 0 {
			return c
		}
		return strings.Compare(a.Claim, b.Claim)
	})
}
