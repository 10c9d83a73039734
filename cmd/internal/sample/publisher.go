package sample

import "golang.org/x/text/encoding/charmap"

// A publisher is one of the invented news sites.
type publisher struct {
	key      string // as articles name it, and the name of its page template
	name     string
	host     string
	tagline  string
	feedPath string
	format   feedFormat
	section  string           // folder of article pages: "/news/"
	suffix   string           // ".html" on some sites
	charset  *charmap.Charmap // nil for UTF-8
}

var publishers = [...]publisher{
	{
		key: "meridian", name: "Meridian News Agency", host: "meridian.example", tagline: "Reports from 60 bureaus",
		feedPath: "/feeds/all.atom", format: atom, section: "/article/", suffix: ".html",
	},
	{
		key: "harbour", name: "Harbour Post", host: "www.harbourpost.example", tagline: "The paper of the port since 1871",
		feedPath: "/rss.xml", format: rss, section: "/news/",
	},
	{
		key: "levant", name: "Levant Courier", host: "www.levantcourier.example", tagline: "The region, from the region",
		feedPath: "/feed.json", format: jsonFeed, section: "/region/2025/11/", suffix: "/",
	},
	{
		key: "costa", name: "Costa y Sierra", host: "costaysierra.example", tagline: "Edición en inglés · Arequipa",
		feedPath: "/en/feed", format: rss, section: "/en/", suffix: ".htm", charset: charmap.Windows1252,
	},
	{
		key: "ledger", name: "Ledger Daily", host: "www.ledgerdaily.example", tagline: "Deals, commodities, markets",
		feedPath: "/atom.xml", format: atom, section: "/stories/",
	},
}

// url returns the address of a path on the publisher's site. There is no port in
// it: the fetcher's dialer adds the real one.
func (p *publisher) url(path string) string { return "http://" + p.host + path }

func publisherByKey(key string) *publisher {
	for i := range publishers {
		if publishers[i].key == key {
			return &publishers[i]
		}
	}
	return nil
}
