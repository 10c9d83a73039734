package sinktest

import (
	"fmt"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// HostileTexts lists texts that have broken programs: markup, quotes of SQL,
// formulas, control and direction marks, line ends of all kinds.
func HostileTexts() []string {
	return []string{
		`<script>alert(document.domain)</script><img src=x onerror=alert(1)>`,
		`'); DROP TABLE claims; --`,
		`=HYPERLINK("http://evil.example","12 killed")`,
		"+12\t@SUM(A1:A9)",
		"zero \x00 byte",
		"line\nfeed\r\nreturn\rvertical\vform\f",
		"next\u0085line\u2028separator\u2029paragraph",
		"right \u202e12 dellik\u202c to left \u2066isolate\u2069",
		"\ufeffbyte order mark \ufffe \U0010ffff",
		"combining e\u0301 and \u00e9, Türkiye, غزة, 👩‍👩‍👧 12",
		`back\slash "quotes" %s %00 $1 ?`,
		`]]></text></html>`,
		strings.Repeat("long ", 20_000),
	}
}

// Hostile returns an article and a claim in which every free string is text.
func Hostile(text string) []sink.Record {
	n := &newsroom{claims: map[string]*schemas.Claim{}, revisions: map[string]int{}}
	body := text + "\nIn it, 12 people were killed, " + text
	a := &schemas.Article{
		ID: schemas.ID("a", text), URL: "https://hostile.example/?" + text, Title: text, Byline: text, Rights: text,
		Publisher: schemas.Publisher{Name: text, Domain: "hostile.example"}, PublishedAt: "2025-11-25T10:00:00+02:00", Language: "en", Text: body,
	}
	if err := a.Complete(); err != nil {
		panic(err)
	}
	n.sequence[0]++
	n.records = append(n.records, sink.Record{Stream: schemas.StreamArticles, Sequence: n.sequence[0], Article: a})
	c := figure("hostile"+text, "person-killed", 12, schemas.Exact, text)
	c.Counted, c.Content, c.Predicate = text, text, text
	c.Place = &schemas.ClaimPlace{ID: "p-" + text, Name: text, Country: "US", Path: []string{text}}
	c.Agent = &schemas.ClaimEntity{ID: text, Name: text}
	c.Sources = []schemas.ClaimEntity{{ID: text, Name: text}}
	ct := Cite(a, "12 people were killed, "+text, "12", text)
	ct.Source, ct.Attribution = &c.Sources[0], []schemas.ClaimAttribution{{Who: c.Sources[0], Cue: text}}
	n.tell(schemas.ChangeAsserted, c, nil, ct)
	return n.records
}

// Many returns the records of count articles, each with a claim of its own, and
// one more claim that all of them support. A change of that one carries the 20
// newest of its citations, as the stream has it.
func Many(count int) []sink.Record {
	n := &newsroom{claims: map[string]*schemas.Claim{}, revisions: map[string]int{}}
	shared := figure("shared", "person-missing", 7, schemas.Exact, "7 people missing on Mount Orsk")
	shared.Counted = "people missing"
	var all []schemas.Citation
	for i := range count {
		at := fmt.Sprintf("2025-11-%02dT%02d:%02d:%02dZ", 1+i/86400%28, i/3600%24, i/60%60, i%60)
		a := n.article(fmt.Sprintf("p%d.example", i%50), fmt.Sprintf("Paper %d", i%50), at, fmt.Sprintf("Report %d", i),
			fmt.Sprintf("Seven hikers (7) are still missing on Mount Orsk, report %d says. A further %d people were evacuated.", i, i+2))
		own := figure(fmt.Sprint("own", i), "person-evacuated", int64(i+2), schemas.Exact, fmt.Sprintf("%d people evacuated", i+2))
		own.Counted = "people evacuated"
		n.tell(schemas.ChangeAsserted, own, a, Cite(a, fmt.Sprintf("A further %d people were evacuated", i+2), fmt.Sprint(i+2), a.ID))

		all = append(all, Cite(a, "Seven hikers (7) are still missing on Mount Orsk", "7", a.ID))
		shared.Citations = nil
		kind := schemas.ChangeCorroborated
		if i == 0 {
			kind = schemas.ChangeAsserted
		}
		n.tell(kind, shared, a, all[max(0, len(all)-schemas.MaxChangeCitations):]...)
		last := n.records[len(n.records)-1].Change
		last.Claim.CitationCount, last.Claim.FirstSeen = len(all), all[0].PublishedAt
		last.Claim.Corroboration = schemas.Corroboration{Mentions: len(all), Articles: len(all), Texts: len(all), Publishers: min(len(all), 50), Origins: len(all)}
	}
	return n.records
}
