package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// A console is standard error with a line about progress at its end. What is
// written through it stands above that line. Without a terminal there is no such
// line, and what is written passes through.
type console struct {
	w        io.Writer
	terminal bool

	mu   sync.Mutex
	line string // the progress line that is on the screen; owned by mu
}

func newConsole(w io.Writer) *console {
	c := &console{w: w}
	if f, ok := w.(*os.File); ok && os.Getenv("TERM") != "dumb" {
		c.terminal = term.IsTerminal(int(f.Fd()))
	}
	return c
}

const eraseLine = "\r\x1b[K"

// Write implements [io.Writer] for logs.
func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.line == "" {
		return c.w.Write(p)
	}
	fmt.Fprint(c.w, eraseLine)
	n, err := c.w.Write(p)
	fmt.Fprint(c.w, c.line)
	return n, err
}

// progress replaces the line about progress; "" removes it.
func (c *console) progress(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if line == c.line {
		return
	}
	if c.line != "" {
		fmt.Fprint(c.w, eraseLine)
	}
	fmt.Fprint(c.w, line)
	c.line = line
}

// showStatus keeps the status of in at the end of a terminal, and logs it once a
// minute elsewhere, until the function it returns is called.
func showStatus(in *instance, c *console) (stop func()) {
	every := time.Minute
	show := func(line string) { in.log.Info(line) }
	if c.terminal {
		every = 500 * time.Millisecond
		show = c.progress
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		last := ""
		for {
			select {
			case <-done:
				c.progress("")
				return
			case <-tick.C:
				if line := in.status(); line != last {
					show(line)
					last = line
				}
			}
		}
	}()
	return func() { close(done); <-ended }
}
