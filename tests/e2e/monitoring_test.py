"""Alert rules and dashboard: promtool is content with them, and each name in them is one that a real hub tells."""

import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import exposition
from support import AGREEMENT, REPOSITORY, DeploymentTest, notice
from tls_support import TlsDeployment

FOLDER = REPOSITORY / "deploy" / "monitoring"
OURS = re.compile(r"\b(?:hub|process)_[a-z0-9_]+")
LANGUAGES = {"summary_vi", "action_vi", "summary", "action"}


def expressions():
    """What rules and panels ask for. The rules are read line by line, as the files of this tree are."""
    rules = re.findall(r"^ +expr: (.+)$", (FOLDER / "alerts.yaml").read_text(), re.MULTILINE)
    panels = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    return rules, [target["expr"] for panel in panels for target in panel["targets"]]


class Rules(unittest.TestCase):
    def promtool(self, *words):
        if not shutil.which("promtool"):
            self.skipTest("promtool is not installed: the rules were not tried")
        done = subprocess.run(["promtool", *words], cwd=FOLDER, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_promtool_reads_the_rules(self):
        count = (FOLDER / "alerts.yaml").read_text().count("- alert: ")
        self.assertIn(f"{count} rules found", self.promtool("check", "rules", "alerts.yaml"))

    def test_each_alert_fires_when_it_should_and_not_before(self):
        self.promtool("test", "rules", "alerts_test.yaml")
        tested = (FOLDER / "alerts_test.yaml").read_text()
        for name in re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yaml").read_text()):
            self.assertIn(name, tested)

    def test_each_alert_says_in_both_languages_what_is_wrong_and_what_to_do(self):
        for alert in (FOLDER / "alerts.yaml").read_text().split("- alert: ")[1:]:
            self.assertLessEqual(LANGUAGES, set(re.findall(r"^ +(\w+): \S", alert, re.MULTILINE)), alert)
            self.assertIn(f"`{alert.split()[0]}`", (FOLDER / "README.md").read_text())


def agreement_that_ends():
    source = (REPOSITORY / "deploy" / "agreements" / "huyen-btg-238.yaml").read_text()
    file = Path(tempfile.mkdtemp(prefix="hub-test-")) / "huyen-btg-238.yaml"
    file.write_text(re.sub(r"^in_force: .*$", "in_force: {from: 2024-01-11, until: 2099-12-31}", source, count=1, flags=re.MULTILINE))
    return file


class Names(DeploymentTest):
    @classmethod
    def make_deployment(cls):
        return TlsDeployment(agreement_files=[agreement_that_ends()])

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hub.start_ledger()

    def metrics(self):
        _, body = self.hub.machine().ask("GET", "/metrics")
        return exposition.read(body.decode())

    def test_rules_and_dashboard_ask_for_nothing_that_a_hub_does_not_tell(self):
        hub = self.hub
        name = hub.drop("toa-an.huyen", notice("01-thong-tin-truoc-xet-xu"))
        hub.accepted("toa-an.huyen", name)
        hub.receipt("toa-an.huyen", name, "btg.huyen")
        told = {sample for sample, _ in self.metrics()}
        for asked in expressions():
            names = {one for expression in asked for one in OURS.findall(expression)}
            self.assertGreater(len(names), 10)
            self.assertLessEqual(names, told)

    def test_what_ends_and_the_space_are_told(self):
        told = self.metrics()
        for party in self.hub.agencies:
            self.assertGreater(told[("hub_party_key_expiry_seconds", (("party", party),))], 86_400 * 365)
        self.assertGreater(told[("hub_agreement_expiry_seconds", (("agreement", AGREEMENT),))], 86_400 * 365)
        self.assertGreater(told[("hub_disk_free_bytes", ())], 0)
        self.assertGreater(told[("hub_http_certificate_expiry_seconds", ())], 86_400 * 300)


if __name__ == "__main__":
    unittest.main()
