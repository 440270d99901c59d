"""Withholding of what stands in a row of its own: gone from record, paper, preview and pack."""

import io
import json
from collections import Counter

import pypdf
import pytest
from django.core.management import CommandError, call_command

from assessments import services as assess
from assessments.models import (
    Answer,
    BoardAsk,
    BoardOutcome,
    Comment,
    ImprovementStep,
    Measure,
    Plan,
    PlanPriority,
    Redaction,
    Release,
    Risk,
    Snapshot,
    Withheld,
)
from portal import tasks
from portal.models import AuditEvent, Job, Message
from reporting.models import Pack, Preview, Report, ReportBytes
from reporting.queries.verification import differences
from reporting.services import ask_for_preview, draft_pack
from tests import factories
from tests.places import measure_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guards_on")]

SECRET = "Abena Mensah"
REASON = "It names a member of staff."
MARK = f"Withheld on 16 November 2026: {REASON}"
PLACE = "north-east-london"


@pytest.fixture(autouse=True)
def on_the_day(time_machine, at):
    time_machine.move_to(at, tick=False)


@pytest.fixture
def written(assessment, lead, sponsor, at):
    """One of everything, each naming the same person, signed off; nothing is printed yet."""
    system = assessment.organisation
    answer = assessment.answers.select_related("item").get(item__code="L1")
    factories.complete_assessment(assessment, by=lead)
    words = {"by": lead, "at": at}
    assess.write_messages(assessment=assessment, messages=[f"Message on {SECRET}"], **words)
    factories.board_ask(assessment, by=lead, text=f"Ask about {SECRET}")
    factories.board_risk(system, by=lead, what=f"Risk of {SECRET}", response=f"Meet {SECRET}")
    factories.StepFactory(
        organisation=system, item=answer.item, added_by=lead, what=f"Talk to {SECRET}"
    )
    plan = Plan.objects.create(
        organisation=system, title=f"Plan of {SECRET}", summary=f"{SECRET} says", version=1,
        url="https://example.org/Abena", minute_reference=f"Minute of {SECRET}",
    )  # fmt: skip
    PlanPriority.objects.create(plan=plan, item=answer.item, why=f"Since {SECRET} left")
    measure_of(plan, f"Complaints of {SECRET}")
    measure_of(plan, "Another")
    Comment.objects.create(answer=answer, kind="asked", text="First?", by=lead, at=at)
    Comment.objects.create(answer=answer, kind="replied", text=f"Ask {SECRET}", by=lead, at=at)
    assess.send_for_sign_off(assessment=assessment, by=lead, at=at)
    assess.sign_off(assessment=assessment, by=sponsor, at=at)
    ask = BoardAsk.objects.get()
    for text in ("agreed with", "asked"):
        factories.board_outcome(ask, by=lead, words=f"The Board {text} {SECRET}")
    return assessment


@pytest.fixture
def printed(written):
    make_all()
    return written


def make_all():
    while tasks.do_job():
        pass


def everywhere():
    """All that is stored of words, and the words of every paper."""
    kept = (Risk, BoardAsk, BoardOutcome, Comment, Plan, PlanPriority, Measure, ImprovementStep)
    rows = [str(list(model.objects.values())) for model in (*kept, Answer, Message)]
    rows += Snapshot.objects.values_list("document", flat=True)
    rows += [str(one.messages) for one in Snapshot.objects.get().assessment.cycle.assessments.all()]
    rows += ReportBytes.objects.values_list("html", flat=True)
    rows += [json.dumps(event.detail) for event in AuditEvent.objects.all()]
    rows += [words_of(one) for one in Report.objects.all() if one.bytes.pdf]
    return " ".join("\n".join(rows).split())


def words_of(report):
    """Text and attachments of a paper."""
    reader = pypdf.PdfReader(io.BytesIO(bytes(report.bytes.pdf)))
    files = [one for several in reader.attachments.values() for one in several]
    texts = [one.decode("utf-8", "replace") for one in files]
    return "\n".join([*texts, *(page.extract_text() for page in reader.pages)])


def names():
    """Every kind with what an operator calls the one that names a person."""
    return {
        "messages": f"2026/{PLACE}",
        "ask": str(BoardAsk.objects.get().key),
        "outcome": str(BoardAsk.objects.get().key),
        "risk": str(Risk.objects.get().key),
        "step": str(ImprovementStep.objects.get().key),
        "plan": PLACE,
        "priority": f"{PLACE}/L1",
        "measure": str(Measure.objects.get(name__contains=SECRET).key),
        "comment": f"2026/{PLACE}/L1/2",
    }


def redact(kind, name, *more):
    call_command("redact", kind, name, "--reason", REASON, *more, stdout=io.StringIO())


@pytest.mark.postgresql
def test_all_that_people_write_can_be_withheld_and_is_gone_everywhere(printed):
    assert everywhere().count("Abena") > 20
    called = names()
    for kind, name in called.items():
        redact(kind, name)
    make_all()
    assert "Abena" not in everywhere()
    assert set(Redaction.objects.values_list("kind", flat=True)) == set(called)
    assert set(called) < set(Withheld.objects.values_list("what", flat=True))
    assert AuditEvent.objects.filter(verb="redacted").count() == len(called)
    assert list(differences(Counter())) == []


