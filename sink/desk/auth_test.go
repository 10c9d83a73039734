package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// withTokens returns a fixture that asks for tokens, and one token of each kind.
func withTokens(t *testing.T, change ...func(*Config)) (f *fixture, read, review, admin string) {
	t.Helper()
	read, readHash := NewToken()
	review, reviewHash := NewToken()
	admin, adminHash := NewToken()
	change = append(change, func(c *Config) {
		c.Tokens = []Token{
			{"Reader", readHash, []Scope{ScopeRead}}, {"Night desk", strings.ToUpper(reviewHash), []Scope{ScopeRead, ScopeReview}}, {"Ana", adminHash, Scopes},
		}
		c.Publish = func(context.Context, *schemas.Article) error { return nil }
	})
	return newFixture(t, sinktest.Records(), change...), read, review, admin
}

func bearer(token string) []string {
	if token == "" {
		return nil
	}
	return []string{"Authorization", "Bearer " + token}
}

// post sends a body without following redirects.
func (f *fixture) post(t *testing.T, path, contentType, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", f.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(answer)
}

// TestScopes: every operation that is not open refuses a caller without its scope,
// and says nothing of what it keeps.
func TestScopes(t *testing.T) {
	f, read, review, admin := withTokens(t)
	may := map[string]map[Scope]bool{
		"": {}, "cw_wrong": {}, read: {ScopeRead: true}, review: {ScopeRead: true, ScopeReview: true}, admin: {ScopeRead: true, ScopeReview: true, ScopeAdmin: true},
	}
	for _, r := range f.desk.routes {
		if r.path == "/api/v1/stream" {
			continue // below
		}
		for token, scopes := range may {
			path := strings.NewReplacer("{id}", "x", "{name}", "claim").Replace(r.path)
			var resp *http.Response
			var body string
			if r.method == "POST" {
				resp, body = f.post(t, path, "application/json", `{"text":"Some 3."}`, bearer(token)...)
			} else {
				resp, body = f.get(t, path, bearer(token)...)
			}
			refused := resp.StatusCode == 401 || resp.StatusCode == 403
			if want := r.scope != "" && !scopes[r.scope]; refused != want {
				t.Errorf("%s %s with scopes %v: %d %s, refused want %t", r.method, path, scopes, resp.StatusCode, body, want)
			}
			if resp.StatusCode == 401 && resp.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: 401 without WWW-Authenticate", path)
			}
		}
	}
	if resp, _ := f.get(t, "/api/v1/stream"); resp.StatusCode != 401 {
		t.Errorf("stream without a token: %d", resp.StatusCode)
	}
	if resp, body := f.get(t, "/sources"); resp.StatusCode != 303 || resp.Header.Get("Location") != "/login?next=%2Fsources" || strings.Contains(body, "Harbour") {
		t.Errorf("page without a token: %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
}

// TestOpenDesk: without tokens everybody reads, and only this machine writes; a
// proxy on this machine does not lend its place to others.
func TestOpenDesk(t *testing.T) {
	f := newFixture(t, sinktest.Records(), func(c *Config) { c.Publish = func(context.Context, *schemas.Article) error { return nil } })
	for _, tt := range []struct {
		name, addr, header string
		read, write        int
	}{
		{"this machine", "127.0.0.1:999", "", 200, 202},
		{"this machine, IPv6", "[::1]:999", "", 200, 202},
		{"another", "192.168.1.9:999", "", 200, 403},
		{"a proxy", "127.0.0.1:999", "X-Forwarded-For", 200, 403},
		{"nowhere", "@", "", 200, 403},
	} {
		for method, want := range map[string]int{"GET": tt.read, "POST": tt.write} {
			path, body := "/api/v1/claims", ""
			if method == "POST" {
				path, body = "/api/v1/articles", `{"text":"Some 3."}`
			}
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.Host, r.RemoteAddr = "localhost", tt.addr
			r.Header.Set("Content-Type", "application/json")
			if tt.header != "" {
				r.Header.Set(tt.header, "203.0.113.7")
			}
			w := httptest.NewRecorder()
			f.desk.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%s %s: %d %s, want %d", tt.name, method, w.Code, w.Body, want)
			}
		}
	}
}

// A visitor is a browser without JavaScript.
type visitor struct {
	t      *testing.T
	f      *fixture
	client *http.Client
}

func (f *fixture) visit(t *testing.T) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, f, &http.Client{Jar: jar}}
}

func (v *visitor) page(path string) (int, string) {
	v.t.Helper()
	resp, err := v.client.Get(v.f.URL + path)
	return v.read(resp, err)
}

