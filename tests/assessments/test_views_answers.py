"""The page of one item: shown, saved, refused, clashing, and after a session has ended."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core import signing
from django.urls import reverse

from assessments import services
from assessments.models import Answer, Assignment, Revision, WorkingText
from assessments.views.author import SALT, author_of
from assessments.views.framed import frame
from tests import factories

pytestmark = pytest.mark.django_db

L1 = "/assessments/2026/north-east-london/L1/"
L2 = "/assessments/2026/north-east-london/L2/"
D2 = "/assessments/2026/north-east-london/D2/"
TASKS = "/assessments/2026/north-east-london/"
GOOD = {"level": "2", "narrative": "In two of five trusts.", "version": "0"}


def answer_to(assessment: Any, code: str = "L1") -> Answer:
    return Answer.objects.select_related(
        "item__section", "assessment__organisation", "assessment__cycle"
    ).get(assessment=assessment, item__code=code)


def give(assessment: Any, person: Any, by: Any, *codes: str) -> Assignment:
    answers = [answer_to(assessment, code) for code in codes or ("L1",)]
    services.assign_answers(
        answers=answers, person=person, due_on=dt.date(2026, 12, 1), by=by, at=factories.AT
    )
    return Assignment.objects.get(answer=answers[0])


def test_page_shows_wording_levels_and_what_stands_around(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    page = browser_of(lead).get(L1)
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "Wording of L1.",
        "In plain words",
        "Under way (level 2)",
        "Under way for L1",
        "What shows it: Proof",
        "A change in leadership",
        "Nobody has commented on this answer",
        f'data-autosave-url="{L1}autosave/"',
        'name="version" value="0"',
    ):
        assert words in text, words
    assert "Choose the level that describes this action best" in text


def test_page_of_a_consideration_says_so_and_trims_its_list_punctuation(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    text = browser_of(lead).get(D2).content.decode()
    assert "Wording of D2</p>" in text
    assert "describes this consideration best" in text


def test_page_shows_the_executive_summary_only_where_it_differs_in_substance(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    item = answer_to(assessment).item
    item.summary_wording, item.difference = "Otherwise worded.", "punctuation"
    item.save()
    client = browser_of(lead)
    assert "Otherwise worded." not in client.get(L1).content.decode()
    item.difference = "substance"
    item.save()
    assert "Otherwise worded." in client.get(L1).content.decode()


@pytest.mark.parametrize("code", ["L9", "X1", "W4"])
def test_page_of_an_unknown_code_is_not_found(
    assessment: Any, lead: Any, browser_of: Any, code: str
) -> None:
    assert browser_of(lead).get(f"{TASKS}{code}/").status_code == 404


def test_page_is_not_found_by_those_who_may_not_see_it(
    assessment: Any, contributor: Any, heg: Any, browser_of: Any
) -> None:
    board = factories.user_with("board", assessment.organisation)
    for person in (contributor, heg, board):
        assert browser_of(person).get(L1).status_code == 404
        assert browser_of(person).post(L1, GOOD).status_code == 404


def test_save_stores_the_answer_and_goes_on_to_the_next_item(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    response = browser_of(lead).post(L1, GOOD)
    assert (response.status_code, response.url) == (302, L2)
    saved = answer_to(assessment)
    assert (saved.level, saved.narrative, saved.version) == (2, "In two of five trusts.", 1)


def test_save_leaves_the_coverage_that_a_form_did_not_ask_for(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    client.post(L1, {**GOOD, "coverage": "most"})
    client.post(L1, {**GOOD, "version": "1"})
    assert answer_to(assessment).coverage == "most"


@pytest.mark.parametrize(
    ("url", "action", "goes_to"),
    [
        (L1, "later", TASKS),
        (D2, "continue", TASKS),
        (f"{L1}?from=check", "continue", f"{TASKS}check/"),
    ],
)
def test_save_goes_where_the_button_says(
    assessment: Any, lead: Any, browser_of: Any, url: str, action: str, goes_to: str
) -> None:
    assert browser_of(lead).post(url, {**GOOD, "action": action}).url == goes_to


def test_save_and_come_back_later_takes_a_draft_without_a_level(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    draft = {"narrative": "Half a sentence", "version": "0", "action": "later"}
    assert browser_of(lead).post(L1, draft).status_code == 302
    assert answer_to(assessment).level is None


def test_invalid_save_says_the_same_beside_the_field_and_in_the_summary(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    response = browser_of(lead).post(L1, {"level": "9", "narrative": "\u200b", "version": "0"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: L1" in text
    for message in ("Select how far this action has got", "Enter what is in place, and where"):
        assert text.count(message) == 2
    assert 'href="#id_level"' in text
    assert answer_to(assessment).version == 0


def test_invalid_save_keeps_what_was_typed(assessment: Any, lead: Any, browser_of: Any) -> None:
    response = browser_of(lead).post(L1, {"level": "", "narrative": "My words", "version": "0"})
    assert "My words</textarea>" in response.content.decode()


def test_empty_post_shows_every_error(assessment: Any, lead: Any, browser_of: Any) -> None:
    assert browser_of(lead).post(L1, {}).status_code == 422


def test_stale_save_shows_both_texts_and_loses_neither(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    browser_of(sponsor).post(L1, {**GOOD, "narrative": "Theirs, whole.", "coverage": "some"})
    response = browser_of(lead).post(L1, {**GOOD, "narrative": "Mine, also."})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Theirs, whole." in text
    assert "Sola Adeyemi" in text
    assert "Mine, also.</textarea>" in text
    assert 'name="version" value="1"' in text
    assert "<title>Error: " in text
    assert Revision.objects.get(kind="refused").narrative == "Mine, also."


def test_keep_mine_saves_over_the_version_that_was_shown(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    browser_of(sponsor).post(L1, GOOD)
    mine = {**GOOD, "narrative": "Both together.", "version": "1", "action": "keep-mine"}
    assert browser_of(lead).post(L1, mine).status_code == 302
    assert answer_to(assessment).narrative == "Both together."


def test_keep_theirs_puts_the_saved_answer_into_the_boxes(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    browser_of(sponsor).post(L1, {**GOOD, "narrative": "Theirs."})
    client = browser_of(lead)
    client.post(f"{L1}autosave/", {**GOOD, "narrative": "Mine.", "sequence": "99"})
    response = client.post(L1, {**GOOD, "narrative": "Mine.", "action": "keep-theirs"})
    assert (response.status_code, response.url) == (302, L1)
    text = client.get(L1).content.decode()
    assert "Theirs.</textarea>" in text
    assert "not yet saved to the assessment" not in text
    assert answer_to(assessment).version == 1


def test_page_restores_what_was_typed_and_says_so(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    client.post(f"{L1}autosave/", {**GOOD, "narrative": "Half a", "sequence": "5"})
    text = client.get(L1).content.decode()
    assert "Half a</textarea>" in text
    assert "Draft saved at 10:00 on 16 November, not yet saved to the assessment" in text
    assert "newer answer" not in text
    assert "Half a" not in browser_of(sponsor).get(L1).content.decode()
    browser_of(sponsor).post(L1, GOOD)
    assert "Somebody has saved a newer answer since" in client.get(L1).content.decode()


def test_autosave_that_is_late_does_not_hide_what_its_author_saved_after_it(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    client.post(L1, {**GOOD, "narrative": "All of it."})
    client.post(f"{L1}autosave/", {**GOOD, "narrative": "All o", "sequence": "5"})
    text = client.get(L1).content.decode()
    assert "All of it.</textarea>" in text
    assert "Somebody has saved a newer answer since" not in text
    assert "What you wrote is not saved" in text
    assert "<bdi>All o</bdi>" in text


def test_sent_answers_are_read_only_and_a_late_save_shows_its_words(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=factories.AT)
    client = browser_of(lead)
    text = client.get(L1).content.decode()
    assert "The answers are locked: this assessment is with its sponsor." in text
    assert "<textarea" not in text
    response = client.post(L1, {**GOOD, "narrative": "Too late.", "version": "1"})
    assert response.status_code == 409
    assert "What you wrote is not saved" in response.content.decode()
    assert "Too late." in response.content.decode()


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (factories.london(2026, 10, 1), "This cycle has not opened yet."),
        (factories.london(2027, 2, 1), "This cycle has closed."),
    ],
)
def test_page_outside_the_cycle_s_dates_is_read_only(
    assessment: Any, lead: Any, browser_of: Any, clock: Any, when: dt.datetime, words: str
) -> None:
    clock.move_to(when)
    text = browser_of(lead).get(L1).content.decode()
    assert words in text
    assert "<textarea" not in text
    assert "Not provided" in text


def test_signed_off_answer_can_be_read(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    text = browser_of(lead).get(L1).content.decode()
    assert "This assessment is signed off." in text
    assert "What we do about L1." in text
    assert "Ask about this" not in text


def test_exempt_item_says_why_and_takes_no_answer(
    assessment: Any, lead: Any, heg: Any, browser_of: Any
) -> None:
    services.exempt_item(answer=answer_to(assessment), reason="Wound up.", by=heg, at=factories.AT)
    text = browser_of(lead).get(L1).content.decode()
    assert "this does not apply: Wound up." in text
    assert "<textarea" not in text


def test_first_look_of_the_person_asked_is_noted_once(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any, clock: Any
) -> None:
    given = give(assessment, contributor, lead)
    browser_of(lead).get(L1)
    client = browser_of(contributor)
    client.head(L1)
    given.refresh_from_db()
    assert given.opened_at is None
    client.get(L1)
    clock.shift(60)
    client.get(L1)
    given.refresh_from_db()
    assert given.opened_at == factories.AT


def test_page_tells_what_is_still_missing(assessment: Any, lead: Any, browser_of: Any) -> None:
    client = browser_of(lead)
    assert "Before this can be signed off" not in client.get(L1).content.decode()
    client.post(L1, {**GOOD, "level": "3"})
    text = client.get(L1).content.decode()
    assert "Before this can be signed off" in text
    assert "Say how much of the system this covers." in text


def carried(framework: Any, system: Any, lead: Any, sponsor: Any) -> Any:
    before = factories.open_assessment(
        framework,
        system,
        slug="2025",
        name="Self-assessment 2025",
        opens_at=factories.london(2025, 10, 6),
        due_at=factories.london(2025, 12, 15),
        closes_at=factories.london(2026, 1, 15),
        last_release_at=factories.london(2026, 3, 31),
    )
    then = factories.london(2025, 11, 1)
    factories.signed_off(before, lead=lead, sponsor=sponsor, at=then, levels={"L1": 2, "L2": 0})
    return factories.open_assessment(framework, system)


def test_last_cycle_s_answer_stands_beside_and_is_reconfirmed_with_one_click(
    framework: Any, system: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    assessment = carried(framework, system, lead, sponsor)
    client = browser_of(lead)
    text = client.get(L1).content.decode()
    assert "What was said in Self-assessment 2025" in text
    assert "Not reconfirmed" in text
    response = client.post(f"{L1}reconfirm/?from=check", {"version": "1"})
    assert (response.status_code, response.url) == (302, f"{TASKS}check/")
    assert answer_to(assessment).is_reconfirmed
    assert "Reconfirm without changes" not in client.get(L1).content.decode()


@pytest.mark.parametrize("version", ["7", "", "x"])
def test_reconfirm_of_another_version_sends_back_to_read(
    framework: Any, system: Any, lead: Any, sponsor: Any, browser_of: Any, version: str
) -> None:
    assessment = carried(framework, system, lead, sponsor)
    response = browser_of(lead).post(f"{L1}reconfirm/", {"version": version})
    assert response.url == L1
    assert not answer_to(assessment).is_reconfirmed


def test_reconfirm_after_the_close_is_refused(
    framework: Any, system: Any, lead: Any, sponsor: Any, browser_of: Any, clock: Any
) -> None:
    carried(framework, system, lead, sponsor)
    clock.move_to(factories.london(2027, 2, 1))
    client = browser_of(lead)
    text = client.post(f"{L1}reconfirm/", {"version": "1"}, follow=True).content.decode()
    assert "This cycle has closed." in text


def test_not_assessed_takes_a_reason_and_shows_it(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    assert client.get(f"{L1}not-assessed/").status_code == 200
    assert client.post(f"{L1}not-assessed/", {"version": "0"}).status_code == 422
    words = {"version": "0", "reason": "The data comes in March."}
    assert client.post(f"{L1}not-assessed/", words).url == TASKS
    assert "not assessed in this cycle: The data comes" in client.get(L1).content.decode()
    other = client.post(f"{L1}not-assessed/", {"version": "0", "reason": "Other"})
    assert other.status_code == 409
    assert "Open the answer again" in other.content.decode()


def test_lead_confirms_that_there_is_no_personal_data(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    give(assessment, contributor, lead)
    client = browser_of(lead)
    client.post(L1, {**GOOD, "narrative": "Ring 020 7946 0018 for the figures."})
    assert "Confirm that there is no personal data" in client.get(L1).content.decode()
    helper = browser_of(contributor)
    assert "Confirm that there is no" not in helper.get(L1).content.decode()
    assert helper.post(f"{L1}no-personal-data/", {"version": "1"}).status_code == 403
    stale = client.post(f"{L1}no-personal-data/", {"version": "0"}, follow=True)
    assert "Somebody else has saved this answer" in stale.content.decode()
    client.post(f"{L1}no-personal-data/", {"version": "1"})
    assert answer_to(assessment).personal_data_checked_version == 1


def token_in(client: Any) -> str:
    marker = 'name="author" value="'
    return client.get(L1).content.decode().split(marker)[1].split('"')[0]


def test_signed_out_reader_is_asked_to_sign_in(assessment: Any, client: Any) -> None:
    response = client.get(L1)
    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={L1}")


def test_words_sent_after_the_session_ended_are_kept_for_their_author(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any, client: Any
) -> None:
    mine = browser_of(lead)
    token = token_in(mine)
    response = client.post(L1, {**GOOD, "narrative": "An hour of typing.", "author": token})
    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={L1}")
    assert answer_to(assessment).version == 0
    assert WorkingText.objects.get().user == lead
    assert "An hour of typing." in mine.get(L1).content.decode()
    assert "An hour of typing." not in browser_of(sponsor).get(L1).content.decode()


def test_words_sent_after_the_session_ended_come_after_any_autosave(
    assessment: Any, lead: Any, browser_of: Any, client: Any
) -> None:
    mine = browser_of(lead)
    ahead = 10**14  # the clock of the page's machine is years ahead
    mine.post(f"{L1}autosave/", {**GOOD, "narrative": "Before.", "sequence": str(ahead)})
    client.post(L1, {**GOOD, "narrative": "After.", "author": token_in(mine)})
    assert WorkingText.objects.get().narrative == "After."


def test_words_without_a_good_token_are_kept_nowhere(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any, client: Any
) -> None:
    pk = answer_to(assessment).pk
    other = answer_to(assessment, "L2").pk
    tokens = ["", "forged", signing.dumps([lead.pk, other], salt=SALT)]
    tokens += [signing.dumps([contributor.pk, pk], salt=SALT), signing.dumps([0, pk], salt=SALT)]
    for token in tokens:
        assert client.post(L1, {**GOOD, "author": token}).status_code == 302
    bad_version = signing.dumps([lead.pk, pk], salt=SALT)
    client.post(L1, {**GOOD, "version": "x", "author": bad_version})
    assert not WorkingText.objects.exists()


def test_a_token_is_good_for_a_day(assessment: Any, lead: Any, browser_of: Any, clock: Any) -> None:
    token = token_in(browser_of(lead))
    assert author_of(token) == (lead.pk, answer_to(assessment).pk)
    clock.shift(24 * 3600 + 60)
    assert author_of(token) == (0, 0)


def test_words_for_a_signed_off_answer_are_not_kept(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any, client: Any
) -> None:
    token = token_in(browser_of(lead))
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    client.post(L1, {**GOOD, "author": token})
    assert not WorkingText.objects.exists()


def test_autosave_keeps_words_and_says_when(assessment: Any, lead: Any, browser_of: Any) -> None:
    client = browser_of(lead)
    body = {"level": 2, "coverage": "some", "narrative": "Half\ud800", "base_version": 0}
    response = client.post(
        f"{L1}autosave/", json.dumps(body | {"sequence": 1}), content_type="application/json"
    )
    assert (response.status_code, response.json()) == (200, {"saved_at": "10:00"})
    text = WorkingText.objects.get()
    assert (text.level, text.coverage, text.narrative) == ("2", "some", "Half")
    assert answer_to(assessment).version == 0


@pytest.mark.parametrize("body", ["{", "[1]", "null", '{"sequence": "x"}', "[" * 100_000])
def test_autosave_refuses_what_is_no_form(
    assessment: Any, lead: Any, browser_of: Any, body: str
) -> None:
    response = browser_of(lead).post(f"{L1}autosave/", body, content_type="application/json")
    assert response.status_code == 422


def test_autosave_after_sign_off_is_refused(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    response = browser_of(lead).post(f"{L1}autosave/", {**GOOD, "sequence": "1"})
    assert response.status_code == 409
    assert "signed off" in response.json()["error"]


def test_autosave_takes_posts_only_from_those_who_may_answer(
    assessment: Any, lead: Any, heg: Any, browser_of: Any
) -> None:
    assert browser_of(lead).get(f"{L1}autosave/").status_code == 405
    assert browser_of(heg).post(f"{L1}autosave/", GOOD).status_code == 404


def test_page_asks_the_database_at_most_twelve_times(
    framework: Any,
    system: Any,
    lead: Any,
    sponsor: Any,
    contributor: Any,
    browser_of: Any,
    django_assert_max_num_queries: Any,
) -> None:
    assessment = carried(framework, system, lead, sponsor)
    give(assessment, contributor, lead)
    services.ask(answer=answer_to(assessment), text="How?", by=lead, at=factories.AT)
    client = browser_of(contributor)
    client.get(L1)
    with django_assert_max_num_queries(12):
        assert "How?" in client.get(L1).content.decode()


def test_framework_s_words_are_read_once_for_each_content(
    assessment: Any, framework: Any, django_assert_num_queries: Any
) -> None:
    answer = answer_to(assessment)
    published = answer.assessment.cycle.framework
    with django_assert_num_queries(1):
        written_by_hand = frame(answer)
    with django_assert_num_queries(1):
        assert frame(answer) == written_by_hand

    published.content_digest = "first"
    with django_assert_num_queries(1):
        assert frame(answer) == written_by_hand
    framework.definitions.update(text="Another text.")
    answer.item.descriptors.update(means="Another meaning.")
    with django_assert_num_queries(0):
        assert frame(answer) == written_by_hand

    published.content_digest = "second"
    assert [one.means for one in frame(answer).levels] == ["Another meaning."] * 5
