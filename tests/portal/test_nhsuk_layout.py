"""Forms drawn through crispy with the NHS pack: helper, layout objects, buttons, formsets."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import (
    HTML,
    Button,
    ButtonHolder,
    Column,
    Div,
    Fieldset,
    Hidden,
    Layout,
    MultiField,
    Row,
    Submit,
)
from django import forms
from django.template import Context, Template
from django.utils.safestring import mark_safe

from portal.nhsuk import ButtonGroup, Markup, NHSButton, NHSField, NHSForm, nhs_helper


class Answer(NHSForm):
    level = forms.ChoiceField(
        label="Level",
        choices=[(0, "Not started"), (1, "Committed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select a level", "invalid_choice": "Select a level"},
    )
    reason = forms.CharField(required=False)
    note = forms.CharField(required=False)
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, helper=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper or nhs_helper()


def drawn(helper=None, data=None, tag="{% crispy form %}", form_class=Answer, **context):
    form = form_class(data, helper=helper)
    context = Context({"form": form, "csrf_token": "token", **context})
    return Template("{% load crispy_forms_tags %}" + tag).render(context)


def test_helper_draws_every_field_token_and_one_button():
    html = drawn()
    assert 'method="post" novalidate' in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert html.count("nhsuk-form-group") == 3
    assert '<input type="hidden" name="version"' in html
    assert html.count("<button") == 1
    assert "Save and continue" in html
    assert 'data-prevent-double-click="true"' in html


def test_helper_takes_action_method_attributes_and_more_buttons():
    helper = nhs_helper(
        "note",
        submit="Search",
        method="get",
        action="/find/",
        attrs={"data-autosave-url": "/draft/"},
        buttons=(
            NHSButton("Later", name="later", value="1", variant="secondary"),
            NHSButton("Cancel", href="/"),
        ),
    )
    html = drawn(helper)
    assert 'action="/find/"' in html
    assert 'data-autosave-url="/draft/"' in html
    assert 'method="get"' in html
    assert "csrfmiddlewaretoken" not in html
    assert 'nhsuk-button--secondary" name="later"' in html
    assert '<a class="nhsuk-button" data-module="nhsuk-button" href="/"' in html
    assert "level" not in html
    assert 'name="version"' in html


def test_helper_without_form_tag_leaves_form_token_and_buttons_out():
    html = drawn(nhs_helper("note", tag=False, submit=""))
    assert "<form" not in html
    assert "csrfmiddlewaretoken" not in html
    assert "<button" not in html


@pytest.mark.parametrize("inner", ["reason", ["reason", NHSField("note")]])
def test_choice_reveals_layout_and_hints_may_be_keyed_by_number(inner):
    layout = NHSField("level", conditional={0: inner}, choice_hints={1: "In writing"})
    html = drawn(nhs_helper(layout))
    assert 'id="conditional-id_level"' in html
    assert 'name="reason"' in html
    assert "In writing" in html
    assert ("note" in html) == isinstance(inner, list)


def test_file_form_is_sent_in_parts():
    words = dict.fromkeys(("invalid", "missing", "empty", "contradiction"), "Select a file")
    file = forms.FileField(required=False, error_messages=words)
    html = drawn(form_class=type("WithFile", (Answer,), {"file": file}))
    assert 'enctype="multipart/form-data"' in html


def test_layout_objects_become_nhs_markup():
    helper = nhs_helper(
        Fieldset("About", "note", css_id="about", css_class="wide"),
        Fieldset("", HTML("<p>html</p>")),
        Div(HTML("in a div"), css_id="box", css_class="boxed"),
        Row(Column(HTML("half")), Column(HTML("third"), css_class="nhsuk-grid-column-one-third")),
        MultiField("Several", "reason", css_id="several"),
        Markup(mark_safe("<p>ready</p>")),
        ButtonGroup(NHSButton("One"), NHSButton("Two")),
        ButtonHolder(
            Submit("save", "Save"), Button("plain", "Plain"), Hidden("h", "1"), css_id="holder"
        ),
    )
    html = drawn(helper)
    assert '<legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">About' in html
    assert 'class="nhsuk-fieldset wide" id="about"' in html
    assert '<div id="box" class="boxed"' in html
    assert 'class="nhsuk-grid-row"' in html
    assert 'class="nhsuk-grid-column-one-half"' in html
    assert 'class="nhsuk-grid-column-one-third"' in html
    assert ">Several</legend>" in html
    assert "<p>ready</p>" in html
    assert 'id="holder" class="nhsuk-button-group"' in html
    assert 'name="save" data-module="nhsuk-button" data-prevent-double-click="true"' in html
    assert 'name="plain" data-module="nhsuk-button" type="button"' in html
    assert '<input type="hidden" name="h" value="1">' in html


def test_filters_of_crispy_work_with_the_pack():
    assert "nhsuk-radios" in drawn(tag="{{ form|crispy }}")
    assert "nhsuk-radios" in drawn(tag="{{ form.level|as_crispy_field }}")
    assert "There is a problem" in drawn(tag="{{ form|as_crispy_errors }}", data={})


def test_formset_is_drawn_with_its_management_form():
    formset = forms.formset_factory(Answer, extra=2)
    helper = nhs_helper("note")
    tags = "{% load crispy_forms_tags %}"
    context = Context({"formset": formset(), "helper": helper, "csrf_token": "token"})
    html = Template(tags + "{% crispy formset helper %}{{ formset|as_crispy_errors }}").render(
        context
    )
    assert 'name="form-TOTAL_FORMS"' in html
    assert 'name="form-1-note"' in html
    assert html.count("<button") == 1
    plain = Template(tags + "{{ formset|crispy }}").render(Context({"formset": formset()}))
    assert "form-1-level" in plain


def test_crispys_own_helper_works_too():
    helper = FormHelper()
    helper.layout = Layout("note")
    helper.add_input(Submit("save", "Save"))
    html = drawn(helper)
    assert 'name="note"' in html
    assert ">Save</button>" in html
