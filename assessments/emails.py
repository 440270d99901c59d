"""Mail about assessments: who, what, by when, and a link. Never words from an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.template.loader import render_to_string

from assessments.models import Answer, Assessment, Evidence
from portal.emails import queue
from portal.models import Membership, User
from portal.roles import Role


def people(assessment: Assessment, *roles: str) -> list[User]:
    """Everybody who holds one of these roles in the assessed organisation now, once each."""
    return _holders(Membership.objects.filter(organisation=assessment.organisation), roles)


def heg_members() -> list[User]:
    return _holders(Membership.objects.all(), (Role.HEG,))


def _holders(memberships: object, roles: Sequence[str]) -> list[User]:
    active = memberships.active().filter(role__in=roles)  # type: ignore[attr-defined]
    return list(User.objects.filter(is_active=True, pk__in=active.values("user")).order_by("pk"))


def calendar_message(
    *,
    assessment: Assessment,
    person: User,
    kind: str,
    days_left: int,
    dedupe_key: str,
    at: dt.datetime,
) -> bool:
    """Opened, so many days before, late: as the calendar says.

    The days are those that are left now: after an outage fewer than the reminder is called by.
    """
    event = f"calendar-{kind.partition('-')[0]}"
    url = assessment.get_absolute_url()
    return _send(event, person, assessment, url, dedupe_key, at, days_left=days_left)


def asked_to_answer(
    *,
    assessment: Assessment,
    person: User,
    codes: Sequence[str],
    due_on: dt.date | None,
    by: User,
    at: dt.datetime,
) -> None:
    key = f"asked-to-answer:{assessment.pk}:{person.pk}:{at.isoformat()}"
    url = assessment.get_absolute_url()
    _send("asked-to-answer", person, assessment, url, key, at, by=by, codes=codes, due_on=due_on)


def nudged(
    *, assessment: Assessment, person: User, codes: Sequence[str], by: User, at: dt.datetime
) -> None:
    key = f"nudged:{assessment.pk}:{person.pk}:{at.isoformat()}"
    url = assessment.get_absolute_url()
    _send("nudged", person, assessment, url, key, at, by=by, codes=codes)


def tell_person(*, person: User, answer: Answer, event: str, by: User, at: dt.datetime) -> None:
    """Returned, asked or replied: about one answer, to one person."""
    key = f"{event}:{answer.pk}:{person.pk}:{at.isoformat()}"
    url = answer.get_absolute_url()
    _send(f"answer-{event}", person, answer.assessment, url, key, at, by=by, item=answer.item)


def tell_leads(*, answer: Answer, event: str, by: User, at: dt.datetime) -> None:
    """Handed in, declined or asked: about one answer, to the leads."""
    for person in people(answer.assessment, Role.LEAD):
        tell_person(person=person, answer=answer, event=event, by=by, at=at)


def sent_for_sign_off(*, assessment: Assessment, by: User, at: dt.datetime) -> None:
    sponsors = people(assessment, Role.SPONSOR)
    _tell(sponsors, "sent-for-sign-off", assessment, _sign_off_url(assessment), by, at)


def countersignature_needed(*, assessment: Assessment, by: User, at: dt.datetime) -> None:
    others = [p for p in people(assessment, Role.SPONSOR) if p not in (by, assessment.sent_by)]
    _tell(others, "countersign", assessment, _sign_off_url(assessment), by, at)


def returned_with_questions(
    *, assessment: Assessment, codes: Sequence[str], by: User, at: dt.datetime
) -> None:
    leads = people(assessment, Role.LEAD)
    url = assessment.get_absolute_url()
    _tell(leads, "returned-with-questions", assessment, url, by, at, codes=codes)


def signed_off(*, assessment: Assessment, by: User, at: dt.datetime) -> None:
    told = people(assessment, Role.LEAD, Role.SECRETARY)
    _tell(told, "signed-off", assessment, assessment.get_absolute_url(), by, at)


def released(*, assessment: Assessment, by: User | None, at: dt.datetime) -> None:
    """The Health Equity Group may read it now."""
    _tell(heg_members(), "released", assessment, f"/comparison/{assessment.cycle.slug}/", by, at)


def reopening_asked(*, assessment: Assessment, by: User, at: dt.datetime) -> None:
    url = f"/cycles/{assessment.cycle.slug}/"
    _tell(heg_members(), "reopening-asked", assessment, url, by, at)


def reopened(*, assessment: Assessment, by: User, at: dt.datetime) -> None:
    told = people(assessment, Role.LEAD, Role.SPONSOR)
    _tell(told, "reopened", assessment, assessment.get_absolute_url(), by, at)


def extended(*, assessment: Assessment, by: User, at: dt.datetime) -> None:
    told = people(assessment, Role.LEAD, Role.SPONSOR)
    _tell(told, "extended", assessment, assessment.get_absolute_url(), by, at)


def _sign_off_url(assessment: Assessment) -> str:
    return f"{assessment.get_absolute_url()}sign-off/"


def _tell(
    persons: Iterable[User],
    event: str,
    assessment: Assessment,
    url: str,
    by: User | None,
    at: dt.datetime,
    **context: object,
) -> None:
    for person in persons:
        key = f"{event}:{assessment.pk}:{person.pk}:{at.isoformat()}"
        _send(event, person, assessment, url, key, at, by=by, **context)


def _send(
    event: str,
    person: User,
    assessment: Assessment,
    url: str,
    key: str,
    at: dt.datetime,
    **context: object,
) -> bool:
    """Draw the template: its first line is the subject, the rest the body."""
    facts = {
        "person": person,
        "assessment": assessment,
        "cycle": assessment.cycle,
        "organisation": assessment.organisation,
        "due_at": assessment.extended_to or assessment.cycle.due_at,
        "closes_at": assessment.closes_at,
        "url": f"{settings.SITE_URL}{url}",
        "service": settings.SERVICE_NAME,
        **context,
    }
    subject, _, body = render_to_string(f"emails/assessments/{event}.txt", facts).partition("\n")
    return queue(to=person.email, subject=subject, body=body.strip() + "\n", dedupe_key=key, at=at)


def file_withheld(*, evidence: Evidence, at: dt.datetime) -> None:
    """To whoever added it, and nobody else: what the scanner said, and what to do now."""
    person = evidence.added_by
    facts = {
        "person": person,
        "organisation": evidence.organisation,
        "url": f"{settings.SITE_URL}{evidence.get_absolute_url()}",
        "service": settings.SERVICE_NAME,
    }
    text = render_to_string("emails/assessments/file-withheld.txt", facts)
    subject, _, body = text.partition("\n")
    key = f"file-withheld:{evidence.pk}:{evidence.file_digest}"
    queue(to=person.email, subject=subject, body=body.strip() + "\n", dedupe_key=key, at=at)
