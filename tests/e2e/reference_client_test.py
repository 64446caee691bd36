#!/usr/bin/env python3
"""The reference client against the golden frames, the worked examples and a stub of the hub. Needs no hub."""
import json
import os
import pathlib
import sys
import unittest

import nacl.public
import nacl.signing

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy" / "lib"))
import hub_protocol as protocol
from hub_stub import HubStub, protocol_range_proof
from reference_client import ReferenceClient, Refused

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden" / "wire"
WORKED = json.loads((GOLDEN / "worked.json").read_text(encoding="utf-8"))


def unhex(value):
    return bytes.fromhex(value)


def from_description(value):
    """A value of a golden frame's description as what MessagePack packs."""
    if isinstance(value, list):
        return [from_description(item) for item in value]
    if isinstance(value, dict):
        return unhex(value["hex"]) if "hex" in value else {name: item for name, item in value["map"]}
    return value


class GoldenFrames(unittest.TestCase):
    def frames(self):
        for path in sorted(GOLDEN.glob("*.bin")):
            yield path.read_bytes(), json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    def test_every_frame_is_read_as_described(self):
        count = 0
        for frame, description in self.frames():
            kind, fields = protocol.decode_frame(frame)
            names = protocol.FIELDS[description["kind"]]
            expected = {names[int(number)]: from_description(v) for number, v in description["fields"].items()}
            self.assertEqual((kind, fields), (description["kind"], expected))
            count += 1
        self.assertGreaterEqual(count, 19)

    def test_every_frame_is_written_byte_for_byte_from_its_description(self):
        for frame, description in self.frames():
            names = protocol.FIELDS[description["kind"]]
            fields = {names[int(number)]: from_description(v) for number, v in description["fields"].items()}
            self.assertEqual(protocol.encode_frame(description["kind"], **fields).hex(), frame.hex())

    def test_every_cut_frame_is_refused(self):
        for frame, _ in self.frames():
            for size in range(len(frame)):
                with self.assertRaises(protocol.ProtocolError):
                    protocol.decode_frame(frame[:size])

    def test_an_unknown_field_below_128_is_refused_and_one_from_128_on_is_ignored(self):
        for number, fits in ((127, False), (128, True)):
            frame = bytes([protocol.HEARTBEAT, 1]) + protocol.msgpack.packb({1: 0, number: [None]})
            if fits:
                self.assertEqual(protocol.decode_frame(frame), (protocol.HEARTBEAT, {"time": 0}))
            else:
                self.assertRaises(protocol.ProtocolError, protocol.decode_frame, frame)

    def test_the_golden_deliveries_verify_and_give_the_leaf_of_the_golden_result(self):
        credential = protocol.decode_frame((GOLDEN / "credential.bin").read_bytes())[1]["text"]
        keys = protocol.KeyRing({"toa-an.huyen": unhex(WORKED["credential"]["root_public_key"])})
        keys.add(credential)
        _, fields = protocol.decode_frame((GOLDEN / "deliveries.bin").read_bytes())
        group = protocol.read_group(fields["groups"][0])
        deliveries = protocol.verify_group(group, WORKED["batch"]["origin"], "btg.huyen", keys)
        _, results = protocol.decode_frame((GOLDEN / "results.bin").read_bytes())
        self.assertEqual(protocol.read_result(results["results"][0])["leaf"].hex(), WORKED["leaf"]["leaf"])
        self.assertEqual(deliveries[1]["leaf"].hex(), WORKED["leaf"]["leaf"])
        self.assertEqual(deliveries[0]["content"]["subject"], "Báo cáo kết quả xét xử")

    def test_deliveries_with_anything_changed_are_refused(self):
        keys = protocol.KeyRing({"toa-an.huyen": unhex(WORKED["credential"]["root_public_key"])})
        keys.add(WORKED["credential"]["text"])
        changes = {"sender": lambda v: "vks.huyen", "key_id": flip, "batch_count": lambda v: v + 1,
                   "first_index": lambda v: v - 1, "signature": flip, "range_proof": flip}
        of_delivery = {"document": flip, "row_proof": lambda v: v + v, "outcome_index": lambda v: 1 if v else 5,
                       "time": lambda v: 0}
        for name, change in {**changes, **of_delivery}.items():
            with self.subTest(name):
                _, fields = protocol.decode_frame((GOLDEN / "deliveries.bin").read_bytes())
                group = protocol.read_group(fields["groups"][0])
                target = group if name in changes else group["deliveries"][1]
                target[name] = change(target[name])
                with self.assertRaises(protocol.ProtocolError):
                    protocol.verify_group(group, WORKED["batch"]["origin"], "btg.huyen", keys)


