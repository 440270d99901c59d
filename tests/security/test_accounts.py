"""Accounts under attack: nothing tells who has one, and every session ends when it has to."""

import datetime as dt

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core.cache import cache
from django.test import Client

from portal import services
from portal.models import Message
from tests import factories
from tests.places import administrator
from tests.security.matrix import plain

pytestmark = pytest.mark.django_db

NOBODY = "nobody@example.org"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def nothing_tried_before():
    cache.clear()


@pytest.fixture
def hashed(monkeypatch):
    """How often a password was hashed, which is what takes time."""
    hasher, calls = type(get_hasher()), []
    encode = hasher.encode

    def counted(self, *rest):
        calls.append(1)
        return encode(self, *rest)

    monkeypatch.setattr(hasher, "encode", counted)
    return calls


def answer(path, data):
    """What a stranger gets, without what they typed themselves."""
    response = Client().post(path, data)
    typed = data.get("login") or data.get("email")
    text = plain(response.text, path).replace(typed, "…")
    return response.status_code, response.headers.get("Location"), text


def test_signing_in_does_not_tell_who_has_an_account(lead, hashed):
    off = factories.UserFactory(is_active=False)
    answers, work = set(), set()
    for email in (lead.email, off.email, NOBODY):
        del hashed[:]
        answers.add(answer(LOGIN, {"login": email, "password": "not the right one"}))
        work.add(len(hashed))
    assert len(answers) == 1
    assert work == {1}


def test_asking_for_a_new_password_does_not_tell_who_has_an_account(lead, hashed):
    answers, work = set(), set()
    for email in (lead.email, NOBODY):
        del hashed[:]
        answers.add(answer("/accounts/password/reset/", {"email": email}))
        work.add(len(hashed))
    assert len(answers) == 1
    assert len(work) == 1
    assert set(Message.objects.values_list("to", flat=True)) == {lead.email, NOBODY}


def test_links_of_invitations_tell_nothing_apart(system, lead, at):
    invitation, token = services.invite(
        email="new@example.org", name="N", organisation=system, role="board", by=lead, at=at
    )
    services.revoke(invitation=invitation, by=lead, at=at)
    pages = set()
    for one in (token, "x" * len(token)):
        path = f"/invitations/{one}/"
        response = Client().get(path)
        pages.add((response.status_code, plain(response.text, path)))
    assert len(pages) == 1
    assert pages.pop()[0] == 404


def test_guessing_is_counted_in_any_spelling_of_the_address(lead):
    for spelling in (lead.email.upper(), lead.email.title(), f" {lead.email} ") * 2:
        answer(LOGIN, {"login": spelling, "password": "not the right one"})
    _, _, page = answer(LOGIN, {"login": lead.email, "password": factories.PASSWORD})
    assert "too many times" in page


def test_session_from_before_signing_in_is_worth_nothing_afterwards(client, lead):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post(LOGIN, {"login": lead.email, "password": factories.PASSWORD})
    assert client.session.session_key != session.session_key
    thief = Client()
    thief.cookies["sessionid"] = session.session_key
    assert thief.get("/account/").status_code == 302


def test_cookie_copied_before_signing_out_is_worth_nothing_afterwards(client, lead):
    client.post(LOGIN, {"login": lead.email, "password": factories.PASSWORD})
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/account/").status_code == 200
    client.post("/accounts/logout/")
    assert thief.get("/account/").status_code == 302


def test_role_that_was_ended_acts_no_more_from_the_next_request(
    client, lead, sponsor, assessment, heg, at, time_machine
):
    time_machine.move_to(at, tick=False)
    client.force_login(lead)
    path = f"{assessment.get_absolute_url()}L1/"
    assert client.get(path).status_code == 200
    services.end_membership(membership=lead.memberships.get(), by=heg, at=at)
    assert client.get(path).status_code == 404
    assert client.post(path, {"narrative": "Late", "version": "0"}).status_code == 404


def test_account_that_is_switched_off_is_signed_out_everywhere(client, lead, at):
    client.force_login(lead)
    assert client.get("/account/").status_code == 200
    services.change_account(
        user=lead, name=lead.name, job_title="", is_active=False, by=administrator(), at=at
    )
    assert client.get("/account/").status_code == 302
    status, location, _ = answer(LOGIN, {"login": lead.email, "password": factories.PASSWORD})
    assert (status, location) == (302, "/accounts/inactive/")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, lead):
    signed_in = client.post(LOGIN, {"login": lead.email, "password": factories.PASSWORD})
    session = signed_in.cookies["sessionid"]
    assert (session["httponly"], session["samesite"], session["expires"]) == (True, "Lax", "")
    token = Client().get(LOGIN).cookies["csrftoken"]
    assert (token["httponly"], token["samesite"]) == (True, "Lax")


def test_code_of_an_invitation_ends_with_its_time(system, lead, at, time_machine):
    _, token = services.invite(
        email="new@example.org", name="N", organisation=system, role="board", by=lead, at=at
    )
    time_machine.move_to(at + dt.timedelta(days=29), tick=False)
    assert Client().get(f"/invitations/{token}/").status_code == 404
