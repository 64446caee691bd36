"""Every system call of the journal's write path fails in turn, in a real hub: EIO, ENOSPC, EINTR, nothing written, SIGKILL,
by strace; short writes by a preloaded library. After each fault the hub is started again without one.

A write or sync of the journal that fails ends the process, and says what is durable; the next start says what it found.
After each fault every document that was handed over is accepted, each is in its recipient's inbox exactly once, nothing
is refused, and the journal verifies.

FAULT_SECONDS bounds a run (0: every fault, at every place), FAULT_SEED repeats the order."""

import fcntl
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

import kill_test
from kill_test import PARTIES, TYPE, Progress

from process import Process, ProcessError  # kill_test adds their folders
from support import REPOSITORY, TemporaryDeployment, binaries, memory_folder

SECONDS = float(os.environ.get("FAULT_SECONDS", 35))
SEED = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(1 << 32)))
SETTLE_SECONDS_MAX = 60.0
STALL_SECONDS_MAX = 20.0
DOCUMENTS_A_FAULT = 6
LARGE_DOCUMENTS = 5  # of these, about 450 KiB each, so that every few faults a segment of 16 MiB is full
ERRORS = ("error=EIO", "error=ENOSPC", "signal=KILL")
# How often each is called between two starts, about: the places where a fault is tried.
PLACES = {
    "openat": range(1, 8),
    "fallocate": range(1, 3),
    "pwrite64": range(1, 25),
    "fdatasync": range(1, 13),
    "fsync": range(1, 6),
    "renameat": range(1, 4),
    "unlinkat": range(1, 2),
    "fstat": range(1, 4),
}
PWRITE_ONLY = ("error=EINTR", "retval=0")
KILLED = "SIGKILL"
LAST_WORDS = "no answer, delivery or receipt that rests on them has left the hub"


def every_fault():
    for call, places in PLACES.items():
        kinds = ERRORS + (PWRITE_ONLY if call == "pwrite64" else ())
        yield from ((call, kind, place) for kind, place in itertools.product(kinds, places))


def in_order(generator):
    """Each pair of call and fault at one place first, then the rest, both shuffled."""
    faults = list(every_fault())
    generator.shuffle(faults)
    seen, first, rest = set(), [], []
    for fault in faults:
        (rest if fault[:2] in seen else first).append(fault)
        seen.add(fault[:2])
    return first + rest


def can_trace():
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-qq", "-e", "trace=write", "-e", "inject=write:error=EIO:when=1", "/bin/echo"],
        capture_output=True,
        text=True,
        check=False,
    )
    return None if "INJECTED" in tried.stderr else f"strace can't inject faults here: {tried.stderr.strip()[:200]}"


