"""Improvement steps: the services, the panel, and their pages from an item and from the plan."""

import datetime as dt

import pytest
import time_machine
from django.template.loader import render_to_string

from assessments.models import Answer, ImprovementStep
from assessments.queries import steps_panel
from assessments.services import (
    StaleStep,
    add_step,
    assign_answers,
    change_step,
    send_for_sign_off,
    withdraw_step,
)
from portal.models import AuditEvent
from tests import factories
from tests.assessments.pages import STEP, hidden_version, problems, words

ON = factories.AT.date()
WORDS = {"what": "Publish the pay gap", "owner": "Chief People Officer", "status": "on_track"}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(factories.AT):
        yield


@pytest.fixture
def answer(assessment):
    rows = Answer.objects.select_related("assessment__cycle", "assessment__organisation", "item")
    return rows.get(assessment=assessment, item__code="L1")


@pytest.fixture
def step(answer, lead, at):
    place = answer.assessment.organisation
    return add_step(organisation=place, item=answer.item, by=lead, at=at, **WORDS)


@pytest.fixture
def here(answer):
    return f"{answer.get_absolute_url()}steps/"


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead)
    return client


def verbs():
    return list(AuditEvent.objects.filter(verb__startswith="step.").values_list("verb", flat=True))


# Services


def test_step_is_added_changed_and_withdrawn_once_each(step, lead, at):
    for _time in range(2):
        changed = change_step(step=step, version=1, by=lead, at=at, **(WORDS | {"status": "done"}))
    assert (changed.status, changed.version, changed.added_by) == ("done", 2, lead)
    for _time in range(2):
        withdrawn = withdraw_step(step=step, version=2, by=lead, at=at)
    assert withdrawn.withdrawn_at == at
    assert verbs() == ["step.added", "step.changed", "step.withdrawn"]
    assert str(step) == "Publish the pay gap"


def test_stale_step_is_refused_with_what_is_saved(step, lead, at):
    change_step(step=step, version=1, by=lead, at=at, **(WORDS | {"what": "Theirs"}))
    with pytest.raises(StaleStep) as stale:
        change_step(step=step, version=1, by=lead, at=at, **(WORDS | {"what": "Mine"}))
    assert stale.value.current.what == "Theirs"
    with pytest.raises(StaleStep):
        withdraw_step(step=step, version=1, by=lead, at=at)
    withdraw_step(step=step, version=2, by=lead, at=at)
    with pytest.raises(StaleStep):
        change_step(step=step, version=3, by=lead, at=at, **WORDS)


def test_words_nobody_may_set_are_refused(step, lead, at):
    with pytest.raises(TypeError, match="added_by"):
        change_step(step=step, version=1, by=lead, at=at, added_by=lead)


# The panel


def test_panel_shows_owner_date_resource_and_lateness(answer, step, django_assert_num_queries):
    factories.StepFactory(
        organisation=answer.assessment.organisation,
        item=answer.item,
        what="Train the panels",
        due_on=dt.date(2026, 11, 15),
        status="at_risk",
    )
    rows = steps_panel(answer, ON)
    late = {row.step.what: (row.is_late, row.colour) for row in rows}
    assert late == {"Publish the pay gap": (False, "blue"), "Train the panels": (True, "yellow")}
    page = render_to_string("assessments/steps/_panel.html", {"answer": answer, "steps": rows})
    for expected in ("No date", "no date yet", "Past its date", "by 15 November 2026", "£10,000"):
        assert (expected in page) == (expected != "No date")
    with django_assert_num_queries(0):
        assert [row.step for row in steps_panel(answer, ON, [step])] == [step]
    done = ImprovementStep(status="done", due_on=dt.date(2020, 1, 1))
    assert not steps_panel(answer, ON, [done])[0].is_late


def test_empty_panel_says_so(answer):
    page = render_to_string("assessments/steps/_panel.html", {"answer": answer, "steps": []})
    assert "No step is recorded for this yet." in page


# Pages


def test_step_is_added_from_an_item(as_lead, answer, here, lead):
    assert "A role, not a person’s name" in words(as_lead.get(f"{here}add/"))
    response = as_lead.post(f"{here}add/", STEP | {"added_by": "999"})
    assert response.url == f"{answer.get_absolute_url()}#steps"
    step = ImprovementStep.objects.get()
    assert (step.what, step.item, step.added_by) == (STEP["what"], answer.item, lead)
    assert (step.due_on, step.status) == (dt.date(2027, 3, 31), "on_track")


