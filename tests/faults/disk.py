"""A disk that a test fills, and makes room on again.

Where the tests may mount (root, as in most containers) it is a small tmpfs, full in earnest. Else
each process that writes there is held to files of `LIMIT` bytes (RLIMIT_FSIZE), which every CI
machine allows: the same calls fail in the same places, with EFBIG in place of ENOSPC.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil

LIMIT = 64 * 1024
ROOM = "400m"


class SmallDisk:
    """A folder with plenty of room at first; `is_real` where it is a file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.is_real = os.geteuid() == 0 and self._mount(f"size={ROOM},mode=777")
        self.held: list[int] = []

    def fill(self, process_id: int = 0) -> None:
        """From now on nothing longer than `LIMIT` bytes is kept of what this process writes."""
        if self.is_real:
            self._mount(f"remount,size={LIMIT}")
            return
        for one in _family(process_id) if process_id else ():
            resource.prlimit(one, resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY))
            self.held.append(one)

    def make_room(self) -> None:
        if self.is_real:
            self._mount(f"remount,size={ROOM}")
        for one in self.held:
            resource.prlimit(one, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        self.held.clear()

    def files(self) -> list[Path]:
        return [one for one in self.folder.rglob("*") if one.is_file()]

    def remove(self) -> None:
        if self.is_real:
            subprocess.run(["umount", "--lazy", self.folder], check=False, timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _mount(self, options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)]
        return not subprocess.run(command, check=False, capture_output=True, timeout=20).returncode


def _family(process_id: int) -> Iterator[int]:
    yield process_id
    for child in psutil.Process(process_id).children(recursive=True):
        yield child.pid
