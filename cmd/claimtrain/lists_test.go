package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

// smallLists writes a folder of corpora with a line or two in each list.
func smallLists(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put := func(name, text string) {
		raw := []byte(text)
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			if _, err := z.Write(raw); err != nil {
				t.Fatal(err)
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			raw = b.Bytes()
		}
		path := filepath.Join(dir, "gazetteers", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("names-first.txt.gz", "Vera\nOtto\n")
	put("names-last.txt.gz", "Malagara\n")
	put("petrarch2-Phoenix.Countries.actors.txt.gz", "VERA_MALAGARA_\t[NORGOV 20010101]  # CountryInfo\n")
	put("petrarch2-Phoenix.International.actors.txt.gz", "NORTHERN_RIVERS_UNION_ [IGO]\n+RIVERS_UNION_\n")
	put("petrarch2-Phoenix.MilNonState.actors.txt.gz", "DAWN_BRIGADE_ [REB]\n")
	put("petrarch2-Phoenix.agents.txt.gz", "PRIME_MINISTER [~GOV]\n")
	for _, f := range []string{"fortune500", "nasdaq", "newspapers", "occupations", "prefixes", "uk_political_parties", "us_federal_agencies"} {
		put("corpora-"+f+".json.gz", `{"description": "no name", "`+f+`": ["Oxbow `+f+`", {"name": "Norda `+f+`"}]}`)
	}
	put("country-codes.csv", "official_name_en,Capital\nNorland,Port Hale\n")
	return dir
}

// TestMakeLists makes lists twice, of the project's gazetteers and a few more lines.
func TestMakeLists(t *testing.T) {
	t.Chdir("../..") // where the command is run
	dir := smallLists(t)
	var files [2][]byte
	for i := range files {
		var err error
		if files[i], err = makeLists(dir, "extractor/entity/resolve/data"); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs differ")
	}
	lists, err := entity.ReadLists(string(files[0]))
	if err != nil {
		t.Fatal(err)
	}
	for phrase, want := range map[string]entity.Kind{
		"Vera": entity.First, "Malagara": entity.Last, "Vera Malagara": entity.Person, "Rivers Union": entity.Org, "Dawn Brigade": entity.Org,
		"prime minister": entity.Role, "Norda nasdaq": entity.Company, "Norland": entity.Country, "Rohingya": entity.Norp, "no name": 0,
	} {
		doc := &extractor.Doc{Text: strings.ToLower(phrase)}
		if err := tokenize.New().Annotate(doc); err != nil {
			t.Fatal(err)
		}
		var words []string
		for i := range doc.Tokens {
			words = append(words, doc.Word(i))
		}
		if got := lists.Find(words...); got&want != want || want == 0 && got != 0 {
			t.Errorf("lists of %q = %b, want %b", phrase, got, want)
		}
	}
}
