package desk

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// claimsOnPage is how many claims an entity or article page shows.
const claimsOnPage = 50

// An entityPage is what templates/entity.html shows.
type entityPage struct {
	Title      string
	Entity     *sink.EntityDetail
	Claims     []claimLine
	Statements []claimLine
	More       string // address of the list of all its claims
	JSON       string
	Version    string
}

// A claimLine is a claim on one line, for pages that are about something else.
type claimLine struct {
	Text, URL, When, Publisher string
	Quote                      string // a statement's words
	Candidate                  bool
	State                      string
}

func (d *Desk) claimLine(c *sink.Claim) claimLine {
	l := claimLine{
		Text: c.Record.Text, URL: "/claims/" + url.PathEscape(c.Record.ID), When: d.when(c.Record.LastSeen), Candidate: c.Record.Tier == schemas.Candidate,
	}
	if c.State != sink.Living {
		l.State = string(c.State)
	}
	if n := len(c.Record.Citations); n > 0 {
		l.Publisher = cmp.Or(c.Record.Citations[n-1].Publisher.Name, c.Record.Citations[n-1].Publisher.Domain)
		if c.Record.Kind == schemas.StatementClaim {
			l.Quote = c.Record.Citations[n-1].Quote.Exact
		}
	}
	return l
}

func (d *Desk) getEntity(w http.ResponseWriter, r *http.Request) {
	e, err := d.cfg.Store.Entity(r.Context(), r.PathValue("id"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.sendJSON(w, r, e)
}

func (d *Desk) pageEntity(w http.ResponseWriter, r *http.Request) {
	e, err := d.cfg.Store.Entity(r.Context(), r.PathValue("id"))
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	page := entityPage{Title: e.Name, Entity: e, More: listURL("entity", e.ID), JSON: "/api/v1/entities/" + url.PathEscape(e.ID), Version: d.cfg.Version}
	for _, part := range []struct {
		kinds []schemas.ClaimKind
		into  *[]claimLine
	}{{[]schemas.ClaimKind{schemas.QuantityClaim, schemas.EventClaim}, &page.Claims}, {[]schemas.ClaimKind{schemas.StatementClaim}, &page.Statements}} {
		found, err := d.cfg.Store.Claims(r.Context(), sink.Query{Entities: []string{e.ID}, Kinds: part.kinds, States: []sink.State{sink.Living}, Limit: claimsOnPage})
		if err != nil {
			d.failPage(w, r, err)
			return
		}
		for i := range found.Items {
			*part.into = append(*part.into, d.claimLine(&found.Items[i]))
		}
	}
	d.render(w, r, "entity.html", http.StatusOK, &page)
}

// An articlePage is what templates/article.html shows.
type articlePage struct {
	Title, Byline, Publisher string
	When, WhenISO, Dated     string // Dated is where the date comes from
	URL                      string // http or https; empty if it has no such address
	Wire                     string
	Paragraphs               []paragraphView
	Gaps                     bool // paragraphs without claims are left out
	Notes                    int
	JSON                     string
	Version                  string
}

// A paragraphView is a paragraph with the claims that it proves.
type paragraphView struct {
	Parts []textPart
	Notes []claimNote
	Gap   bool // paragraphs were left out before it
}

// A textPart is text of a paragraph; Mark are the numbers of the notes that it proves, "3" or
// "3–5", empty for none.
type textPart struct {
	Text, Mark string
}

// A claimNote stands beside the words that prove a claim.
type claimNote struct {
	Number int
	claimLine
}

func (d *Desk) pageArticle(w http.ResponseWriter, r *http.Request) {
	a, err := d.cfg.Store.Article(r.Context(), r.PathValue("id"), r.URL.Query().Get("version"))
	var found *sink.ClaimPage
	if err == nil {
		found, err = d.cfg.Store.Claims(r.Context(), sink.Query{Articles: []string{a.ID}, States: []sink.State{sink.Living}, Limit: 500})
	}
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	page := articlePage{
		Title: cmp.Or(a.Title, a.URL, a.ID), Byline: a.Byline, Publisher: cmp.Or(a.Publisher.Name, a.Publisher.Domain), When: d.when(a.PublishedAt),
		WhenISO: a.PublishedAt, URL: webURL(a.URL), Gaps: !d.cfg.FullText, Version: d.cfg.Version,
		JSON: "/api/v1/articles/" + url.PathEscape(a.ID) + "?" + url.Values{"version": {a.Version}}.Encode(),
	}
	if a.PublishedAt != "" && a.PublishedSource != "none" {
		page.Dated = string(a.PublishedSource)
	}
	if a.Wire != nil {
		page.Wire = a.Wire.Agency
	}
	page.Paragraphs, page.Notes = d.annotate(a, found.Items)
	d.render(w, r, "article.html", http.StatusOK, &page)
}

// A proof is a quote of an article and the claim that it proves.
type proof struct {
	schemas.Span
	line claimLine
}

// annotate returns the paragraphs of an article with the claims that stand in
// them; without Config.FullText only those that prove something.
func (d *Desk) annotate(a *schemas.Article, claims []sink.Claim) (out []paragraphView, notes int) {
	off := schemas.NewOffsets(a.Text)
	var proofs []proof
	for i := range claims {
		for _, ct := range claims[i].Record.Citations {
			if words, ok := off.Slice(a.Text, ct.Quote.Span); ct.ArticleID == a.ID && ct.Field == schemas.InText && ok && words == ct.Quote.Exact {
				proofs = append(proofs, proof{ct.Quote.Span, d.claimLine(&claims[i])})
			}
		}
	}
	slices.SortStableFunc(proofs, func(x, y proof) int { return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End)) })
	gap := false
	for _, p := range paragraphs(a, off) {
		view := paragraphView{Gap: gap}
		at := p.Start
		for i := 0; i < len(proofs); i++ {
			q := proofs[i]
			if q.Start < p.Start || q.Start >= p.End {
				continue
			}
			notes++
			view.Notes = append(view.Notes, claimNote{notes, q.line})
			if q.End <= at {
				continue // the same words prove another claim: one mark, several notes
			}
			view.add(a.Text, off, at, q.Start, "")
			last := notes
			for j := i + 1; j < len(proofs) && proofs[j].Start < p.End && proofs[j].End <= q.End; j++ {
				last++ // notes of the same words
			}
			mark := strconv.Itoa(notes)
			if last > notes {
				mark += "–" + strconv.Itoa(last)
			}
			view.add(a.Text, off, max(at, q.Start), min(q.End, p.End), mark)
			at = min(q.End, p.End)
		}
		if len(view.Notes) == 0 && !d.cfg.FullText {
			gap = true
			continue
		}
		view.add(a.Text, off, at, p.End, "")
		gap = false
		out = append(out, view)
	}
	return out, notes
}

