"""Layout objects for crispy forms, and the form helper every form of ours starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import BaseInput, Field, Layout, LayoutObject
from crispy_forms.utils import render_field
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.nhsuk.components import component
from portal.nhsuk.fields import field


class NHSField(Field):
    """One field with NHS options (see fields.field); conditional reveals layout under a choice.

    conditional maps a choice's value to a field name, a layout object, or a list of them.
    """

    def __init__(
        self, name: str, *, conditional: Mapping[Any, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(name)
        self.conditional = conditional or {}
        self.options = options

    def render(self, form: Any, context: Any, template_pack: str = "nhsuk", **kwargs: Any) -> str:
        # Drawn without a template: crispy's field template costs as much as the field itself.
        (name,) = self.fields
        form.rendered_fields.add(name)
        revealed = {
            str(value): "".join(
                render_field(one, form, context, template_pack=template_pack)
                for one in (inner if isinstance(inner, list | tuple) else [inner])
            )
            for value, inner in self.conditional.items()
        }
        hints = {str(value): hint for value, hint in self.options.get("choice_hints", {}).items()}
        options = {**self.options, "choice_hints": hints, "conditional": revealed}
        return field(form[name], options)


class NHSButton(BaseInput):
    """A submit button, or with href a link that looks like one; variant "secondary", "warning" …"""

    input_type = "submit"

    def __init__(
        self, text: str, *, name: str = "", value: str = "", variant: str = "", href: str = ""
    ) -> None:
        super().__init__(name, value)
        self.text, self.variant, self.href = text, variant, href

    def render(self, form: Any, context: Any, template_pack: str = "nhsuk", **kwargs: Any) -> str:
        return button(self)


class ButtonGroup(LayoutObject):
    """Buttons side by side."""

    def __init__(self, *buttons: Any) -> None:
        self.fields = list(buttons)

    def render(self, form: Any, context: Any, template_pack: str = "nhsuk", **kwargs: Any) -> str:
        inner = self.get_rendered_fields(form, context, template_pack)
        return format_html('<div class="nhsuk-button-group">{}</div>', inner)


class Markup(LayoutObject):
    """Ready markup between fields: a component, an include already rendered, a paragraph."""

    def __init__(self, html: SafeString) -> None:
        self.fields: list[Any] = []
        self.html = html

    def render(self, form: Any, context: Any, template_pack: str = "nhsuk", **kwargs: Any) -> str:
        return self.html


def button(given: Any) -> SafeString:
    """One of our buttons, or one of crispy's own inputs, as an NHS button."""
    if given.input_type == "hidden":
        return format_html('<input type="hidden" name="{}" value="{}">', given.name, given.value)
    href = getattr(given, "href", "")
    params = {
        "text": getattr(given, "text", given.value),
        "variant": getattr(given, "variant", ""),
        "href": href or None,
        "name": given.name or None,
        "value": given.value or None,
        "type": None if href else given.input_type,
        "preventDoubleClick": True if given.input_type == "submit" and not href else None,
    }
    return component("button", params)


def nhs_helper(
    *layout: Any,
    submit: str = "Save and continue",
    buttons: tuple[NHSButton, ...] = (),
    tag: bool = True,
    method: str = "post",
    action: str = "",
    attrs: Mapping[str, str] | None = None,
) -> FormHelper:
    """A helper with our defaults: hidden fields drawn, no browser checks, one main button.

    Without a layout every field is drawn in order. attrs go on the form element
    ("data-autosave-url", "id"); tag=False leaves form element and token to the template.
    """
    helper = FormHelper()
    helper.form_tag, helper.form_method, helper.form_action = tag, method, action
    helper.disable_csrf = not tag
    helper.render_hidden_fields = True
    helper.attrs = dict(attrs or {})
    if layout:
        helper.layout = Layout(*layout)
    for one in (*((NHSButton(submit),) if submit else ()), *buttons):
        helper.add_input(one)
    return helper
