//go:build unix

package cputest

import (
	"syscall"
	"time"
)

// ProcessTime is what the process has used of its processors, garbage collection
// included: on a busy machine it tells more than the clock.
func ProcessTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
