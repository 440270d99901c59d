from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.models import Affiliation, Organisation


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_organisations", *arguments, stdout=out)
    return out.getvalue()


def row(slug: str, **fields: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": slug.replace("-", " ").title(),
        "short_name": slug[:10].upper(),
        "kind": "trust",
        "ods_code": "",
        "gss_code": "",
        "valid_from": None,
        "valid_to": None,
        "succeeded_by": None,
        **fields,
    }


def write(folder: Path, *rows: dict[str, Any], joined: bool = True) -> str:
    link = {"system": "some-system", "member": "some-trust", "is_host": False}
    document = {
        "organisations": [row("some-system", kind="ics"), row("some-trust"), *rows],
        "affiliations": [link] if joined else [],
    }
    file = folder / "organisations.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return str(file)


def test_london_is_loaded_once(db: None) -> None:
    assert run().startswith("Added ")
    assert Organisation.objects.systems().count() == 5
    assert Organisation.objects.filter(kind="icb").count() == 5
    assert Organisation.objects.filter(kind="local_authority").count() == 33
    system = Organisation.objects.get(slug="north-east-london")
    assert system.constituents.filter(member__kind="local_authority").count() == 8
    before = (Organisation.objects.count(), Affiliation.objects.count())
    assert run() == ""
    assert (Organisation.objects.count(), Affiliation.objects.count()) == before


def test_rows_carry_their_dates(db: None, tmp_path: Path) -> None:
    dated = row("dated-trust", valid_from="2024-11-01", valid_to="2026-03-31", ods_code="RYX")
    assert run(write(tmp_path, dated)) == "Added 3 organisations and 1 affiliations.\n"
    trust = Organisation.objects.get(slug="dated-trust")
    assert (trust.valid_from, trust.valid_to) == (dt.date(2024, 11, 1), dt.date(2026, 3, 31))
    assert trust.ods_code == "RYX"
    link = Affiliation.objects.get()
    assert (link.system.slug, link.member.slug, link.is_host) == (
        "some-system",
        "some-trust",
        False,
    )


def test_what_people_edited_stays(db: None, tmp_path: Path) -> None:
    run(write(tmp_path))
    Organisation.objects.filter(slug="some-trust").update(name="Renamed", ods_code="R1")
    Organisation.objects.filter(slug="some-system").update(slug="renamed-system")
    Affiliation.objects.update(ends_on=dt.date(2026, 4, 1))
    assert run(write(tmp_path)) == ""
    assert Organisation.objects.get(slug="some-trust").name == "Renamed"
    assert Organisation.objects.get(slug="renamed-system").name == "Some System"
    assert Affiliation.objects.get().ends_on == dt.date(2026, 4, 1)


def test_absent_affiliation_is_added_to_organisations_that_are_there(
    db: None, tmp_path: Path
) -> None:
    run(write(tmp_path, joined=False))
    assert run(write(tmp_path)) == "Added 0 organisations and 1 affiliations.\n"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "hospital"}, "spoilt: {'kind'"),
        ({"name": "some trust"}, "spoilt: {'__all__'"),
        ({"succeeded_by": "some-trust"}, "spoilt: mergers are recorded in the portal, not loaded"),
    ],
)
def test_spoilt_row_is_refused_and_nothing_is_loaded(
    db: None, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run(write(tmp_path, row("spoilt", **changes)))
    assert message in str(refused.value)
    assert not Organisation.objects.exists()


def test_affiliation_with_an_unknown_organisation_is_refused(db: None, tmp_path: Path) -> None:
    file = Path(write(tmp_path))
    document = json.loads(file.read_text(encoding="utf-8"))
    document["affiliations"][0]["member"] = "nobody"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(CommandError, match="affiliation some-system, nobody: no nobody"):
        run(str(file))


@pytest.mark.parametrize(("content", "message"), [("[", "Expecting value"), ("{}", "is missing")])
def test_document_that_is_none_is_refused(
    db: None, tmp_path: Path, content: str, message: str
) -> None:
    file = tmp_path / "organisations.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=message):
        run(str(file))


def test_missing_document_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(str(tmp_path / "none.json"))
