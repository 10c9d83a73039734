package parse

import _ "embed"

// License is the text of the licence of the embedded model.
//
//go:embed data/LICENSE.txt
var License string
