"""kill -9 of the hub and of adapters while attachments are on their way up and down; then every byte is compared.

ATTACHMENT_MIB is the size of the large ones, ATTACHMENT_KILLS how often is killed, ATTACHMENT_SEED repeats a choice."""

import contextlib
import fnmatch
import hashlib
import json
import os
import random
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from kill_test import PARTIES, TYPE, example_data  # noqa: E402
from support import TemporaryDeployment, memory_folder  # noqa: E402

MIB = 1 << 20
SYNCED = 16 * MIB  # what is there in whole slices of this is gone on with
LARGE = int(os.environ.get("ATTACHMENT_MIB", 40)) * MIB
KILLS = int(os.environ.get("ATTACHMENT_KILLS", 8))
SEED = int(os.environ.get("ATTACHMENT_SEED", random.SystemRandom().randrange(1 << 32)))
SECONDS_MAX = float(os.environ.get("ATTACHMENT_SECONDS", 240))
LOOK_SECONDS = 0.002  # between two looks at sizes of files, which no event tells


def sizes(folder, pattern):
    """Of the files that match; one that goes while it is looked at counts as gone, and so does a folder."""
    out = {}
    folders, _, name = pattern.rpartition("/")
    for parent in folder.glob(folders):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(parent) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):
                    if fnmatch.fnmatch(entry.name, name):
                        out[Path(entry.path)] = entry.stat().st_size
    return out


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Sent:
    """A document with attachments, as its agency hands it over: the folder of files first, then drop() for the file."""

    def __init__(self, deployment, number, generator):
        self.sender = PARTIES[number % len(PARTIES)]
        self.recipients = sorted(generator.sample([p for p in PARTIES if p != self.sender], 1 + number % 2))
        self.name = f"kem-{number}"
        self.digests = {}
        agency = deployment.agencies[self.sender]
        folder = agency.outbox / f"{self.name}.files"
        folder.mkdir()
        for name, size in (("Báo cáo.pdf", LARGE), ("phụ lục.bin", generator.randrange(3 * MIB)), ("trống.txt", 0)):
            (folder / name).write_bytes(generator.randbytes(size))
            self.digests[name] = digest(folder / name)
        self.document = {
            "type": TYPE,
            "subject": f"Báo cáo có tệp đính kèm số {number}",
            "to": ",".join(self.recipients),
            "attachments": [{"file": name, "mediatype": "application/pdf"} for name in self.digests],
            "data": example_data(),
        }
        self.drop = lambda: deployment.drop(self.sender, self.document, self.name)


class Attachments(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED}: ATTACHMENT_SEED={SEED} ATTACHMENT_MIB={LARGE // MIB} ATTACHMENT_KILLS={KILLS}", flush=True)
        self.passed = False
        self.generator = random.Random(SEED)
        configuration = HERE / "configuration"
        self.deployment = TemporaryDeployment(
            PARTIES,
            party_files=[configuration / "parties" / "kiem-thu.yaml"],
            agreement_files=[configuration / "agreements" / "kiem-thu.yaml"],
            parent=memory_folder(),
        )
        self.addCleanup(lambda: self.deployment.close(keep=not self.passed))
        self.contents = self.deployment.hub_folder / "data" / "content"
        self.deployment.start()
        self.deadline = time.monotonic() + SECONDS_MAX

    def until(self, holds):
        while not holds():
            self.assertLess(time.monotonic(), self.deadline, self.deployment.log_ends())
            time.sleep(LOOK_SECONDS)

    def moved(self):
        """Bytes of contents that are with the hub or at a recipient, whole or in part."""
        total = sum(sizes(self.contents, "*/*").values())
        for agency in self.deployment.agencies.values():
            total += sum(sizes(agency.folder / "agency" / ".staging", "*.*/*").values())
            total += sum(sizes(agency.inbox, "*.files/*").values())
        return total

    def arrived(self, sent):
        accepted = self.deployment.agencies[sent.sender].status / f"{sent.name}.accepted.json"
        return accepted.exists() and all(
            any(d["subject"] == sent.document["subject"] for d in self.inbox(party)) for party in sent.recipients
        )

    def inbox(self, party):
        return [json.loads(path.read_bytes()) for path in self.deployment.agencies[party].inbox.glob("*.json")]

    def kill(self):
        target = self.generator.choice(("hub", "adapter", "both"))
        party = self.generator.choice(PARTIES)
        if target != "adapter":
            self.deployment.hub.kill()
        if target != "hub":
            self.deployment.adapters[party].kill()
            self.deployment.start_adapter(party, ready=False)
        if target != "adapter":
            self.deployment.start_hub()
        if target != "hub":
            self.deployment.adapters[party].wait_line("ready ")  # else an orderly stop could come too early for it
        return target

    def check(self, sent):
        agency = self.deployment.agencies[sent.sender]
        status = json.loads((agency.status / f"{sent.name}.accepted.json").read_bytes())
        for name, expected in sent.digests.items():
            self.assertEqual(digest(agency.sent / f"{sent.name}.files" / name), expected)
        self.assertFalse((agency.outbox / f"{sent.name}.files").exists())
        for party in sent.recipients:
            copies = [d for d in self.inbox(party) if d["id"] == status["document_id"]]
            self.assertEqual(len(copies), 1, f"{sent.name} at {party}")
            folder = self.deployment.agencies[party].inbox / f"{copies[0]['delivery']['id']}.files"
            self.assertEqual({path.name: digest(path) for path in folder.iterdir()}, sent.digests)
            self.assertEqual({a["name"]: a["sha256"] for a in copies[0]["attachments"]}, sent.digests)

    def finish(self, documents):
        self.until(lambda: all(self.arrived(sent) for sent in documents))
        self.assertEqual(self.deployment.stop(), [0] * (len(PARTIES) + 1))
        for sent in documents:
            self.check(sent)
        self.assertEqual(sizes(self.contents, "*/*.partial"), {})
        for agency in self.deployment.agencies.values():
            self.assertEqual(list(agency.refused.iterdir()), [])
        self.deployment.hubctl("journal", "verify", "--data", self.deployment.hub_folder / "data")
        self.passed = True

    def test_whatever_is_killed_every_attachment_arrives_whole(self):
        documents = [Sent(self.deployment, number, self.generator) for number in range(len(PARTIES))]
        total = sum(LARGE * (1 + len(sent.recipients)) for sent in documents)
        for sent in documents:
            sent.drop()
        for number in range(KILLS):
            goal = min(self.moved() + self.generator.randrange(1, 2 * total // (KILLS + 1)), total - 1)
            self.until(lambda: self.moved() >= goal or all(self.arrived(sent) for sent in documents))
            print(f"kill {number + 1}/{KILLS}: {self.moved() // MIB} of {total // MIB} MiB, {self.kill()}", flush=True)
        self.finish(documents)

    def test_an_upload_goes_on_where_a_killed_hub_had_it_on_disk(self):
        sent = Sent(self.deployment, 0, self.generator)
        sent.drop()
        self.until(lambda: max(sizes(self.contents, "*/*.partial").values(), default=0) > SYNCED)
        self.deployment.hub.kill()
        # Nothing but the hub makes it shorter, and it may lose the last slice alone.
        self.deployment.start_hub()
        least = []

        def looked():
            least.extend(size for size in sizes(self.contents, "*/*.partial").values() if size > 3 * MIB or size == 0)
            return self.arrived(sent)

        self.until(looked)
        self.assertGreaterEqual(min(size for size in least if size), SYNCED)
        self.finish([sent])


if __name__ == "__main__":
    unittest.main()
