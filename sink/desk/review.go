package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// maxWhy bounds the reason of a review, in bytes.
const maxWhy = 2000

// A fixSlot is a slot that the form can set, and the form that its value has in JSON.
type fixSlot struct {
	kind       schemas.ClaimKind
	name, form string
}

var fixSlots = []fixSlot{
	{schemas.QuantityClaim, "value", "number"},
	{schemas.QuantityClaim, "min", "number"},
	{schemas.QuantityClaim, "max", "number"},
	{schemas.QuantityClaim, "comparator", "word"},
	{schemas.QuantityClaim, "unit", "word"},
	{schemas.QuantityClaim, "category", "word"},
	{schemas.QuantityClaim, "measure", "word"},
	{schemas.QuantityClaim, "modality", "word"},
	{schemas.QuantityClaim, "agent", "name"},
	{schemas.QuantityClaim, "victim", "name"},
	{schemas.QuantityClaim, "place", "name"},
	{schemas.QuantityClaim, "source", "name"},
	{schemas.QuantityClaim, "time", "dates"},
	{schemas.QuantityClaim, "cumulative", "yes or no"},
	{schemas.StatementClaim, "speaker", "name"},
	{schemas.EventClaim, "type", "word"},
	{schemas.EventClaim, "place", "name"},
	{schemas.EventClaim, "time", "dates"},
	{schemas.EventClaim, "participants", "roles and names"},
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
	case "roles and names":
		return whoTookPart(text)
	case "yes or no":
		if text != "yes" && text != "no" {
			return nil, &parameterError{"value", "neither yes nor no"}
		}
		return text == "yes", nil
	}
	return text, nil
}

// whoTookPart reads "actor: Lena Marsh; recipient: Omar Fadel".
func whoTookPart(text string) ([]schemas.Participant, error) {
	var out []schemas.Participant
	for part := range strings.SplitSeq(text, ";") {
		role, name, ok := strings.Cut(part, ":")
		if !ok {
			return nil, &parameterError{"value", "not of the form actor: NAME; recipient: NAME"}
		}
		out = append(out, schemas.Participant{Role: strings.TrimSpace(role), Slot: schemas.Slot{Name: strings.TrimSpace(name)}})
	}
	return out, nil
}

// A report is what somebody says is wrong with a claim.
type report struct {
	Action schemas.ReviewAction `json:"action"` // reject, fix, merge or split
	Slot   string               `json:"slot"`   // fix: the slot
	Value  any                  `json:"value"`  // fix: what it should hold, as the JSON of an Extraction's quantity, statement or event; null for nothing
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
	case in.Action == schemas.ReviewMerge && len(in.Claims) == 0:
		return nil, &parameterError{"claims", "name the claim that says the same"}
	}
	claims, err := d.reported(r.Context(), id, in)
	if err != nil {
		return nil, err
	}
	review := schemas.Review{SchemaVersion: schemas.Version, At: time.Now().UTC().Truncate(time.Millisecond), By: in.By, Why: in.Why, Action: in.Action}
	switch in.Action {
	case schemas.ReviewFix:
		review.Slot, review.Value = in.Slot, in.Value
	case schemas.ReviewMerge, schemas.ReviewSplit:
		for _, c := range claims {
			review.Claims = append(review.Claims, c.ID)
		}
	}
	reviews := schemas.Anchored(review, claims...)
	for i := range reviews {
		if err := d.cfg.Review(r.Context(), &reviews[i]); err != nil {
			return nil, err
		}
	}
	return reviews, nil
}

