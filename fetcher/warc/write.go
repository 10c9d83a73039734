package warc

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Config configures a [Writer]. Zero fields get the default given here.
type Config struct {
	Dir      string        // required: folder of the files
	Prefix   string        // of their names; default "claimwire"
	MaxBytes int64         // of a file, compressed, before the next is begun; default 1 GiB
	MaxAge   time.Duration // of a file's first record before the next is begun; 0 for no bound
	Software string        // for the warcinfo record: name and version; default "claimwire"
	Logger   *slog.Logger  // default: discard
}

// openSuffix marks a file that is being written.
const openSuffix = ".open"

// A Writer adds records to the newest file of a folder. Its methods may be used
// from several goroutines. A folder has one Writer at a time.
type Writer struct {
	cfg Config

	mu      sync.Mutex // owns what follows
	file    *os.File   // nil until the first record
	name    string     // of file, without openSuffix
	info    string     // id of its warcinfo record
	begun   time.Time
	size    int64
	serial  int
	entries []Entry // of file
	known   memory
	raw     bytes.Buffer
	packed  bytes.Buffer
	zip     *gzip.Writer
}

// A Ref locates a record and the payload in it. Its zero value locates none.
type Ref struct {
	File   string    // name in the folder
	ID     string    // WARC-Record-ID without brackets
	Offset int64     // bytes before the record
	Length int64     // bytes that the record takes, compressed
	SHA1   string    // of the payload, base 32
	Size   int64     // of the payload in bytes
	Target string    // URL that it was fetched from
	Date   time.Time // when
}

// An Exchange is one request and what answered it.
type Exchange struct {
	URL       string    // without credentials and fragment
	At        time.Time // when the request was sent
	IP        string    // of the server; empty if unknown
	Request   []byte    // header of the request with its blank line
	Head      []byte    // header of the response with its blank line
	Body      []byte    // as it came, without transfer coding
	Status    int       // of the response
	MIME      string    // media type of the body; empty if unknown
	Truncated string    // why the body is not whole: "length", "time", "disconnect"; empty if it is
}

// Open returns a Writer for a folder, which it makes if need be. Files that a
// crash left open are closed after their last whole record.
func Open(cfg Config) (*Writer, error) {
	if cfg.Dir == "" {
		return nil, errors.New("archive: no folder")
	}
	if cfg.Prefix == "" {
		cfg.Prefix = "claimwire"
	}
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = 1 << 30
	}
	if cfg.Software == "" {
		cfg.Software = "claimwire"
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	if err := recoverFiles(cfg.Dir, cfg.Logger); err != nil {
		return nil, err
	}
	w := &Writer{cfg: cfg, zip: gzip.NewWriter(nil)}
	if err := w.known.load(cfg.Dir); err != nil {
		return nil, err
	}
	return w, nil
}

// Exchange records a request and its response, and returns where the payload is:
// in this response, or in an earlier one that it repeats. A 304 of which the
// earlier response is not known gives a zero Ref.
func (w *Writer) Exchange(x Exchange) (Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.ready(x.At); err != nil {
		return Ref{}, err
	}
	res := Record{
		Type: Response, Date: x.At, Target: x.URL, ContentType: typeResponse,
		Fields: []Field{{"WARC-IP-Address", x.IP}, {"WARC-Warcinfo-ID", "<" + w.info + ">"}},
	}
	payload := Digest(x.Body)
	old, again := w.known.payload(payload)
	again = again && len(x.Body) > 0 && x.Truncated == ""
	if x.Status == 304 {
		old, again = w.known.page(x.URL)
	}
	if again {
		res.Type, res.Block = Revisit, x.Head
		profile := ProfileIdentical
		if x.Status == 304 {
			profile = ProfileNotModified
		}
		res.Fields = append(res.Fields,
			Field{"WARC-Profile", profile}, Field{"WARC-Refers-To", "<" + old.ID + ">"}, Field{"WARC-Refers-To-Target-URI", old.Target},
			Field{"WARC-Refers-To-Date", old.Date.UTC().Format(dateLayout)}, Field{"WARC-Payload-Digest", "sha1:" + old.SHA1})
	} else {
		res.Block = append(append([]byte(nil), x.Head...), x.Body...)
		res.Fields = append(res.Fields, Field{"WARC-Payload-Digest", "sha1:" + payload}, Field{"WARC-Truncated", x.Truncated})
	}
	offset, length, err := w.add(&res)
	if err != nil {
		return Ref{}, err
	}
	ref := Ref{File: w.name, ID: res.ID, Offset: offset, Length: length, SHA1: payload, Size: int64(len(x.Body)), Target: x.URL, Date: x.At.UTC().Truncate(time.Microsecond)}
	entry := Entry{Ref: ref, MIME: x.MIME, Status: x.Status, Partial: x.Truncated != ""}
	if again {
		entry.MIME, entry.SHA1, entry.Size = mimeRevisit, old.SHA1, old.Size
	}
	w.entries = append(w.entries, entry)
	req := Record{
		Type: Request, Date: x.At, Target: x.URL, ContentType: typeRequest, Block: x.Request,
		Fields: []Field{{"WARC-IP-Address", x.IP}, {"WARC-Warcinfo-ID", "<" + w.info + ">"}, {"WARC-Concurrent-To", "<" + res.ID + ">"}},
	}
	if _, _, err := w.add(&req); err != nil {
		return Ref{}, err
	}
	switch {
	case again:
		return old, nil
	case x.Status == 304:
		return Ref{}, nil
	}
	if x.Truncated == "" {
		w.known.add(ref, x.Status)
	}
	return ref, nil
}

