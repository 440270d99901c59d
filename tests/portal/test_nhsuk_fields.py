"""Each widget becomes its NHS component, with label, hint, one error and what was typed."""

import datetime

import pytest
from django import forms
from django.utils.safestring import mark_safe

from portal.nhsuk import DateField, MaxCharacters, MaxWords, field
from portal.nhsuk.fields import first_error, target

NAMES = [("a", "Ay"), ("b", "Bee")]


def drawn(form_field, data=None, options=None, **kwargs):
    form_class = type("F", (forms.Form,), {"it": form_field})
    form = form_class(None if data is None else data, **kwargs)
    return " ".join(field(form["it"], options).split())


def test_text_input_carries_label_hint_and_value():
    html = drawn(
        forms.CharField(label="Name", help_text="As on the paper", initial="A & B", max_length=9),
        options={"width": 10, "size": "l"},
    )
    assert '<label class="nhsuk-label nhsuk-label--l" for="id_it">Name</label>' in html
    assert '<div class="nhsuk-hint" id="id_it-hint">As on the paper</div>' in html
    assert 'class="nhsuk-input nhsuk-input--width-10"' in html
    assert 'value="A &amp; B"' in html
    assert 'aria-describedby="id_it-hint"' in html
    assert "maxlength" not in html
    assert " required" not in html


def test_error_is_the_first_one_and_keeps_what_was_typed():
    def twice(_value):
        raise forms.ValidationError(["Enter it again", "And again"])

    html = drawn(forms.CharField(validators=[twice]), {"it": "typed"})
    assert html.count("Enter it again") == 1
    assert "And again" not in html
    assert 'value="typed"' in html
    assert 'id="id_it-error"' in html


def test_number_is_typed_into_a_text_input():
    html = drawn(forms.IntegerField(min_value=0, max_value=9, step_size=1))
    assert 'type="text"' in html
    assert 'inputmode="numeric"' in html
    assert "max=" not in html


def test_email_address_is_not_spell_checked():
    html = drawn(forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"})))
    assert 'type="email"' in html
    assert 'spellcheck="false"' in html
    assert 'autocomplete="email"' in html


def test_widget_attributes_may_be_bare():
    widget = forms.TextInput(attrs={"autofocus": True, "hidden": False})
    html = drawn(forms.CharField(widget=widget), options={"attributes": {"data-x": "y"}})
    assert " autofocus" in html
    assert "hidden" not in html
    assert 'data-x="y"' in html


def test_disabled_field_is_disabled():
    assert " disabled" in drawn(forms.CharField(disabled=True))


def test_hidden_field_is_only_its_input():
    html = drawn(forms.IntegerField(widget=forms.HiddenInput, initial=3))
    assert html == '<input type="hidden" name="it" value="3" id="id_it">'


def test_password_is_never_sent_back():
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    html = drawn(forms.CharField(widget=widget), {"it": "secret"})
    assert "secret" not in html
    assert 'autocomplete="new-password"' in html
    assert drawn(forms.CharField(widget=forms.PasswordInput(attrs={"data-a": "b"}))).count("data-a")


def test_file_is_a_file_upload():
    assert 'type="file"' in drawn(forms.FileField())


def test_textarea_without_limit_has_no_counter():
    html = drawn(forms.CharField(widget=forms.Textarea, initial="a"), options={"rows": 8})
    assert 'rows="8"' in html
    assert "character-count" not in html


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (MaxWords(150, "x"), 'data-maxlength="150" data-threshold="75" data-count-type="words"'),
        (MaxCharacters(9, "x"), 'data-maxlength="9" data-threshold="75" data-count-type="char'),
    ],
)
def test_counter_counts_what_the_validator_counts(limit, words):
    form_field = forms.CharField(widget=forms.Textarea, validators=[limit])
    assert words in drawn(form_field, options={"threshold": 75})


