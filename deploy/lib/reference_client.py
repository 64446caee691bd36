#!/usr/bin/env python3
"""A client of the hub, written from hub/wire/README.md alone. A class for tests, and a command line:

  reference_client.py --hub ADDRESS --hub-key BASE64 --endpoint ID --transport FILE [--state FILE] COMMAND
    send --signing FILE [--certificate FILE]... --to PARTIES --type TYPE --subject TEXT --data JSON
         [--count N] [--receipts N] [--timeout SECONDS]
    receive --roots FILE [--count N] [--timeout SECONDS]
    raw --frame HEX [--before-hello] [--timeout SECONDS]

Each line of output is a JSON object; raw shows what comes until an ERROR or GOODBYE. Exit 0: done; 1: refused, or not all came in time; 2: usage.
"""
import argparse
import base64
import collections
import json
import os
import sys
import time

import nacl.public
import nacl.signing
import zmq
from zmq.utils import z85

import hub_protocol as protocol

HEARTBEAT_SECONDS = 5
HEARTBEATS_MISSED_MAX = 3


class Refused(Exception):
    """The hub said GOODBYE or ERROR: code and facts as it gave them."""

    def __init__(self, fields):
        super().__init__("%s %s" % (fields.get("code", "goodbye"), fields.get("facts", {})))
        self.code, self.facts, self.batch = fields.get("code"), fields.get("facts", {}), fields.get("batch")


class Silence(Exception):
    """Nothing came in time."""


