package entity

import _ "embed"

// License is the text of the licence of the embedded model.
//
//go:embed data/LICENSE.txt
var License string

// Notice attributes the data that the embedded models and lists were made from.
//
//go:embed data/NOTICE.txt
var Notice string
