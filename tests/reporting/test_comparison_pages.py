"""The comparison's pages and file: released snapshots only, for the Health Equity Group only."""

import csv
import datetime as dt
import io

import pytest

from assessments import services
from assessments.models import Release
from portal.models import AuditEvent
from reporting.queries.comparison import compare, cycles_to_compare
from reporting.queries.systems import page_of_systems
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

URL = "/comparison/2026/"


@pytest.fixture
def released(assessment, lead, sponsor, at):
    """North East London at level 3, L1 at 4 and W1 at 0, released."""
    snapshot = factories.signed_off(
        assessment, lead=lead, sponsor=sponsor, levels={"L1": 4, "W1": 0}
    )
    services.release(snapshot=snapshot, cause=Release.Cause.SPONSOR, by=sponsor, at=at)
    return snapshot


@pytest.fixture
def other(assessment, at):
    """A second system, whose draft must never show."""
    place = factories.organisation("barking")
    draft = services.add_assessment(cycle=assessment.cycle, organisation=place, by=None, at=at)
    lead = factories.user_with("lead", place)
    factories.complete_assessment(draft, by=lead, levels={"L1": 1})
    return draft


def compared(assessment):
    return compare(assessment.cycle, among=cycles_to_compare())


def test_comparison_shows_only_what_is_released(client, heg, released, other):
    client.force_login(heg)
    page = client.get(URL).content.decode()

    assert "1 of 1 Embedded or better; 1 not released" in page
    assert "Making a difference" in page
    assert "Committed" not in page
    assert "In draft" in page


def test_comparison_is_alphabetical_by_system(heg, released, other):
    comparison = compared(released.assessment)
    assert [system.slug for system in comparison.systems] == ["barking", "north-east-london"]


def test_comparison_filters_by_section(client, heg, released):
    client.force_login(heg)
    page = client.get(URL, {"section": "W"}).content.decode()

    assert "W1 Short name W1" in page
    assert "L1 Short name L1" not in page
    assert client.get(URL, {"section": "Q"}).status_code == 404


def test_comparison_says_when_the_board_meets_on_what_is_signed_off(
    client, heg, assessment, lead, sponsor, at
):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    client.force_login(heg)
    assert (
        '<dd class="nhsuk-summary-list__value">Signed off</dd>' in client.get(URL).content.decode()
    )

    services.record_board_date(assessment=assessment, board_on=dt.date(2027, 3, 12), by=lead, at=at)
    page = client.get(URL).content.decode()
    assert "Signed off, Board on 12 March 2027" in page
    assert "Making a difference" not in page


def test_a_reopened_assessment_keeps_its_last_released_column(heg, released, sponsor, at):
    assessment = released.assessment
    services.ask_to_reopen(assessment=assessment, reason="A wrong figure", by=sponsor, at=at)
    services.reopen(assessment=assessment, by=heg, at=at)

    (system,) = compared(assessment).systems
    assert system.released
    assert system.status_words == "Released"


def test_one_item_shows_each_system_and_its_neighbours(client, heg, released, other):
    client.force_login(heg)
    page = client.get(f"{URL}L2/").content.decode()

    assert "Coverage: Most of the system" in page
    assert "Evidence by strength: B 1" in page
    assert "In draft" in page
    assert f"{URL}L1/" in page
    assert f"{URL}L3/" in page
    assert "first full cycle" in page


def test_first_and_last_item_have_one_neighbour(client, heg, released):
    client.force_login(heg)
    assert "Previous" not in client.get(f"{URL}L1/").content.decode()
    assert "Next" not in client.get(f"{URL}D2/").content.decode()
    assert client.get(f"{URL}P3/").status_code == 404


