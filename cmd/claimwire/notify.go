package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"
)

// A supervisor is the service manager that started the program, if it wants to hear
// how it does: systemd with Type=notify. See sd_notify(3); the protocol is a
// datagram of lines.
type supervisor struct {
	conn     net.Conn      // nil if nobody listens
	watchdog time.Duration // it wants to hear that often; 0 for never
}

// newSupervisor reads what systemd has put into the environment.
func newSupervisor(getenv func(string) string, log *slog.Logger) *supervisor {
	s := &supervisor{}
	path := getenv("NOTIFY_SOCKET")
	if path == "" {
		return s
	}
	var err error
	if s.conn, err = net.Dial("unixgram", path); err != nil { // "@" begins an abstract one, as there
		log.Warn("the service manager cannot be told how it goes", "socket", path, "err", err)
		s.conn = nil
		return s
	}
	pid := getenv("WATCHDOG_PID")
	if usec, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64); err == nil && usec > 0 && (pid == "" || pid == strconv.Itoa(os.Getpid())) {
		s.watchdog = time.Duration(usec) * time.Microsecond
	}
	return s
}

// tell sends a state. That nobody hears it changes nothing for the program.
func (s *supervisor) tell(state string) {
	if s.conn != nil {
		_, _ = s.conn.Write([]byte(state))
	}
}

// attend says that the instance is ready, then that it lives, and that it ends with
// ctx. It lives as long as it can take the lock that everybody takes.
func (in *instance) attend(ctx context.Context, s *supervisor) error {
	s.tell("READY=1\nSTATUS=at work, page " + in.address())
	defer s.tell("STOPPING=1\nSTATUS=finishing what it has in hand")
	if s.conn == nil || s.watchdog == 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	tick := time.NewTicker(s.watchdog / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		in.position("", "") // takes the lock
		s.tell("WATCHDOG=1")
	}
}
