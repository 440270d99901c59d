"""Keeps WeasyPrint from copying whole font files: each is read when asked for, and few are.

WeasyPrint 70 copies the file of every font that a text uses, once for each size, before it makes
the subset that it embeds. The Chinese, Japanese and Korean font alone is 20 MB.
"""

from typing import Any


class _Content:
    """The bytes of a font face, copied when they are first asked for."""

    def __init__(self, face: Any, ot_color: str | None = None, glyph: int | None = None) -> None:
        self._wanted = (face, ot_color, glyph)

    def read(self) -> bytes | None:
        from weasyprint.text.fonts import get_hb_object_data

        content: bytes | None = get_hb_object_data(*self._wanted)
        return content

    def __bool__(self) -> bool:
        return bool(self.read())


class _WhenAsked:
    """The attribute of a font that holds its bytes."""

    def __get__(self, font: Any, owner: type) -> bytes | None:
        held = font.__dict__["file_content"]
        if isinstance(held, _Content):
            held = font.__dict__["file_content"] = held.read()
        content: bytes | None = held
        return content

    def __set__(self, font: Any, content: Any) -> None:
        font.__dict__["file_content"] = content


def read_fonts_late() -> None:
    """Make WeasyPrint's fonts read their files when asked; to be called once in a process."""
    from weasyprint.pdf import fonts

    fonts.get_hb_object_data = _Content
    fonts.Font.file_content = _WhenAsked()
