package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
)

// lemma returns the base form of the word at token i.
func (r *reader) lemma(i int) string {
	if l := r.cues[i].lemma; l != "" {
		return l
	}
	w := strings.ToLower(r.doc.Word(i))
	if l, ok := irregular[w]; ok {
		return l
	}
	if r.pos(i) != extractor.VERB {
		return w
	}
	return baseForm(w)
}

// baseForm undoes the endings of a regular verb in small letters, by the rules of
// English spelling. Where those leave it open whether an e was dropped, the more
// frequent verbs decide.
func baseForm(w string) string {
	n := len(w)
	switch {
	case n > 4 && strings.HasSuffix(w, "ying") && n < 6:
		return w
	case n > 4 && strings.HasSuffix(w, "ing") && strings.ContainsAny(w[:n-3], vowels):
		return restem(w[:n-3])
	case n > 4 && (strings.HasSuffix(w, "ied") || strings.HasSuffix(w, "ies")):
		return w[:n-3] + "y"
	case n > 3 && strings.HasSuffix(w, "ed") && strings.ContainsAny(w[:n-2], vowels):
		return restem(w[:n-2])
	case n > 4 && (strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "xes") || strings.HasSuffix(w, "oes") || strings.HasSuffix(w, "zzes")):
		return w[:n-2]
	case n > 3 && w[n-1] == 's' && w[n-2] != 's' && w[n-2] != 'u':
		return w[:n-1]
	}
	return w
}

const vowels = "aeiouy"

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// restem mends a stem after -ed or -ing was cut: "stopp" to "stop", "clos" to
// "close", "cancell" to "cancel".
func restem(w string) string {
	if l, ok := stems[w]; ok {
		return l
	}
	n := len(w)
	if n < 2 {
		return w
	}
	a, b := w[n-1], w[n-2]
	if a == b {
		switch {
		case strings.IndexByte("bdgmnprt", a) >= 0, a == 'l' && syllables(w) > 1:
			return w[:n-1]
		}
		return w
	}
	if dropsE(w, a, b) {
		return w + "e"
	}
	return w
}

// dropsE reports whether the verb of a stem that ends in b, a has an e at its end.
func dropsE(w string, a, b byte) bool {
	n := len(w)
	var c byte = ' ' // before b
	if n > 2 {
		c = w[n-3]
	}
	if n > 3 && c == 'u' && w[n-4] == 'q' {
		c = 'q' // the u of qu is no vowel
	}
	switch a {
	case 'c', 's', 'u', 'v', 'z':
		return true
	case 'e':
		return b != 'e' // agre
	case 'g':
		return b != 'n' || c != 'i' && c != 'o' || strings.HasSuffix(w, "hing") || strings.HasSuffix(w, "ring") && n > 5
	case 'l':
		if strings.IndexByte("bcdfgkpstz", b) >= 0 {
			return true // handl, tackl
		}
	case 'r':
		if b == 'c' || b == 't' && !isVowel(c) && c != ' ' {
			return true // massacr, centr
		}
	case 'h', 'w', 'x', 'y', 'i', 'o', 'a':
		return false
	}
	switch {
	case !isVowel(b): // report, climb
		return false
	case isVowel(c): // repair, load, treat; but evaluat, negotiat
		return b == 'a' && a == 't' && (c == 'i' || c == 'u')
	case syllables(w) == 1: // hop: a short vowel would have doubled the p
		return true
	}
	switch string([]byte{b, a}) {
	case "at", "ut", "ir", "ur", "ar", "id", "ed", "ud", "od", "ad", "in", "um", "im", "ul", "il", "ok", "ak", "ik", "uk", "ib", "ob", "ub", "ag", "ap":
		return true
	}
	return false
}

// syllables counts the groups of vowels in a stem.
func syllables(w string) int {
	count, in := 0, false
	for i := range len(w) {
		v := isVowel(w[i]) || w[i] == 'y' && i > 0
		if w[i] == 'u' && i > 0 && w[i-1] == 'q' {
			v = false
		}
		if v && !in {
			count++
		}
		in = v
	}
	return count
}

