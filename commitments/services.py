"""Loads a version of the framework from its documents and says which version is in use."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from commitments.documents import (
    DocumentError,
    Documents,
    ItemText,
    SectionText,
    content_digest,
    read_documents,
)
from commitments.models import (
    CaseExample,
    Definition,
    Descriptor,
    Framework,
    Item,
    Level,
    Mechanism,
    Passage,
    Section,
    ShortTermChange,
)
from portal import audit
from portal.models import User

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def load_framework(*, folder: Path, at: dt.datetime) -> Framework:
    """Store a folder's version of the framework, or bring the stored one up to date.

    Rows are found again by code, so what refers to them keeps its place. What the documents no
    longer hold is removed unless something refers to it. Nothing happens when the documents are
    those that were loaded last. The first version becomes current; a later one stands beside it.
    Raises DocumentError.
    """
    digest = content_digest(folder)
    loaded = Framework.objects.filter(content_digest=digest).first()
    if loaded is not None:
        return loaded
    documents = read_documents(folder)
    fields = {**documents.fields, "content_digest": digest}
    version = fields.pop("version")
    is_first = not Framework.objects.filter(is_current=True).exists()
    framework, _ = Framework.objects.update_or_create(
        version=version,
        defaults=fields,
        create_defaults={**fields, "is_current": is_first},
    )
    _store(framework, documents)
    audit.record(
        by=None,
        verb="loaded the framework",
        target=framework,
        organisation=None,
        at=at,
        version=version,
        digest=digest,
    )
    return framework


@transaction.atomic
def make_current(*, framework: Framework, by: User | None, at: dt.datetime) -> None:
    """Let new cycles and the public pages use this version. Assessments stay with theirs."""
    Framework.objects.filter(is_current=True).exclude(pk=framework.pk).update(is_current=False)
    framework.is_current = True
    framework.save(update_fields=["is_current"])
    audit.record(
        by=by,
        verb="made the framework current",
        target=framework,
        organisation=None,
        at=at,
        version=framework.version,
    )


@dataclass(frozen=True)
class _Stored:
    """What is stored so far, by code."""

    sections: dict[str, Section]
    levels: list[Level]
    changes: dict[str, ShortTermChange]
    items: dict[str, Item]


def _store(framework: Framework, documents: Documents) -> None:
    sections = _put(
        [Section(framework=framework, **section.fields) for section in documents.sections],
        key=("framework", "code"),
        unchecked=("other_statements",),
    )
    levels = _put(
        [Level(framework=framework, **level) for level in documents.levels],
        key=("framework", "number"),
        file="levels.json",
    )
    by_code = {section.code: section for section in sections}
    changes = _put(
        [
            ShortTermChange(section=by_code[text.fields["code"]], **change)
            for text in documents.sections
            for change in text.changes
        ],
        key=("section", "code"),
    )
    items = _put(
        _items(documents, by_code), key=("section", "code"), file="framework.json or descriptors"
    )
    stored = _Stored(by_code, levels, {c.code: c for c in changes}, {i.code: i for i in items})
    _store_texts_of_items(documents, stored)
    _store_texts_of_sections(framework, documents, stored)
    _remove_vanished(Item.objects.filter(section__framework=framework), items)
    _remove_vanished(ShortTermChange.objects.filter(section__framework=framework), changes)
    _remove_vanished(Section.objects.filter(framework=framework), sections)


def _items(documents: Documents, sections: dict[str, Section]) -> list[Item]:
    """The items, each tied to the one it follows in the version before."""
    earlier: dict[str, Item] = {}
    if documents.follows:
        earlier = {
            item.code: item
            for item in Item.objects.filter(section__framework__version=documents.follows)
        }
        if not earlier:
            why = f"it follows {documents.follows}, which is not loaded"
            raise DocumentError(f"framework.json: {why}")
    used: set[str] = set()
    rows = []
    for section in documents.sections:
        for text in section.items:
            predecessor = _predecessor(text, earlier, used)
            item = Item(section=sections[section.fields["code"]], **text.fields)
            item.predecessor = predecessor
            item.materially_changed = _materially_changed(text, predecessor)
            rows.append(item)
    return rows


def _predecessor(text: ItemText, earlier: dict[str, Item], used: set[str]) -> Item | None:
    """By default the item of the same code; the documents may name another, or none."""
    code = text.predecessor
    if code is None or not earlier:
        return None
    if code not in earlier:
        if code == text.fields["code"]:
            return None
        raise text.node.refuse(f"there was no {code} in the version before")
    if code in used:
        raise text.node.refuse(f"{code} already has a successor")
    used.add(code)
    return earlier[code]


def _materially_changed(text: ItemText, predecessor: Item | None) -> bool:
    """A person says whether new words mean something new: comparisons over time rest on it."""
    if predecessor is None:
        return False
    if text.materially_changed is None and predecessor.wording != text.fields["wording"]:
        raise text.node.refuse("the wording is new: say whether it is “materially_changed”")
    return bool(text.materially_changed)


def _store_texts_of_items(documents: Documents, stored: _Stored) -> None:
    texts = [text for section in documents.sections for text in section.items]
    _put(
        [
            Descriptor(item=stored.items[text.fields["code"]], level=level, **descriptor)
            for text in texts
            for level, descriptor in zip(stored.levels, text.descriptors, strict=True)
        ],
        key=("item", "level"),
        file="descriptors",
    )
    links = Item.short_term_changes.through
    links.objects.filter(item__in=stored.items.values()).delete()
    links.objects.bulk_create(
        links(item=stored.items[text.fields["code"]], shorttermchange=stored.changes[code])
        for text in texts
        for code in dict.fromkeys(text.changes)
    )


def _store_texts_of_sections(framework: Framework, documents: Documents, stored: _Stored) -> None:
    mechanisms = _put(_mechanisms(documents.sections, stored), key=("section", "code"))
    examples = _put(
        [
            CaseExample(
                framework=framework, printed_in=stored.sections[text.printed_in], **text.fields
            )
            for text in documents.examples
        ],
        key=("framework", "code"),
    )
    links = CaseExample.sections.through
    links.objects.filter(caseexample__framework=framework).delete()
    links.objects.bulk_create(
        links(caseexample=example, section=stored.sections[code])
        for example, text in zip(examples, documents.examples, strict=True)
        for code in dict.fromkeys(text.sections)
    )
    definitions = _put(
        [Definition(framework=framework, **definition) for definition in documents.definitions],
        key=("framework", "slug"),
    )
    passages = _put(
        [Passage(framework=framework, **passage) for passage in documents.passages],
        key=("framework", "kind", "order"),
    )
    _remove_vanished(Mechanism.objects.filter(section__framework=framework), mechanisms)
    _remove_vanished(CaseExample.objects.filter(framework=framework), examples)
    _remove_vanished(Definition.objects.filter(framework=framework), definitions)
    _remove_vanished(Passage.objects.filter(framework=framework), passages)


def _mechanisms(sections: Iterable[SectionText], stored: _Stored) -> list[Mechanism]:
    return [
        Mechanism(section=stored.sections[text.fields["code"]], **mechanism)
        for text in sections
        for mechanism in text.mechanisms
    ]


def _put(
    rows: Sequence[Row],
    *,
    key: tuple[str, ...],
    unchecked: tuple[str, ...] = (),
    file: str = "framework.json",
) -> list[Row]:
    """Insert or update by natural key; the rows come back with their primary keys."""
    if not rows:
        return []
    model = type(rows[0])
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    relations = {f.name for f in fields if f.is_relation}
    for row in rows:
        try:
            row.clean_fields(exclude=relations | set(unchecked))
        except ValidationError as error:
            why = "; ".join(f"{name}: {' '.join(e)}" for name, e in error.message_dict.items())
            name = getattr(row, "code", row)
            raise DocumentError(f"{file}, {model._meta.verbose_name} {name}: {why}") from None
    return model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=list(key),
        update_fields=[f.name for f in fields if f.name not in key],
    )


def _remove_vanished(rows: models.QuerySet[Any], kept: Sequence[models.Model]) -> None:
    """Delete what the documents no longer hold; what something refers to stays, and is logged."""
    for row in rows.exclude(pk__in=[row.pk for row in kept]):
        try:
            with transaction.atomic():
                row.delete()
        except models.ProtectedError:
            log.warning("kept, because something refers to it: %s %s", type(row).__name__, row)
