"""Runs a test with HUB_TEST_POSTGRES set to a server of its own.

    with_postgres.py COMMAND...

Exit status: the command's; 77 (skipped) where no server is installed."""

import os
import subprocess
import sys

from postgres_cluster import NOT_INSTALLED, PostgresCluster, binaries

SKIPPED = 77


def main():
    if not binaries():
        print(f"skipped: {NOT_INSTALLED}")
        return SKIPPED
    cluster = PostgresCluster()
    try:
        return subprocess.run(sys.argv[1:], env={**os.environ, "HUB_TEST_POSTGRES": cluster.conninfo}, check=False).returncode
    finally:
        cluster.close()


if __name__ == "__main__":
    sys.exit(main())
