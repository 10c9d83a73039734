//go:build !noweights

package english

import (
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas/cputest"
)

// maxData is how many bytes the embedded models and lists may have together:
// everyone who builds the program carries them.
const maxData = 16_000_000

func TestSizeOfModels(t *testing.T) {
	total, files := int64(0), 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(filepath.Dir(path)) != "data" || strings.Contains(path, "testdata") {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		total, files = total+info.Size(), files+1
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Errorf("saw %d files of models and lists; is the walk broken?", files)
	}
	if total > maxData {
		t.Errorf("models and lists have %d bytes, more than %d", total, maxData)
	}
	t.Logf("%d bytes in %d files", total, files)
}

// TestLoadTime wants all models and lists unpacked and read in 300 ms of computing,
// which leaves the rest of the start a quarter of its time; it takes 90 on the machine
// of the README. Run alone it reads them; after another test they are read already.
func TestLoadTime(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes it four times as slow")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := cputest.ThreadTime()
	if _, err := New(Config{}); err != nil {
		t.Fatal(err)
	}
	d := cputest.ThreadTime() - start
	t.Logf("%v", d)
	if d > 300*time.Millisecond {
		t.Errorf("the models took %v", d)
	}
}
