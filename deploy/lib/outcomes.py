"""Reads what became of dropped files from what the adapters wrote into the agencies' folders, and from nothing else.

One thread owns an OutcomeReader."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from deployment import REPOSITORY

ACCEPTED = "accepted"


@dataclass
class Outcome:
    """One document at one recipient: accepted and delivered, or refused with a code."""

    file: str  # name without its suffix
    sender: str
    recipient: Optional[str]  # who got it, or was to
    type: str
    code: str  # ACCEPTED or the error code
    addressed: Optional[str] = None  # whom the sender named
    facts: dict = field(default_factory=dict)  # of a refusal
    document_id: Optional[str] = None
    position: Optional[int] = None
    time: Optional[str] = None
    agreement: str = ""
    version: int = 0
    clause: str = ""
    delivered: Optional[Path] = None
    refused: Optional[Path] = None  # where the sender's file lies, when no recipient got it
    again: bool = False  # the document had been accepted before, so that nothing was delivered a second time
    milliseconds: Optional[float] = None
    reasons: dict = field(default_factory=dict)  # language -> list of lines

    @property
    def accepted(self):
        return self.code == ACCEPTED

    @property
    def rerouted(self):
        return self.addressed != self.recipient


def read_json(path):
    """The JSON of a file, or None when it is gone or is no JSON."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def catalogue_reasons(code, facts):
    """The error catalogue's words for one recipient's refusal: it has no text file when another outcome was acceptance."""
    errors = json.loads((REPOSITORY / "schemas" / "errors.json").read_bytes())["errors"]
    reasons = {}
    for entry in (entry for entry in errors if entry["code"] == code):
        for language, label in (("vi", "Lý do"), ("en", "Reason")):
            reason = entry[language]["reason"]
            for name, value in facts.items():
                reason = reason.replace("{" + name + "}", str(value))
            reasons[language] = [entry[language]["title"]] + ([] if "{" in reason else [f"{label}: {reason}"])
    return reasons


def file_of(name):
    """The name of the agency's file, without its suffix, that a file in refused/ belongs to."""
    for suffix in (".refusal.json", ".vi.txt", ".en.txt", ".json", ".edxml"):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def plain_type(name):
    return name.split("/")[0] if isinstance(name, str) else "(no document)"


