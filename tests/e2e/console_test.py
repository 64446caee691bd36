"""The hub's HTTP interface, asked of a real hub: figures that move, probes that stand in the journal, who may ask."""

import http.client
import json
import re
import shutil
import subprocess
import unittest

import exposition
from support import AGREEMENT, REPOSITORY, DeploymentTest, TemporaryDeployment, binaries, free_port, notice

from deployment import SetupError  # noqa: E402  (support adds its folder)

SECONDS = 30.0
STUCK_MICROS = 20_000_000
METRICS_MAY_MISS = "promtool is not installed: only our own reading of the format was tested"


class ConsoleDeployment(TemporaryDeployment):
    def __init__(self):
        super().__init__()
        self.address(self.port, free_port(0))

    def get(self, path, token=None, method="GET"):
        """Status, header fields and body. With the hub's token unless another one is given; none for ''."""
        token = self.token_file.read_text().strip() if token is None else token
        connection = http.client.HTTPConnection("127.0.0.1", self.console_port, timeout=SECONDS)
        try:
            connection.request(method, path, headers={"Authorization": f"Bearer {token}"} if token else {})
            answer = connection.getresponse()
            goes_on = answer.headers["Content-Type"] == "text/event-stream"
            return answer.status, answer.headers, answer.readline() if goes_on else answer.read()
        finally:
            connection.close()

    def json(self, path):
        status, _, body = self.get(path)
        return status, json.loads(body)

    def metrics(self):
        status, _, body = self.get("/metrics")
        assert status == 200, body
        return exposition.read(body.decode())

    def catch_up_ledger(self):
        """A ledger that is ready has caught up."""
        if self.ledger:
            self.ledger.stop()
        self.start_ledger()

    def send_notice(self):
        name = self.drop("toa-an.huyen", notice("01-thong-tin-truoc-xet-xu"))
        self.accepted("toa-an.huyen", name)
        self.receipt("toa-an.huyen", name, "btg.huyen")


def routes():
    """Method and path of each route in the description, and the permission that it needs: `open`, none at all."""
    path, route, found = None, None, {}
    for line in (REPOSITORY / "schemas" / "openapi.yaml").read_text().splitlines():
        if match := re.fullmatch(r"  (/\S*):", line):
            path = match[1]
        elif match := re.fullmatch(r"    (get|post|delete):", line):
            route = match[1].upper(), path
        elif match := re.fullmatch(r"      x-permission: (\w+)", line):
            found[route] = match[1]
        elif line == "      security: []":
            found[route] = "open"
    return found


def example(path):
    examples = {"document": "1", "tile": "0/000.p/1", "file": "index.html", "agreement": AGREEMENT, "user": "nobody"}
    return re.sub(r"\{(\w+)\}", lambda name: examples[name[1]], path)


