"""The pages of the library: list and filter, one piece, adding, changing, withdrawing, the file."""

import datetime as dt

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments import services
from assessments.models import Evidence
from assessments.services import change_evidence, send_for_sign_off, withdraw_evidence
from assessments.uploads import NO_ROOM, UploadRefused
from portal.models import AuditEvent
from tests import factories
from tests.assessments.files import PDF, office
from tests.assessments.pages import EVIDENCE, hidden_version, problems, words

LIBRARY = "/evidence/north-east-london/"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(factories.AT):
        yield


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def evidence(system, lead):
    return factories.EvidenceFactory(organisation=system, added_by=lead, title="Staff survey")


def page_of(evidence, page=""):
    return f"{evidence.get_absolute_url()}{page}"


def send_file(client, name, content, **changes):
    data = EVIDENCE | {"kind": "file", "url": ""} | changes
    return client.post(f"{LIBRARY}add/", data | {"file": SimpleUploadedFile(name, content)})


# The list


def test_empty_library_says_what_to_do(as_lead):
    assert "There is no evidence yet. Add a link" in words(as_lead.get(LIBRARY))


def test_library_shows_strength_date_age_and_where_cited(as_lead, assessment, lead):
    answer = assessment.answers.get(item__code="L1")
    factories.cite(answer, title="Staff survey")
    factories.EvidenceFactory(
        organisation=assessment.organisation,
        title="Old minute",
        kind="minute",
        minute_reference="ICB/24/067",
        url="",
        dated_on=dt.date(2024, 1, 9),
        is_published=False,
        added_by=lead,
    )
    said = words(as_lead.get(LIBRARY))
    assert "2 pieces of evidence" in said
    assert "B: Published, or Board-minuted" in said
    assert "Cited for L1 in Self-assessment 2026" in said
    assert "dated 9 January 2024, most of the system, ICB/24/067 D: Statement only More" in said
    assert "Not cited yet" in said


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("words=SURVEY", ["Staff survey"]),
        ("words=067", ["Old minute"]),
        ("words=nowhere", []),
        ("strength=D", ["Old minute"]),
        ("strength=Z&state=%00", ["Staff survey", "Old minute"]),
        ("state=uncited", ["Old minute"]),
        ("state=stale", ["Old minute"]),
        ("page=99", ["Staff survey", "Old minute"]),
    ],
)
def test_library_is_filtered(as_lead, assessment, lead, query, titles):
    factories.cite(assessment.answers.get(item__code="L1"), title="Staff survey")
    factories.EvidenceFactory(
        organisation=assessment.organisation,
        title="Old minute",
        kind="minute",
        minute_reference="ICB/24/067",
        url="",
        dated_on=dt.date(2024, 1, 9),
        is_published=False,
        added_by=lead,
    )
    response = as_lead.get(f"{LIBRARY}?{query}")
    assert [row.evidence.title for row in response.context["page"]] == titles
    assert ("Nothing matches" in words(response)) == (not titles)
    assert ("Show everything" in words(response)) == ("page" not in query and "Z" not in query)


def test_long_library_is_paged_with_its_filter(as_lead, system, lead):
    factories.EvidenceFactory.create_batch(81, organisation=system, added_by=lead)
    first = as_lead.get(f"{LIBRARY}?strength=B")
    assert len(first.context["page"].object_list) == 40
    assert first.context["pagination"] == {
        "previous": None,
        "next": {"href": "?strength=B&page=2"},
    }
    last = as_lead.get(f"{LIBRARY}?page=3")
    assert last.context["pagination"] == {"previous": {"href": "?page=2"}, "next": None}
    assert len(last.context["page"].object_list) == 1


def test_library_asks_few_questions_however_long(
    as_lead, assessment, lead, django_assert_max_num_queries
):
    for answer in assessment.answers.all():
        factories.cite(answer)
    factories.EvidenceFactory.create_batch(30, organisation=assessment.organisation, added_by=lead)
    with django_assert_max_num_queries(12):
        as_lead.get(LIBRARY)
    one = Evidence.objects.first()
    with django_assert_max_num_queries(12):
        as_lead.get(page_of(one))


# One piece


