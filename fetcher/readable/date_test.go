package readable

import (
	"strings"
	"testing"
)

// TestOddDates holds the share of days that are read right on pages that give
// theirs in unusual ways. Every page also has dates that are not its own: of a
// teaser, of the copyright, in the story.
func TestOddDates(t *testing.T) {
	ld := func(json string) string { return `<script type="application/ld+json">` + json + `</script>` }
	tests := []struct {
		name, head, body, address, want string
	}{
		{name: "list of nodes", head: ld(`[{"@type":"BreadcrumbList"},{"@type":"NewsArticle","datePublished":"2025-03-04T08:00:00+01:00"}]`)},
		{name: "graph", head: ld(`{"@context":"https://schema.org","@graph":[{"@type":"WebSite","datePublished":"2011-01-01"},{"@type":"Article","datePublished":"2025-03-04T08:00:00Z"}]}`)},
		{name: "graph in a list", head: ld(`[{"@graph":[{"@type":["Thing","ReportageNewsArticle"],"datePublished":"2025-03-04"}]}]`)},
		{name: "main entity", head: ld(`{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","datePublished":"2025-03-04T10:00"}}`)},
		{name: "page without article", head: ld(`{"@type":"WebPage","datePublished":"2025-03-04T10:00:00+00:00","dateModified":"2025-03-09T10:00:00Z"}`)},
		{name: "date created", head: ld(`{"@type":"NewsArticle","dateCreated":"2025-03-04T10:00:00Z"}`)},
		{name: "two articles, ours by address", head: ld(`[{"@type":"NewsArticle","url":"https://www.courier.example/other","datePublished":"2024-12-01"},{"@type":"NewsArticle","url":"https://www.courier.example/ships","datePublished":"2025-03-04"}]`), address: "https://www.courier.example/ships"},
		{name: "list of dates", head: ld(`{"@type":"NewsArticle","datePublished":["2025-03-04T10:00:00Z"]}`)},
		{name: "typed value", head: ld(`{"@type":"NewsArticle","datePublished":{"@type":"DateTime","@value":"2025-03-04T10:00:00Z"}}`)},
		{name: "comma after the last field", head: ld(`{"@type":"NewsArticle","datePublished":"2025-03-04T10:00:00Z",}`)},
		{name: "line break in a string", head: ld("{\"@type\":\"NewsArticle\",\"headline\":\"Ships\nwait\",\"datePublished\":\"2025-03-04T10:00:00Z\"}")},
		{name: "in CDATA", head: ld("\n//<![CDATA[\n{\"@type\":\"NewsArticle\",\"datePublished\":\"2025-03-04T10:00:00Z\"}\n//]]>\n")},
		{name: "broken in another field", head: ld(`{"@type":"NewsArticle","headline":"The "great" wait","datePublished":"2025-03-04T10:00:00Z"}`)},
		{name: "script type with parameter", head: `<script type="application/ld+json; charset=utf-8">{"@type":"NewsArticle","datePublished":"2025-03-04T10:00:00Z"}</script>`},
		{name: "milliseconds since 1970", head: ld(`{"@type":"NewsArticle","datePublished":1741082400000}`)},
		{name: "seconds since 1970 in a meta tag", head: `<meta property="article:published_time" content="1741082400">`},
		{name: "no colon in the offset", head: `<meta property="article:published_time" content="2025-03-04T08:00:00+0100">`},
		{name: "name in capitals", head: `<meta name="DC.date.issued" content="2025-03-04">`},
		{name: "Parsely", head: `<meta name="parsely-pub-date" content="2025-03-04T09:00:00Z">`},
		{name: "sailthru", head: `<meta name="sailthru.date" content="Tue, 04 Mar 2025 09:00:00 GMT">`},
		{name: "compact", head: `<meta name="pubdate" content="20250304">`},
		{name: "compact with time", head: `<meta name="ptime" content="20250304091500">`},
		{name: "citation", head: `<meta name="citation_publication_date" content="2025/03/04">`},
		{name: "words in a meta tag", head: `<meta name="date" content="March 4, 2025 9:15 AM">`},
		{name: "weekday in a meta tag", head: `<meta name="publish-date" content="Tuesday, March 4, 2025">`},
		{name: "zone by name", head: `<meta name="publish_date" content="Mar 4, 2025 9:15 am EST">`},
		{name: "itemprop in a meta tag", head: `<meta itemprop="datePublished" content="2025-03-04T09:00:00Z">`},
		{name: "modified before published", head: `<meta property="article:modified_time" content="2025-03-08T09:00:00Z"><meta property="article:published_time" content="2025-03-04T09:00:00Z">`},
		{name: "server's format", head: `<meta property="article:published_time" content="2025-03-04 09:15:00.0">`},
		{name: "fractions", head: `<meta property="article:published_time" content="2025-03-04T09:15:00.123456+00:00">`},
		{name: "JavaScript's format", head: `<meta name="date" content="Tue Mar 04 2025 09:15:00 GMT+0100 (Central European Standard Time)">`},
		{name: "time element", body: `<time datetime="2025-03-04T09:15:00+01:00">today</time>`},
		{name: "time element with a day", body: `<p>Posted <time datetime="2025-03-04">on Tuesday</time></p>`},
		{name: "time element without attribute", body: `<time>4 March 2025</time>`},
		{name: "time element for the update beside it", body: `<div>Updated <time class="updated" datetime="2025-03-08T12:00:00Z">8 March</time>, published <time class="published" datetime="2025-03-04T12:00:00Z">4 March</time></div>`},
		{name: "update first, marked by words alone", body: `<p>Last updated: <time datetime="2025-03-08T12:00:00Z">8 March</time></p><p>First published: <time datetime="2025-03-04T12:00:00Z">4 March</time></p>`},
		{name: "itemprop in the page", body: `<span itemprop="datePublished" content="2025-03-04T09:00:00+02:00">Tuesday</span>`},
		{name: "abbr with title", body: `<abbr class="published" title="2025-03-04T09:00:00+0000">Tuesday</abbr>`},
		{name: "class date", body: `<div class="article-date">4 March 2025</div>`},
		{name: "class date, American", body: `<span class="posted-on">March 4, 2025</span>`},
		{name: "short month", body: `<span class="timestamp">4 Mar 2025, 9:15 am</span>`},
		{name: "ordinal", body: `<p class="dateline">Published: Tuesday, 4th March 2025</p>`},
		{name: "month first with ordinal", body: `<p class="byline">By Ann Lee, March 4th, 2025</p>`},
		{name: "capitals", body: `<p class="date">4 MARCH 2025</p>`},
		{name: "points", body: `<p class="date">04.03.2025</p>`},
		{name: "day first with slashes", body: `<p class="date">Published 04/03/2025 at 09:15 GMT</p>`, head: `<meta property="og:locale" content="en_GB">`},
		{name: "day beyond twelve", body: `<p class="date">25/02/2025</p>`, want: "2025-02-25"},
		{name: "ISO in text", body: `<p class="meta">2025-03-04 09:15</p>`},
		{name: "German month", body: `<p class="datum">4. März 2025</p>`, head: `<meta http-equiv="content-language" content="de">`},
		{name: "French month", body: `<p class="date">Publié le 4 mars 2025 à 9h15</p>`, head: `<meta property="og:locale" content="fr_FR">`},
		{name: "Spanish month", body: `<p class="fecha date">4 de marzo de 2025</p>`},
		{name: "no class at all", body: `<p>Ann Lee</p><p>4 March 2025</p>`},
		{name: "in the line of the section", body: `<div><a href="/world">World</a> | March 4, 2025</div>`},
		{name: "address with slashes", address: "https://www.courier.example/2025/03/04/ships"},
		{name: "address with hyphens", address: "https://www.courier.example/news/2025-03-04-ships.html"},
		{name: "address without zeros", address: "https://www.courier.example/2025/3/4/ships"},
		{name: "compact address", address: "https://www.courier.example/news/20250304/ships"},
		{name: "month by name in the address", address: "https://www.courier.example/2025/mar/04/ships"},
		{name: "evening in America, UTC in the data", head: ld(`{"@type":"NewsArticle","datePublished":"2025-03-05T02:30:00Z"}`), body: `<p class="date">March 4, 2025</p>`},
		{name: "evening in America, offset in a meta tag", head: ld(`{"@type":"NewsArticle","datePublished":"2025-03-05T02:30:00Z"}`) + `<meta property="article:published_time" content="2025-03-04T21:30:00-05:00">`},
		{name: "morning in Asia, UTC in the data", head: ld(`{"@type":"NewsArticle","datePublished":"2025-03-03T22:30:00Z"}`), body: `<p class="date">4 March 2025</p>`},
		{name: "morning in Asia, day in the address", head: ld(`{"@type":"NewsArticle","datePublished":"2025-03-03T22:30:00.000Z"}`), address: "https://www.courier.example/2025/03/04/ships"},
		{name: "print date of a later update does not move the day", head: ld(`{"@type":"NewsArticle","datePublished":"2025-03-04T22:30:00Z"}`), body: `<p class="date">Published March 4, 2025. Updated March 5, 2025.</p>`},
		{name: "midnight in UTC is the day that is meant", head: ld(`{"@type":"NewsArticle","datePublished":"2025-03-04T00:00:00Z"}`)},
		{name: "template's zero is no date", head: ld(`{"@type":"NewsArticle","datePublished":"0001-01-01T00:00:00Z"}`), body: `<p class="date">4 March 2025</p>`},
		{name: "date of the future is no date", head: `<meta property="article:published_time" content="2035-01-01T00:00:00Z">`, body: `<p class="date">4 March 2025</p>`},
		{name: "build time in a generic tag", head: `<meta name="date" content="2025-03-09T01:02:03Z"><meta property="article:published_time" content="2025-03-04T09:00:00Z">`},
	}
	right := 0
	for _, tt := range tests {
		if tt.want == "" {
			tt.want = "2025-03-04"
		}
		if tt.address == "" {
			tt.address = "https://www.courier.example/news/ships.html"
		}
		page := `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ships wait | The Courier</title>` + tt.head + `</head><body>` + siteMenu +
			`<main><h1>Ships wait</h1>` + tt.body + `<p>The harbour office of Marrow counted fourteen ships that waited outside the breakwater, six more than on 12 February 2019, the day of the storm.</p>` +
			`<p>Pilots would work through the night, a spokeswoman said, because the wind was expected to turn. "We ask captains to keep their engines warm," she said.</p></main>` +
			`<div class="river"><ul><li class="t"><div><a href="/x">The price of fish has doubled within a year</a></div><time datetime="2025-03-08T07:00:00Z">8 March 2025</time></li><li class="t"><div><a href="/y">Why the council said no to meters</a></div><time datetime="2025-03-07T07:00:00Z">7 March 2025</time></li></ul></div>` +
			footer + `</body></html>`
		a, err := Parse(Page{URL: tt.address, ContentType: "text/html", Body: []byte(page), Now: now})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if strings.HasPrefix(a.PublishedAt, tt.want) {
			right++
		} else {
			t.Logf("%s: published %q by %s, want %s", tt.name, a.PublishedAt, a.PublishedSource, tt.want)
		}
	}
	t.Logf("%d of %d days right", right, len(tests))
	if right*100 < len(tests)*95 {
		t.Errorf("%d of %d days right, want 95 %%", right, len(tests))
	}
}
