"""Who may open each address: the list that the URLconf is held against.

An address that stands here for a permission opens to whoever holds one of those named, and to
nobody else. A page that only reads may ask for less than the same page when it is sent: it stands
here with what reading asks, and in `SENDING` with what sending asks. An address that is missing
here fails the build. `tests/security/test_access.py` tries every address as everybody in every
place against `may()`.
"""

from fnmatch import fnmatchcase

from portal.roles import BEHIND_GLASS, GRANTS, LONDON_WIDE, Role
from portal.roles import Permission as P
from tests.places import GLASS, Where

PUBLIC = "public"
SIGNED_IN = "signed in"
CLOSED = "closed"
"""What a library offers and the portal does not."""

Who = str | tuple[P, ...]


def _each(who: Who, names: str, *, namespace: str = "") -> dict[str, Who]:
    prefix = f"{namespace}:" if namespace else ""
    return {prefix + name: who for name in names.split()}


REPORTING = (
    _each(PUBLIC, "home verify", namespace="reporting")
    | _each(SIGNED_IN, "index", namespace="reporting")
    | _each((P.READ_REPORTS,), "report pdf making", namespace="reporting")
    | _each((P.COVER,), "cover readers", namespace="reporting")
    | _each((P.SAY_READ,), "read", namespace="reporting")
    | _each((P.PREVIEW,), "preview preview_pdf", namespace="reporting")
    | _each(
        (P.COMPARE,),
        "comparisons comparison comparison_csv comparison_item",
        namespace="reporting",
    )
    | _each(
        (P.MAKE_PACK,),
        "pack draft_pack open_pack_check issue_pack retry_pack pack_comment",
        namespace="reporting",
    )
    | _each((P.CHECK_PACK,), "pack_check", namespace="reporting")
)

PORTAL = (
    _each(
        PUBLIC, "accept_invitation healthz ready help who_can_do_what help_page", namespace="portal"
    )
    | _each(CLOSED, "metrics", namespace="portal")  # without its token
    | _each(
        SIGNED_IN,
        "account change_details extend_session organisations organisation",
        namespace="portal",
    )
    | _each(
        (P.MANAGE_ORGANISATIONS,),
        "create_organisation edit_organisation add_constituent end_constituent",
        namespace="portal",
    )
    # Depends on the role that is given or taken away: these for an assessed organisation's people,
    # and for its lead and sponsor only the second.
    | _each((P.INVITE, P.MANAGE_ORGANISATIONS), "invite", namespace="portal")
    | _each((P.INVITE,), "end_role resend_invitation revoke_invitation", namespace="portal")
    | _each((P.READ_ACTIVITY,), "activity activity_csv", namespace="portal")
    | _each((P.OPERATE,), "break_glass mend_glass", namespace="portal")
    | _each((P.RESET_AUTHENTICATOR,), "reset_authenticator", namespace="portal")
)

COMMITMENTS = _each(
    PUBLIC,
    "overview search levels case-examples definitions statement theory-of-change priorities duties"
    " item section",
    namespace="commitments",
)

ASSESSMENTS = (
    _each(SIGNED_IN, "index my_actions", namespace="assessments")
    | _each(
        (P.READ_DRAFT,),
        "detail answer history evidence_library evidence evidence_file plan",
        namespace="assessments",
    )
    | _each(
        (P.ANSWER,),
        "autosave not_assessed reconfirm ask reply hand_in decline"
        " add_evidence edit_evidence withdraw_evidence choose_evidence add_and_cite uncite"
        " add_step step withdraw_step change remove_change",
        namespace="assessments",
    )
    | _each(
        (P.ASSIGN,),
        # The secretary, who reads no draft, sets the Board's date on the cover sheet.
        "check messages assign nudge accept return no_personal_data sign_off"
        " add_board_ask board_ask withdraw_board_ask board_ask_up",
        namespace="assessments",
    )
    | _each((P.SEND,), "send take_back", namespace="assessments")
    | _each((P.SIGN_OFF,), "questions", namespace="assessments")
    | _each((P.RELEASE,), "release reopen sharing", namespace="assessments")
    | _each(
        (P.PLAN,),
        "complete edit_plan priorities add_measure measure remove_measure plan_step"
        " risks add_risk risk withdraw_risk",
        namespace="assessments",
    )
    | _each((P.READ_REPORTS, P.ASSIGN), "board_asks", namespace="assessments")
    | _each((P.READ_REPORTS,), "outcome", namespace="assessments")
    | _each(
        (P.OVERSEE,),
        "cycles new_cycle cadence cycle_status cycle_dates add_organisation extend not_applicable"
        " give_back",
        namespace="assessments",
    )
)

