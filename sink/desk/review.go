package desk

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// maxWhy bounds the reason of a review, in bytes.
const maxWhy = 2000

// fixSlots are the slots of a figure that the form can set, with the form that
// their value has in JSON.
var fixSlots = []struct{ name, form string }{
	{"value", "number"},
	{"min", "number"},
	{"max", "number"},
	{"comparator", "word"},
	{"unit", "word"},
	{"category", "word"},
	{"measure", "word"},
	{"modality", "word"},
	{"agent", "name"},
	{"victim", "name"},
	{"place", "name"},
	{"source", "name"},
	{"time", "dates"},
	{"cumulative", "yes or no"},
}

// slotValue reads the text of a slot in the form; an empty one is null.
func slotValue(slot, text string) (any, error) {
	text = strings.TrimSpace(text)
	form := ""
	for _, s := range fixSlots {
		if s.name == slot {
			form = s.form
		}
	}
	switch {
	case form == "":
		return nil, &parameterError{"slot", "no slot " + slot + " can be set"}
	case text == "":
		return nil, nil
	}
	switch form {
	case "number":
		d, err := schemas.ParseDecimal(strings.ReplaceAll(text, ",", ""))
		if err != nil {
			return nil, &parameterError{"value", "not a number"}
		}
		return json.Number(d.String()), nil
	case "name":
		return schemas.Slot{Name: text}, nil
	case "dates":
		from, to, ok := strings.Cut(text, "/")
		if !ok {
			to = from
		}
		return schemas.Interval{Start: strings.TrimSpace(from), End: strings.TrimSpace(to)}, nil
	case "yes or no":
		if text != "yes" && text != "no" {
			return nil, &parameterError{"value", "neither yes nor no"}
		}
		return text == "yes", nil
	}
	return text, nil
}

// newReviews returns what a report about a claim asks for: one review for each
// text that the claim rests on, so that the decision holds wherever it is printed.
func newReviews(c *schemas.Claim, action schemas.ReviewAction, slot string, value any, claims []string, by, why string, at time.Time) []schemas.Review {
	base := schemas.Review{SchemaVersion: schemas.Version, At: at.UTC().Truncate(time.Second), By: by, Why: why, Action: action, Slot: slot, Value: value, Claims: claims}
	sealed := func(r schemas.Review) schemas.Review {
		raw, _ := json.Marshal(r.Value)
		anchor, _ := json.Marshal(r.Anchor)
		r.ID = schemas.ID("r", append([]string{r.By, r.At.Format(time.RFC3339), string(r.Action), r.Slot, string(raw), string(anchor), r.Source}, r.Claims...)...)
		return r
	}
	if action == schemas.ReviewMerge {
		return []schemas.Review{sealed(base)}
	}
	var out []schemas.Review
	seen := map[schemas.Anchor]bool{}
	for i := range c.Citations {
		ct := &c.Citations[i]
		span := ct.Quote.Span
		if ct.Figure != nil {
			span = *ct.Figure
		}
		same := schemas.Anchor{TextSHA256: ct.TextSHA256, Span: span}
		if seen[same] {
			continue
		}
		seen[same] = true
		r := base
		r.Anchor = schemas.Anchor{ArticleID: ct.ArticleID, TextSHA256: ct.TextSHA256, Span: span}
		out = append(out, sealed(r))
	}
	return out
}

// A report is what somebody says is wrong with a claim.
type report struct {
	Action schemas.ReviewAction `json:"action"` // reject, fix, merge or split
	Slot   string               `json:"slot"`   // fix: the slot
	Value  any                  `json:"value"`  // fix: what it should hold, as the JSON of an Extraction's quantity; null for nothing
	Claims []string             `json:"claims"` // merge, split: the other claims
	Why    string               `json:"why"`
	By     string               `json:"by"` // without tokens; else the token says who it is
}

