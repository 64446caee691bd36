"""Attachments by the reference client on the bulk connection, to a party with the folder adapter: what the protocol promises, and
what it refuses."""

import hashlib
import os
import threading
import time
import unittest

from support import DeploymentTest, TemporaryDeployment, notice

import hub_protocol as protocol
from peer import Peer

PEER, OTHER = "hdnd.huyen", "ubnd.huyen"
RECIPIENT = "btg.huyen"
QUARTERLY = "03-thong-tin-hang-quy"
BULK_BYTES_PER_SECOND = 32 << 20


class BulkPeer(Peer):
    """A peer's bulk connection, beside its main one."""

    def __init__(self, deployment, agency, port):
        super().__init__(deployment, agency)
        self.address = f"tcp://127.0.0.1:{port}"
        self.transfer = 0

    def ask(self, kind, **fields):
        """A new transfer; what the hub says first."""
        self.transfer += 1
        self.send(kind, transfer=self.transfer, **fields)
        return self.answer()

    def answer(self):
        kind, fields = self.receive(10)
        while kind == protocol.HEARTBEAT:
            kind, fields = self.receive(10)
        return kind, fields

    def put(self, content, said=None):
        """Uploads, within the credit; the hub's last word."""
        said = content if said is None else said
        kind, fields = self.ask(protocol.PUT, digest=protocol.sha256(said), size=len(said))
        if kind != protocol.PUT_FROM:
            return kind, fields
        for at in range(fields["offset"], len(content), protocol.CHUNK_BYTES_MAX):
            part = content[at : at + protocol.CHUNK_BYTES_MAX]
            self.send(protocol.CHUNK, transfer=self.transfer, offset=at, bytes=part)
            kind, fields = self.answer()
            if kind != protocol.CHUNK_STORED:
                return kind, fields
            assert fields["offset"] == at + len(part)
        return self.answer()


