"""Signing in through the pages: passwords, codes that let in once, and the authenticator."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from portal.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
ACTIVATE = "/accounts/2fa/totp/activate/"


def code_for(secret):
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def enter_password(client, user):
    return client.post(LOGIN, {"login": user.email, "password": factories.PASSWORD})


@pytest.fixture
def secret(lead):
    made = totp.generate_totp_secret()
    totp.TOTP.activate(lead, made)
    return made


def test_wrong_password_says_no_more_than_that_and_is_recorded(client, lead):
    unknown = client.post(LOGIN, {"login": "nobody@example.org", "password": "x" * 12})
    wrong = client.post(LOGIN, {"login": lead.email, "password": "x" * 12})
    for answer in (unknown, wrong):
        assert "There is a problem" in answer.content.decode()
        assert "_auth_user_id" not in client.session
    verbs = AuditEvent.objects.filter(verb="sign-in-refused")
    assert verbs.count() == 2


def test_a_code_lets_in_once(client, lead, secret):
    code = code_for(secret)
    answer = enter_password(client, lead)
    assert "/2fa/authenticate/" in answer.url
    assert client.post(answer.url, {"code": code}).status_code == 302
    assert "_auth_user_id" in client.session

    client.logout()
    answer = enter_password(client, lead)
    refused = client.post(answer.url, {"code": code})
    assert refused.status_code == 200
    assert "_auth_user_id" not in client.session


def test_authenticator_is_set_up_and_taken_off(client, lead, settings):
    settings.REQUIRE_MFA = True
    enter_password(client, lead)
    page = client.get(ACTIVATE)
    assert page.status_code == 200
    form = page.context["form"]
    assert "type this one" in page.content.decode()
    assert client.post(ACTIVATE, {"code": code_for(form.secret)}).status_code == 302
    assert Authenticator.objects.filter(user=lead, type="totp").exists()
    client.get("/account/")
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=lead, type="totp").exists()


def test_password_is_changed_and_leads_back_to_the_account(client, lead):
    enter_password(client, lead)
    form = {
        "oldpassword": factories.PASSWORD,
        "password1": "another-long-password-9",
        "password2": "another-long-password-9",
    }
    answer = client.post("/accounts/password/change/", form)
    assert answer.status_code == 302
    lead.refresh_from_db()
    assert lead.check_password("another-long-password-9")
