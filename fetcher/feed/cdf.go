package feed

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// CDF is Microsoft's Channel Definition Format of 1997: a channel holds items and
// further channels, each with its address in an attribute.
const CDF Kind = "cdf"

// parseCDF reads a repaired document whose root is a channel that has no other
// format's children.
func parseCDF(doc *document, base string, rep *repairs) (*Feed, error) {
	root, _ := url.Parse(base)
	f := &Feed{Kind: CDF}
	c := cdf{feed: f, root: root, rep: rep}
	d := xml.NewDecoder(strings.NewReader(doc.text))
	d.Strict = false
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("feed: %s: %w", err, schemas.ErrMalformed)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			c.start(t)
		case xml.EndElement:
			c.end(strings.ToLower(t.Name.Local))
		case xml.CharData:
			c.text.Write(t)
		}
	}
	f.Repairs = rep.list()
	return f, nil
}

type cdf struct {
	feed  *Feed
	root  *url.URL
	rep   *repairs
	depth int   // of channels
	item  *Item // that is open; nil if none is
	text  strings.Builder
}

func (c *cdf) start(t xml.StartElement) {
	c.text.Reset()
	attr := func(name string) string {
		for _, a := range t.Attr {
			if strings.EqualFold(a.Name.Local, name) {
				return strings.TrimSpace(a.Value)
			}
		}
		return ""
	}
	switch strings.ToLower(t.Name.Local) {
	case "channel":
		if c.depth++; c.depth == 1 {
			c.feed.Self = absolute(c.root, attr("self"))
			if base, err := url.Parse(absolute(c.root, attr("base"))); err == nil && base.Host != "" {
				c.root = base
			}
			c.feed.Link = absolute(c.root, attr("href"))
		}
	case "item":
		c.item = &Item{Link: absolute(c.root, attr("href")), Updated: formatDate(attr("lastmod"))}
		c.item.ID = c.item.Link
	case "a": // the address, in its other form
		link := absolute(c.root, attr("href"))
		switch {
		case c.item != nil && c.item.Link == "":
			c.item.Link, c.item.ID = link, link
		case c.item == nil && c.depth == 1 && c.feed.Link == "":
			c.feed.Link = link
		}
	}
}

func (c *cdf) end(name string) {
	switch name {
	case "channel":
		c.depth--
	case "item":
		if c.item != nil && len(c.feed.Items) < MaxItems {
			c.feed.Items = append(c.feed.Items, *c.item)
		}
		c.item = nil
	case "title":
		if c.item != nil {
			c.item.Title = plain(c.text.String())
		} else if c.depth == 1 && c.feed.Title == "" {
			c.feed.Title = plain(c.text.String())
		}
	case "abstract":
		if c.item != nil {
			c.item.Summary = strings.TrimSpace(c.text.String())
		}
	}
	c.text.Reset()
}
