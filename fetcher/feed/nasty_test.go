package feed

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// formats are well-formed feeds of every format, each with the items one and two,
// whose words and addresses are told by %[1]s.
var formats = map[string]string{
	"rss 0.90": `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>News</title></channel>
<item><title>one %[1]s</title><link>http://n.example/1</link></item><item><title>two %[1]s</title><link>http://n.example/2</link></item></rdf:RDF>`,
	"rss 0.91": `<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://my.example/rss-0.91.dtd"><rss version="0.91"><channel><title>News</title><language>en</language>
<item><title>one %[1]s</title><link>http://n.example/1</link></item><item><title>two %[1]s</title><link>http://n.example/2</link></item></channel></rss>`,
	"rss 1.0": `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="http://n.example/"><title>News</title></channel>
<item rdf:about="http://n.example/1"><title>one %[1]s</title><link>http://n.example/1</link></item><item rdf:about="http://n.example/2"><title>two %[1]s</title><link>http://n.example/2</link></item></rdf:RDF>`,
	"rss 2.0": `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>
<item><title>one %[1]s</title><link>http://n.example/1</link><content:encoded><![CDATA[<p>More %[1]s</p>]]></content:encoded></item><item><title><![CDATA[two %[1]s]]></title><link>http://n.example/2</link></item></channel></rss>`,
	"rss without rss": `<?xml version="1.0"?><channel><title>News</title>
<item><title>one %[1]s</title><link>http://n.example/1</link></item><item><title>two %[1]s</title><link>http://n.example/2</link></item></channel>`,
	"atom 0.3": `<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>News</title><modified>2004-01-01T00:00:00Z</modified>
<entry><title mode="escaped">one %[1]s</title><link rel="alternate" type="text/html" href="http://n.example/1"/><id>1</id></entry><entry><title>two %[1]s</title><link rel="alternate" href="http://n.example/2"/><id>2</id></entry></feed>`,
	"atom 1.0": `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>n</id>
<entry><id>1</id><title type="html">one %[1]s</title><link href="http://n.example/1"/></entry><entry><id>2</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">two %[1]s</div></title><link href="http://n.example/2"/></entry></feed>`,
	"cdf": `<?xml version="1.0"?><CHANNEL HREF="http://n.example/"><TITLE>News</TITLE><ABSTRACT>What is new</ABSTRACT>
<ITEM HREF="http://n.example/1" LASTMOD="1998-11-05T10:00"><TITLE>one %[1]s</TITLE><ABSTRACT>More %[1]s</ABSTRACT></ITEM><CHANNEL><TITLE>Part</TITLE><ITEM><A HREF="http://n.example/2"/><TITLE>two %[1]s</TITLE></ITEM></CHANNEL></CHANNEL>`,
	"news sitemap": `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>http://n.example/1</loc><news:news><news:title>one %[1]s</news:title></news:news></url><url><loc>http://n.example/2</loc><news:news><news:title>two %[1]s</news:title></news:news></url></urlset>`,
}

// items checks that a feed has the items one and two with their words and pages.
func items(f *Feed, words string) error {
	if len(f.Items) != 2 {
		return fmt.Errorf("%d items", len(f.Items))
	}
	for i, name := range []string{"one", "two"} {
		if it := f.Items[i]; it.Title != name+" "+words || it.Link != fmt.Sprintf("http://n.example/%d", i+1) {
			return fmt.Errorf("item %d: %q at %q", i, it.Title, it.Link)
		}
	}
	return nil
}

