"""Collect static files, unless what is collected was made from these very files."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

MADE_BY = ("django", "whitenoise")


class Command(BaseCommand):
    help = "Collect static files where they have changed: a folder that is up to date is only read."

    def handle(self, *_args: Any, **_options: Any) -> None:
        stamp, digest = Path(settings.STATIC_ROOT) / "collected", _digest()
        if stamp.exists() and stamp.read_text() == digest:
            return
        # Gone while it works: what was stopped half-way is not taken for whole.
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest)


def _digest() -> str:
    """SHA-256 of every file's name and content, and of the software that prepares them."""
    digest = hashlib.sha256(" ".join(version(one) for one in MADE_BY).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                digest.update(f"\0{path}\0".encode() + file.read())
    return digest.hexdigest()
