package feed

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// A Subscription is one feed of an OPML list.
type Subscription struct {
	URL    string
	Title  string   // empty if none
	Site   string   // address of the site; empty if none
	Folder []string // names of the outlines it stands in, outermost first
}

type outline struct {
	Text     string    `xml:"text,attr"`
	Title    string    `xml:"title,attr,omitempty"`
	Type     string    `xml:"type,attr,omitempty"`
	XMLURL   string    `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string    `xml:"htmlUrl,attr,omitempty"`
	Outlines []outline `xml:"outline"`
}

type opml struct {
	XMLName xml.Name `xml:"opml"`
	Version string   `xml:"version,attr"`
	Head    struct {
		Title string `xml:"title"`
	} `xml:"head"`
	Body struct {
		Outlines []outline `xml:"outline"`
	} `xml:"body"`
}

// ReadOPML reads the subscriptions of an OPML 1.0 or 2.0 list, in order, each
// address once. Errors match [schemas.ErrMalformed].
func ReadOPML(data []byte) ([]Subscription, error) {
	rep := &repairs{}
	doc, err := tidy(decode(data, "", rep), rep)
	if err != nil {
		return nil, err
	}
	if doc.root != "opml" {
		return nil, fmt.Errorf("root element %q is no OPML: %w", doc.root, schemas.ErrMalformed)
	}
	var list opml
	dec := xml.NewDecoder(strings.NewReader(fixAttributes(doc.text)))
	dec.Strict = false
	if err := dec.Decode(&list); err != nil {
		return nil, fmt.Errorf("OPML: %s: %w", err, schemas.ErrMalformed)
	}
	var out []Subscription
	seen := map[string]bool{}
	var walk func([]outline, []string)
	walk = func(outlines []outline, folder []string) {
		for _, o := range outlines {
			name := plain(o.Title)
			if name == "" {
				name = plain(o.Text)
			}
			if u := absolute(nil, o.XMLURL); u != "" && !seen[u] {
				seen[u] = true
				out = append(out, Subscription{URL: u, Title: name, Site: absolute(nil, o.HTMLURL), Folder: folder})
			}
			if len(o.Outlines) > 0 {
				walk(o.Outlines, append(folder[:len(folder):len(folder)], name))
			}
		}
	}
	walk(list.Body.Outlines, nil)
	return out, nil
}

// fixAttributes spells the attributes as OPML does: some programs write xmlurl.
func fixAttributes(s string) string {
	return strings.NewReplacer(" xmlurl=", " xmlUrl=", " XMLURL=", " xmlUrl=", " htmlurl=", " htmlUrl=").Replace(s)
}

// WriteOPML writes an OPML 2.0 list. Subscriptions with the same folder that
// follow each other share its outline.
func WriteOPML(w io.Writer, title string, subs []Subscription) error {
	list := opml{Version: "2.0"}
	list.Head.Title = title
	for _, s := range subs {
		at := &list.Body.Outlines
		for _, name := range s.Folder {
			if n := len(*at); n == 0 || (*at)[n-1].XMLURL != "" || (*at)[n-1].Text != name {
				*at = append(*at, outline{Text: name})
			}
			at = &(*at)[len(*at)-1].Outlines
		}
		text := s.Title
		if text == "" {
			text = s.URL
		}
		*at = append(*at, outline{Text: text, Title: s.Title, Type: "rss", XMLURL: s.URL, HTMLURL: s.Site})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(list); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
