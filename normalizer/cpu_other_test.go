//go:build !unix

package normalizer

import "time"

var started = time.Now()

func cpuTime() time.Duration { return time.Since(started) }
