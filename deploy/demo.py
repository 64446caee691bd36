"""Runs the demo: a hub, the parties of the five agreements, and notices between them; at the end an alert of the hub.

Every line of its table is read from the files that the adapters write, or is what the hub said to a stranger; nothing is
told that did not happen. Started by deploy/demo, which builds the binaries and names them in HUB_BIN."""

import argparse
import fcntl
import json
import os
import re
import select
import shutil
import signal
import sys
import textwrap
import time
from datetime import datetime
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent
sys.path.insert(0, str(DEPLOY / "lib"))

from demo_user import make_demo_user  # noqa: E402
from deployment import REPOSITORY, Deployment, SetupError, free_port  # noqa: E402
from edxml_status import StatusWriter  # noqa: E402
from expectation import read_group  # noqa: E402
from folder_watch import FolderWatch  # noqa: E402
from outcome_table import VIETNAM, JsonLines, Table, short_path  # noqa: E402
from outcomes import Outcome, OutcomeReader, catalogue_reasons, plain_type  # noqa: E402
from process import ProcessError  # noqa: E402

try:
    import stranger
except ImportError as missing:
    sys.exit(f"{missing}; the section 'run' of deploy/packages lists what the demo needs")

AS_OF = "2024-03-12T08:00:00+07:00"  # the agreements of the articles are of these years; one of them has expired by then
AGREEMENTS = sorted((DEPLOY / "agreements").glob("*.yaml"))
OPERATION = DEPLOY / "operation"  # the operator's own parties and rule, beside the agreements
RULES = sorted((OPERATION / "agreements").glob("*.yaml"))
PARTIES = sorted((DEPLOY / "parties").glob("*.yaml")) + sorted((OPERATION / "parties").glob("*.yaml"))
ALERT_SENDER, ALERT_RECIPIENT = "van-hanh.trung-tam", "truc-ban.trung-tam"
NOTICES = DEPLOY / "demo-notices"
ORGANISATIONS = DEPLOY / "organisations.yaml"
MAPPINGS = REPOSITORY / "adapters" / "edxml" / "mappings"
STRANGERS = "strangers"  # the folder of the notices that no adapter sends
ORIGIN = "hub.demo"
FIRST_PORT = 7400
FIRST_CONSOLE_PORT = 7480
ONCE_SECONDS_MAX = 60
ALERT_SECONDS_MAX = 20  # the hub looks for alerts every 5


def arguments():
    parser = argparse.ArgumentParser(prog="deploy/demo", description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="end when every notice had its outcome")
    parser.add_argument("--json", action="store_true", help="outcomes as JSON lines")
    parser.add_argument("--data", type=Path, default=REPOSITORY / "build" / "demo", help="default: build/demo")
    return parser.parse_args()


def ids_in(file, key):
    """The ids that lines of a configuration file give to this key."""
    return re.findall(rf"^(?:- )?{key}: (\S+)", file.read_text(), re.MULTILINE)


def deployment_in(folder):
    parties = [party for file in PARTIES for party in ids_in(file, "id")]
    return Deployment(folder, os.environ["HUB_BIN"], ORIGIN, parties, AS_OF)


def lay_out(folder):
    """The deployment in that folder: continued, or made beside it and renamed, so that it is whole or not there."""
    deployment = deployment_in(folder)
    if deployment.hub_folder.exists():
        if sorted(path.name for path in (folder / "parties").iterdir()) != sorted(deployment.agencies):
            raise SetupError(
                f"{folder} holds a demo of another version, whose parties are not those of this one.\n"
                "Name another folder with --data, or remove that one."
            )
        return deployment
    if folder.exists() and any(folder.iterdir()):
        raise SetupError(f"{folder} holds something else; name an empty or new folder with --data")
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    made = deployment_in(unfinished)
    made.make(demo=True)
    for party in {e.sender for e in read_group(NOTICES / STRANGERS, "").expectations.values()}:
        made.make_spare_endpoint(party)
    unfinished.rename(folder)
    return deployment


