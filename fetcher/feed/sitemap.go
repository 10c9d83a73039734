package feed

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// Kinds of sitemaps, which are read like feeds.
const (
	Sitemap      Kind = "sitemap"       // pages; a news sitemap gives titles and dates too
	SitemapIndex Kind = "sitemap-index" // links to sitemaps, in Feed.Sitemaps
)

// urlset is sitemaps.org's format with Google's news extension. Elements are
// matched by local name: prefixes and namespaces are often wrong.
type urlset struct {
	URLs []struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
		News    struct {
			Title       string `xml:"title"`
			Date        string `xml:"publication_date"`
			Publication struct {
				Name     string `xml:"name"`
				Language string `xml:"language"`
			} `xml:"publication"`
		} `xml:"news"`
	} `xml:"url"`
	Sitemaps []struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
	} `xml:"sitemap"`
}

// parseSitemap reads a tidied sitemap or sitemap index.
func parseSitemap(doc *document, base string, rep *repairs) (*Feed, error) {
	var set urlset
	dec := xml.NewDecoder(strings.NewReader(doc.text))
	dec.Strict = false
	if err := dec.Decode(&set); err != nil {
		return nil, fmt.Errorf("sitemap: %s: %w", err, schemas.ErrMalformed)
	}
	root, _ := url.Parse(base)
	f := &Feed{Kind: Sitemap}
	if doc.root == "sitemapindex" {
		f.Kind = SitemapIndex
	}
	for _, s := range set.Sitemaps[:min(len(set.Sitemaps), MaxItems)] {
		if u := absolute(root, s.Loc); u != "" {
			f.Sitemaps, f.Changed = append(f.Sitemaps, u), append(f.Changed, sitemapDate(s.LastMod, rep))
		}
	}
	if len(set.URLs) > MaxItems {
		rep.add(RepairTruncated, fmt.Sprintf("%d pages, the first %d kept", len(set.URLs), MaxItems))
		set.URLs = set.URLs[:MaxItems]
	}
	for _, u := range set.URLs {
		it := Item{Link: absolute(root, u.Loc), Title: plain(u.News.Title)}
		it.Published, it.Updated = sitemapDate(u.News.Date, rep), sitemapDate(u.LastMod, rep)
		if it.ID = it.Link; it.Link != "" {
			f.Items = append(f.Items, it)
		}
		if f.Title == "" {
			f.Title, f.Language = plain(u.News.Publication.Name), strings.TrimSpace(u.News.Publication.Language)
		}
	}
	f.Repairs = rep.list()
	return f, nil
}

func sitemapDate(s string, rep *repairs) string {
	s = strings.TrimSpace(s)
	d := formatDate(s)
	if d == "" && s != "" {
		rep.add(RepairDate, s)
	}
	return d
}
