package bus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go"

	"github.com/claimwire/claimwire/schemas"
)

// Record is any record that travels on the bus.
type Record interface {
	schemas.Article | schemas.Extraction | schemas.Change | schemas.Review | schemas.DeadLetter
}

// Message headers: CloudEvents 1.0 in the binary content mode of its NATS
// binding, and a hash of the body that consumers verify, because one flipped bit
// on one node of a cluster can win.
const (
	headerSHA256      = "Claimwire-Sha256"
	headerContentType = "content-type"
	headerSpec        = "ce-specversion"
	headerID          = "ce-id"
	headerSource      = "ce-source"
	headerType        = "ce-type"
	headerSubject     = "ce-subject"
	headerTime        = "ce-time"
	headerSchema      = "ce-dataschema"
	headerTrace       = "traceparent" // W3C Trace Context; of a process that sends traces
)

func schemaURN(record string) string { return "urn:claimwire:schema:v1:" + record }

// A message is a record ready to be sent.
type message struct {
	id       string
	msg      *nats.Msg
	size     int             // of it in bytes
	first    [8]byte         // span of the article that it comes from
	sequence uint64          // in the stream, once it is stored; 0 if it was stored before
	change   *schemas.Change // that it carries and nobody changes; nil if there is none at hand
}

// An envelope is what the headers say about a record.
type envelope struct {
	stream  string
	subject string // NATS subject
	record  string // "article": the name of its schema
	kind    string // ce-type
	id      string // Nats-Msg-Id and ce-id; empty if the record names itself badly
	about   string // ce-subject
	time    string // RFC 3339; anything else is left out
	article string // Article.ID that the record is about, or comes from; empty if it is none
	version string // its Article.Version
}

// envelopeOf takes everything from the record, so that the same record always
// gets the same headers.
func (b *Bus) envelopeOf(record any) (envelope, error) {
	switch r := record.(type) {
	case *schemas.Article:
		return envelope{
			schemas.StreamArticles, schemas.ArticleSubject(r), "article", "claimwire.article.v1",
			compoundID("article", r.ID, r.Version), r.ID, articleTime(r), r.ID, r.Version,
		}, nil
	case *schemas.Extraction:
		made, err := b.canonical(&r.MadeBy)
		if err != nil {
			return envelope{}, err
		}
		return envelope{
			schemas.StreamExtractions, schemas.ExtractionSubject(r), "extraction", "claimwire.extraction.v1",
			compoundID("extraction", r.ArticleID, r.ArticleVersion, made), r.ArticleID, articleTime(&r.Article), r.ArticleID, r.ArticleVersion,
		}, nil
	case *schemas.Change:
		return b.envelopeOf(&EncodedChange{ChangeHead: r.Head()})
	case *EncodedChange:
		e := envelope{
			stream: schemas.StreamClaims, subject: r.Subject, record: "change", kind: "claimwire.claim." + string(r.Change) + ".v1",
			id: ownID(r.ID), about: r.Claim, time: r.KnownAt,
		}
		if r.Article != nil {
			e.article, e.version = r.Article.ID, r.Article.Version
		}
		return e, nil
	case *schemas.Review:
		return envelope{
			schemas.StreamReviews, schemas.ReviewSubject(r), "review", "claimwire.review.v1",
			ownID(r.ID), r.Anchor.ArticleID, rfc3339(r.At), "", "",
		}, nil
	case *schemas.DeadLetter:
		return envelope{
			schemas.StreamDead, schemas.DeadSubject(r), "dead-letter", "claimwire.dead-letter.v1",
			ownID(r.ID), r.Subject, rfc3339(r.At), "", "",
		}, nil
	}
	return envelope{}, fmt.Errorf("%T is no record of the bus", record)
}

// A maker is what made a record, with its canonical JSON.
type maker struct {
	made      schemas.MadeBy
	canonical string
}

// canonical returns the canonical JSON of what made a record, which is the same for
// nearly all that a process sees.
func (b *Bus) canonical(made *schemas.MadeBy) (string, error) {
	if m := b.maker.Load(); m != nil && m.made.Program == made.Program && m.made.NLP == made.NLP && maps.Equal(m.made.Models, made.Models) {
		return m.canonical, nil
	}
	text, err := schemas.Canonical(made)
	if err != nil {
		return "", err
	}
	kept := *made
	kept.Models = maps.Clone(made.Models)
	b.maker.Store(&maker{kept, string(text)})
	return string(text), nil
}

