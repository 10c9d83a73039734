package normalizer

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/schemas"
)

// A Report is the outcome of [Verify].
type Report struct {
	Claims    int       // claims checked
	Citations int       // citations checked
	Exact     int       // citations that prove their claim
	Missing   int       // citations of articles that are not at hand, among the failures
	Withheld  int       // citations of articles that were purged, which cannot be checked; no failures
	Failures  []Failure // in the order of the claims
}

// A Failure is one citation, or one claim, that does not hold.
type Failure struct {
	Claim   string // Claim.ID
	Article string // Citation.ArticleID; empty if the claim itself is at fault
	Reason  string // for people
}

func (f Failure) String() string {
	if f.Article == "" {
		return fmt.Sprintf("claim %s: %s", f.Claim, f.Reason)
	}
	return fmt.Sprintf("claim %s: citation of article %s: %s", f.Claim, f.Article, f.Reason)
}

// A Verifier checks claims against the articles that they cite: the quote stands
// where the citation says, in the text with that hash, and has the figure inside. It
// also checks that what a claim says of itself follows from the rest of it: its id
// from series, figure and polarity, its counts and days from its citations, its
// sentence from its slots, if Program wrote it.
type Verifier struct {
	// Purged says what was erased; citations of it are withheld, not missing.
	Purged schemas.Tombstones

	// Program is this program and its version. Claims by another may have another
	// sentence, since the words around the slots change; empty: all must have ours.
	Program string

	article func(id, version string) (*schemas.Article, bool)
	report  Report
	fields  map[string]*field // of the article checked last
	last    *schemas.Article
}

// NewVerifier returns a Verifier that gets articles from article, which reports
// false for those that are not at hand.
func NewVerifier(article func(id, version string) (*schemas.Article, bool)) *Verifier {
	return &Verifier{article: article}
}

// Verify checks claims against articles.
func Verify(claims []schemas.Claim, article func(id, version string) (*schemas.Article, bool)) Report {
	v := NewVerifier(article)
	for i := range claims {
		v.Check(&claims[i])
	}
	return v.Report()
}

// Report returns the outcome so far.
func (v *Verifier) Report() Report { return v.report }

// Check checks one claim.
func (v *Verifier) Check(c *schemas.Claim) {
	v.report.Claims++
	if len(c.Citations) == 0 {
		v.fail(c, "", "it cites nothing")
	} else if reason := v.contradicts(c); reason != "" {
		v.fail(c, "", reason)
	}
	for i := range c.Citations {
		z := &c.Citations[i]
		v.report.Citations++
		a, ok := v.article(z.ArticleID, z.ArticleVersion)
		if _, erased := v.Purged.Citation(z); !ok && erased {
			v.report.Withheld++
			continue
		}
		if !ok {
			v.report.Missing++
			v.fail(c, z.ArticleID, "the article is not at hand")
			continue
		}
		if reason := v.check(c, z, a); reason != "" {
			v.fail(c, z.ArticleID, reason)
			continue
		}
		v.report.Exact++
	}
}

// contradicts returns what of a claim does not follow from the rest, "" if all does.
func (v *Verifier) contradicts(c *schemas.Claim) string {
	value := saidValue
	switch c.Kind {
	case schemas.EventClaim:
		value = happenedValue
	case schemas.QuantityClaim:
		f, ok := same.FigureOf(c.Value, c.Min, c.Max, c.Comparator)
		if !ok {
			return "it has no figure"
		}
		value = f.Key()
		if c.Modality == schemas.Negated {
			value = "not " + value
		}
	}
	if c.ID != schemas.ID("c", c.SeriesID, value) {
		return "its id does not name its series and figure"
	}
	whole := c.CitationCount == len(c.Citations)
	if (v.Program == "" || v.Program == c.MadeBy.Program) && (whole || c.Kind != schemas.StatementClaim) && c.Text != sentenceOf(c) {
		return "its sentence does not say its slots"
	}
	if !whole {
		if c.CitationCount > len(c.Citations) && len(c.Citations) >= schemas.MaxChangeCitations {
			return "" // the part that a change carries
		}
		return fmt.Sprintf("it counts %d citations and has %d", c.CitationCount, len(c.Citations))
	}
	articles, texts, origins := map[string]bool{}, map[string]bool{}, map[string]bool{}
	first, last := "", ""
	for i := range c.Citations {
		z := &c.Citations[i]
		articles[z.ArticleID], origins[z.Origin] = true, true
		if z.Field == schemas.InText {
			texts[z.TextSHA256] = true
		}
		if p := instant(z.PublishedAt); p != "" {
			if first == "" || p < first {
				first = p
			}
			last = max(last, p)
		}
	}
	n := c.Corroboration
	switch {
	case n.Mentions != len(c.Citations), n.Articles != len(articles), n.Origins != len(origins), n.Texts < len(texts), n.Texts > len(articles), n.Publishers > len(articles):
		return fmt.Sprintf("its counts %+v are not those of its citations", n)
	case instant(c.FirstSeen) != first, instant(c.LastSeen) != last:
		return "first_seen or last_seen are not those of its citations"
	}
	return ""
}