class ReferenceClient:
    """One endpoint's connection. One thread; what must outlive it is in `state`, a dict of plain values."""

    def __init__(self, address, hub_key, transport_secret, endpoint, signing_key=None, roots=None, state=None):
        self.address, self.hub_key, self.endpoint = address, hub_key, endpoint
        self.transport = nacl.public.PrivateKey(transport_secret)
        self.signing_key = signing_key
        self.keys = protocol.KeyRing(roots or {})
        self.state = state if state is not None else {}
        self.welcome = None
        self.window_items, self.window_bytes = 1024, 16 << 20
        self.next_batch, self.next_request = 1, 1
        self.context, self.socket = zmq.Context(), None
        self.came = collections.deque()  # frames that came while another kind was waited for

    # Connection

    def open(self):
        """A CURVE connection without a session yet."""
        self.close_socket()
        self.came.clear()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.curve_serverkey = z85.encode(self.hub_key)
        self.socket.curve_publickey = z85.encode(bytes(self.transport.public_key))
        self.socket.curve_secretkey = z85.encode(bytes(self.transport))
        self.socket.setsockopt(zmq.MAXMSGSIZE, protocol.FRAME_BYTES_MAX)
        self.socket.setsockopt(zmq.LINGER, 500)
        self.socket.connect(self.address)
        self.spoken = self.heard = time.monotonic()

    def connect(self, timeout=10, **hello):
        """Opens a connection and a session; `hello` replaces fields. Raises Refused when the hub says GOODBYE."""
        self.open()
        state = self.state
        fields = dict(version_min=1, version_max=protocol.VERSION, endpoint=self.endpoint, connection=0,
                      journal_id=bytes.fromhex(state["journal_id"]) if "journal_id" in state else None,
                      deliveries_stored=state.get("deliveries_stored", 0),
                      receipts_stored=state.get("receipts_stored", 0),
                      deliveries_window_items=self.window_items, deliveries_window_bytes=self.window_bytes,
                      receipts_window_items=4096, position_seen=state.get("position_seen", 0),
                      software="reference client")
        self.send(protocol.HELLO, **{**fields, **hello})
        self.welcome = self.expect(protocol.WELCOME, timeout)
        state["journal_id"] = self.welcome["journal_id"].hex()
        self.next_delivery, self.next_receipt = self.welcome["deliveries_next"], self.welcome["receipts_next"]
        return self.welcome

    def close(self):
        if self.socket is not None and self.welcome is not None:
            self.send(protocol.GOODBYE)
        self.close_socket()
        self.context.term()

    def close_socket(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    # Frames

    def send(self, kind, **fields):
        self.send_raw(protocol.encode_frame(kind, **fields))

    def send_raw(self, frame):
        self.socket.send(frame)
        self.spoken = time.monotonic()

    def receive(self, timeout):
        """The next frame as (kind, fields); sends heartbeats while it waits. Raises Silence."""
        end = time.monotonic() + timeout
        while True:
            now = time.monotonic()
            if now - self.spoken >= HEARTBEAT_SECONDS:
                self.send(protocol.HEARTBEAT, time=time.time_ns() // 1000)
            if now - self.heard >= HEARTBEAT_SECONDS * HEARTBEATS_MISSED_MAX:
                raise Silence("the hub was silent for too long: connect again")
            wait = min(end, self.spoken + HEARTBEAT_SECONDS) - now
            if self.socket.poll(max(0, int(wait * 1000) + 1)):
                parts = self.socket.recv_multipart()
                self.heard = time.monotonic()
                if len(parts) != 1:
                    raise protocol.ProtocolError("a frame has one part")
                kind, fields = protocol.decode_frame(parts[0])
                if kind != protocol.HEARTBEAT:
                    return kind, fields
            elif time.monotonic() >= end:
                raise Silence("nothing came in time")

    def expect(self, kind, timeout=10):
        """The next frame of that kind; others wait for their turn. Raises Refused on GOODBYE and ERROR."""
        for i, (other, fields) in enumerate(self.came):
            if other == kind:
                del self.came[i]
                return fields
        end = time.monotonic() + timeout
        while True:
            other, fields = self.receive(max(0, end - time.monotonic()))
            if other == kind:
                return fields
            if other in (protocol.GOODBYE, protocol.ERROR):
                raise Refused(fields)
            if other == protocol.CREDENTIALS:
                for text in fields["texts"]:
                    self.keys.add(text)
            else:
                self.came.append((other, fields))

    def saw(self, position):
        self.state["position_seen"] = max(self.state.get("position_seen", 0), position + 1)

    # Sending

    def publish(self, credential):
        """Registers a certificate or revocation of this party; raises Refused."""
        request = self.next_request
        self.next_request += 1
        self.send(protocol.CREDENTIAL, request=request, text=credential)
        answer = self.expect(protocol.ANSWER)
        if answer["request"] != request:
            raise protocol.ProtocolError("an answer to another request")
        if "code" in answer:
            raise Refused(answer)
        return answer

    def submit(self, documents, timeout=30):
        """Signs and sends one batch; its results, in the documents' order."""
        key, signature = protocol.sign_batch(self.signing_key, self.welcome["origin"], self.welcome["party"], documents)
        return self.submit_signed(documents, key, signature, timeout)

    def submit_signed(self, documents, key_id, signature, timeout=30):
        """Sends one batch under that key id and signature; its results, in the documents' order."""
        batch = self.next_batch
        self.next_batch += 1
        self.send(protocol.SUBMIT, batch=batch, key_id=key_id, signature=signature, documents=documents)
        results = []
        while len(results) < len(documents):
            fields = self.expect(protocol.RESULTS, timeout)
            if fields["batch"] != batch or fields["first"] != len(results):
                raise protocol.ProtocolError("results out of order")
            results += [protocol.read_result(values) for values in fields["results"]]
        for result in results:
            self.saw(result["position"])
        return results

    def receipts(self, count, timeout=30):
        """The next `count` receipts or more, acknowledged."""
        out, end = [], time.monotonic() + timeout
        while len(out) < count:
            fields = self.expect(protocol.RECEIPTS, max(0, end - time.monotonic()))
            if fields["first"] != self.next_receipt:
                raise protocol.ProtocolError("a gap in the receipts")
            out += [protocol.read_receipt(values) for values in fields["receipts"]]
            self.next_receipt += len(fields["receipts"])
            self.acknowledge_receipts(self.next_receipt - 1)
        for receipt in out:
            self.saw(receipt["record"])
        return out

    def acknowledge_receipts(self, stored):
        self.state["receipts_stored"] = stored
        self.send(protocol.ACKNOWLEDGE, stream=protocol.STREAM_RECEIPTS, stored=stored, window_items=4096,
                  window_bytes=0)

    def report(self, delivery, status, reason=None, cause=None, permanent=None):
        """Says how far this party is with a delivery, as deliveries() gave it; raises Refused. `status` is a name."""
        request = self.next_request
        self.next_request += 1
        self.send(protocol.REPORT, request=request, document=delivery["position"],
                  outcome_index=delivery["outcome_index"], status=protocol.REPORTABLE[status], reason=reason,
                  time=int(time.time() * 1_000_000), replay=delivery.get("replay"), cause=cause, permanent=permanent)
        answer = self.expect(protocol.ANSWER)
        if answer["request"] != request:
            raise protocol.ProtocolError("an answer to another request")
        if "code" in answer:
            raise Refused(answer)
        return answer

    # Receiving

    def deliveries(self, count=1, timeout=30):
        """The next `count` deliveries or more, checked, each with its `sequence`. Not acknowledged."""
        out, end = [], time.monotonic() + timeout
        while len(out) < count:
            fields = self.expect(protocol.DELIVERIES, max(0, end - time.monotonic()))
            if fields["first"] != self.next_delivery:
                raise protocol.ProtocolError("a gap in the deliveries")
            for values in fields["groups"]:
                for delivery in protocol.verify_group(protocol.read_group(values), self.welcome["origin"],
                                                      self.welcome["party"], self.keys):
                    out.append({**delivery, "sequence": self.next_delivery})
                    self.next_delivery += 1
                    self.saw(delivery["position"])
        return out

    def acknowledge_deliveries(self, stored):
        self.state["deliveries_stored"] = stored
        self.send(protocol.ACKNOWLEDGE, stream=protocol.STREAM_DELIVERIES, stored=stored,
                  window_items=self.window_items, window_bytes=self.window_bytes)


# Command line

def secret_of(path):
    with open(path, encoding="utf-8") as file:
        return base64.b64decode(json.load(file)["secret"], validate=True)


def printable(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(k): printable(v) for k, v in value.items() if k != "row_bytes" and
                not (k == "document" and isinstance(v, bytes))}
    if isinstance(value, (list, tuple)):
        return [printable(v) for v in value]
    return value


def show(event, value):
    print(json.dumps({"event": event, **printable(value)}, ensure_ascii=False), flush=True)


def run_send(client, options):
    client.connect(options.timeout)
    for path in options.certificate:
        with open(path, encoding="utf-8") as file:
            show("answer", client.publish(protocol.canonical_json(json.load(file))))
    documents = [protocol.make_document(client.welcome["party"], options.to, options.type, options.subject,
                                        json.loads(options.data), salt=os.urandom(16)) for _ in range(options.count)]
    results = client.submit(documents, options.timeout)
    for result in results:
        show("result", result)
    for receipt in client.receipts(options.receipts, options.timeout) if options.receipts else []:
        show("receipt", receipt)
    return 0 if all(result["outcome"] == "accepted" for result in results) else 1


def run_receive(client, options):
    with open(options.roots, encoding="utf-8") as file:
        client.keys.roots = {party: base64.b64decode(key) for party, key in json.load(file).items()}
    client.connect(options.timeout)
    for delivery in client.deliveries(options.count, options.timeout):
        show("delivery", delivery)
        client.acknowledge_deliveries(delivery["sequence"])
        for status in options.report:
            show("answer", client.report(delivery, status, options.reason))
    return 0


def run_raw(client, options):
    if options.before_hello:
        client.open()
    else:
        client.connect(options.timeout)
    client.send_raw(bytes.fromhex(options.frame))
    kind = None
    while kind not in (protocol.ERROR, protocol.GOODBYE):
        kind, fields = client.receive(options.timeout)
        show("frame", {"kind": kind, "fields": fields})
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(description="a client of the hub, as the specification tells it")
    for name in ("--hub", "--hub-key", "--endpoint", "--transport"):
        parser.add_argument(name, required=True)
    parser.add_argument("--state")
    commands = parser.add_subparsers(dest="command", required=True)
    send, receive, raw = (commands.add_parser(name) for name in ("send", "receive", "raw"))
    for name in ("--signing", "--to", "--type", "--subject", "--data"):
        send.add_argument(name, required=True)
    send.add_argument("--certificate", action="append", default=[])
    send.add_argument("--receipts", type=int, default=0)
    receive.add_argument("--roots", required=True, help="JSON: party -> base64 of its root public key")
    receive.add_argument("--report", action="append", default=[], choices=sorted(protocol.REPORTABLE),
                         help="said of each delivery, in this order")
    receive.add_argument("--reason")
    for command in (send, receive):
        command.add_argument("--count", type=int, default=1)
    raw.add_argument("--frame", required=True)
    raw.add_argument("--before-hello", action="store_true")
    for command in (send, receive, raw):
        command.add_argument("--timeout", type=float, default=30)
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    state = {}
    if options.state and os.path.exists(options.state):
        with open(options.state, encoding="utf-8") as file:
            state = json.load(file)
    signing = nacl.signing.SigningKey(secret_of(options.signing)) if options.command == "send" else None
    client = ReferenceClient(options.hub, base64.b64decode(options.hub_key), secret_of(options.transport),
                             options.endpoint, signing, state=state)
    try:
        return {"send": run_send, "receive": run_receive, "raw": run_raw}[options.command](client, options)
    except (Refused, Silence, protocol.ProtocolError) as error:
        show("failed", {"kind": type(error).__name__, "reason": str(error)})
        return 1
    finally:
        client.close()
        if options.state:
            with open(options.state + ".new", "w", encoding="utf-8") as file:
                json.dump(state, file)
            os.replace(options.state + ".new", options.state)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
