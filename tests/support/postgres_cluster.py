"""A PostgreSQL server for a test: a cluster in a temporary folder, reached by a socket there and by nothing else.

PostgreSQL refuses to run as root, so as root the cluster belongs to a system user."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

USERS = ("postgres", "nobody")
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=50", "shared_buffers=16MB")
NOT_INSTALLED = "no PostgreSQL server is installed (package postgresql)"


def binaries():
    """The folder of the server's programs, the newest version's; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _as_user():
    """What a command begins with, and the user that it then runs as."""
    if os.geteuid() != 0:
        return [], None
    user = next(pwd.getpwnam(name) for name in USERS if any(entry.pw_name == name for entry in pwd.getpwall()))
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"], user


class PostgresCluster:
    """Made and started; `conninfo` reaches it, without a dbname. close() ends it and removes the folder."""

    def __init__(self):
        self._programs = binaries()
        self._prefix, user = _as_user()
        self.folder = Path(tempfile.mkdtemp(prefix="hub-pg-"))  # short: a socket's path has a limit
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.folder.chmod(0o755)
        self._data = self.folder / "data"
        self.conninfo = f"host={self.folder} user=hub"
        self._run("initdb", "--pgdata", self._data, "--username=hub", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-sync")
        self.start()

    def _run(self, program, *arguments):
        command = [*self._prefix, str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={self.folder}"))
        subprocess.run([*self._prefix, str(self._programs / "pg_ctl"), "start", "--wait", "--pgdata", str(self._data),
                        "--log", str(self.folder / "log"), "--options", options],
                       cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=True)

    def stop(self, mode="fast"):
        """`immediate` is as a crash: nothing is written first."""
        self._run("pg_ctl", "stop", "--wait", "--mode", mode, "--pgdata", self._data)

    def sql(self, database, sql):
        """What psql prints of it: rows in lines, without names."""
        return self._run("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
                         f"--dbname={self.conninfo} dbname={database}", "--command", sql)

    def close(self):
        self.stop("immediate")
        shutil.rmtree(self.folder)