def lock(folder):
    """Held until the process ends: two demos in one folder would take each other's files."""
    held = open(folder / "lock", "w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SetupError(f"another demo runs in {folder}") from None
    return held


def heading(text, agreements):
    """Of a text and the agreements that are made of it."""
    first = agreements[0]
    period = f"expired {first['until']}" if first["state"] == "ended" else f"{first['state']} from {first['from']}"
    count = f" ({len(agreements)})" if len(agreements) > 1 else ""
    return f"{text}{count}   {period}"


class Demo:
    def __init__(self, deployment, table):
        self._deployment = deployment
        self._table = table
        self._reader = OutcomeReader(deployment.agencies)
        self._watch = FolderWatch()
        run = datetime.now(VIETNAM).strftime("%y%m%d-%H%M%S-%f")[:-3]  # no two runs alike
        self._groups = [read_group(NOTICES / name, run) for name in [*(file.stem for file in AGREEMENTS), STRANGERS]]
        everything = [e for group in self._groups for e in group.expectations.values()]
        self._by_name = {(e.sender, e.name): e for e in everything}
        self._status_writer = StatusWriter(ORGANISATIONS)
        self._answered = set()  # names of the status files that were dropped

    def start(self):
        types = sorted((REPOSITORY / "schemas" / "types").glob("*.json"))
        self._deployment.configure(types, PARTIES, AGREEMENTS + RULES)
        self._deployment.use_edxml(ORGANISATIONS, MAPPINGS)
        self._deployment.alert_notices = ALERT_SENDER, ALERT_RECIPIENT
        self._deployment.address(free_port(FIRST_PORT), free_port(FIRST_CONSOLE_PORT))
        for folder in self._reader.folders():
            self._watch.add(folder)
        self._deployment.start()
        self._deployment.start_ledger()

    def say_hello(self):
        say, deployment = self._table.say, self._deployment
        texts = self._agreements()
        expired = sum(all(a["state"] == "ended" for a in made) for _, made in texts.values())
        say(f"Hub   tcp://127.0.0.1:{deployment.port}   Data {short_path(deployment.folder)}", "bold")
        user, password = make_demo_user(deployment)
        say(f"HTTP  http://127.0.0.1:{deployment.console_port}   sign in as {user}, password {password}")
        say(f"Token {short_path(deployment.token_file)}")
        clock = datetime.fromisoformat(AS_OF).strftime("%Y-%m-%d %H:%M +07")
        say(f"Clock {clock} (demo)   {len(texts)} agreements: {len(texts) - expired} in force, {expired} expired")
        say(f"{len(deployment.agencies)} parties, {len(deployment.adapters)} adapters, each with keys of its own")
        say("Files lie in parties/PARTY/agency/ there: inbox/ received, refused/ sent back")
        self._headings = {slug: heading(text, made) for slug, (text, made) in texts.items()}
        self._headings[STRANGERS] = "Strangers: what no adapter sends"

    def _agreements(self):
        """Of each text the id, and the agreements that are made of it, as hubctl lists them at the demo's time."""
        options = ["--json", "--configuration", self._deployment.configuration, "--at", AS_OF]
        listed = json.loads(self._deployment.hubctl("agreement", "list", *options))
        texts = {}
        for file in AGREEMENTS:
            (text,) = ids_in(file, "agreement")
            texts[file.stem] = text, [a for a in listed if (a["agreement"] + "/").startswith(text + "/")]
        return texts

    def run_notices(self):
        """Drops the notices, group by group, and shows what becomes of them. Returns how many passed and failed."""
        deadline = time.monotonic() + ONCE_SECONDS_MAX
        passed = failed = 0
        for group in self._groups:
            self._table.say()
            self._table.say(self._headings[group.name], "bold")
            self._run_group(group.expectations, deadline)
            bad = [e for e in group.expectations.values() if e.complaint or self._missing(e)]
            for expectation in bad:
                self._table.say(f"FAILED {group.name}/{expectation.source.name} ({expectation.note})", "bad")
                self._table.say("  " + "; ".join(filter(None, [expectation.complaint, *self._missing(expectation)])))
            passed, failed = passed + len(group.expectations) - len(bad), failed + len(bad)
        return passed, failed

    def _run_group(self, expectations, deadline):
        undropped = list(expectations.values())
        while True:
            self._drop_what_can_go(expectations, undropped)
            for expectation in expectations.values():
                self._answer(expectation)
            is_open = any(not e.complaint and self._missing(e) for e in expectations.values())
            if not is_open or time.monotonic() >= deadline:
                return
            self._step(deadline - time.monotonic())

    def show_alert(self):
        """Holds back deliveries to an endpoint that no adapter uses, and shows the document by which the operator learns
        of it. Whether it came."""
        self._table.say()
        self._table.say("Operation: an alert of the hub, under its operator's own rule", "bold")
        endpoint = next(a.spare_endpoint for a in self._deployment.agencies.values() if a.spare_key.exists())
        self._order("pause", endpoint)
        try:
            title = self._alert_about(endpoint)
        finally:
            self._order("resume", endpoint)
        self._table.say(f"            {title}" if title else f"FAILED no alert about {endpoint} came", None if title else "bad")
        return title is not None

    def _order(self, action, endpoint):
        options = ["--reason", "trình diễn cảnh báo", "--key", self._deployment.administrators[0], *self._api()]
        self._deployment.hubctl("endpoint", action, endpoint, *options)

    def _alert_about(self, endpoint):
        """What the document says that is delivered about that endpoint; None when none came."""
        deadline = time.monotonic() + ALERT_SECONDS_MAX
        while time.monotonic() < deadline:
            for outcome in self._step(deadline - time.monotonic()):
                if outcome.recipient == ALERT_RECIPIENT and outcome.delivered:
                    data = json.loads(outcome.delivered.read_bytes())["data"]
                    if data["event"] == "begins" and data.get("about") == endpoint:
                        return data["title"]
        return None

    def run_on(self):
        """Shows what happens until the process is told to end."""
        self._table.say()
        self._table.say("Drop a notice of your own into an outbox; Ctrl-C ends the demo. For example:")
        self._table.say(f"  cp {short_path(NOTICES / 'huyen-btg-238' / '01-thong-tin-truoc-xet-xu.json')} \\")
        self._table.say(f"    {short_path(self._deployment.agencies['toa-an.huyen'].outbox)}/")
        while True:
            self._step(None)

    def _missing(self, expectation):
        missing = expectation.missing(self._reader.receipts(expectation.sender, expectation.name))
        answer = self._next_answer(expectation)
        return missing + ([f"status {answer['code']} of {answer['by']}"] if answer else [])

    def _next_answer(self, expectation):
        return expectation.next_answer(self._reader.statuses(expectation.sender, expectation.name))

    def _answer(self, expectation):
        """The recipient's system says how far it is, once the document came and what it said before has arrived."""
        receipts = self._reader.receipts(expectation.sender, expectation.name)
        if expectation.complaint or not expectation.answers or expectation.missing(receipts):
            return
        answer = self._next_answer(expectation)
        if not answer or f"{expectation.name}.{answer['code']}" in self._answered:
            return
        self._answered.add(f"{expectation.name}.{answer['code']}")
        sent = self._deployment.agencies[expectation.sender].sent / (expectation.name + expectation.source.suffix)
        status = self._status_writer.write(answer["by"], answer["code"], answer["description"], sent.read_bytes())
        self._deployment.agencies[answer["by"]].drop(f"{expectation.name}.{answer['code']}.edxml", status)
        self._table.say(f"            edXML status {answer['code']} from {answer['by']} to {expectation.sender}")

    def trace(self):
        """One edXML notice from file to receipt, as hubctl tells it; then the proof of its receipt, without the hub."""
        answered = [e for e in self._by_name.values() if e.answers and e.document_id]
        if not answered:
            return
        document = answered[0].document_id
        self._show(f"hubctl document trace {document}", "document", "trace", *self._api(), document)
        self._prove(document)

    def _api(self):
        address = f"http://127.0.0.1:{self._deployment.console_port}"
        return ["--api", address, "--token-file", self._deployment.token_file]

    def _prove(self, document):
        data = self._deployment.hub_folder / "data"
        receipts = self._deployment.folder / "receipts"
        self._deployment.hubctl("log", "prove", document, "--data", data, "--out", receipts)
        receipt = sorted(receipts.glob("*.tlog-proof"))[-1]
        key = self._deployment.hubctl("log", "key", "--data", data).strip()
        command = ["log", "verify", short_path(receipt), "--chain", "--key", key]
        self._show(f"hubctl {' '.join(map(str, command))}", "log", "verify", receipt, *command[3:])

    def _show(self, heading, *command):
        columns = shutil.get_terminal_size().columns
        self._table.say()
        words = textwrap.wrap(heading, columns - 2, break_long_words=False, break_on_hyphens=False, subsequent_indent="  ")
        for part in words[:-1]:
            self._table.say(part + " \\", "bold")
        self._table.say(words[-1], "bold")
        for line in self._deployment.hubctl(*command).splitlines():
            for part in textwrap.wrap(line, columns, drop_whitespace=False, subsequent_indent=" " * 4) or [""]:
                self._table.say(part.rstrip())

    def _drop_what_can_go(self, expectations, undropped):
        resent = {e.resend_of for e in expectations.values()}
        for expectation in list(undropped):
            earlier = expectations.get(expectation.waits_for())
            if earlier and earlier.complaint:
                expectation.fail(f"{earlier.source.name} failed before it")
            elif earlier and (earlier in undropped or self._missing(earlier)):
                continue
            undropped.remove(expectation)
            if expectation.complaint:
                continue
            if expectation.stranger:
                self._attempt(expectation)
                continue
            content = expectation.content(earlier, explicit_id=expectation.source.name in resent)
            self._reader.dropped(expectation.sender, expectation.name)
            self._deployment.agencies[expectation.sender].drop(expectation.name + expectation.source.suffix, content)

    def _attempt(self, expectation):
        """Sends a notice past the adapter, as a stranger would, and shows what the hub said."""
        notice, begun = json.loads(expectation.source.read_bytes()), time.monotonic()
        attempt = stranger.ATTEMPTS[expectation.stranger]
        answer = attempt(self._deployment, self._deployment.agencies[expectation.sender], notice)
        outcome = Outcome(
            file=expectation.name,
            sender=expectation.sender,
            recipient=notice["to"],
            addressed=notice["to"],
            type=plain_type(notice["type"]),
            code=answer.code,
            facts=answer.facts,
            position=answer.position,
            time=answer.time,
            milliseconds=(time.monotonic() - begun) * 1000,
            reasons=catalogue_reasons(answer.code, answer.facts),
        )
        self._table.show(outcome, expectation.observe(outcome, 0))

    def _step(self, seconds):
        """Waits for files, or for a process to end, and shows the outcomes that there are. Returns them."""
        shown = []
        processes = self._deployment.processes()
        ready, _, _ = select.select([self._watch, *processes], [], [], seconds)
        for process in ready:
            if process is not self._watch and not process.lines() and process.ended(1.0) is not None:
                raise ProcessError(f"{process.name} ended\n{process.log_end()}")
        for path in self._watch.appeared():
            for outcome in self._reader.appeared(path):
                expectation = self._by_name.get((outcome.sender, outcome.file))
                copies = len(self._reader.deliveries(outcome)) if outcome.accepted else 0
                self._table.show(outcome, expectation.observe(outcome, copies) if expectation else None)
                shown.append(outcome)
        return shown


def end_on_signal(number, _frame):
    raise SystemExit(128 + number)


def stop(deployment):
    """Stops everything; whether each process ended in order."""
    statuses = deployment.stop() if deployment else []
    if any(statuses):
        print(f"A process did not end in order: {statuses}", file=sys.stderr)
    return not any(statuses)


def main():
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_on_signal)
    table = JsonLines() if options.json else Table()
    deployment = None
    try:
        deployment = lay_out(options.data.resolve())
        held = lock(deployment.folder)
        demo = Demo(deployment, table)
        demo.start()
        demo.say_hello()
        passed, failed = demo.run_notices()
        alerted = demo.show_alert()
        passed, failed = passed + alerted, failed + (not alerted)
        demo.trace()
        if not options.once:
            table.summary(passed, failed)
            demo.run_on()
        stopped = stop(deployment)
        held.close()
        table.summary(passed, failed)
        return 1 if failed or not stopped else 0
    except KeyboardInterrupt:
        return 0 if stop(deployment) else 1
    except (SetupError, ProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        stop(deployment)


if __name__ == "__main__":
    sys.exit(main())
