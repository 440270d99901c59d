"""What somebody brings to be checked: a file, or a reference or hash, and not both."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings

from portal.nhsuk import MaxCharacters, NHSForm, nhs_helper
from portal.text import clean_text
from reporting.uploads import HashedFile

NOTHING = "Select the file, or enter a reference or hash"
BOTH = "Check one at a time: the file, or the reference or hash"
NO_REFERENCE = (
    "Enter the reference as it is printed, for example 2027-north-east-london-board-paper-v1, "
    "or all 64 characters of the hash"
)
DIGEST = re.compile(r"[0-9a-f]{64}")
REFERENCE = re.compile(r"[a-z0-9][a-z0-9-]{0,159}")


class VerifyForm(NHSForm):
    """The hash of the file that was sent is all that is left of it."""

    file = forms.FileField(
        label="The PDF file",
        help_text="It is not kept: only its fingerprint is compared",
        required=False,
        widget=forms.FileInput,
        error_messages={
            "invalid": "Select a file",
            "missing": "Select a file",
            "empty": "The selected file is empty",
        },
    )
    reference = forms.CharField(
        label="Or its reference or hash",
        help_text="The reference stands at the foot of every page. The hash is a SHA-256",
        required=False,
        validators=[MaxCharacters(200, NO_REFERENCE)],
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.helper = nhs_helper("file", "reference", submit="Check")

    def clean_file(self) -> str:
        """The hash of what was sent."""
        sent: HashedFile | None = self.cleaned_data["file"]
        if sent is None:
            return ""
        if sent.size and sent.size > settings.UPLOAD_MAX_BYTES:
            largest = settings.UPLOAD_MAX_BYTES // 1024**2
            raise forms.ValidationError(f"The selected file must be {largest} MB or smaller")
        return sent.digest

    def clean_reference(self) -> str:
        typed = clean_text(self.cleaned_data["reference"])
        text = "".join(typed.split()).lower().removesuffix(".pdf")
        if text and not REFERENCE.fullmatch(text):
            raise forms.ValidationError(NO_REFERENCE)
        return text

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            brought = [self.cleaned_data["file"], self.cleaned_data["reference"]]
            if not any(brought):
                self.add_error("file", NOTHING)
            elif all(brought):
                self.add_error("reference", BOTH)
        return self.cleaned_data

    @property
    def digest(self) -> str:
        """The hash that was brought, as a file or typed; empty for a reference."""
        file, typed = self.cleaned_data["file"], self.cleaned_data["reference"]
        return file or (typed if DIGEST.fullmatch(typed) else "")
