"""Reports and the audit by real processes: every figure is what SQL over the ledger and the journal's dump give, and leads to
exactly the rows that it counts; who read a body is told; nothing of a document's content is in any of it."""

import csv
import http.client
import io
import json
import unittest

import ledger_check
import report_check
from support import AGREEMENT, DISTRICT, SECONDS, DeploymentTest, binaries, deployment_with_console, hubctl, notice, until

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"
QUARTERLY = "03-thong-tin-hang-quy"
TIMES = ("to_deliver", "to_answer")
KINDS = ("body-read", "delivery-ordered", "storage-key-destroyed", "legal-hold-changed", "configuration-changed")


class Reports(DeploymentTest):
    @classmethod
    def make_deployment(cls):
        return deployment_with_console(administrators=2)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.hub.start_ledger()
            cls.data = cls.hub.hub_folder / "data"
            cls.ledger = cls.hub.ledger_file
            cls.send_everything()
        except BaseException:
            cls.failed = True
            raise
        cls.records = ledger_check.dump(binaries(), cls.data)

    @classmethod
    def send_everything(cls):
        """Delivered, answered, refused for one and as a whole, replayed, read, stopped, and what waits."""
        hub = cls.hub
        sent = [hub.drop("toa-an.huyen", {**notice(PRE_TRIAL), "subject": f"Thông tin số {n}"}) for n in range(5)]
        sent += [hub.drop("toa-an.huyen", {**notice(PRE_TRIAL), "to": "btg.huyen,hdnd.huyen"}), hub.drop("hdnd.huyen", notice(QUARTERLY))]
        cls.accepted = []
        for party, name in zip(["toa-an.huyen"] * 6 + ["hdnd.huyen"], sent):
            cls.accepted.append(hub.accepted(party, name))
            hub.receipt(party, name, "btg.huyen")
        for name, document in (("wrong-way", notice(PRE_TRIAL)), ("bad-field", {**notice(PRE_TRIAL), "data": {"khong-co": 1}})):
            hub.refused("vks.huyen", hub.drop("vks.huyen", document, name))
        for status, answered in (("finished", cls.accepted[0]), ("refused", cls.accepted[1]), ("registered", cls.accepted[2])):
            (copy,) = hub.wait_inbox("btg.huyen", answered["document_id"])
            name = hub.drop("btg.huyen", {"status": status, "delivery": copy["delivery"]["id"], "reason": "theo quy định"})
            hub.status("btg.huyen", f"{name}.reported.json")
        cls.caught_up()
        cls.key = hub.administrators[0]
        cls.read = cls.answer("document", "read", cls.accepted[0]["position"], "--reason", "khiếu nại số 7", "--key", cls.key, *cls.api())
        cls.replay = cls.replay_approved(cls.accepted[1], "mất hộp thư")
        until("the replay is delivered", lambda: cls.row(cls.accepted[1])["state"] == "delivered")
        hub.adapters.pop("btg.huyen").stop()
        name = hub.drop("toa-an.huyen", notice(PRE_TRIAL))
        cls.waiting = hub.accepted("toa-an.huyen", name)
        name = hub.drop("toa-an.huyen", notice(PRE_TRIAL))
        stopped = hub.accepted("toa-an.huyen", name)
        cls.caught_up()
        cls.stop = cls.order("stop", stopped, "sai nơi nhận")
        hub.status("toa-an.huyen", f"{name}.stopped.btg.huyen.json")
        cls.caught_up()

    @classmethod
    def api(cls):
        return "--api", f"http://127.0.0.1:{cls.hub.console_port}", "--token-file", cls.hub.token_file

    @classmethod
    def answer(cls, *words):
        done = hubctl(*words, "--json")
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)
        return json.loads(done.stdout)

    @classmethod
    def replay_approved(cls, accepted, reason):
        """By two administrators: the type is a sensitive one. Gives the delivery and the position of the order."""
        delivery = cls.answer("document", "trace", accepted["position"], *cls.api())["deliveries"][0]["id"]
        file = cls.hub.folder / "replay.json"
        cls.answer("delivery", "replay", delivery, "--reason", reason, "--key", cls.key, "--out", file, *cls.api())
        return cls.answer("delivery", "replay", "--countersign", file, "--key", cls.hub.administrators[1], *cls.api())["position"]

    @classmethod
    def order(cls, action, accepted, reason):
        trace = cls.answer("document", "trace", accepted["position"], *cls.api())
        return cls.answer("delivery", action, trace["deliveries"][0]["id"], "--reason", reason, "--key", cls.key, *cls.api())["position"]

    @classmethod
    def caught_up(cls):
        """The ledger holds all that is durable; asking for that leaves no record."""
        until("the ledger has caught up", lambda: cls.get("/api/v1/status")["ledger"]["lag_records"] == 0)

    @classmethod
    def row(cls, accepted):
        rows = cls.get(f"/api/v1/reports/deliveries?from_position={accepted['position']}&before={accepted['position'] + 1}")["sendings"]
        return rows[0]

    @classmethod
    def fetch(cls, path):
        connection = http.client.HTTPConnection("127.0.0.1", cls.hub.console_port, timeout=SECONDS)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {cls.hub.token_file.read_text().strip()}"})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    @classmethod
    def get(cls, path):
        status, _, body = cls.fetch(path)
        if status != 200:
            raise AssertionError(body)
        return json.loads(body)

    def report(self, query=""):
        return self.get(f"/api/v1/reports/deliveries{query}")

    def test_figures_equal_an_independent_query_and_the_journal(self):
        report = self.report()
        counted = report_check.by_sql(self.ledger)
        self.assertEqual(report_check.by_report(report), counted)
        self.assertGreaterEqual(report["position"], len(self.records))  # a connection may have ended since
        lines, kinds = report_check.by_dump(self.records)
        self.assertEqual({key: (one["sent"], one["accepted"], one["refused"]) for key, one in counted.items()}, lines)
        total = report["total"]
        self.assertEqual((total["sent"], total["readings"]), (sum(one["sent"] for one in counted.values()), kinds["body-read"]))
        pre_trial = counted[(AGREEMENT, "toa-an-truoc-xet-xu", "toa-an.huyen", "btg.huyen")]
        self.assertEqual([pre_trial[name] for name in ("sent", "delivered", "answered", "replays", "readings")], [8, 6, 2, 1, 1])
        self.assertIn("schema-violation", counted[("", "", "vks.huyen", "")]["refused"])

    def test_filtered_figures_equal_the_same_query_with_the_filter(self):
        for party in DISTRICT:
            self.assertEqual(report_check.by_report(self.report(f"?party={party}")), report_check.by_sql(self.ledger, party=party))
        self.assertEqual(report_check.by_report(self.report(f"?agreement={AGREEMENT}")),
                         report_check.by_sql(self.ledger, agreement=AGREEMENT))
        self.assertEqual(report_check.by_report(self.report("?agreement=-")), report_check.by_sql(self.ledger, agreement=""))

    def test_a_period_takes_its_first_instant_in_and_leaves_its_end_out(self):
        times = sorted({time for (time,) in ledger_check.rows(self.ledger, "SELECT time FROM documents")})
        instant = {time: text for time, text in zip(times, sorted(
            {text for (text,) in ledger_check.rows(self.ledger, "SELECT time FROM readable_documents")}))}
        for begin, end in ((times[0], times[-1]), (times[1], times[2]), (times[2], times[2])):
            report = self.report(f"?from={instant[begin]}&until={instant[end]}")
            self.assertEqual(report_check.by_report(report), report_check.by_sql(self.ledger, begin, end))
        empty = self.report("?from=2001-01-01&until=2001-12-31")
        self.assertEqual((empty["lines"], empty["sendings"], empty["total"]["sent"]), ([], [], 0))
        self.assertNotIn("to_deliver", empty["total"])

    def test_every_figure_leads_to_exactly_its_rows(self):
        followed = 0
        for line in self.report()["lines"]:
            for figure, address in line["records"].items():
                rows = self.get(address)["sendings"]
                name, _, code = figure.partition(" ")
                if name == "replays":
                    found = sum(len(row["replays"]) for row in rows)
                elif name == "readings":
                    found = len({position for row in rows for position in row["readings"]})
                else:
                    found = len(rows)
                self.assertEqual(found, line["refused"][code] if code else line[figure], address)
                followed += 1
            for times in (line[name] for name in TIMES if name in line):
                for one in times.values():
                    self.assertIn(one["seconds"], self.seconds_of(one["document"]))
        self.assertGreater(followed, 12)

    def seconds_of(self, document):
        rows = self.get(f"/api/v1/reports/deliveries?from_position={document}&before={document + 1}")["sendings"]
        return [row[step]["seconds"] for row in rows for step in ("delivered", "answered") if step in row]

    def test_rows_stand_at_the_positions_that_they_name(self):
        kinds = [record["kind"] for record in self.records]
        arrivals = {"deliveries-acknowledged", "endpoint-connected", "delivery-reported"}
        for row in self.report()["sendings"]:
            self.assertIn(kinds[row["position"]], ("document-accepted", "document-refused"))
            if "delivered" in row:
                self.assertIn(kinds[row["delivered"]["position"]], arrivals)
            if "answered" in row:
                self.assertEqual(kinds[row["answered"]["position"]], "delivery-reported")
            self.assertTrue(all(kinds[position] == "delivery-ordered" for position in row.get("replays", [])))
            self.assertTrue(all(kinds[position] == "body-read" for position in row.get("readings", [])))

    def test_offline_and_online_reports_are_the_same(self):
        offline = self.answer("report", "deliveries", "--data", self.data, "--party", "btg.huyen")
        self.assertEqual(offline, self.answer("report", "deliveries", "--party", "btg.huyen", *self.api()))
        for form in (("csv",), ("csv", "--table", "lines"), ("html",)):
            words = ("report", "deliveries", "--format", *form)
            offline, online = hubctl(*words, "--data", self.data), hubctl(*words, *self.api())
            self.assertEqual((offline.returncode, offline.stdout), (0, online.stdout), offline.stderr)
        text = hubctl("report", "deliveries", "--data", self.data)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertLessEqual(max(map(len, text.stdout.splitlines())), 80)

    def test_a_limited_report_says_where_to_go_on_and_its_parts_are_the_whole(self):
        whole, parts, before = self.report()["sendings"], [], ""
        while True:
            part = self.report(f"?limit=3{before}")
            parts += part["sendings"]
            if "next" not in part:
                break
            before = f"&before={part['next']}"
        self.assertEqual(parts, whole)
        _, headers, _ = self.fetch("/api/v1/reports/deliveries?limit=3&format=csv")
        self.assertIn('rel="next"', headers["Link"])
        following = headers["Link"].split(">")[0].lstrip("<")
        self.assertEqual(self.fetch(following)[0], 200)

    def test_csv_has_the_same_rows(self):
        status, headers, body = self.fetch("/api/v1/reports/deliveries?format=csv")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/csv; charset=utf-8"))
        self.assertTrue(body.startswith("\ufeff"))
        rows = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"), newline="")))
        sendings = self.report()["sendings"]
        self.assertEqual([(row["position"], row["outcome"]) for row in rows], [(str(s["position"]), s["outcome"]) for s in sendings])
        self.assertEqual([row["delivered_time"] for row in rows], [s.get("delivered", {}).get("time", "") for s in sendings])
        _, _, body = self.fetch("/api/v1/reports/deliveries?format=csv&table=lines")
        lines = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"), newline="")))
        self.assertEqual([int(line["sent"]) for line in lines], [line["sent"] for line in self.report()["lines"]])

    def test_no_form_of_a_report_has_a_subject_or_anything_of_a_body(self):
        document = notice(PRE_TRIAL)
        names = {party["vi"] for party in self.get("/api/v1/names")["parties"]}  # a report may name the court
        texts = [text for text in document["data"].values() if isinstance(text, str) and len(text) > 8 and text not in names]
        self.assertTrue(texts)
        for form in ("json", "csv", "html"):
            _, headers, body = self.fetch(f"/api/v1/reports/deliveries?format={form}")
            for text in (*texts, document["subject"], "Thông tin số"):
                self.assertNotIn(text, body)
        self.assertEqual(headers["Content-Type"], "text/html; charset=utf-8")
        self.assertNotIn("<script", body)
        self.assertIn("khiếu nại số 7", body)

    def test_wrong_parameters_are_refused_by_name(self):
        for query, name in (("format=xls", "format"), ("table=lines", "table"), ("format=csv&table=all", "table"), ("limit=10001", "limit"),
                            ("reached=lost", "reached"), ("from=now", "from"), ("before=x", "before")):
            status, _, body = self.fetch(f"/api/v1/reports/deliveries?{query}")
            self.assertEqual((status, json.loads(body)["error"]["facts"]["parameter"]), (400, name))
        self.assertEqual(self.fetch("/api/v1/reports/overreach")[0], 400)
        self.assertEqual(self.fetch("/api/v1/reports/overreach?party=nobody")[0], 404)
        self.assertEqual(self.fetch("/api/v1/audit?kind=probe-recorded")[0], 400)
        self.assertEqual(hubctl("report", "deliveries", "--data", self.data, "--from", "yesterday").returncode, 2)

    def test_receipts_of_a_report_prove_its_documents(self):
        folder = self.hub.temporary / "receipts"
        words = ("report", "deliveries", "--data", self.data, "--agreement", AGREEMENT, "--clause", "hdnd-hang-quy", "--format", "csv", "--receipts", folder)
        until("a checkpoint over the documents", lambda: hubctl(*words).returncode == 0)
        receipts = sorted(folder.glob("*.tlog-proof"))
        self.assertEqual([path.name.split("-", 1)[1] for path in receipts], ["accepted.tlog-proof", "delivered-0.tlog-proof"])
        key = self.hub.hubctl("log", "key", "--data", self.data).strip()
        for receipt in receipts:
            self.assertEqual(hubctl("log", "verify", receipt, "--key", key).returncode, 0)
        self.assertEqual(hubctl("report", "deliveries", *self.api(), "--receipts", folder).returncode, 2)

    def test_the_audit_tells_every_act_of_the_journal_newest_first(self):
        acts = self.get("/api/v1/audit?limit=1000")["acts"]
        expected = [(record["position"], record["kind"]) for record in reversed(self.records) if record["kind"] in KINDS]
        self.assertEqual([(act["position"], act["kind"]) for act in acts], expected)
        self.assertEqual(self.answer("audit", "list", "--data", self.data, "--limit", "1000")["acts"], acts)
        pages, before = [], ""
        while True:
            page = self.get(f"/api/v1/audit?limit=7{before}")
            pages += page["acts"]
            if "next" not in page:
                break
            before = f"&before={page['next']}"
        self.assertEqual(pages, acts)

    def test_who_read_a_body_is_one_question(self):
        document = self.accepted[0]["position"]
        for found in (self.get(f"/api/v1/audit?kind=body-read&document={document}"), self.answer("audit", "list", "--document", document, *self.api())):
            (act,) = found["acts"]
            self.assertEqual((act["position"], act["reason"]), (self.read["position"], "khiếu nại số 7"))
            self.assertTrue(act["actor"].startswith("administrator:"))
            self.assertEqual(act["document"]["sender"], "toa-an.huyen")
        text = hubctl("audit", "list", "--party", "toa-an.huyen", "--data", self.data)
        self.assertRegex(text.stdout, rf"(?m)^{self.read['position']} .* read ")
        self.assertLessEqual(max(map(len, text.stdout.splitlines())), 80)

    def test_a_sensitive_type_is_replayed_by_two_administrators_and_the_audit_names_both(self):
        (act,) = self.get("/api/v1/audit?kind=delivery-ordered&action=replay")["acts"]
        self.assertEqual(len(set(act["actor"].split())), 2)
        for actor in act["actor"].split():
            self.assertEqual([one["position"] for one in self.get(f"/api/v1/audit?action=replay&actor={actor}")["acts"]], [self.replay])
        delivery = self.answer("document", "trace", self.accepted[0]["position"], *self.api())["deliveries"][0]["id"]
        alone = hubctl("delivery", "replay", delivery, "--reason", "mất hộp thư", "--key", self.key, *self.api(), "--json")
        self.assertEqual((alone.returncode, json.loads(alone.stdout)["error"]["code"]), (1, "approval-needed"))

    def test_overreach_names_unused_permissions_readings_and_replays_of_a_party(self):
        permits = json.loads(hubctl("agreement", "matrix", "--data", self.data, "--json").stdout)
        mine = {(one["agreement"], one["clause"], one["from"], one["to"]) for one in permits if "toa-an.huyen" in (one["from"], one["to"])}
        used = set(ledger_check.rows(self.ledger, """
            SELECT o.agreement, o.clause, d.sender, o.addressed FROM outcomes o JOIN documents d USING (position)
            WHERE o.outcome = 'accepted' AND 'toa-an.huyen' IN (d.sender, o.addressed)"""))
        overreach = self.get("/api/v1/reports/overreach?party=toa-an.huyen")
        self.assertEqual(overreach, self.answer("report", "overreach", "--party", "toa-an.huyen", "--data", self.data))
        unused = {tuple(one[name] for name in ("agreement", "clause", "sender", "recipient")) for one in overreach["unused"]}
        self.assertEqual((overreach["permissions"], unused), (len(mine), mine - used))
        self.assertEqual([act["position"] for act in overreach["readings"]["acts"]], [self.read["position"]])
        self.assertEqual([act["position"] for act in overreach["replays"]["acts"]], [self.replay])
        others = self.get("/api/v1/reports/overreach?party=hdnd.huyen")
        self.assertEqual((others["readings"]["acts"], others["replays"]["acts"]), ([], []))
        text = hubctl("report", "overreach", "--party", "toa-an.huyen", "--data", self.data)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertLessEqual(max(map(len, text.stdout.splitlines())), 80)

    def test_fields_that_a_clause_does_not_need_are_counted_and_lead_to_their_documents(self):
        names = ("agreement", "clause", "sender", "recipient", "field")
        for party in ("toa-an.huyen", "btg.huyen", "hdnd.huyen"):
            report = self.get(f"/api/v1/reports/overreach?party={party}")
            lines = {tuple(one[name] for name in names): one for one in report["unneeded"]}
            by_sql = report_check.unneeded_by_sql(self.ledger, party)
            self.assertEqual(by_sql, report_check.unneeded_by_dump(self.records, party))
            self.assertEqual({key: one["documents"] for key, one in lines.items()}, {key: len(found) for key, found in by_sql.items()})
            for key, one in lines.items():
                rows = self.get(one["records"])["documents"]
                self.assertEqual({row["position"] for row in rows}, by_sql[key])
                outcomes = [outcome for row in rows for outcome in row["outcomes"] if outcome["actual"] == one["recipient"]]
                self.assertEqual([outcome["unneeded"] for outcome in outcomes], [[one["field"]]] * len(rows))
        # What was sent, held against what the clause says that it needs.
        needs = self.answer("agreement", "show", AGREEMENT, "--data", self.data)["clauses"]
        (needed,) = [clause["needs"] for clause in needs if clause["id"] == "toa-an-truoc-xet-xu"]
        beyond = {key[-1] for key in report_check.unneeded_by_sql(self.ledger, "toa-an.huyen")}
        self.assertEqual(beyond, set(notice(PRE_TRIAL)["data"]) - set(needed))
        self.assertEqual(report_check.unneeded_by_sql(self.ledger, "hdnd.huyen"), {})

    def test_overreach_has_a_form_for_spreadsheets_and_one_for_printing(self):
        path = "/api/v1/reports/overreach?party=toa-an.huyen"
        report = self.get(path)
        for table, rows in (("unneeded", report["unneeded"]), ("unused", report["unused"])):
            _, headers, text = self.fetch(f"{path}&format=csv&table={table}")
            self.assertEqual(headers["Content-Type"], "text/csv; charset=utf-8")
            cells = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
            self.assertEqual(cells, [{name: str(value) for name, value in row.items()} for row in rows])
            printed = hubctl("report", "overreach", "--party", "toa-an.huyen", "--data", self.data, "--format", "csv", "--table", table)
            self.assertEqual(printed.stdout.splitlines(), text.splitlines())
        _, headers, page = self.fetch(f"{path}&format=html")
        self.assertEqual(headers["Content-Type"], "text/html; charset=utf-8")
        self.assertIn("<td>court</td>", page)
        self.assertNotIn("<script", page)
        for name in ("format=xls", "table=unused", "format=csv&table=lines"):
            self.assertEqual(self.fetch(f"{path}&{name}")[0], 400)
        text = hubctl("report", "overreach", "--party", "toa-an.huyen", "--data", self.data).stdout
        self.assertRegex(text, rf"(?m)^court .* toa-an-truoc-xet-xu .* {report['unneeded'][0]['documents']}$")


if __name__ == "__main__":
    unittest.main()
