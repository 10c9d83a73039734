package timex_test

import (
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

// TestKinds goes through the kinds of time expression that news prints, one by
// one, in texts published on Wednesday 15 May 2024, or undated. Every line of want
// is what one expression starts with; there must be no others.
func TestKinds(t *testing.T) {
	tags, err := tag.New()
	if err != nil {
		t.Skip("no tagger built in: ", err)
	}
	stages := extractor.Pipeline{tokenize.New(), tags, timex.New()}
	for _, tt := range kinds {
		t.Run(tt.kind, func(t *testing.T) {
			doc := &extractor.Doc{Text: tt.text, Published: extractor.ParseDate("2024-05-15")}
			if strings.HasPrefix(tt.kind, "undated") {
				doc.Published = extractor.Date{}
			}
			if err := stages.Annotate(doc); err != nil {
				t.Fatal(err)
			}
			got := render(doc)
			lines := 0
			for want := range strings.Lines(tt.want) {
				lines++
				if want = strings.TrimSpace(want); !strings.Contains(got, "  "+want) {
					t.Errorf("%q: missing %q in\n%s", tt.text, want, got)
				}
			}
			if n := strings.Count(got, "\n"); n != lines {
				t.Errorf("%q: %d expressions, want %d:\n%s", tt.text, n, lines, got)
			}
		})
	}
}

var kinds = []struct{ kind, text, want string }{
	{"a date in words", "The mill burned on 7 October 2017.", "7 October 2017 | DATE 2017-10-07 | on | 2017-10-07"},
	{"a date in digits", "The mill burned on 2017-10-07.", "2017-10-07 | DATE 2017-10-07 | on | 2017-10-07"},
	{"a year", "The mill burned in 2003.", "2003 | DATE 2003 | in | 2003-01-01..2003-12-31"},
	{"a clock time", "The mill burned at 9:30 p.m. on 7 October 2017.", "9:30 p.m. on 7 October 2017 | TIME 2017-10-07T21:30 | at | 2017-10-07"},
	{"a duration", "The siege lasted two months.", "two months | DURATION P2M | not placed"},
	{"a set", "The paper appears every Monday.", "every Monday | SET XXXX-WXX-1 | not placed"},
	{"a modifier", "The mill burned at the end of March.", "the end of March | DATE 2024-03 END | at | 2024-03-01..2024-03-31"},

	{"a weekday behind", "The mill burned on Tuesday.", "Tuesday | DATE 2024-05-14 | on | 2024-05-14 | from published"},
	{"a weekday ahead", "The mill will open on Friday.", "Friday | DATE 2024-05-17 | on | 2024-05-17 | from published"},
	{"a weekday behind by its verb", "The mill opened on Friday.", "Friday | DATE 2024-05-10 | on | 2024-05-10 | from published"},
	{"a month ahead", "The vote in November will be close.", "November | DATE 2024-11 | in"},
	{"a month behind", "The vote in November was close.", "November | DATE 2023-11 | in"},
	{"each clause has its own direction", "The vote in November will be close; the one in December was not.", "November | DATE 2024-11 | in\nDecember | DATE 2023-12 | in"},
	{"last week", "The mill burned last week.", "last week | DATE 2024-W19 | 2024-05-06..2024-05-12 | from published"},
	{"a year ago", "The mill burned a year ago.", "a year ago | DATE 2023 | 2023-01-01..2023-12-31 | from published"},
	{"the quarter", "Sales fell in the quarter and orders rose.", "the quarter | DATE 2024-Q2 | in"},
	{"the weekend", "The mill burned over the weekend.", "the weekend | DATE 2024-W19-WE | over | 2024-05-11..2024-05-12 | from published"},
	{"at the weekend", "The mill burned at the weekend.", "the weekend | DATE 2024-W19-WE | at | 2024-05-11..2024-05-12 | from published"},
	{"year-earlier", "Profit was up from the year-earlier quarter.", "year-earlier | DATE 2023 | 2023-01-01..2023-12-31 | from published"},
	{"since", "Since October 2023 three mills have burned.", "October 2023 | DATE 2023-10 | since | 2023-10-01..2023-10-31"},
	{"half a year", "The talks took half an hour.", "half an hour | DURATION PT0.5H | not placed"},
	{"half-years", "Sales fell in H1 2023.", "H1 2023 | DATE 2023 START | in | 2023-01-01..2023-06-30"},

	{"two days after something undated", "Two days after the flood the mill burned.", "Two days after | DATE 2024-05-15 | 2024-05-15 | from published"},
	{"two days after, with the day beside it", "Two days after the flood, on 6 March, the mill burned.", "Two days after | DATE 2024-03-06 | 2024-03-06\n6 March | DATE 2024-03-06 | on"},
	{"two days after a date", "Two days after 3 March 2020 the mill burned.", "Two days after | DATE 2020-03-05 | 2020-03-05 | from 2020-03-03\n3 March 2020 | DATE 2020-03-03"},
	{"the next day", "The mill opened on 3 March 2020. The next day it burned.", "3 March 2020 | DATE 2020-03-03 | on\nThe next day | DATE 2020-03-04 | 2020-03-04 | from 2020-03-03"},
	{
		"a narrative", "The revolt began in March 1821. On 25 March the port rose. In October 1821 the city fell, and in February 1822 the fleet came. On 11 April the island was sacked.",
		"March 1821 | DATE 1821-03\n25 March | DATE 1821-03-25\nOctober 1821 | DATE 1821-10\nFebruary 1822 | DATE 1822-02\n11 April | DATE 1822-04-11",
	},

	{"a dateline", "LIMA, May 14 - The mill burned.", "May 14 | DATE 2024-05-14 | 2024-05-14"},
	{"a dateline with its agency", "LIMA (Wire) 13 May 2024 — The mill burned.", "13 May 2024 | DATE 2024-05-13 | 2024-05-13"},
	{"an update stamp", "Updated 9:15 AM, May 13, 2024", "9:15 AM, May 13, 2024 | TIME 2024-05-13T09:15 | 2024-05-13"},
	{"a publication stamp", "Published: 12 May 2024 at 10:30 BST", "12 May 2024 at 10:30 BST | TIME 2024-05-12T10:30 | 2024-05-12"},
	{"a time zone", "The mill burned at 0600 GMT on Tuesday.", "0600 GMT on Tuesday | TIME 2024-05-14T06:00Z"},

	{"vague", "The mill recently burned.", "recently | DATE PAST_REF | not placed"},
	{"rolling", "Over the past 24 hours two mills burned.", "the past 24 hours | DURATION PT24H | over | not placed"},
	{"a decade", "The mill burned in the 1990s.", "1990s | DATE 199 | not placed"},
	{"the decade", "The mill will close by the end of the decade.", "the end of the decade | DATE 202 END | by | not placed"},
	{"overnight", "The mill burned overnight.", "overnight | TIME 2024-05-15TNI | not placed"},
	{"a day of its own name", "The mill burned on Easter Sunday.", ""},
	{"the new year", "The mill burned on New Year's Eve.", "New Year's Eve | DATE 2023-12-31 | on | 2023-12-31"},

	{"undated, absolute", "The mill burned on 7 October 2017.", "7 October 2017 | DATE 2017-10-07 | on | 2017-10-07"},
	{"undated, a weekday", "The mill burned on Tuesday.", "Tuesday | DATE XXXX-WXX-2 | on | not placed | from unresolved"},
	{"undated, last week", "The mill burned last week.", "last week | DATE XXXX-WXX | not placed | from unresolved"},
	{"undated, yesterday", "The mill burned yesterday.", "yesterday | DATE XXXX-XX-XX | not placed | from unresolved"},
	{"undated, two days after", "Two days after the flood the mill burned.", "Two days after | DATE XXXX-XX-XX | not placed | from unresolved"},
	{"undated, from a date of the text", "The mill opened on 3 March 2020. The next day it burned.", "3 March 2020 | DATE 2020-03-03\nThe next day | DATE 2020-03-04 | 2020-03-04 | from 2020-03-03"},

	{"no day of the calendar", "The mill burned on February 30.", "February 30 | DATE  | on | not placed"},
	{"nothing but zeros", "The mill burned on 0/0/0000.", "0/0/0000 | DATE  | on | not placed"},
	{"digits without end", "The mill has 99999999999999999999999 bricks.", ""},
	{"numbers glued to words", "The mill cost 350 milliondollars.", ""},
	{"a number of people", "In all 2003 people came.", ""},
	{"money", "It costs $1948.", ""},
	{"may", "The mill may burn.", ""},
}
