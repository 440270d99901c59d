"""Drafts the London pack, opens its factual check, answers comments, issues it, and makes it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from assessments.models import Cycle
from assessments.queries import canonical
from portal import jobs
from portal.audit import record
from portal.models import Job, Organisation, User
from portal.text import settle
from reporting import emails, pdf
from reporting.calendar import LONDON, check_closes_at, reminds_at
from reporting.documents import Identity
from reporting.documents.packs import PackFacts, pack_attachments, pack_paper
from reporting.models import FactualCheck, Pack, PackComment, PackIssue, PackSource, Report
from reporting.queries.pack_document import pack_document, released_snapshots
from reporting.services.papers import store
from reporting.services.refusals import (
    AlreadyIssued,
    ChangePromised,
    CheckClosed,
    CheckOpen,
    DraftNotReady,
    NotChecked,
    NothingReleased,
    StalePack,
    StaleReply,
    Unanswered,
)

DRAFT, ISSUED = Report.Kind.PACK_DRAFT, Report.Kind.LONDON_PACK


@transaction.atomic
def draft_pack(
    *, cycle: Cycle, version: int, note: str, reason: str, by: User, at: dt.datetime
) -> Pack:
    """Freeze what is released now as the next version of the pack, and have it printed.

    `version` is the newest one that the person has seen, nought where there is none.
    """
    last = _hold(cycle)
    if version != (last.version if last else 0):
        raise StalePack
    if last and _is_in_check(last, at):
        raise CheckOpen
    snapshots = list(released_snapshots(cycle))
    if not snapshots:
        raise NothingReleased
    text = canonical(pack_document(cycle, snapshots, note=note, at=at))
    pack = Pack.objects.create(
        cycle=cycle,
        version=version + 1,
        reason=reason,
        document=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        drafted_by=by,
        drafted_at=at,
        software_version=settings.VERSION,
    )
    PackSource.objects.bulk_create(PackSource(pack=pack, snapshot=one) for one in snapshots)
    _record(pack, "pack.drafted", by=by, at=at, digest=pack.digest, systems=len(snapshots))
    _print(pack, DRAFT, at=at)
    return pack


@transaction.atomic
def open_check(*, pack: Pack, by: User, at: dt.datetime) -> FactualCheck:
    """Give the systems in the draft five working days, and tell them. Once."""
    _hold_newest(pack)
    if PackIssue.objects.filter(pack=pack).exists():
        raise AlreadyIssued
    if not pack.reports.filter(kind=DRAFT).exists():
        raise DraftNotReady
    check, created = FactualCheck.objects.get_or_create(
        pack=pack, defaults={"opened_by": by, "opens_at": at, "closes_at": check_closes_at(at)}
    )
    if created:
        closes_at = check.closes_at.astimezone(dt.UTC).isoformat()
        _record(pack, "pack.check-opened", by=by, at=at, closes_at=closes_at)
        emails.check_opened(check=check, at=at)
    return check


@transaction.atomic
def comment_on_pack(
    *,
    pack: Pack,
    organisation: Organisation,
    agrees: bool,
    text: str,
    by: User,
    at: dt.datetime,
) -> PackComment:
    """What a system says while the check is open; the same words twice are one comment."""
    _hold(pack.cycle)
    if not _is_in_check(pack, at):
        raise CheckClosed
    said = {"organisation": organisation, "agrees": agrees, "text": "" if agrees else text}
    number = (pack.comments.aggregate(last=Max("number"))["last"] or 0) + 1
    comment, created = PackComment.objects.get_or_create(
        pack=pack, **said, defaults={"by": by, "at": at, "number": number}
    )
    if created:
        record(
            by=by,
            verb="pack.commented",
            target=comment,
            organisation=organisation,
            at=at,
            cycle=pack.cycle.slug,
            version=pack.version,
            agrees=agrees,
        )
    return comment


@transaction.atomic
def reply_to_comment(
    *,
    comment: PackComment,
    version: int,
    reply: str,
    changes_pack: bool,
    by: User,
    at: dt.datetime,
) -> PackComment:
    """The group's answer, and whether the pack changes; it can be mended until the pack is issued.

    Raises StaleReply where another member has answered first.
    """
    _hold(comment.pack.cycle)
    if PackIssue.objects.filter(
        pack__cycle=comment.pack.cycle, pack__version__gte=comment.pack.version
    ).exists():
        raise AlreadyIssued
    unchanged = PackComment.objects.filter(pk=comment.pk, version=version, agrees=False)
    words = {"reply": reply, "changes_pack": changes_pack, "replied_by": by, "replied_at": at}
    if not unchanged.update(version=version + 1, **words):
        raise StaleReply(PackComment.objects.get(pk=comment.pk))
    comment.refresh_from_db()
    _record(
        comment.pack,
        "pack.comment-answered",
        by=by,
        at=at,
        number=comment.number,
        changes_pack=changes_pack,
    )
    emails.replied(comment=comment, at=at)
    return comment


@transaction.atomic
def issue_pack(*, pack: Pack, by: User, at: dt.datetime) -> PackIssue:
    """Let everybody in it read it: when its facts were checked and every comment is answered."""
    _hold_newest(pack)
    issued, created = PackIssue.objects.get_or_create(pack=pack, defaults={"by": by, "at": at})
    if not created:
        return issued
    if unchecked(pack, at=at):
        raise NotChecked
    if PackComment.objects.filter(pack__cycle=pack.cycle).unanswered().exists():
        raise Unanswered
    if pack.comments.filter(changes_pack=True).exists():
        raise ChangePromised
    _record(pack, "pack.issued", by=by, at=at, digest=pack.digest)
    _print(pack, ISSUED, at=at)
    return issued


def unchecked(pack: Pack, *, at: dt.datetime) -> QuerySet[Organisation]:
    """The systems whose part of the pack has not been through a factual check that is over."""
    over = FactualCheck.objects.filter(pack__cycle=pack.cycle, closes_at__lt=at)
    seen = PackSource.objects.filter(pack__in=over.values("pack")).values("snapshot")
    unseen = pack.sources.exclude(snapshot__in=seen)
    return Organisation.objects.filter(
        pk__in=unseen.values("snapshot__assessment__organisation")
    ).order_by("name")


def remind_of_checks(*, at: dt.datetime) -> int:
    """Write to systems that have said nothing, a working day before their check closes. Once."""
    open_now = FactualCheck.objects.filter(opens_at__lte=at, closes_at__gte=at)
    due = [
        check
        for check in open_now.select_related("pack__cycle").order_by("pk")
        if reminds_at(check.closes_at) <= at
    ]
    return sum(emails.check_closing(check=check, at=at) for check in due)


def make_pack_paper(*, job: Job, at: dt.datetime) -> Report:
    """Print the draft or the issued pack that a claimed job asks for. Raises LeaseLost."""
    pack = Pack.objects.select_related("cycle").get(pk=job.subject_id)
    made = pack.reports.filter(kind=job.kind).first()
    if made:
        jobs.finish(job, at=at)
        return made
    standing = _standing(pack) if job.kind == ISSUED else {}
    identity = _identity(pack, job.kind)
    body, rendered = _render(PackFacts(json.loads(pack.document), standing, identity), at)
    with transaction.atomic():
        report = store(identity, body, rendered, job=job, at=at, cover=standing, pack=pack)
        if job.kind == ISSUED:
            emails.issued(report=report, at=at)
    return report


def _hold(cycle: Cycle) -> Pack | None:
    """The newest version, with the cycle's packs held still until the transaction ends."""
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    return cycle.packs.order_by("-version").first()


