"""What agencies' systems do while everything is killed: senders drop files of every kind, recipients take what came out of
their inboxes and answer a part of it.

One thread owns all of it. The same generators draw the same files and answers, in the order in which they are asked for."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from edxml_files import HUB_DATA, EdxmlFiles, read_delivery
from support import REPOSITORY, type_files

COURT, COUNCIL, COMMITTEE, COMMISSION = "toa-an.huyen", "hdnd.huyen", "ubnd.huyen", "btg.huyen"
PARTIES = (COMMISSION, COUNCIL, COMMITTEE, COURT)
EDXML_INBOXES = (COMMITTEE, COURT)
ORGANISATIONS = REPOSITORY / "deploy" / "organisations.yaml"
FIXTURES = REPOSITORY / "tests" / "data" / "edxml"
# Sender, type, recipients: what huyen/btg-238 lets go.
PLAIN = (
    (COURT, "pre-trial-notice/1", (COMMISSION,)),
    (COMMITTEE, "opinion-brief/1", (COMMISSION,)),
    (COMMISSION, "opinion-brief/1", (COMMITTEE,)),
    (COUNCIL, "rebuttal-request/1", (COMMISSION,)),
    (COMMISSION, "rebuttal-request/1", (COURT, COUNCIL)),
    (COMMISSION, "coordination-plan/1", (COUNCIL, COMMITTEE, COURT)),
)
ATTACHED = (
    (COUNCIL, "quarterly-information-report/1", (COMMISSION,)),
    (COMMITTEE, "project-plan-notice/1", (COMMISSION,)),
    (COMMITTEE, "propaganda-material/1", (COMMISSION,)),
    (COMMISSION, "propaganda-material/1", (COMMITTEE,)),
    (COURT, "court-information-report/1", (COMMISSION,)),
    (COMMISSION, "coordination-plan/1", (COUNCIL, COMMITTEE, COURT)),
)
ATTACHMENT_NAMES = ("Báo cáo.pdf", "phụ lục.bin", "so-lieu.csv")
ATTACHMENT_BYTES_MIN = 1 << 10
# So many of each hundred files.
KINDS = {"json": 30, "json-attached": 20, "edxml": 16, "edxml-attached": 14, "large": 8, "partly": 4, "no-clause": 4, "broken": 4}
# What a recipient's system says of a delivery, one file after the other. A step back has no effect and is refused.
ANSWERS = {(): 9, ("finished",): 6, ("refused",): 3, ("registered", "finished"): 3, ("finished", "registered"): 2, ("unknown",): 1}
CODES = {"delivered": "01", "refused": "02", "registered": "03", "assigned": "04", "processing": "05", "finished": "06"}
REASON = "không thuộc thẩm quyền"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def drawn(generator, weights):
    return generator.choices(list(weights), weights=list(weights.values()))[0]


@dataclass
class Dropped:
    """A file as its sender handed it over. Without `recipients` nobody may get it."""

    name: str
    suffix: str
    sender: str
    recipients: tuple = ()
    refused: tuple = ()  # recipients whom no clause permits, beside those whom one does
    subject: str = ""
    attachments: dict = field(default_factory=dict)  # name to digest
    digest: str = ""

    @property
    def file(self):
        return self.name + self.suffix

    @property
    def party(self):
        """Whose outbox it was put into."""
        return self.sender


@dataclass
class Answer:
    """A status file as a recipient's system dropped it."""

    party: str
    name: str
    suffix: str
    status: str  # "unknown": of a delivery that never was
    digest: str

    @property
    def file(self):
        return self.name + self.suffix


@dataclass
class Copy:
    """A delivery as it came into an inbox."""

    party: str
    delivery: str
    path: Path

    def read(self):
        """Document and attachments, name to digest."""
        if self.path.suffix == ".edxml":
            document, attachments = read_delivery(self.path)
            return document, {name: digest(content) for name, content in attachments.items()}
        document = json.loads(self.path.read_bytes())
        files = self.path.with_suffix(".files")
        return document, {file.name: digest(file.read_bytes()) for file in files.iterdir()} if files.exists() else {}


