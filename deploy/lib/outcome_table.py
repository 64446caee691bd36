"""Shows outcomes as a table that fits the terminal, or as JSON lines."""

import json
import os
import shutil
import sys
import textwrap
from datetime import datetime, timedelta, timezone
from pathlib import Path

VIETNAM = timezone(timedelta(hours=7))
COLOURS = {"good": "32", "bad": "31", "again": "33", "dim": "2", "bold": "1"}
ONE_LINE_COLUMNS = 170  # from this width on, a row stands on one line
PLACE_COLUMNS_MIN = 16  # less of a file's name says nothing


def cut(text, width):
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def tail(text, width):
    return text if len(text) <= width else "…" + text[1 - width :]


def local_time(text):
    """HH:MM:SS in Vietnam of an RFC 3339 time; dashes when the hub never saw the document."""
    if not text:
        return "--:--:--"
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(VIETNAM).strftime("%H:%M:%S")


def short_path(path):
    """As one would type it from here, where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)


def mark_of(outcome):
    if not outcome.accepted:
        return "✗", "bad"
    if outcome.again:
        return "↺", "again"
    return ("↷", "again") if outcome.rerouted else ("✓", "good")


def route_of(outcome, width):
    """Sender → recipient; where that is too long, the recipient without the end that it shares with the sender."""
    recipient = outcome.addressed or "?"
    route = f"{outcome.sender} → {recipient}"
    if len(route) > width:
        name, _, place = recipient.rpartition(".")
        if name and outcome.sender.endswith("." + place):
            route = f"{outcome.sender} → {name}"
    return cut(route, width)


def verdict_of(outcome):
    clause = f"{outcome.agreement} §{outcome.clause}" if outcome.clause else outcome.agreement
    return clause if outcome.accepted else f"{outcome.code}  {clause}".rstrip()


def place_of(outcome, width):
    """What proves the outcome, within the agency's folder: the recipient's file, the sender's, or the record."""
    if outcome.again:
        text = "sent again, not delivered again"
    elif outcome.delivered:
        return tail(f"inbox/{outcome.delivered.name}", width)  # the end of the name tells the position
    elif outcome.refused:
        text = f"refused/{outcome.refused.name}"
    else:
        text = "nothing recorded" if outcome.position is None else f"recorded at position {outcome.position}"
    return cut(text, width)


def reason_lines(lines):
    """What a reason file says of the reason; the row has the code, and the file also tells what to do."""
    return [line for line in lines if line.startswith(("Lý do:", "Reason:"))]


class Table:
    def __init__(self, out=sys.stdout):
        self._out = out
        self._colour = out.isatty() and "NO_COLOR" not in os.environ

    def _paint(self, colour, text):
        return f"\033[{COLOURS[colour]}m{text}\033[0m" if self._colour else text

    def say(self, text="", colour=None):
        print(self._paint(colour, text) if colour else text, file=self._out, flush=True)

    def show(self, outcome, complaint=None):
        columns = shutil.get_terminal_size().columns
        mark, colour = mark_of(outcome)
        took = "" if outcome.milliseconds is None else f"{outcome.milliseconds:.0f} ms"
        start = f" {local_time(outcome.time)} {self._paint(colour, mark)}"
        if columns >= ONE_LINE_COLUMNS:
            head = f" {cut(outcome.type, 29):29}{route_of(outcome, 44):44} {cut(verdict_of(outcome), 51):51}{took:>8}  "
            self.say(start + head + place_of(outcome, columns - 11 - len(head)))
        else:
            width = columns - 22
            head = f"{outcome.type}  {route_of(outcome, width - len(outcome.type) - 2)}"
            self.say(f"{start} {cut(head, width):{width}} {took:>8}")
            verdict = cut(verdict_of(outcome), columns - 12)
            room = columns - 14 - len(verdict)
            place = self._paint("dim", "  " + place_of(outcome, room)) if room >= PLACE_COLUMNS_MIN else ""
            self.say(" " * 12 + self._paint(colour, verdict) + place)
        if outcome.rerouted:
            self.say(" " * 12 + cut(f"over level: {outcome.addressed} → {outcome.recipient}", columns - 12))
        for language in ("vi", "en"):
            for line in reason_lines(outcome.reasons.get(language, [])):
                self._wrapped(columns, line)
        if complaint:
            self._wrapped(columns, "NOT AS EXPECTED: " + complaint, "bad")

    def _wrapped(self, columns, text, colour="dim"):
        for line in textwrap.wrap(" ".join(text.split()), columns - 13, subsequent_indent="  ", break_on_hyphens=False):
            self.say(" " * 12 + self._paint(colour, line))

    def summary(self, passed, failed):
        self.say(f"{passed} passed, {failed} failed", "bad" if failed else "good")


class JsonLines:
    """The same as JSON: one object a line on the output, what is said beside it on the diagnostics."""

    def __init__(self, out=sys.stdout):
        self._out = out

    def _line(self, value):
        print(json.dumps(value, ensure_ascii=False), file=self._out, flush=True)

    def say(self, text="", colour=None):
        if text:
            print(text, file=sys.stderr, flush=True)

    def show(self, outcome, complaint=None):
        value = {name: str(item) if isinstance(item, Path) else item for name, item in vars(outcome).items()}
        self._line({"kind": "outcome", **value, "complaint": complaint})

    def summary(self, passed, failed):
        self._line({"kind": "summary", "passed": passed, "failed": failed})
        self.say(f"{passed} passed, {failed} failed")
