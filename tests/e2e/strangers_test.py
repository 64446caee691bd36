"""Strangers and broken peers: each is refused with its code, and another party's notices flow on all the while."""

import random
import unittest

import zmq
from nacl.signing import SigningKey
from support import DISTRICT, SECONDS, DeploymentTest, TemporaryDeployment, notice, wait_until

import hub_protocol as protocol
from peer import Peer
from reference_client import Refused

PRE_TRIAL = "01-thong-tin-truoc-xet-xu"
QUARTERLY = "03-thong-tin-hang-quy"
PEER = "hdnd.huyen"  # played by the tests; the other four have their adapters
FRAME_BYTES_MAX = 4 << 20
DOCUMENT_BYTES_MAX = 1 << 20


class Strangers(DeploymentTest):
    @classmethod
    def setUpClass(cls):
        cls.failed = False
        cls.hub = TemporaryDeployment()
        cls.addClassCleanup(lambda: cls.hub.close(keep=cls.failed))
        cls.hub.start_hub()
        for party in DISTRICT:
            if party != PEER:
                cls.hub.start_adapter(party)

    def peer(self):
        return Peer(self.hub, self.hub.agencies[PEER])

    def tearDown(self):
        """Whatever happened: the court's notice still reaches the commission, once."""
        status = self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", notice(PRE_TRIAL)))
        self.assertEqual(len(self.hub.wait_inbox("btg.huyen", status["document_id"])), 1)

    def assert_still_serves(self, peer):
        self.assertEqual(peer.outcomes(peer.document(notice(QUARTERLY))), ["accepted"])

    def test_unknown_curve_key_does_not_get_in(self):
        with Peer(self.hub) as stranger:
            stranger.open()
            event = stranger.wait_event(zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_SUCCEEDED)
            self.assertEqual(event, zmq.EVENT_HANDSHAKE_FAILED_AUTH)

    def test_known_peer_is_served(self):
        with self.peer().join() as peer:
            self.assertEqual(peer.welcome["party"], PEER)
            self.assert_still_serves(peer)

    def test_name_of_another_endpoint_is_a_mismatch(self):
        with self.peer() as peer:
            self.assertEqual(peer.hello_refusal(endpoint="toa-an.huyen/folder"), "endpoint-mismatch")

    def test_bulk_connection_is_reserved(self):
        with self.peer() as peer:
            self.assertEqual(peer.hello_refusal(connection=1), "bulk-reserved")

    def test_unknown_version_is_refused(self):
        with self.peer() as peer:
            self.assertEqual(peer.hello_refusal(version_min=2, version_max=9), "version-unsupported")

    def test_hub_of_another_journal_is_not_ours(self):
        with self.peer() as peer:
            self.assertEqual(peer.hello_refusal(journal_id=bytes(16)), "journal-mismatch")

    def test_message_before_hello_is_refused(self):
        with self.peer() as peer:
            peer.open()
            peer.send(protocol.HEARTBEAT, time=0)
            self.assertEqual(peer.refusal(), "hello-required")

    def test_second_session_supersedes_the_first(self):
        with self.peer().join() as first, self.peer().join() as second:
            self.assertEqual(first.refusal(), "session-superseded")
            self.assert_still_serves(second)

    def test_malformed_frames_are_refused_and_the_session_goes_on(self):
        with self.peer().join() as peer:
            whole = protocol.encode_frame(protocol.HEARTBEAT, time=1)
            malformed = {
                "empty": b"",
                "kind alone": whole[:1],
                "truncated": whole[:-1],
                "trailing": whole + b"\xc0",
                "deep": bytes([protocol.SUBMIT, 1]) + b"\x81\x81" + b"\x91" * 100_000 + b"\xc0",
                "huge array": bytes([protocol.SUBMIT, 1]) + b"\x81\x04\xdd\xff\xff\xff\xff",
                "no map": bytes([protocol.SUBMIT, 1]) + b"\x91\xc0",
            }
            for label, frame in malformed.items():
                with self.subTest(label):
                    peer.send_raw(frame)
                    self.assertEqual(peer.refusal(), "frame-malformed")
            peer.send_raw(bytes([31]) + whole[1:])
            self.assertEqual(peer.refusal(), "message-kind-unknown")
            peer.send_raw(whole[:2] + b"\x82" + whole[3:] + b"\x7f\x00")
            self.assertEqual(peer.refusal(), "field-unknown")
            self.assert_still_serves(peer)

    def test_random_frames_are_refused_and_the_session_goes_on(self):
        seed = 20_240_312
        generator = random.Random(seed)
        with self.peer().join() as peer:
            for _ in range(300):
                kind = generator.choice((protocol.SUBMIT, protocol.ACKNOWLEDGE, protocol.CREDENTIAL, 32, 200))
                peer.send_raw(bytes([kind, 1]) + generator.randbytes(generator.randrange(1, 600)))
                self.assertIn(
                    peer.refusal(),
                    ("frame-malformed", "field-unknown", "message-kind-unknown", "bulk-reserved"),
                    f"seed {seed}",
                )
            self.assert_still_serves(peer)

    def test_oversized_frame_ends_the_connection_alone(self):
        with self.peer().join() as peer:
            peer.send_raw(bytes([protocol.SUBMIT, 1]) + bytes(FRAME_BYTES_MAX + 1))
            self.assertEqual(peer.wait_event(zmq.EVENT_DISCONNECTED), zmq.EVENT_DISCONNECTED)
        with self.peer().join() as peer:
            self.assert_still_serves(peer)

    def test_oversized_document_is_refused(self):
        with self.peer().join() as peer:
            document = peer.document(notice(QUARTERLY), data={"period": "x" * DOCUMENT_BYTES_MAX})
            self.assertEqual(peer.outcomes(document), ["document-too-large"])
            self.assert_still_serves(peer)

    def test_forged_signature_is_refused(self):
        with self.peer().join() as peer:
            document = peer.document(notice(QUARTERLY))
            self.assertEqual(peer.outcomes(document, signature=bytes(64)), ["signature-invalid"])
            other = peer.document(notice(QUARTERLY))
            _, signature = protocol.sign_batch(peer.signing_key, peer.welcome["origin"], PEER, [other])
            self.assertEqual(peer.outcomes(document, signature=signature), ["signature-invalid"])
            self.assert_still_serves(peer)

    def test_key_without_certificate_is_unknown(self):
        with self.peer().join() as peer:
            self.assertEqual(peer.outcomes(peer.document(notice(QUARTERLY)), key=SigningKey.generate()), ["key-unknown"])

    def test_certificate_by_another_root_is_refused(self):
        with self.peer().join() as peer:
            forged = self.hub.temporary / "forged.json"
            court = self.hub.agencies["toa-an.huyen"]
            key = ["--key", peer.agency.keys / "signing.json.pub", "--root", court.keys / "root.json"]
            self.hub.hubctl("key", "certify", "--party", PEER, *key, "--out", forged)
            with self.assertRaises(Refused) as refused:
                peer.publish(peer.credential(forged))
            self.assertEqual(refused.exception.code, "certificate-invalid")

    def test_document_in_another_partys_name_is_refused(self):
        with self.peer().join() as peer:
            document = peer.document(notice(PRE_TRIAL), source="toa-an.huyen")
            self.assertEqual(peer.outcomes(document), ["sender-mismatch"])

    def test_malformed_documents_are_refused_one_by_one(self):
        with self.peer().join() as peer:
            good = peer.document(notice(QUARTERLY))
            outcomes = peer.outcomes(good, good[:-1], b"\x91" * 40 + b"\xc0", good + b"\xc0")
            self.assertEqual(outcomes, ["accepted"] + ["document-malformed"] * 3)


