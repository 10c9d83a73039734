package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Secret signs messages. It never shows itself in logs.
type Secret struct{ key []byte }

const secretPrefix = "whsec_"

// ParseSecret reads a secret in the form of the specification: "whsec_" and the
// base 64 of 24 to 64 random bytes.
func ParseSecret(s string) (Secret, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, secretPrefix))
	if err != nil || !strings.HasPrefix(s, secretPrefix) || len(key) < 24 || len(key) > 64 {
		return Secret{}, errors.New(`a secret is "whsec_" and the base 64 of 24 to 64 random bytes`)
	}
	return Secret{key}, nil
}

// NewSecret returns a random secret in the form that [ParseSecret] reads.
func NewSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// String implements [fmt.Stringer].
func (s Secret) String() string { return secretPrefix + "…" }

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// sign returns the signature of a message: "v1," and the base 64 of its HMAC.
func (s Secret) sign(id string, at int64, body []byte) string {
	mac := hmac.New(sha256.New, s.key)
	fmt.Fprintf(mac, "%s.%d.", id, at)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Headers of a message.
const (
	headerID        = "webhook-id"
	headerTime      = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// tolerance is how far the clocks of sender and receiver may be apart.
const tolerance = 5 * time.Minute

// Verify is for receivers written in Go: it reports an error unless one of
// secrets signed the message no longer than five minutes before or after now.
func Verify(h http.Header, body []byte, now time.Time, secrets ...Secret) error {
	at, err := strconv.ParseInt(h.Get(headerTime), 10, 64)
	if err != nil || h.Get(headerID) == "" {
		return errors.New("webhook: the message has no id or no time")
	}
	if d := now.Sub(time.Unix(at, 0)); d > tolerance || d < -tolerance {
		return fmt.Errorf("webhook: the message is %s old", d.Round(time.Second))
	}
	for given := range strings.FieldsSeq(h.Get(headerSignature)) {
		for _, s := range secrets {
			if subtle.ConstantTimeCompare([]byte(given), []byte(s.sign(h.Get(headerID), at, body))) == 1 {
				return nil
			}
		}
	}
	return errors.New("webhook: no signature of the message is right")
}
