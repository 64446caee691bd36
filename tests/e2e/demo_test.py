"""deploy/demo --once, twice in one folder: every outcome is the expected one, both times, and no exchange is left out;
an alert of the hub comes as a document."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

from support import REPOSITORY, binaries

DEMO = REPOSITORY / "deploy" / "demo"
DAY = "2024-03-12"
ALERT_ROUTE = ("van-hanh.trung-tam", "truc-ban.trung-tam")
REFUSALS = (
    "agreement-not-in-force",
    "competent-unknown",
    "edxml-invalid",
    "endpoint-unknown",
    "file-not-json",
    "guard-not-met",
    "key-unknown",
    "no-agreement",
    "recipient-unknown",
    "schema-violation",
    "secrecy-mark",
    "signature-invalid",
    "type-not-permitted",
    "type-unknown",
)


def exchange(row, sender, recipient):
    return sender, recipient, row["type"], row["agreement"], row["clause"]


class Demo(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hub-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {**os.environ, "HUB_BIN": str(binaries()), "COLUMNS": "80"}

    def demo(self, *options):
        command = [str(DEMO), "--no-install", "--data", str(self.folder / "data"), *options]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def explicit_exchanges(self):
        """What the agreements in force on the demo's day permit in the words of their sources."""
        options = ["--json", "--configuration", str(REPOSITORY / "deploy"), "--at", DAY]
        command = [str(binaries() / "hubctl"), "agreement", "matrix", *options]
        rows = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return {exchange(row, row["from"], row["to"]) for row in rows if not row["inferred"]}

    def test_once_shows_every_explicit_exchange_and_so_does_a_second_run(self):
        done = self.demo("--once", "--json")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        *outcomes, summary = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(summary, {"kind": "summary", "passed": self.notices() + 1, "failed": 0})
        accepted = [outcome for outcome in outcomes if outcome["code"] == "accepted"]
        for outcome in accepted:
            self.assertTrue(Path(outcome["delivered"]).is_file(), outcome)
            self.assertTrue(outcome["time"].startswith(DAY), outcome)
        gone = {exchange(outcome, outcome["sender"], outcome["recipient"]) for outcome in accepted}
        self.assertEqual(self.explicit_exchanges() - gone, set())
        self.assertEqual({outcome["code"] for outcome in outcomes}, {"accepted", *REFUSALS})
        self.assertEqual([(a["sender"], a["recipient"]) for a in accepted if a["type"] == "hub-alert"], [ALERT_ROUTE])
        over = [outcome for outcome in accepted if outcome["addressed"] != outcome["recipient"]]
        routes = [(outcome["addressed"], outcome["recipient"]) for outcome in over]
        self.assertEqual(routes, [("thanh-tra.thai-nguyen", "thanh-tra.huyen-a.thai-nguyen")])

        done = self.demo("--once")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual(done.stdout.splitlines()[-1], f"{summary['passed']} passed, 0 failed")
        self.assertIn("5 agreements: 4 in force, 1 expired", done.stdout)
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertNotIn("\033", done.stdout)
        self.assertEqual(self.unneeded("toa-an.huyen"), {"court"})
        self.assertEqual(self.unneeded("ubnd.huyen"), {"result_date"})

    def unneeded(self, party):
        """The fields that the party's report of overreach names."""
        command = [str(binaries() / "hubctl"), "report", "overreach", "--party", party, "--data", str(self.folder / "data/hub/data"), "--json"]
        report = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return {one["field"] for one in report["unneeded"]}

    def notices(self):
        files = (REPOSITORY / "deploy" / "demo-notices").glob("*/expected.json")
        return sum(len(json.loads(file.read_bytes())["notices"]) for file in files)

    def sign_in(self, said):
        """As the demo says that one can."""
        address, user, password = re.search(r"HTTP  (\S+)   sign in as (\S+), password (\S+)", said).groups()
        body = json.dumps({"user": user, "password": password}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/session", body), timeout=30) as answer:
            self.assertEqual(json.load(answer)["roles"], ["operator", "compliance", "administrator"])

    def test_interrupt_ends_it_and_all_its_processes(self):
        command = [str(DEMO), "--no-install", "--data", str(self.folder / "data")]
        with subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True) as demo:
            said = []
            for line in demo.stdout:
                said.append(line)
                if "Ctrl-C" in line:
                    break
            self.sign_in("".join(said))
            children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
            self.assertGreaterEqual(len(children), 36)
            demo.send_signal(signal.SIGINT)
            demo.stdout.read()
            self.assertEqual(demo.wait(timeout=30), 0)
        for child in children:
            self.assertFalse(Path(f"/proc/{child}").exists())

    def test_demo_of_other_parties_is_left_alone(self):
        for folder in ("hub", "parties/toa-an.huyen"):
            (self.folder / "data" / folder).mkdir(parents=True)
        done = self.demo("--once")
        self.assertEqual(done.returncode, 1)
        self.assertIn("a demo of another version", done.stderr)
        self.assertIn("--data", done.stderr)
        self.assertEqual([path.name for path in (self.folder / "data" / "parties").iterdir()], ["toa-an.huyen"])

    def test_folder_that_holds_something_else_is_left_alone(self):
        data = self.folder / "data"
        data.mkdir()
        (data / "letter.txt").write_text("mine")
        done = self.demo("--once")
        self.assertEqual(done.returncode, 1)
        self.assertIn("holds something else", done.stderr)
        self.assertEqual([path.name for path in data.iterdir()], ["letter.txt"])


if __name__ == "__main__":
    unittest.main()
