"""hubctl and hubd check: exit statuses 0 done, 1 refused or not found, 2 usage; --json; offline inspection."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import DISTRICT, TemporaryDeployment, binaries, notice


def run(program, *arguments):
    command = [str(binaries() / program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def commands(*words):
    """Each command of hubctl, as its words, with its help."""
    text = run("hubctl", *words, "--help").stdout
    inner = re.search(r"\nSubcommands:\n(.*)", text, re.DOTALL)
    if not inner:
        yield words, text
    for name in re.findall(r"^  ([a-z-]+) ", inner[1] if inner else "", re.MULTILINE):
        yield from commands(*words, name)


class Help(unittest.TestCase):
    def test_whatever_asks_a_hub_can_be_told_whom_to_trust(self):
        asking = {words: text for words, text in commands() if "--api " in text}
        self.assertIn(("endpoint", "pause"), asking)
        self.assertGreater(len(asking), 15)
        for words, text in asking.items():
            self.assertIn("--ca ", text, " ".join(words))


class Keys(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hub-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_new_key_is_secret_to_its_owner_and_its_public_half_holds_no_secret(self):
        file = self.folder / "signing.json"
        self.assertEqual(run("hubctl", "key", "new", "--use", "signing", "--out", file).returncode, 0)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        secret, public = json.loads(file.read_text()), json.loads(Path(f"{file}.pub").read_text())
        self.assertEqual(secret["public"], public["public"])
        self.assertNotIn("secret", public)

    def test_existing_key_is_never_overwritten(self):
        file = self.folder / "root.json"
        run("hubctl", "key", "new", "--use", "root", "--out", file)
        before = file.read_bytes()
        self.assertEqual(run("hubctl", "key", "new", "--use", "root", "--out", file).returncode, 1)
        self.assertEqual(file.read_bytes(), before)

    def test_wrong_usage_is_2_and_says_why(self):
        for arguments in (["key", "new"], ["key", "new", "--use", "signing"], ["no-such-noun"], ["key", "melt"], []):
            with self.subTest(arguments):
                done = run("hubctl", *arguments)
                self.assertEqual(done.returncode, 2)
                self.assertTrue(done.stderr or done.stdout)

    def test_unknown_use_is_no_success(self):
        done = run("hubctl", "key", "new", "--use", "door", "--out", self.folder / "door.json")
        self.assertIn(done.returncode, (1, 2))
        self.assertFalse((self.folder / "door.json").exists())

    def test_certificate_needs_a_root_key(self):
        for use in ("root", "signing"):
            run("hubctl", "key", "new", "--use", use, "--out", self.folder / f"{use}.json")
        certify = ["key", "certify", "--party", "a.thu", "--key", self.folder / "signing.json.pub"]
        out = self.folder / "certificate.json"
        done = run("hubctl", *certify, "--root", self.folder / "root.json", "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        statement = json.loads(out.read_text())["statement"]
        self.assertEqual((statement["statement"], statement["party"]), ("certificate", "a.thu"))
        done = run("hubctl", *certify, "--root", self.folder / "signing.json", "--out", self.folder / "no.json")
        self.assertEqual(done.returncode, 1)
        self.assertFalse((self.folder / "no.json").exists())

    def test_json_answers_are_json(self):
        out = self.folder / "signing.json"
        done = run("hubctl", "key", "new", "--use", "signing", "--out", out, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        json.loads(done.stdout)
        done = run("hubctl", "key", "new", "--use", "signing", "--out", out, "--json")
        self.assertEqual(done.returncode, 1)
        json.loads(done.stdout or done.stderr)


class Demonstrations(unittest.TestCase):
    """A journal may begin at a time of its own when it is marked as demonstration data, and never otherwise."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hub-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def init(self, *options):
        return run("hubctl", "hub", "init", "--data", self.folder / "data", "--origin", "hub.test", *options)

    def test_journal_of_a_demonstration_begins_at_its_time(self):
        done = self.init("--demo", "--as-of", "2024-03-12T08:00:00+07:00")
        self.assertEqual(done.returncode, 0, done.stderr)
        first = json.loads(run("hubctl", "journal", "dump", "--data", self.folder / "data", "--json").stdout)
        self.assertTrue(first["time"].startswith("2024-03-12T01:00:"), first)

    def test_clock_that_starts_before_the_journal_is_refused(self):
        done = self.start_as_of_2024(self.init("--demo"))  # as of today
        self.assertIn("lies before the journal's first record", done.stderr)

    def test_clock_of_a_journal_that_is_no_demonstration_can_not_be_set(self):
        self.assertIn("works on demonstration data alone", self.start_as_of_2024(self.init()).stderr)

    def start_as_of_2024(self, made):
        self.assertEqual(made.returncode, 0, made.stderr)
        (self.folder / "configuration").mkdir()
        (self.folder / "hub.yaml").write_text("data: data\nconfiguration: configuration\nlisten: tcp://127.0.0.1:0\n")
        done = run("hubd", "--config", self.folder / "hub.yaml", "--as-of", "2024-03-12")
        self.assertEqual(done.returncode, 2)
        return done

    def test_other_journals_have_no_time_of_their_own_and_a_time_must_be_one(self):
        for options in (["--as-of", "2024-03-12T08:00:00+07:00"], ["--demo", "--as-of", "12/03/2024"]):
            done = self.init(*options)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--as-of", done.stderr)
            self.assertFalse((self.folder / "data").exists())


