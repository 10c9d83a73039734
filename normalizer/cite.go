package normalizer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
)

const (
	maxQuote   = 400 // code points of a quote around a figure
	maxContext = 32  // code points of prefix and suffix
)

// A field is one text that citations point into.
type field struct {
	name    schemas.TextField
	text    string
	sum     string
	offsets schemas.Offsets
	paras   []schemas.Paragraph
}

func newField(name schemas.TextField, text string, paras []schemas.Paragraph) *field {
	return &field{name: name, text: text, sum: schemas.SHA256(text), offsets: schemas.NewOffsets(text), paras: paras}
}

// has reports whether the words stand at the span.
func (f *field) has(s schemas.Span, words string) bool {
	got, ok := f.offsets.Slice(f.text, s)
	return ok && s.End > s.Start && got == words
}

// quote returns the sentence around the span, or as much of it as fits. The span
// itself is never cut.
func (f *field) quote(keep schemas.Span) schemas.Quote {
	start, end := f.sentence(f.offsets.Bytes(keep.Start), f.offsets.Bytes(keep.End))
	return f.quoteSpan(f.fit(schemas.Span{Start: f.offsets.Runes(start), End: f.offsets.Runes(end)}, keep))
}

func (f *field) quoteSpan(s schemas.Span) schemas.Quote {
	q := schemas.Quote{Span: s}
	q.Exact, _ = f.offsets.Slice(f.text, s)
	q.Prefix, _ = f.offsets.Slice(f.text, schemas.Span{Start: max(s.Start-maxContext, 0), End: s.Start})
	q.Suffix, _ = f.offsets.Slice(f.text, schemas.Span{Start: s.End, End: min(s.End+maxContext, f.offsets.Len())})
	return q
}

// support returns the support of the paragraph that the span starts in.
func (f *field) support(s schemas.Span) int {
	for _, p := range f.paras {
		if p.Start <= s.Start && s.Start < p.End {
			return p.Support
		}
	}
	return 0
}

// sentence returns the byte range of the sentence, or sentences, that hold the
// bytes from i to j. A line feed always ends one.
func (f *field) sentence(i, j int) (start, end int) {
	if n := strings.LastIndexByte(f.text[:i], '\n'); n >= 0 {
		start = n + 1
	}
	end = len(f.text)
	if n := strings.IndexByte(f.text[j:], '\n'); n >= 0 {
		end = j + n
	}
	line := f.text[start:end]
	from, to := start, end
	for k := 0; k < len(line); k++ {
		c := line[k]
		if c != '.' && c != '!' && c != '?' {
			continue
		}
		n := boundary(line, k)
		if n < 0 {
			continue
		}
		if start+n <= i {
			from = start + n
		} else if start+n >= j {
			to = start + n
			break
		}
	}
	for from < i && f.text[from] == ' ' {
		from++
	}
	for to > j && f.text[to-1] == ' ' {
		to--
	}
	return from, to
}

// boundary returns where the next sentence starts if the mark at k ends one,
// else -1: a word of capital letters or a title before a full stop does not, nor
// does a full stop that a small letter follows.
func boundary(line string, k int) int {
	n := k + 1
	for n < len(line) {
		r, size := utf8.DecodeRuneInString(line[n:])
		if !strings.ContainsRune("\"')]”’»", r) {
			break
		}
		n += size
	}
	if n < len(line) && line[n] != ' ' {
		return -1
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(line[n:], " "))
	if n < len(line) && unicode.IsLower(next) {
		return -1
	}
	if line[k] == '.' && abbreviates(line[:k]) {
		return -1
	}
	for n < len(line) && line[n] == ' ' {
		n++
	}
	return n
}

// titles are abbreviations that a name or a number follows.
var titles = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "gen": true, "lt": true, "col": true, "maj": true, "capt": true,
	"sgt": true, "cpl": true, "adm": true, "sen": true, "rep": true, "gov": true, "pres": true, "rev": true, "hon": true, "st": true,
	"no": true, "nos": true, "vs": true, "v": true, "jan": true, "feb": true, "mar": true, "apr": true, "jun": true, "jul": true,
	"aug": true, "sep": true, "sept": true, "oct": true, "nov": true, "dec": true, "approx": true, "est": true, "fig": true, "brig": true,
}

// abbreviates reports whether a full stop after s belongs to its last word.
func abbreviates(s string) bool {
	i := strings.LastIndexAny(s, " (\"“'")
	w := s[i+1:]
	if strings.ContainsRune(w, '.') { // U.S., a.m.
		return true
	}
	r, size := utf8.DecodeRuneInString(w)
	return size == len(w) && unicode.IsUpper(r) || titles[strings.ToLower(w)]
}

// fit shortens s to maxQuote code points around keep, at spaces.
func (f *field) fit(s, keep schemas.Span) schemas.Span {
	if s.End-s.Start <= maxQuote {
		return s
	}
	spare := max(maxQuote-(keep.End-keep.Start), 0)
	left := min(keep.Start-s.Start, max(spare/2, spare-(s.End-keep.End)))
	right := min(s.End-keep.End, spare-left)
	cut := schemas.Span{Start: keep.Start - left, End: keep.End + right}
	if cut.Start > s.Start { // start after a space
		words, _ := f.offsets.Slice(f.text, schemas.Span{Start: cut.Start, End: keep.Start})
		if i := strings.IndexByte(words, ' '); i >= 0 {
			cut.Start += utf8.RuneCountInString(words[:i+1])
		} else {
			cut.Start = keep.Start
		}
	}
	if cut.End < s.End {
		words, _ := f.offsets.Slice(f.text, schemas.Span{Start: keep.End, End: cut.End})
		if i := strings.LastIndexByte(words, ' '); i >= 0 {
			cut.End = keep.End + utf8.RuneCountInString(words[:i])
		} else {
			cut.End = keep.End
		}
	}
	return cut
}
