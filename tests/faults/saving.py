"""People who save over and over while something breaks, and what is found of it afterwards."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import requests

from tests.faults.people import Fields, Ledger, Town, address
from tests.faults.processes import wait_for

SYSTEM = "crowd"
CODES = ("L1", "L2", "L3", "L4", "W1", "W2")
HALF_SAVED = """
SELECT item.code, answer.version FROM assessments_answer answer
JOIN commitments_item item ON item.id = answer.item_id
WHERE answer.version > 0 AND NOT EXISTS (
    SELECT 1 FROM assessments_revision revision
    WHERE revision.answer_id = answer.id AND revision.kind = 'saved'
      AND revision.version = answer.version AND revision.narrative = answer.narrative)
"""


class Saving:
    """A lead for each of `CODES`, who opens its answer and saves it, again and again.

    A context: they begin with it and have stopped at its end. `statuses` counts what the pages and
    forms were answered with, 0 where no answer came; `unclear` holds error pages that do not say
    in plain words what happened.
    """

    def __init__(self, town: Town) -> None:
        self.town, self.ledger = town, Ledger(town.portal)
        self.statuses: Counter[int] = Counter()
        self.unclear: list[str] = []
        self.enough = threading.Event()
        self.people = [
            threading.Thread(target=self._work, args=(n, code), daemon=True)
            for n, code in enumerate(CODES)
        ]

    def __enter__(self) -> Saving:
        for person in self.people:
            person.start()
        return self

    def __exit__(self, *_what: object) -> None:
        self.enough.set()
        for person in self.people:
            person.join(120)

    @property
    def saved(self) -> int:
        return self.ledger.number("saved")

    def wait_for_more(self, number: int = 10, *, within: float = 60) -> None:
        """Until so many more saves were acknowledged than are now."""
        least = self.saved + number
        wait_for(f"{least} saves", lambda: self.saved >= least, within=within)

    def wait_for_status(self, *wanted: int) -> None:
        """Until one more answer of these was given."""
        before = self._count(wanted)
        wait_for(f"an answer {wanted}", lambda: self._count(wanted) > before)

    def assert_nothing_lost(self) -> None:
        """Every acknowledged save is there; no answer says what no save of it said."""
        assert self.saved
        assert self.ledger.lost() == []
        assert self.town.portal.ask(HALF_SAVED) == []
        assert self.unclear == []

    def _count(self, wanted: tuple[int, ...]) -> int:
        return sum(self.statuses[status] for status in wanted)

    def _work(self, number: int, code: str) -> None:
        person = self.town.person(SYSTEM, f"lead-{number}")
        person.browser.hooks["response"] = self._note
        turn = 0
        while not self.enough.is_set():
            turn += 1
            try:
                page = person.get(address(SYSTEM, code))
                if page.status_code == 200:
                    words = f"Words {turn} of lead {number} for {code}."
                    self.ledger.save(person, SYSTEM, code, words, Fields(page.text).found)
            except requests.RequestException:
                self.statuses[0] += 1
                self.enough.wait(0.1)

    def _note(self, answer: requests.Response, **_words: Any) -> None:
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500 and "What you saved before is safe" not in answer.text:
            self.unclear.append(answer.text)
