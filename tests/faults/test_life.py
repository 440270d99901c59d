"""An assessment's whole life in any order: what the portal says is held against a small model.

Hypothesis chooses who does what next: edits, late autosaves, clashes, hand-ins, sending, taking
back, returning, signing, releasing, reopening, papers, roles taken away. Each deed is either done
as the model foresees or refused for the reason it foresees, and after every one nothing that was
acknowledged is gone. LIFE_EXAMPLES says how many lives are lived (100 unless it says otherwise),
in as many shares as `SHARES`, which may be lived side by side.

What must hold is held against the database after every deed. The database is only looked at again
where a table that the look reads has been written to since: elsewhere it says what it said.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessments import services
from assessments.models import (
    Answer,
    Assessment,
    Assignment,
    Release,
    Revision,
    Snapshot,
    WorkingText,
)
from assessments.queries import gaps
from portal import jobs
from portal.audit import digest
from portal.models import AuditEvent, Job, Membership
from portal.services import end_membership, start_membership
from reporting import pdf
from reporting.models import Report
from reporting.queries.comparison import compare
from reporting.services import make_report
from tests import factories

CODES = ("L1", "L2", "L3", "W1", "W2", "W3", "D1", "D2")
EDITORS = ("lead", "second_lead", "contributor", "sponsor")
LEVELS = st.one_of(st.none(), st.integers(0, 3))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
SHARES = 2
CHANGES = ("INSERT", "UPDATE", "DELETE")


@functools.lru_cache(maxsize=4096)
def tables_of(statement: str) -> frozenset[str]:
    return frozenset(re.findall(r'"([a-z]+_[a-z_]+)"', statement))


class Looks:
    """Remembers what each look at the database gave, until a table that it read is written to."""

    def __init__(self) -> None:
        self.gave: dict[str, Any] = {}
        self.reads: dict[str, set[str]] = defaultdict(set)
        self.looking = ""

    def __call__(self, execute: Any, statement: str, *words: Any) -> Any:
        """Stands around every statement. A table written to is named, as are those it asks."""
        if statement.startswith(CHANGES):
            for look in [look for look in self.gave if self.reads[look] & tables_of(statement)]:
                del self.gave[look]
        elif self.looking:
            self.reads[self.looking] |= tables_of(statement)
        return execute(statement, *words)

    def at(self, name: str, look: Callable[[], Any]) -> Any:
        """What the look gives; one that asked nothing of the database is not remembered."""
        if name in self.gave:
            return self.gave[name]
        self.looking = name
        gave = look()
        self.looking = ""
        if self.reads[name]:
            self.gave[name] = gave
        return gave


class AssessmentLife(RuleBasedStateMachine):
    """North East London's assessment beside what a careful clerk would have written down."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.looks = Looks()
        self.looking = connection.execute_wrapper(self.looks)
        self.looking.__enter__()
        self.at = factories.AT
        system = factories.organisation()
        self.system = system
        self.people = {
            "lead": factories.user_with("lead", system),
            "second_lead": factories.user_with("lead", system),
            "contributor": factories.user_with("contributor", system),
            "sponsor": factories.user_with("sponsor", system),
            "second_sponsor": factories.user_with("sponsor", system),
        }
        self.heg = factories.user_with("heg")
        self.assessment = factories.open_assessment(factories.small_framework(), system)
        answers = self.assessment.answers.select_related("item__section")
        self.rows = {answer.item.code: answer for answer in answers}
        self.says: dict[str, tuple[int | None, str]] = dict.fromkeys(CODES, (None, ""))
        self.versions = dict.fromkeys(CODES, 0)
        self.reasons = dict.fromkeys(CODES, False)
        self.assigned: set[str] = set()
        self.acknowledged: set[tuple[str, str]] = set()
        self.typed: dict[tuple[str, str], tuple[int, str]] = {}
        self.wrote: set[str] = set()
        self.sent_by = ""
        self.first_signature = ""
        self.is_signed_off = False
        self.is_reopening_asked = False
        self.frozen: list[str] = []
        self.released: set[int] = set()
        self.papers: dict[str, str] = {}
        self.checked = ("", 0)

    def teardown(self) -> None:
        self.looking.__exit__(None, None, None)
        self.checked = ("", 0)
        self.the_chain_of_events_is_whole()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # Small helps

    def later(self) -> dt.datetime:
        self.at += dt.timedelta(minutes=1)
        return self.at

    def row(self, code: str) -> Answer:
        """As it is now, with the assessment as it was when the life began."""
        row = Answer.objects.get(pk=self.rows[code].pk)
        row.item, row.assessment = self.rows[code].item, self.assessment
        return row

    @property
    def is_locked(self) -> bool:
        return bool(self.sent_by) or self.is_signed_off

    def may_edit(self, who: str, code: str) -> bool:
        """Whether the person finds the answer at all, as the page does."""
        return Answer.objects.visible_to(self.fresh(who)).filter(pk=self.rows[code].pk).exists()

    def fresh(self, who: str) -> Any:
        person = self.people[who]
        person.__dict__.pop("active_memberships", None)
        return person

    def holds_a_role(self, who: str) -> bool:
        return Membership.objects.active().filter(user=self.people[who]).exists()

    # What people do

    @rule(who=st.sampled_from(EDITORS), code=st.sampled_from(CODES), level=LEVELS, words=WORDS)
    def edit(self, who: str, code: str, level: int | None, words: str) -> None:
        if self.may_edit(who, code):
            self.save(who, code, level, words, self.versions[code])

    @rule(
        who=st.sampled_from(EDITORS),
        code=st.sampled_from(CODES),
        level=LEVELS,
        words=WORDS,
        behind=st.integers(1, 3),
    )
    def clash(self, who: str, code: str, level: int | None, words: str, behind: int) -> None:
        """On a form that is older than the answer or, forged, newer."""
        stale = self.versions[code] - behind
        if self.may_edit(who, code):
            self.save(who, code, level, words, stale if stale >= 0 else behind)

    def save(self, who: str, code: str, level: int | None, words: str, version: int) -> None:
        deed = {"answer": self.row(code), "by": self.people[who], "at": self.later()}
        deed |= {"level": level, "narrative": words, "version": version}
        if self.is_locked:
            with pytest.raises(services.AnswersLocked):
                services.save_answer(**deed)
            return
        if version == self.versions[code]:
            services.save_answer(**deed)
            self.says[code] = (level, words)
            self.versions[code] += 1
            self.reasons[code] = self.reasons[code] and level is None
            self.wrote.add(who)
            self.typed.pop((who, code), None)
        elif self.says[code] == (level, words) and not (level is not None and self.reasons[code]):
            services.save_answer(**deed)
            return
        else:
            with pytest.raises(services.StaleAnswer) as refused:
                services.save_answer(**deed)
            assert refused.value.current.narrative == self.says[code][1]
        self.acknowledged.add((code, words))

    @rule(
        who=st.sampled_from(EDITORS),
        code=st.sampled_from(CODES),
        words=WORDS,
        sequence=st.integers(1, 20),
    )
    def autosave(self, who: str, code: str, words: str, sequence: int) -> None:
        if not self.may_edit(who, code):
            return
        deed = {"answer": self.row(code), "user": self.people[who], "at": self.later()}
        deed |= {"base_version": self.versions[code], "sequence": sequence, "narrative": words}
        if self.is_signed_off:
            with pytest.raises(services.AnswersLocked):
                services.keep_working_text(**deed, level="", coverage="")
            return
        services.keep_working_text(**deed, level="", coverage="")
        kept = self.typed.get((who, code))
        if kept is None or sequence > kept[0]:
            self.typed[who, code] = (sequence, words)

    @rule(code=st.sampled_from(CODES))
    def say_why_not_assessed(self, code: str) -> None:
        deed = {"answer": self.row(code), "version": self.versions[code]}
        deed |= {"by": self.people["lead"], "at": self.later(), "reason": "Nobody knows yet."}
        if not self.holds_a_role("lead"):
            return
        if self.is_locked:
            with pytest.raises(services.AnswersLocked):
                services.record_not_assessed(**deed)
            return
        services.record_not_assessed(**deed)
        self.says[code] = (None, self.says[code][1])
        self.reasons[code] = True
        self.versions[code] += 1
        self.wrote.add("lead")
        self.typed.pop(("lead", code), None)

    @rule(codes=st.sets(st.sampled_from(CODES), min_size=1))
    def assign(self, codes: set[str]) -> None:
        deed = {"answers": [self.row(code) for code in sorted(codes)], "due_on": None}
        deed |= {"person": self.fresh("contributor"), "by": self.people["lead"]}
        if self.is_locked:
            with pytest.raises(services.AnswersLocked):
                services.assign_answers(**deed, at=self.later())
        elif not self.holds_a_role("contributor"):
            with pytest.raises(services.NotAContributor):
                services.assign_answers(**deed, at=self.later())
        else:
            services.assign_answers(**deed, at=self.later())
            self.assigned |= codes

    @precondition(lambda self: self.assigned)
    @rule(data=st.data())
    def hand_in_or_decline(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(sorted(self.assigned)))
        declines = data.draw(st.booleans())
        assignment = Assignment.objects.get(answer=self.row(code))
        by, at = self.people["contributor"], self.later()
        ready = assignment.state in (Assignment.State.GIVEN, Assignment.State.RETURNED)
        expected: type[Exception] | None = None
        if self.is_locked:
            expected = services.AnswersLocked
        elif not ready:
            expected = services.AssignmentMovedOn
        deed = (
            (lambda: services.decline(assignment=assignment, reason="Not mine", by=by, at=at))
            if declines
            else (lambda: services.hand_in(assignment=assignment, note="", by=by, at=at))
        )
        if expected:
            with pytest.raises(expected):
                deed()
            return
        deed()
        if declines:
            self.assigned.discard(code)

    @precondition(lambda self: not self.is_locked)
    @rule()
    def finish_and_send(self) -> None:
        """The lead answers whatever still has a gap, so that lives reach their later years."""
        if not self.holds_a_role("lead"):
            return
        for code in {gap.code for gap in gaps(self.now(), self.at.date())}:
            self.save("lead", code, 2, f"What we do about {code}.", self.versions[code])
        self.send()

    @rule()
    def send_as_it_is(self) -> None:
        self.send()

    def send(self) -> None:
        deed = {"assessment": self.assessment, "by": self.people["lead"], "at": self.later()}
        if self.is_signed_off:
            with pytest.raises(services.AlreadySignedOff):
                services.send_for_sign_off(**deed)
        elif self.sent_by:
            with pytest.raises(services.AlreadySent):
                services.send_for_sign_off(**deed)
        elif gaps(self.now(), self.at.date()):
            with pytest.raises(services.Incomplete):
                services.send_for_sign_off(**deed)
        else:
            services.send_for_sign_off(**deed)
            self.sent_by = "lead"

    @rule()
    def take_back(self) -> None:
        deed = {"assessment": self.assessment, "by": self.people["lead"], "at": self.later()}
        self.only_while_sent(services.take_back, deed)

    @rule(code=st.sampled_from(CODES))
    def send_back_with_a_question(self, code: str) -> None:
        deed = {"assessment": self.assessment, "by": self.people["sponsor"], "at": self.later()}
        deed |= {"questions": {code: "How do you know?"}}
        self.only_while_sent(services.return_with_questions, deed)

    def only_while_sent(self, deed: Any, words: dict[str, Any]) -> None:
        if self.is_signed_off or not self.sent_by:
            with pytest.raises(
                services.AlreadySignedOff if self.is_signed_off else services.NotSent
            ):
                deed(**words)
            return
        deed(**words)
        self.sent_by = self.first_signature = ""

    @rule(who=st.sampled_from(["sponsor", "second_sponsor"]))
    def sign_off_alone(self, who: str) -> None:
        self.sign_off(who)

    def sign_off(self, who: str) -> None:
        deed = {"assessment": self.assessment, "by": self.people[who], "at": self.later()}
        if self.is_signed_off or not self.sent_by:
            with pytest.raises(
                services.AlreadySignedOff if self.is_signed_off else services.NotSent
            ):
                services.sign_off(**deed)
        elif self.first_signature == who:
            with pytest.raises(services.CountersignatureNeeded):
                services.sign_off(**deed)
        elif not self.first_signature and who in self.wrote:
            assert services.sign_off(**deed) is None
            self.first_signature = who
        else:
            snapshot = services.sign_off(**deed)
            self.frozen.append(snapshot.digest)
            self.is_signed_off = True
            self.typed.clear()

    @precondition(lambda self: self.sent_by and not self.is_signed_off)
    @rule()
    def sign_off_by_both(self) -> None:
        self.sign_off("sponsor")
        self.sign_off("second_sponsor")

    @rule(by_sponsor=st.booleans())
    def release_some_way(self, by_sponsor: bool) -> None:
        self.release(by_sponsor=by_sponsor)

    def release(self, *, by_sponsor: bool) -> None:
        snapshot = Snapshot.objects.latest_of(self.assessment)
        if snapshot is None:
            return
        deed = {"snapshot": snapshot, "by": self.people["sponsor"], "at": self.later()}
        deed |= {"cause": Release.Cause.SPONSOR if by_sponsor else Release.Cause.LAST_DATE}
        if not self.is_signed_off:
            with pytest.raises(services.NotSignedOff):
                services.release(**deed)
            return
        services.release(**deed)
        self.released.add(snapshot.version)

    @precondition(lambda self: self.is_signed_off)
    @rule()
    def release_and_ask_to_reopen(self) -> None:
        self.release(by_sponsor=True)
        self.ask_to_reopen()

    @rule()
    def ask_to_reopen_anyway(self) -> None:
        self.ask_to_reopen()

    def ask_to_reopen(self) -> None:
        deed = {"assessment": self.assessment, "reason": "A level was wrong.", "at": self.later()}
        if not self.is_signed_off:
            with pytest.raises(services.NotSignedOff):
                services.ask_to_reopen(**deed, by=self.people["sponsor"])
            return
        services.ask_to_reopen(**deed, by=self.people["sponsor"])
        self.is_reopening_asked = True

    @precondition(lambda self: self.is_reopening_asked)
    @rule()
    def reopen_as_asked(self) -> None:
        self.reopen()

    @rule()
    def reopen_unasked_or_not(self) -> None:
        self.reopen()

    def reopen(self) -> None:
        deed = {"assessment": self.assessment, "by": self.heg, "at": self.later()}
        if not self.is_signed_off or not self.is_reopening_asked:
            refusal = services.ReopeningNotAsked if self.is_signed_off else services.NotSignedOff
            with pytest.raises(refusal):
                services.reopen(**deed)
            return
        services.reopen(**deed)
        self.is_signed_off = self.is_reopening_asked = False
        self.sent_by = self.first_signature = ""

    @rule(who=st.sampled_from(["contributor", "lead", "second_lead"]))
    def take_the_role_away_or_give_it_back(self, who: str) -> None:
        person, by = self.people[who], self.people["sponsor"] if who == "contributor" else self.heg
        held = Membership.objects.active().filter(user=person).first()
        if held:
            end_membership(membership=held, by=by, at=self.later())
            assert not Answer.objects.visible_to(self.fresh(who)).exists()
        else:
            role = "contributor" if who == "contributor" else "lead"
            words = {"user": person, "organisation": self.system, "role": role}
            start_membership(**words, by=by, at=self.later())

    @precondition(lambda self: self.frozen)
    @rule()
    def make_a_paper(self) -> None:
        """The worker takes the longest waiting job, perhaps of a snapshot since replaced."""
        waiting = Job.objects.filter(state=Job.State.WAITING, kind="board-paper").order_by("pk")
        if not waiting:
            return
        job = jobs.claim(waiting[0].pk, worker="here:1", at=self.later())
        report = make_report(job=job, at=self.later())
        job.refresh_from_db()
        assert job.state == Job.State.DONE
        self.papers[report.reference] = report.digest

    # What must hold after every deed

    def now(self) -> Assessment:
        return Assessment.objects.select_related("cycle", "organisation").get(pk=self.assessment.pk)

    @invariant()
    def answers_say_what_was_acknowledged(self) -> None:
        rows = self.assessment.answers.values_list("item__code", "level", "narrative", "version")
        stands = self.looks.at(
            "answers",
            lambda: {code: ((level, words), version) for code, level, words, version in rows},
        )
        assert stands == {code: (self.says[code], self.versions[code]) for code in CODES}

    @invariant()
    def no_word_is_lost(self) -> None:
        kept = Revision.objects.filter(answer__assessment=self.assessment)
        words = kept.values_list("answer__item__code", "narrative")
        assert self.acknowledged <= self.looks.at("revisions", lambda: set(words))
        texts = WorkingText.objects.filter(answer__assessment=self.assessment)
        rows = texts.values_list("user", "answer__item__code", "narrative")
        typed = {
            (self.people[who].pk, code, words) for (who, code), (_n, words) in self.typed.items()
        }
        assert self.looks.at("typed", lambda: set(rows)) == typed

    @invariant()
    def what_is_frozen_stays(self) -> None:
        rows = self.looks.at("snapshots", self._snapshots)
        assert [digest for _key, digest in rows] == self.frozen
        keys = [key for key, _digest in rows]
        asked = Job.objects.filter(subject_id__in=keys, kind__in=("board-paper", "full-report"))
        assert self.looks.at(f"jobs of {keys}", asked.count) == 2 * len(rows)

    def _snapshots(self) -> list[tuple[int, str]]:
        """Keys with the digests of what the documents say now."""
        rows = Snapshot.objects.filter(assessment=self.assessment).order_by("version")
        for row in rows:
            assert hashlib.sha256(row.document.encode()).hexdigest() == row.digest
        return [(row.pk, row.digest) for row in rows]

    @invariant()
    def papers_stay_as_they_were_made(self) -> None:
        assert self.looks.at("papers", self._papers) == self.papers

    def _papers(self) -> dict[str, str]:
        rows = Report.objects.select_related("bytes")
        return {row.reference: hashlib.sha256(row.bytes.pdf).hexdigest() for row in rows}

    @invariant()
    def the_comparison_shows_the_last_release_and_nothing_else(self) -> None:
        released, levels = self.looks.at("comparison", self._compared)
        assert released == bool(self.released)
        if self.released:
            last = Snapshot.objects.get(assessment=self.assessment, version=max(self.released))
            frozen = self.looks.at(
                f"frozen {last.version}", lambda: dict(last.items.values_list("code", "level"))
            )
            assert levels == frozen

    def _compared(self) -> tuple[bool, dict[str, int | None]]:
        cycle = self.assessment.cycle
        (column,) = compare(cycle, among=[cycle]).systems
        levels = {code: column.cell(code).level for code in CODES} if column.released else {}
        return bool(column.released), levels

    @invariant()
    def the_state_is_the_models(self) -> None:
        row = Assessment.objects.filter(pk=self.assessment.pk)
        times = row.values_list("signed_off_at", "sent_at")
        signed_off_at, sent_at = self.looks.at("state", times.get)
        assert bool(signed_off_at) == self.is_signed_off
        assert bool(sent_at) == (bool(self.sent_by) or self.is_signed_off)

    @invariant()
    def the_chain_of_events_is_whole(self) -> None:
        """Every event once, when it comes; all of them again when the life ends."""
        previous, last = self.checked
        events = AuditEvent.objects.filter(chain=self.system.slug, sequence__gt=last)
        for number, event in enumerate(events.order_by("sequence"), start=last + 1):
            assert (event.sequence, event.previous_digest) == (number, previous)
            assert digest(event) == event.digest
            previous, last = event.digest, number
        self.checked = (previous, last)


def unprinted(html: str, **_words: Any) -> pdf.Rendered:
    """Printing takes a second and is tested elsewhere; here the page itself is stored."""
    return pdf.Rendered(html.encode(), 9, hashlib.sha256(html.encode()).hexdigest())


@pytest.mark.usefixtures("guards_on")
@pytest.mark.parametrize("share", range(SHARES))
def test_an_assessments_life_in_any_order(
    db: None, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    monkeypatch.setattr(pdf, "render", unprinted)
    lives = int(os.environ.get("LIFE_EXAMPLES", "100"))
    run_state_machine_as_test(
        AssessmentLife,
        settings=settings(
            max_examples=(lives + share) // SHARES,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
