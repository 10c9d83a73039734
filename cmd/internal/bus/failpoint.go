package bus

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Fail points of this package. Each stands in a window of the table of crashes
// that must lose and double nothing.
const (
	FailBeforePublish = "before_publish" // a publish was called, nothing was sent
	FailMidBatch      = "mid_batch"      // half of a batch is with the server
	FailAfterPublish  = "after_publish"  // the server has stored the records, the caller does not know it yet
	FailBeforeAck     = "before_ack"     // a handler is done, its records are not acked
	FailMidErase      = "mid_erase"      // a record is about to be erased, those before it are
	FailAfterAck      = "after_ack"      // acks were sent, perhaps not stored
)

// Failpoint kills the process, as kill -9 does, if the environment says
// CLAIMWIRE_FAILPOINT=name:kill[:N] and this is the Nth pass (default: the
// first). Otherwise it costs one comparison. Tests use it to hit every window
// between two writes on purpose.
func Failpoint(name string) {
	if p := failpoint(); p.name == name && p.passes.Add(1) == p.at {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
			select {} // the signal is on its way
		}
	}
}

type failpointSpec struct {
	name   string
	at     int64
	passes atomic.Int64
}

var failpoint = sync.OnceValue(func() *failpointSpec {
	return parseFailpoint(os.Getenv("CLAIMWIRE_FAILPOINT"))
})

// parseFailpoint returns a point that no name matches if s is not well formed.
func parseFailpoint(s string) *failpointSpec {
	f := strings.Split(s, ":")
	if len(f) < 2 || len(f) > 3 || f[0] == "" || f[1] != "kill" {
		return &failpointSpec{}
	}
	p := &failpointSpec{name: f[0], at: 1}
	if len(f) == 3 {
		n, err := strconv.ParseInt(f[2], 10, 64)
		if err != nil || n < 1 {
			return &failpointSpec{}
		}
		p.at = n
	}
	return p
}
