"""No form may show a sentence of Django's own; limits count as the page counts."""

import pytest
from django import forms
from django.core import validators
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.nhsuk import (
    DateField,
    MaxCharacters,
    MaxWords,
    NHSForm,
    default_messages,
    error_summary,
    has_errors,
)
from portal.text import count_words


class Named(NHSForm):
    name = forms.CharField(error_messages={"required": "Enter a name"})
    due_on = DateField(label="Due date", required=False)
    version = forms.IntegerField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": "Reload the page"}
    )


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        (forms.CharField(), ["required"]),
        (forms.CharField(required=False), []),
        (forms.CharField(required=False, max_length=9), ["max_length"]),
        (forms.CharField(required=False, max_length=9, error_messages={"max_length": "x"}), []),
        (forms.EmailField(required=False), ["invalid", "max_length"]),
        (forms.IntegerField(required=False), ["invalid"]),
        (forms.IntegerField(required=False, min_value=0), ["invalid", "min_value"]),
        (forms.ChoiceField(), ["invalid_choice", "required"]),
        (forms.MultipleChoiceField(required=False), ["invalid_choice", "invalid_list"]),
        (forms.FileField(), ["empty", "invalid", "missing", "required"]),
        (
            forms.FileField(required=False, max_length=9),
            ["contradiction", "empty", "invalid", "max_length", "missing"],
        ),
        (
            forms.FileField(required=False, widget=forms.FileInput),
            ["empty", "invalid", "missing"],
        ),
        (DateField(), ["required"]),
        (DateField(required=False), []),
        (forms.CharField(required=False, validators=[MaxWords(9, "x")]), []),
        (forms.CharField(required=False, validators=[validators.RegexValidator("a")]), ["invalid"]),
        (
            forms.CharField(
                required=False, validators=[validators.RegexValidator("a", message="Type an a")]
            ),
            [],
        ),
        (forms.CharField(required=False, validators=[lambda value: None]), []),
    ],
)
def test_default_messages_are_found(field, codes):
    assert default_messages(field) == codes


def test_form_class_with_a_default_message_cannot_be_made():
    with pytest.raises(ImproperlyConfigured, match=r'Bare would .* name: error_messages for "req'):
        type("Bare", (NHSForm,), {"name": forms.CharField()})


def test_form_that_adds_a_field_with_a_default_message_cannot_be_checked():
    form = Named({"name": "a"})
    form.fields["added"] = forms.CharField()
    with pytest.raises(ImproperlyConfigured, match="added: "):
        form.is_valid()


def test_null_character_is_refused_in_our_words():
    form = Named({"name": "a\x00b"})
    assert form.errors["name"] == ["Name must not include characters that cannot be shown"]


def test_every_message_of_a_hostile_post_is_ours():
    form = Named({"name": "", "due_on_day": "x", "version": "y"})
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "name": ["Enter a name"],
        "due_on": ["Due date must include a month and year"],
        "version": ["Reload the page"],
    }


@pytest.mark.parametrize("text", ["", "a b", " a\r\n\tb  ", "don’t well-being 3.5", "a\xa0b"])
def test_words_are_counted_as_everywhere(text):
    assert MaxWords.count(text) == count_words(text)


def test_word_limit_names_itself():
    limit = MaxWords(2, "Reason must be {limit} words or fewer")
    limit("two words")
    with pytest.raises(forms.ValidationError, match="Reason must be 2 words or fewer"):
        limit("now three words")


def test_line_break_is_one_character():
    limit = MaxCharacters(3, "Reason must be {limit} characters or fewer")
    limit("a\r\nb")
    limit("a\nb")
    with pytest.raises(forms.ValidationError, match="3 characters"):
        limit("a\r\nbc")


def test_summary_leads_to_each_field_and_not_to_hidden_ones():
    form = Named({"name": "", "due_on_day": "1", "version": "y"})
    form.add_error(None, "Choose one or the other")
    html = error_summary(form)
    assert "There is a problem" in html
    assert 'href="#id_name"' in html
    assert 'href="#id_due_on_month"' in html
    assert "Reload the page" in html
    assert "#id_version" not in html
    assert html.index("Choose one") < html.index("Enter a name")


def test_summary_without_errors_is_empty():
    assert error_summary(Named(), Named({"name": "a"})) == ""


def formset(total):
    numbers = {"form-TOTAL_FORMS": str(total), "form-INITIAL_FORMS": "0", "form-0-name": ""}
    made = forms.formset_factory(Named, extra=0, min_num=1, max_num=1, validate_max=True)
    return made({**numbers, "form-0-due_on_day": "1"})


def test_summary_covers_formsets():
    html = error_summary(formset(1))
    assert 'href="#id_form-0-name"' in html
    assert 'href="#id_form-0-due_on_month"' in html
    unbound = forms.formset_factory(Named)()
    assert error_summary(unbound) == ""


def test_summary_shows_what_is_wrong_with_a_formset_as_a_whole():
    class OneOnly(forms.BaseFormSet):
        def clean(self):
            raise forms.ValidationError("Give one")

    made = forms.formset_factory(Named, formset=OneOnly)
    form = made({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "a"})
    assert "Give one" in error_summary(form)


def test_errors_are_seen_in_forms_lists_and_flags():
    wrong, right = Named({"name": ""}), Named({"name": "a"})
    assert has_errors(wrong)
    assert has_errors("", None, [right, [wrong]])
    assert has_errors(True)
    assert has_errors(formset(1))
    assert not has_errors(right, Named(), "", None, [], [right])


def test_uploaded_file_is_checked_in_our_words():
    words = dict.fromkeys(("required", "invalid", "missing", "empty"), "Select a file")
    form_class = type("F", (NHSForm,), {"file": forms.FileField(error_messages=words)})
    assert form_class({}, {}).errors["file"] == ["Select a file"]
    empty = {"file": SimpleUploadedFile("a.txt", b"")}
    assert form_class({}, empty).errors["file"] == ["Select a file"]
