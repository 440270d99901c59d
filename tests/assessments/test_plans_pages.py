"""The pages of the plan: reading, recording, priorities and measures."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from assessments.models import Measure, Plan
from assessments.services import (
    add_measure,
    change_measure,
    remove_measure,
    save_plan,
    set_priorities,
)
from commitments.models import Item
from tests import factories
from tests.assessments.pages import MEASURE, PLAN, hidden_version, problems, words

HERE = "/plan/north-east-london/"
FIGURES = {
    "name": "Bowel screening uptake",
    "source": "Local extract",
    "unit": "%",
    "ethnic_group": "Bangladeshi",
    "baseline": Decimal("44.1"),
    "baseline_on": dt.date(2025, 3, 31),
    "target": Decimal("58"),
    "target_on": dt.date(2028, 3, 31),
}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(factories.AT):
        yield


@pytest.fixture
def plan(system, lead, at):
    return save_plan(organisation=system, version=0, by=lead, at=at, title="Said and Done")


@pytest.fixture
def measure(plan, lead, at):
    return add_measure(plan=plan, by=lead, at=at, **FIGURES)


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead)
    return client


def item(code):
    return Item.objects.get(code=code)


# Reading


def test_without_a_plan_the_page_says_what_to_do(as_lead, client, contributor, system):
    assert "No plan is recorded yet." in words(as_lead.get(HERE))
    assert "Record the plan" in words(as_lead.get(HERE))
    client.force_login(contributor)
    said = words(client.get(HERE))
    assert "Your assessment lead or sponsor records it here." in said
    assert "Record the plan" not in said


def test_bare_plan_says_what_is_not_provided(as_lead, plan):
    said = words(as_lead.get(HERE))
    for expected in (
        "Date of the Board’s approval: not provided",
        "Minute: not provided",
        "Web address: not provided",
        "No priority is recorded yet.",
        "A plan has 3 to 8 measures. None is recorded yet.",
        "There are no improvement steps yet.",
        "Choose what comes first",
        "Add a measure",
    ):
        assert expected in said


def test_whole_plan_is_shown(as_lead, plan, framework, system, lead, at):
    words_of_plan = {
        "title": "Said and Done",
        "url": "https://www.example.org/plan",
        "minute_reference": "ICB/24/067",
        "approved_on": dt.date(2026, 5, 14),
        "summary": "It puts six things first.",
    }
    save_plan(organisation=system, version=1, by=lead, at=at, **words_of_plan)
    plan.refresh_from_db()
    set_priorities(plan=plan, priorities=[(item("L1"), "Said first")], by=lead, at=at)
    latest = {"latest": Decimal("52.6"), "latest_on": dt.date(2026, 9, 30), "note": "Counted anew"}
    add_measure(plan=plan, by=lead, at=at, **(FIGURES | latest))
    everyone = {"name": "Waiting time", "unit": "days", "ethnic_group": ""}
    add_measure(plan=plan, by=lead, at=at, higher_is_better=False, **(FIGURES | everyone))
    factories.StepFactory(organisation=system, item=item("L1"), what="Train the panels")
    said = words(as_lead.get(HERE))
    for expected in (
        "Approved by the Board on 14 May 2026",
        "Minute: ICB/24/067",
        "https://www.example.org/plan",
        "It puts six things first.",
        "L1 Short name L1 Said first",
        "Bangladeshi . Higher is better. Source: Local extract",
        "Baseline 44.1% March 2025 Latest 52.6% September 2026 Target 58% March 2028",
        "Counted anew",
        "All people . Lower is better.",
        "44.1 days",
        "Not measured yet",
        "This one has 2 so far.",
        "Train the panels",
        "Change what comes first",
    ):
        assert expected in said


def test_contributor_reads_without_change_links(client, contributor, plan, measure):
    client.force_login(contributor)
    said = words(client.get(HERE))
    assert "Bowel screening uptake" in said
    assert "Change" not in said
    for page in ("edit/", "priorities/", "measures/add/", f"measures/{measure.key}/"):
        assert client.get(f"{HERE}{page}").status_code == 403


@pytest.mark.parametrize("role", ["board", "secretary", "community", "heg", "admin"])
def test_others_do_not_find_the_plan(client, system, plan, measure, role):
    client.force_login(factories.user_with(role, None if role == "heg" else system))
    pages = ("", "edit/", "priorities/", "measures/add/", f"measures/{measure.key}/remove/")
    assert {client.get(f"{HERE}{page}").status_code for page in pages} == {404}


def test_foreign_plan_is_not_found(as_lead, lead, at):
    elsewhere = factories.organisation("south-east-london")
    save_plan(organisation=elsewhere, version=0, by=lead, at=at, title="Theirs")
    for page in ("", "edit/", "priorities/", "measures/add/"):
        assert as_lead.get(f"/plan/south-east-london/{page}").status_code == 404


def test_page_asks_few_questions(
    as_lead, plan, framework, system, lead, at, django_assert_max_num_queries
):
    every = [(one, "Why") for one in Item.objects.actions()]
    set_priorities(plan=plan, priorities=every, by=lead, at=at)
    for number in range(8):
        add_measure(plan=plan, by=lead, at=at, **(FIGURES | {"name": f"Measure {number}"}))
        factories.StepFactory(organisation=system, item=item("L1"))
    with django_assert_max_num_queries(12):
        said = words(as_lead.get(HERE))
    assert "Add a measure" not in said
    assert "A plan has 3 to 8 measures" not in said
    with django_assert_max_num_queries(12):
        as_lead.get(f"{HERE}priorities/")


# Recording


def test_plan_is_recorded(as_lead, system):
    assert hidden_version(as_lead.get(f"{HERE}edit/")) == "0"
    response = as_lead.post(f"{HERE}edit/", PLAN)
    assert response.url == HERE
    plan = Plan.objects.get()
    assert (plan.organisation, plan.title, plan.version) == (system, "Said and Done", 1)
    assert plan.approved_on == dt.date(2026, 5, 14)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Enter what the plan is called"),
        ({"title": "x" * 201}, "What the plan is called must be 200 characters or fewer"),
        (
            {"minute_reference": "x" * 201},
            "The reference of the minute must be 200 characters or fewer",
        ),
        ({"minute_reference": "\u200b"}, "Enter the reference of the minute"),
        ({"url": "\u200b"}, "Enter a web address"),
        ({"approved_on_day": "32"}, "The date of approval must be a real date"),
        ({"approved_on_year": "2027"}, "The date of approval must be today or in the past"),
        ({"summary": "x" * 2001}, "What the plan says must be 2,000 characters or fewer"),
        ({"summary": "\u200b"}, "Enter what the plan says"),
    ],
)
def test_bad_plan_is_refused_in_its_own_words(as_lead, system, changes, sentence):
    response = as_lead.post(f"{HERE}edit/", PLAN | changes)
    assert (response.status_code, problems(response)) == (422, [sentence])
    assert not Plan.objects.exists()


def test_stale_plan_shows_both(as_lead, plan, system, sponsor, at):
    save_plan(organisation=system, version=1, by=sponsor, at=at, title="Their plan")
    response = as_lead.post(f"{HERE}edit/", PLAN | {"title": "My plan", "version": "1"})
    assert response.status_code == 409
    assert "What is the plan called? Their plan" in words(response)
    assert 'value="My plan"' in response.content.decode()
    again = PLAN | {"title": "My plan", "version": hidden_version(response)}
    assert as_lead.post(f"{HERE}edit/", again).status_code == 302


# Priorities


def test_priorities_are_chosen_with_why(as_lead, plan, framework):
    page = words(as_lead.get(f"{HERE}priorities/"))
    assert "Leadership L1 Short name L1" in page
    sent = {"version": "1", "first_L": ["L1", "L3"], "why_L1": "A", "why_L3": "B", "why_W1": "No"}
    response = as_lead.post(f"{HERE}priorities/", sent)
    assert response.url == f"{HERE}#priorities"
    assert {(one.item.code, one.why) for one in plan.priorities.all()} == {
        ("L1", "A"),
        ("L3", "B"),
    }
    page = as_lead.get(f"{HERE}priorities/").content.decode()
    assert 'value="L3" checked' in page
    assert ">B</textarea>" in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"first_L": ["L1"]}, "Enter why L1 comes first"),
        ({"first_L": ["L1"], "why_L1": "\u200b"}, "Enter why L1 comes first"),
        (
            {"first_L": ["L1"], "why_L1": "x" * 501},
            "Why L1 comes first must be 500 characters or fewer",
        ),
        ({"first_L": ["D1"]}, "Select from what stands under Leadership"),
    ],
)
def test_bad_priorities_are_refused(as_lead, plan, framework, sent, sentence):
    response = as_lead.post(f"{HERE}priorities/", {"version": "1", **sent})
    assert (response.status_code, problems(response)) == (422, [sentence])
    assert not plan.priorities.exists()


def test_why_of_an_action_that_is_not_first_is_not_checked(as_lead, plan, framework):
    sent = {"version": "1", "first_W": ["W1"], "why_W1": "A", "why_L1": "x" * 501}
    assert as_lead.post(f"{HERE}priorities/", sent).status_code == 302
    assert plan.priorities.get().item.code == "W1"


def test_stale_priorities_show_both(as_lead, plan, framework, sponsor, at):
    set_priorities(plan=plan, priorities=[(item("W1"), "Theirs")], by=sponsor, at=at)
    sent = {"version": "1", "first_L": ["L1"], "why_L1": "Mine"}
    response = as_lead.post(f"{HERE}priorities/", sent)
    assert response.status_code == 409
    said = words(response)
    assert "Workforce W1 Short name W1 Why does W1 come first? Theirs" in said
    assert ">Mine</textarea>" in response.content.decode()
    again = sent | {"version": hidden_version(response)}
    assert as_lead.post(f"{HERE}priorities/", again).status_code == 302


def test_priorities_and_measures_wait_for_a_plan(as_lead, system, framework):
    for page in ("priorities/", "measures/add/"):
        assert as_lead.get(f"{HERE}{page}").status_code == 404


# Measures


def test_measure_is_added(as_lead, plan, lead):
    assert "Leave out figures about fewer than 10 people" in words(
        as_lead.get(f"{HERE}measures/add/")
    )
    latest = {
        "latest": "52.6",
        "latest_on_day": "30",
        "latest_on_month": "9",
        "latest_on_year": "2026",
    }
    response = as_lead.post(f"{HERE}measures/add/", MEASURE | latest)
    assert response.url == f"{HERE}#measures"
    measure = Measure.objects.get()
    assert (measure.ethnic_group, measure.higher_is_better, measure.updated_by) == (
        "Bangladeshi compared with all people",
        True,
        lead,
    )
    assert (measure.baseline, measure.latest) == (Decimal("44.1"), Decimal("52.6"))


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"name": ""}, ["Enter what is measured"]),
        ({"name": "x" * 201}, ["What is measured must be 200 characters or fewer"]),
        ({"source": ""}, ["Enter where the figures come from"]),
        ({"source": "x" * 201}, ["Where the figures come from must be 200 characters or fewer"]),
        ({"unit": "x" * 41}, ["The unit must be 40 characters or fewer"]),
        ({"direction": ""}, ["Select which way is better"]),
        ({"other_group": ""}, ["Enter which people it is about"]),
        ({"other_group": "\u200b"}, ["Enter which people it is about"]),
        ({"baseline": "many"}, ["Baseline must be a number, like 61 or 66.4"]),
        ({"target": ""}, ["Enter the target"]),
        ({"target": "0.0001"}, ["Target must have 3 decimal places or fewer"]),
        ({"latest": "x"}, ["Latest figure must be a number, like 61 or 66.4"]),
        ({"latest": "5"}, ["Enter its date as well"]),
        (
            {"latest_on_day": "30", "latest_on_month": "9", "latest_on_year": "2026"},
            ["Enter the latest figure"],
        ),
        ({"baseline_on_year": "2027"}, ["The date of the baseline must be today or in the past"]),
        (
            {"target_on_year": "2024"},
            ["The date of the target must be after the date of the baseline"],
        ),
        (
            {"latest": "5", "latest_on_day": "1", "latest_on_month": "1", "latest_on_year": "2027"},
            ["The date of the latest figure must be today or in the past"],
        ),
        (
            {"latest": "5", "latest_on_day": "1", "latest_on_month": "1", "latest_on_year": "2024"},
            ["The date of the latest figure must not be before the baseline’s"],
        ),
        (
            {
                "latest": "5",
                "latest_on_day": "31",
                "latest_on_month": "2",
                "latest_on_year": "2026",
            },
            ["The date of the latest figure must be a real date"],
        ),
        ({"note": "x" * 301}, ["What a reader should know must be 300 characters or fewer"]),
        ({"note": "\u200b"}, ["Enter what a reader should know"]),
    ],
)
def test_bad_measure_is_refused_in_its_own_words(as_lead, plan, changes, sentences):
    response = as_lead.post(f"{HERE}measures/add/", MEASURE | changes)
    assert (response.status_code, problems(response)) == (422, sentences)
    assert not Measure.objects.exists()


def test_same_measure_and_a_ninth_are_refused(as_lead, plan, measure, lead, at):
    same = MEASURE | {"ethnic_group": "Bangladeshi", "other_group": ""}
    exists = ["The plan already has this measure for these people."]
    response = as_lead.post(f"{HERE}measures/add/", same)
    assert (response.status_code, problems(response)) == (422, exists)
    for number in range(7):
        add_measure(plan=plan, by=lead, at=at, **(FIGURES | {"name": f"Measure {number}"}))
    response = as_lead.post(f"{HERE}measures/add/", MEASURE)
    assert response.status_code == 409
    assert "A plan has no more than 8 measures. Remove one first." in words(response)
    other = Measure.objects.get(name="Measure 1")
    response = as_lead.post(f"{HERE}measures/{other.key}/", same | {"version": "1"})
    assert (response.status_code, problems(response)) == (422, exists)


def test_measure_is_changed(as_lead, measure):
    address = f"{HERE}measures/{measure.key}/"
    page = as_lead.get(address)
    assert page.context["form"]["baseline"].value() == "44.1"
    assert page.context["form"]["ethnic_group"].value() == "Bangladeshi"
    down = MEASURE | {"direction": "down", "version": "1"}
    assert as_lead.post(address, down).status_code == 302
    measure.refresh_from_db()
    assert (measure.higher_is_better, measure.version) == (False, 2)
    assert as_lead.get(address).context["form"]["direction"].value() == "down"
    assert as_lead.post(address, down | {"unit": ""}).status_code == 422


def test_stale_measure_shows_both(as_lead, measure, sponsor, at):
    change_measure(
        measure=measure, version=1, by=sponsor, at=at, **(FIGURES | {"source": "Their source"})
    )
    address = f"{HERE}measures/{measure.key}/"
    response = as_lead.post(address, MEASURE | {"version": "1"})
    assert response.status_code == 409
    assert "Where do the figures come from? Their source" in words(response)
    again = MEASURE | {"version": hidden_version(response)}
    assert as_lead.post(address, again).status_code == 302


def test_change_of_a_measure_removed_meanwhile_says_so(as_lead, measure, sponsor, at, monkeypatch):
    def remove_first(**given):
        remove_measure(measure=measure, version=1, by=sponsor, at=at)
        return change_measure(**given)

    monkeypatch.setattr("assessments.views.plans.change_measure", remove_first)
    response = as_lead.post(f"{HERE}measures/{measure.key}/", MEASURE | {"version": "1"})
    assert "Somebody else has taken this away" in words(response)


def test_measure_is_removed_after_a_question(as_lead, measure):
    address = f"{HERE}measures/{measure.key}/remove/"
    assert "What is signed off keeps it." in words(as_lead.get(address))
    assert as_lead.post(address).status_code == 422
    assert as_lead.post(address, {"version": "1"}).status_code == 302
    assert as_lead.get(address).status_code == 404


def test_stale_removal_can_be_repeated(as_lead, measure, sponsor, at):
    change_measure(measure=measure, version=1, by=sponsor, at=at, **(FIGURES | {"name": "Renamed"}))
    address = f"{HERE}measures/{measure.key}/remove/"
    response = as_lead.post(address, {"version": "1"})
    assert response.status_code == 409
    assert "Renamed" in words(response)
    assert as_lead.post(address, {"version": hidden_version(response)}).status_code == 302
