"""Alerts as documents: the hub puts a notice into the outbox of its operation's adapter, which sends it to the operator's
party as every agency sends; and what becomes of notices while that adapter is away."""

import json
import subprocess
import unittest

from access_support import AccessDeployment
from support import DISTRICT, REPOSITORY, binaries, until

OPERATION = REPOSITORY / "deploy" / "operation"
SENDER, OPERATOR = "van-hanh.trung-tam", "truc-ban.trung-tam"
PAUSED = "btg.huyen/folder"
ENDS_SECONDS = 60.0  # a state ends when it has not been so for 20 s


class AlertNotices(unittest.TestCase):
    def setUp(self):
        deploy = REPOSITORY / "deploy"
        self.hub = AccessDeployment(
            parties=(*DISTRICT, SENDER, OPERATOR),
            party_files=[deploy / "parties" / "huyen.yaml", OPERATION / "parties" / "van-hanh.yaml"],
            agreement_files=[deploy / "agreements" / "huyen-btg-238.yaml", OPERATION / "agreements" / "van-hanh-canh-bao.yaml"],
        )
        self.addCleanup(self.hub.close)
        self.hub.alert_notices = SENDER, OPERATOR
        self.hub.address(self.hub.port, self.hub.console_port)
        self.hub.start_hub()
        self.hub.start_adapter(OPERATOR)

    def order(self, action):
        reason = ("--reason", "bảo trì máy chủ", "--key", self.hub.administrators[0])
        self.hub.hubctl("endpoint", action, PAUSED, *reason, *self.hub.api())

    def notices(self):
        """What the operator has about the paused endpoint, in the order in which the hub accepted it."""
        files = sorted(self.hub.agencies[OPERATOR].inbox.glob("*.json"))
        documents = [json.loads(file.read_bytes()) for file in files]
        return [document for document in documents if document["data"].get("about") == PAUSED]

    def wait_notices(self, count, seconds=ENDS_SECONDS):
        return until(f"{count} notices at the operator", lambda: len(self.notices()) == count and self.notices(), seconds)

    def test_a_state_that_begins_and_ends_comes_to_the_operator_as_two_documents_under_the_clause(self):
        self.hub.start_adapter(SENDER)
        self.hub.start_ledger()
        self.order("pause")
        [begins] = self.wait_notices(1)
        self.assertEqual(begins["type"], "hub-alert/1")
        self.assertEqual(begins["source"], SENDER)
        self.assertEqual(begins["subject"], f"Cảnh báo của trung tâm. Bắt đầu: Đang tạm dừng giao cho {PAUSED}")
        self.assertEqual((begins["data"]["event"], begins["data"]["alert"]), ("begins", "endpoint-paused"))
        self.assertEqual(begins["data"]["facts"], {"endpoint": PAUSED})
        self.assertEqual(begins["delivery"]["clause"], "canh-bao")
        self.order("resume")
        _, ends = self.wait_notices(2)
        self.assertEqual((ends["data"]["event"], ends["data"]["since"]), ("ends", begins["data"]["since"]))
        self.assertGreater(ends["data"]["time"], begins["data"]["time"])
        listed = until("the ledger has both", self.listed)
        self.assertEqual({one["id"] for one in listed}, {begins["id"], ends["id"]})
        agency = self.hub.agencies[SENDER]
        until("both have their receipts", lambda: len(list(agency.status.glob(f"alert-*.delivered.{OPERATOR}.json"))) == 2)
        self.assertEqual([path.name for path in agency.outbox.iterdir()], [])
        self.assertEqual(list(agency.refused.iterdir()), [])

    def listed(self):
        """The documents that went under the operator's rule, as the ledger has them."""
        options = ("--agreement", "van-hanh/canh-bao", "--clause", "canh-bao", "--accepted", "--data", self.hub.data, "--json")
        found = json.loads(self.hub.hubctl("document", "list", *options))["documents"]
        return found if len(found) == 2 else None

    def test_notices_wait_while_the_adapter_is_away_and_while_its_folder_is(self):
        outbox = self.hub.agencies[SENDER].outbox
        outbox.rmdir()
        self.order("pause")
        until("the hub says that it can't", lambda: "the folder of notices takes no alerts" in self.hub.log_ends())
        outbox.mkdir()
        until("the hub has put it there", lambda: list(outbox.glob("alert-*.json")))
        self.assertEqual(self.notices(), [])
        self.hub.start_adapter(SENDER)
        self.assertEqual([one["data"]["event"] for one in self.wait_notices(1)], ["begins"])

    def test_a_setting_that_is_not_whole_is_refused_with_its_place(self):
        hub_yaml = self.hub.hub_folder / "hub.yaml"
        text = hub_yaml.read_text()
        whole = f'{{folder: "../parties/{SENDER}/agency/outbox", to: {OPERATOR}}}'
        self.assertIn(whole, text)
        for settings, wrong in ((whole, None), (f"{{to: {OPERATOR}}}", "folder"), ("{folder: outbox}", "to"), ("{folder: outbox, to: Trực ban}", "to"),
                                ("{folder: outbox, to: a, key: b}", "key"), ("outbox", "alert_notices")):  # fmt: skip
            hub_yaml.write_text(text.replace(whole, settings))
            command = [binaries() / "hubd", "check", "--config", hub_yaml]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1 if wrong else 0, settings + done.stderr)
            if wrong:
                self.assertRegex(done.stderr, r"hub\.yaml:4:\d+")
                self.assertRegex(done.stderr, rf"/console/alert_notices\S*{wrong}|/console/{wrong}")


if __name__ == "__main__":
    unittest.main()
