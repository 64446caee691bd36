"""Single sign-on in a real Chromium, with a provider on another site: whether the browser gives each cookie where the hub
counts on it. What is missing is as for console_web_test.py."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from console_web_test import MODULES, REPOSITORY, missing

sys.path.insert(0, str(REPOSITORY / "tests" / "e2e"))

from sign_on_test import USER, SignOnDeployment  # noqa: E402

SECONDS = 300
OTHER_SITE = "127.0.0.2"


class SignOnWeb(unittest.TestCase):
    def test_a_browser_signs_on_by_another_site(self):
        if reason := missing():
            self.skipTest(reason)
        hub = SignOnDeployment(OTHER_SITE)
        self.addCleanup(hub.close)
        hub.start_hub()
        hub.change("grant", USER, "operator")
        facts = {"base": f"http://127.0.0.1:{hub.console_port}", "user": USER}
        environment = os.environ | {"CONSOLE_FACTS": json.dumps(facts), "CONSOLE_MODULES": f"{MODULES.parent}/"}
        command = ["node", "--test", "--test-reporter=spec", str(Path(__file__).with_name("sign_on.mjs"))]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