def flip(value):
    return bytes([value[0] ^ 1]) + value[1:]


class WorkedExamples(unittest.TestCase):
    def test_the_batch_signature(self):
        w = WORKED["batch"]
        key = nacl.signing.SigningKey(unhex(w["signing_seed"]))
        documents = [unhex(document) for document in w["documents"]]
        leaves = [protocol.batch_leaf(document) for document in documents]
        self.assertEqual([leaf.hex() for leaf in leaves], w["batch_leaves"])
        self.assertEqual(protocol.merkle_root(leaves).hex(), w["root"])
        text = protocol.batch_signed_text(w["origin"], w["sender"], unhex(w["key_id"]), 3, unhex(w["root"]))
        self.assertEqual(text.hex(), w["signed_text"])
        key_id, signature = protocol.sign_batch(key, w["origin"], w["sender"], documents)
        self.assertEqual((key_id.hex(), signature.hex()), (w["key_id"], w["signature"]))
        self.assertEqual(protocol.sha256(text, signature).hex(), w["envelope_digest"])
        for name, first, count in (("range_proof_of_1_and_2", 1, 2), ("range_proof_of_1", 1, 1)):
            proof = unhex("".join(w[name]))
            self.assertEqual(protocol.root_of_range(3, first, leaves[first:first + count], proof).hex(), w["root"])

    def test_the_leaf(self):
        w = WORKED["leaf"]
        head = protocol.sha256(unhex(w["nonce"]), bytes([1, w["kind"]]), w["time"].to_bytes(8, "little", signed=True),
                               unhex(w["metadata"]))
        self.assertEqual(head.hex(), w["head_digest"])
        rows = [unhex(row) for row in w["rows"]]
        root = protocol.outcome_root(rows)
        self.assertEqual(root.hex(), w["outcome_root"])
        for index, proof in enumerate(w["row_proofs"]):
            leaf = protocol.leaf_hash(rows[index])
            self.assertEqual(protocol.root_of_range(3, index, [leaf], unhex("".join(proof))), root)
        document = unhex(WORKED["batch"]["documents"][2])
        self.assertEqual(protocol.record_leaf(head, document, root).hex(), w["leaf"])

    def test_the_credential(self):
        w = WORKED["credential"]
        statement = json.loads(w["statement"])
        self.assertEqual(protocol.canonical_json(statement), w["statement"])
        self.assertEqual(protocol.sign_credential(nacl.signing.SigningKey(unhex(w["root_seed"])), statement), w["text"])
        self.assertEqual(protocol.read_credential(w["text"], unhex(w["root_public_key"])), statement)

    def test_every_range_of_every_small_tree_gives_its_root(self):
        for size in range(1, 18):
            leaves = [protocol.sha256(bytes([i])) for i in range(size)]
            for index in range(size):
                proof = protocol_range_proof(leaves, index)
                self.assertEqual(protocol.root_of_range(size, index, [leaves[index]], b"".join(proof)),
                                 protocol.merkle_root(leaves))
                for wrong in (proof + [leaves[0]], proof[1:]) if size > 1 else ():
                    with self.assertRaises(protocol.ProtocolError):
                        protocol.root_of_range(size, index, [leaves[index]], b"".join(wrong))


