package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A figureText is a figure as people read it.
type figureText struct {
	Bound  string // "at least"; empty if exact
	Number string // "2.4 billion"
	Unit   string // "people killed", "€", "%"
	Before string // currency sign
}

var bounds = map[schemas.Comparator]string{
	schemas.AtLeast: "at least", schemas.MoreThan: "more than", schemas.AtMost: "at most", schemas.LessThan: "less than", schemas.About: "about", schemas.Between: "between",
}

var currencySigns = map[string]string{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "ILS": "₪", "TRY": "₺", "KRW": "₩", "UAH": "₴"}

func newFigure(c *schemas.Claim) figureText {
	if c.Kind != schemas.QuantityClaim {
		return figureText{}
	}
	f := figureText{Bound: bounds[c.Comparator], Number: amount(c.Value, c.Min, c.Max)}
	var unit []string
	switch dim, _ := schemas.UnitDimension(c.Unit); {
	case c.Unit == schemas.UnitCount:
	case c.Unit == schemas.UnitPercent:
		f.Number += "%"
	case c.Unit == schemas.UnitPoint:
		unit = append(unit, "percentage points")
	case c.Unit == schemas.UnitBasis:
		unit = append(unit, "basis points")
	case dim == schemas.DimMoney:
		if f.Before = currencySigns[c.Unit]; f.Before == "" {
			unit = append(unit, c.Unit)
		}
	default:
		unit = append(unit, c.Unit)
	}
	if c.Counted != "" {
		unit = append(unit, c.Counted)
	}
	if c.Per != "" {
		unit = append(unit, "per "+c.Per)
	}
	if f.Unit = strings.Join(unit, " "); f.Unit == "" && c.Measure != schemas.OtherMeasure {
		f.Unit = measureLabel(c.Measure)
	}
	return f
}

// amount renders a value or the ends of a range.
func amount(value, low, high *schemas.Decimal) string {
	switch {
	case value != nil:
		return spoken(*value)
	case low != nil && high != nil:
		return spoken(*low) + " – " + spoken(*high)
	case low != nil:
		return spoken(*low)
	case high != nil:
		return spoken(*high)
	}
	return "?"
}

// spoken renders a number with separators, or with a scale word if it is large
// and that loses nothing.
func spoken(d schemas.Decimal) string {
	s := d.String()
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	for _, scale := range []struct {
		digits int
		word   string
	}{{12, " trillion"}, {9, " billion"}, {6, " million"}} {
		if len(whole) <= scale.digits || fraction != "" {
			continue
		}
		cut := len(whole) - scale.digits
		rest := strings.TrimRight(whole[cut:], "0")
		if len(rest) > 3 {
			break
		}
		out := group(whole[:cut])
		if rest != "" {
			out += "." + rest
		}
		return sign(s) + out + scale.word
	}
	out := sign(s) + group(whole)
	if fraction != "" {
		out += "." + fraction
	}
	return out
}

func sign(s string) string {
	if strings.HasPrefix(s, "-") {
		return "−"
	}
	return ""
}

// group puts commas between the thousands of digits.
func group(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// when renders a date or time for people, in the desk's zone.
func (d *Desk) when(s string) string {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t.In(d.cfg.Location).Format("2 Jan 2006, 15:04 MST")
	}
	return day(s)
}

// day renders an ISO 8601 date prefix for people.
func day(s string) string {
	for layout, out := range map[string]string{"2006-01-02": "2 Jan 2006", "2006-01": "Jan 2006", "2006": "2006"} {
		if len(layout) != len(s) {
			continue
		}
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(out)
		}
	}
	return s
}

