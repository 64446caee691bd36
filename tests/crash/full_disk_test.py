"""A disk that fills up under a real hub, with its journal, its attachments and its ledger on it, and becomes free again.

The disk is a file system in memory of its own, which needs root; without, the test is skipped and says so."""

import ctypes
import errno
import os
import random
import shutil
import time
import unittest

import kill_test
from kill_test import PARTIES, TYPE

import ledger_check  # kill_test adds the folders
from support import TemporaryDeployment, binaries

MIB = 1 << 20
DISK_MIB = 96
SEGMENT_MIB = 16
SECONDS = 60.0
NO_SEGMENT = "There is no next segment of the journal yet"
LOOK_SECONDS = 0.02  # between two looks at logs, of whose growth no event tells
A, B = PARTIES[:2]
LARGE = {"period": "2024-Q1", "topics": ["ộ" * 1000] * 100, "resolutions": ["ộ" * 500] * 100}  # 450 KiB
_libc = ctypes.CDLL(None, use_errno=True)


def mount_memory(folder):
    """None, or why not."""
    if _libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={DISK_MIB}m,mode=0750".encode()) == 0:
        return None
    return os.strerror(ctypes.get_errno())


def unmount(folder):
    _libc.umount2(os.fsencode(folder), 2)  # MNT_DETACH


