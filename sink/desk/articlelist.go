package desk

import (
	"bytes"
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

func (d *Desk) getArticles(w http.ResponseWriter, r *http.Request) {
	form, err := tableFormOf(r, "articles")
	if err != nil {
		d.fail(w, r, err)
		return
	}
	q, err := parseArticles(r.URL.Query(), form != formJSON)
	var page *sink.ArticlePage
	if err == nil {
		page, err = d.cfg.Store.Articles(r.Context(), q)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.linkNext(w, r, page.Next, page.Sequence)
	switch form {
	case formNDJSON:
		d.sendLines(w, r, len(page.Items), func(i int) any { return &page.Items[i] })
	case formCSV:
		d.sendArticleCSV(w, r, page.Items)
	default:
		d.sendJSON(w, r, page)
	}
}

var articleHeader = []string{
	"title", "published_at", "published_utc", "published_local", "publisher", "domain", "byline", "language", "claims", "url",
	"agency", "paywalled", "feed", "rights", "published_source", "modified_at", "fetched_at", "article_id", "article_version", "text_sha256",
}

// sendArticleCSV answers with one row an article.
func (d *Desk) sendArticleCSV(w http.ResponseWriter, r *http.Request, articles []sink.ArticleHead) {
	var b bytes.Buffer
	row := tableWriter(&b, articleHeader)
	for i := range articles {
		a := &articles[i]
		utc, local := d.times(a.PublishedAt)
		fetched := ""
		if a.FetchedAt != nil {
			fetched = a.FetchedAt.UTC().Format(time.RFC3339)
		}
		row([]string{
			a.Title, a.PublishedAt, utc, local, a.Publisher.Name, a.Publisher.Domain, a.Byline, a.Language, strconv.Itoa(a.Claims), a.URL,
			agency(a.Wire), string(a.Paywalled), a.Feed, a.Rights, string(a.PublishedSource), a.ModifiedAt, fetched, a.ID, a.Version, a.TextSHA256,
		})
	}
	d.sendTable(w, r, "articles.csv", b.Bytes())
}

func agency(w *schemas.Wire) string {
	if w == nil {
		return ""
	}
	return w.Agency
}

// An articleListPage is what templates/articlelist.html shows.
type articleListPage struct {
	Title    string
	Text     string // filters, as the form shows them
	Source   string
	Language string
	Since    string
	Until    string
	Chips    []chip
	Hidden   []link // further values of the filters above
	Articles []articleRow
	Next     string // address of the next page; empty at the end
	Feeds    []link // the same list in other forms
	Problem  string // why nothing is shown
	Version  string
}

// An articleRow is one article in the list.
type articleRow struct {
	Title, URL    string
	Publisher     string
	When, WhenISO string
	Claims        int
	Agency        string // whose text it prints; empty if none is named
	Language      string // empty for English, and if undecided
	Walled        bool
}

// articlesOnPage is how many articles a page of the list shows.
const articlesOnPage = 40

func (d *Desk) pageArticleList(w http.ResponseWriter, r *http.Request) {
	values := given(r.URL.Query())
	page := articleListPage{
		Title: "Articles", Version: d.cfg.Version, Feeds: feeds("/api/v1/articles", values, articleForms), Chips: chips("/articles", values),
		Text: values.Get("q"), Source: values.Get("publisher"), Language: values.Get("language"), Since: values.Get("since"), Until: values.Get("until"),
	}
	for _, name := range articleFilters {
		for _, v := range values[name][min(1, len(values[name])):] { // the form has a field for the first
			page.Hidden = append(page.Hidden, link{name, v})
		}
	}
	status := http.StatusOK
	if err := d.fillArticleList(r, values, &page); err != nil {
		p := d.problemOf(r, err)
		status, page.Problem = p.Status, p.words()
	}
	d.render(w, r, "articlelist.html", status, &page)
}

func (d *Desk) fillArticleList(r *http.Request, values url.Values, page *articleListPage) error {
	q, err := parseArticles(values, false)
	if err != nil {
		return err
	}
	if !values.Has("limit") {
		q.Limit = articlesOnPage
	}
	found, err := d.cfg.Store.Articles(r.Context(), q)
	if err != nil {
		return err
	}
	if found.Next != "" {
		values.Set("cursor", found.Next)
		page.Next = "/articles?" + values.Encode()
	}
	for i := range found.Items {
		a := &found.Items[i]
		row := articleRow{
			Title: cmp.Or(a.Title, a.URL, a.ID), URL: "/articles/" + url.PathEscape(a.ID), Publisher: cmp.Or(a.Publisher.Name, a.Publisher.Domain),
			When: d.when(a.PublishedAt), WhenISO: a.PublishedAt, Claims: a.Claims, Agency: agency(a.Wire), Walled: a.Paywalled == schemas.Yes,
		}
		if !isEnglish(a.Language) {
			row.Language = a.Language
		}
		page.Articles = append(page.Articles, row)
	}
	return nil
}

func isEnglish(language string) bool {
	return language == "" || language == "en" || len(language) > 2 && language[:3] == "en-"
}
