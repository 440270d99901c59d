"""What the operator's commands share: instants as they are typed."""

import argparse
import datetime as dt

from django.utils import timezone


def instant(text: str) -> dt.datetime:
    """An ISO instant; without a time zone it is London's, a date alone is its morning at 9."""
    try:
        given = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date and time such as 2027-01-11T09:00"
        ) from error
    if len(text) == len("2027-01-11"):
        given = given.replace(hour=9)
    return timezone.make_aware(given) if given.tzinfo is None else given
