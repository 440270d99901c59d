"""The cover sheet's form: it cleans what people type, and never saves."""

from __future__ import annotations

from portal.forms.fields import OneLine, choice_field, version_field
from portal.nhsuk import DateField, NHSForm
from reporting.models import Cover

PURPOSE_UNKNOWN = "Select what the Board is to do with the paper"


def line(label: str, *, limit: int, hint: str = "", rows: int = 0) -> OneLine:
    """Words on the cover sheet, which may be left empty."""
    return OneLine(label=label, limit=limit, help_text=hint, rows=rows)


class CoverForm(NHSForm):
    """Everything the cover sheet says that the record does not."""

    title = line(
        "Title of the paper",
        limit=200,
        hint="If you leave it empty: Anti-racism and ethnic health inequalities: our progress",
    )
    board_name = line("Board", limit=200, hint="The full name of the Board or committee")
    board_on = DateField(
        label="Date of the meeting",
        help_text="For example, 27 1 2027. The assessment is released once this day has passed",
        subject="Date of the meeting",
        required=False,
    )
    agenda_item = line("Agenda item", limit=40)
    purpose = choice_field("Purpose", Cover.Purpose.choices, PURPOSE_UNKNOWN, required=False)
    author = line("Author", limit=200, hint="Name and role")
    strategic_objectives = line("Strategic objectives", limit=500, rows=3)
    assurance_framework = line(
        "Board Assurance Framework", limit=500, rows=3, hint="The risks this paper bears on"
    )
    previously_considered = line("Previously considered at", limit=500, rows=3)
    version = version_field()