// TestEncodings reads every format in every encoding: declared in the document or
// in the header or not at all, rightly or wrongly, with and without a mark.
func TestEncodings(t *testing.T) {
	type script struct {
		name, words string
		enc         encoding.Encoding
		mark        bool // the bytes tell the encoding, whatever is declared
	}
	latin := []script{
		{"iso-8859-1", "Zürich ñandú", charmap.ISO8859_1, false},
		{"windows-1252", "Zürich “ñandú” €9", charmap.Windows1252, false},
		{"iso-8859-15", "Zürich €9", charmap.ISO8859_15, false},
		{"macintosh", "Zürich ñandú", charmap.Macintosh, false},
		{"iso-8859-2", "Łódź żółw", charmap.ISO8859_2, false},
		{"windows-1250", "Łódź żółw", charmap.Windows1250, false},
		{"windows-1251", "Москва ждёт", charmap.Windows1251, false},
		{"koi8-r", "Москва ждёт", charmap.KOI8R, false},
		{"iso-8859-5", "Москва ждёт", charmap.ISO8859_5, false},
		{"iso-8859-7", "Αθήνα", charmap.ISO8859_7, false},
		{"windows-1255", "שלום", charmap.Windows1255, false},
		{"windows-1256", "مرحبا", charmap.Windows1256, false},
		{"windows-1254", "İstanbul", charmap.Windows1254, false},
		{"shift_jis", "港の船", japanese.ShiftJIS, false},
		{"euc-jp", "港の船", japanese.EUCJP, false},
		{"iso-2022-jp", "港の船", japanese.ISO2022JP, false},
		{"euc-kr", "항구", korean.EUCKR, false},
		{"gbk", "港口", simplifiedchinese.GBK, false},
		{"gb18030", "港口", simplifiedchinese.GB18030, false},
		{"big5", "港口", traditionalchinese.Big5, false},
		{"utf-8", "Zürich 港 😀", encoding.Nop, false},
		{"utf-16", "Zürich 港 😀", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), true},
		{"utf-16", "Zürich 港 😀", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), true},
		{"utf-16le", "Zürich 港 😀", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), true},
		{"utf-16be", "Zürich 港 😀", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), true},
		{"utf-32", "Zürich 港 😀", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), true},
		{"utf-32", "Zürich 港 😀", utf32.UTF32(utf32.BigEndian, utf32.UseBOM), true},
	}
	ways := []struct {
		name, header string
		declare      string // "NAME" is the encoding's
		only         func(script) bool
		fault        bool // to be reported, if the encoding is not told by its bytes
	}{
		{"declared", "", "NAME", nil, false},
		{"declared in capitals", "", "UPPER", nil, false},
		{"declared in the header alone", "application/xml; charset=NAME", "", nil, false},
		{"declared in the header, otherwise in the document", "text/xml; charset=NAME", "us-ascii", nil, false},
		{"header without charset", "text/xml", "NAME", nil, false},
		{"header with an unknown charset", "text/xml; charset=none", "NAME", nil, false},
		{"declared as UTF-16, and is not", "", "utf-16", func(s script) bool { return s.name == "utf-8" || s.name == "windows-1252" }, true},
		{"declared as UTF-8, and is not", "", "utf-8", func(s script) bool { return s.name == "windows-1252" || s.name == "iso-8859-1" || s.mark }, true},
		{"not declared", "", "", func(s script) bool {
			return s.name == "windows-1252" || s.name == "iso-8859-1" || s.mark || s.name == "utf-8"
		}, true},
		{"UTF-8 that declares another", "", "iso-8859-1", func(s script) bool { return s.name == "utf-8" }, true},
		{"UTF-8 that its header calls another", "text/xml; charset=windows-1252", "utf-8", func(s script) bool { return s.name == "utf-8" }, true},
	}
	total, lost := 0, 0
	for kind, doc := range formats {
		for _, s := range latin {
			for _, w := range ways {
				if w.only != nil && !w.only(s) {
					continue
				}
				total++
				text := fmt.Sprintf(doc, s.words)
				if w.declare != "" {
					name := strings.NewReplacer("NAME", s.name, "UPPER", strings.ToUpper(s.name)).Replace(w.declare)
					text = strings.Replace(text, `version="1.0"?>`, `version="1.0" encoding="`+name+`"?>`, 1)
				}
				data, err := s.enc.NewEncoder().String(text)
				if err != nil {
					t.Fatalf("%s in %s: %v", s.words, s.name, err)
				}
				f, err := Parse([]byte(data), strings.ReplaceAll(w.header, "NAME", s.name), "")
				if err == nil {
					err = items(f, s.words)
				}
				if err != nil {
					lost++
					t.Logf("%s in %s, %s: %v", kind, s.name, w.name, err)
					continue
				}
				told := s.mark || s.name == "utf-8" && w.declare != "iso-8859-1" && w.header == "" && w.declare != "utf-16"
				if w.fault && !told && len(f.Repairs) == 0 && !strings.Contains(w.name, "UTF-16") {
					t.Errorf("%s in %s, %s: not reported", kind, s.name, w.name)
				}
			}
		}
	}
	t.Logf("%d of %d read in full", total-lost, total)
	if lost*100 > total {
		t.Errorf("%d of %d feeds not read in full, want at most one in a hundred", lost, total)
	}
}

