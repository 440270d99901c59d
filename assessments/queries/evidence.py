"""Rows of the evidence library, of an answer's evidence and steps, and what may be chosen."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.models import (
    Answer,
    Assessment,
    Citation,
    Evidence,
    ImprovementStep,
    ObservedChange,
)
from assessments.scoring import EVIDENCE_STALE_AFTER_MONTHS, Grade, evidence_strength, is_stale
from commitments.models import Item, ShortTermChange
from portal.models import Organisation, User

STRENGTHS = {
    "A": "Independent, or led by communities",
    "B": "Published, or Board-minuted",
    "C": "Internal document or data",
    "D": "Statement only",
}
STRENGTH_COLOURS = {"A": "green", "B": "blue", "C": "aqua-green", "D": "grey"}
TICKS = {
    "independent": "Independent or external",
    "community_led": "Led by communities",
    "published": "Published",
    "board_minuted": "Minuted by the Board",
    "internal": "Internal document or data",
}
STALE = f"More than {EVIDENCE_STALE_AFTER_MONTHS} months old"
STATES = {"uncited": "Not cited in the latest cycle", "stale": STALE}


@dataclass(frozen=True)
class Cited:
    """The answers of one assessment that cite a piece of evidence."""

    cycle: str
    codes: tuple[tuple[str, str], ...]
    """Each item's code with its address; the address is empty where the reader may not go."""

    @property
    def words(self) -> str:
        return ", ".join(code for code, _url in self.codes)


@dataclass(frozen=True)
class EvidenceRow:
    """A piece of evidence as lists show it."""

    evidence: Evidence
    strength: str
    is_stale: bool
    cited: tuple[Cited, ...] = ()
    """Newest cycle first."""

    @property
    def colour(self) -> str:
        return STRENGTH_COLOURS[self.strength]

    @property
    def strength_words(self) -> str:
        return STRENGTHS[self.strength]

    @property
    def url(self) -> str:
        return self.evidence.get_absolute_url()

    @property
    def where(self) -> str:
        """Where it is, in words; a link has its address instead."""
        kinds = Evidence.Kind
        if self.evidence.kind == kinds.MINUTE:
            return self.evidence.minute_reference
        return self.evidence.file_name if self.evidence.kind == kinds.FILE else self.evidence.url

    @property
    def ticked(self) -> list[str]:
        return [words for name, words in TICKS.items() if name in self.evidence.ticks]

    @property
    def shown(self) -> list[str]:
        evidence = self.evidence
        seen = (
            (evidence.shown_to_community, "Community partners"),
            (
                evidence.shown_to_peers,
                "Other systems that share with us",
            ),
        )
        return [words for is_shown, words in seen if is_shown]


@dataclass(frozen=True)
class Wanted:
    """How the library is filtered; what is empty filters nothing."""

    words: str = ""
    strength: str = ""
    state: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Wanted:
        """From an address; what makes no sense filters nothing."""
        strength, state = sent.get("strength", ""), sent.get("state", "")
        return cls(
            words=" ".join(sent.get("words", "").replace("\x00", "").split())[:100],
            strength=strength if strength in STRENGTHS else "",
            state=state if state in STATES else "",
        )

    @property
    def is_on(self) -> bool:
        return bool(self.words or self.strength or self.state)

    def keeps(self, row: EvidenceRow, latest: str) -> bool:
        evidence = row.evidence
        text = f"{evidence.title} {evidence.minute_reference} {evidence.url} {evidence.file_name}"
        if not all(word in text.casefold() for word in self.words.casefold().split()):
            return False
        if self.strength and row.strength != self.strength:
            return False
        if self.state == "stale":
            return row.is_stale
        is_cited = bool(row.cited) and row.cited[0].cycle == latest
        return not (self.state == "uncited" and is_cited)


@dataclass(frozen=True)
class Library:
    """An organisation's evidence, newest first, of which `rows` are wanted."""

    rows: tuple[EvidenceRow, ...]
    total: int
    latest_cycle: str = ""


@dataclass(frozen=True)
class ChangeRow:
    """The measured change behind an answer, its figures as text."""

    change: ObservedChange

    @property
    def baseline(self) -> str:
        return figure(self.change.baseline, self.change.unit)

    @property
    def later(self) -> str:
        return figure(self.change.later, self.change.unit)


@dataclass(frozen=True)
class StepRow:
    """An improvement step as lists show it."""

    step: ImprovementStep
    is_late: bool
    colour: str = ""
    item: str = ""


STATUS_COLOURS = {
    ImprovementStep.Status.NOT_STARTED: "white",
    ImprovementStep.Status.ON_TRACK: "blue",
    ImprovementStep.Status.AT_RISK: "yellow",
    ImprovementStep.Status.OFF_TRACK: "red",
    ImprovementStep.Status.DONE: "green",
}


def library(organisation: Organisation, wanted: Wanted, *, user: User, on: dt.date) -> Library:
    """Everything kept, with its strength and where it is cited, that is wanted."""
    kept = organisation.evidence.kept().order_by("-dated_on", "title", "pk")
    evidence = list(kept)
    for one in evidence:
        one.organisation = organisation
    cited = citations_of(evidence, user)
    rows = [evidence_row(one, on, cited.get(one.pk, ())) for one in evidence]
    latest = _latest_cycle(organisation)
    wanted_rows = tuple(row for row in rows if wanted.keeps(row, latest))
    return Library(wanted_rows, len(rows), latest)


