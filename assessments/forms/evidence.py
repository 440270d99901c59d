"""What people say of a piece of evidence, and which of the library an answer cites."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from assessments.forms.figures import WebAddress
from assessments.models import Coverage, Evidence
from assessments.queries import TICKS
from assessments.uploads import Upload, UploadRefused, check_upload, largest
from portal.forms.fields import TypedText, choice_field, version_field
from portal.nhsuk import DateField, NHSField, NHSForm, nhs_helper

KINDS = {
    Evidence.Kind.LINK: "A link to a web page",
    Evidence.Kind.MINUTE: "A minute or paper, by its reference",
    Evidence.Kind.FILE: "A file to upload",
}
PLACES = {
    Evidence.Kind.LINK: ("url", "Enter the web address of the evidence"),
    Evidence.Kind.MINUTE: ("minute_reference", "Enter the reference of the minute or paper"),
    Evidence.Kind.FILE: ("file", "Select a file"),
}
SHOWN = {
    "shown_to_community": "Community partners who rate this",
    "shown_to_peers": "Other systems, where both of us share",
}
CHOOSE_AGAIN = "Select the file again. It was not kept, because something else has to be put right"
TICKS_UNKNOWN = "Select what describes the evidence"
SHOWN_UNKNOWN = "Select who may see it"


def _several(label: str, named: Mapping[str, str], wrong: str, hint: str) -> Any:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        choices=list(named.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": wrong, "invalid_list": wrong},
    )


class EvidenceForm(NHSForm):
    """Title, where it is, its own date, and the ticks its strength follows from."""

    title = TypedText(
        label="What is it?",
        help_text="For example, Workforce race equality report 2026",
        limit=200,
        empty="Enter what the evidence is",
        too_long="What the evidence is must be {limit} characters or fewer",
    )
    kind = choice_field("Where is it?", KINDS.items(), "Select where the evidence is")
    url = WebAddress(label="Web address", required=False)
    minute_reference = TypedText(
        label="Reference",
        help_text="For example, ICB Board, 14 May 2026, item 7, minute 26/043",
        limit=200,
        empty="Enter the reference of the minute or paper",
        too_long="The reference must be {limit} characters or fewer",
        required=False,
    )
    file = forms.FileField(
        label="File",
        required=False,
        widget=forms.FileInput,
        error_messages={
            "invalid": "Select a file",
            "missing": "Select a file",
            "empty": "The selected file is empty",
        },
    )
    dated_on = DateField(
        label="What is its own date?",
        help_text="When it was published, minuted or collected. For example, 14 5 2026",
        subject="Its date",
        error_messages={"required": "Enter the date of the evidence"},
    )
    ticks = _several(
        "Which of these describe it?",
        TICKS,
        TICKS_UNKNOWN,
        "Its strength follows from these. Without any it counts as a statement only.",
    )
    coverage = choice_field(
        "How much of the system does it cover? (optional)",
        Coverage.choices,
        "Select how much of the system it covers",
        required=False,
    )
    shown = _several(
        "Who else may see it? (optional)",
        SHOWN,
        SHOWN_UNKNOWN,
        "Your own organisation’s people who answer, and your sponsor, see it in any case.",
    )
    version = version_field()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        today: dt.date,
        evidence: Evidence | None = None,
        button: str = "Save",
    ) -> None:
        # A page that is only read has files too: none, which would bind the form.
        super().__init__(data, None if data is None else files, initial=_initial(evidence))
        self.today = today
        self.has_file = bool(evidence and evidence.file)
        self.helper = nhs_helper(*_layout(evidence), submit=button)

    def clean_dated_on(self) -> dt.date:
        dated_on: dt.date = self.cleaned_data["dated_on"]
        if dated_on > self.today:
            raise forms.ValidationError("Its date must be today or in the past")
        return dated_on

    def clean_file(self) -> Upload | None:
        sent = self.cleaned_data["file"]
        if not sent or self.data.get("kind") != Evidence.Kind.FILE:
            return None
        try:
            return check_upload(sent)
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from None

    def clean(self) -> dict[str, Any]:
        kind = self.cleaned_data.get("kind")
        # What stands under a choice that was not made is hidden, so it is not spoken of.
        for other, (name, missing) in PLACES.items():
            if other != kind:
                self._errors.pop(name, None)
            elif name not in self.errors and not self._has(name):
                self.add_error(name, missing)
        if self.errors and self.cleaned_data.get("file"):
            self.add_error("file", CHOOSE_AGAIN)
        return self.cleaned_data

    def _has(self, name: str) -> bool:
        return bool(self.cleaned_data.get(name) or (name == "file" and self.has_file))

    @property
    def facts(self) -> dict[str, Any]:
        """What the services take, by their names."""
        cleaned = self.cleaned_data
        kind = cleaned["kind"]
        return {
            "title": cleaned["title"],
            "kind": kind,
            "url": cleaned["url"] if kind == Evidence.Kind.LINK else "",
            "minute_reference": (
                cleaned["minute_reference"] if kind == Evidence.Kind.MINUTE else ""
            ),
            "dated_on": cleaned["dated_on"],
            **{f"is_{tick}": tick in cleaned["ticks"] for tick in TICKS},
            "coverage": cleaned["coverage"],
            **{name: name in cleaned["shown"] for name in SHOWN},
        }

    @property
    def upload(self) -> Upload | None:
        upload: Upload | None = self.cleaned_data.get("file")
        return upload


class CiteForm(NHSForm):
    """Which of the library's evidence an answer cites as well, by key."""

    keys = forms.MultipleChoiceField(
        label="Choose from your library",
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice", "invalid_list"), "Select at least one piece of evidence"
        ),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, choices: Iterable[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self.fields["keys"].choices = list(choices)


def _initial(evidence: Evidence | None) -> dict[str, Any]:
    if evidence is None:
        return {"version": 0}
    names = ("title", "kind", "url", "minute_reference", "dated_on", "coverage", "version")
    return {
        **{name: getattr(evidence, name) for name in names},
        "ticks": list(evidence.ticks),
        "shown": [name for name in SHOWN if getattr(evidence, name)],
    }


def _layout(evidence: Evidence | None) -> list[Any]:
    types = f"PDF, DOCX, XLSX, PPTX, PNG or JPEG, up to {largest()}, without macros or password."
    kept = f" You can leave this empty to keep {evidence.file_name}." if _has_file(evidence) else ""
    return [
        NHSField("title"),
        NHSField(
            "kind",
            hint="A link or a reference is better than a copy: it says where to look.",
            conditional={
                "link": NHSField("url", size="s"),
                "minute": NHSField("minute_reference", size="s"),
                "file": NHSField("file", size="s", hint=f"{types}{kept}"),
            },
        ),
        NHSField("dated_on"),
        NHSField("ticks"),
        NHSField("coverage"),
        NHSField("shown"),
    ]


def _has_file(evidence: Evidence | None) -> bool:
    return bool(evidence and evidence.file)
