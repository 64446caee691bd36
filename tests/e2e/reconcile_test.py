"""Reconciliation by real processes: what sender and recipient have is held against the hub's journal."""

import contextlib
import json
import shutil
import sqlite3
import unittest

from support import TemporaryDeployment, hubctl, notice, until

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"
SENDER, RECIPIENT = "toa-an.huyen", "btg.huyen"


class Reconciliation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = TemporaryDeployment()
        cls.addClassCleanup(cls.hub.close)
        cls.data = cls.hub.hub_folder / "data"
        cls.hub.start_hub()
        cls.hub.start_ledger()
        for party in (SENDER, RECIPIENT):
            cls.hub.start_adapter(party)
        cls.documents = []
        for _ in range(3):
            name = cls.hub.drop(SENDER, notice(PRE_TRIAL))
            cls.documents.append(cls.hub.accepted(SENDER, name))
            cls.hub.receipt(SENDER, name, RECIPIENT)
        name = cls.hub.drop(SENDER, notice("07-nguoc-chieu"))
        cls.hub.refused(SENDER, name)
        cls.running = cls.reconcile(cls.state(RECIPIENT))
        for adapter in cls.hub.adapters.values():
            adapter.stop()
        cls.hub.adapters = {}
        size = cls.size()
        until("the ledger has what the journal has", lambda: cls.ledger_end() >= size)

    @classmethod
    def size(cls):
        return int.from_bytes((cls.data / "journal" / "durable-end").read_bytes()[16:24], "little")

    @classmethod
    def ledger_end(cls):
        return json.loads(hubctl("status", "--data", cls.data, "--json").stdout)["position"]

    @classmethod
    def state(cls, party):
        return cls.hub.agencies[party].folder / "state"

    @classmethod
    def reconcile(cls, *states):
        options = [option for state in states for option in ("--adapter", state)]
        done = hubctl("log", "reconcile", "--data", cls.data, *options, "--json")
        return done.returncode, json.loads(done.stdout)

    def changed(self, party, sql, *parameters):
        """A copy of the party's state in which a statement has changed something."""
        folder = self.hub.temporary / self.id().rsplit(".", 1)[1]
        folder.mkdir(exist_ok=True)
        copy = folder / party
        shutil.copytree(self.state(party), copy)
        with contextlib.closing(sqlite3.connect(copy / "state.sqlite")) as store, store:
            self.assertEqual(store.execute(sql, parameters).rowcount, 1)
        return copy

    def gaps(self, *states):
        code, answer = self.reconcile(*states)
        self.assertEqual(code, 1 if answer["gaps"] else 0)
        return answer["gaps"]

    def delivery_of(self, document):
        trace = hubctl("document", "trace", document["document_id"], "--data", self.data, "--json")
        return json.loads(trace.stdout)["deliveries"][0]["id"]

    def gap(self, difference, party, document, delivery=None):
        found = {"difference": difference, "party": party, "document": document["document_id"]}
        if delivery:
            found["delivery"] = delivery
        return {**found, "position": document["position"]}

    def test_a_running_adapter_s_store_is_refused_and_the_error_says_why(self):
        code, answer = self.running
        self.assertEqual((code, answer["error"]["code"]), (1, "io-failed"))
        self.assertIn("stop it first", answer["error"]["facts"]["reason"])

    def test_parties_and_journal_that_agree_have_no_gap(self):
        code, answer = self.reconcile(self.state(SENDER), self.state(RECIPIENT))
        self.assertEqual((code, answer["gaps"], answer["outstanding"]), (0, [], []))
        self.assertEqual((answer["documents"], answer["deliveries"]), (4, 3))
        self.assertEqual(answer["ledger_end"], answer["journal_end"])
        text = hubctl("log", "reconcile", "--data", self.data, "--adapter", self.state(SENDER)).stdout
        self.assertIn("0 sai lệch", text)
        self.assertIn("0 gaps", text)

    def test_a_delivery_that_the_recipient_lost_is_named(self):
        document = self.documents[1]
        delivery = self.delivery_of(document)
        state = self.changed(RECIPIENT, "DELETE FROM inbox WHERE delivery_id = ?", delivery)
        self.assertEqual(self.gaps(self.state(SENDER), state),
                         [self.gap("not-in-inbox", RECIPIENT, document, delivery)])
        done = hubctl("log", "reconcile", "--data", self.data, "--adapter", state)
        self.assertEqual(done.returncode, 1)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)
        for words in (document["document_id"], delivery, "1 sai lệch", "1 gaps"):
            self.assertIn(words, done.stdout)

    def test_an_answer_with_another_leaf_is_named(self):
        document = self.documents[0]
        state = self.changed(SENDER, "UPDATE outbox SET leaf = zeroblob(32) WHERE position = ?", document["position"])
        self.assertEqual(self.gaps(state, self.state(RECIPIENT)), [self.gap("other-leaf", SENDER, document)])

    def test_a_delivery_with_another_leaf_is_named(self):
        document = self.documents[2]
        delivery = self.delivery_of(document)
        state = self.changed(RECIPIENT, "UPDATE inbox SET leaf = zeroblob(32) WHERE delivery_id = ?", delivery)
        self.assertEqual(self.gaps(state), [self.gap("other-leaf", RECIPIENT, document, delivery)])

    def test_a_document_that_its_sender_lost_is_named(self):
        document = self.documents[0]
        state = self.changed(SENDER, "DELETE FROM outbox WHERE position = ?", document["position"])
        self.assertEqual(self.gaps(state), [self.gap("not-in-outbox", SENDER, document)])

    def test_an_answer_that_the_hub_never_gave_is_named(self):
        document = self.documents[0]
        state = self.changed(SENDER, "UPDATE outbox SET position = 1000000 WHERE position = ?", document["position"])
        self.assertEqual(self.gaps(state), [{**self.gap("not-recorded", SENDER, document), "position": 1000000}])

    def test_a_delivery_that_the_hub_never_made_is_named(self):
        delivery = self.delivery_of(self.documents[0])
        state = self.changed(RECIPIENT, "UPDATE inbox SET delivery_id = delivery_id || '-r3' WHERE delivery_id = ?", delivery)
        found = {gap["difference"]: gap.get("delivery") for gap in self.gaps(state)}
        self.assertEqual(found, {"not-in-inbox": delivery, "unknown-delivery": delivery + "-r3"})

    def test_an_answer_on_its_way_is_told_and_no_gap(self):
        document = self.documents[0]
        state = self.changed(SENDER, "UPDATE outbox SET state = 0, position = NULL, leaf = NULL WHERE position = ?",
                             document["position"])
        code, answer = self.reconcile(state)
        self.assertEqual((code, answer["outstanding"]), (0, [self.gap("answer-outstanding", SENDER, document)]))


if __name__ == "__main__":
    unittest.main()
