"""Every component and field in a browser: script runs, nothing errs, axe finds nothing of ours."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import kitchen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.browser.urls"),
    pytest.mark.django_db(transaction=True),
]


def sideways(page):
    width = "document.documentElement.{}Width"
    return page.evaluate(f"{width.format('scroll')} - {width.format('client')}")


@pytest.mark.parametrize("path", ["/kitchen/", "/kitchen/?saved", "/kitchen/?seconds=3600"])
def test_every_component_is_accessible(visit, violations, shots, size, path):
    page = visit(path, size=size)
    assert violations(page) == []
    assert sideways(page) == 0
    name = re.sub(r"\W+", "-", path).strip("-")
    page.screenshot(path=shots / f"{name}-{size}.png", full_page=True)


def test_errors_are_summed_up_and_lead_to_the_field(visit, violations, shots, size):
    page = visit("/kitchen/", size=size)
    page.get_by_label("Day").fill("31")
    page.get_by_role("textbox", name="What is in place?").fill("word " * 151)
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_title(re.compile("^Error: Every component"))
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    assert violations(page) == []
    page.screenshot(path=shots / f"errors-{size}.png", full_page=True)
    summary = page.locator(".nhsuk-error-summary__list a")
    beside = page.locator("form .nhsuk-error-message:not(.nhsuk-character-count__status)")
    words = [text.removeprefix("Error: ").strip() for text in beside.all_inner_texts()]
    assert [text.strip() for text in summary.all_inner_texts()] == words
    page.get_by_role("link", name="Due date must include a month and year").click()
    expect(page.get_by_label("Month")).to_be_focused()
    page.get_by_role("link", name="Select a level").click()
    expect(page.get_by_label("Not started", exact=True)).to_be_focused()


def test_choice_reveals_its_field(visit):
    page = visit("/kitchen/")
    reveal = page.get_by_label("Why is it not started?")
    expect(reveal).to_be_hidden()
    page.get_by_label("Not started", exact=True).check()
    expect(reveal).to_be_visible()


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("What is in place?", "two  words\n", "You have 148 words remaining"),
        ("What is in place?", "don’t well-being 3.5", "You have 147 words remaining"),
        ("Summary", "a\nb" + "é" * 160, "You have 37 characters remaining"),
        ("Summary", "🧑🏿" + "x" * 200, "You have 2 characters too many"),
    ],
)
def test_counter_counts_as_the_server_does(visit, name, typed, message):
    page = visit("/kitchen/")
    box = page.get_by_role("textbox", name=name)
    box.fill(typed)
    field = kitchen.KitchenForm().fields["narrative" if "place" in name else "summary"]
    (limit,) = [v for v in field.validators if hasattr(v, "count_type")]
    remaining = limit.limit - limit.count(typed.replace("\n", "\r\n"))
    assert str(abs(remaining)) in message
    group = page.locator(".nhsuk-character-count", has=box)
    expect(group.locator(".nhsuk-character-count__status")).to_have_text(message)


def test_draft_is_saved_while_typing(visit):
    page = visit("/kitchen/")
    del kitchen.RECEIVED[:]
    page.get_by_role("textbox", name="What is in place?").fill("A statement is public")
    status = page.locator("[data-autosave-status]")
    expect(status).to_have_text("Draft saved at 10:32")
    assert status.get_attribute("role") is None
    page.get_by_role("textbox", name="What is in place?").fill("A statement is public, and read")
    page.wait_for_timeout(2500)
    first, second = kitchen.RECEIVED
    assert second["narrative"] == "A statement is public, and read"
    assert int(second["sequence"]) > int(first["sequence"]) > 1_700_000_000_000


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("unplug", "Not saved – check your connection. Your words are still on this page."),
        ("locked", "This answer was sent for sign-off."),
    ],
)
def test_failed_draft_is_announced(visit, typed, words):
    page = visit("/kitchen/")
    page.get_by_role("textbox", name="What is in place?").fill(typed)
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    page.get_by_role("textbox", name="What is in place?").fill("well again")
    expect(page.locator("[data-autosave-status]")).to_have_text("Draft saved at 10:32")


def test_leaving_with_unsaved_words_asks_first(visit):
    page = visit("/kitchen/")
    page.get_by_role("textbox", name="What is in place?").press_sequentially("unplug")
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"


def test_session_warning_extends_and_keeps_the_words(visit, violations, shots, size):
    page = visit("/kitchen/?seconds=122", size=size)
    del kitchen.EXTENDED[:]
    page.get_by_role("textbox", name="What is in place?").fill("Kept")
    dialog = page.get_by_role("dialog", name="You will be signed out soon")
    expect(dialog).to_be_visible(timeout=6000)
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert violations(page) == []
    page.screenshot(path=shots / f"session-{size}.png")
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    assert kitchen.EXTENDED == ["POST"]
    expect(page.get_by_role("textbox", name="What is in place?")).to_have_value("Kept")


def test_session_end_says_so_and_keeps_the_words(visit):
    page = visit("/kitchen/?seconds=4")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="What is in place?").fill("Kept")
    expect(page.get_by_role("dialog", name="You have been signed out")).to_be_visible(timeout=6000)
    expect(page.get_by_role("link", name="Sign in again in a new tab")).to_be_visible()
    page.get_by_role("button", name="Back to the page").click()
    expect(page.get_by_role("textbox", name="What is in place?")).to_have_value("Kept")


def test_sign_in_in_another_tab_closes_the_dialog_and_renews_tokens(visit, context, live_server):
    page = visit("/kitchen/?seconds=2")
    expect(page.get_by_role("dialog", name="You have been signed out")).to_be_visible(timeout=6000)
    fields = "document.querySelectorAll('[name=csrfmiddlewaretoken]')"
    page.evaluate(f"for (const field of {fields}) field.value = 'old'")
    other = context.new_page()
    other.goto(f"{live_server.url}/kitchen/?seconds=3600")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("input[name=csrfmiddlewaretoken]").first).not_to_have_value("old")
