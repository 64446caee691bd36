"""Diagnostics of real processes, as JSON in files: each line is an object, a trouble with a document names it, and nothing of
what documents say is in any of them."""

import json
import subprocess
import unittest

from support import SECONDS, TemporaryDeployment, notice

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"
SECRET = "nội dung không được ghi"


class Log(unittest.TestCase):
    def setUp(self):
        self.hub = TemporaryDeployment()
        self.addCleanup(self.hub.close)
        for file in [self.hub.hub_folder / "hub.yaml", *(agency.folder / "adapter.yaml" for agency in self.hub.agencies.values())]:
            with file.open("a") as out:
                out.write("log: {format: json, folder: log, file_mib: 1, files: 2}\n")
        self.hub.start()

    def lines(self, folder, program):
        return [json.loads(line) for line in (folder / "log" / f"{program}.log").read_text().splitlines()]

    def test_lines_are_objects_that_name_their_document_and_nothing_of_what_it_says(self):
        hub = self.hub
        name = hub.drop("toa-an.huyen", {**notice(PRE_TRIAL), "subject": SECRET})
        hub.receipt("toa-an.huyen", name, "btg.huyen")
        refused, _, _ = hub.refused("toa-an.huyen", hub.drop("toa-an.huyen", {**notice(PRE_TRIAL), "data": {SECRET: SECRET}}))
        hub.refused("toa-an.huyen", hub.drop("toa-an.huyen", {**notice(PRE_TRIAL), SECRET: SECRET}))  # by the adapter
        hub.start_ledger()
        hub.stop()
        logs = [(hub.hub_folder, "hubd"), (hub.hub_folder, "hub-ledger"), *((agency.folder, "hub-adapter") for agency in hub.agencies.values())]
        for folder, program in logs:
            lines = self.lines(folder, program)
            self.assertTrue(lines, program)
            for line in lines:
                self.assertLessEqual({"time", "level", "program", "message"}, line.keys())
                self.assertEqual(line["program"], program)
                self.assertNotIn(SECRET, line["message"])
        told = [line["document"] for line in self.lines(hub.agencies["toa-an.huyen"].folder, "hub-adapter") if "document" in line]
        self.assertEqual(told, [refused["document_id"]])
        self.assertEqual([log.read_text() for log in hub.logs.iterdir() if " info: " in log.read_text()], [])

    def test_what_cannot_be_a_log_is_refused_with_its_place(self):
        hub = self.hub
        hub.stop()
        file = hub.hub_folder / "hub.yaml"
        file.write_text(file.read_text().replace("format: json", "format: xml"))
        done = subprocess.run([hub.binaries / "hubd", "check", "--config", file], capture_output=True, text=True, check=False, timeout=SECONDS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/log/format", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
