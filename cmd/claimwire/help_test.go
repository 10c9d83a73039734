package main

import (
	"strings"
	"testing"
)

// TestHelp asks every command for its help, in all the ways people try.
func TestHelp(t *testing.T) {
	t.Parallel()
	_, all, _ := claimwire(t, "", "help")
	for _, c := range commands() {
		code, help, errs := claimwire(t, "", "help", c.name)
		first, rest, _ := strings.Cut(help, "\n")
		if code != exitOK || errs != "" || first != c.summary || !strings.Contains(rest, "\nUsage: claimwire "+c.name) || !strings.Contains(all, c.summary) {
			t.Errorf("claimwire help %s: exit %d, %q, %q", c.name, code, help, errs)
		}
		for line := range strings.SplitSeq(help, "\n") {
			if strings.TrimRight(line, " ") != line || strings.HasSuffix(help, "Flags:\n") {
				t.Errorf("claimwire help %s: a line ends with a space, or a heading has nothing below: %q", c.name, line)
			}
		}
	}
	for _, args := range [][]string{{"--help"}, {"-h"}, {"help", "help"}, {"help", "--help"}, {"--help", "help"}, {"help", "-h", "run"}} {
		if code, out, errs := claimwire(t, "", args...); code != exitOK || out != all || errs != "" {
			t.Errorf("claimwire %v: exit %d, %d bytes of the %d of 'claimwire help', %q", args, code, len(out), len(all), errs)
		}
	}
	if code, _, errs := claimwire(t, "", "help", "nothing"); code != exitUsage || !strings.Contains(errs, `unknown command "nothing"`) {
		t.Errorf("claimwire help nothing: exit %d, %q", code, errs)
	}
}
