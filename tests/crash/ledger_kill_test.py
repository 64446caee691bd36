"""kill -9 of hub-ledger at random while documents flow; then SQL over the ledger must be what the journal says.

After each kill the file is looked at as it lies there: whole transactions alone, so positions without a gap. KILL_DOCUMENTS,
KILL_COUNT and KILL_SEED scale and repeat a run, as in kill_test.py."""

import json
import os
import random
import select
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import ledger_check  # noqa: E402
from support import TemporaryDeployment, binaries, memory_folder, type_files  # noqa: E402

from folder_watch import FolderWatch  # noqa: E402  (support adds its folder)

PARTIES = tuple(f"{letter}.kiem-thu" for letter in "abcde")
TYPE = "quarterly-information-report/1"
DOCUMENTS = int(os.environ.get("KILL_DOCUMENTS", 3_000))
KILLS = int(os.environ.get("KILL_COUNT", 15))
SEED = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(1 << 32)))
SECONDS = 240.0


class LedgerKills(unittest.TestCase):
    def setUp(self):
        print(f"KILL_SEED={SEED}: {DOCUMENTS} documents, {KILLS} kills")
        self.random = random.Random(SEED)
        configuration = HERE / "configuration"
        self.deployment = TemporaryDeployment(
            PARTIES,
            party_files=[configuration / "parties" / "kiem-thu.yaml"],
            agreement_files=[configuration / "agreements" / "kiem-thu.yaml"],
            parent=memory_folder(),
        )
        self.addCleanup(lambda: self.deployment.close(keep=True) if self.deployment else None)

    def drop(self, count):
        data = next(
            described["example"]
            for described in (json.loads(path.read_bytes()) for path in type_files())
            if described["type"] == TYPE
        )
        for number in range(count):
            sender, recipient = self.random.sample(PARTIES, 2)
            document = {"type": TYPE, "subject": f"Báo cáo số {number}", "to": recipient, "data": data}
            self.deployment.drop(sender, document, name=f"{number:06d}")

    def check_whole(self):
        """As a kill left it."""
        ledger = self.deployment.ledger_file
        (position,) = ledger_check.rows(ledger, "SELECT position FROM meta")[0]
        found = ledger_check.rows(ledger, "SELECT count(*), max(position) + 1 FROM records")
        self.assertEqual(found, [(position, position)])

    def test_killed_ledger_ends_equal_to_the_journal(self):
        deployment = self.deployment
        deployment.start()
        deployment.start_ledger()
        watch = FolderWatch()
        for agency in deployment.agencies.values():
            watch.add(agency.status)
        self.drop(DOCUMENTS)
        receipts, kills = set(), 0
        deadline = time.monotonic() + SECONDS
        next_kill = DOCUMENTS / (KILLS + 1)
        while len(receipts) < DOCUMENTS or kills < KILLS:
            self.assertLess(time.monotonic(), deadline, f"{len(receipts)} receipts, {kills} kills\n{deployment.log_ends()}")
            select.select([watch], [], [], 1.0)
            receipts.update(path for path in watch.appeared() if ".delivered." in path.name)
            if kills < KILLS and len(receipts) >= min(DOCUMENTS, kills * next_kill):
                deployment.ledger.kill()
                self.check_whole()
                deployment.start_ledger()
                kills += 1
        for adapter in list(deployment.adapters.values()):
            adapter.stop()
        deployment.adapters = {}
        deployment.hub.stop()
        deployment.hub = None
        records = ledger_check.dump(binaries(), deployment.hub_folder / "data")
        while ledger_check.rows(deployment.ledger_file, "SELECT position FROM meta") != [(len(records),)]:
            self.assertLess(time.monotonic(), deadline, deployment.log_ends())
        self.assertEqual(deployment.ledger.stop(), 0)
        deployment.ledger = None
        ledger_check.check(self, records, deployment.ledger_file)
        pending = ledger_check.rows(deployment.ledger_file, "SELECT count(*) FROM deliveries WHERE state <> 'delivered'")
        self.assertEqual(pending, [(0,)])
        deployment.close()
        self.deployment = None


if __name__ == "__main__":
    unittest.main()
