"""What the end-to-end tests share: a hub and adapters as real processes in a temporary folder, and waiting for files.

HUB_BIN names the folder of the binaries. Every wait is for a file's appearance or a process's line, with a deadline."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "deploy" / "lib"))

from deployment import Deployment, free_port  # noqa: E402
from folder_watch import wait_until  # noqa: E402

SECONDS = 30.0
MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 4 << 30
DISTRICT = ("btg.huyen", "hdnd.huyen", "ubnd.huyen", "toa-an.huyen", "vks.huyen")
AGREEMENT = "huyen/btg-238"
NOTICES = REPOSITORY / "deploy" / "demo-notices" / "huyen-btg-238"


def binaries():
    folder = os.environ.get("HUB_BIN")
    if not folder:
        raise unittest.SkipTest("HUB_BIN does not name the folder of the binaries")
    return Path(folder)


def hubctl(*arguments):
    command = [str(binaries() / "hubctl"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def until(what, condition, seconds=SECONDS):
    """Asked again and again where files give no event to wait for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def type_files():
    return sorted((REPOSITORY / "schemas" / "types").glob("*.json"))


def notice(name):
    """One of the demo's notices of the district, as a dictionary."""
    return json.loads((NOTICES / f"{name}.json").read_bytes())


def as_bytes(document):
    return document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()


def memory_folder():
    """For tests that leave 100,000 files: removing synced files from a disk can take minutes. None without enough room."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN
    return MEMORY if roomy else None


class TemporaryDeployment(Deployment):
    """In a folder that goes when the test has passed; a failed test's folder stays and is named."""

    def __init__(self, parties=DISTRICT, party_files=None, agreement_files=None, types=None, parent=None, as_of=None, administrators=1):
        self.temporary = Path(tempfile.mkdtemp(prefix="hub-test-", dir=parent))
        super().__init__(self.temporary / "deployment", binaries(), "hub.test", parties, as_of)
        deploy = REPOSITORY / "deploy"
        self.sources = (
            types or type_files(),
            party_files or [deploy / "parties" / "huyen.yaml"],
            agreement_files or [deploy / "agreements" / "huyen-btg-238.yaml"],
        )
        self.make(segment_mib=16, demo=as_of is not None, administrators=administrators)
        self.configure(*self.sources)
        self.address(free_port(0))

    def drop(self, party, document, name=None):
        """Hands a document over; returns the name of its file without the suffix."""
        name = name or f"t-{uuid.uuid4().hex[:12]}"
        self.agencies[party].drop(name + ".json", as_bytes(document))
        return name

    def wait_json(self, path, seconds=SECONDS):
        if not wait_until(path.exists, [path.parent], seconds):
            raise AssertionError(f"{path} did not appear within {seconds:.0f} s\n{self.log_ends()}")
        return json.loads(path.read_bytes())

    def accepted(self, party, name):
        return self.wait_json(self.agencies[party].status / f"{name}.accepted.json")

    def status(self, party, file):
        """A file of status/."""
        return self.wait_json(self.agencies[party].status / file)

    def receipt(self, party, name, recipient):
        return self.wait_json(self.agencies[party].status / f"{name}.delivered.{recipient}.json")

    def refused(self, party, name):
        """The machine's reason, and the texts in Vietnamese and English."""
        folder = self.agencies[party].refused
        paths = [folder / f"{name}{suffix}" for suffix in (".refusal.json", ".vi.txt", ".en.txt", ".json")]
        if not wait_until(lambda: all(path.exists() for path in paths), [folder], SECONDS):
            raise AssertionError(f"{paths[0]} did not appear\n{self.log_ends()}")
        return json.loads(paths[0].read_bytes()), paths[1].read_text(), paths[2].read_text()

    def inbox(self, party, document_id):
        """Every copy of a document in a party's inbox."""
        documents = [json.loads(path.read_bytes()) for path in sorted(self.agencies[party].inbox.glob("*.json"))]
        return [document for document in documents if document["id"] == document_id]

    def wait_inbox(self, party, document_id):
        folder = self.agencies[party].inbox
        if not wait_until(lambda: self.inbox(party, document_id), [folder], SECONDS):
            raise AssertionError(f"{party} did not get {document_id}\n{self.log_ends()}")
        return self.inbox(party, document_id)

    def log_ends(self):
        return "\n".join(process.log_end() for process in self.processes())

    def close(self, keep=False):
        statuses = self.stop()
        if keep:
            print(f"kept: {self.temporary}", file=sys.stderr)
        else:
            shutil.rmtree(self.temporary)
        return statuses


def deployment_with_console(administrators=1):
    """One whose hub answers over HTTP, on the port that its `console_port` says."""
    hub = TemporaryDeployment(administrators=administrators)
    hub.address(hub.port, console_port=free_port(0))
    return hub


class DeploymentTest(unittest.TestCase):
    """One running deployment for all tests of a class."""

    @classmethod
    def make_deployment(cls):
        return TemporaryDeployment()

    @classmethod
    def setUpClass(cls):
        cls.failed = False
        cls.hub = cls.make_deployment()
        cls.addClassCleanup(lambda: cls.hub.close(keep=cls.failed))
        try:
            cls.hub.start()
        except BaseException:
            cls.failed = True
            raise

    def run(self, result=None):
        before = len(result.failures) + len(result.errors) if result else 0
        super().run(result)
        if result and len(result.failures) + len(result.errors) > before:
            type(self).failed = True
        return result
