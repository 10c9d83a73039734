package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// newspaper returns articles of its own, the last of which is a new version of the first.
func newspaper(t *testing.T) []sink.Record {
	t.Helper()
	var out []sink.Record
	for i, a := range []schemas.Article{
		{ID: "ferry", Publisher: schemas.Publisher{Name: "Le Progrès du Port", Domain: "progres.example"}, Title: "Ferry aground off Torvik", PublishedAt: "2025-03-02T10:00:00Z", Language: "en", Text: "A ferry ran aground."},
		{ID: "mill", Publisher: schemas.Publisher{Name: "The Meridian", Domain: "meridian.example"}, Title: "Mill town votes: 12,500 ballots", PublishedAt: "2025-03-03", Language: "en-GB", Text: "The town votes."},
		{ID: "notes", Publisher: schemas.Publisher{Name: "The Meridian"}, Title: "Élan and ferries", Language: "fr", Text: "Sans date."},
		{ID: "plain", PublishedAt: "2025-03-01", Text: "Nothing is known about this one."},
		{ID: "ferry", Publisher: schemas.Publisher{Name: "Le Progrès du Port", Domain: "progres.example"}, Title: "Ferry afloat again", PublishedAt: "2025-03-04T10:00:00Z", Language: "en", Text: "A ferry ran aground and is afloat."},
	} {
		if err := a.Complete(); err != nil {
			t.Fatal(err)
		}
		out = append(out, sink.Record{Stream: schemas.StreamArticles, Sequence: uint64(i + 1), Article: &a})
	}
	return out
}

func heads(t *testing.T, s *store.Store, q sink.ArticleQuery) string {
	t.Helper()
	page, err := s.Articles(t.Context(), q)
	if err != nil {
		t.Fatalf("Articles(%+v): %v", q, err)
	}
	var ids []string
	for _, a := range page.Items {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, " ")
}

// TestArticles: each filter, on the current versions alone.
func TestArticles(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		records := newspaper(t)
		s := filled(t, fresh(t), records)
		if err := s.Write(t.Context(), records); err != nil { // twice has no effect
			t.Fatal(err)
		}
		for _, tt := range []struct {
			q    sink.ArticleQuery
			want string
		}{
			{sink.ArticleQuery{}, "ferry mill plain notes"},
			{sink.ArticleQuery{Limit: 2}, "ferry mill"},
			{sink.ArticleQuery{Publishers: []string{"PROGRES.example"}}, "ferry"},
			{sink.ArticleQuery{Publishers: []string{"le progres du port"}}, "ferry"},
			{sink.ArticleQuery{Publishers: []string{"the meridian"}}, "mill notes"},
			{sink.ArticleQuery{Publishers: []string{"meridian.example", "progres.example"}}, "ferry mill"},
			{sink.ArticleQuery{Publishers: []string{"nobody'; --", ""}}, ""},
			{sink.ArticleQuery{Languages: []string{"en"}}, "ferry mill"},
			{sink.ArticleQuery{Languages: []string{"EN-gb", "und"}}, "mill plain"},
			{sink.ArticleQuery{Since: "2025-03-03"}, "ferry mill"},
			{sink.ArticleQuery{Until: "2025-03-03"}, "mill plain"},
			{sink.ArticleQuery{Since: "2025-03-03", Until: "2025-03-04T09:00:00Z"}, "mill"},
			{sink.ArticleQuery{Text: "ferr"}, "ferry notes"},
			{sink.ArticleQuery{Text: "again FERRY"}, "ferry"},
			{sink.ArticleQuery{Text: "aga ferry"}, ""}, // the last word alone may be cut short
			{sink.ArticleQuery{Text: "aground"}, ""},   // an earlier version said so
			{sink.ArticleQuery{Text: "elan"}, "notes"},
			{sink.ArticleQuery{Text: "12,500"}, "mill"},
			{sink.ArticleQuery{Text: `"ferry" OR 1=1`}, ""},
		} {
			if got := heads(t, s, tt.q); got != tt.want {
				t.Errorf("Articles(%+v) = %q, want %q", tt.q, got, tt.want)
			}
		}
		for name, q := range map[string]sink.ArticleQuery{
			"limit": {Limit: -1}, "big limit": {Limit: store.MaxLimit + 1}, "since": {Since: "yesterday"}, "until": {Until: "2025-13"}, "cursor": {Cursor: "%%%"},
		} {
			if _, err := s.Articles(t.Context(), q); !errors.Is(err, sink.ErrQuery) {
				t.Errorf("%s: error %v, want ErrQuery", name, err)
			}
		}
		claims, err := s.Claims(t.Context(), sink.Query{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		first, err := s.Articles(t.Context(), sink.ArticleQuery{Limit: 1})
		if err != nil || first.Next == "" || first.Sequence != claims.Sequence {
			t.Fatalf("first page is %+v, %v", first, err)
		}
		if _, err := s.Articles(t.Context(), sink.ArticleQuery{Limit: 1, Languages: []string{"en"}, Cursor: first.Next}); !errors.Is(err, sink.ErrQuery) {
			t.Errorf("a cursor of other filters: %v, want ErrQuery", err)
		}
		if _, err := s.Claims(t.Context(), sink.Query{Limit: 1, Cursor: first.Next}); !errors.Is(err, sink.ErrQuery) {
			t.Errorf("a cursor of articles for claims: %v, want ErrQuery", err)
		}
	})
}

