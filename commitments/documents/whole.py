"""Reads a version's documents from a folder, whole, and checks that they fit together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commitments.documents.nodes import Node, open_document
from commitments.documents.sections import LEVELS, SectionText, commitment, enabler
from commitments.models import Passage

LEVEL_TEXTS = ("name", "means", "evidence")
READING = "1"
"""Counted into the digest: raise it when the same documents are to be stored differently."""

SINGLE_PASSAGES = {
    "purpose": Passage.Kind.PURPOSE,
    "starting_point": Passage.Kind.STARTING_POINT,
    "unheard": Passage.Kind.UNHEARD,
}
PASSAGE_LISTS = {
    "vision": Passage.Kind.VISION,
    "why": Passage.Kind.WHY,
    "icb_statement": Passage.Kind.STATEMENT,
}
TITLED_PASSAGES = {
    "priority_actions": Passage.Kind.PRIORITY,
    "duties": Passage.Kind.DUTY,
    "related_strategies": Passage.Kind.STRATEGY,
}


@dataclass(frozen=True)
class ExampleText:
    fields: dict[str, Any]
    printed_in: str
    sections: list[str]


@dataclass(frozen=True)
class Documents:
    """Everything a folder says about one version of the framework."""

    fields: dict[str, Any]
    follows: str
    sections: list[SectionText]
    levels: list[dict[str, Any]]
    examples: list[ExampleText]
    definitions: list[dict[str, Any]]
    passages: list[dict[str, Any]]


def content_digest(folder: Path) -> str:
    """SHA-256 over the names and bytes of a folder's documents."""
    digest = hashlib.sha256(READING.encode())
    for path in sorted(folder.rglob("*.json")):
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(folder)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def read_documents(folder: Path) -> Documents:
    """Read and check a folder. Raises DocumentError."""
    framework = open_document(folder, "framework.json")
    sections = [
        commitment(folder, node, order)
        for order, node in enumerate(framework.parts("commitments"), 1)
    ]
    sections += [
        enabler(folder, node, order)
        for order, node in enumerate(framework.parts("enablers"), len(sections) + 1)
    ]
    documents = Documents(
        fields=_framework(framework),
        follows=framework.other_text("follows"),
        sections=sections,
        levels=_levels(folder),
        examples=list(_examples(framework)),
        definitions=_definitions(framework),
        passages=list(_passages(framework)),
    )
    _check_codes(framework, documents)
    return documents


def _framework(node: Node) -> dict[str, Any]:
    source = node.part("source")
    note = [
        source.text("text"),
        f"Publication date: {source.text('publication_date')}.",
        f"Licence: {source.text('licence')}.",
    ]
    return {
        "version": node.text("version"),
        "name": node.text("name"),
        "title": source.text("title"),
        "issued_by": source.text("issuing_group"),
        "source_note": "\n".join(note),
    }


def _levels(folder: Path) -> list[dict[str, Any]]:
    node = Node({"levels": open_document(folder, "levels.json").value}, "levels.json")
    levels = [
        {
            "number": part.get("number", int),
            **{k: part.text(k) for k in ("name", "means", "evidence")},
        }
        for part in node.parts("levels")
    ]
    if [level["number"] for level in levels] != list(LEVELS):
        raise node.refuse("the levels are not numbered 0, 1, 2, 3, 4")
    return levels


def _examples(framework: Node) -> Iterator[ExampleText]:
    order = 0
    for section in framework.parts("commitments"):
        for node in section.parts("case_examples"):
            order += 1
            link = node.part("link")
            fields = {key: node.text(key) for key in ("code", "title", "body")}
            fields |= {"link_text": link.other_text("text"), "link_url": link.other_text("url")}
            printed_in, sections = section.text("code"), node.texts("commitments")
            if printed_in not in sections:
                raise node.refuse(f"it is printed in {printed_in} and does not belong there")
            yield ExampleText({**fields, "order": order}, printed_in, sections)


def _definitions(framework: Node) -> list[dict[str, Any]]:
    return [
        {
            **{key: node.text(key) for key in ("slug", "term", "text")},
            "source": node.other_text("source_note"),
            "order": order,
        }
        for order, node in enumerate(framework.parts("definitions", "slug"), 1)
    ]


def _passages(framework: Node) -> Iterator[dict[str, Any]]:
    """Every other text, numbered within its kind."""
    for key, kind in SINGLE_PASSAGES.items():
        yield {"kind": kind, "order": 1, "text": framework.text(key)}
    for key, kind in PASSAGE_LISTS.items():
        yield from _numbered(kind, ({"text": text} for text in framework.texts(key)))
    yield from _numbered(
        Passage.Kind.QUOTE,
        (
            {"text": node.text("text"), "attribution": node.text("attribution")}
            for node in framework.parts("quotes")
        ),
    )
    yield from _numbered(Passage.Kind.THEORY_OF_CHANGE, _theory(framework.part("theory_of_change")))
    for key, kind in TITLED_PASSAGES.items():
        yield from _numbered(kind, map(_titled, framework.parts(key)))


def _numbered(kind: Passage.Kind, entries: Iterator[dict[str, str]]) -> Iterator[dict[str, Any]]:
    for order, entry in enumerate(entries, 1):
        yield {"kind": kind, "order": order, **entry}


def _theory(node: Node) -> Iterator[dict[str, str]]:
    for text in node.texts("paragraphs"):
        yield {"text": text}
    for figure in node.parts("figures", "label"):
        yield {"code": "figure", "title": figure.text("label"), "text": figure.text("caption")}


def _titled(node: Node) -> dict[str, str]:
    """A priority, duty or strategy; the strategies stand under "London" or "NHS"."""
    texts = {key: node.text(key) for key in ("code", "title", "text")}
    return {**texts, "attribution": node.other_text("scope")}


def _check_codes(framework: Node, documents: Documents) -> None:
    """Codes and slugs are used once, and what they point at is there."""
    sections = [section.fields for section in documents.sections]
    items = [item for section in documents.sections for item in section.items]
    changes = [change["code"] for section in documents.sections for change in section.changes]
    for name, used in {
        "section": [fields["code"] for fields in sections],
        "slug": [fields["slug"] for fields in sections],
        "item": [item.fields["code"] for item in items],
        "short-term change": changes,
        "case example": [example.fields["code"] for example in documents.examples],
        "definition": [definition["slug"] for definition in documents.definitions],
    }.items():
        for code in used:
            if used.count(code) > 1:
                raise framework.refuse(f"the {name} “{code}” stands there more than once")
    _check_pointers(framework, documents, set(changes))


def _check_pointers(framework: Node, documents: Documents, changes: set[str]) -> None:
    codes = {section.fields["code"] for section in documents.sections}
    for example in documents.examples:
        for unknown in sorted(set(example.sections) - codes):
            code = example.fields["code"]
            raise framework.refuse(
                f"the case example {code} belongs to {unknown}, which is unknown"
            )
    for section in documents.sections:
        for item in section.items:
            for unknown in sorted(set(item.changes) - changes):
                file = f"descriptors/{section.fields['code']}.json"
                place = Node(None, file, item.node.place)
                raise place.refuse(f"there is no short-term change {unknown}")
