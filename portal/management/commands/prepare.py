"""Bring data up to this version of the software: safe to run at every start."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Migrate, collect static files, load the framework and absent organisations, and, for a "
        "demonstration, its data."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        for folder in (settings.DATA_DIR, settings.MEDIA_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collect")
        call_command("load_framework")
        call_command("load_organisations")
        if settings.DEMO:
            call_command("seed_demo", stdout=self.stdout)
        self.stdout.write("Ready.")
