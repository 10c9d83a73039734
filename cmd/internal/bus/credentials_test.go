package bus

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/claimwire/claimwire/schemas"
)

// TestClientCertificate reaches an external server that wants one of its clients.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	serverCert, serverKey := certificate(t)
	cert, key := certificate(t)
	stranger, strangerKey := certificate(t)
	pair, err := tls.LoadX509KeyPair(serverCert, serverKey)
	must(t, err)
	raw, err := os.ReadFile(cert)
	must(t, err)
	known := x509.NewCertPool()
	known.AppendCertsFromPEM(raw)
	s := startServer(t, func(o *server.Options) {
		o.TLS, o.TLSVerify, o.TLSTimeout = true, true, 10
		o.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: known, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12}
	})
	url := strings.Replace(s.ClientURL(), "nats://", "tls://", 1)
	for name, c := range map[string]Config{
		"no certificate":      {CAFile: serverCert},
		"another certificate": {CAFile: serverCert, CertFile: stranger, KeyFile: strangerKey},
		"no authority":        {CertFile: cert, KeyFile: key},
		"no key file":         {CAFile: serverCert, CertFile: cert, KeyFile: filepath.Join(t.TempDir(), "none")},
		"no authority's file": {CAFile: filepath.Join(t.TempDir(), "none")},
	} {
		c.URL = url
		if b, err := Open(t.Context(), c); err == nil {
			closeBus(t, b)
			t.Errorf("%s: the server is reached", name)
		}
	}
	b, err := Open(t.Context(), Config{URL: url, CAFile: serverCert, CertFile: cert, KeyFile: key})
	must(t, err)
	defer closeBus(t, b)
	must(t, b.PublishArticles(t.Context(), articles(3)))
	if got := last(t, b, schemas.StreamArticles); got != 3 {
		t.Errorf("%d articles came, want 3", got)
	}
}

// TestCredentials reaches a server that knows its users by the tokens of an operator.
func TestCredentials(t *testing.T) {
	t.Parallel()
	create := func(make func() (nkeys.KeyPair, error)) (nkeys.KeyPair, string) {
		kp, err := make()
		must(t, err)
		public, err := kp.PublicKey()
		must(t, err)
		return kp, public
	}
	operator, operatorID := create(nkeys.CreateOperator)
	account, accountID := create(nkeys.CreateAccount)
	_, systemID := create(nkeys.CreateAccount)
	operatorClaims := jwt.NewOperatorClaims(operatorID)
	operatorClaims.SystemAccount = systemID
	accountClaims := jwt.NewAccountClaims(accountID)
	accountClaims.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: -1, MemoryStorage: -1, Streams: -1, Consumer: -1}
	resolver := &server.MemAccResolver{}
	for id, claims := range map[string]*jwt.AccountClaims{accountID: accountClaims, systemID: jwt.NewAccountClaims(systemID)} {
		token, err := claims.Encode(operator)
		must(t, err)
		must(t, resolver.Store(id, token))
	}
	s := startServer(t, func(o *server.Options) {
		o.TrustedOperators, o.AccountResolver, o.SystemAccount, o.NoSystemAccount = []*jwt.OperatorClaims{operatorClaims}, resolver, systemID, false
	})
	credentials := func(signer nkeys.KeyPair) string {
		user, userID := create(nkeys.CreateUser)
		token, err := jwt.NewUserClaims(userID).Encode(signer)
		must(t, err)
		seed, err := user.Seed()
		must(t, err)
		text, err := jwt.FormatUserConfig(token, seed)
		must(t, err)
		path := filepath.Join(t.TempDir(), "user.creds")
		must(t, os.WriteFile(path, text, 0o600))
		return path
	}
	another, _ := create(nkeys.CreateAccount)
	seed, _ := newKey(t)
	for name, c := range map[string]Config{
		"nobody":           {},
		"another account":  {CredsFile: credentials(another)},
		"a key of nobody":  {NKeyFile: seed},
		"no file":          {CredsFile: filepath.Join(t.TempDir(), "none")},
		"no file of a key": {NKeyFile: filepath.Join(t.TempDir(), "none")},
	} {
		c.URL = s.ClientURL()
		if b, err := Open(t.Context(), c); err == nil {
			closeBus(t, b)
			t.Errorf("%s: the server is reached", name)
		} else if strings.Contains(err.Error(), "SU") {
			t.Errorf("%s: the error has the seed: %v", name, err)
		}
	}
	b, err := Open(t.Context(), Config{URL: s.ClientURL(), CredsFile: credentials(account)})
	must(t, err)
	defer closeBus(t, b)
	must(t, b.PublishArticles(t.Context(), articles(3)))
	if got := last(t, b, schemas.StreamArticles); got != 3 {
		t.Errorf("%d articles came, want 3", got)
	}
}
