"""Make the first system administrator, who invites everybody else."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal import services
from portal.models import Organisation, User
from portal.roles import Role


class Command(BaseCommand):
    help = "Make a system administrator and print a link, good for once, to set the password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *_args: Any, email: str, name: str, **_options: Any) -> None:
        organisation = Organisation.objects.filter(kind=Organisation.Kind.HEG).first()
        if organisation is None:
            raise CommandError("There are no organisations yet. Run load_organisations first.")
        try:
            validate_email(email)
            user = _make(email.lower(), name, organisation)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        except services.Refusal as refusal:
            raise CommandError(f"{refusal}.") from refusal
        self.stdout.write(f"{user.name} is a system administrator. Set the password here:")
        self.stdout.write(_link(user))


@transaction.atomic
def _make(email: str, name: str, organisation: Organisation) -> User:
    at = timezone.now()
    user = User.objects.filter(email__iexact=email).first()
    user = user or services.create_account(email=email, name=name, at=at)
    services.start_membership(user=user, organisation=organisation, role=Role.ADMIN, by=None, at=at)
    return user


def _link(user: User) -> str:
    kwargs = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=kwargs)}"
