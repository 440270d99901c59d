"""What every page is told: the links for this person, where they are, and when they leave."""

from types import SimpleNamespace

import pytest

from portal.context_processors import mark_current, navigation_for, site


def request(rf, path="/", signed_in=True):
    made = rf.get(path)
    made.user = SimpleNamespace(is_authenticated=signed_in)
    return made


def texts(items):
    return [item["text"] for item in items]


def test_signed_in_person_sees_their_links_and_is_warned_in_time(rf, settings):
    settings.SESSION_COOKIE_AGE = 1800
    context = site(request(rf))
    assert texts(context["navigation"])[:2] == ["Home", "My actions"]
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
    items = mark_current(navigation_for(SimpleNamespace()), path)
    assert {item["text"]: item["current"] for item in items if item["current"]} == current
