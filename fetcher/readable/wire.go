package readable

import (
	"regexp"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// agencies are names under which news agencies sign, with the name we use.
var agencies = []struct{ sign, name string }{
	{"Reuters", "Reuters"},
	{"Thomson Reuters", "Reuters"},
	{"AP", "AP"},
	{"Associated Press", "AP"},
	{"The Associated Press", "AP"},
	{"AFP", "AFP"},
	{"Agence France-Presse", "AFP"},
	{"dpa", "dpa"},
	{"Deutsche Presse-Agentur", "dpa"},
	{"PA", "PA"},
	{"PA Media", "PA"},
	{"Press Association", "PA"},
	{"EFE", "EFE"},
	{"ANSA", "ANSA"},
	{"Xinhua", "Xinhua"},
	{"TASS", "TASS"},
	{"Interfax", "Interfax"},
	{"Kyodo", "Kyodo"},
	{"Kyodo News", "Kyodo"},
	{"Yonhap", "Yonhap"},
	{"PTI", "PTI"},
	{"Press Trust of India", "PTI"},
	{"ANI", "ANI"},
	{"Bloomberg", "Bloomberg"},
	{"UPI", "UPI"},
	{"Anadolu", "Anadolu"},
	{"Anadolu Agency", "Anadolu"},
	{"AA", "Anadolu"},
	{"The Canadian Press", "The Canadian Press"},
	{"AAP", "AAP"},
	{"Australian Associated Press", "AAP"},
	{"WAFA", "WAFA"},
	{"IRNA", "IRNA"},
	{"Ritzau", "Ritzau"},
	{"Belga", "Belga"},
}

// agency returns the name of the agency that signs so; "" if it is none. A name
// that says what it is needs no list.
func agency(sign string) string {
	sign = strings.Trim(strings.TrimSpace(sign), ".,;:()")
	if agencyName.MatchString(sign) {
		return sign
	}
	for _, a := range agencies {
		if strings.EqualFold(a.sign, sign) && (len(a.sign) > 3 || a.sign == sign || strings.ToUpper(a.sign) == sign) {
			return a.name
		}
	}
	return ""
}

var (
	// "JERUSALEM, Nov 25 (Reuters) - ", "CAIRO (AP) — "
	dateline = regexp.MustCompile(`^\p{Lu}[\p{L}\p{M}.'’-]*(?:[ ,/]+(?:[\p{Lu}0-9][\p{L}\p{M}.'’0-9-]*|de|da|del|of|la|el|al|and|on|the)){0,7},? ?\(((?:\p{Lu}[\p{L}&.-]*|dpa)(?: (?:\p{Lu}[\p{L}&.-]*|of)){0,3})\)\s*(?:[-–—:]|--)`)
	// a last line: "(AP)", "— Reuters", "Source: AFP", "© 2025 The Associated Press"
	signature  = regexp.MustCompile(`^(?:[(–—-]|(?i:source|credit)s?:|(?:©|\(c\)|(?i:copyright))(?: \d{4})?(?: ©)?)\s*([\p{L}][\p{L} .&/-]{1,40}?)\)?\.?(?: All rights reserved.*)?$`)
	agencyName = regexp.MustCompile(`^(?:\p{Lu}[\p{L}.&-]*,? ){1,4}(?:News Agency|Press Agency|Newswire|News Wire|Wire Service)$`)
	words      = regexp.MustCompile(`(?i)^(?:by )?(.+?)(?: staff| reporters?| correspondents?)?$`)
)

// wire names the agency that the text came from, with the words that say so; nil
// if nothing does. An agency in a dateline counts even if it is on no list.
func wire(text, byline string, m *meta) *schemas.Wire {
	if g := dateline.FindStringSubmatch(text[:min(len(text), 400)]); g != nil {
		name := agency(g[1])
		if name == "" {
			name = Line(g[1])
		}
		return &schemas.Wire{Agency: name, Evidence: strings.TrimRight(validUTF8(g[0]), " -–—:")}
	}
	for _, line := range []string{byline, m.ld.agency, m.credit} {
		for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == '/' || r == ';' || r == '|' }) {
			if g := words.FindStringSubmatch(strings.TrimSpace(part)); g != nil && agency(g[1]) != "" {
				return &schemas.Wire{Agency: agency(g[1]), Evidence: line}
			}
		}
	}
	last := text[strings.LastIndexByte(text, '\n')+1:]
	if g := signature.FindStringSubmatch(last); g != nil && len(last) < 100 && agency(g[1]) != "" {
		return &schemas.Wire{Agency: agency(g[1]), Evidence: last}
	}
	return nil
}
