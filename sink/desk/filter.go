package desk

import (
	"net/url"
	"slices"

	"github.com/claimwire/claimwire/sink"
)

// ParseFilter reads the filters of a stream as an address has them:
// "measure=person-killed&country=PE". Without a tier only reportable claims pass.
func ParseFilter(query string) (sink.Query, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return sink.Query{}, err
	}
	return parseFilters(values, slices.Clone(filterNames))
}
