"""What the demo's notices must lead to, as the expected.json of their folder declares it.

Each entry: file, from, outcomes [{to, outcome, …}]; `conversation_of` names the file whose document opened the
conversation, `resend_of` the file that is sent a second time, `follows` the file that must be through before, `stranger` how it
is sent past the adapter, `answers` [{by, code, description}] what the recipients' systems say of an edXML document, one after the
other, as edXML status files. An outcome is
"accepted" or an error code; beside it may stand agreement, clause, addressed (the party that `to` took the place of),
facts (some of the refusal's) and recorded (whether the journal has it)."""

import json
import uuid
from dataclasses import dataclass

COMPARED = ("outcome", "agreement", "clause", "addressed", "recorded")


class Expectation:
    """One notice: complete when every expected outcome was seen, failed at the first one that differs."""

    def __init__(self, entry, folder, run):
        self.sender = entry["from"]
        self.note = entry["note"]
        self.source = folder / entry["file"]
        self.name = f"{self.source.stem}-{run}"
        self.conversation_of = entry.get("conversation_of")
        self.resend_of = entry.get("resend_of")
        self.follows = entry.get("follows")
        self.answers = entry.get("answers", [])
        self.stranger = entry.get("stranger")
        self._run = run
        self.complaint = None
        self.document_id = None
        self._expected = {row["to"]: row for row in entry["outcomes"]}
        self._seen = set()
        self._content = None

    @property
    def is_edxml(self):
        return self.source.suffix == ".edxml"

    def waits_for(self):
        """The file that must be through before this one is dropped, or None."""
        return self.conversation_of or self.resend_of or self.follows

    def content(self, earlier, explicit_id):
        """The bytes to drop. `earlier`: the expectation that waits_for() names, once it is complete."""
        if self.resend_of:
            self._content = earlier._content
        else:
            self._content = self.source.read_bytes()
        if self.is_edxml:
            # No two runs send the same documents; what is said of others refers to those of its own run.
            self._content = self._content.replace(b"{run}", self._run.encode())
        elif self.conversation_of or explicit_id:
            document = json.loads(self._content)
            if self.conversation_of:
                document["conversation"] = earlier.document_id
            if explicit_id:
                document["id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, self.name))
            self._content = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
        return self._content

    def observe(self, outcome, copies):
        """Takes an outcome of this file, so many copies of which are in the inbox; returns what is wrong, or None."""
        self.document_id = self.document_id or outcome.document_id
        expected = self._expected.get(outcome.recipient)
        if expected is None:
            return self.fail(f"no outcome was expected at {outcome.recipient}")
        self._seen.add(outcome.recipient)
        recorded = outcome.position is not None
        actual = {**outcome.facts, **vars(outcome), "outcome": outcome.code, "recorded": recorded}
        wanted = {name: expected[name] for name in COMPARED if name in expected} | expected.get("facts", {})
        for name, value in wanted.items():
            if actual.get(name) != value:
                return self.fail(f"{name} {value} was expected, {actual.get(name)} came")
        if outcome.accepted and copies != 1:
            return self.fail(f"the inbox has it {copies} times")
        if outcome.accepted and outcome.again != bool(self.resend_of):
            return self.fail("a resend was expected" if self.resend_of else "it counted as a resend")
        return None

    def fail(self, complaint):
        self.complaint = self.complaint or complaint
        return complaint

    def next_answer(self, statuses):
        """The first answer whose status file the sender does not have, or None. `statuses`: pairs of code and party."""
        return next((a for a in self.answers if (a["code"], a["by"]) not in statuses), None)

    def missing(self, receipts):
        """What is not there yet, in words, but for the answers. `receipts`: the parties that receipts came from."""
        missing = [f"the outcome at {to or 'its recipient'}" for to in self._expected if to not in self._seen]
        if not self.resend_of:
            accepted = [to for to, row in self._expected.items() if row["outcome"] == "accepted"]
            missing += [f"the receipt of {to}" for to in accepted if to not in receipts]
        return missing


@dataclass
class Group:
    """The notices of one folder: of one agreement, or of strangers."""

    name: str
    expectations: dict  # file -> Expectation


def read_group(folder, run):
    entries = json.loads((folder / "expected.json").read_bytes())["notices"]
    return Group(folder.name, {entry["file"]: Expectation(entry, folder, run) for entry in entries})
