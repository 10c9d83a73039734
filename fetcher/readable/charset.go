package readable

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// metaCharset finds the declaration where pages put it too late for the 1,024
// bytes that the standard looks at.
var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9._:-]{2,40})`)

// decode returns data as UTF-8, without byte order mark. What is valid UTF-8 is
// taken as such whatever the labels say, since no other encoding looks like it by
// chance; a page that declares nothing, or wrongly UTF-8, is read as
// windows-1252 wherever it is not UTF-8.
func decode(data []byte, contentType string) string {
	switch {
	case bytes.HasPrefix(data, []byte("<\x00")):
		return convert(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), data)
	case bytes.HasPrefix(data, []byte("\x00<")):
		return convert(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), data)
	}
	enc, name, certain := charset.DetermineEncoding(data, contentType)
	if !certain {
		if m := metaCharset.FindSubmatch(data[:min(len(data), 16<<10)]); m != nil {
			if e, n := charset.Lookup(string(m[1])); e != nil {
				enc, name = e, n
			}
		}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) && !strings.HasPrefix(name, "utf-16") && !strings.HasPrefix(name, "iso-2022") {
		return string(data)
	}
	if name == "utf-8" || name == "windows-1252" {
		return latin(data)
	}
	return convert(enc, data)
}

func convert(enc encoding.Encoding, data []byte) string {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return latin(data)
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(out), "\ufffd"), "\ufeff")
}

// latin keeps what is UTF-8 and reads every other byte as windows-1252.
func latin(data []byte) string {
	var b strings.Builder
	b.Grow(len(data) + len(data)/8)
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(data[0])
		}
		b.WriteRune(r)
		data = data[n:]
	}
	return b.String()
}
