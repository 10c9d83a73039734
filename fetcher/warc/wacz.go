package warc

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// WACZConfig configures [WriteWACZ]. All may be empty.
type WACZConfig struct {
	Title    string // of the collection
	Software string // that makes it, with its version

	// Page says whether a response is a page that readers look for, and what it is
	// called. Default: every web page is one, without a title.
	Page func(*Record) (title string, ok bool)
}

// WACZ 1.1.1 (Webrecorder's Web Archive Collection Zipped) is a ZIP file of
// archive files, as they are, with an index, a list of pages and hashes of all of
// it, which a browser can replay from any web server.
const (
	waczVersion = "1.1.1"
	waczLines   = "index.cdx.gz" // of the index, in gzip members of indexBlock lines
	waczBlocks  = "index.idx"    // where each member begins
	indexBlock  = 300
)

// WriteWACZ writes archive files as one WACZ file. Of a file that is being written
// it takes the whole records. The same files give the same bytes: the time of
// creation is that of the newest record.
func WriteWACZ(w io.Writer, files []string, cfg WACZConfig) error {
	if cfg.Page == nil {
		cfg.Page = func(*Record) (string, bool) { return "", true }
	}
	p := packer{zip: zip.NewWriter(w), cfg: cfg, taken: map[string]bool{}}
	for _, path := range files {
		if err := p.file(path); err != nil {
			return fmt.Errorf("archive: %s: %w", path, err)
		}
	}
	if err := p.finish(); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

type packer struct {
	zip       *zip.Writer
	cfg       WACZConfig
	taken     map[string]bool
	index     []string // CDXJ lines
	pages     []string // JSON lines
	newest    time.Time
	resources []resource
}

// A resource is one entry of datapackage.json.
type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// file adds an archive file with its part of index and pages.
func (p *packer) file(path string) error {
	name := strings.TrimSuffix(filepath.Base(path), openSuffix)
	if p.taken[name] {
		return fmt.Errorf("another file is called %s", name)
	}
	p.taken[name] = true
	size, err := p.read(path, name)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return p.add("archive/"+name, zip.Store, io.LimitReader(f, size))
}

// read collects what a file holds and returns how many of its bytes are whole
// records.
func (p *packer) read(path, name string) (size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		return 0, err
	}
	for {
		rec, err := r.Next()
		switch {
		case errors.Is(err, io.EOF), err != nil && strings.HasSuffix(path, openSuffix):
			return size, nil
		case err != nil:
			return 0, err
		case rec.Length == 0:
			return 0, fmt.Errorf("%w: its records are not compressed one by one", ErrFormat)
		}
		size = rec.Offset + rec.Length
		if rec.Date.After(p.newest) {
			p.newest = rec.Date
		}
		e, ok := rec.entry(name)
		if !ok {
			continue
		}
		p.index = append(p.index, e.CDXJ()+"\n")
		if rec.Type != Revisit && (e.Status == 200 || rec.Type == Resource) && (e.MIME == "text/html" || e.MIME == "application/xhtml+xml") {
			if err := p.page(rec); err != nil {
				return 0, err
			}
		}
	}
}

func (p *packer) page(rec *Record) error {
	title, ok := p.cfg.Page(rec)
	if !ok {
		return nil
	}
	line, err := json.Marshal(struct {
		ID    string `json:"id"`
		URL   string `json:"url"`
		At    string `json:"ts"`
		Title string `json:"title,omitempty"`
	}{strings.TrimPrefix(rec.ID, "urn:uuid:"), rec.Target, rec.Date.Format(time.RFC3339), title})
	p.pages = append(p.pages, string(line)+"\n")
	return err
}

// finish writes what is about all files.
func (p *packer) finish() error {
	if err := p.writeIndex(); err != nil {
		return err
	}
	head := `{"format":"json-pages-1.0","id":"pages","title":"All Pages"}` + "\n"
	if err := p.add("pages/pages.jsonl", zip.Deflate, strings.NewReader(head+strings.Join(p.pages, ""))); err != nil {
		return err
	}
	about, err := json.MarshalIndent(struct {
		Profile   string     `json:"profile"`
		Version   string     `json:"wacz_version"`
		Title     string     `json:"title,omitempty"`
		Created   string     `json:"created"`
		Software  string     `json:"software,omitempty"`
		Resources []resource `json:"resources"`
	}{"data-package", waczVersion, p.cfg.Title, p.newest.UTC().Format(time.RFC3339), p.cfg.Software, p.resources}, "", "  ")
	if err != nil {
		return err
	}
	if err := p.add("datapackage.json", zip.Deflate, strings.NewReader(string(about))); err != nil {
		return err
	}
	digest, err := json.Marshal(map[string]string{"path": "datapackage.json", "hash": p.resources[len(p.resources)-1].Hash})
	if err != nil {
		return err
	}
	if err := p.add("datapackage-digest.json", zip.Deflate, strings.NewReader(string(digest))); err != nil {
		return err
	}
	return p.zip.Close()
}

// writeIndex writes the index of all files and the index of that: a reader gets
// the part it needs, not the whole.
func (p *packer) writeIndex() error {
	slices.Sort(p.index)
	var lines bytes.Buffer
	blocks := fmt.Sprintf("!meta 0 {\"format\": \"cdxj-gzip-1.0\", \"filename\": %q}\n", waczLines)
	for block := range slices.Chunk(p.index, indexBlock) {
		m, err := deflated([]byte(strings.Join(block, "")))
		if err != nil {
			return err
		}
		key, _, _ := strings.Cut(block[0], " {")
		sum := sha256.New()
		sum.Write(m)
		blocks += fmt.Sprintf("%s {\"offset\": %d, \"length\": %d, \"digest\": %q, \"filename\": %q}\n", key, lines.Len(), len(m), hashOf(sum), waczLines)
		lines.Write(m)
	}
	if err := p.add("indexes/"+waczLines, zip.Store, &lines); err != nil {
		return err
	}
	return p.add("indexes/"+waczBlocks, zip.Deflate, strings.NewReader(blocks))
}

// add writes one file into the ZIP file. What is compressed already is stored, so
// that readers can ask for a part of it.
func (p *packer) add(path string, method uint16, from io.Reader) error {
	to, err := p.zip.CreateHeader(&zip.FileHeader{Name: path, Method: method})
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(to, sum), from)
	p.resources = append(p.resources, resource{strings.ToLower(filepath.Base(path)), path, hashOf(sum), n})
	return err
}

func hashOf(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }
