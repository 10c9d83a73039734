package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A Size is a number of bytes, written as "512", "64MiB" or "2GB".
type Size int64

var sizeUnits = []struct {
	name  string
	bytes int64
}{
	{"TiB", 1 << 40},
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"TB", 1e12},
	{"GB", 1e9},
	{"MB", 1e6},
	{"kB", 1e3},
	{"B", 1},
}

// String implements [flag.Value].
func (s *Size) String() string {
	for _, u := range sizeUnits[:4] {
		if n := int64(*s); n != 0 && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Set implements [flag.Value].
func (s *Size) Set(text string) error {
	digits, factor := strings.TrimSpace(text), int64(1)
	for _, u := range sizeUnits {
		if len(digits) > len(u.name) && strings.EqualFold(digits[len(digits)-len(u.name):], u.name) {
			digits, factor = strings.TrimSpace(digits[:len(digits)-len(u.name)]), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || n > (1<<62)/factor {
		return errors.New("want bytes, like 512MiB or 2GB")
	}
	*s = Size(n * factor)
	return nil
}

// A Limit bounds something by age and size, written as AGE[:SIZE]: "90d", "0:50GiB".
// Zero fields are no bound.
type Limit struct {
	Age   time.Duration
	Bytes int64
}

// String implements [flag.Value].
func (l *Limit) String() string {
	if l == nil || *l == (Limit{}) {
		return ""
	}
	age := "0"
	switch days := l.Age / (24 * time.Hour); {
	case l.Age == 0:
	case l.Age%(24*time.Hour) == 0:
		age = strconv.Itoa(int(days)) + "d"
	default:
		age = l.Age.String()
	}
	if l.Bytes == 0 {
		return age
	}
	size := Size(l.Bytes)
	return age + ":" + size.String()
}

// Set implements [flag.Value].
func (l *Limit) Set(text string) error {
	age, size, sized := strings.Cut(text, ":")
	d, err := parseAge(strings.TrimSpace(age))
	if err != nil {
		return err
	}
	var s Size
	if sized {
		if err := s.Set(size); err != nil {
			return err
		}
	}
	*l = Limit{d, int64(s)}
	return nil
}

// A Keep says how much of a stream, or of one publisher's part of it, is kept.
type Keep struct {
	Stream    string        // "ARTICLES", "EXTRACTIONS", "CLAIMS", "REVIEWS" or "DEAD"
	Publisher string        // domain; empty for the whole stream
	Age       time.Duration // older records are dropped; 0 keeps them
	Bytes     int64         // beyond it the oldest are dropped, of a whole stream once all stages have them; 0 for no bound
}

// minStream is the least size of a whole stream: twice what is stored at once.
const minStream = 32 << 20

// ParseKeep reads rules of the form STREAM[/PUBLISHER]=AGE[:SIZE], such as
// "articles=7d:2GB", "articles/example.com=36h" and "claims=0". Only ARTICLES and
// EXTRACTIONS are parted by publisher.
func ParseKeep(rules []string) ([]Keep, error) {
	var out []Keep
	for _, rule := range rules {
		k, err := parseKeep(rule)
		if err != nil {
			return nil, fmt.Errorf("keep: %q: %w", rule, err)
		}
		out = append(out, k)
	}
	return out, nil
}

func parseKeep(rule string) (k Keep, err error) {
	what, much, ok := strings.Cut(rule, "=")
	if !ok {
		return k, errors.New("want STREAM[/PUBLISHER]=AGE[:SIZE]")
	}
	stream, publisher, parted := strings.Cut(what, "/")
	k.Stream, k.Publisher = strings.ToUpper(strings.TrimSpace(stream)), strings.TrimSpace(publisher)
	switch k.Stream {
	case "ARTICLES", "EXTRACTIONS":
		if parted && k.Publisher == "" {
			return k, errors.New("no publisher after /")
		}
	case "CLAIMS", "REVIEWS", "DEAD":
		if parted {
			return k, fmt.Errorf("%s is not parted by publisher", k.Stream)
		}
	default:
		return k, errors.New("there are the streams articles, extractions, claims, reviews and dead")
	}
	var l Limit
	err = l.Set(much)
	k.Age, k.Bytes = l.Age, l.Bytes
	if err == nil && !parted && k.Bytes > 0 && k.Bytes < minStream {
		err = errors.New("a whole stream needs 32MiB or more: a batch may take half of that")
	}
	return k, err
}

// parseAge is [time.ParseDuration] with days: "7d", "36h", "0".
func parseAge(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok && strings.IndexFunc(days, func(r rune) bool { return !unicode.IsDigit(r) }) < 0 {
		n, err := strconv.Atoi(days)
		if err != nil || n > 36500 {
			return 0, errors.New("want an age, like 7d or 36h")
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, errors.New("want an age, like 7d or 36h, or 0 for ever")
	}
	return d, nil
}
