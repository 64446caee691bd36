"""What no adapter does: a forged signature, a key that nobody certified, a connection that is not enrolled.

The first two come over a party's spare endpoint, as if somebody had got hold of its transport key."""

import base64
import os
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Optional

import zmq
import zmq.utils.monitor
from deployment import public_key
from nacl.public import PrivateKey
from nacl.signing import SigningKey

import hub_protocol as protocol
from reference_client import ReferenceClient, Silence, secret_of

SECONDS = 15.0
ADMISSION = (zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_SUCCEEDED)


@dataclass
class Answer:
    """What the hub said to one document; position and time are those of its record, absent where there is none."""

    code: str
    facts: dict = field(default_factory=dict)
    position: Optional[int] = None
    time: Optional[str] = None


def rfc3339(micros):
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=micros)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Stranger(ReferenceClient):
    """The reference client on a deployment's hub, which also tells what becomes of its connection."""

    def __init__(self, deployment, endpoint, transport_secret, signing_key=None):
        hub_key = base64.b64decode(public_key(deployment.hub_folder / "data" / "keys" / "transport.json.pub"))
        address = f"tcp://127.0.0.1:{deployment.port}"
        super().__init__(address, hub_key, transport_secret, endpoint, signing_key)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.destroy(linger=0)

    def open(self):
        super().open()
        self.monitor = self.socket.get_monitor_socket()

    def wait_event(self, *events):
        """The first of these events of the connection."""
        deadline = time.monotonic() + SECONDS
        while self.monitor.poll(max(0.0, deadline - time.monotonic()) * 1000):
            event = zmq.utils.monitor.recv_monitor_message(self.monitor)["event"]
            if event in events:
                return event
        raise Silence("nothing became of the connection in time")


def forged_signature(deployment, agency, notice):
    """Under the party's certified key, which did not sign it."""
    certified = base64.b64decode(public_key(agency.keys / "signing.json.pub"))
    return _submit(deployment, agency, notice, protocol.key_id(certified), SigningKey.generate())


def unknown_key(deployment, agency, notice):
    """Signed well, by a key without a certificate."""
    key = SigningKey.generate()
    return _submit(deployment, agency, notice, protocol.key_id(bytes(key.verify_key)), key)


def _submit(deployment, agency, notice, key_id, signing_key):
    with Stranger(deployment, agency.spare_endpoint, secret_of(agency.spare_key)) as client:
        welcome = client.connect()
        document = protocol.make_document(agency.party, **notice, salt=os.urandom(16), time=rfc3339(welcome["time"]))
        root = protocol.merkle_root([protocol.batch_leaf(document)])
        text = protocol.batch_signed_text(welcome["origin"], agency.party, key_id, 1, root)
        (result,) = client.submit_signed([document], key_id, signing_key.sign(text).signature)
    return Answer(result["outcome"], result["facts"], result["position"], rfc3339(result["time"]))


def unknown_endpoint(deployment, agency, _notice):
    """In the name of the party's endpoint, with a transport key that is not enrolled: the hub says nothing at all."""
    with Stranger(deployment, agency.endpoint, bytes(PrivateKey.generate())) as client:
        client.open()
        admitted = client.wait_event(*ADMISSION) == zmq.EVENT_HANDSHAKE_SUCCEEDED
    return Answer("accepted" if admitted else "endpoint-unknown")


ATTEMPTS = {
    "forged-signature": forged_signature,
    "unknown-key": unknown_key,
    "unknown-endpoint": unknown_endpoint,
}
