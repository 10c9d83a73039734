package normalizer

// A sieve tells which keys it has certainly not been given, at twenty bits a key: a
// Bloom filter that grows by layers. One answer in some ten thousand is wrong, and
// says that it may have been given a key that it was not.
type sieve struct{ layers []sieveLayer }

type sieveLayer struct {
	bits []uint64
	room int // keys that it takes still
}

const (
	sieveBits   = 20
	sieveHashes = 8
	sieveFirst  = 1 << 12 // keys of the first layer; each one takes twice as many as the one before
)

func (s *sieve) add(key uint64) {
	if s.has(key) {
		return
	}
	n := len(s.layers)
	if n == 0 || s.layers[n-1].room == 0 {
		room := sieveFirst << n
		s.layers = append(s.layers, sieveLayer{make([]uint64, room*sieveBits/64), room})
		n++
	}
	l := &s.layers[n-1]
	l.room--
	for h, step, i := key, mix(key)|1, 0; i < sieveHashes; h, i = h+step, i+1 {
		at := h % uint64(64*len(l.bits))
		l.bits[at/64] |= 1 << (at % 64)
	}
}

func (s *sieve) has(key uint64) bool {
layers:
	for i := range s.layers {
		l := &s.layers[i]
		for h, step, i := key, mix(key)|1, 0; i < sieveHashes; h, i = h+step, i+1 {
			at := h % uint64(64*len(l.bits))
			if l.bits[at/64]&(1<<(at%64)) == 0 {
				continue layers
			}
		}
		return true
	}
	return false
}
