"""Retention by real processes: documents are encrypted, kept as long as they must be, erased by two administrators, and
every proof of them still holds."""

import contextlib
import json
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from support import REPOSITORY, SECONDS, TemporaryDeployment, binaries, notice

from deployment import free_port

RESULT = "02-ket-qua-xet-xu"
WORDS = "buộc khôi phục hiện trạng đất"  # of the notice's data, not of its subject
SENT, LAPSED = "2024-03-12T01:00:00Z", "2024-06-02T01:00:00Z"  # kept for two months: to the end of May
CLASS, MONTH = "2", "2024-03"
NEVER = '    when: {properties: {data: {properties: {judgment_no: {const: "99/1999/HSST"}}, required: [judgment_no]}}, required: [data]}\n'


def hubctl(*arguments):
    command = [str(binaries() / "hubctl"), *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def agreement_with_retention():
    source = (REPOSITORY / "deploy" / "agreements" / "huyen-btg-238.yaml").read_text()
    file = Path(tempfile.mkdtemp(prefix="hub-test-")) / "huyen-btg-238.yaml"
    file.write_text(source.replace("\ncontact:", f"\nretention_months: {CLASS}\ncontact:", 1))
    return file


class Erasure(unittest.TestCase):
    def setUp(self):
        self.console = free_port(0)
        self.hub = TemporaryDeployment(agreement_files=[agreement_with_retention()], as_of=SENT, administrators=2)
        self.addCleanup(self.hub.close)
        self.hub.address(self.hub.port, console_port=self.console)
        self.data = self.hub.hub_folder / "data"
        self.orders = 0

    def api(self):
        return ["--api", f"http://127.0.0.1:{self.console}", "--token-file", self.hub.token_file]

    def order(self, action, administrator=0):
        """Signed by one administrator, and sent."""
        return hubctl("journal", action, "--data", self.data, "--class", CLASS, "--month", MONTH, "--reason", "kiểm thử",
                      "--administrator", self.hub.administrators[administrator], *self.api())  # fmt: skip

    def erase(self, second=1):
        """Written by the first administrator, countersigned and sent by the other one."""
        self.orders += 1
        file = self.hub.temporary / f"order-{self.orders}.json"
        code, answer = hubctl("journal", "erase", "--data", self.data, "--class", CLASS, "--month", MONTH, "--reason",
                              "hết hạn lưu giữ", "--administrator", self.hub.administrators[0], "--out", file)  # fmt: skip
        self.assertEqual(code, 0, answer)
        return hubctl("journal", "erase", "--countersign", file, "--administrator", self.hub.administrators[second],
                      *self.api())  # fmt: skip

    def read(self, document):
        return hubctl("document", "read", document, "--reason", "kiểm tra", "--key", self.hub.administrators[0], *self.api())

    def what_if(self, condition):
        """The outcomes that would be others if the clause of the result had this condition, and those that nobody can say."""
        draft = Path(tempfile.mkdtemp(prefix="hub-test-")) / "draft"
        shutil.copytree(self.hub.configuration, draft)
        file = draft / "agreements" / "huyen-btg-238.yaml"
        permit = "    permit: {type: trial-result-report, from: toa-an, to: btg}\n"
        self.assertIn(permit, file.read_text())
        file.write_text(file.read_text().replace(permit, permit + condition))
        code, answer = hubctl("agreement", "what-if", "--data", self.data, "--configuration", draft)
        self.assertEqual(code, 0, answer)
        return answer["changed"], answer["undecidable"]

    def assert_refused(self, answered, code):
        self.assertEqual(answered[0], 1, answered)
        self.assertEqual(answered[1]["error"]["code"], code)

    def files_with(self, words):
        return [file for file in self.data.rglob("*") if file.is_file() and words.encode() in file.read_bytes()]

    def key_state(self):
        code, answer = hubctl("journal", "keys", "--data", self.data)
        self.assertEqual(code, 0, answer)
        return [(key["class"], key["month"], key["documents"], key["state"]) for key in answer["keys"]]

    def in_ledger(self, query):
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/ledger.sqlite?mode=ro", uri=True)) as ledger:
            return ledger.execute(query).fetchone()

    def verify_all(self, receipts, locked):
        code, report = hubctl("journal", "verify", "--data", self.data)
        self.assertEqual((code, report["ok"], report["locked_bodies"]), (0, True, locked), report)
        key = self.hub.hubctl("log", "key", "--data", self.data).strip()
        for receipt in receipts:
            code, answer = hubctl("log", "verify", receipt, "--key", key)
            self.assertEqual(code, 0, answer)

    def prove(self, document, folder):
        """Asked again and again: neither the ledger nor the checkpoint gives an event to wait for."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            code, answer = hubctl("log", "prove", document, "--data", self.data, "--out", folder)
            if code == 0 and len(answer.get("receipts", [])) == 2:
                return answer["receipts"]
        raise AssertionError(answer)

    def restart(self, as_of):
        self.hub.stop()
        self.hub.as_of = as_of
        self.hub.start_hub()
        self.hub.start_ledger()

    def test_a_document_is_erased_when_it_may_be_and_its_proofs_hold(self):
        self.hub.start()
        self.hub.start_ledger()
        name = self.hub.drop("toa-an.huyen", notice(RESULT))
        status = self.hub.accepted("toa-an.huyen", name)
        self.hub.receipt("toa-an.huyen", name, "btg.huyen")
        self.assertIn(WORDS, json.dumps(self.hub.wait_inbox("btg.huyen", status["document_id"]), ensure_ascii=False))
        self.assertEqual(self.files_with(WORDS), [])
        self.assertEqual(self.key_state(), [(2, MONTH, 1, "in-use")])
        receipts = self.prove(status["document_id"], self.hub.temporary / "before")
        code, answer = self.read(status["document_id"])
        self.assertEqual(code, 0, answer)
        self.assertIn(WORDS, json.dumps(answer["document"], ensure_ascii=False))
        self.assert_refused(self.erase(), "retention-not-over")
        self.assertEqual(self.what_if(""), (0, 0))
        self.assertEqual(self.what_if(NEVER), (1, 0))

        self.restart(LAPSED)
        self.assert_refused(self.erase(second=0), "order-invalid")
        self.assertEqual(self.order("hold")[0], 0)
        self.assert_refused(self.erase(), "legal-hold")
        self.assertEqual(self.order("release", administrator=1)[0], 0)
        self.assertEqual(len(list((self.data / "storage-keys").glob("*.key"))), 1)
        code, answer = self.erase()
        self.assertEqual(code, 0, answer)
        self.assertEqual(list((self.data / "storage-keys").glob("*.key")), [])
        self.assert_refused(self.erase(), "storage-key-destroyed")

        self.restart(LAPSED)
        self.assertEqual(self.key_state(), [(2, MONTH, 1, "destroyed")])
        self.assert_refused(self.read(status["document_id"]), "document-erased")
        self.assertEqual(self.what_if(""), (0, 0))
        self.assertEqual(self.what_if(NEVER), (0, 1))
        again = self.prove(status["document_id"], self.hub.temporary / "after")
        erased = "SELECT erased, type FROM readable_documents"
        self.assertEqual(self.in_ledger(erased), (1, "trial-result-report/1"))
        orders = "SELECT group_concat(action), max(reason) FROM storage_key_orders ORDER BY position"
        self.assertEqual(self.in_ledger(orders)[0], "hold,release,erase")
        readings = "SELECT count(*), max(document_id), max(reason) FROM readable_body_readings"
        self.assertEqual(self.in_ledger(readings), (1, status["document_id"], "kiểm tra"))
        self.hub.stop()
        self.verify_all([*receipts, *again], locked=1)


if __name__ == "__main__":
    unittest.main()
