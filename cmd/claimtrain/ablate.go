package main

import (
	"flag"
	"fmt"
	"strings"
)

// runAblate trains small models of names (one seed, no silver texts) with one
// thing changed each, and prints their scores.
func runAblate(args []string) error {
	fs := flag.NewFlagSet("ablate", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	gaz := fs.String("gazetteers", "extractor/entity/resolve/data", "directory of the project's gazetteers")
	base := recipe{corpora: trainingCorpora}
	base.flags(fs)
	only := fs.String("only", "", "the one change to try")
	_ = fs.Parse(args)
	base.models, base.silver = 1, 0
	cross, err := crossTags(*dir)
	if err != nil {
		return err
	}
	base.cross = cross
	without := func(files ...string) func(*recipe) {
		return func(r *recipe) {
			r.corpora = nil
			for _, c := range base.corpora {
				keep := true
				for _, f := range files {
					keep = keep && !strings.Contains(c.file, f)
				}
				if keep {
					r.corpora = append(r.corpora, c)
				}
			}
		}
	}
	for _, a := range []struct {
		name   string
		change func(*recipe)
	}{
		{"all", func(*recipe) {}},
		{"no clusters", func(r *recipe) { r.noClusters = true }},
		{"no lists", func(r *recipe) { r.noLists = true }},
		{"no features left out", func(r *recipe) { r.drop = 0 }},
		{"no tweets", without("btc", "wnut")},
		{"no voa", without("voa")},
		{"no ewt", without("ewt")},
		{"with gmb", func(r *recipe) { r.corpora = append(r.corpora[:len(r.corpora):len(r.corpora)], gmbCorpus) }},
	} {
		if *only != "" && *only != a.name {
			continue
		}
		r := base
		a.change(&r)
		m, err := r.make(*dir, *gaz)
		if err != nil {
			return err
		}
		scores, err := scoreSets(*dir, m.rec, "")
		if err != nil {
			return err
		}
		fmt.Printf("%s\n%s", a.name, scores)
	}
	return nil
}
