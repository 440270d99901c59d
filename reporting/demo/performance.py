"""Plays one organisation's part of the demonstration, through the services, at past instants."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from assessments import services
from assessments.models import (
    Answer,
    Assessment,
    Cycle,
    Evidence,
    ImprovementStep,
    Release,
)
from commitments.models import ShortTermChange
from portal.models import Organisation, User
from portal.roles import Role
from reporting.demo.script import LONDON, Script, months_before, read_first_steps

NOT_ASKED = "The system did not ask constituent organisations for this item in this cycle."
GRADES = ("independent", "community_led", "published", "board_minuted", "internal")


class Performance:
    """One organisation in one cycle; `random` spreads the work over people and days."""

    def __init__(
        self, script: Script, cycle: Cycle, index: int, *, random: Random, last_work: dt.datetime
    ) -> None:
        self.script, self.cycle, self.index, self.random = script, cycle, index, random
        self.organisation = Organisation.objects.get(slug=script.slug)
        self.first_work = cycle.opens_at + dt.timedelta(days=2)
        self.last_work = last_work
        self.people = {role: self._people(role) for role in Role.values}
        self.lead = self.people[Role.LEAD][0]
        self.sponsor = self.people[Role.SPONSOR][0]
        self.first_steps = read_first_steps()

    def _people(self, role: str) -> list[User]:
        held = self.organisation.memberships.active().filter(role=role)
        return [membership.user for membership in held.select_related("user").order_by("pk")]

    def write(self) -> Assessment:
        """Answer what the script answers, with evidence, in the order of the framework."""
        assessment = self._assessment()
        answers = list(assessment.answers.select_related("item__section").in_order())
        for answer, at in zip(answers, self._instants(len(answers)), strict=True):
            answer.assessment = assessment
            self._answer(answer, at=at)
        messages = self.script.content["messages"][self.index]
        if messages:
            services.write_messages(
                assessment=assessment, messages=messages, by=self.lead, at=self.last_work
            )
        return assessment

    def send(self, assessment: Assessment, *, at: dt.datetime) -> None:
        self._give_committed_items_a_step(assessment)
        services.send_for_sign_off(assessment=assessment, by=self.lead, at=at)

    def sign_off(self, assessment: Assessment, *, at: dt.datetime) -> None:
        services.sign_off(assessment=assessment, by=self.sponsor, at=at)

    def release(self, assessment: Assessment, *, at: dt.datetime) -> None:
        services.release(
            snapshot=assessment.snapshots.get(), cause=Release.Cause.BOARD_DATE, by=None, at=at
        )

    def _assessment(self) -> Assessment:
        found = Assessment.objects.filter(cycle=self.cycle, organisation=self.organisation).first()
        return found or services.add_assessment(
            cycle=self.cycle, organisation=self.organisation, by=None, at=self.cycle.opens_at
        )

    def _instants(self, number: int) -> list[dt.datetime]:
        """Working hours between the first and the last day of work, in order."""
        span = (self.last_work - self.first_work).total_seconds()
        moments = sorted(self.random.random() * span for _ in range(number))
        return [self.first_work + dt.timedelta(seconds=round(moment)) for moment in moments]

    def _answer(self, answer: Answer, *, at: dt.datetime) -> None:
        code = answer.item.code
        entry = self.script.entry(code, self.index, self.cycle)
        if entry is None:
            if self.script.is_sent(self.index):
                self._leave_out(answer, NOT_ASKED, at=at)
            return
        if entry.get("same"):
            services.reconfirm_answer(
                answer=answer, version=answer.version, by=self._writer(code), at=at
            )
        elif entry["level"] is None:
            self._leave_out(answer, entry["reason"], at=at)
        else:
            self._say(answer, entry, at=at)

    def _leave_out(self, answer: Answer, reason: str, *, at: dt.datetime) -> None:
        services.record_not_assessed(
            answer=answer, reason=reason, version=answer.version, by=self.lead, at=at
        )

    def _say(self, answer: Answer, entry: dict[str, Any], *, at: dt.datetime) -> None:
        writer = self._writer(answer.item.code)
        saved = services.save_answer(
            answer=answer,
            level=entry["level"],
            narrative=entry["narrative"],
            coverage=entry["coverage"],
            version=answer.version,
            by=writer,
            at=at,
        )
        saved.assessment = answer.assessment
        self._cite(saved, entry["evidence"], by=writer, at=at)
        if "observed_change" in entry:
            self._observe(saved, entry["observed_change"], by=writer, at=at)

    def _writer(self, code: str) -> User:
        """Workforce to the first contributor, data to the last, the rest by chance or the lead."""
        contributors = self.people[Role.CONTRIBUTOR]
        if code.startswith("W"):
            return contributors[0]
        if code.startswith("D"):
            return contributors[-1]
        return self.random.choice([*contributors, self.lead])

    def _cite(self, answer: Answer, keys: list[str], *, by: User, at: dt.datetime) -> None:
        wanted = {self._evidence(key, by=by, at=at) for key in keys}
        cited = {citation.evidence for citation in answer.citations.select_related("evidence")}
        for evidence in sorted(cited - wanted, key=lambda one: one.pk):
            services.uncite(answer=answer, evidence=evidence, by=by, at=at)
        for evidence in sorted(wanted - cited, key=lambda one: one.pk):
            services.cite(answer=answer, evidence=evidence, by=by, at=at)

    def _evidence(self, key: str, *, by: User, at: dt.datetime) -> Evidence:
        """The piece from the library; added to it when it is cited for the first time."""
        words = self.script.content["evidence"][key]
        kept = Evidence.objects.filter(organisation=self.organisation, title=words["title"])
        return kept.first() or services.add_evidence(
            organisation=self.organisation,
            by=by,
            at=at,
            title=words["title"],
            kind=words["kind"],
            url=words["url"],
            minute_reference=words["minute_reference"],
            dated_on=self._dated_on(words["months_before_due"], at),
            coverage=words["coverage"],
            shown_to_community=words["shown_to_community"],
            shown_to_peers=words["shown_to_peers"],
            **{f"is_{tick}": tick in words["ticks"] for tick in GRADES},
        )

    def _dated_on(self, months: int, at: dt.datetime) -> dt.date:
        """Counted from the due date, but never later than a few days before it was added."""
        due_on = self.cycle.due_at.astimezone(LONDON).date()
        latest = at.astimezone(LONDON).date() - dt.timedelta(days=3)
        return min(months_before(due_on, months), latest)

    def _observe(self, answer: Answer, words: dict[str, str], *, by: User, at: dt.datetime) -> None:
        services.record_change(
            answer=answer,
            version=0,
            by=by,
            at=at,
            measure=words["measure"],
            unit=words["unit"],
            ethnic_group=words["ethnic_group"],
            baseline=Decimal(words["baseline"]),
            baseline_on=dt.date.fromisoformat(words["baseline_on"]),
            later=Decimal(words["later"]),
            later_on=dt.date.fromisoformat(words["later_on"]),
            shows=ShortTermChange.objects.get(
                code=words["shows"], section__framework=self.cycle.framework
            ),
        )

    def _give_committed_items_a_step(self, assessment: Assessment) -> None:
        """Level 1 needs a named lead and a date: what is only committed gets its first step."""
        for answer in assessment.answers.filter(level=1).select_related("item").in_order():
            steps = ImprovementStep.objects.kept().filter(
                organisation=self.organisation, item=answer.item, due_on__isnull=False
            )
            if not steps.exclude(owner="").exists():
                self._add_first_step(answer)

    def _add_first_step(self, answer: Answer) -> None:
        what, owner = self.first_steps[answer.item.code]
        due_on = self.cycle.due_at.astimezone(LONDON).date() + dt.timedelta(
            days=30 * self.random.randint(4, 9)
        )
        services.add_step(
            organisation=self.organisation,
            item=answer.item,
            by=self.lead,
            at=self.last_work,
            what=what,
            owner=owner,
            due_on=due_on,
            resource="",
            status=ImprovementStep.Status.NOT_STARTED,
        )
