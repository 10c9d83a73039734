package bus

import (
	"context"
	"sync"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestSpans follows an article through two streams: one trace, each piece of work
// under what caused it, and the header on every message.
func TestSpans(t *testing.T) {
	var mu sync.Mutex
	spans := map[string]Span{}
	b := openEmbedded(t, Config{Spans: func(s Span) {
		mu.Lock()
		defer mu.Unlock()
		spans[s.Name] = s
	}})
	a := article(1)
	must(t, b.PublishArticles(t.Context(), []schemas.Article{a}))
	stop := work(t, b, fast(schemas.StreamArticles), func(ctx context.Context, recs []Received[schemas.Article]) error {
		c := change(1)
		c.Cause.Article = &schemas.ArticleRef{ID: recs[0].Record.ID, Version: recs[0].Record.Version}
		return b.PublishChanges(ctx, []schemas.Change{c})
	})
	idle(t, b, schemas.StreamArticles, "work")
	stop()
	mu.Lock()
	defer mu.Unlock()
	first, handled, last := spans["publish ARTICLES"], spans["work"], spans["publish CLAIMS"]
	if first.Trace == ([16]byte{}) || first.Parent != ([8]byte{}) || first.About != a.ID {
		t.Errorf("first span %+v", first)
	}
	if handled.Trace != first.Trace || handled.Parent != first.ID || handled.Failed != "" || handled.End.Before(handled.Start) {
		t.Errorf("handler's span %+v", handled)
	}
	if last.Trace != first.Trace || last.Parent != first.ID {
		t.Errorf("last span %+v", last)
	}
	raw, err := b.raw(t.Context(), schemas.StreamClaims, 1)
	must(t, err)
	if trace, span, ok := parseTraceparent(raw.Header.Get("traceparent")); !ok || trace != first.Trace || span != last.ID {
		t.Errorf("traceparent %q", raw.Header.Get("traceparent"))
	}
	if trace, span, ok := b.causeOf("", &a); !ok || trace != first.Trace || span != first.ID {
		t.Errorf("without a header the article is of trace %x, span %x, %t, want %x, %x", trace, span, ok, first.Trace, first.ID)
	}
	for _, h := range []string{"", "00", "00-x-y-01", "00-00000000000000000000000000000000-0000000000000000-01", "00-" + "zz" + "000000000000000000000000000000-0000000000000001-01"} {
		if _, _, ok := parseTraceparent(h); ok {
			t.Errorf("parseTraceparent(%q) is ok", h)
		}
	}
}
