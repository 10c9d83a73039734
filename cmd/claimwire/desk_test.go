package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/schematest"
	"github.com/claimwire/claimwire/sink/desk"
	"github.com/claimwire/claimwire/sink/webhook"
)

// newsroomInstance starts the sample newsroom and an instance that can reach it
// and polls nothing yet.
func newsroomInstance(t *testing.T, change ...func(*config.Settings)) (*instance, *sample.Newsroom) {
	t.Helper()
	newsroom, err := sample.Start(t.Context(), sample.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { newsroom.Close() })
	var s config.Settings
	fs := newFlags(&runCommand, stdio{out: io.Discard, err: io.Discard})
	s.Register(fs)
	if err := s.Load(fs, nil); err != nil {
		t.Fatal(err)
	}
	s.DataDir, s.Listen, s.Sync, s.AllowLAN = t.TempDir(), "127.0.0.1:0", false, true
	for _, fn := range change {
		fn(&s)
	}
	log, err := newLogger(&s, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	in, err := openInstance(t.Context(), &s, newsroom.Hosts(), log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := in.run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cancel()
		wait.Wait()
		if err := in.close(); err != nil {
			t.Error(err)
		}
	})
	return in, newsroom
}

// eventually waits until done reports true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not within three minutes: " + what)
		}
	}
}

