"""The London pack's forms: drafting, a system's comment, and the reply to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.forms.fields import TypedText, choice_field, version_field
from portal.nhsuk import NHSForm

NOTE_LIMIT = 1_500
REASON_LIMIT = 300
COMMENT_LIMIT = 2_000
ANSWERS = (
    ("correct", "Something should be corrected"),
    ("agree", "We have read it and have nothing to correct"),
)
CHANGES = (("yes", "Yes, draft it again"), ("no", "No, it stays as it is"))


class DraftForm(NHSForm):
    """The group's own words, and from the second version on why there is another."""

    note = TypedText(
        label="From the Health Equity Group",
        limit=NOTE_LIMIT,
        empty="What the Health Equity Group says must include words that can be read",
        rows=8,
        help_text="Printed on the second page. Leave it empty if there is nothing to say",
        required=False,
    )
    reason = TypedText(
        label="Why there is another version",
        limit=REASON_LIMIT,
        empty="Enter why there is another version",
        rows=2,
        help_text="For example, two systems have released since. It is printed on the cover",
    )
    version = version_field()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, version: int, note: str = ""
    ) -> None:
        super().__init__(data, initial={"version": version, "note": note})
        if not version:
            del self.fields["reason"]


class VersionForm(NHSForm):
    """Which version of the pack the person has looked at."""

    version = version_field()


class CommentForm(NHSForm):
    """What a system says of the draft: that it is right, or what is not."""

    answer = choice_field(
        "Does the draft get your facts right?",
        ANSWERS,
        "Select whether something should be corrected",
    )
    text = TypedText(
        label="What should be corrected",
        limit=COMMENT_LIMIT,
        empty="Enter what should be corrected",
        rows=5,
        help_text="Say where it stands and what is right. Your words and the reply are printed in "
        "the issued pack",
        required=False,
    )
    version = version_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") == "correct" and "text" in cleaned and not cleaned["text"]:
            self.add_error("text", self.fields["text"].error_messages["required"])
        return cleaned

    @property
    def agrees(self) -> bool:
        return bool(self.cleaned_data["answer"] == "agree")


class ReplyForm(NHSForm):
    """The group's reply to one comment, and whether the pack changes because of it."""

    reply = TypedText(
        label="Your reply",
        limit=COMMENT_LIMIT,
        empty="Enter your reply",
        rows=5,
        help_text="Printed beside the comment in the issued pack",
    )
    changes_pack = choice_field(
        "Does the pack change because of it?", CHANGES, "Select whether the pack changes"
    )
    version = version_field()

    @property
    def changes(self) -> bool:
        return bool(self.cleaned_data["changes_pack"] == "yes")
