// Command claimwire turns news feeds into a live stream of structured claims,
// each tied to the exact words of the articles it came from.
//
//	claimwire run --sample      a newsroom of five invented publishers, on this machine
//	claimwire run --feed URL    one's own feeds
//	claimwire extract FILE      the claims of one file, page or batch
//
// claimwire help lists the commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// A command is one word after claimwire.
type command struct {
	name    string
	args    string // what follows the flags, for the usage line
	summary string
	help    string // examples and what else there is to know
	run     func(ctx context.Context, c *command, std stdio, args []string) error
}

// stdio is where a command reads and writes: data on out, logs and progress on err.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// A usageError is the caller's mistake: exit code 2 and a hint.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// commands returns the table of commands, in the order of the help text.
func commands() []command {
	return []command{
		runCommand, extractCommand, replayCommand, diffCommand, verifyCommand, feedsCommand,
		backfillCommand, tailCommand, traceCommand, exportCommand, reviewCommand, purgeCommand, snapshotCommand, seriesCommand,
		dlqCommand, archiveCommand, tokenCommand, evalCommand, benchCommand, configCommand, licensesCommand,
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == "extract" { // here, as it is about the whole process
		collectLess()
	}
	os.Exit(dispatch(ctx, stdio{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
}

// dispatch runs the command that args name and returns the exit code.
func dispatch(ctx context.Context, std stdio, args []string) int {
	if len(args) == 0 {
		overview(std.err)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		if len(args) > 1 && args[1] != "help" && !strings.HasPrefix(args[1], "-") {
			return dispatch(ctx, std, []string{args[1], "--help"})
		}
		overview(std.out)
		return exitOK
	case "version", "--version":
		fmt.Fprintln(std.out, program())
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return report(std, c, c.run(ctx, &c, std, args[1:]))
		}
	}
	fmt.Fprintf(std.err, "claimwire: unknown command %q; 'claimwire help' lists the commands\n", args[0])
	return exitUsage
}

func report(std stdio, c command, err error) int {
	var usage usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &usage):
		printError(std.err, c.name, err)
		fmt.Fprintf(std.err, "'claimwire %s --help' shows how it is used\n", c.name)
		return exitUsage
	case errors.Is(err, errReported):
		return exitFailed
	}
	printError(std.err, c.name, err)
	return exitFailed
}

// printError prints an error, each of several joined ones on a line of its own.
func printError(w io.Writer, command string, err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(w, "claimwire %s: %s\n", command, printable(line))
	}
}

// errReported is returned by a command that has said on stderr what failed.
var errReported = errors.New("failed")

func overview(w io.Writer) {
	fmt.Fprint(w, "claimwire turns news feeds into a live stream of structured claims with citations.\n\nUsage: claimwire COMMAND [flags] [arguments]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "  version   print the version\n  help      print this, or 'help COMMAND' for one command\n\nStart with: claimwire run --sample\n")
}

// newFlags returns the flag set of a command, whose --help prints c.
func newFlags(c *command, std stdio) *flag.FlagSet {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {
		flags := 0
		fs.VisitAll(func(*flag.Flag) { flags++ })
		if flags == 0 {
			fmt.Fprintf(std.out, "%s\n\nUsage: %s\n\n%s\n", c.summary, join(" ", "claimwire", c.name, c.args), strings.Trim(c.help, "\n"))
			return
		}
		fmt.Fprintf(std.out, "%s\n\nUsage: %s\n\n%s\n\nFlags:\n", c.summary, join(" ", "claimwire", c.name, "[flags]", c.args), strings.Trim(c.help, "\n"))
		fs.SetOutput(std.out)
		fs.PrintDefaults()
		fs.SetOutput(io.Discard)
	}
	return fs
}

// parse reads the flags, which may stand before, between and after the
// arguments, and returns the arguments.
func parse(fs *flag.FlagSet, args []string) ([]string, error) {
	help := fs.Usage
	fs.Usage = func() {} // the flag package would print it for every mistake too
	var rest []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				help()
				return nil, err
			}
			return nil, usageError{err}
		}
		args = fs.Args()
		if len(args) == 0 {
			return rest, nil
		}
		if args[0] == "-" || !strings.HasPrefix(args[0], "-") {
			rest = append(rest, args[0])
			args = args[1:]
			continue
		}
		return append(rest, args...), nil // after "--"
	}
}

// program names the program and its version, for records and User-Agent.
func program() string {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	return "claimwire " + version
}
