package fetcher

import (
	"errors"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// TestEraseArchive erases one article, a name and a host from the archive of a feed,
// and looks for them in everything that is left.
func TestEraseArchive(t *testing.T) {
	for _, tt := range []struct {
		name  string
		purge func([]schemas.Article) schemas.Purge
		gone  string // words that no record says afterwards
		kept  string // title of an article that is still proved; empty if none
	}{
		{"an article", func(as []schemas.Article) schemas.Purge {
			return schemas.Purge{Articles: []string{titled(t, as, "Fog lifts").ID}}
		}, "Fog lifts", "Ships wait"},
		{"a name", func([]schemas.Article) schemas.Purge {
			return schemas.Purge{Names: []string{schemas.NameHash("Fog lifts")}}
		}, "Fog lifts", "Ships wait"},
		{"a source", func([]schemas.Article) schemas.Purge { return schemas.Purge{Domains: []string{"news.example"}} }, "ship", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, articles := archived(t)
			if !archiveSays(t, dir, tt.gone) {
				t.Fatal("the words are not there: the test shows nothing")
			}
			p := tt.purge(articles)
			review := &schemas.Review{ID: "r_1", Action: schemas.ReviewPurge, Purge: &p}
			n, err := EraseArchive(nil, dir, review)
			if err != nil || n == 0 {
				t.Fatalf("EraseArchive() = %d, %v", n, err)
			}
			if archiveSays(t, dir, tt.gone) {
				t.Error("the words are still there")
			}
			proved := ""
			for i := range articles {
				switch err := VerifyArchived(dir, &articles[i]); {
				case err == nil:
					proved += articles[i].Title + "\n"
				case !errors.Is(err, ErrErased):
					t.Errorf("%s: %v", articles[i].Title, err)
				}
			}
			if tt.kept != "" && !strings.Contains(proved, tt.kept) || tt.kept == "" && proved != "" {
				t.Errorf("still proved: %q, want %q", proved, tt.kept)
			}
			if n, err := EraseArchive(nil, dir, review); err != nil || n != 0 {
				t.Errorf("EraseArchive() a second time = %d, %v", n, err)
			}
		})
	}
}

func titled(t *testing.T, as []schemas.Article, title string) schemas.Article {
	t.Helper()
	for _, a := range as {
		if a.Title == title {
			return a
		}
	}
	t.Fatalf("no article %q", title)
	return schemas.Article{}
}

// archiveSays reports whether any record of the archive in dir, decoded, has the words.
func archiveSays(t *testing.T, dir, words string) bool {
	t.Helper()
	files, err := warc.Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range files {
		if err := eachRecord(t.Context(), f, func(rec *warc.Record) error {
			found = found || strings.Contains(string(payload(rec)), words)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return found
}
