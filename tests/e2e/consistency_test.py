"""Whether a hub's log continues what a checkpoint says, by real processes: from its files and over HTTP."""

import json
import shutil
import unittest

from support import deployment_with_console, hubctl


class Consistency(unittest.TestCase):
    """A hub, an old copy of its data, and what became of each."""

    @classmethod
    def setUpClass(cls):
        cls.hub = deployment_with_console()
        cls.addClassCleanup(cls.hub.close)
        cls.data = cls.hub.hub_folder / "data"
        cls.key = hubctl("log", "key", "--data", cls.data).stdout.strip()
        cls.run_hub()
        cls.old = cls.copy("old")
        cls.run_hub()
        cls.seen = cls.copy("seen")
        shutil.rmtree(cls.data)
        shutil.copytree(cls.old, cls.data)
        cls.run_hub()
        cls.run_hub()
        cls.fork = cls.copy("fork")

    @classmethod
    def run_hub(cls):
        """A start and an end are records."""
        cls.hub.start_hub()
        cls.hub.hub.stop()
        cls.hub.hub = None

    @classmethod
    def copy(cls, name):
        return shutil.copytree(cls.data, cls.hub.temporary / name)

    @staticmethod
    def checkpoint(data):
        return data / "tree" / "checkpoint"

    @classmethod
    def size(cls, data):
        return int(cls.checkpoint(data).read_text().split("\n")[1])

    def ask(self, *arguments, key=None):
        done = hubctl("log", "consistency", *arguments, "--key", key or self.key, "--json")
        return done.returncode, json.loads(done.stdout)

    def refused(self, code, *arguments, **options):
        status, answer = self.ask(*arguments, **options)
        self.assertEqual((status, answer["error"]["code"]), (1, code), answer)
        return answer["error"]["facts"]

    def test_a_log_continues_its_own_checkpoints(self):
        status, answer = self.ask(self.checkpoint(self.old), "--data", self.seen)
        self.assertEqual((status, answer["continues"]), (0, True))
        self.assertEqual((answer["old"]["size"], answer["new"]["size"]), (self.size(self.old), self.size(self.seen)))
        self.assertEqual(answer["new"]["root"], self.checkpoint(self.seen).read_text().split("\n")[2])
        self.assertEqual(self.ask(self.checkpoint(self.seen), "--data", self.seen)[1]["proof"], [])
        both = self.checkpoint(self.old), self.checkpoint(self.seen)
        self.assertEqual(self.ask(*both, "--data", self.seen)[0], 0)
        text = hubctl("log", "consistency", *both, "--key", self.key, "--data", self.seen).stdout
        for words in ("nối tiếp", "continues the old checkpoint", answer["new"]["root"]):
            self.assertIn(words, text)

    def test_a_forked_log_is_refused_and_both_sizes_are_told(self):
        facts = self.refused("tree-forked", self.checkpoint(self.seen), "--data", self.fork)
        self.assertEqual((facts["seen_size"], facts["shown_size"]), (str(self.size(self.seen)), str(self.size(self.fork))))
        self.assertEqual(self.ask(self.checkpoint(self.old), "--data", self.fork)[0], 0)

    def test_hashes_of_another_log_than_was_signed_are_refused(self):
        both = self.checkpoint(self.old), self.checkpoint(self.seen)
        facts = self.refused("tree-forked", *both, "--data", self.fork)
        self.assertIn("hashes", facts["reason"])

    def test_a_shorter_log_is_refused(self):
        facts = self.refused("tree-forked", self.checkpoint(self.seen), "--data", self.old)
        self.assertEqual(facts["reason"], "it is shorter")

    def test_a_checkpoint_of_another_key_or_a_changed_one_is_refused(self):
        other = self.hub.temporary / "other-hub"
        self.assertEqual(hubctl("hub", "init", "--data", other, "--origin", "hub.test").returncode, 0)
        key = hubctl("log", "key", "--data", other).stdout.strip()
        self.refused("note-untrusted", self.checkpoint(self.old), "--data", self.seen, key=key)
        changed = self.hub.temporary / "changed"
        lines = self.checkpoint(self.old).read_text().split("\n")
        changed.write_text("\n".join([lines[0], str(int(lines[1]) - 1), *lines[2:]]))
        self.refused("note-invalid", changed, "--data", self.seen)

    def test_a_running_hub_is_judged_by_its_tiles_without_a_token(self):
        self.hub.start_hub()
        url = f"http://127.0.0.1:{self.hub.console_port}"
        try:
            status, answer = self.ask(self.checkpoint(self.old), "--api", url)
            self.assertEqual(status, 0, answer)
            self.assertGreaterEqual(answer["new"]["size"], self.size(self.fork))
            self.assertEqual(self.ask(self.checkpoint(self.old), self.checkpoint(self.fork), "--api", url)[0], 0)
            self.refused("tree-forked", self.checkpoint(self.seen), "--api", url)
        finally:
            self.hub.hub.stop()
            self.hub.hub = None
        self.refused("io-failed", self.checkpoint(self.old), "--api", url)

    def test_one_of_the_hub_s_folder_and_address_must_be_given(self):
        status, answer = self.ask(self.checkpoint(self.old))
        self.assertEqual((status, answer["error"]["code"]), (2, "usage"))


if __name__ == "__main__":
    unittest.main()
