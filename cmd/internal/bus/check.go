package bus

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Check looks whether [Open] would find what it needs, and changes nothing: the
// server answers and is fit, or nobody else uses the folder. It says what it found.
func Check(ctx context.Context, cfg Config) (found string, err error) {
	b := &Bus{cfg: cfg.withDefaults()}
	b.log = b.cfg.Logger
	b.stop, b.cancel = context.WithCancel(ctx)
	defer b.cancel()
	if cfg.URL == "" {
		return b.checkEmbedded()
	}
	if err := b.dial(); err != nil {
		return "", err
	}
	defer b.nc.Close()
	if err := b.openJetStream(); err != nil {
		return "", err
	}
	if err := b.checkServer(); err != nil {
		return "", err
	}
	info, err := b.js.AccountInfo(ctx)
	if err != nil {
		return "", fmt.Errorf("JetStream of %s: %w", b.nc.ConnectedUrlRedacted(), err)
	}
	return fmt.Sprintf("%s, nats-server %s, %d streams", b.nc.ConnectedUrlRedacted(), b.nc.ConnectedServerVersion(), info.Streams), nil
}

// checkEmbedded looks at the folder and the listener's certificate and keys.
func (b *Bus) checkEmbedded() (string, error) {
	opts := b.serverOptions()
	if _, err := b.secure(opts); err != nil {
		return "", err
	}
	if _, err := os.Stat(b.cfg.Dir); errors.Is(err, os.ErrNotExist) {
		return "embedded, new", nil
	}
	lock, err := lockDir(b.cfg.Dir)
	if err != nil {
		return "", err
	}
	return "embedded, in " + b.cfg.Dir, lock.release()
}
