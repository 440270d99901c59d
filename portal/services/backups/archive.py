"""What a backup looks like: a tar file with a manifest, a file of rows a table, and the uploads."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Any

from portal.services.refusals import Refusal

FORMAT = 1
MANIFEST = "manifest.json"
ROWS = "database"
MEDIA = "media"
CHUNK = 1024 * 1024
LEFT_OUT = frozenset({"sessions.session"})
"""Tables that no backup holds: nobody is signed in by what was restored."""


class BackupRefused(Refusal):
    """A backup cannot be made or restored here, and why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)


class Writer:
    """Adds members to the archive, and remembers size and SHA-256 of each."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """One file, as it is now: it is read once, so what is hashed is what is kept."""
        with path.open("rb") as stream:
            info = tarfile.TarInfo(name)
            info.size = path.stat().st_size
            reading = _Hashing(stream)
            self.tar.addfile(info, reading)  # type: ignore[arg-type]
        self.files[name] = {"size": info.size, "sha256": reading.hash.hexdigest()}

    def finish(self, facts: dict[str, Any]) -> str:
        """Write the manifest; returns its own SHA-256."""
        content = {"format": FORMAT, **facts, "files": self.files}
        text = json.dumps(content, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        self.tar.addfile(info, io.BytesIO(text))
        return hashlib.sha256(text).hexdigest()


class _Hashing:
    """A stream that hashes what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.stream.read(size)
        self.hash.update(chunk)
        return chunk


def read_manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    """The manifest, after every file was found to be what it says."""
    try:
        manifest: dict[str, Any] = json.load(stream_of(tar, MANIFEST))
        expected = manifest["files"]
    except (KeyError, ValueError) as error:
        raise BackupRefused("This is no backup of the portal: it has no manifest") from error
    if manifest["format"] != FORMAT:
        raise BackupRefused("This backup has a format that this version does not know")
    for name, facts in expected.items():
        _refuse_outside(name)
        if _digest(tar, name) != facts["sha256"]:
            raise BackupRefused(f"The backup is damaged: {name} is not what the manifest says")
    return manifest


def stream_of(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """A member's content; a KeyError where there is none."""
    stream = tar.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream


def _digest(tar: tarfile.TarFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        stream = stream_of(tar, name)
    except KeyError:
        raise BackupRefused(f"The backup is damaged: {name} is missing") from None
    for chunk in chunks(stream):
        digest.update(chunk)
    return digest.hexdigest()


def chunks(stream: IO[bytes]) -> Iterable[bytes]:
    return iter(lambda: stream.read(CHUNK), b"")


def _refuse_outside(name: str) -> None:
    """No member may be put anywhere but below the folders it is for."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in (ROWS, MEDIA):
        raise BackupRefused(f"The backup is damaged: {name} does not belong in it")
