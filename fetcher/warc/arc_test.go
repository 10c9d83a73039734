package warc

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// arcParts returns the records of an ARC file as Heritrix writes them: what the
// file is, a lookup, a page, and a page at an address with a space.
func arcParts(version int) []string {
	between, about := "", "1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
	if version == 2 {
		between, about = " 200 ABCDEF - 0 old.arc", "2 0 InternetArchive\nURL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename Archive-length\n"
	}
	part := func(url, kind, body string) string {
		return fmt.Sprintf("%s 192.0.2.7 20080310120000 %s%s %d\n%s\n", url, kind, between, len(body), body)
	}
	page := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Ships wait.</p>\n\nWARC/1.0\n"
	spaced := "http://old.example/b"
	if version == 1 {
		spaced = "http://old.example/b c"
	}
	return []string{
		part("filedesc://old.arc", "text/plain", about),
		part("dns:old.example", "text/dns", "20080310115959\nold.example. 3600 IN A 192.0.2.7"),
		part("http://old.example/a", "text/html", page),
		part(spaced, "text/html", page),
	}
}

func TestARC(t *testing.T) {
	for _, version := range []int{1, 2} {
		var packed bytes.Buffer
		for _, p := range arcParts(version) {
			z := gzip.NewWriter(&packed)
			io.WriteString(z, p)
			z.Close()
		}
		for name, data := range map[string]string{"old.arc": strings.Join(arcParts(version), ""), "old.arc.gz": packed.String()} {
			t.Run(fmt.Sprint(name, " ", version), func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
				recs := readAll(t, path)
				if len(recs) != 4 {
					t.Fatalf("%d records, want 4", len(recs))
				}
				var types []Type
				ids := map[string]bool{}
				for _, r := range recs {
					types = append(types, r.Type)
					ids[r.ID] = true
				}
				if got := fmt.Sprint(types); got != "[warcinfo resource response response]" || len(ids) != 4 {
					t.Errorf("types %s, %d ids", got, len(ids))
				}
				a := recs[2]
				_, body, ok := a.HTTP()
				if a.Target != "http://old.example/a" || a.Date.Format("2006-01-02T15:04:05Z") != "2008-03-10T12:00:00Z" || a.Field("WARC-IP-Address") != "192.0.2.7" || !ok || !bytes.HasPrefix(body, []byte("<p>Ships wait.</p>")) {
					t.Errorf("record %+v", a)
				}
				if want := "http://old.example/b%20c"; version == 1 && recs[3].Target != want {
					t.Errorf("address %q, want %q", recs[3].Target, want)
				}
				if r, err := ReadAt(dir, name, recs[3].Offset); err != nil || r.ID != recs[3].ID {
					t.Errorf("ReadAt = %+v, %v", r, err)
				}
			})
		}
	}
	for _, bad := range []string{"filedesc://x", "filedesc://x 1 2 3 4\n", "filedesc://x 1 20080310120000 text/plain 99999\nshort", "filedesc://x 1 20080310120000 text/plain -1\n"} {
		r, err := NewReader(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if rec, err := r.Next(); err == nil {
			t.Errorf("%q reads as %+v", bad, rec)
		}
	}
}
