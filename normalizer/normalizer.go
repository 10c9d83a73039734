// Package normalizer makes claims of extractions: one claim per stated fact and
// value, with every place that printed it, in a series with the other figures for
// the same thing.
//
// The layers, each a function of the articles alone:
//
//   - text finds copies: wire stories, abridgements, edited republications. A group
//     of copies is one origin, however many publishers print it.
//   - entities and places get ids from what one extraction says of them, so that no
//     later article changes an id.
//   - same compares two mentions: hard vetoes (measure, unit, modality, event times
//     more than a day apart, places neither of which contains the other, different
//     linked participants), then an integer score. Slots that are not said count
//     for nothing; figures that lack them meet on the story they share.
//   - a component of compatible mentions is grouped by descending score, never
//     across a veto. A group is a series; its mentions of one interval are a claim.
//
// [Batch] does it for a fixed set. A [Normalizer] does it article by article with
// its state in SQLite, recomputes only what an article touches, and announces
// what happened as changes. Whatever the order, the final claims are the same,
// byte for byte.
package normalizer
