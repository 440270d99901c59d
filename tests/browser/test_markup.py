"""Sixty ways to write markup, in every field that people type, on every page that shows it.

The pages are shown in Chromium without their content security policy, which would stop a script
even where a page let one in: escaping has to hold by itself.
"""

import logging
from itertools import count, cycle

import pytest
from django.db.models import JSONField
from django.test import Client

from tests import factories
from tests.places import ROLES, Where, World
from tests.security import canaries
from tests.security.matrix import ALL, is_ours

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

CALL = "xss(1)"
NO_PAGES = {"portal:healthz", "portal:ready", "assessments:evidence_file"}
"""Health shows nothing typed, and answers in a loop that the browser's driver does not bear."""
IN_TEXT = (
    "<script>{}</script>", "<ScRiPt>{}</sCrIpT>", "<script >{}</script >", "<script/x>{}</script>",
    "<<script>{}//<</script>", "<img src=x onerror={}>", "<img/src/onerror={}>",
    '<img src="x" onerror="{}">', "<img src=x:x onerror\n={}>", "<svg onload={}>",
    "<svg/onload={}>", "<svg><script>{}</script></svg>", "<svg><animate onbegin={} dur=1s>",
    "<svg><a xlink:href=javascript:{}><text>x</text></a></svg>",
    "<math><mi xlink:href=javascript:{}>",
    "<body onload={}>", "<body onpageshow={}>", "<iframe src=javascript:{}>",
    "<iframe srcdoc='<script>parent.{}</script>'>", "<object data=javascript:{}>",
    "<embed src=javascript:{}>", "<details open ontoggle={}>", "<video><source onerror={}>",
    "<video src=x onerror={}>", "<audio src=x onerror={}>", "<input autofocus onfocus={}>",
    "<select autofocus onfocus={}>", "<textarea autofocus onfocus={}>", "<marquee onstart={}>",
    "<a href=javascript:{}>x</a>", "<a href='java&#115;cript:{}'>x</a>",
    "<a href=' javascript:{}'>x</a>", "<form action=javascript:{}><button>x", "<base href=//evil/>",
    "<link rel=stylesheet href=//evil/x.css>", "<style>@import '//evil/x.css';</style>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>", "<isindex action=javascript:{}>",
    "<template><script>{}</script></template>", "<noscript><img src=x onerror={}></noscript>",
)  # fmt: skip
OUT_OF_PLACE = (
    "'><img src=x onerror={}>", '"><img src=x onerror={}>', '" onmouseover="{}', "' onfocus='{}",
    '" autofocus onfocus="{}', "` onmouseover=`{}", "</title><script>{}</script>",
    "</textarea><script>{}</script>", "</script><script>{}</script>", "</style><script>{}</script>",
    "--><script>{}</script>", "]]><script>{}</script>", "</bdi></span><img src=x onerror={}>",
    "javascript:{}", "data:text/html,<script>{}</script>", "{{{{{}}}}}", "${{{}}}", "';{};'",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e", "&lt;script&gt;{}&lt;/script&gt;",
    "%3Cscript%3E{}%3C/script%3E", "\u2028<script>{}</script>", "＜script＞{}＜/script＞",
)  # fmt: skip
TEXTS = [one.format(CALL) for one in IN_TEXT + OUT_OF_PLACE]

LOOK = """() => {
  const found = [];
  for (const one of document.querySelectorAll('*')) {
    for (const {name, value} of one.attributes) {
      if (name.startsWith('on') || /^\\s*(javascript|vbscript):/i.test(value)) {
        found.push(one.tagName + ' ' + name + '=' + value.slice(0, 80));
      }
    }
  }
  const strange = 'iframe,object,embed,base,marquee,video,audio,math,animate,isindex,template';
  for (const one of document.querySelectorAll(strange)) found.push(one.outerHTML.slice(0, 80));
  if (window.called) found.push('called ' + window.called);
  return found;
}"""


@pytest.fixture
def world(framework, time_machine, settings, tmp_path, monkeypatch):
    """Everything that people type is one of the texts, each field in turn; long fields hold all."""
    settings.MEDIA_ROOT = tmp_path
    time_machine.move_to(factories.AT, tick=False)
    logging.disable(logging.CRITICAL)
    turn = cycle(TEXTS)

    def word(field, row, _where):
        if isinstance(field, JSONField):
            return [next(turn)[:150] for _message in range(3)]
        if field.name == "url":
            return f"https://example.org/?{next(turn)}".replace(" ", "%20")
        if field.name == "unit":
            return next(turn)[: field.max_length]
        if field.max_length is None:
            return "\n".join(TEXTS)
        return f"{row.pk} {next(turn)}"[: field.max_length]

    monkeypatch.setattr(canaries, "_word", word)
    world = World(framework)
    for number, person in enumerate({*world.people.values(), *world.strangers.values()}):
        person.name, person.job_title = TEXTS[number], TEXTS[-number]
        person.save()
    for number, one in enumerate((world.own, world.foreign)):
        one.name, one.short_name = f"{number} {TEXTS[number]}", TEXTS[number + 5][:40]
        one.save()
    yield world
    logging.disable(logging.NOTSET)


def pages(world):
    """Pages of ours as everybody who may read them."""
    seen = set()
    places = [Where.OWN_DRAFT, Where.OWN_SIGNED, Where.OWN_RELEASED, Where.FOREIGN_RELEASED]
    for role in (role for role in ROLES if role in world.people):
        client = Client()
        client.force_login(world.people[role])
        for address in filter(lambda one: is_ours(one.name) and one.name not in NO_PAGES, ALL):
            for where in places:
                path = world.places[where].path(address)
                if (role, path) in seen or address.name.startswith("commitments:"):
                    continue
                seen.add((role, path))
                response = client.get(path)
                if response.status_code == 200 and "html" in response.headers["Content-Type"]:
                    yield f"{role} {address.name} {where}", response.text


def test_typed_markup_is_text_on_every_page(world, page):
    numbers, wrong, shown = count(1), {}, {}
    page.on("dialog", lambda dialog: (wrong.setdefault("dialog", dialog.message), dialog.dismiss()))
    page.add_init_script("window.xss = () => { window.called = (window.called || 0) + 1; }")
    bodies = {}
    page.route(
        "**/*",
        lambda route: route.fulfill(
            body=bodies.get(route.request.url, ""), content_type="text/html; charset=utf-8"
        ),
    )
    for name, text in pages(world):
        if text in shown or CALL not in text:
            continue
        shown[text] = name
        url = f"http://portal.test/{next(numbers)}"
        bodies[url] = text
        page.goto(url, wait_until="load")
        if found := page.evaluate(LOOK):
            wrong[name] = found
    assert wrong == {}
    assert len(shown) >= 60


def test_there_are_sixty_texts_and_the_browser_would_run_them(page):
    """So that the test above does not pass because nothing could be called."""
    assert len(set(TEXTS)) >= 60
    page.add_init_script("window.xss = () => { window.called = (window.called || 0) + 1; }")
    page.route("**/*", lambda route: route.fulfill(body=TEXTS[0], content_type="text/html"))
    page.goto("http://portal.test/")
    assert page.evaluate(LOOK) == ["called 1"]
