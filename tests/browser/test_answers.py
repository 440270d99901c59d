"""One answer in Chromium: nothing typed is lost, whoever else writes and whatever goes away."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Answer, Revision, WorkingText
from tests import factories
from tests.browser.world import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASSESSMENT = "/assessments/2026/north-east-london/"
L1 = f"{ASSESSMENT}L1/"
BOX = "textarea[name=narrative]"
THEIRS, MINE = "Theirs: all trusts publish.", "Mine: two trusts publish,\nthe others do not."


@pytest.fixture
def second_lead(system):
    return factories.user_with("lead", system, name="Beatriz Lopes")


def answer():
    return Answer.objects.get(item__code="L1")


def save(page, name="Save and continue"):
    with page.expect_navigation() as sent:
        page.get_by_role("button", name=name, exact=True).click()
    return sent.value.status


# Two leads on one answer


@pytest.fixture
def clash(visit, enter, open_now, lead, second_lead, browser, live_server):
    """Two leads have the answer open; the other saves first, then the one at the page does."""
    enter(lead)
    page = visit(L1)
    other = browser.new_context()
    cookie = signed_in(second_lead).cookies["sessionid"]
    other.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    elsewhere = other.new_page()
    elsewhere.goto(f"{live_server.url}{L1}")
    for at, level, words in ((elsewhere, "3", THEIRS), (page, "1", MINE)):
        at.check(f'input[name=level][value="{level}"]')
        at.check('input[name=coverage][value="some"]')
        at.fill(BOX, words)
    assert save(elsewhere) == 200
    assert save(page) == 409
    other.close()
    return page


def test_clash_shows_both_texts_and_saves_neither_unasked(clash, findings):
    theirs = clash.get_by_role("region", name="What is saved now")
    expect(theirs).to_contain_text(THEIRS)
    expect(theirs).to_contain_text("Beatriz Lopes")
    expect(theirs).to_contain_text("Embedded")
    assert clash.input_value(BOX).strip() == MINE
    assert clash.is_checked('input[name=level][value="1"]')
    assert (answer().level, answer().narrative) == (3, THEIRS)
    assert findings("clash") == []


def test_keep_mine_saves_mine_over_theirs_and_history_has_both(clash, visit):
    save(clash, "Keep mine")
    assert (answer().level, answer().narrative) == (1, MINE)
    history = visit(f"{L1}history/").locator("main").inner_text()
    assert THEIRS in history
    assert MINE.splitlines()[0] in history


def test_keep_theirs_leaves_theirs_and_history_has_both(clash, visit):
    save(clash, "Keep theirs")
    expect(clash.get_by_text("The saved answer stays as it is.")).to_be_visible()
    assert clash.input_value(BOX).strip() == THEIRS
    assert (answer().level, answer().narrative) == (3, THEIRS)
    assert Revision.objects.filter(kind=Revision.Kind.REFUSED, narrative=MINE).exists()
    assert MINE.splitlines()[0] in visit(f"{L1}history/").locator("main").inner_text()


# Typing is kept


@pytest.fixture
def at_desk(visit, enter, open_now, lead):
    enter(lead)
    return visit(L1)


def test_typing_is_kept_and_the_page_says_when(at_desk, lead):
    at_desk.fill(BOX, "Half a thought")
    expect(at_desk.get_by_text(re.compile(r"Draft saved at \d\d:\d\d"))).to_be_visible()
    assert WorkingText.objects.get(user=lead).narrative == "Half a thought"
    assert answer().version == 0, "a draft is no answer yet"


def test_page_says_that_nothing_is_saved_while_the_server_is_gone(at_desk, lead):
    at_desk.route("**/autosave/", lambda route: route.abort("connectionrefused"))
    at_desk.fill(BOX, "Typed in a tunnel")
    expect(at_desk.get_by_role("alert").filter(has_text="Not saved")).to_be_visible()
    assert not WorkingText.objects.exists()
    at_desk.unroute("**/autosave/")
    at_desk.evaluate("window.dispatchEvent(new Event('online'))")
    expect(at_desk.get_by_text(re.compile(r"Draft saved at \d\d:\d\d"))).to_be_visible()
    assert WorkingText.objects.get(user=lead).narrative == "Typed in a tunnel"


def test_words_typed_after_the_session_ended_are_back_after_signing_in(at_desk, enter, visit, lead):
    Session.objects.all().delete()
    at_desk.check('input[name=level][value="2"]')
    words = ("What is in place. " * 160).strip()
    at_desk.fill(BOX, words)
    save(at_desk)
    assert "/accounts/login/" in at_desk.url
    assert WorkingText.objects.get(user=lead).narrative == words

    at_desk.fill("[name=login]", lead.email)
    at_desk.fill("[name=password]", factories.PASSWORD)
    save(at_desk, "Sign in")
    assert at_desk.url.endswith(L1)
    assert at_desk.input_value(BOX).strip() == words
    assert at_desk.is_checked('input[name=level][value="2"]')


def test_errors_are_sound_and_land_on_the_field(at_desk, findings):
    assert save(at_desk) == 422
    assert at_desk.title().startswith("Error: ")
    assert findings("answer errors") == []
    at_desk.get_by_role("link", name="Select how far this action has got").click()
    assert at_desk.evaluate("document.activeElement.name") == "level"


# The session


def test_session_is_extended_with_the_keyboard_alone(settings, visit, enter, open_now, lead):
    settings.SESSION_COOKIE_AGE = 123
    enter(lead)
    page = visit(L1)
    page.locator(BOX).press_sequentially("Kept")
    before = Session.objects.get().expire_date
    dialog = page.get_by_role("dialog", name="You will be signed out soon")
    expect(dialog).to_be_visible(timeout=6000)
    button = page.get_by_role("button", name="Stay signed in")
    expect(button).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').tagName") in INSIDE
    button.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(BOX)).to_be_focused()
    assert page.input_value(BOX) == "Kept"
    assert Session.objects.get().expire_date > before


INSIDE = {"DIALOG", "BODY"}  # the body stands for the browser's own bar, which Tab also reaches


def test_escape_closes_the_warning_and_leads_back_to_the_words(
    settings, visit, enter, open_now, lead
):
    settings.SESSION_COOKIE_AGE = 122
    enter(lead)
    page = visit(L1)
    page.locator(BOX).press_sequentially("Kept")
    dialog = page.get_by_role("dialog", name="You will be signed out soon")
    expect(dialog).to_be_visible(timeout=6000)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(BOX)).to_be_focused()
    assert page.input_value(BOX) == "Kept"


# Without script


@pytest.fixture
def plain(browser, live_server):
    """A browser with script switched off: signs somebody in, presses, and fills in."""
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    yield context.new_page()
    context.close()


def sign_in(page, user):
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", factories.PASSWORD)
    save(page, "Sign in")


def test_one_answer_is_saved_without_script(plain, open_now, lead):
    sign_in(plain, lead)
    plain.goto(L1)
    plain.check('input[name=level][value="2"]')
    plain.check('input[name=coverage][value="most"]')
    plain.fill(BOX, "Saved without script")
    assert save(plain) == 200
    assert plain.url.endswith(f"{ASSESSMENT}L2/")
    assert plain.get_by_text("L1 Short name L1 is saved.").is_visible()
    saved = answer()
    assert (saved.level, saved.coverage, saved.narrative) == (2, "most", "Saved without script")

    plain.get_by_role("link", name="Add new evidence").click()
    plain.get_by_label("What is it?").fill("Board minute")
    plain.get_by_label("A link to a web page").check()
    plain.get_by_label("Web address").fill("https://www.example.org/minute")
    for part, value in (("Day", "1"), ("Month", "9"), ("Year", "2026")):
        plain.get_by_label(part, exact=True).fill(value)
    save(plain, "Save and cite")
    assert plain.get_by_role("link", name="Board minute", exact=True).is_visible()


def test_main_line_is_walked_without_script(plain, open_now, lead, sponsor):
    factories.complete_assessment(open_now, by=lead, at=timezone.now(), levels=ALL_COMMITTED)
    sign_in(plain, lead)
    plain.goto(f"{ASSESSMENT}check/")
    assert save(plain, "Send for sign-off") == 200
    sign_in(plain, sponsor)
    plain.goto(f"{ASSESSMENT}sign-off/")
    plain.check("input[name=attestation]")
    assert save(plain, "Sign off") == 200
    assert plain.get_by_text("Your reference").is_visible()
    plain.goto(f"{ASSESSMENT}release/")
    save(plain, "Release now")
    open_now.refresh_from_db()
    assert open_now.snapshots.get().release.by == sponsor


ALL_COMMITTED = dict.fromkeys(("L1", "L2", "L3", "W1", "W2", "W3", "D1", "D2"), 1)
