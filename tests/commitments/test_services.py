from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest

from commitments.documents import DocumentError
from commitments.models import (
    CaseExample,
    Descriptor,
    Framework,
    Item,
    Mechanism,
    Passage,
    Section,
    ShortTermChange,
)
from commitments.services import load_framework, make_current
from portal.models import AuditEvent
from tests.commitments.conftest import FOLDER, Folder
from tests.commitments.test_documents import drop, put

L1 = ("commitments", 0, "actions", 0)


def load(folder: Folder, at: dt.datetime) -> Framework:
    return load_framework(folder=folder.path, at=at)


def test_loading_records_one_audit_event(london_framework: Framework) -> None:
    event = AuditEvent.objects.get()
    assert (event.chain, event.verb) == ("portal", "loaded the framework")
    assert event.detail == {"version": "london-1", "digest": london_framework.content_digest}


def test_loading_again_does_nothing(
    london_framework: Framework, at: dt.datetime, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # the transaction's two ends, and the digest
        again = load_framework(folder=FOLDER, at=at)
    assert again == london_framework
    assert AuditEvent.objects.count() == 1


def test_reload_updates_in_place(
    london_framework: Framework, folder: Folder, at: dt.datetime
) -> None:
    before = {item.code: item.pk for item in Item.objects.all()}
    counts = (Descriptor.objects.count(), Passage.objects.count())
    folder.framework(put("New purpose.", "purpose"))
    folder.change("descriptors/L.json", put("Say it aloud", "L1", "short_name"))
    folder.change("descriptors/L.json", put(["A-S2"], "L1", "look_for", "changes"))
    assert load(folder, at) == london_framework
    assert {item.code: item.pk for item in Item.objects.all()} == before
    assert (Descriptor.objects.count(), Passage.objects.count()) == counts
    item = Item.objects.get(code="L1")
    assert item.short_name == "Say it aloud"
    assert [change.code for change in item.short_term_changes.all()] == ["A-S2"]
    assert Passage.objects.get(kind="purpose").text == "New purpose."
    london_framework.refresh_from_db()
    assert london_framework.is_current


def test_reload_removes_what_vanished(
    london_framework: Framework, folder: Folder, at: dt.datetime
) -> None:
    folder.framework(drop("commitments", 0, "case_examples", 3))
    folder.framework(drop("commitments", 0, "mechanisms", 3))
    folder.framework(drop("commitments", 0, "actions", 4))
    folder.change("descriptors/L.json", drop("L5"))
    folder.framework(drop("definitions", 6))
    folder.framework(drop("quotes", 2))
    folder.framework(drop("enablers", 2))
    load(folder, at)
    assert not CaseExample.objects.filter(code="L-CE4").exists()
    assert not Mechanism.objects.filter(code="L-M4").exists()
    assert not Item.objects.filter(code__in=["L5", "P1", "P2", "P3"]).exists()
    assert not Section.objects.filter(code="P").exists()
    assert london_framework.definitions.count() == 6
    assert london_framework.passages.filter(kind="quote").count() == 2
    assert Descriptor.objects.count() == 34 * 5


def test_reload_keeps_what_something_refers_to(
    london_framework: Framework,
    second: Folder,
    folder: Folder,
    at: dt.datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    load(second, at)  # its items follow those of the first
    folder.framework(put("london-1", "version"))
    folder.framework(put("", "follows"))
    folder.framework(drop("enablers", 2))
    with caplog.at_level(logging.WARNING):
        load(folder, at)
    assert london_framework.sections.filter(code="P").exists()
    assert Item.objects.filter(section__framework=london_framework, code="P1").exists()
    kept = [record.getMessage() for record in caplog.records]
    assert "kept, because something refers to it: Section Partnerships" in kept
    assert len(kept) == 4


def test_refused_documents_leave_everything_as_it_was(
    london_framework: Framework, folder: Folder, at: dt.datetime
) -> None:
    folder.framework(put("New purpose.", "purpose"))
    folder.change("descriptors/W.json", put("x" * 61, "W3", "short_name"))
    with pytest.raises(DocumentError, match=r"^framework.json or descriptors, item W3: short_name"):
        load(folder, at)
    assert Passage.objects.get(kind="purpose").text != "New purpose."


def test_address_that_is_none_is_refused(db: None, folder: Folder, at: dt.datetime) -> None:
    folder.framework(put("no address", "commitments", 0, "case_examples", 1, "link", "url"))
    with pytest.raises(DocumentError, match=r"^framework.json, case example L-CE2: link_url"):
        load(folder, at)


def test_second_version_stands_beside_the_first(
    london_framework: Framework, second: Folder, at: dt.datetime
) -> None:
    version = load(second, at)
    assert not version.is_current
    assert Framework.objects.current() == london_framework
    assert Item.objects.filter(section__framework=version).count() == 38
    item = Item.objects.get(section__framework=version, code="W3")
    assert item.predecessor == Item.objects.get(section__framework=london_framework, code="W3")
    assert not item.materially_changed


def test_second_version_says_which_wording_means_something_new(
    london_framework: Framework, second: Folder, at: dt.datetime
) -> None:
    second.framework(put("Say it in public.", *L1, "text_full"))
    second.framework(put("substantive", *L1, "difference_kind"))
    with pytest.raises(DocumentError, match=r"^framework.json, L1: the wording is new"):
        load(second, at)
    second.framework(put(True, *L1, "materially_changed"))
    version = load(second, at)
    changed = Item.objects.filter(section__framework=version, materially_changed=True)
    assert [item.code for item in changed] == ["L1"]


def test_second_version_may_follow_otherwise(
    london_framework: Framework, second: Folder, at: dt.datetime
) -> None:
    second.framework(put(None, "commitments", 0, "actions", 1, "predecessor"))
    second.framework(put("L2", *L1, "predecessor"))
    second.framework(put(False, *L1, "materially_changed"))
    version = load(second, at)
    items = {item.code: item for item in Item.objects.filter(section__framework=version)}
    assert items["L1"].predecessor.code == "L2"
    assert items["L2"].predecessor is None


def test_item_new_in_the_second_version_follows_none(
    db: None, folder: Folder, at: dt.datetime
) -> None:
    first = {"version": "london-1", "follows": ""}
    later = {"version": "london-2", "follows": "london-1"}
    p3 = {"code": "P3", "text": "Strengthen incentives and build capacity for engagement."}
    described: dict[str, Any] = {}

    def shorten(document: dict[str, Any]) -> None:
        described.update(P3=document.pop("P3"))

    folder.framework(lambda document: document.update(first))
    folder.framework(drop("enablers", 2, "considerations", 2))
    folder.change("descriptors/P.json", shorten)
    load(folder, at)
    folder.framework(lambda document: document.update(later))
    folder.framework(lambda document: document["enablers"][2]["considerations"].append(p3))
    folder.change("descriptors/P.json", lambda document: document.update(described))
    version = load(folder, at)
    assert Item.objects.get(section__framework=version, code="P3").predecessor is None
    assert Item.objects.get(section__framework=version, code="P2").predecessor is not None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("L2", "framework.json, L2: L2 already has a successor"),
        ("Z9", "framework.json, L1: there was no Z9 in the version before"),
    ],
)
def test_predecessor_that_cannot_be_is_refused(
    london_framework: Framework, second: Folder, at: dt.datetime, code: str, message: str
) -> None:
    second.framework(put(code, *L1, "predecessor"))
    second.framework(put(False, *L1, "materially_changed"))
    with pytest.raises(DocumentError) as refused:
        load(second, at)
    assert str(refused.value) == message


def test_version_that_follows_an_unknown_one_is_refused(
    db: None, second: Folder, at: dt.datetime
) -> None:
    with pytest.raises(DocumentError, match=r"it follows london-1, which is not loaded"):
        load(second, at)


def test_version_may_do_without_case_examples(db: None, folder: Folder, at: dt.datetime) -> None:
    for number in range(5):
        folder.framework(put([], "commitments", number, "case_examples"))
    version = load(folder, at)
    assert not version.case_examples.exists()
    assert ShortTermChange.objects.count() == 20


def test_make_current_moves_the_mark(
    london_framework: Framework, second: Folder, at: dt.datetime, heg: Any
) -> None:
    version = load(second, at)
    make_current(framework=version, by=heg, at=at)
    assert Framework.objects.current() == version
    assert Framework.objects.filter(is_current=True).count() == 1
    event = AuditEvent.objects.filter(verb="made the framework current").get()
    assert (event.actor, event.detail) == (heg.email, {"version": "london-2"})
