"""The pages of asks and outcomes: writing, ordering, deciding, correcting, two people at once."""

import datetime as dt

import pytest

from assessments.models import BoardAsk, BoardOutcome
from assessments.services import change_ask, send_for_sign_off, withdraw_ask
from tests import factories
from tests.assessments.pages import hidden_version, problems, words

HERE = "/assessments/2026/north-east-london/asks/"
ASK = {"text": "Fund the community panel", "wants": "decide", "version": "0"}
OUTCOME = {
    "decision": "changed",
    "decided_on_day": "27",
    "decided_on_month": "1",
    "decided_on_year": "2027",
    "words": "For two years, not three",
    "minute_reference": "ICB/27/014",
    "version": "0",
}
AFTER = factories.london(2027, 2, 1)


@pytest.fixture
def as_lead(browser_of, lead):
    return browser_of(lead)


@pytest.fixture
def ask(assessment, lead):
    return factories.board_ask(assessment, by=lead)


@pytest.fixture
def tabled(ask, assessment, lead, sponsor):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    return ask


@pytest.fixture
def secretary(system, tabled, browser_of, clock):
    """Signed in after the Board has met."""
    clock.move_to(AFTER)
    return browser_of(factories.user_with("secretary", system, name="Mary Achebe"))


# Writing


def test_empty_page_says_what_to_do(as_lead, assessment):
    said = words(as_lead.get(HERE))
    assert "Write up to 5" in said
    assert "Nothing is asked yet. A paper that asks for nothing gets nothing" in said
    assert "Add an ask" in said


def test_ask_is_written_and_stands_on_the_page_and_under_check_answers(as_lead, assessment):
    response = as_lead.post(f"{HERE}add/", ASK, follow=True)
    assert "The ask is added." in words(response)
    assert "Decide: Fund the community panel Change" in words(response)
    said = words(as_lead.get("/assessments/2026/north-east-london/check/"))
    assert "Decide: Fund the community panel Change what the Board is asked" in said


def test_sponsor_sees_asks_and_risks_before_signing(browser_of, sponsor, ask, system, lead):
    factories.board_risk(system, by=lead)
    factories.board_risk(system, by=lead, what="Nobody is there", board_assurance_reference="")
    page = browser_of(sponsor).get("/assessments/2026/north-east-london/sign-off/")
    assert "Decide: Fund the community panel for three years." in words(page)
    assert "BAF 4 : Ethnicity is not recorded well enough" in words(page)
    assert "Nobody is there Change the risks" in words(page)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": ""}, "Enter what the Board is asked"),
        ({"text": "\u200b"}, "Enter what the Board is asked"),
        ({"text": "x" * 301}, "What the Board is asked must be 300 characters or fewer"),
        ({"wants": ""}, "Select what the Board should do"),
        ({"wants": "obey"}, "Select what the Board should do"),
        (
            {"version": "x"},
            "The page did not say which version you were looking at.",
        ),
    ],
)
def test_wrong_ask_is_refused_with_what_was_typed(as_lead, assessment, change, problem):
    response = as_lead.post(f"{HERE}add/", ASK | change)
    assert response.status_code == 422
    assert problem in words(response)
    assert not BoardAsk.objects.exists()
    if "wants" in change:
        assert "Fund the community panel" in response.content.decode()


def test_sixth_ask_is_refused_and_keeps_what_was_typed(as_lead, assessment, lead):
    for number in range(5):
        factories.board_ask(assessment, by=lead, text=f"Ask {number}")
    assert "These are 5. Withdraw one before you add another." in words(as_lead.get(HERE))
    response = as_lead.post(f"{HERE}add/", ASK)
    assert response.status_code == 409
    assert "no more than 5 things" in words(response)
    assert "Fund the community panel" in response.content.decode()


def test_ask_is_changed(as_lead, ask):
    page = as_lead.get(f"{HERE}{ask.key}/")
    assert "Fund the community panel for three years." in page.content.decode()
    as_lead.post(f"{HERE}{ask.key}/", ASK | {"version": hidden_version(page), "wants": "support"})
    ask.refresh_from_db()
    assert (ask.text, ask.wants, ask.version) == ("Fund the community panel", "support", 2)


