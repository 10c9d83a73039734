package desk

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A problem is an error answer (RFC 9457 problem details).
type problem struct {
	Type      string `json:"type"`  // about:blank: the status says what it is
	Title     string `json:"title"` // of the status
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	Parameter string `json:"parameter,omitempty"` // the query parameter that is wrong
	Field     string `json:"field,omitempty"`     // of the record that was sent, which is wrong
	First     uint64 `json:"first,omitempty"`     // 410: the oldest sequence that is still kept
	Restart   string `json:"restart,omitempty"`   // 410: where to start again
}

// words says on a page what the problem is.
func (p problem) words() string {
	if p.Parameter == "" {
		return p.Detail
	}
	return p.Parameter + ": " + p.Detail
}

func writeProblem(w http.ResponseWriter, p problem) {
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	body, err := json.Marshal(p)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n'))
}

// A parameterError says which query parameter is wrong, and how.
type parameterError struct{ name, detail string }

func (e *parameterError) Error() string { return e.name + ": " + e.detail }

// ErrBusy is what a request meets that cannot be served now and may be sent again.
var ErrBusy = errors.New("there is no room now; try again later")

// ErrFollowed says that a feed that is to be followed is followed.
var ErrFollowed = errors.New("this feed is followed already")

// problemOf returns what the client is told about err. What went wrong inside is
// for the log alone.
func (d *Desk) problemOf(r *http.Request, err error) problem {
	var bad *parameterError
	var field *fieldError
	var gone *sink.GoneError
	switch {
	case errors.As(err, &bad):
		return problem{Status: http.StatusBadRequest, Parameter: bad.name, Detail: bad.detail}
	case errors.As(err, &field):
		return problem{Status: http.StatusUnprocessableEntity, Field: field.name, Detail: field.Error()}
	case errors.Is(err, sink.ErrQuery):
		return problem{Status: http.StatusBadRequest, Detail: err.Error()}
	case errors.Is(err, sink.ErrNotFound):
		return problem{Status: http.StatusNotFound, Detail: err.Error()}
	case errors.Is(err, ErrFollowed):
		return problem{Status: http.StatusConflict, Detail: err.Error()}
	case errors.Is(err, schemas.ErrMalformed):
		return problem{Status: http.StatusUnprocessableEntity, Detail: err.Error()}
	case errors.Is(err, ErrBusy):
		d.cfg.Logger.Warn("request put off", "path", r.URL.Path, "err", err)
		return problem{Status: http.StatusServiceUnavailable, Detail: err.Error()}
	case errors.As(err, &gone):
		return problem{
			Status: http.StatusGone, First: gone.First, Restart: "/api/v1/claims",
			Detail: "the stream no longer holds what came after that sequence: read the list again and follow from its sequence",
		}
	}
	if r.Context().Err() == nil {
		d.cfg.Logger.Error("request failed", "path", r.URL.Path, "err", err)
	}
	return problem{Status: http.StatusInternalServerError, Detail: "the desk could not answer; its log says why"}
}

func (d *Desk) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, ErrBusy) {
		w.Header().Set("Retry-After", "30")
	}
	writeProblem(w, d.problemOf(r, err))
}

// sendPage answers with a page of a list.
func (d *Desk) sendPage(w http.ResponseWriter, r *http.Request, page interface {
	AppendJSON(b []byte) ([]byte, error)
},
) {
	b, err := page.AppendJSON(nil)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.send(w, r, "application/json", append(b, '\n'))
}

// sendJSON answers with v.
func (d *Desk) sendJSON(w http.ResponseWriter, r *http.Request, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		d.fail(w, r, err)
		return
	}
	d.send(w, r, "application/json", b.Bytes())
}

// send answers with body, or says that the client has it already. It packs what
// is worth packing.
func (d *Desk) send(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept, Accept-Encoding")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	sum := sha256.Sum256(body)
	etag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if len(body) > 1400 && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(body)
		_ = z.Close() // a client that went away is nobody's error
		return
	}
	_, _ = w.Write(body)
}

func matches(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

func acceptsGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") && strings.ReplaceAll(params, " ", "") != "q=0" {
			return true
		}
	}
	return false
}
