"""The template tags: components, fields, summary, title and the one banner of messages."""

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template

from portal.nhsuk import NHSForm


class Named(NHSForm):
    name = forms.CharField(error_messages={"required": "Enter a name"})


def drawn(source, **context):
    return Template("{% load nhsuk %}" + source).render(Context(context))


def test_component_takes_options_and_a_dictionary():
    html = drawn('{% nhsuk "tag" given text="Released & read" %}', given={"colour": "green"})
    assert html == '<strong class="nhsuk-tag nhsuk-tag--green">Released &amp; read</strong>'


def test_literal_is_printed_once():
    html = drawn('{% nhsuk "inset-text" text="The window closes" %}')
    assert html.count("The window closes") == 1


def test_field_takes_options():
    html = drawn('{% nhsuk_field form.name given size="s" %}', form=Named(), given={"width": 5})
    assert "nhsuk-label--s" in html
    assert "nhsuk-input--width-5" in html


def test_summary_ignores_forms_that_are_not_there():
    html = drawn("{% nhsuk_error_summary form other %}", form=Named({}))
    assert html.count("Enter a name") == 1
    assert drawn("{% nhsuk_error_summary form %}") == ""


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({}, ""),
        ({"form": Named()}, ""),
        ({"form": Named({})}, "Error: "),
        ({"forms": [Named(), Named({})]}, "Error: "),
        ({"page_error": True}, "Error: "),
    ],
)
def test_title_says_error(context, expected):
    assert drawn("{% title_error form forms page_error %}", **context) == expected


def messages(*levels):
    return [Message(level, f"Saved {level} <b>") for level in levels]


def test_messages_are_one_banner():
    html = drawn(
        "{% nhsuk_messages messages %}", messages=messages(constants.SUCCESS, constants.WARNING)
    )
    assert html.count('data-module="nhsuk-notification-banner"') == 1
    assert "Saved 25 &lt;b&gt;" in html
    assert "Saved 30 &lt;b&gt;" in html
    assert "banner--success" not in html


def test_good_news_is_green():
    html = drawn("{% nhsuk_messages messages %}", messages=messages(constants.SUCCESS))
    assert "nhsuk-notification-banner--success" in html


@pytest.mark.parametrize("waiting", [[], ""])
def test_no_message_is_no_banner(waiting):
    assert drawn("{% nhsuk_messages messages %}", messages=waiting) == ""
