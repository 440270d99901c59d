"""Every page on which people sign in or keep their account, in our words and our look."""

import re
import time

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone

from portal import services
from portal.forms import accounts
from portal.models import AuditEvent, Message
from portal.nhsuk import default_messages
from tests import factories

pytestmark = pytest.mark.django_db

GOOD = "amber kettle window"


@pytest.fixture
def signed_in(client, lead):
    """Signed in with the password a moment ago, as allauth remembers it."""
    client.post("/accounts/login/", {"login": lead.email, "password": factories.PASSWORD})
    return client


@pytest.fixture
def later(signed_in):
    """Signed in too long ago to change how one signs in without proving it again."""
    session = signed_in.session
    session["account_authentication_methods"] = []
    session.save()
    return signed_in


def code(secret, *, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def set_up(client):
    """Add an authenticator; returns its secret."""
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret, step=-1)})
    return secret


def reset_path(user):
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return f"/accounts/password/reset/key/{key}/"


def errors_of(page):
    """Sentences in the summary, which must stand beside their fields as well."""
    assert "<title>Error: " in page.text
    summary = re.search(r'nhsuk-error-summary__list">(.*?)</ul>', page.text, re.S)[1]
    return [
        re.sub(r"<[^>]+>", "", item).strip() for item in re.findall(r"<li>.*?</li>", summary, re.S)
    ]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/password/reset/", "Reset your password"),
        ("/accounts/password/reset/done/", "Check your e-mail"),
        ("/accounts/password/reset/key/done/", "Your password has been changed"),
        ("/accounts/password/reset/key/1-nonsense/", "This link does not work"),
        ("/accounts/inactive/", "Your account has been switched off"),
        ("/accounts/signup/", "You need an invitation"),
        ("/accounts/3rdparty/login/cancelled/", "You did not sign in"),
    ],
)
def test_public_account_page_is_in_our_look(client, path, title):
    page = client.get(path)
    assert f"<title>{title} – " in page.text
    assert f'<h1 class="nhsuk-heading-l">{title}</h1>' in page.text
    assert "nhsuk-header" in page.text


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/accounts/logout/", "Do you want to sign out?"),
        ("/accounts/password/change/", "Change your password"),
        ("/accounts/reauthenticate/", "Confirm that it is you"),
        ("/accounts/2fa/", "Authenticator app"),
        ("/accounts/2fa/totp/activate/", "Set up an authenticator app"),
        ("/accounts/3rdparty/login/error/", "We could not sign you in"),
    ],
)
def test_own_account_page_is_in_our_look(signed_in, path, title):
    assert f'<h1 class="nhsuk-heading-l">{title}</h1>' in signed_in.get(path).text


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/accounts/2fa/", "Authenticator app"),
        ("/accounts/2fa/totp/deactivate/", "Take the authenticator app off your account"),
        ("/accounts/2fa/recovery-codes/", "Your recovery codes"),
        ("/accounts/2fa/recovery-codes/generate/", "Make new recovery codes"),
        ("/accounts/2fa/reauthenticate/", "Confirm that it is you"),
    ],
)
def test_page_of_somebody_with_an_authenticator_is_in_our_look(signed_in, path, title):
    set_up(signed_in)
    assert f'<h1 class="nhsuk-heading-l">{title}</h1>' in signed_in.get(path).text


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/3rdparty/"])
def test_address_and_other_identities_are_kept_nowhere(signed_in, path):
    assert signed_in.get(path).url == "/account/"


@pytest.mark.parametrize(
    "path",
    ["/accounts/confirm-email/", "/accounts/confirm-email/a:b/", "/accounts/3rdparty/signup/"],
)
def test_what_the_portal_does_not_offer_is_not_there(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({}, ["Enter your e-mail address", "Enter your password"]),
        (
            {"login": "amina", "password": "x"},
            ["Enter an e-mail address in the correct format, like name@example.org"],
        ),
        (
            {"login": "a@example.org", "password": "wrong"},
            ["The e-mail address or password is not right"],
        ),
        (
            {"login": "a@example.org", "password": "a\x00b"},
            ["Password must not include characters that cannot be shown"],
        ),
        (
            {"login": f"{'a' * 250}@example.org", "password": "x"},
            ["E-mail address must be 254 characters or fewer"],
        ),
    ],
)
def test_sign_in_says_what_is_wrong(client, typed, sentences):
    assert errors_of(client.post("/accounts/login/", typed)) == sentences


def test_reset_says_what_is_wrong(client):
    assert errors_of(client.post("/accounts/password/reset/", {})) == ["Enter your e-mail address"]


