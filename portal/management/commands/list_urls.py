"""Every address of the site: its name, route and methods, and what its code asks of people."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

ANY = ["GET", "HEAD", "POST", "OPTIONS"]
"""Methods of a view that names none."""

OTHERWISE = {"portal:metrics": "the token in METRICS_TOKEN"}
"""What opens an address other than signing in."""


class Command(BaseCommand):
    help = (
        "List every address: name, route, methods, and its policy: public, signed in, or the "
        "permissions that its code asks about."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON array")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = sorted(addresses(), key=lambda row: (row["route"], row["name"]))
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1))
            return
        for row in rows:
            policy = row["policy"] if isinstance(row["policy"], str) else ", ".join(row["policy"])
            self.stdout.write(f"{row['route']}  {'/'.join(row['methods'])}  {policy}")


def addresses() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "route": route,
            "methods": methods_of(view),
            "policy": policy_of(name, view),
        }
        for name, route, view in _walk(get_resolver(), (), "")
    ]


def _walk(
    resolver: URLResolver, namespaces: tuple[str, ...], prefix: str
) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            shown = simplify_regex(re.sub(r"<\w+:(\w+)>", r"<\1>", route).replace("^", ""))
            name = ":".join((*namespaces, pattern.name)) if pattern.name else ""
            yield name, shown, pattern.callback
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, (*namespaces, *inner), route)


def methods_of(view: Callable[..., Any]) -> list[str]:
    """What `require_http_methods` lets through, or what a class has a method for."""
    of_class = getattr(view, "view_class", None)
    if of_class is not None:
        return [m.upper() for m in of_class.http_method_names if hasattr(of_class, m)]
    at: Any = view
    while at is not None:
        code = getattr(at, "__code__", None)
        if code is not None and "request_method_list" in code.co_freevars:
            place = code.co_freevars.index("request_method_list")
            return list(at.__closure__[place].cell_contents)
        at = getattr(at, "__wrapped__", None)
    return list(ANY)


def policy_of(name: str, view: Callable[..., Any]) -> str | list[str]:
    """Public, signed in, or the names of the permissions that the view's own code asks about."""
    if name.startswith("admin:") and name not in ("admin:login", "admin:logout"):
        return ["OPERATE"]
    if name in OTHERWISE:
        return OTHERWISE[name]
    asked = sorted(_permissions(inspect.unwrap(view), set()))
    if asked:
        return asked
    return "signed in" if getattr(view, "login_required", True) else "public"


def _permissions(thing: Any, seen: set[int]) -> set[str]:
    """In the function, and in the functions and constants of our views that it names."""
    if id(thing) in seen or ".views" not in getattr(thing, "__module__", ""):
        return set()
    seen.add(id(thing))
    source = inspect.getsource(thing)
    found = set(re.findall(r"\bPermission\.([A-Z_]+)", source))
    module = sys.modules[thing.__module__]
    for word in set(re.findall(r"\b[A-Za-z_]\w*", source)):
        named = getattr(module, word, None)
        if isinstance(named, FunctionType):
            found |= _permissions(named, seen)
        elif word.isupper() and isinstance(named, dict):
            found |= {one.permission.name for one in named.values() if hasattr(one, "permission")}
    return found
