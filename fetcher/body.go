package fetcher

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/claimwire/claimwire/schemas"
)

const acceptEncoding = "gzip, br, zstd, deflate"

// A body may grow by maxRatio when it is decompressed once it is larger than
// ratioFree. HTML shrinks to a tenth, seldom to a fiftieth.
const (
	maxRatio  = 100
	ratioFree = 512 << 10
)

// readBody decodes a body of the given Content-Encoding, and reads at most limit
// bytes of the result. Over the limit or the ratio, the error matches
// [schemas.ErrMalformed], and what was read is returned with it.
func readBody(r io.Reader, encoding string, limit int64) ([]byte, error) {
	in := &counter{r: r}
	dec, closeDec, err := decoder(in, encoding)
	if err != nil {
		return nil, err
	}
	defer closeDec()
	var out bytes.Buffer
	chunk := make([]byte, 32<<10)
	for {
		n, err := dec.Read(chunk)
		out.Write(chunk[:n])
		size := int64(out.Len())
		switch {
		case size > limit:
			return out.Bytes()[:limit], fmt.Errorf("over %d bytes: %w", limit, schemas.ErrMalformed)
		case dec != io.Reader(in) && size > ratioFree && size > maxRatio*in.n:
			return out.Bytes(), fmt.Errorf("%d bytes became more than %d: %w", in.n, size, schemas.ErrMalformed)
		case errors.Is(err, io.EOF):
			return out.Bytes(), nil
		case err != nil && in.err == nil: // the decoder's own
			return out.Bytes(), fmt.Errorf("decoding %s: %s: %w", encoding, err, schemas.ErrMalformed)
		case err != nil:
			return out.Bytes(), err
		}
	}
}

func decoder(in io.Reader, encoding string) (r io.Reader, done func(), err error) {
	done = func() {}
	switch encoding = strings.ToLower(strings.TrimSpace(encoding)); encoding {
	case "", "identity":
		return in, done, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, done, decodeError(in, encoding, err)
		}
		return z, done, nil
	case "br":
		return brotli.NewReader(in), done, nil
	case "zstd":
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, done, decodeError(in, encoding, err)
		}
		return z, z.Close, nil
	case "deflate": // meant to be zlib, often sent raw
		br := bufio.NewReader(in)
		if head, err := br.Peek(2); err == nil && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
			z, err := zlib.NewReader(br)
			if err != nil {
				return nil, done, decodeError(in, encoding, err)
			}
			return z, done, nil
		}
		return flate.NewReader(br), done, nil
	}
	return nil, done, fmt.Errorf("content encoding %q is not known: %w", encoding, schemas.ErrMalformed)
}

func decodeError(in io.Reader, encoding string, err error) error {
	if c, ok := in.(*counter); ok && c.err != nil {
		return err
	}
	return fmt.Errorf("decoding %s: %s: %w", encoding, err, schemas.ErrMalformed)
}

// counter counts the bytes read and keeps the first error that is not io.EOF.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) && c.err == nil {
		c.err = err
	}
	return n, err
}
