package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type checkpoint struct {
	origin string
	tree   tlog.Tree
}

func readCheckpoint(file, vkey string) (checkpoint, error) {
	message, err := os.ReadFile(file)
	if err != nil {
		return checkpoint{}, err
	}
	return openCheckpoint(message, vkey)
}

// The key's name is the origin that is expected.
func openCheckpoint(message []byte, vkey string) (checkpoint, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return checkpoint{}, err
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return checkpoint{}, fmt.Errorf("the text is no checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, fmt.Errorf("%q is no size", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return checkpoint{}, err
	}
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: root}}, nil
}

// A C2SP tlog-proof file, version 1.
type proof struct {
	index      int64
	hashes     []tlog.Hash
	checkpoint []byte
}

func parseProof(file []byte) (proof, error) {
	head, note, found := bytes.Cut(file, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return proof{}, errors.New("the file is no tlog-proof of version 1")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		if _, err := base64.StdEncoding.Strict().DecodeString(lines[0][len("extra "):]); err != nil {
			return proof{}, err
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return proof{}, errors.New("the index is missing")
	}
	index, err := strconv.ParseInt(lines[0][len("index "):], 10, 64)
	if err != nil {
		return proof{}, err
	}
	p := proof{index: index, checkpoint: note}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return proof{}, err
		}
		p.hashes = append(p.hashes, hash)
	}
	return p, nil
}

func checkProof(file, vkey, leaf string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	p, err := parseProof(text)
	if err != nil {
		return "", err
	}
	c, err := openCheckpoint(p.checkpoint, vkey)
	if err != nil {
		return "", err
	}
	leaves, err := parseHex([]string{leaf})
	if err != nil {
		return "", err
	}
	return recordIn(c, p.index, leaves[0], p.hashes)
}
