package desk

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// A wire is a CLAIMS stream in memory: records are added at its end, and may be
// dropped from its beginning.
type wire struct {
	mu      sync.Mutex
	first   uint64
	records []*schemas.Change // the one at i has sequence first+i
	more    chan struct{}
}

func newWire() *wire { return &wire{first: 1, more: make(chan struct{})} }

func (l *wire) add(c *schemas.Change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, c)
	close(l.more)
	l.more = make(chan struct{})
}

func (l *wire) drop(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.first += uint64(n)
	l.records = l.records[n:]
}

func (l *wire) bounds(context.Context) (first, last uint64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.first, l.first + uint64(len(l.records)) - 1, nil
}

func (l *wire) follow(ctx context.Context, since uint64, fn func(uint64, *schemas.Change) error) error {
	next := since + 1
	l.mu.Lock()
	if since == 0 {
		next = l.first
	}
	l.mu.Unlock()
	for {
		l.mu.Lock()
		first, more := l.first, l.more
		var c *schemas.Change
		if next >= first && next < first+uint64(len(l.records)) {
			c = l.records[next-first]
		}
		l.mu.Unlock()
		switch {
		case next < first:
			return &sink.GoneError{First: first}
		case c != nil:
			if err := fn(next, c); err != nil {
				return err
			}
			next++
			continue
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A fixture is a desk over a real store that holds records.
type fixture struct {
	*httptest.Server
	desk  *Desk
	store *store.Store
	wire  *wire
}

func newFixture(t testing.TB, records []sink.Record, change ...func(*Config)) *fixture {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Location: filepath.Join(t.TempDir(), "claims.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Write(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	f := &fixture{store: s, wire: newWire()}
	for _, c := range sinktest.Changes(records) {
		f.wire.add(c)
	}
	cfg := Config{Store: s, Follow: f.wire.follow, Bounds: f.wire.bounds, Version: "test"}
	for _, fn := range change {
		fn(&cfg)
	}
	if f.desk, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	f.Server = httptest.NewServer(f.desk)
	t.Cleanup(f.Server.Close)
	t.Cleanup(f.desk.CloseStreams)
	return f
}

// get returns status, headers and body of a request without following redirects.
func (f *fixture) get(t *testing.T, path string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", f.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// answer returns what the desk answers with, read as a T.
func answer[T any](t *testing.T, f *fixture, path string) (out T) {
	t.Helper()
	resp, body := f.get(t, path)
	if resp.StatusCode != 200 {
		t.Fatalf("%s: %d %s", path, resp.StatusCode, body)
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out
}

func (f *fixture) claims(t *testing.T, query string) sink.ClaimPage {
	t.Helper()
	return answer[sink.ClaimPage](t, f, "/api/v1/claims?"+query)
}

func TestClaims(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	for _, tt := range []struct {
		query string
		want  int
	}{
		{"", 15},
		{"tier=any", 15},
		{"tier=any&state=any", 19},
		{"state=retracted&tier=candidate", 1},
		{"measure=person-killed", 4},
		{"measure=dead", 4}, // an alias
		{"measure=person-killed,deal-value", 5},
		{"measure=person-killed&measure=deal-value", 5},
		{"country=ps", 2},
		{"country=no", 4},
		{"country=no&state=replaced", 1},
		{"country=--", 4},
		{"place=Tarsova&min_origins=2", 1},
		{"entity=Calder+Partners", 3},
		{"publisher=northwire.example", 2},
		{"kind=statement", 1},
		{"kind=event", 1},
		{"measure=event-agree&entity=Aurelia+Ports", 1},
		{"modality=required", 1},
		{"since=2025-11-24&until=2025-11-24", 3},
		{"known_at=2025-11-22T12:00:00Z", 1},
		{"q=floodlights", 1},
		{"q=no+such+words", 0},
		{"limit=3", 3},
	} {
		if got := len(f.claims(t, tt.query).Items); got != tt.want {
			t.Errorf("claims?%s: %d items, want %d", tt.query, got, tt.want)
		}
	}
}

// TestPlaceByName: the name of a country finds what happened in its towns.
func TestPlaceByName(t *testing.T) {
	records := sinktest.Records()
	inTown, named := map[string]bool{}, ""
	for _, r := range records {
		switch {
		case r.Change == nil:
		case r.Change.Claim.Kind == schemas.StatementClaim:
			r.Change.Claim.Place, named = &schemas.ClaimPlace{ID: "p-turkiye", Name: "Türkiye", Country: "TR", Path: []string{}}, r.Change.Claim.ID
		case r.Change.Claim.Place != nil && r.Change.Claim.Place.Name == "Tarsova":
			inTown[r.Change.Claim.ID] = true
		}
	}
	f := newFixture(t, records)
	found := map[string]bool{}
	for _, c := range f.claims(t, "state=any&tier=any&place=turkiye").Items {
		found[c.Record.ID] = true
	}
	inTown[named] = true
	if named == "" || !maps.Equal(found, inTown) {
		t.Errorf("place=turkiye finds %v, want %v", found, inTown)
	}
	if resp, _ := f.get(t, "/api/v1/claims?since=2025-11-25&until=2025-11-24"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("an interval that ends before it begins: %d", resp.StatusCode)
	}
}

// TestEvent: who did what to whom, in the list, on its page and as CSV.
func TestEvent(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	c := f.claims(t, "kind=event").Items[0].Record
	_, page := f.get(t, "/claims/"+c.ID)
	for _, want := range []string{">who<", ">to or with<", ">Calder Partners<", ">Aurelia Ports<", ">agreed<", "an agreement or a promise made"} {
		if !strings.Contains(strings.Join(strings.Fields(page), " "), want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if strings.Contains(page, ">statement<") {
		t.Error("the page calls an event a statement")
	}
	if _, csv := f.get(t, "/api/v1/claims?kind=event&format=csv"); !strings.Contains(csv, ",Calder Partners,Aurelia Ports,") || !strings.Contains(csv, ",agreed,") {
		t.Errorf("CSV: %s", csv)
	}
}

func TestBadValues(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	for query, parameter := range map[string]string{
		"mesure=x": "mesure", "measure=nonsense": "measure", "country=Gaza": "country", "kind=x": "kind", "tier=good": "tier",
		"state=dead": "state", "modality=maybe": "modality", "since=yesterday": "since", "until=2025-13": "until", "known_at=1": "known_at",
		"limit=0": "limit", "limit=501": "limit", "limit=x": "limit", "min_origins=-1": "min_origins", "q=" + strings.Repeat("x", 600): "q",
		"format=xml": "format", "cursor=%00": "", "cursor=AAAA": "", "q=%ff": "q",
	} {
		for _, path := range []string{"/api/v1/claims?", "/api/v1/series?"} {
			resp, body := f.get(t, path+query)
			var p problem
			if err := json.Unmarshal([]byte(body), &p); err != nil {
				t.Fatalf("%s%s: %v in %q", path, query, err, body)
			}
			if resp.StatusCode != 400 || resp.Header.Get("Content-Type") != "application/problem+json" || p.Parameter != parameter || p.Detail == "" {
				t.Errorf("%s%s: %d %+v, want 400 about %q", path, query, resp.StatusCode, p, parameter)
			}
		}
	}
	for path, status := range map[string]int{
		"/api/v1/claims/c_none": 404, "/api/v1/series/s_none": 404, "/api/v1/articles/a_none": 404, "/api/v1/claims/c_none/events": 404,
		"/api/v1/nothing": 404, "/api/v1/schemas/x": 404, "/api/v1/stream?since=-1": 400, "/api/v1/stream?limit=3": 400, "/nothing": 404, "/claims/x": 404, "/?limit=x": 400,
	} {
		if resp, body := f.get(t, path); resp.StatusCode != status {
			t.Errorf("%s: %d, want %d: %s", path, resp.StatusCode, status, body)
		}
	}
	for path, allow := range map[string]string{"/api/v1/claims": "GET", "/api/v1/articles": "GET, POST"} {
		req, err := http.NewRequestWithContext(t.Context(), "PUT", f.URL+path, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 405 || resp.Header.Get("Allow") != allow {
			t.Errorf("PUT to %s: %d, Allow %q, want %q", path, resp.StatusCode, resp.Header.Get("Allow"), allow)
		}
	}
}

func TestMerged(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	gone := f.claims(t, "state=replaced&measure=deal-value").Items[0]
	resp, _ := f.get(t, "/api/v1/claims/"+gone.Record.ID)
	if want := "/api/v1/claims/" + gone.Record.ReplacedBy[0]; resp.StatusCode != 308 || resp.Header.Get("Location") != want {
		t.Errorf("merged claim: %d to %q, want 308 to %q", resp.StatusCode, resp.Header.Get("Location"), want)
	}
	if resp, body := f.get(t, "/api/v1/claims/"+gone.Record.ID+"?raw"); resp.StatusCode != 200 || !strings.Contains(body, `"state":"replaced"`) {
		t.Errorf("merged claim raw: %d %s", resp.StatusCode, body)
	}
	heir, _, err := f.store.Claim(t.Context(), gone.Record.ReplacedBy[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/series/", "/series/"} {
		resp, _ := f.get(t, path+gone.Record.SeriesID)
		if want := path + heir.Record.SeriesID; resp.StatusCode != 308 || resp.Header.Get("Location") != want {
			t.Errorf("series of a merged claim: %d to %q, want 308 to %q", resp.StatusCode, resp.Header.Get("Location"), want)
		}
		if resp, _ := f.get(t, path+heir.Record.SeriesID); resp.StatusCode != 200 {
			t.Errorf("the series it went to: %d", resp.StatusCode)
		}
	}
	if resp, body := f.get(t, "/claims/"+gone.Record.ID); resp.StatusCode != 200 || !strings.Contains(body, "Replaced by") {
		t.Errorf("page of a merged claim: %d", resp.StatusCode)
	}
}

// TestSplit: a claim that was taken apart names both that it became.
func TestSplit(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	gone := f.claims(t, "state=replaced&country=NO").Items[0].Record
	resp, body := f.get(t, "/api/v1/claims/"+gone.ID)
	if resp.StatusCode != 200 || !strings.Contains(body, `"state":"replaced"`) || len(gone.ReplacedBy) != 2 {
		t.Errorf("split claim: %d %s", resp.StatusCode, body)
	}
	_, body = f.get(t, "/claims/"+gone.ID)
	for _, want := range append(gone.ReplacedBy, "Taken apart into", "5 ferry passengers injured", "5 bus passengers injured") {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestSeriesPage: the list of series shows the latest figure of each, and finds one.
func TestSeriesPage(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	_, body := f.get(t, "/series")
	for _, want := range []string{"/series/" + schemas.ID("s", "quake-toll"), "people killed in Tarsova", "4 figures", "conflicting", "<svg", "€2.4 billion", "67.5%"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(body, schemas.ID("s", "lorries-required")) == strings.Contains(body, schemas.ID("s", "statement")) {
		t.Error("statements are shown, or figures are not")
	}
	if _, body := f.get(t, "/series?q=Aurelia&measure="); strings.Count(body, "<li><span class=\"latest\"") != 2 {
		t.Errorf("search finds %d series, want 2", strings.Count(body, "<li><span class=\"latest\""))
	}
	_, body = f.get(t, "/series?limit=2")
	if !strings.Contains(body, "Older series") || !strings.Contains(body, "/series?cursor=") {
		t.Error("no way to the next page")
	}
	for _, bad := range []string{"/series?limit=x", "/series?cursor=AAAA"} {
		if resp, body := f.get(t, bad); resp.StatusCode != 400 || !strings.Contains(body, "could not be shown") {
			t.Errorf("%s: %d", bad, resp.StatusCode)
		}
	}
}

// TestGrounds: the page of a claim says where each citation comes from, and why they
// are one.
func TestGrounds(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	_, body := f.get(t, "/claims/"+schemas.ID("c", "quake-toll", "41", "exact"))
	for _, want := range []string{
		"same origin as <bdi>Northwire", "2 citations in 2 articles of 2 publishers: copies of one text counted once, 1 independent origin.", "the place (Tarsova)", "90% that they belong together",
		`from <bdi>the Northwire agency</bdi> (<q>according to</q>)`, `<bdi><a href="/entities/e-dra">Disaster Relief Authority (DRA)</a></bdi> (<q>said</q>)`,
		"body of the story", "perhaps beside the story",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestPagesOfList(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	whole := f.claims(t, "tier=any&state=any&limit=500")
	var got []string
	for query := "tier=any&state=any&limit=4"; ; {
		page := f.claims(t, query)
		for _, c := range page.Items {
			got = append(got, c.Record.ID)
		}
		if page.Next == "" {
			break
		}
		query = "tier=any&state=any&limit=4&cursor=" + url.QueryEscape(page.Next)
	}
	var want []string
	for _, c := range whole.Items {
		want = append(want, c.Record.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages of 4 give %v, want %v", got, want)
	}
	resp, _ := f.get(t, "/api/v1/claims?limit=4")
	if link := resp.Header.Get("Link"); !strings.HasSuffix(link, `; rel="next"`) || !strings.Contains(link, "limit=4") {
		t.Errorf("Link = %q", link)
	}
}

func TestETagAndGzip(t *testing.T) {
	f := newFixture(t, sinktest.Records())
	for _, path := range []string{"/api/v1/claims", "/api/v1/articles", "/articles", "/", f.desk.assets["style.css"].url} {
		resp, _ := f.get(t, path, "Accept-Encoding", "gzip")
		if resp.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: not packed", path)
		}
		again, body := f.get(t, path, "If-None-Match", resp.Header.Get("ETag"))
		if again.StatusCode != 304 || body != "" {
			t.Errorf("%s with its ETag: %d and %d bytes, want 304", path, again.StatusCode, len(body))
		}
		if other, _ := f.get(t, path, "If-None-Match", `"x"`, "Accept-Encoding", "gzip;q=0"); other.StatusCode != 200 || other.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s with another ETag: %d %q", path, other.StatusCode, other.Header.Get("Content-Encoding"))
		}
	}
}

// withHostile are the records of the newsroom, and claims of texts that want to be run.
func withHostile() []sink.Record {
	records := sinktest.Records()
	for i, text := range sinktest.HostileTexts() {
		for _, r := range sinktest.Hostile(text) {
			r.Sequence += uint64(1000 + 10*i)
			records = append(records, r)
		}
	}
	return records
}

// checkCells looks for cells of a row that a spreadsheet would take for a formula.
func checkCells(t *testing.T, header, row []string) {
	t.Helper()
	for i, cell := range row {
		if _, err := schemas.ParseDecimal(cell); err == nil || cell == "" {
			continue
		}
		if strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
			t.Errorf("column %s: a spreadsheet would run %.40q", header[i], cell)
		}
	}
}

func TestTables(t *testing.T) {
	f := newFixture(t, withHostile())
	page := f.claims(t, "limit=500")
	resp, body := f.get(t, "/api/v1/claims", "Accept", "application/x-ndjson")
	if n := strings.Count(body, "\n"); n != len(page.Items) || resp.Header.Get("Claimwire-Sequence") == "" {
		t.Errorf("NDJSON: %d lines, want %d", n, len(page.Items))
	}
	for line := range strings.Lines(body) {
		var c sink.Claim
		if err := json.Unmarshal([]byte(line), &c); err != nil || c.Record.ID == "" || c.State == "" {
			t.Errorf("NDJSON line: %v", err)
		}
	}

	_, body = f.get(t, "/api/v1/claims?format=csv")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cites, passed := 0, 0
	for _, c := range page.Items {
		cites += len(c.Record.Citations)
	}
	for _, row := range rows {
		if row[len(row)-1] == "the Northwire agency (according to); Disaster Relief Authority (DRA) (said)" {
			passed++
		}
	}
	if passed != 1 {
		t.Errorf("CSV: %d rows have the chain of the agency's text, want 1", passed)
	}
	if len(rows) != cites+1 || !slices.Equal(rows[0], csvHeader) {
		t.Errorf("CSV: %d rows, want a header and %d citations", len(rows), cites)
	}
	for _, row := range rows[1:] {
		checkCells(t, csvHeader, row)
	}
}

// TestLocalTime: a row has the time as published, in UTC and in the desk's zone.
func TestLocalTime(t *testing.T) {
	f := newFixture(t, sinktest.Records(), func(c *Config) { c.Location = time.FixedZone("", 5*3600+1800) })
	_, body := f.get(t, "/api/v1/claims?format=csv&publisher=northwire.example&measure=person-injured")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for name, want := range map[string]string{"published_at": "2025-11-22T18:05:00Z", "published_utc": "2025-11-22 18:05:00", "published_local": "2025-11-22 23:35:00 +05:30"} {
		if got := rows[1][slices.Index(rows[0], name)]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestAtom(t *testing.T) {
	f := newFixture(t, withHostile())
	page := f.claims(t, "")
	resp, body := f.get(t, "/api/v1/claims?format=atom")
	feed, err := gofeed.NewParser().ParseString(body)
	if err != nil || resp.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Fatalf("%v in a feed of type %q", err, resp.Header.Get("Content-Type"))
	}
	if len(feed.Items) != len(page.Items) {
		t.Errorf("%d entries, want %d", len(feed.Items), len(page.Items))
	}
	for i, item := range feed.Items {
		c := page.Items[i].Record
		if item.GUID != "urn:claimwire:claim:"+c.ID || item.UpdatedParsed == nil || !strings.HasPrefix(item.Link, f.URL+"/claims/") {
			t.Errorf("entry %+v is not claim %s", item, c.ID)
		}
		for _, l := range item.Links {
			if !strings.HasPrefix(l, "http") {
				t.Errorf("link to %q", l)
			}
		}
	}
}

func TestPost(t *testing.T) {
	var got []*schemas.Article
	f := newFixture(t, nil, func(c *Config) {
		c.Publish = func(_ context.Context, a *schemas.Article) error {
			if a.Title == "fail" {
				return errors.New("secret detail")
			}
			got = append(got, a)
			return nil
		}
	})
	for _, tt := range []struct {
		name, contentType, body, origin string
		want                            int
	}{
		{"minimal", "application/json", `{"text":"At least 12 people were killed.","published_at":"2025-11-25"}`, "", 202},
		{"own origin", "application/json; charset=utf-8", `{"id":"mine","text":"Some 3."}`, f.URL, 202},
		{"other origin", "application/json", `{"text":"x"}`, "https://evil.example", 403},
		{"form", "text/plain", `{"text":"x"}`, "", 415},
		{"no JSON", "application/json", `{"text":`, "", 400},
		{"no date", "application/json", `{"text":"x","published_at":"23/11/2025"}`, "", 422},
		{"no such day", "application/json", `{"text":"x","published_at":"2025-02-30"}`, "", 422},
		{"edited some time", "application/json", `{"text":"x","modified_at":"yesterday"}`, "", 422},
		{"no text", "application/json", `{"id":"x"}`, "", 422},
		{"too long", "application/json", `{"text":"` + strings.Repeat("x", schemas.MaxTextBytes+1) + `"}`, "", 422},
		{"far too long", "application/json", `{"text":"` + strings.Repeat("x", maxBody) + `"}`, "", 413},
		{"bus down", "application/json", `{"text":"x","title":"fail"}`, "", 500},
	} {
		req, err := http.NewRequest("POST", f.URL+"/api/v1/articles", strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", tt.contentType)
		if tt.origin != "" {
			req.Header.Set("Origin", tt.origin)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != tt.want || strings.Contains(string(body), "secret") {
			t.Errorf("%s: %d %s, want %d", tt.name, resp.StatusCode, body, tt.want)
		}
		for _, field := range []string{"published_at", "modified_at"} { // a mistake in it is named, with the form that is wanted
			if resp.StatusCode == 422 && strings.Contains(tt.body, field) && (!strings.Contains(string(body), `"field":"`+field+`"`) || !strings.Contains(string(body), "RFC 3339")) {
				t.Errorf("%s: %s", tt.name, body)
			}
		}
	}
	if len(got) != 2 || got[1].ID != "mine" || got[0].ID == "" {
		t.Errorf("published %d articles, want 2", len(got))
	}
}

func TestHealth(t *testing.T) {
	ready := errors.New("the sink is 12 records behind")
	f := newFixture(t, nil, func(c *Config) {
		c.Ready = func(context.Context) error { return ready }
		c.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "claims_total 1\n") })
	})
	if resp, body := f.get(t, "/healthz"); resp.StatusCode != 200 || body != "ok\n" {
		t.Errorf("healthz: %d %q", resp.StatusCode, body)
	}
	if resp, body := f.get(t, "/readyz"); resp.StatusCode != 503 || !strings.Contains(body, "12 records behind") {
		t.Errorf("readyz: %d %q", resp.StatusCode, body)
	}
	ready = nil
	if resp, _ := f.get(t, "/readyz"); resp.StatusCode != 200 {
		t.Errorf("readyz: %d", resp.StatusCode)
	}
	if _, body := f.get(t, "/metrics"); body != "claims_total 1\n" {
		t.Errorf("metrics: %q", body)
	}
}

func TestHosts(t *testing.T) {
	f := newFixture(t, nil, func(c *Config) { c.Hosts = []string{"desk.newsroom.example"} })
	for host, want := range map[string]int{
		"localhost:80": 200, "127.0.0.1": 200, "[::1]:8417": 200, "192.168.1.5:80": 200, "desk.newsroom.example": 200, "DESK.newsroom.example.:8417": 200,
		"evil.example": 421, "127.0.0.1.evil.example": 421, "newsroom.example": 421,
	} {
		if resp, _ := f.get(t, "/api/v1/claims", "Host", host); resp.StatusCode != want {
			t.Errorf("Host %s: %d, want %d", host, resp.StatusCode, want)
		}
	}
}
