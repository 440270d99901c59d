"""What somebody sends who means harm: formulas, line breaks in headers, forged fields and hosts."""

import csv
import io
import logging
import re

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from portal.models import AuditEvent, Message, Organisation
from portal.roles import Role
from portal.services import operations
from portal.text import plain
from tests import factories
from tests.places import Where, World
from tests.security.matrix import ALL, is_ours

pytestmark = pytest.mark.django_db

TRIGGERS = ("=", "+", "-", "@", "|", "\t", "\r")
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "http:///evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    " https://evil.example/",
    "\thttps://evil.example/",
    "https://evil.example/\r\nSet-Cookie: a=b",
)


@pytest.fixture
def world(framework, time_machine, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    time_machine.move_to(factories.AT, tick=False)
    cache.clear()
    logging.disable(logging.CRITICAL)
    yield World(framework)
    logging.disable(logging.NOTSET)


# Formulas


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_no_cell_of_a_file_is_taken_for_a_formula(client, world, trigger):
    call = f"{trigger}HYPERLINK(1)"
    Organisation.objects.filter(pk=world.own.pk).update(name=call, short_name=call)
    world.people[Role.LEAD].name = call
    world.people[Role.LEAD].save()
    cycle = world.places[Where.OWN_RELEASED].rows["ask"].assessment.cycle
    type(cycle).objects.filter(pk=cycle.pk).update(name=call)
    files = {
        Role.HEG: "/comparison/2024.csv",
        Role.LEAD: f"/organisations/{world.own.slug}/activity.csv",
    }
    seen = 0
    for role, path in files.items():
        client.force_login(world.people[role])
        text = client.get(path, follow=True).content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert [cell for cell in cells if cell.startswith(TRIGGERS)] == []
        seen += sum("HYPERLINK" in cell for cell in cells)
    assert seen


def test_text_that_begins_with_a_trigger_keeps_its_words():
    assert [plain(f"{one}1") for one in TRIGGERS] == [f"'{one}1" for one in TRIGGERS]
    assert plain("1=1") == "1=1"


# Line breaks


def test_line_breaks_in_names_and_addresses_reach_no_header(client, world):
    client.force_login(world.people[Role.LEAD])
    place = f"/organisations/{world.own.slug}/people/invite/"
    name = "Eve\r\nBcc: all@evil.example"
    client.post("/account/details/", {"name": name, "job_title": name})
    before = Message.objects.count()
    refused = client.post(
        place, {"email": "a@example.org\r\nBcc: b@evil.example", "name": name, "role": "board"}
    )
    assert (refused.status_code, Message.objects.count()) == (200, before)
    client.post(place, {"email": "a@example.org", "name": name, "role": "board"})
    message = Message.objects.get(to="a@example.org")
    assert "\n" not in message.subject
    operations.send_messages(at=factories.AT)
    for sent in mail.outbox:
        assert "evil.example" not in str(sent.message().items())


def test_line_breaks_in_a_file_name_reach_no_header(client, world):
    evidence = world.places[Where.OWN_DRAFT].rows["evidence"]
    evidence.file_name = 'a"\r\nX-Evil: 1\r\n\r\n<script>.pdf'
    evidence.save()
    client.force_login(world.people[Role.LEAD])
    response = client.get(f"{evidence.get_absolute_url()}file/")
    assert b"".join(response)
    assert "X-Evil" not in response.headers
    assert not re.search(r"[\r\n]", response.headers["Content-Disposition"])
    assert response.headers["Content-Disposition"].startswith("attachment")


# Addresses that are somebody else's


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_is_sent_to_another_site(client, world, place):
    lead = world.people[Role.LEAD]
    landed = client.post(
        "/accounts/login/", {"login": lead.email, "password": factories.PASSWORD, "next": place}
    )
    assert landed.status_code == 302
    assert is_ours_to_go(landed["Location"])
    for path in ("/accounts/login/", "/accounts/reauthenticate/", "/admin/login/"):
        shown = client.get(path, {"next": place})
        assert is_ours_to_go(shown.headers.get("Location", "/"))
    sent = {"password": factories.PASSWORD, "next": place}
    assert is_ours_to_go(client.post("/accounts/reauthenticate/", sent)["Location"])
    assert is_ours_to_go(client.post("/accounts/logout/", {"next": place})["Location"])


def is_ours_to_go(location):
    return bool(re.match(r"/(?![/\\])", location)) and not re.search(r"[\r\n]", location)


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "testserver@evil.example"}, {"Host": "testserver:x"}],
)
def test_other_hosts_are_not_answered(client, db, headers):
    assert client.get("/", headers=headers).status_code == 400