def test_wrong_change_is_refused(as_lead, ask):
    response = as_lead.post(f"{HERE}{ask.key}/", ASK | {"text": "", "version": "1"})
    assert (response.status_code, problems(response)) == (422, ["Enter what the Board is asked"])


def test_stale_ask_shows_both_texts_and_saves_on_the_second_try(as_lead, ask, sponsor, at):
    change_ask(ask=ask, version=1, by=sponsor, at=at, text="Their words", wants="note")
    response = as_lead.post(f"{HERE}{ask.key}/", ASK | {"version": "1"})
    assert response.status_code == 409
    assert "What is saved now" in words(response)
    assert "Their words" in words(response)
    assert "Fund the community panel" in response.content.decode()
    as_lead.post(f"{HERE}{ask.key}/", ASK | {"version": hidden_version(response)})
    ask.refresh_from_db()
    assert ask.text == "Fund the community panel"


def test_ask_is_withdrawn(as_lead, ask):
    page = as_lead.get(f"{HERE}{ask.key}/withdraw/")
    assert "Fund the community panel for three years." in words(page)
    response = as_lead.post(f"{HERE}{ask.key}/withdraw/", {"version": "1"}, follow=True)
    assert "The ask is withdrawn." in words(response)
    assert as_lead.get(f"{HERE}{ask.key}/").status_code == 404


def test_ask_that_changed_meanwhile_is_not_withdrawn_unseen(as_lead, ask, sponsor, at):
    change_ask(ask=ask, version=1, by=sponsor, at=at, text="Their words", wants="note")
    response = as_lead.post(f"{HERE}{ask.key}/withdraw/", {"version": "1"})
    assert response.status_code == 409
    assert "Their words" in words(response)
    as_lead.post(f"{HERE}{ask.key}/withdraw/", {"version": hidden_version(response)})
    assert not BoardAsk.objects.kept().exists()


def test_asks_are_moved_up(as_lead, assessment, lead):
    asks = [factories.board_ask(assessment, by=lead, text=f"Ask {n}") for n in range(2)]
    assert "Move up : Ask 1" in words(as_lead.get(HERE))
    assert "Move up : Ask 0" not in words(as_lead.get(HERE))
    response = as_lead.post(f"{HERE}{asks[1].key}/up/", follow=True)
    said = words(response)
    assert said.index("Ask 1") < said.index("Ask 0")


def test_sent_assessment_takes_no_changes(as_lead, ask, assessment, lead, at):
    factories.complete_assessment(assessment, by=lead)
    send_for_sign_off(assessment=assessment, by=lead, at=at)
    said = words(as_lead.get(HERE))
    assert "Fund the community panel for three years." in said
    for gone in ("Change", "Withdraw", "Move up", "Add an ask", "Record"):
        assert gone not in said
    locked = "The answers are locked"
    for response in (
        as_lead.post(f"{HERE}add/", ASK),
        as_lead.post(f"{HERE}{ask.key}/", ASK | {"version": "1"}),
        as_lead.post(f"{HERE}{ask.key}/withdraw/", {"version": "1"}),
    ):
        assert response.status_code == 409
        assert locked in words(response)
    assert locked in as_lead.post(f"{HERE}{ask.key}/up/", follow=True).content.decode()


def test_withdrawing_with_a_broken_form_asks_again(as_lead, ask):
    assert as_lead.post(f"{HERE}{ask.key}/withdraw/", {"version": "x"}).status_code == 422


# Deciding


