"""Says what in a text looks like personal data, so that somebody looks before sign-off."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGIT = re.compile(r"\d")
FEWEST_DIGITS = 3
"""In the shortest thing looked for, "born 1 May 60"; only an e-mail address may have fewer."""
_NHS_NUMBER = re.compile(r"(?<!\d)(?<!\d[ -])\d{3}([ -]?)\d{3}\1\d{4}(?![ -]?\d)")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.,£])(?:\+44|0044|0)(?:[ ()-]{0,2}\d){9,10}(?!\d)")
_NATIONAL_INSURANCE = re.compile(
    r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = rf"\d{{1,2}}(?:[/.-]\d{{1,2}}[/.-]|(?:st|nd|rd|th)? {_MONTH},? )"
# A full date is a date of birth where the text says so, or where it is a generation old.
_BORN = re.compile(
    rf"\b(?:born|dob|d\.o\.b\.?|date of birth)\b[^\d\n]{{0,20}}{_DATE}(?:\d{{4}}|\d{{2}})\b",
    re.IGNORECASE,
)
_OLD_DATE = re.compile(rf"(?<!\d){_DATE}(?:19\d\d|200\d)\b", re.IGNORECASE)


def personal_data_warnings(text: str) -> list[str]:
    """One plain sentence for each thing found; nothing found proves nothing."""
    return list(dict.fromkeys(f"“{found}” looks like {what}." for found, what in _found(text)))


def _found(text: str) -> Iterator[tuple[str, str]]:
    # Most answers name no figure: they are not searched six times.
    if "@" not in text and len(_DIGIT.findall(text)) < FEWEST_DIGITS:
        return
    for match in _NHS_NUMBER.finditer(text):
        if is_nhs_number(match.group()):
            yield match.group(), "an NHS number"
    for pattern, what in (
        (_EMAIL, "an e-mail address"),
        (_PHONE, "a phone number"),
        (_NATIONAL_INSURANCE, "a National Insurance number"),
        (_BORN, "a date of birth"),
    ):
        for match in pattern.finditer(text):
            yield match.group(), what
    for match in _OLD_DATE.finditer(_BORN.sub("", text)):
        yield match.group(), "a date of birth"


def is_nhs_number(text: str) -> bool:
    """Whether ten digits carry the NHS number's modulus 11 check digit."""
    digits = [int(character) for character in text if character.isdigit()]
    weighed = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = (11 - weighed % 11) % 11
    return len(digits) == 10 and check == digits[9]
