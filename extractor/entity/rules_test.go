package entity

import (
	"fmt"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
)

// repaired runs the rules alone over a text in which [TYPE% words] marks what
// the model is supposed to have found, with a confidence in percent.
func repaired(t *testing.T, marked string) string {
	t.Helper()
	var text strings.Builder
	type found struct {
		from, to, percent int
		kind              string
	}
	var marks []found
	for rest := marked; rest != ""; {
		before, after, ok := strings.Cut(rest, "[")
		text.WriteString(before)
		if !ok {
			break
		}
		inside, tail, _ := strings.Cut(after, "]")
		head, words, _ := strings.Cut(inside, " ")
		kind, percent, _ := strings.Cut(head, "%")
		m := found{from: text.Len(), kind: kind, percent: 95}
		if percent != "" {
			fmt.Sscan(percent, &m.percent)
		}
		text.WriteString(words)
		m.to = text.Len()
		marks, rest = append(marks, m), tail
	}
	doc := &extractor.Doc{Text: text.String()}
	if err := tokenize.New().Annotate(doc); err != nil {
		t.Fatal(err)
	}
	r, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	var page Page
	r.Read(&page, doc)
	var in []extractor.Name
	for _, m := range marks {
		n := extractor.Name{Range: extractor.Range{From: doc.TokenAt(m.from), To: doc.TokenAt(m.to-1) + 1}, Type: schemas.EntityType(m.kind), Confidence: float64(m.percent) / 100}
		n.Span = doc.SpanOf(n.Range)
		in = append(in, n)
	}
	var out []string
	for _, n := range repair(doc, &page, in) {
		out = append(out, fmt.Sprintf("%s/%s", doc.Slice(n.Span), n.Type))
	}
	return strings.Join(out, ", ")
}

