package sample

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"time"
)

// A feedFormat is the format of a publisher's feed.
type feedFormat int

const (
	rss      feedFormat = iota // RSS 2.0 with Dublin Core
	atom                       // RFC 4287
	jsonFeed                   // JSON Feed 1.1
)

func (f feedFormat) contentType() string {
	switch f {
	case atom:
		return "application/atom+xml"
	case jsonFeed:
		return "application/feed+json"
	}
	return "application/rss+xml"
}

// epoch is the date of a feed that has no articles yet.
var epoch = time.Date(2025, 11, 24, 0, 0, 0, 0, time.UTC)

// renderFeed returns the feed of p with the articles given, oldest first; the
// feed has the newest first, as feeds do.
func renderFeed(p *publisher, articles []Article) ([]byte, error) {
	articles = slices.Clone(articles)
	slices.Reverse(articles)
	switch p.format {
	case atom:
		return marshalXML(p, atomFeedOf(p, articles))
	case jsonFeed:
		return json.MarshalIndent(jsonFeedOf(p, articles), "", "  ")
	}
	return marshalXML(p, rssFeedOf(p, articles))
}

// lastChange is when the newest of the articles was published.
func lastChange(articles []Article) time.Time {
	last := epoch
	for i := range articles {
		if articles[i].Published.After(last) {
			last = articles[i].Published
		}
	}
	return last
}

func marshalXML(p *publisher, feed any) ([]byte, error) {
	body, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return nil, err
	}
	charset := "utf-8"
	if p.charset != nil {
		charset = "windows-1252"
	}
	doc := fmt.Sprintf("<?xml version=\"1.0\" encoding=%q?>\n%s\n", charset, body)
	return p.encode(doc)
}

type rssFeed struct {
	XMLName     xml.Name  `xml:"rss"`
	Version     string    `xml:"version,attr"`
	DC          string    `xml:"xmlns:dc,attr"`
	Title       string    `xml:"channel>title"`
	Link        string    `xml:"channel>link"`
	Description string    `xml:"channel>description"`
	Language    string    `xml:"channel>language"`
	Items       []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	Description string  `xml:"description"`
	Creator     string  `xml:"dc:creator"`
	Category    string  `xml:"category"`
	GUID        rssGUID `xml:"guid"`
	PubDate     string  `xml:"pubDate"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	Value       string `xml:",chardata"`
}

func rssFeedOf(p *publisher, articles []Article) rssFeed {
	f := rssFeed{
		Version: "2.0", DC: "http://purl.org/dc/elements/1.1/",
		Title: p.name, Link: p.url("/"), Description: p.tagline, Language: "en",
	}
	for _, a := range articles {
		f.Items = append(f.Items, rssItem{
			Title: a.Title, Link: a.URL, Description: a.Summary, Creator: a.Byline, Category: a.Section,
			GUID: rssGUID{true, a.URL}, PubDate: a.Published.Format(time.RFC1123Z),
		})
	}
	return f
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Links   []atomLink  `xml:"link"`
	Updated string      `xml:"updated"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Link      atomLink `xml:"link"`
	Author    string   `xml:"author>name"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Summary   string   `xml:"summary"`
	Rights    string   `xml:"rights"`
}

func atomFeedOf(p *publisher, articles []Article) atomFeed {
	f := atomFeed{
		Lang: "en", ID: "tag:" + p.host + ",2025:feed", Title: p.name,
		Links:   []atomLink{{"self", p.url(p.feedPath)}, {"alternate", p.url("/")}},
		Updated: lastChange(articles).Format(time.RFC3339),
	}
	for _, a := range articles {
		at := a.Published.Format(time.RFC3339)
		f.Entries = append(f.Entries, atomEntry{
			ID: "tag:" + p.host + ",2025:" + a.path, Title: a.Title, Link: atomLink{"alternate", a.URL}, Author: a.Byline,
			Published: at, Updated: at, Summary: a.Summary, Rights: "© " + p.name,
		})
	}
	return f
}

type jsonFeedDoc struct {
	Version  string         `json:"version"`
	Title    string         `json:"title"`
	HomePage string         `json:"home_page_url"`
	FeedURL  string         `json:"feed_url"`
	Language string         `json:"language"`
	Items    []jsonFeedItem `json:"items"`
}

type jsonFeedItem struct {
	ID        string           `json:"id"`
	URL       string           `json:"url"`
	Title     string           `json:"title"`
	Summary   string           `json:"summary"`
	Published string           `json:"date_published"`
	Authors   []jsonFeedAuthor `json:"authors"`
	Tags      []string         `json:"tags"`
}

type jsonFeedAuthor struct {
	Name string `json:"name"`
}

func jsonFeedOf(p *publisher, articles []Article) jsonFeedDoc {
	f := jsonFeedDoc{
		Version: "https://jsonfeed.org/version/1.1", Title: p.name, HomePage: p.url("/"), FeedURL: p.url(p.feedPath),
		Language: "en", Items: []jsonFeedItem{},
	}
	for _, a := range articles {
		f.Items = append(f.Items, jsonFeedItem{
			ID: a.URL, URL: a.URL, Title: a.Title, Summary: a.Summary, Published: a.Published.Format(time.RFC3339),
			Authors: []jsonFeedAuthor{{a.Byline}}, Tags: []string{a.Section},
		})
	}
	return f
}
