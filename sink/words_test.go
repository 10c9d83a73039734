package sink

import (
	"slices"
	"testing"
)

// FuzzWords: cutting a text at what is part of no word gives the words of the whole.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"a,b 1,2 ,,3,4, é1,２ e\u0301x,y ,", "“Forty-three,” he said: 1,200 of ﬁfty", "\xf2ʸ 0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Words(s), foldedWords(nil, s); !slices.Equal(got, want) {
			t.Errorf("Words(%q) = %q, want %q", s, got, want)
		}
	})
}
