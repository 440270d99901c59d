"""Every message that the portal writes, whatever it is about: one subject line and plain text."""

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string

from portal.roles import Role

ROOT = Path(settings.BASE_DIR) / "templates"
OURS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "emails").rglob("*.txt"))
THEIRS = sorted(
    str(path.relative_to(ROOT))
    for folder in ("account/email", "mfa/email")
    for path in (ROOT / folder).glob("*_message.txt")
)
LONGEST_SUBJECT = 78
LINK = re.compile(r"^https?://\S+$", re.MULTILINE)
FOREIGN_DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d/\d|(Jan|Feb|Aug|Sept|Oct|Nov|Dec)\b|[ap]\.m\.|midnight"
)
AT = dt.datetime(2026, 11, 25, 9, 5, tzinfo=dt.UTC)


def facts():
    """Names as long as London's, with what mark-up would turn into something else."""
    organisation = SimpleNamespace(
        name="South West London & Croydon's Integrated Care System",
        short_name="Croydon",
        slug="south-west-london",
    )
    return {
        "service": "Anti-racism progress",
        "site_url": "https://portal.example.org",
        "contact": "help@example.org",
        "url": "https://portal.example.org/assessments/",
        "password_reset_url": "https://portal.example.org/accounts/password/reset/key/1-2/",
        "person": SimpleNamespace(name="Siobhán O'Neill"),
        "user": SimpleNamespace(name="Siobhán O'Neill"),
        "by": SimpleNamespace(name="Amina D'Souza", email="amina@example.org"),
        "organisation": organisation,
        "cycle": SimpleNamespace(name="Self-assessment 2026"),
        "item": SimpleNamespace(code="L1", short_name="Boards' plans & budgets"),
        "codes": [f"L{number}" for number in range(1, 13)],
        "reason": "The lead's answer cannot be opened",
        "board_name": "Board of NHS South West London",
        "agenda_item": "7",
        "report": SimpleNamespace(
            get_kind_display="Board paper", pages=9, version=2, reason="Signed again."
        ),
        "invitation": SimpleNamespace(
            get_role_display=Role.COMMUNITY.label,
            organisation=organisation,
            name="Siobhán O'Neill",
            on_behalf_of="Carers' forum",
            expires_at=AT,
        ),
    } | dict.fromkeys(("at", "until", "due_at", "closes_at", "board_on", "due_on"), AT)


@pytest.fixture
def render(monkeypatch):
    """Subject and body of a template; a fact that it asks for and nobody gives shows as [?]."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "[?]")

    def draw(template):
        if template in THEIRS:
            subject = template.replace("_message.txt", "_subject.txt")
            return tuple(render_to_string(one, facts()).strip() for one in (subject, template))
        subject, _, body = render_to_string(template, facts()).partition("\n")
        return subject, body.strip()

    return draw


def test_templates_are_found():
    assert (len(OURS) > 25, len(THEIRS) > 5) == (True, True)


@pytest.mark.parametrize("template", OURS + THEIRS)
def test_subject_is_one_short_line(render, template):
    subject, _body = render(template)
    assert 0 < len(subject) <= LONGEST_SUBJECT, subject
    assert "\n" not in subject


@pytest.mark.parametrize("template", OURS + THEIRS)
def test_message_is_plain_text_that_greets_links_and_says_who_writes(render, template):
    subject, body = render(template)
    words = f"{subject}\n{body}"

    assert re.match(r"Hello( Siobhán O'Neill)?,\n", body)
    assert LINK.search(body), "no link on a line of its own"
    assert re.search(r"Anti-racism progress|help@example\.org", body.split("\n\n")[-1])
    assert re.search(r"&#?\w+;|\[\?\]|[{}<>]", words) is None
    assert re.search(r"\n{3,}|[ \t]\n", body) is None
    assert FOREIGN_DATE.search(words) is None


@pytest.mark.parametrize("template", OURS + THEIRS)
def test_message_uses_one_kind_of_apostrophe(template):
    """Names may have the straight one; our own words have the other."""
    own_words = re.sub(r"{[{%].*?[%}]}", "", (ROOT / template).read_text())
    assert "'" not in own_words
