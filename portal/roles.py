"""Who may do what: one table, read top to bottom. "Who can do what" is drawn from it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices

if TYPE_CHECKING:
    from portal.models import Organisation, User


class Role(TextChoices):
    CONTRIBUTOR = "contributor", "Contributor"
    LEAD = "lead", "Assessment lead"
    SPONSOR = "sponsor", "Executive sponsor"
    BOARD = "board", "Board member"
    SECRETARY = "secretary", "Board secretary"
    COMMUNITY = "community", "Community partner"
    HEG = "heg", "Health Equity Group"
    ADMIN = "admin", "System administrator"


class Permission(StrEnum):
    """One thing a person may do; the value is how the help page puts it."""

    READ_DRAFT = "Read the organisation's own draft"
    ANSWER = "Answer, and add evidence and improvement steps"
    ASSIGN = "Assign actions and considerations, accept or return what is handed in"
    INVITE = "Invite contributors, Board members and community partners"
    PLAN = "Record the Board-approved plan and its measures"
    SEND = "Send for sign-off, and take back"
    SIGN_OFF = "Sign off or return"
    RELEASE = "Release early, consent to sharing, ask to reopen"
    READ_REPORTS = "Read the organisation's Board papers and full reports"
    PREVIEW = "Preview the papers of a draft"
    COVER = "Fill in the cover sheet, tell the Board, record what it decided"
    SAY_READ = "Say that they have read a paper"
    RATE = "Rate actions where invited"
    READ_PEERS = "Read other systems' released answers where both agreed to share"
    CHECK_PACK = "Check the facts of a London pack's draft that the organisation is in"
    READ_PACK = "Read issued London packs that the organisation is in"
    COMPARE = "Compare all systems, from what has been released"
    MAKE_PACK = "Draft the London pack, open its factual check, reply, issue it"
    OVERSEE = "Open cycles, extend dates, reopen, record not-applicable items"
    MANAGE_ORGANISATIONS = "Edit organisations, invite leads, confirm sponsors"
    RESET_AUTHENTICATOR = "Reset a lost authenticator"
    READ_ACTIVITY = "Read who did what, and when"
    OPERATE = "Operate the portal, and invite the Health Equity Group"


_PAPERS = {Permission.READ_REPORTS, Permission.READ_PACK}
_WRITE = {Permission.READ_DRAFT, Permission.ANSWER}
_RUN = {
    Permission.ASSIGN,
    Permission.INVITE,
    Permission.PLAN,
    Permission.PREVIEW,
    Permission.COVER,
    Permission.READ_ACTIVITY,
}

GRANTS: dict[str, set[Permission]] = {
    Role.CONTRIBUTOR: _WRITE | _PAPERS,
    Role.LEAD: _WRITE
    | _RUN
    | _PAPERS
    | {Permission.SEND, Permission.READ_PEERS, Permission.CHECK_PACK},
    Role.SPONSOR: _WRITE
    | _RUN
    | _PAPERS
    | {
        Permission.SIGN_OFF,
        Permission.RELEASE,
        Permission.READ_PEERS,
        Permission.CHECK_PACK,
    },
    Role.BOARD: _PAPERS | {Permission.SAY_READ},
    Role.SECRETARY: _PAPERS | {Permission.COVER},
    Role.COMMUNITY: {Permission.RATE, Permission.READ_REPORTS},
    Role.HEG: {
        Permission.READ_REPORTS,
        Permission.READ_PEERS,
        Permission.READ_PACK,
        Permission.COMPARE,
        Permission.MAKE_PACK,
        Permission.OVERSEE,
        Permission.MANAGE_ORGANISATIONS,
        Permission.RESET_AUTHENTICATOR,
        Permission.READ_ACTIVITY,
    },
    Role.ADMIN: {Permission.OPERATE, Permission.READ_ACTIVITY},
}

# A grant that holds only for part of what it names; shown in the table, kept by `visible_to`.
LIMITS: dict[tuple[str, Permission], str] = {
    (Role.CONTRIBUTOR, Permission.READ_DRAFT): "what was assigned",
    (Role.CONTRIBUTOR, Permission.ANSWER): "what was assigned",
    (Role.SPONSOR, Permission.SIGN_OFF): (
        "never what they sent; answers they wrote need a second sponsor"
    ),
    (Role.COMMUNITY, Permission.READ_REPORTS): "where rated, once released",
    (Role.HEG, Permission.READ_REPORTS): "every organisation's, once released",
    (Role.HEG, Permission.READ_PACK): "every one, drafts too",
    (Role.HEG, Permission.READ_ACTIVITY): "the Health Equity Group's own, and the portal's",
    (Role.ADMIN, Permission.READ_ACTIVITY): "the Health Equity Group's own, and the portal's",
}

LONDON_WIDE = {Role.HEG, Role.ADMIN}
"""Roles whose grants hold at every organisation, not only the member's own."""

SECOND_FACTOR = {Role.LEAD, Role.SPONSOR, Role.HEG, Role.ADMIN}
"""Roles that must use an authenticator while REQUIRE_MFA is on."""

ASSESSED_ROLES = {Role.CONTRIBUTOR, Role.LEAD, Role.SPONSOR, Role.BOARD, Role.SECRETARY}
"""Roles in an assessed organisation, which the Health Equity Group role bars."""

BARRED_BY_HEG = ASSESSED_ROLES | {Role.COMMUNITY}
"""Nobody in the Health Equity Group may judge, or be judged with, an organisation it oversees."""

BEHIND_GLASS = {Permission.READ_DRAFT, Permission.READ_REPORTS}
"""What an administrator may do in an organisation for an hour, having said why: read."""

INVITED_BY: dict[str, Permission] = {
    Role.CONTRIBUTOR: Permission.INVITE,
    Role.BOARD: Permission.INVITE,
    Role.SECRETARY: Permission.INVITE,
    Role.COMMUNITY: Permission.INVITE,
    Role.LEAD: Permission.MANAGE_ORGANISATIONS,
    Role.SPONSOR: Permission.MANAGE_ORGANISATIONS,
    Role.HEG: Permission.OPERATE,
    Role.ADMIN: Permission.OPERATE,
}
"""What one must be allowed to do before one may give a role, or take it away."""


def grants(roles: set[str]) -> set[Permission]:
    """Everything that these roles together allow."""
    return set().union(*(GRANTS[role] for role in roles))


def can(user: User, permission: Permission, organisation: Organisation | None = None) -> bool:
    """Whether one of the person's roles in the organisation (or London-wide) grants this."""
    if permission in grants(user.roles_in(organisation)):
        return True
    return organisation is not None and (
        organisation.pk in user.behind_glass and permission in BEHIND_GLASS
    )


def authorise(user: User, permission: Permission, organisation: Organisation | None = None) -> None:
    """Stop the request with 403 unless the person may do this here."""
    if not can(user, permission, organisation):
        raise PermissionDenied(str(permission))


def roles_given_by(user: User, organisation: Organisation) -> list[str]:
    """The roles that this person may give and take away in this organisation, in table order."""
    granted = grants(user.roles_in(organisation))
    at_home = [role for role in Role if (role in LONDON_WIDE) == organisation.is_heg]
    return [role for role in at_home if INVITED_BY[role] in granted]
