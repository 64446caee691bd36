"""The hub's protocol, version 1, as hub/wire/README.md tells it: frames, documents, signatures, proofs; no sockets.

Written from the specification alone, so that the specification is known to be enough for a client in another language.
Everything is a pure function; a frame that breaks a rule raises ProtocolError.
"""
import base64
import hashlib
import json
import uuid
from datetime import datetime, timezone

import msgpack
import nacl.exceptions
import nacl.signing

VERSION = 1
FRAME_BYTES_MAX = 4 << 20
HELLO, SUBMIT, ACKNOWLEDGE, CREDENTIAL, HEARTBEAT, GOODBYE, REPORT = 1, 2, 3, 4, 5, 6, 7
WELCOME, RESULTS, DELIVERIES, RECEIPTS, CREDENTIALS, ANSWER, ERROR, CHECKPOINT = 65, 66, 67, 68, 69, 70, 71, 72
PUT, CHUNK, GET, MORE = 32, 33, 34, 35  # these and the next ones on the bulk connection alone
PUT_FROM, CHUNK_STORED, CONTENT_STORED, CONTENT_CHUNK, CONTENT_REFUSED = 96, 97, 98, 99, 100
CHUNK_BYTES_MAX = 256 << 10
STREAM_DELIVERIES, STREAM_RECEIPTS = 1, 2
FIRST_IGNORABLE_FIELD = 128

# The fields of each kind: number -> name.
FIELDS = {
    HELLO: {1: "version_min", 2: "version_max", 3: "endpoint", 4: "connection", 5: "journal_id",
            6: "deliveries_stored", 7: "receipts_stored", 8: "deliveries_window_items", 9: "deliveries_window_bytes",
            10: "receipts_window_items", 11: "position_seen", 12: "software", 128: "tree_seen"},
    SUBMIT: {1: "batch", 2: "key_id", 3: "signature", 4: "documents"},
    ACKNOWLEDGE: {1: "stream", 2: "stored", 3: "window_items", 4: "window_bytes"},
    CREDENTIAL: {1: "request", 2: "text"},
    HEARTBEAT: {1: "time"},
    GOODBYE: {1: "code", 2: "facts"},
    REPORT: {1: "request", 2: "document", 3: "outcome_index", 4: "status", 5: "reason", 6: "time", 7: "replay",
             8: "cause", 9: "permanent"},
    WELCOME: {1: "version", 2: "origin", 3: "journal_id", 4: "time", 5: "session", 6: "party", 7: "durable_end",
              8: "deliveries_next", 9: "receipts_next", 10: "frame_bytes_max", 11: "document_bytes_max",
              12: "batch_documents_max", 13: "recipients_max", 14: "submit_window_documents",
              15: "submit_window_bytes", 16: "heartbeat_millis", 17: "heartbeats_missed_max",
              128: "bulk_port"},
    RESULTS: {1: "batch", 2: "first", 3: "results"},
    DELIVERIES: {1: "first", 2: "groups"},
    RECEIPTS: {1: "first", 2: "receipts"},
    CREDENTIALS: {1: "texts"},
    ANSWER: {1: "request", 2: "code", 3: "facts", 4: "position"},
    ERROR: {1: "code", 2: "facts", 3: "batch"},
    CHECKPOINT: {1: "note", 2: "proof"},
    PUT: {1: "transfer", 2: "digest", 3: "size"},
    PUT_FROM: {1: "transfer", 2: "offset"},
    CHUNK: {1: "transfer", 2: "offset", 3: "bytes"},
    CHUNK_STORED: {1: "transfer", 2: "offset"},
    CONTENT_STORED: {1: "transfer"},
    GET: {1: "transfer", 2: "document", 3: "outcome_index", 4: "attachment", 5: "offset", 6: "credit"},
    CONTENT_CHUNK: {1: "transfer", 2: "offset", 3: "bytes"},
    MORE: {1: "transfer", 2: "credit"},
    CONTENT_REFUSED: {1: "transfer", 2: "code", 3: "facts"},
}
RESULT = ("outcome", "position", "leaf", "time", "again", "rows", "facts")
GROUP = ("sender", "key_id", "batch_count", "first_index", "signature", "range_proof", "deliveries")
DELIVERY = ("position", "outcome_index", "outcome_count", "time", "head_digest", "row", "row_proof", "document")
DELIVERY_REPLAY = DELIVERY + ("replay",)
STATUS_NAMES = {1: "delivered", 2: "refused", 3: "registered", 4: "assigned", 5: "processing", 6: "finished",
                13: "recall-requested", 15: "recalled", 16: "recall-refused", 32: "failed", 33: "stopped", 34: "replayed"}
