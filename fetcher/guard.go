package fetcher

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"

	"github.com/claimwire/claimwire/schemas"
)

// ErrBlocked is returned for a request to an address that is not on the public
// internet. It matches [schemas.ErrMalformed]: asking again cannot help.
var ErrBlocked = fmt.Errorf("address is not public: %w", schemas.ErrMalformed)

// notPublic are the special-purpose blocks of the IANA registries (RFC 6890 and
// its successors) inside the space that is otherwise public.
var notPublic = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

var (
	global6 = netip.MustParsePrefix("2000::/3")
	nat64   = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// public reports whether ip is an address of the public internet.
func public(ip netip.Addr) bool {
	ip = ip.WithZone("").Unmap() // ::ffff:10.0.0.1 is 10.0.0.1
	if nat64.Contains(ip) {      // 64:ff9b::10.0.0.1 is 10.0.0.1 behind a translator
		b := ip.As16()
		ip = netip.AddrFrom4([4]byte(b[12:]))
	}
	if ip.Is6() && !global6.Contains(ip) {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsValid()
}

// guard is a net.Dialer's Control: it sees the address that is really dialled,
// after name resolution, so a name that changes its answer cannot slip through,
// and it runs for redirects and robots.txt like for any other request.
func guard(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !public(ap.Addr()) {
		return fmt.Errorf("dial %s: %w", address, ErrBlocked)
	}
	return nil
}

func newClient(cfg Config) *http.Client {
	open := &net.Dialer{Timeout: cfg.HeaderTimeout}
	guarded := &net.Dialer{Timeout: cfg.HeaderTimeout, Resolver: cfg.Resolver}
	if !cfg.AllowPrivate {
		guarded.Control = guard
	}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, err := net.SplitHostPort(address); err == nil {
			if to, ok := cfg.Hosts[strings.ToLower(host)]; ok {
				return open.DialContext(ctx, network, to)
			}
		}
		return guarded.DialContext(ctx, network, address)
	}
	return &http.Client{
		// No proxy: it would dial for us, past the guard.
		Transport: &http.Transport{
			DialContext:            dial,
			TLSHandshakeTimeout:    cfg.HeaderTimeout,
			ResponseHeaderTimeout:  cfg.HeaderTimeout,
			MaxResponseHeaderBytes: 256 << 10,
			MaxIdleConns:           4 * cfg.MaxInFlight,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        cfg.HeaderTimeout * 6,
			DisableCompression:     true, // decoded here, with a bound on the ratio
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func blocked(err error) bool { return errors.Is(err, ErrBlocked) }
