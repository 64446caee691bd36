"""What the demo's notices must lead to, as deploy/demo-notices/expected.json declares it.

Each entry: file, from, outcomes [{to, outcome, agreement, clause}]; `conversation_of` names the file whose document
opened the conversation, `resend_of` the file that is sent a second time. An outcome is "accepted" or an error code."""

import json
import uuid


class Expectation:
    """One notice: complete when every expected outcome was seen, failed at the first one that differs."""

    def __init__(self, entry, folder, run):
        self.sender = entry["from"]
        self.note = entry["note"]
        self.source = folder / entry["file"]
        self.name = f"{self.source.stem}-{run}"
        self.conversation_of = entry.get("conversation_of")
        self.resend_of = entry.get("resend_of")
        self.complaint = None
        self.document_id = None
        self._expected = {row["to"]: row for row in entry["outcomes"]}
        self._seen = set()
        self._content = None

    def waits_for(self):
        """The file that must be through before this one is dropped, or None."""
        return self.conversation_of or self.resend_of

    def content(self, earlier, explicit_id):
        """The bytes to drop. `earlier`: the expectation that waits_for() names, once it is complete."""
        if self.resend_of:
            self._content = earlier._content
        else:
            self._content = self.source.read_bytes()
        if self.conversation_of or explicit_id:
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
            return self._fail(f"no outcome was expected at {outcome.recipient}")
        self._seen.add(outcome.recipient)
        for name, actual in (("outcome", outcome.code), ("agreement", outcome.agreement), ("clause", outcome.clause)):
            if name in expected and expected[name] != actual:
                return self._fail(f"{name} {expected[name]} was expected, {actual} came")
        if outcome.accepted and copies != 1:
            return self._fail(f"the inbox has it {copies} times")
        if outcome.accepted and outcome.again != bool(self.resend_of):
            return self._fail("a resend was expected" if self.resend_of else "it counted as a resend")
        return None

    def _fail(self, complaint):
        self.complaint = self.complaint or complaint
        return complaint

    def missing(self, receipts):
        """What is not there yet, in words. `receipts`: the parties that receipts came from."""
        missing = [f"the outcome at {to or 'its recipient'}" for to in self._expected if to not in self._seen]
        if not self.resend_of:
            accepted = [to for to, row in self._expected.items() if row["outcome"] == "accepted"]
            missing += [f"the receipt of {to}" for to in accepted if to not in receipts]
        return missing


def read_expectations(folder, run):
    entries = json.loads((folder / "expected.json").read_bytes())["notices"]
    return {entry["file"]: Expectation(entry, folder, run) for entry in entries}
