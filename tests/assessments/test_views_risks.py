"""The pages of risks: the list, the form, withdrawing, two people at once."""

import pytest

from assessments.models import Risk
from assessments.services import change_risk
from tests import factories
from tests.assessments.pages import hidden_version, problems, words

HERE = "/risks/north-east-london/"
RISK = {
    "what": "Funding ends in March",
    "board_assurance_reference": "BAF 2",
    "response": "A bid is with the finance committee",
    "owner": "Chief Finance Officer",
    "version": "0",
}


@pytest.fixture
def as_lead(browser_of, lead, framework):
    return browser_of(lead)


@pytest.fixture
def risk(system, lead):
    return factories.board_risk(system, by=lead)


def test_empty_list_says_so(as_lead):
    assert "No risk is recorded yet." in words(as_lead.get(HERE))


def test_risk_is_added_and_listed_with_all_it_says(as_lead, system):
    assert as_lead.get(f"{HERE}add/").status_code == 200
    said = words(as_lead.post(f"{HERE}add/", RISK, follow=True))
    assert "The risk is added." in said
    assert "Funding ends in March BAF 2 . Chief Finance Officer A bid is with" in said


def test_bare_risk_says_what_is_missing(as_lead):
    bare = RISK | {"board_assurance_reference": "", "response": "", "owner": ""}
    said = words(as_lead.post(f"{HERE}add/", bare, follow=True))
    assert "Not in the Board Assurance Framework" in said
    assert "Nobody holds it yet" in said
    assert "Nothing is recorded that is being done about it." in said


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"what": ""}, "Enter what the risk is"),
        ({"what": "x" * 301}, "What the risk is must be 300 characters or fewer"),
        ({"board_assurance_reference": "x" * 61}, "The reference must be 60 characters or fewer"),
        ({"response": "x" * 301},
         "What is being done about it must be 300 characters or fewer"),
        ({"owner": "x" * 121}, "Who holds it must be 120 characters or fewer"),
        ({"owner": "\u200b"}, "Enter the role of whoever holds it"),
    ],
)  # fmt: skip
def test_wrong_risk_is_refused(as_lead, risk, change, problem):
    for page in ("add/", f"{risk.key}/"):
        response = as_lead.post(f"{HERE}{page}", RISK | change)
        assert (response.status_code, problems(response)) == (422, [problem])
    assert Risk.objects.count() == 1


def test_eleventh_risk_is_refused_and_keeps_what_was_typed(as_lead, system, lead):
    for number in range(10):
        factories.board_risk(system, by=lead, what=f"Risk {number}")
    assert "These are 10. Withdraw one before you add another." in words(as_lead.get(HERE))
    response = as_lead.post(f"{HERE}add/", RISK)
    assert response.status_code == 409
    assert "Funding ends in March" in response.content.decode()


def test_risk_is_changed_and_withdrawn(as_lead, risk):
    page = as_lead.get(f"{HERE}{risk.key}/")
    as_lead.post(f"{HERE}{risk.key}/", RISK | {"version": hidden_version(page)})
    risk.refresh_from_db()
    assert (risk.what, risk.version) == ("Funding ends in March", 2)
    assert "Funding ends in March" in words(as_lead.get(f"{HERE}{risk.key}/withdraw/"))
    response = as_lead.post(f"{HERE}{risk.key}/withdraw/", {"version": "2"}, follow=True)
    assert "The risk is withdrawn." in words(response)
    assert as_lead.get(f"{HERE}{risk.key}/").status_code == 404


def test_stale_risk_shows_both_texts(as_lead, risk, sponsor, at):
    change_risk(risk=risk, version=1, by=sponsor, at=at, what="Their words")
    response = as_lead.post(f"{HERE}{risk.key}/", RISK | {"version": "1"})
    assert response.status_code == 409
    assert "Their words" in words(response)
    assert "Funding ends in March" in response.content.decode()
    away = as_lead.post(f"{HERE}{risk.key}/withdraw/", {"version": "1"})
    assert away.status_code == 409
    assert hidden_version(away) == "2"


def test_contributors_may_not_and_others_do_not_find(risk, system, browser_of, contributor):
    pages = ("", "add/", f"{risk.key}/", f"{risk.key}/withdraw/")
    client = browser_of(contributor)
    assert {client.get(f"{HERE}{page}").status_code for page in pages} == {403}
    for role in ("board", "secretary", "community"):
        client = browser_of(factories.user_with(role, system))
        assert {client.get(f"{HERE}{page}").status_code for page in pages} == {404}
