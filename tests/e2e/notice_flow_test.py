"""Notices between agencies' folders, by real processes: accepted, delivered, receipted, refused, sent again."""

import json
import os
import unittest
import uuid

from support import AGREEMENT, DeploymentTest, notice

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"


class NoticeFlow(DeploymentTest):
    def test_accepted_notice_is_delivered_once_and_its_receipt_comes_back(self):
        name = self.hub.drop("toa-an.huyen", notice(PRE_TRIAL))
        status = self.hub.accepted("toa-an.huyen", name)
        (copy,) = self.hub.wait_inbox("btg.huyen", status["document_id"])
        receipt = self.hub.receipt("toa-an.huyen", name, "btg.huyen")

        (row,) = status["recipients"]
        self.assertEqual((row["outcome"], row["agreement"]), ("accepted", AGREEMENT))
        self.assertEqual(copy["source"], "toa-an.huyen")
        self.assertEqual(copy["subject"], notice(PRE_TRIAL)["subject"])
        self.assertEqual(copy["data"], notice(PRE_TRIAL)["data"])
        delivery = copy["delivery"]
        self.assertEqual(delivery["position"], status["position"])
        self.assertEqual(delivery["leaf"], status["leaf"])
        self.assertEqual((delivery["agreement"], delivery["clause"]), (row["agreement"], row["clause"]))
        self.assertEqual(receipt["document_id"], status["document_id"])
        self.assertGreater(receipt["record"], status["position"])
        self.assertTrue((self.hub.agencies["toa-an.huyen"].sent / f"{name}.json").exists())
        self.assertFalse((self.hub.agencies["toa-an.huyen"].outbox / f"{name}.json").exists())

    def test_file_that_is_written_in_place_is_taken_when_it_is_closed(self):
        outbox = self.hub.agencies["toa-an.huyen"].outbox
        with open(outbox / "in-place.json", "wb") as file:
            content = json.dumps(notice(PRE_TRIAL)).encode()
            file.write(content[:100])
            file.flush()
            file.write(content[100:])
        self.hub.accepted("toa-an.huyen", "in-place")

    def test_taken_name_gets_a_number(self):
        names = [self.hub.drop("toa-an.huyen", notice(PRE_TRIAL), name="same-name")]
        self.hub.accepted("toa-an.huyen", names[0])
        self.hub.drop("toa-an.huyen", notice(PRE_TRIAL), name="same-name")
        self.hub.accepted("toa-an.huyen", "same-name-2")
        sent = self.hub.agencies["toa-an.huyen"].sent
        self.assertTrue((sent / "same-name.json").exists() and (sent / "same-name-2.json").exists())

    def test_resend_of_an_accepted_document_gets_its_position_again_and_is_not_delivered_twice(self):
        document = {**notice(PRE_TRIAL), "id": str(uuid.uuid4())}
        first = self.hub.drop("toa-an.huyen", document)
        accepted = self.hub.accepted("toa-an.huyen", first)
        self.hub.wait_inbox("btg.huyen", document["id"])
        again = self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", document))
        self.assertEqual((again["position"], again["leaf"]), (accepted["position"], accepted["leaf"]))
        # A later document of the same conversation is behind whatever the resend could have caused.
        follower = {**notice(PRE_TRIAL), "conversation": document["id"]}
        status = self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", follower))
        self.hub.wait_inbox("btg.huyen", status["document_id"])
        self.assertEqual(len(self.hub.inbox("btg.huyen", document["id"])), 1)

    def test_other_content_under_an_accepted_id_is_refused(self):
        document = {**notice(PRE_TRIAL), "id": str(uuid.uuid4())}
        self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", document))
        document["subject"] += " (sửa)"
        refusal, _, _ = self.hub.refused("toa-an.huyen", self.hub.drop("toa-an.huyen", document))
        self.assertEqual(refusal["code"], "document-id-conflict")

    def test_refused_id_can_be_sent_again_once_it_is_corrected(self):
        document = {**notice(PRE_TRIAL), "id": str(uuid.uuid4())}
        wrong = {**document, "data": {**document["data"], "khong-co": 1}}
        refusal, _, _ = self.hub.refused("toa-an.huyen", self.hub.drop("toa-an.huyen", wrong))
        self.assertEqual(refusal["code"], "schema-violation")
        status = self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", document))
        self.assertEqual(status["document_id"], document["id"])

    def test_two_recipients_have_an_outcome_each(self):
        document = {**notice(PRE_TRIAL), "to": "btg.huyen,hdnd.huyen"}
        status = self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", document))
        outcomes = {row["party"]: row["outcome"] for row in status["recipients"]}
        self.assertEqual(outcomes, {"btg.huyen": "accepted", "hdnd.huyen": "type-not-permitted"})
        self.hub.wait_inbox("btg.huyen", status["document_id"])
        self.assertEqual(self.hub.inbox("hdnd.huyen", status["document_id"]), [])


