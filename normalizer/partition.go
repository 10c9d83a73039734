package normalizer

import (
	"fmt"

	"github.com/claimwire/claimwire/normalizer/text"
)

// A Partition is the share of one Normalizer of several that read one stream: the
// claims of some measures. Figures of two measures never meet, so the claims of all
// partitions together are those of a single Normalizer, byte for byte. Each knows
// all articles: which texts are copies is nobody's share. The zero Partition is the
// whole.
type Partition struct {
	Index int // from 0
	Of    int // how many there are; 0 or 1: this one alone
}

// String is "2/8" for the second of eight, "1/1" for the whole.
func (p Partition) String() string { return fmt.Sprintf("%d/%d", p.Index+1, max(p.Of, 1)) }

// ParsePartition reads what [Partition.String] writes.
func ParsePartition(s string) (Partition, error) {
	var p Partition
	var rest string
	if n, _ := fmt.Sscanf(s, "%d/%d%s", &p.Index, &p.Of, &rest); n != 2 || p.Index < 1 || p.Index > p.Of {
		return Partition{}, fmt.Errorf("partition %q: want 2/8 for the second of eight", s)
	}
	p.Index--
	return p, nil
}

func (p Partition) owns(m *mention) bool {
	return p.Of <= 1 || text.Hash(m.Measure)%uint32(p.Of) == uint32(p.Index)
}