class OutcomeReader:
    def __init__(self, agencies):
        self._agencies = agencies  # party -> Agency
        self._dropped = {}  # (party, file) -> monotonic time
        self._refused = set()  # (party, file) that were told
        self._waiting = {}  # (document id, recipient) -> Outcome that waits for its delivery
        self._delivered = set()  # (document id, recipient) that were told
        self._statuses = set()  # status files that were read
        for agency in agencies.values():
            self._remember(agency)

    def _remember(self, agency):
        """What earlier runs left is known and not told again; what they left undelivered is still waited for."""
        for path in agency.status.glob("*.accepted.json"):
            for outcome in self._accepted(agency, path):
                if outcome.delivered:
                    self._delivered.add((outcome.document_id, outcome.recipient))
        for path in agency.refused.glob("*.refusal.json"):
            self._refused.add((agency.party, path.name.removesuffix(".refusal.json")))

    def folders(self):
        for agency in self._agencies.values():
            yield from (agency.outbox, agency.inbox, agency.refused, agency.status)

    def dropped(self, party, file):
        """Starts the clock for a file; who drops it says so, for others the event in the outbox does."""
        self._dropped.setdefault((party, file), time.monotonic())

    def appeared(self, path):
        """The outcomes that the appearance of this file completes."""
        folder = path.parent.name
        agency = self._agencies[path.parents[2].name]
        if folder == "outbox":
            self.dropped(agency.party, path.stem)
            return []
        if folder == "refused":
            return self._refusal(agency, path)
        if folder == "inbox":
            return self._delivery(agency, path)
        if path.name.endswith(".accepted.json"):
            return self._tell(self._accepted(agency, path))
        return []

    def receipts(self, sender, file):
        """The parties whose receipts for that file are in the sender's status folder."""
        prefix, suffix = f"{file}.delivered.", ".json"
        names = (path.name for path in self._agencies[sender].status.glob(f"{file}.delivered.*.json"))
        return {name[len(prefix) : -len(suffix)] for name in names}

    def statuses(self, sender, file):
        """Pairs of code and party: the edXML status files of that file in the sender's status folder."""
        names = [path.name for path in self._agencies[sender].status.glob(f"{file}.??.*.edxml")]
        return {tuple(name[len(file) + 1 :].removesuffix(".edxml").split(".", 1)) for name in names}

    def deliveries(self, outcome):
        """The files of one delivery in its recipient's inbox: one, or the promise is broken."""
        return sorted(self._agencies[outcome.recipient].inbox.glob(f"*-{outcome.position:012d}-*.json"))

    def _accepted(self, agency, path):
        status = read_json(path)
        if status is None or path in self._statuses:
            return []
        self._statuses.add(path)
        outcomes = []
        for row in status["recipients"]:
            outcome = Outcome(
                file=path.name.removesuffix(".accepted.json"),
                sender=agency.party,
                recipient=row["actual"] or row["party"],
                addressed=row["party"],
                type=plain_type(status["type"]),
                code=row["outcome"],
                facts=row.get("facts") or {},
                document_id=status["document_id"],
                position=status["position"],
                time=status["time"],
                agreement=row["agreement"],
                version=row["version"],
                clause=row["clause"],
            )
            if outcome.accepted:
                key = (outcome.document_id, outcome.recipient)
                outcome.again = key in self._delivered
                outcome.delivered = next(iter(self.deliveries(outcome)), None)
                if not outcome.delivered:
                    self._waiting[key] = outcome
            else:
                outcome.reasons = catalogue_reasons(outcome.code, outcome.facts)
            outcomes.append(outcome)
        return outcomes

    def _tell(self, outcomes):
        told = [outcome for outcome in outcomes if outcome.delivered or not outcome.accepted]
        for outcome in told:
            outcome.milliseconds = self._since_drop(outcome)
            if outcome.accepted:
                self._delivered.add((outcome.document_id, outcome.recipient))
        return told

    def _delivery(self, agency, path):
        document = read_json(path) or {}
        outcome = self._waiting.pop((document.get("id"), agency.party), None)
        if outcome is None:
            return []
        outcome.delivered = path
        return self._tell([outcome])

    def _refusal(self, agency, path):
        """Told once all four files are there: the file, the machine's reason and the reasons in both languages."""
        file = file_of(path.name)
        refusal_path = agency.refused / f"{file}.refusal.json"
        file_path = next((p for p in (agency.refused / f"{file}{s}" for s in (".edxml", ".json")) if p.exists()), None)
        texts = {language: agency.refused / f"{file}.{language}.txt" for language in ("vi", "en")}
        refusal = read_json(refusal_path)
        parts_there = file_path and all(text.exists() for text in texts.values())
        if refusal is None or not parts_there or (agency.party, file) in self._refused:
            return []
        self._refused.add((agency.party, file))
        document = read_json(file_path)
        document = document if isinstance(document, dict) else {}
        reasons = {language: text.read_text().splitlines() for language, text in texts.items()}
        rows = refusal.get("recipients") or [{"party": document.get("to"), "outcome": refusal["code"]}]
        outcomes = [
            Outcome(
                file=file,
                sender=agency.party,
                recipient=row["party"],
                addressed=row["party"],
                type=plain_type(document.get("type")),
                code=row["outcome"],
                facts=row.get("facts") or refusal["facts"],
                document_id=refusal.get("document_id"),
                position=refusal.get("position"),
                time=refusal.get("time"),
                agreement=row.get("agreement", ""),
                version=row.get("version", 0),
                clause=row.get("clause", ""),
                refused=file_path,
                reasons=reasons,
            )
            for row in rows
        ]
        return self._tell(outcomes)

    def _since_drop(self, outcome):
        dropped = self._dropped.get((outcome.sender, outcome.file))
        return None if dropped is None else (time.monotonic() - dropped) * 1000