REPORTABLE = {name: number for number, name in STATUS_NAMES.items() if number not in (13, 33, 34)}
RECEIPT = ("kind", "document", "document_id", "outcome_index", "recipient", "record", "time")
RECEIPT_WITH_REASON = RECEIPT + ("reason",)
ROW = ("addressed", "actual", "outcome", "agreement", "agreement_version", "clause")


class ProtocolError(Exception):
    pass


# Frames

def encode_frame(kind, **fields):
    """A frame of that kind; fields are given by their names, and absent ones are left out."""
    numbers = {name: number for number, name in FIELDS[kind].items()}
    ordered = sorted((numbers[name], value) for name, value in fields.items() if value is not None)
    return bytes([kind, VERSION]) + msgpack.packb(dict(ordered), use_bin_type=True)


def decode_frame(frame):
    """(kind, fields by name) of a frame; ignorable fields that are not known are left out."""
    if not 3 <= len(frame) <= FRAME_BYTES_MAX:
        raise ProtocolError("a frame of %d bytes" % len(frame))
    kind, version = frame[0], frame[1]
    if kind not in FIELDS or version != VERSION:
        raise ProtocolError("kind %d, version %d" % (kind, version))
    pairs = unpack(frame[2:], object_pairs_hook=Pairs)
    if not isinstance(pairs, Pairs):
        raise ProtocolError("a map was expected")
    fields, last = {}, -1
    for number, value in pairs:
        if type(number) is not int or number <= last:
            raise ProtocolError("field numbers must be unsigned integers in ascending order")
        last = number
        if number in FIELDS[kind]:
            fields[FIELDS[kind][number]] = plain(value)
        elif number < FIRST_IGNORABLE_FIELD:
            raise ProtocolError("field %d is not known" % number)
    return kind, fields


class Pairs(list):
    """A map as it came: the order of its keys is part of the protocol."""


def plain(value):
    if isinstance(value, Pairs):
        return {name: plain(inner) for name, inner in value}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def unpack(data, **options):
    try:
        return msgpack.unpackb(data, raw=False, strict_map_key=False, **options)
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise ProtocolError("malformed MessagePack: %s" % error) from error


def named(names, values):
    if not isinstance(values, list) or len(values) != len(names):
        raise ProtocolError("an array of %d elements was expected" % len(names))
    return dict(zip(names, values))


def read_result(values):
    result = named(RESULT, values)
    result["rows"] = [{"row": read_row(row), "row_bytes": row, "facts": facts} for row, facts in result["rows"]]
    return result


def read_row(row):
    return named(ROW, unpack(row))


def read_group(values):
    group = named(GROUP, values)
    group["deliveries"] = [named(DELIVERY_REPLAY if len(delivery) == 9 else DELIVERY, delivery)
                           for delivery in group["deliveries"]]
    return group


def read_receipt(values):
    receipt = named(RECEIPT if values and values[0] == 1 else RECEIPT_WITH_REASON, values)
    if receipt["kind"] not in STATUS_NAMES or receipt["kind"] == 13:
        raise ProtocolError("there is no such receipt: %d" % receipt["kind"])
    return receipt


# Hashes and proofs

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(data):
    return sha256(b"\x00", data)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def split(size):
    """The largest power of two smaller than size; size > 1."""
    return 1 << ((size - 1).bit_length() - 1)


def merkle_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    left = split(len(leaves))
    return node_hash(merkle_root(leaves[:left]), merkle_root(leaves[left:]))


def root_of_range(size, first, leaves, proof):
    """The root of a tree of `size` leaves that holds `leaves` from `first` on; every digest must be used."""
    if not leaves or first + len(leaves) > size or len(proof) % 32 != 0:
        raise ProtocolError("a range outside its tree")
    rest = [proof[i:i + 32] for i in range(0, len(proof), 32)]
    given = list(leaves)

    def walk(begin, end):
        if not rest and not given:
            raise ProtocolError("a proof that is too short")
        if end <= first or begin >= first + len(leaves):
            if not rest:
                raise ProtocolError("a proof that is too short")
            return rest.pop(0)
        if end - begin == 1:
            return given.pop(0)
        middle = begin + split(end - begin)
        return node_hash(walk(begin, middle), walk(middle, end))

    root = walk(0, size)
    if rest:
        raise ProtocolError("a proof that is too long")
    return root


# Signatures

def key_id(public_key):
    return sha256(public_key)[:16]


def batch_signed_text(origin, sender, key, count, root):
    origin, sender = origin.encode(), sender.encode()
    return (b"coordination-hub batch v1\n" + bytes([len(origin)]) + origin + bytes([len(sender)]) + sender + key +
            count.to_bytes(4, "little") + root)


def batch_leaf(document):
    return leaf_hash(sha256(document))


def sign_batch(signing_key, origin, sender, documents):
    """(key id, signature) over documents in their order."""
    key = key_id(bytes(signing_key.verify_key))
    root = merkle_root([batch_leaf(document) for document in documents])
    return key, signing_key.sign(batch_signed_text(origin, sender, key, len(documents), root)).signature


