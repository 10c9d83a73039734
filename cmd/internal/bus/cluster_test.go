package bus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/claimwire/claimwire/schemas"
)

// startCluster runs three servers that form a cluster, until the test ends.
func startCluster(t *testing.T) []*server.Server {
	t.Helper()
	var routes []*url.URL
	var ports []int
	var held []net.Listener
	for range 3 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		held = append(held, l)
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
		routes = append(routes, &url.URL{Scheme: "nats", Host: l.Addr().String()})
	}
	for _, l := range held { // not before all three are known: no port comes twice
		must(t, l.Close())
	}
	var cluster []*server.Server
	for i := range 3 {
		cluster = append(cluster, startServer(t, func(o *server.Options) {
			o.ServerName = fmt.Sprintf("node-%d", i)
			o.Cluster = server.ClusterOpts{Name: "claimwire", Host: "127.0.0.1", Port: ports[i]}
			o.Routes = routes
			o.NoSystemAccount = false
		}))
	}
	return cluster // not ready yet: Open waits for it
}

// TestCluster stops the leader of a replicated stream while records flow from
// one stream to another: nothing is lost, nothing is stored twice.
func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("elections take seconds")
	}
	t.Parallel()
	cluster := startCluster(t)
	var urls []string
	for _, s := range cluster {
		urls = append(urls, s.ClientURL())
	}
	b, err := Open(t.Context(), Config{URL: strings.Join(urls, ","), Replicas: 3, AckTimeout: 3 * time.Second})
	must(t, err)
	defer closeBus(t, b)

	const n = 600
	var mu sync.Mutex
	handled := map[string]bool{}
	stop := work(t, b, fast(schemas.StreamArticles), func(ctx context.Context, recs []Received[schemas.Article]) error {
		out := make([]schemas.Change, len(recs))
		for i, r := range recs {
			out[i] = change(0)
			out[i].ID = "ch-" + r.Record.ID
		}
		if err := b.PublishChanges(ctx, out); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, r := range recs {
			handled[r.Record.ID] = true
		}
		return nil
	})
	defer stop()

	all := articles(n)
	for from := 0; from < n; from += 60 {
		if from == n/2 {
			stopLeader(t, b, cluster)
		}
		for { // what a fetcher does: try again until it is stored
			err := b.PublishArticles(t.Context(), all[from:from+60])
			if err == nil {
				break
			}
			if !errors.Is(err, ErrUnavailable) {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	for range 600 {
		mu.Lock()
		done := len(handled) == n
		mu.Unlock()
		if done {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	a, c := stored(t, b, schemas.StreamArticles), stored(t, b, schemas.StreamClaims)
	if len(handled) != n || a != n || c != n {
		t.Errorf("%d articles stored, %d handled, %d changes stored, want %d", a, len(handled), c, n)
	}
}

// stored counts the records of a stream: in a cluster a refused duplicate may
// leave a hole in the sequence.
func stored(t *testing.T, b *Bus, stream string) uint64 {
	t.Helper()
	state, err := b.state(t.Context(), stream)
	must(t, err)
	return state.Msgs
}

func stopLeader(t *testing.T, b *Bus, cluster []*server.Server) {
	t.Helper()
	s, err := b.js.Stream(t.Context(), schemas.StreamArticles)
	must(t, err)
	leader := s.CachedInfo().Cluster.Leader
	i := slices.IndexFunc(cluster, func(s *server.Server) bool { return s.Name() == leader })
	if i < 0 {
		t.Fatalf("no server %q", leader)
	}
	cluster[i].Shutdown()
	cluster[i].WaitForShutdown()
}
