//go:build !linux

package proctest

import "os/exec"

// Tie does nothing on this system.
func Tie(cmd *exec.Cmd) *exec.Cmd { return cmd }
