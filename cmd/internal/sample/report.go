package sample

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
)

// reportWords is how many words a report has at least.
const reportWords = 480

// Reports returns n articles as a news desk sees them, to measure the program with:
// about 500 words each, of which about 14 stand with a figure and 11 are
// somebody's statement, which is what printed news has. Each round of 24 is the
// newsroom's three stories again, days later and with other figures; two of them
// with other places, companies and people, while the third goes on. An article has
// part of the paragraphs of its report, some that others run too, and background
// of its own. The same n gives the same articles; a longer list starts with the
// shorter one.
func Reports(n int) ([]schemas.Article, error) {
	base, err := loadArticles()
	if err != nil {
		return nil, err
	}
	out := make([]schemas.Article, 0, n)
	for i := range n {
		a, round := &base[i%len(base)], i/len(base)
		d := dice(uint64(i))
		rename := namesOf(round)
		paragraphs := d.paragraphs(a, base)
		words := len(strings.Fields(strings.Join(paragraphs, " ")))
		for first := d.throw(len(background)); words < reportWords; first++ {
			p := d.background(background[first%len(background)])
			words += len(strings.Fields(p))
			paragraphs = append(paragraphs, p)
		}
		v := schemas.Article{
			URL:   fmt.Sprintf("%s?round=%d", a.URL, round),
			Title: vary(rename.Replace(a.Title), round), Byline: rename.Replace(a.Byline),
			Publisher: schemas.Publisher{Name: a.Publisher, Domain: a.Host}, Language: "en",
			PublishedAt: a.Published.AddDate(0, 0, variationDays*round).Format(time.RFC3339), PublishedSource: schemas.FromFeed,
			Text: vary(rename.Replace(strings.Join(paragraphs, "\n")), round),
		}
		out = append(out, v)
	}
	return out, nil
}

// renamed are the names of the newsroom that each round replaces: surnames,
// companies, towns.
var renamed = []string{
	"Paredes", "Garrick", "Helmy", "Sulaiti", "Karahan", "Saadeh", "Solheim", "Nogueira", "Ibáñez", "Valdivia", "Arróspide",
	"Iriarte", "Achterberg", "Vasconcelos", "Teixeira", "Antunes", "Whitaker", "Haddad", "Oakes", "Shalev", "Núñez", "Fuentealba",
	"Zúñiga", "Lozano", "Raman", "Marsh", "Landa", "Cáceres", "Kassem", "Rizq", "Masri", "Brightwell", "Tavira", "Kestrel",
	"Marlow", "Ocoña", "Camaná", "Iquipi", "Matarani", "Setúbal", "National Institute", "Humanitarian Access", "Red Cross", "fire service",
	"mining federation", "weather service", "Health Ministry", "metalworkers",
}

// reworded are words of unnamed speakers, each with what may stand in its place:
// nobody says the same every week.
var reworded = [][]string{
	{"bottle of water", "bag of bread", "pair of blankets", "tin of fish", "box of apples", "flask of tea"},
	{"torch", "radio", "whistle", "candle", "knife", "rope"},
	{"landslides", "floods", "power cuts", "rockfalls", "fires", "queues"},
	{"Rain", "Snow", "Fog", "Frost", "Wind", "Heat"},
	{"habitable", "safe", "in use", "insured", "heated", "standing"},
	{"convinced", "impressed", "satisfied", "surprised", "amused", "alarmed"},
	{"fled the area", "left the quarter", "crossed the river", "slept in cars", "waited at the station", "ran to the hills"},
	{"the agreed line", "the old fence", "the coastal road", "the northern canal", "the yellow stones", "the dry ditch"},
	{"a second phase", "a wider deal", "another meeting", "a shorter list", "an exchange", "a new timetable"},
	{"stay at home", "work in the mills", "clear the roads", "keep watch", "dig the graves", "repair the pumps"},
}

// namesOf returns what puts the names of a round into a text; the first round
// keeps those that stand there.
func namesOf(round int) *strings.Replacer {
	if round == 0 {
		return strings.NewReplacer()
	}
	d := dice(uint64(round) << 32)
	var pairs []string
	for _, name := range renamed {
		pairs = append(pairs, name, d.surname()+strings.TrimPrefix(name, firstWord(name)))
	}
	for _, words := range reworded {
		pairs = append(pairs, words[0], words[d.throw(len(words))])
	}
	return strings.NewReplacer(pairs...)
}

var (
	firstParts  = strings.Fields("Al Bel Cor Dar El Fen Gor Hal Is Jor Kel Lor Mar Nor Or Pel Quin Ros Sal Tor Ul Ver Wil Yar Zan Bram Crav Drem Grav Stav")
	secondParts = strings.Fields("a be di ga la ma na ra se ti va wi")
	lastParts   = strings.Fields("bach berg court dale den dor field gard land lin mann mere min nen ric sen son stad ster ton vale vic well worth")
	givenNames  = strings.Fields("Anna Boris Clara David Elena Frank Greta Hugo Irene Jonas Karin Lukas Maria Nadia Oscar Paula Robert Simona Thomas Ursula Viktor Wanda")
)

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

