package schemas

import (
	"slices"
	"strings"
	"sync"
)

// A Dimension is what a unit measures. Figures of different dimensions never
// meet in one series.
type Dimension string

// Dimensions.
const (
	DimCount       Dimension = "count"
	DimPercent     Dimension = "percent" // percent, percentage points, basis points
	DimMoney       Dimension = "money"
	DimLength      Dimension = "length"
	DimArea        Dimension = "area"
	DimVolume      Dimension = "volume"
	DimMass        Dimension = "mass"
	DimSpeed       Dimension = "speed"
	DimTemperature Dimension = "temperature"
	DimPower       Dimension = "power"
	DimEnergy      Dimension = "energy"
	DimData        Dimension = "data"
	DimOther       Dimension = "other"
	DimAny         Dimension = "any" // of a measure: figures of any dimension
)

// Units that are not a currency or a measure code.
const (
	UnitCount   = "count"
	UnitPercent = "percent"
	UnitPoint   = "pp" // percentage points
	UnitBasis   = "bp" // basis points
)

// measureUnits are the measure codes, after UCUM where UCUM has a short one.
var measureUnits = map[string]Dimension{
	"mm": DimLength, "cm": DimLength, "m": DimLength, "km": DimLength,
	"in": DimLength, "ft": DimLength, "yd": DimLength, "mi": DimLength, "nmi": DimLength,
	"m2": DimArea, "km2": DimArea, "ha": DimArea, "acre": DimArea, "mu": DimArea, "mi2": DimArea, "ft2": DimArea,
	"l": DimVolume, "ml": DimVolume, "m3": DimVolume, "gal": DimVolume, "bbl": DimVolume, "ft3": DimVolume,
	"g": DimMass, "mg": DimMass, "kg": DimMass, "t": DimMass, "lb": DimMass, "oz": DimMass, "kt": DimMass, "Mt": DimMass,
	"km/h": DimSpeed, "mph": DimSpeed, "m/s": DimSpeed, "kn": DimSpeed,
	"Cel": DimTemperature, "Fah": DimTemperature, "K": DimTemperature,
	"W": DimPower, "kW": DimPower, "MW": DimPower, "GW": DimPower, "TW": DimPower, "hp": DimPower,
	"kWh": DimEnergy, "MWh": DimEnergy, "GWh": DimEnergy, "TWh": DimEnergy, "J": DimEnergy, "kJ": DimEnergy, "cal": DimEnergy, "kcal": DimEnergy,
	"B": DimData, "kB": DimData, "MB": DimData, "GB": DimData, "TB": DimData, "bit": DimData, "Mbit/s": DimData, "Gbit/s": DimData,
	"deg": DimOther, "Hz": DimOther, "kHz": DimOther, "MHz": DimOther, "GHz": DimOther, "V": DimOther, "kV": DimOther, "A": DimOther,
	"Pa": DimOther, "hPa": DimOther, "bar": DimOther, "dB": DimOther, "ct": DimOther, "px": DimOther, "MP": DimOther,
}

// currencies are the active codes of ISO 4217 (list one of its maintenance agency,
// January 2026), funds and metals included, without XTS and XXX, which stand for
// no money.
const currencies = `
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR
FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY
KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN
NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST
XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW ZWG`

// formerCurrencies are withdrawn codes of ISO 4217 (list three) that news of the
// last decades still prices in: archives are replayed too.
const formerCurrencies = `
ADP ANG ATS AZM BEF BGN BYR CSD CUC CYP DEM EEK ESP FIM FRF GHC GRD HRK IEP ITL LTL LUF LVL MRO MTL MZM
NLG PTE ROL RUR SDD SIT SKK SLL SRG STD TMM TRL VEB VEF YUM ZMK ZWD ZWL`

var currencySet = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool)
	for _, list := range []string{currencies, formerCurrencies} {
		for _, code := range strings.Fields(list) {
			set[code] = true
		}
	}
	return set
})

// Units returns every unit that a record may have, sorted.
func Units() []string {
	us := []string{UnitCount, UnitPercent, UnitPoint, UnitBasis}
	for u := range measureUnits {
		us = append(us, u)
	}
	for c := range currencySet() {
		us = append(us, c)
	}
	slices.Sort(us)
	return us
}

// UnitDimension returns the dimension of a unit: "count", "percent", "pp", "bp",
// a measure code, or an ISO 4217 code, active or withdrawn. It reports false for
// anything else.
func UnitDimension(unit string) (Dimension, bool) {
	switch unit {
	case UnitCount:
		return DimCount, true
	case UnitPercent, UnitPoint, UnitBasis:
		return DimPercent, true
	}
	if d, ok := measureUnits[unit]; ok {
		return d, true
	}
	if currencySet()[unit] {
		return DimMoney, true
	}
	return "", false
}