def test_page_of_evidence_says_everything_and_links_to_answers(as_lead, assessment):
    answer = assessment.answers.get(item__code="L1")
    evidence = factories.cite(answer, title="Staff survey", shown_to_peers=True)
    response = as_lead.get(page_of(evidence))
    said = words(response)
    for expected in (
        "Where it is https://www.example.org/evidence/",
        "Its own date 16 September 2026",
        "Strength B: Published, or Board-minuted",
        "Described as Published",
        "How much of the system Most of the system",
        "Who else may see it Other systems that share with us",
        "Cited for Self-assessment 2026: L1",
        "Added by",
    ):
        assert expected in said
    assert f'href="{answer.get_absolute_url()}"' in response.content.decode()


def test_page_of_bare_minute_says_what_is_missing(as_lead, system, lead):
    evidence = factories.EvidenceFactory(
        organisation=system,
        kind="minute",
        minute_reference="ICB/24/067",
        url="",
        dated_on=dt.date(2024, 1, 9),
        is_published=False,
        coverage="",
        added_by=lead,
    )
    said = words(as_lead.get(page_of(evidence)))
    for expected in (
        "Where it is ICB/24/067",
        "9 January 2024 (more than 18 months old)",
        "Nothing that adds strength",
        "How much of the system Not provided",
        "Who else may see it Nobody else",
        "Cited for No answer yet",
    ):
        assert expected in said


def test_contributor_sees_codes_without_links_to_what_others_were_given(
    client, assessment, contributor
):
    answer = assessment.answers.get(item__code="L1")
    evidence = factories.cite(answer, added_by=factories.UserFactory())
    client.force_login(contributor)
    response = client.get(page_of(evidence))
    assert "Self-assessment 2026: L1" in words(response)
    assert answer.get_absolute_url() not in response.content.decode()
    assert "or the assessment lead can change this" in words(response)


def test_title_is_never_markup(as_lead, system, lead):
    evidence = factories.EvidenceFactory(
        organisation=system, added_by=lead, title="<script>alert(1)</script>"
    )
    for address in (LIBRARY, page_of(evidence), page_of(evidence, "edit/")):
        assert "<script>alert" not in as_lead.get(address).content.decode()


# Adding


def test_link_is_added(as_lead, lead, system):
    response = as_lead.post(f"{LIBRARY}add/", EVIDENCE)
    evidence = Evidence.objects.get()
    assert response.url == page_of(evidence)
    assert (evidence.organisation, evidence.added_by) == (system, lead)
    assert (evidence.kind, evidence.url) == ("link", "https://www.example.org/wres")
    assert (evidence.is_published, evidence.is_independent) == (True, False)
    assert (evidence.shown_to_community, evidence.shown_to_peers) == (True, False)
    assert (evidence.coverage, evidence.dated_on) == ("most", dt.date(2026, 5, 14))
    assert "“Workforce race equality report 2026” is in your library." in words(
        as_lead.get(response.url)
    )


def test_what_stands_under_another_choice_is_neither_checked_nor_kept(as_lead):
    hidden = {"kind": "minute", "minute_reference": "ICB/24/067", "url": "nonsense"}
    assert as_lead.post(f"{LIBRARY}add/", EVIDENCE | hidden).status_code == 302
    evidence = Evidence.objects.get()
    assert (evidence.minute_reference, evidence.url) == ("ICB/24/067", "")