def test_every_place_says_when_and_why(printed, lead, client):
    for kind, name in names().items():
        redact(kind, name)
    risk, outcome = Risk.objects.get(), BoardOutcome.objects.latest("number")
    printed.refresh_from_db()
    assert printed.messages == [MARK]
    assert (risk.what, risk.response, risk.owner) == (MARK, "Withheld", "Withheld")
    assert (outcome.words, outcome.minute_reference) == (MARK, "Withheld")
    assert (Plan.objects.get().title, Plan.objects.get().url) == (MARK, "")
    make_all()
    full = Report.objects.filter(kind="full-report").latest("version")
    text = " ".join(words_of(full).split())
    assert text.count(MARK) >= 6
    client.force_login(lead)
    for path in (
        f"/reports/{full.reference}/",
        f"/plan/{PLACE}/",
        f"/risks/{PLACE}/",
        f"/assessments/2026/{PLACE}/L1/",
        f"/assessments/2026/{PLACE}/check/",
        BoardAsk.objects.get().get_absolute_url(),
    ):
        assert REASON in client.get(path).text, path


@pytest.mark.parametrize("kind", ["risk", "plan", "ask", "priority"])
def test_a_form_with_the_old_words_is_refused_as_stale(written, lead, at, kind):
    before = version_of(kind)
    redact(kind, names()[kind])
    assert version_of(kind) == before + 1


def version_of(kind):
    return {"risk": Risk, "ask": BoardAsk}.get(kind, Plan).objects.get().version


def test_what_was_worded_otherwise_when_it_was_signed_goes_as_well(written, lead, at):
    risk = Risk.objects.get()
    assess.change_risk(risk=risk, version=1, by=lead, at=at, what=f"Now {SECRET}")
    redact("risk", str(risk.key))
    risks = json.loads(Snapshot.objects.get().document)["risks"]
    assert [one["what"] for one in risks] == [MARK]


@pytest.mark.parametrize("kind", ["risk", "outcome", "messages"])
def test_nothing_is_withheld_twice(written, kind):
    redact(kind, names()[kind])
    with pytest.raises(CommandError, match="was withheld before"):
        redact(kind, names()[kind])
    assert Redaction.objects.count() == 1


def test_two_measures_withheld_for_one_reason_stay_two(written):
    for measure in Measure.objects.all():
        redact("measure", str(measure.key))
    found = Measure.objects.values_list("name", flat=True)
    assert len(set(found)) == 2
    assert all(name.startswith(MARK) for name in found)


def test_a_comment_touches_no_record_and_no_paper(printed):
    redact("comment", names()["comment"])
    texts = Comment.objects.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["First?", MARK]
    assert list(Withheld.objects.values_list("what", flat=True)) == ["comment"]
    assert Report.objects.filter(version=2).count() == 0


def test_previews_go_with_what_they_showed(assessment, lead, at):
    assess.write_messages(assessment=assessment, messages=[SECRET], by=lead, at=at)
    ask_for_preview(assessment=assessment, kind="board-paper", by=lead, at=at)
    redact("messages", f"2026/{PLACE}")
    assert not Preview.objects.exists()


@pytest.mark.parametrize("kind", ["ask", "outcome"])
def test_packs_that_took_words_over_are_rewritten_and_emptied(written, heg, at, kind):
    ask = BoardAsk.objects.get()
    factories.board_outcome(ask, by=heg, minute_reference=f"Minute on {SECRET}")
    pack = issued_pack(written, heg, at)
    assert SECRET in pack.document
    report = pack.reports.get()
    redact(kind, names()[kind])
    pack.refresh_from_db()
    field = {"ask": "Ask about", "outcome": "Minute on"}[kind]
    assert f"{field} {SECRET}" not in pack.document
    assert MARK in pack.document
    assert not ReportBytes.objects.get(report=report).pdf
    assert Withheld.objects.filter(what="pack", name=str(pack)).exists()
    assert [one for one in differences(Counter()) if "pack" in one.name.lower()] == []


def test_packs_without_the_words_stay(written, heg, at):
    pack = issued_pack(written, heg, at)
    BoardAsk.objects.update(text="Worded anew since")
    redact("ask", names()["ask"])
    before, _ = pack.document, pack.refresh_from_db()
    assert pack.document == before


def issued_pack(assessment, heg, at):
    """A drafted pack with this system released in it, printed."""
    Release.objects.create(snapshot=Snapshot.objects.get(), cause="sponsor", at=at)
    pack = draft_pack(cycle=assessment.cycle, version=0, note="", reason="", by=heg, at=at)
    Job.objects.exclude(kind="london-pack-draft").delete()
    make_all()
    return Pack.objects.get(pk=pack.pk)


def test_why_something_was_not_assessed_is_withheld_with_the_answer(
    assessment, lead, sponsor, at, client
):
    factories.complete_assessment(assessment, by=lead)
    answer = assessment.answers.select_related("item").get(item__code="L2")
    assess.record_not_assessed(
        answer=answer, reason=f"{SECRET} left", version=answer.version, by=lead, at=at
    )
    assess.send_for_sign_off(assessment=assessment, by=lead, at=at)
    snapshot = assess.sign_off(assessment=assessment, by=sponsor, at=at)
    redact("answer", f"2026/{PLACE}/L2")
    answer.refresh_from_db()
    assert answer.not_assessed_reason == MARK
    assert snapshot.items.get(code="L2").reason == MARK
    assert "Abena" not in Snapshot.objects.get().document
    assert "What we do about L1." in Snapshot.objects.get().document


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        ("risk", "none", "There is no risk called none."),
        ("messages", "2026", "There is no assessment called 2026."),
        ("plan", "nowhere", "There is no plan called nowhere."),
        ("priority", f"{PLACE}/L1", f"There is no priority called {PLACE}/L1."),
        ("comment", f"2026/{PLACE}/L1/1", f"There is no comment called 2026/{PLACE}/L1/1."),
        ("comment", f"2026/{PLACE}/L1/x", f"There is no comment called 2026/{PLACE}/L1/x."),
    ],
)
def test_command_says_what_it_cannot_find(assessment, kind, name, told):
    with pytest.raises(CommandError, match=told):
        redact(kind, name)
