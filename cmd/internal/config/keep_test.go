package config

import (
	"strings"
	"testing"
	"time"
)

func TestLimit(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Limit
		out  string
	}{
		{"90d", Limit{Age: 90 * 24 * time.Hour}, "90d"},
		{"36h", Limit{Age: 36 * time.Hour}, "36h0m0s"},
		{"0:50GiB", Limit{Bytes: 50 << 30}, "0:50GiB"},
		{"24h : 1MiB", Limit{Age: 24 * time.Hour, Bytes: 1 << 20}, "1d:1MiB"},
		{"0", Limit{}, ""},
	} {
		var got Limit
		if err := got.Set(tt.in); err != nil || got != tt.want || got.String() != tt.out {
			t.Errorf("Set(%q) = %+v (%s), %v; want %+v (%s)", tt.in, got, got.String(), err, tt.want, tt.out)
		}
	}
	for _, in := range []string{"", "1GiB", "1d:", "1d:much", "-1h"} {
		var got Limit
		if err := got.Set(in); err == nil {
			t.Errorf("Set(%q) = %+v", in, got)
		}
	}
}

func TestSize(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Size
		out  string
	}{
		{"0", 0, "0"},
		{"512", 512, "512"},
		{"64MiB", 64 << 20, "64MiB"},
		{"2 gb", 2e9, "1953125KiB"},
		{"1KiB", 1024, "1KiB"},
		{"3B", 3, "3"},
	} {
		var got Size
		if err := got.Set(tt.in); err != nil || got != tt.want || got.String() != tt.out {
			t.Errorf("Set(%q) = %d (%s), %v; want %d (%s)", tt.in, got, got.String(), err, tt.want, tt.out)
		}
	}
	for _, in := range []string{"", "MiB", "-1", "1.5GB", "9999999999999999999", "9999999999TiB", "12 parsecs"} {
		var got Size
		if err := got.Set(in); err == nil {
			t.Errorf("Set(%q) = %d", in, got)
		}
	}
}

func TestParseKeep(t *testing.T) {
	const day = 24 * time.Hour
	for rule, want := range map[string]Keep{
		"articles=7d":                       {Stream: "ARTICLES", Age: 7 * day},
		"articles=7d:2GB":                   {Stream: "ARTICLES", Age: 7 * day, Bytes: 2e9},
		"EXTRACTIONS/news.example=36h:1MiB": {Stream: "EXTRACTIONS", Publisher: "news.example", Age: 36 * time.Hour, Bytes: 1 << 20},
		"claims=0":                          {Stream: "CLAIMS"},
	} {
		got, err := ParseKeep([]string{rule})
		if err != nil || got[0] != want {
			t.Errorf("ParseKeep(%q) = %+v, %v, want %+v", rule, got, err, want)
		}
	}
	for rule, want := range map[string]string{
		"articles":                       "AGE",
		"artikel=7d":                     "there are the streams",
		"articles/=7d":                   "no publisher",
		"claims/x=7d":                    "not parted",
		"articles=soon":                  "want an age",
		"articles=-1h":                   "want an age",
		"articles=1d:lots":               "want bytes",
		"claims=0:31MiB":                 "32MiB or more",
		"articles=9999999d":              "want an age",
		"articles=99999999999999999999d": "want an age",
	} {
		if _, err := ParseKeep([]string{rule}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseKeep(%q) = %v, want %q", rule, err, want)
		}
	}
}

func FuzzParseKeep(f *testing.F) {
	for _, rule := range []string{"articles=7d:2GB", "extractions/news.example=36h", "dead=0", "a=b:c", "articles/=1d"} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		ks, err := ParseKeep([]string{rule})
		if err == nil && (ks[0].Stream == "" || ks[0].Age < 0 || ks[0].Bytes < 0) {
			t.Errorf("ParseKeep(%q) = %+v", rule, ks)
		}
	})
}
