"""hubctl schema check, list, show, diff, validate: what people read, what programs read, and the exit statuses."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import NOTICES, REPOSITORY, as_bytes, binaries, notice, type_files

TYPE = {
    "type": "petition-transfer/1",
    "label": {"vi": "Chuyển đơn", "en": "Petition passed on"},
    "kind": "notice",
    "subject": {"made_of": "Chuyển đơn số {petition_ref}", "fixed": True},
    "attachments": {"policy": "permitted", "count_max": 20, "bytes_max": 4294967296},
    "reads": {"routing": ["/data/place"], "duties": []},
    "schema": {
        "title": "Chuyển đơn / Petition passed on",
        "type": "object",
        "additionalProperties": False,
        "required": ["petition_ref", "petition_kind"],
        "properties": {
            "petition_ref": {"title": "Số đơn / Number", "type": "string", "minLength": 1, "maxLength": 50},
            "petition_kind": {"title": "Loại đơn / Kind", "enum": ["complaint", "denunciation"]},
            "place": {"title": "Địa bàn / Place", "type": "string", "minLength": 1, "maxLength": 100},
        },
    },
    "example": {"petition_ref": "76/Đ-BTN", "petition_kind": "complaint"},
    "counterexample": {"petition_ref": "76/Đ-BTN", "petition_kind": "complaint", "sender": "…"},
}
NOTICE = {
    "type": "petition-transfer/1",
    "to": "thanh-tra.tn",
    "subject": "Chuyển đơn số 76/Đ-BTN",
    "data": {"petition_ref": "76/Đ-BTN", "petition_kind": "complaint"},
}


def with_change(value, *path, to):
    copy = json.loads(json.dumps(value))
    at = copy
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = to
    return copy


class SchemaCommand(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hub-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "types").mkdir()
        self.type_file = self.write("types/petition-transfer.1.json", TYPE)

    def write(self, name, value):
        path = self.folder / name
        path.write_bytes(as_bytes(value))
        return path

    def schema(self, *arguments, environment=None):
        command = [str(binaries() / "hubctl"), "schema", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **(environment or {})}
        )

    def schema_json(self, *arguments):
        done = self.schema(*arguments, "--json")
        return done.returncode, json.loads(done.stdout)

    def validate(self, value, *options):
        return self.schema("validate", self.type_file, self.write("document.json", value), *options)


class Check(SchemaCommand):
    def test_types_of_the_tree_are_good(self):
        done = self.schema("check", *type_files())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), len(type_files()))

    def test_every_file_is_checked_and_each_mistake_has_its_place_and_what_to_do(self):
        lines = json.dumps(TYPE, ensure_ascii=False, indent=2).replace('"fixed": true', '"fixd": true').splitlines()
        unknown = self.folder / "unknown.json"
        unknown.write_text("\n".join(lines))
        number = next(i for i, line in enumerate(lines, 1) if '"subject": {' in line)
        example = self.write("example.json", with_change(TYPE, "example", "petition_kind", to="rumour"))
        broken = self.folder / "broken.json"
        broken.write_text('{"type": \n oops}')
        done = self.schema("check", unknown, self.type_file, example, broken, self.folder / "absent.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{unknown}:{number}:", done.stderr)
        self.assertIn(f"{example}:1:", done.stderr)
        self.assertIn(f"{broken}:2:", done.stderr)
        self.assertIn("absent.json", done.stderr)
        self.assertIn("Sửa tệp tại chỗ đã nêu", done.stderr)
        self.assertIn("Correct the file at that place", done.stderr)
        self.assertIn(f"{self.type_file}: good", done.stdout)

    def test_json_has_an_entry_for_each_file(self):
        bad = self.write("bad.json", with_change(TYPE, "kind", to="gossip"))
        status, answer = self.schema_json("check", self.type_file, bad)
        self.assertEqual((status, answer["ok"]), (1, False))
        self.assertEqual([file["ok"] for file in answer["files"]], [True, False])
        self.assertEqual(answer["files"][1]["error"]["facts"]["path"], "/kind")

    def test_no_file_is_wrong_usage(self):
        self.assertEqual(self.schema("check").returncode, 2)


class ListAndShow(SchemaCommand):
    def test_list_fits_a_terminal(self):
        long = with_change(TYPE, "label", "vi", to="Kết quả xử lý vụ việc, vụ án tham nhũng, tiêu cực")
        self.write("types/other.json", {**long, "type": "a-rather-long-name-of-a-type/12"})
        done = self.schema("list", "--configuration", self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)
        names = ("petition-transfer/1", "a-rather-long-name-of-a-type/12")  # never broken: people copy them
        for part in (*names, "notice", "Chuyển đơn", "up to 20, 4 GiB"):
            self.assertIn(part, done.stdout)

    def test_list_takes_files_the_environment_and_says_what_is_missing(self):
        _, files = self.schema_json("list", *type_files())
        self.assertEqual(len(files), len(type_files()))
        done = self.schema("list", environment={"HUB_CONFIGURATION": str(self.folder)})
        self.assertIn("petition-transfer/1", done.stdout)
        done = self.schema("list", "--configuration", self.folder / "nowhere")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere", done.stderr)

    def test_show_names_every_field_in_both_languages(self):
        done = self.schema("show", "petition-transfer/1", "--configuration", self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in (*TYPE["schema"]["properties"], "Số đơn / Number", "complaint", "1–50", "có/yes", "/data/place"):
            self.assertIn(part, done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)

    def test_show_json_is_the_file(self):
        self.assertEqual(self.schema_json("show", self.type_file), (0, TYPE))

    def test_type_that_is_not_there_is_1(self):
        done = self.schema("show", "petition-transfer/2", "--configuration", self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("petition-transfer/2", done.stderr)


class Diff(SchemaCommand):
    def test_wording_breaks_nobody(self):
        new = self.write("new.json", with_change(TYPE, "schema", "title", to="Đơn chuyển / Petition passed on"))
        done = self.schema("diff", self.type_file, new)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("breaks nobody", done.stdout)

    def test_what_breaks_is_named_with_its_place_in_both_languages(self):
        changed = with_change(TYPE, "schema", "properties", "petition_kind", "enum", to=["complaint", "petition"])
        changed["type"] = "petition-transfer/2"
        self.write("types/petition-transfer.2.json", changed)
        names = ("petition-transfer/1", "petition-transfer/2", "--configuration", self.folder)
        done = self.schema("diff", *names)
        self.assertEqual(done.returncode, 1)
        for part in ("/petition_kind  breaks senders and recipients", 'bỏ giá trị "denunciation"', 'added: "petition"'):
            self.assertIn(part, done.stdout)
        status, answer = self.schema_json("diff", *names)
        self.assertEqual((status, answer["breaks_senders"], answer["breaks_recipients"]), (1, True, True))
        self.assertEqual([change["pointer"] for change in answer["changes"]], ["/petition_kind"])


class Validate(SchemaCommand):
    def test_notice_and_bare_data_that_follow_the_type_are_0(self):
        for value in (NOTICE, NOTICE["data"]):
            done = self.validate(value)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("Chuyển đơn số 76/Đ-BTN", done.stdout)

    def test_every_demo_notice_that_breaks_its_schema_is_found(self):
        for name, status in (("01-thong-tin-truoc-xet-xu", 0), ("02-ket-qua-xet-xu", 0), ("09-sai-mau", 1)):
            path = NOTICES / f"{name}.json"
            type_name = notice(name)["type"].replace("/", ".")
            done = self.schema("validate", REPOSITORY / "schemas" / "types" / f"{type_name}.json", path)
            self.assertEqual(done.returncode, status, done.stderr)

    def test_mistake_has_a_pointer_a_place_and_a_sentence_in_both_languages(self):
        for value in (with_change(NOTICE, "data", "petition_kind", to="x"), {**NOTICE["data"], "petition_kind": "x"}):
            done = self.validate(value)
            self.assertEqual(done.returncode, 1)
            self.assertIn("Tại /petition_kind: phải là một trong", done.stderr)
            self.assertIn("At /petition_kind: must be one of", done.stderr)
            self.assertRegex(done.stderr, r"document\.json:1:\d+\n")
            facts = json.loads(self.validate(value, "--json").stdout)["error"]["facts"]
            self.assertEqual((facts["pointer"], facts["line"]), ("/petition_kind", "1"))
            self.assertTrue(facts["file"].endswith("document.json"))

    def test_fixed_subject_and_type_are_part_of_a_notice(self):
        done = self.validate(with_change(NOTICE, "subject", to="Đơn của ông A"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("At /subject", done.stderr)
        self.assertIn('"Chuyển đơn số 76/Đ-BTN"', done.stderr)
        done = self.validate(with_change(NOTICE, "type", to="petition-transfer/2"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("At /type", done.stderr)

    def test_what_is_no_json_or_no_document_is_1(self):
        path = self.folder / "broken.json"
        for text, place in (('{"a": 1, "a": 2}', "1"), ("{\n oops", "2"), ("[1]", "1")):
            path.write_text(text)
            done = self.schema("validate", self.type_file, path, "--json")
            self.assertEqual(done.returncode, 1)
            self.assertEqual(json.loads(done.stdout)["error"]["facts"]["line"], place)


if __name__ == "__main__":
    unittest.main()
