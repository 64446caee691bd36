"""The least hub that the reference client can be tried against without a hub: sessions, results, deliveries, receipts,
from memory and without any decision. It admits every key and knows one recipient for all."""
import threading

import nacl.public
import zmq
from zmq.utils import z85

import hub_protocol as protocol

ORIGIN, TIME = "trung-tam.huyen", 1_710_205_200_000_000


class HubStub(threading.Thread):
    """`party_of` maps endpoints to parties; everything goes to `recipient`'s endpoint. Ends with stop()."""

    def __init__(self, party_of, recipient):
        super().__init__(daemon=True)
        self.party_of, self.recipient = party_of, recipient
        key = nacl.public.PrivateKey.generate()
        self.public_key = bytes(key.public_key)
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.curve_server = True
        self.socket.curve_secretkey = z85.encode(bytes(key))
        self.socket.setsockopt(zmq.LINGER, 500)
        self.address = "tcp://127.0.0.1:%d" % self.socket.bind_to_random_port("tcp://127.0.0.1")
        self.wake = self.context.socket(zmq.PAIR)
        self.wake.bind("inproc://stop")
        self.sessions, self.connections = {}, {}  # connection -> endpoint, and back
        self.credentials, self.queue, self.position = [], [], 100
        self.acknowledged = 0
        self.seen = []  # kinds that came, for tests

    def run(self):
        poller = zmq.Poller()
        poller.register(self.socket, zmq.POLLIN)
        poller.register(self.wake, zmq.POLLIN)
        while True:
            ready = dict(poller.poll())
            if self.wake in ready:
                break
            connection, frame = self.socket.recv_multipart()
            try:
                kind, fields = protocol.decode_frame(frame)
                self.seen.append(kind)
                if kind != protocol.HELLO and connection not in self.sessions:
                    self.send(connection, protocol.ERROR, code="hello-required", facts={})
                elif kind in HANDLERS:
                    HANDLERS[kind](self, connection, fields)
            except protocol.ProtocolError as error:
                self.send(connection, protocol.ERROR, code="frame-malformed",
                          facts={"offset": "2", "reason": str(error)})
        self.socket.close()
        self.wake.close()

    def stop(self):
        with self.context.socket(zmq.PAIR) as stop:
            stop.connect("inproc://stop")
            stop.send(b"")
        self.join()
        self.context.term()

    def send(self, connection, kind, **fields):
        self.socket.send_multipart([connection, protocol.encode_frame(kind, **fields)])

    def hello(self, connection, fields):
        endpoint = fields["endpoint"]
        if endpoint not in self.party_of:
            self.send(connection, protocol.GOODBYE, code="endpoint-mismatch", facts={"actual": endpoint})
            return
        if endpoint in self.connections:
            self.send(self.connections[endpoint], protocol.GOODBYE, code="session-superseded", facts={})
            self.sessions.pop(self.connections[endpoint], None)
        self.sessions[connection], self.connections[endpoint] = endpoint, connection
        if self.party_of[endpoint] == self.recipient:
            self.acknowledged = fields["deliveries_stored"]
        self.send(connection, protocol.WELCOME, version=1, origin=ORIGIN, journal_id=bytes(range(16)), time=TIME,
                  session=len(self.seen), party=self.party_of[endpoint], durable_end=self.position,
                  deliveries_next=self.acknowledged + 1, receipts_next=fields["receipts_stored"] + 1,
                  frame_bytes_max=4 << 20, document_bytes_max=1 << 20, batch_documents_max=256, recipients_max=255,
                  submit_window_documents=4096, submit_window_bytes=32 << 20, heartbeat_millis=5000,
                  heartbeats_missed_max=3)
        if self.party_of[endpoint] == self.recipient:
            self.deliver(connection, self.acknowledged)

    def credential(self, connection, fields):
        self.credentials.append(fields["text"])
        self.send(connection, protocol.ANSWER, request=fields["request"], position=self.position)

    def submit(self, connection, fields):
        sender, documents = self.party_of[self.sessions[connection]], fields["documents"]
        leaves = [protocol.batch_leaf(document) for document in documents]
        results = []
        for index, document in enumerate(documents):
            self.position += 1
            row = protocol.msgpack.packb([self.recipient, self.recipient, "accepted", "huyen/btg-238", 1, "c"])
            head = protocol.sha256(b"head", self.position.to_bytes(8, "little"))
            leaf = protocol.record_leaf(head, document, protocol.outcome_root([row]))
            results.append(["accepted", self.position, leaf, TIME, False, [[row, {}]], {}])
            proof = b"".join(protocol_range_proof(leaves, index))
            group = [sender, fields["key_id"], len(documents), index, fields["signature"], proof,
                     [[self.position, 0, 1, TIME, head, row, b"", document]]]
            self.queue.append((group, connection, protocol.unpack(document)["id"]))
        middle = len(results) // 2  # two frames, as a batch with very many recipients would have
        for first, part in ((0, results[:middle]), (middle, results[middle:])):
            if part:
                self.send(connection, protocol.RESULTS, batch=fields["batch"], first=first, results=part)
        for endpoint, recipient in self.connections.items():
            if self.party_of[endpoint] == self.recipient and recipient in self.sessions:
                self.deliver(recipient, len(self.queue) - len(documents))

    def deliver(self, connection, after):
        if len(self.queue) > after:
            self.send(connection, protocol.CREDENTIALS, texts=self.credentials)
            self.send(connection, protocol.DELIVERIES, first=after + 1, groups=[g for g, _, _ in self.queue[after:]])

    def acknowledge(self, connection, fields):
        if fields["stream"] != protocol.STREAM_DELIVERIES:
            return
        for sequence in range(self.acknowledged + 1, fields["stored"] + 1):
            group, sender, document_id = self.queue[sequence - 1]
            self.position += 1
            self.send(sender, protocol.RECEIPTS, first=sequence,
                      receipts=[[1, group[6][0][0], bytes.fromhex(document_id.replace("-", "")), 0, self.recipient,
                                 self.position, TIME]])
        self.acknowledged = max(self.acknowledged, fields["stored"])

    def goodbye(self, connection, fields):
        self.sessions.pop(connection, None)


def protocol_range_proof(leaves, index):
    """The inclusion proof of one leaf, in the order of a depth-first walk."""
    if len(leaves) == 1:
        return []
    left = protocol.split(len(leaves))
    if index < left:
        return protocol_range_proof(leaves[:left], index) + [protocol.merkle_root(leaves[left:])]
    return [protocol.merkle_root(leaves[:left])] + protocol_range_proof(leaves[left:], index - left)


HANDLERS = {protocol.HELLO: HubStub.hello, protocol.CREDENTIAL: HubStub.credential, protocol.SUBMIT: HubStub.submit,
            protocol.ACKNOWLEDGE: HubStub.acknowledge, protocol.GOODBYE: HubStub.goodbye}
