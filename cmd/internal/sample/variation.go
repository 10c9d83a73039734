package sample

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// variationDays is how far apart in time two rounds of variations are: further
// than figures of one event may be.
const variationDays = 9

// Variations returns n articles made of the newsroom's own, to measure the program
// with: the first ones as they are, then round after round with other paragraphs,
// other figures and later dates, so that neither texts nor claims repeat more than
// news does. The same n gives the same articles; a longer list starts with the
// shorter one.
func Variations(n int) ([]schemas.Article, error) {
	base, err := loadArticles()
	if err != nil {
		return nil, err
	}
	out := make([]schemas.Article, 0, n)
	for i := range n {
		a, round := &base[i%len(base)], i/len(base)
		v := schemas.Article{
			URL: a.URL, Title: a.Title, Byline: a.Byline, Publisher: schemas.Publisher{Name: a.Publisher, Domain: a.Host}, Language: "en",
			PublishedAt: a.Published.AddDate(0, 0, variationDays*round).Format(time.RFC3339), PublishedSource: schemas.FromFeed,
			Text: a.Text(),
		}
		if round > 0 {
			d := dice(uint64(i))
			v.URL += fmt.Sprintf("?round=%d", round)
			v.Title = vary(a.Title, round)
			v.Text = vary(strings.Join(d.paragraphs(a, base), "\n"), round)
		}
		out = append(out, v)
	}
	return out, nil
}

// A dice is a splitmix64 generator: the same throws everywhere.
type dice uint64

func (d *dice) throw(n int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

// paragraphs takes two thirds of the paragraphs of a and three of other articles.
func (d *dice) paragraphs(a *Article, base []Article) []string {
	var out []string
	for _, p := range a.Paragraphs {
		if d.throw(3) > 0 {
			out = append(out, p)
		}
	}
	for range 3 {
		other := &base[d.throw(len(base))]
		out = append(out, other.Paragraphs[d.throw(len(other.Paragraphs))])
	}
	return out
}

// vary adds round to every number of two or three digits that stands alone, which
// leaves years, dates and sums as they are.
func vary(text string, round int) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && text[j] >= '0' && text[j] <= '9' {
			j++
		}
		switch {
		case j == i:
			b.WriteByte(text[i])
			j++
		case j-i > 1 && j-i < 4 && text[i] != '0' && !joined(text, i-1) && !joined(text, j):
			n, _ := strconv.Atoi(text[i:j])
			b.WriteString(strconv.Itoa(n + round%500))
		default:
			b.WriteString(text[i:j])
		}
		i = j
	}
	return b.String()
}

// joined reports whether the byte at i joins two parts of a number.
func joined(text string, i int) bool {
	if i <= 0 || i+1 >= len(text) {
		return false
	}
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	return strings.IndexByte(".,:-", text[i]) >= 0 && digit(text[i-1]) && digit(text[i+1])
}
