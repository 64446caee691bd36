"""A real hub's checkpoints, tiles and receipts, judged by verifiers that share no code with it: golang.org/x/mod/sumdb and
a Node script. HUB_BUILD names the build folder, where the Go program goes."""

import json
import shutil
import sys
import unittest

from support import REPOSITORY, DeploymentTest, deployment_with_console, hubctl, notice, until

sys.path.insert(0, str(REPOSITORY / "tests" / "verifiers"))
from programs import build_go_verifier, node_verifier, verdict, with_changed_byte  # noqa: E402

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"


class OutsideVerifiers(DeploymentTest):
    @classmethod
    def make_deployment(cls):
        return deployment_with_console()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.verifiers = {"go": build_go_verifier(), "node": node_verifier()}
        cls.hub.start_ledger()
        cls.data = cls.hub.hub_folder / "data"
        cls.url = f"http://127.0.0.1:{cls.hub.console_port}"
        cls.key = hubctl("log", "key", "--data", cls.data).stdout.strip()
        cls.old = cls.checkpoint("old")
        cls.paths = cls.receipts()
        cls.new = cls.checkpoint("new")

    @classmethod
    def checkpoint(cls, name):
        return shutil.copy(cls.data / "tree" / "checkpoint", cls.hub.temporary / f"checkpoint.{name}")

    @classmethod
    def receipts(cls):
        """Of a document that was delivered, by what they show."""
        name = cls.hub.drop("toa-an.huyen", notice(PRE_TRIAL))
        document = cls.hub.accepted("toa-an.huyen", name)["document_id"]
        cls.hub.receipt("toa-an.huyen", name, "btg.huyen")
        out = cls.hub.temporary / "receipts"

        def proved():
            done = hubctl("log", "prove", document, "--data", cls.data, "--out", out, "--json")
            paths = json.loads(done.stdout).get("receipts", [])
            return {path.rsplit("/", 1)[1][13:-11]: path for path in paths} if len(paths) == 2 else None

        return until("the ledger and the checkpoint reach the delivery", proved)

    def judge(self, verifier, status, *arguments):
        if self.verifiers[verifier] is None:
            self.skipTest(f"there is no {verifier}; deploy/packages names the packages")
        return verdict(self, self.verifiers[verifier], status, *arguments)

    def changed(self, data):
        """A file with those bytes."""
        path = self.hub.temporary / self.id().rsplit(".", 1)[1]
        path.write_bytes(data)
        return path

    def check_checkpoints(self, verifier):
        for path in (self.old, self.new):
            self.judge(verifier, 0, "checkpoint", path, self.key)
        good = self.new.read_bytes()
        for place in range(0, len(good), 17):
            self.judge(verifier, 1, "checkpoint", self.changed(with_changed_byte(good, place)), self.key)

    def test_go_opens_the_hub_s_checkpoints_and_no_changed_one(self):
        self.check_checkpoints("go")

    def test_node_opens_the_hub_s_checkpoints_and_no_changed_one(self):
        self.check_checkpoints("node")

    def test_go_finds_the_tiles_of_a_running_hub_to_give_its_root_and_to_continue_an_old_checkpoint(self):
        self.judge("go", 0, "tiles", self.url, self.key)
        self.judge("go", 0, "tiles", self.url, self.key, self.old)

    def test_go_checks_the_consistency_proof_that_hubctl_prints(self):
        done = hubctl("log", "consistency", self.old, self.new, "--key", self.key, "--data", self.data, "--json")
        proof = json.loads(done.stdout)["proof"]
        self.judge("go", 0, "tree", self.old, self.new, self.key, *proof)
        self.judge("go", 1, "tree", self.old, self.new, self.key, *proof[:-1])
        self.judge("go", 1, "tree", self.new, self.old, self.key, *proof)

    def test_go_finds_a_receipt_s_record_in_the_tree_and_no_other(self):
        for path in self.paths.values():
            verified = json.loads(hubctl("log", "verify", path, "--key", self.key, "--json").stdout)
            first, second = [step["leaf"] for step in verified["steps"] if step["step"] == "record"][:2]
            self.judge("go", 0, "proof", path, self.key, first)
            self.judge("go", 1, "proof", path, self.key, second)

    def test_node_says_what_a_receipt_shows_as_hubctl_does(self):
        for name, path in self.paths.items():
            verified = json.loads(hubctl("log", "verify", path, "--chain", "--key", self.key, "--json").stdout)
            steps = {step["step"]: step for step in reversed(verified["steps"])}
            said = self.judge("node", 0, "receipt", path, self.key)
            record, decision = steps["record"], steps["decision"]
            for words in (f"record {record['position']} of {steps['checkpoint']['size']}", record["kind"],
                          decision["digest"], "btg.huyen accepted", steps["signature"]["sender"],
                          steps["certificate"]["root"]):
                self.assertIn(words, said, name)

    def test_node_takes_no_changed_receipt(self):
        with open(self.paths["accepted"], "rb") as file:
            good = file.read()
        for place in range(0, len(good), max(1, len(good) // 20)):
            other = b"B" if good[place : place + 1] == b"A" else b"A"
            self.judge("node", 1, "receipt", self.changed(good[:place] + other + good[place + 1 :]), self.key)
        self.judge("node", 1, "receipt", self.changed(good[: len(good) // 2]), self.key)

    def test_node_takes_no_receipt_of_another_hub_s_key(self):
        other = self.hub.temporary / "other-hub"
        self.assertEqual(hubctl("hub", "init", "--data", other, "--origin", "hub.test").returncode, 0)
        key = hubctl("log", "key", "--data", other).stdout.strip()
        self.judge("node", 1, "receipt", self.paths["accepted"], key)


if __name__ == "__main__":
    unittest.main()
