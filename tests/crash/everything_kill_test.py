"""kill -9 of hub, adapters and ledger at random while everything that agencies and operators do goes on at once.

Four parties drop JSON and edXML files with and without attachments, and some that must be refused; recipients' systems take
deliveries away and answer a part of them; an operator stops, retries and replays; contents get lost at the hub and come
back. Then nothing may be lost, doubled or left over, and journal and ledger must say the same (everything_check.py).

EVERYTHING_SEED repeats files and kills, not their moments; EVERYTHING_KILLS, EVERYTHING_DOCUMENTS, EVERYTHING_MIB (the largest attachment) scale a run."""

import os
import random
import sys
import time
import unittest
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import ledger_check  # noqa: E402
from everything_check import Account, words  # noqa: E402
from everything_operator import Operator  # noqa: E402
from everything_traffic import EDXML_INBOXES, ORGANISATIONS, PARTIES, Recipients, Senders  # noqa: E402
from support import TemporaryDeployment, binaries, free_port, memory_folder  # noqa: E402

from folder_watch import FolderWatch  # noqa: E402  (support adds its folder)

KILLS = int(os.environ.get("EVERYTHING_KILLS", 60))
DOCUMENTS = int(os.environ.get("EVERYTHING_DOCUMENTS", 700))
ATTACHMENT_BYTES_MAX = int(os.environ.get("EVERYTHING_MIB", 8)) << 20
SEED = int(os.environ.get("EVERYTHING_SEED", random.SystemRandom().randrange(1 << 32)))
SETTLE_SECONDS_MAX = float(os.environ.get("EVERYTHING_SECONDS", 180))
EVENTS_SECONDS_MAX = 2.0  # for the events before a kill: fewer may be left than were drawn
MOMENT_SECONDS_MAX = 0.05  # after the last of them: a kill comes between two events, not with one
SAY_SECONDS = 5.0
LOOK_SECONDS = 0.1  # between two looks at what is missing, when no file appears
ACTIONS = {1: "retry", 2: "stop", 3: "replay"}  # as record 17 has them
HUB, LEDGER, ALL = "hubd", "hub-ledger", "all"


