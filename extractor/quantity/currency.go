package quantity

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// moneyGoesOn gives amounts that are money by the words before them, but say no
// currency, that of the amount before: "a fine of 71.5 million", "can borrow up to 2
// million", "after a profit of 96 million"; and that of the amount after them where
// "and" joins the two: "33 million and 28 million euros".
func (s *scanner) moneyGoesOn() {
	qs := s.doc.Quantities
	for i := s.first; i < len(qs); i++ {
		q := &qs[i]
		if s.isMoney(q) {
			s.currency = q.Unit
			continue
		}
		if q.Unit != schemas.UnitCount || q.Victims || q.Counted != nil && q.Counted.End > q.Start || !s.inMillions(q) {
			continue
		}
		if i+1 < len(qs) && s.isMoney(&qs[i+1]) && qs[i+1].From <= q.To+1 && (s.at(q.To).text == "and" || s.at(q.To).text == "or") {
			q.Unit = qs[i+1].Unit
			q.Rules = append(q.Rules, "quantity/money")
			continue
		}
		if k := s.doc.TokenAt(q.Phrase.Start) - 1; s.currency != "" && !s.acts(q.To) && (s.paid(k) || s.valued(k) || i > s.first && s.levelOf(&qs[i-1], k)) {
			q.Unit = s.currency
			q.Rules = append(q.Rules, "quantity/money")
		}
	}
}

// isMoney reports whether q is an amount of money.
func (s *scanner) isMoney(q *extractor.Quantity) bool {
	d, ok := schemas.UnitDimension(q.Unit)
	return ok && d == schemas.DimMoney
}

// inMillions reports whether q is written with a word for a great number, as sums are.
func (s *scanner) inMillions(q *extractor.Quantity) bool {
	w := s.doc.Slice(q.Span)
	return strings.HasSuffix(w, "illion") || strings.HasSuffix(w, "bn")
}

// paid reports whether token i, or the noun before "of" there, is of money: "pay",
// "lost", "a penalty of".
func (s *scanner) paid(i int) bool {
	if s.word(i) == "\"" || s.word(i) == "“" {
		i--
	}
	switch s.at(i).text {
	case "of":
		i--
	case "to", "by", "at", "another", "further", "additional":
		if i--; s.at(i).text == "up" {
			i--
		}
	}
	for n := 0; n < 2 && s.word(i) != "aside" && (s.is(i, adverb|det) || s.doc.Tokens[max(i, 0)].UPOS == extractor.ADV); n++ {
		i--
	}
	return moneyWord(s.word(i))
}

// valued reports whether the words that end in token i say what something is worth:
// "valuing the company at", or what was thought it would be, "analysts had looked for".
func (s *scanner) valued(i int) bool {
	switch s.word(i) {
	case "expected", "forecast", "predicted", "pencilled":
		return s.nounLike(i-1) || s.is(i-1, aux|adverb)
	case "for":
		return s.word(i-1) == "looked" || s.word(i-1) == "hoped"
	case "at":
		for k := i - 1; k > s.from && k > i-7; k-- {
			switch s.word(k) {
			case "valuing", "valued", "values", "value":
				return true
			}
		}
	}
	return false
}

// levelOf reports whether the words that end in token i give the level which the change p
// led to, of something that is money: "revenue rose 3 percent to".
func (s *scanner) levelOf(p *extractor.Quantity, i int) bool {
	switch s.word(i) {
	case "to", "at":
	default:
		return false
	}
	return p.Unit == schemas.UnitPercent && p.Counted != nil && i-p.To <= 3 && moneyWord(strings.ToLower(s.doc.Word(s.doc.TokenAt(p.Counted.End-1))))
}

// moneyWord reports whether w is a verb or a noun for money.
func moneyWord(w string) bool {
	switch w {
	case "pay", "pays", "paid", "paying", "cost", "costs", "costing", "spend", "spends", "spent", "spending", "earn", "earns", "earned", "earning", "lose", "loses", "lost", "losing", "owe", "owes", "owed", "fined",
		"borrow", "borrowed", "borrows", "invest", "invests", "invested", "donate", "donated", "worth", "raise", "raised", "repay", "repaid", "refund", "lend", "lent", "aside", "save", "saved", "charged", "transfer", "transferred",
		"fine", "fines", "penalty", "penalties", "profit", "profits", "loss", "losses", "revenue", "revenues", "sales", "debt", "debts", "budget", "damages", "compensation", "loan", "loans", "sum", "deficit", "surplus", "bail", "price", "fee", "fees", "grant", "grants", "savings", "turnover", "income", "earnings", "funding", "subsidies", "bill", "bribe", "bribes", "ransom", "bonus", "tax", "taxes", "investment", "investments", "expenses", "bond", "bonds":
		return true
	}
	return false
}
