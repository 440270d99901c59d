"""People who use a portal over HTTP, each with a browser of their own, and what they were told.

`Person` opens pages and sends their forms; `at_once` lets several act at the same moment; a
`Ledger` notes what the portal said it had kept, to be looked for afterwards in its database.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, TypeVar

import requests

from tests.faults.installation import Installation
from tests.faults.town import CYCLE, PASSWORD

Given = TypeVar("Given")
WITHIN = 60

REVISIONS = """
SELECT organisation.slug, item.code, revision.kind, revision.version, revision.narrative
FROM assessments_revision revision
JOIN assessments_answer answer ON answer.id = revision.answer_id
JOIN commitments_item item ON item.id = answer.item_id
JOIN assessments_assessment assessment ON assessment.id = answer.assessment_id
JOIN portal_organisation organisation ON organisation.id = assessment.organisation_id
WHERE revision.kind IN ('saved', 'refused')
"""
ANSWER = """
SELECT answer.version, answer.narrative FROM assessments_answer answer
JOIN commitments_item item ON item.id = answer.item_id
JOIN assessments_assessment assessment ON assessment.id = answer.assessment_id
JOIN portal_organisation organisation ON organisation.id = assessment.organisation_id
WHERE organisation.slug = %s AND item.code = %s
"""
TYPED = """
SELECT person.email, text.narrative FROM assessments_workingtext text
JOIN portal_user person ON person.id = text.user_id
JOIN assessments_answer answer ON answer.id = text.answer_id
JOIN commitments_item item ON item.id = answer.item_id
JOIN assessments_assessment assessment ON assessment.id = answer.assessment_id
JOIN portal_organisation organisation ON organisation.id = assessment.organisation_id
WHERE organisation.slug = %s AND item.code = %s ORDER BY person.email
"""


class Fields(HTMLParser):
    """What a page's forms would send as they stand, by name; buttons send nothing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "textarea":
            self.area = name
            self.found[name] = ""
        elif tag == "input" and name and self._counts(given):
            self.found[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser drops the line break that follows the start of the box.
            self.found[self.area] = self.found[self.area].removeprefix("\n")
            self.area = ""

    @staticmethod
    def _counts(given: Mapping[str, str]) -> bool:
        if given.get("type") in ("radio", "checkbox"):
            return "checked" in given
        return given.get("type") not in ("submit", "button", "file")


class Person:
    """One browser; `session` is the cookie that signing in would have left there."""

    def __init__(self, site: str, session: str = "") -> None:
        self.site = site
        self.browser = requests.Session()
        self.token = ""
        if session:
            self.browser.cookies.set("sessionid", session)

    def get(self, address: str) -> requests.Response:
        page = self.browser.get(f"{self.site}{address}", timeout=WITHIN, allow_redirects=False)
        self.token = Fields(page.text).found.get("csrfmiddlewaretoken", self.token)
        return page

    def form(self, address: str) -> dict[str, str]:
        """What the page's form says; raises where there is no such page."""
        page = self.get(address)
        assert page.status_code == 200, f"{address}: {page.status_code}"
        return Fields(page.text).found

    def post(
        self, address: str, sent: Mapping[str, str] | None = None, files: Any = None
    ) -> requests.Response:
        """Send a form and follow nothing."""
        return self.browser.post(
            f"{self.site}{address}",
            data={"csrfmiddlewaretoken": self.token, **(sent or {})},
            files=files,
            timeout=WITHIN,
            allow_redirects=False,
        )

    def sign_in(self, email: str) -> requests.Response:
        self.form("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return answer

    def autosave(
        self, address: str, words: str, *, version: int | str, sequence: int
    ) -> requests.Response:
        """As the page's script does, a moment after something was typed."""
        sent = {"version": str(version), "sequence": str(sequence), "level": "2"}
        return self.browser.post(
            f"{self.site}{address}autosave/",
            data={"csrfmiddlewaretoken": self.token, **sent, "narrative": words},
            headers={"X-Autosave": "1"},
            timeout=WITHIN,
            allow_redirects=False,
        )


@dataclass
class Town:
    """A portal that answers on the web, with the people of `tests.faults.town`."""

    portal: Installation
    sessions: dict[str, dict[str, str]]

    def person(self, system: str, role: str) -> Person:
        return Person(self.portal.site, self.sessions[system][role])

    def stranger(self) -> Person:
        """A browser in which nobody is signed in."""
        return Person(self.portal.site)

    def count(self, query: str, *values: Any) -> int:
        return int(self.portal.ask(query, values)[0][0])

    def answer(self, system: str, code: str) -> tuple[int, str]:
        """Version and words as they stand in the database."""
        ((version, words),) = self.portal.ask(ANSWER, [system, code])
        return version, words

    def events(self, system: str, verb: str) -> int:
        return self.count(
            "SELECT count(*) FROM portal_auditevent WHERE chain = %s AND verb = %s", system, verb
        )

    def typed(self, system: str, code: str) -> list[tuple[str, str]]:
        """Who has what in a working text of that answer."""
        return self.portal.ask(TYPED, [system, code])

    def postpone_all_but(self, system: str) -> None:
        """Every other system's jobs can wait until tomorrow."""
        self.portal.ask(
            "UPDATE portal_job SET run_after = now() + interval '1 day' WHERE organisation_id"
            " <> (SELECT id FROM portal_organisation WHERE slug = %s)",
            [system],
        )

    def end_roles(self, email: str) -> None:
        self.portal.ask(
            "UPDATE portal_membership SET ended_at = now() FROM portal_user person"
            " WHERE person.id = user_id AND person.email = %s",
            [email],
        )


@dataclass
class Ledger:
    """What was acknowledged: saves by the version they made, and the words of refused ones."""

    portal: Installation
    noted: list[tuple[str, str, str, int, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def save(
        self, person: Person, system: str, code: str, words: str, form: Mapping[str, str]
    ) -> int:
        """Send the form with these words; note what the portal says of them. The status."""
        answer = person.post(
            address(system, code), {**form, "level": "2", "narrative": words, "action": "continue"}
        )
        version = int(form["version"])
        with self.lock:
            if answer.status_code == 302:
                self.noted.append((system, code, "saved", version + 1, words))
            elif answer.status_code == 409:
                assert "Nothing is lost" in answer.text
                self.noted.append((system, code, "refused", version, words))
        return answer.status_code

    def number(self, kind: str) -> int:
        return sum(line[2] == kind for line in self.noted)

    def lost(self) -> list[tuple[str, str, str, int, str]]:
        """Acknowledged, and found nowhere in the database as often as it was acknowledged."""
        return sorted((Counter(self.noted) - Counter(self.portal.ask(REVISIONS))).elements())

    def assert_whole(self) -> None:
        """Nothing lost, and every answer says what the save of its version said."""
        assert self.noted
        assert self.lost() == []
        saved = {(system, code, n): words for system, code, kind, n, words in self.noted
                 if kind == "saved"}  # fmt: skip
        for system, code in {line[:2] for line in self.noted}:
            ((version, words),) = self.portal.ask(ANSWER, [system, code])
            versions = sorted(n for place, item, n in saved if (place, item) == (system, code))
            assert versions == list(range(1, version + 1))
            assert saved[system, code, version] == words


def address(system: str, code: str = "") -> str:
    return f"/assessments/{CYCLE}/{system}/" + (f"{code}/" if code else "")


def at_once(deeds: Sequence[Callable[[], Given]]) -> list[Given]:
    """All of them at the same moment, each in a thread of its own; what each gave, in order."""
    gate = threading.Barrier(len(deeds))

    def do(deed: Callable[[], Given]) -> Given:
        gate.wait(WITHIN)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
