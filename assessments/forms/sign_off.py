"""The words and ticks around sending, signing off and releasing an assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from assessments.forms.looked_at import LookedAtForm
from portal.forms.fields import TypedText, choice_field
from portal.nhsuk import NHSForm

MESSAGES = 3
ORDINALS = ("First", "Second", "Third")
MESSAGE_LIMIT = 300
QUESTION_LIMIT = 1_000
ATTESTATION = (
    "I have read this assessment. To the best of my knowledge it is a fair account of where we "
    "are, including what is not done."
)
NO_QUESTION = "Enter at least one question for the assessment lead"


class MessagesForm(LookedAtForm):
    """The lead's messages to the Board, up to three plain sentences."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        written: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        now = [*written, "", "", ""][:MESSAGES]
        for number, (ordinal, text) in enumerate(zip(ORDINALS, now, strict=True), 1):
            self.fields[f"message_{number}"] = TypedText(
                label=f"{ordinal} message",
                limit=MESSAGE_LIMIT,
                empty=f"The {ordinal.lower()} message must include text that can be seen",
                too_long=f"The {ordinal.lower()} message must be {{limit}} characters or fewer",
                rows=3,
                required=False,
                initial=text,
            )

    @property
    def written(self) -> list[str]:
        texts = [self.cleaned_data[f"message_{number}"] for number in range(1, MESSAGES + 1)]
        return [text for text in texts if text]


class SignOffForm(NHSForm):
    """The sponsor's word that the account is fair."""

    attestation = forms.BooleanField(
        label=ATTESTATION,
        error_messages={"required": "Confirm that this is a fair account before you sign it off"},
    )


class QuestionsForm(LookedAtForm):
    """The sponsor's questions, one box an item; at least one is written."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        items: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        for code, name in items:
            self.fields[code] = TypedText(
                label=f"Your question about {code} {name}",
                limit=QUESTION_LIMIT,
                empty=f"Your question about {code} must include text that can be seen",
                too_long=f"Your question about {code} must be {{limit}} characters or fewer",
                rows=3,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.questions:
            raise forms.ValidationError(NO_QUESTION, code="no_question")
        return cleaned

    @property
    def questions(self) -> dict[str, str]:
        asked = {code: self.cleaned_data.get(code) for code in self._typed}
        return {code: text for code, text in asked.items() if text}


class SharingForm(NHSForm):
    """Whether released answers are shown to systems that share theirs."""

    shares = choice_field(
        "Share released answers with other systems?",
        [("yes", "Yes, share"), ("no", "No, do not share")],
        "Select whether to share released answers",
        help_text="They see yours, and you see theirs, only while both of you agree.",
    )

    @property
    def agreed(self) -> bool:
        return bool(self.cleaned_data["shares"] == "yes")