class Faults(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED}: FAULT_SEED={SEED} FAULT_SECONDS={SECONDS:g}", flush=True)
        self.passed = False
        self.generator = random.Random(SEED)
        configuration = kill_test.HERE / "configuration"
        self.deployment = TemporaryDeployment(
            PARTIES[:2],
            party_files=[configuration / "parties" / "kiem-thu.yaml"],
            agreement_files=[configuration / "agreements" / "kiem-thu.yaml"],
            parent=memory_folder(),
        )
        self.addCleanup(lambda: self.deployment.close(keep=not self.passed))
        with open(self.deployment.hub_folder / "hub.yaml", "a") as settings:
            settings.write("segment_mib: 16\n")
        self.journal = self.deployment.hub_folder / "data" / "journal"
        self.trace = self.deployment.logs / "strace.log"
        self.log = self.deployment.logs / "hubd.log"
        self.progress = Progress(self.deployment)
        self.deployment.start()
        self.dropped = []
        self.tried, self.ended, self.out_of_order, self.torn = 0, 0, 0, 0

    # The hub

    def start_with(self, prefix, environment=None):
        """False when it ended before it was ready."""
        command = [*prefix, binaries() / "hubd", "--config", self.deployment.hub_folder / "hub.yaml"]
        self.deployment.hub = Process("hubd", ["/usr/bin/env", *(environment or []), *command], self.log)
        try:
            self.deployment.hub.wait_line("ready ")
        except ProcessError:
            self.assertFalse(self.deployment.hub.running(), "a hub that is not ready must have ended")
            return False
        return True

    def traced(self, call, kind, place):
        """Only what touches the journal counts: its folder, its segments, the spare one in the making."""
        names = sorted(path.name for path in self.journal.glob("journal-*.seg"))[-1:]
        paths = [self.journal, *(self.journal / n for n in (*names, "spare.seg", "spare.seg.tmp", "durable-end"))]
        call = "newfstatat,fstat" if call == "fstat" else "renameat,renameat2" if call == "renameat" else call
        fast = [] if kind == "signal=KILL" else ["--seccomp-bpf"]  # with it strace sends no signal
        options = itertools.chain.from_iterable(("-P", path) for path in paths)
        return [
            *("strace", "-f", *fast, "-q", "-y", "-o", self.trace, *options),
            *("-e", f"trace={call}", "-e", f"inject={call}:{kind}:when={place}"),
        ]

    def wait_for_the_journal(self):
        """The hub is a child of strace, and may still be ending when that has ended: then the journal is its own."""
        with open(self.journal / "lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)

    def injected(self):
        """The line of the call that was made to fail, or that the hub was killed; None when it did not get there."""
        if self.deployment.hub.ended(0) == -signal.SIGKILL:
            return KILLED
        lines = self.trace.read_text(errors="replace").splitlines()
        return next((line for line in lines if "INJECTED" in line), None)

    # Documents

    def drop(self):
        for n in range(DOCUMENTS_A_FAULT):
            number = len(self.dropped)
            sender, recipient = self.generator.sample(PARTIES[:2], 2)
            large = n < LARGE_DOCUMENTS
            data = {"period": "2024-Q1", "topics": ["ộ" * 1000] * 100 if large else ["ngắn"]}
            if large:
                data["resolutions"] = ["ộ" * 500] * 100
            document = {"type": TYPE, "subject": f"Báo cáo số {number}", "to": recipient, "data": data}
            name = f"{number:06d}"
            self.deployment.drop(sender, document, name)
            self.dropped.append((sender, recipient, name, document["subject"]))

    def settle(self, seconds=SETTLE_SECONDS_MAX):
        return self.progress.wait(5 * len(self.dropped), seconds, min(seconds, STALL_SECONDS_MAX))

    def wait_for_end_or_rest(self):
        """True when the hub ended by itself."""
        while self.deployment.hub.running():
            if self.settle(0.2):
                return self.deployment.hub.ended(0) is not None
            self.assertFalse(self.progress.refused, self.deployment.log_ends())
            self.assertLess(time.monotonic(), self.deadline, self.deployment.log_ends())
        return True

    # A fault

    def check_end(self, line, ready, before):
        """Of a fault that was met: whether the hub ended where it must, with its last words."""
        is_segment = bool(re.search(r"(pwrite64|fdatasync)\(\d+<[^>]*journal-\d{20}\.seg>", line))
        failed = re.search(r"= (-1 E(IO|NOSPC)|0 \(INJ)", line) is not None
        if ready and is_segment and failed:
            self.assertIsNotNone(self.deployment.hub.ended(SETTLE_SECONDS_MAX), f"it goes on after {line}")
        if self.deployment.hub.running():
            return False
        said = self.log.read_text()[before:]
        if failed:
            self.assertRegex(said, LAST_WORDS if ready else r"io-failed|storage-full", line)
        return True

    def check_journal(self):
        self.assertEqual(self.deployment.hub.stop(30), 0)
        self.deployment.hubctl("journal", "verify", "--data", self.deployment.hub_folder / "data")

    def one(self, fault):
        before = len(self.log.read_text())
        self.deadline = time.monotonic() + SETTLE_SECONDS_MAX
        ready = self.start_with(self.traced(*fault))
        self.drop()
        ended = not ready or self.wait_for_end_or_rest()
        line = self.injected()
        if line is not None:
            self.tried += 1
            self.ended += self.check_end(line, ready, before)
        if self.deployment.hub.running():
            self.deployment.hub.kill()
        self.wait_for_the_journal()
        before = len(self.log.read_text())
        self.deployment.start_hub()
        said = self.log.read_text()[before:]
        self.assertIn("records, all of them durable", said)
        self.out_of_order += "did not stop in order the last time" in said
        self.torn += "in the middle of a write" in said
        self.assertTrue(self.settle(), f"after {fault}: {self.progress}\n{self.deployment.log_ends()}")
        self.check_journal()
        what = "not reached" if line is None else "ended" if ended else "went on"
        print(f"{' '.join(map(str, fault)):36} {what}", flush=True)

    def check_everything(self):
        statuses = [adapter.stop() for adapter in self.deployment.adapters.values()]
        self.deployment.adapters, self.deployment.hub = {}, None
        self.assertEqual(statuses, [0, 0])
        lost = 0
        for agency in self.deployment.agencies.values():
            self.assertEqual(list(agency.outbox.iterdir()), [])
            self.assertEqual(list(agency.refused.iterdir()), [])
        inboxes = {party: kill_test.Kill.read_inbox(agency) for party, agency in self.deployment.agencies.items()}
        subjects = {party: sorted(subject for _, subject in inbox.elements()) for party, inbox in inboxes.items()}
        for party in PARTIES[:2]:
            expected = sorted(subject for _, recipient, _, subject in self.dropped if recipient == party)
            lost += len(set(expected) - set(subjects[party]))
            self.assertEqual(subjects[party], expected)
        for sender, recipient, name, _ in self.dropped:
            for ending in ("accepted", f"delivered.{recipient}"):
                self.assertTrue((self.deployment.agencies[sender].status / f"{name}.{ending}.json").exists())
        segments = len(list(self.journal.glob("journal-*.seg")))
        return lost, segments

    def test_no_fault_of_the_write_path_loses_or_doubles_anything(self):
        reason = can_trace()
        if reason:
            self.skipTest(reason)
        self.check_journal()
        began = time.monotonic()
        for fault in in_order(self.generator):
            if SECONDS and time.monotonic() - began > SECONDS:
                break
            self.one(fault)
        lost, segments = self.check_everything()
        print(
            f"faults tried {self.tried}, survived {self.tried}, of them {self.ended} by a restart ({self.out_of_order} starts "
            f"told of an end out of order, {self.torn} of a torn tail); lost {lost}; {len(self.dropped)} documents, "
            f"{segments} segments",
            flush=True,
        )
        self.assertGreater(self.tried, 3)
        self.assertGreater(self.out_of_order, 0)
        self.passed = True

    def test_short_writes_are_gone_on_with(self):
        library = binaries() / "short_write.so"
        if not library.exists():
            self.skipTest("short_write.so is not built: sanitizers let nothing be preloaded before them")
        self.check_journal()
        self.assertTrue(self.start_with([], [f"LD_PRELOAD={library}", "SHORT_WRITE_EVERY=2"]))
        for _ in range(10):
            self.drop()
        self.assertTrue(self.settle(), f"{self.progress}\n{self.deployment.log_ends()}")
        self.check_journal()
        lost, segments = self.check_everything()
        print(f"half of all writes short: {len(self.dropped)} documents, {segments} segments, lost {lost}", flush=True)
        self.assertGreater(segments, 1)
        self.passed = True


if __name__ == "__main__":
    unittest.main()
