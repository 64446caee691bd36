"""deploy/demo --once, twice in one folder: every outcome is the expected one, both times."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import REPOSITORY, binaries

DEMO = REPOSITORY / "deploy" / "demo"


class Demo(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hub-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {**os.environ, "HUB_BIN": str(binaries()), "COLUMNS": "80"}

    def demo(self, *options):
        command = [str(DEMO), "--no-install", "--data", str(self.folder / "data"), *options]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def test_once_ends_with_all_as_expected_and_so_does_a_second_run(self):
        done = self.demo("--once", "--json")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        *outcomes, summary = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(summary["failed"], 0)
        self.assertGreaterEqual(summary["passed"], 10)
        for outcome in outcomes:
            if outcome["code"] == "accepted":
                self.assertTrue(Path(outcome["delivered"]).is_file(), outcome)
        self.assertTrue(any(outcome["code"] != "accepted" for outcome in outcomes))

        done = self.demo("--once")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual(done.stdout.splitlines()[-1], f"{summary['passed']} passed, 0 failed")
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertNotIn("\033", done.stdout)

    def test_interrupt_ends_it_and_all_its_processes(self):
        command = [str(DEMO), "--no-install", "--data", str(self.folder / "data")]
        with subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True) as demo:
            for line in demo.stdout:
                if "Ctrl-C" in line:
                    break
            children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
            self.assertGreaterEqual(len(children), 6)
            demo.send_signal(signal.SIGINT)
            demo.stdout.read()
            self.assertEqual(demo.wait(timeout=30), 0)
        for child in children:
            self.assertFalse(Path(f"/proc/{child}").exists())

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