def test_select_shows_the_chosen_option_and_flattens_groups():
    choices = [("", "Choose"), ("Group", NAMES)]
    html = drawn(forms.ChoiceField(choices=choices), {"it": "b"})
    assert '<option value="">Choose</option>' in html
    assert '<option value="b" selected>Bee</option>' in html
    assert "Group" not in html


def test_radios_carry_hints_and_reveal_and_the_first_id_is_plain():
    html = drawn(
        forms.ChoiceField(label="Level", choices=[("", "—"), *NAMES], widget=forms.RadioSelect),
        {"it": "b"},
        {
            "heading": True,
            "choice_hints": {"a": "First", "b": mark_safe("<b>Second</b>")},
            "conditional": {"b": mark_safe("<p>More</p>")},
            "inline": True,
            "small": True,
            "classes": "extra",
        },
    )
    assert '<h1 class="nhsuk-fieldset__heading">Level</h1>' in html
    assert 'id="id_it" name="it" type="radio" value="a"' in html
    assert 'id="id_it-2" name="it" type="radio" value="b" checked' in html
    assert "First" in html
    assert "<b>Second</b>" in html
    assert "<p>More</p>" in html
    assert "nhsuk-radios--small nhsuk-radios--inline extra" in html
    assert "—" not in html


def test_heading_may_be_of_another_level():
    html = drawn(forms.ChoiceField(choices=NAMES, widget=forms.RadioSelect), options={"heading": 2})
    assert '<h2 class="nhsuk-fieldset__heading">It</h2>' in html


def test_checkboxes_show_every_chosen_one():
    widget = forms.CheckboxSelectMultiple
    html = drawn(forms.MultipleChoiceField(choices=NAMES, widget=widget), {"it": ["a", "b"]})
    assert html.count("checked") == 2
    assert html.count('type="checkbox"') == 2


def test_single_checkbox_is_its_own_label():
    html = drawn(forms.BooleanField(label="I confirm"), {"it": "on"}, {"label": "I do"})
    assert "fieldset" not in html
    assert 'id="id_it" name="it" type="checkbox" value="on" checked' in html
    assert "I do" in html


def test_label_and_hint_may_be_markup_or_replaced():
    html = drawn(
        forms.CharField(label=mark_safe("<i>Name</i>"), help_text="old"), options={"hint": "new"}
    )
    assert "<i>Name</i>" in html
    assert "new" in html
    assert "old" not in html


def test_date_has_three_parts_with_names_and_stored_value():
    html = drawn(DateField(label="Due date"), initial={"it": datetime.date(2027, 3, 1)})
    for part, value in (("day", "1"), ("month", "3"), ("year", "2027")):
        assert f'id="id_it_{part}" name="it_{part}"' in html
        assert f'value="{value}"' in html
    assert 'role="group"' in html


def test_date_marks_only_the_part_in_error_and_the_summary_goes_there():
    form_class = type("F", (forms.Form,), {"it": DateField(label="Due date")})
    form = form_class({"it_day": "1", "it_month": "March", "it_year": ""})
    html = field(form["it"])
    assert first_error(form["it"]) == "Due date must include a year"
    assert target(form["it"]) == "id_it_year"
    assert html.count("nhsuk-input--error") == 1
    assert "nhsuk-input--width-4" in html


def test_missing_date_leads_to_the_day_and_marks_all():
    errors = {"required": "Enter the due date"}
    form_class = type("F", (forms.Form,), {"it": DateField(error_messages=errors)})
    form = form_class({})
    assert target(form["it"]) == "id_it_day"
    assert field(form["it"]).count("nhsuk-input--error") == 3


def test_field_without_id_uses_its_name():
    html = drawn(forms.CharField(), auto_id=False)
    assert 'id="it"' in html
    form_class = type("F", (forms.Form,), {"it": forms.CharField()})
    assert target(form_class(auto_id=False)["it"]) == "it"
    assert first_error(form_class()["it"]) == ""
