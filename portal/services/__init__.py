"""What changes people, organisations, memberships and invitations."""

from portal.services.accounts import (
    change_account,
    change_details,
    create_account,
    end_sessions,
    reset_authenticator,
)
from portal.services.break_glass import break_glass, mend_glass, record_reading
from portal.services.invitations import (
    accept_as,
    accept_with_new_account,
    find_open,
    invite,
    resend,
    revoke,
)
from portal.services.memberships import end_membership, start_membership
from portal.services.organisations import (
    add_affiliation,
    change_organisation,
    create_organisation,
    end_affiliation,
)
from portal.services.refusals import (
    AccountExists,
    AccountOff,
    AlreadyAffiliated,
    AlreadyInvited,
    AlreadyMember,
    BarredByHEG,
    InvitationClosed,
    LastAdministrator,
    MembershipEnded,
    NameTaken,
    NoAuthenticator,
    Refusal,
    SomebodyElse,
    WrongDate,
    WrongOrganisation,
)
from portal.services.retention import apply_retention, record_retention

__all__ = [
    "AccountExists",
    "AccountOff",
    "AlreadyAffiliated",
    "AlreadyInvited",
    "AlreadyMember",
    "BarredByHEG",
    "InvitationClosed",
    "LastAdministrator",
    "MembershipEnded",
    "NameTaken",
    "NoAuthenticator",
    "Refusal",
    "SomebodyElse",
    "WrongDate",
    "WrongOrganisation",
    "accept_as",
    "accept_with_new_account",
    "add_affiliation",
    "apply_retention",
    "break_glass",
    "change_account",
    "change_details",
    "change_organisation",
    "create_account",
    "create_organisation",
    "end_affiliation",
    "end_membership",
    "end_sessions",
    "find_open",
    "invite",
    "mend_glass",
    "record_reading",
    "record_retention",
    "resend",
    "reset_authenticator",
    "revoke",
    "start_membership",
]
