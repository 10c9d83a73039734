package cputest

import (
	"syscall"
	"time"
)

// ThreadTime returns how long the calling thread has computed: what others do on
// the machine does not count. The caller locks its goroutine to the thread.
func ThreadTime() time.Duration {
	const thread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
