"""What allauth is told: who may come in, what is recorded, mail through the outbox."""

import pytest
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware

from portal.models import AuditEvent, Message, User
from tests import factories

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
WRONG = "The e-mail address or password is not right"
TOO_MANY = "You have tried too many times. Wait 5 minutes, then try again"


def sign_in(client, email, password=factories.PASSWORD, **extra):
    return client.post(SIGN_IN, {"login": email, "password": password}, **extra)


def verbs():
    return list(AuditEvent.objects.order_by("sequence").values_list("verb", "actor"))


def test_coming_and_going_are_recorded(client, board):
    assert sign_in(client, board.email.upper()).url == "/"
    client.post("/accounts/logout/")
    assert verbs() == [("sign-in", board.email), ("sign-out", board.email)]


def test_refused_sign_in_names_the_account_and_never_what_was_typed(client, board):
    sign_in(client, board.email, "not the password")
    sign_in(client, "my-password-in-the-wrong-box@example.org", "x")
    assert verbs() == [("sign-in-refused", "portal")] * 2
    targets = list(AuditEvent.objects.values_list("target", flat=True))
    assert targets == [f"portal.user:{board.pk}", "unknown account"]


def test_wrong_password_and_unknown_address_get_the_same_page(client, board):
    pages = [
        sign_in(client, email, "not the password").text.replace(email, "")
        for email in (board.email, "nobody@example.org")
    ]
    assert WRONG in pages[0]
    # Token and nonce differ from page to page; nothing else does.
    assert strip_tokens(pages[0]) == strip_tokens(pages[1])


def strip_tokens(page):
    lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
    return [line.split("nonce=")[0] for line in lines]


def test_guessing_is_stopped_for_account_and_address_together(client, board):
    for _ in range(5):
        assert WRONG in sign_in(client, board.email, "wrong").text
    assert TOO_MANY in sign_in(client, board.email, "wrong").text
    assert TOO_MANY in sign_in(client, board.email).text  # also with the right one, from there
    elsewhere = sign_in(client, board.email, REMOTE_ADDR="203.0.113.7")
    assert elsewhere.status_code == 302, "somebody else's guesses must not shut the person out"


def test_guessing_many_accounts_from_one_address_is_stopped(client, settings, board):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "3/m/ip"}
    for number in range(3):
        assert WRONG in sign_in(client, f"guess{number}@example.org", "wrong").text
    assert TOO_MANY in sign_in(client, "guess4@example.org", "wrong").text


def test_successful_sign_ins_do_not_count_as_guesses(client, board):
    for _ in range(7):
        assert sign_in(client, board.email).status_code == 302
        client.post("/accounts/logout/")


def test_too_many_requests_get_the_page_that_says_so(client, settings, board):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reset_password": "1/m/ip"}
    client.post("/accounts/password/reset/", {"email": board.email})
    page = client.post("/accounts/password/reset/", {"email": board.email})
    assert page.status_code == 429
    assert "nhsuk-heading-l" in page.text


def test_sign_in_makes_a_new_session_key(client, board):
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, board.email)
    assert client.session.session_key != session.session_key


def test_sign_in_goes_back_to_where_one_was_but_not_to_other_sites(client, board):
    for given, lands in (("/account/", "/account/"), ("https://evil.example/", "/")):
        answer = client.post(
            SIGN_IN, {"login": board.email, "password": factories.PASSWORD, "next": given}
        )
        assert answer.url == lands
        client.post("/accounts/logout/")


def test_sign_up_is_closed(client):
    for answer in (
        client.get("/accounts/signup/"),
        client.post("/accounts/signup/", {"email": "a"}),
    ):
        assert "You need an invitation" in answer.text
    assert not User.objects.exists()


def test_switched_off_account_gets_in_nowhere(client, board):
    client.force_login(board)
    User.objects.update(is_active=False)
    assert client.get("/account/").status_code == 302
    answer = sign_in(client, board.email)
    assert answer.url == "/accounts/inactive/"
    assert "has been switched off" in client.get(answer.url).text


def test_mail_goes_through_the_outbox_once_a_minute_for_what_strangers_can_cause(
    client, board, time_machine, mailoutbox
):
    time_machine.move_to(factories.AT, tick=False)
    for email in (board.email, board.email, "nobody@example.org", "nobody@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": email})
        assert answer.url == "/accounts/password/reset/done/"
    assert sorted(Message.objects.values_list("to", flat=True)) == [
        "nobody@example.org",
        board.email,
    ]
    assert mailoutbox == []


