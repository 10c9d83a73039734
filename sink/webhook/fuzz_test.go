package webhook

import "testing"

// FuzzJump: a jump that is read is one that can be reached and is not negative.
func FuzzJump(f *testing.F) {
	for _, s := range []string{"", "25", "10%", "-1", "NaN", "1e9", " 3 %"} {
		f.Add(s)
	}
	changes := every()
	f.Fuzz(func(t *testing.T, s string) {
		j, err := ParseJump(s)
		if err != nil {
			return
		}
		if !(j.Least >= 0) {
			t.Errorf("ParseJump(%q) = %+v", s, j)
		}
		for _, c := range changes[:6] {
			j.reached(c)
		}
	})
}

// FuzzSecret: a secret that is read signs, and does not show itself.
func FuzzSecret(f *testing.F) {
	f.Add(NewSecret())
	f.Add("whsec_")
	f.Add("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	f.Fuzz(func(t *testing.T, s string) {
		secret, err := ParseSecret(s)
		if err != nil {
			return
		}
		if secret.sign("x", 1, nil) == "" || secret.String() == s {
			t.Errorf("secret %q", s)
		}
	})
}
