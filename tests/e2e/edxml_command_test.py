"""hubctl edxml map: what people read, what programs read, and the exit statuses."""

import json
import subprocess
import unittest

from support import REPOSITORY, binaries

FILES = REPOSITORY / "tests" / "data" / "edxml"
ORGANISATIONS = ["--organisations", FILES / "organisations.yaml"]
MAPPINGS = ["--mappings", REPOSITORY / "adapters" / "edxml" / "mappings"]
COLUMNS = 80


def run(*arguments):
    return subprocess.run([binaries() / "hubctl", "edxml", "map", *arguments], capture_output=True, text=True, timeout=60)


def run_json(*arguments):
    result = run(*arguments, "--json")
    return result.returncode, json.loads(result.stdout)


class EdxmlCommand(unittest.TestCase):
    def test_a_document_is_shown_in_80_columns_with_the_rule_that_decided(self):
        result = run(FILES / "good" / "45-chuyen-don.edxml", *ORGANISATIONS, *MAPPINGS)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertLessEqual(max(map(len, result.stdout.splitlines())), COLUMNS)
        for part in ("chuyen-don", "petition-transfer/1", "Chuyển đơn số 17/2020", "left out"):
            self.assertIn(part, result.stdout)

    def test_programs_get_fields_attachments_and_notes(self):
        status, value = run_json(FILES / "good" / "01-day-du.edxml", *ORGANISATIONS)
        self.assertEqual(status, 0)
        self.assertEqual(value["rule"], "official-document")
        self.assertEqual(value["document"]["to"], "btg.huyen")
        self.assertEqual(value["attachments"][0]["name"], "cong-van.pdf")
        self.assertEqual(value["attachments"][0]["mediatype"], "application/pdf")

    def test_without_organisations_codes_stand_for_themselves(self):
        status, value = run_json(FILES / "good" / "01-day-du.edxml")
        self.assertEqual(status, 0)
        self.assertEqual(value["document"]["to"], "h37.dn.001")

    def test_a_status_file_tells_the_document_that_it_is_about(self):
        _, document = run_json(FILES / "good" / "01-day-du.edxml", *ORGANISATIONS)
        status, value = run_json(FILES / "status" / "03.edxml", *ORGANISATIONS)
        self.assertEqual(status, 0)
        self.assertEqual((value["kind"], value["status"]), ("status", "03"))
        self.assertIn(document["document"]["id"], value["candidates"])

    def test_a_refusal_names_line_and_reason_in_both_languages(self):
        result = run(FILES / "bad" / "01-from-long-nhau.edxml")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"Dòng \d+: From không được nằm trong From")
        self.assertRegex(result.stderr, r"Line \d+: From must not stand in From")
        status, value = run_json(FILES / "bad" / "27-noi-nhan-la.edxml", *ORGANISATIONS)
        self.assertEqual(status, 1)
        self.assertEqual(value["error"]["code"], "organisation-unknown")

    def test_a_file_that_is_not_there_is_no_crash(self):
        self.assertEqual(run(FILES / "none.edxml").returncode, 1)
        self.assertEqual(run().returncode, 2)


if __name__ == "__main__":
    unittest.main()
