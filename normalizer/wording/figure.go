package wording

import (
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// figure renders the value of a claim with its comparator and unit: "at least 309",
// "about €2.7 billion", "15% to 20%". Whole counts below ten are spelled.
func figure(c *schemas.Claim) string {
	if v := c.Value; v != nil {
		if c.Comparator == schemas.Exact || c.Comparator == "" {
			if v.Cmp(schemas.Int(0)) == 0 && c.Unit == schemas.UnitCount && c.Counted+c.Measure != "" {
				return "no"
			}
			return amount(*v, c.Unit)
		}
		return comparator(c) + " " + amount(*v, c.Unit)
	}
	switch {
	case c.Min != nil && c.Max != nil:
		return span(*c.Min, *c.Max, c.Unit)
	case c.Min != nil:
		return "at least " + amount(*c.Min, c.Unit)
	case c.Max != nil:
		return "at most " + amount(*c.Max, c.Unit)
	}
	return ""
}

func comparator(c *schemas.Claim) string {
	switch c.Comparator {
	case schemas.AtLeast:
		return "at least"
	case schemas.MoreThan:
		return "more than"
	case schemas.AtMost:
		if c.Modality == schemas.Possible || c.Modality == schemas.Planned {
			return "up to"
		}
		return "at most"
	case schemas.LessThan:
		return either(c.Unit == schemas.UnitCount && c.Counted != "", "fewer than", "less than")
	}
	return "about"
}

// span renders a range, its unit once where that can be read: "20 to 25", "15 to 20%",
// "€33 to €35", "€2.5 billion to €2.7 billion".
func span(low, high schemas.Decimal, unit string) string {
	if _, symbol := symbols[unit]; symbol || unit == schemas.UnitCount {
		return amount(low, unit) + " to " + amount(high, unit)
	}
	return number(low) + " to " + amount(high, unit)
}

var small = [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

func amount(d schemas.Decimal, unit string) string {
	switch unit {
	case schemas.UnitCount, "":
		if s := d.String(); len(s) == 1 {
			return small[s[0]-'0']
		}
		return number(d)
	case schemas.UnitPercent:
		return number(d) + "%"
	case schemas.UnitPoint:
		return number(d) + " percentage " + either(d == schemas.Int(1), "point", "points")
	case schemas.UnitBasis:
		return number(d) + " basis " + either(d == schemas.Int(1), "point", "points")
	}
	if isMoney(unit) {
		return money(d, unit)
	}
	if name := unitName(unit); name != "" {
		return number(d) + " " + either(d == schemas.Int(1), strings.TrimSuffix(name, "s"), name)
	}
	if code := unitCodes[unit]; code != "" {
		unit = code
	}
	return number(d) + " " + unit
}

func money(d schemas.Decimal, unit string) string {
	n := number(d)
	if whole, frac, ok := strings.Cut(n, "."); ok && len(frac) == 1 && !strings.Contains(frac, " ") && !strings.Contains(whole, " ") {
		n += "0" // "31.50"
	}
	if s, ok := symbols[unit]; ok {
		if strings.HasPrefix(n, "-") {
			return "-" + s + n[1:]
		}
		return s + n
	}
	if name := currencies[unit]; name != "" {
		return n + " " + name
	}
	return unit + " " + n
}

var symbols = map[string]string{"USD": "$", "EUR": "€", "GBP": "£"}

// currencies are the plurals of what money is called; others show their code.
var currencies = map[string]string{
	"AED": "UAE dirhams", "ARS": "Argentine pesos", "AUD": "Australian dollars", "BDT": "Bangladeshi taka", "BRL": "Brazilian reais", "CAD": "Canadian dollars", "CHF": "Swiss francs",
	"CLP": "Chilean pesos", "CNY": "yuan", "COP": "Colombian pesos", "CZK": "Czech korunas", "DKK": "Danish kroner", "EGP": "Egyptian pounds", "HKD": "Hong Kong dollars", "HUF": "Hungarian forints",
	"IDR": "Indonesian rupiah", "ILS": "Israeli shekels", "INR": "Indian rupees", "IQD": "Iraqi dinars", "IRR": "Iranian rials", "JPY": "yen", "KES": "Kenyan shillings", "KRW": "South Korean won",
	"LKR": "Sri Lankan rupees", "MAD": "Moroccan dirhams", "MXN": "Mexican pesos", "MYR": "Malaysian ringgit", "NGN": "Nigerian naira", "NOK": "Norwegian kroner", "NZD": "New Zealand dollars",
	"PEN": "Peruvian soles", "PHP": "Philippine pesos", "PKR": "Pakistani rupees", "PLN": "Polish zlotys", "RON": "Romanian lei", "RUB": "Russian roubles", "SAR": "Saudi riyals", "SEK": "Swedish kronor",
	"SGD": "Singapore dollars", "THB": "Thai baht", "TRY": "Turkish lira", "TWD": "Taiwan dollars", "UAH": "Ukrainian hryvnias", "VND": "Vietnamese dong", "ZAR": "South African rand",
}

func isMoney(unit string) bool {
	if len(unit) != 3 {
		return false
	}
	d, _ := schemas.UnitDimension(unit)
	return d == schemas.DimMoney
}

// unitName is a unit in words that take a plural, "" if its code is what is printed.
func unitName(unit string) string {
	switch unit {
	case "t":
		return "tonnes"
	case "kt":
		return "kilotonnes"
	case "Mt":
		return "megatonnes"
	case "mi":
		return "miles"
	case "yd":
		return "yards"
	case "lb":
		return "pounds"
	case "oz":
		return "ounces"
	case "l":
		return "litres"
	case "gal":
		return "gallons"
	case "bbl":
		return "barrels"
	case "ha":
		return "hectares"
	case "acre":
		return "acres"
	case "ct":
		return "carats"
	}
	return ""
}

var unitCodes = map[string]string{
	"m2": "m²", "km2": "km²", "mi2": "sq mi", "ft2": "sq ft", "m3": "m³", "ft3": "cu ft", "Cel": "°C", "Fah": "°F", "kn": "knots", "deg": "°", "nmi": "nautical miles",
	"ft": "feet", "in": "inches",
}

// number groups the digits of a number in threes; from a million on it uses scale
// words where they lose nothing.
func number(d schemas.Decimal) string {
	for _, s := range []struct {
		word string
		exp  int
	}{{"trillion", -12}, {"billion", -9}, {"million", -6}} {
		one, _ := schemas.NewDecimal(1, -s.exp)
		small, _ := schemas.NewDecimal(1, s.exp)
		if d.Cmp(one) >= 0 {
			if v, err := d.Mul(small); err == nil && len(v.String()) <= 7 {
				return v.String() + " " + s.word
			}
			break
		}
	}
	s := d.String()
	whole, frac, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0 && len(whole) > 3; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		return sign + whole + "." + frac
	}
	return sign + whole
}

// when renders the time of a claim: "on 24 November 2025", "since March 2011".
func when(c *schemas.Claim) string {
	t := c.Time
	if t == nil || t.Start == "" && t.End == "" {
		return ""
	}
	ahead := c.Modality == schemas.Planned || c.Modality == schemas.Required
	switch {
	case t.Start == "":
		return either(ahead, "by ", "until ") + day(t.End)
	case c.Cumulative, t.End == "":
		return either(ahead, "from ", "since ") + day(t.Start)
	case t.Start == t.End:
		return either(len(t.Start) < len(time.DateOnly), "in ", "on ") + day(t.Start)
	case len(t.Start) == len(time.DateOnly) && len(t.End) == len(time.DateOnly) && t.Start[:7] == t.End[:7] && t.Start < t.End:
		return "from " + strings.TrimLeft(t.Start[8:], "0") + " to " + day(t.End)
	}
	return "from " + day(t.Start) + " to " + day(t.End)
}

// day renders an ISO 8601 prefix: "10 October 2025", "October 2025", "2025"; whatever else
// it gets stays as it is.
func day(s string) string {
	for _, f := range [...][2]string{{time.DateOnly, "2 January 2006"}, {"2006-01", "January 2006"}} {
		if t, err := time.Parse(f[0], s); err == nil {
			return t.Format(f[1])
		}
	}
	return s
}
