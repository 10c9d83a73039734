package bus

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestErase looks for the bytes of erased records in the files of the server, where
// they were before, and reads the others.
func TestErase(t *testing.T) {
	dir := t.TempDir()
	b, err := Open(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(context.Background())
	const marker = "Quenneville"
	var as []schemas.Article
	for i := range 40 {
		who := "Somebody"
		if i%4 == 3 {
			who = marker
		}
		a := schemas.Article{ID: fmt.Sprintf("a%d", i), Text: strings.Repeat(fmt.Sprintf("%s counted %d lorries at the quay of Torvik. ", who, i), 50)}
		if err := a.Complete(); err != nil {
			t.Fatal(err)
		}
		as = append(as, a)
	}
	for i := range as {
		if err := b.PublishArticles(t.Context(), as[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if n := filesWith(t, dir, marker); n == 0 {
		t.Fatal("the name is in no file: the test shows nothing")
	}
	var gone []uint64
	if err := Scan(t.Context(), b, schemas.StreamArticles, func(seq uint64, a *schemas.Article) error {
		if strings.Contains(a.Text, marker) {
			gone = append(gone, seq)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{10, 0} { // the second time nothing is left to do
		if n, err := b.Erase(t.Context(), schemas.StreamArticles, gone); err != nil || n != want {
			t.Errorf("Erase(%v) = %d, %v, want %d", gone, n, err, want)
		}
	}
	if b.staging != "" && filesWith(t, b.staging, marker) > 0 {
		t.Error("the name is still in the folder for batches")
	}
	if n := filesWith(t, dir, marker); n > 0 {
		t.Errorf("the name is still in %d files", n)
	}
	left := 0
	if err := Scan(t.Context(), b, schemas.StreamArticles, func(seq uint64, a *schemas.Article) error {
		if strings.Contains(a.Text, marker) || !strings.Contains(a.Text, "Somebody") {
			t.Errorf("article %s says %.40s", a.ID, a.Text)
		}
		left++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if left != 30 {
		t.Errorf("%d articles are left, want 30", left)
	}
}

// filesWith counts the files below dir whose bytes contain a string.
func filesWith(t *testing.T, dir, marker string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() { // a link leads to the folder for batches
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Contains(raw, []byte(marker)) {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
