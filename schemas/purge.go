package schemas

import (
	"slices"
	"strings"
	"unicode"
)

// A Purge says what is erased from every store and kept out of them, without
// repeating it: ids and hashes alone. Whoever knows a name can still check whether
// it is the one that was erased; nobody can read it here.
type Purge struct {
	Articles []string `json:"articles"` // ids of articles, sorted
	Domains  []string `json:"domains"`  // publisher domains: all their articles, and those of their subdomains; empty for none
	Names    []string `json:"names"`    // [NameHash] of names of a person: every article that prints one; empty for none
}

// NameHash is the hash of a name as texts print it, whatever its capitals and
// what stands between its words; "" for a name without letters.
func NameHash(name string) string { return wordsHash(foldedWords(name)) }

func wordsHash(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return SHA256("name\x00" + strings.Join(words, " "))
}

// foldedWords are the runs of letters and digits of s in lower case.
func foldedWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

// maxNameWords bounds the words of a name that texts are searched for.
const maxNameWords = 6

// Tombstones are purges that have been decided. The zero value is empty. It is for
// one goroutine.
type Tombstones struct {
	articles map[string]string // id of the review that erased each
	domains  map[string]string
	names    map[string]string
}

// Add takes a review in, if it is a purge.
func (t *Tombstones) Add(r *Review) {
	if r.Action != ReviewPurge || r.Purge == nil {
		return
	}
	if t.articles == nil {
		t.articles, t.domains, t.names = map[string]string{}, map[string]string{}, map[string]string{}
	}
	note := func(set map[string]string, keys []string) {
		for _, k := range keys {
			if was, ok := set[k]; k != "" && (!ok || r.ID < was) {
				set[k] = r.ID
			}
		}
	}
	note(t.articles, r.Purge.Articles)
	note(t.names, r.Purge.Names)
	for _, d := range r.Purge.Domains {
		note(t.domains, []string{strings.ToLower(d)})
	}
}

// Empty reports whether nothing has been purged.
func (t *Tombstones) Empty() bool { return len(t.articles)+len(t.domains)+len(t.names) == 0 }

// ID returns the id of the review by which the article with an id was erased.
func (t *Tombstones) ID(article string) (review string, erased bool) {
	review, erased = t.articles[article]
	return review, erased
}

// Domain is [Tombstones.ID] for all articles of a publisher.
func (t *Tombstones) Domain(domain string) (review string, erased bool) {
	for d := strings.ToLower(domain); d != "" && len(t.domains) > 0; {
		if review, erased = t.domains[d]; erased {
			return review, true
		}
		_, d, _ = strings.Cut(d, ".")
	}
	return "", false
}

// Text is [Tombstones.ID] for whatever prints a name.
func (t *Tombstones) Text(s string) (review string, erased bool) {
	if len(t.names) == 0 {
		return "", false
	}
	words := foldedWords(s)
	for i := range words {
		for n := 1; n <= min(maxNameWords, len(words)-i); n++ {
			if review, erased = t.names[wordsHash(words[i:i+n])]; erased {
				return review, true
			}
		}
	}
	return "", false
}

// Article reports whether an article was erased, and by which review: by its id, as
// one of a publisher, or because title, teaser, byline or text print a name.
func (t *Tombstones) Article(a *Article) (review string, erased bool) {
	if t.Empty() {
		return "", false
	}
	if review, erased = t.ID(a.ID); erased {
		return review, true
	}
	if review, erased = t.Domain(a.Publisher.Domain); erased {
		return review, true
	}
	for _, s := range []string{a.Title, a.Teaser, a.Byline, a.Text} {
		if review, erased = t.Text(s); erased {
			return review, true
		}
	}
	return "", false
}

// Citation reports whether a citation is of an article that was erased, as far as
// its id, publisher and words tell. What [Claim.Withhold] leaves of one is none.
func (t *Tombstones) Citation(c *Citation) (review string, erased bool) {
	if t.Empty() || c.Quote.Exact == "" {
		return "", false
	}
	if review, erased = t.ID(c.ArticleID); erased {
		return review, true
	}
	if review, erased = t.Domain(c.Publisher.Domain); erased {
		return review, true
	}
	return t.Text(c.Quote.Prefix + c.Quote.Exact + c.Quote.Suffix)
}

// Claim reports whether a claim rests on an article that was erased, or names a
// person who was.
func (t *Tombstones) Claim(c *Claim) bool {
	if t.Empty() {
		return false
	}
	if slices.ContainsFunc(c.Citations, func(z Citation) bool { _, erased := t.Citation(&z); return erased }) {
		return true
	}
	_, erased := t.Text(c.Text + " " + c.Content)
	return erased
}

// Withhold takes everything out of a claim that an article said. What is left says
// that there was a claim, where its id leads, and by hashes which texts it rested on.
func (c *Claim) Withhold() {
	cites := make([]Citation, len(c.Citations))
	for i := range c.Citations {
		z := &c.Citations[i]
		cites[i] = Citation{ArticleID: z.ArticleID, ArticleVersion: z.ArticleVersion, Origin: z.Origin, Field: z.Field, TextSHA256: z.TextSHA256}
	}
	*c = Claim{
		SchemaVersion: c.SchemaVersion, ID: c.ID, SeriesID: c.SeriesID, Kind: c.Kind, Measure: c.Measure, Tier: c.Tier, Stability: c.Stability,
		MadeBy: c.MadeBy, Comparator: Exact, Unit: UnitCount, Modality: Asserted, Sources: []ClaimEntity{}, OriginOf: map[string]SlotOrigin{},
		Participants: []ClaimParticipant{}, Citations: cites, CitationCount: c.CitationCount, Relations: []Relation{}, ReplacedBy: list(c.ReplacedBy),
	}
}
