package feed

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

func TestOPML(t *testing.T) {
	const in = `<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>Mine</title></head><body>
<outline text="News"><outline text="World"><outline type="rss" text="Harbour & Post" xmlUrl="https://h.example/rss?a=1&b=2" htmlUrl="https://h.example/"/></outline>
<outline text="Courier" xmlurl="https://c.example/atom"/></outline>
<outline text="Again" xmlUrl="https://c.example/atom"/><outline text="Bad" xmlUrl="javascript:alert(1)"/><outline title="Plain" text="x" xmlUrl="https://p.example/feed"></body></opml>`
	want := []Subscription{
		{URL: "https://h.example/rss?a=1&b=2", Title: "Harbour & Post", Site: "https://h.example/", Folder: []string{"News", "World"}},
		{URL: "https://c.example/atom", Title: "Courier", Folder: []string{"News"}},
		{URL: "https://p.example/feed", Title: "Plain"},
	}
	got, err := ReadOPML([]byte(in))
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Fatalf("ReadOPML: %v (-want +got):\n%s", err, d)
	}
	var out bytes.Buffer
	if err := WriteOPML(&out, "Mine", got); err != nil {
		t.Fatal(err)
	}
	again, err := ReadOPML(out.Bytes())
	if d := cmp.Diff(want, again); d != "" || err != nil {
		t.Errorf("ReadOPML(WriteOPML): %v (-want +got):\n%s\n%s", err, d, out.String())
	}
	for _, bad := range []string{"", "text", "<rss><channel/></rss>"} {
		if _, err := ReadOPML([]byte(bad)); !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("ReadOPML(%q) = %v, want ErrMalformed", bad, err)
		}
	}
}

func FuzzOPML(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="a"><outline xmlUrl="https://n.example/"/></outline></body></opml>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		subs, err := ReadOPML(data)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := WriteOPML(&out, "t", subs); err != nil {
			t.Fatal(err)
		}
		again, err := ReadOPML(out.Bytes())
		if err != nil || len(again) != len(subs) {
			t.Errorf("%d subscriptions became %d, %v", len(subs), len(again), err)
		}
	})
}
