package role

import (
	"strings"
	"testing"
)

// TestBaseForm leads every form of a verb back to it.
func TestBaseForm(t *testing.T) {
	for forms := range strings.Lines(`
stop stops stopped stopping
close closes closed closing
cancel cancels cancelled cancelling
cancel canceled canceling
kill kills killed killing
install installed installing
treat treats treated treating
create creates created creating
evaluate evaluated evaluating
evacuate evacuates evacuated evacuating
collide collides collided colliding
repair repairs repaired repairing
require requires required requiring
monitor monitored monitoring
explore explored exploring
handle handles handled handling
agree agrees agreed agreeing
free frees freed freeing
argue argues argued arguing
carry carries carried carrying
die dies died dying
focus focuses focused focusing
reach reaches reached reaching
pass passes passed passing
fix fixes fixed fixing
veto vetoes vetoed vetoing
change changes changed changing
belong belongs belonged belonging
bring brings brought bringing
merge merges merged merging
visit visits visited visiting
unite unites united uniting
hope hopes hoped hoping
hop hops hopped hopping
declare declares declared declaring
appear appears appeared appearing
provide provides provided providing
avoid avoids avoided avoiding
determine determines determined determining
abandon abandons abandoned abandoning
postpone postpones postponed postponing
take takes took taken taking
swear swears swore sworn swearing
need needs needed needing
endorse endorses endorsed endorsing
seize seizes seized seizing
ring rings rang rung ringing
`) {
		ws := strings.Fields(forms)
		for _, w := range ws {
			got, ok := irregular[w]
			if !ok {
				got = baseForm(w)
			}
			if got != ws[0] {
				t.Errorf("%s is a form of %s, want %s", w, got, ws[0])
			}
		}
	}
	for _, w := range []string{"", "s", "ed", "ing", "ied", "es", "sed", "zing", "qued", "ééed"} {
		baseForm(w) // must not panic
	}
}
