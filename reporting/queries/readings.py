"""Who of the Board was told of a paper, and who says they have read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.models import Membership, Message, Organisation, User
from portal.roles import Role
from reporting.models import Reading, Report


@dataclass(frozen=True)
class Readers:
    """The Board as it is now, who of it has read the paper, and who was told that it is there."""

    read: tuple[tuple[User, dt.datetime], ...]
    not_yet: tuple[User, ...]
    told: int

    @property
    def members(self) -> int:
        return len(self.read) + len(self.not_yet)


def has_read(report: Report, user: User) -> bool:
    """Whether this person said so of any paper of the same sign-off."""
    return Reading.objects.filter(report__snapshot=report.snapshot_id, user=user).exists()


def board_members(organisation: Organisation) -> list[User]:
    """Who is on the Board now and can sign in, by name."""
    active = Membership.objects.active().filter(organisation=organisation, role=Role.BOARD)
    people = User.objects.filter(is_active=True, pk__in=active.values("user"))
    return list(people.order_by("name", "pk"))


def readers_of(report: Report) -> Readers:
    """A reading counts for every version made from the same sign-off, and for either paper."""
    same = Reading.objects.filter(report__snapshot=report.snapshot_id).order_by("-read_at")
    read_at = dict(same.values_list("user", "read_at"))
    members = board_members(report.snapshot.assessment.organisation)
    return Readers(
        read=tuple((person, read_at[person.pk]) for person in members if person.pk in read_at),
        not_yet=tuple(person for person in members if person.pk not in read_at),
        told=Message.objects.filter(dedupe_key__startswith=told_key(report)).count(),
    )


def told_key(report: Report) -> str:
    """What the outbox keys of this version's messages begin with."""
    return f"board-paper-ready:{report.reference}:"
