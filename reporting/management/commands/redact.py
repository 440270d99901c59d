"""Withhold a paper, a piece of evidence or what somebody wrote for good, with a logged reason."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from assessments.models import (
    LONGEST_REASON,
    Answer,
    Assessment,
    BoardAsk,
    Comment,
    Evidence,
    ImprovementStep,
    Measure,
    Plan,
    PlanPriority,
    Redaction,
    Risk,
)
from assessments.services import Refusal
from portal.models import User
from portal.text import clean_text, has_visible
from reporting import services
from reporting.models import Report

NOT_THERE = "There is no {kind} called {name}."


class Command(BaseCommand):
    help = (
        "Withhold words wherever they stand: report REFERENCE, evidence KEY, answer "
        "CYCLE/ORGANISATION/CODE, comment CYCLE/ORGANISATION/CODE/NUMBER (1 is the oldest of the "
        "answer), messages CYCLE/ORGANISATION, ask KEY, outcome KEY (of the ask), risk KEY, "
        "step KEY, measure KEY, plan ORGANISATION, priority ORGANISATION/CODE. A KEY stands in "
        "the address of its page. The hash and the reason stay. After an older backup is "
        "restored, run it again."
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
        redact = _door(kind, name)
        try:
            with transaction.atomic():
                redaction = redact(**words)
                lines = _lines(redaction)
                transaction.set_rollback(options["dry_run"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in lines:
            self.stdout.write(f"{'Would withhold' if options['dry_run'] else 'Withheld'} {line}")


def _door(kind: str, name: str) -> Callable[..., Redaction]:
    """The service that withholds what this names, which is looked for now."""
    if kind == KIND.REPORT:
        return partial(services.redact_report, report=_report(name))
    if kind == KIND.EVIDENCE:
        return partial(services.redact_evidence, evidence=EVIDENCE(name))
    if kind == KIND.ANSWER:
        return partial(services.redact_answer, answer=_answer(name))
    return partial(services.redact_words, kind=kind, subject=WORDS[kind](name), name=name)


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


def _keyed(rows: Any, kind: str) -> Callable[[str], Any]:
    """Finds a row by the key that its address has."""

    def find(name: str) -> Any:
        return _found(rows.filter(key=name).first() if _is_key(name) else None, kind, name)

    return find


def _comment(name: str) -> Comment:
    """By its place among the comments on its answer, from the oldest."""
    of_answer, _, number = name.rpartition("/")
    said = Comment.objects.filter(answer=_answer(of_answer)).order_by("at", "pk")
    said = said.select_related("answer__assessment__organisation")
    wanted = dict(enumerate(said, 1))
    return _found(wanted.get(int(number)) if number.isdecimal() else None, "comment", name)


def _assessment(name: str) -> Assessment:
    cycle, organisation = [*name.split("/"), "", ""][:2]
    asked = Assessment.objects.select_related("cycle", "organisation").filter(
        cycle__slug=cycle, organisation__slug=organisation
    )
    return _found(asked.first(), "assessment", name)


def _plan(name: str) -> Plan:
    plans = Plan.objects.select_related("organisation").filter(organisation__slug=name)
    return _found(plans.first(), "plan", name)


def _priority(name: str) -> PlanPriority:
    organisation, _, code = name.partition("/")
    rows = PlanPriority.objects.select_related("item", "plan__organisation").filter(
        plan__organisation__slug=organisation, item__code=code
    )
    return _found(rows.first(), "priority", name)


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


KIND = Redaction.Kind
EVIDENCE = _keyed(Evidence.objects.select_related("organisation"), "evidence")
ASK = _keyed(BoardAsk.objects.select_related("assessment__organisation"), "ask")
WORDS: dict[str, Callable[[str], Any]] = {
    KIND.COMMENT: _comment,
    KIND.MESSAGES: _assessment,
    KIND.ASK: ASK,
    KIND.OUTCOME: ASK,
    KIND.RISK: _keyed(Risk.objects.select_related("organisation"), "risk"),
    KIND.STEP: _keyed(ImprovementStep.objects.select_related("organisation"), "step"),
    KIND.MEASURE: _keyed(Measure.objects.select_related("plan__organisation"), "measure"),
    KIND.PLAN: _plan,
    KIND.PRIORITY: _priority,
}
