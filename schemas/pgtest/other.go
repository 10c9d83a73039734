//go:build !unix

// Package pgtest runs a PostgreSQL server of a test's own; on this system it skips
// the test.
package pgtest

import "testing"

// A Server is none here.
type Server struct{}

// Database skips the test.
func (s *Server) Database(t testing.TB) string {
	t.Skip("tests start PostgreSQL on Unix alone")
	return ""
}

// Stop does nothing.
func (s *Server) Stop() {}
