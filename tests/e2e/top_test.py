"""`hubctl top` of a real hub: drawn again in place on a terminal, printed once elsewhere, and gone without a trace."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unittest

from support import SECONDS, DeploymentTest, binaries, deployment_with_console, hubctl, notice

HOME, LEAVE = b"\x1b[H", b"\x1b[?25h\x1b[?1049l"
COLUMNS, ROWS = 80, 12


class Terminal:
    """A command on a terminal of its own; what it has written so far."""

    def __init__(self, command):
        self.main, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        # A session of its own, whose terminal this is: else Ctrl-C would reach nobody.
        self.process = subprocess.Popen(command, stdin=other, stdout=other, stderr=other, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(other)
        self.written = b""

    def read_until(self, enough):
        deadline = time.monotonic() + SECONDS
        while not enough(self.written):
            ready, _, _ = select.select([self.main], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"not within {SECONDS} s: {self.written!r}")
            try:
                self.written += os.read(self.main, 65536)
            except OSError:  # the other side is closed
                return

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.main)


class Top(DeploymentTest):
    @classmethod
    def make_deployment(cls):
        return deployment_with_console()

    def api(self):
        return "--api", f"http://127.0.0.1:{self.hub.console_port}", "--token-file", str(self.hub.token_file)

    def open(self):
        terminal = Terminal([str(binaries() / "hubctl"), "top", "--every", "0.5", *self.api()])
        self.addCleanup(terminal.close)
        return terminal

    def test_elsewhere_than_on_a_terminal_one_table_is_printed(self):
        name = self.hub.drop("toa-an.huyen", notice("01-thong-tin-truoc-xet-xu"))
        self.hub.accepted("toa-an.huyen", name)
        done = hubctl("top", *self.api())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("\x1b", done.stdout)
        lines = done.stdout.splitlines()
        self.assertLessEqual(max(map(len, lines)), COLUMNS)
        self.assertRegex(done.stdout, r"accepted [1-9]\d*  refused \d+   deliveries \d+   since it started")
        for party in self.hub.agencies:
            (line,) = [one for one in lines if one.startswith(f"{party}/folder")]
            self.assertIn("connected", line)
        told = json.loads(hubctl("top", "--json", *self.api()).stdout)
        self.assertGreaterEqual(told["counted"]["accepted"], 1)

    def test_a_terminal_is_drawn_in_place_and_left_as_it_was_at_ctrl_c(self):
        terminal = self.open()
        terminal.read_until(lambda written: written.count(HOME) >= 3)
        drawing = terminal.written.split(HOME)[2]
        self.assertRegex(drawing, rb"accepted \d+\.\d/min")
        self.assertLessEqual(drawing.count(b"\n"), ROWS - 1)  # nothing scrolls
        shown = re.sub(rb"\x1b\[[?0-9]*[A-Za-z]", b"", drawing).decode().split("\r\n")
        self.assertLessEqual(max(map(len, shown)), COLUMNS)
        os.write(terminal.main, b"\x03")
        terminal.read_until(lambda written: written.endswith(LEAVE))
        self.assertEqual(terminal.process.wait(SECONDS), 0)

    def test_a_hub_that_goes_away_is_told_and_seen_again_when_it_is_back(self):
        terminal = self.open()
        terminal.read_until(lambda written: written.count(HOME) >= 1)
        self.hub.hub.stop()
        terminal.read_until(lambda written: "Lỗi".encode() in written.split(HOME)[-1])
        self.hub.start_hub()
        terminal.read_until(lambda written: b"ENDPOINT" in written.split(HOME)[-1])
        terminal.process.send_signal(signal.SIGTERM)
        terminal.read_until(lambda written: written.endswith(LEAVE))
        self.assertEqual(terminal.process.wait(SECONDS), 0)


if __name__ == "__main__":
    unittest.main()
