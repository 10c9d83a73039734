package feed

// A RepairKind says what was wrong with a feed.
type RepairKind string

// Kinds of repairs.
const (
	RepairCharset   RepairKind = "charset"   // not in the encoding it declares
	RepairBytes     RepairKind = "bytes"     // bytes that are not text in its encoding
	RepairControl   RepairKind = "control"   // characters that XML forbids
	RepairDTD       RepairKind = "dtd"       // declares entities, which are not expanded
	RepairEntity    RepairKind = "entity"    // HTML entities that XML does not know
	RepairAmpersand RepairKind = "ampersand" // & or < that should have been escaped
	RepairTag       RepairKind = "tag"       // tags not closed, closed twice or cut off
	RepairAttribute RepairKind = "attribute" // attributes without quotes or name
	RepairLink      RepairKind = "link"      // item links taken from guid, rdf:about or another element
	RepairDate      RepairKind = "date"      // dates that cannot be read
	RepairTruncated RepairKind = "truncated" // too many items
)

var repairKinds = [...]RepairKind{
	RepairCharset, RepairBytes, RepairControl, RepairDTD, RepairEntity, RepairAmpersand,
	RepairTag, RepairAttribute, RepairLink, RepairDate, RepairTruncated,
}

// A Repair reports one kind of fault in a feed.
type Repair struct {
	Kind   RepairKind
	Count  int    // how often, at least 1
	Detail string // the first one, for people
}

// repairs collects faults by kind. Its zero value is ready.
type repairs struct {
	found [len(repairKinds)]Repair
}

func (r *repairs) add(kind RepairKind, detail string) {
	for i, k := range repairKinds {
		if k == kind {
			if r.found[i].Count++; r.found[i].Count == 1 {
				r.found[i].Kind, r.found[i].Detail = kind, prefix(detail, 120)
			}
		}
	}
}

func (r *repairs) list() []Repair {
	var out []Repair
	for _, f := range r.found {
		if f.Count > 0 {
			out = append(out, f)
		}
	}
	return out
}
