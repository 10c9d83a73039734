package schemas_test

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/claimwire/claimwire/schemas"
)

func TestOffsets(t *testing.T) {
	tests := []struct {
		name, text string
		part       string // the first occurrence is looked up
		start, end int    // code points
		length     int
	}{
		{"empty", "", "", 0, 0, 0},
		{"ASCII", "sent 24 trucks", "24", 5, 7, 14},
		{"Türkiye, composed", "T\u00fcrkiye sent 24", "24", 13, 15, 15},
		{"Türkiye, combining marks", "Tu\u0308rkiye sent 24", "24", 14, 16, 16},
		{"Arabic", "وصلت 24 شاحنة", "24", 5, 7, 13},
		{"Arabic digits", "وصلت ٢٤ شاحنة", "٢٤", 5, 7, 13},
		{"outside the BMP", "😀 24", "24", 2, 4, 4},
		{"emoji joined by ZWJ", "👩\u200d👩\u200d👧 24", "24", 6, 8, 8},
		{"flag of two letters", "🇹🇷 24", "24", 3, 5, 5},
		{"invalid UTF-8", "a\xff\xfe24", "24", 3, 5, 5},
		{"cut code point at the end", "24\xe2\x82", "24", 0, 2, 4},
		{"non-ASCII at the end", "24 ü", "ü", 3, 4, 4},
	}
	for _, tt := range tests {
		o := schemas.NewOffsets(tt.text)
		if got := o.Len(); got != tt.length {
			t.Errorf("%s: Len() = %d, want %d", tt.name, got, tt.length)
		}
		b := index(tt.text, tt.part)
		if got := o.Runes(b); got != tt.start {
			t.Errorf("%s: Runes(%d) = %d, want %d", tt.name, b, got, tt.start)
		}
		if got := o.Runes(b + len(tt.part)); got != tt.end {
			t.Errorf("%s: Runes(%d) = %d, want %d", tt.name, b+len(tt.part), got, tt.end)
		}
		if got, ok := o.Slice(tt.text, schemas.Span{Start: tt.start, End: tt.end}); !ok || got != tt.part {
			t.Errorf("%s: Slice(%d, %d) = %q, %t, want %q", tt.name, tt.start, tt.end, got, ok, tt.part)
		}
	}
}

func index(s, part string) int {
	for i := range len(s) {
		if len(s) >= i+len(part) && s[i:i+len(part)] == part {
			return i
		}
	}
	return 0
}

func TestOffsetsClamp(t *testing.T) {
	for _, text := range []string{"", "abc", "aüc", "ü"} {
		o := schemas.NewOffsets(text)
		n := utf8.RuneCountInString(text)
		if got := o.Runes(-1); got != 0 {
			t.Errorf("%q: Runes(-1) = %d, want 0", text, got)
		}
		if got := o.Runes(100); got != n {
			t.Errorf("%q: Runes(100) = %d, want %d", text, got, n)
		}
		if got := o.Bytes(-1); got != 0 {
			t.Errorf("%q: Bytes(-1) = %d, want 0", text, got)
		}
		if got := o.Bytes(100); got != len(text) {
			t.Errorf("%q: Bytes(100) = %d, want %d", text, got, len(text))
		}
		for _, s := range []schemas.Span{{Start: -1, End: 0}, {Start: 1, End: 0}, {Start: 0, End: n + 1}} {
			if got, ok := o.Slice(text, s); ok {
				t.Errorf("%q: Slice(%v) = %q, want none", text, s, got)
			}
		}
		if _, ok := o.Slice(text+"x", schemas.Span{}); ok {
			t.Errorf("%q: Slice of another text succeeds", text)
		}
	}
}

// A byte offset inside a code point counts that code point.
func TestOffsetsInside(t *testing.T) {
	o := schemas.NewOffsets("a😀b")
	for b, want := range []int{0, 1, 2, 2, 2, 2, 3} {
		if got := o.Runes(b); got != want {
			t.Errorf("Runes(%d) = %d, want %d", b, got, want)
		}
	}
}

// checkOffsets holds for any bytes: code points are those of a Go range loop, and
// the two conversions undo each other on their boundaries.
func checkOffsets(t interface{ Fatalf(string, ...any) }, text string) {
	o := schemas.NewOffsets(text)
	n := 0
	for b := range text {
		if got := o.Runes(b); got != n {
			t.Fatalf("%q: Runes(%d) = %d, want %d", text, b, got, n)
		}
		if got := o.Bytes(n); got != b {
			t.Fatalf("%q: Bytes(%d) = %d, want %d", text, n, got, b)
		}
		n++
	}
	if o.Len() != n || o.Runes(len(text)) != n || o.Bytes(n) != len(text) {
		t.Fatalf("%q: Len, Runes, Bytes at the end = %d, %d, %d, want %d, %d, %d", text, o.Len(), o.Runes(len(text)), o.Bytes(n), n, n, len(text))
	}
	for b := range len(text) {
		if o.Runes(b) > o.Runes(b+1) {
			t.Fatalf("%q: Runes falls from %d to %d at byte %d", text, o.Runes(b), o.Runes(b+1), b+1)
		}
	}
}

func TestOffsetsInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkOffsets(t, rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text"))
	})
}

func FuzzOffsets(f *testing.F) {
	for _, s := range []string{"", "24", "Türkiye", "Tu\u0308rkiye", "شاحنة", "👩\u200d👧", "\xff\xe2\x82"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkOffsets(t, s) })
}

func BenchmarkNewOffsets(b *testing.B) {
	text := ""
	for range 200 {
		text += "Türkiye sent at least 24 trucks a day – “and more”, officials said. "
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		schemas.NewOffsets(text)
	}
}
