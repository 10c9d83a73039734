package schemas

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
	"m2": DimArea, "km2": DimArea, "ha": DimArea, "acre": DimArea, "mi2": DimArea, "ft2": DimArea,
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

// UnitDimension returns the dimension of a unit: "count", "percent", "pp", "bp",
// a measure code, or three capitals, which are taken as an ISO 4217 code. It
// reports false for anything else.
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
	if len(unit) == 3 {
		for i := range 3 {
			if unit[i] < 'A' || unit[i] > 'Z' {
				return "", false
			}
		}
		return DimMoney, true
	}
	return "", false
}
