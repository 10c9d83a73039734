package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A claimCard is one claim as pages show it.
type claimCard struct {
	ID, URL, SeriesURL   string
	Text                 string
	Figure               figureText
	What                 string // of a claim without a figure: statement, or the kind of event
	Event                bool
	Slots                []slot
	Tier, State, Modal   string // badges; empty if there is nothing to say
	Final                bool
	Superseded, Conflict bool
	Origins, Publishers  int
	When, WhenISO        string // publication of the newest citation
	Lead                 citationCard
	More                 []citationCard
	MoreCount            int // citations that are not shown
	History              *history
	ReplacedBy           []link
	Open                 bool // all citations are shown at once
}

// Badges reports whether the card has any badge: that a claim is reportable goes
// without saying in a list.
func (c *claimCard) Badges() bool {
	return c.State != "" || c.Tier == string(schemas.Candidate) || c.Open || c.Modal != "" || c.Conflict || c.Superseded || c.Final
}

// openAll shows all that is known of each citation.
func (c *claimCard) openAll() {
	c.Open, c.Lead.Full = true, true
	for i := range c.More {
		c.More[i].Full = true
	}
}

// moreCitations bounds the further citations of a card.
const moreCitations = 10

func (d *Desk) card(r *http.Request, c *sink.Claim) (claimCard, error) {
	cl := &c.Record
	card := claimCard{
		ID: cl.ID, URL: "/claims/" + url.PathEscape(cl.ID), SeriesURL: "/series/" + url.PathEscape(cl.SeriesID),
		Text: cl.Text, Figure: newFigure(cl), Tier: string(cl.Tier), Final: cl.Stability == schemas.Final,
		Origins: cl.Corroboration.Origins, Publishers: cl.Corroboration.Publishers,
		When: d.when(cl.LastSeen), WhenISO: cl.LastSeen, Slots: slots(cl),
	}
	if card.What, card.Event = "statement", cl.Kind == schemas.EventClaim; card.Event {
		card.What = measureLabel(cl.Measure)
	}
	if c.State != sink.Living {
		card.State = string(c.State)
	}
	if cl.Modality != schemas.Asserted {
		card.Modal = modalLabel(cl.Modality)
	}
	for _, id := range cl.ReplacedBy {
		name := "the claim that took its place"
		if heir, _, err := d.cfg.Store.Claim(r.Context(), id); err == nil {
			name = heir.Record.Text
		}
		card.ReplacedBy = append(card.ReplacedBy, link{name, "/claims/" + url.PathEscape(id)})
	}
	first := map[string]string{} // publisher of each origin's first citation
	for i := range cl.Citations {
		if i > moreCitations {
			card.MoreCount = len(cl.Citations) - i
			break
		}
		ct, err := d.citation(r, &cl.Citations[i])
		if err != nil {
			return card, err
		}
		if len(cl.Sources) < 2 {
			ct.Source = "" // the line above says it
		}
		if of, ok := first[cl.Citations[i].Origin]; !ok {
			first[cl.Citations[i].Origin] = ct.Publisher
		} else if of != ct.Publisher {
			ct.Copy = of
		}
		if i == 0 {
			card.Lead = ct
		} else {
			card.More = append(card.More, ct)
		}
	}
	s, _, err := d.cfg.Store.Series(r.Context(), cl.SeriesID)
	if errors.Is(err, sink.ErrNotFound) {
		return card, nil
	}
	if err != nil {
		return card, err
	}
	if h := newHistory(s, cl.ID, smallChart, nil); len(h.Rows) > 1 {
		card.History = &h
		for _, row := range h.Rows {
			if row.Here {
				card.Superseded, card.Conflict = row.Superseded, row.Conflict
			}
		}
	}
	return card, nil
}

// A slot is who, where or when of a claim, each with the list of its other claims.
type slot struct {
	Name   string
	Values []link // URL is empty if there is no list
}

// slots lists who and where, for the line under a claim.
func slots(c *schemas.Claim) []slot {
	var out []slot
	add := func(name string, values ...link) {
		if len(values) > 0 && values[0].Name != "" {
			out = append(out, slot{name, values})
		}
	}
	add("who", participants(c, "actor")...)
	add("to or with", participants(c, "recipient")...)
	if c.Place != nil {
		add("place", placeLink(c.Place))
	}
	add("by", entityLink(c.Agent))
	add("victims", entityLink(c.Victim))
	if t := c.Time; t != nil {
		add("when", link{span(t), ""})
	}
	if c.Speaker != nil {
		add("said by", entityLink(c.Speaker))
		return out
	}
	who := []link{}
	for i := range c.Sources {
		who = append(who, entityLink(&c.Sources[i]))
	}
	if len(who) == 0 && c.Kind == schemas.QuantityClaim {
		who = append(who, link{"the publisher alone", ""})
	}
	add("according to", who...)
	return out
}

func participants(c *schemas.Claim, role string) []link {
	var out []link
	for i := range c.Participants {
		if p := &c.Participants[i]; p.Role == role {
			out = append(out, entityLink(&p.Entity))
		}
	}
	return out
}

func placeLink(p *schemas.ClaimPlace) link {
	if p.ID == "" {
		return link{p.Name, listURL("place", p.Name)}
	}
	return link{p.Name, "/entities/" + url.PathEscape(p.ID)}
}

func entityLink(e *schemas.ClaimEntity) link {
	if e == nil || e.ID == "" {
		return link{entity(e), ""}
	}
	return link{e.Name, "/entities/" + url.PathEscape(e.ID)}
}

// listURL is the list of all claims with one filter.
func listURL(parameter, value string) string {
	if len(value) > maxParameter {
		return ""
	}
	return "/?" + url.Values{parameter: {value}, "tier": {"any"}}.Encode()
}

func span(t *schemas.Interval) string {
	from, to := day(t.Start), day(t.End)
	switch {
	case t.Start == t.End:
		return from
	case t.Start == "":
		return "until " + to
	case t.End == "":
		return "since " + from
	}
	return from + " – " + to
}

// measureLabel returns what a measure is about, in words.
func measureLabel(id string) string {
	if m, ok := schemas.LookupMeasure(id); ok {
		if id == schemas.OtherMeasure {
			return "other"
		}
		return m.Description
	}
	return id
}

func countryName(code string) string {
	if code == schemas.NoCountry {
		return "no place"
	}
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.English.Regions().Name(region); name != "" {
		return name
	}
	return code
}

func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return group(strconv.Itoa(n)) + " " + many
}
