//go:build !linux

package bus

import "errors"

// memoryFolder makes a folder in memory: on Linux only.
func memoryFolder(string) (string, error) {
	return "", errors.New("no folder in memory is known on this system")
}
