"""A Board member says that a paper is read; those who prepare it see who has and tell the Board."""

import datetime as dt

import pytest

from assessments.models import Assessment
from portal.models import Message
from reporting.models import Reading, Report, ReportBytes
from tests import factories
from tests.assessments.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(assessment, lead, sponsor):
    return factories.signed_off(assessment, lead=lead, sponsor=sponsor)


@pytest.fixture
def report(snapshot, at):
    return made(snapshot, at)


@pytest.fixture
def member(system, report):
    return factories.user_with("board", system, name="Ada Obi")


def made(snapshot, at, version=1):
    report = Report.objects.create(
        reference=f"2026-north-east-london-board-paper-v{version}",
        kind="board-paper",
        snapshot=snapshot,
        version=version,
        made_at=at,
        pages=8,
        size=4,
        digest="0" * 64,
    )
    ReportBytes.objects.create(report=report, pdf=b"%PDF", html="<h1>Paper</h1>")
    return report


def signed_in(client, person):
    client.force_login(person)
    return client


def test_board_member_says_that_the_paper_is_read(client, member, report):
    page = signed_in(client, member).get(report.get_absolute_url())
    assert "I have read this paper" in words(page)
    assert "Board members" not in words(page)
    response = client.post(f"{report.get_absolute_url()}read/", follow=True)
    assert "You have said that you have read this paper." in words(response)
    assert "I have read this paper" not in words(response)
    assert Reading.objects.get().user == member


def test_those_who_prepare_the_paper_see_who_has_read_it(client, member, report, system, lead, at):
    factories.user_with("board", system, name="Ben Cole")
    Reading.objects.create(report=report, user=member, read_at=at)
    paper = words(signed_in(client, lead).get(report.get_absolute_url()))
    assert "Tell the Board about this paper, and see who has read it" in paper
    assert "I have read this paper" not in paper
    said = words(client.get(f"{report.get_absolute_url()}readers/"))
    assert "Nobody has been told of this version yet." in said
    assert "Read by 1 of 2 Board members." in said
    assert "Ada Obi, 16 November 2026" in said
    assert "Ben Cole: has not said so" in said


def test_contributor_sees_neither(client, contributor, report):
    said = words(signed_in(client, contributor).get(report.get_absolute_url()))
    assert "read this paper" not in said
    assert "Board member" not in said
    for deed in ("read", "readers"):
        assert client.post(f"{report.get_absolute_url()}{deed}/").status_code == 403


def test_secretary_tells_the_board_once_for_each_version(client, member, report, system):
    Assessment.objects.update(board_on=dt.date(2027, 1, 27))
    secretary = factories.user_with("secretary", system)
    url = f"{report.get_absolute_url()}readers/"
    told = words(signed_in(client, secretary).post(url, follow=True))
    assert "Tell the Board by e-mail" in told
    assert "So far 1 has been told of this version." in told
    factories.user_with("board", system)
    factories.user_with("board", system)
    for expected in ("2 Board members are being told", "has been told of this version already"):
        assert expected in client.post(url, follow=True).content.decode()
    assert Message.objects.filter(dedupe_key__startswith="board-paper-ready").count() == 3


def test_one_member_is_told_in_the_singular(client, member, report, lead):
    Assessment.objects.update(board_on=dt.date(2027, 1, 27))
    response = signed_in(client, lead).post(f"{report.get_absolute_url()}readers/", follow=True)
    assert "1 Board member is being told by e-mail" in response.content.decode()


def test_without_a_date_the_page_says_what_to_do_first(client, member, report, lead):
    response = signed_in(client, lead).post(f"{report.get_absolute_url()}readers/", follow=True)
    assert "Record the date of the Board meeting on the cover sheet first." in (
        response.content.decode()
    )


def test_without_a_board_the_page_says_so(client, report, lead):
    said = words(signed_in(client, lead).get(f"{report.get_absolute_url()}readers/"))
    assert "No Board member has an account yet, so nobody can be told of this paper." in said


def test_superseded_paper_is_told_to_nobody(client, member, report, snapshot, lead, at):
    made(snapshot, at, version=2)
    response = signed_in(client, lead).post(f"{report.get_absolute_url()}readers/", follow=True)
    assert "There is a newer version of this paper." in response.content.decode()


def test_strangers_find_nothing(client, report):
    elsewhere = factories.organisation("south-east-london")
    signed_in(client, factories.user_with("board", elsewhere))
    for deed in ("read", "readers"):
        assert client.post(f"{report.get_absolute_url()}{deed}/").status_code == 404


def test_released_paper_is_read_by_the_group_without_a_word_on_its_readers(
    client, member, report, snapshot, heg, at
):
    from assessments.models import Release

    Release.objects.create(snapshot=snapshot, cause=Release.Cause.SPONSOR, at=at)
    said = words(signed_in(client, heg).get(report.get_absolute_url()))
    assert "Board member" not in said
    assert "read this paper" not in said
    list_page = words(client.get("/reports/"))
    assert "What the Board is asked" not in list_page


def test_list_leads_to_what_the_board_decided(client, member, report):
    page = signed_in(client, member).get("/reports/")
    assert "What the Board is asked, and what it decided" in words(page)
    assert "/assessments/2026/north-east-london/asks/" in page.content.decode()


def test_page_stays_within_its_queries(client, member, report, lead, django_assert_max_num_queries):
    for person in (member, lead):
        signed_in(client, person).get("/")
        with django_assert_max_num_queries(12):
            client.get(report.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(f"{report.get_absolute_url()}readers/")
