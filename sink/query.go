package sink

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/claimwire/claimwire/schemas"
)

// A Query selects claims. Several values of one field are alternatives, the
// fields all hold together, and an empty field selects everything.
type Query struct {
	Kinds      []schemas.ClaimKind
	Measures   []string // ids of the measure registry
	Countries  []string // ISO 3166-1 alpha-2, or "--" for claims without a place
	Places     []string // id or name: the claim's place or one that contains it
	Entities   []string // id or name of anybody in it: agent, victim, speaker, source, place
	Publishers []string // domain or name of the publisher of a citation
	Articles   []string // id of an article that is cited
	Modalities []schemas.Modality
	Tiers      []schemas.Tier
	States     []State
	Series     string // series id; empty for all
	Since      string // claims cited at or after this date or time
	Until      string // claims cited at or before this date or time; a date includes its whole day
	MinOrigins int    // least number of independent origins
	KnownAt    string // claims as they were known at this time; empty for now. Names and publishers are matched as they are now.
	Text       string // words that all occur in claim, quotes or publishers; the last may be the beginning of one

	Limit  int    // items a page; 0 for 50
	Cursor string // Next of the page before; empty for the first
}

// Instant puts a date or time into the form in which instants are compared: the
// ISO 8601 date prefix as it is, a time in UTC to the second. Such strings sort
// in order of time. It reports false for anything else.
func Instant(s string) (string, bool) {
	if isUTC(s) {
		return s, true
	}
	for _, layout := range [...]string{"2006", "2006-01", "2006-01-02"} {
		if len(s) == len(layout) {
			_, err := time.Parse(layout, s)
			return s, err == nil
		}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return "", false
	}
	return t.UTC().Format("2006-01-02T15:04:05Z"), true
}

// isUTC reports whether s is a time in UTC in the form of [Instant]. Nearly all are;
// days that not every month has are left to package time.
func isUTC(s string) bool {
	const form = "0000-00-00T00:00:00Z"
	if len(s) != len(form) {
		return false
	}
	for i := range len(form) {
		if form[i] == '0' && !isASCIIDigit(s[i]) || form[i] != '0' && s[i] != form[i] {
			return false
		}
	}
	two := func(i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }
	month, day := two(5), two(8)
	return 1 <= month && month <= 12 && 1 <= day && day <= 28 && two(11) < 24 && two(14) < 60 && two(17) < 60
}

// After returns a string that sorts after every instant inside s, a date or
// time in the form of [Instant].
func After(s string) string { return s + "~" } // "~" sorts after "-", "T" and the digits

// Match reports whether a query selects the claim of a change. State, KnownAt,
// Limit and Cursor are left out of account: who follows the stream must hear
// that a claim has been withdrawn.
func (q *Query) Match(c *schemas.Change) bool {
	cl := &c.Claim
	return oneOf(q.Kinds, cl.Kind) && oneOf(q.Measures, cl.Measure) && oneOf(q.Countries, c.Country) &&
		oneOf(q.Modalities, cl.Modality) && oneOf(q.Tiers, cl.Tier) &&
		(q.Series == "" || q.Series == cl.SeriesID) &&
		cl.Corroboration.Origins >= q.MinOrigins &&
		q.matchTime(cl) &&
		anyName(q.Places, Names(cl, true)) && anyName(q.Entities, Names(cl, false)) &&
		q.matchPublisher(cl) && q.matchArticle(cl) && q.matchText(cl)
}

func (q *Query) matchTime(c *schemas.Claim) bool {
	first, _ := Instant(c.FirstSeen)
	last, _ := Instant(c.LastSeen)
	return (q.Since == "" || last >= q.Since) && (q.Until == "" || first < After(q.Until))
}

func (q *Query) matchPublisher(c *schemas.Claim) bool {
	if len(q.Publishers) == 0 {
		return true
	}
	return slices.ContainsFunc(c.Citations, func(ct schemas.Citation) bool {
		return slices.ContainsFunc(q.Publishers, func(p string) bool {
			p = Fold(p)
			return p == Fold(ct.Publisher.Domain) || p == Fold(ct.Publisher.Name)
		})
	})
}

func (q *Query) matchArticle(c *schemas.Claim) bool {
	return len(q.Articles) == 0 || slices.ContainsFunc(c.Citations, func(ct schemas.Citation) bool {
		return slices.Contains(q.Articles, ct.ArticleID)
	})
}

