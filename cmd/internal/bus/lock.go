package bus

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// A dirLock keeps other processes out of a data directory. The operating system
// releases it when the process ends, however it ends.
type dirLock struct{ f *os.File }

// lockDir locks dir, or fails with an error that matches [ErrLocked] and names
// the process that has it.
func lockDir(dir string) (*dirLock, error) {
	path := filepath.Join(dir, "bus.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil, fmt.Errorf("streams in %s: %w: only their owner may open them, and a disk that can be written to is needed: run as the user who runs claimwire", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if err := lockFile(f); err != nil {
		defer f.Close()
		who := make([]byte, 32)
		n, _ := f.ReadAt(who, 0)
		return nil, fmt.Errorf("data directory %s (process %s): %w", dir, strings.TrimSpace(string(who[:n])), ErrLocked)
	}
	// The content is for people; the lock itself does not depend on it.
	if err := f.Truncate(0); err == nil {
		fmt.Fprintln(f, os.Getpid())
	}
	return &dirLock{f}, nil
}

func (l *dirLock) release() error { return l.f.Close() }
