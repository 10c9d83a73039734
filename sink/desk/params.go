package desk

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// Page sizes of lists: JSON for programs that page, tables for people who want all.
const (
	defaultLimit  = 50
	maxLimit      = 500
	maxTableLimit = 10_000
)

// maxParameter bounds what one query parameter may hold, in bytes.
const maxParameter = 500

// filterNames are the parameters that lists and the stream share.
var filterNames = []string{"kind", "measure", "country", "place", "entity", "publisher", "article", "modality", "tier", "series", "min_origins", "q"}

// parseList reads the parameters of a list of claims or series.
func parseList(values url.Values, table bool) (sink.Query, error) {
	names := append(slices.Clone(filterNames), "state", "since", "until", "known_at", "limit", "cursor", "format")
	q, err := parseFilters(values, names)
	if err != nil {
		return q, err
	}
	if q.States, err = closed(values, "state", sink.States, sink.Living); err != nil {
		return q, err
	}
	if err = parseDates(values, map[string]*string{"since": &q.Since, "until": &q.Until, "known_at": &q.KnownAt}); err != nil {
		return q, err
	}
	if q.Since != "" && q.Until != "" && sink.After(q.Until) <= q.Since {
		return q, &parameterError{"until", "it is before since"}
	}
	q.Limit, err = parseLimit(values, table)
	q.Cursor = values.Get("cursor")
	return q, err
}

// parseSeriesList reads the parameters of a list of series. Without a policy each
// prefers what it prefers itself.
func parseSeriesList(values url.Values, table bool) (q sink.Query, policy sink.Policy, err error) {
	if name := values.Get("policy"); name != "" {
		if policy, err = sink.ParsePolicy(name); err != nil {
			return q, "", &parameterError{"policy", err.Error()}
		}
	}
	rest := maps.Clone(values)
	delete(rest, "policy")
	q, err = parseList(rest, table)
	return q, policy, err
}

// articleFilters are the parameters of a list of articles that say which.
var articleFilters = []string{"publisher", "language", "q", "since", "until"}

// parseArticles reads the parameters of a list of articles.
func parseArticles(values url.Values, table bool) (q sink.ArticleQuery, err error) {
	if err = checkParams(values, append(slices.Clone(articleFilters), "limit", "cursor", "format")); err != nil {
		return q, err
	}
	for _, l := range list(values, "language") {
		if !isLanguage(l) {
			return q, &parameterError{"language", strconv.Quote(l) + " is no BCP 47 language: en, en-GB, or und for articles whose language is undecided"}
		}
		q.Languages = append(q.Languages, l)
	}
	if err = parseDates(values, map[string]*string{"since": &q.Since, "until": &q.Until}); err != nil {
		return q, err
	}
	if q.Since != "" && q.Until != "" && sink.After(q.Until) <= q.Since {
		return q, &parameterError{"until", "it is before since"}
	}
	q.Publishers, q.Text, q.Cursor = named(values, "publisher"), values.Get("q"), values.Get("cursor")
	q.Limit, err = parseLimit(values, table)
	return q, err
}

func parseDates(values url.Values, dates map[string]*string) error {
	for name, into := range dates {
		if *into = values.Get(name); *into == "" {
			continue
		}
		if _, ok := sink.Instant(*into); !ok {
			return &parameterError{name, "not a date (2025-11, 2025-11-23) or an RFC 3339 time"}
		}
	}
	return nil
}

// parseLimit reads how many items a page has.
func parseLimit(values url.Values, table bool) (int, error) {
	most, limit := maxLimit, defaultLimit
	if table {
		most, limit = maxTableLimit, maxTableLimit
	}
	if s := values.Get("limit"); s != "" {
		var err error
		if limit, err = strconv.Atoi(s); err != nil || limit < 1 || limit > most {
			return 0, &parameterError{"limit", "not a whole number from 1 to " + strconv.Itoa(most)}
		}
	}
	return limit, nil
}