// TestArticleHeads: what a list says of an article is what its record says, and it
// counts the claims that stand.
func TestArticleHeads(t *testing.T) {
	records := sinktest.Records()
	for i, text := range sinktest.HostileTexts() {
		for _, r := range sinktest.Hostile(text) {
			r.Sequence += uint64(1000 + 10*i)
			records = append(records, r)
		}
	}
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		page, err := s.Articles(t.Context(), sink.ArticleQuery{Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(page.Items, func(a, b sink.ArticleHead) int {
			x, _ := sink.Instant(a.PublishedAt)
			y, _ := sink.Instant(b.PublishedAt)
			return strings.Compare(y, x)
		}) {
			t.Error("the list does not begin with the newest")
		}
		seen := map[string]bool{}
		for _, h := range page.Items {
			a, err := s.Article(t.Context(), h.ID, "")
			if err != nil {
				t.Fatal(err)
			}
			found, err := s.Claims(t.Context(), sink.Query{Articles: []string{h.ID}, States: []sink.State{sink.Living}, Limit: 500})
			if err != nil {
				t.Fatal(err)
			}
			if want := sink.NewArticleHead(a, len(found.Items)); fmt.Sprint(h) != fmt.Sprint(want) || seen[h.ID] {
				t.Errorf("article %.40q is listed as %.200v, want %.200v", h.ID, h, want)
			}
			seen[h.ID] = true
		}
		stats, err := s.Stats(t.Context())
		if err != nil || len(seen) != stats.Articles {
			t.Errorf("%d articles are listed, want %d (%v)", len(seen), stats.Articles, err)
		}
	})
}

// TestArticlePages: pages join to the whole list, for one publisher and for many, which
// are found in different ways.
func TestArticlePages(t *testing.T) {
	count := 2500
	if testing.Short() {
		count = 120
	}
	s := filled(t, filepath.Join(t.TempDir(), "claims.db"), sinktest.Many(count))
	var every []string
	for i := range 50 {
		every = append(every, fmt.Sprintf("p%d.example", i))
	}
	for name, tt := range map[string]struct {
		q    sink.ArticleQuery
		want int
	}{
		"all": {sink.ArticleQuery{Limit: 70}, count}, "every publisher": {sink.ArticleQuery{Publishers: every, Limit: 70}, count},
		"words of all": {sink.ArticleQuery{Text: "report", Limit: 70}, count}, "words and publisher": {sink.ArticleQuery{Text: "rep", Publishers: []string{"Paper 7"}, Limit: 9}, (count + 42) / 50},
		"one": {sink.ArticleQuery{Publishers: []string{"Paper 7"}, Limit: 2}, (count + 42) / 50},
	} {
		seen := map[string]bool{}
		for {
			page, err := s.Articles(t.Context(), tt.q)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page.Items {
				if seen[a.ID] {
					t.Errorf("%s: %s is listed twice", name, a.ID)
				}
				seen[a.ID] = true
			}
			if tt.q.Cursor = page.Next; tt.q.Cursor == "" {
				break
			}
		}
		if len(seen) != tt.want {
			t.Errorf("%s: %d articles, want %d", name, len(seen), tt.want)
		}
	}
}

// TestOldArticles: a store of the schema before can be listed and searched once it has
// been opened.
func TestOldArticles(t *testing.T) {
	old := oldStore{version: 3}
	for _, r := range newspaper(t) {
		a := r.Article
		publisher := a.Publisher.Name
		if a.ID == "plain" {
			publisher = strings.Repeat("long ", 2000)
		}
		old.rows = append(old.rows, oldRow{"articles", map[string]any{
			"id": a.ID, "version": a.Version, "sequence": int64(r.Sequence), "url": a.URL, "title": a.Title, "byline": a.Byline, "publisher": publisher,
			"domain": a.Publisher.Domain, "published_at": a.PublishedAt, "language": a.Language, "text": a.Text, "text_sha256": a.TextSHA256, "record": string(a.AppendJSON(nil)),
		}})
	}
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		location := fresh(t)
		old.make(t, location)
		s := open(t, location)
		defer s.Close()
		if got := heads(t, s, sink.ArticleQuery{}); got != "ferry mill plain notes" {
			t.Errorf("the list is %q", got)
		}
		if got := heads(t, s, sink.ArticleQuery{Text: "ferry"}); got != "ferry" {
			t.Errorf("ferry finds %q", got)
		}
	})
}
