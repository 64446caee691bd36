"""The web console of a real hub in a real Chromium: what browser.mjs tests, on documents that flowed here.

HUB_BIN names the folder of the binaries. node, chromium and what hub/console/web/install installs are needed; without
them it is skipped, and says what is missing."""

import json
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "e2e"))

from support import deployment_with_console, notice, until  # noqa: E402

MODULES = REPOSITORY / "build" / "console-web" / "node_modules"
SCREENSHOTS = REPOSITORY / "build" / "screenshots"  # kept: what every page looked like
SECONDS = 900


def missing():
    programs = [name for name in ("node", "chromium") if not shutil.which(name)]
    if programs:
        return f"{' and '.join(programs)} not installed; deploy/packages names the packages"
    return None if (MODULES / "playwright-core").is_dir() else "run hub/console/web/install first"


class WebConsole(unittest.TestCase):
    def setUp(self):
        if reason := missing():
            self.skipTest(reason)
        shutil.rmtree(SCREENSHOTS, ignore_errors=True)  # pages have other names in each run
        self.hub = deployment_with_console(administrators=2)
        self.addCleanup(self.hub.close)
        self.hub.start()

    def send(self):
        """A notice that is delivered, one that is refused, and one that waits: their positions."""
        hub = self.hub
        name = hub.drop("toa-an.huyen", notice("01-thong-tin-truoc-xet-xu"))
        delivered = hub.accepted("toa-an.huyen", name)["position"]
        hub.receipt("toa-an.huyen", name, "btg.huyen")
        refused, _, _ = hub.refused("vks.huyen", hub.drop("vks.huyen", notice("01-thong-tin-truoc-xet-xu")))
        hub.adapters.pop("btg.huyen").stop()
        waiting = hub.accepted("hdnd.huyen", hub.drop("hdnd.huyen", notice("03-thong-tin-hang-quy")))["position"]
        hub.start_ledger()
        read = json.loads(hub.hubctl("document", "read", delivered, "--reason", "khiếu nại số 7", "--key", hub.administrators[0], "--api",
                                     f"http://127.0.0.1:{hub.console_port}", "--token-file", hub.token_file, "--json"))
        data = hub.hub_folder / "data"
        until("the ledger has the reading", lambda: json.loads(hub.hubctl("audit", "list", "--kind", "body-read", "--data", data, "--json"))["acts"])
        return {"delivered": delivered, "refused": refused["position"], "waiting": waiting, "read": read["position"]}

    def invite(self):
        """Users of three roles: the links by which each sets a password."""
        hub, links = self.hub, {}
        data = hub.hub_folder / "data"
        api = ("--api", f"http://127.0.0.1:{hub.console_port}", "--token-file", hub.token_file)
        for role, more in (("operator", ()), ("administrator", ()), ("viewer", ("--party", "toa-an.huyen"))):
            hub.hubctl("user", "grant", f"web-{role}", "--role", role, *more, "--reason", "thử", "--key",
                       hub.administrators[0], "--data", data, *api)  # fmt: skip
            address = f"http://127.0.0.1:{hub.console_port}"
            links[role] = hub.hubctl("user", "invite", f"web-{role}", "--data", data, "--address", address).strip()
        return links

    def key_of_a_stranger(self):
        file = self.hub.folder / "stranger.json"
        self.hub.hubctl("key", "new", "--use", "administrator", "--out", file)
        return str(file)

    def test_console_shows_what_flowed_and_proves_it(self):
        hub = self.hub
        facts = self.send()
        data = hub.hub_folder / "data"
        receipts = hub.folder / "receipts"
        prove = ("log", "prove", facts["delivered"], "--data", data, "--out", receipts)
        until("a checkpoint over the document", lambda: subprocess.run(
            [hub.binaries / "hubctl", *map(str, prove)], capture_output=True, check=False).returncode == 0)
        facts |= {
            "base": f"http://127.0.0.1:{hub.console_port}",
            "token": hub.token_file.read_text().strip(),
            "links": self.invite(),
            "administrator": str(hub.administrators[0]),
            "approver": str(hub.administrators[1]),
            "stranger": self.key_of_a_stranger(),
            "receipts": sorted(map(str, receipts.glob("*.tlog-proof"))),
            "key": hub.hubctl("log", "key", "--data", data).strip(),
            "screenshots": str(SCREENSHOTS),
            "subject": notice("01-thong-tin-truoc-xet-xu")["subject"],
        }
        environment = os.environ | {"CONSOLE_FACTS": json.dumps(facts), "CONSOLE_MODULES": f"{MODULES.parent}/"}
        command = ["node", "--test", "--test-reporter=spec", str(Path(__file__).with_name("browser.mjs"))]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
