package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/claimwire/claimwire/sink/desk"
)

var tokenCommand = command{
	name: "token", args: "NAME",
	summary: "Make a token for the web page and the HTTP API",
	help: `
  claimwire token --file tokens.txt "Night desk"                       may read
  claimwire token --file tokens.txt --scopes read,review,admin Ana
  claimwire run --tokens tokens.txt https://example.com/feed.xml

The token is printed once; the file keeps its hash, one token a line: hash,
scopes, name. Whoever reports a mistake signs with the name. To withdraw a token
delete its line and restart.`,
	run: runToken,
}

func runToken(_ context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	path := fs.String("file", "", "`file` of tokens to add it to; made if it is not there")
	scopes := fs.String("scopes", string(desk.ScopeRead), "comma-separated `scopes`: read, review, admin")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || *path == "" {
		return usagef("want --file FILE and a name")
	}
	token, hash := desk.NewToken()
	line := hash + " " + strings.ReplaceAll(*scopes, " ", "") + " " + strings.Join(strings.Fields(rest[0]), " ")
	if _, err := parseToken(line); err != nil {
		return usageError{err}
	}
	f, err := os.OpenFile(*path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, token)
	return err
}

// loadTokens reads a file of tokens; "" has none.
func loadTokens(path string) ([]desk.Token, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w; claimwire token makes the first", err)
	}
	defer f.Close()
	var out []desk.Token
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		t, err := parseToken(line)
		if err != nil {
			return nil, fmt.Errorf("tokens: %s:%d: %w", path, n, err)
		}
		out = append(out, t)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	if len(out) == 0 { // an empty file must not open the desk to everybody
		return nil, fmt.Errorf("tokens: %s has none; claimwire token makes one", path)
	}
	return out, nil
}

func parseToken(line string) (desk.Token, error) {
	fields := strings.SplitN(line, " ", 3)
	if len(fields) != 3 {
		return desk.Token{}, errors.New("want hash, scopes and name")
	}
	t := desk.Token{SHA256: fields[0], Name: fields[2]}
	for s := range strings.SplitSeq(fields[1], ",") {
		t.Scopes = append(t.Scopes, desk.Scope(s))
	}
	return t, t.Check()
}