def test_secretary_records_what_the_board_decided(secretary, tabled):
    assert "Record what the Board decided" in words(secretary.get(HERE))
    page = secretary.get(f"{HERE}{tabled.key}/outcome/")
    assert "No outcome is recorded yet." in words(page)
    response = secretary.post(f"{HERE}{tabled.key}/outcome/", OUTCOME, follow=True)
    said = words(response)
    assert "What the Board decided is recorded." in said
    assert (
        "Agreed with changes on 27 January 2027, minute ICB/27/014 . For two years, not three"
        in said
    )
    outcome = BoardOutcome.objects.get()
    assert (outcome.recorded_by.name, outcome.recorded_at) == ("Mary Achebe", AFTER)


def test_boards_date_is_offered_once_it_has_passed(secretary, tabled, assessment, clock):
    type(assessment).objects.update(board_on=dt.date(2027, 1, 27))
    assert 'value="2027"' in secretary.get(f"{HERE}{tabled.key}/outcome/").content.decode()
    clock.move_to(factories.london(2027, 1, 20))
    assert 'value="2027"' not in secretary.get(f"{HERE}{tabled.key}/outcome/").content.decode()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"decision": ""}, "Select what the Board decided"),
        ({"decision": "vetoed"}, "Select what the Board decided"),
        ({"decided_on_day": "", "decided_on_month": "", "decided_on_year": ""},
         "Enter the date of the meeting"),
        ({"decided_on_month": "13"}, "The date of the meeting must be a real date"),
        ({"decided_on_month": "3"}, "The date of the meeting must be today or in the past"),
        ({"decided_on_year": "2026"},
         "The Board cannot have decided before the assessment was signed off."),
        ({"words": ""}, "Enter what the Board changed"),
        ({"decision": "not_agreed", "words": ""}, "Enter why the Board did not agree"),
        ({"decision": "deferred", "words": ""}, "Enter why it was deferred, and until when"),
        ({"words": "\u200b"}, "Enter what the Board decided in words"),
        ({"words": "x" * 501}, "What the Board decided must be 500 characters or fewer"),
        ({"minute_reference": "x" * 201}, "The minute reference must be 200 characters or fewer"),
    ],
)  # fmt: skip
def test_wrong_outcome_is_refused(secretary, tabled, change, problem):
    response = secretary.post(f"{HERE}{tabled.key}/outcome/", OUTCOME | change)
    assert response.status_code == 422
    assert problems(response) == [problem]
    assert not BoardOutcome.objects.exists()


def test_agreement_needs_no_words(secretary, tabled):
    secretary.post(
        f"{HERE}{tabled.key}/outcome/",
        OUTCOME | {"decision": "agreed", "words": "", "minute_reference": ""},
    )
    assert "Agreed on 27 January 2027." in words(secretary.get(HERE))
    assert "No minute reference" in words(secretary.get(f"{HERE}{tabled.key}/outcome/"))


def test_correction_counts_and_the_earlier_record_stays(secretary, tabled):
    url = f"{HERE}{tabled.key}/outcome/"
    secretary.post(url, OUTCOME | {"decision": "deferred", "words": "Until May"})
    page = secretary.get(url)
    assert "Deferred on 27 January 2027" in words(secretary.get(HERE))
    assert "It stays open." in words(secretary.get(HERE))
    assert "Correct it, or add to it" in words(page)
    secretary.post(url, OUTCOME | {"version": hidden_version(page)})
    said = words(secretary.get(url))
    assert "Agreed with changes, 27 January 2027: this counts" in said
    assert "Deferred, 27 January 2027: replaced" in said
    assert "Recorded by Mary Achebe, 1 February 2027 at 09:00. Minute ICB/27/014" in said
    assert "Until May" in said


def test_two_people_record_at_once_and_both_see_both(secretary, tabled, lead):
    factories.board_outcome(tabled, by=lead, at=AFTER, words="Their words")
    response = secretary.post(f"{HERE}{tabled.key}/outcome/", OUTCOME)
    assert response.status_code == 409
    said = words(response)
    assert "Somebody else has recorded an outcome since you opened this page." in said
    assert "Their words" in said
    assert "For two years, not three" in response.content.decode()
    again = OUTCOME | {"version": hidden_version(response)}
    secretary.post(f"{HERE}{tabled.key}/outcome/", again)
    assert BoardOutcome.objects.order_by("-number").first().words == "For two years, not three"


