package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/schemas"
)

// wreck says two things of one person in two papers, for reports on statements.
const wreck = `{"id":"w1","published_at":"2026-03-04","publisher":{"domain":"quay.example"},"text":"The wreck lies in forty metres of water. \"We will raise the wreck before the summer,\" said harbour master Ingrid Moe."}
{"id":"w2","published_at":"2026-03-04","publisher":{"domain":"pier.example"},"text":"Fishing boats keep away from the place. Harbour master Ingrid Moe said that the ship would be lifted in May."}
`

// A reporter is somebody who reports mistakes on the pages of a running instance.
type reporter struct {
	t      *testing.T
	in     *instance
	token  string
	client *http.Client
}

// newReporter starts an instance that wants tokens, hands it the articles, one JSON
// object a line, and signs in.
func newReporter(t *testing.T, articles string) *reporter {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tokens.txt")
	token := func(scopes, name string) string {
		code, out, errs := claimwire(t, "", "token", "--file", path, "--scopes", scopes, name)
		if code != exitOK {
			t.Fatal(errs)
		}
		return strings.TrimSpace(out)
	}
	admin := token("read,admin", "Importer")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &reporter{t: t, token: token("read,review", "Night desk"), client: &http.Client{Jar: jar}}
	r.in, _ = newsroomInstance(t, func(s *config.Settings) { s.Tokens = path })
	for line := range strings.Lines(articles) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.in.address()+"/api/v1/articles", strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+admin)
		if status, body := r.read(http.DefaultClient.Do(req)); status != http.StatusAccepted {
			t.Fatalf("article: %d %s", status, body)
		}
	}
	if status, body := r.send("/login", "", url.Values{"token": {r.token}}); status != http.StatusOK {
		t.Fatalf("sign in: %d %s", status, body)
	}
	return r
}

func (r *reporter) read(resp *http.Response, err error) (int, string) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func (r *reporter) page(path string) string {
	r.t.Helper()
	status, body := r.read(r.client.Get(r.in.address() + path))
	if status != http.StatusOK {
		r.t.Fatalf("%s: %d", path, status)
	}
	return body
}

var hidden = regexp.MustCompile(`<input type="hidden" name="csrf" value="([^"]*)"`)

// send posts a form as a page has it.
func (r *reporter) send(path, page string, form url.Values) (int, string) {
	r.t.Helper()
	if m := hidden.FindStringSubmatch(page); m != nil {
		form.Set("csrf", strings.ReplaceAll(m[1], "&#43;", "+"))
	}
	return r.read(r.client.PostForm(r.in.address()+path, form))
}

// report fills in the form of a claim's page, and waits until that page says who
// reported it and why, and that of the claim that it changed says so too.
func (r *reporter) report(id, action, change, why string, others ...string) {
	r.t.Helper()
	path := "/claims/" + id
	form := url.Values{"action": {action}, "why": {why}}
	for _, o := range others {
		form.Set("claims", strings.TrimSpace(form.Get("claims")+" "+r.in.address()+"/claims/"+o))
	}
	if status, body := r.send(path, r.page(path), form); status != http.StatusOK || !strings.Contains(body, "Thank you") {
		r.t.Fatalf("%s: %d %s", action, status, body)
	}
	told, changed := false, false
	eventually(r.t, action+" of "+id, func() bool {
		for _, one := range append([]string{id}, others...) {
			_, after, _ := strings.Cut(r.page("/claims/"+one), "What happened to it")
			if strings.Contains(after, why) && strings.Contains(after, ": "+action) && strings.Contains(after, "by <bdi>Night desk</bdi>") {
				told = told || one == id
				changed = changed || strings.Contains(after, "<td>"+change+"</td>")
			}
		}
		return told && changed
	})
}

// claims lists what stands, with parameters of the API.
func (r *reporter) claims(parameters string) []schemas.Claim {
	r.t.Helper()
	var page struct{ Items []schemas.Claim }
	if err := getJSON(r.t.Context(), r.in.address()+"/api/v1/claims?tier=any&"+parameters, r.token, &page); err != nil {
		r.t.Fatal(err)
	}
	return page.Items
}

// killed returns what stands about people killed, by value.
func (r *reporter) killed() map[string]schemas.Claim {
	out := map[string]schemas.Claim{}
	for _, c := range r.claims("measure=person-killed") {
		out[c.Value.String()] = c
	}
	return out
}