// Derived records what was made of the payload at ref: the text of an article as
// a conversion, and facts about it as metadata. Empty parts are left out.
func (w *Writer) Derived(ref Ref, at time.Time, text string, facts []Field) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.ready(at); err != nil {
		return err
	}
	common := []Field{{"WARC-Refers-To", "<" + ref.ID + ">"}, {"WARC-Warcinfo-ID", "<" + w.info + ">"}}
	if len(facts) > 0 {
		var b bytes.Buffer
		for _, f := range facts {
			fmt.Fprintf(&b, "%s: %s\r\n", f.Name, oneLine(f.Value))
		}
		if _, _, err := w.add(&Record{Type: Metadata, Date: at, Target: ref.Target, ContentType: typeFields, Fields: common, Block: b.Bytes()}); err != nil {
			return err
		}
	}
	if text == "" {
		return nil
	}
	_, _, err := w.add(&Record{Type: Conversion, Date: at, Target: ref.Target, ContentType: "text/plain;charset=utf-8", Fields: common, Block: []byte(text)})
	return err
}

// ready opens the first file, or the next if the current one is full.
func (w *Writer) ready(at time.Time) error {
	full := w.size >= w.cfg.MaxBytes || w.cfg.MaxAge > 0 && at.Sub(w.begun) >= w.cfg.MaxAge
	if w.file != nil && !full {
		return nil
	}
	if err := w.finish(); err != nil {
		return err
	}
	for {
		w.serial++
		name := fmt.Sprintf("%s-%s-%05d.warc.gz", w.cfg.Prefix, at.UTC().Format("20060102150405"), w.serial)
		if _, err := os.Stat(filepath.Join(w.cfg.Dir, name)); err == nil {
			continue
		}
		f, err := os.OpenFile(filepath.Join(w.cfg.Dir, name+openSuffix), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("archive: %w", err)
		}
		w.file, w.name, w.begun, w.size, w.entries = f, name, at, 0, nil
		break
	}
	info := Record{
		Type: Warcinfo, Date: at, ContentType: typeFields, Fields: []Field{{"WARC-Filename", w.name}},
		Block: []byte("software: " + oneLine(w.cfg.Software) + "\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"),
	}
	_, _, err := w.add(&info)
	w.info = info.ID
	return err
}

// add names a record, compresses it and appends it to the file.
func (w *Writer) add(r *Record) (offset, length int64, err error) {
	r.ID = recordID(w.name, strconv.FormatInt(w.size, 10), string(r.Type), r.Target, r.Date.UTC().Format(dateLayout), Digest(r.Block))
	w.raw.Reset()
	r.appendTo(&w.raw)
	w.packed.Reset()
	w.zip.Reset(&w.packed)
	if _, err := w.zip.Write(w.raw.Bytes()); err != nil {
		return 0, 0, err
	}
	if err := w.zip.Close(); err != nil {
		return 0, 0, err
	}
	offset = w.size
	n, err := w.file.Write(w.packed.Bytes())
	if err != nil {
		// What is half written would hide what follows.
		if cut := w.file.Truncate(offset); cut == nil {
			_, cut = w.file.Seek(offset, 0)
			err = errors.Join(err, cut)
		}
		return 0, 0, fmt.Errorf("archive %s: %w", w.name, err)
	}
	w.size += int64(n)
	return offset, int64(n), nil
}

// Dir returns the folder of the archive.
func (w *Writer) Dir() string { return w.cfg.Dir }

// Sync makes everything recorded so far safe from a loss of power. Records may be
// added meanwhile.
func (w *Writer) Sync() error {
	w.mu.Lock()
	f := w.file
	w.mu.Unlock()
	if f == nil {
		return nil
	}
	if err := f.Sync(); err != nil && !errors.Is(err, os.ErrClosed) { // a full file is safe before it is closed
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

// Close ends the current file and writes its index. The Writer may be used again
// and then begins another file.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.finish()
}

func (w *Writer) finish() error {
	if w.file == nil {
		return nil
	}
	err := errors.Join(w.file.Sync(), w.file.Close())
	w.file = nil
	if err == nil {
		err = os.Rename(filepath.Join(w.cfg.Dir, w.name+openSuffix), filepath.Join(w.cfg.Dir, w.name))
	}
	if err == nil {
		err = writeIndex(w.cfg.Dir, w.name, w.entries)
	}
	if err != nil {
		return fmt.Errorf("archive %s: %w", w.name, err)
	}
	return nil
}

// memory knows the payloads of the archive, as many as fit: a payload that has
// been forgotten is written once more.
type memory struct {
	payloads [2]map[string]Ref // by digest; the second half is the older one
	pages    [2]map[string]Ref // by URL: its last whole response
}

const remembered = 20_000 // entries of each half

func (m *memory) add(r Ref, status int) {
	if r.Size == 0 || status != 200 {
		return
	}
	put(&m.payloads, r.SHA1, r)
	put(&m.pages, r.Target, r)
}

func (m *memory) payload(digest string) (Ref, bool) { return get(&m.payloads, digest) }
func (m *memory) page(url string) (Ref, bool)       { return get(&m.pages, url) }

func put(halves *[2]map[string]Ref, key string, r Ref) {
	if halves[0] == nil || len(halves[0]) >= remembered {
		halves[1], halves[0] = halves[0], map[string]Ref{}
	}
	halves[0][key] = r
}

func get(halves *[2]map[string]Ref, key string) (Ref, bool) {
	for _, h := range halves {
		if r, ok := h[key]; ok {
			return r, true
		}
	}
	return Ref{}, false
}

// load reads the indexes of a folder, the newest last.
func (m *memory) load(dir string) error {
	files, err := Indexes(dir)
	if err != nil {
		return err
	}
	for _, path := range files {
		entries, err := ReadIndex(path)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.MIME != mimeRevisit && !e.Partial {
				m.add(e.Ref, e.Status)
			}
		}
	}
	return nil
}
