from __future__ import annotations

from typing import Any

import pytest

from commitments.documents import DocumentError, content_digest, read_documents
from tests.commitments.conftest import FOLDER, Change, Folder


def drop(*path: Any) -> Change:
    """A change that removes the last of these keys."""

    def change(document: Any) -> None:
        for key in path[:-1]:
            document = document[key]
        del document[path[-1]]

    return change


def put(value: Any, *path: Any) -> Change:
    """A change that puts a value where these keys lead."""

    def change(document: Any) -> None:
        for key in path[:-1]:
            document = document[key]
        document[path[-1]] = value

    return change


L1 = ("commitments", 0, "actions", 0)
SPOILT = {
    "no title": (drop("source", "title"), "framework.json, source: “title” is missing"),
    "no wording": (drop(*L1, "text_full"), "framework.json, L1: “text_full” is missing"),
    "empty wording": (put(" \n", *L1, "text_full"), "framework.json, L1: “text_full” is empty"),
    "a number for a text": (
        put(7, *L1, "text_full"),
        "framework.json, L1: “text_full” is not a text",
    ),
    "a text for a list": (put("x", "vision"), "framework.json: “vision” is not a list"),
    "a number in a list": (put([7], "vision"), "“vision” holds something that is not a text"),
    "an action that is no object": (
        put("x", *L1),
        "framework.json, actions 1: “code” is missing",
    ),
    "an unknown difference": (
        put("slight", *L1, "difference_kind"),
        "framework.json, L1: “difference_kind” says “slight”",
    ),
    "the same words called different": (
        put("substantive", *L1, "difference_kind"),
        "framework.json, L1: the two wordings do not agree with “substantive”",
    ),
    "different words called the same": (
        put("Other words.", *L1, "text_summary"),
        "framework.json, L1: the two wordings do not agree with “identical”",
    ),
    "two items of one code": (
        put("L2", *L1, "code"),
        "descriptors/L.json: there is no L1 in this section",
    ),
    "two sections of one slug": (
        put("workforce", "commitments", 0, "slug"),
        "framework.json: the slug “workforce” stands there more than once",
    ),
    "an example that is not its chapter's": (
        put(["W"], "commitments", 0, "case_examples", 0, "commitments"),
        "framework.json, L-CE1: it is printed in L and does not belong there",
    ),
    "an example of an unknown commitment": (
        put(["L", "Z"], "commitments", 0, "case_examples", 0, "commitments"),
        "framework.json: the case example L-CE1 belongs to Z, which is unknown",
    ),
}
SPOILT_DESCRIPTORS = {
    "an item too many": (put({}, "L9"), "descriptors/L.json: there is no L9 in this section"),
    "an item missing": (drop("L3"), "descriptors/L.json: “L3” is missing"),
    "a level missing": (
        drop("L3", "levels", 4),
        "descriptors/L.json, L3: there are 4 descriptors, not 5",
    ),
    "no evidence": (
        put("", "L3", "levels", 2, "evidence"),
        "descriptors/L.json, L3 level 2: “evidence” is empty",
    ),
    "an unknown change": (
        put(["L-S1", "X-S9"], "L3", "look_for", "changes"),
        "descriptors/L.json, L3: there is no short-term change X-S9",
    ),
    "a list": (lambda document: [], "descriptors/L.json: “L1” is missing"),
}


def test_documents_are_read_whole() -> None:
    documents = read_documents(FOLDER)
    assert documents.fields["version"] == "london-1"
    assert documents.follows == ""
    assert [len(section.items) for section in documents.sections] == [5, 5, 5, 5, 5, 5, 5, 3]
    assert len(documents.passages) == 35


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_framework_is_refused_by_file_and_code(folder: Folder, name: str) -> None:
    change, message = SPOILT[name]
    folder.framework(change)
    with pytest.raises(DocumentError) as refused:
        read_documents(folder.path)
    assert message in str(refused.value)


@pytest.mark.parametrize("name", SPOILT_DESCRIPTORS)
def test_spoilt_descriptors_are_refused_by_file_and_code(folder: Folder, name: str) -> None:
    change, message = SPOILT_DESCRIPTORS[name]
    folder.change("descriptors/L.json", change)
    with pytest.raises(DocumentError) as refused:
        read_documents(folder.path)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put(True, 1, "number"), "levels.json, levels 2: “number” is not a number"),
        (put(3, 4, "number"), "levels.json: the levels are not numbered 0, 1, 2, 3, 4"),
    ],
)
def test_spoilt_levels_are_refused(folder: Folder, change: Change, message: str) -> None:
    folder.change("levels.json", change)
    with pytest.raises(DocumentError) as refused:
        read_documents(folder.path)
    assert str(refused.value) == message


def test_missing_document_is_named(folder: Folder) -> None:
    (folder.path / "descriptors" / "G.json").unlink()
    with pytest.raises(DocumentError, match=r"^descriptors/G.json: there is no such file"):
        read_documents(folder.path)


def test_document_that_is_no_json_is_named(folder: Folder) -> None:
    (folder.path / "levels.json").write_text("[", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"^levels.json: this is not JSON"):
        read_documents(folder.path)


def test_digest_follows_names_and_content(folder: Folder) -> None:
    before = content_digest(folder.path)
    assert before == content_digest(FOLDER)
    file = folder.path / "levels.json"
    file.write_bytes(file.read_bytes() + b"\n")
    changed = content_digest(folder.path)
    file.rename(folder.path / "other.json")
    assert len({before, changed, content_digest(folder.path)}) == 3


def test_link_without_text_is_no_link(folder: Folder) -> None:
    folder.framework(put({}, "commitments", 0, "case_examples", 0, "link"))
    example = read_documents(folder.path).examples[0]
    assert (example.fields["link_text"], example.fields["link_url"]) == ("", "")
