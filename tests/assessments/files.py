"""Makes small files of every type that may be uploaded, and of several that may not."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstartxref\n9\n%%EOF\n"
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}presentationml.presentation.main+xml"),
}
TYPES = "[Content_Types].xml"


def png(width=2, height=2):
    def chunk(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def segment(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(width=2, height=2, *, before=b"", end=b"\xff\xd9"):
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00")
    tables = segment(0xE0, b"JFIF\x00") + segment(0xC4, b"\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return b"\xff\xd8" + before + tables + frame + scan + b"\x12\x34" + end


def content_types(ending, extra=""):
    part, kind = MAIN[ending]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types>'
        f'<Override PartName="/{part}" ContentType="{kind}"/>{extra}</Types>'
    )


def office(ending="docx", *, members=None, types=None, method=zipfile.ZIP_DEFLATED):
    """An Office file in which `members` {name: content} stand beside the main part."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as package:
        package.writestr(TYPES, content_types(ending) if types is None else types)
        package.writestr(MAIN[ending][0], "<document/>")
        for name, content in (members or {}).items():
            package.writestr(name, content)
    return written.getvalue()


def every_type():
    """An example of each of the six, by file name."""
    return {
        "paper.pdf": PDF,
        "photo.png": png(),
        "photo.jpg": jpeg(),
        "photo.JPEG": jpeg(),
        **{f"paper.{ending}": office(ending) for ending in MAIN},
    }
