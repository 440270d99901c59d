"""Every component the portal draws is held against the design system's own fixtures."""

import json
import re
from pathlib import Path

import pytest
from django.utils.functional import lazystr
from django.utils.safestring import SafeString, mark_safe

from portal.nhsuk import components, component, direct

FIXTURES = Path(__file__).parent / "nhsuk_fixtures"
# The share each twin draws itself; the rest falls back to the macro. Fewer would be a slow page.
DIRECT_AT_LEAST = {
    "button": 42,
    "character-count": 26,
    "checkboxes": 50,
    "error-message": 5,
    "fieldset": 2,
    "hint": 2,
    "input": 36,
    "label": 14,
    "legend": 14,
    "radios": 46,
    "select": 18,
    "summary-list": 8,
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
    html = re.sub(r"&#39;|&#x27;", "'", html.replace("&#34;", "&quot;"))
    html = re.sub(r"\s+", " ", html)
    return re.sub(r"\s*(<|>)\s*", r"\1", html).strip()


@pytest.mark.parametrize(("name", "params", "html"), list(fixtures()))
def test_component_matches_the_official_fixture(name, params, html):
    assert normal(component(name, params)) == normal(html)
