package feed

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/claimwire/claimwire/schemas"
)

const rssFeed = `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Harbour Post</title><link>https://harbour.example/</link><language>en-GB</language><ttl>30</ttl><copyright>© Harbour Post</copyright>
<atom:link rel="self" href="https://harbour.example/rss"/><atom:link rel="hub" href="https://hub.example/"/>
<item><title>Ferry &amp; tug collide</title><link>/news/ferry</link><guid isPermaLink="false">id-1</guid><pubDate>Tue, 04 Mar 2025 23:30:00 -0500</pubDate><dc:creator>Ann Lee</dc:creator><description>Two ships.</description><content:encoded><![CDATA[<p>Two ships met.</p>]]></content:encoded></item>
<item><title>No link here</title><guid>https://harbour.example/news/guid</guid><dcterms:issued>2025-03-05</dcterms:issued><dcterms:modified>2025-03-06T10:00:00Z</dcterms:modified></item>
</channel></rss>`

func TestParseRSS(t *testing.T) {
	got, err := Parse([]byte(rssFeed), "application/rss+xml", "https://harbour.example/rss")
	if err != nil {
		t.Fatal(err)
	}
	want := &Feed{
		Kind: RSS, Title: "Harbour Post", Link: "https://harbour.example/", Self: "https://harbour.example/rss",
		Hub: "https://hub.example/", Language: "en-GB", Rights: "© Harbour Post", TTL: 30 * time.Minute,
		Items: []Item{
			{
				ID: "id-1", Link: "https://harbour.example/news/ferry", Title: "Ferry & tug collide", Author: "Ann Lee",
				Published: "2025-03-04T23:30:00-05:00", Summary: "Two ships.", Content: "<p>Two ships met.</p>",
			},
			{
				ID: "https://harbour.example/news/guid", Link: "https://harbour.example/news/guid", Title: "No link here",
				Published: "2025-03-05", Updated: "2025-03-06T10:00:00Z",
			},
		},
		Repairs: []Repair{{RepairLink, 1, "https://harbour.example/news/guid"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Parse (-want +got):\n%s", d)
	}
}

func TestParseFormats(t *testing.T) {
	tests := []struct {
		name, in string
		kind     Kind
		want     Item
	}{
		{
			"atom", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/"><title>A</title><entry><id>urn:1</id><title type="html">Tom &amp;amp; Ann</title>
			<link rel="alternate" href="one"/><updated>2025-01-02T03:04:05+02:00</updated><published>2025-01-01T03:04:05+02:00</published><author><name>Z</name></author><summary>S</summary></entry></feed>`,
			Atom,
			Item{ID: "urn:1", Link: "https://a.example/x/one", Title: "Tom & Ann", Author: "Z", Published: "2025-01-01T03:04:05+02:00", Updated: "2025-01-02T03:04:05+02:00", Summary: "S"},
		},
		{
			"rdf", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://r.example/"><title>R</title></channel>
			<item rdf:about="https://r.example/1"><title>T</title><dc:date>2025-02-03T04:05:06+09:00</dc:date></item></rdf:RDF>`,
			RDF,
			Item{ID: "https://r.example/1", Link: "https://r.example/1", Title: "T", Published: "2025-02-03T04:05:06+09:00", Updated: "2025-02-03T04:05:06+09:00"},
		},
		{
			"json", `{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"7","url":"https://j.example/7","title":"T","content_html":"<p>c</p>","date_published":"2025-05-06T07:08:09-07:00","authors":[{"name":"Y"}]}]}`,
			JSON,
			Item{ID: "7", Link: "https://j.example/7", Title: "T", Author: "Y", Published: "2025-05-06T07:08:09-07:00", Content: "<p>c</p>"},
		},
		{
			"rss 0.91", `<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.example/rss-0.91.dtd"><rss version="0.91"><channel><title>Old</title><item><title>T</title><link>https://o.example/1</link></item></channel></rss>`,
			RSS,
			Item{Link: "https://o.example/1", Title: "T"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Parse([]byte(tt.in), "", "")
			if err != nil {
				t.Fatal(err)
			}
			if f.Kind != tt.kind || len(f.Items) != 1 {
				t.Fatalf("Parse: kind %s, %d items, want %s, 1", f.Kind, len(f.Items), tt.kind)
			}
			if d := cmp.Diff(tt.want, f.Items[0]); d != "" {
				t.Errorf("item (-want +got):\n%s", d)
			}
		})
	}
}

func TestParseRepairs(t *testing.T) {
	item := func(s string) string {
		return `<rss version="2.0"><channel><title>F</title><item><title>` + s + `</title><link>https://f.example/1</link></item></channel></rss>`
	}
	latin, _ := charmap.Windows1252.NewEncoder().String(`<?xml version="1.0" encoding="windows-1252"?>` + item("Café “quoted” – 5 €"))
	mislabelled := strings.Replace(latin, `"windows-1252"`, `"utf-8"`, 1)
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(item("Zürich"))
	utf16bare, _ := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(item("Zürich"))
	utf32le, _ := utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewEncoder().String(item("Zürich"))
	tests := []struct {
		name, in, contentType, title string
		kinds                        []RepairKind
	}{
		{"clean", item("a &amp; b &#8212; c"), "", "a & b — c", nil},
		{"windows-1252", latin, "text/xml", "Café “quoted” – 5 €", nil},
		{"charset only in the header", strings.Replace(latin, ` encoding="windows-1252"`, "", 1), "text/xml; charset=windows-1252", "Café “quoted” – 5 €", nil},
		{"windows-1252 that says utf-8", mislabelled, "", "Café “quoted” – 5 €", []RepairKind{RepairCharset}},
		{"utf-8 that says latin-1", `<?xml version="1.0" encoding="iso-8859-1"?>` + item("Zürich"), "", "Zürich", []RepairKind{RepairCharset}},
		{"utf-16 with mark", utf16, "", "Zürich", nil},
		{"utf-16 without mark", utf16bare, "", "Zürich", nil},
		{"utf-32", utf32le, "", "Zürich", nil},
		{"byte order mark", "\xef\xbb\xbf" + item("x"), "", "x", nil},
		{"one bad byte", item("na\xefve — x"), "", "naïve — x", []RepairKind{RepairCharset}},
		{"control characters", item("a\x00b\x0bc"), "", "abc", []RepairKind{RepairControl}},
		{"ampersand", item("Q&A, R&D;"), "", "Q&A, R&D;", []RepairKind{RepairAmpersand}},
		{"html entities", item("a&nbsp;b&mdash;c"), "", "a b—c", []RepairKind{RepairEntity}},
		{"less-than", item("3 < 4"), "", "3 < 4", []RepairKind{RepairAmpersand}},
		{"unclosed tag", item("a<b>c"), "", "a c", []RepairKind{RepairTag}},
		{"stray end tag", item("a</i>c"), "", "ac", []RepairKind{RepairTag}},
		{"cut off", item("whole") + "", "", "whole", nil},
		{"cut off in an item", item("whole")[:100], "", "whole", []RepairKind{RepairTag}},
		{"attributes", `<rss version=2.0 new><channel><item><title>x</title></item></channel></rss>`, "", "x", []RepairKind{RepairAttribute}},
		{"entity declarations", `<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>` + item("&b;"), "", "&b;", []RepairKind{RepairDTD, RepairAmpersand}},
		{"item not closed", `<rss><channel><item><title>x</title><item><title>y</title></item></channel></rss>`, "", "x", []RepairKind{RepairTag}},
		{"space and comment first", "\n <!-- made by hand -->\n" + item("x"), "", "x", nil},
		{"root far down", "<!--" + strings.Repeat("x", 9000) + "-->" + item("x"), "", "x", nil},
		{"cdata without end", `<rss><channel><item><title><![CDATA[x</title></item></channel></rss>`, "", "x", []RepairKind{RepairTag}},
		{"markup in title", item("<b>Big</b> news"), "", "Big news", nil},
		{"bad date", `<rss><channel><item><title>x</title><pubDate>soon</pubDate></item></channel></rss>`, "", "x", []RepairKind{RepairDate}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Parse([]byte(tt.in), tt.contentType, "")
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Items) == 0 || f.Items[0].Title != tt.title {
				t.Errorf("Parse: items %+v, want title %q first", f.Items, tt.title)
			}
			var kinds []RepairKind
			for _, r := range f.Repairs {
				kinds = append(kinds, r.Kind)
			}
			if d := cmp.Diff(tt.kinds, kinds); d != "" {
				t.Errorf("repairs (-want +got):\n%s\n%+v", d, f.Repairs)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	page := `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head><body>hi</body></html>`
	tests := []struct{ name, in, want string }{
		{"empty", "", "feed is empty"},
		{"blank", " \n\xef\xbb\xbf", "feed is empty"},
		{"html", page, "a web page, not a feed; it links to https://s.example/rss"},
		{"html without doctype", "<HTML><body>x", "a web page, not a feed"},
		{"text", "Service unavailable", "no XML and no JSON"},
		{"other xml", "<svg><g/></svg>", `root element "svg" is no feed`},
		{"json", `{"error":`, "feed: "},
		{"deep", strings.Repeat("<rss>", 200), "nested more than 128 deep"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.in), "", "https://s.example/")
			if err == nil || !strings.Contains(err.Error(), tt.want) || !errors.Is(err, schemas.ErrMalformed) {
				t.Errorf("Parse(%.40q) = %v, want %q that matches ErrMalformed", tt.in, err, tt.want)
			}
		})
	}
	var page2 *HTMLError
	if _, err := Parse([]byte(page), "", "https://s.example/"); !errors.As(err, &page2) || len(page2.Feeds) != 1 {
		t.Errorf("Parse(page) = %v, want an HTMLError with one feed", err)
	}
}

func TestParseSitemap(t *testing.T) {
	const news = `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://n.example/a?x=1&y=2 </loc><lastmod>2025-03-05</lastmod><news:news><news:publication><news:name>The Post</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-03-04T10:00:00+01:00</news:publication_date><news:title>Q&amp;A</news:title></news:news></url>
<url><loc>mailto:x@n.example</loc></url></urlset>`
	got, err := Parse([]byte(news), "", "https://n.example/news.xml")
	want := &Feed{
		Kind: Sitemap, Title: "The Post", Language: "en",
		Items:   []Item{{ID: "https://n.example/a?x=1&y=2", Link: "https://n.example/a?x=1&y=2", Title: "Q&A", Published: "2025-03-04T10:00:00+01:00", Updated: "2025-03-05"}},
		Repairs: []Repair{{RepairAmpersand, 1, "&y=2 "}},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("Parse(news sitemap): %v (-want +got):\n%s", err, d)
	}
	got, err = Parse([]byte(`<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap><sitemap><loc>https://n.example/s2.xml</loc></sitemap></sitemapindex>`), "", "https://n.example/")
	want = &Feed{Kind: SitemapIndex, Sitemaps: []string{"https://n.example/s1.xml", "https://n.example/s2.xml"}, Changed: []string{"", ""}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("Parse(index): %v (-want +got):\n%s", err, d)
	}
}

func ExampleParse() {
	broken := "<rss><channel><title>Harbour Post</title><item><title>Q&A with a pilot</title><guid>https://harbour.example/qa</guid>"
	f, err := Parse([]byte(broken), "text/xml", "https://harbour.example/rss")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Items[0].Title, f.Items[0].Link)
	for _, r := range f.Repairs {
		fmt.Println("repaired:", r.Kind, r.Detail)
	}
	// Output:
	// Q&A with a pilot https://harbour.example/qa
	// repaired: ampersand &A with a pilot
	// repaired: tag document ends inside <item>
	// repaired: link https://harbour.example/qa
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(rssFeed), "text/xml")
	f.Add([]byte("<?xml version='1.0' encoding='shift_jis'?><rdf><item about='x'><title>\x82\xa0</title>"), "")
	f.Add([]byte("\xff\xfe<\x00f\x00e\x00e\x00d\x00>\x00"), "text/xml; charset=utf-16")
	f.Add([]byte(`<feed><entry><link href=/x><title type="xhtml"><div>&nbsp;&#0;&#x110000;&</div>`), "")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1}]}`), "")
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		got, err := Parse(data, contentType, "https://f.example/feed")
		if err != nil {
			if !errors.Is(err, schemas.ErrMalformed) {
				t.Errorf("Parse(%q): %v does not match ErrMalformed", data, err)
			}
			return
		}
		for _, it := range got.Items {
			if it.Link != "" && !strings.HasPrefix(it.Link, "http") {
				t.Errorf("Parse(%q): link %q", data, it.Link)
			}
		}
	})
}

// FuzzTidy checks that what the scanner made well-formed needs no second repair.
func FuzzTidy(f *testing.F) {
	f.Add(rssFeed)
	f.Add(`<a b=c d><e>&x;<![CDATA[ ]] <f/></g></e`)
	f.Add("<a b=c d><e>&x;<![CDATA[ ]]\xfa\x00\x00\xfa></g></e")
	f.Add("<a>]]\x00></a>")
	f.Fuzz(func(t *testing.T, s string) {
		once, err := tidy(s, &repairs{})
		if err != nil {
			return
		}
		rep := &repairs{}
		twice, err := tidy(once.text, rep)
		if err != nil {
			t.Fatal(err)
		}
		if twice.text != once.text || rep.list() != nil {
			t.Errorf("tidy(%q)\n once %q\ntwice %q, %+v", s, once.text, twice.text, rep.list())
		}
	})
}

func BenchmarkParse(b *testing.B) {
	item := rssFeed[strings.Index(rssFeed, "<item>") : strings.Index(rssFeed, "</item>")+len("</item>")]
	data := []byte(strings.Replace(rssFeed, "</channel>", strings.Repeat(item, 200)+"</channel>", 1))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Parse(data, "", ""); err != nil {
			b.Fatal(err)
		}
	}
}

// TestEmptyLinkWithEndTag holds the repairs of well-formed Atom at none.
func TestEmptyLinkWithEndTag(t *testing.T) {
	const atom = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
<link rel="self" href="http://a.example/feed"></link>
<entry><title>One</title><id>urn:1</id><link rel="alternate" href="http://a.example/1">
</link><updated>2025-11-24T10:00:00Z</updated></entry></feed>`
	f, err := Parse([]byte(atom), "application/atom+xml", "http://a.example/feed")
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Repairs) != 0 {
		t.Errorf("repairs of well-formed Atom: %v", f.Repairs)
	}
	if len(f.Items) != 1 || f.Items[0].Link != "http://a.example/1" {
		t.Errorf("items = %+v", f.Items)
	}
}