def _hold_newest(pack: Pack) -> None:
    if _hold(pack.cycle) != pack:
        raise StalePack


def _is_in_check(pack: Pack, at: dt.datetime) -> bool:
    return FactualCheck.objects.filter(pack=pack, opens_at__lte=at, closes_at__gte=at).exists()


def _print(pack: Pack, kind: str, *, at: dt.datetime) -> None:
    jobs.insert(kind=kind, subject_id=pack.pk, organisation=None, at=at)


def _identity(pack: Pack, kind: str) -> Identity:
    reference = f"{pack.cycle.slug}-{kind}-v{pack.version}"
    return Identity(
        kind=kind,
        reference=reference,
        version=pack.version,
        address=f"{settings.SITE_URL}{reverse('reporting:verify')}?reference={reference}",
        digest=pack.digest,
        reason=pack.reason,
    )


def _standing(pack: Pack) -> dict[str, Any]:
    """When it was issued, and what the checks of this cycle's versions up to it brought."""
    places = ("organisation", "pack")
    up_to_it = {"pack__cycle": pack.cycle, "pack__version__lte": pack.version}
    checks = FactualCheck.objects.filter(**up_to_it).order_by("pack__version")
    comments = PackComment.objects.filter(**up_to_it).select_related(*places)
    said = list(comments.order_by("organisation__name", "pack__version", "number"))
    return {
        "issued_on": _day(pack.issue.at),
        "checks": [
            {
                "version": version,
                "opened_on": _day(opened),
                "closed_on": _day(closed),
            }
            for version, opened, closed in checks.values_list(
                "pack__version", "opens_at", "closes_at"
            )
        ],
        "agreed": list(dict.fromkeys(_name(one) for one in said if one.agrees)),
        "comments": [
            {
                "system": _name(one),
                "text": one.text,
                "reply": one.reply,
                "changes_pack": one.changes_pack,
            }
            for one in said
            if not one.agrees
        ],
    }


def _name(comment: PackComment) -> str:
    return comment.organisation.name.removesuffix(" Integrated Care System")


def _day(at: dt.datetime) -> str:
    return at.astimezone(LONDON).date().isoformat()


def _render(facts: PackFacts, at: dt.datetime) -> tuple[str, pdf.Rendered]:
    """Both twins of one view-model: the body as the screen shows it, and the PDF around it."""
    page = pack_paper(facts)
    body = settle(render_to_string("reporting/packs/paper/body.html", {"paper": page}))
    html = render_to_string("reporting/print/document.html", {"paper": page, "body": body})
    rendered = pdf.render(
        html,
        title=page.title,
        reference=page.reference,
        created_at=at,
        attachments=pack_attachments(facts),
    )
    return body, rendered


def _record(pack: Pack, verb: str, *, by: User, at: dt.datetime, **detail: object) -> None:
    record(
        by=by,
        verb=verb,
        target=pack,
        organisation=None,
        at=at,
        cycle=pack.cycle.slug,
        version=pack.version,
        **detail,
    )
