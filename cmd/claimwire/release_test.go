package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A releaseBuild is how the release is built.
type releaseBuild struct {
	Main, Binary        string
	Env, Flags, LDFlags []string
	Systems, Processors []string
}

func readRelease(t *testing.T) releaseBuild {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", ".github", "goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Builds []struct {
			Main    string
			Binary  string
			Env     []string
			Flags   []string
			LDFlags []string `yaml:"ldflags"`
			GoOS    []string `yaml:"goos"`
			GoArch  []string `yaml:"goarch"`
		}
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Builds) != 1 {
		t.Fatalf("%d builds, want 1", len(file.Builds))
	}
	b := file.Builds[0]
	return releaseBuild{b.Main, b.Binary, b.Env, b.Flags, b.LDFlags, b.GoOS, b.GoArch}
}

// build builds the program of the module in dir for a system, and returns the hash of
// the binary. env are settings besides those of the release.
func (r *releaseBuild) build(t *testing.T, dir, system, processor string, env ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), r.Binary)
	args := append([]string{"build", "-o", out, "-ldflags", strings.Join(r.LDFlags, " ")}, r.Flags...)
	cmd := exec.CommandContext(t.Context(), "go", append(args, r.Main)...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOFLAGS=", "GOOS="+system, "GOARCH="+processor), append(r.Env, env...)...)
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build for %s on %s: %v\n%s", system, processor, err, msg)
	}
	binary, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(binary)
	t.Logf("%s/%s: %.1f MB, sha256 %s", system, processor, float64(len(binary))/1e6, hex.EncodeToString(sum[:]))
	if most := 70 << 20; len(binary) > most {
		t.Errorf("%s/%s: %d bytes, want at most %d", system, processor, len(binary), most)
	}
	return hex.EncodeToString(sum[:])
}

// copyModule copies the files of the module to a new folder, and returns it.
func copyModule(t *testing.T, folder string) string {
	t.Helper()
	root, to := filepath.Join("..", ".."), filepath.Join(t.TempDir(), folder)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && name != ".":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		case !d.Type().IsRegular(): // the .git of a work tree
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), raw, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestRelease builds the release of every system, and that of one system a second time
// in another folder with nothing left of the first time: the bytes are the same. It
// compiles everything twice, and runs if CLAIMWIRE_TEST_RELEASE is set.
func TestRelease(t *testing.T) {
	if os.Getenv("CLAIMWIRE_TEST_RELEASE") == "" {
		t.Skip("compiles for minutes; CLAIMWIRE_TEST_RELEASE=1 runs it")
	}
	r := readRelease(t)
	if n := len(r.Systems) * len(r.Processors); n != 6 {
		t.Errorf("%d targets, want 6", n)
	}
	sums := map[string]string{}
	dir := copyModule(t, "one")
	for _, system := range r.Systems {
		for _, processor := range r.Processors {
			sums[system+"/"+processor] = r.build(t, dir, system, processor)
		}
	}
	again := copyModule(t, filepath.Join("another", "folder"))
	if got := r.build(t, again, "linux", "amd64", "GOCACHE="+t.TempDir()); got != sums["linux/amd64"] {
		t.Error("the second build differs from the first")
	}
}
