"""Invite the first administrator or member of the Health Equity Group from the command line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from portal import services
from portal.emails import invitation_url
from portal.models import Organisation
from portal.roles import Role


class Command(BaseCommand):
    help = "Send an invitation and print its link. Roles: heg, admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", required=True, choices=[Role.HEG.value, Role.ADMIN.value])
        parser.add_argument("--name", default="")

    def handle(self, *_args: Any, email: str, role: str, name: str, **_options: Any) -> None:
        organisation = Organisation.objects.filter(kind=Organisation.Kind.HEG).first()
        if organisation is None:
            raise CommandError("There are no organisations yet. Run load_organisations first.")
        try:
            validate_email(email)
            _invitation, token = services.invite(
                email=email,
                name=name,
                organisation=organisation,
                role=role,
                by=None,
                at=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        except services.Refusal as refusal:
            raise CommandError(f"{refusal}.") from refusal
        self.stdout.write(f"An invitation is on its way to {email}. Its link, good for once:")
        self.stdout.write(invitation_url(token))
