package normalizer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/normalizer/text"
	"github.com/claimwire/claimwire/schemas"
)

// A reader reads the mentions of one extraction.
type reader struct {
	e     *schemas.Extraction
	d     *document
	canon canon

	rulings *rulings
	day     int // of publication
}

// quantities adds the figures that have their proof and returns, for each index
// of qs, its mention or nil.
func (r *reader) quantities(f *field, qs []schemas.Quantity, headline bool) []*mention {
	out := make([]*mention, len(qs))
	for i := range qs {
		q := qs[i]
		if r.rulings.blocks(r.canon, q.Source) || !r.rulings.quantity(f.sum, &q, r.e.Entities) {
			continue
		}
		m := r.quantity(f, &q, headline)
		if m == nil {
			r.d.refused++
			continue
		}
		out[i] = m
		m.Marks = r.rulings.marks(f.sum, q.Span, schemas.QuantityClaim)
		r.add(m)
	}
	return out
}

func (r *reader) add(m *mention) {
	m.Index = len(r.d.mentions)
	day := date(r.d.published)
	if day == "" {
		day = "~" // undated articles come last
	}
	m.Key = day + "\x00" + r.d.ref.ID + "\x00" + string(m.cite.Field) + "\x00" + digits8(m.cite.Start) + "\x00" + digits8(m.Index)
	r.d.mentions = append(r.d.mentions, m)
}

// digits8 writes a position so that text order is the order of numbers.
func digits8(n int) string {
	s := strconv.Itoa(n)
	return "00000000"[min(len(s), 8):] + s
}

// quantity returns nil if the figure does not stand where the extraction says.
func (r *reader) quantity(f *field, q *schemas.Quantity, headline bool) *mention {
	figure, dim, err := f.figure(q)
	if err != nil {
		return nil
	}
	keep := q.Span
	if p := q.Phrase; p.Start <= keep.Start && keep.End <= p.End && p.Start >= 0 && p.End <= f.offsets.Len() && p.End-p.Start <= maxQuote/2 {
		keep = p
	}
	figureSpan := q.Span
	m := &mention{doc: r.d, confidence: hundredths(q.Confidence), headline: headline}
	m.cite = r.citation(f, f.quote(keep))
	m.cite.Figure = &figureSpan
	m.cite.Source = r.canon.entity(q.Source)
	m.cite.Attribution = r.attribution(q)
	m.claim = r.slots(q)
	if m.claim.Modality == schemas.Asserted && !headline && r.retracts(f, q, m.cite.Quote) {
		m.claim.Modality = schemas.Negated
	}
	r.features(m, q, figure, dim)
	m.claim.Place, m.Place = r.canon.place(q.Place)
	m.Place.Vague = q.OriginOf["place"] == schemas.Inherited
	return m
}

// retractCue is how a correction introduces the figure that it takes back.
var retractCue = regexp.MustCompile(`(?i)\b(earlier version|wrongly|incorrectly|erroneously|mistakenly|misstated|misreported)\b`)

// retracts reports whether a correction takes the figure back: the first one after
// the cue in its sentence. "An earlier version said 280" denies 280.
func (r *reader) retracts(f *field, q *schemas.Quantity, sentence schemas.Quote) bool {
	if !r.d.correction {
		return false
	}
	before, ok := f.offsets.Slice(f.text, schemas.Span{Start: sentence.Start, End: q.Start})
	if !ok {
		return false
	}
	cue := retractCue.FindStringIndex(before)
	if cue == nil {
		return false
	}
	from := f.offsets.Runes(f.offsets.Bytes(sentence.Start) + cue[1])
	return !slices.ContainsFunc(r.e.Quantities, func(o schemas.Quantity) bool { return from <= o.Start && o.Start < q.Start })
}

