"""Evidence that the hub's code writes, judged by a Go program on golang.org/x/mod/sumdb and by a Node script: they
accept what is right, and refuse it once anything in it is changed.

HUB_BIN names the folder of the binaries, HUB_BUILD the build folder, where the Go program and Go's cache go."""

import functools
import http.server
import json
import os
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from programs import build_go_verifier, node_verifier, verdict, with_changed_byte

SECONDS = 120


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Serving:
    """The folder over HTTP while the block runs; the base URL."""

    def __init__(self, folder):
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(QuietHandler, directory=str(folder)))
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def with_changed_hash(hashes, number):
    """The hashes with a byte of one of them changed, another one for each number."""
    at = number % len(hashes)
    return [*hashes[:at], with_changed_byte(bytes.fromhex(hashes[at]), number % 32).hex(), *hashes[at + 1:]]


class VerifierTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="hub-verifiers-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.go = build_go_verifier()
        cls.node = node_verifier()
        cls.log = cls.make_log("log")
        cls.facts = json.loads((cls.log / "log.json").read_bytes())
        cls.vkey = (cls.log / "vkey").read_text().strip()
        cls.next_vkey = (cls.log / "vkey.next").read_text().strip()

    @classmethod
    def make_log(cls, name, *options):
        folder = Path(cls.temporary.name) / name
        command = [str(Path(os.environ["HUB_BIN"]) / "make_log"), str(folder), *options]
        subprocess.run(command, check=True, timeout=SECONDS)
        return folder

    def need(self, *verifiers):
        missing = [name for name in verifiers if getattr(self, name) is None]
        if missing:
            self.skipTest(f"there is no {' and no '.join(missing)}; deploy/packages names the packages")

    def judge(self, verifier, status, *arguments):
        verdict(self, getattr(self, verifier), status, *arguments)

    def changed_files(self, file, skip=lambda line: False):
        """The file with one byte changed, once in each line, and cut at each line."""
        data = file.read_bytes()
        start, changed = 0, Path(self.temporary.name) / "changed"
        for line in data.splitlines(keepends=True):
            if not skip(line):
                changed.write_bytes(with_changed_byte(data, start + len(line) // 2))
                yield changed
                changed.write_bytes(data[:start])
                yield changed
            start += len(line)

    def proof_with_extra(self):
        """A proof file in the middle of the log, whose lines are of every kind."""
        for proof in self.facts["proofs"]:
            if b"\nextra " in (self.log / proof["file"]).read_bytes() and len(proof["hashes"]) > 4:
                return proof
        self.fail("no proof has extra data")

    def check_checkpoints(self, verifier):
        newest = max(self.facts["sizes"])
        for size in self.facts["sizes"]:
            file = self.log / f"checkpoint.{size}"
            self.judge(verifier, 0, "checkpoint", file, self.vkey)
            both_signed = size >= newest // 2
            self.judge(verifier, 0 if both_signed else 1, "checkpoint", file, self.next_vkey)

    def check_changed_checkpoints(self, verifier):
        for changed in self.changed_files(self.log / "checkpoint.257"):
            self.judge(verifier, 1, "checkpoint", changed, self.vkey)

    def check_proofs(self, verifier):
        for proof in self.facts["proofs"]:
            self.judge(verifier, 0, "proof", self.log / proof["file"], self.vkey, proof["leaf"])

    def check_changed_proofs(self, verifier):
        proof = self.proof_with_extra()
        file = self.log / proof["file"]
        # Nobody signs the extra data: what stands in it is for its reader to check.
        for changed in self.changed_files(file, skip=lambda line: line.startswith(b"extra ")):
            self.judge(verifier, 1, "proof", changed, self.vkey, proof["leaf"])
        other = next(p for p in self.facts["proofs"] if p["leaf"] != proof["leaf"])
        self.judge(verifier, 1, "proof", file, self.vkey, other["leaf"])

    def test_go_opens_every_checkpoint_with_the_keys_that_signed_it(self):
        self.need("go")
        self.check_checkpoints("go")

    def test_node_opens_every_checkpoint_with_the_keys_that_signed_it(self):
        self.need("node")
        self.check_checkpoints("node")

    def test_go_opens_no_changed_checkpoint(self):
        self.need("go")
        self.check_changed_checkpoints("go")

    def test_node_opens_no_changed_checkpoint(self):
        self.need("node")
        self.check_changed_checkpoints("node")

    def test_go_accepts_every_proof_file(self):
        self.need("go")
        self.check_proofs("go")

    def test_node_accepts_every_proof_file(self):
        self.need("node")
        self.check_proofs("node")

    def test_go_accepts_no_changed_proof_file(self):
        self.need("go")
        self.check_changed_proofs("go")

    def test_node_accepts_no_changed_proof_file(self):
        self.need("node")
        self.check_changed_proofs("node")

    def test_go_accepts_records_and_no_changed_record_proof(self):
        self.need("go")
        for number, proof in enumerate(self.facts["proofs"]):
            checkpoint = self.log / f"checkpoint.{proof['size']}"
            hashes = [proof["leaf"], *proof["hashes"]]
            self.judge("go", 0, "record", checkpoint, self.vkey, proof["index"], *hashes)
            self.judge("go", 1, "record", checkpoint, self.vkey, proof["index"] + 1, *hashes)
            self.judge("go", 1, "record", checkpoint, self.vkey, proof["index"], *with_changed_hash(hashes, number))

    def test_go_accepts_consistency_of_every_two_checkpoints_and_no_changed_proof(self):
        self.need("go")
        for number, proof in enumerate(self.facts["consistency"]):
            old, new = (self.log / f"checkpoint.{proof[name]}" for name in ("old", "new"))
            hashes = proof["hashes"]
            self.judge("go", 0, "tree", old, new, self.vkey, *hashes)
            if proof["old"] != proof["new"]:
                self.judge("go", 1, "tree", new, old, self.vkey, *hashes)
                self.judge("go", 1, "tree", old, new, self.vkey, *with_changed_hash(hashes, number))
                self.judge("go", 1, "tree", old, new, self.vkey, *hashes[:-1])

    def test_go_reads_tiles_and_entries_of_a_folder_and_over_http(self):
        self.need("go")
        with Serving(self.log) as url:
            for base in (self.log, url):
                self.judge("go", 0, "tiles", base, self.vkey)
                self.judge("go", 0, "entries", base, self.vkey)
                self.judge("go", 0, "tiles", base, self.vkey, self.log / "checkpoint.255")

    def test_go_finds_any_changed_or_missing_tile_and_entry(self):
        self.need("go")
        log = self.make_log("damaged")
        newest = max(self.facts["sizes"])
        partial = f"002.p/{newest % 256}"
        for command, path in (("tiles", "0/000"), ("tiles", "0/001"), ("tiles", f"0/{partial}"),
                              ("tiles", f"1/000.p/{newest // 256}"), ("entries", "entries/001"),
                              ("entries", f"entries/{partial}")):
            file = log / "tile" / path
            data = file.read_bytes()
            for damage in (with_changed_byte(data, len(data) // 2), data[:-1], data + b"\0"):
                file.write_bytes(damage)
                self.judge("go", 1, command, log, self.vkey)
            file.unlink()
            self.judge("go", 1, command, log, self.vkey)
            file.write_bytes(data)
        self.judge("go", 0, "entries", log, self.vkey)

    def test_go_takes_no_log_that_was_forked_or_rolled_back_for_the_one_seen_before(self):
        self.need("go")
        fork = self.make_log("fork", "--fork", "100")
        shorter = self.make_log("shorter", "--records", "600")
        proofs = {(p["old"], p["new"]): p["hashes"] for p in json.loads((fork / "log.json").read_bytes())["consistency"]}
        newest = max(self.facts["sizes"])
        for size in (255, 257, newest // 2):
            seen = self.log / f"checkpoint.{size}"
            self.judge("go", 1, "tree", seen, fork / "checkpoint", self.vkey, *proofs[size, newest])
            self.judge("go", 1, "tiles", fork, self.vkey, seen)
        self.judge("go", 0, "tiles", fork, self.vkey, self.log / "checkpoint.2")
        self.judge("go", 0, "tiles", shorter, self.vkey, self.log / "checkpoint.257")
        self.judge("go", 1, "tiles", shorter, self.vkey, self.log / "checkpoint")


if __name__ == "__main__":
    unittest.main()
