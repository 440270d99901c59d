"""The gate for uploaded files: looks into them before they are stored, and never unpacks one."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import re
import struct
import subprocess
import unicodedata
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from portal.text import clean_text, has_visible

FOLDER = "evidence"
NAME_LIMIT = 150
MOST_UNPACKED = 250 * 1024 * 1024
MOST_MEMBERS = 10_000
LARGEST_DIRECTORY = 4 * 1024 * 1024
LARGEST_CONTENT_TYPES = 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_SEGMENTS = 10_000

EMPTY = "The selected file is empty"
UNKNOWN = "The selected file must be a PDF, DOCX, XLSX, PPTX, PNG or JPEG"
MISMATCH = "The name of the selected file ends in .{ending}, but what is in it is not {article}"
DAMAGED = "The selected file is damaged or not complete"
PROTECTED = "The selected file is protected with a password. Choose a copy without one"
OLDER = "The selected file is in an older Office format, or protected with a password"
MACROS = "The selected file contains macros. Choose a copy without them"
TOO_MANY_PARTS = f"The selected file has more than {MOST_MEMBERS:,} parts inside it"
UNPACKS_TOO_LARGE = (
    f"The selected file is larger than {MOST_UNPACKED // 1024**2} MB when it is unpacked"
)
TOO_MANY_PIXELS = (
    f"The selected picture must have no more than {MOST_PIXELS // 1_000_000} million pixels"
)
NO_ROOM = (
    "The selected file could not be kept, because the portal has no room left for files. "
    "Try again later, or give a link to it"
)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a disk, a quota and a limit say when there is no room; every other error is a fault."""

PDF_START, ZIP_START, OLE_START = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PNG_START, PNG_END = b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG_START, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
ZIP_END, ZIP_END_SIZE, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
ZIP64_LOCATOR, ZIP64_LOCATOR_SIZE, ZIP64_END_SIZE = b"PK\x06\x07", 20, 56
ZIP_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PDF_HEADER_WITHIN = 1024  # where readers of PDF look for its first line


class UploadRefused(Exception):
    """The file is not taken. `str()` is a sentence that a page may show."""


@dataclass(frozen=True)
class Upload:
    """A file that has passed: its bytes, and what is kept of it beside them."""

    name: str
    ending: str
    content_type: str
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes as they were sent."""
        return hashlib.sha256(self.content).hexdigest()


def largest() -> str:
    return f"{settings.UPLOAD_MAX_BYTES // 1024**2} MB"


def check_upload(sent: UploadedFile) -> Upload:
    """The file, if it is one of the six types and what its name says. Raises UploadRefused."""
    if isinstance(sent, Unkept):
        raise UploadRefused(NO_ROOM)
    if not sent.size:
        raise UploadRefused(EMPTY)
    if sent.size > settings.UPLOAD_MAX_BYTES:
        raise UploadRefused(f"The selected file must be {largest()} or smaller")
    sent.seek(0)
    return inspect(str(sent.name), sent.read())


def inspect(name: str, content: bytes) -> Upload:
    """The same for a name and bytes."""
    ending = name.rpartition(".")[2].strip().lower()
    kind = KINDS.get(ending)
    if kind is None:
        raise UploadRefused(UNKNOWN)
    if kind.is_office and content.startswith(OLE_START):
        raise UploadRefused(OLDER)
    if not content.startswith(kind.start) or _is_something_else_too(kind, content):
        raise UploadRefused(MISMATCH.format(ending=ending, article=kind.article))
    kind.look(content, kind)
    return Upload(clean_file_name(name, ending), ending, kind.content_type, content)


def store_upload(upload: Upload) -> str:
    """Write it under a name of its own; what its sender called it is never part of a path.

    Whole or not at all. Raises UploadRefused where there is no room for it.
    """
    name = f"{FOLDER}/{uuid.uuid4()}.{upload.ending}"
    try:
        return default_storage.save(name, ContentFile(upload.content))
    except OSError as error:
        default_storage.delete(name)
        if error.errno in FULL:
            raise UploadRefused(NO_ROOM) from error
        raise


def remove_upload(stored: str) -> None:
    default_storage.delete(stored)


class ScannerBroken(Exception):
    """The scanner did not say whether the file is clean; it has to be asked again."""


def is_clean(stored: str) -> bool:
    """What the scanner in the settings says of a stored file. Raises ScannerBroken."""
    command = [*settings.SCAN_COMMAND, default_storage.path(stored)]
    try:
        # The command is the operator's, the path our own: neither comes from who sent the file.
        done = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=settings.SCAN_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScannerBroken(type(error).__name__) from None
    if done.returncode not in (0, 1):
        raise ScannerBroken(f"ended with {done.returncode}")
    return done.returncode == 0


def clean_file_name(name: str, ending: str) -> str:
    """The sender's name as it may be shown and saved: one line, no path, no hidden direction."""
    stem = re.split(r"[\\/]", clean_text(name))[-1].rpartition(".")[0]
    shown = "".join(
        character
        for character in stem
        if unicodedata.category(character) != "Cf" or character in "\u200c\u200d"
    )
    words = " ".join(re.sub(r'[<>:"|?*;\n\t]', " ", shown).split()).strip(". ")[:NAME_LIMIT]
    return f"{words if has_visible(words) else 'evidence'}.{ending}"


