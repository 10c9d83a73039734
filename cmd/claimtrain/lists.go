package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func runLists(args []string) error {
	fs := flag.NewFlagSet("lists", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	gaz := fs.String("gazetteers", "extractor/entity/resolve/data", "directory of the project's gazetteers")
	out := fs.String("out", "extractor/entity/data/lists.bin.zst", "file to write")
	_ = fs.Parse(args)
	file, err := makeLists(*dir, *gaz)
	if err != nil {
		return err
	}
	return writeFile(*out, file)
}

// A lister collects phrases and the lists they stand in.
type lister struct {
	tok   *tokenize.Tokenizer
	kinds map[string]entity.Kind // by phrase, lower-case tokens joined by spaces
}

// add puts phrase into list k.
func (l *lister) add(phrase string, k entity.Kind) {
	doc := &extractor.Doc{Text: strings.ToLower(strings.ReplaceAll(phrase, "\n", " "))}
	if err := l.tok.Annotate(doc); err != nil || len(doc.Tokens) == 0 {
		return
	}
	words := make([]string, len(doc.Tokens))
	for i := range words {
		words[i] = doc.Word(i)
	}
	if key := strings.Join(words, " "); len(key) > 1 {
		l.kinds[key] |= k
	}
}

// lines calls do for every line of a file.
func lines(path string, do func(string)) error {
	r, err := open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		do(sc.Text())
	}
	return sc.Err()
}