// A citationCard is a proof of a claim: a quote in its paragraph. Before, Quote
// and After are the paragraph's text; the quote is Head, Figure and Tail.
type citationCard struct {
	Publisher, Domain  string
	When, WhenISO      string
	URL                string // http or https; empty if the article has no such address
	Claims             string // address of the page of the article
	Before, After      string
	Head, Figure, Tail string
	InTitle            bool
	Source             string      // who is quoted; empty if the publisher says it
	Chain              []chainLink // by whom it came to the publisher, outermost speaker first
	Part, PartNote     string      // how surely the paragraph is of the story; empty if nothing is known
	Doubtful           bool        // it may stand beside the story
	Full               bool        // the page is about this claim: nothing is left out
	Agency             string      // whose text the article prints; empty if none is named
	Copy               string      // publisher of another citation of the same origin; empty if this is the first
	Missing            bool        // the article is not stored: only the words around the quote are known
}

// A chainLink is somebody who passes a claim on; the source has a page of its claims.
type chainLink struct{ Name, Cue, URL string }

func chainOf(ct *schemas.Citation) []chainLink {
	var out []chainLink
	for i := range ct.Attribution {
		a := &ct.Attribution[i]
		link := chainLink{Name: a.Who.Name, Cue: a.Cue}
		if a.Who.ID != "" && ct.Source != nil && a.Who.ID == ct.Source.ID { // the others may have no page
			link.URL = "/entities/" + url.PathEscape(a.Who.ID)
		}
		out = append(out, link)
	}
	return out
}

// pageReaders is how many readers are asked for the text of a page at most.
const pageReaders = 3

// partOf says from what part of the page a quote is, as far as the readers of the page
// agree on it: what one alone kept may be a caption or a box.
func partOf(ct *schemas.Citation) (part, note string) {
	switch n := min(ct.Support, pageReaders); {
	case ct.Field == schemas.InTitle || n <= 0:
		return "", ""
	case n == 1:
		return "perhaps beside the story", "Only one of three readers of the page took this paragraph for part of the story: it may be a caption or a box"
	default:
		return "body of the story", strconv.Itoa(n) + " of three readers of the page took this paragraph for part of the story"
	}
}

// Bounds of what is shown of a paragraph on each side of a quote, and of a quote
// on each side of its figure, in code points.
const (
	maxParagraph = 600
	maxQuote     = 1500
)

func (d *Desk) citation(r *http.Request, ct *schemas.Citation) (citationCard, error) {
	card := citationCard{
		Publisher: ct.Publisher.Name, Domain: ct.Publisher.Domain, When: d.when(ct.PublishedAt), WhenISO: ct.PublishedAt,
		URL: webURL(ct.URL), InTitle: ct.Field == schemas.InTitle, Source: entity(ct.Source),
		Claims: "/articles/" + url.PathEscape(ct.ArticleID) + "?" + url.Values{"version": {ct.ArticleVersion}}.Encode(),
		Before: ct.Quote.Prefix, After: ct.Quote.Suffix, Missing: true, Chain: chainOf(ct), Doubtful: ct.Support == 1,
	}
	card.Part, card.PartNote = partOf(ct)
	if card.Publisher == "" {
		card.Publisher = ct.Publisher.Domain
	}
	card.splitQuote(ct)
	a, err := d.cfg.Store.Article(r.Context(), ct.ArticleID, ct.ArticleVersion)
	if errors.Is(err, sink.ErrNotFound) {
		return card, nil
	}
	if err != nil {
		return card, err
	}
	if a.Wire != nil {
		card.Agency = a.Wire.Agency
	}
	text := a.Text
	if card.InTitle {
		text = a.Title
	}
	off := schemas.NewOffsets(text)
	if words, ok := off.Slice(text, ct.Quote.Span); !ok || words != ct.Quote.Exact {
		return card, nil // another text: show the words around the quote as they were
	}
	p := paragraph(a, text, off, ct)
	before, _ := off.Slice(text, schemas.Span{Start: max(p.Start, ct.Start-maxParagraph), End: ct.Start})
	after, _ := off.Slice(text, schemas.Span{Start: ct.End, End: min(p.End, ct.End+maxParagraph)})
	if p.Start < ct.Start-maxParagraph {
		before = "… " + before
	}
	if p.End > ct.End+maxParagraph {
		after += " …"
	}
	card.Before, card.After, card.Missing = before, after, false
	return card, nil
}