def test_forged_fields_are_ignored(as_lead, lead, sponsor):
    forged = {"added_by": sponsor.pk, "file_digest": "0" * 64, "organisation": "1", "file": "x"}
    as_lead.post(f"{LIBRARY}add/", EVIDENCE | forged)
    evidence = Evidence.objects.get()
    assert (evidence.added_by, evidence.file_digest, evidence.file.name) == (lead, "", "")


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"title": ""}, ["Enter what the evidence is"]),
        ({"title": "\u200b"}, ["Enter what the evidence is"]),
        ({"title": "x" * 201}, ["What the evidence is must be 200 characters or fewer"]),
        ({"kind": ""}, ["Select where the evidence is"]),
        ({"kind": "upload"}, ["Select where the evidence is"]),
        ({"url": ""}, ["Enter the web address of the evidence"]),
        ({"url": "x" * 501}, ["The web address must be 500 characters or fewer"]),
        (
            {"kind": "minute"},
            ["Enter the reference of the minute or paper"],
        ),
        ({"kind": "file"}, ["Select a file"]),
        ({"dated_on_day": "30", "dated_on_month": "2"}, ["Its date must be a real date"]),
        ({"dated_on_year": ""}, ["Its date must include a year"]),
        (
            {"dated_on_day": "", "dated_on_month": "", "dated_on_year": ""},
            ["Enter the date of the evidence"],
        ),
        ({"dated_on_year": "2027"}, ["Its date must be today or in the past"]),
        ({"ticks": ["best"]}, ["Select what describes the evidence"]),
        ({"coverage": "half"}, ["Select how much of the system it covers"]),
        ({"shown": ["everyone"]}, ["Select who may see it"]),
        (
            {"version": "one"},
            ["The page did not say which version you were looking at. Open it again."],
        ),
        (
            {"title": "", "url": ""},
            ["Enter what the evidence is", "Enter the web address of the evidence"],
        ),
    ],
)
def test_bad_input_is_refused_in_its_own_words_and_kept(as_lead, changes, sentences):
    response = as_lead.post(f"{LIBRARY}add/", EVIDENCE | changes)
    assert response.status_code == 422
    assert problems(response) == sentences
    page = response.content.decode()
    assert "<title>Error: " in page
    assert 'value="14"' in page or changes.get("dated_on_day") is not None
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "www.example.org",
        "javascript:alert(1)",
        "ftp://example.org/a",
        "https://",
        "https://someone:secret@example.org/",
        "https://nhs.uk@evil.example/",
        "https://exa mple.org",
        "file:///etc/passwd",
    ],
)
def test_addresses_that_are_no_web_page_are_refused(as_lead, url):
    response = as_lead.post(f"{LIBRARY}add/", EVIDENCE | {"url": url})
    assert problems(response)[0].startswith("Enter a web address that starts with https://")


def test_what_word_leaves_behind_is_cleaned(as_lead):
    assert as_lead.post(f"{LIBRARY}add/", EVIDENCE | {"title": "a\x00b\x0cc"}).status_code == 302
    assert Evidence.objects.get().title == "ab\nc"


# Files


def test_file_is_added_and_comes_back_as_a_download(as_lead, lead):
    assert send_file(as_lead, "Bericht “A”.pdf", PDF).status_code == 302
    evidence = Evidence.objects.get()
    page = words(as_lead.get(page_of(evidence)))
    assert "Bericht “A”.pdf (1 KB)" in page
    response = as_lead.get(page_of(evidence, "file/"))
    assert response.getvalue() == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Bericht%20%E2%80%9CA%E2%80%9D.pdf"
    )
    downloads = AuditEvent.objects.filter(verb="evidence.downloaded")
    assert [event.actor for event in downloads] == [lead.email]


def test_large_file_is_told_in_megabytes(as_lead, system, lead):
    evidence = factories.EvidenceFactory(
        organisation=system,
        added_by=lead,
        kind="file",
        file="evidence/a.pdf",
        file_name="a.pdf",
        file_size=3 * 1024 * 1024,
    )
    assert "a.pdf (3.0 MB)" in words(as_lead.get(page_of(evidence)))
    assert as_lead.get(page_of(evidence, "file/")).status_code == 404


def test_head_of_a_file_leaves_no_event(as_lead):
    send_file(as_lead, "a.pdf", PDF)
    response = as_lead.head(page_of(Evidence.objects.get(), "file/"))
    assert response.status_code == 200
    for close in response._resource_closers:  # response.close() would end the database as well
        close()
    assert not AuditEvent.objects.filter(verb="evidence.downloaded").exists()


def test_evidence_without_a_file_has_none_to_give(as_lead, evidence):
    assert as_lead.get(page_of(evidence, "file/")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "The selected file is empty"),
        ("a.html", b"<html>", "The selected file must be a PDF, DOCX, XLSX, PPTX, PNG or JPEG"),
        (
            "a.docx",
            office(members={"word/vbaProject.bin": "x"}),
            "The selected file contains macros. Choose a copy without them",
        ),
    ],
)
def test_wrong_file_is_refused(as_lead, name, content, sentence):
    response = send_file(as_lead, name, content)
    assert (response.status_code, problems(response)) == (422, [sentence])
    assert not Evidence.objects.exists()


def test_file_of_25_megabytes_is_taken_and_one_byte_more_refused(as_lead, settings):
    settings.FILE_UPLOAD_HANDLERS = [
        "assessments.uploads.TrimUpload",
        *settings.FILE_UPLOAD_HANDLERS,
    ]
    exact = PDF[:9] + b"%" * (25 * 1024 * 1024 - len(PDF)) + PDF[9:]
    assert send_file(as_lead, "a.pdf", exact).status_code == 302
    response = send_file(as_lead, "a.pdf", exact + b"\n")
    assert problems(response) == ["The selected file must be 25 MB or smaller"]


