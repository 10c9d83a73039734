// Package warc writes web archives, indexes them, and reads those of other tools.
//
// Files follow WARC 1.1 (ISO 28500:2017): one gzip member for each record, so
// that a record can be read from its offset alone. A request and its response
// are joined by WARC-Concurrent-To; a payload that is in the archive already
// becomes a revisit; text made of a page is a conversion that refers to it. Each
// file has an index beside it, CDXJ sorted by SURT key.
//
// Record ids are hashes of what is recorded and where, so that the same requests
// at the same times give the same archive. The HTTP header of a response is
// written as net/http gives it, with canonical names in alphabetical order; the
// body is what came, with its Content-Encoding, without transfer coding.
package warc

import (
	"bytes"
	"crypto/sha1" // the digest that archives use; nothing depends on its strength
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Type says what a record holds.
type Type string

// Types of records.
const (
	Warcinfo   Type = "warcinfo"
	Request    Type = "request"
	Response   Type = "response"
	Resource   Type = "resource"
	Revisit    Type = "revisit"
	Metadata   Type = "metadata"
	Conversion Type = "conversion"
)

// Profiles of revisit records (WARC 1.1, section 6.7).
const (
	ProfileIdentical   = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	ProfileNotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
)

// Content types of blocks.
const (
	typeResponse = "application/http;msgtype=response"
	typeRequest  = "application/http;msgtype=request"
	typeFields   = "application/warc-fields"
)

// A Field is one named field of a record's header.
type Field struct {
	Name, Value string
}

// A Record is one record of an archive.
type Record struct {
	Type        Type
	ID          string    // WARC-Record-ID without its brackets: "urn:uuid:…"
	Date        time.Time // UTC
	Target      string    // WARC-Target-URI; empty if it has none
	ContentType string    // of the block
	Fields      []Field   // all others, in order
	Block       []byte

	Offset    int64 // set by a Reader: bytes before it in the file; of its gzip member if there are several in one
	Length    int64 // set by a Reader: bytes that it takes in the file; 0 if unknown
	Truncated bool  // set by a Reader: the block was longer than it keeps
}

// Field returns the value of a field; "" if there is none. Names are compared
// without regard to case.
func (r *Record) Field(name string) string {
	for _, f := range r.Fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// RefersTo returns the id of the record that this one refers to; "" if none.
func (r *Record) RefersTo() string { return bare(r.Field("WARC-Refers-To")) }

func bare(id string) string { return strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">") }

// HTTP parts the block of a request, response or revisit into the HTTP header,
// with its blank line, and the body. ok is false if the block is no HTTP message.
func (r *Record) HTTP() (head, body []byte, ok bool) {
	if !bytes.HasPrefix(r.Block, []byte("HTTP/")) && r.Type != Request {
		return nil, nil, false
	}
	for _, blank := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(r.Block, []byte(blank)); i >= 0 {
			return r.Block[:i+len(blank)], r.Block[i+len(blank):], true
		}
	}
	return r.Block, nil, true
}

// Digest returns the SHA-1 of data in base 32, as archives name payloads.
func Digest(data []byte) string {
	sum := sha1.Sum(data)
	return base32.StdEncoding.EncodeToString(sum[:])
}

// recordID makes a UUID of version 8 (RFC 9562) of what identifies a record.
func recordID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// dateLayout gives microseconds, which WARC 1.1 allows.
const dateLayout = "2006-01-02T15:04:05.000000Z"

// appendTo writes the record as it stands in a file before compression.
func (r *Record) appendTo(b *bytes.Buffer) {
	field := func(name, value string) {
		if value != "" {
			b.WriteString(name)
			b.WriteString(": ")
			b.WriteString(oneLine(value))
			b.WriteString("\r\n")
		}
	}
	b.WriteString("WARC/1.1\r\n")
	field("WARC-Type", string(r.Type))
	field("WARC-Record-ID", "<"+r.ID+">")
	field("WARC-Date", r.Date.UTC().Format(dateLayout))
	field("WARC-Target-URI", r.Target)
	for _, f := range r.Fields {
		field(f.Name, f.Value)
	}
	field("WARC-Block-Digest", "sha1:"+Digest(r.Block))
	field("Content-Type", r.ContentType)
	field("Content-Length", strconv.Itoa(len(r.Block)))
	b.WriteString("\r\n")
	b.Write(r.Block)
	b.WriteString("\r\n\r\n")
}

// oneLine keeps what the web sent from ending a header line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
