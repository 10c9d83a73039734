package normalizer

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"math"
	"slices"
	"strconv"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/schemas"
)

// An event is one change before it becomes a record.
type event struct {
	kind   schemas.ChangeKind
	claim  *claim
	rivals []*claim // Cause.Claims
	gone   bool     // the claim is no more; rivals took its place
	erased bool     // nothing that the claim said may be said again
	moved  bool     // citations came from other claims or went to them
}

// events reads from a turn what happened to claims, in a fixed order: what is
// new, what changed, what is gone.
func (t turn) events() []event {
	if t.purged {
		return t.erasures()
	}
	before, now := claimsOf(t.ended), claimsOf(t.begun)
	var out []event
	var gone []*claim
	i := 0
	for _, c := range now {
		for ; i < len(before) && before[i].rec.ID < c.rec.ID; i++ {
			gone = append(gone, before[i])
		}
		var was *claim
		if i < len(before) && before[i].rec.ID == c.rec.ID {
			was = before[i]
			i++
		}
		out = append(out, t.changed(was, c)...)
	}
	for _, c := range append(gone, before[i:]...) {
		out = append(out, t.vanished(c)...)
	}
	return out
}

// claimsOf lists the claims of groups by id.
func claimsOf(gs []*group) []*claim {
	n := 0
	for _, g := range gs {
		n += len(g.claims)
	}
	out := make([]*claim, 0, n)
	for _, g := range gs {
		out = append(out, g.claims...)
	}
	slices.SortFunc(out, byID)
	return out
}

func byID(a, b *claim) int { return cmp.Compare(a.rec.ID, b.rec.ID) }

func sortedClaims(m map[string]*claim) []*claim {
	out := make([]*claim, 0, len(m))
	for _, c := range m {
		out = append(out, c)
	}
	slices.SortFunc(out, byID)
	return out
}

// changed compares a claim with what it was; was is nil for a new claim.
func (t turn) changed(was, c *claim) []event {
	var out []event
	if was == nil {
		out = append(out, event{kind: schemas.ChangeAsserted, claim: c})
		was = &claim{}
	} else {
		gained, lost := false, false
		for _, s := range t.swaps {
			cited, cites := was.cites(s.next), c.cites(s.next)
			gained, lost = gained || cites && !cited, lost || cited && !cites
		}
		if gained {
			out = append(out, event{kind: schemas.ChangeCorroborated, claim: c})
		}
		if lost {
			heir := t.heir(was)
			kind := t.takenBack(c, heir)
			if kind == schemas.ChangeMerged || kind == schemas.ChangeSplit { // the claim lives on with fewer citations
				kind = schemas.ChangeRevised
			}
			out = append(out, event{kind: kind, claim: c, rivals: heir})
		}
	}
	if c.superseded != nil && was.superseded == nil {
		out = append(out, event{kind: schemas.ChangeSuperseded, claim: c, rivals: []*claim{c.superseded}})
	}
	back := c.retraction()
	if back != nil && was.retraction() == nil {
		out = append(out, event{kind: schemas.ChangeRetracted, claim: c, rivals: []*claim{back}})
	}
	var fresh []*claim
	for _, r := range c.conflicts {
		if r != back && (!denied(c) || r.retraction() != c) && !slices.ContainsFunc(was.conflicts, func(o *claim) bool { return o.rec.ID == r.rec.ID }) {
			fresh = append(fresh, r)
		}
	}
	if len(fresh) > 0 {
		out = append(out, event{kind: schemas.ChangeConflicted, claim: c, rivals: fresh})
	}
	if len(out) > 0 && t.moved(was, c) {
		for i := range out {
			out[i].moved = true
		}
	}
	return out
}

// moved reports whether the citations of a claim differ from those that it had by
// more than what the articles of the turn gained or lost. It matters only where a
// change cannot carry all of them.
func (t turn) moved(was, c *claim) bool {
	if len(c.mentions) <= schemas.MaxChangeCitations {
		return false
	}
	of := func(ms []*mention) func() *mention {
		return func() *mention {
			for len(ms) > 0 {
				m := ms[0]
				ms = ms[1:]
				if !slices.ContainsFunc(t.swaps, func(s swap) bool { return s.next.ref.ID == m.doc.ref.ID }) {
					return m
				}
			}
			return nil
		}
	}
	a, b := of(was.mentions), of(c.mentions) // both in the order of citations
	for {
		m := a()
		if m != b() {
			return true
		}
		if m == nil {
			return false
		}
	}
}

// cites reports whether any version of the article of d proves the claim.
func (c *claim) cites(d *document) bool {
	return slices.ContainsFunc(c.mentions, func(m *mention) bool { return m.doc.ref.ID == d.ref.ID })
}

