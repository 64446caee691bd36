"""A child process that says on its standard output when it is ready, and logs to a file.

One thread owns a Process. Children live in a group of their own and die with their parent."""

import ctypes
import os
import select
import signal
import subprocess
import time

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class ProcessError(Exception):
    """A process ended or said nothing in time; the message has the end of its log."""


class Process:
    def __init__(self, name, command, log):
        self.name = name
        self.log = log
        self._unread = b""
        self._kept = []  # lines that came together with one that was waited for
        with open(log, "ab") as log_file:
            self._child = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log_file,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        os.set_blocking(self._child.stdout.fileno(), False)

    @property
    def pid(self):
        return self._child.pid

    def fileno(self):
        """Readable when there are lines, or when the process has ended."""
        return self._child.stdout.fileno()

    def running(self):
        return self._child.poll() is None

    def lines(self):
        """The whole lines printed since the last call, without waiting."""
        while True:
            try:
                read = os.read(self.fileno(), 1 << 16)
            except BlockingIOError:
                break
            if not read:
                break
            self._unread += read
        *lines, self._unread = self._unread.split(b"\n")
        kept, self._kept = self._kept, []
        return kept + [line.decode() for line in lines]

    def wait_line(self, prefix, seconds=30.0):
        """The first line from now on that starts with `prefix`."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not (self._kept or select.select([self], [], [], left)[0]):
                raise ProcessError(f"{self.name} did not say '{prefix}' within {seconds:.0f} s\n{self.log_end()}")
            lines = self.lines()
            for number, line in enumerate(lines):
                if line.startswith(prefix):
                    self._kept = lines[number + 1 :]
                    return line
            if not self.running():
                raise ProcessError(f"{self.name} ended with {self._child.returncode}\n{self.log_end()}")

    def log_end(self, lines=20):
        text = self.log.read_text(errors="replace").splitlines()
        return "\n".join([f"{self.log}:", *("  " + line for line in text[-lines:])])

    def signal(self, number):
        if self.running():
            os.killpg(self.pid, number)

    def ended(self, seconds):
        """The exit status, or None when the process still runs after that time."""
        if self._child.returncode is None:
            pidfd = os.pidfd_open(self.pid)
            try:
                select.select([pidfd], [], [], max(0.0, seconds))
            finally:
                os.close(pidfd)
        return self._child.poll()

    def kill(self):
        """As a power cut would: nothing is said to the process first."""
        self.signal(signal.SIGKILL)
        self._child.wait()
        self._child.stdout.close()

    def stop(self, seconds=10.0):
        """An orderly stop; a process that takes longer is killed. Returns the exit status."""
        self.signal(signal.SIGTERM)
        if self.ended(seconds) is None:
            self.signal(signal.SIGKILL)
        status = self._child.wait()
        self._child.stdout.close()
        return status


def stop_all(processes, seconds=10.0):
    """Tells all of them to stop before waiting for any. Returns the exit statuses."""
    for process in processes:
        process.signal(signal.SIGTERM)
    return [process.stop(seconds) for process in processes]
