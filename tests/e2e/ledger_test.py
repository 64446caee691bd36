"""The ledger by real processes: it follows the hub, says what the journal says, and answers at the command line."""

import json
import subprocess
import time
import unittest

import ledger_check
from support import SECONDS, DeploymentTest, TemporaryDeployment, binaries, notice

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"


def hubctl(*arguments):
    command = [str(binaries() / "hubctl"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def answer(*arguments):
    done = hubctl(*arguments, "--json")
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return json.loads(done.stdout)


class Ledger(DeploymentTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hub.start_ledger()
        cls.data = cls.hub.hub_folder / "data"

    def wait_state(self, document_id, state):
        """Until the ledger says so. Its file gives no event to wait for from outside, so it is asked again."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            trace = hubctl("document", "trace", document_id, "--data", self.data, "--json")
            if trace.returncode == 0:
                trace = json.loads(trace.stdout)
                if [outcome.get("state") for outcome in trace["document"]["outcomes"]] == [state]:
                    return trace
        raise AssertionError(f"{document_id} is not {state}\n{self.hub.log_ends()}")

    def deliver(self, subject=None):
        document = notice(PRE_TRIAL)
        name = self.hub.drop("toa-an.huyen", {**document, **({"subject": subject} if subject else {})})
        status = self.hub.accepted("toa-an.huyen", name)
        self.hub.receipt("toa-an.huyen", name, "btg.huyen")
        return status

    def test_document_is_traced_from_its_batch_to_its_delivery(self):
        status = self.deliver()
        trace = self.wait_state(status["document_id"], "delivered")
        self.assertEqual(trace["document"]["position"], status["position"])
        self.assertEqual(trace["leaf"], status["leaf"])
        (delivery,) = trace["deliveries"]
        self.assertEqual(delivery["events"][0]["actor"], "btg.huyen/folder")
        (copy,) = self.hub.inbox("btg.huyen", status["document_id"])
        self.assertEqual(delivery["id"], copy["delivery"]["id"])
        text = hubctl("document", "trace", status["position"], "--data", self.data)
        self.assertEqual(text.returncode, 0, text.stderr)
        for word in ("batch of", "accepted", "delivered: btg.huyen"):
            self.assertIn(word, text.stdout)
        self.assertLessEqual(max(map(len, text.stdout.splitlines())), 80)

    def test_lists_find_documents_and_deliveries(self):
        status = self.deliver()
        self.wait_state(status["document_id"], "delivered")
        found = answer("document", "list", "--data", self.data, "--text", "xét xử", "--party", "btg.huyen")
        self.assertIn(status["document_id"], [d["id"] for d in found["documents"]])
        folded = answer("document", "list", "--data", self.data, "--text", "xet xu", "--party", "btg.huyen")
        self.assertEqual(found, folded)
        deliveries = answer("delivery", "list", "--data", self.data, "--recipient", "btg.huyen", "--state", "delivered")
        self.assertIn(status["document_id"], [d["document_id"] for d in deliveries["deliveries"]])
        self.assertEqual(answer("delivery", "list", "--data", self.data, "--by-cause"), {"causes": []})
        for command in (("document", "list"), ("delivery", "list"), ("status",)):
            text = hubctl(*command, "--data", self.data)
            self.assertEqual(text.returncode, 0, text.stderr)
            self.assertLessEqual(max(map(len, text.stdout.splitlines())), 80, text.stdout)

    def test_refusal_is_found_by_its_code(self):
        name = self.hub.drop("toa-an.huyen", {**notice(PRE_TRIAL), "to": "ubnd.huyen"})
        reason, _, _ = self.hub.refused("toa-an.huyen", name)
        self.deliver()  # later: when this one is in, the refusal is
        deadline = time.monotonic() + SECONDS
        found = []
        while not found and time.monotonic() < deadline:
            found = answer("document", "list", "--data", self.data, "--refused")["documents"]
        code = found[0]["outcomes"][0]["outcome"]
        self.assertIn(code, json.dumps(reason))
        by_code = answer("document", "list", "--data", self.data, "--code", code)
        self.assertEqual(by_code["documents"], found)

    def test_status_tells_lag_and_endpoints(self):
        status = self.deliver()
        self.wait_state(status["document_id"], "delivered")
        told = answer("status", "--data", self.data)
        self.assertEqual((told["origin"], told["hub_running"]), ("hub.test", True))
        self.assertIn("lag_records", told)
        connected = {e["id"] for e in told["endpoints"] if e["connected"]}
        self.assertEqual(connected, {f"{party}/folder" for party in self.hub.agencies})

    def test_second_writer_and_missing_ledger_are_refused(self):
        done = hubctl("ledger", "rebuild", "--data", self.data, "--json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["error"]["code"], "ledger-in-use")
        done = hubctl("status", "--ledger", self.data / "none.sqlite", "--json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["error"]["code"], "ledger-missing")

    def test_wrong_usage_is_2(self):
        for arguments in (["document", "list"], ["status"], ["document", "trace", "--data", self.data],
                          ["document", "list", "--data", self.data, "--state", "lost"],
                          ["document", "list", "--data", self.data, "--from", "yesterday"],
                          ["document", "list", "--data", self.data, "--limit", "1001"]):
            with self.subTest(arguments):
                self.assertEqual(hubctl(*arguments).returncode, 2)


class LedgerAgainstJournal(unittest.TestCase):
    """SQL over the ledger is what the journal's dump says; followed, stopped in the middle, and rebuilt."""

    def test_ledger_equals_the_journal(self):
        deployment = TemporaryDeployment()
        data = deployment.hub_folder / "data"
        try:
            deployment.start()
            deployment.start_ledger()
            names = []
            for round_number in range(3):
                if round_number == 1:
                    deployment.adapters.pop("btg.huyen").stop()  # what follows stays pending
                for number in range(10):
                    document = {**notice(PRE_TRIAL), "subject": f"Thông tin số {round_number}-{number} trước xét xử"}
                    if number % 3 == 0:
                        document["to"] = "btg.huyen,ubnd.huyen"  # one of them is not permitted
                    names.append(deployment.drop("toa-an.huyen", document))
                for name in names[-10:]:
                    deployment.accepted("toa-an.huyen", name)
            deployment.drop("toa-an.huyen", {**notice(PRE_TRIAL), "to": "ubnd.huyen"}, name="wrong")
            deployment.refused("toa-an.huyen", "wrong")
        except BaseException:
            print(deployment.log_ends())
            raise
        finally:
            ledger = deployment.ledger
            deployment.ledger = None  # goes on until it has the hub's last record
            deployment.stop()
        records = ledger_check.dump(binaries(), data)
        self.wait_position(deployment.ledger_file, len(records))
        self.assertEqual(ledger.stop(), 0)
        ledger_check.check(self, records, deployment.ledger_file)
        pending = ledger_check.rows(deployment.ledger_file, "SELECT count(*) FROM deliveries WHERE state = 'pending'")
        self.assertGreaterEqual(pending[0][0], 20)

        followed = ledger_check.contents(deployment.ledger_file)
        done = hubctl("ledger", "rebuild", "--data", data)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")  # no bar where there is no terminal
        ledger_check.check(self, records, deployment.ledger_file)
        self.assertEqual(ledger_check.contents(deployment.ledger_file), followed)
        deployment.close()

    def wait_position(self, ledger, position):
        deadline = time.monotonic() + SECONDS
        while ledger_check.rows(ledger, "SELECT position FROM meta") != [(position,)]:
            self.assertLess(time.monotonic(), deadline)


if __name__ == "__main__":
    unittest.main()
