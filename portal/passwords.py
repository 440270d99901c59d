"""What a password must be: long, not common, not like its owner; each said in one sentence."""

from __future__ import annotations

import re

from django.contrib.auth import password_validation
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

LENGTH = 12
FEWEST_CHARACTERS = 5


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


class NotLikeYourDetails(password_validation.UserAttributeSimilarityValidator):
    """Not one's name, e-mail address or job title in another dress."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("name", "email", "job_title"))

    def get_error_message(self) -> str:
        return "Password must not be like your name, e-mail address or job title"

    def get_help_text(self) -> str:
        return ""