class TrimUpload(FileUploadHandler):
    """Stands first among the upload handlers: keeps one byte more than is allowed, no more.

    So a file without end fills no disk, and the form still sees that it was too large.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.left = settings.UPLOAD_MAX_BYTES + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        kept = raw_data[: self.left]
        self.left -= len(kept)
        return kept or None

    def file_complete(self, file_size: int) -> None:
        return None


class Unkept(UploadedFile):
    """Stands for a file that there was no room to look into."""


class HoldUpload(TemporaryFileUploadHandler):
    """Holds a large file on disk while it is looked into; a full disk is told to the form."""

    has_room = True

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        with self._watch():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.has_room:
            with self._watch():
                super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile:
        if self.has_room:
            with self._watch():
                return super().file_complete(file_size)
        return Unkept(io.BytesIO(), name=self.file_name, size=file_size)

    @contextlib.contextmanager
    def _watch(self) -> Iterator[None]:
        """A disk that turns out to be full ends the file, and takes away what was written of it."""
        try:
            yield
        except OSError as error:
            self.has_room = False
            if held := getattr(self, "file", None):
                with contextlib.suppress(OSError):  # what is left to write finds no room either
                    held.close()
            if error.errno not in FULL:
                raise


@dataclass(frozen=True)
class Kind:
    """What a type of file must be like."""

    article: str
    content_type: str
    start: bytes
    look: Callable[[bytes, Kind], None]

    @property
    def is_office(self) -> bool:
        return self.start == ZIP_START


def _is_something_else_too(kind: Kind, content: bytes) -> bool:
    """Whether another program would read another document in the same bytes."""
    if kind.start != PDF_START and PDF_START in content[:PDF_HEADER_WITHIN]:
        return True
    tail = content[-(ZIP_END_SIZE + LONGEST_COMMENT) :]
    return not kind.is_office and ZIP_END in tail


def _look_at_pdf(content: bytes, _kind: Kind) -> None:
    if b"%%EOF" not in content[-1024:] or b"startxref" not in content[-2048:]:
        raise UploadRefused(DAMAGED)
    if re.search(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)", content):
        raise UploadRefused(PROTECTED)


def _look_at_png(content: bytes, _kind: Kind) -> None:
    if content[8:16] != b"\x00\x00\x00\x0dIHDR" or not content.endswith(PNG_END):
        raise UploadRefused(DAMAGED)
    _refuse_pixels(*struct.unpack(">II", content[16:24]))


def _look_at_jpeg(content: bytes, _kind: Kind) -> None:
    size, place = _jpeg_frame(content)
    if size is None or JPEG_END not in content[place:]:
        raise UploadRefused(DAMAGED)
    _refuse_pixels(*size)


def _jpeg_frame(content: bytes) -> tuple[tuple[int, int] | None, int]:
    """Height and width from the frame header, and the place where the picture itself begins."""
    place, size = len(JPEG_START) - 1, None
    for _segment in range(MOST_SEGMENTS):
        head = content[place : place + 4]
        if len(head) < 4 or head[0] != 0xFF:
            break
        if head[1] == 0xDA:
            return size, place
        if _has_dimensions(head[1]):
            size = struct.unpack(">HH", content[place + 5 : place + 9].ljust(4, b"\0"))
        # A filled-up place before a marker is one byte long, a segment says its own length.
        place += 1 if head[1] == 0xFF else 2 + int.from_bytes(head[2:], "big")
    raise UploadRefused(DAMAGED)


def _has_dimensions(marker: int) -> bool:
    """A frame header; three numbers of its range mean tables instead."""
    return 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)


def _refuse_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise UploadRefused(DAMAGED)
    if width * height > MOST_PIXELS:
        raise UploadRefused(TOO_MANY_PIXELS)


UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,
    KeyError,
)


def _look_at_office(content: bytes, kind: Kind) -> None:
    _refuse_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            _refuse_members(members, len(content))
            types = _content_types(package)
    except UNREADABLE:
        raise UploadRefused(DAMAGED) from None
    _refuse_macros(members, types)
    if OFFICE_MAIN[kind.content_type] not in types:
        raise UploadRefused(DAMAGED)


def _refuse_directory(content: bytes) -> None:
    """Read how long the list of members is before anything reads the list."""
    place = content.rfind(ZIP_END, max(0, len(content) - ZIP_END_SIZE - LONGEST_COMMENT))
    if place < 0 or place + ZIP_END_SIZE > len(content):
        raise UploadRefused(DAMAGED)
    members, size = struct.unpack("<HI", content[place + 10 : place + 16])
    locator = place - ZIP64_LOCATOR_SIZE
    if content[max(0, locator) :].startswith(ZIP64_LOCATOR):
        record = content[max(0, locator - ZIP64_END_SIZE) : locator].rjust(ZIP64_END_SIZE, b"\0")
        members, size = struct.unpack("<QQ", record[32:48])
    if members > MOST_MEMBERS or size > LARGEST_DIRECTORY:
        raise UploadRefused(TOO_MANY_PARTS)


def _refuse_members(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise UploadRefused(TOO_MANY_PARTS)
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise UploadRefused(UNPACKS_TOO_LARGE)
    if any(member.flag_bits & 0x1 for member in members):
        raise UploadRefused(PROTECTED)
    names = [member.filename.lower() for member in members]
    # Members that share the same bytes are how a small file unpacks without end.
    overlap = sum(member.compress_size for member in members) > size
    unusual = any(member.compress_type not in ZIP_WAYS for member in members)
    if overlap or unusual or len(set(names)) < len(names) or any(map(_leads_outside, names)):
        raise UploadRefused(DAMAGED)


def _leads_outside(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[\\/]", name)


def _content_types(package: zipfile.ZipFile) -> str:
    """The package's own list of what is in it; words only, no parser, at most so long."""
    with package.open("[Content_Types].xml") as listed:
        words = listed.read(LARGEST_CONTENT_TYPES + 1)
    # Spelt with references or declarations, it could say something to Office that we do not see.
    if len(words) > LARGEST_CONTENT_TYPES or b"&#" in words or b"<!DOCTYPE" in words:
        raise UploadRefused(DAMAGED)
    return words.decode("utf-8").lower()


