"""script/manage load_organisations: add the organisations the portal starts with."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.models import Affiliation, Organisation

FIELDS = ("slug", "name", "short_name", "kind", "ods_code", "gss_code")


class Command(BaseCommand):
    help = (
        "Adds organisations, and the systems they belong to, where they are absent. People edit "
        "them in the portal, so what is there is never changed. Says nothing when all are there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        default = settings.BASE_DIR / "fixtures" / "organisations.json"
        parser.add_argument("file", nargs="?", type=Path, default=default)

    @transaction.atomic
    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            rows, links = document["organisations"], document["affiliations"]
        except (OSError, ValueError) as error:
            raise CommandError(f"{file.name}: {error}") from None
        except KeyError as error:
            raise CommandError(f"{file.name}: {error} is missing") from None
        count = _add_organisations(rows)
        known = _known()
        by_slug = {
            row["slug"]: known.get(row["slug"]) or known[row["name"].lower()] for row in rows
        }
        joined = _add_affiliations(links, by_slug)
        if count or joined:
            self.stdout.write(f"Added {count} organisations and {joined} affiliations.")


def _known() -> dict[str, Organisation]:
    """Organisations by slug and by name: whose slug was edited is not absent."""
    rows = list(Organisation.objects.all())
    return {row.name.lower(): row for row in rows} | {row.slug: row for row in rows}


def _add_organisations(rows: list[dict[str, Any]]) -> int:
    known = _known()
    absent = [row for row in rows if row["slug"] not in known and row["name"].lower() not in known]
    for row in absent:
        organisation = Organisation(
            **{field: row[field] for field in FIELDS},
            valid_from=_date(row["valid_from"]),
            valid_to=_date(row["valid_to"]),
        )
        if row["succeeded_by"]:
            raise CommandError(f"{row['slug']}: mergers are recorded in the portal, not loaded")
        try:
            organisation.full_clean()
        except ValidationError as error:
            raise CommandError(f"{row['slug']}: {error.message_dict}") from None
        organisation.save()
    return len(absent)


def _add_affiliations(links: list[dict[str, Any]], by_slug: dict[str, Organisation]) -> int:
    """Those that are absent; one that people ended is there, and stays ended."""
    known = set(Affiliation.objects.values_list("system_id", "member_id"))
    rows = []
    for link in links:
        for slug in (link["system"], link["member"]):
            if slug not in by_slug:
                raise CommandError(f"affiliation {link['system']}, {link['member']}: no {slug}")
        system, member = by_slug[link["system"]], by_slug[link["member"]]
        if (system.pk, member.pk) not in known:
            starts_on = member.valid_from
            rows.append(
                Affiliation(
                    system=system, member=member, is_host=link["is_host"], starts_on=starts_on
                )
            )
    Affiliation.objects.bulk_create(rows)
    return len(rows)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
