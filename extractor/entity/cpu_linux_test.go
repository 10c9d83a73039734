package entity

import (
	"syscall"
	"time"
)

// cpuTime returns how long this thread has computed: what others do on the
// machine does not count.
func cpuTime() time.Duration {
	const thread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