class Senders:
    def __init__(self, deployment, generator, attachment_bytes_max):
        self._deployment = deployment
        self._generator = generator
        self._bytes_max = attachment_bytes_max
        self._edxml = EdxmlFiles(ORGANISATIONS)
        self._examples = {}
        for described in (json.loads(path.read_bytes()) for path in type_files()):
            self._examples[described["type"]] = described["example"]
        self.dropped = []

    def drop(self):
        """The next file, of a kind that is drawn."""
        kind = drawn(self._generator, KINDS)
        name = f"{len(self.dropped):04d}-{kind}"
        content, dropped = self._broken(name) if kind == "broken" else self._document(name, kind)
        content = content if isinstance(content, bytes) else content.encode()
        dropped.digest = digest(content)
        self.dropped.append(dropped)
        self._deployment.agencies[dropped.sender].drop(dropped.file, content)

    def _document(self, name, kind):
        sender, type_id, recipients = self._generator.choice(ATTACHED if kind.endswith("attached") else PLAIN)
        refused = ()
        if kind == "large":
            sender, type_id, recipients = ATTACHED[0]
        elif kind == "partly":
            sender, type_id, recipients, refused = COURT, "pre-trial-notice/1", (COMMISSION,), (COUNCIL,)
        elif kind == "no-clause":
            sender, type_id, recipients, refused = COUNCIL, "quarterly-information-report/1", (), (COMMITTEE,)
        data = dict(self._examples[type_id])
        if kind == "large":  # a segment of the journal is full after some dozens
            data["topics"] = ["ộ" * 1000] * 100
            data["resolutions"] = ["ộ" * 500] * 100
        contents = self._contents() if kind.endswith("attached") or kind == "no-clause" else {}
        dropped = Dropped(name, ".json", sender, recipients, refused, f"Văn bản kiểm thử {name}")
        if kind.startswith("edxml") or (kind in ("partly", "no-clause") and self._generator.random() < 0.5):
            dropped.suffix = ".edxml"
            return self._as_edxml(dropped, type_id, data, contents), dropped
        return self._as_json(dropped, type_id, data, contents), dropped

    def _contents(self):
        """A size is as likely to be small as to be large."""
        names = ATTACHMENT_NAMES[: self._generator.choices((1, 2, 3), weights=(6, 2, 1))[0]]
        largest = self._bytes_max / ATTACHMENT_BYTES_MIN
        sizes = [int(ATTACHMENT_BYTES_MIN * largest ** self._generator.random()) for _ in names]
        return {name: self._generator.randbytes(size) for name, size in zip(names, sizes)}

    def _as_json(self, dropped, type_id, data, contents):
        document = {"type": type_id, "to": ",".join(dropped.recipients + dropped.refused), "subject": dropped.subject, "data": data}
        if contents:
            document["attachments"] = [{"file": name} for name in self._put(dropped, contents)]
        return json.dumps(document, ensure_ascii=False)

    def _put(self, dropped, contents):
        """The folder of files, which comes before its file. Returns their names."""
        dropped.attachments = {name: digest(content) for name, content in contents.items()}
        folder = self._deployment.agencies[dropped.sender].outbox / f"{dropped.name}.files"
        folder.mkdir()
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        return list(contents)

    def _as_edxml(self, dropped, type_id, data, contents):
        dropped.attachments = {name: digest(content) for name, content in contents.items()}
        hub_data = json.dumps({"type": type_id, "data": data}, ensure_ascii=False).encode()
        to = dropped.recipients + dropped.refused
        return self._edxml.document(dropped.sender, to, len(self.dropped), dropped.subject, {**contents, HUB_DATA: hub_data})

    def _broken(self, name):
        """What the sender's own adapter refuses, or the hub for its fields."""
        sender = self._generator.choice(PARTIES)
        what = self._generator.choice(("json", "no-attachment", "other-attachment", "fields", "edxml"))
        if what == "edxml":
            return (FIXTURES / "bad" / "24-hai-trich-yeu.edxml").read_bytes(), Dropped(name, ".edxml", sender)
        dropped = Dropped(name, ".json", sender, subject=f"Văn bản hỏng {name}")
        document = {"type": "rebuttal-request/1", "to": COMMISSION, "subject": dropped.subject, "data": {}}
        if what == "no-attachment":
            document["attachments"] = [{"file": "khong-co.pdf"}]
        elif what == "other-attachment":
            document["attachments"] = [{"file": name, "sha256": "0" * 64} for name in self._put(dropped, self._contents())]
        return "{" if what == "json" else json.dumps(document, ensure_ascii=False), dropped


class Recipients:
    def __init__(self, deployment, generator):
        self._deployment = deployment
        self._generator = generator
        self._edxml = EdxmlFiles(ORGANISATIONS)
        self._taken = deployment.folder / "taken"
        for party in deployment.agencies:
            (self._taken / party).mkdir(parents=True)
        self.copies = {}  # by party and delivery
        self.twice = []
        self.answers = []

    def arrived(self, path):
        """A file appeared in an inbox: the agency's system takes most away at once, and answers a part."""
        if path.suffix == ".files":
            return
        party = path.parents[2].name
        key = party, path.stem
        if key in self.copies:
            self.twice.append(f"{path.stem} came to {party} again")
            return
        copy = self.copies[key] = Copy(party, path.stem, path)
        steps = drawn(self._generator, ANSWERS)
        document = copy.read()[0] if steps else None
        if self._generator.random() < 0.75:
            self._take_away(copy)
        for number, step in enumerate(steps):
            self._answer(copy, document, step, number)

    def _take_away(self, copy):
        folder = self._taken / copy.party
        files = copy.path.with_suffix(".files")
        if files.exists():
            files.rename(folder / files.name)
        copy.path = copy.path.rename(folder / copy.path.name)

    def _answer(self, copy, document, step, number):
        name = f"tra-loi-{copy.delivery}-{number}"
        reason = REASON if step == "refused" else ""
        if self._generator.random() < 0.5:
            suffix, content = ".json", self._status_as_json(copy, step, reason)
        else:
            suffix, content = ".edxml", self._status_as_edxml(copy, document, step, reason)
        self.answers.append(Answer(copy.party, name, suffix, step, digest(content.encode())))
        self._deployment.agencies[copy.party].drop(name + suffix, content)

    @staticmethod
    def _status_as_json(copy, step, reason):
        status = {"status": step, "delivery": copy.delivery}
        if step == "unknown":
            status = {"status": "finished", "delivery": copy.delivery.split("-")[0] + "-999999999999-0"}
        return json.dumps({**status, **({"reason": reason} if reason else {})}, ensure_ascii=False)

    def _status_as_edxml(self, copy, document, step, reason):
        document_id = "khong-co-van-ban-nay" if step == "unknown" else document["id"]
        return self._edxml.status(copy.party, CODES.get(step, "06"), reason, document["source"], document_id)
