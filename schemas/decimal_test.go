package schemas_test

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/claimwire/claimwire/schemas"
)

func TestParseDecimal(t *testing.T) {
	tests := []struct {
		in, want string // want is empty for an error
	}{
		{"0", "0"},
		{"-0", "0"},
		{"0.000", "0"},
		{"007", "7"},
		{"+7", "7"},
		{"1.50", "1.5"},
		{"-0.5", "-0.5"},
		{".5", "0.5"},
		{"1200000000", "1200000000"},
		{"1.2e9", "1200000000"},
		{"12E-3", "0.012"},
		{"999999999999999999", "999999999999999999"},
		{"9999999999999999990", "9999999999999999990"},
		{"1000000000000000001", ""}, // 19 digits
		{"0.1000000000000000000000", "0.1"},
		{"1e36", "1" + strings.Repeat("0", 36)},
		{"1e37", ""},
		{"1e-18", "0.000000000000000001"},
		{"1e-19", ""},
		{"10e-19", "0.000000000000000001"},
		{"0e999", "0"},
		{"1e1001", ""},
		{"", ""},
		{"-", ""},
		{".", ""},
		{"e5", ""},
		{"1e", ""},
		{"1e+", ""},
		{"1.2.3", ""},
		{"1,000", ""},
		{" 1", ""},
		{"0x10", ""},
		{"NaN", ""},
		{"١٢", ""},
	}
	for _, tt := range tests {
		d, err := schemas.ParseDecimal(tt.in)
		if got := d.String(); (err != nil) != (tt.want == "") || err == nil && got != tt.want {
			t.Errorf("ParseDecimal(%q) = %s, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestDecimalArithmetic(t *testing.T) {
	tests := []struct{ op, a, b, want string }{
		{"*", "1.2", "1e9", "1200000000"},
		{"*", "-3", "0", "0"},
		{"*", "999999999999999999", "10", "9999999999999999990"},
		{"*", "999999999999999999", "3", ""},
		{"*", "500000000000000000", "0.2", "100000000000000000"},
		{"*", "1e-18", "0.1", ""},
		{"*", "1e36", "10", ""},
		{"*", "1e36", "1e-18", "1000000000000000000"},
		{"+", "0.1", "0.2", "0.3"},
		{"+", "1e18", "-1", "999999999999999999"},
		{"+", "-1e18", "1", "-999999999999999999"},
		{"+", "1e18", "1", ""},
		{"+", "999999999999999999", "1", "1000000000000000000"},
		{"+", "1e36", "1e-18", ""},
		{"+", "5", "-5", "0"},
	}
	for _, tt := range tests {
		a, b := *dec(t, tt.a), *dec(t, tt.b)
		got, err := a.Mul(b)
		if tt.op == "+" {
			got, err = a.Add(b)
		}
		if (err != nil) != (tt.want == "") || err == nil && got.String() != tt.want {
			t.Errorf("%s %s %s = %s, %v, want %q", tt.a, tt.op, tt.b, got, err, tt.want)
		}
	}
}

func TestDecimalInt64(t *testing.T) {
	tests := []struct {
		in   string
		want int64
		ok   bool
	}{
		{"0", 0, true},
		{"-12", -12, true},
		{"1e18", 1_000_000_000_000_000_000, true},
		{"9e18", 9_000_000_000_000_000_000, true},
		{"1e19", 0, false},
		{"-1e19", 0, false},
		{"0.5", 0, false},
	}
	for _, tt := range tests {
		if got, ok := dec(t, tt.in).Int64(); got != tt.want || ok != tt.ok {
			t.Errorf("%s.Int64() = %d, %t, want %d, %t", tt.in, got, ok, tt.want, tt.ok)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Int(MinInt64): no panic")
		}
	}()
	schemas.Int(math.MinInt64)
}

func TestDecimalJSON(t *testing.T) {
	var r struct{ A, B *schemas.Decimal }
	if err := json.Unmarshal([]byte(`{"A": 1.50e3, "B": null}`), &r); err != nil {
		t.Fatal(err)
	}
	if raw, err := json.Marshal(r); err != nil || string(raw) != `{"A":1500,"B":null}` {
		t.Errorf("Marshal = %s, %v", raw, err)
	}
	for _, bad := range []string{`{"A": "5"}`, `{"A": true}`, `{"A": 1e400}`, `{"A": 0.12345678901234567890123}`} {
		if err := json.Unmarshal([]byte(bad), &r); err == nil {
			t.Errorf("Unmarshal(%s): no error", bad)
		}
	}
}

var decimals = rapid.Custom(func(t *rapid.T) schemas.Decimal {
	coef := rapid.OneOf(rapid.Int64Range(-999_999_999_999_999_999, 999_999_999_999_999_999), rapid.Int64Range(-1000, 1000)).Draw(t, "coefficient")
	d, err := schemas.NewDecimal(coef, rapid.IntRange(-18, 18).Draw(t, "exponent"))
	if err != nil {
		t.Fatalf("NewDecimal: %v", err)
	}
	return d
})

func rat(t interface{ Fatalf(string, ...any) }, d schemas.Decimal) *big.Rat {
	r, ok := new(big.Rat).SetString(d.String())
	if !ok {
		t.Fatalf("big.Rat does not read %s", d)
	}
	return r
}

// fits says whether r is a Decimal, by the promise of the type alone.
func fits(r *big.Rat) bool {
	if r.Sign() == 0 {
		return true
	}
	scaled := new(big.Rat).Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)))
	if !scaled.IsInt() {
		return false
	}
	digits := strings.TrimLeft(scaled.Num().String(), "-")
	significant := strings.TrimRight(digits, "0")
	exp := len(digits) - len(significant) - 18
	return len(significant) <= 18 && exp <= 36
}

