"""Logs: one JSON object a line, with nothing in it that must not be read."""

import json
import logging
import sys

import pytest
import structlog
from django.test import RequestFactory

from portal import logs


@pytest.fixture
def written(capsys):
    """Writes one record through the formatter and reads the line back."""
    form = logs.formatter()

    def write(message, *args, exc_info=None, **extra):
        record = logging.getLogger("tests").makeRecord(
            "tests", logging.INFO, "file.py", 1, message, args, exc_info, extra=extra
        )
        return json.loads(form.format(record))

    yield write
    structlog.reset_defaults()


def test_line_is_one_json_object_with_time_and_level(written):
    line = written("saved %s", "L1", job=7)
    assert line["event"] == "saved L1"
    assert (line["level"], line["logger"], line["job"]) == ("info", "tests", 7)
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Not Found: /invitations/Abc-9_x/", "Not Found: /invitations/…/"),
        ("GET /accounts/password/reset/key/3-abc-def/", "GET /accounts/password/reset/key/…/"),
        ("GET /framework/?q=racism+at+work done", "GET /framework/?… done"),
        ("sign-in of a.b+c@nhs.example.org refused", "sign-in of … refused"),
    ],
)
def test_secrets_and_addresses_are_masked(written, said, read):
    assert written(said)["event"] == read


def test_values_of_every_shape_are_masked(written):
    request = RequestFactory().get("/invitations/Abc/?next=/x")
    line = written(
        "x",
        request=request,
        codes=["L1", "a@example.org"],
        inner={"to": "a@example.org", "n": 1.5},
        nothing=None,
        flag=True,
    )
    assert line["request"] == "<WSGIRequest: GET '/invitations/…/?…'>"
    assert line["codes"] == ["L1", "…"]
    assert line["inner"] == {"to": "…", "n": 1.5}
    assert (line["nothing"], line["flag"]) == (None, True)


def test_errors_are_written_with_where_and_what_kind_but_without_their_words(written):
    try:
        try:
            int("Abena Mensah")
        except ValueError as error:
            raise KeyError("Abena Mensah") from error
    except KeyError:
        line = written("failed", exc_info=sys.exc_info())
    first, last = line["exception"].split("\nthen\n")
    assert first.endswith("builtins.ValueError")
    assert last.endswith("builtins.KeyError")
    assert __file__ in first
    assert "invalid literal" not in line["exception"]


def test_error_that_hides_what_led_to_it_is_written_alone(written):
    try:
        try:
            int("x")
        except ValueError:
            raise KeyError("x") from None
    except KeyError:
        line = written("failed", exc_info=sys.exc_info())
    assert "ValueError" not in line["exception"]


def test_lines_of_structlog_have_the_same_form(capsys):
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logs.formatter())
    logger = logging.getLogger("portal.tests.structured")
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    try:
        structlog.get_logger("portal.tests.structured").info("done", path="/invitations/abc/")
    finally:
        logger.removeHandler(handler)
        structlog.reset_defaults()
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["path"]) == ("done", "/invitations/…/")