// reported returns the claim that a report is about, and the others it names.
func (d *Desk) reported(ctx context.Context, id string, in *report) ([]*schemas.Claim, error) {
	c, _, err := d.cfg.Store.Claim(ctx, id)
	if err != nil {
		return nil, err
	}
	if in.Action == schemas.ReviewFix && !slices.ContainsFunc(fixSlots, func(s fixSlot) bool { return s.kind == c.Record.Kind && s.name == in.Slot }) {
		return nil, &parameterError{"slot", "no such slot can be set"}
	}
	claims := []*schemas.Claim{&c.Record}
	for _, other := range in.Claims {
		o, _, err := d.cfg.Store.Claim(ctx, other)
		switch {
		case err != nil:
			return nil, &parameterError{"claims", "there is no claim " + short(other)}
		case o.Record.Kind != c.Record.Kind:
			return nil, &parameterError{"claims", "claim " + short(other) + " is a " + string(o.Record.Kind) + ", not a " + string(c.Record.Kind)}
		}
		claims = append(claims, &o.Record)
	}
	return claims, nil
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
	switch in.Action { // the other fields of the form are of no account
	case schemas.ReviewFix:
		in.Slot = r.PostForm.Get("slot")
		in.Value, err = slotValue(in.Slot, r.PostForm.Get("value"))
	case schemas.ReviewMerge, schemas.ReviewSplit:
		for other := range strings.FieldsSeq(r.PostForm.Get("claims")) {
			in.Claims = append(in.Claims, other[strings.LastIndexByte(other, '/')+1:]) // an address does too
		}
	}
	if err == nil {
		_, err = d.accept(r, id, &in)
	}
	var bad *parameterError
	switch {
	case errors.As(err, &bad):
		d.showClaim(w, r, http.StatusBadRequest, &claimPage{Report: reportForm{
			Problem: bad.detail, Why: in.Why, By: in.By, Open: true,
			Action: string(in.Action), Slot: r.PostForm.Get("slot"), Value: r.PostForm.Get("value"), Claims: r.PostForm.Get("claims"),
		}})
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
	Slots   []string // what can be fixed
	Others  []link   // claims that it might be merged with or split from

	Action, Slot, Value, Claims string // what was sent, if it had a problem
}

// Actions are the choices of the form.
func (f *reportForm) Actions() []option {
	out := []option{{"reject", "The text does not say this", false}, {"fix", "One part is wrong", false}, {"merge", "It is the same as another claim", false}, {"split", "It joins what is not the same", false}}
	if len(f.Slots) == 0 {
		out = slices.Delete(out, 1, 2)
	}
	for i := range out {
		out[i].Selected = out[i].Value == f.Action
	}
	return out
}

// otherClaims bounds the claims that the form offers to merge with or split from.
const otherClaims = 40

func (d *Desk) fillReport(r *http.Request, f *reportForm, claim *schemas.Claim) error {
	c, err := d.caller(r)
	if err != nil || d.cfg.Review == nil {
		return nil
	}
	f.Can, f.SignIn, f.AskName = c.may(ScopeReview), !c.may(ScopeReview) && len(d.cfg.Tokens) > 0, c.name == ""
	f.CSRF = d.csrf(c)
	f.Sent = r.URL.Query().Get("reported") != ""
	for _, s := range fixSlots {
		if s.kind == claim.Kind {
			f.Slots = append(f.Slots, s.name)
		}
	}
	if !f.Can {
		return nil
	}
	of := sink.Query{Kinds: []schemas.ClaimKind{claim.Kind}, States: []sink.State{sink.Living}, Limit: otherClaims}
	series, articles := of, of
	series.Series = claim.SeriesID
	for i := range claim.Citations[:min(len(claim.Citations), 5)] {
		articles.Articles = append(articles.Articles, claim.Citations[i].ArticleID)
	}
	for _, q := range []sink.Query{series, articles} {
		found, err := d.cfg.Store.Claims(r.Context(), q)
		if err != nil {
			return err
		}
		for i := range found.Items {
			one := link{found.Items[i].Record.Text, "/claims/" + url.PathEscape(found.Items[i].Record.ID)}
			if found.Items[i].Record.ID != claim.ID && len(f.Others) < otherClaims && !slices.Contains(f.Others, one) {
				f.Others = append(f.Others, one)
			}
		}
	}
	return nil
}
