package role

// countryName returns the everyday English name of the states that news most
// often calls by their adjective, by ISO 3166-1 code; "" for the rest.
func countryName(code string) string { return countryNames[code] }

var countryNames = map[string]string{
	"AE": "United Arab Emirates", "AF": "Afghanistan", "AM": "Armenia", "AR": "Argentina", "AT": "Austria", "AU": "Australia", "AZ": "Azerbaijan",
	"BD": "Bangladesh", "BE": "Belgium", "BR": "Brazil", "BY": "Belarus", "CA": "Canada", "CH": "Switzerland", "CL": "Chile", "CN": "China", "CO": "Colombia",
	"CU": "Cuba", "DE": "Germany", "DK": "Denmark", "DZ": "Algeria", "EG": "Egypt", "ES": "Spain", "ET": "Ethiopia", "FI": "Finland", "FR": "France",
	"GB": "Britain", "GE": "Georgia", "GR": "Greece", "HU": "Hungary", "ID": "Indonesia", "IE": "Ireland", "IL": "Israel", "IN": "India", "IQ": "Iraq", "IR": "Iran",
	"IT": "Italy", "JO": "Jordan", "JP": "Japan", "KE": "Kenya", "KP": "North Korea", "KR": "South Korea", "KZ": "Kazakhstan", "LB": "Lebanon", "LK": "Sri Lanka",
	"LY": "Libya", "MA": "Morocco", "ML": "Mali", "MM": "Myanmar", "MX": "Mexico", "MY": "Malaysia", "NG": "Nigeria", "NL": "Netherlands", "NO": "Norway", "NP": "Nepal",
	"PH": "Philippines", "PK": "Pakistan", "PL": "Poland", "PS": "Palestine", "PT": "Portugal", "QA": "Qatar", "RO": "Romania", "RS": "Serbia", "RU": "Russia",
	"SA": "Saudi Arabia", "SD": "Sudan", "SE": "Sweden", "SG": "Singapore", "SO": "Somalia", "SS": "South Sudan", "SY": "Syria", "TH": "Thailand", "TN": "Tunisia",
	"TR": "Turkey", "TW": "Taiwan", "UA": "Ukraine", "US": "United States", "UZ": "Uzbekistan", "VE": "Venezuela", "VN": "Vietnam", "YE": "Yemen", "ZA": "South Africa",
}
