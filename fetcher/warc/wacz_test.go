package warc

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// pack returns the WACZ of what fill writes.
func pack(t testing.TB) (raw []byte, archive string) {
	t.Helper()
	dir := t.TempDir()
	fill(t, dir)
	files, err := Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	err = WriteWACZ(&b, files, WACZConfig{Title: "Harbour news", Software: "claimwire test", Page: func(r *Record) (string, bool) {
		return "Page " + r.Target, !strings.HasSuffix(r.Target, "/long")
	}})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), files[0]
}

// TestWACZ reads a page by the index of a WACZ, and checks all of its hashes.
func TestWACZ(t *testing.T) {
	raw, archive := pack(t)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name, ".gz") && f.Method != zip.Store {
			t.Errorf("%s is compressed twice", f.Name)
		}
	}
	var about struct {
		Version   string `json:"wacz_version"`
		Created   string
		Resources []resource
	}
	if err := json.Unmarshal(parts["datapackage.json"], &about); err != nil || about.Version != waczVersion || about.Created != "2025-03-10T12:00:00Z" {
		t.Errorf("datapackage.json: %+v, %v", about, err)
	}
	for _, r := range about.Resources {
		sum := hashSum(parts[r.Path])
		if int64(len(parts[r.Path])) != r.Bytes || sum != r.Hash || r.Bytes == 0 {
			t.Errorf("%s has %d bytes and hash %s, want %d and %s", r.Path, len(parts[r.Path]), sum, r.Bytes, r.Hash)
		}
	}
	if len(about.Resources) != 4 || len(parts) != 6 {
		t.Errorf("%d resources, %d files", len(about.Resources), len(parts))
	}
	if original, _ := os.ReadFile(archive); !bytes.Equal(original, parts["archive/"+filepath.Base(archive)]) {
		t.Error("the archive file is another")
	}
	if got := string(parts["pages/pages.jsonl"]); strings.Count(got, "\n") != 3 || !strings.Contains(got, `"url":"http://news.example/a","ts":"2025-03-10T12:00:00Z","title":"Page http://news.example/a"`) {
		t.Errorf("pages:\n%s", got)
	}
	blocks := strings.Split(strings.TrimSpace(string(parts["indexes/index.idx"])), "\n")
	if len(blocks) != 2 || !strings.HasPrefix(blocks[0], "!meta 0 {") || !strings.HasPrefix(blocks[1], "example,news)/") {
		t.Fatalf("index.idx:\n%s", strings.Join(blocks, "\n"))
	}
	lines, err := gzip.NewReader(bytes.NewReader(parts["indexes/index.cdx.gz"]))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for s := bufio.NewScanner(lines); s.Scan(); n++ {
		e, err := ParseCDXJ(s.Text())
		if err != nil {
			t.Fatal(err)
		}
		rd, err := NewReader(bytes.NewReader(parts["archive/"+e.File][e.Offset:]))
		if err != nil {
			t.Fatal(err)
		}
		if rec, err := rd.Next(); err != nil || rec.ID != e.ID || rec.Target != e.Target {
			t.Errorf("at %d: %+v, %v, want %s", e.Offset, rec, err, e.Target)
		}
	}
	if n != 6 {
		t.Errorf("%d lines of index, want 6", n)
	}
	if again, _ := pack(t); !bytes.Equal(again, raw) {
		t.Error("the same files give other bytes")
	}
}

// TestWACZOpen packs a file that is being written.
func TestWACZOpen(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, nil)
	put1(t, w, exchange("/a", "<p>Ships wait.</p>", 200))
	files, err := Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteWACZ(&b, files, WACZConfig{}); err != nil || !bytes.Contains(b.Bytes(), []byte("archive/"+strings.TrimSuffix(filepath.Base(files[0]), openSuffix))) {
		t.Errorf("WriteWACZ = %v", err)
	}
	if err := WriteWACZ(&b, append(files, files...), WACZConfig{}); err == nil {
		t.Error("two files of one name were packed")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestPyWACZ has the reference implementation validate a WACZ.
func TestPyWACZ(t *testing.T) {
	if err := exec.CommandContext(t.Context(), "python3", "-c", "import wacz.main").Run(); err != nil {
		t.Skip("wacz is not installed: pip install wacz")
	}
	raw, _ := pack(t)
	path := filepath.Join(t.TempDir(), "pack.wacz")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "python3", "-c", "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))", "validate", "-f", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "is valid") {
		t.Errorf("wacz validate: %v\n%s", err, out)
	}
}

func hashSum(data []byte) string {
	sum := sha256.New()
	sum.Write(data)
	return hashOf(sum)
}