class Revocation(unittest.TestCase):
    def setUp(self):
        self.hub = TemporaryDeployment()
        self.addCleanup(self.hub.close)
        self.hub.start()

    def test_revoked_key_is_refused_from_the_next_message_on(self):
        court = self.hub.agencies["toa-an.huyen"]
        self.hub.accepted("toa-an.huyen", self.hub.drop("toa-an.huyen", notice(PRE_TRIAL)))
        revocation = court.credentials / ".revocation.json"
        key = ["--party", court.party, "--key", court.keys / "signing.json.pub", "--root", court.keys / "root.json"]
        self.hub.hubctl("key", "revoke", *key, "--reason", "thiết bị bị mất", "--out", revocation)
        # The adapter publishes what it finds when it connects before it submits anything.
        self.hub.adapters["toa-an.huyen"].stop()
        revocation.rename(court.credentials / "revocation.json")
        name = self.hub.drop("toa-an.huyen", notice(PRE_TRIAL))
        self.hub.start_adapter("toa-an.huyen")
        refusal, vietnamese, _ = self.hub.refused("toa-an.huyen", name)
        self.assertEqual(refusal["code"], "key-revoked")
        self.assertIn("(key-revoked)", vietnamese)
        # Other parties have keys of their own.
        status = self.hub.accepted("hdnd.huyen", self.hub.drop("hdnd.huyen", notice(QUARTERLY)))
        self.hub.wait_inbox("btg.huyen", status["document_id"])

    def test_revocation_that_appears_while_the_adapter_runs_is_published(self):
        council = self.hub.agencies["hdnd.huyen"]
        self.hub.accepted("hdnd.huyen", self.hub.drop("hdnd.huyen", notice(QUARTERLY)))
        key = ["--party", council.party, "--key", council.keys / "signing.json.pub", "--root", council.keys / "root.json"]
        unfinished = council.credentials / ".revocation.json"
        self.hub.hubctl("key", "revoke", *key, "--reason", "thiết bị bị mất", "--out", unfinished)
        unfinished.rename(council.credentials / "revocation.json")
        # The adapter sees both folders at once, so the first notices may still go before the revocation.
        for _ in range(20):
            name = self.hub.drop("hdnd.huyen", notice(QUARTERLY))
            if self.decided(council, name) == "refused":
                break
        refusal, _, _ = self.hub.refused("hdnd.huyen", name)
        self.assertEqual(refusal["code"], "key-revoked")

    def decided(self, agency, name):
        def outcome():
            if (agency.refused / f"{name}.refusal.json").exists():
                return "refused"
            return "accepted" if (agency.status / f"{name}.accepted.json").exists() else None

        return wait_until(outcome, [agency.refused, agency.status], SECONDS)


if __name__ == "__main__":
    unittest.main()
