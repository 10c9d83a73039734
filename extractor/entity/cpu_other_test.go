//go:build !linux

package entity

import "time"

var began = time.Now()

// cpuTime returns how long the test has run, where the time of a thread alone is
// not told.
func cpuTime() time.Duration { return time.Since(began) }
