// A verifier of the hub's evidence that shares no code with the hub: golang.org/x/mod/sumdb's note and tlog do the
// checking. Exit status: 0 right, 1 wrong (and why), 2 wrong use.
package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

const usage = `verify checkpoint FILE VKEY
verify record CHECKPOINT VKEY INDEX LEAF [HASH...]   LEAF and HASH in hex; hashes from the leaf to the root
verify tree OLD NEW VKEY [HASH...]                   that checkpoint NEW continues checkpoint OLD
verify proof FILE VKEY LEAF                          a tlog-proof file
verify tiles BASE VKEY [OLD]                         BASE/checkpoint and BASE/tile; BASE is a folder or an http URL;
                                                     with OLD, also that the tree continues that checkpoint
verify entries BASE VKEY                             that the entries are the ones of the tiles
`

var errUsage = errors.New("wrong use")

func main() {
	said, err := run(os.Args[1:])
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	case err != nil:
		fmt.Println("wrong:", err)
		os.Exit(1)
	}
	fmt.Println("right:", said)
}

func run(args []string) (string, error) {
	if len(args) < 3 {
		return "", errUsage
	}
	command, rest := args[0], args[1:]
	switch {
	case command == "checkpoint" && len(rest) == 2:
		return checkCheckpoint(rest[0], rest[1])
	case command == "record" && len(rest) >= 4:
		return checkRecord(rest[0], rest[1], rest[2], rest[3], rest[4:])
	case command == "tree" && len(rest) >= 3:
		return checkTree(rest[0], rest[1], rest[2], rest[3:])
	case command == "proof" && len(rest) == 3:
		return checkProof(rest[0], rest[1], rest[2])
	case command == "tiles" && len(rest) == 2:
		return checkTiles(rest[0], rest[1], "")
	case command == "tiles" && len(rest) == 3:
		return checkTiles(rest[0], rest[1], rest[2])
	case command == "entries" && len(rest) == 2:
		return checkEntries(rest[0], rest[1])
	}
	return "", errUsage
}

func checkCheckpoint(file, vkey string) (string, error) {
	c, err := readCheckpoint(file, vkey)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s has %d records, root %s", c.origin, c.tree.N, c.tree.Hash), nil
}

func checkRecord(file, vkey, index, leaf string, proof []string) (string, error) {
	c, err := readCheckpoint(file, vkey)
	if err != nil {
		return "", err
	}
	n, err := strconv.ParseInt(index, 10, 64)
	if err != nil {
		return "", err
	}
	hashes, err := parseHex(append([]string{leaf}, proof...))
	if err != nil {
		return "", err
	}
	return recordIn(c, n, hashes[0], hashes[1:])
}

// That the leaf stands at that index of the checkpoint's tree.
func recordIn(c checkpoint, index int64, leaf tlog.Hash, proof []tlog.Hash) (string, error) {
	// CheckRecord takes these for a caller's mistake and panics.
	if index < 0 || index >= c.tree.N {
		return "", fmt.Errorf("there is no record %d among %d", index, c.tree.N)
	}
	if err := tlog.CheckRecord(proof, c.tree.N, c.tree.Hash, index, leaf); err != nil {
		return "", err
	}
	return fmt.Sprintf("record %d of %d in %s", index, c.tree.N, c.origin), nil
}

func checkTree(oldFile, newFile, vkey string, proof []string) (string, error) {
	old, err := readCheckpoint(oldFile, vkey)
	if err != nil {
		return "", err
	}
	now, err := readCheckpoint(newFile, vkey)
	if err != nil {
		return "", err
	}
	hashes, err := parseHex(proof)
	if err != nil {
		return "", err
	}
	return treeContinues(old, now, hashes)
}

func treeContinues(old, now checkpoint, proof []tlog.Hash) (string, error) {
	if old.origin != now.origin {
		return "", fmt.Errorf("%s is not %s", now.origin, old.origin)
	}
	if old.tree.N < 1 || old.tree.N > now.tree.N {
		return "", fmt.Errorf("%d records can't continue %d", now.tree.N, old.tree.N)
	}
	if err := tlog.CheckTree(proof, now.tree.N, now.tree.Hash, old.tree.N, old.tree.Hash); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d records of %s continue %d", now.tree.N, now.origin, old.tree.N), nil
}

func parseHex(texts []string) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		bytes, err := hex.DecodeString(text)
		if err != nil || len(bytes) != tlog.HashSize {
			return nil, fmt.Errorf("%q is not the hex of %d bytes", text, tlog.HashSize)
		}
		copy(hashes[i][:], bytes)
	}
	return hashes, nil
}