// vanished says what became of a claim that is no more. Its mentions in other
// articles went to other claims; the one of an edited article was taken back.
func (t turn) vanished(c *claim) []event {
	heirs := map[string]*claim{}
	for _, m := range c.mentions {
		if !t.replaced(m.doc) && m.owner != nil && m.owner != c {
			heirs[m.owner.rec.ID] = m.owner
		}
	}
	list := sortedClaims(heirs)
	if len(list) == 0 {
		list = t.heir(c)
		return []event{{kind: t.takenBack(c, list), claim: c, rivals: list, gone: true}}
	}
	var out []event
	lost := slices.ContainsFunc(t.swaps, func(s swap) bool {
		return s.old != nil && c.cites(s.old) && !slices.ContainsFunc(list, func(h *claim) bool { return h.cites(s.next) })
	})
	if heir := t.heir(c); lost {
		if kind := t.takenBack(c, heir); kind != schemas.ChangeMerged && kind != schemas.ChangeSplit {
			out = append(out, event{kind: kind, claim: c, rivals: heir})
		}
	}
	kind := schemas.ChangeSplit
	if len(list) == 1 {
		kind = schemas.ChangeMerged
	}
	return append(out, event{kind: kind, claim: c, rivals: list, gone: true})
}

// takenBack names what an edit or a review did to the figure of c, which the article
// no longer gives.
func (t turn) takenBack(c *claim, heir []*claim) schemas.ChangeKind {
	switch {
	case t.review != nil && len(heir) > 0 && t.review.Action == schemas.ReviewFix:
		return schemas.ChangeRevised
	case t.review != nil && len(heir) > 0 && t.review.Action == schemas.ReviewMerge:
		return schemas.ChangeMerged
	case t.review != nil && len(heir) > 0 && t.review.Action == schemas.ReviewSplit:
		return schemas.ChangeSplit
	case t.review != nil:
		return schemas.ChangeRetracted
	case slices.ContainsFunc(t.swaps, func(s swap) bool { return s.next.correction && (!s.old.correction || s.next.denies(c)) }):
		return schemas.ChangeRetracted
	case len(heir) > 0:
		return schemas.ChangeRevised
	}
	return schemas.ChangeWithdrawn
}

// denies reports whether the article says that the number of c is wrong.
func (d *document) denies(c *claim) bool {
	return slices.ContainsFunc(d.mentions, func(m *mention) bool {
		return m.claim.Modality == schemas.Negated && m.Measure == c.rec.Measure && m.Figure.Printed() == c.mentions[0].Figure.Printed()
	})
}

// replaced reports whether d is a version that no longer counts.
func (t turn) replaced(d *document) bool {
	return slices.ContainsFunc(t.swaps, func(s swap) bool { return s.old == d })
}

// heir finds the figure that the new version of an article gives for what c was
// about: empty if it gives none.
func (t turn) heir(c *claim) []*claim {
	if n := t.fixed(c); n != nil {
		return []*claim{n}
	}
	var best *mention
	score := same.Threshold - 1
	for _, s := range t.swaps {
		for _, m := range c.mentions {
			if m.doc != s.old {
				continue
			}
			past := m.Mention // as if another article said it: within one article different figures need more proof
			doc := *m.Doc
			doc.ID = ""
			past.Doc, past.PartOf = &doc, -1
			for _, n := range s.next.mentions {
				later := n.Mention
				later.PartOf = -1
				if s, veto := same.Compare(&past, &later); !veto && s > score && n.owner != nil {
					best, score = n, s
				}
			}
		}
	}
	if best == nil {
		return nil
	}
	return []*claim{best.owner}
}

// fixed returns what the words of c prove now that a review has set one of their slots,
// nil if that did not happen or they prove nothing any more.
func (t turn) fixed(c *claim) *claim {
	if t.review == nil || t.review.Action != schemas.ReviewFix {
		return nil
	}
	for _, s := range t.swaps {
		for _, m := range c.mentions {
			if m.doc != s.old {
				continue
			}
			for _, n := range s.next.mentions {
				if n.owner != nil && n.claim.Kind == m.claim.Kind && n.cite.Anchor() == m.cite.Anchor() && overlaps(n.cite.Anchor().Span, t.review.Anchor.Span) {
					return n.owner
				}
			}
		}
	}
	return nil
}

