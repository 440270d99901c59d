"""What looks like personal data is pointed at, and ordinary figures are not."""

import pytest

from assessments.queries import is_nhs_number, personal_data_warnings


@pytest.mark.parametrize(
    ("text", "found", "what"),
    [
        ("Patient 943 476 5919 said", "943 476 5919", "an NHS number"),
        ("number 9434765919.", "9434765919", "an NHS number"),
        ("number 943-476-5919", "943-476-5919", "an NHS number"),
        (
            "Write to ama.o'neil+x@example.nhs.uk today",
            "ama.o'neil+x@example.nhs.uk",
            "an e-mail address",
        ),
        ("Ring 020 7946 0018 for more", "020 7946 0018", "a phone number"),
        ("Ring +44 7700 900123", "+44 7700 900123", "a phone number"),
        ("NI AB 12 34 56 C on file", "AB 12 34 56 C", "a National Insurance number"),
        ("ni ab123456c", "ab123456c", "a National Insurance number"),
        ("She was born on 4 March 2016", "born on 4 March 2016", "a date of birth"),
        ("DOB: 04/03/16", "DOB: 04/03/16", "a date of birth"),
        ("Ms X (12 May 1984) told us", "12 May 1984", "a date of birth"),
        ("Ms X, 12.05.2004, told us", "12.05.2004", "a date of birth"),
        ("Ms X, born 1 May 60, told us", "born 1 May 60", "a date of birth"),
        ("Ask ama@example.nhs.uk", "ama@example.nhs.uk", "an e-mail address"),
    ],
)
def test_personal_data_warnings_name_what_was_found(text, found, what):
    assert personal_data_warnings(text) == [f"“{found}” looks like {what}."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Uptake rose from 44.1% to 52.6% among 12,345 residents between 2024 and 2026.",
        "Reviewed on 12 March 2026 and on 01/04/2025, see ICB/24/067.",
        "The digits 943 476 5918 have no valid check digit.",
        "A longer figure 94347659190 is no NHS number.",
        "Spent £0,207,946,001 on nothing.",
        "Groups of 20, 30 and 40 people met in 2025 2026 and 2027.",
    ],
)
def test_personal_data_warnings_leave_ordinary_words_alone(text):
    assert personal_data_warnings(text) == []


def test_personal_data_warnings_say_each_thing_once():
    assert len(personal_data_warnings("a@example.org and a@example.org, b@example.org")) == 2


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("9434765919", True),
        ("4010232137", True),
        ("9434765918", False),
        ("123", False),
        ("1000000020", False),  # its check would have to be 10
    ],
)
def test_is_nhs_number_checks_the_last_digit(digits, valid):
    assert is_nhs_number(digits) is valid
