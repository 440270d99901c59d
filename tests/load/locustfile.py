"""What one assessor does all day: open an answer, type, be saved as they type, save, go on.

Read by locust, which script/load starts. People, their cookies and answers come from the file that
LOAD_PEOPLE names; each save that was acknowledged is a line in the file that LOAD_LEDGER names.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import re
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task
from locust.exception import StopUser

PEOPLE = json.loads(Path(os.environ["LOAD_PEOPLE"]).read_text())
TURNS = itertools.cycle(PEOPLE)
LEDGER = Path(os.environ["LOAD_LEDGER"])
SENTENCES = (
    "The Board has agreed the plan and named its executive owner.",
    "Two trusts report by ethnic group, the third begins in spring.",
    "Staff networks say that bullying is still met with silence.",
    "Community partners were paid for their time.",
    "We do not yet know how many posts above band 8a are shared out fairly.",
)
AUTOSAVES = 3


class Assessor(HttpUser):
    """One person with a session, who works on the answers they were given."""

    wait_time = between(4, 12)

    def on_start(self) -> None:
        self.person = next(TURNS)
        self.client.cookies.set("sessionid", self.person["session"])
        self.sequence = 0
        self.random = random.Random(self.person["email"])

    @task(6)
    def answer(self) -> None:
        """Open, type with three autosaves, save, and see the next page."""
        url = self.random.choice(self.person["answers"])
        page = self.client.get(url, name="open an answer")
        form = _form(page.text)
        if page.status_code != 200 or form is None:
            return
        words = ""
        for _pause in range(AUTOSAVES):
            self.wait()
            words = f"{words} {self.random.choice(SENTENCES)}".strip()
            self._autosave(url, form, words)
        self.wait()
        self._save(url, form, f"{words} ({self.person['email']}, {self.sequence})")

    @task(1)
    def look_around(self) -> None:
        """The pages between answers."""
        for address in self.random.sample(self.person["pages"], 2):
            self.client.get(address, name="read another page")
            self.wait()

    def _autosave(self, url: str, form: dict[str, str], words: str) -> None:
        self.sequence += 1
        sent = {
            "base_version": form["version"],
            "sequence": str(self.sequence),
            "level": "2",
            "coverage": "some",
            "narrative": words,
        }
        headers = {"X-CSRFToken": form["csrfmiddlewaretoken"], "X-Autosave": "1"}
        self.client.post(f"{url}autosave/", data=sent, headers=headers, name="autosave")

    def _save(self, url: str, form: dict[str, str], words: str) -> None:
        sent = {**form, "level": "2", "coverage": "some", "narrative": words, "action": "back"}
        with self.client.post(
            url, data=sent, name="save", allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code == 302:
                _note(url=url, version=int(form["version"]) + 1, words=words)
            elif answer.status_code == 409:
                _note(url=url, version=None, words=words)
                answer.success()  # somebody else was first; both texts are shown
            elif answer.status_code in (401, 403):
                raise StopUser
        if answer.status_code == 302:
            self.client.get(answer.headers["Location"], name="read another page")


def _form(page: str) -> dict[str, str] | None:
    found = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        for name in ("csrfmiddlewaretoken", "version")
    }
    return {name: match[1] for name, match in found.items()} if all(found.values()) else None


def _note(**facts: Any) -> None:
    """Write down what the portal said it had kept; a clash is kept as a refused revision."""
    digest = hashlib.sha256(facts.pop("words").encode()).hexdigest()
    with LEDGER.open("a", encoding="utf-8") as ledger:
        print(json.dumps({**facts, "sha256": digest}), file=ledger)