class Journal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = TemporaryDeployment()
        cls.addClassCleanup(cls.deployment.close)
        cls.data = cls.deployment.hub_folder / "data"
        cls.deployment.start()
        cls.status = cls.deployment.accepted(
            "toa-an.huyen", cls.deployment.drop("toa-an.huyen", notice("01-thong-tin-truoc-xet-xu"))
        )
        cls.deployment.receipt("toa-an.huyen", cls.status["file"].removesuffix(".json"), "btg.huyen")
        cls.statuses = cls.deployment.stop()

    def test_processes_end_in_order(self):
        self.assertEqual(self.statuses, [0] * (len(DISTRICT) + 1))

    def test_second_init_is_refused(self):
        done = run("hubctl", "hub", "init", "--data", self.data, "--origin", "hub.other")
        self.assertEqual(done.returncode, 1)
        self.assertIn("journal-exists", done.stderr + done.stdout)

    def test_journal_verifies_and_dumps_what_was_accepted(self):
        done = run("hubctl", "journal", "verify", "--data", self.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run("hubctl", "journal", "dump", "--data", self.data, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.status["document_id"], done.stdout)
        position = self.status["position"]
        done = run("hubctl", "journal", "dump", "--data", self.data, "--from", position, "--count", 1)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.status["document_id"], done.stdout)

    def test_damage_is_found_and_named(self):
        copy, segment = self.damaged("damaged")
        done = run("hubctl", "journal", "verify", "--data", copy)
        self.assertEqual(done.returncode, 1)
        self.assertIn(segment.name, done.stderr + done.stdout)

    def damaged(self, name):
        """A copy of the hub's data with a changed byte in the body of the test's document; the segment."""
        done = run("hubctl", "journal", "inspect", "--data", self.data, "--position", self.status["position"], "--json")
        record = json.loads(done.stdout)
        copy = self.deployment.temporary / name
        shutil.copytree(self.data, copy)
        segment = copy / "journal" / Path(record["file"]).name
        with open(segment, "r+b") as file:
            file.seek(record["offset"] + record["bytes"] - 20)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        return copy, segment

    def test_a_journal_without_sealed_segments_has_nothing_to_archive_and_young_ones_are_never_removed(self):
        archive = self.deployment.temporary / "archive"
        archive.mkdir(exist_ok=True)
        command = ("hubctl", "journal", "archive", "--data", self.data, "--to", archive, "--remove", "--keep-days")
        done = run(*command, 62, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout), {"copied": [], "removed": []})
        self.assertEqual(run(*command, 61).returncode, 2)
        fetch = ("hubctl", "journal", "fetch", "--data", self.data, "--from", archive, "--position", 0)
        self.assertEqual(run(*fetch).returncode, 0)
        self.assertEqual(run(*command[:6], archive / "none").returncode, 1)

    def test_inspection_shows_segments_and_kinds_and_one_record_with_its_checks(self):
        done = run("hubctl", "journal", "inspect", "--data", self.data, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual([s["first_position"] for s in found["segments"]], [0])
        self.assertEqual(found["segments"][0]["last_position"], found["end"] - 1)
        self.assertEqual(found["durable_end"]["position"], found["end"])
        self.assertEqual(found["kinds"]["document-accepted"], 1)
        text = run("hubctl", "journal", "inspect", "--data", self.data).stdout
        for word in ("durable     before position", "spare       none", "1  document-accepted"):
            self.assertIn(word, text)
        position = self.status["position"]
        done = run("hubctl", "journal", "inspect", "--data", self.data, "--position", position)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.status["document_id"], done.stdout)
        self.assertIn("good   checksum of the body", done.stdout)
        done = run("hubctl", "journal", "inspect", "--data", self.data, "--segment", "x.seg")
        self.assertEqual(done.returncode, 2)

    def test_inspection_of_a_damaged_record_names_the_check_that_fails(self):
        copy, _ = self.damaged("inspected")
        done = run("hubctl", "journal", "inspect", "--data", copy, "--json")
        self.assertEqual(done.returncode, 1)
        problem = json.loads(done.stdout)["problem"]
        done = run(
            *("hubctl", "journal", "inspect", "--data", copy),
            *("--segment", Path(problem["file"]).name, "--offset", problem["offset"]),
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("WRONG  checksum", done.stdout)

    def test_repair_from_a_copy_brings_everything_back_and_changes_nothing_that_was_there(self):
        copy, segment = self.damaged("repaired")
        before = segment.read_bytes()
        new = copy / "journal.new"
        done = run("hubctl", "journal", "repair", "--data", copy, "--out", new, "--from", self.data / "journal")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("taken       position ", done.stdout)
        self.assertEqual(segment.read_bytes(), before)
        (copy / "journal").rename(copy / "journal.damaged")
        new.rename(copy / "journal")
        verified = [
            json.loads(run("hubctl", "journal", "verify", "--data", data, "--json").stdout) for data in (copy, self.data)
        ]
        for report in verified:
            del report["snapshots"]  # a repaired journal has none yet
        self.assertEqual(*verified)

    def test_repair_without_a_copy_writes_nothing_until_it_is_told_to_cut_and_lists_what_it_gives_up(self):
        copy, _ = self.damaged("cut")
        new = copy / "journal.new"
        arguments = ("hubctl", "journal", "repair", "--data", copy, "--out", new)
        done = run(*arguments)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--cut ends the journal before them", done.stderr)
        self.assertFalse(new.exists())
        done = run(*arguments, "--cut", "--json")
        self.assertEqual(done.returncode, 0, done.stdout)
        report = json.loads(done.stdout)
        self.assertTrue(report["ok"])
        given_up = report["given_up"]
        self.assertEqual(given_up[0]["first"], report["end"])
        self.assertTrue(any(row.get("kind") == "hub-stopped" for row in given_up))
        end = json.loads(run("hubctl", "journal", "inspect", "--data", self.data, "--json").stdout)["end"]
        self.assertEqual(given_up[-1]["last"], end - 1)
        done = run(*arguments, "--cut")
        self.assertEqual(done.returncode, 1)
        self.assertIn("journal-exists", done.stderr)

    def test_repair_is_refused_while_a_hub_has_the_journal(self):
        copy, _ = self.damaged("in-use")
        with open(copy / "journal" / "lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = run("hubctl", "journal", "repair", "--data", copy, "--out", copy / "new", "--cut")
        self.assertEqual(done.returncode, 1)
        self.assertIn("journal-in-use", done.stderr)
        self.assertFalse((copy / "new").exists())

    def test_whole_journal_needs_no_repair(self):
        new = self.deployment.temporary / "not-needed"
        done = run("hubctl", "journal", "repair", "--data", self.data, "--out", new)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("nothing to repair", done.stdout)
        self.assertFalse(new.exists())

    def test_hub_does_not_start_on_a_damaged_journal_and_says_where_and_what_to_do(self):
        copy, segment = self.damaged("started")
        settings = (self.deployment.hub_folder / "hub.yaml").read_text()
        other = self.deployment.hub_folder / "damaged.yaml"
        other.write_text(settings.replace("data: data", f"data: {copy}"))
        done = run("hubd", "--config", other)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{segment} is damaged at byte ", done.stderr)
        self.assertIn("hubctl journal repair", done.stderr)

    def test_missing_journal_is_1(self):
        done = run("hubctl", "journal", "verify", "--data", self.deployment.temporary / "nowhere")
        self.assertEqual(done.returncode, 1)


class Check(unittest.TestCase):
    def setUp(self):
        self.deployment = TemporaryDeployment()
        self.addCleanup(self.deployment.close)
        self.hub_yaml = self.deployment.hub_folder / "hub.yaml"

    def check(self):
        return run("hubd", "check", "--config", self.hub_yaml)

    def test_good_configuration_is_0_and_starts_nothing(self):
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("ready", done.stdout)

    def test_unknown_field_in_hub_yaml_is_named_with_line_and_column(self):
        self.hub_yaml.write_text(self.hub_yaml.read_text() + "listne: nowhere\n")
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr + done.stdout, r"hub\.yaml:4:\d+")

    def test_duplicate_key_in_an_agreement_is_named_with_line_and_column(self):
        (agreement,) = (self.deployment.configuration / "agreements").glob("*.yaml")
        lines = agreement.read_text().splitlines()
        lines.append("version: 2")
        agreement.write_text("\n".join(lines) + "\n")
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr + done.stdout, rf"{re.escape(agreement.name)}:{len(lines)}:\d+")

    def test_party_that_does_not_exist_is_named_with_line_and_column(self):
        (agreement,) = (self.deployment.configuration / "agreements").glob("*.yaml")
        agreement.write_text(agreement.read_text().replace("hdnd.huyen", "khong-co.huyen"))
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn("khong-co.huyen", done.stderr + done.stdout)
        self.assertRegex(done.stderr + done.stdout, rf"{re.escape(agreement.name)}:\d+:\d+")

    def test_configuration_that_differs_from_its_signed_manifest_is_refused(self):
        (agreement,) = (self.deployment.configuration / "agreements").glob("*.yaml")
        text = agreement.read_text()
        agreement.write_text(text.replace("version: 1", "version: 2", 1))
        self.assertNotEqual(agreement.read_text(), text)
        done = run("hubd", "--config", self.hub_yaml)
        self.assertEqual(done.returncode, 1)
        self.assertIn("config-unsigned", done.stderr + done.stdout)

    def test_no_configuration_is_2(self):
        self.assertEqual(run("hubd").returncode, 2)
        self.assertEqual(run("hub-adapter").returncode, 2)


if __name__ == "__main__":
    unittest.main()
