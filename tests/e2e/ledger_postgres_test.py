"""The ledger in PostgreSQL by real processes: killed, its server crashed, and in the end what a file says, row by row."""

import http.client
import json
import sqlite3
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import ledger_check  # noqa: E402
from postgres_cluster import NOT_INSTALLED, PostgresCluster  # noqa: E402
from postgres_cluster import binaries as server_programs  # noqa: E402
from support import TemporaryDeployment, binaries, free_port, hubctl, notice, until  # noqa: E402

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"
DOCUMENTS_A_ROUND = 15
SECRET = "khong-duoc-lo"


def answer(*arguments):
    done = hubctl(*arguments, "--json")
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return json.loads(done.stdout)


@unittest.skipUnless(server_programs(), NOT_INSTALLED)
class LedgerInPostgres(unittest.TestCase):
    def setUp(self):
        self.cluster = PostgresCluster()
        self.addCleanup(self.cluster.close)
        self.cluster.sql("postgres", "CREATE DATABASE hub")
        self.address = f"{self.cluster.conninfo} dbname=hub"
        self.hub = TemporaryDeployment()
        self.hub.ledger_address = self.address
        self.hub.address(self.hub.port, free_port(0))
        self.data = self.hub.hub_folder / "data"
        self.passed = False
        self.addCleanup(lambda: self.hub.close(keep=not self.passed))
        self.sent = 0

    def api(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.hub.console_port, timeout=30)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.hub.token_file.read_text().strip()}"})
            got = connection.getresponse()
            return got.status, json.loads(got.read())
        finally:
            connection.close()

    def send_round(self, meanwhile=lambda: None):
        """Documents of which each third has a recipient that is not permitted; `meanwhile` is done while they flow."""
        names = []
        for _ in range(DOCUMENTS_A_ROUND):
            self.sent += 1
            document = {**notice(PRE_TRIAL), "subject": f"Thông tin số {self.sent} trước xét xử"}
            if self.sent % 3 == 0:
                document["to"] = "btg.huyen,ubnd.huyen"
            names.append(self.hub.drop("toa-an.huyen", document))
        self.hub.accepted("toa-an.huyen", names[0])
        meanwhile()
        for name in names:
            self.hub.accepted("toa-an.huyen", name)

    def position(self):
        return int(self.cluster.sql("hub", "SELECT position FROM ledger.meta"))

    def file_rows(self, file):
        """Every row of every table, with digests as PostgreSQL writes them; the index of words left out."""
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        names = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'document_words%'"
        tables = [row["name"] for row in connection.execute(names)]
        as_text = lambda value: "\\x" + value.hex() if isinstance(value, bytes) else value  # noqa: E731
        out = {
            table: sorted((json.dumps({key: as_text(row[key]) for key in row.keys()}, sort_keys=True)
                           for row in connection.execute(f"SELECT * FROM {table}")))
            for table in tables
        }
        connection.close()
        return out

    def database_rows(self, tables):
        out = {}
        for table in tables:
            lines = self.cluster.sql("hub", f"SELECT row_to_json(t) FROM ledger.{table} t").splitlines()
            out[table] = sorted(json.dumps(json.loads(line), sort_keys=True) for line in lines)
        return out

    def check_equal(self, file):
        rows = self.file_rows(file)
        self.assertGreater(len(rows), 25)
        found = self.database_rows(rows)
        for table, expected in rows.items():
            self.assertEqual(found[table], expected, table)

    def check_same_answers(self, file):
        for question in (["document", "list", "--text", "xét xử"], ["document", "list", "--text", "THONG TIN so 1"],
                         ["document", "list", "--recipient", "btg.huyen", "--limit", "7"], ["document", "list", "--refused"],
                         ["delivery", "list", "--state", "delivered"], ["delivery", "list", "--by-cause"], ["status"],
                         ["report", "deliveries"], ["report", "overreach", "--party", "btg.huyen"], ["audit", "list"]):
            with self.subTest(question):
                data = ["--data", self.data] if question[0] == "report" else []
                self.assertEqual(answer(*question, *data, "--ledger", self.address), answer(*question, *data, "--ledger", file))
        found = answer("document", "list", "--text", "trước xét", "--ledger", self.address)["documents"]
        self.assertEqual(len(found), min(self.sent, 50))
        for trace in (found[0]["id"], str(found[-1]["position"])):
            self.assertEqual(answer("document", "trace", trace, "--ledger", self.address),
                             answer("document", "trace", trace, "--ledger", file))

    def test_killed_and_disconnected_ledger_ends_equal_to_a_file(self):
        hub = self.hub
        hub.start()
        hub.start_ledger()
        self.send_round()

        for command in ([binaries() / "hub-ledger", "--config", hub.hub_folder / "hub.yaml", "--json"],
                        [binaries() / "hubctl", "ledger", "rebuild", "--data", self.data, "--ledger", self.address, "--json"]):
            second = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(second.returncode, 1)
            self.assertIn("ledger-in-use", second.stdout + second.stderr)

        self.send_round(meanwhile=hub.ledger.kill)
        hub.start_ledger()
        self.assertEqual(self.api("/api/v1/documents?limit=1")[0], 200)

        self.send_round(meanwhile=lambda: self.cluster.stop("immediate"))
        status, body = self.api("/api/v1/documents")
        self.assertEqual((status, body["error"]["code"]), (503, "ledger-unreachable"))
        self.assertNotIn("ledger", self.api("/api/v1/status")[1])
        until("the ledger says that it stands still", lambda: "stands still" in hub.ledger.log_end())
        self.cluster.start()
        until("the API has the last document", lambda: f"số {self.sent} " in json.dumps(
            self.api("/api/v1/documents?limit=100"), ensure_ascii=False), seconds=90)

        ledger = hub.ledger
        hub.ledger = None  # goes on until it has the hub's last record
        hub.stop()
        records = len(ledger_check.dump(binaries(), self.data))
        until("the ledger is up with the journal", lambda: self.position() == records, seconds=60)
        self.assertEqual(ledger.stop(), 0)
        log = (hub.logs / "hub-ledger.log").read_text()
        self.assertIn("up with the journal again", log)
        self.assertNotIn("DISCARDED", log)

        file = self.data / "beside.sqlite"
        answer("ledger", "rebuild", "--data", self.data, "--ledger", file)
        self.check_equal(file)
        self.check_same_answers(file)
        rebuilt = answer("ledger", "rebuild", "--data", self.data, "--ledger", self.address)
        self.assertEqual(rebuilt["position"], records)
        self.check_equal(file)
        self.passed = True

    def test_password_in_the_address_is_refused_and_never_told(self):
        address = f"postgresql://hub:{SECRET}@localhost/hub"
        for command in (["status", "--ledger", address], ["ledger", "rebuild", "--data", self.data, "--ledger", address]):
            done = hubctl(*command)
            self.assertEqual(done.returncode, 2)
            self.assertNotIn(SECRET, done.stdout + done.stderr)
            self.assertIn("PGPASSFILE", done.stdout + done.stderr)
        self.hub.ledger_address = address
        self.hub.address(self.hub.port)
        for program in ("hubd", "hub-ledger"):
            command = [str(binaries() / program), "--config", str(self.hub.hub_folder / "hub.yaml")]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertNotIn(SECRET, done.stdout + done.stderr)
            self.assertIn("PGPASSFILE", done.stdout + done.stderr)
        self.passed = True


if __name__ == "__main__":
    unittest.main()
