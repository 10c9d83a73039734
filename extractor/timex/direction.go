package timex

// futureWords stand beside what is still to come.
func (p *parser) futureWord(i int) bool {
	return p.isWord(i, "will", "'ll", "’ll", "shall", "wo", "scheduled", "due", "expected", "planned", "plans", "slated", "set", "upcoming", "deadline", "starting", "beginning", "effective", "expires", "would", "should", "must", "may", "might", "could", "can")
}

// direction reads from the verbs around an expression whether it lies ahead of
// the publication date (1), behind it (-1), or does not say (0). The nearest verb
// to the left in the sentence governs; a sentence that opens with the expression
// is governed by its first verb.
func (p *parser) direction(from, to int) int {
	const window = 24
	if p.isWord(from-1, "on", "in") && p.isWord(from-2, "is", "are", "opens", "starts", "begins", "ends", "comes") {
		return 1
	}
	if p.isWord(from-1, "by", "until", "till") && p.presentBefore(from-1) {
		return 1 // needs 40 million until June
	}
	if p.isWord(from-1, "for") && !p.possessive(to) && p.calledBefore(from-1) {
		return 1 // has called a strike for Monday
	}
	if !p.possessive(to) && p.hopedBefore(from) {
		return 1 // expects three trains to run on Friday
	}
	for i, n := from-1, 0; i >= 0 && n < window && p.sameSentence(i, from) && p.text(i) != ";"; i, n = i-1, n+1 {
		if d := p.tense(i); d != 0 {
			return d
		}
	}
	for i, n := to, 0; n < window && p.sameSentence(from, i) && p.text(i) != ";"; i, n = i+1, n+1 {
		if d := p.tense(i); d != 0 {
			return d
		}
	}
	return 0
}

// presentBefore reports whether the verb nearest to the left of token i is in the
// present or an infinitive: a term that it sets lies ahead.
func (p *parser) presentBefore(i int) bool {
	const window = 12
	for k, n := i-1, 0; k >= 0 && n < window && p.sameSentence(k, i) && p.text(k) != ";"; k, n = k-1, n+1 {
		if p.isWord(k, "promised", "pledged", "vowed", "agreed", "ordered", "undertook") {
			return true
		}
		switch p.doc.Tokens[k].Tag {
		case "VBZ", "VBP", "VB":
			return !p.isWord(k, "is", "are", "has", "have", "be")
		case "VBD", "VBN", "VBG", "MD":
			return false
		}
	}
	return false
}

// possessive reports whether token i is the mark of a possessive: "Friday's".
func (p *parser) possessive(i int) bool { return p.isWord(i, "'s", "’s", "'", "’") }

// calledBefore reports whether the verb nearest to the left of token i fixes a day for
// something.
func (p *parser) calledBefore(i int) bool {
	const window = 12
	for k, n := i-1, 0; k >= 0 && n < window && p.sameSentence(k, i) && p.text(k) != ";"; k, n = k-1, n+1 {
		switch p.doc.Tokens[k].Tag {
		case "VBZ", "VBP", "VB", "VBD", "VBN", "VBG":
			return p.isWord(k, "called", "calls", "call", "calling", "set", "fixed", "planned", "plans", "planning", "scheduled", "announced", "summoned", "convened", "ordered", "postponed", "delayed", "moved", "rescheduled", "booked", "organised", "organized", "invited")
		}
	}
	return false
}

// hopedBefore reports whether the expression at token i stands in an infinitive or a
// clause that a verb of expecting in the present tense governs.
func (p *parser) hopedBefore(i int) bool {
	const window = 16
	infinitive := false
	for k, n := i-1, 0; k >= 0 && n < window && p.sameSentence(k, i) && p.text(k) != ";"; k, n = k-1, n+1 {
		switch p.doc.Tokens[k].Tag {
		case "VB":
			infinitive = infinitive || p.isWord(k-1, "to") || p.isWord(k-1, "be") && p.isWord(k-2, "to")
		case "VBN":
			if !infinitive && !p.isWord(k-1, "be") {
				return false
			}
		case "VBZ", "VBP":
			return infinitive && p.isWord(k, "expects", "expect", "hopes", "hope", "aims", "aim", "intends", "intend", "wants", "want", "plans", "plan")
		case "VBD", "VBG", "MD":
			return false
		}
	}
	return false
}

// supposes reports whether the verb at token i stands in a clause of what may come:
// "if no funds are received by July".
func (p *parser) supposes(i int) bool {
	const window = 8
	for k, n := i-1, 0; k >= 0 && n < window && p.sameSentence(k, i); k, n = k-1, n+1 {
		if p.isWord(k, "if", "If", "unless", "Unless", "once", "until") {
			return true
		}
		if p.isWord(k, ",", ";") {
			return false
		}
	}
	return false
}

// tense returns 1 for words of the future, -1 for those of the past.
func (p *parser) tense(i int) int {
	t := &p.doc.Tokens[i]
	if p.futureWord(i) {
		if p.isWord(i, "can", "could", "may", "might", "must", "should", "would") && p.isWord(i+1, "have") {
			return -1
		}
		if p.isWord(i, "may") && p.at(i).upper || p.isWord(i, "set") && !p.isWord(i+1, "to", "for") {
			return 0
		}
		return 1
	}
	switch t.Tag {
	case "VBD":
		return -1
	case "VB":
		if p.isWord(i-1, "to") && p.aims(i-2) {
			return 1
		}
		return 0
	case "":
		return p.tenseOfForm(i)
	case "VBN":
		if p.isWord(i-1, "be") {
			if p.isWord(i-2, "to") && p.isWord(i-3, ",") { // , to be delivered by June
				return 1
			}
			return 0
		}
		if p.isWord(i-1, "is", "are") && p.supposes(i) {
			return 1
		}
		return -1
	case "VBZ", "VBP":
		if !p.isWord(i, "has", "have") && p.supposes(i) {
			return 1
		}
	}
	if p.isWord(i, "was", "were", "had", "said", "did") {
		return -1
	}
	return 0
}

// aims reports whether the word before "to" looks ahead: "agreed to meet" does,
// "came to help" does not.
func (p *parser) aims(i int) bool {
	return p.isWord(i, "is", "are", "was", "were", "be", "aim", "aims", "aimed", "agreed", "agree", "agrees", "plan", "plans", "planned", "planning", "due", "expected", "expects", "scheduled", "set", "decided", "decides",
		"vowed", "pledged", "promised", "wants", "want", "wanted", "hopes", "hope", "hoped", "intends", "intend", "intended", "ordered", "asked", "urged", "told", "likely", "ready", "prepared",
		"going", "has", "have", "able", "prepare", "prepares", "supposed", "called", "preparing", "continue", "deadline", "date", "slated", "poised", "bound", "need", "needs", "allowed")
}

// tenseOfForm judges a word by its form, for texts without tags.
func (p *parser) tenseOfForm(i int) int {
	s := p.text(i)
	switch s {
	case "was", "were", "had", "has", "have", "said", "told", "did", "killed", "went", "came", "took", "made", "began", "saw", "held", "met", "left",
		"gave", "got", "fell", "rose", "hit", "found", "won", "lost", "struck", "broke", "sent", "brought", "bought", "sold", "led", "became", "ran", "died", "shot", "fled", "grew":
		return -1
	}
	if n := len(s); n > 4 && s[n-2:] == "ed" && s[0] >= 'a' && s[0] <= 'z' {
		if p.isWord(i-1, "be", "to") {
			return 0
		}
		return -1
	}
	return 0
}