@pytest.mark.parametrize("role", ["board", "contributor"])
def test_others_of_the_organisation_read_and_do_not_record(tabled, system, browser_of, role, lead):
    factories.board_outcome(tabled, by=lead, at=AFTER)
    client = browser_of(factories.user_with(role, system))
    said = words(client.get(HERE))
    assert "Agreed on 1 February 2027" in said
    assert "Read more" in said
    assert "Record" not in said
    page = words(client.get(f"{HERE}{tabled.key}/outcome/"))
    assert "Recorded by Amina Okafor" in page
    assert "Save" not in page
    assert client.post(f"{HERE}{tabled.key}/outcome/", OUTCOME).status_code == 403


def test_draft_is_not_found_by_those_who_read_papers(ask, system, browser_of):
    for role in ("board", "secretary", "contributor", "community"):
        client = browser_of(factories.user_with(role, system))
        assert client.get(HERE).status_code == 404
        assert client.get(f"{HERE}{ask.key}/outcome/").status_code == 404


def test_draft_ask_has_no_outcome_page_yet(as_lead, ask):
    assert as_lead.get(f"{HERE}{ask.key}/outcome/").status_code == 404


def test_foreign_pages_are_not_found(browser_of, tabled):
    elsewhere = factories.user_with("lead", factories.organisation("south-east-london"))
    client = browser_of(elsewhere)
    pages = ("", "add/", f"{tabled.key}/", f"{tabled.key}/outcome/", f"{tabled.key}/withdraw/")
    assert {client.get(f"{HERE}{page}").status_code for page in pages} == {404}
    assert client.post(f"{HERE}{tabled.key}/up/").status_code == 404


def test_signed_off_paper_without_asks_says_so(assessment, lead, sponsor, as_lead):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    assert "This paper asks nothing of the Board." in words(as_lead.get(HERE))


def test_earlier_asks_that_are_open_stand_on_the_next_page(
    tabled, framework, system, lead, browser_of, clock
):
    factories.board_outcome(tabled, by=lead, at=AFTER, decision="deferred", words="Until May")
    next_cycle = factories.open_assessment(
        framework,
        system,
        slug="2027",
        name="Self-assessment 2027",
        opens_at=factories.london(2027, 10, 5),
        due_at=factories.london(2027, 12, 15),
        closes_at=factories.london(2028, 1, 15),
        last_release_at=factories.london(2028, 3, 31),
    )
    clock.move_to(factories.london(2027, 10, 12))
    said = words(browser_of(lead).get(f"{next_cycle.get_absolute_url()}asks/"))
    assert "Earlier asks that are still open" in said
    assert "Decide: Fund the community panel for three years. From Self-assessment 2026" in said
    assert "It stays open. Until May" in said


def test_reopened_assessment_keeps_what_was_signed_and_lets_it_be_withdrawn(
    tabled, assessment, as_lead, lead, at
):
    type(assessment).objects.filter(pk=assessment.pk).update(
        sent_at=None, sent_by=None, signed_at=None, signed_by=None, signed_off_at=None
    )
    said = words(as_lead.get(HERE))
    assert "Withdraw Fund the community panel" in said
    assert "Change Fund the community panel" not in said
    response = as_lead.post(f"{HERE}{tabled.key}/", ASK | {"version": "1"})
    assert "stands in a signed-off paper" in words(response)
    withdraw_ask(ask=tabled, version=1, by=lead, at=at)
    assert as_lead.get(f"{HERE}{tabled.key}/outcome/").status_code == 404


def test_pages_ask_the_database_at_most_twelve_times(
    secretary, tabled, lead, as_lead, django_assert_max_num_queries
):
    factories.board_outcome(tabled, by=lead, at=AFTER)
    for client in (secretary, as_lead):
        for page in (HERE, f"{HERE}{tabled.key}/outcome/"):
            with django_assert_max_num_queries(12):
                assert client.get(page).status_code == 200