def test_owner_date_and_resource_may_wait(as_lead, here):
    bare = {"what": "Agree a lead", "status": "not_started", "version": "0"}
    assert as_lead.post(f"{here}add/", bare).status_code == 302
    assert ImprovementStep.objects.get().due_on is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"what": ""}, "Enter what is next"),
        ({"what": "\u2060\u200b"}, "Enter what is next"),
        ({"what": "x" * 301}, "What is next must be 300 characters or fewer"),
        ({"owner": "x" * 121}, "Who sees to it must be 120 characters or fewer"),
        ({"owner": "\u200b"}, "Enter the role of whoever sees to it"),
        ({"resource": "x" * 201}, "The money or staff time must be 200 characters or fewer"),
        ({"resource": "\u200b"}, "Enter the money or staff time"),
        ({"due_on_month": "13"}, "The date must be a real date"),
        ({"status": ""}, "Select how it is going"),
        ({"status": "fine"}, "Select how it is going"),
    ],
)
def test_bad_input_is_refused_in_its_own_words(as_lead, here, step, changes, sentence):
    for address in (f"{here}add/", f"{here}{step.key}/"):
        response = as_lead.post(address, STEP | changes)
        assert (response.status_code, problems(response)) == (422, [sentence])
    assert ImprovementStep.objects.count() == 1


def test_line_breaks_count_as_one_character(as_lead, here):
    text = "\r\n".join(["a"] * 150) + "b"
    assert as_lead.post(f"{here}add/", STEP | {"what": text}).status_code == 302


def test_step_is_changed(as_lead, here, step):
    page = as_lead.get(f"{here}{step.key}/")
    assert "Publish the pay gap" in page.content.decode()
    assert "Withdraw this step" in words(page)
    sent = STEP | {"status": "done", "version": hidden_version(page)}
    assert as_lead.post(f"{here}{step.key}/", sent).status_code == 302
    step.refresh_from_db()
    assert (step.status, step.version) == ("done", 2)


def test_stale_change_shows_both(as_lead, here, step, sponsor, at):
    change_step(step=step, version=1, by=sponsor, at=at, what="Theirs", due_on=ON)
    response = as_lead.post(f"{here}{step.key}/", STEP | {"version": "1"})
    assert response.status_code == 409
    said = words(response)
    assert "What is next? Theirs" in said
    assert "By when? (optional) 16 November 2026" in said
    assert "How is it going? On track" in said
    assert STEP["what"] in response.content.decode()
    again = STEP | {"version": hidden_version(response)}
    assert as_lead.post(f"{here}{step.key}/", again).status_code == 302


def test_step_is_withdrawn_after_a_question(as_lead, here, step):
    address = f"{here}{step.key}/withdraw/"
    assert "mark it as done" in words(as_lead.get(address))
    assert as_lead.post(address).status_code == 422
    assert as_lead.post(address, {"version": "1"}).status_code == 302
    assert not ImprovementStep.objects.kept().exists()
    assert as_lead.get(address).status_code == 404


def test_stale_withdrawal_can_be_repeated(as_lead, here, step, sponsor, at):
    change_step(step=step, version=1, by=sponsor, at=at, what="Theirs")
    address = f"{here}{step.key}/withdraw/"
    response = as_lead.post(address, {"version": "1"})
    assert response.status_code == 409
    assert "Theirs" in words(response)
    assert as_lead.post(address, {"version": hidden_version(response)}).status_code == 302


def test_steps_go_on_while_the_answers_are_locked(as_lead, assessment, here, lead, at):
    factories.complete_assessment(assessment, by=lead)
    send_for_sign_off(assessment=assessment, by=lead, at=at)
    assert as_lead.post(f"{here}add/", STEP).status_code == 302


def test_step_is_found_only_under_its_item(as_lead, here, step):
    assert as_lead.get(f"{here.replace('/L1/', '/L2/')}{step.key}/").status_code == 404


def test_contributor_works_on_steps_of_what_they_were_given(
    client, answer, here, step, contributor, lead, at
):
    client.force_login(contributor)
    assert client.get(f"{here}{step.key}/").status_code == 404
    assign_answers(answers=[answer], person=contributor, due_on=ON, by=lead, at=at)
    assert client.post(f"{here}add/", STEP).status_code == 302
    assert client.get(f"{here}{step.key}/").status_code == 200


# From the plan


def test_step_is_changed_from_the_plan(as_lead, step):
    address = f"/plan/north-east-london/steps/{step.key}/"
    page = as_lead.get(address)
    assert "Withdraw this step" not in words(page)
    response = as_lead.post(address, STEP | {"version": "1"})
    assert response.url == "/plan/north-east-london/#steps"


def test_contributor_may_not_change_steps_from_the_plan(client, step, contributor):
    client.force_login(contributor)
    assert client.get(f"/plan/north-east-london/steps/{step.key}/").status_code == 403


def test_step_of_another_organisation_is_not_found(as_lead, step, framework):
    elsewhere = factories.organisation("south-east-london")
    foreign = factories.StepFactory(organisation=elsewhere, item=step.item)
    assert as_lead.get(f"/plan/north-east-london/steps/{foreign.key}/").status_code == 404
    assert as_lead.get(f"/plan/south-east-london/steps/{foreign.key}/").status_code == 404
