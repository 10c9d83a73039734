package bus

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/proctest"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// root is the folder of the module.
const root = "../../.."

// readmeBlock returns the first block of README.md in a language, whose address is
// that of the server instead of the usual one.
func readmeBlock(t *testing.T, language, server string) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n### NATS\n")
	_, block, ok := strings.Cut(section, "\n```"+language+"\n")
	block, _, _ = strings.Cut(block, "\n```\n")
	if !ok || strings.Count(block, "nats://127.0.0.1:4222") != 1 {
		t.Fatalf("README.md shows no client in %s, or its address is another", language)
	}
	return strings.Replace(block, "nats://127.0.0.1:4222", server, 1)
}

// TestReadmeClients runs the clients that the README shows, to the letter, against
// the embedded server with a listener: each prints the changes of its subject and
// no other.
func TestReadmeClients(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language, before, after string
		command                 func(t *testing.T, file string) *exec.Cmd
		want                    []string // in each line
	}{
		{
			language: "go",
			before:   "package main\n\nimport (\n\t\"encoding/json\"\n\t\"fmt\"\n\n\t\"github.com/nats-io/nats.go\"\n\n\t\"github.com/claimwire/claimwire/schemas\"\n)\n\nfunc main() {\n",
			after:    "\nselect {}\n}\n",
			command:  goProgram,
			want:     []string{"asserted", "At least 19 people killed in Tarsova", "At least 19 people were killed, provincial governor"},
		},
		{
			language: "python",
			before:   "import asyncio, json, nats\n\nasync def main():\n",
			after:    "\n    await asyncio.sleep(600)\n\nasyncio.run(main())\n",
			command:  pythonProgram,
			want:     []string{"asserted", "At least 19 people killed in Tarsova"},
		},
	} {
		t.Run(tt.language, func(t *testing.T) {
			b := openEmbedded(t, Config{Listen: ListenConfig{Addr: "127.0.0.1:0"}})
			code := readmeBlock(t, tt.language, b.ClientURL())
			if tt.language == "python" {
				code = "    " + strings.ReplaceAll(code, "\n", "\n    ")
			}
			file := filepath.Join(t.TempDir(), "client."+tt.language)
			if err := os.WriteFile(file, []byte(tt.before+code+tt.after), 0o600); err != nil {
				t.Fatal(err)
			}
			lines := proctest.Lines(t, tt.command(t, file))
			first := *sinktest.Changes(sinktest.Records())[0]
			// What is published before the client listens passes it by: go on until it has said something.
			heard := 0
			for i, deadline := 0, time.Now().Add(2*time.Minute); heard < 3; i++ {
				if time.Now().After(deadline) {
					t.Fatal("it printed too little in two minutes")
				}
				other, own := first, first
				other.ID, other.Country, other.Claim.Text = fmt.Sprint("other", i), "FR", "Elsewhere"
				own.ID, own.Country = fmt.Sprint("own", i), "PE"
				must(t, b.PublishChanges(t.Context(), []schemas.Change{other, own}))
				select {
				case line, ok := <-lines:
					if !ok {
						t.Fatal("it ended")
					}
					for _, want := range tt.want {
						if !strings.Contains(line, want) {
							t.Errorf("it printed %q, without %q", line, want)
						}
					}
					heard++
				case <-time.After(200 * time.Millisecond):
				}
			}
		})
	}
}

// goProgram builds the program in file, which imports this module's packages.
func goProgram(t *testing.T, file string) *exec.Cmd {
	t.Helper()
	program := strings.TrimSuffix(file, ".go")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, file)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exec.CommandContext(t.Context(), program)
}

func pythonProgram(t *testing.T, file string) *exec.Cmd {
	t.Helper()
	if err := exec.Command("python3", "-c", "import nats").Run(); err != nil {
		t.Skip("python3 with the package nats-py is missing")
	}
	return exec.CommandContext(t.Context(), "python3", "-u", file)
}
