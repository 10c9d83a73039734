// Package schemas defines the records that cross the boundaries of claimwire's
// stages, the subjects they travel on, and their JSON Schema.
//
//	feeds --> fetcher --Article--> extractor --Extraction--> normalizer --Change--> sinks, desk
//
// Every record is one JSON object. Offsets (`start`, `end`) are Unicode code
// points, end exclusive, as the W3C TextPositionSelector counts them; see
// [Offsets] for the conversion from bytes. Dates are ISO 8601 prefixes
// ("2025", "2025-10", "2025-10-10") and intervals of dates are inclusive.
// Numbers are JSON numbers, kept as exact decimals ([Decimal]) in Go.
//
// The package imports only the standard library, so that a client can depend on
// it alone.
package schemas

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"errors"
)

// Version is the version of the record formats, written as schema_version in
// every record. It changes when a field is removed, renamed or retyped; adding
// an optional field does not change it.
const Version = "1"

// MaxTextBytes is the largest article text that the stages accept; longer texts
// end as dead letters.
const MaxTextBytes = 1 << 20

// ErrMalformed marks input that can never be processed, however often it is
// tried: the bus sends it to the dead letters at once instead of retrying.
var ErrMalformed = errors.New("malformed")

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ID returns prefix, "_" and 26 characters of base 32 that name parts: 130 bits
// of a SHA-256 over the parts, each preceded by its length. Equal parts give
// equal ids on every platform; nothing else enters.
func ID(prefix string, parts ...string) string {
	b := make([]byte, 0, 512)
	for _, p := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
		b = append(b, p...)
	}
	sum := sha256.Sum256(b)
	var text [56]byte
	idEncoding.Encode(text[:], sum[:])
	return prefix + "_" + string(text[:26])
}

// SHA256 returns the hash of s as "sha256:" and 64 hexadecimal digits.
func SHA256(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}
