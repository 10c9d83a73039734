package feed

import (
	"fmt"
	"strings"
	"testing"
)

const jsonFeed = `{"version":"https://jsonfeed.org/version/%s","title":"News","home_page_url":"http://n.example/",
"items":[{"id":"1","url":"http://n.example/1","title":"one Zürich","content_html":"<p>More</p>","tags":["a","b"]},{"id":"2","url":"http://n.example/2","title":"two Zürich","content_text":"More \"of\" it"}]}`

// TestJSONFaults reads JSON Feeds with what is wrong with them in the wild.
func TestJSONFaults(t *testing.T) {
	for _, version := range []string{"1", "1.1"} {
		good := fmt.Sprintf(jsonFeed, version)
		for _, tt := range []struct {
			name, body string
			silent     bool
		}{
			{"none", good, true},
			{"byte order mark", "\ufeff" + good, true},
			{"blank lines", "\n\n" + good + "\n", true},
			{"line break in a string", strings.ReplaceAll(good, "More", "More\nof"), false},
			{"tab and NUL in a string", strings.ReplaceAll(good, "More", "More\t\x00of"), false},
			{"comma behind the last item", strings.Replace(good, "}]}", "},\n]}", 1), false},
			{"comma behind the last field", strings.Replace(good, `"b"]}`, `"b"],}`, 1), false},
			{"comma behind the last tag", strings.Replace(good, `"b"]`, `"b",]`, 1), false},
			{"stray backslash", strings.Replace(good, "<p>More", `<p>\Path\to`, 1), false},
			{"something after the end", good + "<!-- cached -->", false},
			{"end missing", strings.TrimSuffix(good, "]}"), false},
			{"not UTF-8", strings.ReplaceAll(good, "<p>More", "<p>M\xf6re"), false},
		} {
			f, err := Parse([]byte(tt.body), "application/feed+json", "")
			if err == nil {
				err = items(f, "Zürich")
			}
			if err != nil {
				t.Errorf("version %s, %s: %v", version, tt.name, err)
				continue
			}
			if f.Kind != JSON || tt.silent != (len(f.Repairs) == 0) {
				t.Errorf("version %s, %s: kind %s, repairs %v", version, tt.name, f.Kind, f.Repairs)
			}
		}
	}
}

// TestJSONTruncated cuts a JSON Feed off at every byte: its whole items are read.
func TestJSONTruncated(t *testing.T) {
	text := fmt.Sprintf(jsonFeed, "1.1")
	first := strings.Index(text, `"b"]}`) + len(`"b"]}`)
	for n := first; n < len(text); n++ {
		f, err := Parse([]byte(text[:n]), "", "")
		if err != nil || len(f.Items) == 0 || len(f.Items) > 2 || f.Items[0].Title != "one Zürich" || len(f.Repairs) == 0 {
			t.Fatalf("cut at %d of %d: %+v, %v", n, len(text), f, err)
		}
	}
}

func FuzzTidyJSON(f *testing.F) {
	f.Add(fmt.Sprintf(jsonFeed, "1.1"))
	f.Add(`{"items":[{"a":"\\`)
	f.Add("{]}[,")
	f.Fuzz(func(t *testing.T, s string) {
		out := tidyJSON(s, &repairs{})
		if len(out) > 2*len(s)+2 {
			t.Errorf("%d bytes became %d", len(s), len(out))
		}
		_, _ = Parse([]byte(s), "", "")
	})
}
