package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/fetcher"
)

var configCommand = command{
	name: "config", args: "check [FILE]",
	summary: "Check the settings and print the ones in force",
	help: `
  claimwire config check claimwire.yaml

Settings come from flags, then CLAIMWIRE_… variables, then the file, then
defaults. Unknown names are errors. The output is a settings file.`,
	run: runConfig,
}

func runConfig(_ context.Context, c *command, std stdio, args []string) error {
	var s config.Settings
	fs := newFlags(c, std)
	s.Register(fs)
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 || rest[0] != "check" || len(rest) > 2 {
		return usagef("want: config check [FILE]")
	}
	if len(rest) == 2 {
		s.File = rest[1]
	}
	if err := s.Load(fs, os.Environ()); err != nil {
		return err
	}
	if _, err := loadWebhooks(s.Webhooks); err != nil {
		return err
	}
	fs.VisitAll(func(f *flag.Flag) {
		if f.Name == "config" {
			return
		}
		if l, ok := f.Value.(*config.List); ok {
			shown := quoted(*l)
			if f.Name == "feed" {
				for i, u := range *l {
					shown[i] = fmt.Sprintf("%q", fetcher.Redact(u))
				}
			}
			fmt.Fprintf(std.out, "%s: [%s]\n", f.Name, strings.Join(shown, ", "))
			return
		}
		if p, ok := f.Value.(*config.Pairs); ok {
			var pairs config.List
			for _, name := range slices.Sorted(maps.Keys(*p)) {
				pairs = append(pairs, name+"="+(*p)[name])
			}
			fmt.Fprintf(std.out, "%s: [%s]\n", f.Name, strings.Join(quoted(pairs), ", "))
			return
		}
		fmt.Fprintf(std.out, "%s: %s\n", f.Name, yamlScalar(redact(f.Name, f.Value.String())))
	})
	return nil
}

func quoted(l []string) []string {
	out := make([]string, len(l))
	for i, s := range l {
		out[i] = fmt.Sprintf("%q", s)
	}
	return out
}

func yamlScalar(s string) string {
	if s == "" || strings.ContainsAny(s, ":#{}[]&*!|>'\"%@` ") {
		return fmt.Sprintf("%q", s)
	}
	return s
}

// redact hides the passwords and tokens in a list of URLs.
func redact(name, value string) string {
	if !config.Secret(name) || value == "" {
		return value
	}
	urls := strings.Split(value, ",")
	for i, raw := range urls {
		u, err := url.Parse(raw)
		if err != nil {
			urls[i] = "xxxxx" // who knows what is in it
			continue
		}
		if u.User != nil {
			if _, ok := u.User.Password(); ok {
				u.User = url.UserPassword(u.User.Username(), "xxxxx")
			} else { // NATS takes a lone user for a token
				u.User = url.User("xxxxx")
			}
		}
		shown, err := url.Parse(fetcher.Redact(u.String()))
		if err != nil {
			urls[i] = "xxxxx"
			continue
		}
		u.RawQuery = shown.RawQuery
		urls[i] = u.String()
	}
	return strings.Join(urls, ",")
}
