"""Every address that shows a page, in Chromium, on the demonstration's real words."""

from itertools import chain

import pytest
import time_machine
from django.utils import timezone

from tests import factories
from tests.addresses import addresses
from tests.browser.world import Demonstration, Visit, small_world, visit_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Addresses at which nobody is shown a page who only opens them, each with the reason.
SENT = "takes what a form sends"
SENDS_ON = "sends on to another page"
CLOSED = "is closed: the sign-in library offers it, the portal does not"
FILE = "answers with a file"
MACHINE = "is read by machines, which the tests of health and metrics are"
STATE = "shows a page in one state only: test_states visits it"
NO_PAGE = {
    "/accounts/3rdparty/": SENDS_ON,
    "/accounts/3rdparty/signup/": CLOSED,
    "/accounts/confirm-email/": CLOSED,
    "/accounts/confirm-email/<key>/": CLOSED,
    "/accounts/email/": SENDS_ON,
    "/accounts/social/connections/": SENDS_ON,
    "/accounts/social/login/cancelled/": SENDS_ON,
    "/accounts/social/login/error/": SENDS_ON,
    "/accounts/social/signup/": SENDS_ON,
    "account_confirm_email": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_email": SENDS_ON,
    "account_email_verification_sent": CLOSED,
    "account_logout": STATE,
    "account_set_password": STATE,
    "assessments:accept": SENT,
    "assessments:board_ask_up": SENT,
    "assessments:autosave": SENT,
    "assessments:evidence_file": FILE,
    "assessments:no_personal_data": SENT,
    "assessments:nudge": SENT,
    "assessments:reconfirm": SENT,
    "assessments:remove_change": SENT,
    "assessments:send": SENT,
    "assessments:take_back": SENT,
    "assessments:uncite": SENT,
    "mfa_authenticate": STATE,
    "mfa_download_recovery_codes": FILE,
    "openid_connect_callback": STATE,
    "openid_connect_login": STATE,
    "portal:activity_csv": FILE,
    "portal:extend_session": SENT,
    "portal:healthz": MACHINE,
    "portal:mend_glass": SENT,
    "portal:metrics": MACHINE,
    "portal:ready": MACHINE,
    "portal:resend_invitation": SENT,
    "portal:revoke_invitation": SENT,
    "reporting:comparison_csv": FILE,
    "reporting:comparisons": SENDS_ON,
    "reporting:pdf": FILE,
    "reporting:preview_pdf": FILE,
    "reporting:read": SENT,
    "reporting:retry_pack": SENT,
    "socialaccount_connections": SENDS_ON,
    "socialaccount_login_error": STATE,
    "socialaccount_signup": CLOSED,
}


# Pages of which one address has several, and what only some people's home shows.
MORE = (
    (None, "/help/accessibility/"),
    (None, "/help/cookies/"),
    (None, "/help/levels-and-evidence/"),
    (None, "/framework/L1/"),
    (None, "/verify/?reference=unknown"),
    ("lead", "/"),
    ("contributor", "/"),
    ("board", "/"),
    ("heg", "/"),
)


@pytest.fixture(scope="module")
def met():
    """Names of the addresses that were visited, and of those that nobody is shown."""
    return set()


@pytest.fixture
def look_at(visit, enter, findings):
    """What is wrong with the pages of these visits, by their paths."""

    def look(visits):
        wrong = {}
        for name, one in visits:
            enter(one.person)
            visit(one.path)
            wrong[one.path] = findings(name)
        return {path: found for path, found in wrong.items() if found}

    return look


def named_visits(seen, met):
    """Visits of the addresses that were not met yet, which by that they are."""
    for address in addresses():
        is_djangos = address.name.startswith(("admin:", "/admin/"))
        if address.name in met or is_djangos or NO_PAGE.get(address.name) == MACHINE:
            continue
        found = visit_of(address, seen)
        if found:
            met.add(address.name)
            yield address.name, found


def test_pages_of_the_demonstration_are_sound(look_at, settings, met):
    settings.DEMO = True
    demonstration = Demonstration(timezone.now())
    more = [
        (f"{role} {path}", Visit(path, role and demonstration.person(role))) for role, path in MORE
    ]
    assert look_at(chain(named_visits(demonstration.seen(), met), more)) == {}


def test_pages_that_the_demonstration_does_not_show_are_sound(look_at, framework, met):
    """On the small framework at its own time; what is left then is no page, each for its reason."""
    with time_machine.travel(factories.AT):
        assert look_at(named_visits(small_world(framework), met)) == {}
    names = {one.name for one in addresses() if not one.name.startswith(("admin:", "/admin/"))}
    left = names - met
    assert (sorted(left - set(NO_PAGE)), sorted(set(NO_PAGE) - left)) == ([], [])
