"""An edXML file too large to be held in memory, through real adapters and back; a small one beside it isn't kept waiting.

EDXML_MIB is the size of its attachment: the default is more than what goes with the small files. EDXML_MEMORY_MIB is what
an adapter's process may hold, whatever the file's size; 0 doesn't look (sanitizers hold much more)."""

import base64
import hashlib
import os
import random
import re
import tempfile
import unittest
import zipfile
from pathlib import Path

from edxml_flow_test import DATA, MAPPINGS, RECIPIENT, SENDER, WITH_DATA, fixture
from support import SECONDS, TemporaryDeployment, free_port, memory_folder, type_files, wait_until

MIB = 1 << 20
LARGE = int(os.environ.get("EDXML_MIB", 24))
MEMORY_MAX = int(os.environ.get("EDXML_MEMORY_MIB", 64)) * MIB
WAIT = SECONDS + LARGE / 4
MARK = b"JVBERi0xLjQK"  # how the small attachment's base64 begins
STEP = 3 * 76 * 1024  # base64 of whole lines


def write_large(path):
    """The fixture with another content of its first attachment; answers that content's digest."""
    before, rest = fixture(f"good/{WITH_DATA}").split(MARK, 1)
    after = rest[rest.index(b"<") :]
    generator, digest = random.Random(7), hashlib.sha256()
    with open(path, "wb") as file:
        file.write(before)
        left = LARGE * MIB
        chunk = b"%PDF-1.4\n" + generator.randbytes(STEP - 9)
        while left > 0:
            digest.update(chunk[:left])
            file.write(base64.b64encode(chunk[:left]) + b"\n")
            left -= STEP
            chunk = generator.randbytes(STEP)
        file.write(after)
    return digest.hexdigest()


def roomy_types(folder):
    """The types, of which the fixture's permits as much as the hub does."""
    for path in type_files():
        text = path.read_text()
        if path.name.startswith("project-plan-notice."):
            text, changed = re.subn(r'"bytes_max": \d+', f'"bytes_max": {1 << 32}', text)
            assert changed == 1
        (folder / path.name).write_text(text)
    return sorted(folder.iterdir())


def write_decoded(path, to):
    """The delivery's first attachment as it is wrapped, decoded piece by piece."""
    begin = b"<ContentTransferEncoded>"
    with open(path, "rb") as file, open(to, "wb") as out:
        head = b""
        while begin not in head:
            head = head[-64:] + file.read(1 << 16)
        text, end = head[head.index(begin) + len(begin) :], b""
        while not end:
            content, end, _ = text.partition(b"<")
            content = b"".join(content.split())
            whole = len(content) if end else len(content) // 4 * 4
            out.write(base64.b64decode(content[:whole]))
            more = b"" if end else file.read(MIB)
            assert more or end, "the content has no end"
            text = content[whole:] + more


def unwrapped_digest(path):
    """Of what a zip of one file holds."""
    with zipfile.ZipFile(path) as wrapping:
        (name,) = wrapping.namelist()
        with wrapping.open(name) as content:
            return hashlib.file_digest(content, "sha256").hexdigest()


def memory_peak(process):
    """Bytes that the process has held at most."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM:"))


class LargeEdxml(unittest.TestCase):
    def setUp(self):
        types = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.hub = TemporaryDeployment(parent=memory_folder(), types=roomy_types(types))
        self.addCleanup(self.hub.close)
        self.hub.use_edxml(DATA / "organisations.yaml", MAPPINGS, inboxes=[RECIPIENT])
        self.hub.address(free_port(0))
        self.sender, self.recipient = self.hub.agencies[SENDER], self.hub.agencies[RECIPIENT]

    def test_goes_through_in_bounded_memory_and_small_ones_overtake_it(self):
        self.hub.start()
        written = self.sender.folder / "agency" / "large"
        digest = write_large(written)
        os.rename(written, self.sender.outbox / "0-large.edxml")
        self.sender.drop("1-small.edxml", self.small())
        (small,) = self.delivered(1, SECONDS)
        self.assertFalse((self.sender.sent / "0-large.edxml").exists(), "the large file was no test of anything")
        (large,) = self.delivered(2, WAIT) - {small}
        wrapped = self.hub.folder / "attachment.zip"
        write_decoded(large, wrapped)
        self.assertEqual(unwrapped_digest(wrapped), digest)
        peaks = {party: memory_peak(self.hub.adapters[party]) for party in (SENDER, RECIPIENT)}
        print({party: f"{peak / MIB:.0f} MiB" for party, peak in peaks.items()})
        if MEMORY_MAX:
            self.assertLess(max(peaks.values()), MEMORY_MAX)

    def small(self):
        return fixture(f"good/{WITH_DATA}").replace(b",57/CV-UBND", b",58/CV-UBND").replace(b">57<", b">58<")

    def delivered(self, count, seconds):
        inbox = self.recipient.inbox
        if not wait_until(lambda: len(list(inbox.glob("*.edxml"))) == count, [inbox], seconds):
            raise AssertionError(f"delivery {count} did not come\n{self.hub.log_ends()}")
        return set(inbox.glob("*.edxml"))


if __name__ == "__main__":
    unittest.main()
