"""An improvement step: what is next, who sees to it, by when, with what, and how it is going."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.forms.looked_at import LookedAtForm
from assessments.models import ImprovementStep
from portal.forms.fields import TypedText, choice_field, version_field
from portal.nhsuk import DateField

NAMES = ("what", "owner", "due_on", "resource", "status")


class StepForm(LookedAtForm):
    """Owner, date and resource may wait; what is next may not."""

    what = TypedText(
        label="What is next?",
        limit=300,
        empty="Enter what is next",
        too_long="What is next must be {limit} characters or fewer",
        rows=3,
    )
    owner = TypedText(
        label="Who sees to it? (optional)",
        help_text="A role, not a person’s name. For example, Chief People Officer",
        limit=120,
        empty="Enter the role of whoever sees to it",
        too_long="Who sees to it must be {limit} characters or fewer",
        required=False,
    )
    due_on = DateField(
        label="By when? (optional)",
        help_text="For example, 31 3 2027",
        subject="The date",
        required=False,
    )
    resource = TypedText(
        label="With what money or staff time? (optional)",
        help_text="For example, £40,000 from the health inequalities fund",
        limit=200,
        empty="Enter the money or staff time",
        too_long="The money or staff time must be {limit} characters or fewer",
        required=False,
    )
    status = choice_field(
        "How is it going?", ImprovementStep.Status.choices, "Select how it is going"
    )
    version = version_field()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, step: ImprovementStep | None = None
    ) -> None:
        initial: dict[str, Any] = {"version": 0, "status": ImprovementStep.Status.NOT_STARTED}
        if step:
            initial = {name: getattr(step, name) for name in (*NAMES, "version")}
        super().__init__(data, initial=initial)

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in NAMES}
