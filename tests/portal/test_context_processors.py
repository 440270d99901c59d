"""What every page is told: the links for this person, where they are, and when they leave."""

from types import SimpleNamespace

import pytest

from portal.context_processors import mark_current, navigation_for, site
from portal.roles import Role


def person(*roles):
    return SimpleNamespace(is_authenticated=True, holds=lambda *wanted: bool({*wanted} & {*roles}))


def request(rf, path="/", signed_in=True):
    made = rf.get(path)
    made.user = person(Role.LEAD) if signed_in else SimpleNamespace(is_authenticated=False)
    return made


def texts(items):
    return [item["text"] for item in items]


def test_signed_in_person_sees_their_links_and_is_warned_in_time(rf, settings):
    settings.SESSION_COOKIE_AGE = 1800
    context = site(request(rf))
    assert texts(context["navigation"])[:3] == ["Home", "Assessments", "My actions"]
    assert context["session_seconds"] == 1800
    assert context["session_minutes"] == 30
    assert context["session_extend_url"] == "/session/extend/"


def test_visitor_sees_the_framework_only_and_no_warning(rf):
    context = site(request(rf, signed_in=False))
    assert texts(context["navigation"]) == ["Framework", "Help"]
    assert context["session_seconds"] == 0


def test_request_without_user_is_a_visitor(rf):
    assert site(rf.get("/"))["session_seconds"] == 0


@pytest.mark.parametrize("demo", [True, False])
def test_demonstration_is_named(rf, settings, demo):
    settings.DEMO = demo
    assert site(request(rf))["demo"] is demo


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", {"Home": "page"}),
        ("/framework/", {"Framework": "page"}),
        ("/framework/l1/", {"Framework": "true"}),
        ("/elsewhere/", {}),
    ],
)
def test_current_link_is_marked(path, current):
    items = mark_current(navigation_for(person()), path)
    assert {item["text"]: item["current"] for item in items if item["current"]} == current


@pytest.mark.parametrize(
    ("role", "links"),
    [
        (Role.CONTRIBUTOR, ["My actions", "Reports"]),
        (Role.LEAD, ["Assessments", "My actions", "Reports", "Organisations"]),
        (Role.BOARD, ["Reports"]),
        (Role.COMMUNITY, ["Reports"]),
        (Role.HEG, ["Cycles", "Comparison", "Reports", "Organisations"]),
        (Role.ADMIN, ["Organisations"]),
    ],
)
def test_each_role_sees_the_links_it_uses(role, links):
    assert texts(navigation_for(person(role))) == ["Home", *links, "Framework", "Help"]
