package sink

import (
	"context"

	"github.com/claimwire/claimwire/schemas"
)

// An Eraser is a [Sink] from which a purge erases what it names. The sink has
// stored by then every change that the purge caused. Erase may be called again; it
// returns how many records it took out, and afterwards their bytes are in no file of
// the sink's, as far as its package says.
type Eraser interface {
	Erase(ctx context.Context, purge *schemas.Review) (int, error)
}

// An Erasure finds the changes that a purge erases: those that rest on what is gone,
// and the earlier ones of every series that did, whose figures it told. See is asked
// about all of them first, in order, then Erases.
type Erasure struct {
	schemas.Tombstones
	review string
	series map[string]bool
	since  map[string]uint64 // by series: the first change that the purge caused
}

// NewErasure returns the Erasure of a purge.
func NewErasure(purge *schemas.Review) *Erasure {
	e := &Erasure{review: purge.ID, series: map[string]bool{}, since: map[string]uint64{}}
	e.Add(purge)
	return e
}

// Found notes articles that the purge names by publisher or by a name in them.
func (e *Erasure) Found(articles []string) {
	e.Add(&schemas.Review{ID: e.review, Action: schemas.ReviewPurge, Purge: &schemas.Purge{Articles: articles}})
}

// See takes notice of a change; position grows from change to change.
func (e *Erasure) See(c *schemas.Change, position uint64) {
	id := c.Claim.SeriesID
	if e.caused(c) {
		e.series[id] = true
		if _, ok := e.since[id]; !ok {
			e.since[id] = position
		}
		return
	}
	if e.rests(c) {
		e.series[id] = true
	}
}

// Erases reports whether a change is to be erased.
func (e *Erasure) Erases(c *schemas.Change, position uint64) bool {
	if e.caused(c) {
		return false
	}
	since, told := e.since[c.Claim.SeriesID]
	return e.rests(c) || e.series[c.Claim.SeriesID] && (!told || position < since)
}

// Series returns the ids of the series that rested on what is gone.
func (e *Erasure) Series() map[string]bool { return e.series }

// caused reports whether the purge caused a change; one that is not decided has no id.
func (e *Erasure) caused(c *schemas.Change) bool {
	return e.review != "" && c.Cause.Review == e.review
}

func (e *Erasure) rests(c *schemas.Change) bool {
	if a := c.Cause.Article; a != nil {
		if _, erased := e.ID(a.ID); erased {
			return true
		}
	}
	if e.Claim(&c.Claim) {
		return true
	}
	if c.Series == nil {
		return false
	}
	_, erased := e.Text(c.Series.Text)
	return erased
}
