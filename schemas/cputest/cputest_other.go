//go:build !linux

package cputest

import "time"

var began = time.Now()

// ThreadTime returns how long the test has run, where the time of a thread alone
// is not told.
func ThreadTime() time.Duration { return time.Since(began) }
