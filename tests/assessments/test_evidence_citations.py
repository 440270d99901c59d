"""The evidence of an answer: its panel, choosing from the library, adding and letting go."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from assessments.models import Answer, Evidence
from assessments.queries import evidence_panel, load_line, not_cited
from assessments.services import assign_answers, send_for_sign_off, withdraw_evidence
from tests import factories
from tests.assessments.files import PDF
from tests.assessments.pages import EVIDENCE, problems, words

ON = factories.AT.date()


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(factories.AT):
        yield


@pytest.fixture
def answer(assessment):
    rows = Answer.objects.select_related(
        "assessment__cycle", "assessment__organisation", "item__section"
    )
    return rows.get(assessment=assessment, item__code="L1")


@pytest.fixture
def here(answer):
    return f"{answer.get_absolute_url()}evidence/"


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def survey(system, lead):
    return factories.EvidenceFactory(organisation=system, added_by=lead, title="Staff survey")


@pytest.fixture
def sent(assessment, lead, at):
    factories.complete_assessment(assessment, by=lead)
    send_for_sign_off(assessment=assessment, by=lead, at=at)


def test_panel_shows_what_is_cited_and_not_withdrawn(answer, lead, at):
    kept = factories.cite(answer, title="Kept", is_independent=True)
    gone = factories.cite(answer, title="Gone")
    withdraw_evidence(evidence=gone, version=1, by=lead, at=at)
    rows = evidence_panel(answer, ON)
    assert [(row.evidence, row.strength) for row in rows] == [(kept, "A")]
    page = render_to_string(
        "assessments/evidence/_panel.html",
        {"answer": answer, "citations": rows, "can_edit": True},
    )
    assert "A: Independent, or led by communities" in page
    assert f"{answer.get_absolute_url()}evidence/{kept.key}/remove/" in page
    assert f'href="{answer.get_absolute_url()}evidence/add/"' in page


def test_panel_that_may_not_be_changed_has_no_buttons(answer):
    factories.cite(answer)
    context = {"answer": answer, "citations": evidence_panel(answer, ON), "can_edit": False}
    page = render_to_string("assessments/evidence/_panel.html", context)
    assert "<form" not in page
    empty = render_to_string("assessments/evidence/_panel.html", context | {"citations": []})
    assert "No evidence is cited for this yet." in empty


def test_panel_asks_nothing_that_was_prefetched(answer, django_assert_num_queries):
    factories.cite(answer)
    line = load_line(answer)
    with django_assert_num_queries(0):
        assert len(evidence_panel(line.answer, ON, line.evidence)) == 1


def test_library_is_offered_without_what_is_cited(as_lead, answer, here, survey):
    cited = factories.cite(answer, title="Cited already")
    response = as_lead.get(here)
    said = words(response)
    assert "Staff survey Strength B, dated 16 September 2026." in said
    assert "Cited already" not in said
    assert [row.evidence for row in not_cited(answer, ON)] == [survey]
    assert cited not in [row.evidence for row in not_cited(answer, ON)]


def test_old_evidence_is_marked_where_it_is_offered(as_lead, here, survey):
    Evidence.objects.update(dated_on=dt.date(2024, 1, 9))
    assert "dated 9 January 2024, more than 18 months old." in words(as_lead.get(here))


def test_library_with_nothing_more_says_so(as_lead, here):
    response = as_lead.get(here)
    assert "holds nothing that this answer does not cite already" in words(response)
    assert as_lead.post(here, {"keys": ["x"]}).status_code == 422


def test_choosing_asks_few_questions(as_lead, here, system, lead, django_assert_max_num_queries):
    factories.EvidenceFactory.create_batch(40, organisation=system, added_by=lead)
    with django_assert_max_num_queries(12):
        as_lead.get(here)


@pytest.mark.parametrize(("more", "told"), [(0, "1 piece of evidence is"), (1, "2 pieces are")])
def test_selected_evidence_is_cited(as_lead, answer, here, survey, more, told, system, lead):
    others = factories.EvidenceFactory.create_batch(more, organisation=system, added_by=lead)
    chosen = [survey, *others]
    response = as_lead.post(here, {"keys": [str(one.key) for one in chosen]})
    assert response.url == f"{answer.get_absolute_url()}#evidence"
    assert {one.evidence for one in answer.citations.all()} == set(chosen)
    assert f"{told} cited for L1." in words(as_lead.get("/evidence/north-east-london/"))


def test_nothing_selected_and_unknown_keys_are_refused(as_lead, here, answer, survey):
    foreign = factories.EvidenceFactory(organisation=factories.organisation("south-east-london"))
    for keys in ([], [str(foreign.key)], ["nonsense"], [str(survey.key), "nonsense"]):
        response = as_lead.post(here, {"keys": keys})
        assert (response.status_code, problems(response)) == (
            422,
            ["Select at least one piece of evidence"],
        )
    assert not answer.citations.exists()


def test_new_evidence_is_added_and_cited_at_once(as_lead, answer, here):
    assert "Save and cite" in words(as_lead.get(f"{here}add/"))
    response = as_lead.post(f"{here}add/", EVIDENCE)
    assert response.url == f"{answer.get_absolute_url()}#evidence"
    assert answer.citations.get().evidence.title == EVIDENCE["title"]


def test_new_evidence_with_a_mistake_is_refused(as_lead, here):
    response = as_lead.post(f"{here}add/", EVIDENCE | {"title": ""})
    assert (response.status_code, problems(response)) == (422, ["Enter what the evidence is"])


def test_evidence_is_let_go_and_stays_in_the_library(as_lead, answer, here):
    cited = factories.cite(answer)
    response = as_lead.post(f"{here}{cited.key}/remove/")
    assert response.url == f"{answer.get_absolute_url()}#evidence"
    assert not answer.citations.exists()
    assert Evidence.objects.kept().filter(pk=cited.pk).exists()
    assert as_lead.get(f"{here}{cited.key}/remove/").status_code == 405


def test_locked_answers_say_so_and_change_nothing(
    as_lead, answer, here, sent, survey, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    before = answer.citations.count()
    cited = answer.citations.get().evidence
    locked = "The answers are locked, because the assessment was sent for sign-off."
    for page in (here, f"{here}add/"):
        said = words(as_lead.get(page))
        assert locked in said
        assert "Save and cite" not in said
    file = SimpleUploadedFile("a.pdf", PDF)
    refused = (
        as_lead.post(here, {"keys": [str(survey.key)]}),
        as_lead.post(f"{here}add/", EVIDENCE | {"kind": "file", "file": file}),
        as_lead.post(f"{here}{cited.key}/remove/"),
    )
    for response in refused:
        assert response.status_code == 409
        assert locked in words(response)
    assert answer.citations.count() == before
    assert list(tmp_path.rglob("*.pdf")) == []


def test_evidence_withdrawn_while_it_was_chosen_is_not_cited(
    as_lead, here, answer, survey, sponsor, at, monkeypatch
):
    from assessments.services import cite_several

    def withdraw_first(**words):
        withdraw_evidence(evidence=survey, version=1, by=sponsor, at=at)
        return cite_several(**words)

    monkeypatch.setattr("assessments.views.citations.cite_several", withdraw_first)
    response = as_lead.post(here, {"keys": [str(survey.key)]})
    assert response.status_code == 409
    assert "not in your organisation’s library any more" in words(response)


def test_contributor_cites_only_for_what_they_were_given(
    client, answer, here, contributor, lead, survey, at
):
    client.force_login(contributor)
    assert client.get(here).status_code == 404
    assign_answers(answers=[answer], person=contributor, due_on=ON, by=lead, at=at)
    assert client.post(here, {"keys": [str(survey.key)]}).status_code == 302
    other = here.replace("/L1/", "/L2/")
    for address in (other, f"{other}add/", f"{other}{survey.key}/remove/"):
        assert client.post(address, {"keys": [str(survey.key)]}).status_code == 404


@pytest.mark.parametrize("role", ["board", "secretary", "heg", "community"])
def test_others_do_not_find_the_pages(client, here, survey, system, role):
    client.force_login(factories.user_with(role, None if role == "heg" else system))
    for address in (here, f"{here}add/", f"{here}{survey.key}/remove/"):
        assert client.post(address).status_code == 404
