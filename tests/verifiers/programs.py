"""The verifiers of others as programs, and what they say."""

import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MODULES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
SECONDS = 120
BUILD_SECONDS = 600  # the first build compiles the parts of Go's library that are used, on few and busy cores


def build_go_verifier():
    """The Go program, or None where Go or its module is not there."""
    if not shutil.which("go") or not MODULES.is_dir():
        return None
    build = Path(os.environ["HUB_BUILD"]) / "verifiers"
    build.mkdir(parents=True, exist_ok=True)
    settings = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(build / "go-cache"),
                "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(build / "verify"), "."], cwd=FOLDER / "go", env={**os.environ, **settings},
                   check=True, timeout=BUILD_SECONDS)
    return [str(build / "verify")]


def node_verifier():
    """The Node script, or None without node."""
    return ["node", str(FOLDER / "node" / "verify.mjs")] if shutil.which("node") else None


def verdict(test, verifier, status, *arguments):
    """What it says. Requires the exit status, so that a verifier that breaks down is not taken for one that refuses."""
    done = subprocess.run([*verifier, *map(str, arguments)], capture_output=True, text=True, timeout=SECONDS)
    begins = "right: " if status == 0 else "wrong: "
    test.assertTrue(done.returncode == status and done.stdout.startswith(begins),
                    f"{verifier} {arguments}: status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}")
    return done.stdout


def with_changed_byte(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
