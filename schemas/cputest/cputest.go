// Package cputest tells tests what code costs on a machine that does other things
// as well.
package cputest

import (
	"runtime"
	"time"
)

// Took returns how long f computed on its own goroutine: neither what others do on
// the machine nor what f waits for counts.
func Took(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := ThreadTime()
	f()
	return ThreadTime() - start
}
