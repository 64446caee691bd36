"""The hub's operator while everything is killed: orders by hubctl over HTTP, some of which are lost with the hub that they
were sent to; and contents that are lost at the hub for a while.

One thread owns it. An order runs beside it, as a process, so that a kill may come in between."""

import json
import subprocess
from collections import Counter

PER_STATE = {"pending": "stop", "delivered": "replay", "finished": "replay", "refused": "replay", "stopped": "replay"}
REPLAYS_MAX = 25
STOPS_MAX = 25
SECONDS = 30.0


class Operator:
    def __init__(self, deployment, generator, hubctl):
        self._deployment = deployment
        self._generator = generator
        self._hubctl = str(hubctl)
        self._running = []  # action and process
        self._lost = {}  # from where a content lies to where it belongs
        self._aside = deployment.folder / "lost"
        self._aside.mkdir()
        self.tried, self.refused = Counter(), Counter()
        self.answered = {}  # position of the order's record to its action

    def __str__(self):
        return f"ordered {len(self.answered)} of {sum(self.tried.values())}, lost {len(self._lost)}"

    def _api(self):
        return "--json", "--api", f"http://127.0.0.1:{self._deployment.console_port}", "--token-file", str(self._deployment.token_file)

    def _ask(self, *words):
        """None when the hub or its ledger can't answer now."""
        done = subprocess.run([self._hubctl, *words, *self._api()], capture_output=True, text=True, timeout=SECONDS, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def _in_state(self, state):
        found = self._ask("delivery", "list", "--state", state, "--limit", "100")
        return [delivery["id"] for delivery in found["deliveries"]] if found else []

    def _order(self, action, delivery):
        words = ("delivery", action, delivery, "--reason", "kiểm thử", "--key", str(self._deployment.administrators[0]))
        if action == "replay":  # by two administrators, as sensitive types need
            file = self._deployment.folder / "replay.json"
            if not self._ask(*words, "--out", str(file)):
                return
            words = ("delivery", action, "--countersign", str(file), "--key", str(self._deployment.administrators[1]))
        self.tried[action] += 1
        self._running.append(
            (action, subprocess.Popen([self._hubctl, *words, *self._api()], stdout=subprocess.PIPE, text=True))
        )

    def _collect(self, wait=False):
        for action, process in list(self._running):
            if not wait and process.poll() is None:
                continue
            output, _ = process.communicate(timeout=SECONDS)
            self._running.remove((action, process))
            answer = json.loads(output.splitlines()[-1])
            if process.returncode == 0:
                self.answered[answer["position"]] = action
            else:
                self.refused[answer["error"]["code"]] += 1

    def step(self):
        """What was ordered before is looked at; what failed gets another attempt; perhaps something is ordered."""
        self._collect()
        if self._generator.random() < 0.3:
            self.retry_failed()
        state = self._generator.choice(list(PER_STATE))
        action = PER_STATE[state]
        if self.tried[action] >= (STOPS_MAX if action == "stop" else REPLAYS_MAX):
            return
        deliveries = self._in_state(state)
        if deliveries:
            self._order(action, self._generator.choice(deliveries))

    def lose(self, party, name):
        content = self._deployment.hub_folder / "data" / "content" / party / name
        if content.exists():
            self._lost[content.rename(self._aside / f"{party}-{name}")] = content

    def retry_failed(self):
        """Everything that is lost comes back first."""
        failed = self._in_state("failed")
        if failed or not self._running:
            self._find_lost()
        for delivery in failed:
            self._order("retry", delivery)
        self._collect(wait=True)

    def _find_lost(self):
        for aside, content in self._lost.items():
            aside.rename(content)
        self._lost.clear()

    def finish(self):
        self._find_lost()
        self._collect(wait=True)

    def caught_up(self):
        """The ledger says what is durable."""
        status = self._ask("status")
        return bool(status) and status.get("lag_records") == 0
