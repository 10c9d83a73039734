package fetcher

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRevised(t *testing.T) {
	tests := []struct {
		name, before, after string
		gone, fresh         []string
	}{
		{"a figure", "Nine ships wait. Pilots sleep.\nFog came.", "Ten ships wait. Pilots sleep.\nFog came.", []string{"Nine ships wait."}, []string{"Ten ships wait."}},
		{"another order", "One came. Two left.", "Two left.\nOne came.", nil, nil},
		{"twice and once", "No. No.", "No.", []string{"No."}, nil},
		{"quoted", `"It sank." He wept. No!`, `He wept. No!`, []string{`"It sank."`}, nil},
		{"abbreviation before a small letter", "It is approx. nine.", "It is approx. ten.", []string{"It is approx. nine."}, []string{"It is approx. ten."}},
		{"to nothing", "One came.", "", []string{"One came."}, nil},
	}
	for _, tt := range tests {
		gone, fresh := revised(tt.before, tt.after)
		if d := cmp.Diff(tt.gone, gone) + cmp.Diff(tt.fresh, fresh); d != "" {
			t.Errorf("%s: revised(%q, %q) (-want +got):\n%s", tt.name, tt.before, tt.after, d)
		}
	}
}

func FuzzRevised(f *testing.F) {
	f.Add("Nine ships wait. \"Yes.\" No", "Ten ships wait.\n\nNo")
	f.Fuzz(func(t *testing.T, a, b string) {
		gone, fresh := revised(a, b)
		if len(sentences(a))-len(gone) != len(sentences(b))-len(fresh) {
			t.Errorf("revised(%q, %q) keeps %d and %d sentences", a, b, len(sentences(a))-len(gone), len(sentences(b))-len(fresh))
		}
		for _, s := range append(gone, fresh...) {
			if !strings.Contains(a+"\x00"+b, s) {
				t.Errorf("revised(%q, %q) makes up %q", a, b, s)
			}
		}
	})
}
