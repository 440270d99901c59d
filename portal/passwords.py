"""What a password must be: long, not common, not like its owner; each said in one sentence."""

from __future__ import annotations

import re

from django.contrib.auth import password_validation
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

LENGTH = 12
FEWEST_CHARACTERS = 5
OF_ONES_OWN = 8
"""Letters and digits that must remain when name, address and job title are taken out."""


class MinimumLength(password_validation.MinimumLengthValidator):
    """At least twelve characters; nothing else is asked of how they are mixed."""

    def __init__(self) -> None:
        super().__init__(min_length=LENGTH)

    def get_error_message(self) -> str:
        return f"Password must be {self.min_length} characters or more"

    def get_help_text(self) -> str:
        return f"Use {self.min_length} characters or more. Three random words are easy to remember"


class NotCommon(password_validation.CommonPasswordValidator):
    """Not one that many people use, also with digits or signs put around it."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        letters = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.lower())
        commonplace = not letters or letters in self.passwords
        if commonplace or len(set(password.lower())) < FEWEST_CHARACTERS:
            raise ValidationError(self.get_error_message(), code="password_too_common")
        super().validate(password, user)

    def get_error_message(self) -> str:
        return "Password is too easy to guess. Try three random words"

    def get_help_text(self) -> str:
        return ""


class NotLikeYourDetails:
    """Not made of one's name, e-mail address or job title with a little added.

    Django's own compares letters in any order and so refuses three random words to many names.
    """

    details = ("name", "email", "job_title")

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        rest = password.casefold()
        for part in self._parts(user):
            rest = rest.replace(part, "")
        if rest != password.casefold() and len(re.findall(r"\w", rest)) < OF_ONES_OWN:
            raise ValidationError(
                "Password must not be like your name, e-mail address or job title",
                code="password_too_similar",
            )

    def get_help_text(self) -> str:
        return ""

    def _parts(self, user: AbstractBaseUser | None) -> list[str]:
        """The words of three letters and more that the person's details are made of."""
        values = (getattr(user, detail, "") for detail in self.details)
        words = {word for value in values for word in re.findall(r"\w{3,}", value.casefold())}
        return sorted(words, key=len, reverse=True)