// shaken lists the claims, by id, whose confidence, relations or origins the turn may
// have changed though nothing happened to them: those of its groups, and what the
// same articles set beside their figures. A claim that is final already is announced
// again then, because no finalization will bring it up to date.
func (t turn) shaken() []*claim {
	out := claimsOf(t.begun)
	n := len(out)
	for _, g := range t.begun {
		for _, m := range g.members {
			for i := 0; m.doc.parts && i < len(m.doc.mentions); i++ {
				if o := m.doc.mentions[i]; o.PartOf == m.Index && o.Measure == m.Measure && o.owner != nil {
					out = append(out, o.owner)
				}
			}
			for _, o := range m.doc.contrasts[m] {
				if o.owner != nil {
					out = append(out, o.owner)
				}
			}
		}
	}
	if len(out) > n {
		slices.SortFunc(out, byID)
	}
	return slices.Compact(out)
}

// print is a hash of all that a record says, so that a change of it is seen: of the
// readings it is made of, and of what follows from others.
func print(c *claim) int64 {
	b := make([]byte, 0, 512)
	add := func(s string) { b = append(append(b, s...), 0) }
	for _, m := range c.mentions {
		b = binary.BigEndian.AppendUint64(b, m.doc.print())
		b = binary.BigEndian.AppendUint64(b, uint64(m.Index))
		add(m.doc.origin)
	}
	for _, r := range c.relations() {
		add(string(r.Type))
		add(r.Claim)
	}
	r := c.rec
	add(string(r.Tier))
	for _, n := range []float64{r.Confidence.Extraction, r.Confidence.Linking, r.Confidence.Attribution} {
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(n))
	}
	for _, n := range []int{r.Corroboration.Mentions, r.Corroboration.Articles, r.Corroboration.Texts, r.Corroboration.Publishers, r.Corroboration.Origins} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	h := fnv.New64a()
	h.Write(b)
	return int64(h.Sum64())
}

// print names the reading of an edition: whatever it gives follows from that.
func (d *document) print() uint64 {
	if d.printed == 0 {
		h := fnv.New64a()
		for _, s := range []string{d.ref.ID, d.ref.Version, d.reading, d.ruled, d.published, d.url, d.title, d.publisher} {
			h.Write([]byte(s))
			h.Write([]byte{0})
		}
		d.printed = h.Sum64()
	}
	return d.printed
}

// change makes the record of an event in c, without its series, which is that of the
// group returned; nil if none is left. The id names claim, kind, revision and
// cause, so that the same event has the same id whenever the same stream is read.
func change(c *schemas.Change, ev event, cause schemas.Cause, knownAt string, revision int, watermark string) *group {
	limit := schemas.MaxChangeCitations
	if ev.moved || ev.kind == schemas.ChangeFinalized || cause.Article == nil {
		limit = schemas.MaxWholeCitations
	}
	rec := &c.Claim
	more := ev.claim.newest(rec, watermark, limit, cause.Article)
	rec.ReplacedBy = []string{}
	cause.Claims = []string{}
	for _, r := range ev.rivals {
		cause.Claims = append(cause.Claims, r.rec.ID)
	}
	slices.Sort(cause.Claims)
	if ev.gone {
		rec.ReplacedBy = slices.Clone(cause.Claims)
	}
	parts := append(make([]string, 0, 16), rec.ID, string(ev.kind), strconv.Itoa(revision), cause.Review, cause.Watermark)
	if cause.Article != nil {
		parts = append(parts, cause.Article.ID, cause.Article.Version)
	}
	c.SchemaVersion, c.ID, c.Change = schemas.Version, schemas.ID("ch", append(parts, cause.Claims...)...), ev.kind
	c.Revision, c.KnownAt, c.Cause, c.Country = revision, knownAt, cause, country(rec)
	if ev.erased {
		rec.Withhold()
	}
	c.Series, c.More = nil, ""
	if more {
		c.More = "/api/v1/claims/" + rec.ID
	}
	switch {
	case !ev.gone:
		return ev.claim.group
	case len(ev.rivals) > 0 && ev.rivals[0].group.id == ev.claim.group.id:
		return ev.rivals[0].group
	}
	return nil
}

func country(c *schemas.Claim) string {
	if c.Place != nil && c.Place.Country != "" {
		return c.Place.Country
	}
	return schemas.NoCountry
}

// trimPoints keeps the newest points, those of the cause among them.
func trimPoints(s *schemas.Series, keep []string) {
	extra := len(s.Points) - schemas.MaxChangePoints
	if extra <= 0 {
		return
	}
	s.Points = slices.DeleteFunc(slices.Clone(s.Points), func(p schemas.SeriesPoint) bool {
		if extra == 0 || slices.Contains(keep, p.Claim) {
			return false
		}
		extra--
		return true
	})
}

// articleCause is the cause of what a document brought about.
func articleCause(d *document) (schemas.Cause, string) {
	ref := d.ref
	return schemas.Cause{Article: &ref}, d.knownAt
}
