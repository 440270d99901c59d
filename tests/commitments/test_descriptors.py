"""The level descriptors: long enough to choose by, short enough to read, no template filler."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from itertools import chain
from typing import Any

import pytest

from tests.commitments.conftest import FOLDER

ALIKE = 0.8
"""From here on two texts count as one sentence with words swapped."""

ITEMS = dict(
    chain.from_iterable(
        json.loads(path.read_text(encoding="utf-8")).items()
        for path in sorted((FOLDER / "descriptors").glob("*.json"))
    )
)


def count(text: str) -> int:
    return len(text.split())


def alike(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Pairs of texts that say the same in the same words.

    Letters of English sentences resemble each other anyhow, so only pairs that share words are
    compared letter by letter.
    """
    found = []
    names = list(texts)
    words = {name: re.findall(r"[\w'’-]+", text.lower()) for name, text in texts.items()}
    for place, name in enumerate(names):
        by_word = SequenceMatcher(None, b=words[name], autojunk=False)
        by_letter = SequenceMatcher(None, b=texts[name], autojunk=False)
        for other in names[:place]:
            by_word.set_seq1(words[other])
            if by_word.real_quick_ratio() < 0.5 or by_word.quick_ratio() < 0.5:
                continue
            by_letter.set_seq1(texts[other])
            if by_word.ratio() >= ALIKE or by_letter.ratio() >= ALIKE:
                found.append((other, name))
    return found


def texts(key: str) -> dict[str, str]:
    return {
        f"{code} level {number}": level[key]
        for code, item in ITEMS.items()
        for number, level in enumerate(item["levels"])
    }


def without_words_of_the_item(key: str) -> dict[str, str]:
    """The same texts without the words that only say which item it is."""
    reduced = {}
    for name, text in texts(key).items():
        item = ITEMS[name.split()[0]]
        own = set(re.findall(r"\w{4,}", f"{item['short_name']} {item['plain']}".lower()))
        kept = [word for word in text.split() if word.lower().strip(".,;:") not in own]
        reduced[name] = " ".join(kept)
    return reduced


def test_there_are_38_items_and_190_descriptors() -> None:
    assert len(ITEMS) == 38
    assert len(texts("means")) == len(texts("evidence")) == 190


@pytest.mark.parametrize("key", ["means", "evidence"])
def test_no_two_descriptors_are_alike(key: str) -> None:
    assert alike(texts(key)) == []
    assert alike(without_words_of_the_item(key)) == []


def test_filler_would_be_noticed() -> None:
    sentence = texts("means")["L1 level 2"]
    swapped = sentence.replace("statements", "pay reports")
    assert swapped != sentence
    assert alike({"one": sentence, "other": swapped}) == [("one", "other")]


@pytest.mark.parametrize(("key", "longest"), [("means", 45), ("evidence", 35)])
def test_descriptors_keep_to_their_words(key: str, longest: int) -> None:
    too_long = {name: count(text) for name, text in texts(key).items() if count(text) > longest}
    assert too_long == {}
    assert min(count(text) for text in texts(key).values()) > 5


def test_short_names_fit_a_row_of_the_matrix() -> None:
    names = [item["short_name"] for item in ITEMS.values()]
    assert max(map(len, names)) <= 45
    assert len(set(names)) == 38


def test_descriptors_use_neither_dashes_nor_words_of_inspection() -> None:
    own: list[Any] = [item[key] for item in ITEMS.values() for key in ("short_name", "plain")]
    whole = " ".join(chain(own, texts("means").values(), texts("evidence").values()))
    assert "—" not in whole
    assert not re.search(r"\b(complian|breach|league|KPI|BAME|score)", whole, re.IGNORECASE)


def test_every_action_leans_on_considerations_and_every_consideration_is_leant_on():
    codes = {code for code in ITEMS if code[0] in "DGP"}
    leans = {code: item.get("leans_on", []) for code, item in ITEMS.items()}
    assert {code for code, on in leans.items() if not on} == codes
    assert set(chain.from_iterable(leans.values())) == codes
