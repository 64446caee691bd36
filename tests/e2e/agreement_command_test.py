"""hubctl agreement check, list, show, matrix, explain: what people read, what programs read, and the exit statuses."""

import csv
import io
import json
import os
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

from support import REPOSITORY, as_bytes, binaries

DEPLOY = REPOSITORY / "deploy"
AT = ("--at", "2024-03-12")
PETITION = {
    "type": "petition-transfer/1",
    "to": "thanh-tra.thai-nguyen",
    "subject": "Chuyển đơn số 17/2020",
    "data": {
        "petition_ref": "17/2020",
        "kind": "complaint",
        "received_on": "2024-03-01",
        "competent_level": "district",
        "place": "thai-nguyen/huyen-a",
        "over_level": True,
        "anonymous": False,
    },
}


class AgreementCommand(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hub-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_it(self, *arguments, configuration=DEPLOY):
        environment = dict(os.environ, HUB_CONFIGURATION=str(configuration))
        command = [str(binaries() / "hubctl"), "agreement", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    def value(self, *arguments, status=0):
        done = self.run_it(*arguments, "--json")
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def notice(self, **changes):
        path = self.folder / "notice.json"
        path.write_bytes(as_bytes({**PETITION, "data": {**PETITION["data"], **changes}}))
        return path

    def explain_petition(self, *, status=0, to="thanh-tra.thai-nguyen", **changes):
        notice = self.notice(**changes)
        return self.value("explain", "--from", "bao.thai-nguyen", "--to", to, "--document", notice, *AT, status=status)

    def test_the_five_shipped_agreements_have_no_mistake(self):
        files = sorted((DEPLOY / "agreements").glob("*.yaml"))
        self.assertEqual(len(files), 5)
        value = self.value("check", *files)
        self.assertEqual(value["mistakes"], 0)
        self.assertEqual({f["what"] for f in value["findings"]},
                         {"endpoints were not checked: no party has its keys yet",
                          "does not need what pre-trial-notice/1 requires: court",
                          "does not need what issue-resolution-result/1 requires: result_date"})

    def test_a_field_that_no_version_has_is_told_with_its_line_and_the_nearest_names(self):
        for name in ("types", "parties", "agreements"):
            shutil.copytree(DEPLOY / name, self.folder / name)
        file = self.folder / "agreements" / "huyen-btg-238.yaml"
        text = file.read_text().replace("needs: [issue_ref, result]", "needs: [issue_reff, result]")
        file.write_text(text)
        line = text[:text.index("issue_reff")].count("\n") + 1
        done = self.run_it("check", file)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"huyen-btg-238.yaml:{line}:", done.stdout)
        self.assertIn("nearest: issue_ref, ", done.stdout.replace("\n", " "))
        self.assertIn("needs the fields case_ref, criteria, trial_at alone", self.run_it("show", "huyen/btg-238").stdout)

    def test_the_operators_rule_for_alerts_has_no_mistake_and_lets_them_go_one_way(self):
        operation = DEPLOY / "operation"
        self.assertEqual(self.value("check", *(operation / "agreements").glob("*.yaml"))["mistakes"], 0)
        permitted = self.value("matrix", "--configuration", operation, *AT)
        self.assertEqual([(p["from"], p["to"], p["type"]) for p in permitted], [("van-hanh.trung-tam", "truc-ban.trung-tam", "hub-alert")])

    def test_each_mistake_is_told_with_its_place_and_what_to_do(self):
        for name in ("types", "parties"):
            shutil.copytree(DEPLOY / name, self.folder / name)
        shutil.copytree(DEPLOY / "agreements", self.folder / "agreements")
        file = self.folder / "agreements" / "thai-nguyen-bnc.yaml"
        text = file.read_text()
        text = text.replace("case_kind: {const: corruption}", "case_kind: {const: bribery}")
        text = text.replace("tham những cấp huyện có lúc chưa kịp thời\"\n    words_corrected", "tham ô cấp huyện\"\n    words_corrected")
        file.write_text(text)
        done = self.run_it("check", file)
        self.assertEqual(done.returncode, 1)
        self.assertIn("clause ket-qua-xet-xu: the guard can never hold", done.stdout)
        self.assertIn('/data/case_kind is one of "corruption", "salient", "party-member", "other" in the type', done.stdout)
        self.assertIn("clause ket-qua-xet-xu: the words don't stand in the source 002.txt", done.stdout)
        self.assertRegex(done.stdout, r"thai-nguyen-bnc\.yaml:\d+:\d+ ")
        self.assertIn("→ ", done.stdout)
        self.assertTrue(done.stdout.endswith("1 file, 2 mistakes\n"), done.stdout[-60:])

    def test_a_file_that_is_not_there_is_refused(self):
        self.assertEqual(self.run_it("check", DEPLOY / "agreements" / "missing.yaml").returncode, 1)

    def test_the_list_says_which_are_in_force(self):
        states = {one["agreement"]: one["state"] for one in self.value("list", *AT)}
        self.assertEqual(states["lam-dong/btg-ubnd"], "ended")
        self.assertEqual(states["huyen/btg-238"], "in force")
        self.assertEqual(sum(name.startswith("thai-nguyen/bnc/") for name in states), 9)
        self.assertEqual({one["agreement"]: one["state"] for one in self.value("list", "--at", "2024-01-10")}["huyen/btg-238"], "not yet")
        self.assertTrue(all(len(line) <= 80 for line in self.run_it("list", *AT).stdout.splitlines()))

    def test_one_agreement_is_shown_with_its_words(self):
        value = self.value("show", "thai-nguyen/bnc/bao")
        self.assertEqual(value["clauses"][0]["competence"]["over_level"], "reroute")
        self.assertIn("theo thẩm quyển", value["clauses"][0]["words"])
        self.assertEqual(self.run_it("show", "x/y").returncode, 1)

    def test_the_matrix_is_the_same_as_table_csv_and_picture(self):
        rows = self.value("matrix", *AT)
        table = self.run_it("matrix", *AT, "--csv")
        parsed = list(csv.DictReader(io.StringIO(table.stdout)))
        self.assertEqual(len(parsed), len(rows))
        self.assertNotIn("lam-dong/btg-ubnd", {row["agreement"] for row in parsed})  # it has ended
        picture = self.folder / "matrix.svg"
        self.assertEqual(self.run_it("matrix", *AT, "--svg", picture).returncode, 0)
        drawn = xml.etree.ElementTree.parse(picture).getroot()
        cells = drawn.findall("{http://www.w3.org/2000/svg}g")
        self.assertEqual(len(cells), len({(row["from"], row["to"]) for row in parsed}))

    def test_what_is_permitted_is_explained_by_its_clause(self):
        value = self.value("explain", "--from", "hdnd.huyen", "--to", "btg.huyen", "--type", "quarterly-information-report", *AT)
        self.assertEqual((value["permitted"], value["agreement"], value["clause"]), (True, "huyen/btg-238", "hdnd-hang-quy"))
        self.assertIn("định kỳ hàng quý", value["words"])

    def test_what_is_not_permitted_is_explained_by_each_reason_and_the_nearest_clause(self):
        done = self.run_it("explain", "--from", "vks.huyen", "--to", "trung-tam.huyen", "--type", "pre-trial-notice", *AT)
        self.assertEqual(done.returncode, 1)
        for text in ("(type-not-permitted)", "KHÔNG ĐƯỢC PHÉP", "NOT PERMITTED", "toa-an-truoc-xet-xu", "toa-an → btg",
                     "Văn phòng Ban Tuyên giáo Huyện ủy"):
            self.assertIn(text, done.stdout)
        ended = self.value("explain", "--from", "ubnd.lam-dong", "--to", "btg.lam-dong", "--type", "project-plan-notice", *AT, status=1)
        self.assertEqual(ended["error"]["code"], "agreement-not-in-force")
        self.assertIn("đến hết ngày 31/12/2020", ended["error"]["vi"]["reason"])
        self.assertTrue(self.value("explain", "--from", "ubnd.lam-dong", "--to", "btg.lam-dong", "--type", "project-plan-notice",
                                   "--at", "2020-12-31")["permitted"])
        strangers = self.value("explain", "--from", "vks.huyen", "--to", "bao.lam-dong", "--type", "pre-trial-notice", *AT, status=1)
        self.assertEqual(strangers["error"]["code"], "no-agreement")
        self.assertEqual(strangers["considered"][0]["clause"], "toa-an-truoc-xet-xu")

    def test_a_document_decides_conditions_and_competence(self):
        self.assertEqual(self.explain_petition()["recipient"], "thanh-tra.huyen-a.thai-nguyen")
        self.assertEqual(self.explain_petition(competent_level="province")["recipient"], "thanh-tra.thai-nguyen")
        below = self.explain_petition(to="thanh-tra.huyen-b.thai-nguyen", status=1)
        self.assertEqual(below["error"]["code"], "not-competent")
        self.assertEqual(below["error"]["facts"]["competent"], "thanh-tra.huyen-a.thai-nguyen")
        nobody = self.explain_petition(competent_level="commune", place="thai-nguyen/huyen-b/xa-d", status=1)
        self.assertEqual(nobody["error"]["code"], "competent-unknown")
        self.assertEqual(self.explain_petition(place="Thái Nguyên", status=1)["error"]["facts"]["pointer"], "/place")

    def test_wrong_questions_are_refused(self):
        self.assertEqual(self.run_it("explain", "--from", "vks.huyen", "--to", "btg.huyen").returncode, 2)
        self.assertEqual(self.run_it("explain", "--from", "x", "--to", "btg.huyen", "--type", "pre-trial-notice").returncode, 1)
        self.assertEqual(self.run_it("list", "--at", "tomorrow").returncode, 2)


if __name__ == "__main__":
    unittest.main()
