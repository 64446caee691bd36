"""Tells which files appeared in watched folders, by inotify, so that nobody needs to look again and again.

One thread owns a FolderWatch. Its file descriptor can be waited on together with others.
"""

import ctypes
import os
import select
import struct
import time
from pathlib import Path

_IN_CLOSE_WRITE = 0x008
_IN_MOVED_TO = 0x080
_IN_Q_OVERFLOW = 0x4000
_UNFINISHED = (".tmp", ".part")  # endings of names that wait for their rename, as those that start with "."
_HEADER = struct.Struct("iIII")  # watch, mask, cookie, name length

_libc = ctypes.CDLL(None, use_errno=True)


def _finished(name):
    return not (name.startswith(".") or name.endswith(_UNFINISHED))


class FolderWatch:
    """Appearances (closed after writing, or moved in) in any number of folders."""

    def __init__(self):
        self._fd = _libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self._folders = {}

    def fileno(self):
        return self._fd

    def add(self, folder):
        watch = _libc.inotify_add_watch(self._fd, os.fsencode(folder), _IN_CLOSE_WRITE | _IN_MOVED_TO)
        if watch < 0:
            raise OSError(ctypes.get_errno(), f"inotify_add_watch {folder}")
        self._folders[watch] = Path(folder)

    def appeared(self):
        """The paths that appeared since the last call. After an overflow of the queue: every file there is."""
        paths = []
        while True:
            try:
                events = os.read(self._fd, 1 << 16)
            except BlockingIOError:
                return paths
            offset = 0
            while offset < len(events):
                watch, mask, _, length = _HEADER.unpack_from(events, offset)
                offset += _HEADER.size
                name = events[offset : offset + length].rstrip(b"\0")
                offset += length
                if mask & _IN_Q_OVERFLOW:
                    for folder in self._folders.values():
                        paths.extend(path for path in sorted(folder.iterdir()) if _finished(path.name))
                elif name and _finished(os.fsdecode(name)):
                    paths.append(self._folders[watch] / os.fsdecode(name))

    def wait(self, seconds):
        """Whether something appeared within that time."""
        return bool(select.select([self], [], [], max(0.0, seconds))[0])

    def close(self):
        os.close(self._fd)


def wait_until(condition, folders, seconds):
    """Waits for `condition()` to return something true, asking again whenever a file appears in one of `folders`.

    Returns what the condition returned last, so a false value after the deadline."""
    watch = FolderWatch()
    try:
        for folder in folders:
            watch.add(folder)
        deadline = time.monotonic() + seconds
        # The first look comes after the watch is set: a file that appears between the two is not missed.
        while not (value := condition()):
            left = deadline - time.monotonic()
            if left <= 0 or not watch.wait(left):
                return condition()
            watch.appeared()
        return value
    finally:
        watch.close()
