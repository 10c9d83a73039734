package main

import (
	"context"
	"flag"
	"os"
	"slices"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/fetcher"
)

// reloadEvery is how often the settings file is looked at.
const reloadEvery = 2 * time.Second

// watchSettings follows changes of the settings file and of the file of webhooks:
// the feeds that it lists are polled from then on, and those that it no longer
// lists are not; changes of claims go to the endpoints that it lists. A file with a
// mistake changes nothing. Other settings wait for the next start, and are named.
// A hangup has both read again, whether or not they look changed: they may take
// values from other files.
func (in *instance) watchSettings(ctx context.Context, every time.Duration) error {
	settings, hooks := in.fileState, in.hooksState
	hooksFile, was := in.settings.Webhooks, values(in.flags)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		case <-in.hangup:
			if in.settings.File == "" && hooksFile == "" {
				in.log.Info("no file to read again: settings come from flags and the environment")
			}
			settings, hooks = stamp{}, stamp{}
		}
		if now := fileState(in.settings.File); now != settings && now != (stamp{}) {
			settings = now
			next, flags, err := in.reload()
			if err != nil {
				in.log.Error("settings file not taken: everything stays as it is", "err", err)
				continue
			}
			in.takeSettings(was, next, flags)
			was = values(flags)
			if next.Webhooks != hooksFile {
				hooksFile, hooks = next.Webhooks, stamp{}
				if hooksFile == "" && in.newHooks != nil {
					in.takeWebhooks(ctx, "")
				}
			}
		}
		if now := fileState(hooksFile); in.newHooks != nil && now != hooks && now != (stamp{}) {
			hooks = now
			in.takeWebhooks(ctx, hooksFile)
		}
	}
}

// takeSettings heeds the feeds of other settings, and names what else has changed.
func (in *instance) takeSettings(was map[string]string, next *config.Settings, flags *flag.FlagSet) {
	var names []string
	for name, value := range values(flags) {
		if value != was[name] && name != "feed" && (name != "webhooks" || in.newHooks == nil) {
			names = append(names, name)
		}
	}
	if slices.Sort(names); len(names) > 0 {
		in.log.Warn("some settings change with the next start only", "settings", names)
	}
	if in.fetcher != nil {
		in.book.replace(next.Feeds)
		in.log.Info("settings file taken", "feeds", len(in.feedURLs()))
		return
	}
	in.log.Info("settings file taken")
}

// values are the settings in force by name.
func values(flags *flag.FlagSet) map[string]string {
	out := map[string]string{}
	flags.VisitAll(func(f *flag.Flag) { out[f.Name] = f.Value.String() })
	return out
}

// A stamp tells two states of a file apart.
type stamp struct {
	at   time.Time
	size int64
}

// fileState is zero for a file that is not there: it is being replaced.
func fileState(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}

// A followed feed is polled until it is dropped.
type followed struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when its last poll has ended
	live   bool
}

// fetch polls all feeds, and heeds what is added and dropped meanwhile.
func (in *instance) fetch(ctx context.Context) error {
	share, leave, err := in.shares(ctx)
	if err != nil {
		return err
	}
	defer leave()
	tick := time.NewTicker(shareEvery)
	defer tick.Stop()
	in.fetcher.Recall(in.feeds())
	all := map[string]*followed{}
	defer func() {
		for _, f := range all {
			f.cancel()
			<-f.done
		}
	}()
	for {
		want := share(ctx, in.feedURLs())
		for u, f := range all {
			if f.live && !slices.Contains(want, u) {
				in.log.Info("feed dropped", "feed", fetcher.Redact(u))
				f.live = false
				f.cancel()
			}
		}
		for _, u := range want {
			if f := all[u]; f == nil || !f.live {
				all[u] = in.followOne(ctx, u, f)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-in.book.fresh:
		case <-tick.C:
		}
	}
}

const (
	shareEvery   = 10 * time.Second // how often fetchers look which feeds are theirs
	shareTimeout = 8 * time.Second  // for one look; both together are less than a third of a lease
)

// shares returns what says which feeds this process polls. One that has its own
// server polls all; on a shared one each feed has one fetcher, and another takes
// over within a minute when that is gone.
func (in *instance) shares(ctx context.Context) (share func(context.Context, []string) []string, leave func(), err error) {
	if in.bus.Embedded() {
		return func(_ context.Context, all []string) []string { return all }, func() {}, nil
	}
	leases, err := in.bus.Leases(ctx, bus.LeaseConfig{Group: "feeds"})
	if err != nil {
		return nil, nil, err
	}
	share = func(ctx context.Context, all []string) []string {
		// A server that is slow to list who lives must not keep feeds from being polled.
		asking, cancel := context.WithTimeout(ctx, shareTimeout)
		defer cancel()
		mine, err := leases.Hold(asking, all)
		if err != nil && ctx.Err() == nil {
			in.log.Warn("feeds are not shared anew", "err", err)
		}
		return mine
	}
	leave = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := leases.Leave(ctx); err != nil {
			in.log.Warn("feeds are not given up at once", "err", err)
		}
	}
	return share, leave, nil
}

// followOne polls one feed, after the last poll of an earlier time has ended.
func (in *instance) followOne(ctx context.Context, address string, before *followed) *followed {
	f := &followed{done: make(chan struct{}), live: true}
	ctx, f.cancel = context.WithCancel(ctx)
	go func() {
		defer close(f.done)
		if before != nil {
			<-before.done
		}
		_ = in.fetcher.Run(ctx, []fetcher.Feed{{URL: address, Interval: in.pollEvery}}, in.admit, in.dead) // it ends with ctx alone
	}()
	return f
}
