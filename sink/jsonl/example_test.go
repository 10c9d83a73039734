package jsonl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/jsonl"
	"github.com/claimwire/claimwire/sink/sinktest"
)

func ExampleNewStream() {
	var out bytes.Buffer
	s := jsonl.NewStream(&out)
	if err := s.Write(context.Background(), sinktest.Records()[:4]); err != nil {
		log.Fatal(err)
	}
	for dec := json.NewDecoder(&out); dec.More(); {
		var c schemas.Change
		if err := dec.Decode(&c); err != nil {
			log.Fatal(err)
		}
		fmt.Println(c.Change, c.Claim.Text)
	}
	// Output:
	// asserted At least 19 people killed in Tarsova, Selin Aktaş says
	// asserted 41 people killed in Tarsova, Disaster Relief Authority (DRA) says
}