def test_reset_sets_a_new_password_once_and_ends_every_session(client, board):
    elsewhere = type(client)()
    elsewhere.force_login(board)
    link = reset_path(board)
    page = client.get(link, follow=True)
    form = page.request["PATH_INFO"]
    assert "nonsense" not in form
    assert errors_of(client.post(form, {})) == ["Enter a new password"]
    assert errors_of(client.post(form, {"password1": "short"})) == [
        "Password must be 12 characters or more"
    ]
    done = client.post(form, {"password1": GOOD}, follow=True)
    assert done.text.count("Your password has been changed") == 2  # title and heading

    board.refresh_from_db()
    assert board.check_password(GOOD)
    assert elsewhere.get("/account/").status_code == 302
    assert "This link does not work" in client.get(link, follow=True).text
    assert AuditEvent.objects.get().verb == "reset-password"
    assert "was changed on" in Message.objects.get().body


def test_password_change_ends_other_sessions_and_keeps_this_one(signed_in, lead):
    elsewhere = type(signed_in)()
    elsewhere.force_login(lead)
    path = "/accounts/password/change/"
    assert errors_of(signed_in.post(path, {})) == [
        "Enter your current password",
        "Enter a new password",
    ]
    wrong = {"oldpassword": "wrong", "password1": GOOD}
    assert errors_of(signed_in.post(path, wrong)) == ["Your current password is not right"]
    right = {"oldpassword": factories.PASSWORD, "password1": GOOD}
    page = signed_in.post(path, right, follow=True)
    assert page.request["PATH_INFO"] == "/account/"
    assert "Your password has been changed" in page.text
    assert elsewhere.get("/account/").status_code == 302
    assert AuditEvent.objects.filter(verb="change-password", actor=lead.email).count() == 1


def test_somebody_without_a_password_sets_one(client, at):
    user = services.create_account(email="sso@example.org", name="Olu Single", at=at)
    client.force_login(user)
    assert 'href="/accounts/password/set/"' in client.get("/account/").text
    assert client.get("/accounts/password/change/").url == "/accounts/password/set/"
    path = "/accounts/password/set/"
    assert "Set a password" in client.get(path).text
    assert errors_of(client.post(path, {})) == ["Enter a password"]
    client.post(path, {"password1": GOOD})
    user.refresh_from_db()
    assert user.check_password(GOOD)


def test_setting_up_an_authenticator_gives_recovery_codes(
    signed_in, lead, settings, django_capture_on_commit_callbacks
):
    settings.REQUIRE_MFA = True
    path = "/accounts/2fa/totp/activate/"
    page = signed_in.get(path)
    secret = page.context["form"].secret
    assert "In your role" in page.text
    assert " ".join(re.findall(".{4}", secret)) in page.text
    assert errors_of(signed_in.post(path, {})) == ["Enter the code from your authenticator app"]
    (wrong,) = errors_of(signed_in.post(path, {"code": "abcdef"}))
    assert wrong.startswith("The code is not right")

    with django_capture_on_commit_callbacks(execute=True):
        page = signed_in.post(path, {"code": code(secret)}, follow=True)
    assert page.request["PATH_INFO"] == "/accounts/2fa/recovery-codes/"
    assert len(re.findall(r"<code>\d{8}</code>", page.text)) == 10
    assert signed_in.get("/account/").status_code == 200
    assert AuditEvent.objects.filter(verb="add-authenticator", actor=lead.email).exists()
    assert "authenticator app was added" in Message.objects.get().body
    download = signed_in.get("/accounts/2fa/recovery-codes/download/")
    assert "attachment" in download.headers["Content-Disposition"]
    assert len(re.findall(r"^\d{8}$", download.text, re.M)) == 10


def test_explanation_is_for_those_who_must_only(client, board, settings):
    settings.REQUIRE_MFA = True
    client.post("/accounts/login/", {"login": board.email, "password": factories.PASSWORD})
    assert "In your role" not in client.get("/accounts/2fa/totp/activate/").text


def test_sign_in_asks_for_a_code_that_works_once(signed_in, lead):
    secret = set_up(signed_in)
    typed = {"login": lead.email, "password": factories.PASSWORD}
    path = "/accounts/2fa/authenticate/"
    first, second = type(signed_in)(), type(signed_in)()
    for client in (first, second):
        assert client.post("/accounts/login/", typed).url.startswith(path)
    assert errors_of(first.post(path, {"code": ""})) == [
        "Enter the code from your authenticator app, or a recovery code"
    ]
    assert errors_of(first.post(path, {"code": "1" * 41})) == ["The code is too long"]
    assert first.get("/account/").status_code == 302
    right = code(secret)
    assert first.post(path, {"code": right}).url == "/"
    (refused,) = errors_of(second.post(path, {"code": f"{right[:3]} {right[3:]}"}))
    assert refused.startswith("The code is not right")
    assert second.get("/account/").status_code == 302


