package feed

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// tidyJSON mends what is wrong with JSON in the ways of XML feeds: characters that
// must be escaped, a comma behind the last element, something after the end, and
// a document that was cut off, of which the whole elements stay. What is wrong in
// other ways is left to the parser.
func tidyJSON(src string, rep *repairs) string {
	if json.Valid([]byte(src)) {
		return src
	}
	t := jsonTidier{src: src, rep: rep}
	for t.pos < len(src) && !t.done {
		t.step()
	}
	if !t.done {
		rep.add(RepairTag, "document is cut off")
		return t.cut()
	}
	if rest := strings.TrimSpace(src[t.pos:]); rest != "" {
		rep.add(RepairTag, "something after the end: "+rest)
	}
	return string(t.out)
}

type jsonTidier struct {
	src  string
	pos  int
	out  []byte
	open []byte // brackets that are open, outermost first
	rep  *repairs
	done bool // the outermost is closed

	whole     int    // length of out when the last element of a list ended
	wholeOpen []byte // what was open then
}

func (t *jsonTidier) step() {
	c := t.src[t.pos]
	t.pos++
	switch c {
	case '"':
		t.text()
		return
	case '{', '[':
		t.open = append(t.open, c+2) // the closing one
	case '}', ']':
		t.withoutComma()
		if n := len(t.open); n > 0 && t.open[n-1] == c {
			t.open = t.open[:n-1]
		}
		t.out = append(t.out, c)
		t.done = len(t.open) == 0
		t.mark()
		return
	}
	t.out = append(t.out, c)
}

// mark notes that an element of a list has ended.
func (t *jsonTidier) mark() {
	if n := len(t.open); n > 0 && t.open[n-1] == ']' {
		t.whole, t.wholeOpen = len(t.out), append(t.wholeOpen[:0], t.open...)
	}
}

// withoutComma drops a comma before a closing bracket.
func (t *jsonTidier) withoutComma() {
	if kept := bytes.TrimRight(t.out, " \t\r\n"); bytes.HasSuffix(kept, []byte(",")) {
		t.rep.add(RepairTag, "comma before the end of a list")
		t.out = kept[:len(kept)-1]
	}
}

// text copies a string up to its end.
func (t *jsonTidier) text() {
	t.out = append(t.out, '"')
	for t.pos < len(t.src) {
		c := t.src[t.pos]
		t.pos++
		switch {
		case c == '"':
			t.out = append(t.out, c)
			return
		case c == '\\' && t.pos < len(t.src):
			t.escape()
		case c < ' ':
			t.rep.add(RepairControl, "control character in a string")
			t.out = append(t.out, ' ')
		default:
			t.out = append(t.out, c)
		}
	}
}

// escape copies what stands behind a backslash, if it may stand there.
func (t *jsonTidier) escape() {
	c := t.src[t.pos]
	if !strings.ContainsRune(`"\/bfnrtu`, rune(c)) {
		t.rep.add(RepairAmpersand, `stray \`)
		t.out = append(t.out, `\\`...)
		return
	}
	t.pos++
	t.out = append(t.out, '\\')
	t.out = append(t.out, c)
}

// cut returns what is whole of a document without end.
func (t *jsonTidier) cut() string {
	out := t.out[:t.whole]
	for _, c := range slices.Backward(t.wholeOpen) {
		out = append(out, c)
	}
	return string(out)
}