def test_forged_host_reaches_no_mail_and_no_link(client, world, settings):
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    email = world.people[Role.LEAD].email
    client.post("/accounts/password/reset/", {"email": email}, headers=headers)
    client.force_login(world.people[Role.LEAD])
    client.post(
        f"/organisations/{world.own.slug}/people/invite/",
        {"email": "b@example.org", "name": "B", "role": "board"},
        headers=headers,
    )
    bodies = list(Message.objects.values_list("body", flat=True))
    assert any("/password/reset/key/" in body for body in bodies)
    assert not [body for body in bodies if "evil.example" in body]


# Fields that no form has

FORGED = sorted(
    {name for model in apps.get_models() for field in model._meta.fields
     for name in (field.name, field.attname)} | {"pk", "organisation_slug", "by", "at", "roles"}
)  # fmt: skip
RANDOM = {"key", "token_hash", "digest", "previous_digest", "dedupe_key", "body", "session_data"}
OURS = [
    model
    for app in ("portal", "commitments", "assessments", "reporting")
    for model in apps.get_app_config(app).get_models()
]


def everything():
    """Every row of ours, without what is drawn by lot."""
    return {
        model.__name__: sorted(
            map(repr, model._base_manager.values_list(*[
                one.attname for one in model._meta.fields if one.attname not in RANDOM
            ]))
        )
        for model in OURS
    }  # fmt: skip


def after(client, path, sent):
    """What a form leaves behind; then it is as if it had not been sent."""
    with transaction.atomic():
        status = client.post(path, sent).status_code
        left = everything()
        transaction.set_rollback(True)
    return status, left


def honest(form):
    """What somebody sends who changes nothing of what the page shows."""
    words = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in words.items() if value not in (None, "")}


@pytest.mark.parametrize("role", [Role.LEAD, Role.SPONSOR, Role.SECRETARY, Role.HEG, Role.ADMIN])
def test_fields_that_a_form_does_not_have_change_nothing(world, role):
    client = Client(raise_request_exception=False)
    client.force_login(world.people[role])
    tried, wrong = 0, {}
    for address in ALL:
        if not is_ours(address.name):
            continue
        path = world.places[Where.OWN_DRAFT].path(address)
        page = client.get(path)
        if page.streaming:
            assert b"".join(page)
        form = (page.context or {}).get("form") if page.status_code == 200 else None
        if form is None:
            continue
        sent = honest(form)
        names = set(FORGED) - {bound.html_name for bound in form} - {"action", "from"}
        forged = dict.fromkeys(names, "1") | sent
        tried += 1
        if after(client, path, sent) != after(client, path, forged):
            wrong[address.name] = path
    assert wrong == {}
    assert tried


def test_forged_details_give_no_rights(client, world):
    person = world.people[Role.BOARD]
    client.force_login(person)
    forged = {"is_staff": "on", "is_superuser": "on", "email": "x@evil.example", "role": "heg"}
    client.post("/account/details/", {"name": "Bea", "job_title": "", **forged})
    before = person.email, person.password
    person.refresh_from_db()
    assert (person.name, person.is_staff, person.is_superuser) == ("Bea", False, False)
    assert (person.email, person.password) == before
    assert AuditEvent.objects.filter(actor=person.email, verb="change-details").count() == 1
