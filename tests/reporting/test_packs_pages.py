"""The London pack's pages: who reaches what, each step on its page, nothing typed is lost."""

import datetime as dt

import pytest
import time_machine

from portal.models import Job
from reporting.models import FactualCheck, Pack, PackComment, PackIssue, Report, ReportBytes
from reporting.services import comment_on_pack, issue_pack, reply_to_comment
from tests import factories
from tests.reporting import packs

pytestmark = pytest.mark.django_db

AT = packs.AT
CLOSED = factories.london(2026, 12, 15)
NEL, SWL = "north-east-london", "south-west-london"
URL = "/london-pack/2026/"
CHECK = f"{URL}check/{NEL}/"
COMMENT = {"answer": "correct", "text": "L2 is wrong.", "version": "1"}
REPLY = {"reply": "Thank you.", "changes_pack": "no", "version": "0"}
READERS = ["contributor", "lead", "sponsor", "board", "secretary"]


@pytest.fixture(autouse=True)
def now():
    """Pages read the clock; tests move it with `now.move_to`."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cycle(framework):
    return packs.released(framework, NEL, SWL)


@pytest.fixture
def pack(cycle, heg):
    return packs.in_check(cycle, heg)


@pytest.fixture
def as_heg(client, heg):
    client.force_login(heg)
    return client


def sign_in(client, role, slug=NEL):
    user = factories.user_with(role, factories.organisation(slug))
    client.force_login(user)
    return user


def move_on(client, now, user):
    """To when the check has closed; the session would have run out by then."""
    now.move_to(CLOSED)
    client.force_login(user)


def text_of(response):
    return response.content.decode()


def comment(pack, slug=NEL, text="L2 is wrong.", *, agrees=False):
    place = factories.organisation(slug)
    lead = packs.person("lead", place)
    words = {"text": text, "agrees": agrees, "by": lead, "at": AT}
    return comment_on_pack(pack=pack, organisation=place, **words)


# Who reads which paper


def paper(pack, kind):
    report = pack.reports.filter(kind=kind).first() or packs.stand_in(pack, kind)
    ReportBytes.objects.get_or_create(
        report=report, defaults={"pdf": b"%PDF", "html": "<h1>P</h1>"}
    )
    return report


def status(client, report):
    pages = (report.get_absolute_url(), f"/reports/{report.reference}.pdf")
    found = {client.get(page).status_code for page in pages}
    assert len(found) == 1
    return found.pop()


def test_group_reads_every_draft(as_heg, cycle, heg):
    assert status(as_heg, paper(packs.draft(cycle, heg), "london-pack-draft")) == 200


@pytest.mark.parametrize("role", [*READERS, "community", "admin"])
def test_nobody_else_reads_a_draft_before_its_check(client, cycle, heg, role):
    report = paper(packs.draft(cycle, heg), "london-pack-draft")
    sign_in(client, role)
    assert status(client, report) == 404


@pytest.mark.parametrize("role", [*READERS, "community", "admin"])
def test_leads_and_sponsors_read_the_draft_from_the_check_on(client, pack, now, role):
    report = paper(pack, "london-pack-draft")
    user = sign_in(client, role)
    expected = 200 if role in ("lead", "sponsor") else 404
    assert status(client, report) == expected
    move_on(client, now, user)
    assert status(client, report) == expected


@pytest.mark.parametrize("role", [*READERS, "community", "admin"])
def test_everybody_of_a_system_in_it_reads_the_issued_pack(client, pack, heg, role):
    issue_pack(pack=pack, by=heg, at=CLOSED)
    report = paper(pack, "london-pack")
    sign_in(client, role)
    assert status(client, report) == (200 if role in READERS else 404)


@pytest.mark.parametrize("kind", ["london-pack-draft", "london-pack"])
def test_system_that_has_not_released_reads_neither(client, pack, heg, kind):
    issue_pack(pack=pack, by=heg, at=CLOSED)
    sign_in(client, "lead", "south-east-london")
    assert status(client, paper(pack, kind)) == 404


def test_reports_list_the_newest_pack_of_each_cycle(client, pack, heg):
    draft = paper(pack, "london-pack-draft")
    sign_in(client, "lead")
    assert f"London pack, draft for factual check, {pack.cycle.name}" in text_of(
        client.get("/reports/")
    )
    issue_pack(pack=pack, by=heg, at=CLOSED)
    issued = paper(pack, "london-pack")
    page = text_of(client.get("/reports/"))
    assert f"Download {issued.reference}.pdf" in page
    assert draft.reference not in page


def test_superseded_pack_says_so(as_heg, pack, cycle, heg):
    old = paper(pack, "london-pack-draft")
    newer = paper(packs.draft(cycle, heg, at=CLOSED), "london-pack-draft")
    page = text_of(as_heg.get(old.get_absolute_url()))
    assert f'superseded by <a href="{newer.get_absolute_url()}">version 2</a>' in page
    assert "draft for factual check, London, Self-assessment 2026" in page


@pytest.mark.parametrize("role", [*READERS, "community", "admin"])
def test_only_the_group_reaches_its_pages(client, pack, role):
    comment(pack)
    sign_in(client, role)
    pages = ["", "draft/", "open-check/", "issue/", "comments/1/1/"]
    assert {client.get(f"{URL}{page}").status_code for page in pages} == {403}
    assert client.post(f"{URL}retry/").status_code == 403


# Drafting


def test_page_without_a_release_says_that_there_is_nothing_yet(as_heg, assessment):
    page = text_of(as_heg.get(URL))
    assert "No system has released its assessment in this cycle yet" in page
    assert "Draft the pack" not in page
    response = as_heg.post(f"{URL}draft/", {"note": "", "version": "0"})
    assert response.status_code == 409
    assert "No system has released" in text_of(response)


def test_group_drafts_and_watches_the_making(as_heg, cycle):
    assert "2 systems have released." in text_of(as_heg.get(URL))
    assert "as version 1" in text_of(as_heg.get(f"{URL}draft/"))
    response = as_heg.post(f"{URL}draft/", {"note": "Read\r\nwith care.", "version": "0"})
    assert response.url == URL
    assert Pack.objects.get().note == "Read\nwith care."
    page = text_of(as_heg.get(URL))
    assert "The pack is being drafted." in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "Open the factual check" not in page


def test_second_draft_wants_a_reason_and_brings_the_note_along(as_heg, cycle, heg):
    packs.draft(cycle, heg, note="Read with care.")
    form = f"{URL}draft/"
    assert "Read with care." in text_of(as_heg.get(form))
    response = as_heg.post(form, {"note": "Mine.", "reason": " ", "version": "1"})
    assert response.status_code == 422
    page = text_of(response)
    assert page.count("Enter why there is another version") == 2
    assert "Mine." in page
    assert "<title>Error: " in page
    as_heg.post(form, {"note": "Mine.", "reason": "A comment was right.", "version": "1"})
    assert Pack.objects.get(version=2).reason == "A comment was right."


def test_draft_of_an_older_page_is_refused_and_keeps_the_words(as_heg, cycle, heg):
    packs.draft(cycle, heg)
    response = as_heg.post(f"{URL}draft/", {"note": "Mine.", "reason": "Why.", "version": "0"})
    assert response.status_code == 409
    page = text_of(response)
    assert "Somebody else has drafted a newer version" in page
    assert "Mine." in page
    assert Pack.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"note": "x" * 1501}, "From the Health Equity Group must be 1500 characters or fewer"),
        ({"note": "\u200b\u2060"}, "must include words that can be read"),
        ({"version": ""}, "did not say which version"),
    ],
)
def test_bad_draft_is_told_beside_its_field(as_heg, cycle, words, told):
    response = as_heg.post(f"{URL}draft/", {"note": "", "version": "0"} | words)
    assert response.status_code == 422
    assert told in text_of(response)
    assert not Pack.objects.exists()


def test_page_says_what_was_released_after_drafting(as_heg, framework, heg):
    for slug in (SWL, "barking"):
        factories.organisation(slug)
    cycle = packs.released(framework, NEL)
    packs.draft(cycle, heg)
    packs.release_one("2026", SWL)
    words = "One system has released since version 1 was drafted: draft it again."
    assert words in text_of(as_heg.get(URL))
    packs.release_one("2026", "barking")
    assert "2 systems have released since" in text_of(as_heg.get(URL))


def test_failed_paper_can_be_tried_again(as_heg, cycle, heg):
    packs.draft(cycle, heg)
    Job.objects.filter(kind="london-pack-draft").update(state="failed", error="The disk was full.")
    page = text_of(as_heg.get(URL))
    assert "The disk was full." in page
    assert "Try again" in page
    assert as_heg.post(f"{URL}retry/").url == URL
    assert Job.objects.get(kind="london-pack-draft").state == "waiting"


def test_retry_leaves_alone_what_is_made(as_heg, cycle, heg):
    packs.draft(cycle, heg)
    Job.objects.update(state="done")
    as_heg.post(f"{URL}retry/")
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


# The check, as the group sees it


def test_group_opens_the_check_after_a_page_that_says_what_follows(as_heg, cycle, heg):
    pack = packs.draft(cycle, heg)
    packs.stand_in(pack)
    Job.objects.update(state="done")
    assert "Open the factual check" in text_of(as_heg.get(URL))
    page = text_of(as_heg.get(f"{URL}open-check/"))
    assert "Monday 14 December 2026" in page
    assert "South West London Integrated Care System" in page
    assert as_heg.post(f"{URL}open-check/", {"version": "1"}).url == URL
    assert FactualCheck.objects.get().pack == pack
    page = text_of(as_heg.get(URL))
    assert "open until the end of Monday 14 December 2026" in page
    assert "Nothing said: North East London, South West London" in page
    assert "Draft it again" not in page


@pytest.mark.parametrize("step", ["open-check", "issue"])
def test_step_on_an_older_version_is_refused(as_heg, cycle, heg, step):
    packs.stand_in(packs.draft(cycle, heg))
    packs.draft(cycle, heg)
    response = as_heg.post(f"{URL}{step}/", {"version": "1"})
    assert response.status_code == 409
    assert "Somebody else has drafted a newer version" in text_of(response)


@pytest.mark.parametrize("step", ["open-check", "issue"])
def test_step_without_a_version_or_a_pack_says_so(as_heg, cycle, heg, step):
    assert as_heg.get(f"{URL}{step}/").status_code == 404
    packs.draft(cycle, heg)
    response = as_heg.post(f"{URL}{step}/", {})
    assert response.status_code == 422
    assert "did not say which version" in text_of(response)
    assert as_heg.post(f"{URL}{step}/", {"version": "7"}).status_code == 404


def test_check_before_the_paper_is_there_is_refused(as_heg, cycle, heg):
    packs.draft(cycle, heg)
    response = as_heg.post(f"{URL}open-check/", {"version": "1"})
    assert response.status_code == 409
    assert "still being made" in text_of(response)


def test_check_closes_by_itself(as_heg, pack, heg, now):
    Job.objects.update(state="done")
    assert "Issue the pack" not in text_of(as_heg.get(URL))
    move_on(as_heg, now, heg)
    page = text_of(as_heg.get(URL))
    assert "Factual check over" in page
    assert "Issue the pack" in page


def test_page_says_what_is_to_be_done_before_the_issue(as_heg, pack, cycle, heg, now):
    said = comment(pack)
    move_on(as_heg, now, heg)
    page = text_of(as_heg.get(URL))
    assert "reply to 1 comment" in page
    assert "L2 is wrong." in page
    words = {"version": 0, "reply": "Right.", "changes_pack": True}
    reply_to_comment(comment=said, by=heg, at=CLOSED, **words)
    assert "draft it again, as you replied that it changes" in text_of(as_heg.get(URL))
    packs.draft(cycle, heg, at=CLOSED)
    assert "Issue the pack" in text_of(as_heg.get(URL))


def test_group_issues_after_a_page_that_says_what_follows(as_heg, pack, heg, now):
    move_on(as_heg, now, heg)
    assert "cannot be taken back" in text_of(as_heg.get(f"{URL}issue/"))
    assert as_heg.post(f"{URL}issue/", {"version": "1"}).url == URL
    assert PackIssue.objects.get().pack == pack
    packs.stand_in(pack, "london-pack")
    page = text_of(as_heg.get(URL))
    assert "Read the issued pack" in page
    assert "Issue the pack" not in page


def test_issue_too_early_is_refused_in_words(as_heg, pack):
    response = as_heg.post(f"{URL}issue/", {"version": "1"})
    assert response.status_code == 409
    assert "has had its five working days" in text_of(response)


def test_group_replies(as_heg, pack):
    comment(pack)
    page = f"{URL}comments/1/1/"
    assert "L2 is wrong." in text_of(as_heg.get(page))
    assert as_heg.post(page, REPLY).url == URL
    said = PackComment.objects.get()
    assert (said.reply, said.changes_pack) == ("Thank you.", False)
    shown = text_of(as_heg.get(URL))
    assert "The pack does not change." in shown
    assert "Change the reply" in shown
    assert ">Thank you.</textarea>" in text_of(as_heg.get(page))


def test_bad_reply_is_told_beside_its_field(as_heg, pack):
    comment(pack)
    bad = {"reply": "x" * 2001, "changes_pack": "perhaps", "version": "0"}
    response = as_heg.post(f"{URL}comments/1/1/", bad)
    assert response.status_code == 422
    page = text_of(response)
    assert page.count("Your reply must be 2000 characters or fewer") == 2
    assert page.count("Select whether the pack changes") == 2
    empty = text_of(as_heg.post(f"{URL}comments/1/1/", REPLY | {"reply": ""}))
    assert empty.count("Enter your reply") == 2


def test_stale_reply_shows_both_and_can_be_saved_over(as_heg, pack, heg):
    said = comment(pack)
    words = {"version": 0, "reply": "Theirs.", "changes_pack": True}
    reply_to_comment(comment=said, by=heg, at=AT, **words)
    page = f"{URL}comments/1/1/"
    response = as_heg.post(page, REPLY | {"reply": "Mine."})
    assert response.status_code == 409
    shown = text_of(response)
    assert "Somebody else has replied" in shown
    assert "Theirs." in shown
    assert ">Mine.</textarea>" in shown
    assert 'name="version" value="1"' in shown
    assert as_heg.post(page, REPLY | {"reply": "Mine.", "version": "1"}).url == URL


def test_reply_after_the_issue_is_refused_and_kept(as_heg, pack, heg):
    said = comment(pack)
    words = {"version": 0, "reply": "Right.", "changes_pack": False}
    reply_to_comment(comment=said, by=heg, at=AT, **words)
    issue_pack(pack=pack, by=heg, at=CLOSED)
    response = as_heg.post(f"{URL}comments/1/1/", REPLY | {"version": "1", "reply": "Mine."})
    assert response.status_code == 409
    assert "This pack has been issued." in text_of(response)
    assert "Mine." in text_of(response)
    assert "Change the reply" not in text_of(as_heg.get(URL))


def test_there_is_nothing_to_reply_to_where_a_system_agrees(as_heg, pack):
    comment(pack, text="", agrees=True)
    assert as_heg.get(f"{URL}comments/1/1/").status_code == 404
    assert "Nothing to correct." in text_of(as_heg.get(URL))


def test_pack_of_a_mid_year_update_or_of_no_cycle_is_not_found(as_heg, framework):
    factories.open_cycle(framework, slug="half", name="Half", kind="mid_year")
    assert as_heg.get("/london-pack/half/").status_code == 404
    assert as_heg.get("/london-pack/nowhere/").status_code == 404


# The check, as a system sees it


@pytest.mark.parametrize("role", ["lead", "sponsor"])
def test_lead_and_sponsor_check_and_comment(client, pack, role):
    user = sign_in(client, role)
    page = text_of(client.get(CHECK))
    assert "by the end of Monday 14 December 2026" in page
    assert "Read the draft, version 1" in page
    assert client.post(CHECK, COMMENT).url == CHECK
    said = PackComment.objects.get()
    assert (said.text, said.by, said.organisation.slug) == ("L2 is wrong.", user, NEL)
    page = text_of(client.get(CHECK))
    assert "No reply yet." in page
    assert "Say something more" in page
    assert "comments/1/1" not in page


def test_system_says_that_there_is_nothing_to_correct(client, pack):
    sign_in(client, "lead")
    client.post(CHECK, COMMENT | {"answer": "agree"})
    assert PackComment.objects.get().agrees


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"answer": ""}, "Select whether something should be corrected"),
        ({"text": ""}, "Enter what should be corrected"),
        ({"text": "\u200b"}, "Enter what should be corrected"),
        ({"text": "x" * 2001}, "What should be corrected must be 2000 characters or fewer"),
    ],
)
def test_bad_comment_is_told_beside_its_field(client, pack, words, told):
    sign_in(client, "lead")
    response = client.post(CHECK, COMMENT | words)
    assert response.status_code == 422
    page = text_of(response)
    assert page.count(told) == 2
    assert "<title>Error: " in page
    assert not PackComment.objects.exists()


def test_comment_that_comes_too_late_is_refused_and_kept(client, pack, now):
    move_on(client, now, sign_in(client, "lead"))
    assert "closed on 14 December 2026" in text_of(client.get(CHECK))
    response = client.post(CHECK, COMMENT)
    assert response.status_code == 409
    page = text_of(response)
    assert "The factual check of this draft is not open." in page
    assert "L2 is wrong." in page
    assert not PackComment.objects.exists()


def test_comment_on_an_older_version_is_kept_until_the_new_one_is_read(
    client, pack, cycle, heg, now
):
    move_on(client, now, sign_in(client, "lead"))
    packs.in_check(cycle, heg, at=CLOSED)
    response = client.post(CHECK, COMMENT)
    assert response.status_code == 409
    page = text_of(response)
    assert "Somebody else has drafted a newer version" in page
    assert "L2 is wrong." in page
    assert client.post(CHECK, COMMENT | {"version": "2"}).url == CHECK


def test_system_sees_its_own_comments_only(client, pack):
    comment(pack, SWL, "W1 is wrong.")
    sign_in(client, "lead")
    assert "W1 is wrong." not in text_of(client.get(CHECK))


@pytest.mark.parametrize("role", ["contributor", "board", "secretary", "community", "heg", "admin"])
def test_others_do_not_reach_the_check(client, pack, role):
    sign_in(client, role)
    assert client.get(CHECK).status_code == 404
    assert client.post(CHECK, COMMENT).status_code == 404


def test_check_of_another_system_or_before_it_opens_is_not_found(client, cycle, heg):
    packs.draft(cycle, heg)
    sign_in(client, "lead")
    assert client.get(CHECK).status_code == 404
    assert client.get(f"{URL}check/{SWL}/").status_code == 404
    assert client.get(f"{URL}check/nowhere/").status_code == 404


def test_issued_pack_is_read_from_the_check_page(client, pack, heg):
    issue_pack(pack=pack, by=heg, at=CLOSED)
    packs.stand_in(pack, "london-pack")
    sign_in(client, "sponsor")
    assert "Read the issued pack" in text_of(client.get(CHECK))


def test_home_asks_lead_and_sponsor_until_somebody_has_answered(client, pack):
    sign_in(client, "sponsor")
    page = text_of(client.get("/"))
    assert "Check the facts" in page
    assert CHECK in page
    comment(pack)
    assert "Check the facts" not in text_of(client.get("/"))


@pytest.mark.parametrize("role", ["contributor", "board", "secretary", "heg"])
def test_home_asks_nobody_else(client, pack, role):
    sign_in(client, role)
    assert "Check the facts" not in text_of(client.get("/"))


# Queries


def queries(client, url, django_assert_max_num_queries):
    client.get(url)  # the session's own upkeep comes once a minute
    with django_assert_max_num_queries(12) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_ask_the_database_no_more_for_more_versions_and_comments(
    as_heg, pack, cycle, heg, now, django_assert_max_num_queries
):
    pages = (URL, f"{URL}draft/", f"{URL}issue/")
    before = [queries(as_heg, page, django_assert_max_num_queries) for page in pages]
    for number in range(4):
        comment(pack, NEL, f"Comment {number}.")
        comment(pack, SWL, f"Comment {number}.")
    move_on(as_heg, now, heg)
    for day in range(3):
        packs.stand_in(packs.draft(cycle, heg, at=CLOSED + dt.timedelta(days=day)))
    assert [queries(as_heg, page, django_assert_max_num_queries) for page in pages] == before


def test_check_page_and_reply_stay_within_their_queries(
    client, pack, heg, django_assert_max_num_queries
):
    comment(pack)
    client.force_login(packs.person("lead", factories.organisation(NEL)))
    queries(client, CHECK, django_assert_max_num_queries)
    queries(client, "/", django_assert_max_num_queries)
    queries(client, "/reports/", django_assert_max_num_queries)
    client.force_login(heg)
    queries(client, f"{URL}comments/1/1/", django_assert_max_num_queries)


def test_kinds_of_pack_papers_are_named():
    kinds = {Report.Kind.PACK_DRAFT.label, Report.Kind.LONDON_PACK.label}
    assert kinds == {"London pack, draft for factual check", "London pack"}