class Statuses(DeploymentTest):
    def deliver(self):
        name = self.hub.drop("toa-an.huyen", notice(PRE_TRIAL))
        status = self.hub.accepted("toa-an.huyen", name)
        (copy,) = self.hub.wait_inbox("btg.huyen", status["document_id"])
        return name, copy["delivery"]["id"]

    def say(self, delivery, status, **more):
        return self.hub.drop("btg.huyen", {"status": status, "delivery": delivery, **more})

    def test_what_the_recipients_system_says_comes_back_to_the_sender_with_its_reason(self):
        name, delivery = self.deliver()
        self.hub.status("btg.huyen", self.say(delivery, "registered") + ".reported.json")
        self.hub.status("toa-an.huyen", f"{name}.registered.btg.huyen.json")
        self.say(delivery, "refused", reason="không thuộc thẩm quyền")
        receipt = self.hub.status("toa-an.huyen", f"{name}.refused.btg.huyen.json")
        self.assertEqual((receipt["status"], receipt["reason"]), ("refused", "không thuộc thẩm quyền"))

    def test_late_and_wrong_status_files_are_refused_with_the_reason(self):
        _, delivery = self.deliver()
        self.hub.status("btg.huyen", self.say(delivery, "finished") + ".reported.json")
        refusal, vietnamese, _ = self.hub.refused("btg.huyen", self.say(delivery, "registered"))
        self.assertEqual(refusal["code"], "report-without-effect")
        self.assertIn("finished", vietnamese)
        refusal, _, _ = self.hub.refused("btg.huyen", self.say(delivery, "stopped"))
        self.assertEqual(refusal["code"], "report-invalid")
        refusal, _, _ = self.hub.refused("btg.huyen", self.say(delivery[:-2] + "-7", "finished"))
        self.assertEqual(refusal["code"], "delivery-unknown")

    def test_resend_after_the_recipients_refusal_is_delivered_again(self):
        document = {**notice(PRE_TRIAL), "id": str(uuid.uuid4())}
        first = self.hub.drop("toa-an.huyen", document)
        self.hub.accepted("toa-an.huyen", first)
        (copy,) = self.hub.wait_inbox("btg.huyen", document["id"])
        self.say(copy["delivery"]["id"], "refused", reason="thiếu chữ ký")
        self.hub.status("toa-an.huyen", f"{first}.refused.btg.huyen.json")
        again = self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", document))
        self.assertGreater(again["position"], copy["delivery"]["position"])
        follower = {**notice(PRE_TRIAL), "conversation": document["id"]}
        status = self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", follower))
        self.hub.wait_inbox("btg.huyen", status["document_id"])
        self.assertEqual(len(self.hub.inbox("btg.huyen", document["id"])), 2)


class Refusals(DeploymentTest):
    def refusal_of(self, party, document):
        refusal, vietnamese, english = self.hub.refused(party, self.hub.drop(party, document))
        for text in (vietnamese, english):
            self.assertIn(f"({refusal['code']})", text.splitlines()[0])
            self.assertNotIn("{", text, "a fact was not filled in")
        self.assertIn("Lý do:", vietnamese)
        self.assertIn("Cần làm:", vietnamese)
        return refusal, vietnamese, english

    def test_wrong_direction_names_the_nearest_clause_and_whom_to_ask(self):
        refusal, vietnamese, english = self.refusal_of("vks.huyen", notice(PRE_TRIAL))
        self.assertEqual(refusal["code"], "type-not-permitted")
        self.assertIn(AGREEMENT, vietnamese)
        self.assertIn(AGREEMENT, english)
        contact = refusal["recipients"][0]["facts"]["contact"]
        self.assertIn(contact, vietnamese)
        self.assertIn(contact, english)
        self.assertIn("Bằng chứng:", vietnamese)
        self.assertIn(notice(PRE_TRIAL)["subject"], vietnamese)

    def test_missing_field_is_named(self):
        document = notice(PRE_TRIAL)
        missing = next(iter(document["data"]))
        del document["data"][missing]
        refusal, vietnamese, english = self.refusal_of("toa-an.huyen", document)
        self.assertEqual(refusal["code"], "schema-violation")
        self.assertIn(missing, vietnamese + english)

    def test_unknown_recipient_type_and_self_are_refused(self):
        for change, code in (
            ({"to": "khong-co.huyen"}, "recipient-unknown"),
            ({"to": "toa-an.huyen"}, "recipient-is-sender"),
            ({"type": "khong-co/1"}, "type-unknown"),
        ):
            with self.subTest(code):
                refusal, _, _ = self.refusal_of("toa-an.huyen", {**notice(PRE_TRIAL), **change})
                self.assertEqual(refusal["code"], code)

    def test_malformed_files_are_refused_and_the_next_one_still_goes(self):
        malformed = {
            "not-json": (b"Thong bao: khong phai JSON", {"file-not-json"}),
            "truncated": (json.dumps(notice(PRE_TRIAL)).encode()[:-20], {"file-not-json"}),
            "not-utf-8": (b'{"subject": "\xff\xfe"}', {"file-not-json"}),
            "empty": (b"", {"file-not-json"}),
            "an array": (b"[1, 2]", {"file-not-json", "document-malformed", "schema-violation"}),
            "deep": (b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
                     {"file-not-json", "document-malformed", "schema-violation"}),
            "huge": (b'{"subject": "' + b"x" * (9 << 20) + b'"}', {"file-too-large", "document-too-large"}),
        }
        for label, (content, codes) in malformed.items():
            with self.subTest(label):
                refusal, _, _ = self.hub.refused("toa-an.huyen", self.hub.drop("toa-an.huyen", content))
                self.assertIn(refusal["code"], codes)
        self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", notice(PRE_TRIAL)))

    def test_what_is_no_regular_file_does_not_stop_the_adapter(self):
        outbox = self.hub.agencies["hdnd.huyen"].outbox
        os.mkfifo(outbox / "fifo.json")
        os.symlink("/etc/passwd", outbox / "link.json")
        (outbox / "folder.json").mkdir()
        (outbox / ".hidden.json").write_text("{}")
        self.hub.accepted("hdnd.huyen", self.hub.drop("hdnd.huyen", notice("03-thong-tin-hang-quy")))
        self.assertTrue((outbox / ".hidden.json").exists())


if __name__ == "__main__":
    unittest.main()