ACCOUNTS = (
    _each(
        PUBLIC,
        "account_login account_logout account_inactive account_signup account_reset_password"
        " account_reset_password_done account_reset_password_from_key"
        " account_reset_password_from_key_done account_confirm_login_code mfa_authenticate"
        " socialaccount_login_cancelled",
    )
    | _each(
        CLOSED,
        "account_confirm_email account_email_verification_sent socialaccount_signup"
        " openid_connect_login openid_connect_callback",
    )
    | _each(
        SIGNED_IN,
        "account_email account_reauthenticate account_change_password account_set_password"
        " mfa_index mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp"
        " mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes"
        " socialaccount_login_error socialaccount_connections",
    )
    # Addresses without a name: what the sign-in library offers and the portal closes, and old
    # spellings that only send on.
    | _each(
        CLOSED, "/accounts/confirm-email/ /accounts/confirm-email/<key>/ /accounts/3rdparty/signup/"
    )
    | _each(
        SIGNED_IN,
        "/accounts/email/ /accounts/3rdparty/ /accounts/social/login/cancelled/"
        " /accounts/social/login/error/ /accounts/social/signup/ /accounts/social/connections/",
    )
)

ADMIN: dict[str, Who] = (
    _each(SIGNED_IN, "admin:logout")
    | _each(
        CLOSED, "admin:portal_*_add admin:portal_*_delete admin:autocomplete admin:view_on_site"
    )
    | _each(CLOSED, "/admin/<url>")
    | _each((P.OPERATE,), "admin:* /admin/*")
)
"""The administrator's pages by pattern; the first that fits counts."""

POLICY: dict[str, Who] = {
    **REPORTING,
    **PORTAL,
    **COMMITMENTS,
    **ASSESSMENTS,
    **ACCOUNTS,
    **ADMIN,
}

SENDING: dict[str, Who] = {
    "assessments:answer": (P.ANSWER,),
    "assessments:outcome": (P.COVER,),
    "assessments:sign_off": (P.SIGN_OFF,),
    "reporting:making": (P.COVER,),
    "admin:portal_user_change": (P.OPERATE,),
    "admin:portal_*_change": CLOSED,
}

ASKS_ITSELF = {"assessments:answer", "admin:login"}
"""Looked after by their own view when nobody is signed in: the first keeps what was typed, in its
author's working text only, and the second sends on to the one page for signing in."""

BY_STATE = {
    "account_confirm_login_code",
    "account_set_password",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "reporting:preview_pdf",
}
"""There or not by how the person signs in, or by what the person has asked for."""


def policy_of(name: str) -> Who | None:
    """The policy of an address by its name."""
    return _first(POLICY, name)


def _first(table: dict[str, Who], name: str) -> Who | None:
    found = (who for pattern, who in table.items() if fnmatchcase(name, pattern))
    return table.get(name) or next(found, None)


# What holds only in some places

OWN = {Where.OWN_DRAFT, Where.OWN_UNASSIGNED, Where.OWN_SIGNED, Where.OWN_RELEASED, Where.DELETED}
SIGNED = {Where.OWN_SIGNED, Where.OWN_RELEASED, Where.FOREIGN_SIGNED, Where.FOREIGN_RELEASED}
RELEASED = {Where.OWN_RELEASED, Where.FOREIGN_RELEASED}
FOREIGN = {Where.FOREIGN_DRAFT, Where.FOREIGN_SIGNED, Where.FOREIGN_RELEASED}

