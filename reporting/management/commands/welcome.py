"""What whoever has just started the portal needs to know: where it is, and how to get in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.models import Membership
from portal.roles import Role
from reporting import demo

SHOWN = "north-east-london"

NO_ACCOUNTS = """
Nobody has an account yet. Make the first administrator, then invite the Health Equity Group:
  script/manage make_administrator YOU@EXAMPLE.NHS.UK "YOUR NAME"
  script/manage invite --email SOMEBODY@EXAMPLE.NHS.UK --role heg
The Health Equity Group then invites each system's assessment lead and executive sponsor.
"""


class Command(BaseCommand):
    help = "Print the address and, for a demonstration, one account per role."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"\n{settings.SERVICE_NAME}: {settings.SITE_URL}/\n")
        if folder := getattr(settings, "EMAIL_FILE_PATH", ""):
            self.stdout.write(f"Mail is written to files in {folder}\n")
        if settings.DEMO:
            self._print_accounts()
        elif not Membership.objects.filter(role__in=(Role.ADMIN, Role.HEG)).exists():
            self.stdout.write(NO_ACCOUNTS)

    def _print_accounts(self) -> None:
        self.stdout.write(f"A demonstration with made-up answers. Every password: {demo.PASSWORD}")
        shown = {
            role: account.email
            for account in reversed(demo.accounts())
            for role in account.roles
            if account.organisation in (SHOWN, "health-equity-group")
        }
        for role in Role:
            self.stdout.write(f"  {role.label:<24}{shown[role]}")
        self.stdout.write("  All accounts: script/manage seed_demo --json")