// maxTrigger bounds the words of an event that are marked in the quote, in code points.
const maxTrigger = 40

func (c *citationCard) splitQuote(ct *schemas.Citation) {
	c.Head = ct.Quote.Exact
	mark := ct.Figure
	if w := ct.Words; mark == nil && w != nil && w.End-w.Start <= maxTrigger {
		mark = w
	}
	if mark == nil {
		c.Head = firstOf(c.Head, maxQuote)
		return
	}
	off := schemas.NewOffsets(ct.Quote.Exact)
	from, to := mark.Start-ct.Start, mark.End-ct.Start
	if figure, ok := off.Slice(ct.Quote.Exact, schemas.Span{Start: from, End: to}); ok {
		head, _ := off.Slice(ct.Quote.Exact, schemas.Span{End: from})
		tail, _ := off.Slice(ct.Quote.Exact, schemas.Span{Start: to, End: off.Len()})
		c.Head, c.Figure, c.Tail = head, figure, tail
	}
	if n := off.Len(); n > maxQuote {
		c.Head, c.Tail = lastOf(c.Head, maxQuote), firstOf(c.Tail, maxQuote)
	}
}

func firstOf(s string, n int) string {
	if off := schemas.NewOffsets(s); off.Len() > n {
		return s[:off.Bytes(n)] + " …"
	}
	return s
}

func lastOf(s string, n int) string {
	if off := schemas.NewOffsets(s); off.Len() > n {
		return "… " + s[off.Bytes(off.Len()-n):]
	}
	return s
}

// paragraph returns the paragraphs that a quote lies in: those of the article,
// else the lines of its text.
func paragraph(a *schemas.Article, text string, off schemas.Offsets, ct *schemas.Citation) schemas.Span {
	if ct.Field == schemas.InTitle {
		return schemas.Span{End: off.Len()}
	}
	for _, p := range a.Paragraphs {
		if 0 <= p.Start && p.Start <= ct.Start && ct.End <= p.End && p.End <= off.Len() {
			return p.Span
		}
	}
	from := strings.LastIndexByte(text[:off.Bytes(ct.Start)], '\n') + 1
	to := len(text)
	if i := strings.IndexByte(text[off.Bytes(ct.End):], '\n'); i >= 0 {
		to = off.Bytes(ct.End) + i
	}
	return schemas.Span{Start: off.Runes(from), End: off.Runes(to)}
}

// webURL returns s if it is an address that a browser may be sent to.
func webURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// maxName bounds a name or sentence on a page, in code points: what is longer
// came from a broken page.
const maxName = 400

// short returns s as a page shows a name or a sentence.
func short(s string) string {
	if len(s) <= maxName {
		return visible(s)
	}
	off := schemas.NewOffsets(s)
	if off.Len() <= maxName {
		return visible(s)
	}
	start, _ := off.Slice(s, schemas.Span{End: maxName - 1})
	return visible(start) + "…"
}

// visible shows what would change the look of the text around it: direction
// overrides and other controls become a mark. Right-to-left text itself needs none.
func visible(s string) string {
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return false
	case unicode.Is(unicode.Cc, r):
		return true
	}
	return '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069'
}

// lasting renders seconds for people: "20 minutes", "6 hours", "3 days".
func lasting(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	switch {
	case d < 90*time.Second:
		return "minute"
	case d < 90*time.Minute:
		return fmt.Sprint(int(d.Round(time.Minute).Minutes()), " minutes")
	case d < 36*time.Hour:
		return fmt.Sprint(int(d.Round(time.Hour).Hours()), " hours")
	}
	return fmt.Sprint(int((d+12*time.Hour).Hours()/24), " days")
}
