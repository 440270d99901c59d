"""Activity: who did what, for those who may know, narrowed, page by page, and as a file."""

import csv
import datetime as dt
import io

import pytest

from portal import audit
from portal.audit import VERBS
from portal.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/organisations/north-east-london/activity/"
FILE = "/organisations/north-east-london/activity.csv"
OF_THE_GROUP = "/organisations/health-equity-group/activity/"


@pytest.fixture
def events(lead, system, at):
    audit.record(by=lead, verb="answer.saved", target="x:1", organisation=system, at=at, code="L1")
    audit.record(
        by=lead,
        verb="step.added",
        target=system,
        organisation=system,
        at=at + dt.timedelta(days=2),
        codes=["L1", "W2"],
        late=False,
        level=None,
    )
    audit.record(by=None, verb="assessment.opened", target="x", organisation=system, at=at)


def signed_in(client, person):
    client.force_login(person)
    return client


def page(client, address=PAGE):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer


def test_lead_reads_who_did_what_newest_first(client, lead, events):
    rows = page(signed_in(client, lead)).context["rows"]
    assert [row.did for row in rows] == [
        "Added an improvement step",
        "Opened an assessment",
        "Saved an answer",
    ]
    assert [row.who for row in rows] == [
        f"Amina Okafor ({lead.email})",
        "The portal",
        f"Amina Okafor ({lead.email})",
    ]
    assert [row.about for row in rows] == ["Organisation", "x", "x:1"]
    assert [row.details for row in rows] == ["codes: L1, W2; late: no; level: none", "", "code: L1"]


def test_people_who_left_are_shown_by_address(client, sponsor, lead, system, at, events):
    lead.delete()
    rows = page(signed_in(client, sponsor)).context["rows"]
    assert rows[-1].who == lead.email


def test_verb_of_an_older_version_is_shown_as_it_was_written(lead, system, at):
    assert audit.words_for("minutes.sent-on") == "Minutes sent on"


def test_filter_narrows_by_what_was_done(client, lead, events):
    rows = page(signed_in(client, lead), f"{PAGE}?verb=step.added").context["rows"]
    assert [row.did for row in rows] == ["Added an improvement step"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("since_day=17&since_month=11&since_year=2026", 1),
        ("until_day=16&until_month=11&until_year=2026", 2),
        ("until_day=15&until_month=11&until_year=2026", 0),
    ],
)
def test_filter_narrows_by_london_days(client, lead, events, query, found):
    answer = page(signed_in(client, lead), f"{PAGE}?{query}")
    assert answer.context["found"] == found
    if not found:
        assert "Nothing has been recorded that matches." in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("verb=nonsense", "Choose what was done from the list"),
        ("since_day=31&since_month=2&since_year=2026", "From must be a real date"),
        (
            "since_day=2&since_month=2&since_year=2026&until_day=1&until_month=2&until_year=2026",
            "To must be the same as or after From",
        ),
    ],
)
def test_filter_that_makes_no_sense_says_so_and_shows_everything(
    client, lead, events, query, problem
):
    answer = page(signed_in(client, lead), f"{PAGE}?{query}")
    assert problem in answer.content.decode()
    assert answer.context["found"] == 3


def test_pages_keep_the_filter(client, lead, system, at, django_assert_max_num_queries):
    for _ in range(101):
        audit.record(by=lead, verb="answer.saved", target="x", organisation=system, at=at)
    signed_in(client, lead)
    with django_assert_max_num_queries(12):
        middle = page(client, f"{PAGE}?verb=answer.saved&page=2")
    assert middle.context["pagination"] == {
        "previous": {"href": "?verb=answer.saved&page=1"},
        "next": {"href": "?verb=answer.saved&page=3"},
    }
    first, last = page(client), page(client, f"{PAGE}?page=3")
    assert first.context["pagination"] == {"previous": None, "next": {"href": "?page=2"}}
    assert last.context["pagination"] == {"previous": {"href": "?page=2"}, "next": None}
    assert len(last.context["rows"]) == 1


def test_empty_log_says_so(client, lead):
    assert "Nothing has been recorded yet." in page(signed_in(client, lead)).content.decode()


def test_file_has_the_rows_of_the_page_and_is_itself_recorded(client, lead, system, at, events):
    audit.record(by=None, verb="invite", target="=1+1", organisation=system, at=at)
    answer = signed_in(client, lead).get(FILE)
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == (
        'attachment; filename="north-east-london-activity.csv"'
    )
    assert lines[0] == ["When (London)", "Who", "What", "About", "Details"]
    assert lines[1][0] == "2026-11-18 10:00:00"
    assert lines[2][3] == "'=1+1"
    assert len(lines) == 5
    last = AuditEvent.objects.latest("pk")
    assert (last.verb, last.detail) == ("activity.downloaded", {"rows": 4})


def test_group_reads_its_own_and_the_portals_log_and_no_systems(client, heg, system, at, events):
    audit.record(by=heg, verb="cycle.opened", target="x", organisation=None, at=at)
    signed_in(client, heg)
    assert [row.did for row in page(client, OF_THE_GROUP).context["rows"]] == ["Opened a cycle"]
    assert client.get(PAGE).status_code == 404
    assert client.get(FILE).status_code == 404


def test_administrator_reads_the_portals_log(client, admin, system, at):
    audit.record(by=admin, verb="sign-in", target=admin, organisation=None, at=at)
    signed_in(client, admin)
    assert page(client, OF_THE_GROUP).context["found"] == 1
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("role", ["contributor", "board", "secretary", "community"])
def test_nobody_else_of_the_organisation_reads_it(client, system, role, events):
    signed_in(client, factories.user_with(role, system))
    assert client.get(PAGE).status_code == 403


def test_organisation_page_links_to_it_for_those_who_may(client, lead, system):
    link = f'href="{PAGE}"'
    assert link in signed_in(client, lead).get(system.get_absolute_url()).content.decode()
    client.force_login(factories.user_with("board", system))
    assert link not in client.get(system.get_absolute_url()).content.decode()


def test_words_are_different_for_every_verb():
    assert len(set(VERBS.values())) == len(VERBS)