// send posts a form as the page has it, with the page's hidden fields.
func (v *visitor) send(path, page string, fields url.Values) (int, string) {
	v.t.Helper()
	for _, m := range regexp.MustCompile(`<input type="hidden" name="(csrf|next)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !fields.Has(m[1]) {
			fields.Set(m[1], strings.ReplaceAll(m[2], "&#43;", "+"))
		}
	}
	resp, err := v.client.PostForm(v.f.URL+path, fields)
	return v.read(resp, err)
}

func (v *visitor) read(resp *http.Response, err error) (int, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestSignIn: a person signs in with a token, reports a mistake, signs out.
func TestSignIn(t *testing.T) {
	var got []*schemas.Review
	f, read, review, _ := withTokens(t, func(c *Config) {
		c.Review = func(_ context.Context, r *schemas.Review) error { got = append(got, r); return nil }
	})
	claim, _, err := f.store.Claim(t.Context(), schemas.ID("c", "quake-toll", "58", "exact"))
	if err != nil {
		t.Fatal(err)
	}
	path := "/claims/" + claim.Record.ID
	v := f.visit(t)
	_, login := v.page(path)
	if !strings.Contains(login, `action="/login"`) {
		t.Fatal("no page to sign in")
	}
	if status, body := v.send("/login", login, url.Values{"token": {"cw_wrong"}}); status != 401 || !strings.Contains(body, "No such token") {
		t.Errorf("wrong token: %d", status)
	}
	status, page := v.send("/login", login, url.Values{"token": {" " + review + " "}})
	if status != 200 || !strings.Contains(page, claim.Record.ID) || !strings.Contains(page, "Report a mistake") {
		t.Fatalf("signed in: %d", status)
	}
	if strings.Contains(page, "Your name") {
		t.Error("the page asks for a name that the token has")
	}
	form := url.Values{"action": {"fix"}, "slot": {"value"}, "value": {"1,058"}, "why": {"The table says so."}, "by": {"Somebody else"}}
	if status, _ := v.send(path, "", form); status != 403 || len(got) != 0 {
		t.Errorf("form without a CSRF token: %d, %d reviews", status, len(got))
	}
	if status, body := v.send(path, page, form); status != 200 || !strings.Contains(body, "Thank you") {
		t.Errorf("report: %d", status)
	}
	if len(got) == 0 || got[0].By != "Night desk" || got[0].Slot != "value" || got[0].Anchor.TextSHA256 == "" || got[0].Why != "The table says so." {
		t.Fatalf("reviews %+v, want one by the token's name", got)
	}
	texts := map[string]bool{}
	for _, ct := range claim.Record.Citations {
		texts[ct.TextSHA256] = true
	}
	if len(got) < len(texts) {
		t.Errorf("%d reviews of %d texts", len(got), len(texts))
	}
	v.send("/logout", page, url.Values{})
	if _, body := v.page(path); strings.Contains(body, `data-claim=`) {
		t.Error("the claim is shown after signing out")
	}

	other := f.visit(t)
	_, login = other.page(path)
	_, body := other.send("/login", login, url.Values{"token": {read}})
	if strings.Contains(body, `name="why"`) || !strings.Contains(body, "Sign in") {
		t.Error("a reader sees the form for reports")
	}
}

// TestSessions: cookies that were changed, or whose time is over, are worth nothing.
func TestSessions(t *testing.T) {
	f, read, _, _ := withTokens(t)
	c, err := f.desk.byToken(read)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	good := f.desk.newSession(c, now)
	if back, err := f.desk.bySession(good); err != nil || back.name != "Reader" {
		t.Errorf("session: %+v, %v", back, err)
	}
	for name, value := range map[string]string{
		"empty": "", "dots": "..", "old": f.desk.newSession(c, now.Add(-sessionTime)), "cut": good[:len(good)-1], "another kind": strings.Replace(good, ".", ".9", 1),
		"csrf token": "x.9999999999." + f.desk.csrf(c), "withdrawn": f.desk.newSession(&caller{session: "token 00"}, now),
	} {
		if c, err := f.desk.bySession(value); !errors.Is(err, errUnknown) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	for in, want := range map[string]string{
		"/claims/x?y=1": "/claims/x?y=1", "": "/", "https://evil.example/": "/", "//evil.example": "/", "/\\evil.example": "/", "javascript:alert(1)": "/", "/%2f/evil": "/%2f/evil",
	} {
		if got := localPath(in); got != want {
			t.Errorf("localPath(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestCrossSite: a page of another site changes nothing, whatever it sends.
func TestCrossSite(t *testing.T) {
	f, _, _, admin := withTokens(t)
	for _, h := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
		for _, path := range []string{"/api/v1/articles", "/sources", "/login", "/logout"} {
			if resp, _ := f.post(t, path, "application/json", `{"text":"x"}`, append(bearer(admin), h...)...); resp.StatusCode != 403 {
				t.Errorf("POST %s with %v: %d, want 403", path, h, resp.StatusCode)
			}
		}
	}
}

// TestNoRoom: an article that cannot be stored now may be sent again.
func TestNoRoom(t *testing.T) {
	f := newFixture(t, sinktest.Records(), func(c *Config) {
		c.Publish = func(context.Context, *schemas.Article) error {
			return fmt.Errorf("%w: the disk is nearly full", ErrBusy)
		}
	})
	resp, body := f.post(t, "/api/v1/articles", "application/json", `{"id":"a","published_at":"2025-11-20","text":"Twelve dockers were injured."}`)
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || !strings.Contains(body, "nearly full") {
		t.Errorf("%s %v %s, want 503 with Retry-After and the reason", resp.Status, resp.Header, body)
	}
}
