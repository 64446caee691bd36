package main

import (
	"bytes"
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

// A log's files: checkpoint, tiles and entry bundles, in a folder or behind an http URL.
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

// The hashes of a tile, from the full tile where the log dropped the partial one when it had that.
func (base files) tile(t tlog.Tile) ([]byte, error) {
	kind, size := fmt.Sprint(t.L), t.W*tlog.HashSize
	data, err := base.read(tilePath(kind, t.N, t.W))
	if errors.Is(err, errMissing) && t.W < tileWidth {
		data, err = base.read(tilePath(kind, t.N, tileWidth))
		if err == nil && len(data) == tileWidth*tlog.HashSize {
			data = data[:size]
		}
	}
	if err == nil && len(data) != size {
		err = fmt.Errorf("tile %s has %d bytes, not %d", tilePath(kind, t.N, t.W), len(data), size)
	}
	return data, err
}

// The tiles of a tree, row by row: the full ones, and the partial one at the row's end.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for row, hashes := 0, size; hashes > 0; row, hashes = row+1, hashes/tileWidth {
		for n := int64(0); n < hashes/tileWidth; n++ {
			tiles = append(tiles, tlog.Tile{H: tileHeight, L: row, N: n, W: tileWidth})
		}
		if width := int(hashes % tileWidth); width > 0 {
			tiles = append(tiles, tlog.Tile{H: tileHeight, L: row, N: hashes / tileWidth, W: width})
		}
	}
	return tiles
}

// All hashes of a tree, in the order of tlog.StoredHashIndex.
type storedHashes []tlog.Hash

func (stored storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = stored[index]
	}
	return hashes, nil
}

// The hashes of the checkpoint's tree, computed from the leaf hashes; they give its root, and every tile has them.
// (tlog.TileHashReader of golang.org/x/mod 0.7 leaves full tiles unchecked where several of the subtrees that make the
// root stand in one tile: it is not used.)
func (base files) tree(c checkpoint) (storedHashes, error) {
	tiles := tilesOf(c.tree.N)
	var stored storedHashes
	leaves := int64(0)
	for _, t := range tiles {
		if t.L != 0 {
			continue
		}
		data, err := base.tile(t)
		if err != nil {
			return nil, err
		}
		for ; len(data) > 0; data = data[tlog.HashSize:] {
			var leaf tlog.Hash
			copy(leaf[:], data)
			hashes, err := tlog.StoredHashesForRecordHash(leaves, leaf, stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, hashes...)
			leaves++
		}
	}
	if root, err := tlog.TreeHash(c.tree.N, stored); err != nil || root != c.tree.Hash {
		return nil, fmt.Errorf("the leaf hashes give another root than %s: %v", c.tree.Hash, err)
	}
	for _, t := range tiles {
		data, err := base.tile(t)
		if err != nil {
			return nil, err
		}
		if expected, err := tlog.ReadTileData(t, stored); err != nil || !bytes.Equal(data, expected) {
			return nil, fmt.Errorf("tile %s is not the one of the tree: %v", tilePath(fmt.Sprint(t.L), t.N, t.W), err)
		}
	}
	return stored, nil
}

func (base files) checkpoint(vkey string) (checkpoint, error) {
	message, err := base.read("checkpoint")
	if err != nil {
		return checkpoint{}, err
	}
	return openCheckpoint(message, vkey)
}

func checkTiles(base, vkey, oldFile string) (string, error) {
	c, err := files(base).checkpoint(vkey)
	if err != nil {
		return "", err
	}
	stored, err := files(base).tree(c)
	if err != nil {
		return "", err
	}
	said := fmt.Sprintf("the tiles of %d records of %s", c.tree.N, c.origin)
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
	proof, err := tlog.ProveTree(c.tree.N, old.tree.N, stored)
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
	stored, err := files(base).tree(c)
	if err != nil {
		return "", err
	}
	for first := int64(0); first < c.tree.N; first += tileWidth {
		width := tileWidth
		if left := c.tree.N - first; left < tileWidth {
			width = int(left)
		}
		bundle, err := files(base).read(tilePath("entries", first/tileWidth, width))
		if err != nil {
			return "", err
		}
		if err := bundleMatches(bundle, first, width, stored); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d entries of %s", c.tree.N, c.origin), nil
}

// That the bundle is the entries [first, first + width) of the tree and nothing else.
func bundleMatches(bundle []byte, first int64, width int, stored storedHashes) error {
	for index := first; index < first+int64(width); index++ {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return fmt.Errorf("the bundle ends before entry %d does", index)
		}
		size := 2 + int(binary.BigEndian.Uint16(bundle))
		if tlog.RecordHash(bundle[2:size]) != stored[tlog.StoredHashIndex(0, index)] {
			return fmt.Errorf("entry %d is not the one of the tree", index)
		}
		bundle = bundle[size:]
	}
	if len(bundle) != 0 {
		return fmt.Errorf("the bundle goes on after entry %d", first+int64(width)-1)
	}
	return nil
}
