"""Who may open each address: the list that the URLconf is held against.

An address that stands here for a permission opens to whoever holds one of those named, and to
nobody else. A page that only reads may ask for less than the same page when it is sent: it stands
here with what reading asks, and in `SENDING` with what sending asks. An address that is missing
here fails the build.
"""

from portal.roles import Permission as P

PUBLIC = "public"
SIGNED_IN = "signed in"

Who = str | tuple[P, ...]


def _each(who: Who, names: str, *, namespace: str = "") -> dict[str, Who]:
    prefix = f"{namespace}:" if namespace else ""
    return {prefix + name: who for name in names.split()}


REPORTING = (
    _each(PUBLIC, "home", namespace="reporting")
    | _each(SIGNED_IN, "index", namespace="reporting")
    | _each((P.READ_REPORTS,), "report pdf making", namespace="reporting")
    | _each((P.COVER,), "cover", namespace="reporting")
    | _each(
        (P.COMPARE,),
        "comparisons comparison comparison_csv comparison_item",
        namespace="reporting",
    )
)

PORTAL = (
    _each(PUBLIC, "accept_invitation healthz help who_can_do_what help_page", namespace="portal")
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
        "check messages assign nudge accept return no_personal_data sign_off"
        " add_board_ask board_ask withdraw_board_ask board_ask_up",
        namespace="assessments",
    )
    | _each((P.SEND,), "send take_back", namespace="assessments")
    | _each((P.SIGN_OFF,), "questions", namespace="assessments")
    | _each((P.RELEASE,), "release reopen sharing", namespace="assessments")
    | _each((P.COVER,), "board_date", namespace="assessments")
    | _each(
        (P.PLAN,),
        "complete edit_plan priorities add_measure measure remove_measure plan_step"
        " risks add_risk risk withdraw_risk",
        namespace="assessments",
    )
    | _each((P.READ_REPORTS,), "board_asks outcome", namespace="assessments")
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
        " account_reset_password_from_key_done account_confirm_login_code account_confirm_email"
        " account_email_verification_sent mfa_authenticate socialaccount_login_cancelled"
        " socialaccount_signup openid_connect_login openid_connect_callback",
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
        PUBLIC, "/accounts/confirm-email/ /accounts/confirm-email/<key>/ /accounts/3rdparty/signup/"
    )
    | _each(
        SIGNED_IN,
        "/accounts/email/ /accounts/3rdparty/ /accounts/social/login/cancelled/"
        " /accounts/social/login/error/ /accounts/social/signup/ /accounts/social/connections/",
    )
)

ADMIN: dict[str, Who] = {"admin:login": PUBLIC, "admin:logout": SIGNED_IN, "admin:*": (P.OPERATE,)}

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
}

KEEPS_WORDS = "assessments:answer"
"""Open to a form sent after its session ended, which goes into its author's working text only."""

ONLY_WHOM_IT_WAS_GIVEN = {"assessments:hand_in", "assessments:decline"}
"""What the permission allows, and still only to the person who was asked."""


def policy_of(name: str) -> Who | None:
    """The policy of an address by its name; the administrator's pages share one."""
    if name in POLICY:
        return POLICY[name]
    return POLICY["admin:*"] if name.startswith(("admin:", "/admin/")) else None
