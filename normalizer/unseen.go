package normalizer

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
)

// A Range is records of a stream by their sequences, both ends included.
type Range struct {
	From, To uint64
}

// mostUnseen bounds how many ranges a state remembers. Beyond it neighbours become
// one, with what is between them: that is applied again, which changes nothing.
const mostUnseen = 256

// unseen are the sequences below the state's position that it was not given, in
// ascending ranges that do not touch. What a stream has dropped looks the same.
type unseen []Range

// see notes that the state, which has reached last, is given or needs nothing of r.
// The receiver stays as it is.
func (u unseen) see(last uint64, r Range) (unseen, uint64) {
	out := make(unseen, 0, len(u)+1)
	for _, gap := range u {
		if gap.To < r.From || gap.From > r.To {
			out = append(out, gap)
			continue
		}
		if gap.From < r.From {
			out = append(out, Range{gap.From, r.From - 1})
		}
		if gap.To > r.To {
			out = append(out, Range{r.To + 1, gap.To})
		}
	}
	if r.From > last+1 {
		out = append(out, Range{last + 1, r.From - 1})
	}
	for len(out) > mostUnseen {
		near := 1
		for i := 2; i < len(out); i++ {
			if out[i].From-out[i-1].To < out[near].From-out[near-1].To {
				near = i
			}
		}
		out[near-1].To = out[near].To
		out = slices.Delete(out, near, near+1)
	}
	return out, max(last, r.To)
}

// seeAll notes inputs, in any order; those outside of a stream count for nothing.
func (u unseen) seeAll(last uint64, inputs []Input) (unseen, uint64) {
	sequences := make([]uint64, 0, len(inputs))
	for i := range inputs {
		if s := inputs[i].Sequence; s > 0 {
			sequences = append(sequences, s)
		}
	}
	slices.Sort(sequences)
	for i := 0; i < len(sequences); {
		r := Range{sequences[i], sequences[i]}
		for i++; i < len(sequences) && sequences[i] <= r.To+1; i++ {
			r.To = sequences[i]
		}
		if len(u) == 0 && r.From <= last+1 { // nearly always
			last = max(last, r.To)
			continue
		}
		u, last = u.see(last, r)
	}
	return u, last
}

// Unseen returns the sequences up to through that [Normalizer.Apply] was never given.
// Who reads the stream knows better than the server's consumer what it has had: what
// that takes for done and is still on the stream can be read there.
func (n *Normalizer) Unseen(through uint64) []Range {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Range
	for _, gap := range n.unseen {
		if gap.From <= through {
			out = append(out, Range{gap.From, min(gap.To, through)})
		}
	}
	if through > n.sequence {
		out = append(out, Range{n.sequence + 1, through})
	}
	return out
}

// Seen notes, for good, that the state needs nothing, or nothing more, of a range: its
// records are dead letters, or not on the stream.
func (n *Normalizer) Seen(ctx context.Context, r Range) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ready(ctx); err != nil {
		return err
	}
	left, last := n.unseen.see(n.sequence, r)
	if last == n.sequence && slices.Equal(left, n.unseen) {
		return nil
	}
	return n.commit(ctx, func(tx *writer) error { return n.reach(tx, left, last) })
}

// reach writes down how far the state has come.
func (n *Normalizer) reach(tx *writer, left unseen, last uint64) error {
	changed := !slices.Equal(left, n.unseen)
	n.unseen, n.sequence = left, last
	if err := tx.meta("sequence", strconv.FormatUint(last, 10)); err != nil || !changed {
		return err
	}
	text, err := json.Marshal(left)
	if err != nil {
		return err
	}
	return tx.meta("unseen", string(text))
}