// accept checks a report about a claim and hands its reviews on.
func (d *Desk) accept(r *http.Request, id string, in *report) ([]schemas.Review, error) {
	who, err := d.caller(r)
	if err != nil {
		return nil, err
	}
	if who.name != "" {
		in.By = who.name
	}
	in.Why, in.By = strings.TrimSpace(in.Why), strings.TrimSpace(in.By)
	switch {
	case d.cfg.Review == nil:
		return nil, &parameterError{"action", "this desk takes no reports"}
	case !slices.Contains([]schemas.ReviewAction{schemas.ReviewReject, schemas.ReviewFix, schemas.ReviewMerge, schemas.ReviewSplit}, in.Action):
		return nil, &parameterError{"action", "none of reject, fix, merge, split"}
	case in.Why == "" || len(in.Why) > maxWhy:
		return nil, &parameterError{"why", "say why, in at most " + group("2000") + " bytes"}
	case in.By == "" || len(in.By) > maxParameter:
		return nil, &parameterError{"by", "say who you are"}
	case in.Action == schemas.ReviewFix && !slices.ContainsFunc(fixSlots, func(s struct{ name, form string }) bool { return s.name == in.Slot }):
		return nil, &parameterError{"slot", "no such slot can be set"}
	case in.Action == schemas.ReviewMerge && len(in.Claims) == 0:
		return nil, &parameterError{"claims", "name the claim that says the same"}
	}
	c, _, err := d.cfg.Store.Claim(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if c.Record.Kind != schemas.QuantityClaim {
		// Its citation shows more than the statement: speaker and cue. A review
		// anchored to that would bear on the figures in it, and not on the statement.
		return nil, &parameterError{"action", "only claims that state a figure can be reported so far"}
	}
	for _, other := range in.Claims {
		if _, _, err := d.cfg.Store.Claim(r.Context(), other); err != nil {
			return nil, &parameterError{"claims", "there is no claim " + short(other)}
		}
	}
	var claims []string
	if in.Action == schemas.ReviewMerge || in.Action == schemas.ReviewSplit {
		claims = append([]string{c.Record.ID}, in.Claims...)
	}
	reviews := newReviews(&c.Record, in.Action, in.Slot, in.Value, claims, in.By, in.Why, time.Now())
	for i := range reviews {
		if err := d.cfg.Review(r.Context(), &reviews[i]); err != nil {
			return nil, err
		}
	}
	return reviews, nil
}

func (d *Desk) postReview(w http.ResponseWriter, r *http.Request) {
	var in report
	if !d.readJSON(w, r, &in) {
		return
	}
	reviews, err := d.accept(r, r.PathValue("id"), &in)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(listOf[schemas.Review]{reviews})
}

// postReport is the form of the claim page.
func (d *Desk) postReport(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	in := report{Action: schemas.ReviewAction(r.PostForm.Get("action")), Why: r.PostForm.Get("why"), By: r.PostForm.Get("by")}
	var err error
	if in.Action == schemas.ReviewFix {
		in.Slot = r.PostForm.Get("slot")
		in.Value, err = slotValue(in.Slot, r.PostForm.Get("value"))
	}
	for other := range strings.FieldsSeq(r.PostForm.Get("claims")) {
		in.Claims = append(in.Claims, other[strings.LastIndexByte(other, '/')+1:]) // an address does too
	}
	if err == nil {
		_, err = d.accept(r, id, &in)
	}
	var bad *parameterError
	switch {
	case errors.As(err, &bad):
		d.showClaim(w, r, http.StatusBadRequest, &claimPage{Report: reportForm{Problem: bad.detail, Why: in.Why, By: in.By, Open: true}})
	case err != nil:
		d.failPage(w, r, err)
	default:
		http.Redirect(w, r, "/claims/"+url.PathEscape(id)+"?reported=1", http.StatusSeeOther)
	}
}

// A reportForm is the form under a claim.
type reportForm struct {
	Can     bool // the caller may report
	SignIn  bool // somebody with another token might
	AskName bool // no token says who the caller is
	Open    bool
	Sent    bool
	Problem string
	Why, By string
	CSRF    string
	Slots   []string
	Figure  bool // the claim has slots to fix
}

func (d *Desk) fillReport(r *http.Request, f *reportForm, figure bool) {
	c, err := d.caller(r)
	if err != nil || d.cfg.Review == nil || !figure {
		return
	}
	f.Can, f.SignIn, f.AskName = c.may(ScopeReview), !c.may(ScopeReview) && len(d.cfg.Tokens) > 0, c.name == ""
	f.Figure, f.CSRF = figure, d.csrf(c)
	f.Sent = r.URL.Query().Get("reported") != ""
	for _, s := range fixSlots {
		f.Slots = append(f.Slots, s.name)
	}
}
