package desk

import (
	"context"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// A feed is a form of the store's claims: what is written twice, or by a program
// that is killed in between, must give the same feed.
func feedTarget(place string) sinktest.Target {
	return sinktest.Target{
		Open:     func() (sink.Sink, error) { return openClaims(place) },
		Contents: func() ([]string, error) { return feedEntries(place) },
		Keeps:    []string{schemas.StreamClaims},
		Form:     true,
	}
}

func openClaims(place string) (sink.Sink, error) {
	s, err := store.Open(context.Background(), store.Config{Location: place})
	if err != nil {
		return nil, err
	}
	return sinktest.Only(s, schemas.StreamClaims), nil
}

// feedEntries reads the feed of all claims in a store as a feed reader does, page
// after page.
func feedEntries(place string) ([]string, error) {
	s, err := store.Open(context.Background(), store.Config{Location: place})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	d, err := New(Config{Store: s})
	if err != nil {
		return nil, err
	}
	var out []string
	for next := "/api/v1/claims?format=atom&tier=any&state=any&limit=500"; next != ""; {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", next, nil)
		r.Host = "localhost"
		d.ServeHTTP(w, r)
		feed, err := gofeed.NewParser().Parse(w.Body)
		if err != nil || w.Code != 200 {
			return nil, fmt.Errorf("%s: %d: %w", next, w.Code, err)
		}
		for _, e := range feed.Items {
			out = append(out, fmt.Sprintf("%s %s %q %q %q %q", e.GUID, e.Updated, e.Title, e.Description, e.Categories, e.Links))
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(w.Header().Get("Link"), "<"), ">")
	}
	return out, nil
}

func TestFeedConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("the store itself is tested")
	}
	sinktest.Test(t, func(t *testing.T) sinktest.Target { return feedTarget(filepath.Join(t.TempDir(), "claims.db")) })
}

func TestFeedKill(t *testing.T) {
	t.Parallel()
	sinktest.Kill(t, func(t *testing.T) (string, sinktest.Target) {
		place := filepath.Join(t.TempDir(), "claims.db")
		return place, feedTarget(place)
	}, openClaims)
}
