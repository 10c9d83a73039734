//go:build linux

package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/schemas"
)

// TestPowerCut takes the power from the real binary, as often as
// CLAIMWIRE_TEST_POWERCUTS says. Its folder is on a file system of its own in a file;
// the process is stopped at some moment, and the file is copied as the disk
// has it then: without what the system had not written out. A process that starts on
// the copy has every article whose sender was told that it is stored. Torn sectors
// and disks that lie about flushing are not shown by this.
func TestPowerCut(t *testing.T) {
	cuts, _ := strconv.Atoi(os.Getenv("CLAIMWIRE_TEST_POWERCUTS"))
	if cuts == 0 {
		t.Skip("mounts file systems: set CLAIMWIRE_TEST_POWERCUTS to how many cuts")
	}
	if os.Getuid() != 0 {
		t.Fatal("only root may mount a file system")
	}
	articles, err := sample.Variations(60)
	if err != nil {
		t.Fatal(err)
	}
	for i := range articles {
		if err := articles[i].Complete(); err != nil {
			t.Fatal(err)
		}
	}
	for cut := range cuts {
		t.Run(fmt.Sprint(cut), func(t *testing.T) { cutPower(t, articles, time.Duration(700+cut*370%2000)*time.Millisecond) })
	}
}

func cutPower(t *testing.T, articles []schemas.Article, after time.Duration) {
	image, copied := filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "cut")
	run := func(name string, args ...string) {
		t.Helper()
		if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	mount := func(image string) string {
		t.Helper()
		dir := t.TempDir()
		run("mount", "-o", "loop", image, dir)
		t.Cleanup(func() { run("umount", "-l", dir) })
		return dir
	}
	f, err := os.Create(image)
	if err == nil {
		err = f.Truncate(192 << 20)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	run("mkfs.ext4", "-q", image)
	dir := filepath.Join(mount(image), "data")
	args := []string{"run", "--data-dir", dir, "--listen", "127.0.0.1:0", "--min-free", "16MiB"}
	var log syncBuffer
	cmd := process(t, args...)
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &running{t: t, log: &log}
	p.await("ready", func() bool { return strings.Contains(log.String(), "page=http://") })
	_, page, _ := strings.Cut(log.String(), "page=")
	page, _, _ = strings.Cut(page, " ")
	stored := make(chan []string, 1)
	go func() { // until the process no longer answers
		var ids []string
		defer func() { stored <- ids }()
		client := http.Client{Timeout: 30 * time.Second}
		for i := range articles {
			raw := articles[i].AppendJSON(nil)
			resp, err := client.Post(page+"/api/v1/articles", "application/json", strings.NewReader(string(raw)))
			if err != nil {
				return
			}
			resp.Body.Close()
			if resp.StatusCode == http.StatusAccepted {
				ids = append(ids, articles[i].ID)
			}
		}
	}()
	time.Sleep(after)
	_ = cmd.Process.Signal(syscall.SIGSTOP)
	time.Sleep(50 * time.Millisecond) // what the disk is about to write it still writes
	run("cp", "--sparse=always", image, copied)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	ids := <-stored

	dir = filepath.Join(mount(copied), "data")
	p = startProgram(t, dir, "--min-free", "16MiB", "--sync=true")
	has := func() map[string]bool {
		got := map[string]bool{}
		code, out, errs := claimwire(t, "", "export", "--articles", "--data-dir", dir)
		if code != exitOK {
			t.Fatal(errs)
		}
		for line := range strings.Lines(out) {
			_, id, _ := strings.Cut(line, `"id":"`)
			id, _, _ = strings.Cut(id, `"`)
			if got[id] {
				t.Errorf("article %s is there twice", id)
			}
			got[id] = true
		}
		return got
	}
	missing := func() (n int) {
		got := has()
		for _, id := range ids {
			if !got[id] {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(time.Minute); missing() > 0 && time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
	}
	if n := missing(); n > 0 {
		t.Errorf("%d of %d articles that were stored are lost\n%s", n, len(ids), p.log.String())
	}
	p.send(articles) // all of them: those that it has come to nothing
	p.await("all articles", func() bool { return len(has()) == len(articles) })
	rest := 0
	p.await("rest", func() bool { // more than once: a record that is stored is not at once pending
		now := get(t, p.page+"/metrics")
		for _, name := range []string{
			`claimwire_bus_consumer_pending{consumer="extractor",stream="ARTICLES"} 0`,
			`claimwire_bus_consumer_ack_pending{consumer="extractor",stream="ARTICLES"} 0`,
			`claimwire_bus_consumer_pending{consumer="normalizer",stream="EXTRACTIONS"} 0`,
			`claimwire_bus_consumer_ack_pending{consumer="normalizer",stream="EXTRACTIONS"} 0`,
		} {
			if !strings.Contains(now, name+"\n") {
				rest = 0
				return false
			}
		}
		rest++
		return rest > 3
	})
	p.stop()
	fresh := filepath.Join(t.TempDir(), "state.db")
	if got, want := stateDigest(t, filepath.Join(dir, "state.db"), nil), stateDigest(t, fresh, articles); got != want {
		t.Errorf("digest %s after the cut, %s without one", got, want)
	}
	t.Logf("cut after %s: %d articles stored", after, len(ids))
}
