"""What people write is read on its page and nowhere else: not in mail, logs or the audit log."""

import json
import logging

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from portal.forms.fields import OneLine, TypedText
from portal.logs import formatter
from portal.models import AuditEvent, Message
from portal.nhsuk import DateField
from portal.roles import Role
from tests import factories
from tests.assessments.files import PDF
from tests.places import Where, World
from tests.security.canaries import mark, marks_in
from tests.security.matrix import ALL, is_ours
from tests.security.test_attacks import honest

pytestmark = pytest.mark.django_db
WRITERS = [Role.CONTRIBUTOR, Role.LEAD, Role.SPONSOR, Role.SECRETARY, Role.HEG, Role.ADMIN]
TYPED = (forms.CharField, TypedText, OneLine)
SAYS_WHY = {"portal:break_glass"}
"""The reason why the glass was broken is for those whose record is read then."""
FEWEST_SENT = {
    Role.CONTRIBUTOR: 15, Role.LEAD: 30, Role.SPONSOR: 30, Role.SECRETARY: 4, Role.HEG: 10,
    Role.ADMIN: 1,
}  # fmt: skip
"""Forms that were taken: with fewer the test would look at refusals only."""
NAMES = {"name", "short_name", "job_title", "email", "board_name"}
"""What somebody or something is called may stand in a mail."""


@pytest.fixture
def log():
    """What the portal's own formatter makes of every record, from the level that is kept on."""
    lines, handler = [], logging.Handler(logging.INFO)
    handler.setFormatter(formatter())
    handler.emit = lambda record: lines.append(handler.format(record))
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in ("portal", "django", "allauth"))]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.addHandler(handler)
        one.setLevel(logging.INFO)
    yield lines
    for one, level in zip(loggers, levels, strict=True):
        one.removeHandler(handler)
        one.setLevel(level)


@pytest.fixture
def world(framework, time_machine, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    time_machine.move_to(factories.AT, tick=False)
    return World(framework)


def filled_in(form):
    """What somebody sends who chooses something and types the mark into every text."""
    sent = honest(form)
    for bound in form:
        field, name = bound.field, bound.html_name
        if isinstance(field, forms.FileField):
            sent[name] = SimpleUploadedFile(f"{mark('typed')}.pdf", PDF)
        elif isinstance(field, DateField):
            day = {f"{name}_day": "1", f"{name}_month": "9", f"{name}_year": "2026"}
            sent = day | {key: value for key, value in sent.items() if key != name}
        elif isinstance(field, forms.ChoiceField) and name not in sent:
            sent[name] = next((value for value, _label in field.choices if value), "")
        elif isinstance(field, forms.BooleanField):
            sent[name] = "on"
        elif type(field) in TYPED and bound.name not in NAMES:
            sent[name] = mark("typed")
    return sent


def wherever_it_went():
    """Mails and the details of audit events: what is written beside the thing itself."""
    for message in Message.objects.all():
        yield f"mail: {message.subject}", f"{message.subject}\n{message.body}"
    for event in AuditEvent.objects.all():
        yield f"audit: {event.verb}", json.dumps(event.detail)


def read_elsewhere(client, path, log):
    """How a filled-in form was answered, and where its words can be read beside its page."""
    page = client.get(path)
    if page.streaming:
        assert b"".join(page)
    form = (page.context or {}).get("form")
    if form is None:
        return 0, set()
    log.clear()
    with transaction.atomic():
        status = client.post(path, filled_in(form)).status_code
        found = {where for where, words in wherever_it_went() if marks_in(words.encode())}
        transaction.set_rollback(True)
    if any(marks_in(line.encode()) or "@example.org" in line for line in log):
        found.add("logs")
    return status, found


@pytest.mark.parametrize("role", WRITERS)
def test_what_is_typed_into_a_form_is_in_no_mail_log_or_audit_detail(role, world, log):
    client = Client(raise_request_exception=False)
    client.force_login(world.people[role])
    statuses, wrong = [], {}
    for address in ALL:
        if not is_ours(address.name) or address.name in SAYS_WHY:
            continue
        for where in (Where.OWN_DRAFT, Where.OWN_RELEASED):
            status, found = read_elsewhere(client, world.places[where].path(address), log)
            statuses.append(status)
            if found:
                wrong[address.name] = found
    assert wrong == {}
    assert statuses.count(302) >= FEWEST_SENT[role]
    assert not [status for status in statuses if status >= 500]


def test_error_and_what_led_to_it_are_logged_without_their_words(log):
    words = mark("typed")
    try:
        try:
            raise ValueError(words)
        except ValueError as error:
            raise RuntimeError(f"{words} again") from error
    except RuntimeError:
        logging.getLogger("portal").exception("it_broke", extra={"request_id": "x"})
    assert any("it_broke" in line and "RuntimeError" in line for line in log)
    assert not marks_in("".join(log).encode())
