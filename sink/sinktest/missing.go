package sinktest

import (
	"os"
	"testing"
)

// NoSkip is the environment variable that turns the skip of a test for want of a
// program into a failure.
const NoSkip = "CLAIMWIRE_TEST_NO_SKIP"

// Missing skips a test that needs a program which this machine lacks, naming the
// Debian package that has it; it fails the test if [NoSkip] is set.
func Missing(t testing.TB, what, debianPackage string) {
	t.Helper()
	if os.Getenv(NoSkip) != "" {
		t.Fatalf("%s is missing: install the Debian package %s", what, debianPackage)
	}
	t.Skipf("%s is missing: install the Debian package %s to run this test", what, debianPackage)
}
