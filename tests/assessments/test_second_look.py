"""What looks like personal data wants a second look before it is kept, wherever people write."""

import pytest

from assessments.forms.assignments import WordsForm
from assessments.forms.board import AskForm, OutcomeForm, RiskForm
from assessments.forms.looked_at import LOOKED
from assessments.forms.plans import PlanForm
from assessments.forms.sign_off import MessagesForm, QuestionsForm
from assessments.forms.steps import StepForm
from assessments.models import Plan, Risk
from tests import factories

NAMED = "Ask jo.bloggs@example.org or 07700 900123"
TODAY = factories.AT.date()
DATE = {"decided_on_day": "1", "decided_on_month": "11", "decided_on_year": "2026"}

FORMS = {
    "ask": (AskForm, {}, {"text": NAMED, "wants": "decide", "version": "0"}, "text"),
    "risk": (RiskForm, {}, {"what": "A risk", "response": NAMED, "version": "0"}, "response"),
    "outcome": (
        OutcomeForm,
        {"today": TODAY},
        {"decision": "agreed", "words": NAMED, "version": "0", **DATE},
        "words",
    ),
    "messages": (MessagesForm, {}, {"message_2": NAMED}, "message_2"),
    "reply": (WordsForm, {"label": "Reply", "empty": "Enter a reply"}, {"text": NAMED}, "text"),
    "questions": (QuestionsForm, {"items": [("L1", "Name")]}, {"L1": NAMED}, "L1"),
    "plan": (
        PlanForm,
        {"plan": Plan(), "today": TODAY},
        {"title": "Plan", "summary": NAMED, "version": "0"},
        "summary",
    ),
    "step": (StepForm, {}, {"what": NAMED, "status": "on_track", "version": "1"}, "what"),
}


@pytest.mark.parametrize("name", FORMS)
def test_words_are_refused_until_somebody_has_looked(name):
    form, settings, data, field = FORMS[name]
    refused = form(data, **settings)
    assert not refused.is_valid()
    assert refused.errors == {
        field: [
            "“jo.bloggs@example.org” looks like an e-mail address. "
            "“07700 900123” looks like a phone number. Take it out, or confirm below"
        ]
    }
    assert LOOKED in refused.fields
    assert form(data | {LOOKED: "on"}, **settings).is_valid()


@pytest.mark.parametrize("name", FORMS)
def test_ordinary_words_are_not_asked_about(name):
    form, settings, data, field = FORMS[name]
    plain = form(data | {field: "The panel met on 3 March 2026"}, **settings)
    assert plain.is_valid()
    assert LOOKED not in plain.fields


@pytest.mark.django_db
def test_page_shows_the_tick_with_the_reason_and_saves_with_it(client, system, lead):
    client.force_login(lead)
    path = f"/risks/{system.slug}/add/"
    data = {"what": NAMED, "board_assurance_reference": "", "version": "0"}
    assert LOOKED not in client.get(path).text
    refused = client.post(path, data)
    assert refused.status_code == 422
    assert f'name="{LOOKED}"' in refused.text
    assert "looks like a phone number" in refused.text
    assert not Risk.objects.exists()
    assert client.post(path, data | {LOOKED: "on"}).status_code == 302
    assert Risk.objects.get().what == NAMED
