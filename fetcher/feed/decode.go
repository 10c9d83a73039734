package feed

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// signatures are the byte order marks and, without one, the first characters of
// a document in 16 and 32 bits (XML 1.0 appendix F). Longer ones come first.
var signatures = []struct {
	prefix string
	enc    encoding.Encoding
}{
	{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\x00\x00\x00<", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"<\x00\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\x00<", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"<\x00", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\x00{", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"{\x00", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"Lo\xa7\x94", charmap.CodePage037}, // "<?xm" in EBCDIC
}

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})`)

// decode returns data as UTF-8. Bytes that are valid UTF-8 are taken as such
// whatever the labels say, since no other encoding looks like it by chance;
// bytes that fit nothing are read as windows-1252 one by one.
func decode(data []byte, contentType string, rep *repairs) string {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.prefix)) {
			out, err := s.enc.NewDecoder().Bytes(data)
			if err != nil {
				rep.add(RepairBytes, err.Error())
			}
			return strings.TrimPrefix(string(out), "\ufeff")
		}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	label := declared(data, contentType)
	enc, name := charset.Lookup(label)
	if utf8.Valid(data) && !strings.HasPrefix(name, "iso-2022") {
		if enc != nil && name != "utf-8" && name != "utf-16le" && name != "utf-16be" && !ascii(data) {
			rep.add(RepairCharset, "declares "+label+" and is utf-8")
		}
		return string(data)
	}
	switch {
	case enc == nil && label != "":
		rep.add(RepairCharset, "declares "+label+", which is not known")
	case enc == nil:
		rep.add(RepairCharset, "is not utf-8 and declares nothing")
	case name == "utf-8" || strings.HasPrefix(name, "utf-16"):
		rep.add(RepairCharset, "declares "+label+" and is something else")
	default:
		if out, err := enc.NewDecoder().Bytes(data); err == nil {
			if bytes.ContainsRune(out, utf8.RuneError) {
				rep.add(RepairBytes, "bytes that are not "+name)
			}
			return string(out)
		}
	}
	return latin(data)
}

// declared returns the label of the HTTP header, else of the XML declaration.
func declared(data []byte, contentType string) string {
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		if enc, _ := charset.Lookup(params["charset"]); enc != nil {
			return params["charset"]
		}
	}
	if m := declaration.FindSubmatch(data[:min(len(data), 1024)]); m != nil {
		return string(m[1])
	}
	return ""
}

// latin keeps what is UTF-8 and reads every other byte as windows-1252: pages
// glued together from both are common.
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

func ascii(data []byte) bool {
	for _, c := range data {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
