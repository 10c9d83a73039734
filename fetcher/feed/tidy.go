package feed

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
)

// A document is XML that any parser accepts, with what gofeed does not tell.
type document struct {
	text   string
	root   string            // local name of the root element, lower case; empty if there is none
	abouts []string          // rdf:about of each item element, in order; "" where it has none
	rss    bool              // it has an element that CDF does not know
	rel    map[string]string // href of the first link element with rel self, hub or next
}

// tidy makes src well-formed. It fails only if elements are nested too deeply.
func tidy(src string, rep *repairs) (*document, error) {
	t := tidier{src: src, rep: rep, doc: document{rel: map[string]string{}}}
	t.out.Grow(len(src) + len(src)/16)
	for t.pos < len(t.src) {
		if err := t.step(); err != nil {
			return nil, err
		}
	}
	if len(t.open) > 0 {
		rep.add(RepairTag, "document ends inside <"+t.open[len(t.open)-1]+">")
		if t.address > 0 { // half an address is another's
			whole := t.out.String()[:t.address]
			t.out.Reset()
			t.out.WriteString(whole)
		}
		t.closeTo(0)
	}
	t.doc.text = t.out.String()
	return &t.doc, nil
}

type tidier struct {
	src  string
	pos  int
	out  strings.Builder
	open []string // names of open elements, outermost first
	rep  *repairs
	doc  document

	endless bool // there is no ?> from here on
	address int  // where the text of an address that is still open begins in out; 0 if none is

	items int // item and entry elements begun
}

