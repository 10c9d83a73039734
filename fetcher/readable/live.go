package readable

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/claimwire/claimwire/schemas"
)

// A post is one entry of a live blog.
type post struct {
	id         string // its address or @id; empty if none
	headline   string
	author     string
	published  string
	modified   string
	paragraphs []string
}

// maxPosts bounds what one page can be taken apart into.
const maxPosts = 500

// ParseAll makes the articles of a page: one, or of a live blog one for each of
// its posts, newest first as on the page. A post has its own time and its own id,
// made of the page's address and its own; what stands around the posts is left
// out. Errors match [schemas.ErrMalformed].
func ParseAll(p Page) ([]schemas.Article, error) {
	d, err := read(p)
	if err != nil {
		return nil, err
	}
	if posts := d.posts(); len(posts) > 1 {
		return d.fromPosts(posts)
	}
	a, err := d.article()
	return []schemas.Article{a}, err
}

// posts returns the posts of a live blog: those that its JSON-LD gives with their
// text, else those that the page marks; nil for any other page.
func (d *document) posts() []post {
	if d.root == nil || !d.meta.ld.live && !d.meta.live {
		return nil
	}
	if len(d.meta.ld.posts) > 1 {
		return d.meta.ld.posts
	}
	var out []post
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && get(n, "itemprop") == "liveBlogUpdate" && len(out) < maxPosts {
			if p := markedPost(n); len(p.paragraphs) > 0 {
				out = append(out, p)
			}
		}
	}
	return out
}

// fromPosts makes an article of each post.
func (d *document) fromPosts(posts []post) ([]schemas.Article, error) {
	m := d.meta
	page := canonical(d.address, m.canonical, d.page.Hints.Partners)
	var out []schemas.Article
	for _, po := range posts {
		a := schemas.Article{
			URL: clean(d.address, false), CanonicalURL: page, Publisher: publisher(d.page, m, d.address),
			Title:  Line(first(po.headline, m.ld.headline, m.title, d.page.Hints.Title)),
			Byline: byline(first(po.author, m.ld.author, m.author, d.page.Hints.Byline)),
			Feed:   d.page.Hints.Feed, Rights: rights(d.page, m),
		}
		setText(&a, body{paragraphs: po.paragraphs})
		key := first(po.id, po.published+" "+po.headline)
		a.ID = schemas.ID("a", "post", page, key)
		own := &meta{ld: linked{published: po.published, modified: po.modified}}
		dates := d.page
		dates.Hints.Published, dates.Hints.Updated = "", "" // those are the blog's
		setDates(&a, dates, own, nil)
		a.Language = chooseLanguage(a.Text, m.ld.language, m.language, d.page.Language, d.page.Hints.Language)
		a.Wire = wire(a.Text, a.Byline, own)
		a.Paywalled = schemas.Unknown
		if err := a.Complete(); err != nil {
			return out, err
		}
		out = append(out, a)
	}
	return out, nil
}

// livePosts reads the posts that a LiveBlogPosting lists.
func livePosts(n map[string]any, all []map[string]any, address *url.URL) []post {
	var out []post
	for _, e := range list(n["liveBlogUpdate"]) {
		u, ok := e.(map[string]any)
		if !ok || len(out) == maxPosts {
			continue
		}
		p := post{
			id: text(u["url"], u["@id"], u["identifier"]), headline: text(u["headline"], u["name"]), author: strings.Join(people(u["author"], all), ", "),
			published: dateText(u["datePublished"], u["dateCreated"]), modified: dateText(u["dateModified"]),
			paragraphs: linked{body: text(u["articleBody"], u["text"])}.paragraphs(),
		}
		if address != nil && p.id != "" {
			if abs, err := address.Parse(p.id); err == nil { // without credentials, with the fragment
				p.id = clean(abs, true) + "#" + abs.Fragment
			}
		}
		if len(p.paragraphs) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// markedPost reads a post that microdata marks.
func markedPost(n *html.Node) post {
	p := post{id: get(n, "id")}
	for e := range n.Descendants() {
		if e.Type != html.ElementNode {
			continue
		}
		switch prop := get(e, "itemprop"); {
		case p.published == "" && (prop == "datePublished" || prop == "" && e.DataAtom == atom.Time):
			p.published = first(get(e, "datetime"), get(e, "content"))
		case prop == "dateModified":
			p.modified = first(get(e, "datetime"), get(e, "content"))
		case p.headline == "" && prop == "headline":
			p.headline = textOf(e)
		case len(p.paragraphs) == 0 && prop == "articleBody":
			var b blocks
			b.walk(e, 0)
			p.paragraphs = b.done()
		}
	}
	return p
}

func textOf(n *html.Node) string {
	var b blocks
	b.walk(n, 0)
	return Line(strings.Join(b.done(), " "))
}
