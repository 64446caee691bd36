package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// A log's files, in a folder or behind an http URL.
type files string

var errMissing = errors.New("missing")

func (base files) read(path string) ([]byte, error) {
	if !strings.HasPrefix(string(base), "http://") && !strings.HasPrefix(string(base), "https://") {
		data, err := os.ReadFile(filepath.Join(string(base), filepath.FromSlash(path)))
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", path, errMissing)
		}
		return data, err
	}
	response, err := http.Get(strings.TrimSuffix(string(base), "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("%s: %w", path, errMissing)
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	return io.ReadAll(response.Body)
}

// C2SP's name of a tile; sumdb's own has the height in it.
func tilePath(kind string, index int64, width int) string {
	path := fmt.Sprintf("%03d", index%1000)
	for index /= 1000; index > 0; index /= 1000 {
		path = fmt.Sprintf("x%03d/%s", index%1000, path)
	}
	path = "tile/" + kind + "/" + path
	if width < tileWidth {
		path = fmt.Sprintf("%s.p/%d", path, width)
	}
	return path
}

// tlog's TileReader. TileHashReader checks what it reads against the tree's root.
func (base files) Height() int { return tileHeight }

func (base files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		kind := fmt.Sprint(tile.L)
		data, err := base.read(tilePath(kind, tile.N, tile.W))
		if errors.Is(err, errMissing) && tile.W < tileWidth {
			// The log may have dropped the partial tile when it had the full one.
			data, err = base.read(tilePath(kind, tile.N, tileWidth))
			if size := tile.W * tlog.HashSize; err == nil && len(data) > size {
				data = data[:size]
			}
		}
		if err != nil {
			return nil, err
		}
		all[i] = data
	}
	return all, nil
}

func (base files) SaveTiles([]tlog.Tile, [][]byte) {}

func (base files) checkpoint(vkey string) (checkpoint, error) {
	message, err := base.read("checkpoint")
	if err != nil {
		return checkpoint{}, err
	}
	return openCheckpoint(message, vkey)
}

// The leaf hashes [first, first + width), checked against the root.
func leafHashes(reader tlog.HashReader, first int64, width int) ([]tlog.Hash, error) {
	indexes := make([]int64, width)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
	}
	return reader.ReadHashes(indexes)
}

// Calls use for each bundle's place: its number, the index of its first record, how many it has.
func eachBundle(size int64, use func(bundle, first int64, width int) error) error {
	for bundle := int64(0); bundle*tileWidth < size; bundle++ {
		width := tileWidth
		if left := size - bundle*tileWidth; left < tileWidth {
			width = int(left)
		}
		if err := use(bundle, bundle*tileWidth, width); err != nil {
			return err
		}
	}
	return nil
}

func checkTiles(base, vkey, oldFile string) (string, error) {
	c, err := files(base).checkpoint(vkey)
	if err != nil {
		return "", err
	}
	reader := tlog.TileHashReader(c.tree, files(base))
	err = eachBundle(c.tree.N, func(_, first int64, width int) error {
		_, err := leafHashes(reader, first, width)
		return err
	})
	if err != nil {
		return "", err
	}
	said := fmt.Sprintf("%d leaf hashes of %s", c.tree.N, c.origin)
	if oldFile == "" {
		return said, nil
	}
	old, err := readCheckpoint(oldFile, vkey)
	if err != nil {
		return "", err
	}
	if old.tree.N < 1 || old.tree.N > c.tree.N {
		return "", fmt.Errorf("%d records can't continue %d", c.tree.N, old.tree.N)
	}
	proof, err := tlog.ProveTree(c.tree.N, old.tree.N, reader)
	if err != nil {
		return "", err
	}
	continues, err := treeContinues(old, c, proof)
	return said + "; " + continues, err
}

func checkEntries(base, vkey string) (string, error) {
	c, err := files(base).checkpoint(vkey)
	if err != nil {
		return "", err
	}
	reader := tlog.TileHashReader(c.tree, files(base))
	err = eachBundle(c.tree.N, func(bundle, first int64, width int) error {
		data, err := files(base).read(tilePath("entries", bundle, width))
		if err != nil {
			return err
		}
		hashes, err := leafHashes(reader, first, width)
		if err != nil {
			return err
		}
		return bundleMatches(data, first, hashes)
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d entries of %s", c.tree.N, c.origin), nil
}

func bundleMatches(bundle []byte, first int64, hashes []tlog.Hash) error {
	for i, hash := range hashes {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return fmt.Errorf("the bundle ends before entry %d does", first+int64(i))
		}
		size := 2 + int(binary.BigEndian.Uint16(bundle))
		if tlog.RecordHash(bundle[2:size]) != hash {
			return fmt.Errorf("entry %d is not the one of the tree", first+int64(i))
		}
		bundle = bundle[size:]
	}
	if len(bundle) != 0 {
		return fmt.Errorf("the bundle goes on after entry %d", first+int64(len(hashes))-1)
	}
	return nil
}