class Interface(DeploymentTest):
    @classmethod
    def make_deployment(cls):
        return ConsoleDeployment()

    def test_figures_move_when_a_document_flows(self):
        before = self.hub.metrics()
        self.hub.send_notice()
        after = self.hub.metrics()

        def moved(name, **labels):
            key = name, tuple(sorted(labels.items()))
            return after[key] - before.get(key, 0)

        self.assertEqual(moved("hub_documents_total", outcome="accepted", agreement=AGREEMENT), 1)
        self.assertEqual(moved("hub_recipient_outcomes_total", outcome="accepted", agreement=AGREEMENT), 1)
        self.assertEqual(moved("hub_batches_total"), 1)
        self.assertEqual(moved("hub_deliveries_sent_total"), 1)
        self.assertEqual(moved("hub_deliveries_acknowledged_total"), 1)
        self.assertEqual(moved("hub_receipts_sent_total"), 1)
        self.assertEqual(moved("hub_accept_duration_seconds_count"), 1)
        self.assertEqual(moved("hub_delivery_acknowledge_duration_seconds_count"), 1)
        for stage in ("prepare", "decide", "durable", "answer"):
            self.assertEqual(moved("hub_stage_duration_seconds_count", stage=stage), 1)
        self.assertGreater(moved("hub_journal_sync_duration_seconds_sum"), 0)
        self.assertGreater(moved("hub_journal_durable_position"), 0)
        self.assertGreaterEqual(after["hub_sessions", ()], 2)
        self.assertEqual(after["hub_deliveries_in_flight", (("endpoint", "btg.huyen/folder"),)], 0)

    def test_promtool_finds_nothing_to_say(self):
        self.hub.send_notice()
        _, headers, body = self.hub.get("/metrics")
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertGreater(len(exposition.read(body.decode())), 100)
        if not shutil.which("promtool"):
            self.skipTest(METRICS_MAY_MISS)
        done = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, b""))

    def test_promtool_would_find_something(self):
        if not shutil.which("promtool"):
            self.skipTest(METRICS_MAY_MISS)
        bad = b"# TYPE hub_wrong counter\nhub_wrong 1\n"
        done = subprocess.run(["promtool", "check", "metrics"], input=bad, capture_output=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        with self.assertRaises(exposition.FormatError):
            exposition.read(bad.decode())

    def test_an_operator_stops_a_waiting_delivery_once_and_its_sender_is_told(self):
        hub = self.hub
        hub.adapters.pop("btg.huyen").stop()
        name = hub.drop("toa-an.huyen", notice("01-thong-tin-truoc-xet-xu"))
        position = hub.accepted("toa-an.huyen", name)["position"]
        hub.catch_up_ledger()
        api = ("--api", f"http://127.0.0.1:{hub.console_port}", "--token-file", hub.token_file)
        waiting = json.loads(hub.hubctl("document", "trace", str(position), "--json", *api))["deliveries"][0]
        self.assertEqual(waiting["state"], "pending")
        administrator = hub.hub_folder / "data" / "keys" / "administrator.json"
        order = ("delivery", "stop", waiting["id"], "--reason", "sai nơi nhận", "--key", administrator)
        done = json.loads(hub.hubctl(*order, "--json", *api))
        self.assertGreater(done["position"], position)
        stopped = hub.status("toa-an.huyen", f"{name}.stopped.btg.huyen.json")
        self.assertEqual(stopped["reason"], "sai nơi nhận")
        with self.assertRaises(SetupError) as refused:  # it has another last record now
            hub.hubctl(*order, "--json", *api)
        self.assertIn("order-", str(refused.exception))
        hub.start_adapter("btg.huyen")

    def test_an_attachment_that_the_hub_lost_makes_a_dead_letter_that_can_be_tried_again(self):
        hub, sender = self.hub, "hdnd.huyen"
        hub.adapters.pop("btg.huyen").stop()
        files = hub.agencies[sender].outbox / "quy.files"
        files.mkdir()
        (files / "so-lieu.bin").write_bytes(b"bytes" * 1000)
        document = {**notice("03-thong-tin-hang-quy"), "attachments": [{"name": "so-lieu.bin"}]}
        hub.drop(sender, document, "quy")
        position = hub.accepted(sender, "quy")["position"]
        [content] = (hub.hub_folder / "data" / "content" / sender).iterdir()
        kept = content.rename(hub.hub_folder / "kept")
        hub.start_adapter("btg.huyen")
        failed = hub.status(sender, "quy.failed.btg.huyen.json")
        self.assertEqual(failed["reason"], "content-unknown: attachment 1: No such attachment")
        kept.rename(content)
        hub.catch_up_ledger()
        api = ("--api", f"http://127.0.0.1:{hub.console_port}", "--token-file", hub.token_file)
        [dead] = json.loads(hub.hubctl("document", "trace", str(position), "--json", *api))["deliveries"]
        self.assertEqual(dead["state"], "failed")
        administrator = hub.hub_folder / "data" / "keys" / "administrator.json"
        order = ("delivery", "retry", dead["id"], "--reason", "đã khôi phục tệp", "--key", administrator)
        hub.hubctl(*order, "--json", *api)
        hub.receipt(sender, "quy", "btg.huyen")
        inbox = hub.agencies["btg.huyen"].inbox
        self.assertEqual((inbox / f"{dead['id']}.files" / "so-lieu.bin").read_bytes(), b"bytes" * 1000)

    def test_every_route_but_the_open_ones_wants_the_token(self):
        self.assertGreater(len(routes()), 3)
        for (route_method, path), permission in routes().items():
            is_open = permission == "open"
            if is_open and route_method != "GET":
                continue  # they want a body: access_test.py
            good = 404 if path.startswith("/api/v1/sign-on") else 200  # this hub has no provider: sign_on_test.py
            for token in ("", "0" * 64, self.hub.token_file.read_text().strip() + "0"):
                for method in ("GET", "HEAD") if route_method == "GET" else (route_method,):
                    status, headers, body = self.hub.get(example(path), token, method)
                    self.assertEqual(status, good if is_open else 401, path)
                    if not is_open:
                        self.assertEqual(headers["WWW-Authenticate"], "Bearer")
                    if not is_open and method != "HEAD":
                        self.assertEqual(json.loads(body)["error"]["code"], "token-required")

    def test_errors_speak_both_languages(self):
        for path, status, code in (
            ("/nowhere", 404, "path-unknown"),
            ("/../data/keys/api-token", 404, "path-unknown"),
            ("/api/v1/status?limt=3", 400, "parameter-invalid"),
        ):
            answered, body = self.hub.json(path)
            self.assertEqual((answered, body["error"]["code"]), (status, code))
            self.assertTrue(body["error"]["vi"]["reason"] and body["error"]["en"]["reason"])
        self.assertEqual(self.hub.get("/metrics", method="POST")[0], 405)

    def test_status_names_every_endpoint_and_who_is_there(self):
        self.hub.send_notice()
        status = self.hub.json("/api/v1/status")[1]["live"]
        self.assertEqual(status["origin"], "hub.test")
        self.assertEqual({e["endpoint"] for e in status["endpoints"]}, {f"{party}/folder" for party in self.hub.agencies})
        connected = {e["endpoint"] for e in status["endpoints"] if e["connected"]}
        self.assertLessEqual({"toa-an.huyen/folder", "btg.huyen/folder"}, connected)


class Probes(unittest.TestCase):
    def setUp(self):
        self.hub = ConsoleDeployment()
        self.addCleanup(self.hub.close)

    def test_probe_stands_in_the_journal(self):
        self.hub.start_hub()
        status, ready = self.hub.json("/readyz")
        self.assertEqual((status, ready["ok"]), (200, True))
        self.assertEqual(self.hub.stop(), [0])
        data = self.hub.hub_folder / "data"
        dumped = self.hub.hubctl("journal", "dump", "--data", data, "--from", ready["position"], "--count", 1, "--json")
        self.assertEqual(json.loads(dumped)["kind"], "probe-recorded")
        self.hub.start_hub()  # and a hub replays it
        self.assertEqual(self.hub.json("/readyz")[0], 200)

    def test_hub_whose_disk_hangs_is_alive_and_not_ready(self):
        if not shutil.which("strace"):
            self.skipTest("strace is not installed")
        self.hub.start_hub()
        self.assertEqual(self.hub.json("/readyz")[0], 200)
        inject = f"inject=fdatasync:delay_enter={STUCK_MICROS}"
        with subprocess.Popen(
            ["strace", "-f", "-p", str(self.hub.hub.pid), "-e", "trace=fdatasync", "-e", inject],
            stderr=subprocess.PIPE,
            text=True,
        ) as strace:
            self.assertIn("attached", strace.stderr.readline())
            status, body = 200, None
            while status == 200:  # a probe of the last second may still serve
                status, body = self.hub.json("/readyz")
            self.assertEqual((status, body["error"]["code"]), (503, "hub-silent"))
            self.assertEqual(self.hub.get("/healthz", "")[0], 200)
            strace.terminate()
            strace.stderr.read()
        self.assertEqual(self.hub.json("/readyz")[0], 200)


class Settings(unittest.TestCase):
    def setUp(self):
        self.hub = ConsoleDeployment()
        self.addCleanup(self.hub.close)
        self.hub_yaml = self.hub.hub_folder / "hub.yaml"

    def check(self):
        command = [binaries() / "hubd", "check", "--config", self.hub_yaml]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_address_that_others_reach_is_refused_with_line_and_reason(self):
        text = self.hub_yaml.read_text()
        for address in ("0.0.0.0:7480", "192.0.2.1:7480", "[::]:7480", "hub.example:7480", "127.0.0.1"):
            self.hub_yaml.write_text(re.sub(r'listen: "[^"]*"', f'listen: "{address}"', text))
            done = self.check()
            self.assertEqual(done.returncode, 1, address)
            self.assertRegex(done.stderr, r"hub\.yaml:4:\d+")
            self.assertIn("127.0.0.1", done.stderr)

    def test_a_webhook_is_told_in_the_clear_on_loopback_alone(self):
        text = self.hub_yaml.read_text()
        for webhook, status in (("https://mail.example/hub", 0), ("http://127.0.0.1:9093/hub", 0), ("http://[::1]:9093", 0),
                                ("http://10.0.0.1:80/", 1), ("http://localhost:80/", 1), ("mail.example", 1)):  # fmt: skip
            self.hub_yaml.write_text(re.sub(r'(listen: "[^"]*")}', rf'\1, webhook: "{webhook}"}}', text))
            done = self.check()
            self.assertEqual(done.returncode, status, webhook + done.stderr)
            self.assertTrue(status == 0 or re.search(r"hub\.yaml:4:\d+", done.stderr), done.stderr)

    def test_token_is_its_owners_alone_and_is_made_again_when_it_is_gone(self):
        first = self.hub.token_file.read_text()
        self.assertEqual(self.hub.token_file.stat().st_mode & 0o777, 0o600)
        self.hub.token_file.unlink()
        self.hub.start_hub()
        self.assertNotEqual(self.hub.token_file.read_text(), first)
        self.assertEqual(self.hub.json("/api/v1/status")[0], 200)

    def test_token_that_others_can_read_keeps_the_hub_from_starting(self):
        self.hub.token_file.chmod(0o644)
        command = [binaries() / "hubd", "--config", self.hub_yaml]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 600", done.stderr)


if __name__ == "__main__":
    unittest.main()
