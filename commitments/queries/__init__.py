"""What the pages of the framework need, each in a constant number of queries."""

from commitments.queries.pages import (
    ItemPage,
    LevelMeaning,
    Overview,
    SectionPage,
    case_examples,
    defined_terms,
    definitions,
    find_framework,
    item_page,
    levels,
    overview,
    passages,
    section_page,
    versions,
)
from commitments.queries.search import SearchResult, search
from commitments.queries.texts import Text

__all__ = [
    "ItemPage",
    "LevelMeaning",
    "Overview",
    "SearchResult",
    "SectionPage",
    "Text",
    "case_examples",
    "defined_terms",
    "definitions",
    "find_framework",
    "item_page",
    "levels",
    "overview",
    "passages",
    "search",
    "section_page",
    "versions",
]