func (v *Verifier) fail(c *schemas.Claim, article, reason string) {
	v.report.Failures = append(v.report.Failures, Failure{Claim: c.ID, Article: article, Reason: reason})
}

// check returns what is wrong with a citation, "" if nothing is.
func (v *Verifier) check(c *schemas.Claim, z *schemas.Citation, a *schemas.Article) string {
	f := v.field(a, z.Field)
	if f == nil {
		return fmt.Sprintf("no field %q", z.Field)
	}
	if strings.HasPrefix(z.ArticleVersion, "v_") && z.ArticleVersion != schemas.ID("v", a.Text) {
		return "the article's version does not name its text"
	}
	if z.TextSHA256 != f.sum {
		return "the text has another hash"
	}
	if z.Start != z.Quote.Start || z.End != z.Quote.End {
		return "start and end differ from those of the quote"
	}
	if !f.has(z.Quote.Span, z.Quote.Exact) {
		return fmt.Sprintf("the text does not say %q at %d", clip(z.Quote.Exact), z.Start)
	}
	if want := f.quoteSpan(z.Quote.Span); z.Quote != want {
		return "prefix or suffix do not stand around the quote"
	}
	if c.Kind == schemas.EventClaim {
		if w := z.Words; w == nil || w.Start < z.Start || w.End > z.End || w.Start >= w.End {
			return "the trigger is not inside the quote"
		}
	}
	if c.Kind != schemas.QuantityClaim {
		return ""
	}
	if z.Figure == nil {
		return "no figure"
	}
	if z.Figure.Start < z.Start || z.Figure.End > z.End || z.Figure.Start >= z.Figure.End {
		return "the figure is not inside the quote"
	}
	words, _ := f.offsets.Slice(f.text, *z.Figure)
	if !hasNumeral(words) {
		return fmt.Sprintf("%q is no numeral", clip(words))
	}
	if !prints(words, c) {
		return fmt.Sprintf("%q is not the figure of the claim", clip(words))
	}
	return ""
}

func (v *Verifier) field(a *schemas.Article, name schemas.TextField) *field {
	if v.last != a {
		v.last = a
		v.fields = map[string]*field{
			string(schemas.InText):  newField(schemas.InText, a.Text, nil),
			string(schemas.InTitle): newField(schemas.InTitle, a.Title, nil),
		}
	}
	return v.fields[string(name)]
}

// prints reports whether digits in words agree with a value of the claim. Numbers
// in words, and digits with a scale word or in another script, are taken on trust
// of the span: reading them is the extractor's art.
func prints(words string, c *schemas.Claim) bool {
	plain := strings.NewReplacer(",", "", " ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(words)
	if plain == "" || strings.ContainsFunc(plain, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' || r > unicode.MaxASCII }) {
		return true
	}
	d, err := schemas.ParseDecimal(plain)
	if err != nil {
		return true
	}
	for _, w := range []*schemas.Decimal{c.Value, c.Min, c.Max} {
		if w != nil && digits(*w) == digits(d) {
			return true
		}
	}
	return false
}

// digits are the significant digits of a number: scale words ("1.2 billion", the
// word outside the span) and decimal commas only move the point.
func digits(d schemas.Decimal) string {
	return strings.Trim(strings.NewReplacer(".", "", "-", "").Replace(d.String()), "0")
}

func clip(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
