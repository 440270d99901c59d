"""Withhold a paper, a piece of evidence or an answer's words for good, with a logged reason."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from assessments.models import LONGEST_REASON, Answer, Evidence, Redaction
from assessments.services import Refusal
from portal.models import User
from portal.text import clean_text, has_visible
from reporting import services
from reporting.models import Report

NOT_THERE = "There is no {kind} called {name}."


class Command(BaseCommand):
    help = (
        "Withhold a paper (REFERENCE), a piece of evidence (KEY) or the words of an answer "
        "(CYCLE/ORGANISATION/CODE) wherever they stand. The hash and the reason stay. "
        "After an older backup is restored, run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=Redaction.Kind.values)
        parser.add_argument("name")
        parser.add_argument("--reason", required=True, help="people will read it")
        parser.add_argument("--by", metavar="EMAIL", help="who decided")
        parser.add_argument("--dry-run", action="store_true", help="say what it would withhold")

    def handle(self, *_args: Any, kind: str, name: str, **options: Any) -> None:
        reason = _reason(options["reason"])
        words = {"reason": reason, "by": _person(options["by"]), "at": timezone.now()}
        find, redact = DOORS[kind]
        try:
            with transaction.atomic():
                redaction = redact(**{kind: find(name)}, **words)
                lines = _lines(redaction)
                transaction.set_rollback(options["dry_run"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in lines:
            self.stdout.write(f"{'Would withhold' if options['dry_run'] else 'Withheld'} {line}")


def _reason(typed: str) -> str:
    reason = " ".join(clean_text(typed).split())
    if not has_visible(reason) or len(reason) > LONGEST_REASON:
        raise CommandError(f"Give a reason of at most {LONGEST_REASON} characters.")
    return reason


def _person(email: str | None) -> User | None:
    if email is None:
        return None
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody has the address {email}.")
    return person


def _report(name: str) -> Report:
    places = Report.objects.select_related("snapshot__assessment__organisation")
    return _found(places.filter(reference=name).first(), "paper", name)


def _evidence(name: str) -> Evidence:
    kept = Evidence.objects.select_related("organisation")
    return _found(kept.filter(key=name).first() if _is_key(name) else None, "evidence", name)


def _answer(name: str) -> Answer:
    cycle, organisation, code = [*name.split("/"), "", "", ""][:3]
    places = ("assessment__cycle", "assessment__organisation", "item")
    answers = Answer.objects.select_related(*places).filter(
        assessment__cycle__slug=cycle,
        assessment__organisation__slug=organisation,
        item__code=code,
    )
    return _found(answers.first(), "answer", name)


def _found(row: Any, kind: str, name: str) -> Any:
    if row is None:
        raise CommandError(NOT_THERE.format(kind=kind, name=name))
    return row


def _is_key(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True


def _lines(redaction: Redaction) -> list[str]:
    """What it takes in, by name."""
    taken = redaction.withheld.order_by("pk")
    return [f"{one.get_what_display().lower()} {one.name}" for one in taken]


DOORS: dict[str, Any] = {
    Redaction.Kind.REPORT: (_report, services.redact_report),
    Redaction.Kind.EVIDENCE: (_evidence, services.redact_evidence),
    Redaction.Kind.ANSWER: (_answer, services.redact_answer),
}
