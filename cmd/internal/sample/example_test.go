package sample_test

import (
	"context"
	"fmt"

	"github.com/claimwire/claimwire/cmd/internal/sample"
)

func ExampleStart() {
	n, err := sample.Start(context.Background(), sample.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer n.Close()
	for _, feed := range n.Feeds() {
		fmt.Println(feed)
	}
	fmt.Println(len(n.Articles()), "articles")
	// Output:
	// http://meridian.example/feeds/all.atom
	// http://www.harbourpost.example/rss.xml
	// http://www.levantcourier.example/feed.json
	// http://costaysierra.example/en/feed
	// http://www.ledgerdaily.example/atom.xml
	// 24 articles
}