def test_code_overheard_is_refused_as_long_as_it_would_be_valid(signed_in, lead, time_machine):
    """With one step of tolerance a code lives up to 90 seconds."""
    secret = set_up(signed_in)
    start = (int(time.time()) // 30) * 30 + 300
    time_machine.move_to(start, tick=False)
    typed = {"login": lead.email, "password": factories.PASSWORD}
    path = "/accounts/2fa/authenticate/"
    ahead = code(secret, step=1)
    first, second = type(signed_in)(), type(signed_in)()
    for client in (first, second):
        client.post("/accounts/login/", typed)
    assert first.post(path, {"code": ahead}).url == "/"
    time_machine.move_to(start + 45, tick=False)
    assert second.post(path, {"code": ahead}).status_code == 200


def test_recovery_code_works_once(signed_in, lead):
    set_up(signed_in)
    codes = signed_in.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    path = "/accounts/2fa/authenticate/"
    for landing in (302, 200):
        client = type(signed_in)()
        client.post("/accounts/login/", {"login": lead.email, "password": factories.PASSWORD})
        assert client.post(path, {"code": codes[0]}).status_code == landing
    assert len(signed_in.get("/accounts/2fa/recovery-codes/").context["unused_codes"]) == 9


def test_new_recovery_codes_replace_the_old(signed_in, django_capture_on_commit_callbacks):
    set_up(signed_in)
    path = "/accounts/2fa/recovery-codes/"
    before = signed_in.get(path).context["unused_codes"]
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(f"{path}generate/")
    assert not set(before) & set(signed_in.get(path).context["unused_codes"])
    assert AuditEvent.objects.filter(verb="make-recovery-codes").count() == 1


def test_authenticator_taken_off_has_to_be_set_up_again(signed_in, lead, settings):
    settings.REQUIRE_MFA = True
    set_up(signed_in)
    assert signed_in.get("/account/").status_code == 200
    signed_in.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert signed_in.get("/account/").url == "/accounts/2fa/totp/activate/"
    assert AuditEvent.objects.filter(verb="remove-authenticator").count() == 1


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/generate/"]
)
def test_changing_how_one_signs_in_asks_for_proof_after_a_while(later, path):
    assert later.get(path).url.startswith("/accounts/reauthenticate/?next=")


def test_proof_is_also_asked_of_a_session_signed_in_long_ago(signed_in):
    session = signed_in.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        {**record, "at": timezone.now().timestamp() - 301} for record in records
    ]
    session.save()
    assert signed_in.get("/accounts/2fa/totp/activate/").status_code == 302


def test_proving_by_password_goes_on_to_the_page(later):
    path = "/accounts/reauthenticate/"
    assert errors_of(later.post(path, {})) == ["Enter your password"]
    assert errors_of(later.post(path, {"password": "wrong"})) == ["The password is not right"]
    goal = "/accounts/2fa/totp/activate/"
    answer = later.post(path, {"password": factories.PASSWORD, "next": goal})
    assert answer.url == goal
    assert later.get(goal).status_code == 200


def test_proving_by_code_goes_on_to_the_page(signed_in):
    secret = set_up(signed_in)
    session = signed_in.session
    session["account_authentication_methods"] = []
    session.save()
    goal, path = "/accounts/2fa/recovery-codes/", "/accounts/2fa/reauthenticate/"
    assert (
        "Use a code from your authenticator app instead"
        in signed_in.get("/accounts/reauthenticate/").text
    )
    assert "Use your password instead" in signed_in.get(path).text
    answer = signed_in.post(path, {"code": code(secret), "next": goal})
    assert answer.url == goal
    assert signed_in.get(goal).status_code == 200


def test_signing_out_says_so_and_ends_the_session(signed_in):
    page = signed_in.post("/accounts/logout/", {"next": "/accounts/login/"}, follow=True)
    assert "You have signed out" in page.text
    assert signed_in.get("/account/").status_code == 302


def test_signing_out_takes_a_post(signed_in):
    signed_in.get("/accounts/logout/")
    assert signed_in.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        accounts.LoginForm,
        accounts.ResetPasswordForm,
        accounts.ResetPasswordKeyForm,
        accounts.ChangePasswordForm,
        accounts.SetPasswordForm,
        accounts.ReauthenticateForm,
        accounts.AuthenticateForm,
        accounts.CodeReauthenticateForm,
        accounts.ActivateTOTPForm,
    ],
)
def test_no_sentence_but_ours_can_reach_a_page(form):
    fields = [f for name, f in form.base_fields.items() if name not in ("remember",)]
    assert fields
    assert [default_messages(field) for field in fields] == [[]] * len(fields)
    assert all("placeholder" not in field.widget.attrs for field in fields)