// parseStream reads the parameters of the stream. ok is false if no sequence is given.
func parseStream(values url.Values, lastEventID string) (q sink.Query, since uint64, ok bool, err error) {
	q, err = parseFilters(values, append(slices.Clone(filterNames), "since"))
	if err != nil {
		return q, 0, false, err
	}
	s, name := values.Get("since"), "since"
	if lastEventID != "" { // a client that comes back: it has heard more than its address says
		s, name = lastEventID, "Last-Event-ID"
	}
	if s == "" {
		return q, 0, false, nil
	}
	since, err = strconv.ParseUint(s, 10, 64)
	if err != nil {
		return q, 0, false, &parameterError{name, "not a sequence of the stream: a whole number from 0"}
	}
	return q, since, true, nil
}

// checkParams refuses parameters that are not known, or that nobody would mean.
func checkParams(values url.Values, known []string) error {
	for name, vs := range values {
		if !slices.Contains(known, name) {
			return &parameterError{name, "no such parameter; there are " + strings.Join(known, ", ")}
		}
		for _, v := range vs {
			if len(v) > maxParameter && name != "cursor" {
				return &parameterError{name, "longer than " + strconv.Itoa(maxParameter) + " bytes"}
			}
			if !utf8.ValidString(v) {
				return &parameterError{name, "not UTF-8"}
			}
		}
	}
	return nil
}

func parseFilters(values url.Values, known []string) (q sink.Query, err error) {
	if err = checkParams(values, known); err != nil {
		return q, err
	}
	if q.Kinds, err = closed(values, "kind", schemas.ClaimKinds, ""); err != nil {
		return q, err
	}
	if q.Modalities, err = closed(values, "modality", schemas.Modalities, ""); err != nil {
		return q, err
	}
	if q.Tiers, err = closed(values, "tier", schemas.Tiers, schemas.Reportable); err != nil {
		return q, err
	}
	for _, m := range list(values, "measure") {
		found, ok := schemas.LookupMeasure(m)
		if !ok {
			return q, &parameterError{"measure", strconv.Quote(m) + " is not in the measure registry"}
		}
		q.Measures = append(q.Measures, found.ID)
	}
	for _, c := range list(values, "country") {
		if c = strings.ToUpper(c); !isCountry(c) {
			return q, &parameterError{"country", strconv.Quote(c) + " is not an ISO 3166-1 alpha-2 code, or -- for claims without a place"}
		}
		q.Countries = append(q.Countries, c)
	}
	q.Places, q.Entities, q.Publishers, q.Articles = named(values, "place"), named(values, "entity"), named(values, "publisher"), named(values, "article")
	q.Series, q.Text = values.Get("series"), values.Get("q")
	if s := values.Get("min_origins"); s != "" {
		if q.MinOrigins, err = strconv.Atoi(s); err != nil || q.MinOrigins < 0 {
			return q, &parameterError{"min_origins", "not a whole number from 0"}
		}
	}
	return q, nil
}

// list returns the values of a parameter that may be repeated or hold several,
// with commas between.
func list(values url.Values, name string) []string {
	var out []string
	for _, v := range values[name] {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// named returns the values of a parameter that may be repeated; names have commas.
func named(values url.Values, name string) []string {
	var out []string
	for _, v := range values[name] {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// closed reads a parameter with a closed list of values; "any" stands for all of
// them, and none for the default.
func closed[T ~string](values url.Values, name string, all []T, def T) ([]T, error) {
	given := list(values, name)
	if len(given) == 0 && def != "" {
		return []T{def}, nil
	}
	var out []T
	for _, v := range given {
		if v == "any" {
			return nil, nil
		}
		if !slices.Contains(all, T(v)) {
			names := make([]string, len(all))
			for i, a := range all {
				names[i] = string(a)
			}
			return nil, &parameterError{name, strconv.Quote(v) + " is none of " + strings.Join(names, ", ") + ", any"}
		}
		out = append(out, T(v))
	}
	return out, nil
}

func isCountry(s string) bool {
	return s == schemas.NoCountry || len(s) == 2 && 'A' <= s[0] && s[0] <= 'Z' && 'A' <= s[1] && s[1] <= 'Z'
}

// isLanguage reports whether s has the form of a BCP 47 tag.
func isLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if len(part) < 1 || len(part) > 8 || i == 0 && len(part) < 2 {
			return false
		}
		for _, r := range part {
			letter, digit := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z', '0' <= r && r <= '9'
			if !letter && (i == 0 || !digit) {
				return false
			}
		}
	}
	return true
}