def test_who_has_moved_on_is_named(client, heg, framework, released, lead, sponsor):
    later = factories.open_assessment(
        framework,
        slug="2027",
        name="Self-assessment 2027",
        opens_at=factories.london(2027, 10, 5),
        due_at=factories.london(2027, 12, 15),
        closes_at=factories.london(2028, 1, 15),
        last_release_at=factories.london(2028, 3, 31),
    )
    at = factories.london(2027, 11, 16)
    levels = {"L1": 3, "W1": 2}
    for answer in later.answers.filter(item__code="W1"):
        answer.assessment = later
        factories.cite(answer, at)
    snapshot = factories.signed_off(later, lead=lead, sponsor=sponsor, at=at, levels=levels)
    services.release(snapshot=snapshot, cause=Release.Cause.SPONSOR, by=sponsor, at=at)

    client.force_login(heg)
    assert "from Not started to Under way since Self-assessment 2026" in (
        client.get("/comparison/2027/W1/").content.decode()
    )
    assert "No released assessment shows a higher level" in (
        client.get("/comparison/2027/L2/").content.decode()
    )


def test_items_not_assessed_or_not_applicable_say_so(heg, assessment, lead, sponsor, at):
    factories.complete_assessment(assessment, by=lead)
    for answer in assessment.answers.filter(item__code__in=("L1", "L2")):
        answer.assessment = assessment
        if answer.item.code == "L1":
            services.record_not_assessed(
                answer=answer, reason="No data", version=answer.version, by=lead, at=at
            )
        else:
            services.exempt_item(answer=answer, reason="No such service", by=heg, at=at)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    snapshot = services.sign_off(assessment=assessment, by=sponsor, at=at)
    services.release(snapshot=snapshot, cause=Release.Cause.SPONSOR, by=sponsor, at=at)

    rows = {row.item.code: row for row in compared(assessment).rows}
    assert rows["L1"].cells[0].words == "Not assessed"
    assert rows["L2"].cells[0].words == "Not applicable"


