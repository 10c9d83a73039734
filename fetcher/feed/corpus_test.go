package feed

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// A fault is what can go wrong with a feed on its way from a publisher.
type fault struct {
	name   string
	harm   func(string) string
	silent bool // no fault by any standard: nothing to report
}

func swap(old, with string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, old, with) }
}

// encoded brings a feed into an encoding, and says so in its declaration.
func encoded(name string, enc encoding.Encoding) func(string) string {
	return func(s string) string {
		out, err := encoding.ReplaceUnsupported(enc.NewEncoder()).String(strings.Replace(s, "utf-8", name, 1))
		if err != nil {
			panic(err)
		}
		return out
	}
}

// faults are applied to feeds of three formats; all keep what a reader would call
// the title and address of both items.
var faults = []fault{
	{"none", swap("", ""), true},
	{"utf-16le", encoded("utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), true},
	{"utf-16be", encoded("utf-16", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)), true},
	{"utf-16le without mark", encoded("utf-16", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), true},
	{"utf-16be without mark", encoded("utf-16", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)), true},
	{"utf-16 that says utf-8", encoded("utf-8", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), true},
	{"utf-32le", encoded("utf-32", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)), true},
	{"utf-32be", encoded("utf-32", utf32.UTF32(utf32.BigEndian, utf32.UseBOM)), true},
	{"latin-1", encoded("iso-8859-1", charmap.ISO8859_1), true},
	{"windows-1252", encoded("windows-1252", charmap.Windows1252), true},
	{"mac roman", encoded("macintosh", charmap.Macintosh), true},
	{"latin-1 that says utf-8", encoded("utf-8", charmap.ISO8859_1), false},
	{"latin-1 that says nothing", func(s string) string {
		return encoded("utf-8", charmap.ISO8859_1)(strings.Replace(s, ` encoding="utf-8"`, "", 1))
	}, false},
	{"utf-8 that says latin-1", swap("utf-8", "iso-8859-1"), false},
	{"utf-8 that says us-ascii", swap("utf-8", "us-ascii"), false},
	{"unknown encoding", swap("utf-8", "x-made-up"), true},
	{"byte order mark", func(s string) string { return "\ufeff" + s }, true},
	{"blank lines first", func(s string) string { return "\r\n\n  " + s }, true},
	{"comment first", func(s string) string { return "<!-- built at noon -->" + s }, true},
	{"no declaration", func(s string) string { return s[strings.Index(s, "?>")+2:] }, true},
	{"declaration of XML 1.1", swap(`version="1.0"`, `version="1.1"`), true},
	{"PHP warning first", func(s string) string { return "<br />\n<b>Warning</b>: date() in feed.php\n" + s }, false},
	{"stray ampersand", swap("Caf", "Bread & Caf"), false},
	{"ampersand in an address", swap("?id=", "?x=1&id="), false},
	{"HTML entity", swap("Café", "Caf&eacute;"), false},
	{"entity without semicolon", swap("Café", "Caf&eacute"), false},
	{"reference to a control character", swap("Café", "Caf&#x1;é"), false},
	{"reference out of range", swap("Café", "Caf&#1114112;é"), false},
	{"NUL", swap("Café", "Caf\x00é"), false},
	{"form feed", swap("Café", "Caf\x0cé"), false},
	{"half a surrogate", swap("Café", "Caf\xed\xa0\x80é"), false},
	{"cut-off character", swap("Café one", "Café one\xe2\x80"), false},
	{"less-than in text", swap("Café", "Café 1 < 2"), false},
	{"unclosed tag in a title", swap("Café", "<b>Café"), false},
	{"unclosed br", swap("Words of", "Words<br>of"), true},
	{"stray end tag", swap("Café", "Café</i>"), false},
	{"crossed tags", swap("Words of", "<b><i>Words</b></i> of"), false},
	{"end tag in other case", swap("</title>", "</TITLE>"), false},
	{"attribute without quotes", swap(`version="2.0"`, `version=2.0`), false},
	{"attribute twice", swap(`<title`, `<title a="1" a="2"`), false},
	{"attribute without value", swap(`<title`, `<title hidden`), false},
	{"cut off in the second item", func(s string) string { return s[:strings.Index(s, "LAST")+4] }, false},
	{"end tags missing at the end", func(s string) string { return s[:strings.LastIndex(s, "Words")+14] }, false},
	{"something after the end", func(s string) string { return s + "<!-- cached --><script>x()</script>" }, false},
	{"second feed after the end", func(s string) string { return s + s[strings.Index(s, "?>")+2:] }, false},
	{"unclosed CDATA", swap("Words of LAST", "<![CDATA[Words of LAST"), false},
	{"end of CDATA in text", swap("Words of", "Words ]]> of"), true},
	{"document type with entities", func(s string) string {
		return strings.Replace(s, "?>", `?><!DOCTYPE x [<!ENTITY a "b">]>`, 1)
	}, false},
	{"external document type", func(s string) string {
		return strings.Replace(s, "?>", `?><!DOCTYPE rss PUBLIC "-//N//DTD 0.91//EN" "http://my.example/rss.dtd">`, 1)
	}, true},
	{"prefix without namespace", swap("<title", "<x:y>z</x:y><title"), true},
	{"stylesheet", func(s string) string {
		return strings.Replace(s, "?>", `?><?xml-stylesheet href="/feed.xsl"?>`, 1)
	}, true},
	{"processing instruction without end", swap("</title>", "</title><?php echo 1; >"), false},
	{"comment with dashes", swap("<title", "<!-- a -- b --><title"), true},
	{"comment without end at the end", func(s string) string { return s + "<!-- bye" }, false},
	{"tabs and line ends in tags", swap("<title", "<title\r\n\t"), true},
	{"CRLF", swap("\n", "\r\n"), true},
	{"single quotes", swap(`"`, `'`), true},
	{"upper-case declaration", swap("utf-8", "UTF-8"), true},
	{"unclosed item", func(s string) string {
		s = strings.Replace(s, "</item>", "", 1)
		return strings.Replace(s, "</entry>", "", 1)
	}, false},
}

