// Command claimtrain makes the embedded models of the extractor from named public
// corpora, byte for byte the same each time, and scores them.
//
// The directory of the corpora holds names/, treebank/ and gazetteers/, with the
// files that the cards of the models name. Run it from the top of the project:
//
//	go run ./cmd/claimtrain clusters -corpora DIR
//	go run ./cmd/claimtrain lists -corpora DIR
//	go run ./cmd/claimtrain tagger -corpora DIR
//	go run ./cmd/claimtrain parser -corpora DIR
//	go run ./cmd/claimtrain trees -corpora DIR
//	go run ./cmd/claimtrain names -corpora DIR
//
// Clusters come first: the program embeds what it made before. Trees scores the
// embedded parser as the program runs it.
package main

import (
	"fmt"
	"os"
)

const usage = `usage: claimtrain COMMAND -corpora DIR [flags]

  clusters   pack the word clusters
  lists      pack the lists of names
  tagger     train the tagger, score it and write its card
  parser     train the parser, score it and write its card
  trees      score the embedded parser
  names      train the model of names, score it and write its card
  score      score the embedded model of names
  ablate     train models of names with one thing left out each, and score them
`

var commands = map[string]func([]string) error{
	"clusters": runClusters, "lists": runLists, "tagger": runTagger, "parser": runParser, "trees": runTrees,
	"names": runNames, "score": runScore, "ablate": runAblate,
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	run, ok := commands[os.Args[1]]
	if !ok {
		fmt.Fprintf(os.Stderr, "claimtrain: no command %q\n%s", os.Args[1], usage)
		os.Exit(2)
	}
	if err := run(os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "claimtrain: %v\n", err)
		os.Exit(1)
	}
}