@pytest.fixture
def full(monkeypatch):
    """No room for files."""

    def refuse(_upload):
        raise UploadRefused(NO_ROOM)

    monkeypatch.setattr(services.evidence, "store_upload", refuse)


def test_file_without_room_is_told_at_its_field_and_the_words_beside_it_stay(as_lead, full):
    response = send_file(as_lead, "a.pdf", PDF, title="Typed with care")
    assert (response.status_code, problems(response)) == (422, [NO_ROOM])
    assert "Typed with care" in response.content.decode()
    assert not Evidence.objects.exists()


def test_file_without_room_changes_nothing_of_what_it_should_replace(as_lead, evidence, full):
    sent = EVIDENCE | {"kind": "file", "url": "", "title": "Other", "version": "1"}
    file = SimpleUploadedFile("a.pdf", PDF)
    response = as_lead.post(page_of(evidence, "edit/"), sent | {"file": file})
    assert (response.status_code, problems(response)) == (422, [NO_ROOM])
    assert Evidence.objects.get().title == "Staff survey"


def test_file_without_room_is_told_where_it_would_be_cited(as_lead, assessment, full):
    place = f"{assessment.answers.first().get_absolute_url()}evidence/add/"
    file = SimpleUploadedFile("a.pdf", PDF)
    response = as_lead.post(place, EVIDENCE | {"kind": "file", "url": "", "file": file})
    assert (response.status_code, problems(response)) == (422, [NO_ROOM])
    assert not Evidence.objects.exists()


def test_good_file_beside_a_mistake_has_to_be_chosen_again(as_lead):
    response = send_file(as_lead, "a.pdf", PDF, title="")
    assert problems(response) == [
        "Enter what the evidence is",
        "Select the file again. It was not kept, because something else has to be put right",
    ]


def test_file_under_another_choice_is_ignored(as_lead):
    for content in (PDF, b"MZ", b""):
        response = send_file(as_lead, "a.pdf", content, kind="link", url=EVIDENCE["url"])
        assert response.status_code == 302
    assert set(Evidence.objects.values_list("file", flat=True)) == {""}


def test_file_may_stay_when_the_rest_changes(as_lead):
    send_file(as_lead, "a.pdf", PDF)
    evidence = Evidence.objects.get()
    page = as_lead.get(page_of(evidence, "edit/"))
    assert "You can leave this empty to keep a.pdf." in words(page)
    sent = EVIDENCE | {"kind": "file", "url": "", "title": "New title", "version": "1"}
    assert as_lead.post(page_of(evidence, "edit/"), sent).status_code == 302
    evidence.refresh_from_db()
    assert (evidence.title, evidence.file_name, evidence.version) == ("New title", "a.pdf", 2)
    assert default_storage.exists(evidence.file.name)


# Changing and withdrawing


def test_change_form_shows_what_is_saved(as_lead, evidence):
    page = as_lead.get(page_of(evidence, "edit/")).content.decode()
    assert 'value="Staff survey"' in page
    assert hidden_version(as_lead.get(page_of(evidence, "edit/"))) == "1"
    assert 'value="published" checked' in page
    assert page.count('name="ticks" type="checkbox"') == 5


def test_stale_change_shows_both(as_lead, evidence, sponsor, at):
    facts = {"title": "Their title", "coverage": "all"}
    change_evidence(evidence=evidence, version=1, by=sponsor, at=at, **facts)
    response = as_lead.post(
        page_of(evidence, "edit/"), EVIDENCE | {"title": "My title", "version": "1"}
    )
    assert response.status_code == 409
    said = words(response)
    assert "Somebody else has changed this evidence since you opened it." in said
    assert "What is it? Their title" in said
    assert "What is its own date? 16 September 2026" in said
    assert "Which of these describe it? Published" in said
    assert 'value="My title"' in response.content.decode()
    again = EVIDENCE | {"title": "My title", "version": hidden_version(response)}
    assert as_lead.post(page_of(evidence, "edit/"), again).status_code == 302
    evidence.refresh_from_db()
    assert evidence.title == "My title"


def test_change_of_what_was_withdrawn_meanwhile_says_so(
    as_lead, evidence, sponsor, at, monkeypatch
):
    def withdraw_first(**words):
        withdraw_evidence(evidence=evidence, version=1, by=sponsor, at=at)
        return change_evidence(**words)

    monkeypatch.setattr("assessments.views.evidence.change_evidence", withdraw_first)
    response = as_lead.post(page_of(evidence, "edit/"), EVIDENCE | {"version": "1"})
    assert response.status_code == 409
    assert "Somebody else has taken this away since you opened it." in words(response)


