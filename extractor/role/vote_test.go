package role_test

import (
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/prose"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/role"
	"github.com/claimwire/claimwire/extractor/statement"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

// arcs is a stage that gives a sentence its tree: "word>head:relation", each word
// standing once in the sentence.
type arcs string

// Annotate implements [extractor.Stage].
func (a arcs) Annotate(doc *extractor.Doc) error {
	at := map[string]int32{}
	for i := range doc.Tokens {
		at[doc.Word(i)] = int32(i)
		doc.Tokens[i].Head, doc.Tokens[i].Rel = 0, "dep"
	}
	for arc := range strings.FieldsSeq(string(a)) {
		arc, rel, _ := strings.Cut(arc, ":")
		word, head, ok := strings.Cut(arc, ">")
		if !ok {
			head = word
		}
		t := &doc.Tokens[at[word]]
		t.Head, t.Rel = at[head], rel
	}
	return nil
}

// TestVote has trees of its own, right and wrong ones: what is tested is how their
// vote counts.
func TestVote(t *testing.T) {
	tags, err := prose.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, tree, want string }{
		{
			"Rebels killed nine guards.", "Rebels>killed:nsubj killed:root nine>guards:nummod guards>killed:obj",
			"  nine | guards | person-killed kill asserted | agent=Rebels | object | tree-agreed\n",
		},
		{ // the tree takes another verb for the predicate: the patterns' stands
			"Rebels killed nine guards and fled.", "Rebels>killed:nsubj killed>fled:dep nine>guards:nummod guards>fled:obj fled:root and>fled:cc",
			"  nine | guards | person-killed kill asserted | agent=Rebels | object | tree-disputed\n",
		},
		{ // a subject that patterns lose
			"Rebels who came by boat at dawn, villagers say, burned 40 houses.",
			"Rebels>burned:nsubj who>came:nsubj came>Rebels:acl:relcl boat>came:obl dawn>came:obl villagers>say:nsubj say>burned:parataxis burned:root 40>houses:nummod houses>burned:obj",
			"  40 | houses | object-destroyed burn asserted | agent=Rebels source=villagers | tree\n",
		},
		{ // what stands in brackets has no verb outside
			"(Telko Telegraph) In the north lay 40 sheep and burned 12 houses.",
			"Telko>burned:nsubj Telegraph>Telko:flat north>lay:obl lay>burned:dep sheep>lay:nsubj burned:root 12>houses:nummod 40>sheep:nummod houses>burned:obj",
			"  40 | sheep | other lay asserted | | tree-agreed\n  12 | houses | object-destroyed burn asserted | | tree-agreed\n",
		},
		{ // the passive over a relative clause, and the second of two verbs
			"Nine guards who had left the fort at dawn, officials say, were shot and killed by gunmen.",
			"Nine>guards:nummod guards>shot:nsubj:pass who>left:nsubj left>guards:acl:relcl fort>left:obj officials>say:nsubj say>shot:parataxis were>shot:aux:pass shot:root and>killed:cc killed>shot:conj by>gunmen:case gunmen>killed:obl:agent",
			"  Nine | guards | person-killed kill asserted | agent=gunmen source=officials | tree-category | tree-agreed\n",
		},
	} {
		doc := &extractor.Doc{Text: tt.text, Published: extractor.ParseDate("2024-05-20")}
		stages := extractor.Pipeline{
			tokenize.New(), tags,
			names{"Telko": "ORG"},
			resolve.New(), timex.New(), quantity.New(),
			arcs(tt.tree), statement.New(), role.New(),
		}
		if err := stages.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		if got := render(doc); got != tt.want {
			t.Errorf("%s\n%swant\n%s", tt.text, got, tt.want)
		}
	}
}
