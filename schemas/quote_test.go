package schemas

import (
	"strings"
	"testing"
)

// TestPlainEnd: what eight bytes at once say is what each of them says.
func TestPlainEnd(t *testing.T) {
	for c := range 256 {
		for _, d := range []byte{0, ' ', '"', 'z', 0x80, 0xff} {
			for at := range 12 {
				s := strings.Repeat("a", at) + string([]byte{byte(c), d}) + strings.Repeat("z", 12-at)
				want := strings.IndexFunc(strings.ToValidUTF8(s, "\x00"), func(r rune) bool { return r >= 0x80 || !plainByte(byte(r)) })
				if want < 0 {
					want = len(s)
				}
				if got := plainEnd(s, 0); got != want {
					t.Errorf("plainEnd(%q) = %d, want %d", s, got, want)
				}
				scan := scanner{b: []byte(s)}
				stop := strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' })
				if stop < 0 {
					stop = len(s)
				}
				if got := scan.stop(0); got != stop {
					t.Errorf("a string in %q stops at %d, want %d", s, got, stop)
				}
			}
		}
	}
}

func BenchmarkQuoteJSON(b *testing.B) {
	const text = "The council of the third quarter said that 117 loads of grain and “40” pumps had come over the northern bridge since Monday"
	var out []byte
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		out = quoteJSON(out[:0], text)
	}
}
