package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReplayByHand makes the same claims of records that people wrote in several ways:
// slots as strings or objects, with or without ids, entities and words.
func TestReplayByHand(t *testing.T) {
	t.Parallel()
	const article = `"article":{"id":"ID","published_at":"2026-03-0DAY","publisher":{"domain":"ID.example"},"title":"Ferry sinks off Torvik","text":"A ferry sank off Torvik on Sunday. The Harbour Guard said 12 people were killed. Mayor Ada Holm spoke of DAY days of grief."}`
	const entities = `"entities":[{IDS0"type":"LOC","name":"Torvik"},{IDS1"type":"ORG","name":"Harbour Guard"},{IDS2"type":"PER","name":"Ada Holm"}]`
	const figure = `"start":58,"end":60,"value":12,"category":"killed","time":{"start":"2026-03-01","end":"2026-03-01"}`
	ids := strings.NewReplacer("IDS0", `"id":"e0",`, "IDS1", `"id":"e1",`, "IDS2", `"id":"e2",`)
	none := strings.NewReplacer("IDS0", "", "IDS1", "", "IDS2", "")
	records := func(parts ...string) string {
		line := "{" + strings.Join(parts, ",") + "}\n"
		var b strings.Builder
		for _, r := range [][2]string{{"f1", "2"}, {"f2", "3"}} {
			b.WriteString(strings.NewReplacer("ID.", r[0]+".", `"ID"`, `"`+r[0]+`"`, "DAY", r[1]).Replace(line))
		}
		return b.String()
	}
	full := records(article, ids.Replace(entities),
		`"quantities":[{`+figure+`,"text":"12","counted":{"text":"people","head":"person"},"place":{"name":"Torvik","entity":"e0"},"source":{"name":"Harbour Guard","entity":"e1"}}]`)
	code, want, errs := claimwire(t, full, "replay", "-")
	if code != exitOK || strings.Count(want, "\n") != 1 || strings.Contains(errs, "left out") {
		t.Fatalf("exit %d: %s\n%s", code, errs, want)
	}
	for name, in := range map[string]string{
		"no ids":  records(article, none.Replace(entities), `"quantities":[{`+figure+`,"counted":{"text":"people"},"place":{"name":"Torvik"},"source":{"name":"the Harbour Guard"}}]`),
		"strings": records(article, ids.Replace(entities), `"quantities":[{`+figure+`,"text":"12","counted":"people","place":"Torvik","source":"Harbour Guard"}]`),
	} {
		code, got, errs := claimwire(t, in, "replay", "-")
		if code != exitOK || got != want {
			t.Errorf("%s: exit %d: %s\n%s", name, code, errs, cmp.Diff(want, got))
		}
	}
	// Who gives no list of names leaves them to the program.
	code, got, errs := claimwire(t, records(article, `"quantities":[{`+figure+`,"counted":"people","place":"Torvik"}]`), "replay", "-")
	if code != exitOK || strings.Count(got, "\n") != 1 || !strings.Contains(got, `"origins":2`) && !strings.Contains(got, `"articles":2`) {
		t.Errorf("no entities: exit %d: %s\n%s", code, errs, got)
	}

	bad := records(article, ids.Replace(entities), `"quantities":[{`+strings.Replace(figure, "58", "57", 1)+`,"text":"12"},{`+figure+`,"unit":"furlong"},{`+figure+`,"modality":"sure"}]`)
	code, got, errs = claimwire(t, bad+`{"article_id":"f3","quantities":[]}`+"\n", "replay", "-")
	for _, part := range []string{`quantities[0]: "12": the text has " 12"`, `no unit "furlong"`, `no modality "sure"`, "6 figures or statements left out", "extraction of f3 without its article"} {
		if !strings.Contains(errs, part) {
			t.Errorf("stderr does not say %q:\n%s", part, errs)
		}
	}
	if code != exitFailed || got != "" {
		t.Errorf("exit %d, claims %s", code, got)
	}
}
