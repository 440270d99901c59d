from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Framework
from tests.commitments.conftest import Folder
from tests.commitments.test_documents import drop


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_framework", *arguments, stdout=out)
    return out.getvalue()


def test_command_loads_the_london_framework_and_then_is_silent(db: None) -> None:
    assert run() == "Loaded London strategic framework, first version (london-1).\n"
    assert Framework.objects.current().version == "london-1"
    assert run() == ""


def test_command_can_make_a_version_current(london_framework: Framework, second: Folder) -> None:
    out = run(str(second.path), "--make-current")
    assert "Second version is now the current version." in out
    assert Framework.objects.current().version == "london-2"
    assert run(str(second.path), "--make-current") == ""


def test_command_says_what_is_wrong(db: None, folder: Folder) -> None:
    folder.framework(drop("purpose"))
    with pytest.raises(CommandError, match=r"^framework.json: “purpose” is missing$"):
        run(str(folder.path))