func (q *Query) matchText(c *schemas.Claim) bool {
	want := Words(q.Text)
	if len(want) == 0 {
		return true
	}
	have := Words(SearchText(c))
	for i, w := range want {
		last := i == len(want)-1
		if !slices.ContainsFunc(have, func(h string) bool { return h == w || last && strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return true
}

func oneOf[T comparable](allowed []T, v T) bool {
	return len(allowed) == 0 || slices.Contains(allowed, v)
}

func anyName(wanted []string, names []Name) bool {
	if len(wanted) == 0 {
		return true
	}
	return slices.ContainsFunc(names, func(n Name) bool {
		return slices.ContainsFunc(wanted, func(w string) bool { return w == n.ID || Fold(w) == n.Folded })
	})
}

// A Name is somebody or something that plays a part in a claim.
type Name struct {
	Role   string // "agent", "victim", "speaker", "source", "participant", "place", or "within" for what contains the place
	ID     string // entity or place id; empty for a phrase
	Name   string // as printed; empty for role within
	Folded string // [Fold] of Name, else of ID
}

// Names returns everybody and everything that plays a part in a claim; with
// placesOnly, the place and what contains it.
func Names(c *schemas.Claim, placesOnly bool) []Name {
	var out []Name
	if p := c.Place; p != nil {
		out = append(out, Name{"place", p.ID, p.Name, Fold(p.Name)})
		for _, id := range p.Path {
			out = append(out, Name{"within", id, "", Fold(id)})
		}
	}
	if placesOnly {
		return out
	}
	add := func(role string, e *schemas.ClaimEntity) {
		if e != nil {
			out = append(out, Name{role, e.ID, e.Name, Fold(e.Name)})
		}
	}
	add("agent", c.Agent)
	add("victim", c.Victim)
	add("speaker", c.Speaker)
	for i := range c.Sources {
		add("source", &c.Sources[i])
	}
	for i := range c.Participants {
		add("participant", &c.Participants[i].Entity)
	}
	return out
}

// SearchText returns the words of a claim that free text is looked for in.
func SearchText(c *schemas.Claim) string {
	var b strings.Builder
	b.Grow(len(c.Text) + len(c.Content) + 256*(1+len(c.Citations)))
	add := func(s string) { b.WriteString(s); b.WriteByte('\n') }
	add(c.Text)
	add(c.Counted)
	add(c.Content)
	for _, n := range Names(c, false) {
		add(n.Name)
	}
	for i := range c.Citations {
		add(c.Citations[i].Quote.Exact)
		add(c.Citations[i].Publisher.Name)
	}
	return b.String()
}

// Fold returns s without case and accents, for comparing names.
func Fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(strings.TrimSpace(s))
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.TrimSpace(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// Words returns the folded words and numbers of s, in order. The commas of
// "70,000" are no boundary.
func Words(s string) []string {
	if !utf8.ValidString(s) { // package norm looks at what follows a broken character
		return foldedWords(nil, s)
	}
	s = lowerASCII(s)
	out := make([]string, 0, len(s)/5) // nearly always enough
	for i := 0; i < len(s); {
		start, ascii := i, true
		for i < len(s) && !isBoundary(s[i]) {
			ascii = ascii && s[i] < utf8.RuneSelf
			i++
		}
		switch part := s[start:i]; {
		case part == "":
		case ascii:
			out = asciiWords(out, part)
		default: // between boundaries nothing that Fold does depends on its neighbours
			out = foldedWords(out, part)
		}
		i++
	}
	return out
}

// isBoundary reports whether a byte is part of no word, nor can join two.
func isBoundary(c byte) bool {
	return c < utf8.RuneSelf && c != ',' && !isASCIILetter(c) && !isASCIIDigit(c)
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isASCIIDigit(c byte) bool { return '0' <= c && c <= '9' }

// lowerASCII returns s with the letters A to Z small.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// asciiWords appends the words of small letters, digits and commas.
func asciiWords(out []string, s string) []string {
	for s != "" {
		i := strings.IndexByte(s, ',')
		switch {
		case i < 0:
			return append(out, s)
		case i > 0 && i+1 < len(s) && isASCIIDigit(s[i-1]) && isASCIIDigit(s[i+1]):
			return foldedWords(out, s)
		case i > 0:
			out = append(out, s[:i])
		}
		s = s[i+1:]
	}
	return out
}

// foldedWords appends the words of any text.
func foldedWords(out []string, s string) []string {
	rs := []rune(Fold(s))
	var word []rune
	for i, r := range rs {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, r)
		case r == ',' && i > 0 && i+1 < len(rs) && unicode.IsDigit(rs[i-1]) && unicode.IsDigit(rs[i+1]):
		case len(word) > 0:
			out = append(out, string(word))
			word = word[:0]
		}
	}
	if len(word) > 0 {
		out = append(out, string(word))
	}
	return out
}
