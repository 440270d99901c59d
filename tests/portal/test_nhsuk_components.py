"""Every component the portal draws is held against the design system's own fixtures."""

import json
import re
from pathlib import Path

import pytest
from django.utils.functional import lazystr
from django.utils.safestring import SafeString, mark_safe

from portal.nhsuk import component, components, direct

FIXTURES = Path(__file__).parent / "nhsuk_fixtures"
# How many fixtures each twin draws itself; the rest fall back to the macro. Fewer is a slow page.
DRAWN_DIRECTLY = {
    "breadcrumb": 1,
    "button": 42,
    "character-count": 28,
    "checkboxes": 47,
    "error-message": 5,
    "fieldset": 2,
    "hint": 2,
    "input": 34,
    "label": 17,
    "legend": 17,
    "radios": 48,
    "select": 18,
    "summary-list": 7,
    "tag": 27,
    "task-list": 4,
    "textarea": 16,
}


def fixtures():
    for path in sorted(FIXTURES.glob("*.json")):
        for number, fixture in enumerate(json.loads(path.read_text())):
            # A Nunjucks call block has no parameters to pass on.
            if "call block" not in fixture["name"]:
                name = f"{path.stem}-{number}-{fixture['name']}"
                yield pytest.param(path.stem, fixture["context"], fixture["html"], id=name)


def normal(html):
    """The markup with one way of writing white space and quotes."""
    html = re.sub(r"&#39;|&#x27;", "'", html.replace("&#34;", "&quot;")).replace('", "', '","')
    html = re.sub(r"\s+", " ", html)
    return re.sub(r"\s*(<|>)\s*", r"\1", html).strip()


@pytest.mark.parametrize(("name", "params", "html"), list(fixtures()))
def test_component_matches_the_official_fixture(name, params, html):
    assert normal(component(name, params)) == normal(html)


@pytest.mark.parametrize("name", sorted(components.TWINS))
def test_twin_draws_its_share_of_the_fixtures_itself(name):
    drawn = 0
    for fixture in json.loads((FIXTURES / f"{name}.json").read_text()):
        if "call block" in fixture["name"]:
            continue
        try:
            components.TWINS[name](fixture["context"])
            drawn += 1
        except direct.NotDirect:
            pass
    assert drawn == DRAWN_DIRECTLY[name]