def evidence_row(evidence: Evidence, on: dt.date, cited: Iterable[Cited] = ()) -> EvidenceRow:
    return EvidenceRow(
        evidence, strength_of(evidence), is_stale(evidence.dated_on, on), tuple(cited)
    )


def strength_of(evidence: Evidence) -> Grade:
    """What its ticks earn; a statement only, where nobody can go and look."""
    return evidence_strength(() if evidence.why_not_counted else evidence.ticks)


def citations_of(evidence: Sequence[Evidence], user: User) -> dict[int, tuple[Cited, ...]]:
    """Which answers cite each, by cycle from the newest; addresses where the person may go."""
    citing = Citation.objects.filter(evidence__in=evidence).order_by(
        "-answer__assessment__cycle__opens_at",
        "answer__item__section__order",
        "answer__item__order",
    )
    rows = citing.values_list(
        "evidence", "answer", "answer__assessment", "answer__assessment__cycle__name",
        "answer__item__code",
    )  # fmt: skip
    answers = Answer.objects.visible_to(user).filter(citations__evidence__in=evidence)
    may_open = set(answers.values_list("pk", flat=True))
    assessments = Assessment.objects.filter(pk__in={row[2] for row in rows})
    addresses = {one.pk: one.address for one in assessments.select_related("cycle", "organisation")}
    found: dict[int, dict[str, list[tuple[str, str]]]] = {}
    for cited, answer, assessment, cycle, code in rows:
        url = f"{addresses[assessment]}{code}/" if answer in may_open else ""
        found.setdefault(cited, {}).setdefault(cycle, []).append((code, url))
    return {
        pk: tuple(Cited(cycle, tuple(codes)) for cycle, codes in cycles.items())
        for pk, cycles in found.items()
    }


def _latest_cycle(organisation: Organisation) -> str:
    """Name of the organisation's newest full assessment's cycle."""
    full = Assessment.objects.filter(organisation=organisation, answers__isnull=False)
    newest = full.order_by("-cycle__opens_at").values_list("cycle__name", flat=True)
    return newest.first() or ""


def cited_evidence(answers: Iterable[Answer]) -> dict[int, list[Evidence]]:
    """By the key of each answer the evidence it cites, in the order in which it was cited."""
    cited: dict[int, list[Evidence]] = defaultdict(list)
    kept = Citation.objects.filter(
        answer__in=[answer.pk for answer in answers], evidence__withdrawn_at__isnull=True
    )
    for citation in kept.select_related("evidence").order_by("added_at", "pk"):
        cited[citation.answer_id].append(citation.evidence)
    return cited


def evidence_panel(
    answer: Answer, on: dt.date, cited: Iterable[Evidence] | None = None
) -> list[EvidenceRow]:
    """What an answer cites; `cited` where it is loaded already."""
    rows = []
    for evidence in cited_evidence([answer])[answer.pk] if cited is None else cited:
        evidence.organisation = answer.assessment.organisation
        rows.append(evidence_row(evidence, on))
    return rows


def not_cited(answer: Answer, on: dt.date) -> list[EvidenceRow]:
    """What the library holds that the answer does not cite yet, newest first."""
    organisation = answer.assessment.organisation
    rest = organisation.evidence.kept().exclude(citations__answer=answer)
    rows = [evidence_row(one, on) for one in rest.order_by("-dated_on", "title", "pk")]
    for row in rows:
        row.evidence.organisation = organisation
    return rows


def steps_panel(
    answer: Answer, on: dt.date, steps: Iterable[ImprovementStep] | None = None
) -> list[StepRow]:
    """The organisation's steps for the answer's item; `steps` where they are loaded already."""
    if steps is None:
        kept = answer.assessment.organisation.steps.kept().filter(item=answer.item_id)
        steps = kept.order_by("due_on", "pk")
    return [step_row(step, on) for step in steps]


def step_row(step: ImprovementStep, on: dt.date, item: str = "") -> StepRow:
    is_done = step.status == ImprovementStep.Status.DONE
    is_late = bool(step.due_on and step.due_on < on and not is_done)
    return StepRow(step, is_late, STATUS_COLOURS[ImprovementStep.Status(step.status)], item)


def change_of(answer: Answer) -> ObservedChange | None:
    """The measured change recorded for the answer, if any."""
    change: ObservedChange | None = getattr(answer, "observed_change", None)
    return change


def change_panel(answer: Answer) -> ChangeRow | None:
    change = change_of(answer)
    return ChangeRow(change) if change else None


def figure(number: Decimal, unit: str) -> str:
    """The number as people write it, with its unit: 61%, 12,400 people."""
    whole = f"{number.normalize():,f}"
    return f"{whole}{unit}" if unit == "%" else f"{whole} {unit}"


def changes_to_show(item: Item) -> list[ShortTermChange]:
    """The short-term changes that belong to an item; where it has none, all of the framework."""
    own = list(item.short_term_changes.order_by("section__order", "order"))
    framework = ShortTermChange.objects.filter(section__framework=item.section.framework_id)
    return own or list(framework.order_by("section__order", "order"))