// TestForbiddenBeforeBracket holds that dropping a forbidden character joins no
// "]]>", neither in a CDATA section nor in text, where XML forbids it.
func TestForbiddenBeforeBracket(t *testing.T) {
	const want = "a ]]> b"
	for _, title := range []string{"<![CDATA[a ]]\x00> b]]>", "<![CDATA[a ]\x01]\x02> b]]>", "a ]]\x00> b", "a ]]> b"} {
		f, err := Parse([]byte("<rss><channel><title>"+title+"</title></channel></rss>"), "", "")
		if err != nil {
			t.Errorf("Parse(%q): %v", title, err)
			continue
		}
		if f.Title != want {
			t.Errorf("Parse(%q): title %q, want %q", title, f.Title, want)
		}
	}
}

func TestMediaRSS(t *testing.T) {
	tests := []struct{ name, item, title, summary, link string }{
		{
			"beside", `<media:title>Ships &amp; fog</media:title><media:description type="html">Fourteen wait.</media:description><media:content url="http://a.example/story" medium="document"/>`,
			"Ships & fog", "Fourteen wait.", "http://a.example/story",
		},
		{"inside", `<media:content url="http://a.example/1.jpg" medium="image"><media:title>Ships</media:title></media:content><link>http://a.example/s</link>`, "Ships", "", "http://a.example/s"},
		{
			"group", `<media:group><media:content url="/v.mp4" type="video/mp4"><media:description>Film</media:description></media:content><media:player url="/watch/7"/><media:title>Ships</media:title></media:group>`,
			"Ships", "Film", "http://a.example/watch/7",
		},
		{"own words first", `<title>Own</title><description>Own words</description><link>/own</link><media:title>Ships</media:title><media:description>Other</media:description><media:player url="/watch"/>`, "Own", "Own words", "http://a.example/own"},
	}
	for _, tt := range tests {
		f, err := Parse([]byte(`<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><title>T</title><item>`+tt.item+`</item></channel></rss>`), "", "http://a.example/feed")
		if err != nil || len(f.Items) != 1 {
			t.Errorf("%s: %+v, %v", tt.name, f, err)
			continue
		}
		if it := f.Items[0]; it.Title != tt.title || it.Summary != tt.summary || it.Link != tt.link {
			t.Errorf("%s: title %q, summary %q, link %q, want %q, %q, %q", tt.name, it.Title, it.Summary, it.Link, tt.title, tt.summary, tt.link)
		}
	}
}