func (v *paragraphView) add(text string, off schemas.Offsets, from, to int, mark string) {
	if s, ok := off.Slice(text, schemas.Span{Start: from, End: to}); ok && from < to {
		v.Parts = append(v.Parts, textPart{s, mark})
	}
}

// paragraphs returns the paragraphs of an article, else the lines of its text.
func paragraphs(a *schemas.Article, off schemas.Offsets) []schemas.Span {
	var out []schemas.Span
	at := 0
	for _, p := range a.Paragraphs {
		if p.Start < at || p.End > off.Len() || p.Start >= p.End {
			out = nil // not of this text
			break
		}
		out = append(out, p.Span)
		at = p.End
	}
	if len(out) > 0 {
		return out
	}
	pos := 0
	for line := range strings.Lines(a.Text) {
		end := pos + len(strings.TrimRight(line, "\r\n"))
		if end > pos {
			out = append(out, schemas.Span{Start: off.Runes(pos), End: off.Runes(end)})
		}
		pos += len(line)
	}
	return out
}

// frozenNote says as of when a page is, "" for now.
func (d *Desk) frozenNote(knownAt string) string {
	if knownAt == "" {
		return ""
	}
	return "As it was known on " + d.when(knownAt) + "."
}

// frozenAt returns the known_at of a request for a page.
func frozenAt(r *http.Request) (string, error) {
	s := r.URL.Query().Get("known_at")
	if s == "" {
		return "", nil
	}
	if _, ok := sink.Instant(s); !ok {
		return "", &parameterError{"known_at", "not a date (2025-11, 2025-11-23) or an RFC 3339 time"}
	}
	return s, nil
}

// prefer puts the figure that the request's policy chooses in the place of the one
// that the series prefers itself.
func (d *Desk) prefer(r *http.Request, s *schemas.Series) error {
	name := r.URL.Query().Get("policy")
	if name == "" {
		return nil
	}
	policy, err := sink.ParsePolicy(name)
	if err != nil {
		return &parameterError{"policy", err.Error()}
	}
	knownAt, err := frozenAt(r)
	if err != nil {
		return err
	}
	one := []schemas.Series{*s}
	err = d.preferBy(r, one, policy, knownAt)
	s.Preferred = one[0].Preferred
	return err
}

// preferBy is prefer for several series and a policy; none leaves them alone.
func (d *Desk) preferBy(r *http.Request, series []schemas.Series, policy sink.Policy, knownAt string) error {
	if policy == "" {
		return nil
	}
	ids := make([]string, len(series))
	for i := range series {
		ids[i] = series[i].ID
	}
	taken, err := d.cfg.Store.Retracted(r.Context(), ids, knownAt)
	if err != nil {
		return err
	}
	for i := range series {
		series[i].Preferred = policy.Prefer(series[i].Points, taken)
	}
	return nil
}

// seriesAt returns a series as it was known at a time, and its claims of then.
func (d *Desk) seriesAt(r *http.Request, id, knownAt string) (*schemas.Series, []sink.Claim, error) {
	page, err := d.cfg.Store.SeriesList(r.Context(), sink.Query{Series: id, KnownAt: knownAt, Limit: 1})
	if err != nil {
		return nil, nil, err
	}
	if len(page.Items) == 0 {
		return nil, nil, fmt.Errorf("at that time series %s was %w", id, sink.ErrNotFound)
	}
	found, err := d.cfg.Store.Claims(r.Context(), sink.Query{Series: id, States: []sink.State{sink.Living}, KnownAt: knownAt, Limit: maxLimit})
	if err != nil {
		return nil, nil, err
	}
	return &page.Items[0], found.Items, nil
}
