"""Says whose form it was, so that words sent after a session ended reach their author only."""

from __future__ import annotations

import datetime as dt

from django.core import signing

from assessments.models import Answer
from portal.models import User

SALT = "assessments.answer-form"
VALID = dt.timedelta(hours=24)


def author_token(user: User, answer: Answer) -> str:
    """Goes into the form, signed and dated."""
    return signing.dumps([user.pk, answer.pk], salt=SALT)


def author_of(token: str) -> tuple[int, int]:
    """Keys of the person whose form it was and of its answer; zeros for what is no such token."""
    try:
        user_pk, answer_pk = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return 0, 0
    return int(user_pk), int(answer_pk)