// taken waits until all articles of one of the newsroom's feeds have gone through
// every stage: after that no claim moves any more.
func taken(t *testing.T, in *instance, newsroom *sample.Newsroom, feed string) {
	t.Helper()
	want := int64(0)
	for _, a := range newsroom.Articles() {
		if strings.Contains(feed, "://"+a.Host+"/") {
			want++
		}
	}
	if want == 0 {
		t.Fatalf("no article is of feed %s", feed)
	}
	quiet, before := 0, uint64(0)
	eventually(t, "all articles of the feed", func() bool {
		h, err := in.report(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		last, err := in.bus.LastSequence(t.Context(), schemas.StreamClaims)
		if err != nil {
			t.Fatal(err)
		}
		behind := slices.ContainsFunc(h.Stages, func(s desk.StageHealth) bool { return s.Behind > 0 })
		if behind || len(h.Stages) < 3 || in.extracted.Load() < want || last == 0 || last != before {
			quiet = 0
		}
		quiet, before = quiet+1, last
		return quiet > 5
	})
}

func getBody(t *testing.T, address string) (int, string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestAddedFeed: a feed that is added while the program runs is polled at once,
// and known after a restart; what a person says of a claim reaches the stream of
// reviews; a webhook hears of the changes that it asked for.
func TestAddedFeed(t *testing.T) {
	key := webhook.NewSecret()
	secret, err := webhook.ParseSecret(key)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	heard := map[string]schemas.Change{}
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the sender stops in the middle of a message, and will send it again
		}
		err = webhook.Verify(r.Header, body, time.Now(), secret)
		var m struct {
			Data struct{ Change schemas.Change }
		}
		if err == nil {
			err = json.Unmarshal(body, &m)
		}
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		heard[r.Header.Get("webhook-id")] = m.Data.Change
	}))
	defer receiver.Close()
	t.Setenv("TEST_HOOK_SECRET", key)
	hooks := filepath.Join(t.TempDir(), "hooks.yaml")
	if err := os.WriteFile(hooks, []byte("- {name: desk, url: '"+receiver.URL+"', secrets: ['${TEST_HOOK_SECRET}'], filter: tier=any, changes: [asserted], since: 0}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, newsroom := newsroomInstance(t, func(s *config.Settings) { s.Webhooks, s.AdminListen = hooks, "127.0.0.1:0" })
	if status, _ := getBody(t, in.address()+"/metrics"); status != 404 {
		t.Errorf("metrics beside the page: %d, want 404", status)
	}
	if status, body := getBody(t, "http://"+in.admin.Addr().String()+"/metrics"); status != 200 || !strings.Contains(body, "go_goroutines") {
		t.Errorf("metrics on their own address: %d", status)
	}

	resp, err := http.Post(in.address()+"/api/v1/feeds", "application/json", strings.NewReader(`{"url":"`+newsroom.Feeds()[0]+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 202 {
		t.Fatalf("add: %s", resp.Status)
	}
	taken(t, in, newsroom, newsroom.Feeds()[0])
	var page struct{ Items []schemas.Claim }
	var reviewed *schemas.Claim // by the headline alone: the hardest to anchor
	eventually(t, "claims of the feed", func() bool {
		if getJSON(t.Context(), in.address()+"/api/v1/claims?tier=any&kind=quantity&limit=500", "", &page) != nil {
			return false
		}
		for i := range page.Items {
			if c := &page.Items[i]; c.CitationCount == 1 && c.Citations[0].Field == schemas.InTitle {
				reviewed = c
			}
		}
		return reviewed != nil && len(page.Items) > 3
	})
	if urls := in.feedURLs(); len(urls) != 1 || urls[0] != newsroom.Feeds()[0] {
		t.Errorf("feeds %q", urls)
	}
	var again feedBook
	if err := again.open(filepath.Join(in.settings.DataDir, "feeds.txt")); err != nil || len(again.list()) != 1 {
		t.Errorf("after a restart: %q, %v", again.list(), err)
	}
	if err := in.AddFeed(t.Context(), newsroom.Feeds()[0]); err == nil {
		t.Error("the same feed is added twice")
	}
	var status struct {
		Stages []struct {
			Stage  string
			Behind int
		}
		Webhooks []struct {
			Sent  int
			State string
		}
	}
	eventually(t, "webhook and stages at rest", func() bool {
		if err := getJSON(t.Context(), in.address()+"/api/v1/status", "", &status); err != nil {
			t.Fatal(err)
		}
		return len(status.Webhooks) == 1 && status.Webhooks[0].Sent > 3 && len(status.Stages) == 3
	})
	mu.Lock()
	for _, c := range heard {
		if c.Change != schemas.ChangeAsserted || len(c.Claim.Citations) == 0 {
			t.Errorf("the webhook heard %s of %q", c.Change, c.Claim.Text)
		}
	}
	mu.Unlock()

	resp, err = http.Post(in.address()+"/api/v1/claims/"+reviewed.ID+"/reviews", "application/json", strings.NewReader(`{"action":"reject","why":"It says something else.","by":"Ana"}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 202 {
		t.Errorf("review: %s", resp.Status)
	}
	_, body, err := in.bus.Get(t.Context(), schemas.StreamReviews, 1)
	if err != nil {
		t.Fatal(err)
	}
	schematest.Validate(t, "review", body)

	// It takes effect, and the page says who and why.
	eventually(t, "the review's effect", func() bool {
		_, body := getBody(t, in.address()+"/claims/"+reviewed.ID)
		return strings.Contains(body, "Ana") && strings.Contains(body, "It says something else.")
	})

	code, out, errs := claimwire(t, "", "series", "--url", in.address(), "--tier", "any")
	if code != exitOK || !strings.Contains(out, "s_") {
		t.Errorf("series: %d %s%s", code, out, errs)
	}
	drawn := false
	for line := range strings.Lines(out) { // some series are of statements and have no figures to draw
		id, _, _ := strings.Cut(line, " ")
		code, out, errs := claimwire(t, "", "series", "--url", in.address(), id)
		if code != exitOK || !strings.Contains(out, "origin") {
			t.Errorf("series %s: %d %s%s", id, code, out, errs)
		}
		if drawn = strings.Contains(out, "█"); drawn {
			break
		}
	}
	if !drawn {
		t.Errorf("no series is drawn:\n%s", out)
	}
	first, _, _ := strings.Cut(out, " ")
	if code, out, errs := claimwire(t, "", "series", "--url", in.address(), "--policy", "highest", "--known-at", "2999", "--json", first); code != exitOK || !strings.Contains(out, `"policy":"highest"`) {
		t.Errorf("series --policy highest: %d %s%s", code, out, errs)
	}
	if code, _, errs := claimwire(t, "", "series", "--url", in.address(), "--policy", "cheapest", first); code != exitFailed || !strings.Contains(errs, "most-origins") {
		t.Errorf("series --policy cheapest: %d %s", code, errs)
	}
	if code, out, errs := claimwire(t, "", "series", "--url", in.address(), "--policy", "lowest", "--known-at", "2999", "--tier", "any", "--json"); code != exitOK || !strings.Contains(out, `"policy":"lowest"`) || strings.Count(out, "\n") < 2 {
		t.Errorf("series --policy of all: %d %s%s", code, out, errs)
	}
	if code, _, errs := claimwire(t, "", "series", "--url", in.address(), "--known-at", "1999"); code != exitFailed || !strings.Contains(errs, "no series fits") {
		t.Errorf("series of a time when none was known: %d %s", code, errs)
	}
	if code, _, errs := claimwire(t, "", "series", "--url", in.address(), "s_none"); code != exitFailed || !strings.Contains(errs, "not found") {
		t.Errorf("series s_none: %d %s", code, errs)
	}
}

// TestTokens: the token that is printed opens the desk, the file has only its hash.
func TestTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.txt")
	code, token, errs := claimwire(t, "", "token", "--file", path, "--scopes", "read,review", "Night desk")
	if code != exitOK {
		t.Fatal(errs)
	}
	token = strings.TrimSpace(token)
	raw, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(raw), token) {
		t.Fatalf("the file holds %q, %v", raw, err)
	}
	in, _ := newsroomInstance(t, func(s *config.Settings) { s.Tokens = path })
	var page struct{ Items []schemas.Claim }
	if err := getJSON(t.Context(), in.address()+"/api/v1/claims", token, &page); err != nil {
		t.Error(err)
	}
	if err := getJSON(t.Context(), in.address()+"/api/v1/claims", "", &page); err == nil || !strings.Contains(err.Error(), "token") {
		t.Errorf("without the token: %v", err)
	}
	if code, _, _ := claimwire(t, "", "token", "--file", path, "--scopes", "write", "x"); code != exitUsage {
		t.Errorf("scope write: exit %d, want %d", code, exitUsage)
	}
	for name, content := range map[string]string{"empty": "", "comment": "# nobody\n", "words": "night desk\n", "short": "00 read Ana\n"} {
		p := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if tokens, err := loadTokens(p); err == nil {
			t.Errorf("%s: %d tokens and no error", name, len(tokens))
		}
	}
}

func TestLoadWebhooks(t *testing.T) {
	key := "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 32))
	for name, tt := range map[string]struct {
		yaml string
		want string // in the error; empty for none
	}{
		"whole":    {"- name: a\n  url: https://a.example/\n  secrets: [" + key + "]\n  filter: measure=dead&min_origins=2\n  changes: [asserted]\n  jump: 10%\n  since: 0\n", ""},
		"empty":    {"", ""},
		"unknown":  {"- {name: a, urls: x}\n", "urls"},
		"secret":   {"- {name: a, url: 'https://a.example/', secrets: [abc]}\n", "whsec_"},
		"variable": {"- {name: a, url: 'https://a.example/', secrets: ['${NO_SUCH_HOOK_SECRET}']}\n", "NO_SUCH_HOOK_SECRET"},
		"filter":   {"- {name: a, url: 'https://a.example/', secrets: [" + key + "], filter: mesure=x}\n", "mesure"},
		"jump":     {"- {name: a, url: 'https://a.example/', secrets: [" + key + "], jump: far}\n", "jump"},
	} {
		path := filepath.Join(t.TempDir(), "hooks.yaml")
		if err := os.WriteFile(path, []byte(tt.yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := loadWebhooks(path)
		switch {
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want an error about %s", name, err, tt.want)
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case name == "whole" && (len(got) != 1 || got[0].Query.MinOrigins != 2 || got[0].Query.Measures[0] != "person-killed" || !got[0].Jump.Percent || *got[0].Since != 0):
			t.Errorf("%s: %+v", name, got)
		}
	}
}