def verify(public_key, message, signature):
    try:
        nacl.signing.VerifyKey(public_key).verify(message, signature)
    except (nacl.exceptions.BadSignatureError, ValueError) as error:
        raise ProtocolError("a signature does not verify") from error


# Credentials

def canonical_json(value):
    """RFC 8785 for what statements hold: objects of strings, whose keys are ASCII."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sign_credential(root_key, statement):
    text = "coordination-hub credential v1\n" + canonical_json(statement)
    signature = base64.b64encode(root_key.sign(text.encode()).signature).decode()
    return canonical_json({"signature": signature, "statement": statement})


def certificate(root_key, party, public_key, active_from, active_until):
    return sign_credential(root_key, {"statement": "certificate", "party": party,
                                      "key": base64.b64encode(public_key).decode(),
                                      "active_from": active_from, "active_until": active_until})


def read_credential(text, root_public_key):
    value = json.loads(text)
    statement = value["statement"]
    verify(root_public_key, ("coordination-hub credential v1\n" + canonical_json(statement)).encode(),
           base64.b64decode(value["signature"], validate=True))
    return statement


def micros(rfc3339):
    moment = datetime.fromisoformat(rfc3339.replace("Z", "+00:00"))
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class KeyRing:
    """Signing keys of parties, as certified by the root keys that are pinned here."""

    def __init__(self, roots):
        self.roots = roots            # party -> root public key
        self.keys = {}                # (party, key id) -> statement of the certificate
        self.revoked_at = {}          # (party, key id) -> microseconds

    def add(self, text):
        """Takes a credential in; one of a party without a pin is of no use here and is passed over."""
        party = json.loads(text)["statement"]["party"]
        if party not in self.roots:
            return
        statement = read_credential(text, self.roots[party])
        if statement["statement"] == "certificate":
            public_key = base64.b64decode(statement["key"], validate=True)
            self.keys[party, key_id(public_key)] = (public_key, statement)
        else:
            at = (party, bytes.fromhex(statement["key_id"]))
            self.revoked_at[at] = min(self.revoked_at.get(at, 1 << 63), micros(statement["revoked_at"]))

    def valid(self, party, key, time):
        if (party, key) not in self.keys:
            raise ProtocolError("no certificate for key %s of %s" % (key.hex(), party))
        public_key, statement = self.keys[party, key]
        if not micros(statement["active_from"]) <= time < micros(statement["active_until"]):
            raise ProtocolError("key %s was not active" % key.hex())
        if time >= self.revoked_at.get((party, key), 1 << 63):
            raise ProtocolError("key %s was revoked" % key.hex())
        return public_key


# Documents and records

def make_document(source, to, type, subject, data, *, salt, time=None, id=None, **optional):
    """A document's bytes. `optional`: conversation, urgency, deliverat, docnumber, datacontenttype, attachments."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return msgpack.packb({"specversion": "1.0", "id": id or str(uuid.uuid4()), "source": source, "type": type,
                          "subject": subject, "time": time or now, "to": to, "salt": salt, **optional, "data": data},
                         use_bin_type=True)


def attachment(name, content, mediatype="application/octet-stream"):
    """A document's entry for that content, which is uploaded by itself."""
    return {"name": name, "mediatype": mediatype, "size": len(content), "sha256": sha256(content)}


def outcome_root(rows):
    return merkle_root([leaf_hash(row) for row in rows])


def record_leaf(head_digest, document, root):
    return leaf_hash(b"\x01" + head_digest + sha256(document) + root)


def verify_group(group, origin, recipient, keys):
    """Checks a group of deliveries to `recipient`; returns each with its document, row and leaf."""
    leaves = [batch_leaf(delivery["document"]) for delivery in group["deliveries"]]
    root = root_of_range(group["batch_count"], group["first_index"], leaves, group["range_proof"])
    text = batch_signed_text(origin, group["sender"], group["key_id"], group["batch_count"], root)
    out = []
    for delivery in group["deliveries"]:
        verify(keys.valid(group["sender"], group["key_id"], delivery["time"]), text, group["signature"])
        row = read_row(delivery["row"])
        document = unpack(delivery["document"])
        if row["outcome"] != "accepted" or row["actual"] != recipient:
            raise ProtocolError("the row is not an acceptance for " + recipient)
        if document["source"] != group["sender"] or row["addressed"] not in document["to"].split(","):
            raise ProtocolError("the document and its delivery name different parties")
        root = root_of_range(delivery["outcome_count"], delivery["outcome_index"], [leaf_hash(delivery["row"])],
                             delivery["row_proof"])
        out.append({**delivery, "sender": group["sender"], "key_id": group["key_id"], "content": document,
                    "row": row, "leaf": record_leaf(delivery["head_digest"], delivery["document"], root)})
    return out
