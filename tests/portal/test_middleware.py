"""What every request passes: second factor, session's life, private pages, the log line."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.urls import ResolverMatch
from django.utils import timezone

from portal.middleware import ACTIVE_AT, RequestLog
from portal.queries import HAS_AUTHENTICATOR

pytestmark = pytest.mark.django_db

ACTIVATE = "/accounts/2fa/totp/activate/"


@pytest.fixture
def demanding(settings):
    settings.REQUIRE_MFA = True


def add_authenticator(user):
    return Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})


@pytest.mark.parametrize("who", ["lead", "sponsor", "heg", "admin"])
def test_whoever_needs_a_second_factor_is_sent_to_set_it_up(request, client, who, demanding):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/account/").url == ACTIVATE
    assert client.post("/account/details/", {"name": "x"}).url == ACTIVATE


@pytest.mark.parametrize("who", ["board", "contributor", "community", "stranger"])
def test_whoever_needs_none_goes_on(request, client, who, demanding):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/account/").status_code == 200


def test_second_factor_lets_public_and_account_pages_pass(client, lead, demanding):
    client.force_login(lead)
    assert client.get("/invitations/none/").status_code == 404
    assert client.get("/accounts/logout/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/assessments/2026/north-east-london/L1/"])
def test_second_factor_is_asked_on_pages_that_look_after_ended_sessions(
    client, lead, demanding, path
):
    client.force_login(lead)
    assert client.get(path).url == ACTIVATE


def test_second_factor_is_off_where_the_settings_say_so(client, lead):
    client.force_login(lead)
    assert client.get("/account/").status_code == 200


def test_anonymous_is_asked_to_sign_in_first(client, demanding):
    assert client.get("/account/").url == "/accounts/login/?next=/account/"


def test_authenticator_is_asked_for_once_a_session(
    client, lead, demanding, django_assert_num_queries
):
    add_authenticator(lead)
    client.force_login(lead)
    assert client.get("/session/extend/").status_code == 405
    assert client.session[HAS_AUTHENTICATOR] is True
    with django_assert_num_queries(2):  # the session and the person, nothing more
        client.get("/session/extend/", headers={"X-Autosave": "1"})


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_other_method_than_reading_and_sending_reaches_a_page(client, board, method):
    client.force_login(board)
    refused = getattr(client, method)("/account/details/")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert client.head("/account/details/").status_code == 200


def expiry(client):
    return Session.objects.get(pk=client.session.session_key).expire_date


def test_session_is_renewed_by_activity_at_most_once_a_minute(client, board, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client.force_login(board)
    client.get("/account/")
    first = expiry(client)

    time_machine.move_to(start + dt.timedelta(seconds=59), tick=False)
    client.get("/account/")
    assert expiry(client) == first

    time_machine.move_to(start + dt.timedelta(seconds=60), tick=False)
    client.get("/account/")
    assert expiry(client) == first + dt.timedelta(seconds=60)


def test_session_is_not_renewed_by_autosave_and_runs_out(client, board, time_machine, settings):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client.force_login(board)
    client.get("/account/")
    first = expiry(client)
    for minutes in (10, 30, 59):
        time_machine.move_to(start + dt.timedelta(minutes=minutes), tick=False)
        assert client.get("/account/", headers={"X-Autosave": "1"}).status_code == 200
    assert expiry(client) == first

    time_machine.move_to(start + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE), tick=False)
    assert client.get("/account/").status_code == 302


def test_session_of_nobody_is_left_alone(client):
    session = client.session
    session["something"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.get("/accounts/login/")
    assert ACTIVE_AT not in client.session


def test_extending_gives_the_session_its_whole_time_again(client, board, time_machine, settings):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client.force_login(board)
    client.get("/account/")
    time_machine.move_to(start + dt.timedelta(seconds=30), tick=False)
    answer = client.post("/session/extend/")
    assert answer.json() == {"seconds": settings.SESSION_COOKIE_AGE}
    assert expiry(client) == timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)


def test_extending_without_a_session_asks_to_sign_in(client):
    assert client.post("/session/extend/").url == "/accounts/login/?next=/session/extend/"


@pytest.mark.parametrize("path", ["/account/", "/help/", "/framework/nowhere/"])
def test_pages_of_somebody_signed_in_are_kept_by_no_store(client, board, path):
    client.force_login(board)
    assert client.get(path).headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/accounts/password/reset/", "/invitations/none/", "/admin/login/"],
)
def test_pages_on_which_people_sign_in_are_kept_by_no_store(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store, private"


def test_public_pages_may_be_kept_by_whoever_likes(client):
    answer = client.get("/help/")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def log_line(path, **kwargs):
    request = RequestFactory().get(f"{path}?q=words")
    request.resolver_match = ResolverMatch(print, (), kwargs, "name") if kwargs else None
    return RequestLog.format_request(request)


def test_log_line_has_no_query_and_no_token():
    assert log_line("/organisations/nel/", slug="nel") == "GET /organisations/nel/"
    assert log_line("/invitations/Abc123/", token="Abc123") == "GET /invitations/…/"
    key = "/accounts/password/reset/key/3-abc-def/"
    assert log_line(key, uidb36="3", key="abc-def") == "GET /accounts/password/reset/key/3-…/"
    assert log_line("/nowhere/x@example.org/") == "GET"


def test_log_of_a_request_names_the_person_by_key_only(client, board, caplog):
    client.force_login(board)
    with caplog.at_level("DEBUG", logger="django_structlog"):
        client.get("/account/?next=secret", REMOTE_ADDR="203.0.113.9")
    finished = caplog.records[-1].msg
    assert finished["event"] == "request_finished"
    assert finished["user_id"] == board.pk
    assert finished["request"] == "GET /account/"
    assert board.email not in caplog.text
    assert "203.0.113.9" not in caplog.text
    assert "secret" not in caplog.text
