package readable

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"
)

// linked is what the page's JSON-LD says about the article.
type linked struct {
	found     bool
	headline  string
	author    string
	publisher string
	agency    string // sourceOrganization, provider or creditText
	published string
	modified  string
	language  string
	rights    string
	free      *bool // isAccessibleForFree; nil if not said
	selectors []string
	body      string // articleBody: often a teaser, sometimes the only text
	teaser    string // description
	live      bool   // it is a live blog
	posts     []post // its posts with their text
}

// Bounds on hostile JSON-LD.
const (
	maxBlocks   = 20
	maxLDNodes  = 500
	maxLDNested = 12
)

// readLinked reads JSON-LD blocks and returns the node that describes this page:
// the article whose address is the page's, else the first article.
func readLinked(blocks []string, address *url.URL) linked {
	var nodes []map[string]any
	for _, b := range blocks {
		if v, ok := decodeLD(b); ok {
			collect(v, 0, &nodes)
		}
	}
	var best map[string]any
	for _, n := range nodes {
		if !isArticle(n) {
			continue
		}
		if best == nil {
			best = n
		}
		if address != nil && samePage(n, address) {
			best = n
			break
		}
	}
	l := linked{}
	if best != nil {
		l = fromNode(best, nodes, address)
	}
	l.fillDates(nodes, blocks)
	return l
}

// fillDates takes the dates of the page's own node if no article has one, else
// what stands in a block that no decoder reads.
func (l *linked) fillDates(nodes []map[string]any, blocks []string) {
	for _, n := range nodes {
		if l.published == "" && slices.ContainsFunc(texts(n["@type"]), func(t string) bool { return strings.HasSuffix(t, "WebPage") || t == "ItemPage" }) {
			l.published, l.modified = dateText(n["datePublished"], n["dateCreated"]), first(l.modified, dateText(n["dateModified"]))
		}
	}
	for _, b := range blocks {
		if _, ok := decodeLD(b); ok || l.published != "" {
			continue
		}
		for _, m := range looseDate.FindAllStringSubmatch(b, 4) {
			if m[1] == "datePublished" && l.published == "" {
				l.published = m[2]
			} else if m[1] == "dateModified" && l.modified == "" {
				l.modified = m[2]
			}
		}
	}
}

var looseDate = regexp.MustCompile(`"(datePublished|dateModified)"\s*:\s*"([^"]{8,40})"`)

// decodeLD decodes a block. One in fifty is invalid JSON, and raw control
// characters and comment marks are the commonest reasons.
func decodeLD(s string) (v any, ok bool) {
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	for _, mark := range []string{"<!--", "//<![CDATA[", "<![CDATA["} {
		s = strings.TrimPrefix(s, mark)
	}
	for _, mark := range []string{"//]]>", "]]>", "-->", ";"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), mark))
	}
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	return v, json.Unmarshal([]byte(lastComma.ReplaceAllString(s, "$1")), &v) == nil
}

// lastComma is one behind the last field of an object or list. In a string it
// stands for no more than itself.
var lastComma = regexp.MustCompile(`,\s*([}\]])`)

// collect gathers the nodes of a tree, outer ones first. Lists of other articles
// are left out.
func collect(v any, depth int, out *[]map[string]any) {
	if depth > maxLDNested || len(*out) >= maxLDNodes {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			collect(e, depth+1, out)
		}
	case map[string]any:
		*out = append(*out, v)
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			collect(v[key], depth+1, out)
		}
	}
}

func isArticle(n map[string]any) bool {
	for _, t := range texts(n["@type"]) {
		t = t[strings.LastIndexAny(t, "/:")+1:]
		if strings.HasSuffix(t, "Article") || t == "BlogPosting" || t == "LiveBlogPosting" || t == "Report" || t == "SocialMediaPosting" {
			return true
		}
	}
	return false
}