func (d *dice) surname() string {
	return firstParts[d.throw(len(firstParts))] + secondParts[d.throw(len(secondParts))] + lastParts[d.throw(len(lastParts))]
}

// backgroundSlots are the words that may stand for a name in braces; {who} and
// {town} are names made up each time.
var backgroundSlots = map[string][]string{
	"office": {"mayor", "bishop", "harbour master", "head of the school board", "union leader", "police chief", "museum director", "fire chief", "chief engineer", "governor"},
	"body":   {"the city council", "the chamber of commerce", "the water board", "the farmers' union", "the regional court", "the national audit office", "the transport ministry", "the teachers' union"},
	"thing":  {"the new bridge", "the old market hall", "the ferry line", "the flood wall", "the railway station", "the dairy plant", "the university hospital", "the power station", "the shipyard", "the public library"},
	"plan":   {"closing the road at night", "moving the archive", "a second runway", "higher parking fees", "a ban on old diesel lorries", "sharing the reservoir", "a smaller parliament", "longer school days"},
	"mood":   {"patience is wearing thin", "nobody wants to be the first to leave", "the worst is over", "people feel forgotten", "trust has to be earned again", "old quarrels are coming back", "the summer will decide"},
}

// background are paragraphs that have few figures, as most of a printed article.
var background = []string{
	`“I have lived here all my life and have never seen anything like it,” said {who}, the {office} of {town}. The dispute over {thing} has divided families and neighbours, and few people in the town expect it to end before the winter. Letters to the local paper, which used to be about dogs and lost umbrellas, now speak of little else.`,
	`{who}, who teaches history in {town}, said that {mood}. Outside the hall, where the shutters were already down, pensioners stood in groups. Most of them had an opinion on {plan}, and some knew whose fault it was that {thing} had never been finished as it was drawn.`,
	`There is to be an inquiry, but nobody knows who will lead it or when its findings will be published. {who}, a spokesman for {body}, said that talks about {plan} were going on and that {mood}. The minister was not there.`,
	`{thing} was built after the war, when money was short and cement was shorter, and for a long time it was the pride of {town}. It has been repaired again and again since then. In {town} they like to joke about it. Behind the jokes there is a worry that its foundations need more than paint.`,
	`In the evening {who} told reporters that {mood} and that the decision about {plan} had been made in a hurry. She walked away when she was asked who had made it. Her predecessor, {who}, had left the post after a quarrel about money that neither side has ever explained in public.`,
	`Shops along the main street of {town} stayed shut, and the buses drove past empty stops. A waiter carried chairs inside, two at a time. Across the square the flag hung at half mast, as it had since the morning, and a clerk was putting up a notice about {plan}.`,
	`The scheme has as many critics as friends. “Nobody asked the people who have to live with it,” said {who} of {body}. Something had to be done about {thing}, and every other plan had failed in one committee or another.`,
	`It was not clear how long the measures would last. The town hall of {town} has a plan for such days, which {body} adopted in the spring. {who}, the {office}, called that plan “a piece of paper that nobody has read”.`,
	`The case goes back to a letter that {who} wrote to {body}, in which {plan} was mentioned for the first time. For months nothing happened. Then a newspaper printed the letter, and within {few} days the {office} of {town} had to explain why it had lain in a drawer.`,
	`{who} said the region would remember who had come and who had stayed away. The road from {town} winds along the river through orchards and past {thing}, and on a clear day one can see the mountains. About {crowd} people took part in a march from {town} to the river on Saturday.`,
	`At a meeting that lasted into the night, members of {body} agreed on little more than a date for the next one. “All I can say is that {mood},” said {who}. The chair, {who}, thanked everybody for coming and took no questions, then left by the back door.`,
	`Experts do not agree on what should come next. “The honest answer is that we do not know,” said {who}, who has studied {plan} in other countries. Much will depend on the weather, on the courts and on whether {body} finds the money, and none of these can be hurried.`,
}

// background fills the slots of a paragraph.
func (d *dice) background(template string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			return capital(b.String())
		}
		slot, after, _ := strings.Cut(rest, "}")
		switch template = after; slot {
		case "who":
			b.WriteString(givenNames[d.throw(len(givenNames))] + " " + d.surname())
		case "town":
			b.WriteString(d.surname())
		case "few":
			fmt.Fprint(&b, 3+d.throw(6))
		case "crowd":
			fmt.Fprint(&b, 1100+100*d.throw(80))
		default:
			b.WriteString(backgroundSlots[slot][d.throw(len(backgroundSlots[slot]))])
		}
	}
}

// capital makes the first letter a capital one; paragraphs may begin with a slot.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
