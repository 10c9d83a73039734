package main

import (
	"bytes"
	"encoding/json"
)

// objectSlots rewrites an Extraction record in which slots are plain strings, as
// annotations have them ("place":"Oslo"), to one that has them as objects. It reports
// false if there is none.
func objectSlots(line []byte) ([]byte, bool) {
	var record map[string]json.RawMessage
	if json.Unmarshal(line, &record) != nil {
		return nil, false
	}
	found := false
	for list, slots := range map[string]map[string]string{
		"quantities":          {"agent": "name", "victim": "name", "place": "name", "source": "name", "counted": "text", "per": "text"},
		"headline_quantities": {"agent": "name", "victim": "name", "place": "name", "source": "name", "counted": "text", "per": "text"},
		"statements":          {"speaker": "name", "addressee": "name"},
	} {
		var items []map[string]json.RawMessage
		if json.Unmarshal(record[list], &items) != nil {
			continue
		}
		for _, item := range items {
			for slot, member := range slots {
				if v := bytes.TrimSpace(item[slot]); len(v) > 0 && v[0] == '"' {
					item[slot] = json.RawMessage(`{"` + member + `":` + string(v) + `}`)
					found = true
				}
			}
		}
		record[list], _ = json.Marshal(items) // of valid JSON
	}
	out, err := json.Marshal(record)
	return out, found && err == nil
}
