"""A JSON document whose every part knows where it stands, so that a refusal can say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class DocumentError(Exception):
    """A document cannot be loaded; the message says which, where in it, and why."""


@dataclass(frozen=True)
class Node:
    """A part of a document that knows where it stands."""

    value: Any
    file: str
    place: str = ""

    def refuse(self, why: str) -> DocumentError:
        place = f", {self.place}" if self.place else ""
        return DocumentError(f"{self.file}{place}: {why}")

    def get(self, key: str, kind: type) -> Any:
        """The value under this key, which must be of this kind."""
        if not isinstance(self.value, dict) or key not in self.value:
            raise self.refuse(f"“{key}” is missing")
        value = self.value[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            names = {str: "a text", int: "a number", list: "a list", dict: "an object"}
            raise self.refuse(f"“{key}” is not {names[kind]}")
        return value

    def text(self, key: str) -> str:
        text = str(self.get(key, str))
        if not text.strip():
            raise self.refuse(f"“{key}” is empty")
        return text

    def texts(self, key: str) -> list[str]:
        texts: list[str] = self.get(key, list)
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise self.refuse(f"“{key}” holds something that is not a text")
        return texts

    def part(self, key: str) -> Node:
        return Node(self.get(key, dict), self.file, self.place or key)

    def parts(self, key: str, name: str = "code") -> Iterator[Node]:
        """Each entry of a list, named by its code, or by its place where it has none."""
        for number, value in enumerate(self.get(key, list), 1):
            named = isinstance(value, dict) and isinstance(value.get(name), str)
            yield Node(value, self.file, value[name] if named else f"{key} {number}")

    def other_text(self, key: str) -> str:
        """A text that may be empty, or not there at all."""
        return self.get(key, str) if key in self.value else ""


def open_document(folder: Path, name: str) -> Node:
    try:
        value = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DocumentError(f"{name}: there is no such file in {folder}") from None
    except ValueError as error:
        raise DocumentError(f"{name}: this is not JSON ({error})") from None
    return Node(value, name)
