package warc

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mimeRevisit is the media type that indexes give revisits.
const mimeRevisit = "warc/revisit"

// An Entry is one line of an index: a response or revisit.
type Entry struct {
	Ref
	MIME    string // media type; "warc/revisit" for a revisit, whose digest and size are those of the payload it repeats
	Status  int    // HTTP status
	Partial bool   // the payload is cut off
}

// line is the JSON part of a CDXJ line. Numbers are strings by custom.
type line struct {
	URL       string `json:"url"`
	MIME      string `json:"mime,omitempty"`
	Status    string `json:"status,omitempty"`
	Digest    string `json:"digest"`
	Length    string `json:"length"`
	Offset    string `json:"offset"`
	Filename  string `json:"filename"`
	RecordID  string `json:"record_id,omitempty"`
	Size      string `json:"payload_length,omitempty"`
	Date      string `json:"date,omitempty"` // to the microsecond
	Truncated string `json:"truncated,omitempty"`
}

// CDXJ returns the entry as an index line, without line end: the SURT key of the
// URL, the second of its capture, and the rest as JSON.
func (e Entry) CDXJ() string {
	l := line{
		URL: e.Target, MIME: e.MIME, Digest: "sha1:" + e.SHA1, Length: strconv.FormatInt(e.Length, 10), Offset: strconv.FormatInt(e.Offset, 10),
		Filename: e.File, RecordID: e.ID, Size: strconv.FormatInt(e.Size, 10), Date: e.Date.UTC().Format(dateLayout),
	}
	if e.Status != 0 {
		l.Status = strconv.Itoa(e.Status)
	}
	if e.Partial {
		l.Truncated = "yes"
	}
	raw, err := json.Marshal(l)
	if err != nil { // strings only: cannot happen
		panic(err)
	}
	return SURT(e.Target) + " " + e.Date.UTC().Format("20060102150405") + " " + string(raw)
}

// ParseCDXJ reads an index line.
func ParseCDXJ(s string) (Entry, error) {
	_, rest, _ := strings.Cut(s, " ")
	stamp, raw, ok := strings.Cut(rest, " ")
	if !ok {
		return Entry{}, fmt.Errorf("index line %.60q: want a key, a time and JSON", s)
	}
	var l line
	if err := json.Unmarshal([]byte(raw), &l); err != nil {
		return Entry{}, fmt.Errorf("index line %.60q: %w", s, err)
	}
	e := Entry{MIME: l.MIME, Partial: l.Truncated != ""}
	e.File, e.ID, e.SHA1, e.Target = l.Filename, l.RecordID, strings.TrimPrefix(l.Digest, "sha1:"), l.URL
	var err error
	for _, n := range []struct {
		text string
		to   *int64
	}{{l.Length, &e.Length}, {l.Offset, &e.Offset}, {l.Size, &e.Size}} {
		if n.text == "" {
			continue
		}
		if *n.to, err = strconv.ParseInt(n.text, 10, 64); err != nil || *n.to < 0 {
			return Entry{}, fmt.Errorf("index line %.60q: number %q", s, n.text)
		}
	}
	e.Status, _ = strconv.Atoi(l.Status)
	if e.Date, err = time.Parse(time.RFC3339, l.Date); err != nil {
		if e.Date, err = time.Parse("20060102150405", stamp); err != nil {
			return Entry{}, fmt.Errorf("index line %.60q: %w", s, err)
		}
	}
	e.Date = e.Date.UTC().Truncate(time.Microsecond)
	return e, nil
}

// SURT returns the key by which archives sort a URL: the host's labels from
// right to left without "www", then the path and the sorted query, lower case.
func SURT(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil || u.Hostname() == "" {
		return strings.ReplaceAll(strings.ToLower(rawURL), " ", "%20")
	}
	host := strings.ToLower(u.Hostname())
	if label, rest, ok := strings.Cut(host, "."); ok && strings.TrimRight(label, "0123456789") == "www" {
		host = rest
	}
	labels := strings.Split(host, ".")
	if !strings.Contains(host, ":") && strings.Trim(host, "0123456789.") != "" { // addresses keep their order
		slices.Reverse(labels)
		host = strings.Join(labels, ",")
	}
	if p := u.Port(); p != "" && !(p == "80" && u.Scheme == "http") && !(p == "443" && u.Scheme == "https") {
		host += ":" + p
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		q := strings.Split(u.RawQuery, "&")
		slices.Sort(q)
		path += "?" + strings.Join(q, "&")
	}
	return strings.ReplaceAll(strings.ToLower(host+")"+path), " ", "%20")
}

// Indexes returns the paths of the indexes of a folder, oldest file first.
func Indexes(dir string) ([]string, error) { return list(dir, ".cdxj") }

// Files returns the paths of the archive files of a folder, oldest first. One
// that is being written is among them, with the suffix ".open".
func Files(dir string) ([]string, error) {
	done, err := list(dir, ".warc.gz")
	if err != nil {
		return nil, err
	}
	open, err := list(dir, ".warc.gz"+openSuffix)
	return append(done, open...), err
}

func list(dir, suffix string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), suffix) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

// ReadIndex reads an index file.
func ReadIndex(path string) ([]Entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	defer f.Close()
	var out []Entry
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		e, err := ParseCDXJ(s.Text())
		if err != nil {
			return out, fmt.Errorf("archive: %s: %w", path, err)
		}
		out = append(out, e)
	}
	return out, s.Err()
}

// writeIndex writes the index of a file, sorted byte by byte.
func writeIndex(dir, name string, entries []Entry) error {
	lines := make([]string, len(entries))
	for i, e := range entries {
		lines[i] = e.CDXJ() + "\n"
	}
	slices.Sort(lines)
	path := filepath.Join(dir, strings.TrimSuffix(name, ".warc.gz")+".cdxj")
	if err := os.WriteFile(path+".tmp", []byte(strings.Join(lines, "")), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}
