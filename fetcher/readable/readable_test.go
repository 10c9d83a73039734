package readable

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"github.com/claimwire/claimwire/schemas"
)

func TestNormalize(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "One line.", "One line."},
		{"empty", "", ""},
		{"blank", " \t\n\u00a0\n", ""},
		{"spaces", "  a \t b\u00a0c\u2009d\u3000e  ", "a b c d e"},
		{"lines", "a\r\n\n\n b \nc", "a\nb\nc"},
		{"decomposed", "Zu\u0308rich cafe\u0301", "Zürich café"},
		{"control", "a\x00b\x1bc\u0085d", "abc d"},
		{"bidirectional", "safe \u202egnp.exe\u202c \u2066x\u2069", "safe gnp.exe x"},
		{"invisible", "Gov\u00adern\u200bment\ufeff", "Government"},
		{"joiners stay", "\U0001F468\u200d\U0001F469 می\u200cخواهم", "\U0001F468\u200d\U0001F469 می\u200cخواهم"},
		{"combining and emoji", "e\u0301\u0327 👍🏽", "ȩ́ 👍🏽"},
		{"arabic", "  قُتل ٤٢ شخصاً  ", "قُتل ٤٢ شخصاً"},
	}
	for _, tt := range tests {
		if got := Normalize(tt.in); got != tt.want {
			t.Errorf("%s: Normalize(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	tests := []struct{ in, want string }{
		{"one\ntwo\n", "one|two"},
		{"wrapped\nline\n\nnext\r\n\r\n\r\nlast", "wrapped line|next|last"},
		{"\n\n only \n\n", "only"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(Paragraphs(tt.in), "|"); got != tt.want {
			t.Errorf("Paragraphs(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestDecode(t *testing.T) {
	const s = "Café “quoted” 5 €"
	w1252, _ := charmap.Windows1252.NewEncoder().String(s)
	utf16le, _ := utf.UTF16(utf.LittleEndian, utf.UseBOM).NewEncoder().String("<p>" + s)
	utf16be, _ := utf.UTF16(utf.BigEndian, utf.IgnoreBOM).NewEncoder().String("<p>" + s)
	sjis, _ := japanese.ShiftJIS.NewEncoder().String("地震で四十一人")
	far := strings.Repeat("<!-- banner -->", 200)
	tests := []struct{ name, in, contentType, want string }{
		{"utf-8", s, "", s},
		{"utf-8 that says latin-1", s, "text/html; charset=iso-8859-1", s},
		{"mark", "\xef\xbb\xbf" + s, "text/html; charset=windows-1252", s},
		{"windows-1252 by header", w1252, "text/html; charset=windows-1252", s},
		{"latin-1 means windows-1252", w1252, "text/html; charset=iso-8859-1", s},
		{"windows-1252 by meta", `<meta charset="windows-1252">` + w1252, "text/html", `<meta charset="windows-1252">` + s},
		{"windows-1252 undeclared", w1252, "", s},
		{"windows-1252 that says utf-8", w1252, "text/html; charset=utf-8", s},
		{"meta far down", far + `<meta charset="shift_jis">` + sjis, "", far + `<meta charset="shift_jis">地震で四十一人`},
		{"shift_jis", sjis, "text/html; charset=Shift_JIS", "地震で四十一人"},
		{"utf-16 with mark", utf16le, "", "<p>" + s},
		{"utf-16 without mark", utf16be, "", "<p>" + s},
		{"both in one page", s + " " + w1252, "", s + " " + s},
		{"unknown label", w1252, "text/html; charset=klingon", s},
	}
	for _, tt := range tests {
		if got := decode([]byte(tt.in), tt.contentType); got != tt.want {
			t.Errorf("%s: decode(%q, %q) = %q, want %q", tt.name, tt.in, tt.contentType, got, tt.want)
		}
	}
}

func TestParseStamp(t *testing.T) {
	tests := []struct{ in, want string }{
		{"2025-03-04T21:15:00-05:00", "2025-03-04T21:15:00-05:00"},
		{"2025-03-04T21:15:00Z", "2025-03-04T21:15:00Z"},
		{"2025-03-04T21:15:00.123Z", "2025-03-04T21:15:00Z"},
		{"2025-03-04T21:15:00+0100", "2025-03-04T21:15:00+01:00"},
		{"2025-03-04T21:15+01:00", "2025-03-04T21:15:00+01:00"},
		{"2025-03-04 21:15:00", "2025-03-04T21:15:00Z"},
		{"Tue, 04 Mar 2025 21:15:00 GMT", "2025-03-04T21:15:00Z"},
		{"Tue, 4 Mar 2025 21:15:00 -0700", "2025-03-04T21:15:00-07:00"},
		{"2025-03-04", "2025-03-04"},
		{"March 4, 2025", "2025-03-04"},
		{"4 March 2025", "2025-03-04"},
		{"20250304", "2025-03-04"},
		{"1970-01-01T00:00:00Z", ""},
		{"1989-12-31", ""},
		{"1990-01-01", "1990-01-01"},
		{"2025-03-12T11:59:00Z", "2025-03-12T11:59:00Z"},
		{"2025-03-12T12:01:00Z", ""},
		{"2090-01-01", ""},
		{"yesterday", ""},
		{"", ""},
		{strings.Repeat("2", 100), ""},
	}
	for _, tt := range tests {
		got := ""
		if s, ok := parseStamp(tt.in, now); ok {
			got = s.String()
		}
		if got != tt.want {
			t.Errorf("parseStamp(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestDates checks which source wins, and on which day.
func TestDates(t *testing.T) {
	const text = "<article><p>The council met for nine hours and agreed on the price of bread, said a clerk who had counted the votes twice.</p></article>"
	ld := func(date string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"` + date + `"}</script>`
	}
	meta := func(date string) string { return `<meta property="article:published_time" content="` + date + `">` }
	tests := []struct {
		name, url, html, feed, updated string
		want                           string
		source                         schemas.PublishedSource
	}{
		{"feed first", "", ld("2025-03-02T10:00:00+01:00"), "2025-03-01T10:00:00Z", "", "2025-03-01T10:00:00Z", schemas.FromFeed},
		{"json-ld", "", ld("2025-03-02T10:00:00+01:00") + meta("2025-03-03"), "", "", "2025-03-02T10:00:00+01:00", schemas.FromJSONLD},
		{"meta", "", meta("2025-03-03T01:00:00+02:00"), "", "", "2025-03-03T01:00:00+02:00", schemas.FromMeta},
		{"itemprop", "", `<span itemprop="datePublished" content="2025-03-03">x</span>`, "", "", "2025-03-03", schemas.FromMeta},
		{"url", "https://n.example/2025/03/04/bread", "", "", "", "2025-03-04", schemas.FromURL},
		{"url in one", "https://n.example/news/bread-20250304", "", "", "", "2025-03-04", schemas.FromURL},
		{"time element", "https://n.example/bread", `<time datetime="2025-03-05T10:00:00Z">5 March</time>`, "", "", "2025-03-05T10:00:00Z", schemas.FromText},
		{"feed's update", "https://n.example/bread", "", "", "2025-03-06T10:00:00Z", "2025-03-06T10:00:00Z", schemas.FromFeed},
		{"printed", "https://n.example/bread", `<p class="date">Published 7 March 2025</p>`, "", "", "2025-03-07", schemas.FromText},
		{"printed, in the month of the address", "https://n.example/2025/02/bread", `<p>Founded on 1 May 2001</p><p>7 February 2025</p>`, "", "", "2025-02-07", schemas.FromText},
		{"none", "https://n.example/bread", "", "", "", "", schemas.FromNone},
		{"1970 gives way", "", ld("1970-01-01T00:00:00Z") + meta("2025-03-03"), "", "", "2025-03-03", schemas.FromMeta},
		{"2090 gives way", "", ld("2025-03-02"), "2090-01-01T00:00:00Z", "", "2025-03-02", schemas.FromJSONLD},
		{"the same instant with its offset", "", ld("2025-03-04T21:15:00-05:00"), "2025-03-05T02:15:00Z", "", "2025-03-04T21:15:00-05:00", schemas.FromJSONLD},
		{"another instant changes nothing", "", ld("2025-03-04T22:15:00-05:00"), "2025-03-05T02:15:00Z", "", "2025-03-05T02:15:00Z", schemas.FromFeed},
		{"the day in the address", "https://n.example/2025/03/04/bread", ld("2025-03-05T02:15:00Z"), "", "", "2025-03-04", schemas.FromURL},
		{"the day in print", "", ld("2025-03-05T02:15:00Z") + `<p class="dateline">Tuesday, March 4, 2025</p>`, "", "", "2025-03-04", schemas.FromText},
		{"the same day in print", "", ld("2025-03-05T02:15:00Z") + `<p class="dateline">March 5th, 2025</p><p class="date">4 March 2025</p>`, "", "", "2025-03-05T02:15:00Z", schemas.FromJSONLD},
		{"moved to another system", "https://n.example/2019/7/2/bread", ld("2025-03-05T02:15:00Z"), "", "", "2019-07-02", schemas.FromURL},
		{"too far for an offset", "https://n.example/2025/03/04/bread", ld("2025-03-05T15:15:00Z"), "", "", "2025-03-05T15:15:00Z", schemas.FromJSONLD},
		{"a day gains its time", "", ld("2025-03-02T10:00:00+01:00"), "2025-03-02", "", "2025-03-02T10:00:00+01:00", schemas.FromJSONLD},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := "<html><head><title>Bread</title></head><body>" + tt.html + text + "</body></html>"
			a, err := Parse(Page{URL: tt.url, Body: []byte(page), Hints: Hints{Published: tt.feed, Updated: tt.updated}, Now: now})
			if err != nil || a.PublishedAt != tt.want || a.PublishedSource != tt.source {
				t.Errorf("published %q from %s, %v, want %q from %s", a.PublishedAt, a.PublishedSource, err, tt.want, tt.source)
			}
		})
	}
}

func TestCanonical(t *testing.T) {
	tests := []struct{ fetched, declared, want string }{
		{"https://www.n.example/a", "", "https://www.n.example/a"},
		{"https://www.n.example/a?utm_source=x&id=7&fbclid=1#top", "", "https://www.n.example/a?id=7"},
		{"https://m.n.example/a", "https://www.n.example/a?utm_campaign=y", "https://www.n.example/a"},
		{"https://amp.n.example/a", "/b", "https://amp.n.example/b"},
		{"https://evil.example/a", "https://www.n.example/a", "https://evil.example/a"},
		{"https://evil.co.uk/a", "https://good.co.uk/a", "https://evil.co.uk/a"},
		{"https://www.n.example/a", "https://www.partner.example/b", "https://www.partner.example/b"},
		{"https://www.n.example/a", "https://www.partner.example/", "https://www.n.example/a"},
		{"https://www.n.example/a", "https://partner.example.evil.example/b", "https://www.n.example/a"},
		{"https://a.github.io/x", "https://b.github.io/x", "https://a.github.io/x"},
		{"https://www.n.example/a", "https://www.n.example/", "https://www.n.example/a"},
		{"https://www.n.example/a", "javascript:alert(1)", "https://www.n.example/a"},
		{"https://www.n.example/a", "https://[bad", "https://www.n.example/a"},
		{"HTTP://WWW.N.Example:80/A", "", "http://www.n.example/A"},
		{"https://ann:secret@n.example:443/a", "", "https://n.example/a"},
		{"https://n.example", "", "https://n.example/"},
		{"https://n.example/a?b=%20c&a=1&b=2", "", "https://n.example/a?b=%20c&a=1&b=2"},
	}
	for _, tt := range tests {
		u, err := url.Parse(tt.fetched)
		if err != nil {
			t.Fatal(err)
		}
		if got := canonical(u, tt.declared, []string{"partner.example"}); got != tt.want {
			t.Errorf("canonical(%q, %q) = %q, want %q", tt.fetched, tt.declared, got, tt.want)
		}
	}
}

func TestDomain(t *testing.T) {
	for host, want := range map[string]string{
		"www.n.example": "n.example", "News.Co.UK": "news.co.uk", "a.b.news.co.uk": "news.co.uk", "x.github.io": "x.github.io", "github.io": "",
		"127.0.0.1": "", "::1": "", "localhost": "", "zürich.example": "xn--zrich-kva.example", "n.example.": "n.example", "": "",
	} {
		if got := Domain(host); got != want {
			t.Errorf("Domain(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestWire(t *testing.T) {
	tests := []struct{ text, byline, credit, agency, evidence string }{
		{"PORT SALVO, March 4 (Reuters) - Ships waited.", "", "", "Reuters", "PORT SALVO, March 4 (Reuters)"},
		{"PORT SALVO (AP) — Ships waited.", "", "", "AP", "PORT SALVO (AP)"},
		{"Lower Marsh (Meridian Wire) – Ships waited.", "", "", "Meridian Wire", "Lower Marsh (Meridian Wire)"},
		{"Ships waited.", "Associated Press", "", "AP", "Associated Press"},
		{"Ships waited.", "Ann Lee, Reuters", "", "Reuters", "Ann Lee, Reuters"},
		{"Ships waited.", "AFP staff", "", "AFP", "AFP staff"},
		{"Ships waited.", "Northern Isles News Agency", "", "Northern Isles News Agency", "Northern Isles News Agency"},
		{"Ships waited.", "", "dpa", "dpa", "dpa"},
		{"Ships waited.\n(AFP)", "", "", "AFP", "(AFP)"},
		{"Ships waited.\n© 2025 The Associated Press. All rights reserved.", "", "", "AP", "© 2025 The Associated Press. All rights reserved."},
		{"Ships waited (Reuters was first to say so) - and left.", "", "", "", ""},
		{"The minister (a former pilot) said no.", "", "", "", ""},
		{"The port office told Reuters that it was full.", "Ann Lee", "", "", ""},
		{"Ships waited.\nSource: harbour office", "", "", "", ""},
		{"", "", "", "", ""},
	}
	for _, tt := range tests {
		w := wire(tt.text, tt.byline, &meta{credit: tt.credit})
		got := schemas.Wire{}
		if w != nil {
			got = *w
		}
		if got != (schemas.Wire{Agency: tt.agency, Evidence: tt.evidence}) {
			t.Errorf("wire(%q, %q, %q) = %+v, want %q, %q", tt.text, tt.byline, tt.credit, got, tt.agency, tt.evidence)
		}
	}
}

func TestPaywall(t *testing.T) {
	yes, no := true, false
	short, long := strings.Repeat("Ships waited. ", 20), strings.Repeat("Ships waited. ", 300)
	const words = "Subscribe now to continue reading."
	tests := []struct {
		name string
		text string
		m    meta
		want schemas.Ternary
	}{
		{"no evidence, short", short, meta{}, schemas.Unknown},
		{"no evidence, long", long, meta{}, schemas.No},
		{"declared free", short, meta{ld: linked{free: &yes}}, schemas.No},
		{"declared paid, short", short, meta{ld: linked{free: &no}}, schemas.Yes},
		{"declared paid, but all there", long, meta{ld: linked{free: &no}}, schemas.Unknown},
		{"declared paid, and a wall's words", long + words, meta{ld: linked{free: &no}}, schemas.Yes},
		{"a wall's words, short", short + words, meta{}, schemas.Yes},
		{"declared free, and a wall's words", short + words, meta{ld: linked{free: &yes}}, schemas.Yes},
		{"tier", short, meta{tier: "locked"}, schemas.Yes},
		{"an element alone", short, meta{wall: true}, schemas.Unknown},
		{"most of the declared body is missing", short, meta{wall: true, ld: linked{body: long}}, schemas.Yes},
	}
	for _, tt := range tests {
		if got := paywall(&schemas.Article{Text: tt.text}, &tt.m, ""); got != tt.want {
			t.Errorf("%s: paywall = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	const english = "The harbour office counted fourteen ships that waited outside the breakwater on Sunday, six more than a day before, and said that pilots would work through the night because of the storm that was moving in from the west of the island."
	const german = "Das Hafenamt zählte am Sonntag vierzehn Schiffe, die vor der Mole warteten, sechs mehr als am Tag zuvor, und erklärte, die Lotsen würden wegen des Sturms, der von Westen heranzieht, die ganze Nacht hindurch arbeiten müssen, bis der Wind nachlässt."
	tests := []struct {
		text     string
		declared []string
		want     string
	}{
		{english, nil, "en"},
		{english, []string{"", "en_GB"}, "en-GB"},
		{english, []string{"de"}, "en"},
		{german, []string{"en-US"}, "de"},
		{"Het havenkantoor telde zondag veertien schepen die voor de haven lagen te wachten, zes meer dan de dag ervoor, of zelfs zeven, zei een woordvoerder die was gevraagd was hij zeker van zijn zaak, en had daar niets op te zeggen of aan toe te voegen.", []string{"en"}, "nl"},
		{"Short text.", []string{"en-US,en"}, "en-US"},
		{"Short text.", []string{"not a tag", "fr"}, "fr"},
		{"Short text.", nil, ""},
	}
	for _, tt := range tests {
		if got := chooseLanguage(tt.text, tt.declared...); got != tt.want {
			t.Errorf("chooseLanguage(%.20q, %q) = %q, want %q", tt.text, tt.declared, got, tt.want)
		}
	}
}

func TestRights(t *testing.T) {
	tests := []struct {
		p    Page
		m    meta
		want string
	}{
		{Page{}, meta{}, ""},
		{Page{}, meta{rights: " © Harbour  Post ", robots: "index, follow"}, "© Harbour Post"},
		{Page{Hints: Hints{Rights: "CC BY 4.0"}, TDM: "1"}, meta{rights: "other"}, "CC BY 4.0; tdm-reservation: 1"},
		{Page{Robots: "claimwire: noindex, NoAI"}, meta{robots: "noindex,noarchive", tdm: "0"}, "robots: noindex, noai, noarchive"},
	}
	for _, tt := range tests {
		if got := rights(tt.p, &tt.m); got != tt.want {
			t.Errorf("rights(%+v) = %q, want %q", tt.p, got, tt.want)
		}
	}
}

func TestTrimSite(t *testing.T) {
	tests := []struct{ title, site, host, heading, want string }{
		{"Ships wait - Harbour Post", "Harbour Post", "", "", "Ships wait"},
		{"Ships wait in vain off the coast - Harbour Post - World", "Harbour Post", "", "", "Ships wait in vain off the coast"},
		{"Ships wait – The Harbour Post online", "", "www.harbourpost.example", "", "Ships wait"},
		{"Ships wait | News", "", "", "", "Ships wait"},
		{"Harbour Post|Ships wait", "", "", "Ships wait", "Ships wait"},
		{"Ships wait: a report - part two", "", "", "Ships wait: a report - part two", "Ships wait: a report - part two"},
		{"Talks - what we know", "", "", "", "Talks - what we know"},
		{"Ships «wait»", "", "", "", "Ships «wait»"},
		{"Half-time at sea", "", "", "", "Half-time at sea"},
		{"", "", "", "", ""},
	}
	for _, tt := range tests {
		if got := trimSite(tt.title, tt.site, tt.host, []string{tt.heading}, true); got != tt.want {
			t.Errorf("trimSite(%q, %q, %q, %q) = %q, want %q", tt.title, tt.site, tt.host, tt.heading, got, tt.want)
		}
	}
}

func TestWithoutHead(t *testing.T) {
	tests := []struct{ in, want string }{
		{"World|Ships wait|By Ann Lee|4 March 2025|Text one.|Text two.", "Text one.|Text two."},
		{"Ships wait|Text one.", "Text one."},
		{"Text one.|Ships wait|Text two.", "Text one.|Ships wait|Text two."},
		{"Ann Lee|Text one.", "Text one."},
		{"World|Text one.", "World|Text one."},
		{"Ships wait", "Ships wait"},
		{"Ships wait|By Ann Lee", "By Ann Lee"},
		{"Bo Lind, 4 March 2025|Text one.", "Text one."},
		{"Bo Lind of the harbour office, 4 March 2025|Text one.", "Bo Lind of the harbour office, 4 March 2025|Text one."},
	}
	for _, tt := range tests {
		byline := "Ann Lee"
		if strings.Contains(tt.in, "Bo ") { // whom nothing else names
			byline = ""
		}
		b := body{paragraphs: strings.Split(tt.in, "|")}
		b.support = make([]int, len(b.paragraphs))
		got := b.withoutHead("Ships wait", byline)
		if s := strings.Join(got.paragraphs, "|"); s != tt.want || len(got.support) != len(got.paragraphs) {
			t.Errorf("withoutHead(%q) = %q, %d supports, want %q", tt.in, s, len(got.support), tt.want)
		}
	}
}

func TestJSONLD(t *testing.T) {
	const body = "<article><p>The council met for nine hours and agreed on the price of bread, said a clerk who had counted the votes twice.</p></article>"
	tests := []struct{ name, ld, title, byline, publisher string }{
		{"graph with references", `{"@graph":[{"@type":"WebSite","name":"Site"},{"@type":["Article","NewsArticle"],"headline":"H","author":{"@id":"#p"},"publisher":{"@id":"#o"}},{"@type":"Person","@id":"#p","name":"Ann Lee"},{"@type":"Organization","@id":"#o","name":"The Post"}]}`, "H", "Ann Lee", "The Post"},
		{"control characters", "{\"@type\":\"NewsArticle\",\"headline\":\"A\nB\"}", "A B", "", ""},
		{"comment marks and semicolon", `<!-- {"@type":"NewsArticle","headline":"H"}; -->`, "H", "", ""},
		{"entities", `{"@type":"NewsArticle","headline":"Q&amp;A","author":"By Ann &amp; Bo"}`, "Q&A", "Ann & Bo", ""},
		{"the page's own among several", `[{"@type":"NewsArticle","headline":"Other","url":"https://n.example/other"},{"@type":"NewsArticle","headline":"Mine","mainEntityOfPage":"https://n.example/mine/"}]`, "Mine", "", ""},
		{"no article", `{"@type":"Organization","name":"O"}`, "Fallback", "", ""},
		{"broken", `{"@type":"NewsArticle","headline":`, "Fallback", "", ""},
		{"wrong types", `{"@type":7,"headline":[{"x":1}],"author":[null,3,{"name":5}]}`, "Fallback", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := `<html><head><title>Fallback</title><script type="application/ld+json">` + tt.ld + `</script></head><body>` + body + `</body></html>`
			a, err := Parse(Page{URL: "https://n.example/mine", Body: []byte(page), Now: now})
			if err != nil || a.Title != tt.title || a.Byline != tt.byline || a.Publisher.Name != tt.publisher {
				t.Errorf("title %q, byline %q, publisher %q, %v, want %q, %q, %q", a.Title, a.Byline, a.Publisher.Name, err, tt.title, tt.byline, tt.publisher)
			}
		})
	}
}

func TestFile(t *testing.T) {
	a, err := File([]byte("A first paragraph,\nwrapped.\n\nA second."), now)
	if err != nil || a.Text != "A first paragraph, wrapped.\nA second." || a.Language != "" || a.TextForm != schemas.Readable1 {
		t.Errorf("File(text) = %+v, %v", a, err)
	}
	a, err = File([]byte(`<html lang="en"><head><title>T</title><meta name="date" content="2025-03-01"></head><body><p>Ten people were hurt when a tram left its rails.</p></body></html>`), now)
	if err != nil || a.Title != "T" || a.Text != "Ten people were hurt when a tram left its rails." || a.PublishedAt != "2025-03-01" {
		t.Errorf("File(html) = %+v, %v", a, err)
	}
	if _, err := File([]byte("  \n"), now); !errors.Is(err, schemas.ErrMalformed) {
		t.Errorf("File(blank) = %v, want ErrMalformed", err)
	}
}

// TestScripted checks pages whose text stands in JSON-LD alone.
func TestScripted(t *testing.T) {
	sentence := strings.Repeat("The council met for nine hours and agreed on the price of bread. ", 6)
	tests := []struct{ name, ld, want string }{
		{"plain body", `"articleBody":"` + sentence + `\n\nA clerk counted.","description":"D"`, Line(sentence) + "\nA clerk counted."},
		{"HTML body", `"articleBody":"<p>` + sentence + `</p><p>A clerk counted.</p>"`, Line(sentence) + "\nA clerk counted."},
		{"teaser", `"description":"The council agreed on the price of bread."`, "The council agreed on the price of bread."},
		{"nothing", `"headline":"H"`, ""},
	}
	for _, tt := range tests {
		page := `<html><head><script type="application/ld+json">{"@type":"NewsArticle",` + tt.ld + `}</script></head><body><div id="app"></div><script>run()</script></body></html>`
		a, err := Parse(Page{URL: "https://n.example/a", Body: []byte(page), Now: now})
		if a.Text != tt.want || (tt.want == "") != errors.Is(err, ErrNoText) {
			t.Errorf("%s: text %q, %v, want %q", tt.name, a.Text, err, tt.want)
		}
	}
}

// TestSupport checks that a paragraph only one reader keeps is told apart.
func TestSupport(t *testing.T) {
	got := support([]string{"a", "b", "c"}, []string{"a", "x b y"}, []string{"a"})
	if fmt.Sprint(got) != "[3 2 1]" {
		t.Errorf("support = %v, want [3 2 1]", got)
	}
	page := []byte("<html><body><article><p>The council met for nine hours and agreed on the price of bread, said a clerk who had counted the votes twice.</p></article></body></html>")
	for _, quick := range []bool{false, true} {
		a, err := Parse(Page{Body: page, Now: now, Quick: quick})
		if err != nil || len(a.Paragraphs) != 1 || (a.Paragraphs[0].Support == 0) != quick {
			t.Errorf("Parse with Quick %t: %+v, %v", quick, a.Paragraphs, err)
		}
	}
}

// checkArticle checks what every article must keep.
func checkArticle(t *testing.T, a schemas.Article) {
	t.Helper()
	if !utf8.ValidString(a.Text) || Normalize(a.Text) != a.Text || !norm.NFC.IsNormalString(a.Text) {
		t.Errorf("text %q is not normalised", a.Text)
	}
	o := schemas.NewOffsets(a.Text)
	at := 0
	for i, p := range a.Paragraphs {
		s, ok := o.Slice(a.Text, p.Span)
		if !ok || s == "" || strings.Contains(s, "\n") || p.Start != at {
			t.Errorf("paragraph %d %+v is %q, want it to start at %d", i, p, s, at)
		}
		at = p.End + 1
	}
	if at != o.Len()+1 {
		t.Errorf("paragraphs end at %d of %d", at, o.Len()+1)
	}
	for _, s := range []string{a.Title, a.Byline, a.Publisher.Name, a.Rights, a.Language} {
		if !utf8.ValidString(s) || strings.IndexFunc(s, unicode.IsControl) >= 0 {
			t.Errorf("field %q holds control characters or no UTF-8", s)
		}
	}
	if a.ID == "" || a.Version == "" || a.TextSHA256 != schemas.SHA256(a.Text) {
		t.Errorf("article %+v is not complete", a)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<html><head><title>T</title><script type="application/ld+json">{"@type":"NewsArticle"}</script></head><body><article><p>Text<br><br>more</p><table><tr><td>1<td>2</table></article>`), "text/html", "https://n.example/2025/01/02/x")
	f.Add([]byte("plain \xff text"), "text/plain", "")
	f.Add([]byte("<p>\u202ea\x00b\u0301</p><meta charset=utf-16><time datetime=x>"), "", "http://[::1]/")
	f.Fuzz(func(t *testing.T, body []byte, contentType, address string) {
		p := Page{URL: address, ContentType: contentType, Body: body, Now: now}
		a, err := Parse(p)
		if err != nil {
			if !errors.Is(err, schemas.ErrMalformed) {
				t.Errorf("Parse: %v does not match ErrMalformed", err)
			}
			return
		}
		checkArticle(t, a)
		if b, err := Parse(p); err != nil || a.Version != b.Version || a.ID != b.ID || a.PublishedAt != b.PublishedAt {
			t.Errorf("parsed twice: %s %s %s, then %s %s %s, %v", a.ID, a.Version, a.PublishedAt, b.ID, b.Version, b.PublishedAt, err)
		}
	})
}

func FuzzNormalize(f *testing.F) {
	f.Add("a \u0344\u00ad\u0301 b\r\n\u2028c")
	f.Fuzz(func(t *testing.T, s string) {
		s = validUTF8(s)
		once := Normalize(s)
		if twice := Normalize(once); twice != once {
			t.Errorf("Normalize(%q) = %q, then %q", s, once, twice)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfe<\x00"), "text/html; charset=utf-16")
	f.Add([]byte("<meta charset=iso-2022-jp>\x1b$B"), "")
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		if s := decode(data, contentType); !utf8.ValidString(s) {
			t.Errorf("decode(%q, %q) = %q is no UTF-8", data, contentType, s)
		}
	})
}

func ExampleParse() {
	page := `<html lang="en"><head><title>Bridge closed | The Post</title>
<meta property="article:published_time" content="2025-03-04T08:00:00+01:00"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Bridge closed</h1>
<p>The old bridge was closed on Tuesday after 12 lorries had crossed it at once, the county said.</p></article></body></html>`
	a, err := Parse(Page{URL: "https://www.post.example/bridge", Body: []byte(page), Now: time.Date(2025, 3, 5, 0, 0, 0, 0, time.UTC)})
	fmt.Println(a.Title, a.PublishedAt, a.PublishedSource, err)
	fmt.Println(a.Text)
	// Output:
	// Bridge closed 2025-03-04T08:00:00+01:00 meta <nil>
	// The old bridge was closed on Tuesday after 12 lorries had crossed it at once, the county said.
}

func BenchmarkParse(b *testing.B) {
	page, err := os.ReadFile("testdata/golden/quake.txtar")
	if err != nil {
		b.Fatal(err)
	}
	for _, quick := range []bool{false, true} {
		b.Run(fmt.Sprintf("quick=%t", quick), func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(Page{URL: "https://n.example/a", Body: page, Now: now, Quick: quick}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLine(b *testing.B) {
	text := strings.Repeat("Zürich counted\u00a0“fourteen” ships  on Sunday. ", 50)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Line(text)
	}
}
