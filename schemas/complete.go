package schemas

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Complete checks an article and fills what follows from the rest: schema
// version, id, version, text hash and form. It returns an error that matches
// [ErrMalformed] if the article cannot be read at all.
func (a *Article) Complete() error {
	switch {
	case strings.TrimSpace(a.Text) == "":
		return fmt.Errorf("article %s: no text: %w", a.name(), ErrMalformed)
	case len(a.Text) > MaxTextBytes:
		return fmt.Errorf("article %s: text of %d bytes, over %d: %w", a.name(), len(a.Text), MaxTextBytes, ErrMalformed)
	case !utf8.ValidString(a.Text) || !utf8.ValidString(a.Title):
		return fmt.Errorf("article %s: text is not UTF-8: %w", a.name(), ErrMalformed)
	}
	if err := a.checkParagraphs(); err != nil {
		return err
	}
	a.SchemaVersion = Version
	a.TextSHA256 = SHA256(a.Text)
	if a.Version == "" {
		a.Version = ID("v", a.Text)
	}
	if a.ID == "" {
		if u := a.Address(); u != "" {
			a.ID = ID("a", "url", u)
		} else {
			a.ID = ID("a", "text", a.Text)
		}
	}
	if a.TextForm == "" {
		a.TextForm = AsGiven
	}
	if a.PublishedSource == "" {
		a.PublishedSource = FromNone
	}
	if a.Paywalled == "" {
		a.Paywalled = Unknown
	}
	return nil
}

// checkParagraphs refuses paragraphs that a reader could not slice the text by.
func (a *Article) checkParagraphs() error {
	if len(a.Paragraphs) == 0 {
		return nil
	}
	n, last := utf8.RuneCountInString(a.Text), 0
	for i, p := range a.Paragraphs {
		if p.Start < last || p.End < p.Start || p.End > n {
			return fmt.Errorf("article %s: paragraph %d is [%d, %d), after %d and in a text of %d code points: %w",
				a.name(), i, p.Start, p.End, last, n, ErrMalformed)
		}
		last = p.End
	}
	return nil
}

// Address returns the canonical URL, else the one fetched, else "".
func (a *Article) Address() string {
	if a.CanonicalURL != "" {
		return a.CanonicalURL
	}
	return a.URL
}

func (a *Article) name() string {
	switch {
	case a.ID != "":
		return a.ID
	case a.Address() != "":
		return a.Address()
	}
	return "without id or URL"
}
