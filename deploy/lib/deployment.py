"""Lays out a hub and the folder adapters of any number of parties in one folder, and runs them.

    FOLDER/hub/hub.yaml, configuration/, data/
    FOLDER/edxml/organisations.yaml, mappings/
    FOLDER/parties/PARTY/adapter.yaml, keys/, credentials/, roots.yaml, agency/, state/
    FOLDER/logs/

All keys are made by hubctl. Paths in the files are relative, so that the folder can be moved. One thread owns a
Deployment."""

import json
import os
import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from process import Process, stop_all

REPOSITORY = Path(__file__).resolve().parents[2]
AGENCY_FOLDERS = ("outbox", "inbox", "sent", "refused", "status")
# Certificates of a deployment whose clock starts at another time.
ANY_TIME = ("--from", "2016-01-01T00:00:00Z", "--until", "2036-01-01T00:00:00Z")


class SetupError(Exception):
    """A step of the set-up failed; the message says which and why."""


def free_port(first):
    """The first port from `first` on that nothing on loopback listens on; any free one for 0."""
    for port in [0] if first == 0 else range(first, first + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    raise SetupError(f"no free port from {first} on")


def public_key(file):
    return json.loads(file.read_text())["public"]


class Agency:
    """One party's adapter and the folder that it shares with the agency's own systems."""

    def __init__(self, party, folder):
        self.party = party
        self.folder = folder
        self.keys = folder / "keys"
        self.credentials = folder / "credentials"
        self.agency = folder / "agency"
        for name in AGENCY_FOLDERS:
            setattr(self, name, self.agency / name)

    @property
    def endpoint(self):
        return f"{self.party}/folder"

    @property
    def spare_endpoint(self):
        """A second endpoint that no adapter uses, enrolled when there is a key for it. Deliveries go to the first."""
        return f"{self.party}/spare"

    @property
    def spare_key(self):
        return self.keys / "spare.json"

    def endpoints(self):
        """Pairs of an endpoint's id and its public transport key."""
        keys = {self.endpoint: self.keys / "transport.json.pub", self.spare_endpoint: Path(f"{self.spare_key}.pub")}
        return [(endpoint, public_key(file)) for endpoint, file in keys.items() if file.exists()]

    def drop(self, name, content):
        """Hands a file over as an agency does: written under a name that is ignored, then renamed."""
        unfinished = self.outbox / (name + ".part")
        unfinished.write_bytes(content if isinstance(content, bytes) else content.encode())
        return unfinished.rename(self.outbox / name)


class Deployment:
    """`as_of`: the RFC 3339 time at which the clocks of the hub and the adapters start; that of the machine if None."""

    def __init__(self, folder, binaries, origin, parties, as_of=None):
        self.folder = Path(folder)
        self.binaries = Path(binaries)
        self.origin = origin
        self.as_of = as_of
        self.hub_folder = self.folder / "hub"
        self.configuration = self.hub_folder / "configuration"
        self.logs = self.folder / "logs"
        self.agencies = {party: Agency(party, self.folder / "parties" / party) for party in parties}
        self.adapters = {}
        self.hub = None
        self.ledger = None
        self.ledger_address = None  # of a PostgreSQL database; the file in the data folder if None
        self.edxml = None  # what use_edxml() has said
        self.alert_notices = None  # sender and recipient of the hub's alerts as documents; nobody if None
        self.port = None
        self.console_port = None
        self.administrators = [self.hub_folder / "data" / "keys" / "administrator.json"]

    def hubctl(self, *arguments):
        command = [str(self.binaries / "hubctl"), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SetupError(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def make(self, demo=False, segment_mib=None, administrators=1):
        """Keys, certificates and an empty journal: once, in a folder that is not there yet. Of more administrators than
        one, each has a key beside the hub."""
        for folder in (self.hub_folder, self.logs, self.configuration / "credentials", self.configuration / "keys"):
            folder.mkdir(parents=True)
        options = (["--demo"] if demo else []) + (["--segment-mib", segment_mib] if segment_mib else [])
        options += ["--as-of", self.as_of] if self.as_of else []
        if administrators > 1:
            self.administrators = [self.folder / "administrators" / f"{n}.json" for n in range(1, administrators + 1)]
            (self.folder / "administrators").mkdir()
            for key in self.administrators:
                self.hubctl("key", "new", "--use", "administrator", "--out", key)
                options += ["--administrator", f"{key}.pub"]
        self.hubctl("hub", "init", "--data", self.hub_folder / "data", "--origin", self.origin, *options)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(self._make_agency, self.agencies.values()))

    def _make_agency(self, agency):
        for folder in (agency.keys, agency.credentials, agency.folder / "state"):
            folder.mkdir(parents=True)
        for name in AGENCY_FOLDERS:
            (agency.agency / name).mkdir(parents=True)
        for use in ("root", "signing", "transport"):
            self.hubctl("key", "new", "--use", use, "--out", agency.keys / f"{use}.json")
        valid = ANY_TIME if self.as_of else ()
        self.certify(agency, agency.keys / "signing.json.pub", agency.credentials / "signing.json", *valid)

    def make_spare_endpoint(self, party):
        self.hubctl("key", "new", "--use", "transport", "--out", self.agencies[party].spare_key)

    def certify(self, agency, key, out, *options):
        root = agency.keys / "root.json"
        self.hubctl("key", "certify", "--root", root, "--party", agency.party, "--key", key, *options, "--out", out)

    def configure(self, types, party_files, agreement_files):
        """Writes the configuration folder anew and signs it: types are JSON files, the others YAML files."""
        for name, files in {"types": types, "parties": party_files, "agreements": agreement_files}.items():
            shutil.rmtree(self.configuration / name, ignore_errors=True)
            (self.configuration / name).mkdir()
            for file in files:
                shutil.copy(file, self.configuration / name)
        lines = []
        for agency in self.agencies.values():
            lines += [
                f"- party: {agency.party}",
                f'  root_key: "{public_key(agency.keys / "root.json.pub")}"',
                "  endpoints:",
                *(f'    - {{id: {endpoint}, curve_key: "{key}"}}' for endpoint, key in agency.endpoints()),
            ]
        (self.configuration / "keys" / "parties.yaml").write_text("\n".join(lines) + "\n")
        self.sign()

    @property
    def token_file(self):
        """What the hub's HTTP interface is asked with."""
        return self.hub_folder / "data" / "keys" / "api-token"

    def sign(self):
        self.hubctl("config", "sign", "--configuration", self.configuration, "--administrator", self.administrators[0])

    def use_edxml(self, organisations, mappings, inboxes=()):
        """The adapters read edXML, with these codes and mapping files; `inboxes`: the parties that get it too."""
        folder = self.folder / "edxml"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(mappings, folder / "mappings")
        shutil.copy(organisations, folder / "organisations.yaml")
        self.edxml = set(inboxes)

    def _edxml_of(self, agency):
        if self.edxml is None:
            return ""
        inbox = "edxml" if agency.party in self.edxml else "json"
        above = "../../edxml"
        return f"edxml: {{organisations: {above}/organisations.yaml, mappings: {above}/mappings, inbox: {inbox}}}\n"

    def _notice_settings(self):
        if not self.alert_notices:
            return ""
        sender, recipient = self.alert_notices
        return f', alert_notices: {{folder: "../parties/{sender}/agency/outbox", to: {recipient}}}'

    def address(self, port, console_port=None):
        """Writes hub.yaml and every adapter.yaml for a hub that listens on that port of loopback, and for HTTP on
        the other one if there is one."""
        self.port = port
        self.console_port = console_port
        address = f"tcp://127.0.0.1:{port}"
        hub_yaml = f"data: data\nconfiguration: configuration\nlisten: {address}\n"
        if console_port:
            hub_yaml += f'console: {{listen: "127.0.0.1:{console_port}"{self._notice_settings()}}}\n'
        if self.ledger_address:
            hub_yaml += f'ledger: "{self.ledger_address}"\n'
        (self.hub_folder / "hub.yaml").write_text(hub_yaml)
        transport_key = public_key(self.hub_folder / "data" / "keys" / "transport.json.pub")
        tree_key = self.hubctl("log", "key", "--data", self.hub_folder / "data").strip()
        roots = "".join(
            f'{agency.party}: "{public_key(agency.keys / "root.json.pub")}"\n' for agency in self.agencies.values()
        )
        for agency in self.agencies.values():
            (agency.folder / "roots.yaml").write_text(roots)
            (agency.folder / "adapter.yaml").write_text(
                f"party: {agency.party}\n"
                f"endpoint: {agency.endpoint}\n"
                f'hub: {{address: "{address}", transport_key: "{transport_key}", tree_keys: ["{tree_key}"]}}\n'
                "keys: {transport: keys/transport.json, signing: keys/signing.json}\n"
                "credentials: credentials\n"
                "roots: roots.yaml\n"
                "agency: agency\n"
                "state: state\n" + self._edxml_of(agency) + (f'as_of: "{self.as_of}"\n' if self.as_of else "")
            )

    def start_hub(self, seconds=30.0):
        as_of = ["--as-of", self.as_of] if self.as_of else []
        command = [self.binaries / "hubd", "--config", self.hub_folder / "hub.yaml", *as_of]
        self.hub = Process("hubd", command, self.logs / "hubd.log")
        self.hub.wait_line("ready ", seconds)

    @property
    def ledger_file(self):
        return self.hub_folder / "data" / "ledger.sqlite"

    def start_ledger(self, ready=True, seconds=60.0):
        """What follows the hub's journal, at the lowest priority; ready when it has caught up for the first time."""
        command = [self.binaries / "hub-ledger", "--config", self.hub_folder / "hub.yaml"]
        self.ledger = Process("hub-ledger", command, self.logs / "hub-ledger.log")
        if ready:
            self.ledger.wait_line("ready ", seconds)

    def start_adapter(self, party, ready=True, seconds=30.0):
        agency = self.agencies[party]
        command = [self.binaries / "hub-adapter", "folder", "--config", agency.folder / "adapter.yaml"]
        self.adapters[party] = Process(f"adapter {party}", command, self.logs / f"{party}.log")
        if ready:
            self.adapters[party].wait_line("ready ", seconds)
        return self.adapters[party]

    def start(self):
        self.start_hub()
        for party in self.agencies:
            self.start_adapter(party, ready=False)
        for adapter in self.adapters.values():
            adapter.wait_line("ready ")

    def processes(self):
        return [*self.adapters.values(), *(process for process in (self.hub, self.ledger) if process)]

    def stop(self):
        """Adapters first, so that none of them sees the hub go. Returns the exit statuses."""
        adapters, hub = list(self.adapters.values()), [self.hub] if self.hub else []
        ledger = [self.ledger] if self.ledger else []
        self.adapters, self.hub, self.ledger = {}, None, None
        return stop_all(adapters) + stop_all(hub) + stop_all(ledger)