// Operations give the exact result, and fail if and only if no Decimal holds it.
func TestDecimalAgainstRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals.Draw(t, "a"), decimals.Draw(t, "b")
		ra, rb := rat(t, a), rat(t, b)
		check := func(op string, got schemas.Decimal, err error, want *big.Rat) {
			if (err == nil) != fits(want) || err == nil && rat(t, got).Cmp(want) != 0 {
				t.Fatalf("%s %s %s = %s, %v, want %s", a, op, b, got, err, want.RatString())
			}
		}
		sum, err := a.Add(b)
		check("+", sum, err, new(big.Rat).Add(ra, rb))
		product, err := a.Mul(b)
		check("*", product, err, new(big.Rat).Mul(ra, rb))
		if got, want := a.Cmp(b), ra.Cmp(rb); got != want {
			t.Fatalf("%s.Cmp(%s) = %d, want %d", a, b, got, want)
		}
		if got, want := a.Sign(), ra.Sign(); got != want {
			t.Fatalf("%s.Sign() = %d, want %d", a, got, want)
		}
		if got, want := rat(t, a.Neg()), new(big.Rat).Neg(ra); got.Cmp(want) != 0 {
			t.Fatalf("%s.Neg() = %s", a, a.Neg())
		}
		if f, _ := ra.Float64(); a.Float64() != f {
			t.Fatalf("%s.Float64() = %v, want %v", a, a.Float64(), f)
		}
		if back, err := schemas.ParseDecimal(a.String()); err != nil || back != a {
			t.Fatalf("ParseDecimal(%s) = %s, %v", a, back, err)
		}
	})
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "-0.50", "1.2e9", "999999999999999999", "1000000000000000001", "1e36", "1e-18", ".5", "1.", "+e", "00000000000000000000000000000001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := schemas.ParseDecimal(s)
		if err != nil {
			return
		}
		back, err := schemas.ParseDecimal(d.String())
		if err != nil || back != d {
			t.Errorf("ParseDecimal(%q) = %s, which reads back as %s, %v", s, d, back, err)
		}
		if len(s) > 100 || strings.ContainsAny(s, "eE") { // big.Rat would build a huge number of "1e999999999"
			return
		}
		if want, ok := new(big.Rat).SetString(s); !ok || rat(t, d).Cmp(want) != 0 {
			t.Errorf("ParseDecimal(%q) = %s, want %v", s, d, want)
		}
	})
}

func BenchmarkParseDecimal(b *testing.B) {
	const s = "1234567.89"
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if _, err := schemas.ParseDecimal(s); err != nil {
			b.Fatal(err)
		}
	}
}