// TestReportFigures takes figures apart and joins them again from the form, through
// the real stages.
func TestReportFigures(t *testing.T) {
	t.Parallel()
	r := newReporter(t, ferry)
	eventually(t, "12 in one text and 15 in two, of one series", func() bool {
		c := r.killed()
		return len(c) == 2 && c["12"].SeriesID == c["15"].SeriesID && len(c["15"].Citations) == 2
	})
	c := r.killed()
	r.report(c["12"].ID, "split", "split", "two ferries", c["15"].ID)
	eventually(t, "two series", func() bool {
		c := r.killed()
		return len(c) == 2 && c["12"].SeriesID != c["15"].SeriesID
	})

	c = r.killed()
	r.report(c["12"].ID, "merge", "merged", "one ferry after all", c["15"].ID)
	eventually(t, "one series again", func() bool {
		c := r.killed()
		return len(c) == 2 && c["12"].SeriesID == c["15"].SeriesID
	})

	// Without another claim, the citations of one are taken apart.
	whole := r.killed()["15"]
	r.report(whole.ID, "split", "split", "the second paper counts the injured")
	eventually(t, "two claims of 15", func() bool {
		n := 0
		for _, c := range r.claims("measure=person-killed") {
			if c.Value.String() == "15" && len(c.Citations) == 1 {
				n++
			}
		}
		return n == 2
	})
}

// TestReportStatements rejects and joins what people said.
func TestReportStatements(t *testing.T) {
	t.Parallel()
	r := newReporter(t, wreck)
	var said []schemas.Claim
	eventually(t, "two statements of two series", func() bool {
		said = r.claims("kind=statement")
		return len(said) == 2 && said[0].SeriesID != said[1].SeriesID
	})
	r.report(said[0].ID, "merge", "merged", "the same promise", said[1].ID)
	eventually(t, "one series of statements", func() bool {
		said := r.claims("kind=statement")
		return len(said) > 0 && said[0].SeriesID == said[len(said)-1].SeriesID
	})
	for _, c := range r.claims("kind=statement") {
		r.report(c.ID, "reject", "retracted", "she spoke of another ship")
	}
	eventually(t, "no statement left", func() bool { return len(r.claims("kind=statement")) == 0 })
}

// TestReviewRemote decides about claims of a running instance from the terminal.
func TestReviewRemote(t *testing.T) {
	t.Parallel()
	r := newReporter(t, ferry)
	eventually(t, "12 and 15", func() bool { c := r.killed(); return len(c) == 2 && len(c["15"].Citations) == 2 })
	c := r.killed()
	review := func(token string, args ...string) (int, string) {
		t.Helper()
		code, out, errs := claimwire(t, "", append([]string{"review", "--url", r.in.address(), "--token", token, "--by", "Somebody", "--why", "not dead"}, args...)...)
		return code, out + errs
	}
	for _, token := range []string{"", "cw_wrong"} {
		if code, out := review(token, "reject", c["12"].ID); code != exitFailed || !strings.Contains(out, "token") {
			t.Errorf("with the token %q: exit %d, %s", token, code, out)
		}
	}
	if code, out := review(r.token, "merge", c["12"].ID, "c_none"); code != exitFailed || !strings.Contains(out, "no claim c_none") {
		t.Errorf("a merge with no claim: exit %d, %s", code, out)
	}
	if code, out := review(r.token, "fix", c["12"].ID, "comparator", "exact"); code != exitOK || !strings.HasPrefix(out, "sent: ") {
		t.Errorf("fix: exit %d, %s", code, out)
	}
	eventually(t, "an exact 12", func() bool { return r.killed()["12"].Comparator == schemas.Exact })
	if code, out := review(r.token, "split", r.in.address()+"/claims/"+r.killed()["12"].ID, c["15"].ID); code != exitOK {
		t.Errorf("split: exit %d, %s", code, out)
	}
	eventually(t, "two series", func() bool { c := r.killed(); return c["12"].SeriesID != c["15"].SeriesID })
	if code, out := review(r.token, "reject", r.killed()["15"].ID); code != exitOK {
		t.Errorf("reject: exit %d, %s", code, out)
	}
	eventually(t, "no 15", func() bool { _, stands := r.killed()["15"]; return !stands })

	// The name is that of the token, whatever --by says.
	if retracted := r.claims("measure=person-killed&state=retracted"); len(retracted) != 1 || retracted[0].Value.String() != "15" {
		t.Errorf("retracted claims: %+v, want that of 15", retracted)
	}
	if page := r.page("/claims/" + c["15"].ID); strings.Contains(page, "Somebody") {
		t.Error("the page believes --by")
	}
}