func articleTime(a *schemas.Article) string {
	if a.FetchedAt != nil {
		return rfc3339(*a.FetchedAt)
	}
	return a.PublishedAt
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// compoundID names a record by several of its fields; "" if one is missing,
// because records without them would all be duplicates of each other.
func compoundID(prefix string, parts ...string) string {
	for _, p := range parts {
		if p == "" {
			return ""
		}
	}
	return schemas.ID(prefix, parts...)
}

// ownID returns id itself, or a hash of it if it does not fit into a header.
func ownID(id string) string {
	if len(id) <= 128 && headerValue(id) == id {
		return id
	}
	return schemas.ID("id", id)
}

// encode makes a message of a record. Errors match [schemas.ErrMalformed].
func (b *Bus) encode(record any) (message, error) {
	e, err := b.envelopeOf(record)
	if err != nil {
		return message{}, fmt.Errorf("%w: %w", schemas.ErrMalformed, err)
	}
	if e.id == "" {
		return message{}, fmt.Errorf("%s without id or version: %w", e.record, schemas.ErrMalformed)
	}
	if !validSubject(e.subject) {
		return message{}, fmt.Errorf("%s %s: subject %q: %w", e.record, e.id, e.subject, schemas.ErrMalformed)
	}
	body, err := marshal(record)
	if err != nil {
		return message{}, fmt.Errorf("%s %s: %w: %w", e.record, e.id, schemas.ErrMalformed, err)
	}
	m := &nats.Msg{Subject: e.subject, Data: body, Header: b.header(e, body)}
	size := m.Size()
	if n := size + batchHeaderRoom; n > b.bound {
		return message{}, fmt.Errorf("%s %s: message of %d bytes, over %d: %w", e.record, e.id, n, b.bound, schemas.ErrMalformed)
	}
	out := message{id: e.id, msg: m, size: size}
	if c, ok := record.(*EncodedChange); ok {
		out.change = c.Record
	}
	if e.article != "" && b.cfg.Spans != nil {
		_, out.first = traceOf(e.article, e.version)
	}
	return out, nil
}

// marshal is [json.Marshal] without its second pass over what a record's own
// marshaler wrote.
func marshal(record any) ([]byte, error) {
	if c, ok := record.(*EncodedChange); ok {
		return c.JSON, nil
	}
	if m, ok := record.(json.Marshaler); ok {
		return m.MarshalJSON()
	}
	return json.Marshal(record)
}

// headerMost is how many headers a message has at most, with those of a batch.
const headerMost = 15

func (b *Bus) header(e envelope, body []byte) nats.Header {
	sum := sha256.Sum256(body)
	h := make(nats.Header, headerMost)
	values := make([]string, 0, headerMost) // one piece of memory for all
	set := func(name, value string) {
		values = append(values, value)
		h[name] = values[len(values)-1 : len(values) : len(values)]
	}
	set(nats.MsgIdHdr, e.id)
	set(headerSHA256, hex.EncodeToString(sum[:]))
	set(headerContentType, "application/json")
	set(headerSpec, "1.0")
	set(headerID, e.id)
	set(headerSource, headerValue(b.cfg.Name))
	set(headerType, headerValue(e.kind))
	set(headerSchema, schemaURN(e.record))
	if b.cfg.Spans != nil { // the server looks closer at messages that have it
		if parent := e.traceparent(); parent != "" {
			set(headerTrace, parent)
		}
	}
	if e.stream == schemas.StreamExtractions {
		set(headerArticle, compoundID("article", e.article, e.version))
	}
	if e.about != "" {
		set(headerSubject, headerValue(e.about))
	}
	if _, err := time.Parse(time.RFC3339, e.time); err == nil {
		set(headerTime, e.time)
	}
	return h
}

// headerValue percent-encodes what must not stand in a header, as the HTTP
// binding of CloudEvents 1.0 (section 3.1.3.2) prescribes.
func headerValue(s string) string {
	const maxValue = 1 << 10
	if len(s) > maxValue {
		s = schemas.ID("id", s)
	}
	for i := range len(s) {
		if escaped(s[i]) {
			return escape(s)
		}
	}
	return s
}

func escape(s string) string {
	var out strings.Builder
	for i := range len(s) {
		if escaped(s[i]) {
			fmt.Fprintf(&out, "%%%02X", s[i])
		} else {
			out.WriteByte(s[i])
		}
	}
	return out.String()
}

func escaped(c byte) bool { return c <= ' ' || c == '"' || c == '%' || c > '~' }

// validSubject reports whether s is a subject that may be published to.
func validSubject(s string) bool {
	if len(s) > 512 {
		return false
	}
	for token := range strings.SplitSeq(s, ".") {
		if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r == '*' || r == '>' || r > '~' }) {
			return false
		}
	}
	return true
}