class AttachmentsTest(DeploymentTest):
    @classmethod
    def setUpClass(cls):
        cls.failed = False
        cls.hub = TemporaryDeployment()
        cls.addClassCleanup(lambda: cls.hub.close(keep=cls.failed))
        cls.hub.start_hub()
        cls.hub.start_adapter(RECIPIENT)

    def document(self, peer, *attachments):
        return peer.document(notice(QUARTERLY), attachments=list(attachments))

    def bulk(self, peer):
        return BulkPeer(self.hub, peer.agency, peer.welcome["bulk_port"])

    def test_decided_first_then_uploaded_then_accepted_and_delivered_whole(self):
        contents = {"Phụ lục.bin": os.urandom(1_000_000), "trống": b"", "nhỏ.txt": "nhỏ".encode()}
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            document = self.document(peer, *(protocol.attachment(name, c) for name, c in contents.items()))
            self.assertEqual(peer.outcomes(document), ["attachments-needed"])
            bulk.connect(connection=1)
            for content in contents.values():
                self.assertEqual(bulk.put(content)[0], protocol.CONTENT_STORED)
            self.assertEqual(bulk.put(contents["nhỏ.txt"])[0], protocol.CONTENT_STORED, "stored already")
            self.assertEqual(peer.outcomes(document), ["accepted"])
        [delivered] = self.hub.wait_inbox(RECIPIENT, protocol.unpack(document)["id"])
        folder = self.hub.agencies[RECIPIENT].inbox / f"{delivered['delivery']['id']}.files"
        self.assertEqual({path.name: path.read_bytes() for path in folder.iterdir()}, contents)
        self.assertEqual(
            {a["name"]: a["sha256"] for a in delivered["attachments"]},
            {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
        )

    def test_nothing_is_taken_without_a_permit_nor_with_that_of_another_party(self):
        content = os.urandom(1000)
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            bulk.connect(connection=1)
            kind, refusal = bulk.put(content)
            self.assertEqual((kind, refusal["code"]), (protocol.CONTENT_REFUSED, "content-not-permitted"))
            self.assertEqual(peer.outcomes(self.document(peer, protocol.attachment("a", content))), ["attachments-needed"])
            with BulkPeer(self.hub, self.hub.agencies[OTHER], peer.welcome["bulk_port"]) as other:
                other.connect(connection=1)
                self.assertEqual(other.put(content)[1]["code"], "content-not-permitted")
            self.assertEqual(bulk.put(content)[0], protocol.CONTENT_STORED)

    def test_other_bytes_than_the_document_says_are_refused_and_can_be_put_right(self):
        content = os.urandom(1000)
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            document = self.document(peer, protocol.attachment("a", content))
            self.assertEqual(peer.outcomes(document), ["attachments-needed"])
            bulk.connect(connection=1)
            self.assertEqual(bulk.put(os.urandom(1000), said=content)[1]["code"], "attachment-digest-wrong")
            self.assertEqual(peer.outcomes(document), ["attachments-needed"])
            self.assertEqual(bulk.put(content)[0], protocol.CONTENT_STORED)
            self.assertEqual(peer.outcomes(document), ["accepted"])

    def test_only_the_recipient_gets_a_content(self):
        content = os.urandom(300_000)
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            document = self.document(peer, protocol.attachment("a", content))
            peer.outcomes(document)
            bulk.connect(connection=1)
            bulk.put(content)
            self.assertEqual(peer.outcomes(document), ["accepted"])
            [delivered] = self.hub.wait_inbox(RECIPIENT, protocol.unpack(document)["id"])
            wanted = dict(document=delivered["delivery"]["position"], outcome_index=0, attachment=0, offset=0, credit=8)
            kind, refusal = bulk.ask(protocol.GET, **wanted)
            self.assertEqual((kind, refusal["code"]), (protocol.CONTENT_REFUSED, "content-unknown"))
            with BulkPeer(self.hub, self.hub.agencies[RECIPIENT], peer.welcome["bulk_port"]) as recipient:
                recipient.connect(connection=1)
                for changed in ({"attachment": 1}, {"outcome_index": 1}, {"document": 0}, {"document": 10**9}):
                    kind, refusal = recipient.ask(protocol.GET, **{**wanted, **changed})
                    self.assertEqual((kind, refusal["code"]), (protocol.CONTENT_REFUSED, "content-unknown"))
                kind, chunk = recipient.ask(protocol.GET, **{**wanted, "offset": 50_000})
                got = chunk["bytes"]
                self.assertEqual((kind, chunk["offset"]), (protocol.CONTENT_CHUNK, 50_000))
                while len(got) < len(content) - 50_000:
                    got += recipient.answer()[1]["bytes"]
                self.assertEqual(got, content[50_000:])

    def test_a_chunk_that_is_not_what_comes_next_is_refused_and_the_connection_goes_on(self):
        content = os.urandom(1000)
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            peer.outcomes(self.document(peer, protocol.attachment("a", content)))
            bulk.connect(connection=1)
            kind, _ = bulk.ask(protocol.PUT, digest=protocol.sha256(content), size=len(content))
            self.assertEqual(kind, protocol.PUT_FROM)
            for offset, part in ((1, content[1:]), (0, content + b"x")):
                bulk.send(protocol.CHUNK, transfer=bulk.transfer, offset=offset, bytes=part)
                self.assertEqual(bulk.refusal(), "frame-malformed")
            bulk.send(protocol.CHUNK, transfer=bulk.transfer, offset=0, bytes=content)
            self.assertEqual([bulk.answer()[0], bulk.answer()[0]], [protocol.CHUNK_STORED, protocol.CONTENT_STORED])

    def test_hello_comes_first_and_says_which_connection_it_is(self):
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            bulk.open()
            bulk.send(protocol.PUT, transfer=1, digest=bytes(32), size=1)
            self.assertEqual(bulk.refusal(), "hello-required")
            with self.bulk(peer) as second, self.bulk(peer) as third:
                self.assertEqual(second.hello_refusal(connection=0), "frame-malformed")
                refusal = third.hello_refusal(connection=1, endpoint="toa-an.huyen/folder")
                self.assertEqual(refusal, "endpoint-mismatch")

    def test_a_transfer_takes_no_more_of_the_disk_than_its_share(self):
        content = bytes(2 * BULK_BYTES_PER_SECOND)
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            peer.outcomes(self.document(peer, protocol.attachment("a", content)))
            bulk.connect(connection=1)
            began = time.monotonic()
            self.assertEqual(bulk.put(content)[0], protocol.CONTENT_STORED)
            self.assertGreater(time.monotonic() - began, 1.9)

    def test_a_download_ends_while_an_upload_uses_all_its_credit(self):
        small, large = os.urandom(4 * protocol.CHUNK_BYTES_MAX), bytes(BULK_BYTES_PER_SECOND)
        chunks, unanswered = len(large) // protocol.CHUNK_BYTES_MAX, 8
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            bulk.connect(connection=1)
            document = self.document(peer, protocol.attachment("a", small))
            peer.outcomes(document)
            bulk.put(small)
            peer.outcomes(document)
            [delivered] = self.hub.wait_inbox(RECIPIENT, protocol.unpack(document)["id"])
            peer.outcomes(self.document(peer, protocol.attachment("b", large)))
            self.hub.adapters[RECIPIENT].stop()  # its bulk connection would end with ours
            self.addCleanup(self.hub.start_adapter, RECIPIENT)
            stored, flowing = 0, threading.Event()

            def upload():
                nonlocal stored
                bulk.ask(protocol.PUT, digest=protocol.sha256(large), size=len(large))
                for n in range(chunks):
                    at = n * protocol.CHUNK_BYTES_MAX
                    part = large[at : at + protocol.CHUNK_BYTES_MAX]
                    bulk.send(protocol.CHUNK, transfer=bulk.transfer, offset=at, bytes=part)
                    if n >= unanswered:
                        bulk.answer()
                        stored += 1
                        flowing.set()

            with BulkPeer(self.hub, self.hub.agencies[RECIPIENT], peer.welcome["bulk_port"]) as recipient:
                recipient.connect(connection=1)
                thread = threading.Thread(target=upload)
                thread.start()
                flowing.wait()
                wanted = dict(document=delivered["delivery"]["position"], outcome_index=0, attachment=0, offset=0, credit=8)
                got = recipient.ask(protocol.GET, **wanted)[1]["bytes"]
                while len(got) < len(small):
                    got += recipient.answer()[1]["bytes"]
                stored_then = stored
                thread.join()
            self.assertEqual(got, small)
            self.assertLess(stored_then, chunks // 2)

    def test_documents_have_no_place_on_the_bulk_connection(self):
        with Peer(self.hub, self.hub.agencies[PEER]).join() as peer, self.bulk(peer) as bulk:
            bulk.connect(connection=1)
            bulk.send(protocol.ACKNOWLEDGE, stream=1, stored=0, window_items=1, window_bytes=1)
            self.assertEqual(bulk.refusal(), "message-kind-unknown")

    def test_a_type_without_attachments_refuses_them(self):
        with Peer(self.hub, self.hub.agencies["toa-an.huyen"]).join() as peer:
            document = peer.document(notice("01-thong-tin-truoc-xet-xu"), attachments=[protocol.attachment("a", b"a")])
            self.assertEqual(peer.outcomes(document), ["attachments-not-permitted"])


if __name__ == "__main__":
    unittest.main()
