package schemas

import "unicode/utf8"

// A Span locates evidence in an article: the half-open range [Start, End) of
// Unicode code points of [Article.Text] (of [Article.Title] for headline
// figures), as the W3C TextPositionSelector counts them.
type Span struct {
	Start int `json:"start"` // code points; 0 <= Start <= End
	End   int `json:"end"`   // code points; End <= length of the text
}

// Offsets converts between byte offsets, which the stages work in, and code
// points, which records hold. The zero value is for the empty text.
type Offsets struct {
	n     int      // bytes in the text
	ascii bool     // byte offset = code point offset
	runes []uint32 // code points before byte i, for i in [0, n]; nil if ascii
	bytes []uint32 // byte offset of code point i; nil if ascii
}

// NewOffsets returns the conversion table for text. Bytes that are not UTF-8
// count as one code point each, as in a Go range loop.
func NewOffsets(text string) Offsets {
	o := Offsets{n: len(text), ascii: true}
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			o.ascii = false
			break
		}
	}
	if o.ascii {
		return o
	}
	o.runes = make([]uint32, len(text)+1)
	o.bytes = make([]uint32, 0, len(text)+1)
	last := 0
	for i := range text {
		for j := last + 1; j <= i; j++ { // inside the rune before: its end
			o.runes[j] = uint32(len(o.bytes))
		}
		o.bytes = append(o.bytes, uint32(i))
		last = i
	}
	for j := last + 1; j <= len(text); j++ {
		o.runes[j] = uint32(len(o.bytes))
	}
	o.bytes = append(o.bytes, uint32(len(text)))
	return o
}

// Len returns the length of the text in code points.
func (o Offsets) Len() int {
	if o.runes == nil {
		return o.n
	}
	return len(o.bytes) - 1
}

// Runes returns the number of code points before byte offset b. An offset
// inside a code point counts that code point; one outside the text is clamped.
func (o Offsets) Runes(b int) int {
	b = min(max(b, 0), o.n)
	if o.runes == nil {
		return b
	}
	return int(o.runes[b])
}

// Bytes returns the byte offset of code point r, clamped to the text.
func (o Offsets) Bytes(r int) int {
	r = min(max(r, 0), o.Len())
	if o.bytes == nil {
		return r
	}
	return int(o.bytes[r])
}

// Slice returns the part of text that s covers; text must be the one o was made
// from. It reports false if s does not lie in the text.
func (o Offsets) Slice(text string, s Span) (string, bool) {
	if s.Start < 0 || s.End < s.Start || s.End > o.Len() || len(text) != o.n {
		return "", false
	}
	return text[o.Bytes(s.Start):o.Bytes(s.End)], true
}
