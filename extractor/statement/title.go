package statement

import "strings"

// maxLead is how many tokens may stand before a title that the text repeats: a
// date line, a byline.
const maxLead = 10

// title finds a repetition of the title at the start of the text. A title ends its
// sentence even if the text has lost the mark that said so; a body or office after
// its last colon or dash is who says it: "Blast kills nine: monitor".
func (r *reader) title() {
	r.titleEnd = 0
	title, _, _ := strings.Cut(r.Title, " | ") // "… | Daily Herald"
	words := strings.FieldsFunc(title, func(c rune) bool {
		return c == ' ' || c == ':' || c == ',' || c == '.' || c == '"' || c == '\'' || c == '’' || c == '-' || c == '–' || c == ';' || c == '?'
	})
	if len(words) < 4 || len(words) > 40 {
		return
	}
	for lead := 0; lead < maxLead && lead < len(r.Tokens); lead++ {
		if end := r.matchTitle(lead, words); end > 0 {
			r.titleEnd = end
			r.titleSource(lead, end)
			return
		}
	}
}

// matchTitle returns the token after the words of the title if they start at token i.
func (r *reader) matchTitle(i int, words []string) int {
	for len(words) > 0 && i < len(r.Tokens) {
		w := r.Word(i)
		switch {
		case strings.EqualFold(w, words[0]):
			words = words[1:]
		case len(w) < len(words[0]) && strings.EqualFold(w, words[0][:len(w)]): // cut in two: "can" "not"
			words[0] = words[0][len(w):]
		case r.pos(i) != pPunct && r.mark(i) == notMark && w != "'s" && w != "’s":
			return 0
		}
		i++
	}
	if len(words) > 0 {
		return 0
	}
	return i
}

// titleSource adds a title whose last word says who reports it.
func (r *reader) titleSource(from, end int) {
	k := strings.LastIndexAny(r.Title, ":-–—")
	if k < 0 {
		r.lostColon(from, end)
		return
	}
	tail := strings.Fields(r.Title[k:])
	n := 0
	for _, w := range tail {
		if strings.Trim(w, ":-–—") != "" && w[0] < 0x80 {
			n++
		}
	}
	if n == 0 || n > 3 || end-n-from < 4 {
		return
	}
	p := phrase{from: end - n, to: end, outer: end - n}
	if !r.is(end-1, wBody|wOffice|wPlural) || r.pos(p.from) == pPunct {
		return
	}
	r.add(from, p.from, &cue{at: p.from, end: end}, p, "headline")
}

// lostColon reads "Blast kills nine Monitor", a title without its colon.
func (r *reader) lostColon(from, end int) {
	k := end - 1
	if k-from < 4 || !isUpper(r.Word(k)) || !r.isWord(k, "monitor", "observatory", "ministry", "officials", "police", "report", "reports", "sources", "army", "media") {
		return
	}
	if w := r.Word(k - 1); isUpper(w) || r.pos(k-1) == pDet {
		return
	}
	r.add(from, k, &cue{at: k, end: end}, phrase{from: k, to: end, outer: k}, "headline")
}
