package fetcher

import (
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// maxRevised is how many sentences of each kind the archive keeps of one change.
const maxRevised = 100

// revision returns what has changed since the version of an article at was, as
// facts for the archive: sentences that are gone, and sentences that are new.
func revision(dir string, was *schemas.ArchiveRef, a *schemas.Article) []warc.Field {
	rec, err := warc.ReadAt(dir, was.WARC, was.Offset)
	if err != nil || rec.ID != was.RecordID {
		return nil
	}
	texts, err := textsOf(rec, readable.Hints{Title: a.Title, Byline: a.Byline})
	if err != nil || len(texts) != 1 || texts[0] == a.Text {
		return nil
	}
	gone, fresh := revised(texts[0], a.Text)
	facts := []warc.Field{{Name: factRevises, Value: filepath.Base(was.WARC) + " " + was.RecordID}}
	for _, s := range gone[:min(len(gone), maxRevised)] {
		facts = append(facts, warc.Field{Name: factGone, Value: s})
	}
	for _, s := range fresh[:min(len(fresh), maxRevised)] {
		facts = append(facts, warc.Field{Name: factFresh, Value: s})
	}
	return facts
}

// revised returns the sentences of one text that another lacks, both ways, in the
// order of the texts. A sentence that stands twice has to stand twice in the other.
func revised(before, after string) (gone, fresh []string) {
	old, now := sentences(before), sentences(after)
	return without(old, now), without(now, old)
}

func without(list, other []string) (out []string) {
	have := map[string]int{}
	for _, s := range other {
		have[s]++
	}
	for _, s := range list {
		if have[s]--; have[s] < 0 {
			out = append(out, s)
		}
	}
	return out
}

// sentences splits a text at what ends sentences. That it also splits "U.S. Army"
// does no harm: both versions are split alike.
func sentences(text string) (out []string) {
	for p := range strings.SplitSeq(text, "\n") {
		start := 0
		for i := 0; i < len(p); i++ {
			if p[i] != ' ' || i == 0 || !ends(p[start:i]) {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(p[i+1:]); unicode.IsLower(r) {
				continue
			}
			out = append(out, p[start:i])
			start = i + 1
		}
		if s := strings.TrimSpace(p[start:]); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func ends(s string) bool {
	s = strings.TrimRight(s, `"')]”’`)
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?")
}
