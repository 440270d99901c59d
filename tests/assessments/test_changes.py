"""The measured change: the services, the panel and the page, with every figure and date refused."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.template.loader import render_to_string

from assessments.forms.figures import ETHNIC_GROUPS, FigureField, is_web_address
from assessments.models import Answer, ObservedChange
from assessments.queries import change_panel, changes_to_show, figure
from assessments.services import (
    AnswersLocked,
    StaleChange,
    assign_answers,
    record_change,
    remove_change,
    send_for_sign_off,
)
from commitments.models import ShortTermChange
from portal.models import AuditEvent
from tests import factories
from tests.assessments.pages import CHANGE, hidden_version, problems, words


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(factories.AT):
        yield


def find(assessment, code="L1"):
    rows = Answer.objects.select_related(
        "assessment__cycle", "assessment__organisation", "item__section", "observed_change__shows"
    )
    return rows.get(assessment=assessment, item__code=code)


@pytest.fixture
def answer(assessment):
    return find(assessment)


@pytest.fixture
def figures(answer):
    return {
        "measure": "Bowel screening uptake",
        "unit": "%",
        "ethnic_group": "Bangladeshi",
        "baseline": Decimal("44.1"),
        "baseline_on": dt.date(2025, 3, 31),
        "later": Decimal("52.6"),
        "later_on": dt.date(2026, 3, 31),
        "shows": ShortTermChange.objects.get(code="L-S1"),
    }


@pytest.fixture
def here(answer):
    return f"{answer.get_absolute_url()}change/"


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead)
    return client


def verbs():
    found = AuditEvent.objects.filter(verb__startswith="change.")
    return list(found.values_list("verb", flat=True))


# Services


def test_change_is_recorded_changed_and_removed_once_each(answer, figures, lead, at):
    for _time in range(2):
        first = record_change(answer=answer, version=0, by=lead, at=at, **figures)
    assert (first.version, first.later) == (1, Decimal("52.6"))
    second = record_change(answer=answer, version=1, by=lead, at=at, **(figures | {"unit": "%pt"}))
    assert (second.version, second.unit) == (2, "%pt")
    for _time in range(2):
        remove_change(answer=answer, version=2, by=lead, at=at)
    assert not ObservedChange.objects.exists()
    assert verbs() == ["change.recorded", "change.recorded", "change.removed"]


def test_stale_change_is_refused_with_what_is_saved(answer, figures, lead, at):
    record_change(answer=answer, version=0, by=lead, at=at, **figures)
    with pytest.raises(StaleChange) as stale:
        record_change(answer=answer, version=0, by=lead, at=at, **(figures | {"unit": "ratio"}))
    assert stale.value.current.unit == "%"
    with pytest.raises(StaleChange):
        remove_change(answer=answer, version=0, by=lead, at=at)
    remove_change(answer=answer, version=1, by=lead, at=at)
    with pytest.raises(StaleChange) as gone:
        record_change(answer=answer, version=1, by=lead, at=at, **figures)
    assert gone.value.current is None


def test_nothing_is_recorded_while_locked(assessment, answer, figures, lead, at):
    factories.complete_assessment(assessment, by=lead, levels={"L1": 4})
    send_for_sign_off(assessment=assessment, by=lead, at=at)
    with pytest.raises(AnswersLocked):
        record_change(answer=answer, version=1, by=lead, at=at, **figures)
    with pytest.raises(AnswersLocked):
        remove_change(answer=answer, version=1, by=lead, at=at)


def test_figures_nobody_may_set_are_refused(answer, figures, lead, at):
    with pytest.raises(TypeError, match="pk"):
        record_change(answer=answer, version=0, by=lead, at=at, pk=3, **figures)


# What may be chosen, and the panel


def test_changes_to_show_are_the_item_s_or_all(answer):
    assert [one.code for one in changes_to_show(answer.item)] == ["L-S1"]
    answer.item.short_term_changes.clear()
    assert [one.code for one in changes_to_show(answer.item)] == ["L-S1", "W-S1", "D-S1"]


def test_panel_shows_both_figures(answer, figures, lead, at, assessment):
    record_change(answer=answer, version=0, by=lead, at=at, **figures)
    answer = find(assessment)
    context = {"answer": answer, "change": change_panel(answer), "can_edit": True}
    page = render_to_string("assessments/changes/_panel.html", context)
    assert "From 44.1% on 31 March 2025 to 52.6% on 31 March 2026" in page
    assert "Change or remove the measured change" in page


def test_panel_asks_for_a_change_at_level_4_only(answer):
    context = {"answer": answer, "change": change_panel(answer), "can_edit": True}
    assert not render_to_string("assessments/changes/_panel.html", context).strip()
    answer.level = 4
    page = render_to_string("assessments/changes/_panel.html", context)
    assert "Record the measured change" in page


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        ("61.000", "%", "61%"),
        ("66.400", "per 1,000", "66.4 per 1,000"),
        ("12400", "people", "12,400 people"),
        ("0.000", "%", "0%"),
        ("-3.5", "days", "-3.5 days"),
    ],
)
def test_figures_read_as_people_write_them(number, unit, shown):
    assert figure(Decimal(number), unit) == shown


# Fields


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("61", "61"),
        (" 66.4 ", "66.4"),
        ("12,400", "12400"),
        ("1,234,567.125", "1234567.125"),
        ("−3", "-3"),
        ("007", "7"),
        ("0.5000000", "0.5"),
        ("", None),
    ],
)
def test_figure_field_reads_numbers(typed, number):
    field = FigureField(label="Figure", subject="Figure", missing="Enter", required=False)
    assert field.clean(typed) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    "url", ["https://www.nhs.uk/a?b=c#d", "http://example.org", "https://münchen.de/"]
)
def test_web_addresses_are_taken(url):
    assert is_web_address(url)


def test_there_are_nineteen_groups():
    assert len(set(ETHNIC_GROUPS)) == 19


# The page


def test_change_is_recorded_from_an_item(as_lead, answer, here):
    said = words(as_lead.get(here))
    assert "Measured change" in said
    assert "Remove the measured change" not in said
    response = as_lead.post(here, CHANGE)
    assert response.url == f"{answer.get_absolute_url()}#change"
    change = ObservedChange.objects.get()
    assert (change.answer, change.measure, change.shows.code) == (answer, CHANGE["measure"], "L-S1")
    assert (change.baseline, change.later) == (Decimal("44.1"), Decimal("52.6"))
    assert change.ethnic_group == "Bangladeshi"


@pytest.mark.parametrize(
    ("group", "other", "stored", "chosen"),
    [
        ("", "", "", ""),
        ("Roma", "left over", "Roma", "Roma"),
        ("Not stated", "", "Not stated", "Not stated"),
        ("other", "Somali women", "Somali women", "other"),
    ],
)
def test_people_are_stored_in_words(as_lead, here, group, other, stored, chosen):
    as_lead.post(here, CHANGE | {"ethnic_group": group, "other_group": other})
    assert ObservedChange.objects.get().ethnic_group == stored
    form = as_lead.get(here).context["form"]
    assert form["ethnic_group"].value() == chosen


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"measure": ""}, "Enter what was measured"),
        ({"measure": "x" * 201}, "What was measured must be 200 characters or fewer"),
        ({"unit": ""}, "Enter the unit"),
        ({"unit": "x" * 41}, "The unit must be 40 characters or fewer"),
        ({"ethnic_group": "Martian"}, "Select which people it is about"),
        ({"ethnic_group": "other"}, "Enter which people it is about"),
        (
            {"ethnic_group": "other", "other_group": "x" * 121},
            "Which people it is about must be 120 characters or fewer",
        ),
        ({"baseline": ""}, "Enter the baseline figure"),
        ({"baseline": "44%"}, "Baseline figure must be a number, like 61 or 66.4"),
        ({"baseline": "44,1"}, "Baseline figure must be a number, like 61 or 66.4"),
        ({"baseline": "NaN"}, "Baseline figure must be a number, like 61 or 66.4"),
        ({"baseline": "1e9"}, "Baseline figure must be a number, like 61 or 66.4"),
        ({"baseline": "٤٤"}, "Baseline figure must be a number, like 61 or 66.4"),
        ({"later": ""}, "Enter the later figure"),
        ({"later": "1,000,000,000"}, "Later figure must be less than 1,000,000,000"),
        ({"later": "0.1234"}, "Later figure must have 3 decimal places or fewer"),
        (
            {"baseline_on_day": "31", "baseline_on_month": "6"},
            "The date of the baseline must be a real date",
        ),
        (
            {"baseline_on_day": "", "baseline_on_month": "", "baseline_on_year": ""},
            "Enter the date of the baseline",
        ),
        ({"later_on_year": "20"}, "Year must include 4 numbers"),
        (
            {"later_on_year": "2027"},
            "The date of the later figure must be today or in the past",
        ),
        (
            {"later_on_year": "2025"},
            "The date of the later figure must be after the date of the baseline",
        ),
        ({"shows": ""}, "Select which change it shows"),
        ({"shows": "W-S1"}, "Select which change it shows"),
    ],
)
def test_bad_input_is_refused_in_its_own_words(as_lead, here, changes, sentence):
    response = as_lead.post(here, CHANGE | changes)
    assert (response.status_code, problems(response)) == (422, [sentence])
    assert "<title>Error: " in response.content.decode()
    assert not ObservedChange.objects.exists()


def test_change_form_shows_what_is_saved(as_lead, here):
    as_lead.post(here, CHANGE)
    response = as_lead.get(here)
    page = response.content.decode()
    assert hidden_version(response) == "1"
    assert 'value="44.1"' in page
    assert 'value="L-S1" checked' in page
    assert "Remove the measured change" in words(response)


def test_stale_change_shows_both(as_lead, answer, here, figures, sponsor, at):
    record_change(answer=answer, version=0, by=sponsor, at=at, **figures)
    response = as_lead.post(here, CHANGE | {"later": "60"})
    assert response.status_code == 409
    said = words(response)
    assert "Later figure 52.6" in said
    assert "Which people is it about? Bangladeshi" in said
    assert "Which change does it show? A change in leadership" in said
    assert 'value="60"' in response.content.decode()
    again = CHANGE | {"later": "60", "version": hidden_version(response)}
    assert as_lead.post(here, again).status_code == 302


def test_change_of_what_was_removed_meanwhile_can_be_recorded_again(as_lead, here):
    response = as_lead.post(here, CHANGE | {"version": "1"})
    assert response.status_code == 409
    assert "Somebody else has taken this away" in words(response)
    assert as_lead.post(here, CHANGE | {"version": hidden_version(response)}).status_code == 302


def test_change_is_removed(as_lead, answer, here):
    as_lead.post(here, CHANGE)
    response = as_lead.post(f"{here}remove/", {"version": "1"})
    assert response.url == f"{answer.get_absolute_url()}#change"
    assert not ObservedChange.objects.exists()
    assert "The measured change for L1 is removed." in words(as_lead.get(here))


@pytest.mark.parametrize("version", ["7", "", "x"])
def test_removal_of_another_version_is_refused(as_lead, here, version):
    as_lead.post(here, CHANGE)
    as_lead.post(f"{here}remove/", {"version": version})
    assert ObservedChange.objects.exists()
    assert "Somebody else has changed this measured change" in words(as_lead.get(here))


def test_locked_answers_take_no_change(as_lead, assessment, here, lead, at):
    factories.complete_assessment(assessment, by=lead)
    send_for_sign_off(assessment=assessment, by=lead, at=at)
    locked = "The answers are locked, because the assessment was sent for sign-off."
    assert locked in words(as_lead.get(here))
    response = as_lead.post(here, CHANGE)
    assert (response.status_code, locked in words(response)) == (409, True)
    assert not ObservedChange.objects.exists()


def test_page_asks_few_questions(as_lead, here, django_assert_max_num_queries):
    as_lead.post(here, CHANGE)
    with django_assert_max_num_queries(12):
        as_lead.get(here)


def test_contributor_records_only_for_what_they_were_given(
    client, answer, here, contributor, lead, at
):
    client.force_login(contributor)
    assert client.get(here).status_code == 404
    assign_answers(answers=[answer], person=contributor, due_on=at.date(), by=lead, at=at)
    assert client.post(here, CHANGE).status_code == 302
