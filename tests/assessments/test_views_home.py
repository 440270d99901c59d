"""The list of assessments and the task list of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assessments import services
from assessments.models import Answer, Assessment, Assignment
from tests import factories

pytestmark = pytest.mark.django_db

TASKS = "/assessments/2026/north-east-london/"


def answers_to(assessment: Any, *codes: str) -> list[Answer]:
    rows = Answer.objects.select_related("item", "assessment__organisation", "assessment__cycle")
    return list(rows.filter(assessment=assessment, item__code__in=codes).in_order())


def save(answer: Answer, by: Any, level: int = 1, narrative: str = "Agreed.") -> None:
    services.save_answer(
        answer=answer,
        level=level,
        narrative=narrative,
        version=answer.version,
        by=by,
        at=factories.AT,
    )


def mid_year(framework: Any, **changes: Any) -> Any:
    words = {"slug": "2026-mid-year", "name": "Mid-year 2026", "kind": "mid_year"}
    return factories.open_assessment(framework, **(words | changes))


def test_index_lists_open_assessments_before_earlier_ones(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any, clock: Any
) -> None:
    client = browser_of(lead)
    save(answers_to(assessment, "L1")[0], lead)
    text = client.get("/assessments/").content.decode()
    assert "Open now" in text
    assert "1 of 8 answered" in text
    assert "due 15 December 2026" in text
    assert "Earlier" not in text
    clock.move_to(factories.london(2027, 2, 1))
    assert "Earlier" in browser_of(lead).get("/assessments/").content.decode()


def test_index_counts_what_was_looked_at_in_this_cycle(
    assessment: Any, lead: Any, heg: Any, browser_of: Any
) -> None:
    one, two, three = answers_to(assessment, "L1", "L2", "L3")
    services.exempt_item(answer=one, reason="Wound up.", by=heg, at=factories.AT)
    services.record_not_assessed(answer=two, reason="Later.", version=0, by=lead, at=factories.AT)
    Answer.objects.filter(pk=three.pk).update(level=2, is_reconfirmed=False)
    assert "1 of 7 answered" in browser_of(lead).get("/assessments/").content.decode()


def test_index_without_assessments_says_what_to_do(
    contributor: Any, heg: Any, browser_of: Any
) -> None:
    text = browser_of(contributor).get("/assessments/").content.decode()
    assert "ask your assessment lead" in text
    assert 'href="/cycles/"' in browser_of(heg).get("/assessments/").content.decode()


def test_index_shows_when_one_was_signed_off(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    text = browser_of(lead).get("/assessments/").content.decode()
    assert "Signed off on 16 November 2026" in text


def test_task_list_shows_every_item_with_its_status(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    save(answers_to(assessment, "L2")[0], lead, narrative="Ring 020 7946 0018.")
    save(answers_to(assessment, "L3")[0], lead, level=0, narrative="Nothing yet.")
    text = browser_of(lead).get(TASKS).content.decode()
    assert "<strong>1 of 8 completed.</strong>" in text
    assert "1 with a problem." in text
    assert 'href="/assessments/2026/north-east-london/D2/"' in text
    assert "nhsuk-tag--red" in text
    assert "Due by the end of <strong>15 December 2026</strong>" in text
    assert text.index("Commitments</h2>") < text.index("Enablers</h2>")


def test_task_list_filters_by_status_and_person(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    services.assign_answers(
        answers=answers_to(assessment, "L1", "L2"),
        person=contributor,
        due_on=dt.date(2026, 12, 1),
        by=lead,
        at=factories.AT,
    )
    save(answers_to(assessment, "W1")[0], lead)
    client = browser_of(lead)
    whole = client.get(TASKS).content.decode()
    assert "2 of 2 given out have not been opened" in whole
    assert "Hodan Warsame, by 1 December" in whole
    mine = client.get(TASKS, {"person": "Hodan Warsame"}).content.decode()
    assert "Short name L1" in mine
    assert "W1 Short" not in mine
    done = client.get(TASKS, {"status": "completed"}).content.decode()
    assert "W1 Short" in done
    assert "L1 Short name L1</a><" not in done
    nothing = client.get(TASKS, {"status": "problem"}).content.decode()
    assert "Nothing matches." in nothing


def test_task_list_ignores_filters_that_do_not_exist(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    text = browser_of(lead).get(TASKS, {"status": "x", "person": "y"}).content.decode()
    assert "Nothing matches." not in text


def next_words(text: str) -> str:
    return text.split("What to do next")[1].split("</div>")[0]


def test_what_to_do_next_is_a_problem_then_what_is_open_then_the_check(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    assert "L1 Short name L1" in next_words(client.get(TASKS).content.decode())
    save(answers_to(assessment, "W2")[0], lead, narrative="Ring 020 7946 0018.")
    words = next_words(client.get(TASKS).content.decode())
    assert "W2 Short name W2" in words
    assert "This may contain personal data" in words
    for answer in answers_to(assessment, *["L1", "L2", "L3", "W1", "W2", "W3", "D1", "D2"]):
        save(answer, lead, level=0, narrative="Nothing yet.")
    words = next_words(client.get(TASKS).content.decode())
    assert "Check your answers and send them for sign-off" in words


def test_contributor_who_handed_in_has_nothing_left_to_do(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    (answer,) = answers_to(assessment, "L1")
    services.assign_answers(
        answers=[answer], person=contributor, due_on=None, by=lead, at=factories.AT
    )
    save(answer, contributor)
    services.hand_in(assignment=Assignment.objects.get(), note="", by=contributor, at=factories.AT)
    text = browser_of(contributor).get(TASKS).content.decode()
    assert "You have done everything you were asked to." in text
    assert "Ask people to answer" not in text
    assert "L2" not in text
    assert "L2 Short name L2" in next_words(browser_of(lead).get(TASKS).content.decode())


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (factories.london(2026, 10, 4), "This cycle opens on 5 October 2026."),
        (factories.london(2026, 12, 20), "It was due on 15 December 2026."),
        (factories.london(2027, 2, 1), "This cycle closed on 15 January 2027."),
    ],
)
def test_task_list_says_where_the_cycle_is(
    assessment: Any, lead: Any, browser_of: Any, clock: Any, when: dt.datetime, words: str
) -> None:
    clock.move_to(when)
    text = browser_of(lead).get(TASKS).content.decode()
    assert words in text
    assert ("What to do next" in text) is (when.month == 12)


def test_task_list_tells_of_an_extension(
    assessment: Any, lead: Any, heg: Any, browser_of: Any
) -> None:
    services.extend_assessment(
        assessment=assessment,
        extended_to=factories.london(2027, 2, 15, 23, 59),
        reason="A flood.",
        by=heg,
        at=factories.AT,
    )
    text = browser_of(lead).get(TASKS).content.decode()
    assert "extended to 15 February 2027: A flood." in text
    assert "Due by the end of <strong>15 February 2027</strong>" in text


def test_task_list_after_sending_and_after_sign_off(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=factories.AT)
    assert "Read and sign off" in browser_of(sponsor).get(TASKS).content.decode()
    assert "See where it is" in browser_of(lead).get(TASKS).content.decode()
    services.sign_off(assessment=assessment, by=sponsor, at=factories.AT)
    assert "What happens next" in browser_of(lead).get(TASKS).content.decode()


def test_task_list_of_another_organisation_or_cycle_is_not_found(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    other = factories.user_with("lead", factories.organisation("south-east-london"))
    assert browser_of(other).get(TASKS).status_code == 404
    client = browser_of(lead)
    assert client.get("/assessments/2030/north-east-london/").status_code == 404
    assert client.get("/assessments/2026/nowhere/").status_code == 404
    assert client.post(TASKS).status_code == 405


def test_mid_year_update_shows_steps_and_can_be_completed(
    framework: Any, system: Any, lead: Any, browser_of: Any
) -> None:
    assessment = mid_year(framework)
    item = framework.sections.get(code="L").items.get(code="L1")
    factories.StepFactory(organisation=system, item=item, what="Publish the pay gap")
    factories.StepFactory(
        organisation=system, item=item, what="Ask the staff", owner="", due_on=None
    )
    client, url = browser_of(lead), assessment.get_absolute_url()
    text = client.get(url).content.decode()
    assert "Publish the pay gap" in text
    assert "No owner, no date: not started" in text
    assert client.get(f"{url}complete/").status_code == 200
    assert client.post(f"{url}complete/").url == url
    assert "Completed" in client.get(url).content.decode()
    assert client.post(f"{url}complete/").status_code == 409
    assert Assessment.objects.get().signed_off_at == factories.AT
    for page in ("check/", "assign/", "sign-off/"):
        assert client.get(url + page).status_code == 404


def test_mid_year_update_without_steps_says_so(
    framework: Any, system: Any, lead: Any, browser_of: Any
) -> None:
    url = mid_year(framework).get_absolute_url()
    assert "There are no improvement steps yet." in browser_of(lead).get(url).content.decode()


def test_lists_ask_the_database_as_often_for_one_cycle_as_for_four(
    assessment: Any, framework: Any, lead: Any, browser_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser_of(lead)
    client.get("/assessments/")
    for year in (2023, 2024, 2025):
        factories.open_cycle(framework, slug=str(year), name=f"Round {year}")
    with django_assert_max_num_queries(6):
        assert client.get("/assessments/").content.decode().count("Round 20") == 3
    with django_assert_max_num_queries(12):
        client.get(TASKS)