// TestTruncated cuts feeds off at every byte. What stands before the cut is read,
// and the cut is reported.
func TestTruncated(t *testing.T) {
	for kind, doc := range formats {
		text := strings.TrimSpace(fmt.Sprintf(doc, "Zürich"))
		link := strings.Index(text, "n.example/1") // of the first item, with its title it is whole
		title := strings.Index(text, "one Zürich")
		whole := max(link, title) + len("one Zürich</title>")
		for n := 1; n < len(text); n++ {
			f, err := Parse([]byte(text[:n]), "", "")
			var page *HTMLError
			for i := 0; err == nil && i < len(f.Items); i++ {
				if l := f.Items[i].Link; l != "" && l != "http://n.example/1" && l != "http://n.example/2" {
					t.Fatalf("%s cut at %d of %d: half an address: %q", kind, n, len(text), l)
				}
			}
			switch {
			case errors.As(err, &page):
				t.Fatalf("%s cut at %d of %d is taken for a web page: %.60q", kind, n, len(text), text[max(0, n-60):n])
			case n < whole:
			case err != nil:
				t.Fatalf("%s cut at %d of %d: %v, behind %.60q", kind, n, len(text), err, text[max(0, n-60):n])
			case len(f.Items) == 0 || f.Items[0].Title != "one Zürich" || f.Items[0].Link != "http://n.example/1":
				t.Fatalf("%s cut at %d of %d: items %+v, behind %.60q", kind, n, len(text), f.Items, text[max(0, n-60):n])
			case len(f.Repairs) == 0:
				t.Fatalf("%s cut at %d of %d: not reported", kind, n, len(text))
			}
		}
	}
}

// TestInPlace gives what servers answer in the place of a feed.
func TestInPlace(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"page", `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/real"></head><body>x</body></html>`, "http://n.example/real"},
		{"page in capitals", `<HTML><HEAD><TITLE>x</TITLE></HEAD></HTML>`, "web page"},
		{"XHTML", `<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"><head/></html>`, "web page"},
		{"page behind a comment", "<!-- x -->\n<html><body>rss</body></html>", "web page"},
		{"page that quotes a feed", `<html><body><pre>&lt;rss version="2.0"&gt;</pre></body></html>`, "web page"},
		{"words", "Service unavailable", "no XML"},
		{"JSON of something else", `{"error":"quota"}`, ""},
		{"list in JSON", `[]`, ""},
		{"SVG", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "svg"},
		{"SOAP", `<soap:Envelope xmlns:soap="x"><soap:Body/></soap:Envelope>`, "no feed"},
		{"OPML", `<opml version="2.0"><body><outline xmlUrl="http://n.example/feed"/></body></opml>`, "opml"},
		{"white space", " \n\t ", "empty"},
		{"mark alone", "\xef\xbb\xbf", "empty"},
		{"NULs", "\x00\x00\x00\x00\x00\x00", ""},
		{"gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00", ""},
		{"picture", "\x89PNG\r\n\x1a\n", ""},
		{"declaration alone", `<?xml version="1.0"?>`, ""},
		{"half a declaration", `<?xml versi`, ""},
	} {
		if f, err := Parse([]byte(tt.body), "", "http://n.example/feed"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %+v, %v, want an error with %q", tt.name, f, err, tt.want)
		}
	}
}

// TestEscapedTwice reads titles that publishers escape once too often.
func TestEscapedTwice(t *testing.T) {
	for in, want := range map[string]string{
		"Q&amp;A": "Q&A", "Q&amp;amp;A": "Q&A", "Q&A": "Q&A", "&quot;Yes&quot;": `"Yes"`, "&amp;quot;Yes&amp;quot;": `"Yes"`,
		"&lt;b&gt;Ships&lt;/b&gt; wait": "Ships wait", "&amp;lt;b&amp;gt;": "<b>", "<![CDATA[Q&amp;A]]>": "Q&A", "<![CDATA[Q&A]]>": "Q&A",
		"It&amp;#8217;s": "It’s", "It&#8217;s": "It’s", "It&#x2019;s": "It’s", "It&rsquo;s": "It’s", "2 &lt; 3": "2 < 3", "AT&T": "AT&T", "caf&eacute": "café",
	} {
		f, err := Parse([]byte(`<rss version="2.0"><channel><item><title>`+in+`</title><link>http://n.example/1</link></item></channel></rss>`), "", "")
		if err != nil || len(f.Items) != 1 || f.Items[0].Title != want {
			t.Errorf("%q: %+v, %v, want %q", in, f, err, want)
		}
	}
}
