//go:build darwin || freebsd || linux

package bus

import "golang.org/x/sys/unix"

// freeBytes returns how many bytes this process may still write to dir's disk.
func freeBytes(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return uint64(max(int64(st.Bavail), 0)) * uint64(st.Bsize), nil
}
