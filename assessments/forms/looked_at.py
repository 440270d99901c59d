"""Forms whose words are looked at for personal data before they are kept."""

from __future__ import annotations

from typing import Any

from django import forms

from assessments.queries import personal_data_warnings
from portal.forms.fields import TypedText
from portal.nhsuk import NHSForm

LOOKED = "identifies_nobody"


class LookedAtForm(NHSForm):
    """A form whose words are kept for good: what looks like personal data wants a second look.

    It is refused with what was found, and saved when it is sent again with the tick.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        found = {name: sentences for name in self._typed if (sentences := self._warnings(name))}
        if found:
            self.fields[LOOKED] = forms.BooleanField(
                label="I have looked: what is named here is not personal data", required=False
            )
        if not self.data.get(LOOKED):
            for name, sentences in found.items():
                self.add_error(name, f"{' '.join(sentences)} Take it out, or confirm below")
        return cleaned

    @property
    def _typed(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, TypedText)]

    def _warnings(self, name: str) -> list[str]:
        return personal_data_warnings(self.cleaned_data.get(name) or "")