// documents are well-formed feeds with the items Café one and Café LAST.
var documents = map[string]string{
	"rss": `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>News</title><link>http://n.example/</link>
<item><title>Café one</title><link>http://n.example/1?id=1</link><description>Words of one</description></item>
<item><link>http://n.example/2?id=2</link><title>Café LAST</title><description>Words of LAST</description></item></channel></rss>`,
	"atom": `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" version="2.0"><title>News</title><id>n</id><updated>2025-03-01T00:00:00Z</updated>
<entry><id>1</id><link href="http://n.example/1?id=1"/><title>Café one</title><summary>Words of one</summary></entry>
<entry><id>2</id><link href="http://n.example/2?id=2"/><title>Café LAST</title><summary>Words of LAST</summary></entry></feed>`,
	"rdf": `<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" version="2.0"><channel rdf:about="http://n.example/"><title>News</title></channel>
<item rdf:about="http://n.example/1?id=1"><title>Café one</title><link>http://n.example/1?id=1</link><description>Words of one</description></item>
<item rdf:about="http://n.example/2?id=2"><link>http://n.example/2?id=2</link><title>Café LAST</title><description>Words of LAST</description></item></rdf:RDF>`,
}

// whole reports whether a feed's items have their titles and addresses.
func whole(titles, links []string) bool {
	if len(titles) < 2 {
		return false
	}
	for i, want := range []string{"one", "LAST"} {
		if !strings.Contains(titles[i], want) || !strings.Contains(titles[i], "Caf") || !strings.Contains(links[i], fmt.Sprintf("id=%d", i+1)) {
			return false
		}
	}
	return true
}

// TestCorpus harms feeds of three formats in every way of faults and counts those
// that are read in full, and reported, beside gofeed alone.
func TestCorpus(t *testing.T) {
	total, read, reported, faulty, alone := 0, 0, 0, 0, 0
	for kind, doc := range documents {
		for _, f := range faults {
			data := f.harm(doc)
			if data == doc && f.name != "none" {
				continue // this format has nothing of the kind
			}
			total++
			var titles, links []string
			got, err := Parse([]byte(data), "", "")
			if err == nil {
				for _, it := range got.Items {
					titles, links = append(titles, it.Title), append(links, it.Link)
				}
			}
			if whole(titles, links) {
				read++
			} else {
				t.Logf("%s, %s: titles %q, links %q, %v", kind, f.name, titles, links, err)
			}
			if !f.silent {
				faulty++
				if err == nil && len(got.Repairs) > 0 {
					reported++
				} else {
					t.Logf("%s, %s: not reported", kind, f.name)
				}
			} else if err == nil && len(got.Repairs) > 0 {
				t.Errorf("%s, %s: repairs %v of what is no fault", kind, f.name, got.Repairs)
			}
			titles, links = nil, nil
			if g, err := gofeed.NewParser().Parse(strings.NewReader(data)); err == nil {
				for _, it := range g.Items {
					titles, links = append(titles, it.Title), append(links, it.Link)
				}
			}
			if whole(titles, links) {
				alone++
			}
		}
	}
	t.Logf("%d of %d feeds read in full, %d of %d faults reported; gofeed alone reads %d", read, total, reported, faulty, alone)
	if float64(read) < 0.99*float64(total) {
		t.Errorf("%d of %d feeds read in full, want 99 %%", read, total)
	}
	if float64(reported) < 0.99*float64(faulty) {
		t.Errorf("%d of %d faults reported, want 99 %%", reported, faulty)
	}
}
