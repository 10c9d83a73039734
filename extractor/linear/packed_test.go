package linear

import (
	"bytes"
	"hash/crc32"
	"strings"
	"testing"
)

func TestPack(t *testing.T) {
	for _, file := range []string{strings.Repeat("Nordhavn ", 40), string(bytes.Repeat([]byte("port of Nordhavn\tDK\t\n"), 100_000))} {
		frame, err := Pack([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Unpack(string(frame))
		if err != nil || got != file {
			t.Errorf("Unpack(Pack(%d bytes)) = %d bytes, %v", len(file), len(got), err)
		}
		if len(frame) > len(file)/10 {
			t.Errorf("%d bytes that repeat are packed to %d", len(file), len(frame))
		}
		for _, bad := range []string{"", string(frame[:3]), string(frame[:len(frame)-5]), "CWLS" + string(frame)} {
			if _, err := Unpack(bad); err == nil {
				t.Errorf("Unpack of %d bytes that are no whole frame: no error", len(bad))
			}
		}
	}
}

// TestRelease reads an embedded file after its pages have been given back.
func TestRelease(t *testing.T) {
	first := UnpackEmbedded(packedClusters)
	sum := crc32.ChecksumIEEE([]byte(packedClusters))
	release(packedClusters)
	release(packedClusters[1:])
	release(packedClusters[:100])
	release("")
	if crc32.ChecksumIEEE([]byte(packedClusters)) != sum || UnpackEmbedded(packedClusters) != first {
		t.Error("the file has changed")
	}
}

// FuzzUnpack: whatever the bytes, it ends, within its memory.
func FuzzUnpack(f *testing.F) {
	frame, err := Pack(bytes.Repeat([]byte("Nordhavn\tDK\t\nNordhavn Harbour\tDK\t\n"), 20))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(frame))
	f.Add("")
	f.Fuzz(func(t *testing.T, frame string) {
		if file, err := Unpack(frame); err == nil && len(file) > maxUnpacked {
			t.Errorf("%d bytes", len(file))
		}
	})
}
