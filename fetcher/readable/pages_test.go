package readable

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// A story is what a page is made of and what should be found in it.
type story struct {
	title, byline, published string
	paragraphs               []string
}

// stories reads testdata/pages.txt: invented news, a page each.
func stories(tb testing.TB) []story {
	tb.Helper()
	raw, err := os.ReadFile("testdata/pages.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var out []story
	for part := range strings.SplitSeq(string(raw), "\n===\n") {
		lines := strings.Split(strings.TrimSpace(part), "\n")
		head := strings.Split(lines[0], "|")
		out = append(out, story{title: head[0], byline: head[1], published: head[2], paragraphs: lines[1:]})
	}
	if len(out) != 30 {
		tb.Fatalf("%d stories, want 30", len(out))
	}
	return out
}

// A layout is one way in which sites set up their pages: how the text is marked,
// how the date is given, and what stands around and in between.
type layout struct {
	head, before, between, after string // STORY values: TITLE, BYLINE, ISO, UTC, DAY, PRINTED
	open, close                  string // around the text
	p, endp                      string // around a paragraph
}

const (
	siteMenu     = `<header><div class="logo"><a href="/">The Courier</a></div><nav class="main-nav"><ul><li><a href="/world">World news</a></li><li><a href="/money">Money and markets</a></li><li><a href="/sport">Sport today</a></li><li><a href="/opinion">Opinion pieces</a></li></ul></nav></header>`
	cookies      = `<div id="cookie-consent" class="cookie-banner"><p>We and our 312 partners use cookies to make this site better and to show you adverts that fit you.</p><button>Accept all</button></div>`
	share        = `<div class="share-bar"><a href="https://social.example/s">Share</a> <a href="https://mail.example/">Send by mail</a> <span>Copy link</span></div>`
	related      = `<aside class="related-stories"><h3>More on this</h3><ul><li><a href="/1">Ten things to know about the price of fish this spring</a></li><li><a href="/2">Why the council of Lowmere said no to parking meters</a></li><li><a href="/3">A walk along the old canal in pictures</a></li></ul></aside>`
	newsletter   = `<div class="newsletter-signup"><h4>Our newsletter</h4><p>Get the five stories of the day in your inbox, every morning at seven. You can leave at any time.</p><form><input type="email"><button>Sign up</button></form></div>`
	footer       = `<footer><p>Copyright 2025 Courier Media. All rights reserved. Letters to the editor are welcome at the usual address.</p><ul><li><a href="/terms">Terms of use</a></li><li><a href="/privacy">Privacy notice</a></li></ul></footer>`
	comments     = `<section id="comments" class="comments"><h3>3 comments</h3><div class="comment"><b>oldsalt</b><p>I have said this for years and nobody listened to me at the time.</p></div><div class="comment"><b>mia77</b><p>Great reporting, thanks a lot for this one.</p></div></section>`
	advert       = `<div class="ad ad-slot" data-ad="mid"><span>Advertisement</span><a href="https://shop.example/">Buy two lamps and get the third one free this week only</a></div>`
	figure       = `<figure class="image"><img src="/p.jpg" alt=""></figure>`
	scripts      = `<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag("js",new Date)</script><style>.x{color:red}</style>`
	tags         = `<div class="tags"><a href="/t/1">Harbour</a> <a href="/t/2">Weather</a> <a href="/t/3">County</a></div>`
	ld           = `<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"TITLE","datePublished":"ISO","dateModified":"2025-03-10T11:00:00Z","author":{"@type":"Person","name":"BYLINE"}}</script>`
	ldUTC        = `<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"The Courier"},{"@type":["NewsArticle"],"headline":"TITLE","datePublished":"UTC","author":[{"name":"BYLINE"}]}]}</script>`
	metaDate     = `<meta property="article:published_time" content="ISO"><meta name="author" content="BYLINE"><meta property="og:title" content="TITLE"><meta property="article:modified_time" content="2025-03-10T10:00:00Z">`
	h1           = `<h1>TITLE</h1>`
	byLine       = `<p class="byline">By BYLINE</p>`
	readMore     = `<p><strong>READ MORE:</strong> <a href="/4">The long way of the herring to the plate</a></p>`
	caption      = `<figure><img src="/q.jpg" alt="Boats"><figcaption>Boats in the old basin last summer. Photo: R. Ames / Courier</figcaption></figure>`
	bio          = `<div class="author-bio"><img src="/me.jpg"><p>BYLINE writes about towns and what goes wrong in them, and has been with the Courier since 2011.</p></div>`
	promo        = `<div class="promo-box"><h3>Try the Courier for four weeks</h3><p>Read all stories without limits for only one euro, and cancel whenever you like.</p><a href="/buy">See the offer</a></div>`
	mostRead     = `<section class="most-read"><h2>Most read</h2><ol><li><a href="/5">Neighbours quarrel over a hedge for the ninth year in a row</a></li><li><a href="/6">What the new rules for balconies mean for you</a></li><li><a href="/7">This soup takes eleven minutes and one pot</a></li></ol></section>`
	hidden       = `<div class="overlay" style="display:none"><p>You have read your three free stories of this month. To read on, choose one of our subscriptions, of which the smallest costs less than a cup of coffee a week, and support journalism in your town.</p></div>`
	pullQuote    = `<aside class="pullquote"><p>A thing worth saying twice, in large letters</p></aside>`
	longComments = `<div id="disqus_thread" class="comment-list"><div class="comment"><p>When I was young there was none of this, and the people who run the place now would not have been let near a wheelbarrow, if you ask me, which nobody does.</p></div><div class="comment"><p>Always the same voices here. I for one am glad about it, and so are all whom I know, apart from my brother in law, who is glad about nothing.</p></div></div>`
	printedDay   = `<div class="published-date">PRINTED</div>`
)

var sites = []layout{
	{ld, siteMenu + `<main><article>` + h1 + byLine, "", `</article></main>` + related + footer, "", "", "<p>", "</p>"},
	{metaDate, cookies + siteMenu + `<div class="content">` + h1 + printedDay + share, advert, `</div>` + newsletter + footer, `<div class="article-body">`, "</div>", "<p>", "</p>"},
	{scripts + ldUTC, siteMenu + `<div id="page"><div class="story">` + h1 + `<time datetime="ISO">PRINTED</time>`, "", share + tags + comments + `</div></div>` + footer, `<div class="story-body" itemprop="articleBody">`, "</div>", "<p>", "</p>"},
	{"", `<table width="100%"><tr><td width="160">` + siteMenu + `</td><td>` + h1 + printedDay, "", `</td></tr></table>` + footer, "<div>", "</div>", "", "<br><br>"},
	{metaDate, siteMenu + `<section class="hero"><h1>TITLE</h1></section>` + figure, related, comments + newsletter + footer, `<article class="post"><section>`, "</section></article>", "<p>", "</p>"},
	{ld, `<div class="top">` + siteMenu + `</div><div class="wrap"><div class="col-main">` + h1 + share, figure, `</div><div class="col-side sidebar">` + related + newsletter + `</div></div>` + footer, "<div class=\"text\">", "</div>", `<p class="paragraph">`, "</p>"},
	{`<meta name="date" content="DAY">`, siteMenu + h1 + byLine, advert, footer, `<div id="article-content">`, "</div>", "<p>", "</p>"},
	{scripts, cookies + siteMenu + `<main role="main">` + h1 + `<p><time datetime="ISO" pubdate>PRINTED</time></p>`, "", tags + related + `</main>` + footer, `<div class="entry-content">`, "</div>", "<p>", "</p>"},
	{metaDate + scripts, siteMenu + `<div class="article-container"><header>` + h1 + byLine + `</header>`, `<div class="inline-newsletter">` + newsletter + `</div>`, `</div>` + comments + footer, `<div class="article__body">`, "</div>", `<div class="article__paragraph"><p>`, "</p></div>"},
	// What follows puts furniture among the paragraphs, in the same elements.
	{ldUTC, siteMenu + `<article>` + h1 + byLine + `<p class="meta">PRINTED</p><div class="listen"><span>Listen to this article</span> <span>3 min</span></div>`, readMore + caption, bio + `</article>` + footer, "", "", "<p>", "</p>"},
	{metaDate, siteMenu + `<div class="css-1x2y3z">` + h1, promo, `</div>` + mostRead + footer, `<div class="css-9abc">`, "</div>", `<div class="css-77d"><span>`, "</span></div>"},
	{ld, siteMenu + hidden + `<article><div class="row">` + h1 + share, pullQuote, `</div>` + mostRead + bio + `</article>` + longComments + footer, `<div class="prose">`, "</div>", `<p data-block="1">`, "</p>"},
	{"", siteMenu + `<div id="content">` + h1 + `<p><em>BYLINE</em>, PRINTED</p>`, readMore, bio + `<p><a href="/back">Back to the overview</a></p></div>` + mostRead + longComments + footer, "", "", "<p>", "</p>"},
	{metaDate, cookies + siteMenu + `<main><div>` + h1 + caption, promo + pullQuote, `</div>` + longComments + cookies + `</main>`, "<section>", "</section>", "<p><font face=\"serif\">", "</font></p>"},
	{ld + metaDate, siteMenu + `<amp-ad></amp-ad><article>` + figure + h1, "", share + `</article>` + related + footer, `<div class="body">`, "</div>", "<p>", "</p>"},
}

// page returns the HTML of a story in a layout, and its address.
func (l layout) page(s story, n int) (html, address string) {
	at, err := time.Parse(time.RFC3339, s.published)
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>TITLE | The Courier</title>` + l.head + `</head><body>` + l.before + l.open)
	for i, p := range s.paragraphs {
		if i == 2 {
			b.WriteString(l.between)
		}
		b.WriteString(l.p + p + l.endp)
	}
	b.WriteString(l.close + l.after + "</body></html>")
	html = strings.NewReplacer("TITLE", s.title, "BYLINE", s.byline, "ISO", s.published, "UTC", at.UTC().Format(time.RFC3339),
		"DAY", at.Format(time.DateOnly), "PRINTED", at.Format("2 January 2006")).Replace(b.String())
	return html, fmt.Sprintf("https://www.courier.example/news/story-%d.html", n)
}

// shingles counts the runs of four words of a text.
func shingles(s string) map[string]int {
	out := map[string]int{}
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127) })
	for i := 0; i+4 <= len(words); i++ {
		out[strings.Join(words[i:i+4], " ")]++
	}
	return out
}

// TestPages holds quality on 30 pages in fifteen layouts: text by shingles of four
// words, macro-averaged as in the article extraction benchmark, and the day of
// publication. Every layout is used for two stories.
func TestPages(t *testing.T) {
	var precision, recall float64
	days, titles := 0, 0
	all := stories(t)
	for i, s := range all {
		html, address := sites[i%len(sites)].page(s, i)
		a, err := Parse(Page{URL: address, ContentType: "text/html", Body: []byte(html), Now: now})
		if err != nil {
			t.Errorf("page %d: %v", i, err)
			continue
		}
		want, got := shingles(strings.Join(s.paragraphs, "\n")), shingles(a.Text)
		hit, n, m := 0, 0, 0
		for k, c := range got {
			hit += min(c, want[k])
			n += c
		}
		for _, c := range want {
			m += c
		}
		p, r := float64(hit)/float64(max(n, 1)), float64(hit)/float64(m)
		if p < 0.95 || r < 0.95 {
			t.Logf("page %d, layout %d: precision %.3f, recall %.3f:\n%s", i, i%len(sites), p, r, a.Text)
		}
		precision, recall = precision+p, recall+r
		if strings.HasPrefix(a.PublishedAt, s.published[:10]) {
			days++
		} else {
			t.Logf("page %d, layout %d: published %s by %s, want %s", i, i%len(sites), a.PublishedAt, a.PublishedSource, s.published)
		}
		if a.Title == s.title {
			titles++
		}
	}
	n := float64(len(all))
	precision, recall = precision/n, recall/n
	f1 := 2 * precision * recall / (precision + recall)
	t.Logf("text F1 %.3f (precision %.3f, recall %.3f), day %d of %d, title %d", f1, precision, recall, days, len(all), titles)
	if f1 < 0.960 {
		t.Errorf("text F1 = %.3f, want at least 0.960", f1)
	}
	if float64(days)/n < 0.95 {
		t.Errorf("%d of %d days right, want 95 %%", days, len(all))
	}
	if titles < len(all) {
		t.Errorf("%d of %d titles right", titles, len(all))
	}
}

// BenchmarkPages reads the pages of TestPages, padded to the size of real ones
// with furniture, and to that of large ones with what a large site's page is made
// of: nested boxes with long class names, lists of teasers, scripts and icons.
func BenchmarkPages(b *testing.B) {
	for _, size := range []struct {
		name    string
		length  int // how often the story is told
		padding string
	}{
		{"usual", 1, strings.Repeat(related+footer+scripts, 60)},
		{"large", 6, strings.Repeat(teasers(24)+related+footer+scripts+inlineData, 6)},
		{"dense", 12, strings.Repeat(`<div class="grid"><div class="grid__cell">`+board(25)+`</div>`+teasers(8)+`</div>`, 12)},
	} {
		var pages []Page
		bytes := 0
		for i, s := range stories(b) {
			s.paragraphs = slices.Repeat(s.paragraphs, size.length)
			html, address := sites[i%len(sites)].page(s, i)
			html = strings.Replace(html, "</body>", size.padding+"</body>", 1)
			pages = append(pages, Page{URL: address, ContentType: "text/html", Body: []byte(html), Now: now})
			bytes += len(html)
		}
		for _, quick := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/quick=%t", size.name, quick), func(b *testing.B) {
				b.SetBytes(int64(bytes))
				for b.Loop() {
					for _, p := range pages {
						p.Quick = quick
						if _, err := Parse(p); err != nil {
							b.Fatal(err)
						}
					}
				}
				b.ReportMetric(float64(b.N*len(pages))/b.Elapsed().Seconds(), "pages/s")
			})
		}
	}
}

// inlineData is a script of the kind that pages carry their state in.
var inlineData = `<script id="__STATE__" type="application/json">{"items":[` + strings.Repeat(`{"id":"a1b2c3","kind":"teaser","rank":7,"title":"Ten things to know","tags":["harbour","county"]},`, 60) + `{}]}</script>`

// teasers returns a section of n teasers as large sites mark them up.
func teasers(n int) string {
	var b strings.Builder
	b.WriteString(`<section class="zone zone--river layout-grid" data-component="river"><div class="zone__inner grid grid--4"><h2 class="zone__title heading heading--s"><span>From the county</span></h2><ul class="river river--list">`)
	for i := range n {
		open, closed := "", "</a>" // the whole card is the link, or its headline
		if i%2 == 1 {
			open, closed = "</a>", ""
		}
		fmt.Fprintf(&b, `<li class="river__item river__item--standard"><div class="card card--horizontal js-card" data-id="%d" data-track="river|%d"><a class="card__link" href="/county/story-%d"><div class="card__media media media--16x9"><picture><source srcset="/i/%d.webp 1x, /i/%d@2x.webp 2x" type="image/webp"><img loading="lazy" width="320" height="180" src="/i/%d.jpg" alt=""></picture><svg class="icon icon--play" viewBox="0 0 24 24"><path d="M8 5v14l11-7z"></path></svg></div><div class="card__body"><span class="card__kicker label label--section">County</span><h3 class="card__title">Why the %d gardens of the lower town are to be dug up once more</h3>%s<p class="card__text">The council wants pipes that last; the gardeners want their beans, and an answer by the spring.</p><div class="card__meta meta"><span class="meta__item meta__item--time"><time datetime="2025-03-0%dT08:00:00Z">%d hours ago</time></span><span class="meta__item"><i class="icon icon--comment"></i>%d</span></div></div>%s</div></li>`,
			i, i, i, i, i, i, i+3, open, i%9+1, i+1, i*3, closed)
	}
	b.WriteString(`</ul></div></section>`)
	return b.String()
}

// board returns n short texts of different people with few links, each in boxes of
// its own: nothing that a class name or the share of links gives away.
func board(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<div class="x1 x2"><div class="x3"><a href="/u/%d">m%d</a> <span>%d:%02d</span></div><div class="x4"><div>The tide table for the <b>upper basin</b> is wrong by %d minutes<br>and has been since the clocks were put back.</div></div></div>`, i, i, i%24, i, i%50)
	}
	return b.String()
}