def test_csv_holds_the_rows_of_the_page_and_is_logged(client, heg, released, other):
    client.force_login(heg)
    answer = client.get("/comparison/2026.csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-comparison.csv"'
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 8 * 2
    first = next(row for row in rows if row["Code"] == "L1" and row["Level"])
    assert (first["Level"], first["Level name"]) == ("4", "Making a difference")
    assert first["Evidence by strength"] == "B 1"
    assert {row["Level"] for row in rows if row["System"] == "Barking"} == {""}
    assert AuditEvent.objects.filter(verb="comparison.downloaded", actor=heg.email).exists()


@pytest.mark.parametrize("path", [URL, f"{URL}L1/", "/comparison/2026.csv", "/comparison/"])
def test_comparison_is_for_the_health_equity_group_only(client, lead, released, path):
    assert client.get(path).status_code == 302
    client.force_login(lead)
    assert client.get(path).status_code == 403


def test_latest_leads_to_the_latest_full_cycle_or_says_there_is_none(client, heg, framework):
    client.force_login(heg)
    assert "nothing to compare" in client.get("/comparison/").content.decode()
    factories.open_cycle(framework)
    assert client.get("/comparison/").headers["Location"] == URL


@pytest.mark.parametrize("path", [URL, f"{URL}L1/"])
def test_cycle_in_which_nobody_takes_part_says_so_outside_a_list(client, heg, framework, path):
    factories.open_cycle(framework)
    client.force_login(heg)
    page = client.get(path).content.decode()
    assert "No system takes part in this cycle yet." in page
    assert 'class="nhsuk-summary-list"' not in page


def test_unknown_cycle_is_404(client, heg, framework):
    client.force_login(heg)
    assert client.get("/comparison/1066/").status_code == 404
    factories.open_cycle(framework)
    assert client.get("/comparison/1066/").status_code == 404


def crowd(assessment, number):
    """This many more systems, in draft."""
    for place in range(number):
        services.add_assessment(
            cycle=assessment.cycle,
            organisation=factories.organisation(f"system-{place:02}"),
            by=None,
            at=factories.AT,
        )


def test_comparison_page_takes_the_same_queries_for_more_systems(
    client, heg, released, django_assert_max_num_queries
):
    client.force_login(heg)
    client.get(URL)
    crowd(released.assessment, 15)
    with django_assert_max_num_queries(12):
        client.get(URL)
    with django_assert_max_num_queries(10):
        client.get(URL)


def test_a_page_shows_ten_systems_and_counts_them_all(client, heg, released):
    client.force_login(heg)
    assert "in alphabetical order" not in client.get(URL).content.decode()
    crowd(released.assessment, 11)

    first = client.get(URL, {"section": "L"}).content.decode()
    assert "Systems 1 to 10 of 12, in alphabetical order." in first
    assert "System 08" in first
    assert "System 09" not in first
    assert "1 of 1 Embedded or better; 11 not released" in first
    assert 'href="?section=L&amp;page=2"' in first

    second = client.get(URL, {"section": "L", "page": "2"}).content.decode()
    assert "Systems 11 to 12 of 12, in alphabetical order." in second
    assert "System 08" not in second
    assert "1 of 1 Embedded or better; 11 not released" in second
    assert 'href="?section=L&amp;page=1"' in second
    assert client.get(URL, {"page": "none"}).status_code == 200

    item = client.get(f"{URL}L1/", {"page": "2"}).content.decode()
    assert "of the systems shown here" in item
    assert "Systems, page 1 of 2" in item
    file = client.get("/comparison/2026.csv").content.decode()
    assert file.count("\n") == 1 + 8 * 12


def test_counts_follow_the_next_release(heg, released, other, sponsor, at):
    def shown(*, page):
        systems = page_of_systems(other.cycle, "1") if page else None
        rows = compare(other.cycle, among=cycles_to_compare(), shown=systems).rows
        return {row.item.code: row.counts_words for row in rows}

    assert shown(page=True) == shown(page=False)
    assert shown(page=True)["L1"] == "1 of 1 Embedded or better; 1 not released"

    people = {role: factories.user_with(role, other.organisation) for role in ("lead", "sponsor")}
    answers = {answer.item.code: answer for answer in other.answers.select_related("item")}
    for answer in answers.values():
        answer.assessment = other
    services.record_not_assessed(
        answer=answers["L2"], reason="No data", version=1, by=people["lead"], at=at
    )
    services.exempt_item(answer=answers["L3"], reason="No such service", by=heg, at=at)
    services.send_for_sign_off(assessment=other, by=people["lead"], at=at)
    snapshot = services.sign_off(assessment=other, by=people["sponsor"], at=at)
    services.release(snapshot=snapshot, cause=Release.Cause.SPONSOR, by=people["sponsor"], at=at)

    assert shown(page=True) == shown(page=False)
    assert shown(page=True)["L1"] == "1 of 2 Embedded or better"
    assert shown(page=True)["L2"] == "1 of 2 Embedded or better; 1 not assessed"
    assert shown(page=True)["L3"] == "1 of 1 Embedded or better; 1 not applicable"


def test_counts_are_of_the_latest_release_only(heg, released, sponsor, lead, at):
    assessment = released.assessment
    services.ask_to_reopen(assessment=assessment, reason="A wrong level", by=sponsor, at=at)
    services.reopen(assessment=assessment, by=heg, at=at)
    assessment.refresh_from_db()
    answer = assessment.answers.select_related("item").get(item__code="L1")
    answer.assessment = assessment
    services.save_answer(
        answer=answer, level=1, narrative="Less.", version=answer.version, by=lead, at=at
    )
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    again = services.sign_off(assessment=assessment, by=sponsor, at=at)
    services.release(snapshot=again, cause=Release.Cause.SPONSOR, by=sponsor, at=at)

    systems = page_of_systems(assessment.cycle, "1")
    (row, *_others) = compare(assessment.cycle, among=cycles_to_compare(), shown=systems).rows
    assert row.cells[0].level == 1
    assert row.counts_words == "0 of 1 Embedded or better"
