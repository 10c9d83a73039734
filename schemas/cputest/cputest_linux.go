package cputest

import (
	"time"

	"golang.org/x/sys/unix"
)

// ThreadTime returns how long the calling thread has computed: what others do on
// the machine does not count. The caller locks its goroutine to the thread.
func ThreadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil { // getrusage counts in ticks
		return 0
	}
	return time.Duration(t.Nano())
}
