package entity

import "github.com/claimwire/claimwire/extractor/linear"

// Words that the rules know, by the hash of their lower case.
var (
	the         = linear.Hash("the")
	of          = linear.Hash("of")
	and         = linear.Hash("and")
	heads       = hashSet("ministry", "council", "service", "services", "agency", "archives", "bureau", "commission", "committee", "board", "authority", "department", "university", "college", "institute", "association", "federation", "confederation", "union", "organization", "organisation", "foundation", "group", "corporation", "party", "front", "brigade", "brigades", "battalion", "division", "corps", "command", "fund", "bank", "airlines", "airways", "congress", "parliament", "assembly", "senate", "court", "church", "club", "league", "society", "network", "alliance", "coalition", "movement", "army", "police", "force", "forces", "guard", "guards", "secretariat", "academy", "holdings", "motors", "industries", "electric", "telecom", "times", "tribune", "gazette", "chronicle")
	comma       = linear.Hash(",")
	articles    = hashSet("a", "an", "another", "the")
	pronouns    = hashSet("i", "a")
	taken       = hashSet("surrounded", "shelled", "bombarded", "recaptured", "retook", "besieged", "encircled", "stormed", "entered")
	holders     = hashSet("besieged", "held", "controlled", "occupied", "ruled", "administered")
	endings     = hashSet("era", "led", "run", "type", "like", "made", "held", "born", "aged", "area", "wide", "free", "ally", "owned", "backed", "bound", "and", "to", "on", "at", "of", "for")
	ampersand   = linear.Hash("&")
	quote       = linear.Hash("\"")
	period      = linear.Hash(".")
	creeds      = hashSet("sunni", "shia", "shiite", "shi'ite", "coptic", "orthodox", "ismaili", "maronite", "assyrian")
	religions   = hashSet("muslim", "muslims", "islam", "christian", "christians")
	firms       = hashSet("ltd", "inc", "co", "corp", "jr", "sr")
	ministry    = linear.Hash("ministry")
	portfolios  = hashSet("defence", "defense", "foreign", "interior", "health", "finance", "justice", "education", "oil", "energy", "transport", "agriculture", "information", "culture", "economy", "trade", "environment", "labor", "labour", "tourism", "electricity", "water")
	locatives   = hashSet("in", "near", "outside", "inside", "around", "across", "toward", "towards", "throughout", "northern", "southern", "eastern", "western", "central")
	possessives = hashSet("'s", "’s", "'", "’")
	closers     = hashSet(")", "+", "!", "\"", "”")
	directions  = hashSet("north", "south", "east", "west")

	// settlements stand beside the name of a place, parts before it with "of".
	settlements = hashSet("city", "cities", "town", "towns", "village", "villages", "province", "district", "districts", "neighborhood", "neighbourhood", "suburb", "suburbs", "enclave", "governorate", "municipality", "port", "region", "settlement", "settlements", "hamlet", "township", "prefecture")
	parts       = hashSet("residents", "inhabitants", "outskirts", "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "capital", "siege", "island", "area", "streets", "kilometers", "kilometres", "metres", "meters", "km", "miles", "centre", "center", "countryside")

	// generics are common nouns that say what a name is, after it and outside of it.
	generics = hashSet("group", "groups", "city", "cities", "town", "village", "villages", "province", "district", "region", "festival", "festivals", "militants", "fighters", "rebels", "party", "newspaper", "state", "company", "movement", "area", "border", "administration", "government", "officials", "holiday", "island", "islands", "airport", "river", "game", "games", "camp", "prison", "news", "agency")

	// honorific are the titles that are no name even alone.
	honorific = hashSet("mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "gen", "gen.", "col", "col.", "lt", "lt.", "sgt", "sgt.", "capt", "capt.", "sen", "sen.", "rep", "rep.", "gov", "gov.", "prof", "prof.", "rev", "rev.", "president", "prime", "minister", "senator", "pope", "sir", "god", "allah")

	// ranks are abbreviated, and nobody's surname.
	ranks = hashSet("maj", "maj.", "gen", "gen.", "col", "col.", "lt", "lt.", "capt", "capt.", "sgt", "sgt.", "supt", "supt.", "insp", "insp.")

	indigenous = linear.Hash("indigenous")

	// titles stand before a name and outside of it.
	titles = hashSet("mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "dr", "dr.", "prof", "prof.", "professor", "president", "vice", "prime", "minister", "premier",
		"senator", "sen", "sen.", "rep", "rep.", "representative", "congressman", "congresswoman", "governor", "gov", "gov.", "mayor", "judge", "justice",
		"general", "gen", "gen.", "colonel", "col", "col.", "lieutenant", "lt", "lt.", "captain", "capt", "capt.", "major", "maj", "maj.", "brigadier", "brig", "brig.",
		"sergeant", "sgt", "sgt.", "admiral", "adm", "adm.", "commander", "cmdr", "cmdr.", "king", "queen", "prince", "princess", "emperor", "pope", "cardinal", "archbishop", "bishop",
		"rev", "rev.", "reverend", "sheikh", "sheik", "imam", "ayatollah", "mullah", "sir", "dame", "secretary", "chancellor", "ambassador", "spokesman", "spokeswoman",
		"inspector", "constable", "detective", "officer", "coach", "sultan", "emir", "pastor", "rabbi", "foreign", "defense", "defence", "interior", "finance", "chief", "chairman", "chairwoman", "director", "superintendent", "hon", "hon.", "mp", "pm", "prophet")
)
