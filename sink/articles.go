package sink

import (
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// An ArticleQuery selects articles by what their current versions say of themselves.
// Several values of one field are alternatives, the fields all hold together, and an
// empty field selects everything.
type ArticleQuery struct {
	Publishers []string // domain or name
	Languages  []string // BCP 47: "en" selects "en-GB" too, "und" those whose language is undecided
	Since      string   // published at or after this date or time
	Until      string   // published at or before this date or time; a date includes its whole day
	Text       string   // words that all occur in the title; the last may be the beginning of one

	Limit  int    // items a page; 0 for 50
	Cursor string // Next of the page before; empty for the first
}

// An ArticleHead is what a list says of an article: all but its text, and how many
// claims rest on it.
type ArticleHead struct {
	ID              string                  `json:"id"`
	Version         string                  `json:"version"` // the one stored last
	URL             string                  `json:"url"`     // canonical, else where it was fetched; empty if unknown
	Publisher       schemas.Publisher       `json:"publisher"`
	Title           string                  `json:"title"`
	Byline          string                  `json:"byline"`
	PublishedAt     string                  `json:"published_at"` // empty if unknown
	PublishedSource schemas.PublishedSource `json:"published_source"`
	ModifiedAt      string                  `json:"modified_at"`
	FetchedAt       *time.Time              `json:"fetched_at"` // null if it was not fetched
	Language        string                  `json:"language"`   // empty if undecided
	Wire            *schemas.Wire           `json:"wire"`
	Paywalled       schemas.Ternary         `json:"paywalled"`
	Feed            string                  `json:"feed"`
	Rights          string                  `json:"rights"`
	TextSHA256      string                  `json:"text_sha256"`
	Claims          int                     `json:"claims"` // living claims of both tiers that cite it
}

// NewArticleHead returns the head of an article on which so many claims rest.
func NewArticleHead(a *schemas.Article, claims int) ArticleHead {
	return ArticleHead{
		ID: a.ID, Version: a.Version, URL: a.Address(), Publisher: a.Publisher, Title: a.Title, Byline: a.Byline,
		PublishedAt: a.PublishedAt, PublishedSource: a.PublishedSource, ModifiedAt: a.ModifiedAt, FetchedAt: a.FetchedAt,
		Language: a.Language, Wire: a.Wire, Paywalled: a.Paywalled, Feed: a.Feed, Rights: a.Rights, TextSHA256: a.TextSHA256, Claims: claims,
	}
}

// An ArticlePage is one page of a list of articles.
type ArticlePage struct {
	Items    []ArticleHead `json:"items"`
	Next     string        `json:"next"`     // cursor of the next page; empty at the end
	Sequence uint64        `json:"sequence"` // CLAIMS sequence that the counts are true for
}