MEMBERS_ONLY = {"portal:organisation"}
"""For whoever is signed in and has a role there, or looks after all of London."""

ONLY_WHOM_IT_WAS_GIVEN = {"assessments:hand_in", "assessments:decline"}
"""What the permission allows, and still only to the person who was asked."""

PAPERS = {"reporting:report", "reporting:pdf"}
"""What the Group reads once it is released."""

ABOUT_PAPERS = {"reporting:read", "reporting:readers"}
"""Who has read a paper: there for whoever finds the paper, and not for each of them to do."""

ONCE_SIGNED = PAPERS | ABOUT_PAPERS | {"assessments:board_asks", "assessments:outcome"}
"""What readers of papers find once an assessment is signed off."""

STILL_THERE = {"assessments:evidence", "assessments:evidence_file", "assessments:uncite"}
"""Withdrawn evidence can be looked at, since signed papers cite it; and nothing need be taken off
twice."""

ABOUT_ORGANISATIONS = "portal:"
"""Whoever looks after all of London knows every organisation, and may hear that something there is
not for them to do."""


def may(role: str, name: str, where: Where, *, sending: bool = False) -> bool:
    """Whether the address opens to somebody with this role of North East London, there."""
    who = (_first(SENDING, name) if sending else None) or policy_of(name)
    if who == PUBLIC:
        return True
    if role == GLASS:
        looks = who not in {SIGNED_IN, CLOSED} and bool(BEHIND_GLASS & set(who))
        reads_it = looks and may(Role.LEAD, name, where, sending=sending)
        return reads_it or may(Role.ADMIN, name, where, sending=sending)
    if who == CLOSED or role not in GRANTS:
        return False
    if who == SIGNED_IN:
        return name not in MEMBERS_ONLY or role in LONDON_WIDE or where in OWN
    return any(_holds(role, permission, name, where) for permission in GRANTS[role] & set(who))


def reads(role: str, name: str) -> set[str]:
    """Whose words, and how far they have got, this role of North East London may read there.

    The secretary reads no draft, and still fills in its cover sheet.
    """
    papers = {"own-signed", "own-released"}
    draft = {*papers, "own-draft", "own-draft-unassigned"}
    return {
        Role.CONTRIBUTOR: {*papers, "own-draft"},
        Role.LEAD: draft,
        Role.SPONSOR: draft,
        Role.BOARD: papers,
        Role.SECRETARY: {*papers, *(("own-draft",) if name == "reporting:cover" else ())},
        Role.HEG: {"own-released", "foreign-released"},
        GLASS: draft,
    }.get(role, set())


def may_know(role: str, name: str) -> bool:
    """Whether it is no secret from this role that what the address names exists."""
    knows_papers = role == Role.HEG and name in ABOUT_PAPERS
    knows_organisations = role in {*LONDON_WIDE, GLASS} and name.startswith(ABOUT_ORGANISATIONS)
    return knows_papers or knows_organisations


def _holds(role: str, permission: P, name: str, where: Where) -> bool:
    """The limits of `portal.roles.LIMITS`, place by place."""
    if name in ONCE_SIGNED and permission != P.ASSIGN and where not in SIGNED:
        return False
    if permission == P.READ_REPORTS and role == Role.HEG:
        return name in PAPERS and where in RELEASED
    if role in LONDON_WIDE:
        return permission != P.READ_ACTIVITY
    if role == Role.COMMUNITY or where not in OWN:
        return False
    if name in ONLY_WHOM_IT_WAS_GIVEN and role != Role.CONTRIBUTOR:
        return False
    return where != Where.OWN_UNASSIGNED or role != Role.CONTRIBUTOR
