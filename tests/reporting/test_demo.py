"""The demonstration: who is in it, how far each organisation is, and that nothing is due yet."""

import datetime as dt
import json
from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction

from assessments.models import (
    Answer,
    Assessment,
    BoardAsk,
    BoardOutcome,
    Cycle,
    Evidence,
    ImprovementStep,
    Plan,
    Revision,
    Risk,
    Snapshot,
)
from assessments.services import run_calendar
from portal.models import AuditEvent, Job, Membership, Message, Organisation, User
from portal.roles import Role
from reporting import demo
from reporting.models import Cover, Pack, PackComment, Reading, Report
from reporting.services import remind_of_checks

NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
ISO = NOW.isoformat()
SYSTEMS = {
    "north-central-london",
    "north-east-london",
    "north-west-london",
    "south-east-london",
    "south-west-london",
}
OTHERS = {"homerton-healthcare", "croydon"}
HEG = "health-equity-group"
WEEK = dt.timedelta(days=7)

State = Assessment.State


def print_accounts(*options):
    """What `seed_demo --json` prints."""
    out = StringIO()
    call_command("seed_demo", "--now", ISO, "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def prepare():
    call_command("load_framework", stdout=StringIO())
    call_command("load_organisations", stdout=StringIO())


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """One seeding for this module, as it takes a while; taken back at its end."""
    from django.conf import settings

    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        patch.setattr(settings, "DEMO", True)
        prepare()
        yield print_accounts()
        transaction.set_rollback(True)


@pytest.fixture
def rows(seeded, db, settings):
    """The accounts that seeding printed, with the demonstration's data in the database."""
    settings.DEMO = True
    return seeded


def test_accounts_are_one_row_per_person_and_organisation(rows):
    assert all(set(row) == {"email", "password", "roles", "organisation"} for row in rows)
    pairs = Counter((row["email"], row["organisation"]) for row in rows)
    assert set(pairs.values()) == {1}
    assert {row["password"] for row in rows} == {demo.PASSWORD}
    assert {row["organisation"] for row in rows} == SYSTEMS | OTHERS | {HEG}


def test_accounts_cover_every_role(rows):
    held = {}
    for row in rows:
        held.setdefault(row["organisation"], set()).update(row["roles"])
    assert set().union(*held.values()) == set(Role.values)
    system_roles = {"contributor", "lead", "sponsor", "board", "secretary", "community"}
    assert {slug: held[slug] for slug in SYSTEMS} == dict.fromkeys(SYSTEMS, system_roles)
    assert {slug: held[slug] for slug in OTHERS} == {
        slug: {"contributor", "lead", "sponsor"} for slug in OTHERS
    }
    assert held[HEG] == {"heg", "admin"}


def test_accounts_let_people_in(rows, rf):
    for row in rows[::9]:
        person = authenticate(rf.get("/"), email=row["email"], password=row["password"])
        assert person is not None
        assert person.email == row["email"]


def test_seeding_again_changes_nothing(rows):
    counted = (User, Membership, Assessment, Answer, Revision, Evidence, AuditEvent, Message, Job)
    before = [model.objects.count() for model in counted]

    assert print_accounts() == rows
    assert print_accounts("--seed", "7") == rows

    assert [model.objects.count() for model in counted] == before


def test_seeding_without_json_says_how_many_accounts_there_are(rows, capsys):
    call_command("seed_demo", "--now", ISO)
    assert capsys.readouterr().out == f"Demonstration: {len(rows)} accounts.\n"


def test_there_are_three_full_cycles_a_year_apart(rows):
    cycles = Cycle.objects.order_by("opens_at")
    assert [cycle.slug for cycle in cycles] == ["2024", "2025", "2026"]
    assert {cycle.kind for cycle in cycles} == {Cycle.Kind.FULL}
    assert cycles.last().opens_at < NOW < cycles.last().due_at


def test_current_cycle_stands_at_different_stages(rows):
    current = Assessment.objects.filter(cycle__slug="2026").select_related("organisation")
    assert {one.organisation.slug: State(one.state) for one in current} == {
        "north-east-london": State.DRAFT,
        "north-west-london": State.DRAFT,
        "south-east-london": State.AWAITING,
        "north-central-london": State.SIGNED_OFF,
        "south-west-london": State.SIGNED_OFF,
        "homerton-healthcare": State.AWAITING,
        "croydon": State.DRAFT,
    }
    released = current.filter(snapshots__release__isnull=False)
    assert [one.organisation.slug for one in released] == ["south-west-london"]


def test_earlier_cycles_are_signed_off_and_released(rows):
    for slug, organisations in (("2024", SYSTEMS), ("2025", SYSTEMS | OTHERS)):
        over = Assessment.objects.filter(cycle__slug=slug)
        assert {one.organisation.slug for one in over} == organisations
        assert all(one.state == State.SIGNED_OFF for one in over)
        assert not over.filter(snapshots__release__isnull=True).exists()


def test_nothing_happened_in_the_future(rows):
    told = AuditEvent.objects.filter(chain__in=SYSTEMS | OTHERS | {HEG})
    assert told.exists()
    assert not told.filter(at__gt=NOW).exists()
    assert not Revision.objects.filter(at__gt=NOW).exists()
    assert not Evidence.objects.filter(added_at__gt=NOW).exists()
    assert not Evidence.objects.filter(dated_on__gt=NOW.date()).exists()


def test_signers_are_not_the_senders(rows):
    signed = Assessment.objects.filter(signed_off_at__isnull=False)
    assert signed.exists()
    assert [one for one in signed if one.signed_by_id == one.sent_by_id] == []


def test_every_system_has_a_plan_evidence_steps_and_cover_sheets(rows):
    for slug in SYSTEMS:
        plan = Plan.objects.get(organisation__slug=slug)
        assert 3 <= plan.measures.count() <= 8
        assert plan.priorities.exists()
        assert Evidence.objects.filter(organisation__slug=slug).count() >= 5
        assert ImprovementStep.objects.filter(organisation__slug=slug).exists()
        covers = Cover.objects.filter(assessment__organisation__slug=slug)
        assert {cover.version for cover in covers} == {1}
    assert not Plan.objects.filter(organisation__slug__in=OTHERS).exists()


def test_every_board_is_asked_decides_and_follows_what_was_put_off(rows):
    for slug in SYSTEMS:
        own = BoardAsk.objects.filter(assessment__organisation__slug=slug)
        decisions = set(BoardOutcome.objects.filter(ask__in=own).values_list("decision", flat=True))
        assert {"deferred", "noted"} <= decisions
        assert {"agreed", "changed"} & decisions
        assert own.tabled().undecided().exists()
        current = own.filter(assessment__cycle__slug="2026")
        assert current.exists()
        references = Risk.objects.filter(organisation__slug=slug).values_list(
            "board_assurance_reference", flat=True
        )
        assert len(references) == 3
        assert any(references)
    document = json.loads(
        Snapshot.objects.filter(assessment__organisation__slug="north-central-london")
        .latest("signed_off_at")
        .document
    )
    assert len(document["asks"]) == 4
    assert [ask["outcome"]["decision"] for ask in document["previous_asks"]] == [
        "agreed",
        "deferred",
        "noted",
    ]


def test_texts_of_asks_and_risks_differ_between_systems(rows):
    for model, field in ((BoardAsk, "text"), (Risk, "what")):
        texts = list(model.objects.values_list(field, flat=True))
        assert len(texts) == len(set(texts))


def test_boards_read_their_papers_once_these_are_made(rows):
    assert not Reading.objects.exists()
    for snapshot in Snapshot.objects.filter(assessment__organisation__slug__in=SYSTEMS):
        Report.objects.create(
            reference=f"paper-{snapshot.pk}",
            kind="board-paper",
            snapshot=snapshot,
            version=1,
            made_at=NOW,
            pages=1,
            size=1,
            digest="0" * 64,
        )
    for _time in range(2):
        print_accounts()
    read = Reading.objects.values_list(
        "report__snapshot__assessment__organisation__slug", flat=True
    )
    assert Counter(read) == {
        "north-central-london": 1,
        "north-east-london": 1,
        "north-west-london": 2,
        "south-east-london": 1,
        "south-west-london": 2,
    }


def test_plans_and_answers_differ_between_systems(rows):
    levels = {
        slug: tuple(
            Answer.objects.filter(
                assessment__cycle__slug="2025", assessment__organisation__slug=slug
            )
            .in_order()
            .values_list("level", flat=True)
        )
        for slug in SYSTEMS
    }
    assert len(set(levels.values())) == len(SYSTEMS)
    titles = Plan.objects.values_list("title", flat=True)
    assert len(set(titles)) == len(SYSTEMS)


def test_drafts_are_shared_out_and_partly_handed_in(rows):
    answers = Answer.objects.filter(
        assessment__cycle__slug="2026", assessment__organisation__slug="north-east-london"
    )
    states = set(answers.exclude(assignment=None).values_list("assignment__state", flat=True))
    assert states == {"given", "handed-in", "accepted"}


def test_two_systems_share_with_each_other(rows):
    sharing = Organisation.objects.filter(shares_with_peers_since__isnull=False)
    assert {one.slug for one in sharing} == set(demo.SHARING)


def test_nobody_is_mailed_about_the_past(rows):
    assert Message.objects.exists()
    assert not Message.objects.due(at=NOW).exists()


def test_papers_wait_to_be_made(rows):
    signed = Assessment.objects.filter(signed_off_at__isnull=False).count()
    assert Job.objects.due(at=NOW).count() == 2 * signed


def test_last_released_cycle_has_an_issued_pack_with_comments_and_replies(rows):
    first, second = Pack.objects.order_by("version")
    assert {one.cycle.slug for one in (first, second)} == {"2025"}
    said = PackComment.objects.filter(pack=first, agrees=False)
    assert sorted(said.values_list("changes_pack", flat=True)) == [False, True]
    assert not PackComment.objects.unanswered().exists()
    issued = Report.objects.get(kind=Report.Kind.LONDON_PACK)
    assert (issued.pack, issued.reference) == (second, "2025-london-pack-v2")
    assert len(issued.cover["comments"]) == 2
    assert second.reason in issued.bytes.html
    assert remind_of_checks(at=NOW) == 0


def test_calendar_finds_nothing_to_do_after_seeding(rows):
    assert not run_calendar(at=NOW)
    assert not run_calendar(at=NOW + WEEK)


def test_welcome_prints_the_address_and_an_account_for_each_role(rows, settings, capsys):
    settings.SITE_URL = "http://127.0.0.1:8123"
    call_command("welcome")
    printed = capsys.readouterr().out
    assert "http://127.0.0.1:8123/" in printed
    assert demo.PASSWORD in printed
    emails = {row["email"] for row in rows}
    for role in Role:
        email = next(line for line in printed.splitlines() if role.label in line).split()[-1]
        assert email in emails
        assert Membership.objects.filter(user__email=email, role=role).exists()
