// Package english puts the stages that read English news in order, from the text
// of an Article to an Extraction.
package english

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/event"
	"github.com/claimwire/claimwire/extractor/parse"
	"github.com/claimwire/claimwire/extractor/prose"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/role"
	"github.com/claimwire/claimwire/extractor/statement"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
)

// Config configures an [Extractor].
type Config struct {
	NLP     string // language core: "own" or "prose"; default "own"
	Parse   string // which sentences get a dependency tree: one of ParseOn, ParseAll, ParseOff; default ParseOn
	Program string // program name and version for Extraction.MadeBy

	// Names are known on top of the embedded lists, which they overrule.
	Names []extractor.KnownName
}

// Values of Config.Parse. The core "prose" has no parser.
const (
	ParseOn  = "on"  // sentences with a figure, or with a speaker far from what he says: the tree has a vote on who did what
	ParseAll = "all" // every sentence, for output as CoNLL-U; the same figures as with ParseOn
	ParseOff = "off" // none: faster, patterns decide alone
)

// An Extractor reads articles. It may be used from several goroutines.
type Extractor struct {
	stages extractor.Pipeline
	madeBy schemas.MadeBy
}

// cores are the language cores: stages that tag words and find names.
var cores = map[string]func(names []extractor.KnownName) ([]extractor.Stage, map[string]string, error){
	"own": func(known []extractor.KnownName) ([]extractor.Stage, map[string]string, error) {
		tagger, err := tag.New()
		if err != nil {
			return nil, nil, err
		}
		names, err := entity.New()
		if err == nil && len(known) > 0 {
			names, err = names.Knowing(known, tokenize.New())
		}
		models := map[string]string{}
		for _, hashes := range []map[string]string{tag.Hashes(), entity.Hashes()} {
			for name, hash := range hashes {
				models[name] = "sha256:" + hash
			}
		}
		return []extractor.Stage{tagger, names, tag.Mender{}}, models, err
	},
	"prose": func([]extractor.KnownName) ([]extractor.Stage, map[string]string, error) {
		s, err := prose.New()
		return []extractor.Stage{s}, nil, err
	},
}

// New returns an Extractor. It loads the models, once in a process.
func New(cfg Config) (*Extractor, error) {
	if cfg.NLP == "" {
		cfg.NLP = "own"
	}
	load, ok := cores[cfg.NLP]
	if !ok {
		return nil, fmt.Errorf("no language core %q: there are own and prose", cfg.NLP)
	}
	core, models, err := load(cfg.Names)
	if err != nil {
		return nil, fmt.Errorf("language core %s: %w", cfg.NLP, err)
	}
	lists := resolve.Lists()
	for name, hash := range models {
		lists[name] = hash
	}
	if len(cfg.Names) > 0 {
		raw, err := json.Marshal(cfg.Names)
		if err != nil {
			return nil, fmt.Errorf("names: %w", err)
		}
		lists["names of the user"] = schemas.SHA256(string(raw))
	}
	e := &Extractor{madeBy: schemas.MadeBy{Program: cfg.Program, NLP: cfg.NLP, Models: lists}}
	e.stages = append(e.stages, tokenize.New())
	e.stages = append(e.stages, core...)
	e.stages = append(e.stages, resolve.NewWith(cfg.Names), timex.New(), quantity.New())
	stages := []extractor.Stage{statement.New(), role.New(), event.New()}
	switch cfg.Parse {
	case "", ParseOn, ParseAll:
		if cfg.NLP != "own" {
			break
		}
		parser, err := parse.New(parse.Needed)
		if err != nil {
			return nil, err
		}
		stages = append([]extractor.Stage{parser}, stages...)
		if cfg.Parse == ParseAll { // the others after all that reads trees
			rest, err := parse.New(parse.All)
			if err != nil {
				return nil, err
			}
			stages = append(stages, rest)
		}
		for name, hash := range parse.Hashes() {
			lists[name] = "sha256:" + hash
		}
	case ParseOff:
	default:
		return nil, fmt.Errorf("parse %q: there are on, all and off", cfg.Parse)
	}
	e.stages = append(e.stages, stages...)
	return e, nil
}

// Extract reads one article, which it completes first. An article that cannot be
// read at all is an error that matches [schemas.ErrMalformed]; one in another
// language is returned with Skipped set.
func (e *Extractor) Extract(a schemas.Article) (schemas.Extraction, error) {
	x, _, err := e.Read(a)
	return x, err
}

// Read is Extract with the annotated text beside it, nil if it is skipped.
func (e *Extractor) Read(a schemas.Article) (schemas.Extraction, *extractor.Doc, error) {
	doc, title, err := e.Annotate(&a)
	if err != nil {
		return schemas.Extraction{}, nil, err
	}
	if doc == nil {
		x := (&extractor.Doc{}).Extraction(a, e.madeBy, nil)
		x.Skipped = "language: " + a.Language
		return x, nil, nil
	}
	return doc.Extraction(a, e.madeBy, title), doc, nil
}

// Annotate completes an article and returns its text and title with all layers of
// annotation. The Docs are nil if the article is in another language, which is
// then written into a.Language; the title's is nil if there is no title.
func (e *Extractor) Annotate(a *schemas.Article) (doc, title *extractor.Doc, err error) {
	if err := a.Complete(); err != nil {
		return nil, nil, err
	}
	if a.Language == "" {
		a.Language = detect(a.Text)
	}
	if a.Language != "" && !isEnglish(a.Language) {
		return nil, nil, nil
	}
	published := extractor.ParseDate(a.PublishedAt)
	country := countryOf(a.Publisher.Domain)
	doc = &extractor.Doc{Text: a.Text, Title: a.Title, Published: published, Country: country}
	if err := e.stages.Annotate(doc); err != nil {
		return nil, nil, fmt.Errorf("article %s: %w", a.ID, err)
	}
	if strings.TrimSpace(a.Title) != "" {
		title = &extractor.Doc{Text: a.Title, Published: published, Country: country}
		if err := e.stages.Annotate(title); err != nil {
			return nil, nil, fmt.Errorf("title of article %s: %w", a.ID, err)
		}
	}
	return doc, title, nil
}

// countryOf reads the country from a country-code domain ("example.co.uk"), by
// which a bare "$" or "pound" is understood; "" for a generic domain.
func countryOf(domain string) string {
	i := strings.LastIndexByte(domain, '.')
	tld := strings.ToUpper(domain[i+1:])
	switch {
	case i < 0 || len(tld) != 2 || tld == "EU" || tld == "IO" || tld == "CO" || tld == "TV" || tld == "ME" || tld == "AI":
		return ""
	case tld == "UK":
		return "GB"
	}
	return tld
}

// Licenses returns the sources and terms of every embedded model and word list.
func Licenses() []string {
	texts := []string{entity.Notice, resolve.Sources(), entity.License}
	for _, text := range []string{tag.License, parse.License} {
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}
