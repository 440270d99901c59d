"""Commitments and enablers as the documents give them, each with its items and descriptors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commitments.documents.nodes import Node, open_document
from commitments.models import Item, Section

LEVELS = range(5)
DIFFERENCES = {
    "identical": Item.Difference.NONE,
    "punctuation only": Item.Difference.PUNCTUATION,
    "article only": Item.Difference.ARTICLE,
    "substantive": Item.Difference.SUBSTANCE,
}
OTHER_STATEMENTS = {"framework_list": "The list of commitments", "summary": "Executive summary"}


@dataclass(frozen=True)
class ItemText:
    """One item with its five descriptors and the codes of the changes to look for."""

    node: Node
    fields: dict[str, Any]
    descriptors: list[dict[str, Any]]
    changes: list[str]
    predecessor: str | None
    materially_changed: bool | None


@dataclass(frozen=True)
class SectionText:
    node: Node
    fields: dict[str, Any]
    items: list[ItemText]
    changes: list[dict[str, Any]] = field(default_factory=list)
    mechanisms: list[dict[str, Any]] = field(default_factory=list)


def commitment(folder: Path, node: Node, order: int) -> SectionText:
    described = _described(folder, node)
    return SectionText(
        node=node,
        fields={
            **_section(node, Section.Kind.COMMITMENT, order),
            "statement_title": node.text("statement_title"),
            "statement": node.text("statement"),
            "other_statements": list(_other_statements(node)),
        },
        items=[
            _item(part, described, number, **_wordings(part))
            for number, part in enumerate(node.parts("actions"), 1)
        ],
        changes=_coded(node, "short_term_changes"),
        mechanisms=_coded(node, "mechanisms"),
    )


def enabler(folder: Path, node: Node, order: int) -> SectionText:
    described = _described(folder, node)
    return SectionText(
        node=node,
        fields={
            **_section(node, Section.Kind.ENABLER, order),
            "introduction": node.text("text"),
        },
        items=[
            _item(part, described, number, wording=part.text("text"))
            for number, part in enumerate(node.parts("considerations"), 1)
        ],
    )


def _section(node: Node, kind: Section.Kind, order: int) -> dict[str, Any]:
    own = {key: node.text(key) for key in ("code", "slug", "title")}
    return {**own, "kind": kind, "order": order}


def _other_statements(node: Node) -> Iterator[dict[str, str]]:
    """Where the document words the commitment otherwise; a missing final full stop is no other."""
    chapter = (node.text("statement_title"), node.text("statement").rstrip("."))
    for key, where in OTHER_STATEMENTS.items():
        title, text = node.text(f"statement_title_{key}"), node.text(f"statement_{key}")
        if (title, text.rstrip(".")) != chapter:
            yield {"where": where, "title": title, "text": text}


def _coded(node: Node, key: str) -> list[dict[str, Any]]:
    return [
        {"code": part.text("code"), "order": order, "text": part.text("text")}
        for order, part in enumerate(node.parts(key), 1)
    ]


def _wordings(node: Node) -> dict[str, Any]:
    """The chapter's wording, and the executive summary's where it is another."""
    full, summary = node.text("text_full"), node.text("text_summary")
    kind = node.text("difference_kind")
    if kind not in DIFFERENCES:
        raise node.refuse(f"“difference_kind” says “{kind}”")
    if (full != summary) != (kind != "identical"):
        raise node.refuse(f"the two wordings do not agree with “{kind}”")
    different = {"summary_wording": summary} if full != summary else {}
    return {"wording": full, "difference": DIFFERENCES[kind], **different}


def _described(folder: Path, section: Node) -> Node:
    """The section's descriptor file, which describes its items and no others."""
    node = open_document(folder, f"descriptors/{section.text('code')}.json")
    key = "actions" if "actions" in section.value else "considerations"
    codes = {part.text("code") for part in section.parts(key)}
    described = set(node.value) if isinstance(node.value, dict) else set()
    for code in sorted(described - codes):
        raise node.refuse(f"there is no {code} in this section")
    return node


def _item(node: Node, described: Node, order: int, **wording: Any) -> ItemText:
    code = node.text("code")
    about = Node(described.part(code).value, described.file, code)
    look_for = about.part("look_for")
    levels = about.get("levels", list)
    if len(levels) != len(LEVELS):
        raise about.refuse(f"there are {len(levels)} descriptors, not {len(LEVELS)}")
    parts = [Node(value, about.file, f"{code} level {n}") for n, value in enumerate(levels)]
    return ItemText(
        node=node,
        fields={
            "code": code,
            "order": order,
            "short_name": about.text("short_name"),
            "plain": about.text("plain"),
            "look_for": look_for.text("text"),
            "leans_on": about.texts("leans_on") if "leans_on" in about.value else [],
            **wording,
        },
        descriptors=[{"means": p.text("means"), "evidence": p.text("evidence")} for p in parts],
        changes=look_for.texts("changes"),
        predecessor=node.value.get("predecessor", code),
        materially_changed=node.value.get("materially_changed"),
    )
