"""edXML by real processes: dropped, delivered, answered, refused; adapters killed in between; and every fixture in one outbox."""

import hashlib
import json
import time
import unittest
import xml.etree.ElementTree as xml

from support import REPOSITORY, SECONDS, TemporaryDeployment, free_port, wait_until

DATA = REPOSITORY / "tests" / "data" / "edxml"
MAPPINGS = REPOSITORY / "adapters" / "edxml" / "mappings"
SENDER, RECIPIENT = "ubnd.huyen", "btg.huyen"
NAMESPACE = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}"
WITH_DATA = "44-hub-data"  # a project-plan-notice, which the district's agreement lets go


def fixture(name):
    return (DATA / f"{name}.edxml").read_bytes()


def text_of(path, element):
    found = xml.parse(path).getroot().iter(NAMESPACE + element)
    return [one.text for one in found]


class EdxmlFlow(unittest.TestCase):
    def setUp(self):
        self.hub = TemporaryDeployment()
        self.addCleanup(self.hub.close)
        self.hub.use_edxml(DATA / "organisations.yaml", MAPPINGS, inboxes=[RECIPIENT])
        self.hub.address(free_port(0))
        self.sender, self.recipient = self.hub.agencies[SENDER], self.hub.agencies[RECIPIENT]

    def wait(self, found, *folders, what):
        if not wait_until(found, list(folders), SECONDS):
            raise AssertionError(f"{what} did not come\n{self.hub.log_ends()}")

    def delivered(self):
        files = lambda: list(self.recipient.inbox.glob("*.edxml"))  # noqa: E731
        self.wait(files, self.recipient.inbox, what="the delivery")
        return files()

    def wait_status(self, name):
        path = self.sender.status / name
        self.wait(path.exists, self.sender.status, what=name)
        return path

    def answer(self, code, name, description=""):
        """The recipient's system says how far it is with the sender's document."""
        (document_id,) = text_of(self.sender.sent / "a.edxml", "DocumentId")[:1]
        status = fixture("status/03").decode()
        status = status.replace("000.00.00.H41,2024/03/04,57/CV-UBND", document_id)
        status = status.replace(">03<", f">{code}<").replace("Văn thư đã tiếp nhận", description)
        self.recipient.drop(name, status)

    def test_document_goes_there_and_its_status_files_come_back(self):
        self.hub.start()
        self.sender.drop("a.edxml", fixture(f"good/{WITH_DATA}"))
        (delivery,) = self.delivered()
        self.assertIn("cong-van.pdf", text_of(delivery, "AttachmentName"))
        self.assertEqual(text_of(self.wait_status(f"a.01.{RECIPIENT}.edxml"), "StatusCode"), ["01"])
        for code in ("03", "06"):
            self.answer(code, f"{code}.edxml", "Văn thư đã vào sổ")
            path = self.wait_status(f"a.{code}.{RECIPIENT}.edxml")
            self.assertEqual(text_of(path, "Description"), ["Văn thư đã vào sổ"])
            reference = xml.parse(path).getroot().find(f".//{NAMESPACE}ResponseFor")
            sent = text_of(self.sender.sent / "a.edxml", "DocumentId")
            self.assertEqual(reference.findtext(NAMESPACE + "DocumentId"), sent[0])

    def test_sender_is_told_what_was_left_out(self):
        self.hub.start()
        self.sender.drop("a.edxml", fixture(f"good/{WITH_DATA}").replace(b"<edXML:DueDate>2024/03/20<", b"<edXML:DueDate>2024/02/31<"))
        (note,) = json.loads(self.wait_status("a.accepted.json").read_bytes())["notes"]
        self.assertIn("2024/02/31", note)

    def test_malformed_file_is_refused_with_its_line_and_others_go_on(self):
        self.hub.start()
        self.sender.drop("0.edxml", fixture("bad/24-hai-trich-yeu"))
        self.sender.drop("a.edxml", fixture(f"good/{WITH_DATA}"))
        self.delivered()
        refusal = json.loads((self.sender.refused / "0.refusal.json").read_bytes())
        self.assertEqual(refusal["code"], "edxml-invalid")
        self.assertGreater(int(refusal["facts"]["line"]), 1)
        self.assertEqual((self.sender.refused / "0.edxml").read_bytes(), fixture("bad/24-hai-trich-yeu"))

    def test_kills_between_all_steps_change_nothing(self):
        self.hub.start_hub()
        self.sender.drop("a.edxml", fixture(f"good/{WITH_DATA}"))
        deadline = time.monotonic() + 2 * SECONDS
        # Each life is a little longer than the one before, so that the kill comes at another step.
        life = 0.02
        status = self.sender.status / f"a.01.{RECIPIENT}.edxml"
        while not status.exists() and time.monotonic() < deadline:
            processes = [self.hub.start_adapter(party, ready=False) for party in (SENDER, RECIPIENT)]
            wait_until(status.exists, [self.sender.status], life)
            for process in processes:
                process.kill()
            life *= 1.2
        self.assertTrue(status.exists(), self.hub.log_ends())
        for party in (SENDER, RECIPIENT):
            self.hub.start_adapter(party)
        self.assertEqual(len(self.delivered()), 1)
        self.assertEqual([path.name for path in self.sender.sent.iterdir()], ["a.edxml"])
        self.assertEqual(list(self.sender.outbox.iterdir()), [])
        self.assertEqual(list((self.sender.folder / "state" / "edxml").iterdir()), [])

    def test_every_fixture_ends_in_sent_or_refused_as_it_was_and_the_adapter_lives(self):
        self.hub.start()
        files = {f"{path.parent.name}-{path.stem}.edxml": path.read_bytes() for path in DATA.glob("*/*.edxml")}
        self.assertGreater(len(files), 90)
        for name, content in files.items():
            self.sender.drop(name, content)

        def ended():
            return [p for folder in (self.sender.sent, self.sender.refused) for p in folder.glob("*.edxml")]

        self.wait(lambda: len(ended()) == len(files), self.sender.sent, self.sender.refused, what="the last file")
        kept = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in ended())
        self.assertEqual(kept, sorted(hashlib.sha256(content).hexdigest() for content in files.values()))
        for path in self.sender.refused.glob("bad-*.edxml"):
            self.assertTrue((self.sender.refused / f"{path.stem}.vi.txt").read_text(), path)
            self.assertIn("line", json.loads((self.sender.refused / f"{path.stem}.refusal.json").read_bytes())["facts"])
        self.assertEqual(list(self.sender.outbox.iterdir()), [])
        self.assertIsNone(self.hub.adapters[SENDER].ended(0))


if __name__ == "__main__":
    unittest.main()