func (t *tidier) step() error {
	rest := t.src[t.pos:]
	if rest[0] != '<' {
		n := strings.IndexByte(rest, '<')
		if n < 0 {
			n = len(rest)
		}
		if len(t.open) > 0 { // text outside the root element is dropped
			t.text(rest[:n])
		}
		t.pos += n
		return nil
	}
	switch {
	case strings.HasPrefix(rest, "<!--"):
		t.skip("-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		t.cdata()
	case strings.HasPrefix(rest, "<?") && (t.endless || !strings.Contains(rest, "?>")):
		t.endless = true // looked for once: there may be a million
		t.skip(">")      // what a program left behind does not swallow the feed
		t.rep.add(RepairTag, "no ?>")
	case strings.HasPrefix(rest, "<?"):
		t.skip("?>")
	case strings.HasPrefix(rest, "<!"):
		t.doctype()
	case len(rest) > 2 && rest[1] == '/' && nameStart(rest[2:]):
		t.end()
	case nameStart(rest[1:]):
		return t.start()
	default:
		t.rep.add(RepairAmpersand, "< in text")
		if len(t.open) > 0 {
			t.out.WriteString("&lt;")
		}
		t.pos++
	}
	return nil
}

// skip drops everything up to and including end.
func (t *tidier) skip(end string) {
	n := strings.Index(t.src[t.pos:], end)
	if n < 0 {
		t.rep.add(RepairTag, "no "+end)
		t.pos = len(t.src)
		return
	}
	t.pos += n + len(end)
}

// cdata copies a CDATA section as escaped text; one without end stops where its
// element does.
func (t *tidier) cdata() {
	body := t.src[t.pos+len("<![CDATA["):]
	n, tail := strings.Index(body, "]]>"), len("]]>")
	if n < 0 {
		t.rep.add(RepairTag, "CDATA without end")
		n, tail = len(body), 0
		if len(t.open) > 0 {
			if i := strings.Index(body, "</"+t.open[len(t.open)-1]); i >= 0 {
				n = i
			}
		}
	}
	if len(t.open) > 0 {
		t.out.WriteString("<![CDATA[")
		t.chars(body[:n], true)
		t.out.WriteString("]]>")
	}
	t.pos += len("<![CDATA[") + n + tail
}

// doctype drops a declaration with its internal subset, unread.
func (t *tidier) doctype() {
	depth := 0
	for i := t.pos; i < len(t.src); i++ {
		switch t.src[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth <= 0 {
				if strings.Contains(t.src[t.pos:i], "<!ENTITY") {
					t.rep.add(RepairDTD, "entity declarations are ignored")
				}
				t.pos = i + 1
				return
			}
		}
	}
	t.rep.add(RepairTag, "declaration without end")
	t.pos = len(t.src)
}

func (t *tidier) end() {
	rest := t.src[t.pos+2:]
	name := rest[:nameLen(rest)]
	gt := strings.IndexAny(rest, "<>")
	switch {
	case gt < 0:
		t.rep.add(RepairTag, "end tag cut off")
		t.pos = len(t.src)
	case rest[gt] == '<':
		t.rep.add(RepairTag, "</"+name+" without >")
		t.pos += 2 + gt
	default:
		t.pos += 2 + gt + 1
	}
	for i := len(t.open) - 1; i >= 0; i-- {
		if strings.EqualFold(t.open[i], name) {
			if i < len(t.open)-1 {
				t.rep.add(RepairTag, "<"+t.open[len(t.open)-1]+"> not closed before </"+name+">")
			} else if t.open[i] != name {
				t.rep.add(RepairTag, "<"+t.open[i]+"> closed by </"+name+">")
			}
			t.closeTo(i)
			return
		}
	}
	t.rep.add(RepairTag, "</"+name+"> closes nothing")
}

func (t *tidier) closeTo(depth int) {
	t.address = 0
	for i := len(t.open) - 1; i >= depth; i-- {
		t.out.WriteString("</")
		t.out.WriteString(t.open[i])
		t.out.WriteByte('>')
	}
	t.open = t.open[:depth]
}

func (t *tidier) start() error {
	rest := t.src[t.pos+1:]
	name := rest[:nameLen(rest)]
	if len(t.open) == 0 {
		if t.doc.root != "" {
			t.rep.add(RepairTag, "<"+name+"> after the root element")
			t.pos = len(t.src)
			return nil
		}
		t.doc.root = strings.ToLower(local(name))
	}
	if l := strings.ToLower(local(name)); l == "item" || l == "entry" {
		t.separate(name)
		if t.items++; t.items > MaxItems {
			t.rep.add(RepairTruncated, fmt.Sprintf("more than %d items, the first %d kept", MaxItems, MaxItems))
			t.closeTo(0)
			t.pos = len(t.src)
			return nil
		}
	}
	if len(t.open) >= maxDepth {
		return fmt.Errorf("feed: elements nested more than %d deep: %w", maxDepth, schemas.ErrMalformed)
	}
	t.address = 0
	t.out.WriteByte('<')
	t.out.WriteString(name)
	t.pos += 1 + len(name)
	attrs, empty := t.attributes()
	t.note(name, attrs)
	if empty || void(name, attrs) {
		t.out.WriteString("/>")
		if !empty { // XML that gives it an end tag all the same is right
			end := "</" + name + ">"
			if rest := strings.TrimLeft(t.src[t.pos:], " \t\r\n"); strings.HasPrefix(rest, end) {
				t.pos = len(t.src) - len(rest) + len(end)
			}
		}
		return nil
	}
	t.out.WriteByte('>')
	t.open = append(t.open, name)
	if l := strings.ToLower(local(name)); l == "link" || l == "guid" || l == "id" || l == "loc" || l == "origlink" {
		t.address = t.out.Len()
	}
	return nil
}

// separate closes an item that is still open when the next one starts.
func (t *tidier) separate(name string) {
	for i := len(t.open) - 1; i > 0; i-- { // never the root element
		if strings.EqualFold(t.open[i], name) {
			t.rep.add(RepairTag, "<"+name+"> not closed before the next")
			t.closeTo(i)
			return
		}
	}
}

// void reports whether an element is one that HTML writes without end tag.
// RSS writes <link>url</link>, so a link counts only with an href.
func void(name string, attrs map[string]string) bool {
	switch strings.ToLower(name) {
	case "br", "hr", "img":
		return true
	case "link", "atom:link":
		return attrs["href"] != "" && attrs["rel"] != ""
	}
	return false
}

// note keeps what gofeed drops.
func (t *tidier) note(name string, attrs map[string]string) {
	switch strings.ToLower(local(name)) {
	case "item":
		about := attrs["rdf:about"]
		if about == "" {
			about = attrs["about"]
		}
		t.doc.abouts = append(t.doc.abouts, about)
	case "link":
		t.doc.rss = true
		for _, rel := range strings.Fields(strings.ToLower(attrs["rel"])) {
			if (rel == "self" || rel == "hub" || rel == "next") && t.doc.rel[rel] == "" && len(t.open) <= 2 {
				t.doc.rel[rel] = attrs["href"]
			}
		}
	}
}

// attributes copies the rest of a start tag up to its end and reports whether
// the tag closes itself.
func (t *tidier) attributes() (attrs map[string]string, empty bool) {
	for t.pos < len(t.src) {
		c := t.src[t.pos]
		switch {
		case c == '>':
			t.pos++
			return attrs, empty
		case c == '<':
			t.rep.add(RepairTag, "tag without >")
			return attrs, empty
		case c == '/':
			empty = t.pos+1 < len(t.src) && t.src[t.pos+1] == '>'
			t.pos++
		case space(c):
			t.pos++
		case nameStart(t.src[t.pos:]):
			name, value := t.attribute()
			if attrs == nil {
				attrs = map[string]string{}
			}
			if _, twice := attrs[name]; twice {
				t.rep.add(RepairAttribute, name+" given twice")
				continue
			}
			attrs[name] = html.UnescapeString(value)
			t.out.WriteByte(' ')
			t.out.WriteString(name)
			t.out.WriteString(`="`)
			t.text(value)
			t.out.WriteByte('"')
		default:
			t.rep.add(RepairAttribute, "stray "+strconv.QuoteRune(rune(c)))
			t.pos++
		}
	}
	t.rep.add(RepairTag, "tag cut off")
	return attrs, empty
}

func (t *tidier) attribute() (name, value string) {
	rest := t.src[t.pos:]
	n := nameLen(rest)
	name = rest[:n]
	for n < len(rest) && space(rest[n]) {
		n++
	}
	if n == len(rest) || rest[n] != '=' {
		t.rep.add(RepairAttribute, name+" without value")
		t.pos += n
		return name, name
	}
	for n++; n < len(rest) && space(rest[n]); n++ {
	}
	if n < len(rest) && (rest[n] == '"' || rest[n] == '\'') {
		if end := strings.IndexByte(rest[n+1:], rest[n]); end >= 0 {
			t.pos += n + 1 + end + 1
			return name, rest[n+1 : n+1+end]
		}
		if !strings.Contains(rest, ">") {
			t.rep.add(RepairTag, "cut off in "+name)
			t.pos = len(t.src)
			return name, ""
		}
		n++
	}
	t.rep.add(RepairAttribute, name+" without quotes")
	end := n
	for end < len(rest) && !space(rest[end]) && rest[end] != '>' && rest[end] != '<' {
		end++
	}
	t.pos += end
	return name, strings.TrimSuffix(rest[n:end], "/")
}

// text copies character data or an attribute value: references that XML knows
// stay, HTML's become characters, everything else is escaped.
func (t *tidier) text(s string) {
	for s != "" {
		n := strings.IndexAny(s, `&"<>`)
		if n < 0 {
			t.chars(s, false)
			return
		}
		t.chars(s[:n], false)
		switch s[n] {
		case '"':
			t.out.WriteString("&quot;")
			s = s[n+1:]
		case '<':
			t.out.WriteString("&lt;")
			s = s[n+1:]
		case '>': // XML forbids "]]>" in text, also when what stood between goes
			t.out.WriteString("&gt;")
			s = s[n+1:]
		default:
			s = s[n+t.reference(s[n:]):]
		}
	}
}

// reference copies the reference that s starts with and returns its length.
func (t *tidier) reference(s string) int {
	end := 1
	for end < len(s) && end < 40 && (s[end] == '#' && end == 1 || alnum(s[end])) {
		end++
	}
	if end == 1 || end == len(s) || s[end] != ';' {
		t.rep.add(RepairAmpersand, prefix(s, 20))
		t.out.WriteString("&amp;")
		return 1
	}
	ref := s[:end+1]
	switch ref {
	case "&amp;", "&lt;", "&gt;", "&quot;", "&apos;":
		t.out.WriteString(ref)
		return len(ref)
	}
	chars := html.UnescapeString(ref)
	switch {
	case chars == ref:
		t.rep.add(RepairAmpersand, ref)
		t.out.WriteString("&amp;")
		return 1
	case ref[1] != '#':
		t.rep.add(RepairEntity, ref)
	case chars == "\ufffd":
		t.rep.add(RepairControl, ref)
	}
	t.text(strings.ReplaceAll(chars, "&", "&amp;"))
	return len(ref)
}

// chars copies s without the characters that XML 1.0 forbids (section 2.2). In
// a CDATA section, what becomes "]]>" when they go is split over two sections.
func (t *tidier) chars(s string, cdata bool) {
	from := 0
	brackets := 0 // in a row, before s[i]
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError && n == 1:
			t.rep.add(RepairControl, fmt.Sprintf("U+%04X", r))
			t.out.WriteString(s[from:i])
			from = i + n
		case r == ']':
			brackets++
		case r == '>' && cdata && brackets >= 2:
			t.out.WriteString(s[from:i])
			t.out.WriteString("]]><![CDATA[")
			from = i
			brackets = 0
		default:
			brackets = 0
		}
		i += n
	}
	t.out.WriteString(s[from:])
}

func nameStart(s string) bool {
	return s != "" && (s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z' || s[0] == '_')
}

func nameLen(s string) int {
	n := 0
	for n < len(s) && (alnum(s[n]) || s[n] == ':' || s[n] == '-' || s[n] == '_' || s[n] == '.') {
		n++
	}
	return n
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func local(name string) string {
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}
