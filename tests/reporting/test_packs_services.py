"""London packs: frozen versions, the check, comments and replies, the issue, and the papers."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assessments.models import Release
from portal import jobs
from portal.jobs import LeaseLost
from portal.models import AuditEvent, Job, Message
from portal.tasks import do_job
from reporting import tasks
from reporting.models import FactualCheck, Pack, PackComment, PackIssue, Report
from reporting.services import (
    AlreadyIssued,
    ChangePromised,
    CheckClosed,
    CheckOpen,
    DraftNotReady,
    NotChecked,
    NothingReleased,
    StalePack,
    StaleReply,
    Unanswered,
    comment_on_pack,
    issue_pack,
    make_pack_paper,
    open_check,
    remind_of_checks,
    reply_to_comment,
)
from tests import factories
from tests.reporting import packs

pytestmark = pytest.mark.django_db

AT = packs.AT
NEL, SWL = "north-east-london", "south-west-london"
CLOSED = factories.london(2026, 12, 15)
"""The morning after a check that opened at AT has closed."""


@pytest.fixture
def cycle(framework):
    return packs.released(framework, NEL, SWL)


@pytest.fixture
def pack(cycle, heg):
    """Drafted, printed, and in its factual check."""
    return packs.in_check(cycle, heg)


def comment(pack, slug=NEL, text="L2 is wrong.", at=AT, **words):
    place = factories.organisation(slug)
    words = {"agrees": False, "by": packs.person("lead", place)} | words
    return comment_on_pack(pack=pack, organisation=place, text=text, at=at, **words)


def reply(comment, by, at=AT, **words):
    words = {"version": 0, "reply": "Thank you.", "changes_pack": False} | words
    return reply_to_comment(comment=comment, by=by, at=at, **words)


def verbs():
    return list(AuditEvent.objects.filter(verb__startswith="pack.").values_list("verb", flat=True))


# Drafting


def test_draft_freezes_what_is_released_and_asks_for_its_paper(cycle, heg):
    pack = packs.draft(cycle, heg, note="Read with care.")
    document = json.loads(pack.document)
    assert (pack.version, pack.reason, pack.note) == (1, "", "Read with care.")
    assert pack.digest == hashlib.sha256(pack.document.encode()).hexdigest()
    assert [system["name"] for system in document["systems"]] == [
        "North East London",
        "South West London",
    ]
    assert {one.snapshot.assessment.organisation.slug for one in pack.sources.all()} == {NEL, SWL}
    assert Job.objects.get(kind="london-pack-draft").subject_id == pack.pk
    assert verbs() == ["pack.drafted"]


def test_draft_knows_of_an_unreleased_system_its_status_alone(framework, heg):
    factories.organisation(SWL)
    cycle = packs.released(framework, NEL)
    draft = cycle.assessments.get(organisation__slug=SWL)
    factories.complete_assessment(
        draft, by=packs.person("lead", draft.organisation), at=packs.SIGNED_AT, levels={"L1": 4}
    )
    pack = packs.draft(cycle, heg)
    document = json.loads(pack.document)
    assert document["systems"][1] == {
        "slug": SWL, "name": "South West London", "status": "In draft", "released": None,
    }  # fmt: skip
    assert all(set(i["cells"]) == {NEL} for s in document["sections"] for i in s["items"])
    assert "What we do about" not in pack.document


def test_draft_holds_no_words_of_answers_or_evidence(cycle, heg):
    pack = packs.draft(cycle, heg)
    assert "What we do about" not in pack.document
    assert "example.org/evidence" not in pack.document


def test_nothing_released_is_nothing_to_draft(assessment, heg):
    with pytest.raises(NothingReleased):
        packs.draft(assessment.cycle, heg)
    assert not Pack.objects.exists()


def test_draft_of_somebody_who_saw_an_older_version_is_refused(cycle, heg):
    packs.draft(cycle, heg)
    with pytest.raises(StalePack):
        packs.draft(cycle, heg, version=0)
    assert Pack.objects.count() == 1


def test_next_version_takes_in_what_was_released_since(framework, heg):
    factories.organisation(SWL)
    cycle = packs.released(framework, NEL)
    first = packs.draft(cycle, heg)
    packs.release_one("2026", SWL, at=packs.SIGNED_AT)
    second = packs.draft(cycle, heg, reason="Another system has released.")
    assert (first.sources.count(), second.sources.count()) == (1, 2)
    assert (second.version, second.reason) == (2, "Another system has released.")


def test_draft_waits_while_a_check_is_open(pack, cycle, heg):
    with pytest.raises(CheckOpen):
        packs.draft(cycle, heg)
    assert packs.draft(cycle, heg, at=CLOSED).version == 2


@pytest.mark.postgresql
def test_packs_and_their_sources_cannot_be_changed(cycle, heg, guards_on):
    pack = packs.draft(cycle, heg)
    for change in (
        lambda: Pack.objects.filter(pk=pack.pk).update(document="{}"),
        lambda: pack.sources.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# The factual check


def test_check_lasts_five_working_days_and_tells_leads_and_sponsors(pack, heg):
    check = FactualCheck.objects.get()
    assert check.closes_at == factories.london(2026, 12, 14, 23, 59)
    told = Message.objects.filter(dedupe_key__startswith=f"pack-check:{pack.pk}:opened:")
    people = {packs.person(r, factories.organisation(s)).email for r in ("lead", "sponsor")
              for s in (NEL, SWL)}  # fmt: skip
    assert set(told.values_list("to", flat=True)) == people
    body = told.first().body
    assert "Monday 14 December 2026" in body
    assert "/london-pack/2026/check/" in body
    assert verbs() == ["pack.drafted", "pack.check-opened"]


def test_opening_a_check_twice_opens_it_once(pack, heg):
    before = Message.objects.count()
    again = open_check(pack=pack, by=heg, at=AT + dt.timedelta(hours=1))
    assert again.opens_at == AT
    assert (FactualCheck.objects.count(), Message.objects.count()) == (1, before)


def test_check_waits_for_the_paper(cycle, heg):
    pack = packs.draft(cycle, heg)
    with pytest.raises(DraftNotReady):
        open_check(pack=pack, by=heg, at=AT)


def test_check_of_an_older_version_is_refused(cycle, heg):
    first = packs.draft(cycle, heg)
    packs.draft(cycle, heg)
    with pytest.raises(StalePack):
        open_check(pack=first, by=heg, at=AT)


def test_check_of_an_issued_pack_is_refused(pack, cycle, heg):
    second = packs.draft(cycle, heg, at=CLOSED)
    packs.stand_in(second)
    issue_pack(pack=second, by=heg, at=CLOSED)
    with pytest.raises(AlreadyIssued):
        open_check(pack=second, by=heg, at=CLOSED)


def test_comments_are_counted_and_audited_without_their_words(pack):
    first, second = comment(pack), comment(pack, SWL, "", agrees=True)
    assert (first.number, second.number, second.text) == (1, 2, "")
    events = AuditEvent.objects.filter(verb="pack.commented")
    assert {event.chain for event in events} == {NEL, SWL}
    assert all("wrong" not in json.dumps(event.detail) for event in events)


def test_same_comment_sent_twice_is_one(pack):
    assert comment(pack) == comment(pack)
    assert PackComment.objects.count() == 1


def test_agreeing_forgets_what_was_typed_and_not_sent(pack):
    assert comment(pack, text="Never mind.", agrees=True).text == ""


@pytest.mark.parametrize("at", [AT - dt.timedelta(minutes=1), CLOSED])
def test_comment_outside_the_check_is_refused(pack, at):
    with pytest.raises(CheckClosed):
        comment(pack, at=at)


@pytest.mark.parametrize("words", [{"agrees": True, "text": "x"}, {"agrees": False, "text": ""}])
def test_comment_agrees_or_says_why_not(pack, lead, system, words):
    with pytest.raises(IntegrityError), transaction.atomic():
        PackComment.objects.create(
            pack=pack, organisation=system, number=9, by=lead, at=AT, **words
        )


def test_reply_is_kept_and_told_to_whoever_commented(pack, heg):
    answered = reply(comment(pack), heg, changes_pack=True)
    assert (answered.reply, answered.changes_pack, answered.version) == ("Thank you.", True, 1)
    message = Message.objects.get(dedupe_key=f"pack-comment:{answered.pk}:reply:1")
    assert message.to == packs.person("lead", factories.organisation(NEL)).email
    assert "Thank you" not in message.body


def test_reply_can_be_mended(pack, heg):
    answered = reply(comment(pack), heg)
    assert reply(answered, heg, version=1, reply="Thank you, it is mended.").version == 2


def test_stale_reply_is_refused_with_what_stands(pack, heg):
    said = comment(pack)
    reply(said, heg, reply="Theirs.")
    with pytest.raises(StaleReply) as refusal:
        reply(said, heg, reply="Mine.")
    assert refusal.value.current.reply == "Theirs."
    assert PackComment.objects.get().reply == "Theirs."


def test_reply_after_the_issue_is_refused(pack, heg):
    said = reply(comment(pack), heg)
    issue_pack(pack=pack, by=heg, at=CLOSED)
    with pytest.raises(AlreadyIssued):
        reply(said, heg, at=CLOSED, version=1)


# Reminders


def test_systems_that_said_nothing_are_reminded_a_working_day_before(pack):
    comment(pack)
    friday = factories.london(2026, 12, 11, 9)
    assert remind_of_checks(at=friday - dt.timedelta(minutes=1)) == 0
    assert remind_of_checks(at=friday) == 2
    assert remind_of_checks(at=friday + dt.timedelta(days=3)) == 0
    reminded = Message.objects.filter(dedupe_key__contains=":closing:")
    place = factories.organisation(SWL)
    assert set(reminded.values_list("to", flat=True)) == {
        packs.person(role, place).email for role in ("lead", "sponsor")
    }
    assert "it takes a minute" in reminded.first().body


def test_reminder_missed_in_an_outage_is_written_later_and_none_after_the_close(pack):
    assert remind_of_checks(at=CLOSED) == 0
    assert remind_of_checks(at=factories.london(2026, 12, 14, 23)) == 4


def test_the_scheduler_reminds(pack, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: factories.london(2026, 12, 14))
    assert tasks.remind_of_checks() == 4


# Issuing


def test_issue_waits_for_the_check_to_be_over(pack, heg):
    with pytest.raises(NotChecked):
        issue_pack(pack=pack, by=heg, at=AT)
    assert not PackIssue.objects.exists()
    issue_pack(pack=pack, by=heg, at=CLOSED)
    assert PackIssue.objects.get().at == CLOSED
    assert Job.objects.get(kind="london-pack").subject_id == pack.pk


def test_issuing_twice_issues_once(pack, heg):
    first = issue_pack(pack=pack, by=heg, at=CLOSED)
    assert issue_pack(pack=pack, by=heg, at=CLOSED) == first
    assert verbs().count("pack.issued") == 1


def test_issue_waits_for_every_reply(pack, heg):
    said = comment(pack)
    with pytest.raises(Unanswered):
        issue_pack(pack=pack, by=heg, at=CLOSED)
    reply(said, heg)
    assert issue_pack(pack=pack, by=heg, at=CLOSED)


def test_issue_waits_for_the_version_that_a_reply_promised(pack, cycle, heg):
    reply(comment(pack), heg, changes_pack=True)
    with pytest.raises(ChangePromised):
        issue_pack(pack=pack, by=heg, at=CLOSED)
    second = packs.draft(cycle, heg, at=CLOSED, reason="A comment was right.")
    assert issue_pack(pack=second, by=heg, at=CLOSED).pack == second


def test_version_with_another_system_needs_a_check_of_its_own(framework, heg):
    factories.organisation(SWL)
    cycle = packs.released(framework, NEL)
    packs.in_check(cycle, heg)
    packs.release_one("2026", SWL, at=packs.SIGNED_AT)
    second = packs.draft(cycle, heg, at=CLOSED)
    with pytest.raises(NotChecked):
        issue_pack(pack=second, by=heg, at=CLOSED)
    packs.stand_in(second)
    open_check(pack=second, by=heg, at=CLOSED)
    assert issue_pack(pack=second, by=heg, at=CLOSED + dt.timedelta(days=9))


def test_older_version_is_not_issued(pack, cycle, heg):
    packs.draft(cycle, heg, at=CLOSED)
    with pytest.raises(StalePack):
        issue_pack(pack=pack, by=heg, at=CLOSED)


# The papers


def test_draft_paper_is_printed_stored_and_ends_its_job(cycle, heg):
    pack = packs.draft(cycle, heg)
    report = packs.make(pack)
    assert report.reference == "2026-london-pack-draft-v1"
    assert report.digest == hashlib.sha256(bytes(report.bytes.pdf)).hexdigest()
    assert (report.pack, report.snapshot, report.organisation) == (pack, None, None)
    assert (report.about, report.cycle, report.source) == ("London", cycle, pack)
    assert report.cover == {}
    assert "This is a draft." in report.bytes.html
    assert Job.objects.get(kind="london-pack-draft").state == Job.State.DONE
    assert AuditEvent.objects.filter(verb="report-made", chain="portal").count() == 1


def test_issued_paper_says_what_the_check_brought_and_is_told(pack, heg):
    reply(comment(pack, text="L2 is\nwrong."), heg)
    comment(pack, SWL, agrees=True)
    issue_pack(pack=pack, by=heg, at=CLOSED)
    report = packs.make(pack, "london-pack", at=CLOSED)
    assert report.reference == "2026-london-pack-v1"
    assert report.cover == {
        "issued_on": "2026-12-15",
        "checks": [{"version": 1, "opened_on": "2026-12-07", "closed_on": "2026-12-14"}],
        "agreed": ["South West London"],
        "comments": [
            {
                "system": "North East London",
                "text": "L2 is\nwrong.",
                "reply": "Thank you.",
                "changes_pack": False,
            }
        ],
    }
    assert "L2 is<br>wrong." in report.bytes.html
    told = Message.objects.filter(dedupe_key__startswith=f"pack:{pack.pk}:issued:")
    assert told.count() == 4
    assert report.get_absolute_url() in told.first().body


def test_paper_is_made_once(cycle, heg):
    pack = packs.draft(cycle, heg)
    first = packs.make(pack)
    job = jobs.insert(kind=first.kind, subject_id=pack.pk, organisation=None, at=AT, version=2)
    again = make_pack_paper(job=jobs.claim(job.pk, worker="test", at=AT), at=AT)
    assert again == first
    assert Report.objects.count() == 1


def test_worker_makes_the_paper_that_the_job_asks_for(cycle, heg):
    Job.objects.all().delete()
    packs.draft(cycle, heg, at=packs.SIGNED_AT)
    assert do_job() == "london-pack-draft for None"
    assert Report.objects.get().kind == "london-pack-draft"


def test_lost_lease_keeps_nothing(pack, heg):
    issue_pack(pack=pack, by=heg, at=CLOSED)
    job = Job.objects.get(kind="london-pack")
    claimed = jobs.claim(job.pk, worker="test", at=CLOSED)
    Job.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(LeaseLost):
        make_pack_paper(job=claimed, at=CLOSED)
    assert not Report.objects.filter(kind="london-pack").exists()
    assert not Message.objects.filter(dedupe_key__contains=":issued:").exists()


def test_draft_takes_the_newest_released_version_of_an_assessment(cycle, heg, framework):
    """What was reopened keeps its last released snapshot until another one is released."""
    old = cycle.assessments.get(organisation__slug=NEL).snapshots.get()
    newer = factories.a.Snapshot.objects.create(
        assessment=old.assessment,
        version=2,
        document=old.document,
        digest="1" * 64,
        signed_off_at=AT,
        signed_by=old.signed_by,
        framework_version=old.framework_version,
        scoring_version="1",
        software_version="test",
    )
    assert old in {one.snapshot for one in packs.draft(cycle, heg).sources.all()}
    Release.objects.create(snapshot=newer, cause=Release.Cause.SPONSOR, at=AT)
    assert newer in {one.snapshot for one in packs.draft(cycle, heg).sources.all()}


def test_rows_say_what_they_are(pack, heg):
    said = comment(pack)
    issued = PackIssue(pack=pack)
    assert str(pack) == "London pack, Self-assessment 2026, version 1"
    assert str(pack.factual_check) == f"Factual check of {pack}"
    assert str(issued) == f"{pack} issued"
    assert str(said) == f"North East London Integrated Care System on {pack}"
    source = pack.sources.first()
    assert str(source) == f"{source.snapshot} in {pack}"
    assert pack.get_absolute_url() == "/london-pack/2026/"


def test_paper_is_of_a_snapshot_or_of_a_pack(cycle, heg):
    pack = packs.draft(cycle, heg)
    snapshot = pack.sources.first().snapshot
    words = {"kind": "london-pack", "version": 1, "made_at": AT, "pages": 1, "size": 1}
    for made_of in ({}, {"pack": pack, "snapshot": snapshot}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(reference="r", digest="0" * 64, **words, **made_of)


def test_packs_and_comments_are_seen_by_those_they_concern(pack, cycle, heg):
    outside = packs.person("lead", factories.organisation("south-east-london"))
    inside = packs.person("lead", factories.organisation(NEL))
    board = factories.user_with("board", factories.organisation(NEL))
    said = comment(pack)
    seen = {who: set(Pack.objects.visible_to(who)) for who in (heg, inside, board, outside)}
    assert seen == {heg: {pack}, inside: {pack}, board: set(), outside: set()}
    read = {who: set(PackComment.objects.visible_to(who)) for who in (heg, inside, board, outside)}
    assert read == {heg: {said}, inside: {said}, board: set(), outside: set()}
    answer = {"reply": "It is as signed.", "changes_pack": False}
    reply_to_comment(comment=said, version=said.version, by=heg, at=AT, **answer)
    issue_pack(pack=pack, by=heg, at=CLOSED)
    assert set(Pack.objects.visible_to(board)) == {pack}


def test_bad_text_in_a_pack_disturbs_no_neighbour_on_its_page(framework, heg):
    cycle = packs.released(framework, "north-east-london")
    pack = packs.draft(cycle, heg, note="Read a" + "\u0301" * 500 + "\u202e with care.")
    page = packs.make(pack).bytes.html
    assert "[and 492 more marks]" in page
    assert "\u202e with care.\u202c</p>" in page
