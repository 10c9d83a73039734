package warc_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/claimwire/claimwire/fetcher/warc"
)

func Example() {
	dir, err := os.MkdirTemp("", "archive-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	w, err := warc.Open(warc.Config{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	x := warc.Exchange{
		URL: "http://harbour.example/ferry", At: time.Date(2025, 3, 10, 12, 0, 0, 0, time.UTC), Status: 200, MIME: "text/html",
		Request: []byte("GET /ferry HTTP/1.1\r\nHost: harbour.example\r\n\r\n"),
		Head:    []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"), Body: []byte("<p>The ferry stopped.</p>"),
	}
	ref, err := w.Exchange(x)
	fmt.Println(ref.SHA1, err)
	x.URL = "http://harbour.example/copy" // the same payload once more
	_, err = w.Exchange(x)
	fmt.Println(err, w.Close())

	f, err := os.Open(dir + "/" + ref.File)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	r, err := warc.NewReader(f)
	for err == nil {
		var rec *warc.Record
		if rec, err = r.Next(); err == nil {
			fmt.Println(strings.TrimSpace(string(rec.Type) + " " + rec.Target))
		}
	}
	fmt.Println(errors.Is(err, io.EOF))
	// Output:
	// MKYPVP4WIMNY4D7CTST5DIYEPTVMOCWI <nil>
	// <nil> <nil>
	// warcinfo
	// response http://harbour.example/ferry
	// request http://harbour.example/ferry
	// revisit http://harbour.example/copy
	// request http://harbour.example/copy
	// true
}
