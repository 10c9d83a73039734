package desk

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Scope is something that a caller may do.
type Scope string

// Scopes.
const (
	ScopeRead   Scope = "read"   // read claims, articles and the state of the desk
	ScopeReview Scope = "review" // report mistakes, which changes claims
	ScopeAdmin  Scope = "admin"  // add feeds and articles
)

// Scopes lists every Scope.
var Scopes = []Scope{ScopeRead, ScopeReview, ScopeAdmin}

// A Token is a caller's key, known by its hash alone.
type Token struct {
	Name   string  // who carries it: it signs reviews
	SHA256 string  // hash of the token in hexadecimal
	Scopes []Scope // what it allows
}

// NewToken returns a random token and the hash that a [Token] keeps of it.
func NewToken() (token, hash string) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // it never fails
	token = "cw_" + base64.RawURLEncoding.EncodeToString(raw)
	return token, hashOf(token)
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Check says what is wrong with a token.
func (t *Token) Check() error {
	if raw, err := hex.DecodeString(t.SHA256); err != nil || len(raw) != sha256.Size || strings.TrimSpace(t.Name) == "" || strings.Contains(t.Name, "\n") {
		return fmt.Errorf("token %q needs a name and a SHA-256 in hexadecimal", t.Name)
	}
	for _, s := range t.Scopes {
		if !slices.Contains(Scopes, s) {
			return fmt.Errorf("token %q: no scope %q; there are %v", t.Name, s, Scopes)
		}
	}
	return nil
}

// A caller is who makes a request.
type caller struct {
	name    string // of the token; empty without one
	scopes  []Scope
	session string // what the caller's CSRF tokens are bound to
}

func (c *caller) may(s Scope) bool { return slices.Contains(c.scopes, s) }

// errUnknown is for a token that is missing, wrong or run out.
var errUnknown = errors.New("a token is needed: Authorization: Bearer …")

// caller returns who makes a request. A desk without tokens lets everybody read,
// and lets this machine do everything.
func (d *Desk) caller(r *http.Request) (*caller, error) {
	if len(d.cfg.Tokens) == 0 {
		c := &caller{scopes: []Scope{ScopeRead}, session: "open"}
		if fromHere(r) {
			c.scopes = Scopes
		}
		return c, nil
	}
	if given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return d.byToken(strings.TrimSpace(given))
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		return d.bySession(cookie.Value)
	}
	return nil, errUnknown
}

func (d *Desk) byToken(token string) (*caller, error) {
	hash := []byte(hashOf(token))
	for i := range d.cfg.Tokens {
		t := &d.cfg.Tokens[i]
		if subtle.ConstantTimeCompare(hash, []byte(strings.ToLower(t.SHA256))) == 1 {
			return &caller{t.Name, t.Scopes, "token " + t.SHA256}, nil
		}
	}
	return nil, errUnknown
}

// fromHere reports whether a request comes from this machine. One that a proxy
// passes on does not, wherever the proxy runs.
func fromHere(r *http.Request) bool {
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// Sessions are cookies that this process signed: name, hash of the token and end.
const (
	sessionCookie = "claimwire_session"
	sessionTime   = 12 * time.Hour
)

// mac signs text of one kind; a signature of another kind is worth nothing.
func (d *Desk) mac(kind, text string) string {
	m := hmac.New(sha256.New, d.key)
	m.Write([]byte(kind + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func (d *Desk) newSession(c *caller, now time.Time) string {
	payload := base64.RawURLEncoding.EncodeToString([]byte(c.session)) + "." + strconv.FormatInt(now.Add(sessionTime).Unix(), 10)
	return payload + "." + d.mac("session", payload)
}

func (d *Desk) bySession(value string) (*caller, error) {
	i := strings.LastIndexByte(value, '.')
	if i < 0 || subtle.ConstantTimeCompare([]byte(d.mac("session", value[:i])), []byte(value[i+1:])) != 1 {
		return nil, errUnknown
	}
	encoded, end, _ := strings.Cut(value[:i], ".")
	until, err := strconv.ParseInt(end, 10, 64)
	if err != nil || time.Now().Unix() >= until {
		return nil, errUnknown
	}
	session, _ := base64.RawURLEncoding.DecodeString(encoded)
	for i := range d.cfg.Tokens {
		if t := &d.cfg.Tokens[i]; "token "+t.SHA256 == string(session) {
			return &caller{t.Name, t.Scopes, string(session)}, nil
		}
	}
	return nil, errUnknown
}

// csrf returns what a form of this caller must send back.
func (d *Desk) csrf(c *caller) string { return d.mac("csrf", c.session) }

// needs lets only callers with a scope through to handle. Programs get a problem,
// people the page where they sign in.
func (d *Desk) needs(scope Scope, handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := d.caller(r)
		page := !strings.HasPrefix(r.URL.Path, "/api/") && r.URL.Path != "/metrics"
		switch {
		case err != nil && page && r.Method == http.MethodGet:
			http.Redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		case err != nil:
			w.Header().Set("WWW-Authenticate", `Bearer realm="claimwire"`)
			writeProblem(w, problem{Status: http.StatusUnauthorized, Detail: err.Error()})
		case !c.may(scope):
			writeProblem(w, problem{Status: http.StatusForbidden, Detail: "that needs the scope " + string(scope) + refusal(d)})
		case page && r.Method == http.MethodPost && !d.formIsOurs(w, r, c):
			writeProblem(w, problem{Status: http.StatusForbidden, Detail: "the form is out of date: load the page again"})
		default:
			handle(w, r)
		}
	}
}

func refusal(d *Desk) string {
	if len(d.cfg.Tokens) == 0 {
		return "; without tokens only this machine has it"
	}
	return ", which the token does not have"
}

// maxForm bounds a form that a page sends, in bytes.
const maxForm = 64 << 10

func (d *Desk) formIsOurs(w http.ResponseWriter, r *http.Request, c *caller) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	return r.ParseForm() == nil && subtle.ConstantTimeCompare([]byte(r.PostForm.Get("csrf")), []byte(d.csrf(c))) == 1
}

// A loginPage is what templates/login.html shows.
type loginPage struct {
	Title, Next, Problem, Version string
}

func (d *Desk) pageLogin(w http.ResponseWriter, r *http.Request) {
	d.render(w, r, "login.html", http.StatusOK, &loginPage{"Sign in", localPath(r.URL.Query().Get("next")), "", d.cfg.Version})
}

func (d *Desk) postLogin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		writeProblem(w, problem{Status: http.StatusBadRequest, Detail: "not a form"})
		return
	}
	next := localPath(r.PostForm.Get("next"))
	c, err := d.byToken(strings.TrimSpace(r.PostForm.Get("token")))
	if err != nil {
		d.render(w, r, "login.html", http.StatusUnauthorized, &loginPage{"Sign in", next, "No such token.", d.cfg.Version})
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: d.newSession(c, time.Now()), Path: "/", MaxAge: int(sessionTime.Seconds()), HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	})
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (d *Desk) postLogout(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// localPath returns a path of this desk: anything else would send people who have
// just signed in to another site.
func localPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return "/"
	}
	return s
}
