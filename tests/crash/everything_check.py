"""Whether everything that was dropped has become what it must become, by what lies in the agencies' folders, at the hub and in
the ledger. Each question is answered by a list of complaints; empty is good.

Account.missing() can be asked while everything runs, until nothing is missing; Account.wrong() when all is quiet."""

import json
import sqlite3
from collections import Counter, defaultdict

import ledger_check
from everything_traffic import CODES, digest

RECEIPTS = ("delivered", "registered", "finished", "refused", "failed", "stopped", "replayed")
ARRIVED = ("delivered", "registered", "finished", "refused")
REFUSAL_SUFFIXES = (".refusal.json", ".vi.txt", ".en.txt")


def names(folder):
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def read_json(path):
    """None when it is not there (yet)."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


def has_arrived(delivery):
    return any(status in ARRIVED for status, _ in delivery["events"])


def words(ledger):
    """The index of words, which contents() leaves out: each word with its document and place."""
    connection = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, document_words, instance)")
        return sorted(connection.execute("SELECT term, doc, col, offset FROM temp.words"))
    finally:
        connection.close()


class Account:
    def __init__(self, deployment, senders, recipients):
        self._deployment = deployment
        self._senders = senders
        self._recipients = recipients
        self._accepted = {}  # by sender and name: what accepted.json says

    def _agency(self, one):
        return self._deployment.agencies[one.party]

    def accepted(self, dropped):
        key = dropped.sender, dropped.name
        if key not in self._accepted:
            status = read_json(self._agency(dropped).status / f"{dropped.name}.accepted.json")
            if status is None:
                return None
            self._accepted[key] = status
        return self._accepted[key]

    def _by_position(self):
        return {status["position"]: d for d in self._senders.dropped if (status := self.accepted(d))}

    def _ledger(self, sql):
        return ledger_check.rows(self._deployment.ledger_file, sql)

    # While everything runs

    def missing(self):
        return [*self._files(), *self._answers(), *self._left(), *self._deliveries(), *self._receipts()]

    def _files(self):
        for dropped in self._senders.dropped:
            agency = self._agency(dropped)
            if dropped.recipients:
                if self.accepted(dropped) is None:
                    yield f"{dropped.file} of {dropped.sender} has no accepted.json"
                if not (agency.sent / dropped.file).exists():
                    yield f"{dropped.file} of {dropped.sender} is not in sent/"
            else:
                yield from self._refusal(agency, dropped)

    @staticmethod
    def _refusal(agency, one):
        for name in (one.file, *(one.name + suffix for suffix in REFUSAL_SUFFIXES)):
            if not (agency.refused / name).exists():
                yield f"{name} is not in refused/ of {agency.party}"

    def _answers(self):
        """What recipients' systems said took effect, or was refused with a reason."""
        for answer in self._recipients.answers:
            agency = self._agency(answer)
            if (agency.sent / answer.file).exists():
                if not (agency.status / f"{answer.name}.reported.json").exists():
                    yield f"{answer.file} of {answer.party} is in sent/ without reported.json"
            elif (agency.refused / answer.file).exists():
                yield from self._refusal(agency, answer)
            else:
                yield f"{answer.file} of {answer.party} is neither in sent/ nor in refused/"

    def _left(self):
        for party, agency in self._deployment.agencies.items():
            for folder in (agency.outbox, agency.agency / ".staging", agency.folder / "state" / "edxml"):
                yield from (f"{name} is left in {folder.name} of {party}" for name in sorted(names(folder)))

    def events(self):
        """By delivery's id: position, recipient, state, and its effective events in order. One statement sees one ledger."""
        out = {}
        sql = """SELECT l.id, l.position, l.recipient, l.state, e.status, e.record FROM deliveries l
                 LEFT JOIN delivery_events e ON (e.position, e.idx, e.replay) = (l.position, l.idx, l.replay) AND e.effective
                 ORDER BY e.record"""
        for delivery, position, recipient, state, status, record in self._ledger(sql):
            now = out.setdefault(delivery, {"position": position, "recipient": recipient, "state": state, "events": []})
            if status is not None:
                now["events"].append((status, record))
        return out

    def _deliveries(self):
        by_position = defaultdict(Counter)
        for delivery, now in self.events().items():
            if now["state"] in ("pending", "failed"):
                yield f"{delivery} is {now['state']}"
            elif has_arrived(now) and (now["recipient"], delivery) not in self._recipients.copies:
                yield f"{delivery} is {now['state']} and was not seen in the inbox of {now['recipient']}"
            by_position[now["position"]][now["recipient"]] += 1
        for dropped in self._senders.dropped:
            status = self.accepted(dropped)
            for recipient in dropped.recipients if status else ():
                if by_position[status["position"]][recipient] == 0:
                    yield f"{dropped.file} has no delivery to {recipient}"

    def _receipts(self):
        last = defaultdict(int)
        for now in self.events().values():
            for status, record in now["events"]:
                if status in RECEIPTS:
                    key = now["position"], now["recipient"], status
                    last[key] = max(last[key], record)
        by_position = self._by_position()
        for (position, recipient, status), record in last.items():
            dropped = by_position.get(position)
            if dropped is None:
                yield f"the document at {position} is known to no sender"
                continue
            folder = self._agency(dropped).status
            receipt = read_json(folder / f"{dropped.name}.{status}.{recipient}.json")
            if receipt is None or receipt["record"] != record:
                yield f"{dropped.file} has no receipt {status} of {recipient} from record {record}"
            if dropped.suffix == ".edxml" and status in CODES:
                if not (folder / f"{dropped.name}.{CODES[status]}.{recipient}.edxml").exists():
                    yield f"{dropped.file} has no edXML status {CODES[status]} of {recipient}"

    # When all is quiet

    def wrong(self, records):
        """`records`: the journal's, as ledger_check.dump() gives them."""
        return [
            *self._recipients.twice,
            *self._names(),
            *self._status_names(),
            *self._bytes(),
            *self._refused_recipients(),
            *self._copies(),
            *self._effects(records),
            *self._contents(),
        ]

    def _names(self):
        """Nothing lies in sent/ and refused/ but what was dropped, under its own name."""
        expected = {party: {"sent": set(), "refused": set(), "reported": set()} for party in self._deployment.agencies}
        for dropped in self._senders.dropped:
            place = "sent" if dropped.recipients else "refused"
            files = {dropped.file, f"{dropped.name}.files"} if dropped.attachments and dropped.suffix == ".json" else {dropped.file}
            reasons = {dropped.name + suffix for suffix in REFUSAL_SUFFIXES} if place == "refused" else set()
            expected[dropped.sender][place] |= files | reasons
        for answer in self._recipients.answers:
            place = "sent" if (self._agency(answer).sent / answer.file).exists() else "refused"
            reasons = {answer.name + suffix for suffix in REFUSAL_SUFFIXES} if place == "refused" else set()
            expected[answer.party][place] |= {answer.file} | reasons
        for party, places in expected.items():
            for place in ("sent", "refused"):
                found = names(getattr(self._deployment.agencies[party], place))
                for name in sorted(found ^ places[place]):
                    yield f"{name} is {'too much' if name in found else 'missing'} in {place}/ of {party}"

    def _status_names(self):
        """Nothing lies in status/ but what says something of a file that was dropped, under the name of that file."""
        expected = {party: set() for party in self._deployment.agencies}
        for answer in self._recipients.answers:
            if (self._agency(answer).sent / answer.file).exists():
                expected[answer.party].add(f"{answer.name}.reported.json")
        for dropped in self._senders.dropped:
            mine = expected[dropped.sender]
            mine |= {f"{dropped.name}.accepted.json"} if dropped.recipients else set()
            mine |= {f"{dropped.name}.02.{party}.edxml" for party in dropped.refused} if dropped.suffix == ".edxml" else set()
        by_position = self._by_position()
        for now in self.events().values():
            dropped, recipient = by_position[now["position"]], now["recipient"]
            for status in {status for status, _ in now["events"] if status in RECEIPTS}:
                expected[dropped.sender].add(f"{dropped.name}.{status}.{recipient}.json")
                if dropped.suffix == ".edxml" and status in CODES:
                    expected[dropped.sender].add(f"{dropped.name}.{CODES[status]}.{recipient}.edxml")
        for party, agency in self._deployment.agencies.items():
            yield from (f"{name} is too much in status/ of {party}" for name in sorted(names(agency.status) - expected[party]))

    def _bytes(self):
        """What was handed over lies in sent/ or refused/ as it was."""
        for one in (*self._senders.dropped, *self._recipients.answers):
            agency = self._agency(one)
            places = [folder for folder in (agency.sent, agency.refused) if (folder / one.file).exists()]
            if len(places) != 1 or digest((places[0] / one.file).read_bytes()) != one.digest:
                yield f"{one.file} is not in one place as it was"
            elif getattr(one, "attachments", None) and one.suffix == ".json":
                files = {path.name: digest(path.read_bytes()) for path in (places[0] / f"{one.name}.files").iterdir()}
                if files != one.attachments:
                    yield f"{one.name}.files is not as it was"

    def _refused_recipients(self):
        for dropped in self._senders.dropped:
            status = self.accepted(dropped)
            outcomes = {row["party"]: row["outcome"] == "accepted" for row in status["recipients"]} if status else {}
            expected = {**dict.fromkeys(dropped.recipients, True), **dict.fromkeys(dropped.refused, False)}
            if status and outcomes != expected:
                yield f"{dropped.file} was decided otherwise: {outcomes}"
            for recipient in dropped.refused if dropped.suffix == ".edxml" else ():
                if not (self._agency(dropped).status / f"{dropped.name}.02.{recipient}.edxml").exists():
                    yield f"{dropped.file} has no edXML status 02 of {recipient}"

    def _copies(self):
        """Each delivery that arrived stands in its inbox once, as its document was sent; and nothing else does."""
        deliveries = self.events()
        by_position = self._by_position()
        copies = {delivery: copy for (_, delivery), copy in self._recipients.copies.items()}
        if len(copies) != len(self._recipients.copies):
            yield "a delivery came to two parties"
        for delivery in sorted(copies.keys() - deliveries.keys()):
            yield f"{delivery} is in an inbox and not in the ledger"
        for delivery, now in deliveries.items():
            statuses = {status for status, _ in now["events"]}
            arrived = has_arrived(now)
            if arrived and "delivered" not in statuses:
                yield f"{delivery} is {now['state']} and was never delivered"
            # What was under way when it was stopped may arrive: after a replay of it, nothing says so.
            if arrived != (delivery in copies) and not (statuses >= {"stopped", "replayed"} and not arrived):
                yield f"{delivery} has {sorted(statuses)} and is {'' if delivery in copies else 'not '}in the inbox"
            if delivery in copies:
                yield from self._copy(copies[delivery], now, by_position[now["position"]])

    def _copy(self, copy, now, dropped):
        document, attachments = copy.read()
        expected = self.accepted(dropped)["document_id"], dropped.subject, dropped.sender, now["recipient"]
        if (document["id"], document["subject"], document["source"], copy.party) != expected:
            yield f"{copy.delivery} at {copy.party} is another document than {dropped.file}"
        if attachments != dropped.attachments:
            yield f"{copy.delivery} at {copy.party} has other attachments than {dropped.file}"

    def _effects(self, records):
        """A status file that was taken stands in the journal as it says; one that was refused says why."""
        for answer in self._recipients.answers:
            agency = self._agency(answer)
            reported = read_json(agency.status / f"{answer.name}.reported.json")
            if reported is None:
                continue
            if answer.status == "unknown":
                yield f"{answer.file} took effect, and is of a delivery that never was"
                continue
            record = records[reported["record"]]
            fields = record["fields"]
            said = record["kind"], fields.get("status"), fields.get("document"), fields.get("effective")
            if said != ("delivery-reported", int(CODES[answer.status]), reported["position"], True):
                yield f"{answer.file} says {answer.status}, and record {reported['record']} says {said}"

    def _contents(self):
        """At the hub lie the contents of accepted documents, and no others."""
        expected = {(d.sender, content) for d in self._senders.dropped if d.recipients for content in d.attachments.values()}
        folder = self._deployment.hub_folder / "data" / "content"
        found = {(path.parent.name, path.name) for path in folder.glob("*/*")}
        for party, name in sorted(found ^ expected):
            yield f"the content {name} of {party} is {'too much' if (party, name) in found else 'missing'} at the hub"
        referred = """SELECT d.sender, lower(hex(c.digest)) FROM document_contents c JOIN documents d USING (position)"""
        if set(self._ledger(referred)) != expected:
            yield "the ledger's documents refer to other contents"
        stored = "SELECT party, lower(hex(digest)) FROM contents WHERE state = 'stored'"
        others = self._ledger("SELECT party, lower(hex(digest)), state FROM contents WHERE state <> 'stored'")
        if set(self._ledger(stored)) != expected or others:
            yield f"the ledger has other contents stored, and {others}"
