package schemas

import (
	"strings"
	"testing"
)

// TestPlainBytes: 8 bytes at once are judged as one by one, but for a doubt now and then.
func TestPlainBytes(t *testing.T) {
	for c := range 256 {
		for at := range 8 {
			s := strings.Repeat("a", at) + string([]byte{byte(c)}) + strings.Repeat("z", 7-at)
			if got, want := plainBytes(s), plainByte(byte(c)); got != want {
				t.Errorf("plainBytes(%q) = %t", s, got)
			}
		}
	}
	if !plainBytes("The port") || plainBytes(" \x00\x00\x00\x00\x00\x00\x00") {
		t.Error("words are not plain, or bytes are that must be written otherwise")
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
