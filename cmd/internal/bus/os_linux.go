package bus

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// memoryFolder makes a folder in memory for what belongs to a folder on the disk, or
// finds it again.
func memoryFolder(of string) (string, error) {
	const root = "/dev/shm"
	path, err := filepath.Abs(of)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", err
	}
	var st syscall.Statfs_t
	const tmpfs = 0x01021994
	if err := syscall.Statfs(root, &st); err != nil {
		return "", fmt.Errorf("%s: %w", root, err)
	}
	if st.Type != tmpfs {
		return "", fmt.Errorf("%s is no memory", root)
	}
	sum := sha256.Sum256([]byte(path))
	dir := filepath.Join(root, "claimwire-"+hex.EncodeToString(sum[:16]))
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir) // everybody may make a folder there
	if err != nil {
		return "", err
	}
	if own, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || int(own.Uid) != os.Getuid() || info.Mode().Perm() != 0o700 {
		return "", fmt.Errorf("%s is not ours alone", dir)
	}
	return dir, nil
}
