package fetcher_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/schemas"
)

func ExampleFetcher_Once() {
	site := http.NewServeMux()
	site.HandleFunc("/rss", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Harbour Post</title><item><title>Ferry stops</title><link>http://harbour.example/ferry</link></item></channel></rss>`)
	})
	site.HandleFunc("/ferry", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<html><body><article><h1>Ferry stops</h1><p>The ferry stopped for two days after a rope had caught its screw, the owner said on Monday.</p></article></body></html>`)
	})
	server := httptest.NewServer(site)
	defer server.Close()

	f, err := fetcher.New(fetcher.Config{
		UserAgent: "claimwire/1 (+https://claimwire.example)",
		Hosts:     map[string]string{"harbour.example": server.Listener.Addr().String()},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	emit := func(_ context.Context, articles []schemas.Article) error {
		for _, a := range articles {
			fmt.Println(a.Title, "/", a.Publisher.Domain)
			fmt.Println(a.Text)
		}
		return nil
	}
	dead := func(_ context.Context, d schemas.DeadLetter) error {
		fmt.Println("failed:", d.URL, d.Reason)
		return nil
	}
	err = f.Once(context.Background(), []fetcher.Feed{{URL: "http://harbour.example/rss"}}, emit, dead)
	fmt.Println(err)
	// Output:
	// Ferry stops / harbour.example
	// The ferry stopped for two days after a rope had caught its screw, the owner said on Monday.
	// <nil>
}