def _refuse_macros(members: list[zipfile.ZipInfo], types: str) -> None:
    named = any(
        re.search(r"vba(project|data)|macrosheets/", member.filename.lower()) for member in members
    )
    if named or any(word in types for word in ("macroenabled", "vbaproject", "macrosheet")):
        raise UploadRefused(MACROS)


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("a PDF", "application/pdf", PDF_START, _look_at_pdf),
    "png": Kind("a PNG picture", "image/png", PNG_START, _look_at_png),
    "jpg": Kind("a JPEG picture", "image/jpeg", JPEG_START, _look_at_jpeg),
    "jpeg": Kind("a JPEG picture", "image/jpeg", JPEG_START, _look_at_jpeg),
    "docx": Kind(
        "a Word document", f"{_OFFICE}wordprocessingml.document", ZIP_START, _look_at_office
    ),
    "xlsx": Kind("an Excel workbook", f"{_OFFICE}spreadsheetml.sheet", ZIP_START, _look_at_office),
    "pptx": Kind(
        "a PowerPoint presentation",
        f"{_OFFICE}presentationml.presentation",
        ZIP_START,
        _look_at_office,
    ),
}
OFFICE_MAIN = {
    kind.content_type: f"{kind.content_type}.main+xml" for kind in KINDS.values() if kind.is_office
}