class Everything(unittest.TestCase):
    def setUp(self):
        print(
            f"seed {SEED}: EVERYTHING_SEED={SEED} EVERYTHING_KILLS={KILLS} EVERYTHING_DOCUMENTS={DOCUMENTS} "
            f"EVERYTHING_MIB={ATTACHMENT_BYTES_MAX >> 20}",
            flush=True,
        )
        self.passed = False
        self.generator = random.Random(SEED)  # of kills; the others draw by themselves, so that a seed drops the same files
        self.deployment = TemporaryDeployment(PARTIES, parent=memory_folder(), administrators=2)
        self.addCleanup(lambda: self.deployment.close(keep=not self.passed))
        self.deployment.use_edxml(ORGANISATIONS, HERE.parents[1] / "adapters" / "edxml" / "mappings", EDXML_INBOXES)
        self.deployment.address(free_port(0), console_port=free_port(0))
        with open(self.deployment.hub_folder / "hub.yaml", "a") as settings:
            settings.write("segment_mib: 16\n")
        self.senders = Senders(self.deployment, random.Random(f"{SEED} senders"), ATTACHMENT_BYTES_MAX)
        self.recipients = Recipients(self.deployment, random.Random(f"{SEED} recipients"))
        self.operator = Operator(self.deployment, random.Random(f"{SEED} operator"), binaries() / "hubctl")
        self.account = Account(self.deployment, self.senders, self.recipients)
        self.killed = Counter()
        self.started_again = set()  # adapters and the ledger that may not be ready yet
        self.down = {}  # what was killed and not started again, and for how many kills yet
        self.events = 0
        self.watch = FolderWatch()
        self.addCleanup(self.watch.close)
        for agency in self.deployment.agencies.values():
            for folder in (agency.inbox, agency.status, agency.refused):
                self.watch.add(folder)
        self.deployment.start()
        self.deployment.start_ledger()
        self.started = time.monotonic()

    def say(self, text):
        print(f"{time.monotonic() - self.started:6.1f} s  {text}", flush=True)

    # What goes on between two kills

    def take(self):
        for path in self.watch.appeared():
            self.events += 1
            if path.parent.name == "inbox":
                self.recipients.arrived(path)

    def wait_events(self, count):
        """So many, if they come in time; then for a moment that is drawn."""
        goal, deadline = self.events + count, time.monotonic() + EVENTS_SECONDS_MAX
        while self.events < goal and self.watch.wait(deadline - time.monotonic()):
            self.take()
        moment = time.monotonic() + self.generator.uniform(0, MOMENT_SECONDS_MAX)
        while self.watch.wait(moment - time.monotonic()):
            self.take()

    def process(self, name):
        return {HUB: self.deployment.hub, LEDGER: self.deployment.ledger}.get(name) or self.deployment.adapters[name]

    def start(self, name):
        self.down.pop(name, None)
        if name == HUB:
            self.deployment.start_hub()
            return
        self.started_again.add(name)
        if name == LEDGER:
            self.deployment.start_ledger(ready=False)
        else:
            self.deployment.start_adapter(name, ready=False)

    def assert_alive(self):
        for name in (HUB, LEDGER, *PARTIES):
            if name not in self.down:
                process = self.process(name)
                self.assertTrue(process.running(), f"{name} ended by itself\n{process.log_end()}")

    def kill(self):
        """One of them, at times all at once; an adapter or the ledger may stay away for a few kills."""
        self.assert_alive()
        target = self.generator.choices((HUB, LEDGER, ALL, *PARTIES), weights=(8, 4, 1, 3, 3, 3, 3))[0]
        targets = [name for name in ((HUB, LEDGER, *PARTIES) if target == ALL else (target,)) if name not in self.down]
        for name in targets:
            self.process(name).kill()
            self.killed[name.split(".")[0]] += 1
        for name in targets:
            if name != HUB and self.generator.random() < 0.35:
                self.down[name] = self.generator.randrange(1, 4)
            else:
                self.start(name)
        for name in [name for name in self.down if name not in targets]:
            self.down[name] -= 1
            if self.down[name] == 0:
                self.start(name)
        return target if targets else f"({target} is away)"

    def lose_content(self):
        """Of a delivery whose recipient is away: its file goes from the hub, so that the delivery fails."""
        for party in [party for party in PARTIES if party in self.down]:
            for dropped in self.senders.dropped[-20:]:
                if party in dropped.recipients and dropped.attachments and self.account.accepted(dropped):
                    self.operator.lose(dropped.sender, self.generator.choice(sorted(dropped.attachments.values())))
                    return

    def flow(self):
        part = -(-DOCUMENTS // KILLS)
        number = 0
        while sum(self.killed.values()) < KILLS or number < KILLS:
            number += 1
            for _ in range(min(part, DOCUMENTS - len(self.senders.dropped))):
                self.senders.drop()
            self.operator.step()
            self.wait_events(self.generator.randrange(4 * part))
            if self.generator.random() < 0.5:
                self.lose_content()
            target = self.kill()
            self.say(
                f"kill {sum(self.killed.values()):2}/{KILLS} {target:15} dropped {len(self.senders.dropped)}, "
                f"delivered {len(self.recipients.copies)}, answered {len(self.recipients.answers)}, {self.operator}"
            )

    # The end

    def settle(self):
        """Nothing is killed any more; until nothing is missing. Only the operator gives what failed another attempt."""
        for name in list(self.down):
            self.start(name)
        for name in self.started_again:
            self.process(name).wait_line("ready ")
        self.operator.finish()
        deadline, said = time.monotonic() + SETTLE_SECONDS_MAX, time.monotonic()
        while missing := self.missing():
            self.assert_alive()
            if time.monotonic() > deadline:
                self.fail("\n".join([f"{len(missing)} missing:", *missing[:50], self.deployment.log_ends()]))
            if time.monotonic() - said > SAY_SECONDS:
                said = time.monotonic()
                self.say(f"{len(missing)} missing, first: {missing[0]}")
            self.operator.retry_failed()
            self.watch.wait(LOOK_SECONDS)
            self.take()

    def missing(self):
        return self.account.missing() if self.operator.caught_up() else ["what the ledger has not read yet"]

    def stop_all(self):
        """The ledger last: it must come to the journal's end. Returns the journal's records."""
        deployment = self.deployment
        ledger, deployment.ledger = deployment.ledger, None
        self.assertEqual(deployment.stop(), [0] * (len(PARTIES) + 1))
        self.take()  # what came after all would be one too many
        records = ledger_check.dump(binaries(), deployment.hub_folder / "data")
        deadline = time.monotonic() + SETTLE_SECONDS_MAX
        while ledger_check.rows(deployment.ledger_file, "SELECT position FROM meta") != [(len(records),)]:
            self.assertLess(time.monotonic(), deadline, ledger.log_end())
        self.assertEqual(ledger.stop(), 0)
        return records

    def check_ledger(self, records):
        data, followed = self.deployment.hub_folder / "data", self.deployment.ledger_file
        rebuilt = self.deployment.temporary / "rebuilt.sqlite"
        self.deployment.hubctl("ledger", "rebuild", "--data", data, "--ledger", rebuilt)
        one, other = ledger_check.contents(followed), ledger_check.contents(rebuilt)
        self.assertEqual(one.keys(), other.keys())
        for table, rows in one.items():
            self.assertEqual(rows, other[table], f"{table} is not what a ledger that is built anew says")
        self.assertEqual(words(followed), words(rebuilt))
        self.assertEqual(ledger_check.documents_in(followed), ledger_check.documents_of(records))
        outcomes = "SELECT position, idx, addressed, actual, outcome, agreement, version, clause FROM outcomes"
        self.assertEqual(set(ledger_check.rows(followed, outcomes)), ledger_check.outcomes_of(records))

    def check_orders(self, records):
        """Each order that was answered is in the journal, once; each replay is a delivery more."""
        orders = {r["position"]: ACTIONS[r["fields"]["action"]] for r in records if r["kind"] == "delivery-ordered"}
        for position, action in self.operator.answered.items():
            self.assertEqual(orders.get(position), action)
        replays = ledger_check.rows(self.deployment.ledger_file, "SELECT replay FROM deliveries WHERE replay <> 0")
        self.assertEqual(sorted(position for (position,) in replays), [p for p, a in orders.items() if a == "replay"])
        return Counter(orders.values())

    def check_audit(self):
        data = self.deployment.hub_folder / "data"
        self.deployment.hubctl("journal", "verify", "--data", data)
        states = [agency.folder / "state" for agency in self.deployment.agencies.values()]
        adapters = [word for state in states for word in ("--adapter", state)]
        self.deployment.hubctl("log", "reconcile", "--data", data, *adapters)

    def test_nothing_is_lost_doubled_or_left_over_whatever_is_killed(self):
        self.flow()
        self.say("no more kills")
        self.settle()
        self.say("nothing is missing")
        records = self.stop_all()
        wrong = self.account.wrong(records)
        if wrong:
            self.fail("\n".join([f"{len(wrong)} wrong:", *wrong[:50]]))
        orders = self.check_orders(records)
        self.check_ledger(records)
        self.check_audit()
        answered = sum(1 for answer in self.recipients.answers if answer.status != "unknown")
        self.say(
            f"good: seed {SEED}, {len(self.senders.dropped)} documents, {len(self.recipients.copies)} deliveries, "
            f"{answered} answers, orders {dict(orders)}, {len(records)} records; "
            f"{sum(self.killed.values())} kills: {dict(self.killed.most_common())}"
        )
        self.passed = True


if __name__ == "__main__":
    unittest.main()