func samePage(n map[string]any, address *url.URL) bool {
	candidates := append(texts(n["url"]), texts(n["mainEntityOfPage"])...)
	if page, ok := n["mainEntityOfPage"].(map[string]any); ok {
		candidates = append(candidates, texts(page["@id"])...)
	}
	for _, c := range candidates {
		if u, err := address.Parse(c); err == nil && u.Host == address.Host && strings.TrimSuffix(u.Path, "/") == strings.TrimSuffix(address.Path, "/") {
			return true
		}
	}
	return false
}

func fromNode(n map[string]any, all []map[string]any, address *url.URL) linked {
	l := linked{
		found:     true,
		headline:  text(n["headline"], n["name"]),
		author:    strings.Join(people(n["author"], all), ", "),
		publisher: strings.Join(people(n["publisher"], all), ", "),
		agency:    first(strings.Join(people(n["sourceOrganization"], all), ", "), strings.Join(people(n["provider"], all), ", "), text(n["creditText"])),
		published: dateText(n["datePublished"], n["dateCreated"]),
		modified:  dateText(n["dateModified"]),
		language:  text(n["inLanguage"]),
		rights:    text(n["copyrightNotice"], n["license"]),
		body:      text(n["articleBody"]),
		teaser:    text(n["description"]),
		free:      boolean(n["isAccessibleForFree"]),
	}
	if n["liveBlogUpdate"] != nil {
		l.live, l.posts = true, livePosts(n, all, address)
	}
	for _, part := range list(n["hasPart"]) {
		if p, ok := part.(map[string]any); ok {
			if free := boolean(p["isAccessibleForFree"]); free != nil && !*free {
				l.selectors = append(l.selectors, texts(p["cssSelector"])...)
			}
		}
	}
	return l
}

// paragraphs returns the declared text of the article, which may be HTML.
func (l linked) paragraphs() []string {
	if !strings.Contains(l.body, "</") && !strings.Contains(l.body, "<br") {
		return Paragraphs(l.body)
	}
	root, err := nethtml.Parse(strings.NewReader(l.body))
	if err != nil {
		return nil
	}
	var b blocks
	b.walk(root, 0)
	return b.done()
}

// people returns the names of people or organisations, following @id to another
// node of the page.
func people(v any, all []map[string]any) []string {
	var out []string
	for _, e := range list(v) {
		switch e := e.(type) {
		case string:
			if n := name(html.UnescapeString(e)); n != "" {
				out = append(out, Line(n))
			}
		case map[string]any:
			n := text(e["name"], e["legalName"])
			if id, ok := e["@id"].(string); ok && n == "" {
				for _, other := range all {
					if other["@id"] == id && other["name"] != nil {
						n = text(other["name"])
						break
					}
				}
			}
			if n = Line(name(n)); n != "" {
				out = append(out, n)
			}
		}
	}
	return out
}

func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// text returns the first string among values, which may be strings, lists of
// them or language-tagged values.
func text(values ...any) string {
	for _, v := range values {
		for _, s := range texts(v) {
			if s = strings.TrimSpace(html.UnescapeString(s)); s != "" {
				return s
			}
		}
	}
	return ""
}

// dateText is text for dates, which some pages give in milliseconds.
func dateText(values ...any) string {
	for _, v := range values {
		if n, ok := v.(float64); ok {
			return strconv.FormatFloat(n, 'f', -1, 64)
		}
		if s := text(v); s != "" {
			return s
		}
	}
	return ""
}

func texts(v any) []string {
	var out []string
	for _, e := range list(v) {
		switch e := e.(type) {
		case string:
			out = append(out, e)
		case map[string]any:
			for _, key := range []string{"@value", "name", "alternateName"} {
				if s, ok := e[key].(string); ok {
					out = append(out, s)
					break
				}
			}
		}
	}
	return out
}

func boolean(v any) *bool {
	b, ok := v.(bool)
	if s, isText := v.(string); isText {
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "true", "https://schema.org/true", "http://schema.org/true":
			b, ok = true, true
		case "false", "https://schema.org/false", "http://schema.org/false":
			b, ok = false, true
		}
	}
	if !ok {
		return nil
	}
	return &b
}
