"""Why a service said no: one named exception a reason, its message fit to be shown."""

from __future__ import annotations


class Refusal(Exception):
    """Something that cannot be done as things stand, in words for the person who asked."""

    message = "This cannot be done"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class AccountExists(Refusal):
    message = "There is an account with this e-mail address already. Sign in to accept"


class AccountOff(Refusal):
    message = (
        "The account with this e-mail address has been switched off. "
        "Ask the system administrator to switch it on first"
    )


class AlreadyInvited(Refusal):
    message = "This person has been invited to this role already. You can send the invitation again"


class AlreadyMember(Refusal):
    message = "This person has this role already"


class BarredByHEG(Refusal):
    message = (
        "Members of the Health Equity Group cannot hold a role in an organisation "
        "that takes part in assessments, and the other way round"
    )


class InvitationClosed(Refusal):
    message = "This invitation has been used or withdrawn, or has run out"


class SomebodyElse(Refusal):
    message = "This invitation is for another person. Sign out, then open the link again"


class WrongOrganisation(Refusal):
    message = "This role cannot be held in this organisation"


class LastAdministrator(Refusal):
    message = "The portal needs a system administrator. Invite another one before you end this role"


class MembershipEnded(Refusal):
    message = "This role has been ended already"


class NoAuthenticator(Refusal):
    message = "This person has not set up an authenticator app"


class NameTaken(Refusal):
    message = "There is an organisation with this name already"


class AlreadyAffiliated(Refusal):
    message = "This organisation is listed as part of the system already"


class WrongDate(Refusal):
    message = "The end date must be the same as or after the start date"
