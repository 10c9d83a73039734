package sample

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed content/*.txt
var content embed.FS

// An Article is one article of the newsroom, as its publisher meant it.
type Article struct {
	URL        string
	Publisher  string // name
	Host       string
	Title      string
	Byline     string
	Section    string
	Summary    string
	Published  time.Time // UTC
	Paragraphs []string  // the body: no title, byline or credit
	Credit     string    // agency that the publisher credits; empty for its own work
	CopyOf     string    // URL of the article whose body it runs, in full or abridged; empty if none
	Abridged   bool      // it runs only some paragraphs of CopyOf

	publisher *publisher
	path      string
	file      string // name in the content folder, without ".txt"
	bodyOf    string // file whose body it runs
	keep      []int  // paragraphs of it that it keeps, from 1; nil for all
}

// Text returns the paragraphs, joined by a line feed.
func (a *Article) Text() string { return strings.Join(a.Paragraphs, "\n") }

// loadArticles reads the content folder, gives copies their text, and sorts by
// time of publication.
func loadArticles() ([]Article, error) {
	files, err := content.ReadDir("content")
	if err != nil {
		return nil, err
	}
	articles := make([]Article, len(files))
	byFile := make(map[string]*Article)
	for i, f := range files {
		raw, err := content.ReadFile(path.Join("content", f.Name()))
		if err != nil {
			return nil, err
		}
		a := &articles[i]
		if *a, err = parseArticle(string(raw)); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		a.file = strings.TrimSuffix(f.Name(), ".txt")
		byFile[a.file] = a
	}
	for i := range articles {
		if err := articles[i].copyBody(byFile); err != nil {
			return nil, fmt.Errorf("%s: %w", articles[i].file, err)
		}
	}
	slices.SortFunc(articles, func(a, b Article) int {
		return cmp.Or(a.Published.Compare(b.Published), cmp.Compare(a.URL, b.URL))
	})
	return articles, nil
}

// parseArticle reads one file of the content folder: lines "name: value", an
// empty line, and paragraphs with an empty line between. The names are publisher,
// published (RFC 3339), section, byline, title, summary and credit; an article
// that runs another one's text has its file as body-of and, if it is abridged, the
// numbers of the paragraphs it keeps as keep.
func parseArticle(raw string) (Article, error) {
	var a Article
	head, body, _ := strings.Cut(raw, "\n\n")
	for line := range strings.Lines(head) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return a, fmt.Errorf("header line %q has no value", line)
		}
		if err := a.set(name, value); err != nil {
			return a, err
		}
	}
	if a.publisher == nil || a.Title == "" || a.Published.IsZero() {
		return a, fmt.Errorf("publisher, title or published is missing")
	}
	for p := range strings.SplitSeq(strings.TrimSpace(body), "\n\n") {
		if p != "" {
			a.Paragraphs = append(a.Paragraphs, p)
		}
	}
	if (len(a.Paragraphs) == 0) != (a.bodyOf != "") {
		return a, fmt.Errorf("an article has either a body or body-of")
	}
	a.path = a.publisher.section + slug(a.Title) + a.publisher.suffix
	a.URL = a.publisher.url(a.path)
	a.Publisher, a.Host = a.publisher.name, a.publisher.host
	return a, nil
}

func (a *Article) set(name, value string) (err error) {
	switch name {
	case "publisher":
		if a.publisher = publisherByKey(value); a.publisher == nil {
			err = fmt.Errorf("no publisher %q", value)
		}
	case "published":
		a.Published, err = time.Parse(time.RFC3339, value)
	case "section":
		a.Section = value
	case "byline":
		a.Byline = value
	case "title":
		a.Title = value
	case "summary":
		a.Summary = value
	case "credit":
		a.Credit = value
	case "body-of":
		a.bodyOf = value
	case "keep":
		for f := range strings.FieldsSeq(value) {
			n, err := strconv.Atoi(f)
			if err != nil {
				return fmt.Errorf("keep: %w", err)
			}
			a.keep = append(a.keep, n)
		}
	default:
		err = fmt.Errorf("no header %q", name)
	}
	return err
}

// copyBody gives an article that runs another one's text its paragraphs.
func (a *Article) copyBody(byFile map[string]*Article) error {
	if a.bodyOf == "" {
		return nil
	}
	from := byFile[a.bodyOf]
	if from == nil || from.bodyOf != "" {
		return fmt.Errorf("body-of %q is no article with a body", a.bodyOf)
	}
	a.CopyOf = from.URL
	if a.keep == nil {
		a.Paragraphs = slices.Clone(from.Paragraphs)
		return nil
	}
	a.Abridged = true
	for _, n := range a.keep {
		if n < 1 || n > len(from.Paragraphs) {
			return fmt.Errorf("keep: %s has no paragraph %d", a.bodyOf, n)
		}
		a.Paragraphs = append(a.Paragraphs, from.Paragraphs[n-1])
	}
	return nil
}

// slug makes a path element of a title: its letters and digits, without marks, in
// lower case, at most ten words.
func slug(title string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(title) {
		switch {
		case r > unicode.MaxASCII || r == '\'':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	return strings.Join(words[:min(len(words), 10)], "-")
}
