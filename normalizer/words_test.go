package normalizer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestDays compares days with the calendar of the standard library.
func TestDays(t *testing.T) {
	want := func(s string) (int, int, bool) {
		s = s[:min(len(s), 10)]
		for n, layout := range map[int]string{10: "2006-01-02", 7: "2006-01", 4: "2006"} {
			first, err := time.Parse(layout, s)
			if len(s) != n || err != nil {
				continue
			}
			last := map[int]time.Time{10: first, 7: first.AddDate(0, 1, -1), 4: first.AddDate(1, 0, -1)}[n]
			return int(first.Unix() / 86400), int(last.Unix() / 86400), true
		}
		return 0, 0, false
	}
	check := func(s string) {
		t.Helper()
		first, last, ok := days(s)
		if f, l, k := want(s); first != f || last != l || ok != k {
			t.Errorf("days(%q) = %d, %d, %t, want %d, %d, %t", s, first, last, ok, f, l, k)
		}
	}
	for _, year := range []int{0, 1, 4, 100, 400, 1582, 1900, 1969, 1970, 1972, 2000, 2024, 2025, 2100, 9999} {
		for month := range 14 {
			for day := range 33 {
				check(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
			}
			check(fmt.Sprintf("%04d-%02d", year, month))
		}
		check(fmt.Sprintf("%04d", year))
	}
	for s := range strings.SplitSeq("|2|202|2025-|2025-1|2025-1-|2025-01-|2025-01-1|2025/01/01|2025-01-0a|20a5|-025-01-01|+025|2025-+1-01|2025-01-01T10:00:00Z|２０２５", "|") {
		check(s)
	}
}