// stems are those that the rules of spelling get wrong.
var stems = table(`
add:add err:err odd:odd install:install enroll:enroll recall:recall fulfill:fulfill instill:instill distill:distill
bring:bring hang:hang bias:bias canvas:canvas gas:gas creat:create recreat:recreate combat:combat format:format
explor:explore restor:restore ignor:ignore ador:adore deplor:deplore implor:implore interfer:interfere adher:adhere persever:persevere
inhal:inhale exhal:exhale consol:console pencil:pencil postpon:postpone condon:condone interven:intervene conven:convene contraven:contravene
guid:guide excit:excite ignit:ignite invit:invite recit:recite unit:unite reunit:reunite promot:promote devot:devote denot:denote
complet:complete delet:delete compet:compete breath:breathe bath:bathe sooth:soothe loath:loathe panick:panic mimick:mimic traffick:traffic
debut:debut margin:margin ruin:ruin rebuild:rebuild welcom:welcome overcom:overcome becom:become access:access pric:price
fe:fee fre:free fle:flee murmur:murmur program:program ransom:ransom blossom:blossom solid:solid gossip:gossip shap:shape
typ:type dy:die ly:lie ty:tie go:go be:be se:see do:do evil:evil council:council victim:victim maxim:maxim custom:custom
broadcast:broadcast forecast:forecast cost:cost focus:focus circumvent:circumvent avenu:avenue singl:single tun:tune
sing:sing ring:ring sting:sting string:string spring:spring fling:fling swing:swing cling:cling ping:ping wing:wing belong:belong long:long prolong:prolong
tast:taste hast:haste wast:waste past:paste permeat:permeate delineat:delineate persuad:persuade dissuad:dissuade nam:name renam:rename nicknam:nickname
sow:sow vow:vow row:row wip:wipe pip:pipe ski:ski taxi:taxi`)

// irregular are the forms of verbs that no rule leads back.
var irregular = table(`
rose:rise risen:rise fell:fall fallen:fall grew:grow grown:grow was:be were:be is:be are:be been:be being:be am:be has:have had:have having:have
said:say told:tell took:take taken:take gave:give given:give went:go gone:go goes:go came:come left:leave lost:lose won:win made:make paid:pay
sold:sell bought:buy held:hold hit:hit saw:see seen:see sent:send spent:spend stood:stand began:begin begun:begin ran:run met:meet led:lead
put:put cut:cut set:set brought:bring built:build found:find got:get gotten:get kept:keep knew:know shot:shoot struck:strike stricken:strike
broke:break broken:break drove:drive driven:drive flew:fly flown:fly sank:sink sunk:sink swept:sweep fed:feed drawn:draw drew:draw caught:catch
fought:fight taught:teach thrown:throw threw:throw stolen:steal stole:steal sought:seek spoke:speak spoken:speak known:know wrote:write written:write
fled:flee bled:bleed bred:breed dealt:deal dug:dig hung:hang laid:lay lain:lie lent:lend lit:light meant:mean rang:ring rung:ring rode:ride ridden:ride
sang:sing sung:sing sat:sit shook:shake shaken:shake shone:shine showed:show shown:show shrank:shrink shrunk:shrink slept:sleep slid:slide
spread:spread sprang:spring stuck:stick stung:sting swam:swim swum:swim swore:swear sworn:swear swung:swing tore:tear torn:tear thought:think
threaten:threaten understood:understand woke:wake woken:wake wore:wear worn:wear withdrew:withdraw withdrawn:withdraw withheld:withhold withstood:withstand
ate:eat eaten:eat bit:bite bitten:bite blew:blow blown:blow chose:choose chosen:choose clung:cling crept:creep did:do done:do does:do drank:drink drunk:drink
felt:feel flung:fling forbade:forbid forbidden:forbid forgot:forget forgotten:forget forgave:forgive forgiven:forgive froze:freeze frozen:freeze
ground:grind heard:hear hid:hide hidden:hide hurt:hurt knelt:kneel leapt:leap learnt:learn let:let bound:bind beat:beat beaten:beat became:become
overcame:overcome overtook:overtake overtaken:overtake undertook:undertake undertaken:undertake underwent:undergo undergone:undergo mistook:mistake
rebuilt:rebuild resold:resell retook:retake retaken:retake outgrew:outgrow foresaw:foresee foreseen:foresee upheld:uphold upset:upset sewn:sew sown:sow
died:die dies:die dying:die lied:lie lies:lie lying:lie tied:tie ties:tie tying:tie using:use used:use shed:shed split:split quit:quit shut:shut cost:cost
burst:burst cast:cast broadcast:broadcast bid:bid rid:rid read:read need:need feed:feed exceed:exceed proceed:proceed succeed:succeed speed:speed bleed:bleed
embed:embed thing:thing nothing:nothing something:something anything:anything during:during wounding:wound wounded:wound wounds:wound
arose:arise arisen:arise born:bear bore:bear borne:bear focuses:focus focused:focus focusing:focus 's:be ’s:be 're:be ’re:be 'm:be ’m:be 've:have ’ve:have
underlying:underlie vying:vie underlay:underlie outdid:outdo overdone:overdo redid:redo undid:undo undone:undo`)

func table(s string) map[string]string {
	m := map[string]string{}
	for pair := range strings.FieldsSeq(s) {
		form, base, _ := strings.Cut(pair, ":")
		m[form] = base
	}
	return m
}
