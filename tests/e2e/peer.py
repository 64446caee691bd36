"""The reference client as one party's endpoint of a test deployment: it sends valid messages, or any bytes at all."""

import base64
import os
import time

import zmq
import zmq.utils.monitor
from deployment import public_key
from nacl.public import PrivateKey
from nacl.signing import SigningKey
from reference_client import ReferenceClient, Refused, secret_of

import hub_protocol as protocol

SECONDS = 15.0
REFUSALS = (protocol.ERROR, protocol.ANSWER, protocol.GOODBYE)


class Peer(ReferenceClient):
    """With the keys of an agency, or as a stranger with a key that the hub does not know (agency None)."""

    def __init__(self, deployment, agency=None):
        self.agency = agency
        transport = secret_of(agency.keys / "transport.json") if agency else bytes(PrivateKey.generate())
        hub_key = base64.b64decode(public_key(deployment.hub_folder / "data" / "keys" / "transport.json.pub"))
        super().__init__(
            f"tcp://127.0.0.1:{deployment.port}",
            hub_key,
            transport,
            agency.endpoint if agency else "stranger/folder",
            SigningKey(secret_of(agency.keys / "signing.json")) if agency else None,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.destroy(linger=0)

    def open(self):
        super().open()
        self.monitor = self.socket.get_monitor_socket()

    def join(self):
        """Opens a session and publishes the party's certificate."""
        self.connect()
        self.publish(self.credential(self.agency.credentials / "signing.json"))
        return self

    @staticmethod
    def credential(file):
        return file.read_text().strip()

    def hello_refusal(self, **hello):
        """The code that the hub refuses such a HELLO with."""
        try:
            self.connect(**hello)
        except Refused as refused:
            return refused.code
        raise AssertionError("the hub said WELCOME")

    def wait_event(self, *events):
        """The first of these events of the connection."""
        deadline = time.monotonic() + SECONDS
        while self.monitor.poll(max(0.0, deadline - time.monotonic()) * 1000):
            event = zmq.utils.monitor.recv_monitor_message(self.monitor)["event"]
            if event in events:
                return event
        raise AssertionError("the connection's event did not come")

    def refusal(self):
        """The code of the next ERROR, ANSWER or GOODBYE."""
        deadline = time.monotonic() + SECONDS
        while True:
            kind, fields = self.receive(deadline - time.monotonic())
            if kind in REFUSALS:
                return fields.get("code")

    def document(self, notice, **changed):
        notice = {**notice, **changed}
        return protocol.make_document(notice.pop("source", self.agency.party), salt=os.urandom(16), **notice)

    def outcomes(self, *documents, signature=None, key=None):
        """Submits a batch, signed by another key or with other bytes where they are given; the outcomes of its documents."""
        key = key or self.signing_key
        key_id, signed = protocol.sign_batch(key, self.welcome["origin"], self.agency.party, documents)
        batch, self.next_batch = self.next_batch, self.next_batch + 1
        fields = {"batch": batch, "key_id": key_id, "signature": signature or signed, "documents": list(documents)}
        self.send(protocol.SUBMIT, **fields)
        try:
            answer = self.expect(protocol.RESULTS, SECONDS)
        except Refused as refused:
            return [refused.code]
        return [protocol.read_result(result)["outcome"] for result in answer["results"]]
