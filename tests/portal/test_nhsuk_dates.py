"""Dates typed in three parts: what is taken, and what each slip is told."""

import datetime

import pytest
from django import forms

from portal.nhsuk import DateField, DateWidget

MARCH = datetime.date(2027, 3, 1)


def checked(day="", month="", year="", **kwargs):
    """The date, or the message and the parts it is about."""
    form_field = DateField(label="Due date", error_messages={"required": "Enter it"}, **kwargs)
    try:
        return form_field.clean([day, month, year])
    except forms.ValidationError as error:
        (one,) = error.error_list
        return one.messages[0], (one.params or {}).get("parts", ())


@pytest.mark.parametrize("month", ["3", "03", "March", "march", "mar", "Mar.", "MARC"])
def test_month_may_be_a_number_or_a_name(month):
    assert checked("1", month, "2027") == MARCH


@pytest.mark.parametrize("month", ["marchy", "ma", "xyz", "0", "13", "³", "1 2", "-1"])
def test_month_that_is_none_is_not_real(month):
    assert checked("1", month, "2027") == ("Due date must be a real date", ("month",))


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        (("1", "3", ""), ("year",)),
        (("1", "", "2027"), ("month",)),
        (("", "3", "2027"), ("day",)),
        (("", "", "2027"), ("day", "month")),
    ],
)
def test_missing_parts_are_named(typed, parts):
    assert checked(*typed) == (f"Due date must include a {' and '.join(parts)}", parts)


@pytest.mark.parametrize(
    ("typed", "message", "parts"),
    [
        (("31", "2", "2027"), "Due date must be a real date", ("day", "month", "year")),
        (("32", "1", "2027"), "Due date must be a real date", ("day",)),
        (("32", "1", "27"), "Due date must be a real date", ("day", "year")),
        (("1", "1", "27"), "Year must include 4 numbers", ("year",)),
        (("1", "1", "20xy"), "Year must include 4 numbers", ("year",)),
        (("1", "1", "20277"), "Year must include 4 numbers", ("year",)),
        (("1", "1", "0207"), "Due date must be a real date", ("year",)),
    ],
)
def test_unreal_dates_say_which_part(typed, message, parts):
    assert checked(*typed) == (message, parts)


def test_subject_begins_the_message_and_may_hold_a_percent_sign():
    form_field = DateField(subject="The 5% date")
    with pytest.raises(forms.ValidationError) as error:
        form_field.clean(["1", "", ""])
    assert error.value.messages == ["The 5% date must include a month and year"]


def test_field_without_subject_or_label_speaks_of_a_date():
    with pytest.raises(forms.ValidationError, match="Date must include a year"):
        DateField().clean(["1", "2", ""])


def test_empty_date_is_none_or_asked_for():
    assert checked(required=False) is None
    assert checked() == ("Enter it", ())
    assert DateField(required=False).clean(None) is None
    assert DateField().clean(MARCH) == MARCH


def test_widget_reads_its_three_inputs():
    widget = DateWidget()
    assert widget.value_from_datadict({"on_day": " 1 "}, {}, "on") == ["1", "", ""]
    assert widget.value_omitted_from_data({}, {}, "on")
    assert not widget.value_omitted_from_data({"on_year": ""}, {}, "on")
    assert widget.decompress(MARCH) == ["1", "3", "2027"]
    assert widget.decompress(None) == ["", "", ""]
    assert widget.decompress(["x", "", ""]) == ["x", "", ""]


def test_same_date_has_not_changed():
    assert not DateField().has_changed(MARCH, ["1", "3", "2027"])
    assert DateField().has_changed(MARCH, ["2", "3", "2027"])
