package sample

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// What the stories need for their purpose, whoever edits the texts.
func TestStories(t *testing.T) {
	articles, err := loadArticles()
	if err != nil {
		t.Fatal(err)
	}
	byFile := map[string]*Article{}
	urls := map[string]bool{}
	publishersSeen := map[string]bool{}
	for i := range articles {
		a := &articles[i]
		byFile[a.file] = a
		publishersSeen[a.Publisher] = true
		if u, err := url.Parse(a.URL); err != nil || urls[a.URL] || u.Port() != "" || !strings.HasSuffix(u.Host, ".example") || u.EscapedPath() != u.Path {
			t.Errorf("%s: URL %q is odd or used twice", a.file, a.URL)
		}
		urls[a.URL] = true
		if i > 0 && a.Published.Before(articles[i-1].Published) {
			t.Errorf("%s stands before an older article", a.file)
		}
		if a.Published.Before(epoch) || a.Published.After(epoch.Add(4*24*time.Hour)) || a.Published.Location() != time.UTC {
			t.Errorf("%s: published %v", a.file, a.Published)
		}
		words := len(strings.Fields(a.Text()))
		if !utf8.ValidString(a.Text()) || !a.Abridged && (words < 150 || words > 350 || len(a.Paragraphs) < 5) {
			t.Errorf("%s: %d words in %d paragraphs", a.file, words, len(a.Paragraphs))
		}
		if a.Byline == "" || a.Section == "" || a.Summary == "" {
			t.Errorf("%s lacks byline, section or summary", a.file)
		}
		if (a.CopyOf == "") != (a.Credit == "") {
			t.Errorf("%s: copy of %q with credit %q", a.file, a.CopyOf, a.Credit)
		}
	}
	if len(articles) < 22 || len(publishersSeen) != len(publishers) {
		t.Errorf("%d articles of %d publishers", len(articles), len(publishersSeen))
	}

	for _, pair := range [][2]string{{"gaza-2-talks-open-levant", "gaza-1-talks-open"}, {"quake-5-toll-41-harbour", "quake-4-toll-41"}} {
		if c, o := byFile[pair[0]], byFile[pair[1]]; c.Text() != o.Text() || c.CopyOf != o.URL || c.Abridged || c.Publisher == o.Publisher {
			t.Errorf("%s is not %s word for word at another publisher", pair[0], pair[1])
		}
	}
	brief, full := byFile["gaza-3-talks-open-brief"], byFile["gaza-1-talks-open"]
	if !brief.Abridged || brief.CopyOf != full.URL || len(brief.Paragraphs) >= len(full.Paragraphs) {
		t.Error("the brief is no abridged copy")
	}
	for _, p := range brief.Paragraphs {
		if !slices.Contains(full.Paragraphs, p) {
			t.Errorf("the brief has a paragraph of its own: %q", p)
		}
	}
	for file, want := range map[string][]string{
		"gaza-1-talks-open":       {"500 trucks a day were supposed to enter", "no more than 180 a day", "at least 287 people", "since October 10", "(HACC)"},
		"gaza-5-correction":       {"Correction: An earlier version", "280", "208"},
		"gaza-7-denial":           {"denied that 17 people were killed"},
		"quake-7-conflict-health": {"47 people had died"},
		"quake-8-conflict-wire":   {"death toll from Monday's earthquake at 43"},
		"quake-9-toll-58":         {"58 people, including 19 children"},
		"deal-1-bid":              {"€2.4 billion", "€31.50 for each Tavira share", "38 percent"},
	} {
		for _, w := range want {
			if !strings.Contains(byFile[file].Text(), w) {
				t.Errorf("%s does not say %q", file, w)
			}
		}
	}
	if a := byFile["quake-10-search-ends"]; !strings.Contains(a.Title, "2,300") || strings.Contains(a.Text(), "2,300") {
		t.Errorf("%s: 2,300 must stand in the headline only", a.file)
	}
}

func TestParseArticle(t *testing.T) {
	const head = "publisher: ledger\npublished: 2025-11-24T07:15:00Z\ntitle: A “bid” for O'Hara, at €3\n"
	a, err := parseArticle(head + "byline: Jo Doe\n\nOne.\n\nTwo.\n")
	if err != nil || a.Text() != "One.\nTwo." || a.URL != "http://www.ledgerdaily.example/stories/a-bid-for-ohara-at-3" || a.Byline != "Jo Doe" {
		t.Errorf("parseArticle = %+v, %v", a, err)
	}
	for name, raw := range map[string]string{
		"no body":             head,
		"two bodies":          head + "body-of: x\n\nOne.",
		"no publisher":        "published: 2025-11-24T07:15:00Z\ntitle: A\n\nOne.",
		"unknown publisher":   "publisher: gazette\n\nOne.",
		"a bad date":          "publisher: ledger\npublished: Monday\n\nOne.",
		"an unknown header":   head + "mood: calm\n\nOne.",
		"a line of no header": head + "calm\n\nOne.",
		"a bad paragraph":     head + "body-of: x\nkeep: first\n",
	} {
		if a, err := parseArticle(raw); err == nil {
			t.Errorf("%s: parseArticle = %+v, want an error", name, a)
		}
	}
}

func TestCopyBody(t *testing.T) {
	byFile := map[string]*Article{"a": {URL: "u", Paragraphs: []string{"One.", "Two."}}, "b": {bodyOf: "a"}}
	for name, a := range map[string]Article{
		"no such file":      {bodyOf: "c"},
		"a copy of a copy":  {bodyOf: "b"},
		"no such paragraph": {bodyOf: "a", keep: []int{3}},
	} {
		if err := a.copyBody(byFile); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
