"""kill -9 of the hub and of adapters at random while documents flow between five parties; then everything is counted.

Each recipient's system says of each delivery that it is finished, or that it refuses it. Each accepted document must be in
each recipient's inbox exactly once, each sender must have each receipt, nothing may be refused by the hub, and the journal
must verify. KILL_DOCUMENTS, KILL_COUNT and KILL_SEED scale and repeat a run."""

import json
import os
import random
import sys
import time
import unittest
import uuid
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from support import TemporaryDeployment, memory_folder, type_files  # noqa: E402

from folder_watch import FolderWatch  # noqa: E402  (support adds its folder)

PARTIES = tuple(f"{letter}.kiem-thu" for letter in "abcde")
TYPE = "quarterly-information-report/1"
DOCUMENTS = int(os.environ.get("KILL_DOCUMENTS", 20_000))
KILLS = int(os.environ.get("KILL_COUNT", 50))
SEED = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(1 << 32)))
SETTLE_SECONDS_MAX = 240.0
STALL_SECONDS_MAX = 30.0  # nothing at all appears for so long: something hangs
KILL_WAIT_SECONDS_MAX = 5.0  # for the events before a kill: fewer may be left than were drawn


def example_data():
    for path in type_files():
        described = json.loads(path.read_bytes())
        if described["type"] == TYPE:
            return described["example"]
    raise AssertionError(f"no type {TYPE}")


REFUSED_ONE_IN = 5


def said_of(inbox_file):
    """What the recipient's system says of a delivery: the same whenever it is asked."""
    return "refused" if sum(inbox_file.stem.encode()) % REFUSED_ONE_IN == 0 else "finished"


class Sent:
    """A document as it was dropped: who gets it, and what tells it from the others."""

    def __init__(self, number, generator, data):
        self.sender = PARTIES[number % len(PARTIES)]
        self.name = f"{number:06d}"
        others = [party for party in PARTIES if party != self.sender]
        count = generator.choices((1, 2, 4), weights=(8, 3, 1))[0]
        self.recipients = sorted(generator.sample(others, count))
        self.document = {
            "type": TYPE,
            "subject": f"Báo cáo đối chiếu số {number}",
            "to": ",".join(self.recipients),
            "data": data,
        }
        # The others get an id from their adapter, which must come to the same one after a crash.
        if number % 2:
            self.document["id"] = str(uuid.UUID(int=generator.getrandbits(128), version=4))


class Progress:
    """What appeared in the parties' folders so far, as sets: an event that comes twice changes nothing."""

    def __init__(self, deployment):
        self.watch = FolderWatch()
        self.deployment = deployment
        self.accepted, self.receipts, self.delivered, self.refused = set(), set(), set(), set()
        self.answers, self.reported = set(), set()  # at the sender; at the recipient that said it
        for agency in deployment.agencies.values():
            for folder in (agency.inbox, agency.status, agency.refused):
                self.watch.add(folder)

    def take(self):
        for path in self.watch.appeared():
            if path.parent.name == "inbox":
                if path not in self.delivered:
                    self.report(path)
                self.delivered.add(path)
            elif path.parent.name == "refused":
                self.refused.add(path)
            elif path.name.endswith(".accepted.json"):
                self.accepted.add(path)
            elif path.name.endswith(".reported.json"):
                self.reported.add(path)
            elif ".delivered." in path.name:
                self.receipts.add(path)
            elif ".finished." in path.name or ".refused." in path.name:
                self.answers.add(path)

    def report(self, inbox_file):
        """The recipient's system has seen the file."""
        status = {"status": said_of(inbox_file), "delivery": inbox_file.stem}
        if status["status"] == "refused":
            status["reason"] = "không thuộc thẩm quyền"
        outbox = inbox_file.parent.parent / "outbox"
        waiting = outbox / f".{inbox_file.stem}"
        waiting.write_text(json.dumps(status), encoding="utf-8")
        waiting.rename(outbox / f"trang-thai-{inbox_file.stem}.json")

    def __str__(self):
        counts = {name: len(getattr(self, name)) for name in ("accepted", "delivered", "receipts", "answers", "refused")}
        return ", ".join(f"{name} {count}" for name, count in counts.items())

    def total(self):
        return sum(map(len, (self.accepted, self.receipts, self.delivered, self.answers, self.reported)))

    def wait(self, total, seconds, stall_seconds):
        """Until so many things have appeared; ends early when that takes too long, or when something was refused."""
        deadline = time.monotonic() + seconds
        while self.total() < total and not self.refused:
            if not self.watch.wait(min(stall_seconds, deadline - time.monotonic())):
                return False
            self.take()
        return not self.refused