// demonyms returns the adjectives and nouns of peoples, religions and the like,
// in lower case, from the gazetteers of the project.
func demonyms(gazetteers string) (map[string]bool, error) {
	m := map[string]bool{}
	put := func(s string) {
		if s = strings.ToLower(strings.TrimSpace(s)); s != "" {
			m[s] = true
		}
	}
	err := lines(filepath.Join(gazetteers, "countries.tsv"), func(line string) {
		if f := strings.Split(line, "\t"); !strings.HasPrefix(line, "#") && len(f) > 2 {
			for _, w := range strings.Split(f[2], ";") {
				put(w)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	err = lines(filepath.Join(gazetteers, "groups.tsv"), func(line string) {
		if !strings.HasPrefix(line, "#") {
			for _, w := range strings.FieldsFunc(line, func(r rune) bool { return r == '\t' || r == ';' }) {
				put(w)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return m, lines("extractor/entity/data/norp.txt", func(line string) {
		if !strings.HasPrefix(line, "#") {
			for _, w := range strings.Fields(line) {
				put(strings.ReplaceAll(w, "_", " "))
			}
		}
	})
}

// makeLists packs the lists of names; corpora and gazetteers are directories.
func makeLists(corpora, gazetteers string) ([]byte, error) {
	l := &lister{tok: tokenize.New(), kinds: map[string]entity.Kind{}}
	dir := filepath.Join(corpora, "gazetteers")
	steps := []func() error{
		func() error {
			return lines(filepath.Join(dir, "names-first.txt.gz"), func(s string) { l.add(s, entity.First) })
		},
		func() error {
			return lines(filepath.Join(dir, "names-last.txt.gz"), func(s string) { l.add(s, entity.Last) })
		},
		func() error { return l.petrarch(filepath.Join(dir, "petrarch2-Phoenix.Countries.actors.txt.gz"), true) },
		func() error {
			return l.petrarch(filepath.Join(dir, "petrarch2-Phoenix.International.actors.txt.gz"), false)
		},
		func() error {
			return l.petrarch(filepath.Join(dir, "petrarch2-Phoenix.MilNonState.actors.txt.gz"), false)
		},
		func() error { return l.agents(filepath.Join(dir, "petrarch2-Phoenix.agents.txt.gz")) },
		func() error { return l.corpora(dir) },
		func() error { return l.countries(filepath.Join(dir, "country-codes.csv")) },
		func() error { return l.project(gazetteers) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	norp, err := demonyms(gazetteers)
	if err != nil {
		return nil, err
	}
	for w := range norp {
		l.add(w, entity.Norp)
	}
	keys := make([]string, 0, len(l.kinds))
	for k := range l.kinds {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	phrases := make([][]uint32, len(keys))
	kinds := make([]entity.Kind, len(keys))
	for i, k := range keys {
		for _, w := range strings.Fields(k) {
			phrases[i] = append(phrases[i], linear.Hash(w))
		}
		kinds[i] = l.kinds[k]
	}
	fmt.Printf("lists: %d phrases\n", len(keys))
	return entity.PackLists(phrases, kinds, 19)
}

// petrarch reads an actors file: an entry begins a line in capitals with
// underscores, its codes follow in brackets, "+" begins another name of it.
func (l *lister) petrarch(path string, countries bool) error {
	return lines(path, func(line string) {
		name, rest, _ := strings.Cut(strings.TrimPrefix(line, "+"), "\t")
		if name == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "\t") || strings.HasPrefix(name, "[") {
			return
		}
		name, _, _ = strings.Cut(name, "[")
		name, _, _ = strings.Cut(name, "#")
		name = strings.TrimSpace(strings.ReplaceAll(name, "_", " "))
		if before, after, ok := strings.Cut(name, ", "); ok && strings.HasPrefix(after, "THE") {
			name = before
		}
		words := len(strings.Fields(name))
		switch {
		case !countries:
			l.add(name, entity.Org)
		case words > 1 && words < 5 && (strings.Contains(line, "CountryInfo") || strings.Contains(rest, "GOV")):
			l.add(name, entity.Person)
		}
	})
}

// agents reads the file of roles: "PRIME_MINISTER [~GOV]".
func (l *lister) agents(path string) error {
	return lines(path, func(line string) {
		name, _, ok := strings.Cut(line, "[~")
		if !ok || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "!") {
			return
		}
		l.add(strings.TrimSpace(strings.ReplaceAll(name, "_", " ")), entity.Role)
	})
}

// corpora reads the small lists in JSON: every string of them that is no key.
func (l *lister) corpora(dir string) error {
	for file, kind := range map[string]entity.Kind{
		"corpora-fortune500": entity.Company, "corpora-nasdaq": entity.Company, "corpora-newspapers": entity.Company,
		"corpora-occupations": entity.Role, "corpora-prefixes": entity.Role,
		"corpora-uk_political_parties": entity.Org, "corpora-us_federal_agencies": entity.Org,
	} {
		r, err := open(filepath.Join(dir, file+".json.gz"))
		if err != nil {
			return err
		}
		raw, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return err
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		walkStrings(v, func(s string) {
			if len(s) < 60 {
				l.add(s, kind)
			}
		})
	}
	return nil
}

func walkStrings(v any, do func(string)) {
	switch v := v.(type) {
	case string:
		do(v)
	case []any:
		for _, e := range v {
			walkStrings(e, do)
		}
	case map[string]any:
		for k, e := range v {
			if k != "description" && k != "source" {
				walkStrings(e, do)
			}
		}
	}
}

// countries reads the English names and capitals of the table of country codes.
func (l *lister) countries(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for k, column := range rows[0] {
		switch column {
		case "official_name_en", "UNTERM English Short", "CLDR display name", "Capital", "Region Name", "Sub-region Name":
			for _, row := range rows[1:] {
				l.add(row[k], entity.Country)
			}
		}
	}
	return nil
}

// project reads the gazetteers of the project itself.
func (l *lister) project(dir string) error {
	err := lines(filepath.Join(dir, "cities.tsv.zst"), func(line string) {
		f := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") || strings.Count(f[0], " ") > 2 {
			return
		}
		l.add(f[0], entity.City)
		if len(f) > 2 {
			l.add(f[2], entity.Country)
		}
	})
	if err != nil {
		return err
	}
	for _, file := range []string{"countries.tsv", "places.tsv", "organisations.tsv"} {
		err := lines(filepath.Join(dir, file), func(line string) {
			f := strings.Split(line, "\t")
			if strings.HasPrefix(line, "#") {
				return
			}
			names, kind := f[0], entity.Country
			switch file {
			case "countries.tsv":
				if len(f) > 3 {
					names = f[1] + ";" + f[3]
				}
			case "organisations.tsv":
				kind = entity.Org
				if len(f) > 1 {
					names += ";" + f[1]
				}
			}
			for _, n := range strings.Split(names, ";") {
				l.add(n, kind)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
