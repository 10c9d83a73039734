package main

import (
	"log/slog"
	"math"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
)

// limitMemory tells the garbage collector how much memory the process may use, as
// the control group that it runs in says, or half of the machine's: it then works harder
// before the system ends the process. GOMEMLIMIT in the environment stands.
func limitMemory(root string, log *slog.Logger) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	limit := memoryOfGroup(root)
	limit -= limit / 10 // what the runtime does not count: the binary, the page cache of SQLite
	if limit == 0 {
		limit = memoryOfMachine(root) / 2
	}
	if limit == 0 {
		return
	}
	debug.SetMemoryLimit(limit)
	log.Debug("memory is limited", "bytes", limit)
}

// collectLess makes the garbage collector of a command that works through its input
// and ends run a quarter as often: the models and tables that every command has in
// memory would be marked again for each few articles, which took a fifth of the time
// and spared 100 MB. A process that runs along with others gains a twentieth by it under
// load and takes a gigabyte more, so it does not. GOGC in the environment stands, and the
// limit of memory is kept.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	limitMemory("/", slog.New(slog.DiscardHandler))
}

// memoryOfMachine returns the memory of the machine in bytes; 0 if the system does not
// tell as Linux does.
func memoryOfMachine(root string) int64 {
	raw, err := os.ReadFile(filepath.Join(root, "proc/meminfo"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) { // "MemTotal:       24537156 kB"
		if f := strings.Fields(line); len(f) == 3 && f[0] == "MemTotal:" && f[2] == "kB" {
			n, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil || n < 0 || n > math.MaxInt64>>10 {
				return 0
			}
			return n << 10
		}
	}
	return 0
}

// memoryOfGroup returns the least memory limit of the control group and of those
// above it, in bytes, for versions 1 and 2; 0 if there is none.
func memoryOfGroup(root string) int64 {
	raw, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return 0
	}
	least := int64(math.MaxInt64)
	for line := range strings.Lines(string(raw)) { // "4:memory:/path" or, in version 2, "0::/path"
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(f) < 3 {
			continue
		}
		dir, file := "", ""
		switch {
		case f[1] == "memory":
			dir, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		case f[0] == "0" && f[1] == "":
			dir, file = "sys/fs/cgroup", "memory.max"
		default:
			continue
		}
		for group := path.Clean("/" + f[2]); ; group = path.Dir(group) {
			least = min(least, readLimit(filepath.Join(root, dir, group, file)))
			if group == "/" {
				break
			}
		}
	}
	if least >= 1<<60 { // version 1 says "none" with a huge number
		return 0
	}
	return least
}

func readLimit(file string) int64 {
	raw, err := os.ReadFile(file)
	if err != nil {
		return math.MaxInt64
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(raw)), 10, 64)
	if err != nil || n <= 0 { // "max"
		return math.MaxInt64
	}
	return n
}
