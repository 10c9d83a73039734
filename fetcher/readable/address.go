package readable

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/claimwire/claimwire/schemas"
)

// Domain returns the registrable domain of a host ("news.example.co.uk" ->
// "example.co.uk"), lower case, in ASCII; "" for an address or a single label.
func Domain(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return ""
	}
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return d
}

// canonical returns the address the page gives for itself, without tracking
// parameters. It counts only within the registrable domain that was fetched:
// or within a domain that is listed as its partner: otherwise any site could pass
// off its text as a new version of another's. A front page is not believed either:
// it would make all articles one.
func canonical(fetched *url.URL, declared string, partners []string) string {
	if fetched == nil {
		return ""
	}
	if declared == "" {
		return clean(fetched, true)
	}
	u, err := fetched.Parse(strings.TrimSpace(declared))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !sameSite(fetched.Hostname(), u.Hostname()) && !slices.Contains(partners, Domain(u.Hostname())) ||
		strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && strings.Trim(fetched.Path, "/") != "" {
		return clean(fetched, true)
	}
	return clean(u, true)
}

func sameSite(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	d := Domain(a)
	return d != "" && d == Domain(b)
}

// tracking are query parameters that say who reads or where the reader came
// from; after the lists of feed readers and privacy tools.
var tracking = map[string]bool{
	"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true, "msclkid": true, "twclid": true,
	"yclid": true, "ysclid": true, "igshid": true, "mc_cid": true, "mc_eid": true, "mkt_tok": true, "vero_id": true, "oly_enc_id": true,
	"oly_anon_id": true, "_openstat": true, "rb_clickid": true, "s_cid": true, "cmpid": true, "ocid": true, "cid": true, "ns_campaign": true, "ns_mchannel": true,
	"ns_source": true, "at_medium": true, "at_campaign": true, "xtor": true, "soc_src": true, "soc_trk": true, "smid": true, "smtyp": true,
	"ref_src": true, "ref_url": true, "partner": true, "__twitter_impression": true, "guccounter": true, "ftag": true, "sh": true, "wt_mc": true,
	"_hsenc": true, "_hsmi": true, "hsctatracking": true, "srsltid": true, "traffic_source": true,
	"phpsessid": true, "jsessionid": true, "aspsessionid": true,
}

// Clean returns an address in the form that ids are made of: lower-case scheme
// and host, no default port, credentials, fragment or tracking parameters. It
// returns "" if s is not an absolute http or https address.
func Clean(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	return clean(u, true)
}

// clean is Clean; parameters stay if strip is false.
func clean(u *url.URL, strip bool) string {
	if u == nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return ""
	}
	c := *u
	c.User, c.Fragment, c.RawFragment, c.ForceQuery = nil, "", "", false
	c.Host = strings.ToLower(c.Host)
	if port := c.Port(); port == "80" && c.Scheme == "http" || port == "443" && c.Scheme == "https" {
		c.Host = strings.TrimSuffix(c.Host, ":"+port)
	}
	if c.Path == "" {
		c.Path = "/"
	}
	if strip {
		c.RawQuery = stripTracking(c.RawQuery)
	}
	return validUTF8(c.String())
}

// stripTracking keeps the order and spelling of what stays.
func stripTracking(query string) string {
	var keep []string
	for _, pair := range strings.Split(query, "&") {
		k, _, _ := strings.Cut(pair, "=")
		k = strings.ToLower(k)
		if pair == "" || tracking[k] || strings.HasPrefix(k, "utm_") || strings.HasPrefix(k, "mtm_") || strings.HasPrefix(k, "pk_") || strings.HasPrefix(k, "piwik_") {
			continue
		}
		keep = append(keep, pair)
	}
	return strings.Join(keep, "&")
}

// publisher names the site that was fetched. Its domain is never the page's to
// choose.
func publisher(p Page, m *meta, address *url.URL) schemas.Publisher {
	pub := schemas.Publisher{Name: Line(first(m.ld.publisher, m.site, p.Hints.Publisher))}
	if address != nil {
		pub.Domain = Domain(address.Hostname())
	}
	if len(pub.Name) > 200 {
		pub.Name = ""
	}
	return pub
}
