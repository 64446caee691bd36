"""Evidence by real processes: receipts that hold without the hub, and adapters that refuse a hub with another log."""

import contextlib
import hashlib
import json
import shutil
import sqlite3
import unittest
import urllib.error
import urllib.request

from support import SECONDS, DeploymentTest, TemporaryDeployment, deployment_with_console, hubctl, notice, until

from process import ProcessError

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"


class Evidence(DeploymentTest):
    @classmethod
    def make_deployment(cls):
        return deployment_with_console()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hub.start_ledger()
        cls.data = cls.hub.hub_folder / "data"
        cls.key = hubctl("log", "key", "--data", cls.data).stdout.strip()

    def receipts(self, document=PRE_TRIAL):
        """The receipts of a document that was delivered, by what they show."""
        name = self.hub.drop("toa-an.huyen", notice(document))
        status = self.hub.accepted("toa-an.huyen", name)
        self.hub.receipt("toa-an.huyen", name, "btg.huyen")
        out = self.hub.temporary / f"receipts-{name}"

        def delivered():
            done = hubctl("log", "prove", status["document_id"], "--data", self.data, "--out", out, "--json")
            paths = json.loads(done.stdout).get("receipts", [])
            return {path.rsplit("/", 1)[1][13:-11]: path for path in paths} if len(paths) == 2 else None

        return status, until("the ledger and the checkpoint reach the delivery", delivered)

    def verify(self, *arguments, key=None):
        done = hubctl("log", "verify", *arguments, "--key", key or self.key, "--json")
        return done.returncode, json.loads(done.stdout)

    def canonical(self, agreement):
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/ledger.sqlite?mode=ro", uri=True)) as ledger:
            query = "SELECT canonical FROM configuration_changes WHERE item = 'agreement' AND id = ?"
            return ledger.execute(query, (agreement,)).fetchone()[0]

    def test_receipts_of_a_document_hold_down_to_its_agreement(self):
        status, paths = self.receipts()
        self.assertEqual(sorted(paths), ["accepted", "delivered-0"])
        agreement = self.hub.temporary / "agreement.json"
        agreement.write_text(self.canonical("huyen/btg-238") + "\n")
        for path in paths.values():
            code, answer = self.verify(path, "--chain", "--agreement", agreement)
            self.assertEqual(code, 0, answer)
            decision = next(step for step in answer["steps"] if step["step"] == "decision")
            self.assertEqual(decision["document"], status["document_id"])
            self.assertEqual(answer["steps"][-1]["compared"], "true")
            self.assertEqual(answer["steps"][-1]["clause"], status["recipients"][0]["clause"])
        records = [step for step in answer["steps"] if step["step"] == "record"]
        self.assertIn(status["leaf"], [record["leaf"] for record in records])
        event = next(step for step in answer["steps"] if step["step"] == "event")
        self.assertEqual((event["status"], event["endpoint"]), ("delivered", "btg.huyen/folder"))
        text = hubctl("log", "verify", paths["delivered-0"], "--key", self.key, "--chain").stdout
        for words in ("Điểm chốt sổ", "Checkpoint of hub.test", "HOLDS", "so SHA-256 với bản đã ký"):
            self.assertIn(words, text)

    def test_what_is_not_in_the_tree_and_a_key_with_a_slip_are_named(self):
        for command, code in (
            (("log", "prove", "999999", "--data", self.data), "proof-not-possible"),
            (("log", "verify", self.hub.token_file, "--key", self.key[:-1] + "!"), "verifier-key-invalid"),
        ):
            done = hubctl(*command, "--json")
            self.assertEqual((done.returncode, json.loads(done.stdout)["error"]["code"]), (1, code))

    def test_a_refusal_is_proved_too(self):
        name = self.hub.drop("toa-an.huyen", notice("07-nguoc-chieu"))
        refusal, _, _ = self.hub.refused("toa-an.huyen", name)
        out = self.hub.temporary / "refusals"

        def proved():
            done = hubctl("log", "prove", refusal["position"], "--data", self.data, "--out", out, "--json")
            return json.loads(done.stdout).get("receipts")

        (path,) = until("the checkpoint covers the refusal", proved)
        code, answer = self.verify(path)
        self.assertEqual(code, 0, answer)
        decision = next(step for step in answer["steps"] if step["step"] == "decision")
        self.assertEqual(decision["outcome"], "refused")

    def test_any_changed_character_is_found(self):
        _, paths = self.receipts()
        with open(paths["accepted"], encoding="utf-8") as file:
            good = file.read()
        forged = self.hub.temporary / "forged.tlog-proof"
        for place in range(0, len(good), max(1, len(good) // 40)):
            other = "B" if good[place] == "A" else "A"
            forged.write_text(good[:place] + other + good[place + 1 :], encoding="utf-8")
            code, answer = self.verify(forged, "--chain")
            self.assertEqual(code, 1, f"character {place} of {len(good)}: {answer}")
        forged.write_text(good[: len(good) // 2], encoding="utf-8")
        self.assertEqual(self.verify(forged)[0], 1)

    def test_another_key_or_agreement_is_refused(self):
        _, paths = self.receipts()
        other = TemporaryDeployment()
        try:
            key = hubctl("log", "key", "--data", other.hub_folder / "data").stdout.strip()
        finally:
            other.close()
        code, answer = self.verify(paths["accepted"], key=key)
        self.assertEqual((code, answer["error"]["code"]), (1, "note-untrusted"))
        agreement = self.hub.temporary / "other-agreement.json"
        agreement.write_text(self.canonical("huyen/btg-238").replace('"basis":"directed"', '"basis":"signed"'))
        code, answer = self.verify(paths["accepted"], "--chain", "--agreement", agreement)
        self.assertEqual((code, answer["error"]["facts"]["step"]), (1, "agreement"), answer)

    def test_tiles_give_the_checkpoint_s_root_and_entries_need_the_token(self):
        base = f"http://127.0.0.1:{self.hub.console_port}"
        with urllib.request.urlopen(f"{base}/checkpoint") as answer:
            origin, size, root = answer.read().decode().split("\n")[:3]
        self.assertEqual(origin, "hub.test")
        width = int(size) % 256
        if width:
            with urllib.request.urlopen(f"{base}/tile/0/{int(size) // 256:03}.p/{width}") as answer:
                self.assertEqual(len(answer.read()), width * 32)
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{base}/tile/entries/000.p/1")
        self.assertEqual(refused.exception.code, 401)
        token = self.hub.token_file.read_text().strip()
        request = urllib.request.Request(f"{base}/tile/entries/000.p/1", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            bundle = answer.read()
        self.assertEqual((len(bundle), bundle[:2]), (99, b"\x00\x61"))
        with urllib.request.urlopen(f"{base}/tile/0/000.p/1") as answer:
            self.assertEqual(answer.read(), hashlib.sha256(b"\x00" + bundle[2:]).digest())


class AnotherLog(unittest.TestCase):
    """A hub that was put back, or that goes on from an old copy, and an adapter that remembers."""

    def setUp(self):
        self.hub = TemporaryDeployment()
        self.data = self.hub.hub_folder / "data"
        self.old = self.hub.temporary / "old"
        self.addCleanup(self.hub.close)

    def start(self, *parties):
        self.hub.start_hub()
        for party in parties:
            self.hub.start_adapter(party)

    def size(self):
        """Of the hub's newest checkpoint."""
        return int((self.data / "tree" / "checkpoint").read_text().split("\n")[1])

    def see(self, party, size):
        """The adapter connects until it has seen a checkpoint of that size; its store is its own while it runs."""

        def seen():
            self.hub.start_adapter(party).stop()
            self.hub.adapters.pop(party)
            state = self.hub.agencies[party].folder / "state" / "state.sqlite"
            with contextlib.closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True)) as store:
                note = store.execute("SELECT checkpoint FROM progress").fetchone()[0]
            return note and int(note.split("\n")[1]) >= size

        until(f"{party} sees a tree of {size} records", seen)

    def go_back(self):
        """vks.huyen has seen a tree behind which the hub's old copy, now in its place, ends."""
        self.start("toa-an.huyen", "btg.huyen")
        self.hub.stop()
        shutil.copytree(self.data, self.old)
        self.start("toa-an.huyen", "btg.huyen")
        for _ in range(3):
            name = self.hub.drop("toa-an.huyen", notice(PRE_TRIAL))
            self.hub.receipt("toa-an.huyen", name, "btg.huyen")
        self.seen = self.size()
        self.see("vks.huyen", self.seen)
        self.hub.stop()
        self.seen = self.size()
        shutil.rmtree(self.data)
        shutil.copytree(self.old, self.data)

    def refusal_of(self, party):
        adapter = self.hub.start_adapter(party, ready=False)
        self.assertNotIn(adapter.ended(SECONDS), (None, 0))
        self.hub.adapters.pop(party).stop()
        return adapter.log_end()

    def test_a_hub_that_was_put_back_is_refused(self):
        self.go_back()
        self.start()
        self.assertIn("tree-forked", self.refusal_of("vks.huyen"))

    def test_a_hub_that_goes_on_from_an_old_copy_is_refused(self):
        self.go_back()
        self.start("hdnd.huyen")
        while self.size() <= self.seen:
            name = self.hub.drop("hdnd.huyen", notice(PRE_TRIAL))  # a court's notice, so it is refused and recorded
            self.hub.refused("hdnd.huyen", name)
        log = self.refusal_of("vks.huyen")
        self.assertIn("tree-forked", log)

    def test_a_hub_with_another_tree_key_is_refused(self):
        self.start("vks.huyen")
        self.hub.stop()
        other = TemporaryDeployment()
        self.addCleanup(other.close)
        shutil.copy(other.hub_folder / "data" / "keys" / "tree.json", self.data / "keys" / "tree.json")
        self.start()
        self.assertIn("note-untrusted", self.refusal_of("vks.huyen"))

    def test_tree_keys_rotate_with_an_overlap(self):
        old = hubctl("log", "key", "--data", self.data).stdout.strip()
        self.start("vks.huyen")
        self.hub.stop()
        keys = self.data / "keys"
        self.hub.hubctl("key", "new", "--use", "tree", "--out", keys / "tree-2.json")
        both = hubctl("log", "key", "--data", self.data).stdout.split()
        self.assertEqual((len(both), both[0]), (2, old))
        self.start()
        self.see("vks.huyen", self.size())  # by the old key, which it knows
        self.hub.stop()
        (keys / "tree.json").unlink()
        self.start()
        self.assertIn("note-untrusted", self.refusal_of("vks.huyen"))
        config = self.hub.agencies["vks.huyen"].folder / "adapter.yaml"
        config.write_text(config.read_text().replace(f'"{both[0]}"', f'"{both[0]}", "{both[1]}"'))
        self.see("vks.huyen", self.size())
        dump = self.hub.hubctl("journal", "dump", "--data", self.data)
        self.assertIn("tree_keys", dump)

    def test_a_hub_that_lost_what_it_signed_for_does_not_start(self):
        self.start("toa-an.huyen")
        self.hub.stop()
        shutil.copytree(self.data, self.old)
        self.start("toa-an.huyen")
        self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", notice(PRE_TRIAL)))
        self.hub.stop()
        shutil.rmtree(self.data / "journal")
        shutil.copytree(self.old / "journal", self.data / "journal")
        with self.assertRaises(ProcessError) as refused:
            self.hub.start_hub()
        self.assertIn("journal-damaged", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
