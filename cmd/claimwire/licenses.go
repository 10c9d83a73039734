package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/claimwire/claimwire/extractor/english"
)

var licensesCommand = command{
	name:    "licenses",
	summary: "Print the licences of the program, its data and its libraries",
	help:    "The embedded models and word lists have terms of their own; each comes with its sources.",
	run:     runLicenses,
}

func runLicenses(_ context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	if rest, err := parse(fs, args); err != nil || len(rest) > 0 {
		if err != nil {
			return err
		}
		return usagef("takes no arguments")
	}
	fmt.Fprintln(std.out, "claimwire is licensed under the Apache License, Version 2.0.")
	for _, text := range english.Licenses() {
		fmt.Fprintf(std.out, "\n%s\n", text)
	}
	return modules(std.out)
}

// modules lists the libraries that are linked in.
func modules(w io.Writer) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	fmt.Fprintln(w, "\nLibraries (the licence of each is in its module):")
	for _, m := range info.Deps {
		fmt.Fprintf(w, "  %s %s\n", m.Path, m.Version)
	}
	return nil
}