class AgainstAStub(unittest.TestCase):
    def setUp(self):
        self.hub = HubStub({"toa-an.huyen/folder": "toa-an.huyen", "btg.huyen/folder": "btg.huyen"}, "btg.huyen")
        self.hub.start()
        self.addCleanup(self.hub.stop)
        self.root, self.signing = nacl.signing.SigningKey.generate(), nacl.signing.SigningKey.generate()
        self.certificate = protocol.certificate(self.root, "toa-an.huyen", bytes(self.signing.verify_key),
                                                "2024-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.000000Z")

    def client(self, party, state=None):
        client = ReferenceClient(self.hub.address, self.hub.public_key, bytes(nacl.public.PrivateKey.generate()),
                                 party + "/folder", self.signing, {"toa-an.huyen": bytes(self.root.verify_key)}, state)
        self.addCleanup(client.close)
        return client

    def documents(self, count):
        return [protocol.make_document("toa-an.huyen", "btg.huyen", "trial-result-report/1", "Báo cáo", {},
                                       salt=os.urandom(16)) for _ in range(count)]

    def test_documents_arrive_with_the_leaves_that_the_sender_was_told_and_receipts_come_back(self):
        sender, recipient = self.client("toa-an.huyen"), self.client("btg.huyen")
        sender.connect()
        recipient.connect()
        sender.publish(self.certificate)
        results = sender.submit(self.documents(5))
        deliveries = recipient.deliveries(5)
        self.assertEqual([d["leaf"] for d in deliveries], [r["leaf"] for r in results])
        self.assertEqual([d["sequence"] for d in deliveries], [1, 2, 3, 4, 5])
        recipient.acknowledge_deliveries(5)
        receipts = sender.receipts(5)
        self.assertEqual([r["document"] for r in receipts], [r["position"] for r in results])
        self.assertGreater(sender.state["position_seen"], results[-1]["position"])

    def test_what_was_not_acknowledged_comes_again_on_the_next_connection(self):
        sender, recipient = self.client("toa-an.huyen"), self.client("btg.huyen")
        sender.connect()
        recipient.connect()
        sender.publish(self.certificate)
        sender.submit(self.documents(3))
        self.assertEqual(len(recipient.deliveries(3)), 3)
        recipient.acknowledge_deliveries(1)
        sender.receipts(1)
        self.assertEqual(recipient.connect()["deliveries_next"], 2)
        self.assertEqual([d["sequence"] for d in recipient.deliveries(2)], [2, 3])

    def test_a_delivery_of_a_sender_without_a_pin_is_refused(self):
        sender, recipient = self.client("toa-an.huyen"), self.client("btg.huyen")
        recipient.keys.roots.clear()
        sender.connect()
        recipient.connect()
        sender.publish(self.certificate)
        sender.submit(self.documents(1))
        self.assertRaises(protocol.ProtocolError, recipient.deliveries, 1)

    def test_refusals_carry_their_code(self):
        client = self.client("toa-an.huyen")
        client.open()
        client.send(protocol.HEARTBEAT, time=0)
        with self.assertRaises(Refused) as refused:
            client.expect(protocol.WELCOME)
        self.assertEqual(refused.exception.code, "hello-required")
        with self.assertRaises(Refused) as refused:
            client.connect(endpoint="someone.else/folder")
        self.assertEqual(refused.exception.code, "endpoint-mismatch")
        client.connect()
        client.send_raw(b"\x02\x01\xc1")
        with self.assertRaises(Refused) as refused:
            client.expect(protocol.RESULTS)
        self.assertEqual(refused.exception.code, "frame-malformed")
        other = self.client("toa-an.huyen")
        other.connect()
        with self.assertRaises(Refused) as refused:
            client.expect(protocol.RESULTS)
        self.assertEqual(refused.exception.code, "session-superseded")


if __name__ == "__main__":
    unittest.main()
