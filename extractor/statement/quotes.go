package statement

// A quote is a stretch of text between quotation marks.
type quote struct {
	from, to int  // tokens inside the marks
	open     int  // token of the opening mark
	end      int  // token after the closing mark
	used     bool // a statement was made of it
}

// A mark is the kind of a quotation mark.
type mark uint8

const (
	notMark mark = iota
	markDouble
	markOpen  // “ « ``
	markClose // ” »
	markSingle
	markOpenSingle  // ‘
	markCloseSingle // ’
)

func (t *text) mark(i int) mark {
	switch t.Word(i) {
	case `"`, "''", "＂":
		return markDouble
	case "“", "«", "``", "„", "‟":
		return markOpen
	case "”", "»":
		return markClose
	case "'":
		return markSingle
	case "‘", "`":
		return markOpenSingle
	case "’":
		return markCloseSingle
	}
	return notMark
}

// maxQuote bounds the length of a quote in tokens: beyond, a mark was lost.
const maxQuote = 400

// findQuotes pairs the marks of each paragraph. A mark that stays open is closed
// at the end of its paragraph if the next one opens with a mark again.
func (t *text) findQuotes() {
	t.quotes, t.inside, t.ends = t.quotes[:0], t.inside[:0], t.ends[:0]
	open, kind := -1, notMark
	paragraph := -1
	for i := range t.Tokens {
		t.inside, t.ends = append(t.inside, -1), append(t.ends, -1)
		if p := t.Sentences[t.Tokens[i].Sentence].Paragraph; p != paragraph {
			if open >= 0 {
				t.endOfParagraph(open, i, kind)
			}
			open, paragraph = -1, p
		}
		m := t.mark(i)
		if m == notMark {
			continue
		}
		if open >= 0 && i-open > maxQuote {
			open = -1
		}
		switch {
		case open < 0:
			if t.opens(i, m) {
				open, kind = i, m
			}
		case closes(kind, m) && t.closing(i, m):
			t.addQuote(open+1, i, open, i+1)
			open = -1
		case m == markOpen && kind == markOpen: // the closing mark was lost
			open = i
		}
	}
	if open >= 0 {
		t.endOfParagraph(open, len(t.Tokens), kind)
	}
	for q := range t.quotes {
		for i := t.quotes[q].from; i < t.quotes[q].to; i++ {
			t.inside[i] = int32(q)
		}
		if z := &t.quotes[q]; z.end > z.to {
			t.ends[z.to] = int32(q)
		}
	}
}

func (t *text) addQuote(from, to, open, end int) {
	if from < to {
		t.quotes = append(t.quotes, quote{from: from, to: to, open: open, end: end})
	}
}

// endOfParagraph closes the quote that is open where a paragraph ends: in a quote
// over paragraphs only the last one has a closing mark.
func (t *text) endOfParagraph(open, end int, kind mark) {
	first := open == 0 || t.Sentences[t.Tokens[open].Sentence].From == open
	again := end < len(t.Tokens) && (t.mark(end) == kind)
	if kind == markSingle || kind == markOpenSingle {
		return
	}
	if first && (again || !t.cueIn(open, end)) || again {
		t.addQuote(open+1, end, open, end)
		return
	}
	// A mark that nothing closes: the quote ends with its sentence. If somebody is
	// said to speak in that sentence, the mark is no help.
	s := t.sentence(open)
	if t.cueIn(open, end) {
		return
	}
	t.addQuote(open+1, min(s.To, end), open, min(s.To, end))
}

// cueIn reports whether one of the plainest cues stands right after a mark or near
// the end of its sentence, where it tells who said what is quoted.
func (t *text) cueIn(open, end int) bool {
	s := t.sentence(open)
	for i := open + 1; i < min(s.To, end); i++ {
		if (i <= open+3 || i >= s.To-8) && t.isWord(i, "said", "says", "told", "added") {
			return true
		}
	}
	return false
}

// opens reports whether a mark can open a quote: white space before it, none after.
func (t *text) opens(i int, m mark) bool {
	next := i+1 < len(t.Tokens) && t.Tokens[i+1].Glued
	switch m {
	case markOpen:
		return true
	case markDouble:
		return next || !t.Tokens[i].Glued || i == 0
	case markSingle, markOpenSingle:
		return next && !t.Tokens[i].Glued
	}
	return false
}

func closes(open, m mark) bool {
	switch open {
	case markDouble, markOpen:
		return m == markDouble || m == markClose
	case markSingle:
		return m == markSingle
	case markOpenSingle:
		return m == markCloseSingle || m == markSingle
	}
	return false
}

// closing tells a closing mark from an apostrophe.
func (t *text) closing(i int, m mark) bool {
	if m != markSingle && m != markCloseSingle {
		return true
	}
	if i+1 < len(t.Tokens) && t.Tokens[i+1].Glued && t.pos(i+1) != pPunct {
		return false
	}
	switch t.pos(i - 1) { // "the workers' demands": no quote ends after a plural noun but before a noun
	case pNoun:
		return t.Word(i - 1)[len(t.Word(i-1))-1] != 's' || t.pos(i+1) != pNoun
	}
	return true
}