def free_bytes(folder):
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.passed = False
        configuration = kill_test.HERE / "configuration"
        self.deployment = TemporaryDeployment(
            (A, B),
            party_files=[configuration / "parties" / "kiem-thu.yaml"],
            agreement_files=[configuration / "agreements" / "kiem-thu.yaml"],
        )
        self.addCleanup(lambda: self.deployment.close(keep=not self.passed))
        with open(self.deployment.hub_folder / "hub.yaml", "a") as settings:
            settings.write(f"segment_mib: {SEGMENT_MIB}\n")
        self.data = self.deployment.hub_folder / "data"
        self.log = self.deployment.logs / "hubd.log"
        self.ballast = self.data / "ballast"
        self.move_onto_small_disk()
        self.sent = 0

    def move_onto_small_disk(self):
        beside = self.data.with_name("data.made")
        self.data.rename(beside)
        self.data.mkdir()
        reason = mount_memory(self.data)
        if reason:
            self.passed = True
            self.skipTest(f"no file system can be mounted here: {reason}")
        self.addCleanup(unmount, self.data)
        shutil.copytree(beside, self.data, dirs_exist_ok=True)
        shutil.rmtree(beside)

    def leave_free(self, count):
        """Takes or gives back so much of the disk that this many bytes are free, once hub and ledger let it be."""
        self.until(lambda: self.has_left_free(count), "the disk could not be filled")

    def has_left_free(self, count):
        grow = free_bytes(self.data) - count
        size = self.ballast.stat().st_size if self.ballast.exists() else 0
        with open(self.ballast, "ab") as file:
            try:
                if grow > 0:
                    os.posix_fallocate(file.fileno(), size, grow)
                else:
                    file.truncate(size + grow)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                return False  # they took some of it meanwhile
        return True

    def drop(self, data=LARGE, attachment=None):
        self.sent += 1
        name = f"kem-{self.sent:04d}"
        document = {"type": TYPE, "subject": f"Báo cáo số {self.sent}", "to": B, "data": data}
        if attachment:
            folder = self.deployment.agencies[A].outbox / f"{name}.files"
            folder.mkdir()
            (folder / "phu-luc.bin").write_bytes(attachment)
            document["attachments"] = [{"file": "phu-luc.bin", "mediatype": "application/octet-stream"}]
        self.deployment.drop(A, document, name)
        return name

    def accepted(self, name):
        return (self.deployment.agencies[A].status / f"{name}.accepted.json").exists()

    def received(self, name):
        return (self.deployment.agencies[A].status / f"{name}.delivered.{B}.json").exists()

    def until(self, holds, what):
        deadline = time.monotonic() + SECONDS
        while not holds():
            self.assertLess(time.monotonic(), deadline, f"{what}\n{self.deployment.log_ends()}")
            time.sleep(LOOK_SECONDS)

    def says(self, text, log=None):
        return text in (log or self.log).read_text()

    def accept_until_full(self):
        """One document after another, until the hub says that little is left; the names of those it took before."""
        taken = []
        while not self.says(NO_SEGMENT):
            name = self.drop()
            self.until(lambda name=name: self.accepted(name) or self.says(NO_SEGMENT), f"{name} got no answer")
            if self.accepted(name):
                taken.append(name)
        return taken

    def test_hub_refuses_new_documents_delivers_the_others_and_recovers_by_itself(self):
        deployment = self.deployment
        deployment.start_hub()
        deployment.start_ledger()
        deployment.start_adapter(A)
        self.leave_free(10 * MIB)  # less than a segment; contents leave two of them free

        # Contents stop first: the document waits, and nothing else does.
        content = random.Random(1).randbytes(2 * MIB)
        with_attachment = self.drop({"period": "2024-Q1", "topics": ["kèm tệp"]}, content)
        taken = self.accept_until_full()
        self.assertGreater(len(taken), 10)
        self.assertFalse(self.accepted(with_attachment))
        waiting = self.drop()
        self.until(lambda: self.says("storage-full", deployment.logs / f"{A}.log"), "the refusal was not told")

        # Not a byte is left: what was accepted is delivered all the same, and its receipts come back.
        self.leave_free(0)
        deployment.start_adapter(B)
        self.until(lambda: all(self.received(name) for name in taken), "not everything was delivered")
        self.assertFalse(self.accepted(waiting))
        self.assertEqual(list(deployment.agencies[A].refused.iterdir()), [])
        ledger_log = deployment.logs / "hub-ledger.log"
        self.until(lambda: self.says("the ledger stands still", ledger_log), "the ledger said nothing of a full disk")

        # An orderly stop and a start on the full disk: it comes up, and it is as before.
        self.assertEqual(deployment.hub.stop(30), 0)
        deployment.start_hub()
        self.until(lambda: self.log.read_text().count(NO_SEGMENT) == 2, "the hub does not know of the full disk")
        self.assertFalse(self.accepted(waiting))

        # Space, and nobody does anything else.
        self.ballast.unlink()
        self.until(lambda: self.says("documents are accepted"), "the hub did not notice that there is space")
        for name in (waiting, with_attachment):
            self.until(lambda name=name: self.received(name), f"{name} was not delivered")
        (got,) = (path for path in deployment.agencies[B].inbox.glob("*.files/phu-luc.bin"))
        self.assertEqual(got.read_bytes(), content)
        self.until(lambda: self.says("up with the journal again", ledger_log), "the ledger did not go on")
        self.check_in_the_end()
        self.passed = True

    def check_in_the_end(self):
        deployment = self.deployment
        for party in (A, B):
            self.assertEqual(deployment.adapters.pop(party).stop(), 0)
        self.assertEqual(deployment.hub.stop(30), 0)
        deployment.hub = None
        deployment.hubctl("journal", "verify", "--data", self.data)
        records = ledger_check.dump(binaries(), self.data)
        deadline = time.monotonic() + SECONDS
        while ledger_check.rows(deployment.ledger_file, "SELECT position FROM meta") != [(len(records),)]:
            self.assertLess(time.monotonic(), deadline, deployment.log_ends())
        self.assertEqual(deployment.ledger.stop(), 0)
        deployment.ledger = None
        ledger_check.check(self, records, deployment.ledger_file)
        self.assertEqual(len(list(deployment.agencies[B].inbox.glob("*.json"))), self.sent)
        print(f"{self.sent} documents through a disk of {DISK_MIB} MiB that was full in between; lost 0", flush=True)


if __name__ == "__main__":
    unittest.main()