def test_mistake_in_a_change_is_told(as_lead, evidence):
    response = as_lead.post(page_of(evidence, "edit/"), EVIDENCE | {"title": ""})
    assert problems(response) == ["Enter what the evidence is"]


def test_withdrawal_is_confirmed_and_leaves_a_page(as_lead, assessment):
    evidence = factories.cite(assessment.answers.get(item__code="L1"), title="Staff survey")
    assert "L1 in Self-assessment 2026" in words(as_lead.get(page_of(evidence, "withdraw/")))
    response = as_lead.post(page_of(evidence, "withdraw/"), {"version": "1"})
    assert response.url == LIBRARY
    assert "“Staff survey” is withdrawn." in words(as_lead.get(LIBRARY))
    assert "This evidence was withdrawn." in words(as_lead.get(page_of(evidence)))
    for page in ("edit/", "withdraw/"):
        assert as_lead.get(page_of(evidence, page)).status_code == 404


def test_withdrawal_without_a_version_is_refused(as_lead, evidence):
    assert "No answer cites it." in words(as_lead.get(page_of(evidence, "withdraw/")))
    assert as_lead.post(page_of(evidence, "withdraw/")).status_code == 422
    assert Evidence.objects.kept().exists()


def test_stale_withdrawal_is_refused_and_can_be_repeated(as_lead, evidence, sponsor, at):
    change_evidence(evidence=evidence, version=1, by=sponsor, at=at, title="Their title")
    response = as_lead.post(page_of(evidence, "withdraw/"), {"version": "1"})
    assert response.status_code == 409
    assert "Their title" in words(response)
    again = {"version": hidden_version(response)}
    assert as_lead.post(page_of(evidence, "withdraw/"), again).status_code == 302


def test_withdrawal_of_what_a_sent_assessment_cites_is_refused(as_lead, assessment, lead, at):
    factories.complete_assessment(assessment, by=lead)
    send_for_sign_off(assessment=assessment, by=lead, at=at)
    evidence = Evidence.objects.first()
    response = as_lead.post(page_of(evidence, "withdraw/"), {"version": evidence.version})
    assert response.status_code == 409
    assert "was sent for sign-off. Take the assessment back first" in words(response)


# Who may


def test_contributor_adds_and_changes_only_what_they_added(client, contributor, evidence, system):
    client.force_login(contributor)
    assert client.post(f"{LIBRARY}add/", EVIDENCE).status_code == 302
    own = Evidence.objects.get(added_by=contributor)
    for page in ("edit/", "withdraw/"):
        assert client.get(page_of(own, page)).status_code == 200
        assert client.get(page_of(evidence, page)).status_code == 403
        assert client.post(page_of(evidence, page), EVIDENCE).status_code == 403


@pytest.mark.parametrize("role", ["board", "secretary", "community", "heg", "admin"])
def test_others_do_not_find_the_library(client, system, evidence, role):
    place = None if role == "heg" else system
    client.force_login(factories.user_with(role, place))
    pages = ("", "edit/", "withdraw/", "file/")
    addresses = [LIBRARY, f"{LIBRARY}add/", *(page_of(evidence, page) for page in pages)]
    assert {client.get(address).status_code for address in addresses} == {404}


def test_foreign_and_missing_look_the_same(as_lead, lead):
    foreign = factories.EvidenceFactory(organisation=factories.organisation("south-east-london"))
    missing = reverse("assessments:evidence", args=["south-east-london", lead_key()])
    answers = [as_lead.get(address) for address in (page_of(foreign), missing)]
    assert {response.status_code for response in answers} == {404}
    # A key of one organisation does not open under the name of another.
    mixed = reverse("assessments:evidence", args=["north-east-london", foreign.key])
    assert as_lead.get(mixed).status_code == 404


def lead_key():
    return "7b0b4a52-3c5e-4a4e-9d58-0f4b1c1f3e11"


def test_reading_changes_nothing(as_lead, evidence):
    before = AuditEvent.objects.count()
    for address in (LIBRARY, page_of(evidence), page_of(evidence, "edit/"), f"{LIBRARY}add/"):
        assert as_lead.head(address).status_code == 200
        assert as_lead.get(address).status_code == 200
    assert AuditEvent.objects.count() == before
