"""The gate: what is taken, what is refused and in which words, and under what name it is kept."""

import errno
import hashlib
import os
import struct
import zipfile

import pytest
from django.core.files import uploadhandler
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from assessments import uploads
from assessments.uploads import (
    DAMAGED,
    EMPTY,
    MACROS,
    NO_ROOM,
    OLDER,
    PROTECTED,
    TOO_MANY_PARTS,
    TOO_MANY_PIXELS,
    UNKNOWN,
    UNPACKS_TOO_LARGE,
    UploadRefused,
    check_upload,
    clean_file_name,
    inspect,
    remove_upload,
    store_upload,
)
from tests.assessments.files import (
    PDF,
    TYPES,
    content_types,
    every_type,
    jpeg,
    office,
    png,
    segment,
)

EXE = b"MZ\x90\x00" + b"\x00" * 200
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def refusal(name, content):
    with pytest.raises(UploadRefused) as refused:
        inspect(name, content)
    return str(refused.value)


@pytest.mark.parametrize(("name", "content"), every_type().items())
def test_six_types_are_taken(name, content):
    upload = inspect(name, content)
    ending = name.rpartition(".")[2].lower()
    assert (upload.ending, upload.content_type) == (ending, uploads.KINDS[ending].content_type)
    assert upload.size == len(content)
    assert upload.digest == hashlib.sha256(content).hexdigest()
    assert upload.name.endswith(f".{ending}")


