package fetcher

import (
	"net"
	"time"
)

// Dialer returns a dialer that reaches the public internet alone, as the fetcher
// does, for other parts of a program that connect to addresses of others. It
// checks the address after name resolution, so a name that changes its answer
// cannot slip through. With allowPrivate it reaches every address.
func Dialer(timeout time.Duration, allowPrivate bool) *net.Dialer {
	d := &net.Dialer{Timeout: timeout}
	if !allowPrivate {
		d.Control = guard
	}
	return d
}

// Redact returns an address without its credentials, for logs and pages.
func Redact(address string) string { return redact(address) }
