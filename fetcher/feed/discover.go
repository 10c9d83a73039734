package feed

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxDiscover is how much of a page is searched for feed links: they stand in
// the head.
const maxDiscover = 256 << 10

// Discover returns the addresses of the feeds that an HTML page announces in
// <link rel="alternate">, in order, at most five. base is the page's URL.
func Discover(page, base string) []string {
	root, _ := url.Parse(base)
	var found []string
	z := html.NewTokenizer(strings.NewReader(page[:min(len(page), maxDiscover)]))
	for len(found) < 5 {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "link" {
				continue
			}
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			kind := strings.ToLower(attr["type"])
			isFeed := strings.Contains(kind, "rss") || strings.Contains(kind, "atom") || strings.Contains(kind, "feed+json")
			if u := absolute(root, attr["href"]); isFeed && u != "" && !slices.Contains(found, u) &&
				slices.Contains(strings.Fields(strings.ToLower(attr["rel"])), "alternate") {
				found = append(found, u)
			}
		}
	}
	return found
}
