"""Passwords: long, not common, not like their owner."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal import passwords
from portal.models import User

LONG = "Password must be 12 characters or more"
COMMON = "Password is too easy to guess. Try three random words"
ALIKE = "Password must not be like your name, e-mail address or job title"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short words", LONG),
        ("password1234", COMMON),
        ("!!password2026!!", COMMON),
        ("123456789012", COMMON),
        ("abababababab", COMMON),
        ("qazwsxedcrfv", COMMON),
        ("hodan.warsame1", ALIKE),
        ("Hodan Warsame", ALIKE),
    ],
)
def test_password_that_is_weak_is_refused_in_our_words(password, sentence):
    person = User(email="hodan.warsame@example.org", name="Hodan Warsame")
    with pytest.raises(ValidationError) as refused:
        validate_password(password, person)
    assert sentence in refused.value.messages
    assert all(message in (LONG, COMMON, ALIKE) for message in refused.value.messages)


@pytest.mark.parametrize(
    "password", ["three random words", "амбарный замок кот", "k83hd02mvq9x", "সবুজ নদী জানালা"]
)
def test_password_of_random_words_in_any_script_is_accepted(password):
    validate_password(password, User(email="hodan@example.org", name="Hodan Warsame"))


def test_common_password_of_the_list_is_refused_whatever_its_ends():
    """One that is on the list as a whole, though its middle alone is not."""
    known = next(
        word
        for word in sorted(passwords.NotCommon().passwords)
        if len(word) >= 8
        and word[-1].isdigit()
        and len(set(word)) > 5
        and word.strip("0123456789") not in passwords.NotCommon().passwords
        and word.strip("0123456789")
    )
    with pytest.raises(ValidationError, match="easy to guess"):
        passwords.NotCommon().validate(known)


def test_help_says_only_how_to_choose():
    assert "12 characters" in passwords.MinimumLength().get_help_text()
    assert passwords.NotCommon().get_help_text() == ""
    assert passwords.NotLikeYourDetails().get_help_text() == ""
