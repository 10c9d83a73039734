package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/sink/webhook"
)

// A collector takes traces over OTLP and HTTP.
type collector struct {
	mu    sync.Mutex // owns the rest
	spans []collectedSpan
	raw   strings.Builder
}

type collectedSpan struct {
	TraceID  string `json:"traceId"`
	SpanID   string `json:"spanId"`
	ParentID string `json:"parentSpanId"`
	Name     string `json:"name"`
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var doc struct {
		ResourceSpans []struct {
			ScopeSpans []struct{ Spans []collectedSpan }
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw.Write(raw)
	for _, rs := range doc.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			c.spans = append(c.spans, ss.Spans...)
		}
	}
}

// byName returns the spans of a trace by their names, of several one.
func (c *collector) byName(trace string) map[string]collectedSpan {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]collectedSpan{}
	for _, s := range c.spans {
		if trace == "" || s.TraceID == trace {
			out[s.Name] = s
		}
	}
	return out
}

// TestObserved runs the real program with a collector of traces and a receiver of
// webhooks. One trace leads from an article to its delivery, each piece of work under
// what caused it; and nothing that the program says to anybody has a secret.
func TestObserved(t *testing.T) {
	t.Parallel()
	traces, hooks := &collector{}, &receiver{got: map[string][]string{}}
	collectorSite, hookSite := httptest.NewServer(traces), httptest.NewServer(hooks)
	defer collectorSite.Close()
	defer hookSite.Close()
	dir := t.TempDir()
	secret := webhook.NewSecret()
	files := map[string]string{
		"otlp":        collectorSite.URL + "/v1/traces?api_key=hidden-otlp\n",
		"feed":        "http://ana:hidden-user@127.0.0.1:1/feed?token=hidden-feed\n",
		"hooks.yaml":  "- {name: night-desk, url: \"" + hookSite.URL + "/hidden-path\", secrets: [" + secret + "], since: 0}\n- {name: away, url: \"http://127.0.0.1:1/hidden-away?x=hidden-x\", secrets: [" + secret + "], since: 0}\n",
		"claimwire.y": "feed-file: " + filepath.Join(dir, "feed") + "\notlp-file: " + filepath.Join(dir, "otlp") + "\nwebhooks: " + filepath.Join(dir, "hooks.yaml") + "\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, settings := filepath.Join(dir, "data"), filepath.Join(dir, "claimwire.y")
	p := startProgram(t, data, "--config", settings, "--allow-private", "--log-level", "debug", "--admin-listen", "localhost:0")
	articles, err := sample.Variations(1)
	if err != nil {
		t.Fatal(err)
	}
	p.send(articles)
	want := []string{"publish ARTICLES", "extractor", "publish EXTRACTIONS", "normalizer", "publish CLAIMS", "sink store", "webhook night-desk"}
	p.await("all spans", func() bool {
		got := traces.byName("")
		for _, name := range want {
			if _, ok := got[name]; !ok {
				return false
			}
		}
		return true
	})
	p.await("a failed delivery", func() bool { return strings.Contains(p.log.String(), "webhook=away") })
	p.await("a failed poll", func() bool { return strings.Contains(p.log.String(), "feed failed") })
	spans := traces.byName("")
	trace := spans["publish ARTICLES"].TraceID
	spans = traces.byName(trace)
	ids := map[string]bool{}
	traces.mu.Lock()
	for _, s := range traces.spans {
		ids[s.SpanID] = true
	}
	traces.mu.Unlock()
	for _, name := range want {
		s, ok := spans[name]
		if !ok {
			t.Errorf("%s is not in the article's trace", name)
		} else if first := name == want[0]; first != (s.ParentID == "") || !first && !ids[s.ParentID] {
			t.Errorf("%s has the parent %q, which nobody sent", name, s.ParentID)
		}
	}

	_, admin, _ := strings.Cut(p.log.String(), "admin=")
	admin, _, _ = strings.Cut(admin, "\n")
	said := map[string]string{"traces": traces.raw.String()}
	for _, path := range []string{"/api/v1/feeds", "/api/v1/status", "/api/v1/articles", "/sources", "/readyz"} {
		said[path] = get(t, p.page+path)
	}
	for _, path := range []string{"/metrics", "/readyz", "/debug/pprof/", "/debug/pprof/goroutine?debug=2", "/debug/pprof/heap?debug=1"} {
		said["admin "+path] = get(t, admin+path)
	}
	var list struct{ Items []struct{ ID string } }
	if err := json.Unmarshal([]byte(get(t, p.page+"/api/v1/claims?limit=1")), &list); err != nil || len(list.Items) != 1 {
		t.Fatalf("claims: %v, %v", list, err)
	}
	defer func() {
		if t.Failed() {
			t.Log(said["trace"])
		}
	}()
	p.await("the delivery in the claim's way", func() bool {
		code, out, errs := claimwire(t, "", "trace", "--data-dir", data, list.Items[0].ID)
		said["trace"] = out + errs
		return code == exitOK && strings.Contains(out, "done: store, webhook night-desk") && strings.Contains(out, "waiting: webhook away (failing since 2")
	})
	code, out, errs := claimwire(t, "", "config", "check", settings)
	if code != exitOK || !strings.Contains(out, "otlp: ") {
		t.Errorf("config check: exit %d %s%s", code, out, errs)
	}
	said["config check"] = out + errs
	p.stop()
	said["log"] = p.log.String()
	for where, text := range said {
		if text == "" {
			t.Errorf("%s says nothing: the test shows nothing", where)
		}
		if i := strings.Index(text, "hidden-"); i >= 0 {
			t.Errorf("%s has a secret: …%s…", where, text[max(0, i-80):min(len(text), i+40)])
		}
		if strings.Contains(text, secret) {
			t.Errorf("%s has the secret of the webhooks", where)
		}
	}
}