class Kill(unittest.TestCase):
    def setUp(self):
        self.passed = False
        self.generator = random.Random(SEED)
        configuration = HERE / "configuration"
        self.deployment = TemporaryDeployment(
            PARTIES,
            party_files=[configuration / "parties" / "kiem-thu.yaml"],
            agreement_files=[configuration / "agreements" / "kiem-thu.yaml"],
            # kill -9 loses nothing that was written, so files in memory serve as well.
            parent=memory_folder(),
        )
        self.addCleanup(lambda: self.deployment.close(keep=not self.passed))
        self.progress = Progress(self.deployment)
        self.deployment.start()
        self.started = time.monotonic()

    def say(self, text):
        print(f"{time.monotonic() - self.started:6.1f} s  {text}", flush=True)

    def drop(self, documents):
        for sent in documents:
            self.deployment.drop(sent.sender, sent.document, sent.name)

    def kill(self):
        """kill -9 of the hub, of an adapter, or of both at once; each is started again at once."""
        target = self.generator.choices(("hub", "adapter", "both"), weights=(4, 4, 2))[0]
        party = self.generator.choice(PARTIES)
        if target != "adapter":
            self.deployment.hub.kill()
        if target != "hub":
            self.deployment.adapters[party].kill()
            self.deployment.start_adapter(party, ready=False)
        if target != "adapter":
            self.deployment.start_hub()
        return target if target == "hub" else f"{target} ({party})"

    def flow(self, documents):
        """Drops the documents in as many parts as there are kills; each kill comes after a random number of events."""
        part = -(-len(documents) // max(1, KILLS))
        for number in range(KILLS):
            dropped = documents[number * part : (number + 1) * part]
            self.drop(dropped)
            events = self.generator.randrange(5 * max(1, len(dropped)))
            self.progress.wait(self.progress.total() + events, KILL_WAIT_SECONDS_MAX, STALL_SECONDS_MAX)
            killed = self.kill()
            dropped_so_far = min(len(documents), (number + 1) * part)
            self.say(f"kill {number + 1:2}/{KILLS} {killed:20} dropped {dropped_so_far}, {self.progress}")
        self.drop(documents[KILLS * part :])

    def test_every_accepted_document_arrives_exactly_once_and_every_receipt_comes_back(self):
        print(f"seed {SEED}: KILL_SEED={SEED} KILL_DOCUMENTS={DOCUMENTS} KILL_COUNT={KILLS}", flush=True)
        data = example_data()
        documents = [Sent(number, self.generator, data) for number in range(DOCUMENTS)]
        deliveries = sum(len(sent.recipients) for sent in documents)
        self.flow(documents)
        settled = self.progress.wait(DOCUMENTS + 4 * deliveries, SETTLE_SECONDS_MAX, STALL_SECONDS_MAX)
        verdict = "settled" if settled else "NOT SETTLED"
        self.say(f"{verdict}: {DOCUMENTS} documents, {deliveries} deliveries, {KILLS} kills; {self.progress}")
        self.assertEqual(self.deployment.stop(), [0] * (len(PARTIES) + 1))
        self.check(documents)
        self.deployment.hubctl("journal", "verify", "--data", self.deployment.hub_folder / "data")
        self.say("checked: each delivered exactly once, each receipt there, the journal verifies")
        self.passed = True

    def check(self, documents):
        inboxes = {party: self.read_inbox(agency) for party, agency in self.deployment.agencies.items()}
        for party, agency in self.deployment.agencies.items():
            self.assertEqual(list(agency.outbox.iterdir()), [], f"left in the outbox of {party}")
            self.assertEqual(list(agency.refused.iterdir()), [], f"refused by {party}")
        expected = {party: Counter() for party in PARTIES}
        said = {}
        for party, agency in self.deployment.agencies.items():
            for path in agency.inbox.iterdir():
                said[json.loads(path.read_bytes())["id"], party] = said_of(path)
        for sent in documents:
            agency = self.deployment.agencies[sent.sender]
            status = json.loads((agency.status / f"{sent.name}.accepted.json").read_bytes())
            self.assertEqual({row["outcome"] for row in status["recipients"]}, {"accepted"})
            self.assertEqual(status["document_id"], sent.document.get("id", status["document_id"]))
            self.assertTrue((agency.sent / f"{sent.name}.json").exists(), f"{sent.name} is not in sent/")
            for recipient in sent.recipients:
                receipt = json.loads((agency.status / f"{sent.name}.delivered.{recipient}.json").read_bytes())
                self.assertEqual(receipt["document_id"], status["document_id"])
                answer = said[status["document_id"], recipient]
                last = json.loads((agency.status / f"{sent.name}.{answer}.{recipient}.json").read_bytes())
                self.assertEqual(last["status"], answer)
                self.assertEqual("reason" in last, answer == "refused")
                self.assertGreater(last["record"], receipt["record"])
                expected[recipient][(status["document_id"], sent.document["subject"])] += 1
        self.assertEqual({count for counter in expected.values() for count in counter.values()}, {1})
        for party in PARTIES:
            self.assertEqual(inboxes[party], expected[party], f"the inbox of {party}")

    @staticmethod
    def read_inbox(agency):
        documents = (json.loads(path.read_bytes()) for path in agency.inbox.iterdir())
        return Counter((document["id"], document["subject"]) for document in documents)


if __name__ == "__main__":
    unittest.main()
