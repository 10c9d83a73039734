//go:build !unix

package cputest

import "time"

// ProcessTime is how long the process has run, where its use of the processors is
// not told.
func ProcessTime() time.Duration { return time.Since(began) }
