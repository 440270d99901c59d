"""The framework's documents: as shipped, and as a copy that a test may spoil."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "framework" / "london-1"
SOURCE = Path(__file__).parent / "source"

Change = Callable[[Any], Any]


class Folder:
    """A copy of the documents, and how to change one of them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def change(self, name: str, how: Change) -> None:
        """Rewrite one document: `how` changes it in place, or returns what to put there."""
        file = self.path / name
        document = json.loads(file.read_text(encoding="utf-8"))
        changed = how(document)
        file.write_text(json.dumps(document if changed is None else changed), encoding="utf-8")

    def framework(self, how: Change) -> None:
        self.change("framework.json", how)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(Path(shutil.copytree(FOLDER, tmp_path / "documents")))


@pytest.fixture
def second(folder: Folder) -> Folder:
    """A second version that follows the first, word for word."""

    def rename(document: dict[str, Any]) -> None:
        document |= {"version": "london-2", "name": "Second version", "follows": "london-1"}

    folder.framework(rename)
    return folder


@pytest.fixture(scope="session")
def source() -> Any:
    """The source data of the framework, untouched."""
    return json.loads((SOURCE / "framework.json").read_text(encoding="utf-8"))
