package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMemoryOfMachine(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int64
	}{
		{"MemTotal:       2048 kB\nMemFree:  1 kB\n", 2 << 20},
		{"MemFree:  1 kB\n", 0},
		{"MemTotal:  -5 kB\n", 0},
		{"MemTotal:  99999999999999999999 kB\n", 0},
		{"MemTotal:  9007199254740992 kB\n", 0},
	} {
		root := t.TempDir()
		if err := os.Mkdir(filepath.Join(root, "proc"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "proc/meminfo"), []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := memoryOfMachine(root); got != tt.want {
			t.Errorf("memoryOfMachine(%q) = %d, want %d", tt.text, got, tt.want)
		}
	}
	if got := memoryOfMachine(t.TempDir()); got != 0 {
		t.Errorf("%d without /proc", got)
	}
}

func TestMemoryOfGroup(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"none", nil, 0},
		{"version 2", map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "268435456\n"}, 268435456},
		{"version 2 above", map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "1000\n", "sys/fs/cgroup/a/b/memory.max": "max\n"}, 1000},
		{"version 2 in a container", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "5000\n"}, 5000},
		{"version 1", map[string]string{"proc/self/cgroup": "9:cpu:/x\n4:memory:/m\n", "sys/fs/cgroup/memory/m/memory.limit_in_bytes": "7000\n"}, 7000},
		{"version 1 without", map[string]string{"proc/self/cgroup": "4:memory:/m\n", "sys/fs/cgroup/memory/m/memory.limit_in_bytes": "9223372036854771712\n"}, 0},
		{"nonsense", map[string]string{"proc/self/cgroup": "\n:\n0::../..\n"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range tt.files {
				path := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if got := memoryOfGroup(root); got != tt.want {
				t.Errorf("memoryOfGroup = %d, want %d", got, tt.want)
			}
		})
	}
}