// hasNumeral reports whether s can be a numeral: it has a letter or a digit.
func hasNumeral(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func hundredths(p float64) int { return min(max(int(p*100+0.5), 0), 100) }

func (r *reader) citation(f *field, q schemas.Quote) schemas.Citation {
	a := &r.e.Article
	return schemas.Citation{
		ArticleID: a.ID, ArticleVersion: a.Version, URL: a.Address(), Publisher: a.Publisher, PublishedAt: a.PublishedAt,
		Support: f.support(q.Span), Field: f.name, Start: q.Start, End: q.End, Quote: q, TextSHA256: f.sum,
	}
}

// slots copies what a claim says, in canonical form.
func (r *reader) slots(q *schemas.Quantity) schemas.Claim {
	c := schemas.Claim{
		SchemaVersion: schemas.Version, Kind: schemas.QuantityClaim, Measure: q.Measure, Predicate: q.Predicate,
		MadeBy: r.e.MadeBy, Value: q.Value, Min: q.Min, Max: q.Max, Comparator: q.Comparator, Unit: q.Unit,
		Category: q.Category, Agent: r.canon.entity(q.Agent), Victim: r.canon.entity(q.Victim), Time: q.Time,
		Modality: q.Modality, Cumulative: q.Cumulative, OriginOf: q.OriginOf, Change: q.Change,
	}
	if m, ok := schemas.LookupMeasure(c.Measure); ok {
		c.Measure = m.ID // an alias is as good
	} else {
		c.Measure = schemas.OtherMeasure
	}
	if q.Counted != nil {
		c.Counted = countedPhrase(q.Counted)
	}
	if q.Per != nil {
		c.Per = q.Per.Unit
	}
	return c
}

// countedPhrase is the noun phrase in small letters with its head in the singular:
// "aid trucks" becomes "aid truck". Names keep their capitals.
func countedPhrase(c *schemas.Counted) string {
	ws := strings.Fields(c.Text)
	if len(ws) == 0 {
		return c.Head
	}
	last := ws[len(ws)-1]
	if c.Head != "" && strings.EqualFold(singular(last), c.Head) && last == strings.ToLower(last) {
		ws[len(ws)-1] = c.Head
	}
	return strings.Join(ws, " ")
}

func (r *reader) features(m *mention, q *schemas.Quantity, f same.Figure, dim schemas.Dimension) {
	m.Doc, m.PartOf = r.d.match, -1
	m.Measure, m.Dimension, m.Unit, m.Predicate, m.Figure = m.claim.Measure, dim, q.Unit, q.Predicate, f
	m.Axis = q.Modality
	if m.Axis == schemas.Negated || m.Axis == "" {
		m.Axis = schemas.Asserted // a denial joins the series it denies
	}
	m.Per = m.claim.Per
	if q.Change != nil && q.Change.Kind != schemas.Level {
		m.Delta = q.Change.Kind
	}
	m.Moved = q.Change != nil || updateIn(m.cite.Quote.Exact)
	m.Sentence = [2]int{m.cite.Start, m.cite.End}
	if s := m.cite.Source; s != nil {
		m.Source = s.ID + s.Name
	}
	m.People = q.Category != nil || strings.HasPrefix(m.Measure, "person-")
	m.Agent = r.canon.party(q.Agent, q.OriginOf["agent"])
	m.Victim = r.canon.party(q.Victim, q.OriginOf["victim"])
	m.Time = span(q.Time, q.Cumulative, r.day)
	m.Time.Vague = q.OriginOf["time"] == schemas.Inherited
	m.Running = q.Cumulative
	r.head(m, q.Counted)
}

// updateCue is what a sentence says that gives an old and a new figure for one thing.
var updateCue = regexp.MustCompile(`(?i)\b(previous(ly)?|earlier|initial(ly)?|updat\w+|revis\w+|correct\w+|ris(e|es|en|ing)|rose|rais\w+|climb\w*|up from|down from|instead of|rather than)\b`)

// updateIn reports whether a sentence has an update cue. The expression is slow, so
// letters that every one of the cues has are looked for first.
func updateIn(sentence string) bool {
	low := strings.ToLower(sentence)
	for _, part := range []string{"previous", "earlier", "initial", "updat", "revis", "correct", "ris", "rose", "rais", "climb", "up from", "down from", "instead", "rather"} {
		if strings.Contains(low, part) {
			return updateCue.MatchString(sentence)
		}
	}
	return false
}

// head sets class and narrowing words of the counted noun. "Palestinians" in a
// count of people names the victims and is as wide as "people".
func (r *reader) head(m *mention, c *schemas.Counted) {
	if c == nil {
		m.Head = same.HeadClass("", m.Measure, m.People)
		return
	}
	head := strings.ToLower(c.Head)
	words := text.Words(c.Text)
	if head == "" && len(words) > 0 {
		head = singular(words[len(words)-1])
	}
	m.Head = same.HeadClass(head, m.Measure, m.People)
	if m.People && slices.Contains(m.Victim.Words, head) || slices.Contains(m.Victim.Words, head+"s") {
		m.Head = same.HeadClass("", m.Measure, true)
	}
	for _, w := range words {
		if w = singular(w); w != singular(head) && !stopwords[w] && len(w) > 1 {
			m.Mods = append(m.Mods, w)
		}
	}
	slices.Sort(m.Mods)
	m.Mods = slices.Compact(m.Mods)
}

// statementConfidence stands for what extractions do not give for statements: how
// often content and speaker are right, in hundredths.
const statementConfidence = 80

// maxStatement is how many code points of a long quotation a citation repeats.
const maxStatement = 1000

func (r *reader) statements(f *field) {
	for i := range r.e.Statements {
		s := r.e.Statements[i]
		if r.rulings.blocks(r.canon, s.Speaker) || !r.rulings.statement(f.sum, &s) {
			continue
		}
		if !f.has(s.Span, s.Text) || s.Speaker == nil || s.Speaker.Name == "" {
			r.d.refused++
			continue
		}
		content := s.Text
		q := s.Span
		if q.End-q.Start > maxStatement {
			q = f.fit(q, schemas.Span{Start: q.Start, End: q.Start + maxQuote/2})
			content, _ = f.offsets.Slice(f.text, q)
		} else if s.CueSpan.Start < s.CueSpan.End && s.CueSpan.End <= f.offsets.Len() { // show who said it, if that fits
			wide := schemas.Span{Start: min(q.Start, s.CueSpan.Start, s.Speaker.Start), End: max(q.End, s.CueSpan.End, s.Speaker.End)}
			if wide.Start >= 0 && wide.End <= f.offsets.Len() && wide.End-wide.Start <= maxStatement {
				q = f.quote(wide).Span
			}
		}
		mode := s.Mode
		m := &mention{doc: r.d, confidence: statementConfidence}
		m.cite = r.citation(f, f.quoteSpan(q))
		said := s.Span
		m.cite.Words = &said
		speaker := r.canon.entity(s.Speaker)
		m.cite.Source = speaker
		m.cite.Attribution = r.link(nil, s.Speaker, s.Cue)
		m.claim = schemas.Claim{
			SchemaVersion: schemas.Version, Kind: schemas.StatementClaim, Measure: schemas.StatementMeasure, MadeBy: r.e.MadeBy,
			Comparator: schemas.Exact, Unit: schemas.UnitCount, Modality: schemas.Asserted, Speaker: speaker, Mode: &mode, Content: content,
		}
		words := text.Words(content)
		m.Doc, m.PartOf, m.Statement = r.d.match, -1, true
		m.Measure, m.Unit, m.Axis = schemas.StatementMeasure, schemas.UnitCount, schemas.Asserted
		m.Speaker = speaker.ID
		if m.Speaker == "" {
			m.Speaker = strings.Join(text.Words(speaker.Name), " ")
		}
		m.Said = strings.Join(words, " ")
		m.Content = hashes(words)
		m.Marks = r.rulings.marks(f.sum, s.Span, schemas.StatementClaim)
		r.add(m)
	}
}

func hashes(words []string) []uint32 {
	out := make([]uint32, 0, len(words))
	for _, w := range words {
		out = append(out, text.Hash(w))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