def test_links_in_mail_stand_on_the_address_in_the_settings(client, board, settings):
    settings.ALLOWED_HOSTS = ["testserver", "forged.example"]
    settings.SITE_URL = "https://portal.example.org"
    client.post(
        "/accounts/password/reset/", {"email": board.email}, headers={"host": "forged.example"}
    )
    mail = Message.objects.get()
    assert "https://portal.example.org/accounts/password/reset/key/" in mail.body
    assert "forged.example" not in mail.body
    assert board.name in mail.body


def test_event_that_is_not_in_the_table_is_recorded_by_its_own_name(rf, board):
    request = make_request(rf, board)
    with context.request_context(request):
        get_account_adapter().send_notification_mail("account/email/password_set", board)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("portal.adapters.RECORDED", {})
            get_account_adapter().send_notification_mail("account/email/password_set", board)
    assert [verb for verb, _ in verbs()] == ["change-password", "account/email/password_set"]


def make_request(rf, user=None):
    request = rf.get("/accounts/oidc/sso/login/callback/")
    SessionMiddleware(lambda _r: None).process_request(request)
    MessageMiddleware(lambda _r: None).process_request(request)
    request.user = user or AnonymousUser()
    request.allauth = None
    return request


@pytest.fixture
def provider(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": "NHS single sign-on",
                    "client_id": "portal",
                    "secret": "secret",
                    "settings": {
                        "server_url": "https://sso.example.org",
                        "email_authentication": True,
                    },
                }
            ]
        }
    }


def single_sign_on(request, email, *, verified=True, process="login"):
    """What is left to do when the provider has sent the person back."""
    login = SocialLogin(
        user=User(email=email),
        account=SocialAccount(provider="sso", uid=f"uid-{email}"),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
        provider=get_social_adapter().get_provider(request, "sso"),
    )
    login.state = {"process": process}
    return complete_login(request, login)


def test_single_sign_on_lets_in_whoever_has_an_account(rf, provider, board):
    request = make_request(rf)
    with context.request_context(request):
        answer = single_sign_on(request, board.email)
    assert answer.url == "/"
    assert request.user == board
    board.refresh_from_db()
    assert board.has_usable_password(), "signing in elsewhere must not wipe the password"
    assert EmailAddress.objects.get(user=board).verified
    assert verbs() == [("sign-in", board.email)]


@pytest.mark.parametrize(
    ("email", "verified"), [("board@example.org", False), ("nobody@example.org", True)]
)
def test_single_sign_on_makes_no_account_and_believes_no_unproved_address(
    rf, provider, email, verified
):
    factories.UserFactory(email="board@example.org")
    request = make_request(rf)
    with context.request_context(request):
        answer = single_sign_on(request, email, verified=verified)
    assert "You need an invitation" in answer.text
    assert request.user.is_anonymous
    assert User.objects.count() == 1


def test_single_sign_on_does_not_let_in_an_account_switched_off(rf, provider, board):
    User.objects.update(is_active=False)
    request = make_request(rf)
    with context.request_context(request):
        answer = single_sign_on(request, board.email)
    assert answer.url == "/accounts/inactive/"
    assert request.user.is_anonymous


def test_second_identity_is_tied_to_nobody(rf, provider, board):
    request = make_request(rf, board)
    with context.request_context(request):
        answer = single_sign_on(request, "other@example.org", process="connect")
    assert answer.url == "/account/"
    assert not SocialAccount.objects.exists()


def test_connecting_is_stopped_by_the_adapter_itself(rf, provider, board):
    request = make_request(rf, board)
    login = SocialLogin(user=board)
    login.state = {"process": "connect"}
    with context.request_context(request), pytest.raises(ImmediateHttpResponse):
        get_social_adapter().pre_social_login(request, login)


def test_single_sign_on_is_offered_where_it_is_set_up(client, provider):
    page = client.get("/accounts/login/?next=/account/").text
    assert "NHS single sign-on" in page
    assert "/accounts/oidc/sso/login/" in page
    confirm = client.get("/accounts/oidc/sso/login/")
    assert "Sign in with NHS single sign-on" in confirm.text


def test_single_sign_on_that_went_wrong_says_so(client, provider):
    page = client.get("/accounts/oidc/sso/login/callback/?error=access_denied&state=forged")
    assert page.status_code in (200, 401)
    assert "We could not sign you in" in page.text
