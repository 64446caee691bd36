"""Runs the demo: a hub, the five district parties of agreement huyen/btg-238, and notices between them.

Every line of its table is read from the files that the adapters write; nothing is told that did not happen. Started by
deploy/demo, which builds the binaries and names them in HUB_BIN."""

import argparse
import fcntl
import os
import select
import shutil
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent
sys.path.insert(0, str(DEPLOY / "lib"))

from deployment import REPOSITORY, Deployment, SetupError, free_port  # noqa: E402
from expectation import read_expectations  # noqa: E402
from folder_watch import FolderWatch  # noqa: E402
from outcome_table import VIETNAM, JsonLines, Table, short_path  # noqa: E402
from outcomes import OutcomeReader  # noqa: E402
from process import ProcessError  # noqa: E402

PARTIES = ("btg.huyen", "hdnd.huyen", "ubnd.huyen", "toa-an.huyen", "vks.huyen")
ORIGIN = "hub.demo.huyen"
FIRST_PORT = 7400
ONCE_SECONDS_MAX = 60


def arguments():
    parser = argparse.ArgumentParser(prog="deploy/demo", description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="end when every notice had its outcome")
    parser.add_argument("--json", action="store_true", help="outcomes as JSON lines")
    parser.add_argument("--data", type=Path, default=REPOSITORY / "build" / "demo", help="default: build/demo")
    return parser.parse_args()


def lay_out(folder):
    """The deployment in that folder: continued, or made beside it and renamed, so that it is whole or not there."""
    deployment = Deployment(folder, os.environ["HUB_BIN"], ORIGIN, PARTIES)
    if not deployment.hub_folder.exists():
        if folder.exists() and any(folder.iterdir()):
            raise SetupError(f"{folder} holds something else; name an empty or new folder with --data")
        unfinished = folder.with_name(folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        Deployment(unfinished, deployment.binaries, ORIGIN, PARTIES).make(demo=True)
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


class Demo:
    def __init__(self, deployment, table):
        self._deployment = deployment
        self._table = table
        self._reader = OutcomeReader(deployment.agencies)
        self._watch = FolderWatch()
        run = datetime.now(VIETNAM).strftime("%y%m%d-%H%M%S-%f")[:-3]  # no two runs alike
        self._expectations = read_expectations(DEPLOY / "demo-notices", run)
        self._by_name = {(e.sender, e.name): e for e in self._expectations.values()}
        self._undropped = list(self._expectations.values())

    def start(self):
        types = sorted((REPOSITORY / "schemas" / "types").glob("*.json"))
        parties, agreements = [DEPLOY / "parties" / "huyen.yaml"], [DEPLOY / "agreements" / "huyen-btg-238.yaml"]
        self._deployment.configure(types, parties, agreements)
        self._deployment.address(free_port(FIRST_PORT))
        for folder in self._reader.folders():
            self._watch.add(folder)
        self._deployment.start()

    def say_hello(self):
        say, agencies = self._table.say, self._deployment.agencies
        say(f"Hub   tcp://127.0.0.1:{self._deployment.port}   Data {short_path(self._deployment.folder)}", "bold")
        say(f"Agreement huyen/btg-238   {len(agencies)} parties, {len(agencies)} adapters, each with keys of its own")
        say()

    def run_notices(self):
        """Drops the notices and shows what becomes of them. Returns the counts of passed and failed ones."""
        deadline = time.monotonic() + ONCE_SECONDS_MAX
        self._drop_what_can_go()
        while self._open() and time.monotonic() < deadline:
            self._step(deadline - time.monotonic())
            self._drop_what_can_go()
        failed = 0
        for expectation in self._expectations.values():
            missing = self._missing(expectation)
            if expectation.complaint or missing:
                failed += 1
                self._table.say(f"FAILED {expectation.source.name} ({expectation.note})", "bad")
                self._table.say("  " + "; ".join(filter(None, [expectation.complaint, *missing])))
        return len(self._expectations) - failed, failed

    def run_on(self):
        """Shows what happens until the process is told to end."""
        self._table.say()
        self._table.say("Drop a notice of your own into an agency's outbox; Ctrl-C ends the demo. For example:")
        source = short_path(DEPLOY / "demo-notices" / "01-thong-tin-truoc-xet-xu.json")
        self._table.say(f"  cp {source} {short_path(self._deployment.agencies['toa-an.huyen'].outbox)}/")
        while True:
            self._step(None)

    def _missing(self, expectation):
        return expectation.missing(self._reader.receipts(expectation.sender, expectation.name))

    def _open(self):
        return [e for e in self._expectations.values() if not e.complaint and self._missing(e)]

    def _drop_what_can_go(self):
        resent = {e.resend_of for e in self._expectations.values()}
        for expectation in list(self._undropped):
            earlier = self._expectations.get(expectation.waits_for())
            if earlier and (earlier in self._undropped or self._missing(earlier)):
                continue
            self._undropped.remove(expectation)
            content = expectation.content(earlier, explicit_id=expectation.source.name in resent)
            self._reader.dropped(expectation.sender, expectation.name)
            self._deployment.agencies[expectation.sender].drop(expectation.name + ".json", content)

    def _step(self, seconds):
        """Waits for files, or for a process to end, and shows the outcomes that there are."""
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
