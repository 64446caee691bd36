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
ONE_LINE_COLUMNS = 150  # from this width on, a row stands on one line


def cut(text, width):
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def local_time(text):
    """HH:MM:SS in Vietnam of an RFC 3339 time; of now when there is none."""
    if not text:
        return datetime.now(VIETNAM).strftime("%H:%M:%S")
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(VIETNAM).strftime("%H:%M:%S")


def short_path(path):
    """As one would type it from here, where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)


def reason_lines(lines):
    """What a reason file says first: its title, the reason and what to do, without the lines that the table has."""
    wanted = ("Lý do:", "Cần làm:", "Reason:", "To do:")
    return lines[:1] + [line for line in lines[1:] if line.startswith(wanted)]


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
        mark, colour = ("↺", "again") if outcome.again else ("✓", "good") if outcome.accepted else ("✗", "bad")
        took = "" if outcome.milliseconds is None else f"{outcome.milliseconds:.0f} ms"
        route = f"{outcome.sender} → {outcome.recipient or '?'}"
        clause = f"{outcome.agreement} §{outcome.clause}" if outcome.clause else outcome.agreement
        if outcome.accepted:
            where = short_path(outcome.delivered)
            verdict = clause + ("  sent again, not delivered again" if outcome.again else "")
        else:
            where, verdict = f"file {outcome.file}", f"{outcome.code}  {clause}".rstrip()
        time = local_time(outcome.time)
        if columns >= ONE_LINE_COLUMNS:
            head = f" {cut(outcome.type, 29):29}{cut(route, 28):28} {cut(verdict, 38):38}{took:>8}  "
            self.say(f" {time} {self._paint(colour, mark)}{head}{cut(where, columns - 13 - len(head))}")
        else:
            width = columns - 22
            head = cut(f"{outcome.type}  {route}", width)
            self.say(f" {time} {self._paint(colour, mark)} {head:{width}} {took:>8}")
            self._detail(columns, verdict, colour)
            self._detail(columns, where, "dim", keep_end=outcome.accepted)
        for language in ("vi", "en"):
            for line in reason_lines(outcome.reasons.get(language, [])):
                self._wrapped(columns, line)
        if complaint:
            self._wrapped(columns, "NOT AS EXPECTED: " + complaint, "bad")

    def _detail(self, columns, text, colour, keep_end=False):
        width = columns - 12
        if keep_end and len(text) > width:
            text = "…" + text[1 - width :]
        self.say(" " * 11 + self._paint(colour, cut(text, width)))

    def _wrapped(self, columns, text, colour="dim"):
        for line in textwrap.wrap(" ".join(text.split()), columns - 14, subsequent_indent="  ", break_on_hyphens=False):
            self.say(" " * 13 + self._paint(colour, line))

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
