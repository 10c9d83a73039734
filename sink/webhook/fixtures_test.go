package webhook

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/sinktest"
)

var update = flag.Bool("update", false, "rewrite the messages of examples/messages.jsonl")

// fixtureSecret signs the messages of examples/messages.jsonl, and nothing else.
const fixtureSecret = "whsec_Zm9yIHRoZSBleGFtcGxlcyBhbmQgbm90aGluZyBlbHNl"

// A fixture is a message as a receiver gets it: a line of examples/messages.jsonl.
type fixture struct {
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// newFixtures makes a message of every kind of change, and one of a gap.
func newFixtures(t *testing.T) []byte {
	t.Helper()
	s, err := ParseSecret(fixtureSecret)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2025, 11, 26, 9, 0, 0, 0, time.UTC)
	messages := []*message{}
	for _, kind := range schemas.ChangeKinds {
		changes := sinktest.Changes(sinktest.Records())
		i := slices.IndexFunc(changes, func(c *schemas.Change) bool { return c.Change == kind })
		if i < 0 {
			t.Fatalf("no record is %s", kind)
		}
		messages = append(messages, newMessage(uint64(i+1), changes[i]))
	}
	messages = append(messages, &message{Type: "stream.gap", Timestamp: at.Format(time.RFC3339), Data: gapData{40, 57, "/api/v1/claims"}, id: "gap_40_57"})
	var out bytes.Buffer
	for _, m := range messages {
		body, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(fixture{map[string]string{
			"content-type": "application/json", headerID: m.id, headerTime: strconv.FormatInt(at.Unix(), 10), headerSignature: s.sign(m.id, at.Unix(), body),
		}, string(body)})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	return out.Bytes()
}

// A sent is what a message says.
type sent struct {
	Type, Timestamp string
	Data            struct {
		Sequence, After, First uint64
		Restart                string
		Change                 *schemas.Change
	}
}

func readFixtures(t *testing.T, lines []byte) (out []sent) {
	t.Helper()
	for line := range bytes.Lines(lines) {
		var f fixture
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatal(err)
		}
		var m sent
		if err := json.Unmarshal([]byte(f.Body), &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// TestFixtures: the messages that receivers are tested with say what would be sent
// now, are of every kind and rightly signed. A field that schemas get later may be
// missing in them: receivers must bear that, too.
func TestFixtures(t *testing.T) {
	path := filepath.Join("examples", "messages.jsonl")
	want := newFixtures(t)
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(readFixtures(t, want), readFixtures(t, got), cmpopts.EquateEmpty(), cmp.Comparer(func(a, b schemas.Decimal) bool { return a.String() == b.String() })); d != "" {
		t.Errorf("%s is not what is sent now: go test ./sink/webhook -run Fixtures -update (-sent +file)\n%s", path, d)
	}
	s, err := ParseSecret(fixtureSecret)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for line := range bytes.Lines(got) {
		var f fixture
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatal(err)
		}
		h := http.Header{}
		for k, v := range f.Headers {
			h.Set(k, v)
		}
		at, err := strconv.ParseInt(h.Get(headerTime), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify(h, []byte(f.Body), time.Unix(at, 0), s); err != nil {
			t.Error(err)
		}
	}
	for _, m := range readFixtures(t, got) {
		kinds[m.Type] = true
	}
	for _, k := range schemas.ChangeKinds {
		if !kinds["claim."+string(k)] {
			t.Errorf("no message says %s", k)
		}
	}
	if !kinds["stream.gap"] {
		t.Error("no message says that there is a gap")
	}
}
