package sample

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariations(t *testing.T) {
	short, err := Variations(30)
	if err != nil {
		t.Fatal(err)
	}
	long, err := Variations(200)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(short, long[:30]); diff != "" {
		t.Errorf("a longer list starts otherwise:\n%s", diff)
	}
	var urls, texts []string
	for i := range long {
		if err := long[i].Complete(); err != nil {
			t.Fatal(err)
		}
		urls = append(urls, long[i].URL)
		texts = append(texts, long[i].Text)
	}
	for _, list := range [][]string{urls, texts[24:]} { // the newsroom itself runs copies
		slices.Sort(list)
		if n := len(slices.Compact(slices.Clone(list))); n != len(list) {
			t.Errorf("%d of %d are distinct", n, len(list))
		}
	}
}

func TestVary(t *testing.T) {
	const text = "In 2025, 180 trucks and 14 cars brought 1,200.50 t at 10:30, no 7, on 2025-11-24."
	const want = "In 2025, 183 trucks and 17 cars brought 1,200.50 t at 10:30, no 7, on 2025-11-24."
	if got := vary(text, 3); got != want {
		t.Errorf("vary(%q, 3) = %q, want %q", text, got, want)
	}
}

func TestReports(t *testing.T) {
	short, err := Reports(30)
	if err != nil {
		t.Fatal(err)
	}
	long, err := Reports(200)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(short, long[:30]); diff != "" {
		t.Errorf("a longer list starts otherwise:\n%s", diff)
	}
	seen := map[string]string{}
	for i := range long {
		a := &long[i]
		if err := a.Complete(); err != nil {
			t.Fatal(err)
		}
		if n := len(strings.Fields(a.Text)); n < reportWords || n > 2*reportWords {
			t.Errorf("%s: %d words", a.URL, n)
		}
		for _, p := range strings.Split(a.Text, "\n") {
			if strings.ContainsAny(p, "{}") {
				t.Errorf("%s: a slot is left in %q", a.URL, p)
			}
		}
		for _, key := range []string{a.URL, a.Text} {
			if seen[key] != "" {
				t.Errorf("%s repeats %s", a.URL, seen[key])
			}
			seen[key] = a.URL
		}
		if i >= 24 && (strings.Contains(a.Text, "Brightwell") || strings.Contains(a.Text, "Paredes")) {
			t.Errorf("%s: a story that began anew has the old names", a.URL)
		}
	}
}
