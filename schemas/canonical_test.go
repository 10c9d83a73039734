package schemas_test

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/claimwire/claimwire/schemas"
)

// TestCanonicalNumbers has the samples of RFC 8785, appendix B.
func TestCanonicalNumbers(t *testing.T) {
	tests := []struct {
		bits uint64
		want string
	}{
		{0x0000000000000000, "0"},
		{0x8000000000000000, "0"},
		{0x0000000000000001, "5e-324"},
		{0x8000000000000001, "-5e-324"},
		{0x7fefffffffffffff, "1.7976931348623157e+308"},
		{0xffefffffffffffff, "-1.7976931348623157e+308"},
		{0x4340000000000000, "9007199254740992"},
		{0xc340000000000000, "-9007199254740992"},
		{0x4430000000000000, "295147905179352830000"},
		{0x44b52d02c7e14af5, "9.999999999999997e+22"},
		{0x44b52d02c7e14af6, "1e+23"},
		{0x44b52d02c7e14af7, "1.0000000000000001e+23"},
		{0x444b1ae4d6e2ef4e, "999999999999999700000"},
		{0x444b1ae4d6e2ef4f, "999999999999999900000"},
		{0x444b1ae4d6e2ef50, "1e+21"},
		{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
		{0x3eb0c6f7a0b5ed8d, "0.000001"},
		{0x41b3de4355555553, "333333333.3333332"},
		{0x41b3de4355555554, "333333333.33333325"},
		{0x41b3de4355555555, "333333333.3333333"},
		{0x41b3de4355555556, "333333333.3333334"},
		{0x41b3de4355555557, "333333333.33333343"},
		{0xbecbf647612f3696, "-0.0000033333333333333333"},
		{0x43143ff3c1cb0959, "1424953923781206.2"},
	}
	for _, tt := range tests {
		f := math.Float64frombits(tt.bits)
		if got, err := schemas.Canonical(f); err != nil || string(got) != tt.want {
			t.Errorf("Canonical(%x) = %s, %v, want %s", tt.bits, got, err, tt.want)
		}
	}
	for _, f := range []float64{math.NaN(), math.Inf(1)} {
		if got, err := schemas.Canonical(f); err == nil {
			t.Errorf("Canonical(%v) = %s, want an error", f, got)
		}
	}
	if got, err := schemas.Canonical(json.RawMessage(`1e400`)); err == nil {
		t.Errorf("Canonical(1e400) = %s, want an error", got)
	}
}

func TestCanonical(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"literals", ` [ null , true, false ] `, `[null,true,false]`},
		{"empty", `{"b": {}, "a": []}`, `{"a":[],"b":{}}`},
		{ // RFC 8785 section 3.2.2
			"numbers and escapes",
			`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
			`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		},
		{ // RFC 8785 section 3.2.3
			"members by UTF-16",
			`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`,
			"{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
		},
		{"no HTML escapes", `"<a href='x?y&z'>\u2028"`, "\"<a href='x?y&z'>\u2028\""},
		{"short escapes", `"\b\f\n\r\t\u0001\u007f"`, "\"\\b\\f\\n\\r\\t\\u0001\u007f\""},
	}
	for _, tt := range tests {
		if got, err := schemas.Canonical(json.RawMessage(tt.in)); err != nil || string(got) != tt.want {
			t.Errorf("%s: Canonical = %s, %v, want %s", tt.name, got, err, tt.want)
		}
	}
}

// Records have one canonical form: through JSON and back changes nothing.
func TestCanonicalRecords(t *testing.T) {
	for name, r := range samples(t) {
		first, err := schemas.Canonical(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := schemas.Canonical(json.RawMessage(first))
		if err != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: canonical form of the canonical form differs: %v", name, err)
		}
	}
}

func TestCanonicalKeepsStrings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.MapOf(rapid.String(), rapid.SliceOf(rapid.String())).Draw(t, "value")
		raw, err := schemas.Canonical(in)
		if err != nil {
			t.Fatal(err)
		}
		var out map[string][]string
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if len(in) != len(out) {
			t.Fatalf("%q comes back as %q", in, out)
		}
		for k := range in {
			for i := range in[k] {
				if in[k][i] != out[k][i] {
					t.Fatalf("%q: %q comes back as %q", k, in[k], out[k])
				}
			}
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`null`, `{"b":[1,2.50,-0],"a":"\u00e9\ud83d\ude00"}`, `[1e21,1e-7,5e-324]`, `{"a":{"a":{"a":[[]]}}}`, `"\ud800"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if !json.Valid(in) {
			return
		}
		first, err := schemas.Canonical(json.RawMessage(in))
		if err != nil {
			return // a number outside float64
		}
		if !json.Valid(first) || !utf8.Valid(first) {
			t.Fatalf("Canonical(%q) = %q, which is not JSON", in, first)
		}
		again, err := schemas.Canonical(json.RawMessage(first))
		if err != nil || !bytes.Equal(first, again) {
			t.Errorf("Canonical(%q) = %q, whose canonical form is %q, %v", in, first, again, err)
		}
	})
}

func BenchmarkCanonical(b *testing.B) {
	claim := schemas.Claim{Text: "At least 24 trucks a day entered.", Citations: make([]schemas.Citation, 20)}
	raw, err := json.Marshal(claim)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := schemas.Canonical(claim); err != nil {
			b.Fatal(err)
		}
	}
}