# What the official fixtures do not show; the macro says what is right.
MORE = [
    ("hint", {"text": "a", "attributes": {"data-a": True, "data-b": None, "data-c": "<"}}),
    ("hint", {"text": "a", "attributes": {"hidden": {"value": True, "optional": True}}}),
    ("hint", {"text": "a", "attributes": {"hidden": {"value": False, "optional": True}}}),
    ("hint", {"text": "  a <b> & 'c' \"d\" ", "id": "i", "classes": "x y"}),
    ("tag", {"text": "a", "colour": "blue", "classes": "nhsuk-tag--red"}),
    ("tag", {"text": "a", "colour": "mauve"}),
    ("button", {"text": "a", "name": "n", "value": "v", "id": "i", "ariaLabel": "l"}),
    ("button", {"text": "a", "href": "/?a=1&b=2", "name": "n", "ariaLabel": "l"}),
    ("button", {"text": "a", "href": "/", "type": "button", "disabled": True}),
    ("button", {"html": "<b>a</b>", "classes": "nhsuk-button--small", "small": True}),
    ("label", {"text": "a", "for": "f", "visuallyHiddenText": "more", "attributes": {"x": "y"}}),
    ("label", {}),
    ("legend", {}),
    ("legend", {"text": "a", "heading": {"level": 2}, "visuallyHiddenText": "more", "size": "m"}),
    ("legend", {"text": "a", "heading": False, "isPageHeading": True}),
    ("fieldset", {"html": "<p>a</p>", "id": "i", "role": "group", "describedBy": "d"}),
    ("input", {"name": "n", "label": "a", "errorMessage": True, "large": True, "value": ""}),
    ("input", {"name": "n", "label": "a", "pattern": "[0-9]*", "describedBy": "d", "hint": "h"}),
    ("input", {"name": "n", "label": "a", "formGroup": {"classes": "c", "attributes": {"d": "e"}}}),
    ("input", {"name": "n", "label": "a", "width": 5, "classes": "nhsuk-input--width-10"}),
    ("textarea", {"name": "n", "label": "a", "value": "1 < 2\n\n3", "rows": 8, "disabled": True}),
    ("textarea", {"name": "n", "label": "a", "autocomplete": "off"}),
    ("character-count", {"name": "n", "label": "a", "maxlength": 9, "value": "b", "classes": "c"}),
    (
        "character-count",
        {"name": "n", "label": "a", "maxlength": 9, "countMessage": {"classes": "c"}},
    ),
    ("character-count", {"name": "n", "label": "a", "maxlength": 9, "formGroup": {"classes": "c"}}),
    (
        "select",
        {"name": "n", "label": "a", "value": "b", "items": [{"text": "b"}, None, {"text": "c"}]},
    ),
    (
        "radios",
        {"name": "n", "items": [None, {"value": 0, "text": "a", "checked": False}], "value": 1},
    ),
    ("radios", {"name": "n", "items": [{"value": "a", "html": "<b>a</b>", "id": "x"}], "id": "y"}),
    (
        "radios",
        {"name": "n", "disabled": True, "items": [{"value": "a", "text": "a", "disabled": False}]},
    ),
    (
        "checkboxes",
        {"name": "n", "hint": "h", "describedBy": "d", "items": [{"value": "a", "text": "a"}]},
    ),
    ("checkboxes", {"name": "n", "items": [{"value": "a", "text": "a", "name": "m", "hint": "h"}]}),
    ("checkboxes", {"name": "n", "values": ["a"], "items": [{"value": "a", "text": "a"}]}),
    (
        "task-list",
        {"items": [None, {"heading": {"html": "<i>a</i>"}, "status": "b", "classes": "c"}]},
    ),
    (
        "task-list",
        {"items": [{"heading": "a", "href": "/", "hint": {"html": "<i>a</i>"}}], "id": "i"},
    ),
    ("summary-list", {"rows": [None, {"key": "a", "value": {"html": "<i>b</i>"}, "classes": "c"}]}),
    ("summary-list", {"border": False, "rows": [{"key": "a", "value": "b", "actions": {}}]}),
    (
        "breadcrumb",
        {
            "items": [
                {"text": "a & b", "href": "/"},
                {"html": "<i>c</i>", "text": "c", "href": "/c"},
            ]
        },
    ),
]


@pytest.mark.parametrize(("name", "params"), MORE)
def test_twin_matches_the_macro(monkeypatch, name, params):
    ours = component(name, params)
    monkeypatch.delitem(components.TWINS, name)
    assert normal(ours) == normal(component(name, params))


# What a twin leaves to the macro.
FALLING_BACK = [
    ("hint", {"text": "a", "attributes": ' data-x="y"'}),
    ("input", {"name": "n", "label": 3}),
    ("radios", {"name": "n", "items": [{"divider": "or", "value": "a"}]}),
    ("summary-list", {"rows": [{"key": "a", "value": "b", "actions": {"items": [{"text": "c"}]}}]}),
    ("breadcrumb", {"items": []}),
    ("breadcrumb", {"items": [{"text": "a"}]}),
]


@pytest.mark.parametrize(("name", "params"), FALLING_BACK)
def test_twin_leaves_what_it_does_not_know_to_the_macro(name, params):
    with pytest.raises(direct.NotDirect):
        components.TWINS[name](params)
    assert "nhsuk-" in component(name, params)


@pytest.mark.parametrize("name", ["inset-text", "hint"])
@pytest.mark.parametrize("wrap", [str, SafeString, lazystr])
def test_text_is_printed_once_and_escaped(name, wrap):
    html = component(name, {"text": wrap("5 < 6 & so on"), "classes": wrap("once")})
    assert html.count("5 &lt; 6 &amp; so on") == 1
    assert html.count("once") == 1


def test_html_is_markup_whatever_its_type():
    for html in ("<b>a</b>", mark_safe("<b>a</b>")):
        assert "<b>a</b>" in component("inset-text", {"html": html})


def test_error_prefix_keeps_its_space():
    assert "Error: </span>Enter a name</span>" in component(
        "error-message", {"text": "Enter a name"}
    )
