package schemas

import "time"

// An Article is one version of one page's text, with what is known about it. A
// record with only id, text and published_at is valid input.
type Article struct {
	SchemaVersion   string          `json:"schema_version,omitempty"`   // [Version]; may be left out in input
	ID              string          `json:"id"`                         // names the page: a hash of the canonical URL, else of the text; given ids are kept
	Version         string          `json:"version,omitempty"`          // names this text of the page: a hash of Text
	URL             string          `json:"url,omitempty"`              // where it was fetched, after redirects; empty if unknown
	CanonicalURL    string          `json:"canonical_url,omitempty"`    // the address the page gives for itself, tracking parameters removed
	Publisher       Publisher       `json:"publisher"`                  // who published it
	Title           string          `json:"title,omitempty"`            // headline; empty if unknown
	Teaser          string          `json:"teaser,omitempty"`           // what page or feed says the article is about, as plain text; no part of Text; empty if unknown
	Byline          string          `json:"byline,omitempty"`           // author line as printed; empty if none
	PublishedAt     string          `json:"published_at"`               // RFC 3339 time or ISO 8601 date; empty if unknown
	PublishedSource PublishedSource `json:"published_source,omitempty"` // where PublishedAt was found
	ModifiedAt      string          `json:"modified_at,omitempty"`      // RFC 3339 time or ISO 8601 date of the last edit; empty if unknown
	FetchedAt       *time.Time      `json:"fetched_at,omitempty"`       // when it was fetched; null if it was not
	Language        string          `json:"language,omitempty"`         // BCP 47; empty if undecided, which is taken as English
	Text            string          `json:"text"`                       // the body that every offset refers to; at most MaxTextBytes of UTF-8
	TextForm        TextForm        `json:"text_form,omitempty"`        // how Text was normalised
	TextSHA256      string          `json:"text_sha256,omitempty"`      // [SHA256] of Text
	Paragraphs      []Paragraph     `json:"paragraphs,omitempty"`       // in order of the text; absent if not known
	Wire            *Wire           `json:"wire,omitempty"`             // the news agency the text came from; null if none was seen
	Paywalled       Ternary         `json:"paywalled,omitempty"`        // whether part of the text may be missing behind a paywall
	Feed            string          `json:"feed,omitempty"`             // URL of the feed that named it
	Rights          string          `json:"rights,omitempty"`           // rights statement of feed or page, as printed
	Archive         *ArchiveRef     `json:"archive,omitempty"`          // the stored HTTP response; null if none
}

// A Publisher is the organisation that published an article.
type Publisher struct {
	Name   string `json:"name,omitempty"`   // as the page or feed names it
	Domain string `json:"domain,omitempty"` // registrable domain, e.g. "example.co.uk"; empty if unknown
}

// A Paragraph is one paragraph of an article's text.
type Paragraph struct {
	Span
	Support int `json:"support"` // how many of the page-text readers kept it; 0 if only one was asked
}

// A Wire names the agency an article's text came from, and the words that say so.
type Wire struct {
	Agency   string `json:"agency"`   // "Reuters", "AP", "AFP"
	Evidence string `json:"evidence"` // the words or the element that say so
}

// An ArchiveRef locates the HTTP response an article was made of.
type ArchiveRef struct {
	WARC          string `json:"warc"`           // file name in the archive folder
	RecordID      string `json:"record_id"`      // WARC-Record-ID
	Offset        int64  `json:"offset"`         // bytes before the record in the file
	PayloadSHA1   string `json:"payload_sha1"`   // WARC-Payload-Digest, base 32
	PayloadLength int64  `json:"payload_length"` // bytes
}
