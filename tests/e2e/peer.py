"""The reference client as one party's endpoint of a test deployment: it sends valid messages, or any bytes at all."""

import os
import time

from nacl.public import PrivateKey
from nacl.signing import SigningKey
from reference_client import Refused, secret_of
from stranger import SECONDS, Stranger

import hub_protocol as protocol

REFUSALS = (protocol.ERROR, protocol.ANSWER, protocol.GOODBYE)


class Peer(Stranger):
    """With the keys of an agency, or as a stranger with a key that the hub does not know (agency None)."""

    def __init__(self, deployment, agency=None):
        self.agency = agency
        if agency:
            signing_key = SigningKey(secret_of(agency.keys / "signing.json"))
            super().__init__(deployment, agency.endpoint, secret_of(agency.keys / "transport.json"), signing_key)
        else:
            super().__init__(deployment, "stranger/folder", bytes(PrivateKey.generate()))

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
        key_id, signed = protocol.sign_batch(
            key or self.signing_key, self.welcome["origin"], self.agency.party, documents
        )
        try:
            results = self.submit_signed(list(documents), key_id, signature or signed, SECONDS)
        except Refused as refused:
            return [refused.code]
        return [result["outcome"] for result in results]
