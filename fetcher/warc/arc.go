package warc

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ARC, the format before WARC (Internet Archive, 1996), has one line before each
// payload: address, server, time, media type and length, in version 2 with more
// in between. Its first record describes the file.
const arcBegin = "filedesc://"

// readARC reads the rest of a record whose first line is l. It has no id of its
// own and gets one made of what it holds.
func readARC(in source, l string) (*Record, error) {
	f := strings.Fields(l)
	n := len(f)
	rec := &Record{Type: Resource}
	url := n - 4 // words of the address: some have spaces
	if n == 10 && len(f[2]) == 14 {
		url = 1
	}
	if n < 5 {
		return nil, fmt.Errorf("%w: an ARC record begins with %.60q", ErrFormat, l)
	}
	length, err := strconv.ParseInt(f[n-1], 10, 64)
	if err != nil || length < 0 {
		return nil, fmt.Errorf("%w: length %.30q of an ARC record", ErrFormat, f[n-1])
	}
	if rec.Date, err = time.Parse("20060102150405", f[url+1]); err != nil {
		return nil, fmt.Errorf("%w: time %.30q of an ARC record", ErrFormat, f[url+1])
	}
	rec.Target, rec.ContentType = strings.Join(f[:url], "%20"), f[url+2]
	rec.Fields = []Field{{"WARC-IP-Address", f[url]}}
	if err := rec.fill(in, length); err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(rec.Target, arcBegin):
		rec.Type = Warcinfo
	case bytes.HasPrefix(rec.Block, []byte("HTTP/")):
		rec.Type, rec.ContentType = Response, typeResponse
	}
	rec.ID = recordID("arc", rec.Target, f[url+1], Digest(rec.Block))
	return rec, nil
}
