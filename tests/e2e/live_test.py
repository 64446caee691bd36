"""What the hub tells by itself: events as they happen, alerts once when a state begins and once when it ends, to browsers
and to a webhook; and an endpoint whose deliveries are held back."""

import http.client
import http.server
import json
import threading
import unittest

from access_support import AccessDeployment
from support import SECONDS, notice, until

STREAMS_MAX = 32
SENDER, RECIPIENT = "toa-an.huyen", "btg.huyen"


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def paused_ones(alerts):
    """What a hub of a test may say beside them is of no interest: keys and agreements that end soon."""
    return [one for one in alerts if one["alert"] == "endpoint-paused"]


class Stream:
    """One stream of events: open, and read one by one."""

    def __init__(self, browser):
        self.connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=SECONDS)
        headers = {"Cookie": browser.cookie, "Authorization": f"Bearer {browser.token}" if browser.token else None}
        self.connection.request("GET", "/api/v1/events", headers={k: v for k, v in headers.items() if v})
        self.answer = self.connection.getresponse()

    def next(self):
        """Name and data of the next event; None at the end."""
        name = None
        while line := self.answer.readline():
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                name = text[7:]
            if text.startswith("data: "):
                return name, json.loads(text[6:])
        return None

    def wait(self, name, condition):
        while (event := self.next()) is not None:
            if event[0] == name and condition(event[1]):
                return event[1]
        raise AssertionError(f"the stream ended before its {name}")

    def close(self):
        self.connection.close()


class Live(unittest.TestCase):
    def setUp(self):
        self.hub = AccessDeployment()
        self.addCleanup(self.hub.close)
        self.hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.hook.told = []
        threading.Thread(target=self.hook.serve_forever, daemon=True).start()
        self.addCleanup(self.hook.server_close)
        self.addCleanup(self.hook.shutdown)
        settings = self.hub.hub_folder / "hub.yaml"
        at = f'"127.0.0.1:{self.hub.console_port}"'
        text = settings.read_text()
        self.assertIn(f"listen: {at}}}", text)
        webhook = f"http://127.0.0.1:{self.hook.server_address[1]}/hub"
        settings.write_text(text.replace(f"listen: {at}}}", f'listen: {at}, webhook: "{webhook}"}}'))
        self.hub.start()
        self.hub.start_ledger()

    def order(self, action, *more):
        order = ("endpoint", action, f"{RECIPIENT}/folder", "--reason", "bảo trì máy chủ", "--key", self.hub.administrators[0])
        return json.loads(self.hub.hubctl(*order, *self.hub.api(), *more, "--json"))

    def test_a_paused_endpoint_gets_nothing_and_everybody_is_told_once_until_it_goes_on(self):
        stream = Stream(self.hub.machine())
        self.addCleanup(stream.close)
        self.assertEqual(stream.answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(stream.next()[0], "alerts")
        paused = self.order("pause")["position"]

        def endpoint(status):
            return next(one for one in status["live"]["endpoints"] if one["endpoint"] == f"{RECIPIENT}/folder")

        status = stream.wait("status", lambda one: endpoint(one)["paused"])
        self.assertEqual(endpoint(status)["last_order"], paused)
        self.assertTrue(endpoint(status)["connected"])
        name = self.hub.drop(SENDER, notice("01-thong-tin-truoc-xet-xu"))
        self.hub.accepted(SENDER, name)
        waiting = stream.wait("status", lambda one: endpoint(one)["waiting"] == 1)
        self.assertEqual(endpoint(waiting)["in_flight"], 0)
        told = stream.wait("alerts", lambda one: paused_ones(one["alerts"]))
        [alert] = paused_ones(told["alerts"])
        self.assertEqual(alert["subject"], f"{RECIPIENT}/folder")
        self.assertIn("Đang tạm dừng giao cho btg.huyen/folder", alert["vi"]["title"])
        self.order("resume")
        self.hub.receipt(SENDER, name, RECIPIENT)
        over = stream.wait("alerts", lambda one: not paused_ones(one["alerts"]))
        self.assertEqual([one["event"] for one in paused_ones(over["changes"])], ["ends", "begins"])
        until("the webhook has both", lambda: len(paused_ones(self.hook.told)) == 2)
        self.assertEqual([one["event"] for one in paused_ones(self.hook.told)], ["begins", "ends"])
        data = ("--data", self.hub.data, "--json")
        acts = until("the audit has both", lambda: self.acts(data))
        self.assertEqual([one["action"] for one in acts], ["resume", "pause"])
        self.assertEqual({one["endpoint"] for one in acts}, {f"{RECIPIENT}/folder"})
        self.assertEqual({one["reason"] for one in acts}, {"bảo trì máy chủ"})

    def acts(self, data):
        acts = json.loads(self.hub.hubctl("audit", "list", "--kind", "endpoint-ordered", *data))["acts"]
        return acts if len(acts) == 2 else None

    def test_a_stream_ends_with_the_right_to_it_and_there_is_room_for_so_many(self):
        operator = self.hub.make_user("van-hanh", "operator")
        mine = Stream(operator)
        self.assertEqual(mine.next()[0], "alerts")
        streams = [Stream(self.hub.machine()) for _ in range(STREAMS_MAX - 1)]
        for stream in streams:
            self.addCleanup(stream.close)
            self.assertEqual(stream.answer.status, 200)
        status, answer = self.hub.machine().ask("GET", "/api/v1/events")
        self.assertEqual((status, answer["error"]["code"]), (503, "event-streams-too-many"))
        self.hub.change("revoke", "van-hanh", "operator")
        while mine.next() is not None:
            pass
        streams[0].close()

        def has_room():
            one = Stream(self.hub.machine())
            one.close()
            return one.answer.status == 200

        until("there is room again", has_room)
        self.assertEqual(self.hub.stop()[0], 0)


if __name__ == "__main__":
    unittest.main()
