"""The pages for what went wrong, and what the worker pays for at its start."""

import pytest
from django.test import Client

from portal import celery
from portal.views import errors

pytestmark = pytest.mark.django_db


def test_page_not_found_is_in_our_look_for_anybody(client, board):
    for _ in range(2):
        page = client.get("/nowhere/at/all/")
        assert page.status_code == 404
        assert "nhsuk-heading-l" in page.text
        client.force_login(board)


def test_permission_denied_says_where_rights_are_explained(client, board, system):
    client.force_login(board)
    page = client.get("/organisations/new/")
    assert page.status_code == 403
    assert "/help/who-can-do-what/" in page.text


def test_bad_request_and_server_error_need_nothing_of_the_request(rf):
    for answer, status in (
        (errors.bad_request(rf.get("/"), ValueError()), 400),
        (errors.server_error(rf.get("/")), 500),
    ):
        assert answer.status_code == status
        assert "nhsuk-heading-l" in answer.text


def test_request_for_another_host_is_a_bad_request(client):
    page = client.get("/accounts/login/", headers={"host": "evil.example"})
    assert page.status_code == 400
    assert "We could not read that request" in page.text


def test_form_without_its_token_says_the_page_was_out_of_date(board):
    client = Client(enforce_csrf_checks=True)
    client.force_login(board)
    page = client.post("/account/details/", {"name": "x"})
    assert page.status_code == 403
    assert "Your page was out of date" in page.text
    board.refresh_from_db()
    assert board.name == "Ravi Board"


def test_worker_warms_up_the_pdf_engine(monkeypatch):
    called = []
    monkeypatch.setitem(celery.app.tasks, "reporting.tasks.warm_up", lambda: called.append(True))
    celery.warm_worker()
    assert called == [True]