@pytest.mark.parametrize("name", ["page.html", "macro.docm", "old.doc", "a.exe", "paper", "a.svg"])
def test_other_types_are_refused(name):
    assert refusal(name, PDF) == UNKNOWN


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("paper.pdf", EXE),
        ("paper.pdf", b"<html><script>alert(1)</script></html>"),
        ("paper.pdf", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("paper.pdf", b"\n" + PDF),
        ("paper.pdf", office()),
        ("paper.pdf", PDF + office()),
        ("paper.docx", PDF),
        ("paper.docx", EICAR),
        ("photo.png", jpeg()),
        ("photo.jpg", png()),
        ("photo.jpg", jpeg(before=segment(0xFE, PDF))),
        ("photo.jpg", jpeg() + office()),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(name, content):
    ending = name.rpartition(".")[2]
    assert refusal(name, content).startswith(
        f"The name of the selected file ends in .{ending}, but"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("paper.pdf", b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n"),
        ("paper.pdf", b"%PDF-1.7\n%%EOF"),
        ("photo.png", png()[:-4]),
        ("photo.png", png()[:8] + b"\x00\x00\x00\x04IHDR" + png()[16:]),
        ("photo.png", png(0, 5)),
        ("photo.jpg", jpeg(end=b"")),
        ("photo.jpg", jpeg()[:30]),
        ("photo.jpg", b"\xff\xd8\xff\xda\x00\x02\xff\xd9"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x04ab\x00\x00\x00\x00"),
        ("photo.jpg", b"\xff\xd8" + b"\xff" * 20_000),
        ("paper.docx", office()[:-30]),
        ("paper.docx", office()[:-10]),
        ("paper.docx", office("xlsx")),
        ("paper.docx", office(members={"../outside.xml": "x"})),
        ("paper.docx", office(members={"/etc/x.xml": "x"})),
        ("paper.docx", office(members={"C:\\x.xml": "x"})),
        ("paper.docx", office(members={"WORD/document.xml": "x"})),
        ("paper.docx", office(method=zipfile.ZIP_BZIP2)),
        ("paper.docx", office(types=content_types("docx").replace("<Types>", "<Types>&#80;"))),
        ("paper.docx", office(types="<!DOCTYPE x>" + content_types("docx"))),
        ("paper.docx", office(types=content_types("docx") + " " * 1024 * 1024)),
        ("paper.docx", office(types=content_types("docx").encode("utf-16"))),
    ],
)
def test_what_is_broken_or_cut_short_is_refused(name, content):
    assert refusal(name, content) == DAMAGED


def test_office_file_without_list_of_contents_is_refused():
    other = office().replace(TYPES.encode(), b"[Content-Types].xml")
    assert refusal("paper.docx", other) == DAMAGED


def test_office_file_whose_bytes_do_not_unpack_is_refused():
    content = bytearray(office())
    place = content.index(TYPES.encode()) + len(TYPES)
    content[place : place + 8] = b"\xff" * 8
    assert refusal("paper.docx", bytes(content)) == DAMAGED


@pytest.mark.parametrize(
    "content",
    [
        office(members={"word/vbaProject.bin": "x"}),
        office(members={"word/vbaData.xml": "x"}),
        office(
            types=content_types(
                "docx",
                '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',
            )
        ),
        office(
            types=content_types("docx").replace(
                "wordprocessingml.document.main", "word.document.macroEnabled.main"
            )
        ),
    ],
)
def test_macros_are_refused(content):
    assert refusal("paper.docx", content) == MACROS


def test_macro_sheets_of_old_are_refused():
    assert refusal("a.xlsx", office("xlsx", members={"xl/macrosheets/s.xml": "x"})) == MACROS


def test_files_with_a_password_are_refused():
    locked = bytearray(office())
    directory = locked.index(b"PK\x01\x02")
    locked[directory + 8] |= 1
    assert refusal("paper.docx", bytes(locked)) == PROTECTED
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100
    assert refusal("paper.docx", ole) == OLDER
    encrypted = PDF.replace(b"/Catalog", b"/Catalog /Encrypt 4 0 R")
    assert refusal("paper.pdf", encrypted) == PROTECTED


def test_file_that_unpacks_to_too_much_is_refused_before_unpacking():
    bomb = bytearray(office(members={"word/media/a.bin": b"\x00" * 1000}))
    directory = bomb.rindex(b"PK\x01\x02")
    bomb[directory + 24 : directory + 28] = struct.pack("<I", uploads.MOST_UNPACKED)
    assert refusal("paper.docx", bytes(bomb)) == UNPACKS_TOO_LARGE


def test_members_that_share_their_bytes_are_refused():
    overlapping = bytearray(office(members={"word/media/a.bin": b"\x00" * 1000}))
    directory = overlapping.rindex(b"PK\x01\x02")
    overlapping[directory + 20 : directory + 24] = struct.pack("<I", len(overlapping))
    assert refusal("paper.docx", bytes(overlapping)) == DAMAGED


def test_too_many_members_are_refused_from_the_end_record_and_from_the_list(monkeypatch):
    content = bytearray(office())
    place = content.rindex(b"PK\x05\x06")
    content[place + 10 : place + 12] = struct.pack("<H", 10_001)
    assert refusal("paper.docx", bytes(content)) == TOO_MANY_PARTS
    monkeypatch.setattr(uploads, "MOST_MEMBERS", 2)
    lying = bytearray(office(members={"a.xml": "x"}))
    place = lying.rindex(b"PK\x05\x06")
    lying[place + 10 : place + 12] = struct.pack("<H", 1)
    assert refusal("paper.docx", bytes(lying)) == TOO_MANY_PARTS


def test_longer_end_record_is_read_as_well():
    content = office()
    place = content.rindex(b"PK\x05\x06")
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 99_999, 99_999, 10, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, place, 1)
    assert refusal("paper.docx", content[:place] + record + locator + content[place:]) == (
        TOO_MANY_PARTS
    )


@pytest.mark.parametrize("picture", [("a.png", png(30_000, 30_000)), ("a.jpg", jpeg(9000, 9000))])
def test_pictures_with_too_many_pixels_are_refused_without_decoding(picture):
    assert refusal(*picture) == TOO_MANY_PIXELS


def test_size_is_taken_to_the_byte_and_one_more_refused(settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    exact = PDF[:9] + b"%" * (1024 * 1024 - len(PDF)) + PDF[9:]
    assert check_upload(SimpleUploadedFile("a.pdf", exact)).size == 1024 * 1024
    with pytest.raises(UploadRefused, match="The selected file must be 1 MB or smaller"):
        check_upload(SimpleUploadedFile("a.pdf", exact + b"\n"))
    with pytest.raises(UploadRefused, match=EMPTY):
        check_upload(SimpleUploadedFile("a.pdf", b""))


def test_largest_is_25_megabytes():
    assert uploads.largest() == "25 MB"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Workforce report 2026.pdf", "Workforce report 2026.pdf"),
        ("..\\..\\windows\\x.pdf", "x.pdf"),
        ("/etc/passwd.pdf", "passwd.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ('a";\r\nX-Evil: 1.pdf', "a X-Evil 1.pdf"),
        ("\u200b\u00ad.pdf", "evidence.pdf"),
        (".pdf", "evidence.pdf"),
        ("স্বাস্থ্য\u200d.pdf", "স্বাস্থ্য\u200d.pdf"),
        ("x" * 300 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_file_names_are_cleaned(name, clean):
    assert clean_file_name(name, "pdf") == clean


def test_upload_is_stored_under_a_name_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    stored = store_upload(inspect("../../Board paper.pdf", PDF))
    assert stored.startswith("evidence/")
    assert stored.endswith(".pdf")
    assert "Board" not in stored
    with default_storage.open(stored) as kept:
        assert kept.read() == PDF
    remove_upload(stored)
    assert not default_storage.exists(stored)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_upload_that_finds_no_room_is_refused_and_leaves_nothing(
    settings, tmp_path, monkeypatch, number
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(uploads.ContentFile, "chunks", lambda _file: half_of_it(number))
    with pytest.raises(UploadRefused) as refused:
        store_upload(inspect("a.pdf", PDF))
    assert str(refused.value) == NO_ROOM
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def half_of_it(number):
    yield b"half"
    raise OSError(number, os.strerror(number))


def test_upload_that_fails_otherwise_is_a_fault_and_leaves_nothing(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(uploads.ContentFile, "chunks", lambda _file: half_of_it(errno.EIO))
    with pytest.raises(OSError, match="Input/output error"):
        store_upload(inspect("a.pdf", PDF))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


class Held:
    """Where an upload is held: says an error at its first, its second or its last deed."""

    def __init__(self, monkeypatch, folder, *, at, number=errno.ENOSPC):
        monkeypatch.setattr("tempfile.tempdir", str(folder))
        self.folder, self.number = folder, number
        handler = uploads.TemporaryFileUploadHandler
        where, name = {
            "new": (uploadhandler, "TemporaryUploadedFile"),
            "chunk": (handler, "receive_data_chunk"),
            "end": (handler, "file_complete"),
        }[at]
        monkeypatch.setattr(where, name, self.fail)

    def fail(self, *_words):
        raise OSError(self.number, os.strerror(self.number))

    def send(self, settings):
        settings.FILE_UPLOAD_HANDLERS = ["assessments.uploads.HoldUpload"]
        sent = {"file": SimpleUploadedFile("a.pdf", PDF), "title": "Kept"}
        request = RequestFactory().post("/", sent)
        assert request.POST["title"] == "Kept"
        return request.FILES["file"]


@pytest.mark.parametrize("at", ["new", "chunk", "end"])
def test_large_file_that_finds_no_room_is_told_to_the_form(settings, tmp_path, monkeypatch, at):
    held = Held(monkeypatch, tmp_path, at=at)
    file = held.send(settings)
    with pytest.raises(UploadRefused) as refused:
        check_upload(file)
    assert str(refused.value) == NO_ROOM
    assert list(tmp_path.iterdir()) == []


def test_large_file_that_meets_another_fault_is_no_matter_of_room(settings, tmp_path, monkeypatch):
    with pytest.raises(OSError, match="Input/output error"):
        Held(monkeypatch, tmp_path, at="chunk", number=errno.EIO).send(settings)


@pytest.mark.parametrize(("sent", "kept"), [(90, 90), (100, 100), (101, 101), (5000, 101)])
def test_no_more_of_a_file_is_kept_than_shows_that_it_is_too_large(settings, sent, kept):
    settings.UPLOAD_MAX_BYTES = 100
    settings.FILE_UPLOAD_HANDLERS = [
        "assessments.uploads.TrimUpload",
        "assessments.uploads.HoldUpload",
    ]
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.pdf", b"x" * sent)})
    with request.FILES["file"] as taken:
        assert taken.size == kept


def test_file_sent_in_pieces_is_trimmed_after_the_first(settings):
    settings.UPLOAD_MAX_BYTES = 100
    handler = uploads.TrimUpload()
    handler.new_file("file", "a.pdf", "application/pdf", None)
    assert handler.receive_data_chunk(b"x" * 70, 0) == b"x" * 70
    assert handler.receive_data_chunk(b"x" * 70, 70) == b"x" * 31
    assert handler.receive_data_chunk(b"x" * 70, 101) is None
    assert handler.file_complete(101) is None
