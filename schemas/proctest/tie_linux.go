package proctest

import (
	"os/exec"
	"syscall"
)

// Tie makes the kernel kill cmd, which has not been started yet, when the test
// binary ends by whatever way: a test that runs out of its time, or is killed, does
// no cleaning up. Elsewhere than on Linux it does nothing.
func Tie(cmd *exec.Cmd) *exec.Cmd {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	return cmd
}
