"""The operator's list of addresses agrees with the URLconf and with the declared policy."""

import io
import json

import pytest
from django.core.management import call_command

from tests.addresses import addresses
from tests.policy import PUBLIC, policy_of

OWN = ("reporting:", "portal:", "assessments:", "commitments:")


def listed():
    out = io.StringIO()
    call_command("list_urls", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_every_address_is_listed_once_with_name_route_methods_and_policy():
    rows = listed()
    assert {tuple(row) for row in rows} == {("name", "route", "methods", "policy")}
    expected = sorted((one.route, one.name) for one in addresses())
    assert sorted((row["route"], row["name"] or row["route"]) for row in rows) == expected


def test_what_is_public_is_listed_as_public_and_nothing_else():
    by_name = {row["name"]: row["policy"] for row in listed() if row["name"].startswith(OWN)}
    public = {name for name, policy in by_name.items() if policy == "public"}
    assert public == {name for name in by_name if policy_of(name) == PUBLIC}


@pytest.mark.parametrize(
    ("name", "methods", "policy"),
    [
        ("commitments:overview", ["GET", "HEAD"], "public"),
        ("portal:account", ["GET", "HEAD"], "signed in"),
        ("portal:activity", ["GET", "HEAD"], ["READ_ACTIVITY"]),
        ("portal:extend_session", ["POST"], "signed in"),
        ("reporting:comparison", ["GET", "HEAD"], ["COMPARE"]),
        ("assessments:reply", ["GET", "HEAD", "POST"], ["ANSWER", "ASSIGN"]),
        ("admin:portal_job_changelist", ["GET", "HEAD", "POST", "OPTIONS"], ["OPERATE"]),
        ("account_reset_password", None, "public"),
    ],
)
def test_address_is_listed_with_what_its_view_takes_and_asks(name, methods, policy):
    row = next(row for row in listed() if row["name"] == name)
    assert row["policy"] == policy
    assert methods is None or row["methods"] == methods


def test_without_json_each_address_is_a_line():
    out = io.StringIO()
    call_command("list_urls", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(addresses())
    assert "/comparison/<cycle>/  GET/HEAD  COMPARE" in lines
    assert "/framework/  GET/HEAD  public" in lines
