"""Walks the URLconf, and makes each of its patterns an address that can be asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern: its name (or its route where it has none), its route, and what answers."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def parts(self) -> list[str]:
        """Names of what the route takes, in order."""
        return re.findall(r"<(\w+)>", self.route)

    @property
    def asks_sign_in(self) -> bool:
        return bool(getattr(self.view, "login_required", True))

    def path(self, values: dict[str, str]) -> str:
        return re.sub(r"<(\w+)>", lambda found: values[found[1]], self.route)


def addresses() -> list[Address]:
    """Every address of the site, however deep it is included."""
    return list(_walk(get_resolver(), (), ""))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], prefix: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            shown = _shown(route)
            name = ":".join((*namespaces, pattern.name)) if pattern.name else shown
            yield Address(name, shown, pattern.callback)
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, (*namespaces, *inner), route)


def _shown(route: str) -> str:
    """`a/<slug:b>/^(?P<c>x)/$` as `/a/<b>/<c>/`."""
    named = re.sub(r"<\w+:(\w+)>", r"<\1>", route)
    return simplify_regex(named.replace("^", ""))