// decode reads a record of type T and checks what can be checked without
// knowing it. Errors match [schemas.ErrMalformed]. Fields that T does not have
// are ignored: an optional field more is no new version.
func decode[T Record](h nats.Header, body []byte) (*T, error) {
	if want := h.Get(headerSHA256); want != "" {
		sum, given := sha256.Sum256(body), [sha256.Size]byte{}
		if n, err := hex.Decode(given[:], []byte(want[:min(len(want), 2*sha256.Size)])); err != nil || n != len(sum) || given != sum {
			return nil, fmt.Errorf("body does not match its hash: %w", schemas.ErrMalformed)
		}
	}
	if kind := h.Get(headerType); kind != "" && !ofKind(new(T), kind) {
		return nil, fmt.Errorf("%s is no %T: %w", kind, *new(T), schemas.ErrMalformed)
	}
	return read[T](body)
}

// read is decode for a body whose headers need no look.
func read[T Record](body []byte) (*T, error) {
	record := new(T)
	if !utf8.Valid(body) { // JSON would silently replace what is not UTF-8
		return nil, fmt.Errorf("body is not UTF-8: %w", schemas.ErrMalformed)
	}
	if !bytes.HasPrefix(bytes.TrimLeft(body[:min(len(body), 64)], " \t\r\n"), []byte("{")) {
		return nil, fmt.Errorf("body is no JSON object: %w", schemas.ErrMalformed)
	}
	if err := unmarshal(body, record); err != nil {
		return nil, fmt.Errorf("body: %w: %w", schemas.ErrMalformed, err)
	}
	if v := versionOf(record); v != "" && v != schemas.Version {
		return nil, fmt.Errorf("schema_version %q, want %q: %w", v, schemas.Version, schemas.ErrMalformed)
	}
	return record, nil
}

// unmarshal is [json.Unmarshal], by a record's own reader if it has one.
func unmarshal(body []byte, record any) error {
	if r, ok := record.(interface{ ReadJSON([]byte) error }); ok {
		return r.ReadJSON(body)
	}
	return json.Unmarshal(body, record)
}

func ofKind(record any, kind string) bool {
	switch record.(type) {
	case *schemas.Article:
		return kind == "claimwire.article.v1"
	case *schemas.Extraction:
		return kind == "claimwire.extraction.v1"
	case *schemas.Change:
		return strings.HasPrefix(kind, "claimwire.claim.") && strings.HasSuffix(kind, ".v1")
	case *schemas.Review:
		return kind == "claimwire.review.v1"
	case *schemas.DeadLetter:
		return kind == "claimwire.dead-letter.v1"
	}
	return false
}

func versionOf(record any) string {
	switch r := record.(type) {
	case *schemas.Article:
		return r.SchemaVersion
	case *schemas.Extraction:
		return r.SchemaVersion
	case *schemas.Change:
		return r.SchemaVersion
	case *schemas.Review:
		return r.SchemaVersion
	case *schemas.DeadLetter:
		return r.SchemaVersion
	}
	return ""
}

// addressOf returns the web address a record is about, for its dead letter.
func addressOf(record any) string {
	switch r := record.(type) {
	case *schemas.Article:
		return r.Address()
	case *schemas.Extraction:
		return r.Article.Address()
	}
	return ""
}