func TestRepair(t *testing.T) {
	for _, tt := range []struct{ why, in, want string }{
		{"titles stand outside", "They met [PER President Anna Lind] and [PER Gen. Omar Haddad].", "Anna Lind/PER, Omar Haddad/PER"},
		{"a title alone is no name", "Then [PER%50 Mr.] rose.", ""},
		{"articles and possessives stand outside", "It was [ORG the Red Cross's] van.", "Red Cross/ORG"},
		{"common nouns after a name stand outside", "He left [LOC Larnaca city] with the [ORG Farah group].", "Larnaca/LOC, Farah/ORG"},
		{"a number after a name stands outside", "[PER Ahmed 24] waited.", "Ahmed/PER"},
		{"two peoples joined by a hyphen are two names", "The [NORP Syrian-Turkish] border was shut.", "Syrian/NORP, Turkish/NORP"},
		{"a direction belongs to a people", "North [NORP Korean] ships sailed.", "North Korean/NORP"},
		{"demonyms are no places", "The [LOC%60 Kurdish] town was calm.", "Kurdish/NORP"},
		{"halves of a hyphenated name are one name", "[PER Nana Akufo]-[PER Addo] spoke.", "Nana Akufo-Addo/PER"},
		{"full names speak for surnames", "[PER Vera Malaga] spoke. [LOC%60 Malaga] left.", "Vera Malaga/PER, Malaga/PER"},
		{"surnames are found again", "[PER Vera Okonjo] spoke. Later Okonjo left.", "Vera Okonjo/PER, Okonjo/PER"},
		{"sure names are found again", "[ORG Norlund] grew. Shares of Norlund fell.", "Norlund/ORG, Norlund/ORG"},
		{"but not inside of longer names", "[ORG Norlund] grew. The Norlund Prize did not.", "Norlund/ORG"},
		{"nor where the word is common", "[ORG%95 Apple] grew. Apple pie is made of an apple.", "Apple/ORG"},
		{"places are told by what stands before", "The village of [PER%60 Kafrin] was shelled.", "Kafrin/LOC"},
		{"and give it on in a list", "They left the villages of [PER%60 Kafrin] and [PER%60 Sabada].", "Kafrin/LOC, Sabada/LOC"},
		{"a body speaks for its short name", "[ORG Northern Observatory for Rivers] warned. The [PER%60 Observatory] waits.", "Northern Observatory for Rivers/ORG, Observatory/ORG"},
		{"small ministries are bodies", "The defence ministry and a ministry spoke.", "defence ministry/ORG"},
		{"countries joined by a hyphen are two names", "The [ORG Russia-Ukraine] war goes on.", "Russia/LOC, Ukraine/LOC"},
		{"places that lost their comma are two names", "They came from [LOC Libya Tunisia] and [LOC South Africa].", "Libya/LOC, Tunisia/LOC, South Africa/LOC"},
		{"a country may have lost its apostrophe", "It was [PER%60 Libyas] worst year and Libyas longest war.", "Libyas/LOC, Libyas/LOC"},
		{"a closing quote ends a name", "\"We left [LOC%50 Kafrin\" Vera Malaga] said.", "Kafrin/LOC, Vera Malaga/LOC"},
		{"firms are joined by an ampersand", "Shares of [ORG Bode] & [PER%50 Lang] fell.", "Bode & Lang/ORG"},
		{"a creed goes with its religion", "Most are [NORP Sunni] [NORP Muslims] there.", "Sunni Muslims/NORP"},
		{"the period of a firm is its own", "It was [ORG Bode Ltd]. Then it closed.", "Bode Ltd./ORG"},
		{"a noun before a name says what it is", "The charity [PER%60 Oxbow] and the newspaper [LOC%60 Hronik] knew.", "Oxbow/ORG, Hronik/ORG"},
		{"but a listed place stays one", "They asked the company [LOC%60 Norway] hired.", "Norway/LOC"},
		{"so do nouns after it", "A [PER%60 Baskin] spokeswoman and the [PER%60 Ansar Nur] rebel group denied it near [PER%60 Kafrin] hospital.", "Baskin/ORG, Ansar Nur/ORG, Kafrin/LOC"},
		{"a capital inside is a brand's", "They saw [PER%90 RailNor] and [PER%90 McGarrow].", "RailNor/ORG, McGarrow/PER"},
		{"peoples speak languages", "The [LOC%60 Wiradha] language is old.", "Wiradha/NORP"},
		{"ages are those of people", "Killed were [MISC%60 Wanida Asa], 41, and [MISC%60 Daki Mul]; 38.", "Wanida Asa/PER, Daki Mul/PER"},
		{"a class noun opens a list", "It sells brands such as [PER%80 Talia Sode], [PER%80 Joe Tanner] and [PER%80 Ina Moor].", "Talia Sode/MISC, Joe Tanner/MISC, Ina Moor/MISC"},
		{"but what leaders lead stays a body", "He met leaders like [ORG%80 Norda Bank].", "Norda Bank/ORG"},
		{"between two places stands a place", "They went to [LOC Oslo], [PER%60 Gladsten] and [LOC Bergen].", "Oslo/LOC, Gladsten/LOC, Bergen/LOC"},
		{"what a town is called is one name", "It hit the town of Port [PER%60 Vera Malaga].", "Port Vera Malaga/LOC"},
		{"a quoted surname goes with its first name", "From: \"[PER Malaga], [PER Vera]\" wrote.", "Malaga, Vera/PER"},
		{"a person in a title is part of the work", "He wrote \"The Sorrow of [PER Vera Malaga],\" a play, and \"[PER Vera Malaga] left.\"", "The Sorrow of Vera Malaga/MISC, Vera Malaga/PER"},
		{"initials belong to the name", "They met W.H.S. [PER Kerner] and A. [PER Noel Kram] in the U.S. [PER Lind] left. P.S. [PER Ann], call.", "W.H.S. Kerner/PER, A. Noel Kram/PER, Lind/PER, Ann/PER"},
		{"mail headers turn names around", "\"Malaga, Vera\" < vera@port.example > wrote", "Malaga, Vera/PER"},
		{"shops end in a possessive", "They went to [ORG%60 Baskin's] plant, then dined at [LOC%60 Norlund's].", "Baskin/ORG, Norlund's/LOC"},
		{"owners belong to what they own", "[PER Vera]'s [ORG%60 Diner] is open, Vera's car is not.", "Vera's Diner/ORG"},
		{"abbreviated ranks are no surname", "It was [PER%60 Pol Maj]-General.", ""},
		{"family names that stand first are found again", "[PER Noh Jae-in] spoke. The Noh cabinet fell.", "Noh Jae-in/PER, Noh/PER"},
		{"a given name goes on after a hyphen", "They met [PER Han Dong]-su and [PER Vera Lind]-led teams.", "Han Dong-su/PER, Vera Lind/PER"},
		{"an initial belongs to the name", "Then R [PER Vera Lind] rose.", "R Vera Lind/PER"},
		{"what is held is a place", "They left rebel-held [PER%60 Kafrin] and shelled [PER%60 Sabada].", "Kafrin/LOC, Sabada/LOC"},
		{"what is called a town is a place", "He came from [PER%60 Kafrin], a small town.", "Kafrin/LOC"},
		{"a name may have lost its apostrophe", "[ORG Norlund] grew. Norlunds shares and [PER%60 Norlunds] head did.", "Norlund/ORG, Norlunds/ORG, Norlunds/ORG"},
		{"bodies are told by their last word", "It sued the River Archives. The Hale Group did not. A Court rose. Thanks Group", "River Archives/ORG, Hale Group/ORG"},
		{"gods are not marked", "He thanked [PER%70 God].", ""},
	} {
		if got := repaired(t, tt.in); got != tt.want {
			t.Errorf("%s: %q = %q, want %q", tt.why, tt.in, got, tt.want)
		}
	}
}
