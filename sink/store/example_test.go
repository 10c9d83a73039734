package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// A store is written to as a sink, read through its methods, and open to SQL.
func Example() {
	dir, err := os.MkdirTemp("", "claimwire-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, path := context.Background(), filepath.Join(dir, "claims.db")
	s, err := store.Open(ctx, store.Config{Location: path})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(ctx, sinktest.Records()); err != nil {
		log.Fatal(err)
	}

	page, err := s.Claims(ctx, sink.Query{Measures: []string{"transport-enter"}, Text: "lorries"})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range page.Items {
		fmt.Println(c.Record.Text)
	}

	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT published_at, publisher, value, figure FROM figures
		WHERE measure = 'person-killed' AND tier = 'reportable' ORDER BY published_at LIMIT 3`)
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var at, publisher, figure string
		var value float64
		if err := rows.Scan(&at, &publisher, &value, &figure); err != nil {
			log.Fatal(err)
		}
		fmt.Println(at, publisher, value, figure)
	}
	// Unordered output:
	// 600 aid lorries a day required to enter the Gaza Strip
	// At most 210 aid lorries a day enter the Gaza Strip, an aid worker says
	// 2025-11-22T07:40:00Z Harbour Post 19 19
	// 2025-11-22T18:05:00Z Northwire 41 41
	// 2025-11-22T18:50:00Z Valley Courier 41 41
}
